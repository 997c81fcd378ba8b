/* protocol/wire/attachment.c: documents beside a message: their chunks, root and description. */
#include "protocol/wire/attachment.h"

#include <string.h>

#include "protocol/wire/forwarded.h"

/* ---- Sizes ------------------------------------------------------------------------------- */

bool
attachment_is_size(uint64_t size)
{
	uint64_t rest = size % ATTACHMENT_SEALED_CHUNK;

	return size > 0 && size <= ATTACHMENT_SIZE_MAX &&
	       (rest == 0 || rest > SUITE_STREAM_OVERHEAD);
}

uint32_t
attachment_chunks(uint64_t size)
{
	return (uint32_t)((size + ATTACHMENT_SEALED_CHUNK - 1) / ATTACHMENT_SEALED_CHUNK);
}

size_t
attachment_chunk_len(uint64_t size, uint32_t chunk)
{
	uint64_t before = (uint64_t)chunk * ATTACHMENT_SEALED_CHUNK;

	if (before >= size)
		return 0;
	return size - before < ATTACHMENT_SEALED_CHUNK ? (size_t)(size - before)
	                                               : ATTACHMENT_SEALED_CHUNK;
}

uint64_t
attachment_plain_size(uint64_t size)
{
	return size - (uint64_t)attachment_chunks(size) * SUITE_STREAM_OVERHEAD;
}

uint64_t
attachment_sealed_size(uint64_t plain)
{
	return plain +
	       (plain + ATTACHMENT_CHUNK - 1) / ATTACHMENT_CHUNK * SUITE_STREAM_OVERHEAD;
}

/* ---- Chunks ------------------------------------------------------------------------------ */

void
attachment_leaf(struct bytes chunk, struct merkle_hash *out)
{
	uint8_t hash[SUITE_HASH_LEN];

	suite_hash("saikne-v1-chunk", &chunk, 1, hash);
	merkle_leaf(BYTES(hash), out);
}

enum status
attachment_check_chunk(const struct envelope_attachment *attachment, uint32_t chunk,
    const struct merkle_path *path, struct bytes sealed)
{
	struct merkle_hash leaf;

	if (sealed.len > ATTACHMENT_SEALED_CHUNK)
		return STATUS_BAD_CHUNK;
	attachment_leaf(sealed, &leaf);
	return attachment_check_leaf(attachment, chunk, path, sealed.len, &leaf);
}

enum status
attachment_check_leaf(const struct envelope_attachment *attachment, uint32_t chunk,
    const struct merkle_path *path, size_t len, const struct merkle_hash *leaf)
{
	struct merkle_hash root;

	if (!attachment_is_size(attachment->size) ||
	    chunk >= attachment_chunks(attachment->size) ||
	    len != attachment_chunk_len(attachment->size, chunk))
		return STATUS_BAD_CHUNK;
	memcpy(root.byte, attachment->root, sizeof(root.byte));
	return merkle_check_inclusion(
		   leaf, chunk, attachment_chunks(attachment->size), path, &root) == STATUS_OK
	           ? STATUS_OK
	           : STATUS_BAD_CHUNK;
}

/* ---- Files ------------------------------------------------------------------------------- */

/* UTF-8 sequences that nobody sees, or that turn the writing around them. */
static bool
is_invisible(const uint8_t *at, size_t left)
{
	if (left >= 2 && at[0] == 0xD8 && at[1] == 0x9C)
		return true; /* U+061C */
	if (left >= 3 && at[0] == 0xEF && at[1] == 0xBB && at[2] == 0xBF)
		return true; /* U+FEFF */
	if (left < 3 || at[0] != 0xE2)
		return false;
	if (at[1] == 0x80)
		return (at[2] >= 0x8B && at[2] <= 0x8F) || (at[2] >= 0xA8 && at[2] <= 0xAE);
	return at[1] == 0x81 && at[2] >= 0xA0 && at[2] <= 0xAF; /* U+2060 to U+206F */
}

bool
attachment_is_name(struct bytes name)
{
	if (name.len < 1 || name.len > ATTACHMENT_NAME_MAX || !bytes_is_utf8(name) ||
	    name.data[0] == '.' || name.data[0] == ' ' || name.data[name.len - 1] == ' ')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = name.data[i];

		if (c == '/' || c == '\\' || c == '\n' || c == '\t' ||
		    is_invisible(name.data + i, name.len - i))
			return false;
	}
	return true;
}

void
attachment_file_encode(const struct attachment_file *file, struct buffer *out)
{
	pack_array(out, 6);
	pack_bin(out, BYTES(file->cited.root));
	pack_uint(out, file->cited.size);
	pack_bin(out, BYTES(file->key));
	pack_bin(out, BYTES(file->header));
	pack_text(out, file->type);
	pack_text(out, file->name);
}

static bool
is_type(struct bytes type)
{
	for (size_t i = 0; i < type.len; i++)
		if ((type.data[i] < 'a' || type.data[i] > 'z') &&
		    (type.data[i] < '0' || type.data[i] > '9'))
			return false;
	return type.len > 0;
}

void
attachment_file_decode(struct pack_in *in, struct attachment_file *out)
{
	struct pack_in one = pack_in_array(in, 6, 6);

	*out = (struct attachment_file){0};
	pack_in_copy(&one, out->cited.root, sizeof(out->cited.root));
	out->cited.size = pack_in_uint(&one, ATTACHMENT_SIZE_MAX);
	pack_in_copy(&one, out->key, sizeof(out->key));
	pack_in_copy(&one, out->header, sizeof(out->header));
	out->type = pack_in_text(&one, 1, ATTACHMENT_TYPE_MAX);
	out->name = pack_in_text(&one, 1, ATTACHMENT_NAME_MAX);
	pack_end(&one);
	if (in->doc->rc == STATUS_OK &&
	    (!attachment_is_size(out->cited.size) || !is_type(out->type) ||
		!attachment_is_name(out->name)))
		pack_fail(in, STATUS_MALFORMED);
}

bool
attachment_file_at(
    const struct content *content, enum field field, unsigned i, struct attachment_file *out)
{
	const struct field_info *info = field_info((uint64_t)field);
	struct attachment_file file = {0};
	struct pack_in in, files;
	struct pack_doc doc;
	struct bytes value;
	bool found = false;

	if (info == NULL || info->kind != FIELD_KIND_FILES ||
	    !content_value(content, field, &value))
		return false;
	if (pack_open_value(value, &doc) == STATUS_OK) {
		in = pack_root(&doc);
		files = pack_in_array(&in, 1, UINT32_MAX);
		found = i < files.count;
		for (unsigned j = 0; found && j <= i; j++)
			attachment_file_decode(&files, &file);
	}
	if (pack_close(&doc) != STATUS_OK || !found)
		return false;
	*out = file;
	return true;
}

bool
attachment_field_of(enum category category, enum field *out)
{
	const struct field_info *info;

	for (unsigned i = 0; (info = field_at(i)) != NULL; i++)
		if (info->kind == FIELD_KIND_FILES && info->category == category) {
			*out = info->id;
			return true;
		}
	return false;
}

/* ---- Lists ------------------------------------------------------------------------------- */

static enum status
list_own(const struct content *content, category_set allowed,
    struct envelope_attachment out[static ENVELOPE_ATTACHMENTS_MAX], uint32_t *count)
{
	struct attachment_file file;

	*count = 0;
	for (unsigned i = 0; i < content->type->field_count; i++) {
		const struct field_info *field = content->type->fields[i].field;

		if (field->kind != FIELD_KIND_FILES || !content->fields[i].present ||
		    (allowed & CATEGORY_BIT(field->category)) == 0)
			continue;
		for (unsigned j = 0; attachment_file_at(content, field->id, j, &file); j++) {
			if (*count == ENVELOPE_ATTACHMENTS_MAX)
				return STATUS_TOO_LARGE;
			out[(*count)++] = file.cited;
			suite_wipe(&file, sizeof(file));
		}
	}
	return STATUS_OK;
}

/* Of what CONTENT passes on, to one who may have the field that it stands in. */
static category_set
passes_on(const struct content *content)
{
	for (unsigned i = 0; i < content->type->field_count; i++)
		if (content->type->fields[i].field->kind == FIELD_KIND_PROVEN)
			return CATEGORY_BIT(content->type->fields[i].field->category);
	return 0;
}

enum status
attachment_list(const struct content *content, category_set allowed,
    struct envelope_attachment out[static ENVELOPE_ATTACHMENTS_MAX], uint32_t *count)
{
	struct forwarded_inner inner;
	enum status rc;

	if ((passes_on(content) & allowed) == 0)
		return list_own(content, allowed, out, count);
	*count = 0;
	rc = forwarded_open(content, &inner);
	if (rc == STATUS_OK)
		rc = list_own(&inner.content, CATEGORY_ALL, out, count);
	forwarded_free(&inner);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

uint32_t
attachment_place(
    const struct envelope_header *header, const uint8_t root[static SUITE_HASH_LEN])
{
	uint32_t i = 0;

	while (i < header->attachment_count &&
	       memcmp(header->attachments[i].root, root, SUITE_HASH_LEN) != 0)
		i++;
	return i;
}

static bool
hides_documents(const struct content *content)
{
	for (unsigned i = 0; i < content->type->field_count; i++)
		if (content->type->fields[i].field->kind == FIELD_KIND_FILES &&
		    !content_shows(content, i))
			return true;
	return false;
}

enum status
attachment_check_shown(const struct envelope_header *header, const struct content *content)
{
	struct envelope_attachment shown[ENVELOPE_ATTACHMENTS_MAX];
	uint32_t count, next = 0;

	if (!hides_documents(content))
		return attachment_check_list(header, content);
	if (list_own(content, CATEGORY_ALL, shown, &count) != STATUS_OK)
		return STATUS_BAD_CONTENT;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = attachment_place(header, shown[i].root);

		if (at < next || at == header->attachment_count ||
		    header->attachments[at].size != shown[i].size)
			return STATUS_BAD_CONTENT;
		next = at + 1;
	}
	return STATUS_OK;
}

enum status
attachment_check_list(const struct envelope_header *header, const struct content *content)
{
	struct envelope_attachment shown[ENVELOPE_ATTACHMENTS_MAX];
	uint32_t count;

	if (attachment_list(content, CATEGORY_ALL, shown, &count) != STATUS_OK ||
	    count != header->attachment_count)
		return STATUS_BAD_CONTENT;
	for (uint32_t i = 0; i < count; i++)
		if (memcmp(shown[i].root, header->attachments[i].root, SUITE_HASH_LEN) != 0 ||
		    shown[i].size != header->attachments[i].size)
			return STATUS_BAD_CONTENT;
	return STATUS_OK;
}
