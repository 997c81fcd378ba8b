/* services/runtime/exchange/testimony.c: what proves that an institution wrote a message, checked again now. */
#include "services/runtime/exchange/testimony.h"

#include <string.h>

#include "protocol/proof/checkpoint.h"
#include "protocol/wire/forwarded.h"
#include "services/runtime/exchange/service.h"

bool
testimony_holds(const struct testimony *testimony)
{
	return testimony->logged && testimony->checkpoint && testimony->inclusion &&
	       testimony->signature && testimony->root;
}

static void
check_log(
    const struct service *service, const struct frame_proven *proven, struct testimony *out)
{
	struct checkpoint checkpoint;
	struct merkle_hash hash;

	out->checkpoint = checkpoint_open(proven->checkpoint, &service->config.network.log,
			      &checkpoint) == STATUS_OK;
	if (!out->checkpoint)
		return;
	merkle_leaf(proven->leaf, &hash);
	out->inclusion = merkle_check_inclusion(&hash, proven->index, checkpoint.size,
			     &proven->path, &checkpoint.root) == STATUS_OK;
}

/* The leaf is this message of this author, and its key signed it. */
static void
check_leaf(struct service *service, const struct event_row *row, const char *author,
    const struct leaf *leaf, struct testimony *out)
{
	const struct party *party = directory_party(service->directory, bytes_of_text(author));
	uint8_t key[SUITE_SIGN_PUBLIC];

	if (leaf->kind != LEAF_ACCEPTED || leaf->header.type != (uint64_t)row->type ||
	    memcmp(leaf->header.id, row->message, SUITE_ID_LEN) != 0 ||
	    !bytes_is_text(leaf->header.sender, author) || party == NULL ||
	    directory_signing_key(service->directory, party, leaf->header.signing_epoch,
		row->index, key) != STATUS_OK)
		return;
	bytes_to_hex(BYTES(key), out->key);
	out->epoch = leaf->header.signing_epoch;
	/* Without the cache of what was checked before: the paper says what holds now. */
	out->signature = batch_verify(leaf->digest, &leaf->proof, key, NULL) == STATUS_OK;
}

static void
check_content(const struct leaf *leaf, const struct content *content, struct testimony *out)
{
	struct merkle_hash root;

	if (leaf->kind != LEAF_ACCEPTED || content->type == NULL)
		return;
	content_root(content, &root);
	out->root = memcmp(root.byte, leaf->header.content_root.byte, sizeof(root.byte)) == 0;
}

enum status
testimony_of(struct service *service, const struct event_row *row, const char *author,
    const struct content *content, category_set allowed, struct testimony *out,
    struct buffer *forwarded)
{
	struct buffer bytes = {0}, note = {0};
	struct frame_proven proven = {.index = row->index};
	struct leaf leaf;
	enum status rc = STATUS_NOT_FOUND;

	*out = (struct testimony){.index = row->index, .time_ms = row->time_ms};
	if (row->index != UINT64_MAX)
		rc = event_store_proven(service->db, row->index, &bytes, &proven.path, &note);
	proven.leaf = bytes_of_buffer(&bytes);
	proven.checkpoint = bytes_of_buffer(&note);
	if (rc == STATUS_OK && leaf_parse(proven.leaf, &leaf) == STATUS_OK) {
		out->logged = true;
		out->time_ms = leaf.time_ms;
		check_log(service, &proven, out);
		check_leaf(service, row, author, &leaf, out);
		check_content(&leaf, content, out);
		if (forwarded != NULL)
			forwarded_encode(&proven, content, allowed, 0, forwarded);
	}
	buffer_free(&bytes);
	buffer_free(&note);
	if (rc == STATUS_NOT_FOUND)
		rc = STATUS_OK;
	return rc == STATUS_OK && forwarded != NULL && forwarded->failed ? STATUS_NO_MEMORY
	                                                                 : rc;
}
