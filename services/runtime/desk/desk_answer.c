/* services/runtime/desk/desk_answer.c: turns results and refusals into HTTP answers. */
#include "services/runtime/desk/desk_answer.h"

#include <stdio.h>
#include <string.h>

#include <event2/buffer.h>

/* Unlisted statuses a peer may cause are 422, others 500. */
static const struct {
	enum status status;
	int code;
} codes[] = {
    {STATUS_OK, 200},
    {STATUS_ARGUMENT, 400},
    {STATUS_MALFORMED, 400},
    {STATUS_NOT_SIGNED_IN, 401},
    {STATUS_BAD_SIGN_IN, 401},
    {STATUS_NOT_ALLOWED, 403},
    {STATUS_NOT_PERMITTED, 403},
    {STATUS_NOT_YOURS, 403},
    {STATUS_SUSPENDED, 403},
    {STATUS_NOT_FOUND, 404},
    {STATUS_NO_SUCH_ENTRY, 404},
    {STATUS_WRONG_STATE, 409},
    {STATUS_ID_CONFLICT, 409},
    {STATUS_ERASED, 410},
    {STATUS_TOO_LARGE, 413},
    {STATUS_RATE_LIMITED, 429},
    {STATUS_AGAIN, 503},
    {STATUS_NOT_READY, 503},
    {STATUS_NO_MEMORY, 503},
    {STATUS_STALE_DIRECTORY, 503},
    {STATUS_NO_SPACE, 507},
    {STATUS_ATTACHMENTS_FULL, 507},
    {STATUS_ATTACHMENT_TOO_LARGE, 413},
    {STATUS_FILE_TYPE, 415},
};

int
desk_answer_code(enum status status)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].status == status)
			return codes[i].code;
	}
	return status >= 100 && status < 200 ? 422 : 500;
}

static void
add_header(struct evhttp_request *request, const char *name, const char *value)
{
	/* A header that found no memory is left out; the answer stays true. */
	(void)evhttp_add_header(evhttp_request_get_output_headers(request), name, value);
}

static void
send_bytes(struct evhttp_request *request, int code, const char *type, struct bytes body)
{
	struct evbuffer *out = evbuffer_new();

	if (out == NULL || evbuffer_add(out, body.data, body.len) != 0) {
		evhttp_send_error(request, 503, NULL);
		goto done;
	}
	add_header(request, "Content-Type", type);
	add_header(request, "Cache-Control", "no-store");
	add_header(request, "X-Content-Type-Options", "nosniff");
	evhttp_send_reply(request, code, NULL, out);
done:
	if (out != NULL)
		evbuffer_free(out);
}

static void
send_json(struct evhttp_request *request, int code, const char *type, json_t *value)
{
	char *text = value != NULL ? json_dumps(value, JSON_COMPACT) : NULL;

	json_decref(value);
	if (text == NULL) {
		evhttp_send_error(request, 503, NULL);
		return;
	}
	send_bytes(request, code, type, bytes_of_text(text));
	free(text);
}

void
desk_answer_json(struct evhttp_request *request, json_t *answer)
{
	send_json(request, 200, "application/json", answer);
}

void
desk_answer_json_as(struct evhttp_request *request, int code, json_t *answer)
{
	send_json(request, code, "application/json", answer);
}

void
desk_answer_text(struct evhttp_request *request, const char *type, struct bytes text)
{
	send_bytes(request, 200, type, text);
}

void
desk_answer_file(struct evhttp_request *request, struct bytes text, const char *name)
{
	char disposition[160];

	snprintf(disposition, sizeof(disposition), "attachment; filename=\"%s\"", name);
	add_header(request, "Content-Disposition", disposition);
	send_bytes(request, 200, "text/plain; charset=utf-8", text);
}

static void
add_template(json_t *problem, const struct refusal *refusal)
{
	json_t *values = json_array();

	/* What finds no memory is left out; "detail" has it all in English. */
	for (unsigned i = 0; i < refusal->value_count; i++)
		(void)json_array_append_new(values, json_string(refusal->values[i]));
	(void)json_object_set_new(problem, "template", json_string(refusal->template));
	(void)json_object_set_new(problem, "values", values);
}

static json_t *
problem_json(int code, const struct refusal *refusal)
{
	const char *name = status_name(refusal->status);
	char type[64];
	json_t *problem;

	snprintf(type, sizeof(type), "urn:saikne:%s", name);
	problem = json_pack("{ss ss si ss ss}", "type", type, "title",
	    status_meaning(refusal->status), "status", code, "detail",
	    refusal->detail[0] != '\0' ? refusal->detail : status_meaning(refusal->status),
	    "remedy", status_remedy(refusal->status));
	if (problem != NULL && refusal->field[0] != '\0')
		(void)json_object_set_new(problem, "field", json_string(refusal->field));
	if (problem != NULL && refusal->template != NULL)
		add_template(problem, refusal);
	return problem;
}

void
desk_answer_problem(struct evhttp_request *request, int code, const struct refusal *refusal)
{
	if (code == 0)
		code = desk_answer_code(refusal->status);
	if (code == 401) /* RFC 9110 wants it */
		add_header(request, "WWW-Authenticate", "Bearer");
	send_json(request, code, "application/problem+json", problem_json(code, refusal));
}

char *
desk_answer_problem_text(int code, const struct refusal *refusal)
{
	json_t *problem = problem_json(code, refusal);
	char *text = problem != NULL ? json_dumps(problem, JSON_COMPACT) : NULL;

	json_decref(problem);
	return text;
}

struct refusal
desk_answer_refusal(enum status status, const char *field, const char *detail)
{
	struct refusal refusal = {.status = status};

	snprintf(refusal.field, sizeof(refusal.field), "%s", field);
	snprintf(refusal.detail, sizeof(refusal.detail), "%s", detail);
	return refusal;
}
