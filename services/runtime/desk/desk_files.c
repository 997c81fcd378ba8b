/* services/runtime/desk/desk_files.c: documents in and out of the desk, a piece at a time. */
#include "services/runtime/desk/desk_files.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>

#include "protocol/host/lang.h"
#include "protocol/host/oplog.h"
#include "services/runtime/acts/acts_attach.h"
#include "services/runtime/desk/desk_answer.h"

#define DISPOSITION_MAX (64 + 3 * ATTACHMENT_NAME_MAX)

enum status
desk_files_begin(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	ask->code = 201;
	return acts_attach_begin(ask->service, &ask->actor, ask->body, answer, refusal);
}

enum status
desk_files_state(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_attach_state(ask->service, &ask->actor, ask->parts[2], answer, refusal);
}

static bool
read_offset(const struct desk_ask *ask, uint64_t *out)
{
	const char *text = desk_ask_query(ask, "offset");
	uint64_t offset = 0;

	if (text == NULL || *text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9' || offset > INT64_MAX / 10 - 9)
			return false;
		offset = offset * 10 + (uint64_t)(*text - '0');
	}
	*out = offset;
	return true;
}

static bool
take(void *state, uint8_t *out, size_t len)
{
	return evbuffer_remove(state, out, len) == (int)len;
}

enum status
desk_files_part(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(ask->request);
	struct document_part part = {evbuffer_get_length(in), in, take};
	uint64_t offset;

	if (!read_offset(ask, &offset)) {
		*refusal = desk_answer_refusal(STATUS_ARGUMENT, "offset",
		    N_("offset is the number of bytes that the document has so far"));
		return refusal->status;
	}
	if (part.len > ACTS_ATTACH_PART_MAX) {
		*refusal = desk_answer_refusal(
		    STATUS_TOO_LARGE, "", N_("a part has at most 2 MiB: send several"));
		return refusal->status;
	}
	return acts_attach_part(
	    ask->service, &ask->actor, ask->parts[2], offset, part, answer, refusal);
}

/* ---- Out --------------------------------------------------------------------------------- */

/* One document on its way to one connection. */
struct sending {
	struct service *service;
	struct evhttp_request *request;
	struct document_reader reader;
};

static void
release(struct sending *sending)
{
	suite_wipe(sending, sizeof(*sending));
	free(sending);
}

static void
left(struct evhttp_connection *connection, void *arg)
{
	(void)connection;
	release(arg);
}

static void send_next(struct sending *sending);

static void
sent(struct evhttp_connection *connection, void *arg)
{
	(void)connection;
	send_next(arg);
}

/* What cannot be opened is not ended as though it were whole: the connection is. */
static void
cut(struct sending *sending, enum status why)
{
	oplog(OPLOG_ERROR, "a document is cut off: %s", status_name(why));
	evhttp_connection_free(evhttp_request_get_connection(sending->request));
}

static void
send_next(struct sending *sending)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(sending->request);
	struct buffer piece = {0};
	struct evbuffer *out = evbuffer_new();
	enum status rc = acts_attach_read(sending->service, &sending->reader, &piece);

	if (rc == STATUS_OK &&
	    (piece.failed || out == NULL || evbuffer_add(out, piece.data, piece.len) != 0))
		rc = STATUS_NO_MEMORY;
	if (rc != STATUS_OK) {
		cut(sending, rc);
	} else if (piece.len == 0) {
		evhttp_connection_set_closecb(connection, NULL, NULL);
		evhttp_send_reply_end(sending->request);
		release(sending);
	} else {
		evhttp_send_reply_chunk_with_cb(sending->request, out, sent, sending);
	}
	if (out != NULL)
		evbuffer_free(out);
	buffer_free(&piece);
}

/* RFC 6266 and 8187: nothing of the name stands there as it is but letters and digits. */
static void
disposition(struct bytes name, char out[static DISPOSITION_MAX])
{
	size_t len = (size_t)snprintf(out, DISPOSITION_MAX, "attachment; filename*=UTF-8''");

	for (size_t i = 0; i < name.len && len + 4 < DISPOSITION_MAX; i++) {
		uint8_t c = name.data[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		             (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';

		len += (size_t)snprintf(
		    out + len, DISPOSITION_MAX - len, plain ? "%c" : "%%%02X", c);
	}
}

static void
add_headers(struct sending *sending, struct bytes name)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(sending->request);
	const struct attachment_row *row = &sending->reader.row;
	char text[DISPOSITION_MAX], length[24];

	disposition(name, text);
	snprintf(length, sizeof(length), "%" PRIu64, row->size);
	(void)evhttp_add_header(
	    headers, "Content-Type", filetype_media_type((enum filetype)row->type));
	(void)evhttp_add_header(headers, "Content-Length", length);
	(void)evhttp_add_header(headers, "Content-Disposition", text);
	(void)evhttp_add_header(headers, "Cache-Control", "no-store");
	(void)evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
	(void)evhttp_add_header(
	    headers, "Content-Security-Policy", "default-src 'none'; sandbox");
}

enum status
desk_files_get(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	struct sending *sending = calloc(1, sizeof(*sending));
	struct buffer name = {0};
	enum status rc;

	(void)answer;
	if (sending == NULL) {
		*refusal = desk_answer_refusal(STATUS_NO_MEMORY, "", "memory ran out");
		return STATUS_NO_MEMORY;
	}
	sending->service = ask->service;
	sending->request = ask->request;
	rc = acts_attach_open(
	    ask->service, &ask->actor, ask->parts[2], &sending->reader, &name, refusal);
	if (rc != STATUS_OK) {
		release(sending);
	} else {
		add_headers(sending, bytes_of_buffer(&name));
		evhttp_connection_set_closecb(
		    evhttp_request_get_connection(ask->request), left, sending);
		evhttp_send_reply_start(ask->request, 200, NULL);
		send_next(sending);
	}
	buffer_free(&name);
	return rc;
}
