/* services/runtime/desk/desk_ask.c: reads a request strictly: headers, path, query, JSON body. */
#include "services/runtime/desk/desk_ask.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <event2/buffer.h>

#include "services/runtime/desk/desk_answer.h"

void
desk_ask_start(struct desk_ask *ask, struct evhttp_request *request)
{
	memset(ask, 0, sizeof(*ask));
	ask->request = request;
	TAILQ_INIT(&ask->query);
}

void
desk_ask_release(struct desk_ask *ask)
{
	evhttp_clear_headers(&ask->query);
	json_decref(ask->body);
	ask->body = NULL;
}

static unsigned
count_headers(const struct desk_ask *ask, const char *name)
{
	const struct evkeyvalq *headers = evhttp_request_get_input_headers(ask->request);
	const struct evkeyval *header;
	unsigned count = 0;

	TAILQ_FOREACH(header, headers, next)
	count += strcasecmp(header->key, name) == 0;
	return count;
}

const char *
desk_ask_header(const struct desk_ask *ask, const char *name)
{
	return evhttp_find_header(evhttp_request_get_input_headers(ask->request), name);
}

enum status
desk_ask_check_headers(const struct desk_ask *ask, struct refusal *refusal)
{
	const char *length = desk_ask_header(ask, "Content-Length");
	unsigned lengths = count_headers(ask, "Content-Length");
	bool coded = desk_ask_header(ask, "Transfer-Encoding") != NULL;
	const char *fault = NULL;

	if (count_headers(ask, "Host") != 1)
		fault = "send exactly one Host header";
	else if (count_headers(ask, "Authorization") > 1 || count_headers(ask, "Origin") > 1)
		fault = "send one Authorization and one Origin at most";
	else if (lengths > 1)
		fault = "send one Content-Length only";
	else if (coded && (lengths > 0 || count_headers(ask, "Transfer-Encoding") > 1))
		fault = "send either Content-Length or one Transfer-Encoding";
	else if (coded && strcasecmp(desk_ask_header(ask, "Transfer-Encoding"), "chunked") != 0)
		fault = "the only Transfer-Encoding taken is chunked";
	else if (evhttp_request_get_command(ask->request) != EVHTTP_REQ_POST &&
		 evhttp_request_get_command(ask->request) != EVHTTP_REQ_PUT &&
		 (coded || (length != NULL && strcmp(length, "0") != 0)))
		fault = "only POST and PUT take a body";
	if (fault == NULL)
		return STATUS_OK;
	*refusal = desk_answer_refusal(STATUS_MALFORMED, "", fault);
	return refusal->status;
}

/* Names and identifiers need no escapes, so none are decoded. */
static bool
is_part(struct bytes part)
{
	if (part.len == 0 || part.len > DESK_PART_MAX)
		return false;
	for (size_t i = 0; i < part.len; i++) {
		uint8_t c = part.data[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			(c >= 'A' && c <= 'Z') || c == '-' || c == '_' || (c == '.' && i > 0)))
			return false;
	}
	return true;
}

enum status
desk_ask_read_path(struct desk_ask *ask)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(ask->request);
	const char *at = uri != NULL ? evhttp_uri_get_path(uri) : NULL;

	if (at == NULL)
		return STATUS_NOT_FOUND;
	while (*at == '/') {
		size_t len = strcspn(++at, "/");
		struct bytes part = {(const uint8_t *)at, len};

		if (ask->part_count == DESK_PARTS_MAX || !is_part(part) ||
		    !bytes_to_text(part, ask->parts[ask->part_count], sizeof(ask->parts[0])))
			return STATUS_NOT_FOUND;
		ask->part_count++;
		at += len;
	}
	return *at == '\0' ? STATUS_OK : STATUS_NOT_FOUND;
}

static bool
is_known(const char *const *known, const char *name)
{
	for (; *known != NULL; known++) {
		if (strcmp(*known, name) == 0)
			return true;
	}
	return false;
}

enum status
desk_ask_read_query(struct desk_ask *ask, const char *const *known, struct refusal *refusal)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(ask->request);
	const char *query = uri != NULL ? evhttp_uri_get_query(uri) : NULL;
	const struct evkeyval *pair, *other;

	if (query == NULL)
		return STATUS_OK;
	if (evhttp_parse_query_str(query, &ask->query) != 0) {
		*refusal = desk_answer_refusal(
		    STATUS_ARGUMENT, "", "the query must be name=value, joined by &");
		return refusal->status;
	}
	TAILQ_FOREACH(pair, &ask->query, next)
	{
		if (!is_known(known, pair->key)) {
			*refusal = desk_answer_refusal(STATUS_ARGUMENT, "",
			    "the query has a name that this address does not know");
			return refusal->status;
		}
		for (other = TAILQ_NEXT(pair, next); other; other = TAILQ_NEXT(other, next)) {
			if (strcmp(pair->key, other->key) != 0)
				continue;
			*refusal = desk_answer_refusal(
			    STATUS_ARGUMENT, pair->key, "the query has this name twice");
			return refusal->status;
		}
	}
	return STATUS_OK;
}

bool
desk_ask_is_json(const struct desk_ask *ask)
{
	static const char json[] = "application/json";
	const char *type = desk_ask_header(ask, "Content-Type");
	size_t len = sizeof(json) - 1;

	if (type == NULL || count_headers(ask, "Content-Type") != 1)
		return false;
	return strncasecmp(type, json, len) == 0 && strchr("; \t", type[len]) != NULL;
}

enum status
desk_ask_read_body(struct desk_ask *ask, struct refusal *refusal)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(ask->request);
	size_t len = evbuffer_get_length(in);
	const char *data = (const char *)evbuffer_pullup(in, -1);
	char detail[120];
	json_error_t error;

	if (len == 0) {
		*refusal = desk_answer_refusal(STATUS_MALFORMED, "",
		    "the request has no body; send a JSON object, {} at least");
		return refusal->status;
	}
	ask->body = json_loadb(data, len, JSON_REJECT_DUPLICATES, &error);
	if (ask->body != NULL && json_is_object(ask->body))
		return STATUS_OK;
	/* Never the parser's own text: it quotes what it read. */
	if (ask->body != NULL)
		snprintf(detail, sizeof(detail), "the body must be a JSON object");
	else
		snprintf(detail, sizeof(detail),
		    "the body is not JSON as RFC 8259 has it (line %d, column %d)", error.line,
		    error.column);
	*refusal = desk_answer_refusal(STATUS_MALFORMED, "", detail);
	return refusal->status;
}

const char *
desk_ask_query(const struct desk_ask *ask, const char *name)
{
	return evhttp_find_header(&ask->query, name);
}
