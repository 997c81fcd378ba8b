/* broker/store.h: what the broker keeps, as operations that a second database can implement. */
#ifndef SAIKNE_STORE_H
#define SAIKNE_STORE_H

#include "protocol/proof/tree.h"
#include "protocol/wire/evidence.h"

/*
 * Invariants every store keeps:
 *  1. commit() returns STATUS_OK only when everything since begin() survives power loss.
 *  2. After anything else, and after any write that failed, the outcome is unknown: the process
 *     answers nobody and ends.
 *  3. Leaves, tiles and checkpoints are never changed or removed (a tile may grow).
 *  4. mail_after() yields a mailbox in log order.
 *  5. One (sender, id) is put once; one (message, recipient) has at most one final evidence.
 *  6. A reference is put once and stays its maker's, for its recipient and class; it is stopped
 *     at most once, for ever.
 * Reads see the open transaction's own writes. STATUS_NOT_FOUND is the answer "none".
 */
struct store {
	const struct store_operations *do_; /* the first member of every implementation */
};

/* A message as intake knows it again. */
struct store_message {
	uint64_t index;
	uint8_t digest[SUITE_HASH_LEN];
};

#define STORE_NEVER UINT64_MAX

/* What messages cite as their ground. Views borrow from the store until its next call. */
struct store_reference {
	struct bytes maker, recipient;
	enum basis basis; /* consent or law */
	uint64_t first;   /* the message that cited it first */
	uint64_t stop;    /* the one that stopped it, or STORE_NEVER */
};

/* One entry of a mailbox. PART borrows from the store until its next call. */
struct store_mail {
	uint64_t index; /* of the leaf delivered */
	bool has_part;
	uint32_t part_number;
	struct bytes part;   /* the canonical [stanza, commit, payload] */
	uint64_t expires_ms; /* of a part; 0 for evidence */
};

/* An attachment that a party brought. */
struct store_attachment {
	uint64_t n;
	struct envelope_attachment cited;
	uint32_t held;    /* first chunks that are durable once the open transaction is */
	uint32_t written; /* at least as many: what a crash may take away again */
	uint32_t uses;    /* recipients of accepted messages that gave no final evidence yet */
};

/* What is to be confirmed by an operator: how far the clock moved, and which way. */
struct store_doubt {
	uint64_t moved_ms;
	bool forward;
};

struct store_operations {
	enum status (*begin)(struct store *store);
	/* KIND: "journal", "handed", "taken", "doubt", "chunks". */
	enum status (*commit)(struct store *store, const char *kind);
	void (*rollback)(struct store *store);
	void (*close)(struct store *store);

	/* The log. */
	enum status (*log_size)(struct store *store, uint64_t *size);
	enum status (*leaf_put)(struct store *store, uint64_t index, struct bytes leaf);
	enum status (*leaf_get)(struct store *store, uint64_t index, struct buffer *out);
	enum status (*tile_get)(
	    struct store *store, unsigned level, uint64_t n, struct buffer *out);
	enum status (*tile_put)(
	    struct store *store, unsigned level, uint64_t n, struct bytes hashes);
	enum status (*checkpoint_put)(struct store *store, uint64_t size, struct bytes note);
	/* The first checkpoint whose size is over INDEX: the one of its own commit. */
	enum status (*checkpoint_over)(
	    struct store *store, uint64_t index, uint64_t *size, struct buffer *note);

	/* Messages accepted, by (sender, id), for ever. */
	enum status (*message_put)(struct store *store, struct bytes sender,
	    const uint8_t id[static SUITE_ID_LEN], const struct store_message *message);
	enum status (*message_get)(struct store *store, struct bytes sender,
	    const uint8_t id[static SUITE_ID_LEN], struct store_message *out);

	/* References cited, for ever. */
	enum status (*reference_get)(struct store *store,
	    const uint8_t reference[static SUITE_ID_LEN], struct store_reference *out);
	enum status (*reference_put)(struct store *store,
	    const uint8_t reference[static SUITE_ID_LEN], const struct store_reference *value);
	enum status (*reference_stop)(
	    struct store *store, const uint8_t reference[static SUITE_ID_LEN], uint64_t index);

	/* Mailboxes. */
	enum status (*mail_put)(
	    struct store *store, struct bytes party, const struct store_mail *mail);
	enum status (*mail_get)(
	    struct store *store, struct bytes party, uint64_t index, struct store_mail *out);
	/* The first entry with an index of at least FROM. */
	enum status (*mail_after)(
	    struct store *store, struct bytes party, uint64_t from, struct store_mail *out);
	enum status (*mail_remove)(struct store *store, struct bytes party, uint64_t index);
	enum status (*mail_count)(
	    struct store *store, struct bytes party, uint64_t *entries, uint64_t *bytes_);
	/* Up to here entries were, or may have been, handed to the party: not to expire. */
	enum status (*handed_put)(struct store *store, struct bytes party, uint64_t index);
	enum status (*handed_get)(struct store *store, struct bytes party, uint64_t *index);
	/*
	 * The part that is due first, if before NOW_MS: due when it expires, or when deferred
	 * to. *HANDED tells whether handed_put() covers it; PARTY is PARTY_MAX + 1 bytes; PART
	 * itself is not read.
	 */
	enum status (*mail_due)(struct store *store, uint64_t now_ms, char *party, bool *handed,
	    struct store_mail *out);
	enum status (*mail_defer)(
	    struct store *store, struct bytes party, uint64_t index, uint64_t until_ms);

	/* Evidence, by message, position of the recipient, and kind. */
	enum status (*evidence_put)(struct store *store, uint64_t message_index,
	    uint32_t recipient, enum evidence_kind kind, uint64_t index);
	enum status (*evidence_get)(struct store *store, uint64_t message_index,
	    uint32_t recipient, enum evidence_kind kind, uint64_t *index);
	enum status (*evidence_final)(struct store *store, uint64_t message_index,
	    uint32_t recipient, enum evidence_kind *kind, uint64_t *index);

	/*
	 * Attachments, each its owner's alone: what another party brought is never found. The
	 * files of what was removed go after the commit.
	 */
	enum status (*attachment_get)(struct store *store, struct bytes owner,
	    const uint8_t root[static SUITE_HASH_LEN], struct store_attachment *out);
	enum status (*attachment_put)(struct store *store, struct bytes owner,
	    const struct envelope_attachment *cited, uint64_t due_ms);
	enum status (*attachment_sum)(
	    struct store *store, struct bytes owner, uint64_t *count, uint64_t *bytes_);
	/* Appends the chunk that follows WRITTEN, and moves on HELD and WRITTEN. */
	enum status (*attachment_chunk)(struct store *store,
	    struct store_attachment *attachment, const struct merkle_path *path,
	    struct bytes sealed, uint64_t due_ms);
	enum status (*chunk_read)(struct store *store,
	    const struct store_attachment *attachment, uint32_t chunk, struct merkle_path *path,
	    struct buffer *sealed);
	/* The POSITION-th of the message at INDEX: kept until each of RECIPIENTS released it. */
	enum status (*attachment_claim)(struct store *store, uint64_t message_index,
	    uint32_t position, const struct store_attachment *attachment, uint32_t recipients);
	enum status (*attachment_of)(struct store *store, uint64_t message_index,
	    uint32_t position, struct store_attachment *out);
	enum status (*attachment_release)(struct store *store, uint64_t message_index);
	/* Unclaimed ones whose DUE_MS is before NOW_MS: whether there is one; removes one. */
	enum status (*attachment_is_due)(struct store *store, uint64_t now_ms, bool *any);
	enum status (*attachment_expire)(struct store *store, uint64_t now_ms, bool *any);

	/* The directory's statements: the N-th's log index. */
	enum status (*statement_put)(struct store *store, uint64_t n, uint64_t index);
	enum status (*statement_get)(struct store *store, uint64_t n, uint64_t *index);

	/* At most one doubt about the clock; STATUS_NOT_FOUND: none. */
	enum status (*doubt_put)(struct store *store, const struct store_doubt *doubt);
	enum status (*doubt_get)(struct store *store, struct store_doubt *out);
	enum status (*doubt_remove)(struct store *store);

	/* When idle, or when the write-ahead log has grown. */
	enum status (*housekeep)(struct store *store, bool idle);
	bool (*has_space)(struct store *store, uint64_t bytes_);
};

/* The default: SQLite, one file; attachments in the folder PATH-attachments. */
MUST_CHECK enum status store_sqlite_open(const char *path, struct store **out);

#endif
