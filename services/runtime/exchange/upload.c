/* services/runtime/exchange/upload.c: our documents to the broker, before the messages that cite them. */
#include "services/runtime/exchange/upload.h"

#include <string.h>

#include "protocol/host/oplog.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/outbox_store.h"

void
upload_reset(struct service *service)
{
	buffer_free(&service->upload.nodes);
	buffer_free(&service->upload.frame);
	service->upload = (struct upload){0};
}

/* ---- What the broker says ---------------------------------------------------------------- */

static bool
take_request(struct upload *up, uint32_t request)
{
	for (unsigned i = 0; i < up->request_count; i++) {
		if (up->requests[i] != request)
			continue;
		up->requests[i] = up->requests[--up->request_count];
		return true;
	}
	return false;
}

bool
upload_answer(struct service *service, const struct frame *frame)
{
	struct upload *up = &service->upload;
	struct frame_chunk_have have;
	struct frame_refused refused;

	if (!take_request(up, frame->request))
		return false;
	if (frame->command == COMMAND_REFUSED) {
		up->refused = frame_read_refused(frame->body, &refused) == STATUS_OK
		                  ? refused.code
		                  : STATUS_RATE_LIMITED;
		return true;
	}
	if (frame_read_chunk_have(frame->body, &have) != STATUS_OK || up->outbox_n == 0 ||
	    memcmp(have.attachment.root, up->cited[up->position].root, SUITE_HASH_LEN) != 0)
		return true;
	if (!up->known)
		up->next = have.held;
	up->known = true;
	if (have.held > up->held)
		up->held = have.held;
	return true;
}

/* ---- What goes out ----------------------------------------------------------------------- */

static bool
hand_over(struct service *service, const struct buffer *frame, uint32_t request)
{
	struct transport *transport = &service->transport;

	if (frame->failed ||
	    transport->send(transport->state, bytes_of_buffer(frame)) != STATUS_OK)
		return false;
	service->upload.requests[service->upload.request_count++] = request;
	return true;
}

static bool
ask(struct service *service)
{
	struct upload *up = &service->upload;
	const struct frame_chunk_have have = {.attachment = up->cited[up->position]};
	uint32_t request = service->transport.request(service->transport.state);
	struct buffer frame = {0};
	bool sent;

	frame_chunk_have(&have, request, &frame);
	sent = hand_over(service, &frame, request);
	buffer_free(&frame);
	return sent;
}

/* Chunk number N as it lies on the disk, with its path; it borrows from the service. */
static enum status
read_chunk(struct service *service, uint32_t n, struct frame_chunk *out)
{
	struct upload *up = &service->upload;
	size_t len;
	uint8_t *at;

	*out = (struct frame_chunk){.attachment = up->cited[up->position], .chunk = n};
	len = attachment_chunk_len(out->attachment.size, n);
	buffer_reset(&service->sealed);
	if ((at = buffer_extend(&service->sealed, len)) == NULL)
		return STATUS_NO_MEMORY;
	merkle_nodes_path((const struct merkle_hash *)up->nodes.data,
	    attachment_chunks(out->attachment.size), n, &out->path);
	out->sealed = bytes_of_buffer(&service->sealed);
	return attachment_files_read(service->files, up->row.id, n, at, len);
}

static enum status
send_chunk(struct service *service, bool *sent)
{
	struct upload *up = &service->upload;
	uint32_t request = service->transport.request(service->transport.state);
	struct frame_chunk chunk;
	enum status rc = read_chunk(service, up->next, &chunk);

	if (rc != STATUS_OK)
		return rc;
	frame_chunk(&chunk, request, &up->frame);
	*sent = hand_over(service, &up->frame, request);
	return STATUS_OK;
}

/*
 * Whether the first chunk that the broker does not hold is as it was sealed. It proves each one
 * before it takes it, so it is the one to find what our disk has changed.
 */
static bool
is_as_sealed(struct service *service)
{
	const struct upload *up = &service->upload;
	struct frame_chunk chunk;

	if (up->held >= attachment_chunks(up->cited[up->position].size))
		return true;
	return read_chunk(service, up->held, &chunk) == STATUS_OK &&
	       attachment_check_chunk(
		   &chunk.attachment, chunk.chunk, &chunk.path, chunk.sealed) == STATUS_OK;
}

static bool
send_chunks(struct service *service)
{
	struct upload *up = &service->upload;
	uint32_t count = attachment_chunks(up->cited[up->position].size);
	bool sent = true, any = false;

	while (sent && up->next < count && up->request_count < UPLOAD_WINDOW) {
		enum status rc = send_chunk(service, &sent);

		if (rc != STATUS_OK) {
			oplog(OPLOG_ERROR, "a document's chunk cannot be read back: %s",
			    status_name(rc));
			up->refused = STATUS_BAD_ATTACHMENT;
			return true;
		}
		any = any || sent;
		up->next += sent;
	}
	return any;
}

/* ---- Steps ------------------------------------------------------------------------------- */

/* Ends what is under way: ready to be sent, or refused. */
static void
end(struct service *service, enum status why)
{
	struct outbox_row row;
	enum status rc = service_begin(service);

	if (rc == STATUS_OK)
		rc = outbox_store_get(service->db, service->upload.outbox_n, &row);
	if (rc == STATUS_OK && why == STATUS_OK) {
		row.state = OUTBOX_WAITING;
		row.refusal = STATUS_OK;
		row.retry_ms = 0;
		rc = outbox_store_set(service->db, &row);
	} else if (rc == STATUS_OK) {
		rc = outbox_refuse(service, &row, why);
	}
	if (rc == STATUS_OK) {
		service_commit(service, "attachment");
	} else {
		service_rollback(service);
		oplog(OPLOG_WARNING, "a document's end is not stored: %s", status_name(rc));
	}
	upload_reset(service);
}

/* The whole tree over the chunks' leaves: every chunk's path comes from it. */
static enum status
load_nodes(struct service *service)
{
	struct upload *up = &service->upload;
	size_t count = attachment_chunks(up->cited[up->position].size);
	enum status rc;

	buffer_reset(&up->nodes);
	rc = attachment_store_blob(service->db, up->row.n, ATTACHMENT_LEAVES, &up->nodes);
	if (rc == STATUS_OK && up->nodes.len != count * sizeof(struct merkle_hash))
		rc = STATUS_NOT_FOUND;
	if (rc == STATUS_OK &&
	    buffer_extend(
		&up->nodes, (merkle_nodes(count) - count) * sizeof(struct merkle_hash)) == NULL)
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK)
		merkle_nodes_fill((struct merkle_hash *)up->nodes.data, count);
	return rc;
}

/* The document at POSITION becomes the one under way. */
static void
open_position(struct service *service)
{
	struct upload *up = &service->upload;
	enum status rc;

	up->known = false;
	up->held = up->next = 0;
	up->request_count = 0;
	rc = attachment_store_sealed(service->db, up->cited[up->position].root, &up->row);
	if (rc == STATUS_OK)
		rc = load_nodes(service);
	if (rc != STATUS_OK)
		up->refused = STATUS_BAD_ATTACHMENT;
	else if (!ask(service))
		upload_reset(service);
}

static bool
begin(struct service *service)
{
	struct upload *up = &service->upload;
	struct buffer frame = {0};
	struct envelope envelope;
	struct outbox_row row;
	bool found = outbox_store_after(service->db, OUTBOX_UPLOADING, service->now_ms, 0,
			 &row) == STATUS_OK &&
	             outbox_store_frame(service->db, row.n, &frame) == STATUS_OK &&
	             envelope_parse(bytes_of_buffer(&frame), &envelope) == STATUS_OK;

	if (found) {
		upload_reset(service);
		up->outbox_n = row.n;
		up->attachments = envelope.header.attachment_count;
		memcpy(up->cited, envelope.header.attachments, sizeof(up->cited));
		if (up->attachments > 0)
			open_position(service);
	}
	buffer_free(&frame);
	return found;
}

bool
upload_run(struct service *service)
{
	struct upload *up = &service->upload;

	if (!service->transport.ready(service->transport.state))
		return false;
	if (up->outbox_n == 0 && !begin(service))
		return false;
	if (up->outbox_n == 0)
		return false; /* the link takes nothing now */
	if (up->refused == STATUS_BAD_CHUNK && up->request_count == 0) {
		up->refused = is_as_sealed(service) ? STATUS_OK : STATUS_BAD_ATTACHMENT;
		/* If so, it forgot what we were told it holds: asked again. */
		if (up->refused == STATUS_OK)
			open_position(service);
		return true;
	}
	if (up->refused != STATUS_OK && up->refused != STATUS_BAD_CHUNK) {
		end(service, up->refused);
		return true;
	}
	if (up->position < up->attachments &&
	    (!up->known || up->held < attachment_chunks(up->cited[up->position].size)))
		return up->known && up->refused == STATUS_OK && send_chunks(service);
	if (++up->position < up->attachments)
		open_position(service);
	else
		end(service, STATUS_OK);
	return true;
}
