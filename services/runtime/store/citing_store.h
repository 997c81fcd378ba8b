/* services/runtime/store/citing_store.h: which messages that came cite which reference. */
#ifndef SAIKNE_CITING_STORE_H
#define SAIKNE_CITING_STORE_H

#include "protocol/host/database.h"
#include "protocol/wire/envelope.h"

/*
 * The message that is the row EVENT_N, from another institution, came under REFERENCE: its author's
 * own, or, where that is not NULL, of BY, who passed it on.
 */
MUST_CHECK enum status citing_store_add(struct database *db, uint64_t event_n, const char *by,
    const uint8_t reference[static SUITE_ID_LEN]);
struct cited {
	char by[PARTY_MAX + 1];
	uint8_t reference[SUITE_ID_LEN];
};
/* What it came under last; STATUS_NOT_FOUND: nothing. Those before are kept: each may be stopped. */
MUST_CHECK enum status citing_store_get(
    struct database *db, uint64_t event_n, struct cited *out);
/* So many are kept of one message: who passes it on under more of them is told that it is too much. */
#define CITING_MAX 32
/* One of all that it came under, from PLACE 0 on; STATUS_NOT_FOUND: these were all. */
MUST_CHECK enum status citing_store_each(
    struct database *db, uint64_t event_n, uint64_t place, struct cited *out);
/* The first row of events above AFTER that is a message which came under PEER's REFERENCE. */
MUST_CHECK enum status citing_store_next(struct database *db, const char *peer,
    const uint8_t reference[static SUITE_ID_LEN], uint64_t after, uint64_t *event_n);

#endif
