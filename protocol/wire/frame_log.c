/* protocol/wire/frame_log.c: the commands that carry leaves, proofs and checkpoints. */
#include "protocol/wire/frame.h"

#define FRAME_NOTE_MAX     16384
#define FRAME_SOFTWARE_MAX 64

static void
put_path(struct buffer *out, const struct merkle_path *path)
{
	pack_array(out, path->len);
	for (uint32_t i = 0; i < path->len; i++)
		pack_bin(out, BYTES(path->hash[i].byte));
}

static void
get_path(struct pack_in *in, struct merkle_path *out)
{
	struct pack_in hashes = pack_in_array(in, 0, MERKLE_PATH_MAX);

	out->len = 0;
	while (pack_in_more(&hashes))
		pack_in_copy(&hashes, out->hash[out->len++].byte, sizeof(out->hash[0].byte));
	pack_end(&hashes);
}

struct bytes
frame_get_note(struct pack_in *in)
{
	return pack_in_bin(in, 1, FRAME_NOTE_MAX);
}

void
frame_put_proven(struct buffer *out, const struct frame_proven *proven)
{
	pack_uint(out, proven->index);
	pack_bin(out, proven->leaf);
	put_path(out, &proven->path);
}

void
frame_get_proven(struct pack_in *in, struct frame_proven *out)
{
	out->index = pack_in_uint(in, UINT64_MAX);
	out->leaf = pack_in_bin(in, 1, LEAF_MAX);
	get_path(in, &out->path);
	out->checkpoint = (struct bytes){NULL, 0};
}

/* A leaf as [leaf] or a hash as bin: the two differ in kind, so neither can pose as the other. */
static void
put_entry(struct buffer *out, const struct frame_entry *entry)
{
	if (entry->leaf.data == NULL) {
		pack_bin(out, BYTES(entry->hash.byte));
		return;
	}
	pack_array(out, 1);
	pack_bin(out, entry->leaf);
}

static void
get_entry(struct pack_in *in, struct frame_entry *out)
{
	struct pack_in holder;

	*out = (struct frame_entry){0};
	if (!pack_in_at_array(in)) {
		pack_in_copy(in, out->hash.byte, sizeof(out->hash.byte));
		return;
	}
	holder = pack_in_array(in, 1, 1);
	out->leaf = pack_in_bin(&holder, 1, LEAF_MAX);
	pack_end(&holder);
	if (out->leaf.data != NULL)
		merkle_leaf(out->leaf, &out->hash);
}

void
frame_hello(const struct frame_hello *hello, uint32_t request, struct buffer *out)
{
	frame_start(COMMAND_HELLO, request, out);
	pack_array(out, 5);
	pack_text(out, hello->network);
	pack_text(out, hello->party);
	pack_text(out, hello->software);
	pack_uint(out, hello->directory_length);
	pack_uint(out, hello->log_size);
}

enum status
frame_read_hello(struct bytes body, struct frame_hello *out)
{
	struct pack_doc doc;
	struct pack_in in;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	out->network = pack_in_text(&in, 1, NETWORK_MAX);
	out->party = pack_in_text(&in, 1, PARTY_MAX);
	out->software = pack_in_text(&in, 0, FRAME_SOFTWARE_MAX);
	out->directory_length = pack_in_uint(&in, UINT64_MAX);
	out->log_size = pack_in_uint(&in, UINT64_MAX);
	pack_end(&in);
	return pack_close(&doc);
}

void
frame_welcome(const struct frame_welcome *welcome, uint32_t request, struct buffer *out)
{
	frame_start(COMMAND_WELCOME, request, out);
	pack_array(out, 7);
	pack_text(out, welcome->network);
	pack_uint(out, welcome->time_ms);
	pack_uint(out, welcome->directory_length);
	pack_bin(out, welcome->checkpoint);
	put_path(out, &welcome->consistency);
	pack_uint(out, welcome->frame_max);
	pack_uint(out, welcome->credit_max);
}

enum status
frame_read_welcome(struct bytes body, struct frame_welcome *out)
{
	struct pack_doc doc;
	struct pack_in in;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	out->network = pack_in_text(&in, 1, NETWORK_MAX);
	out->time_ms = pack_in_uint(&in, UINT64_MAX);
	out->directory_length = pack_in_uint(&in, UINT64_MAX);
	out->checkpoint = frame_get_note(&in);
	get_path(&in, &out->consistency);
	out->frame_max = pack_in_uint(&in, UINT64_MAX);
	out->credit_max = pack_in_uint(&in, UINT64_MAX);
	pack_end(&in);
	return pack_close(&doc);
}

void
frame_accepted(const struct frame_accepted *accepted, uint32_t request, struct buffer *out)
{
	frame_start(COMMAND_ACCEPTED, request, out);
	pack_array(out, 5);
	pack_bin(out, BYTES(accepted->id));
	frame_put_proven(out, &accepted->proven);
	pack_bin(out, accepted->proven.checkpoint);
}

enum status
frame_read_accepted(struct bytes body, struct frame_accepted *out)
{
	struct pack_doc doc;
	struct pack_in in;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	pack_in_copy(&in, out->id, sizeof(out->id));
	frame_get_proven(&in, &out->proven);
	out->proven.checkpoint = frame_get_note(&in);
	pack_end(&in);
	return pack_close(&doc);
}

void
frame_deliver(const struct frame_deliver *deliver, struct buffer *out)
{
	frame_start(COMMAND_DELIVER, 0, out);
	pack_array(out, 6);
	frame_put_proven(out, &deliver->proven);
	pack_bin(out, deliver->proven.checkpoint);
	if (!deliver->has_part) {
		pack_nil(out);
		pack_nil(out);
		return;
	}
	pack_uint(out, deliver->part_number);
	envelope_part_encode(&deliver->part, out);
}

enum status
frame_read_deliver(struct bytes body, struct frame_deliver *out)
{
	struct pack_doc doc;
	struct pack_in in;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	frame_get_proven(&in, &out->proven);
	out->proven.checkpoint = frame_get_note(&in);
	out->has_part = !pack_in_nil(&in);
	if (out->has_part) {
		out->part_number = (uint32_t)pack_in_uint(&in, ENVELOPE_RECIPIENTS_MAX - 1);
		envelope_part_decode(&in, &out->part);
	} else if (!pack_in_nil(&in)) {
		pack_fail(&in, STATUS_MALFORMED);
	}
	pack_end(&in);
	return pack_close(&doc);
}

void
frame_directory_page(
    const struct frame_directory_page *page, uint32_t request, struct buffer *out)
{
	frame_start(COMMAND_DIRECTORY_PAGE, request, out);
	pack_array(out, 4);
	pack_uint(out, page->from);
	pack_uint(out, page->length);
	pack_bin(out, page->checkpoint);
	pack_array(out, page->count);
	for (uint32_t i = 0; i < page->count; i++) {
		pack_array(out, 3);
		frame_put_proven(out, &page->entries[i]);
	}
}

enum status
frame_read_directory_page(struct bytes body, struct frame_directory_page *out)
{
	struct pack_doc doc;
	struct pack_in in, entries;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	out->from = pack_in_uint(&in, UINT64_MAX);
	out->length = pack_in_uint(&in, UINT64_MAX);
	out->checkpoint = frame_get_note(&in);
	entries = pack_in_array(&in, 0, FRAME_DIRECTORY_MAX);
	out->count = 0;
	while (pack_in_more(&entries)) {
		struct pack_in entry = pack_in_array(&entries, 3, 3);

		frame_get_proven(&entry, &out->entries[out->count++]);
		pack_end(&entry);
	}
	pack_end(&entries);
	pack_end(&in);
	return pack_close(&doc);
}

void
frame_entries_page(const struct frame_entries_page *page, uint32_t request, struct buffer *out)
{
	frame_start(COMMAND_ENTRIES_PAGE, request, out);
	pack_array(out, 2);
	pack_uint(out, page->from);
	pack_array(out, page->count);
	for (uint32_t i = 0; i < page->count; i++)
		put_entry(out, &page->entries[i]);
}

enum status
frame_read_entries_page(struct bytes body, struct frame_entries_page *out)
{
	struct pack_doc doc;
	struct pack_in in, entries;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	out->from = pack_in_uint(&in, UINT64_MAX);
	entries = pack_in_array(&in, 0, FRAME_ENTRIES_MAX);
	out->count = 0;
	while (pack_in_more(&entries))
		get_entry(&entries, &out->entries[out->count++]);
	pack_end(&entries);
	pack_end(&in);
	return pack_close(&doc);
}

void
frame_proof_page(const struct frame_proof_page *page, uint32_t request, struct buffer *out)
{
	frame_start(COMMAND_PROOF_PAGE, request, out);
	pack_array(out, 4);
	pack_uint(out, page->index);
	pack_uint(out, page->size);
	put_entry(out, &page->entry);
	put_path(out, &page->path);
}

enum status
frame_read_proof_page(struct bytes body, struct frame_proof_page *out)
{
	struct pack_doc doc;
	struct pack_in in;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	out->index = pack_in_uint(&in, UINT64_MAX);
	out->size = pack_in_uint(&in, UINT64_MAX);
	get_entry(&in, &out->entry);
	get_path(&in, &out->path);
	pack_end(&in);
	return pack_close(&doc);
}

void
frame_consistency_page(
    const struct frame_consistency_page *page, uint32_t request, struct buffer *out)
{
	frame_start(COMMAND_CONSISTENCY_PAGE, request, out);
	pack_array(out, 3);
	pack_uint(out, page->old_size);
	pack_uint(out, page->new_size);
	put_path(out, &page->path);
}

enum status
frame_read_consistency_page(struct bytes body, struct frame_consistency_page *out)
{
	struct pack_doc doc;
	struct pack_in in;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	out->old_size = pack_in_uint(&in, UINT64_MAX);
	out->new_size = pack_in_uint(&in, UINT64_MAX);
	get_path(&in, &out->path);
	pack_end(&in);
	return pack_close(&doc);
}

void
frame_news(const struct frame_news *news, struct buffer *out)
{
	frame_start(COMMAND_NEWS, 0, out);
	pack_array(out, 2);
	pack_uint(out, news->directory_length);
	pack_bin(out, news->checkpoint);
}

enum status
frame_read_news(struct bytes body, struct frame_news *out)
{
	struct pack_doc doc;
	struct pack_in in;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	out->directory_length = pack_in_uint(&in, UINT64_MAX);
	out->checkpoint = frame_get_note(&in);
	pack_end(&in);
	return pack_close(&doc);
}

void
frame_checkpoint(struct bytes note, uint32_t request, struct buffer *out)
{
	frame_start(COMMAND_CHECKPOINT_PAGE, request, out);
	pack_array(out, 1);
	pack_bin(out, note);
}

enum status
frame_read_checkpoint(struct bytes body, struct bytes *note)
{
	struct pack_doc doc;
	struct pack_in in;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	*note = frame_get_note(&in);
	pack_end(&in);
	return pack_close(&doc);
}
