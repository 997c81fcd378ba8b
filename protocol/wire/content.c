/* protocol/wire/content.c: a message's fields, each salted and committed to alone. */
#include "protocol/wire/content.h"

#include <assert.h>
#include <string.h>

#include "protocol/wire/pack.h"

_Static_assert(CATEGORY_COUNT <= 32, "a category_set has a bit for each category");

/* The place of FIELD among the type's fields; field_count when it has none such. */
static unsigned
place(const struct content *content, enum field field)
{
	unsigned i = 0;

	while (i < content->type->field_count && content->type->fields[i].field->id != field)
		i++;
	return i;
}

static bool
is_document(const struct content *content, unsigned i)
{
	return content->type->fields[i].field->kind == FIELD_KIND_FILES;
}

bool
content_shows(const struct content *content, unsigned i)
{
	category_set own = CATEGORY_BIT(content->type->fields[i].field->category);

	return (content->shown & own) != 0 &&
	       !((content->bare & own) != 0 && is_document(content, i));
}

/* The bare seed of CATEGORY, which is shown. */
static void
bare_seed(
    const struct content *content, unsigned category, uint8_t out[static CONTENT_SEED_LEN])
{
	if ((content->bare & CATEGORY_BIT(category)) != 0)
		memcpy(out, content->seeds[category], CONTENT_SEED_LEN);
	else
		suite_derive(content->seeds[category], "saikne-v1-seed", NULL, 0, out);
}

/* The salts of all fields shown, by the seeds of their categories. */
static void
derive_salts(struct content *content)
{
	uint8_t bare[CATEGORY_COUNT][CONTENT_SEED_LEN] = {{0}}, number[2];

	for (unsigned c = 0; c < CATEGORY_COUNT; c++)
		if ((content->shown & CATEGORY_BIT(c)) != 0)
			bare_seed(content, c, bare[c]);
	for (unsigned i = 0; i < content->type->field_count; i++) {
		const struct field_info *field = content->type->fields[i].field;
		const uint8_t *key = is_document(content, i) ? content->seeds[field->category]
		                                             : bare[field->category];

		if (!content_shows(content, i))
			continue;
		bytes_put_u16(number, (uint16_t)field->id);
		suite_derive(key, "saikne-v1-salt", &BYTES(number), 1, content->fields[i].salt);
	}
	suite_wipe(bare, sizeof(bare));
}

static struct bytes
value_at(const struct content *content, unsigned i)
{
	if (!content->fields[i].present)
		return (struct bytes){0};
	return (struct bytes){
	    content->values.data + content->fields[i].at, content->fields[i].len};
}

/* leaf = salt ‖ field number (u16) ‖ value, empty when absent. */
static enum status
leaf_hash(
    const struct content *content, unsigned i, struct bytes value, struct merkle_hash *out)
{
	struct buffer leaf = {0};
	uint8_t number[2];
	enum status rc = STATUS_NO_MEMORY;

	bytes_put_u16(number, (uint16_t)content->type->fields[i].field->id);
	buffer_append(&leaf, BYTES(content->fields[i].salt));
	buffer_append(&leaf, BYTES(number));
	buffer_append(&leaf, value);
	if (!leaf.failed) {
		merkle_leaf(bytes_of_buffer(&leaf), out);
		rc = STATUS_OK;
	}
	buffer_free(&leaf);
	return rc;
}

/* ---- Making -------------------------------------------------------------------------- */

enum status
content_start(enum message type, struct content *out)
{
	enum status rc;

	*out = (struct content){.type = message_info((uint64_t)type)};
	if (out->type == NULL)
		return STATUS_UNKNOWN_TYPE;
	out->shown = out->type->categories;
	suite_random(out->seeds, sizeof(out->seeds));
	derive_salts(out);
	for (unsigned i = 0; i < out->type->field_count; i++)
		if ((rc = leaf_hash(out, i, (struct bytes){0}, &out->fields[i].leaf)) !=
		    STATUS_OK)
			return rc;
	return STATUS_OK;
}

void
content_free(struct content *content)
{
	buffer_free(&content->values);
	suite_wipe(content, sizeof(*content));
}

/* Takes the value out of VALUES, for its place is given to another. */
static void
drop(struct content *content, unsigned i)
{
	size_t at = content->fields[i].at, len = content->fields[i].len;
	size_t after = content->values.len - at - len;

	if (!content->fields[i].present)
		return;
	memmove(content->values.data + at, content->values.data + at + len, after);
	suite_wipe(content->values.data + at + after, len);
	content->values.len -= len;
	for (unsigned j = 0; j < content->type->field_count; j++)
		if (content->fields[j].present && content->fields[j].at > at)
			content->fields[j].at -= len;
	content->fields[i].present = false;
}

/* Puts a checked VALUE at place I. */
static enum status
put(struct content *content, unsigned i, struct bytes value)
{
	size_t freed = content->fields[i].present ? content->fields[i].len : 0;
	struct merkle_hash leaf;
	enum status rc;

	if (value.len > CONTENT_MAX - (content->values.len - freed))
		return STATUS_TOO_LARGE;
	if ((rc = leaf_hash(content, i, value, &leaf)) != STATUS_OK)
		return rc;
	buffer_append(&content->values, value);
	if (content->values.failed) {
		content->values.failed = false;
		return STATUS_NO_MEMORY;
	}
	drop(content, i);
	content->fields[i].present = true;
	content->fields[i].at = content->values.len - value.len;
	content->fields[i].len = value.len;
	content->fields[i].leaf = leaf;
	return STATUS_OK;
}

enum status
content_set_value(struct content *content, enum field field, struct bytes value)
{
	unsigned i = place(content, field);
	enum status rc;

	if (i == content->type->field_count || !content_shows(content, i))
		return STATUS_ARGUMENT;
	if ((rc = field_check(content->type->fields[i].field, value)) != STATUS_OK)
		return rc;
	return put(content, i, value);
}

/* Sets the value just packed into VALUE, which is released. */
static enum status
set_packed(struct content *content, enum field field, struct buffer *value)
{
	enum status rc = STATUS_NO_MEMORY;

	if (!value->failed)
		rc = content_set_value(content, field, bytes_of_buffer(value));
	buffer_free(value);
	return rc;
}

enum status
content_set_text(struct content *content, enum field field, struct bytes text)
{
	struct buffer value = {0};

	pack_text(&value, text);
	return set_packed(content, field, &value);
}

enum status
content_set_uint(struct content *content, enum field field, uint64_t number)
{
	struct buffer value = {0};

	pack_uint(&value, number);
	return set_packed(content, field, &value);
}

enum status
content_set_id(struct content *content, enum field field, const uint8_t id[static SUITE_ID_LEN])
{
	struct buffer value = {0};

	pack_bin(&value, (struct bytes){id, SUITE_ID_LEN});
	return set_packed(content, field, &value);
}

enum status
content_set_hash(
    struct content *content, enum field field, const uint8_t hash[static SUITE_HASH_LEN])
{
	struct buffer value = {0};

	pack_bin(&value, (struct bytes){hash, SUITE_HASH_LEN});
	return set_packed(content, field, &value);
}

enum status
content_set_codes(
    struct content *content, enum field field, const struct bytes *codes, size_t count)
{
	struct buffer value = {0};

	if (count > PACK_ITEMS_MAX)
		return STATUS_TOO_LARGE;
	pack_array(&value, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		pack_text(&value, codes[i]);
	return set_packed(content, field, &value);
}

/* ---- Getting ------------------------------------------------------------------------- */

bool
content_value(const struct content *content, enum field field, struct bytes *out)
{
	unsigned i;

	if (content->type == NULL ||
	    (i = place(content, field)) == content->type->field_count ||
	    !content->fields[i].present)
		return false;
	*out = value_at(content, i);
	return true;
}

/* Opens the value; IN stands before it. On false there is nothing to close. */
static bool
open_value(
    const struct content *content, enum field field, struct pack_doc *doc, struct pack_in *in)
{
	struct bytes value;

	if (!content_value(content, field, &value))
		return false;
	if (pack_open_value(value, doc) != STATUS_OK) {
		pack_close(doc);
		return false;
	}
	*in = pack_root(doc);
	return true;
}

bool
content_text(const struct content *content, enum field field, struct bytes *out)
{
	struct pack_doc doc;
	struct pack_in in;
	struct bytes text;

	if (!open_value(content, field, &doc, &in))
		return false;
	text = pack_in_text(&in, 0, SIZE_MAX);
	if (pack_close(&doc) != STATUS_OK)
		return false;
	*out = text;
	return true;
}

bool
content_uint(const struct content *content, enum field field, uint64_t *out)
{
	struct pack_doc doc;
	struct pack_in in;
	uint64_t number;

	if (!open_value(content, field, &doc, &in))
		return false;
	number = pack_in_uint(&in, UINT64_MAX);
	if (pack_close(&doc) != STATUS_OK)
		return false;
	*out = number;
	return true;
}

bool
content_id(const struct content *content, enum field field, uint8_t out[static SUITE_ID_LEN])
{
	struct pack_doc doc;
	struct pack_in in;

	if (!open_value(content, field, &doc, &in))
		return false;
	pack_in_copy(&in, out, SUITE_ID_LEN);
	return pack_close(&doc) == STATUS_OK;
}

bool
content_hash(
    const struct content *content, enum field field, uint8_t out[static SUITE_HASH_LEN])
{
	struct pack_doc doc;
	struct pack_in in;

	if (!open_value(content, field, &doc, &in))
		return false;
	pack_in_copy(&in, out, SUITE_HASH_LEN);
	return pack_close(&doc) == STATUS_OK;
}

bool
content_code_at(const struct content *content, enum field field, unsigned i, struct bytes *out)
{
	struct bytes code = {0};
	struct pack_doc doc;
	struct pack_in in, codes;

	if (!open_value(content, field, &doc, &in))
		return false;
	codes = pack_in_array(&in, 0, UINT32_MAX);
	for (unsigned j = 0; j <= i && doc.rc == STATUS_OK; j++)
		code = pack_in_text(&codes, 1, SIZE_MAX);
	if (pack_close(&doc) != STATUS_OK)
		return false;
	*out = code;
	return true;
}

enum status
content_check(const struct content *content)
{
	for (unsigned i = 0; i < content->type->field_count; i++) {
		enum category category = content->type->fields[i].field->category;

		/* Acts go to every recipient: one that is not shown was withheld. */
		if (content->type->fields[i].required && !content->fields[i].present &&
		    (content_shows(content, i) || category == CATEGORY_ACT))
			return STATUS_BAD_CONTENT;
	}
	return STATUS_OK;
}

void
content_root(const struct content *content, struct merkle_hash *out)
{
	struct merkle_hash leaves[MESSAGE_FIELDS_MAX];

	for (unsigned i = 0; i < content->type->field_count; i++)
		leaves[i] = content->fields[i].leaf;
	merkle_root(leaves, content->type->field_count, out);
}

/* ---- Showing and reading ------------------------------------------------------------- */

/* A seed, bare in BARE, or nil, for each category that the type has fields of, by number. */
static void
show_seeds(
    const struct content *content, category_set shown, category_set bare, struct buffer *out)
{
	const category_set all = content->type->categories;
	uint8_t seed[CONTENT_SEED_LEN];

	pack_array(out, (uint32_t)__builtin_popcount(all));
	for (unsigned c = 0; c < CATEGORY_COUNT; c++) {
		if ((all & CATEGORY_BIT(c)) == 0)
			continue;
		if ((shown & CATEGORY_BIT(c)) == 0) {
			pack_nil(out);
			continue;
		}
		memcpy(seed, content->seeds[c], sizeof(seed));
		if ((bare & CATEGORY_BIT(c)) != 0)
			bare_seed(content, c, seed);
		pack_bin(out, BYTES(seed));
	}
	suite_wipe(seed, sizeof(seed));
}

static void
show(const struct content *content, category_set shown, category_set bare, struct buffer *out)
{
	show_seeds(content, shown, bare, out);
	pack_array(out, content->type->field_count);
	for (unsigned i = 0; i < content->type->field_count; i++) {
		const category_set own = CATEGORY_BIT(content->type->fields[i].field->category);

		if ((shown & own) == 0 || ((bare & own) != 0 && is_document(content, i)))
			pack_bin(out, BYTES(content->fields[i].leaf.byte));
		else if (content->fields[i].present)
			pack_bin(out, value_at(content, i));
		else
			pack_nil(out);
	}
}

void
content_show(const struct content *content, category_set allowed, struct buffer *out)
{
	/* Its seeds would be taken for others. */
	assert(content->bare == 0);
	pack_array(out, 2);
	show(content, content->shown & allowed, 0, out);
}

void
content_show_passed(
    const struct content *content, category_set allowed, category_set whole, struct buffer *out)
{
	const category_set shown = content->shown & allowed,
			   bare = shown & (content->bare | ~whole);

	pack_array(out, 3);
	pack_uint(out, bare);
	show(content, shown, bare, out);
}

static void
read_seeds(struct content *content, struct pack_in *in)
{
	const category_set all = content->type->categories;
	const uint32_t count = (uint32_t)__builtin_popcount(all);
	struct pack_in seeds = pack_in_array(in, count, count);

	for (unsigned c = 0; c < CATEGORY_COUNT; c++) {
		if ((all & CATEGORY_BIT(c)) == 0 || pack_in_nil(&seeds))
			continue;
		pack_in_copy(&seeds, content->seeds[c], CONTENT_SEED_LEN);
		content->shown |= CATEGORY_BIT(c);
	}
}

/* A field of a category shown: its value, or nil. */
static enum status
read_shown(struct content *content, unsigned i, struct pack_in *in)
{
	const struct field_info *field = content->type->fields[i].field;
	struct bytes value;
	enum status rc;

	if (pack_in_nil(in))
		return leaf_hash(content, i, (struct bytes){0}, &content->fields[i].leaf);
	value = pack_in_bin(in, 1, CONTENT_MAX);
	rc = field_check(field, value);
	return rc == STATUS_OK ? put(content, i, value) : rc;
}

static enum status
read_fields(struct bytes shown, bool passed, struct content *out)
{
	const uint32_t count = out->type->field_count;
	struct pack_doc doc;
	struct pack_in in, fields;
	enum status rc;

	if (pack_open(shown, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	if (passed)
		out->bare = (category_set)pack_in_uint(&in, out->type->categories);
	read_seeds(out, &in);
	fields = pack_in_array(&in, count, count);
	pack_end(&in);
	if ((out->bare & ~out->shown) != 0)
		pack_fail(&in, STATUS_MALFORMED);
	if (doc.rc == STATUS_OK)
		derive_salts(out);
	for (unsigned i = 0; pack_in_more(&fields); i++)
		if (!content_shows(out, i))
			pack_in_copy(&fields, out->fields[i].leaf.byte, SUITE_HASH_LEN);
		else if ((rc = read_shown(out, i, &fields)) != STATUS_OK)
			pack_fail(&fields, rc);
	return pack_close(&doc);
}

static enum status
read_as(struct bytes shown, uint64_t type, const struct merkle_hash *root, bool passed,
    struct content *out)
{
	struct merkle_hash found;
	enum status rc;

	*out = (struct content){.type = message_info(type)};
	if (out->type == NULL)
		return STATUS_UNKNOWN_TYPE;
	if ((rc = read_fields(shown, passed, out)) == STATUS_OK) {
		content_root(out, &found);
		rc = suite_equal(&found, root, sizeof(found)) ? content_check(out)
		                                              : STATUS_BAD_CONTENT;
	}
	if (rc == STATUS_OK)
		return STATUS_OK;
	content_free(out);
	return rc == STATUS_NO_MEMORY ? rc : STATUS_BAD_CONTENT;
}

enum status
content_read(
    struct bytes shown, uint64_t type, const struct merkle_hash *root, struct content *out)
{
	return read_as(shown, type, root, false, out);
}

enum status
content_read_passed(
    struct bytes shown, uint64_t type, const struct merkle_hash *root, struct content *out)
{
	return read_as(shown, type, root, true, out);
}

/* ---- Joining ------------------------------------------------------------------------- */

static bool
is_same(const struct content *one, const struct content *other)
{
	for (unsigned i = 0; i < one->type->field_count; i++)
		if (one->type != other->type ||
		    memcmp(&one->fields[i].leaf, &other->fields[i].leaf,
			sizeof(one->fields[i].leaf)) != 0)
			return false;
	return true;
}

/* The fields that FROM shows and INTO does not. */
static void
join_fields(const struct content *from, struct content *into)
{
	for (unsigned i = 0; i < from->type->field_count; i++) {
		if (!content_shows(from, i) || content_shows(into, i))
			continue;
		into->fields[i] = from->fields[i];
		into->fields[i].at = into->values.len;
		buffer_append(&into->values, value_at(from, i));
	}
}

enum status
content_join(const struct content *from, struct content *into, bool *more)
{
	const category_set gained = from->shown & (~into->shown | (into->bare & ~from->bare));
	const size_t before = into->values.len;
	size_t added = 0;
	bool any = false;

	if (!is_same(from, into))
		return STATUS_ARGUMENT;
	for (unsigned i = 0; i < from->type->field_count; i++)
		if (content_shows(from, i) && !content_shows(into, i)) {
			any = true;
			added += value_at(from, i).len;
		}
	/* Who wrote it may have put its root over more than a message may hold. */
	if (added > CONTENT_MAX - before)
		return STATUS_TOO_LARGE;
	if (added > 0 && buffer_extend(&into->values, added) == NULL) {
		into->values.failed = false;
		return STATUS_NO_MEMORY;
	}
	into->values.len = before;
	join_fields(from, into);
	for (unsigned c = 0; c < CATEGORY_COUNT; c++)
		if ((gained & CATEGORY_BIT(c)) != 0)
			memcpy(into->seeds[c], from->seeds[c], CONTENT_SEED_LEN);
	into->bare = (into->bare & ~gained) | (from->bare & gained);
	into->shown |= gained;
	*more = any;
	return STATUS_OK;
}
