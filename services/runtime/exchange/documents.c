/* services/runtime/exchange/documents.c: one document's keys and chunks, sealed and opened. */
#include "services/runtime/exchange/documents.h"

#include <stdio.h>
#include <string.h>

#include "services/runtime/exchange/service.h"

static const char table[] = "attachments";

/* ---- Files ------------------------------------------------------------------------------- */

static bool
is_known(void *state, const uint8_t id[static SUITE_ID_LEN])
{
	struct service *service = state;
	struct attachment_row row;

	enum status rc = attachment_store_find(service->db, id, &row);

	/* In doubt it stays. */
	return rc != STATUS_NOT_FOUND && (rc != STATUS_OK || row.size > 0);
}

enum status
documents_open(struct service *service)
{
	char folder[4096];
	enum status rc;

	if ((size_t)snprintf(folder, sizeof(folder), "%s-files", service->config.database) >=
	    sizeof(folder))
		return STATUS_BAD_CONFIG;
	if ((rc = attachment_files_open(folder, &service->files)) == STATUS_OK)
		attachment_files_sweep(service->files, is_known, service);
	return rc;
}

void
documents_close(struct service *service)
{
	attachment_files_close(service->files);
	service->files = NULL;
	buffer_free(&service->sealed);
}

/* ---- What is sealed ---------------------------------------------------------------------- */

static enum status
seal(struct service *service, const struct case_key *key, uint64_t n, const char *column,
    struct bytes plain, struct buffer *out)
{
	const struct vault_place place = {table, n, column};

	return key != NULL ? vault_seal(key, &place, plain, out)
	                   : vault_seal_own(service->vault, &place, plain, out);
}

static enum status
unseal(struct service *service, const struct case_key *key, uint64_t n,
    enum attachment_blob which, const char *column, struct buffer *out)
{
	const struct vault_place place = {table, n, column};
	struct buffer sealed = {0};
	enum status rc = attachment_store_blob(service->db, n, which, &sealed);

	if (rc == STATUS_OK)
		rc = key != NULL ? vault_open(key, &place, bytes_of_buffer(&sealed), out)
		                 : vault_open_own(
				       service->vault, &place, bytes_of_buffer(&sealed), out);
	buffer_free(&sealed);
	return rc;
}

/* Plain structs of bytes: as they stand, without padding between. */
static enum status
unseal_struct(struct service *service, const struct case_key *key, uint64_t n,
    enum attachment_blob which, const char *column, void *out, size_t size)
{
	struct buffer plain = {0};
	enum status rc = unseal(service, key, n, which, column, &plain);

	if (rc == STATUS_OK && plain.len != size)
		rc = STATUS_CANNOT_OPEN;
	if (rc == STATUS_OK)
		memcpy(out, plain.data, size);
	buffer_free(&plain);
	return rc;
}

static struct bytes
view_of(const void *data, size_t len)
{
	return (struct bytes){data, len};
}

enum status
documents_add(struct service *service, struct attachment_row *row, const struct case_key *key,
    const struct document_secret *secret, struct bytes name, const struct document_look *look)
{
	struct buffer sealed = {0}, sealed_name = {0}, sealed_look = {0};
	enum status rc = attachment_store_next(service->db, &row->n);

	suite_random(row->id, sizeof(row->id));
	if (rc == STATUS_OK)
		rc = seal(
		    service, key, row->n, "secret", view_of(secret, sizeof(*secret)), &sealed);
	if (rc == STATUS_OK)
		rc = seal(service, key, row->n, "name", name, &sealed_name);
	if (rc == STATUS_OK)
		rc = seal(
		    service, key, row->n, "look", view_of(look, sizeof(*look)), &sealed_look);
	if (rc == STATUS_OK)
		rc = attachment_store_add(service->db, row, bytes_of_buffer(&sealed),
		    bytes_of_buffer(&sealed_name), bytes_of_buffer(&sealed_look));
	buffer_free(&sealed);
	buffer_free(&sealed_name);
	buffer_free(&sealed_look);
	return rc;
}

enum status
documents_move(struct service *service, const struct attachment_row *row,
    const struct case_key *key, const struct document_look *look, struct bytes leaves)
{
	struct buffer sealed = {0};
	enum status rc;

	/* Once it is whole there is nothing to go on with. */
	rc = seal(service, key, row->n, "look", view_of(look, row->whole ? 0 : sizeof(*look)),
	    &sealed);
	if (rc == STATUS_OK)
		rc = attachment_store_move(service->db, row, bytes_of_buffer(&sealed), leaves);
	buffer_free(&sealed);
	return rc;
}

/* ROW is under another key from now on, and holds nothing yet; in the open transaction. */
static enum status
renew(struct service *service, const struct attachment_row *row, const struct case_key *key,
    const struct document_secret *secret, const struct document_look *look)
{
	const uint8_t none[1] = {0};
	struct buffer sealed = {0};
	enum status rc =
	    seal(service, key, row->n, "secret", view_of(secret, sizeof(*secret)), &sealed);

	if (rc == STATUS_OK)
		rc = attachment_store_renew(service->db, row->n, bytes_of_buffer(&sealed));
	if (rc == STATUS_OK)
		rc = documents_move(service, row, key, look, (struct bytes){none, 0});
	buffer_free(&sealed);
	return rc;
}

enum status
documents_secret(struct service *service, const struct attachment_row *row,
    const struct case_key *key, struct document_secret *out)
{
	return unseal_struct(
	    service, key, row->n, ATTACHMENT_SECRET, "secret", out, sizeof(*out));
}

enum status
documents_name(struct service *service, const struct attachment_row *row,
    const struct case_key *key, struct buffer *out)
{
	return unseal(service, key, row->n, ATTACHMENT_NAME, "name", out);
}

enum status
documents_look(struct service *service, const struct attachment_row *row,
    const struct case_key *key, struct document_look *out)
{
	return unseal_struct(service, key, row->n, ATTACHMENT_LOOK, "look", out, sizeof(*out));
}

enum status
documents_claim(struct service *service, struct attachment_row *row, uint64_t case_n,
    const struct case_key *key)
{
	struct buffer name = {0}, sealed = {0}, sealed_name = {0};
	struct document_secret secret = {0};
	enum status rc = documents_secret(service, row, NULL, &secret);

	if (rc == STATUS_OK)
		rc = documents_name(service, row, NULL, &name);
	if (rc == STATUS_OK)
		rc = seal(
		    service, key, row->n, "secret", view_of(&secret, sizeof(secret)), &sealed);
	if (rc == STATUS_OK)
		rc = seal(service, key, row->n, "name", bytes_of_buffer(&name), &sealed_name);
	if (rc == STATUS_OK)
		rc = attachment_store_claim(service->db, row->n, case_n,
		    bytes_of_buffer(&sealed), bytes_of_buffer(&sealed_name));
	if (rc == STATUS_OK)
		row->case_n = case_n;
	suite_wipe(&secret, sizeof(secret));
	buffer_free(&name);
	buffer_free(&sealed);
	buffer_free(&sealed_name);
	return rc;
}

/* ---- Writing our own --------------------------------------------------------------------- */

uint64_t
documents_offset(const struct attachment_row *row)
{
	return row->whole ? row->size : (uint64_t)row->done * ATTACHMENT_CHUNK;
}

enum status
documents_seal(struct service *service, struct attachment_row *row, struct document_look *look,
    struct bytes piece, struct buffer *leaves)
{
	bool last = row->done + 1 == attachment_chunks(attachment_sealed_size(row->size));
	struct buffer *sealed = &service->sealed;
	uint8_t *room;
	struct merkle_hash leaf;
	enum status rc = filetype_look(&look->seen, piece, last);

	if (rc != STATUS_OK)
		return rc;
	buffer_reset(sealed);
	if ((room = buffer_extend(sealed, piece.len + SUITE_STREAM_OVERHEAD)) == NULL)
		return STATUS_NO_MEMORY;
	row->type = look->seen.type;
	suite_stream_seal(&look->stream, piece, last, room);
	rc =
	    attachment_files_write(service->files, row->id, row->done, bytes_of_buffer(sealed));
	if (rc != STATUS_OK)
		return rc;
	/* Hashed while it is on its way to the disk. */
	attachment_leaf(bytes_of_buffer(sealed), &leaf);
	buffer_append(leaves, BYTES(leaf.byte));
	if (leaves->failed)
		return STATUS_NO_MEMORY;
	row->done++;
	row->whole = last;
	return STATUS_OK;
}

static void
find_root(struct attachment_row *row, const struct buffer *leaves)
{
	struct merkle_hash all[ATTACHMENT_CHUNKS_MAX], root;

	memcpy(all, leaves->data, leaves->len);
	merkle_root(all, row->done, &root);
	memcpy(row->root, root.byte, sizeof(row->root));
}

enum status
documents_keep(struct service *service, struct attachment_row *row, const struct case_key *key,
    const struct document_look *look, const struct buffer *leaves)
{
	enum status rc = attachment_files_sync(service->files, row->id);

	if (rc != STATUS_OK)
		return rc;
	if (row->whole)
		find_root(row, leaves);
	if ((rc = service_begin(service)) != STATUS_OK)
		return rc;
	rc = documents_move(service, row, key, look, bytes_of_buffer(leaves));
	return service_end(service, rc, "attachment");
}

static enum status
append_chunks(struct service *service, struct attachment_row *row, struct document_look *look,
    struct document_part *part, struct buffer *leaves)
{
	struct buffer piece = {0};
	enum status rc = STATUS_OK;
	uint8_t *room;

	while (rc == STATUS_OK && part->len > 0) {
		uint64_t left = row->size - documents_offset(row);
		size_t len = left < ATTACHMENT_CHUNK ? (size_t)left : ATTACHMENT_CHUNK;

		if (part->len < len)
			break;
		buffer_reset(&piece);
		if ((room = buffer_extend(&piece, len)) == NULL ||
		    !part->take(part->state, room, len))
			rc = STATUS_NO_MEMORY;
		else
			rc =
			    documents_seal(service, row, look, bytes_of_buffer(&piece), leaves);
		part->len -= len;
	}
	buffer_free(&piece);
	return rc;
}

/*
 * What was sealed may be on the disk, though it does not count: were other bytes sealed in its
 * place, one state would have served two texts. So the document begins anew, under a new key.
 */
static enum status
begin_anew(struct service *service, struct attachment_row *row, const struct case_key *key)
{
	struct attachment_row fresh = *row;
	struct document_secret secret;
	struct document_look look = {0};
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	fresh.done = 0;
	fresh.type = 0;
	suite_random(secret.key, sizeof(secret.key));
	suite_stream_start(secret.key, secret.header, &look.stream);
	rc = renew(service, &fresh, key, &secret, &look);
	suite_wipe(&secret, sizeof(secret));
	suite_wipe(&look, sizeof(look));
	if (rc != STATUS_OK) {
		service_rollback(service);
		return rc;
	}
	attachment_files_remove(service->files, row->id);
	service_commit(service, "attachment");
	*row = fresh;
	return STATUS_OK;
}

enum status
documents_append(struct service *service, struct attachment_row *row,
    const struct case_key *key, uint64_t offset, struct document_part part)
{
	struct document_look look = {0};
	struct attachment_row moved;
	struct buffer leaves = {0};
	bool cut_off =
	    !row->whole && attachment_files_beyond(service->files, row->id, row->done);
	enum status rc, renewed;

	if (cut_off && (rc = begin_anew(service, row, key)) != STATUS_OK)
		return rc;
	if (row->whole || offset != documents_offset(row))
		return STATUS_WRONG_STATE;
	if (part.len > row->size - offset)
		return STATUS_ARGUMENT;
	moved = *row;
	rc = attachment_store_blob(service->db, row->n, ATTACHMENT_LEAVES, &leaves);
	if (rc == STATUS_OK)
		rc = documents_look(service, row, key, &look);
	if (rc == STATUS_OK)
		rc = append_chunks(service, &moved, &look, &part, &leaves);
	if (rc == STATUS_OK && moved.done == row->done)
		rc = STATUS_ARGUMENT;
	if (rc == STATUS_OK)
		rc = documents_keep(service, &moved, key, &look, &leaves);
	if (rc == STATUS_OK)
		*row = moved;
	else if (attachment_files_beyond(service->files, row->id, row->done) &&
		 (renewed = begin_anew(service, row, key)) != STATUS_OK)
		rc = renewed;
	suite_wipe(&look, sizeof(look));
	buffer_free(&leaves);
	return rc;
}

/* ---- Reading ----------------------------------------------------------------------------- */

enum status
documents_read_start(struct service *service, const struct attachment_row *row,
    const struct case_key *key, struct document_reader *out)
{
	struct document_secret secret;
	enum status rc = documents_secret(service, row, key, &secret);

	if (rc != STATUS_OK)
		return rc;
	*out = (struct document_reader){.row = *row};
	rc = suite_stream_resume(secret.key, secret.header, &out->stream);
	suite_wipe(&secret, sizeof(secret));
	return rc;
}

enum status
documents_read(struct service *service, struct document_reader *reader, struct buffer *out)
{
	uint64_t size = attachment_sealed_size(reader->row.size);
	size_t len = attachment_chunk_len(size, reader->chunk);
	struct buffer *sealed = &service->sealed;
	uint8_t *from, *to;
	enum status rc = STATUS_NO_MEMORY;

	if (len == 0)
		return STATUS_OK;
	buffer_reset(sealed);
	from = buffer_extend(sealed, len);
	to = buffer_extend(out, len - SUITE_STREAM_OVERHEAD);
	if (from != NULL && to != NULL)
		rc = attachment_files_read(
		    service->files, reader->row.id, reader->chunk, from, len);
	if (rc == STATUS_OK)
		rc = suite_stream_open(&reader->stream, bytes_of_buffer(sealed),
		    reader->chunk + 1 == attachment_chunks(size), to);
	reader->chunk++;
	return rc == STATUS_CANNOT_OPEN || rc == STATUS_NOT_FOUND ? STATUS_BAD_ATTACHMENT : rc;
}

/* ---- What is due ------------------------------------------------------------------------- */

static enum status
let_go(struct service *service, const struct attachment_row *row)
{
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	rc = row->source != 0 ? attachment_store_drop(service->db, row->n)
	                      : attachment_store_remove(service->db, row->n);
	if (service_end(service, rc, "attachment") != STATUS_OK)
		return rc;
	attachment_files_remove(service->files, row->id);
	return STATUS_OK;
}

enum status
documents_tend(struct service *service)
{
	uint64_t now = service->now_ms;
	uint64_t before = now > DOCUMENTS_IDLE_MS ? now - DOCUMENTS_IDLE_MS : 0;
	struct attachment_row row;
	enum status rc;

	do {
		rc = attachment_store_idle(service->db, before, &row);
		if (rc == STATUS_NOT_FOUND)
			rc = attachment_store_spent(service->db, &row);
		if (rc == STATUS_OK)
			rc = let_go(service, &row);
	} while (rc == STATUS_OK);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}
