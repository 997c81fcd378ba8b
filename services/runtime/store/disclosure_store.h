/* services/runtime/store/disclosure_store.h: what a family is told of a case, and what is left out of it. */
#ifndef SAIKNE_DISCLOSURE_STORE_H
#define SAIKNE_DISCLOSURE_STORE_H

#include "protocol/base/suite.h"
#include "protocol/host/database.h"

/*
 * A decision about one message of a case. Decisions are only added: the last one about a
 * message holds. Reason, text and person are sealed (vault.h) under the case's key.
 */
struct withhold_row {
	uint64_t n, case_n;
	uint8_t message[SUITE_ID_LEN];
	uint64_t time_ms;
	bool ended; /* the message is told again */
};

MUST_CHECK enum status disclosure_store_next(struct database *db, uint64_t *n);
MUST_CHECK enum status disclosure_store_add(struct database *db, const struct withhold_row *row,
    const char *role, struct bytes reason, struct bytes text, struct bytes person);
/* The last decision about MESSAGE; STATUS_NOT_FOUND. */
MUST_CHECK enum status disclosure_store_last(struct database *db, uint64_t case_n,
    const uint8_t message[static SUITE_ID_LEN], struct withhold_row *out);
/* Walks a case's decisions by N, from AFTER (0: the first) on; appends what is sealed. */
MUST_CHECK enum status disclosure_store_after(struct database *db, uint64_t case_n,
    uint64_t after, struct withhold_row *out, struct buffer *reason, struct buffer *text,
    struct buffer *person);

/* A statement is issued: *NUMBER counts those of this institution. */
MUST_CHECK enum status disclosure_store_issue(
    struct database *db, uint64_t case_n, uint64_t time_ms, uint64_t *number);

#endif
