/* services/runtime/store/custody_store.h: custody statements by case, and who was told of them. */
#ifndef SAIKNE_CUSTODY_STORE_H
#define SAIKNE_CUSTODY_STORE_H

#include "protocol/host/database.h"
#include "protocol/wire/envelope.h"

/*
 * Functions that give rows return STATUS_NOT_FOUND for none; writes need an open transaction.
 * What a statement says is sealed under the key of the case that it was found to concern:
 * "custody"/n/"body" (vault.h). COPY: keyed hash of what it says; the same statement went to
 * several institutions as several messages, and all of them have one.
 */
struct custody_row {
	uint64_t n, case_n;
	uint64_t event_n; /* the message that brought it here, or ours */
	char origin[PARTY_MAX + 1];
	char via[PARTY_MAX + 1];       /* who sent it to us; "": it is ours */
	uint8_t message[SUITE_ID_LEN]; /* the statement itself */
	uint8_t copy[SUITE_HASH_LEN];
	uint64_t index; /* of the statement; UINT64_MAX: not in the log yet */
	uint64_t time_ms;
	bool void_; /* it was entered in error */
};

MUST_CHECK enum status custody_store_next(struct database *db, uint64_t *n);
MUST_CHECK enum status custody_store_add(
    struct database *db, const struct custody_row *row, struct bytes body);
/* The first of CASE_N above AFTER. */
MUST_CHECK enum status custody_store_of_case(
    struct database *db, uint64_t case_n, uint64_t after, struct custody_row *out);
MUST_CHECK enum status custody_store_body(struct database *db, uint64_t n, struct buffer *out);
/* Whether CASE_N has the statement MESSAGE. */
MUST_CHECK enum status custody_store_has(struct database *db, uint64_t case_n,
    const uint8_t message[static SUITE_ID_LEN], bool *out);
/* The first above AFTER, in any case, that EVENT_N brought. */
MUST_CHECK enum status custody_store_of_event(
    struct database *db, uint64_t event_n, uint64_t after, struct custody_row *out);
MUST_CHECK enum status custody_store_get(
    struct database *db, uint64_t n, struct custody_row *out);
MUST_CHECK enum status custody_store_count(
    struct database *db, uint64_t case_n, uint64_t *count);
/* Whether there is any statement at all. */
MUST_CHECK enum status custody_store_any(struct database *db, bool *out);
/* Of all rows of EVENT_N: its place in the log; that it was entered in error, or was not. */
MUST_CHECK enum status custody_store_set_index(
    struct database *db, uint64_t event_n, uint64_t log_index);
MUST_CHECK enum status custody_store_set_void(
    struct database *db, uint64_t event_n, bool entered_in_error);

/* ---- Who was told ------------------------------------------------------------------------ */

#define CUSTODY_TOLD_LIST(HOW)                                                                 \
	HOW(DUE, "due")                 /* to be passed on to */                               \
	HOW(TOLD, "told")               /* it is in the post, as TASK_N */                     \
	HOW(KNOWS, "knows")             /* it came from there */                               \
	HOW(UNREACHABLE, "unreachable") /* STATUS says why; tried again */

#define CUSTODY_TOLD_ENUM(name, text) CUSTODY_TOLD_##name,
enum custody_told { CUSTODY_TOLD_LIST(CUSTODY_TOLD_ENUM) CUSTODY_TOLD_COUNT };
#undef CUSTODY_TOLD_ENUM

const char *custody_store_told_name(enum custody_told how);

struct custody_told_row {
	uint64_t n;
	uint8_t copy[SUITE_HASH_LEN];
	char peer[PARTY_MAX + 1];
	uint64_t custody_n; /* the statement, in the case in which it is told */
	uint64_t task_n;    /* 0: none yet */
	enum custody_told how;
	enum status status;
	uint64_t time_ms; /* of the last try */
};

/* One for each COPY and peer: what is there already stays; gives N of the one that is there. */
MUST_CHECK enum status custody_store_tell(struct database *db, struct custody_told_row *row);
/* Stores task_n, how, status, time_ms. */
MUST_CHECK enum status custody_store_set_told(
    struct database *db, const struct custody_told_row *row);
/* The first above AFTER that is due, or was not reached and was tried by BY_MS at the latest. */
MUST_CHECK enum status custody_store_due(
    struct database *db, uint64_t after, uint64_t by_ms, struct custody_told_row *out);
/* The first of COPY above AFTER. */
MUST_CHECK enum status custody_store_told_of(struct database *db,
    const uint8_t copy[static SUITE_HASH_LEN], uint64_t after, struct custody_told_row *out);

#endif
