/* clients/auditor/audit_store.h: the auditor's own copy of the log, in one SQLite file. */
#ifndef SAIKNE_AUDIT_STORE_H
#define SAIKNE_AUDIT_STORE_H

#include "protocol/host/network.h"
#include "protocol/proof/tree.h"
#include "protocol/wire/leaf.h"

/*
 * Entries from 0 on without gaps, as fetched; the tiles of their tree; every checkpoint that
 * was proven; contradictory checkpoints if any were met. The other columns of an entry only
 * serve searching (audit_index_store.h): what is verified is verified from the leaves' bytes,
 * and that searching finds what these say.
 */
struct audit_store;

/* With CREATE makes the file when there is none; otherwise STATUS_NOT_FOUND. */
MUST_CHECK enum status audit_store_open(
    const char *path, bool create, struct audit_store **out);
void audit_store_close(struct audit_store *store);

/* Binds the copy to a network at first; then STATUS_WRONG_NETWORK unless it is this one. */
MUST_CHECK enum status audit_store_pin(
    struct audit_store *store, const struct network *network);

MUST_CHECK enum status audit_store_begin(struct audit_store *store);
MUST_CHECK enum status audit_store_commit(struct audit_store *store);
void audit_store_rollback(struct audit_store *store);

/* An entry: its leaf, or only its hash where we may not read it. Views live during a call. */
struct audit_entry {
	uint64_t index;
	struct bytes leaf; /* NULL data: not held */
	struct merkle_hash hash;
};

/* Adds the next entry; its leaf need not be of any form. */
MUST_CHECK enum status audit_store_add(
    struct audit_store *store, const struct audit_entry *entry);
MUST_CHECK enum status audit_store_count(struct audit_store *store, uint64_t *out);
/* The first entry that is not there though a later one is; STATUS_NOT_FOUND is good. */
MUST_CHECK enum status audit_store_gap(struct audit_store *store, uint64_t *out);
/*
 * Whether the entry INDEX, with the leaf VIEW, is searched by what that says: of every entry
 * once, in a transaction that is rolled back. Then the first entry that is found by a party it
 * does not name, or STATUS_NOT_FOUND.
 */
MUST_CHECK enum status audit_store_check_index(
    struct audit_store *store, uint64_t index, struct bytes view, bool *same);
MUST_CHECK enum status audit_store_index_left(struct audit_store *store, uint64_t *index);
/* One entry, whose leaf's bytes are in LEAF (reset first). STATUS_NO_SUCH_ENTRY. */
MUST_CHECK enum status audit_store_entry(
    struct audit_store *store, uint64_t index, struct buffer *leaf, struct audit_entry *out);

struct audit_walk {
	void *state;
	/* Anything but STATUS_OK ends the walk with it. */
	enum status (*entry)(void *state, const struct audit_entry *entry);
};
/* Every entry in order. */
MUST_CHECK enum status audit_store_walk(
    struct audit_store *store, const struct audit_walk *walk);

/* What is not given is NULL or 0; UNTIL_MS is excluded. */
struct audit_filter {
	struct bytes party, id, case_token;
	uint64_t kind, type, since_ms, until_ms;
};
MUST_CHECK enum status audit_store_search(struct audit_store *store,
    const struct audit_filter *filter, const struct audit_walk *walk);

/* Where the tree of the entries keeps its tiles. */
struct tree_tiles audit_store_tiles(struct audit_store *store);

struct audit_checkpoint {
	uint64_t size, kept_ms;
	struct buffer note; /* to be freed */
};
MUST_CHECK enum status audit_store_add_checkpoint(
    struct audit_store *store, uint64_t size, struct bytes note, uint64_t now_ms);
/* The one of the smallest size of at least FROM; STATUS_NOT_FOUND. NOTE is reset first. */
MUST_CHECK enum status audit_store_checkpoint_from(
    struct audit_store *store, uint64_t from, struct audit_checkpoint *out);
/* The one of the largest size up to MAX; STATUS_NOT_FOUND. */
MUST_CHECK enum status audit_store_checkpoint_to(
    struct audit_store *store, uint64_t max, struct audit_checkpoint *out);

/* Two signed notes that contradict each other. */
MUST_CHECK enum status audit_store_add_contradiction(
    struct audit_store *store, struct bytes known, struct bytes other, uint64_t now_ms);
MUST_CHECK enum status audit_store_contradictions(struct audit_store *store, uint64_t *out);

/*
 * What verifying remembers, as large as the log's ids: within a transaction that is rolled
 * back. *FIRST is the index noted first: INDEX itself when it is new.
 */
MUST_CHECK enum status audit_store_note_message(struct audit_store *store, struct bytes sender,
    const uint8_t id[static SUITE_ID_LEN], uint64_t index, uint64_t *first);
/* STATUS_NOT_FOUND when no such message was noted. */
MUST_CHECK enum status audit_store_noted_message(struct audit_store *store, struct bytes sender,
    const uint8_t id[static SUITE_ID_LEN], uint64_t *index);

#define AUDIT_NEVER UINT64_MAX

/* A reference as a message cites it. */
struct audit_citation {
	const uint8_t *reference; /* SUITE_ID_LEN bytes */
	struct bytes maker, recipient;
	enum basis basis;
};
/* *OWN: it was noted for the same maker, recipient and class. *STOP: where, or AUDIT_NEVER. */
MUST_CHECK enum status audit_store_noted_reference(
    struct audit_store *store, const struct audit_citation *cited, bool *own, uint64_t *stop);
MUST_CHECK enum status audit_store_note_reference(
    struct audit_store *store, const struct audit_citation *cited, uint64_t index);
MUST_CHECK enum status audit_store_note_stop(
    struct audit_store *store, const uint8_t reference[static SUITE_ID_LEN], uint64_t index);

MUST_CHECK enum status audit_store_note_final(struct audit_store *store, uint64_t message,
    struct bytes recipient, uint64_t index, uint64_t *first);

#endif
