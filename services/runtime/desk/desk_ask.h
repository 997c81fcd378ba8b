/* services/runtime/desk/desk_ask.h: one request at the desk, checked before anything acts on it. */
#ifndef SAIKNE_DESK_ASK_H
#define SAIKNE_DESK_ASK_H

#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <sys/queue.h>

#include "services/runtime/acts/acts.h"
#include "services/runtime/people/credential.h"

#define DESK_BODY_MAX   (256 * 1024)
#define DESK_PUT_MAX    (2 * 1024 * 1024) /* a part of a document */
#define DESK_HEADER_MAX (8 * 1024)
#define DESK_PARTS_MAX  5
#define DESK_PART_MAX   64 /* bytes of one part of a path */

struct desk_events;
struct sign_in;

struct desk_ask {
	struct evhttp_request *request;
	struct service *service;
	struct desk_events *events;
	struct sign_in *sign_in;
	struct actor actor;
	struct credential credential; /* what ACTOR showed, where HAS_CREDENTIAL */
	bool has_credential;
	char source[32]; /* whose failed sign-ins count together */
	bool shared;     /* by the whole house */
	int code;        /* of a good answer, where it is not 200 */
	bool keeps;      /* the answer is a stream, which does not end */
	/* "/v1/tasks/7f/accept" is { "v1", "tasks", "7f", "accept" }. */
	char parts[DESK_PARTS_MAX][DESK_PART_MAX + 1];
	unsigned part_count;
	struct evkeyvalq query;
	json_t *body; /* an object; NULL for GET */
};

/* Zeroed and safe to release. */
void desk_ask_start(struct desk_ask *ask, struct evhttp_request *request);
void desk_ask_release(struct desk_ask *ask);

/*
 * Refuses what HTTP leaves open to doubt: no or two Host headers, two Content-Lengths,
 * Content-Length beside Transfer-Encoding, a body where none belongs. The connection must
 * close after it: what follows may be part of the same request.
 */
MUST_CHECK enum status desk_ask_check_headers(
    const struct desk_ask *ask, struct refusal *refusal);
/* Splits the path; STATUS_NOT_FOUND for one no route can have. */
MUST_CHECK enum status desk_ask_read_path(struct desk_ask *ask);
/* Only names in KNOWN (NULL ends them), each at most once. */
MUST_CHECK enum status desk_ask_read_query(
    struct desk_ask *ask, const char *const *known, struct refusal *refusal);
/* One JSON object; STATUS_MALFORMED otherwise. The detail never quotes the body. */
MUST_CHECK enum status desk_ask_read_body(struct desk_ask *ask, struct refusal *refusal);
bool desk_ask_is_json(const struct desk_ask *ask);

/* NULL when there is none. */
const char *desk_ask_header(const struct desk_ask *ask, const char *name);
/* NULL when the query has none. */
const char *desk_ask_query(const struct desk_ask *ask, const char *name);

#endif
