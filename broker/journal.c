/* broker/journal.c: one transaction collects a batch of the log; nothing is shown before it is kept. */
#include "broker/journal_inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/host/oplog.h"

void
journal_die(enum status rc, const char *doing)
{
	oplog(OPLOG_ERROR, "failed to %s: %s; ending, nobody is answered", doing,
	    status_meaning(rc));
	_exit(1);
}

void
journal_must(enum status rc, const char *doing)
{
	if (rc != STATUS_OK)
		journal_die(rc, doing);
}

/* ---- Opening ----------------------------------------------------------------------------- */

static enum status
read_tile(void *state, unsigned level, uint64_t n, struct buffer *out)
{
	struct store *store = state;

	return store->do_->tile_get(store, level, n, out);
}

static enum status
write_tile(void *state, unsigned level, uint64_t n, struct bytes hashes)
{
	struct store *store = state;

	return store->do_->tile_put(store, level, n, hashes);
}

/* The newest checkpoint must be of the whole log, by our key, over the tree as it is stored. */
static enum status
check_checkpoint(struct journal *journal)
{
	struct merkle_hash root;
	struct checkpoint checkpoint;
	struct bytes note;
	uint64_t size;
	enum status rc;

	rc = journal_checkpoint_of(journal, journal->size - 1, &size, &note);
	if (rc == STATUS_OK)
		rc = checkpoint_open(note, &journal->config.log, &checkpoint);
	if (rc == STATUS_BAD_CHECKPOINT) {
		oplog(OPLOG_ERROR, "the database's log was signed by another key than log.key");
		return STATUS_BAD_CONFIG;
	}
	if (rc == STATUS_OK)
		rc = tree_root(journal->tree, journal->size, &root);
	if (rc != STATUS_OK)
		return rc;
	if (size != journal->size || checkpoint.size != size ||
	    memcmp(&root, &checkpoint.root, sizeof(root)) != 0) {
		oplog(OPLOG_ERROR,
		    "the log and its newest checkpoint disagree: keep the database, "
		    "restore a backup");
		return STATUS_DATABASE;
	}
	buffer_append(&journal->note, note);
	return journal->note.failed ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status
last_time(struct journal *journal, uint64_t *time_ms)
{
	struct leaf leaf;
	struct bytes view;
	enum status rc;

	if ((rc = journal_leaf(journal, journal->size - 1, &view)) == STATUS_OK &&
	    (rc = leaf_parse(view, &leaf)) == STATUS_OK)
		*time_ms = leaf.time_ms;
	return rc;
}

/* Ending and starting again confirms nothing. */
static enum status
recall_doubt(struct journal *journal)
{
	struct store *store = journal->config.store;
	struct store_doubt doubt;
	enum status rc = store->do_->doubt_get(store, &doubt);

	if (rc == STATUS_OK)
		leafclock_doubt(&journal->clock, doubt.moved_ms, doubt.forward);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
journal_open(const struct journal_config *config, uint64_t now_ms, uint64_t boot_ms,
    struct journal **out)
{
	const struct tree_tiles tiles = {config->store, read_tile, write_tile};
	struct journal *journal = calloc(1, sizeof(*journal));
	uint64_t last_ms = 0;
	enum status rc;

	if (journal == NULL)
		return STATUS_NO_MEMORY;
	journal->config = *config;
	journal->boot_ms = boot_ms;
	rc = config->store->do_->log_size(config->store, &journal->size);
	if (rc == STATUS_OK)
		rc = tree_open(&tiles, journal->size, &journal->tree);
	journal->first = journal->size;
	if (rc == STATUS_OK && journal->size > 0 &&
	    (rc = check_checkpoint(journal)) == STATUS_OK)
		rc = last_time(journal, &last_ms);
	if (rc == STATUS_OK) {
		leafclock_start(&journal->clock, last_ms, now_ms, boot_ms);
		rc = recall_doubt(journal);
	}
	if (rc == STATUS_OK)
		*out = journal;
	else
		journal_close(journal);
	return rc;
}

void
journal_close(struct journal *journal)
{
	if (journal == NULL)
		return;
	if (journal->open)
		journal->config.store->do_->rollback(journal->config.store);
	tree_close(journal->tree);
	buffer_free(&journal->leaves);
	buffer_free(&journal->note);
	buffer_free(&journal->encoded);
	buffer_free(&journal->read_leaf);
	buffer_free(&journal->read_note);
	free(journal);
}

/* ---- The batch --------------------------------------------------------------------------- */

struct store *
journal_store(const struct journal *journal)
{
	return journal->config.store;
}

struct directory *
journal_directory(const struct journal *journal)
{
	return journal->config.directory;
}

const char *
journal_network(const struct journal *journal)
{
	return journal->config.network;
}

struct store *
journal_writing(struct journal *journal)
{
	struct store *store = journal->config.store;

	if (journal->open)
		return store;
	journal_must(store->do_->begin(store), "begin a transaction");
	journal->open = true;
	journal->first = journal->size;
	journal->kept = 0;
	journal->weight = 0;
	buffer_reset(&journal->leaves);
	return store;
}

static void
keep(struct journal *journal, struct bytes leaf)
{
	if (journal->kept == JOURNAL_KEPT_MAX)
		return;
	buffer_append(&journal->leaves, leaf);
	journal_must(journal->leaves.failed ? STATUS_NO_MEMORY : STATUS_OK, "keep a leaf");
	journal->ends[journal->kept++] = journal->leaves.len;
}

uint64_t
journal_append(struct journal *journal, struct leaf *leaf)
{
	struct store *store = journal_writing(journal);
	uint64_t index = tree_size(journal->tree);
	struct merkle_hash hash;
	struct bytes view;

	assert(!journal->clock.stopped);
	leaf->time_ms = leafclock_time(&journal->clock);
	journal->clock.last_ms = leaf->time_ms;
	buffer_reset(&journal->encoded);
	leaf_encode(leaf, &journal->encoded);
	journal_must(journal->encoded.failed ? STATUS_NO_MEMORY : STATUS_OK, "encode a leaf");
	view = bytes_of_buffer(&journal->encoded);
	merkle_leaf(view, &hash);
	journal_must(store->do_->leaf_put(store, index, view), "store a leaf");
	journal_must(tree_append(journal->tree, &hash), "append to the tree");
	keep(journal, view);
	journal->weight += view.len;
	return index;
}

uint64_t
journal_state(struct journal *journal, const struct signed_statement *statement)
{
	struct directory *directory = journal->config.directory;
	struct store *store = journal_writing(journal);
	struct leaf leaf = {.kind = LEAF_STATEMENT,
	    .body = statement->view,
	    .signature_count = statement->signature_count};
	const char *detail = "";
	uint64_t index;

	memcpy(leaf.signatures, statement->signatures, sizeof(leaf.signatures));
	index = journal_append(journal, &leaf);
	journal_must(store->do_->statement_put(store, directory_length(directory), index),
	    "store a statement");
	journal_must(directory_apply(directory, index, statement, leaf.time_ms, &detail),
	    "apply a statement");
	return index;
}

uint64_t
journal_next(const struct journal *journal)
{
	return tree_size(journal->tree);
}

void
journal_weigh(struct journal *journal, size_t extra)
{
	journal->weight += extra;
}

bool
journal_is_full(const struct journal *journal)
{
	return journal->open &&
	       (journal->kept >= JOURNAL_BATCH_MAX || journal->weight >= JOURNAL_BATCH_BYTES);
}

void
journal_hands_out(struct journal *journal)
{
	journal->hands_out = true;
}

void
journal_chunks(struct journal *journal)
{
	journal->chunks = true;
}

/* The tree's tiles and its signed head, into the transaction that brought the leaves. */
static void
seal(struct journal *journal, struct store *store)
{
	struct checkpoint checkpoint = {.size = tree_size(journal->tree)};

	journal_must(tree_flush(journal->tree), "store the tree");
	journal_must(
	    tree_root(journal->tree, checkpoint.size, &checkpoint.root), "compute the root");
	buffer_reset(&journal->note);
	journal_must(checkpoint_sign(&checkpoint, &journal->config.log, journal->config.log_key,
			 &journal->note),
	    "sign a checkpoint");
	journal_must(journal->note.failed ? STATUS_NO_MEMORY : STATUS_OK, "sign a checkpoint");
	journal_must(
	    store->do_->checkpoint_put(store, checkpoint.size, bytes_of_buffer(&journal->note)),
	    "store a checkpoint");
}

void
journal_commit(struct journal *journal)
{
	struct store *store = journal->config.store;
	bool grew = tree_size(journal->tree) > journal->size;

	if (!journal->open)
		return;
	if (grew)
		seal(journal, store);
	journal_must(store->do_->commit(store, grew                 ? "journal"
					       : journal->doubts    ? "doubt"
					       : journal->chunks    ? "chunks"
					       : journal->hands_out ? "handed"
								    : "taken"),
	    "commit");
	journal->open = journal->hands_out = journal->doubts = journal->chunks = false;
	journal->size = tree_size(journal->tree);
	journal->statements = directory_length(journal->config.directory);
}

/* ---- What is known of the log ------------------------------------------------------------ */

uint64_t
journal_size(const struct journal *journal)
{
	return journal->size;
}

struct bytes
journal_checkpoint(const struct journal *journal)
{
	return bytes_of_buffer(&journal->note);
}

uint64_t
journal_statements(const struct journal *journal)
{
	return journal->statements;
}

void
journal_folded(struct journal *journal)
{
	journal->statements = directory_length(journal->config.directory);
}

enum status
journal_leaf(struct journal *journal, uint64_t index, struct bytes *leaf)
{
	struct store *store = journal->config.store;
	uint64_t at = index - journal->first;
	enum status rc;

	if (index >= tree_size(journal->tree))
		return STATUS_NO_SUCH_ENTRY;
	if (index >= journal->first && at < journal->kept) {
		size_t begin = at == 0 ? 0 : journal->ends[at - 1];

		*leaf = (struct bytes){journal->leaves.data + begin, journal->ends[at] - begin};
		return STATUS_OK;
	}
	buffer_reset(&journal->read_leaf);
	rc = store->do_->leaf_get(store, index, &journal->read_leaf);
	if (rc == STATUS_OK)
		*leaf = bytes_of_buffer(&journal->read_leaf);
	return rc == STATUS_NOT_FOUND ? STATUS_DATABASE : rc;
}

enum status
journal_checkpoint_of(
    struct journal *journal, uint64_t index, uint64_t *size, struct bytes *note)
{
	struct store *store = journal->config.store;
	enum status rc;

	/* Of the batch just committed: the newest. */
	if (journal->note.len > 0 && index >= journal->first && index < journal->size) {
		*size = journal->size;
		*note = bytes_of_buffer(&journal->note);
		return STATUS_OK;
	}
	buffer_reset(&journal->read_note);
	rc = store->do_->checkpoint_over(store, index, size, &journal->read_note);
	if (rc == STATUS_OK)
		*note = bytes_of_buffer(&journal->read_note);
	return rc == STATUS_NOT_FOUND ? STATUS_DATABASE : rc;
}

enum status
journal_path(struct journal *journal, uint64_t index, uint64_t size, struct merkle_path *out)
{
	return tree_inclusion(journal->tree, index, size, out);
}

enum status
journal_consistency(
    struct journal *journal, uint64_t old_size, uint64_t new_size, struct merkle_path *out)
{
	return tree_consistency(journal->tree, old_size, new_size, out);
}
