/* services/runtime/store/circle_store.h: what several institutions share: circles, members, acts. */
#ifndef SAIKNE_CIRCLE_STORE_H
#define SAIKNE_CIRCLE_STORE_H

#include "services/runtime/store/case_store.h"
#include "services/runtime/task/circle.h"

/*
 * Codes of institutions, states and places in the log stand in the clear; what an act says is
 * sealed in its case. Functions that give rows return STATUS_NOT_FOUND for none.
 */
struct circle_row {
	uint64_t n;
	uint8_t id[SUITE_ID_LEN]; /* of its frame's task: the field CIRCLE of its acts */
	uint8_t token[SUITE_ID_LEN];
	const struct task_sort *sort; /* of its frame */
	char lead[PARTY_MAX + 1];     /* "": nobody yet */
	bool open;
	uint64_t last_index;           /* of its history */
	bool folded;                   /* TERMS are those of a fold */
	uint8_t terms[SUITE_HASH_LEN]; /* a hash of what its last fold gave (circles.h) */
};

/* N is given by the store into ROW. STATUS_WRONG_STATE: its id or token is another's. */
MUST_CHECK enum status circle_store_add(struct database *db, struct circle_row *row);
MUST_CHECK enum status circle_store_get(
    struct database *db, uint64_t n, struct circle_row *out);
MUST_CHECK enum status circle_store_find(
    struct database *db, const uint8_t id[static SUITE_ID_LEN], struct circle_row *out);
/* The newest below BEFORE; 0: of all. */
MUST_CHECK enum status circle_store_before(
    struct database *db, uint64_t before, struct circle_row *out);
/* sort, lead, open, last_index, folded, terms: what a fold gave. */
MUST_CHECK enum status circle_store_set(struct database *db, const struct circle_row *row);
/* Its members now, for look-ups: COUNT of them instead of those stored. */
MUST_CHECK enum status circle_store_set_members(
    struct database *db, uint64_t circle_n, const struct circle_term *members, unsigned count);
MUST_CHECK enum status circle_store_has_member(
    struct database *db, uint64_t circle_n, const char *party, bool *has);
MUST_CHECK enum status circle_store_count_members(
    struct database *db, uint64_t circle_n, uint64_t *count);

/* ---- Its history ------------------------------------------------------------------------- */

/* An act with what the fold reads of it; STEP lacks its event. */
struct circle_act {
	uint64_t event_n, task_n;
	const struct task_sort *sort; /* of its type: the task's may be another */
	enum message type;
	bool own;
	uint8_t message[SUITE_ID_LEN];
	uint64_t applied;
	struct merkle_hash root;
	struct circle_step step;
	bool led;   /* set by the fold: its author led there */
	bool stray; /* set by the fold: of a sort that its circle, or its task, is not */
};

/* What the fold reads of the act EVENT_N: party, parties, due_ms, about of STEP. */
MUST_CHECK enum status circle_store_add_act(
    struct database *db, uint64_t event_n, const struct circle_step *step);
/* All that were not refused, in the log's order, own pending last. *ACTS is to be freed. */
MUST_CHECK enum status circle_store_acts(
    struct database *db, uint64_t circle_n, struct circle_act **acts, size_t *count);
MUST_CHECK enum status circle_store_count(
    struct database *db, uint64_t circle_n, uint64_t *count);

/* ---- Its tasks --------------------------------------------------------------------------- */

/* The first of its tasks above AFTER. */
MUST_CHECK enum status circle_store_task(
    struct database *db, uint64_t circle_n, uint64_t after, struct task_row *out);
/* Where ROW is now: circle_n, sort, side, peer, purpose, ground_n, token. */
MUST_CHECK enum status circle_store_place(struct database *db, const struct task_row *row);

#endif
