/* services/runtime/store/climb_store.h: what is to be taken higher, and what was. */
#ifndef SAIKNE_CLIMB_STORE_H
#define SAIKNE_CLIMB_STORE_H

#include "protocol/host/database.h"
#include "services/runtime/store/case_store.h"
#include "services/runtime/task/deadline.h"

/* What of a task came to a level that others are told of: each of them is told once. */
struct climb_row {
	uint64_t task_n;
	char what[DEADLINE_WHAT_MAX];
	uint64_t due_ms; /* of the deadline; 0: of none, the task itself is at that level */
	uint64_t done_n; /* the task that told of it; 0: it is still to be told */
	enum climb_over {
		CLIMB_STANDS,
		CLIMB_OVER,     /* it was told, and moved on: that is still to be told */
		CLIMB_OVER_TOLD /* or nobody is left to be told */
	} over;
	char refused[PARTY_MAX + 1]; /* who does not take it; "": nobody said so */
};

/* What is there already stays as it is. */
MUST_CHECK enum status climb_store_add(struct database *db, const struct climb_row *row);
/* ROW, if it was told, is over. *WAS: it was told. */
MUST_CHECK enum status climb_store_end(
    struct database *db, const struct climb_row *row, bool *was);
/* The first after AFTER of which something is still to be told; STATUS_NOT_FOUND. */
MUST_CHECK enum status climb_store_next(
    struct database *db, const struct climb_row *after, struct climb_row *out);
/* Stores its DONE_N and OVER. */
MUST_CHECK enum status climb_store_set_done(struct database *db, const struct climb_row *row);
/* What DONE_N told stands still, and is to be told anew, but not to PARTY. *WAS: there is such. */
MUST_CHECK enum status climb_store_refused(
    struct database *db, uint64_t done_n, const char *party, bool *was);
MUST_CHECK enum status climb_store_remove(struct database *db, const struct climb_row *row);

/* ABOUT: which matter TASK_N tells of. What is there already stays. */
MUST_CHECK enum status climb_store_add_told(
    struct database *db, uint64_t task_n, const uint8_t about[static SUITE_HASH_LEN]);
/* STATUS_NOT_FOUND. */
MUST_CHECK enum status climb_store_told(
    struct database *db, uint64_t task_n, uint8_t about[static SUITE_HASH_LEN]);
/* The first above AFTER that tells of the same; STATUS_NOT_FOUND. */
MUST_CHECK enum status climb_store_next_told(struct database *db,
    const uint8_t about[static SUITE_HASH_LEN], uint64_t after, uint64_t *task_n);

#endif
