/* clients/auditor/audit_prove.c: proofs and checkpoints from the local copy, for others. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/auditor/audit.h"
#include "clients/auditor/audit_open.h"
#include "protocol/host/lang.h"
#include "protocol/proof/tlogproof.h"

struct found {
	uint64_t index;
	uint64_t count;
};

static enum status
note_found(void *state, const struct audit_entry *entry)
{
	struct found *found = state;

	found->index = entry->index;
	found->count++;
	return STATUS_OK;
}

/* INDEX, or the id of one accepted message: 32 hexadecimal digits. */
static bool
find_entry(struct audit_store *store, const char *text, uint64_t *index)
{
	uint8_t id[SUITE_ID_LEN];
	struct found found = {0};
	const struct audit_walk walk = {.state = &found, .entry = note_found};
	const struct audit_filter filter = {.kind = LEAF_ACCEPTED, .id = {id, SUITE_ID_LEN}};

	if (!bytes_from_hex(bytes_of_text(text), id, sizeof(id))) {
		if (audit_open_index(text, index))
			return true;
		fprintf(stderr,
		    _("saikne-audit: give an entry's number or a message's id (32 digits)\n"));
		return false;
	}
	if (audit_store_search(store, &filter, &walk) != STATUS_OK)
		return false;
	if (found.count != 1) {
		fprintf(stderr, "saikne-audit: %s\n",
		    found.count == 0
			? _("no accepted message of this copy has that id")
			: _("several senders used that id: give the entry's number"));
		return false;
	}
	*index = found.index;
	return true;
}

/* The newest checkpoint that the copy's entries reach. */
static enum status
newest(struct audit_store *store, struct audit_checkpoint *out)
{
	uint64_t count;
	enum status rc = audit_store_count(store, &count);

	return rc == STATUS_OK ? audit_store_checkpoint_to(store, count, out) : rc;
}

static enum status
make_proof(struct audit_store *store, uint64_t index, struct buffer *out, uint64_t *size)
{
	const struct tree_tiles tiles = audit_store_tiles(store);
	struct audit_checkpoint checkpoint = {0};
	struct audit_entry entry;
	struct merkle_path path;
	struct buffer leaf = {0};
	struct tree *tree = NULL;
	uint64_t count;
	enum status rc;

	if ((rc = audit_store_entry(store, index, &leaf, &entry)) != STATUS_OK ||
	    (rc = newest(store, &checkpoint)) != STATUS_OK ||
	    (rc = audit_store_count(store, &count)) != STATUS_OK ||
	    (rc = tree_open(&tiles, count, &tree)) != STATUS_OK ||
	    (rc = tree_inclusion(tree, index, checkpoint.size, &path)) != STATUS_OK)
		goto out;
	tlogproof_format(entry.leaf, index, &path, bytes_of_buffer(&checkpoint.note), out);
	*size = checkpoint.size;
	rc = out->failed ? STATUS_NO_MEMORY : STATUS_OK;
out:
	tree_close(tree);
	buffer_free(&checkpoint.note);
	buffer_free(&leaf);
	return rc;
}

enum audit_exit
audit_prove(const struct audit_options *options)
{
	struct audit_store *store;
	struct buffer proof = {0};
	uint64_t index, size;
	enum audit_exit out = AUDIT_FAILED;
	enum status rc;

	if (!audit_open_free(options->out) || !audit_open_copy(options->log, &store))
		return AUDIT_FAILED;
	if (!find_entry(store, options->argument, &index))
		goto out;
	if ((rc = make_proof(store, index, &proof, &size)) != STATUS_OK) {
		audit_open_failed(_("prove"), rc);
		goto out;
	}
	if (!audit_open_write(options->out, bytes_of_buffer(&proof)))
		goto out;
	printf(_("Wrote %s: entry %" PRIu64 " is in the log of %" PRIu64
		 " entries. Anyone checks it offline with\n"
		 "saikne-audit verify-receipt, or other C2SP tools and the log's vkey.\n"),
	    options->out, index, size);
	out = AUDIT_OK;
out:
	audit_store_close(store);
	buffer_free(&proof);
	return out;
}

enum audit_exit
audit_checkpoint(const struct audit_options *options)
{
	struct audit_checkpoint checkpoint = {0};
	struct audit_store *store;
	enum audit_exit out = AUDIT_FAILED;
	enum status rc;

	if (!audit_open_copy(options->log, &store))
		return AUDIT_FAILED;
	if ((rc = newest(store, &checkpoint)) != STATUS_OK)
		audit_open_failed(_("checkpoint"), rc);
	else if (audit_open_write(options->out, bytes_of_buffer(&checkpoint.note)))
		out = AUDIT_OK;
	if (out == AUDIT_OK)
		printf(
		    _("Wrote %s: the signed checkpoint of %" PRIu64
		      " entries. Whoever was shown another\nof this size, or one that does not "
		      "extend or precede it, holds proof of a fork.\n"),
		    options->out, checkpoint.size);
	audit_store_close(store);
	buffer_free(&checkpoint.note);
	return out;
}

enum audit_exit
audit_vkey(const struct audit_options *options)
{
	struct buffer key = {0};
	struct network network;

	if (!audit_open_network(options->network, &network))
		return AUDIT_FAILED;
	note_key_format(&network.log, &key);
	printf("%.*s\n", (int)key.len, (const char *)key.data);
	buffer_free(&key);
	return AUDIT_OK;
}
