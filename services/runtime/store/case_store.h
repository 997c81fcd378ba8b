/* services/runtime/store/case_store.h: cases, tasks and who touched them, in the database. */
#ifndef SAIKNE_CASE_STORE_H
#define SAIKNE_CASE_STORE_H

#include "protocol/host/database.h"
#include "protocol/wire/envelope.h"
#include "services/runtime/task/task.h"

/*
 * Rows are numbered by the service. What may be personal is sealed (vault.h) before it comes
 * here; indexes, states, codes of institutions and log indices stand in the clear. Functions
 * that give rows return STATUS_NOT_FOUND for none. Writes need an open transaction.
 */
struct case_row {
	uint64_t n;
	uint8_t id[SUITE_ID_LEN];
	uint64_t time_ms;
};

struct task_row {
	uint64_t n;
	uint64_t case_n;
	const struct task_sort *sort;
	uint8_t id[SUITE_ID_LEN];
	enum task_side side; /* ours */
	char peer[PARTY_MAX + 1];
	uint8_t token[SUITE_ID_LEN]; /* the headers' case token */
	enum basis basis;            /* the offer's ground */
	uint8_t reference[SUITE_ID_LEN];
	uint64_t ground_n; /* the record, ours or a mirror, that the reference cites; 0: none */
	char purpose[MESSAGE_CODE_MAX + 1]; /* of the opening message; decides the profiles */
	uint64_t time_ms;
	enum task_state state;
	uint64_t last_index;
	bool content_due;
	bool content_seen;
	bool unread;       /* something came that nobody has opened */
	uint64_t circle_n; /* whose history it is part of (circle_store.h); 0: a task of two */
};

/* The number that the next row of a table gets. */
MUST_CHECK enum status case_store_next_case(struct database *db, uint64_t *n);
MUST_CHECK enum status case_store_next_task(struct database *db, uint64_t *n);

/* KEY: the wrapped case key; FILE_NUMBER: sealed, or absent. */
MUST_CHECK enum status case_store_add(struct database *db, const struct case_row *row,
    struct bytes key, struct bytes file_number);
MUST_CHECK enum status case_store_find(
    struct database *db, const uint8_t id[static SUITE_ID_LEN], struct case_row *out);
/* The N-th or, with BEFORE above 0, the newest below BEFORE. */
MUST_CHECK enum status case_store_get(struct database *db, uint64_t n, struct case_row *out);
MUST_CHECK enum status case_store_before(
    struct database *db, uint64_t before, struct case_row *out);
/* Appends the wrapped key; STATUS_NOT_FOUND also once it was destroyed. */
MUST_CHECK enum status case_store_key(struct database *db, uint64_t n, struct buffer *out);
/* Appends the sealed file number, nothing when there is none. */
MUST_CHECK enum status case_store_file_number(
    struct database *db, uint64_t n, struct buffer *out);

MUST_CHECK enum status case_store_add_task(struct database *db, const struct task_row *row);
MUST_CHECK enum status case_store_task(struct database *db, uint64_t n, struct task_row *out);
MUST_CHECK enum status case_store_find_task(
    struct database *db, const uint8_t id[static SUITE_ID_LEN], struct task_row *out);
/* The first task above AFTER whose opening message cites REFERENCE; PEER is the other side. */
MUST_CHECK enum status case_store_citing(struct database *db, const char *peer,
    const uint8_t reference[static SUITE_ID_LEN], uint64_t after, struct task_row *out);
/* Stores what the fold gave: state, last_index, content_due, content_seen, unread. */
MUST_CHECK enum status case_store_set_task(struct database *db, const struct task_row *row);

/* Which tasks a list shows; newest first. */
struct task_filter {
	unsigned sides;           /* of enum task_side */
	enum task_state state;    /* TASK_STATE_COUNT: any */
	uint64_t case_n;          /* 0: any */
	char peer[PARTY_MAX + 1]; /* "": any */
	bool unread;              /* only those */
	uint64_t before;          /* rows below this number; 0: from the newest */
};
/*
 * The next row of the one index that narrows most: CASE_N, UNREAD, PEER, SIDES and STATE, in
 * this order. It may not fit the others, which the caller looks at and bounds.
 */
MUST_CHECK enum status case_store_next_of(
    struct database *db, const struct task_filter *filter, struct task_row *out);
/* The first task after AFTER whose content we owe, whether an effect settled that or not. */
MUST_CHECK enum status case_store_due(
    struct database *db, uint64_t after, struct task_row *out);

/* Effects are keyed by what called for them, so that a recomputation repeats none. */
MUST_CHECK enum status case_store_effect_put(struct database *db, uint64_t task_n,
    const uint8_t cause[static SUITE_ID_LEN], enum status how, uint64_t time_ms);
/* STATUS_OK or STATUS_NOT_FOUND. */
MUST_CHECK enum status case_store_effect(
    struct database *db, uint64_t task_n, const uint8_t cause[static SUITE_ID_LEN]);

/* The random token that stands for a person (keyed hash) in one case; made when there is none. */
MUST_CHECK enum status case_store_staff_token(struct database *db, uint64_t case_n,
    const uint8_t person[static SUITE_HASH_LEN], uint8_t token[static SUITE_ID_LEN]);

#endif
