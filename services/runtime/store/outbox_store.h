/* services/runtime/store/outbox_store.h: what is still to be sent: sealed messages and evidence. */
#ifndef SAIKNE_OUTBOX_STORE_H
#define SAIKNE_OUTBOX_STORE_H

#include "protocol/host/database.h"
#include "protocol/wire/envelope.h"
#include "protocol/wire/evidence.h"

enum outbox_state {
	OUTBOX_WAITING = 0,
	OUTBOX_ACCEPTED = 1,
	OUTBOX_RESEAL = 2,
	OUTBOX_UPLOADING = 3, /* its documents go first, and what follows in its task waits */
	OUTBOX_SEALING = 4,   /* before that: a document is sealed anew for it */
};

struct outbox_row {
	uint64_t n, event_n;
	uint8_t id[SUITE_ID_LEN];
	char peer[PARTY_MAX + 1]; /* the first of its recipients, where it has several */
	uint8_t digest[SUITE_HASH_LEN];
	enum outbox_state state;
	bool final;          /* final evidence came, perhaps before the receipt */
	uint64_t retry_ms;   /* not before */
	uint64_t attempts;   /* refusals so far */
	enum status refusal; /* the last one; STATUS_OK: none */
	uint64_t length;     /* of the directory at a refusal that wants a newer one */
	bool unsent;         /* there was no link since it was written: it never left */
	bool first;          /* it goes before all that waits, whenever it was written */
};

/* FRAME: the SUBMIT body, resent as it is until final evidence. N is given by the store unless it is set. */
MUST_CHECK enum status outbox_store_add(
    struct database *db, const struct outbox_row *row, struct bytes frame);
MUST_CHECK enum status outbox_store_find(
    struct database *db, const uint8_t id[static SUITE_ID_LEN], struct outbox_row *out);
/* Whether a message of TASK_N is still there: it waits, or somebody's last word about it does. */
MUST_CHECK enum status outbox_store_has_task(struct database *db, uint64_t task_n, bool *out);
MUST_CHECK enum status outbox_store_of_event(
    struct database *db, uint64_t event_n, struct outbox_row *out);
MUST_CHECK enum status outbox_store_get(
    struct database *db, uint64_t n, struct outbox_row *out);
/* No retry lies further ahead; one that does was set by a clock that was wrong, and is due. */
#define OUTBOX_RETRY_MAX_MS (10ULL * 60 * 1000)
/*
 * Walks rows of STATE that are due at NOW_MS as they were written, from AFTER (0: the first)
 * on: ids of one millisecond are in no order, and a step must not overtake the one before it.
 * An act of a circle waits for the receipts of what we wrote there before in its task, of what
 * opened it, and of what says who is in the circle, who leads and whether it is open, or signs for
 * several of its tasks, and that for all before it: so it stands behind them in the log, also where one of them has to be sealed
 * anew. What stands before its opening is void there for ever, and what was closed and opened
 * again would stay closed. It waits for nothing that is left with nobody to go to (refusal
 * STATUS_BAD_RECIPIENTS), for that may be so for long, and of what waits for documents only for
 * what opened the circle, or its task. Acts in tasks of their own go together.
 */
MUST_CHECK enum status outbox_store_after(struct database *db, enum outbox_state state,
    uint64_t now_ms, uint64_t after, struct outbox_row *out);
/* Of what waits and is due, what goes before all else. */
MUST_CHECK enum status outbox_store_first_after(
    struct database *db, uint64_t now_ms, uint64_t after, struct outbox_row *out);
/* The first for PEER after AFTER that the broker has not accepted, whatever its state. */
MUST_CHECK enum status outbox_store_for(
    struct database *db, const char *peer, uint64_t after, struct outbox_row *out);
/* There is a link: from here on nothing written before is known to have stayed. */
MUST_CHECK enum status outbox_store_left(struct database *db);
/* When the next one is due after NOW_MS; 0: none waits. */
MUST_CHECK enum status outbox_store_next_retry(
    struct database *db, uint64_t now_ms, uint64_t *out);
MUST_CHECK enum status outbox_store_frame(struct database *db, uint64_t n, struct buffer *out);
/* state, final, retry_ms, attempts, refusal, length. */
MUST_CHECK enum status outbox_store_set(struct database *db, const struct outbox_row *row);
MUST_CHECK enum status outbox_store_remove(struct database *db, uint64_t n);

/* Of a message to several: each of them, and whether its final evidence came. */
struct outbox_to {
	char party[PARTY_MAX + 1];
	bool final;
};
/* The message ID has COUNT recipients, of which none has said anything. */
MUST_CHECK enum status outbox_store_address(struct database *db,
    const uint8_t id[static SUITE_ID_LEN], const struct outbox_to *to, unsigned count);
/* Whom ROW goes to; of a message to one that is its peer. */
MUST_CHECK enum status outbox_store_to(struct database *db, const struct outbox_row *row,
    struct outbox_to to[static ENVELOPE_RECIPIENTS_MAX], unsigned *count);
/* Whether PARTY is one of them. */
MUST_CHECK enum status outbox_store_goes_to(
    struct database *db, const struct outbox_row *row, const char *party, bool *out);
/* PARTY's final evidence came; *LEFT: others' is still to come. */
MUST_CHECK enum status outbox_store_set_final(
    struct database *db, uint64_t n, const char *party, bool *left);
/* How many wait (STATE is not OUTBOX_ACCEPTED). */
MUST_CHECK enum status outbox_store_count(
    struct database *db, enum outbox_state state, uint64_t *count);

struct evidence_row {
	uint64_t n, message_index;
	enum evidence_kind kind;
	uint64_t recorded;   /* its log index + 1; 0: not yet */
	enum status refusal; /* given up; STATUS_OK: not */
};

/* STATUS_WRONG_STATE when this kind was signed for the message before. */
MUST_CHECK enum status outbox_store_add_evidence(struct database *db, uint64_t message_index,
    enum evidence_kind kind, struct bytes evidence, struct bytes proof);
MUST_CHECK enum status outbox_store_evidence(struct database *db, uint64_t message_index,
    enum evidence_kind kind, struct evidence_row *out);
/* Walks what is not recorded, by N. */
MUST_CHECK enum status outbox_store_evidence_after(
    struct database *db, uint64_t after, struct evidence_row *out);
/* Walks what was refused for good, by N. */
MUST_CHECK enum status outbox_store_dead_evidence_after(
    struct database *db, uint64_t after, struct evidence_row *out);
/* Signed anew: other bytes for the same, which go out again. */
MUST_CHECK enum status outbox_store_replace_evidence(
    struct database *db, uint64_t n, struct bytes evidence, struct bytes proof);
/* Appends the evidence and the canonical form of its batch proof. */
MUST_CHECK enum status outbox_store_evidence_bytes(
    struct database *db, uint64_t n, struct buffer *evidence, struct buffer *proof);
/* recorded, refusal. */
MUST_CHECK enum status outbox_store_set_evidence(
    struct database *db, const struct evidence_row *row);
MUST_CHECK enum status outbox_store_evidence_count(struct database *db, uint64_t *count);

#endif
