/* protocol/wire/forwarded.c: a message of someone else, passed on with what proves it; pure. */
#include "protocol/wire/forwarded.h"

void
forwarded_encode(const struct frame_proven *proven, const struct content *content,
    category_set allowed, category_set whole, struct buffer *out)
{
	struct buffer shown = {0};

	content_show_passed(content, allowed, whole, &shown);
	pack_array(out, 5);
	frame_put_proven(out, proven);
	pack_bin(out, proven->checkpoint);
	pack_bin(out, bytes_of_buffer(&shown));
	out->failed |= shown.failed;
	buffer_free(&shown);
}

enum status
forwarded_parse(struct bytes view, struct forwarded *out)
{
	struct pack_doc doc;
	struct pack_in in;

	*out = (struct forwarded){0};
	if (pack_open(view, &doc) == STATUS_OK) {
		in = pack_root(&doc);
		frame_get_proven(&in, &out->proven);
		out->proven.checkpoint = frame_get_note(&in);
		out->shown = pack_in_bin(&in, 1, SIZE_MAX);
		pack_end(&in);
	}
	return pack_close(&doc);
}

enum status
forwarded_content(
    const struct forwarded *forwarded, const struct leaf *leaf, struct content *out)
{
	*out = (struct content){0};
	if (leaf->kind != LEAF_ACCEPTED)
		return STATUS_BAD_PROOF;
	return content_read_passed(
	    forwarded->shown, leaf->header.type, &leaf->header.content_root, out);
}

bool
forwarded_field(const struct content *content, enum field field, struct bytes *out)
{
	const struct field_info *info = field_info((uint64_t)field);
	struct bytes value;
	struct pack_doc doc;
	struct pack_in in;

	if (info == NULL || info->kind != FIELD_KIND_PROVEN ||
	    !content_value(content, field, &value))
		return false;
	if (pack_open_value(value, &doc) == STATUS_OK) {
		in = pack_root(&doc);
		*out = pack_in_bin(&in, 1, SIZE_MAX);
	}
	return pack_close(&doc) == STATUS_OK;
}

enum status
forwarded_set(struct content *content, enum field field, struct bytes forwarded)
{
	struct buffer value = {0};
	enum status rc = STATUS_NO_MEMORY;

	pack_bin(&value, forwarded);
	if (!value.failed)
		rc = content_set_value(content, field, bytes_of_buffer(&value));
	buffer_free(&value);
	return rc;
}

enum status
forwarded_open(const struct content *content, struct forwarded_inner *out)
{
	struct bytes value = {0};

	*out = (struct forwarded_inner){.content = {0}};
	for (unsigned i = 0; i < content->type->field_count; i++)
		if (forwarded_field(content, content->type->fields[i].field->id, &value))
			return forwarded_parse(value, &out->forwarded) == STATUS_OK &&
			               leaf_parse(out->forwarded.proven.leaf, &out->leaf) ==
			                   STATUS_OK &&
			               forwarded_content(&out->forwarded, &out->leaf,
					   &out->content) == STATUS_OK
			           ? STATUS_OK
			           : STATUS_NOT_FOUND;
	return STATUS_NOT_FOUND;
}

void
forwarded_free(struct forwarded_inner *inner)
{
	content_free(&inner->content);
}
