/* services/runtime/store/event_store.h: what happened to a task: messages and evidence about them. */
#ifndef SAIKNE_EVENT_STORE_H
#define SAIKNE_EVENT_STORE_H

#include "protocol/host/database.h"
#include "protocol/wire/frame.h"
#include "services/runtime/task/task.h"

/* What a row of a task's history is; the names are stored and shown. */
#define EVENT_WHAT_LIST(WHAT)                                                                  \
	WHAT(MESSAGE, "message")                                                               \
	WHAT(DELIVERED, "delivered")                                                           \
	WHAT(UNREADABLE, "unreadable")                                                         \
	WHAT(READ, "read")                                                                     \
	WHAT(EXPIRED, "expired")                                                               \
	WHAT(UNDELIVERABLE, "undeliverable")                                                   \
	WHAT(REFUSED, "refused")       /* an own message, by the broker */                     \
	WHAT(TAKEN_BACK, "taken_back") /* an own message that never left: STATUS says why */   \
	WHAT(WITHHELD, "withheld")     /* our content was not released: STATUS says why */

#define EVENT_WHAT_ENUM(name, text) EVENT_##name,
enum event_what { EVENT_WHAT_LIST(EVENT_WHAT_ENUM) EVENT_WHAT_COUNT };
#undef EVENT_WHAT_ENUM

/* One row; MESSAGE and OWN (we are its author) name the message that it is, or is about. */
struct event_row {
	uint64_t n, task_n;
	enum event_what what;
	enum message type;
	bool own;
	uint8_t message[SUITE_ID_LEN];
	uint64_t index; /* UINT64_MAX: its receipt is awaited, or it has none */
	uint64_t applied;
	bool with_content;
	uint64_t time_ms;
	enum status status;
	char role[EVIDENCE_ROLE_MAX + 1];
	bool dead;    /* an own message that was refused */
	bool indexed; /* the words of its fields are in (search.h) */
	/* In what a circle shares: who wrote it, or whom the evidence is of; "" in a task of two. */
	char author[PARTY_MAX + 1];
	uint64_t circle_n; /* of a message of a circle's history; 0 otherwise */
	/* Not stored, but found by circles_mark(): its author's side, and whether it is void. */
	enum task_side by;
	bool outside;
};

#define EVENT_TASK_MAX 512 /* rows of one task: a peer cannot make a fold endless */
/* Of a circle's task that many messages, each with what every recipient's service says of it. */
#define EVENT_CIRCLE_MAX (EVENT_TASK_MAX * 36)

const char *event_store_what_name(enum event_what what);
/* Whether it says that a message of ours came to nothing: news, which somebody has to see. */
bool event_store_is_failure(enum event_what what);

MUST_CHECK enum status event_store_next(struct database *db, uint64_t *n);
/* ROOT and BODY (sealed): of messages; absent otherwise. */
MUST_CHECK enum status event_store_add(struct database *db, const struct event_row *row,
    const struct merkle_hash *root, struct bytes body);
/*
 * All of a task in the log's order, those without an index last, by N. *ROWS is to be freed.
 * STATUS_TOO_LARGE above EVENT_TASK_MAX, or EVENT_CIRCLE_MAX in a circle.
 */
MUST_CHECK enum status event_store_load(
    struct database *db, uint64_t task_n, struct event_row **rows, size_t *count);
/* Whether it has fewer than MOST: of a circle's task (SHARED) only messages count. */
MUST_CHECK enum status event_store_has_room(
    struct database *db, uint64_t task_n, bool shared, uint64_t most, bool *room);
MUST_CHECK enum status event_store_get(struct database *db, uint64_t n, struct event_row *out);
/* An act of a circle, by its id and its author: ids are each author's own, and may be another's. */
MUST_CHECK enum status event_store_act(struct database *db,
    const uint8_t id[static SUITE_ID_LEN], const char *author, struct event_row *out);
/* The message itself (not evidence), by its id and whether it is ours. */
MUST_CHECK enum status event_store_message(struct database *db,
    const uint8_t id[static SUITE_ID_LEN], bool own, struct event_row *out);
/* The message with the least id from LOW to HIGH, both included; ours and theirs. */
MUST_CHECK enum status event_store_between(struct database *db,
    const uint8_t low[static SUITE_ID_LEN], const uint8_t high[static SUITE_ID_LEN],
    struct event_row *out);
/* Whether AUTHOR ("": of a task of two), and whether anybody, has said WHAT of an own message. */
MUST_CHECK enum status event_store_about(struct database *db,
    const uint8_t id[static SUITE_ID_LEN], enum event_what what, const char *author,
    bool *known, bool *told);
/* Whether a message of ours in the task awaits its receipt. */
MUST_CHECK enum status event_store_awaits(struct database *db, uint64_t task_n, bool *out);
/* What opened a task: its first message. */
MUST_CHECK enum status event_store_offer(
    struct database *db, uint64_t task_n, struct event_row *out);
MUST_CHECK enum status event_store_at(
    struct database *db, uint64_t log_index, struct event_row *out);
/* Appends the sealed body. */
MUST_CHECK enum status event_store_body(
    struct database *db, uint64_t n, struct merkle_hash *root, struct buffer *out);

/* A receipt came: its place in the log. */
MUST_CHECK enum status event_store_set_index(
    struct database *db, uint64_t n, uint64_t log_index, uint64_t time_ms);
MUST_CHECK enum status event_store_set_dead(struct database *db, uint64_t n);
/* Sealed anew: another id, and as new content (fresh seeds) another root and body. */
MUST_CHECK enum status event_store_reseal(struct database *db, const struct event_row *row,
    const struct merkle_hash *root, struct bytes body);

/* Proofs of entries: receipts of ours, and the accepting leaves of what came. */
MUST_CHECK enum status event_store_add_proof(
    struct database *db, const struct frame_proven *proven);
/* Appends the leaf stored at LOG_INDEX. */
MUST_CHECK enum status event_store_leaf(
    struct database *db, uint64_t log_index, struct buffer *out);
/* Whether another leaf is stored at LOG_INDEX; *DIFFERS is false when none is. */
MUST_CHECK enum status event_store_proof_differs(
    struct database *db, uint64_t log_index, struct bytes leaf, bool *differs);
/* Appends the leaf and the checkpoint stored at LOG_INDEX; its path. */
MUST_CHECK enum status event_store_proven(struct database *db, uint64_t log_index,
    struct buffer *leaf, struct merkle_path *path, struct buffer *checkpoint);
/* Appends the C2SP tlog-proof text. */
MUST_CHECK enum status event_store_proof(
    struct database *db, uint64_t log_index, struct buffer *out);

#endif
