/* tests/fuzz/fuzz_content.c: what a sealed payload may hold, under a root that fits it or not. */
#include <stdlib.h>
#include <string.h>

#include "protocol/wire/attachment.h"
#include "protocol/wire/forwarded.h"
#include "protocol/wire/minutes.h"
#include "protocol/wire/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
fitting_leaf(
    const struct content *scratch, unsigned i, struct pack_in *in, struct merkle_hash *out)
{
	const struct field_info *field = scratch->type->fields[i].field;
	const uint8_t number[] = {(uint8_t)(field->id >> 8), (uint8_t)field->id};
	uint8_t key[CONTENT_SEED_LEN], salt[CONTENT_SEED_LEN];
	struct buffer leaf = {0};

	memcpy(key, scratch->seeds[field->category], sizeof(key));
	if (field->kind != FIELD_KIND_FILES)
		suite_derive(key, "saikne-v1-seed", NULL, 0, key);
	suite_derive(key, "saikne-v1-salt", &BYTES(number), 1, salt);
	buffer_append(&leaf, BYTES(salt));
	buffer_append(&leaf, BYTES(number));
	if (!pack_in_nil(in))
		buffer_append(&leaf, pack_in_bin(in, 0, CONTENT_MAX));
	merkle_leaf(bytes_of_buffer(&leaf), out);
	buffer_free(&leaf);
}

/*
 * The root that SHOWN leads to, so that the fuzzer gets behind that check: the root is what a
 * sender signs, and a hostile one signs what it likes.
 */
static bool
fitting_root(struct bytes shown, struct content *scratch, struct merkle_hash *root)
{
	struct merkle_hash leaves[MESSAGE_FIELDS_MAX] = {0};
	unsigned count = scratch->type->field_count;
	struct pack_doc doc;
	struct pack_in in, seeds, fields;

	if (pack_open(shown, &doc) != STATUS_OK) {
		pack_close(&doc);
		return false;
	}
	in = pack_root(&doc);
	seeds = pack_in_array(&in, 0, UINT32_MAX);
	for (unsigned c = 0; c < CATEGORY_COUNT && pack_in_more(&seeds); c++)
		if ((scratch->type->categories & CATEGORY_BIT(c)) != 0 &&
		    !pack_in_nil(&seeds)) {
			pack_in_copy(&seeds, scratch->seeds[c], CONTENT_SEED_LEN);
			scratch->shown |= CATEGORY_BIT(c);
		}
	fields = pack_in_array(&in, 0, UINT32_MAX);
	for (unsigned i = 0; i < count && pack_in_more(&fields); i++)
		if (content_shows(scratch, i))
			fitting_leaf(scratch, i, &fields, &leaves[i]);
		else
			pack_in_copy(&fields, leaves[i].byte, sizeof(leaves[i].byte));
	merkle_root(leaves, count, root);
	return pack_close(&doc) == STATUS_OK;
}

/* Whether it signs minutes; what was read is written the same. */
static bool
get_minutes(const struct content *content)
{
	struct minutes_entry entries[MINUTES_MAX];
	unsigned count = minutes_of(content, entries);
	struct buffer again = {0};
	struct bytes value;

	minutes_encode(entries, count, &again);
	if (count > 0 && content_value(content, FIELD_MINUTES_SIGNED, &value) &&
	    !bytes_equal(value, bytes_of_buffer(&again)))
		abort();
	buffer_free(&again);
	return count > 0;
}

/* Every getter on every field: none may do worse than say no. */
static void
get_all(const struct content *content)
{
	const struct field_info *field;
	struct attachment_file file;
	uint8_t id[SUITE_ID_LEN], hash[SUITE_HASH_LEN];
	struct bytes view;
	uint64_t number;

	for (unsigned i = 0; (field = field_at(i)) != NULL; i++) {
		unsigned kinds =
		    content_text(content, field->id, &view) +
		    (unsigned)content_uint(content, field->id, &number) +
		    (unsigned)(field->kind == FIELD_KIND_ID &&
			       content_id(content, field->id, id)) +
		    (unsigned)(field->kind == FIELD_KIND_HASH &&
			       content_hash(content, field->id, hash)) +
		    (unsigned)content_code_at(content, field->id, 0, &view) +
		    (unsigned)attachment_file_at(content, field->id, 0, &file) +
		    (unsigned)forwarded_field(content, field->id, &view) +
		    (unsigned)(field->kind == FIELD_KIND_MINUTES && get_minutes(content));

		if (kinds != (unsigned)content_value(content, field->id, &view))
			abort();
	}
}

/* Each file of each field is read alone, and written as it was read. */
static void
get_files(const struct content *content)
{
	struct envelope_attachment cited[ENVELOPE_ATTACHMENTS_MAX];
	const struct field_info *field;
	struct forwarded_inner inner;
	struct attachment_file file;
	uint32_t listed, found = 0;

	for (unsigned i = 0; (field = field_at(i)) != NULL; i++) {
		struct buffer again = {0};
		struct bytes value;

		for (unsigned j = 0; attachment_file_at(content, field->id, j, &file); j++) {
			attachment_file_encode(&file, &again);
			found++;
		}
		/* Before its files stands their number, in one byte, or in three when they are 16. */
		if (field->kind == FIELD_KIND_FILES &&
		    content_value(content, field->id, &value) &&
		    !bytes_equal((struct bytes){value.data + (value.data[0] == 0xDC ? 3 : 1),
				     value.len - (value.data[0] == 0xDC ? 3 : 1)},
			bytes_of_buffer(&again)))
			abort();
		buffer_free(&again);
	}
	/* What passes on another lists that one's. */
	if (forwarded_open(content, &inner) != STATUS_NOT_FOUND)
		found = UINT32_MAX;
	forwarded_free(&inner);
	if (attachment_list(content, CATEGORY_ALL, cited, &listed) == STATUS_OK &&
	    found != UINT32_MAX && listed != found)
		abort();
}

/* The first byte chooses the type. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct content content = {0};
	struct merkle_hash root = {{0}};
	struct buffer again = {0};
	struct bytes shown;

	if (size == 0 || (content.type = message_info(data[0])) == NULL)
		return 0;
	shown = (struct bytes){data + 1, size - 1};
	if (fitting_root(shown, &content, &root) &&
	    content_read(shown, data[0], &root, &content) == STATUS_OK) {
		get_all(&content);
		get_files(&content);
		content_show(&content, CATEGORY_ALL, &again);
		if (!again.failed && !bytes_equal(shown, bytes_of_buffer(&again)))
			abort();
	}
	content_free(&content);
	buffer_free(&again);
	return 0;
}
