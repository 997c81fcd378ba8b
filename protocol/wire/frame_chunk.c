/* protocol/wire/frame_chunk.c: the commands that carry pieces of attachments. */
#include "protocol/wire/frame.h"

static void
put_attachment(struct buffer *out, const struct envelope_attachment *attachment)
{
	pack_bin(out, BYTES(attachment->root));
	pack_uint(out, attachment->size);
}

static void
get_attachment(struct pack_in *in, struct envelope_attachment *out)
{
	pack_in_copy(in, out->root, sizeof(out->root));
	out->size = pack_in_uint(in, ENVELOPE_NUMBER_MAX);
	if (in->doc->rc != STATUS_OK)
		return;
	if (out->size > ATTACHMENT_SIZE_MAX)
		pack_fail(in, STATUS_ATTACHMENT_TOO_LARGE);
	else if (!attachment_is_size(out->size))
		pack_fail(in, STATUS_MALFORMED);
}

void
frame_chunk(const struct frame_chunk *chunk, uint32_t request, struct buffer *out)
{
	frame_start(COMMAND_CHUNK, request, out);
	pack_array(out, 5);
	put_attachment(out, &chunk->attachment);
	pack_uint(out, chunk->chunk);
	pack_array(out, chunk->path.len);
	for (uint32_t i = 0; i < chunk->path.len; i++)
		pack_bin(out, BYTES(chunk->path.hash[i].byte));
	pack_bin(out, chunk->sealed);
}

enum status
frame_read_chunk(struct bytes body, struct frame_chunk *out)
{
	struct pack_in in, path;
	struct pack_doc doc;

	*out = (struct frame_chunk){0};
	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	get_attachment(&in, &out->attachment);
	out->chunk = (uint32_t)pack_in_uint(&in, ATTACHMENT_CHUNKS_MAX - 1);
	path = pack_in_array(&in, 0, ATTACHMENT_PATH_MAX);
	while (pack_in_more(&path) && out->path.len < ATTACHMENT_PATH_MAX)
		pack_in_copy(&path, out->path.hash[out->path.len++].byte, SUITE_HASH_LEN);
	pack_end(&path);
	out->sealed = pack_in_bin(&in, 0, ATTACHMENT_SEALED_CHUNK);
	pack_end(&in);
	if (doc.rc == STATUS_OK &&
	    (out->chunk >= attachment_chunks(out->attachment.size) ||
		out->sealed.len != attachment_chunk_len(out->attachment.size, out->chunk)))
		pack_fail(&in, STATUS_BAD_CHUNK);
	return pack_close(&doc);
}

void
frame_chunk_have(const struct frame_chunk_have *have, uint32_t request, struct buffer *out)
{
	frame_start(COMMAND_CHUNK_HAVE, request, out);
	pack_array(out, 3);
	put_attachment(out, &have->attachment);
	pack_uint(out, have->held);
}

enum status
frame_read_chunk_have(struct bytes body, struct frame_chunk_have *out)
{
	struct pack_doc doc;
	struct pack_in in;

	*out = (struct frame_chunk_have){0};
	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	get_attachment(&in, &out->attachment);
	out->held = (uint32_t)pack_in_uint(&in, ATTACHMENT_CHUNKS_MAX);
	pack_end(&in);
	if (doc.rc == STATUS_OK && out->held > attachment_chunks(out->attachment.size))
		pack_fail(&in, STATUS_MALFORMED);
	return pack_close(&doc);
}
