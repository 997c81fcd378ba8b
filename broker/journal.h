/* broker/journal.h: one transaction collects a batch of the log; nothing is shown before it is kept. */
#ifndef SAIKNE_JOURNAL_H
#define SAIKNE_JOURNAL_H

#include "broker/leafclock.h"
#include "broker/store.h"
#include "protocol/proof/checkpoint.h"
#include "protocol/trust/directory.h"

/*
 * The order that must hold (invariants 1 and 6 of the network):
 *
 *   writes of one batch → tree flushed → checkpoint signed and stored → COMMIT returned OK
 *     → answers → cuts and NEWS → deliveries
 *
 * A write or commit that fails leaves the outcome unknown: the process ends at once with exit
 * code 1, nobody answered; the next start reads from the store what happened. Therefore writing
 * functions here return nothing: they succeed or do not return.
 *
 * The size, the checkpoint and the directory's length that peers are shown are those of the
 * last commit; the directory itself may already hold statements of the open batch.
 */
struct journal;

struct journal_config {
	struct store *store;
	struct directory *directory;
	const char *network;
	struct note_key log;
	const struct signing_key *log_key;
	uint64_t reserve;      /* bytes of disk below which nothing new is accepted */
	uint64_t reserve_last; /* below which refusals are not logged either */
};

enum journal_room { JOURNAL_ROOM, JOURNAL_LOW, JOURNAL_SPENT };

#define JOURNAL_BATCH_MAX   256
#define JOURNAL_BATCH_BYTES (1024 * 1024)

/* NOW and BOOT as clock.h gives them. STATUS_DATABASE when log and checkpoint disagree. */
MUST_CHECK enum status journal_open(const struct journal_config *config, uint64_t now_ms,
    uint64_t boot_ms, struct journal **out);
/* An open batch is rolled back. */
void journal_close(struct journal *journal);

/* A new turn of the program's loop: everything in it happens at one time. */
void journal_turn(struct journal *journal, uint64_t now_ms, uint64_t boot_ms);
uint64_t journal_time(const struct journal *journal); /* of a leaf made in this turn */
uint64_t journal_boot(const struct journal *journal); /* for intervals */
/* STATUS_CLOCK_STOPPED, STATUS_NO_SPACE: whether something new may be accepted. */
MUST_CHECK enum status journal_accepts(struct journal *journal);
enum journal_room journal_room(struct journal *journal);
/* Ends a doubt about the clock, and logs that; nothing without a doubt. */
void journal_confirm_clock(struct journal *journal);

struct store *journal_store(const struct journal *journal);
struct directory *journal_directory(const struct journal *journal);
const char *journal_network(const struct journal *journal);

/* The store with the batch's transaction open. */
struct store *journal_writing(struct journal *journal);
/* Ends the process; DOING completes "failed to ...". */
_Noreturn void journal_die(enum status rc, const char *doing);
/* The same unless RC is STATUS_OK. */
void journal_must(enum status rc, const char *doing);
/* Appends LEAF under the present time; its index. */
uint64_t journal_append(struct journal *journal, struct leaf *leaf);
/* Appends a statement that directory_check() passed, and applies it. */
uint64_t journal_state(struct journal *journal, const struct signed_statement *statement);
/* The next leaf's index. */
uint64_t journal_next(const struct journal *journal);
/* Whether the batch is as large as one should be. EXTRA: bytes besides the leaves. */
void journal_weigh(struct journal *journal, size_t extra);
bool journal_is_full(const struct journal *journal);
/* The handed marks of this batch need a commit even without a leaf. */
void journal_hands_out(struct journal *journal);
/* So do chunks of attachments that became durable, or were removed. */
void journal_chunks(struct journal *journal);
void journal_commit(struct journal *journal);

/* As of the last commit. */
uint64_t journal_size(const struct journal *journal);
struct bytes journal_checkpoint(const struct journal *journal);
uint64_t journal_statements(const struct journal *journal);

/* The directory was folded from the log: all of it is committed. */
void journal_folded(struct journal *journal);

/* LEAF borrows until the next call of the journal: copy what must survive an append. */
MUST_CHECK enum status journal_leaf(
    struct journal *journal, uint64_t index, struct bytes *leaf);
/* The checkpoint of the commit that brought INDEX; NOTE borrows until the next call. */
MUST_CHECK enum status journal_checkpoint_of(
    struct journal *journal, uint64_t index, uint64_t *size, struct bytes *note);
MUST_CHECK enum status journal_path(
    struct journal *journal, uint64_t index, uint64_t size, struct merkle_path *out);
MUST_CHECK enum status journal_consistency(
    struct journal *journal, uint64_t old_size, uint64_t new_size, struct merkle_path *out);

#endif
