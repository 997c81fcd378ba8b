/* services/runtime/store/citing_store.h: which messages that came cite which reference. */
#ifndef SAIKNE_CITING_STORE_H
#define SAIKNE_CITING_STORE_H

#include "protocol/host/database.h"
#include "protocol/wire/envelope.h"

/* The message that is the row EVENT_N, from another institution, cites REFERENCE in its header. */
MUST_CHECK enum status citing_store_add(
    struct database *db, uint64_t event_n, const uint8_t reference[static SUITE_ID_LEN]);
/* The first row of events above AFTER that is a message of PEER's which cites REFERENCE. */
MUST_CHECK enum status citing_store_next(struct database *db, const char *peer,
    const uint8_t reference[static SUITE_ID_LEN], uint64_t after, uint64_t *event_n);

#endif
