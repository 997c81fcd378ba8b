/* services/runtime/desk/desk_people.c: sign-in, sessions, people and tokens over HTTP. */
#include "services/runtime/desk/desk_people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/host/clock.h"
#include "protocol/host/lang.h"
#include "services/runtime/acts/acts_people.h"
#include "services/runtime/desk/desk_answer.h"
#include "services/runtime/desk/desk_routes.h"
#include "services/runtime/people/sign_in.h"

#define CREATED 201

/* ---- What is answered later -------------------------------------------------------------- */

/* A request whose answer waits for a hash. */
struct waiting {
	struct evhttp_request *request;
	struct sign_in *sign_in;
};

/* The connection is going down, by either side; see desk_events.c on who releases what. */
static void
leave(struct evhttp_connection *connection, void *arg)
{
	struct waiting *waiting = arg;

	(void)connection;
	sign_in_forget(waiting->sign_in, waiting);
	if (evhttp_request_get_connection(waiting->request) == NULL)
		evhttp_send_reply_end(waiting->request);
	free(waiting);
}

static json_t *
time_or_null(uint64_t ms)
{
	char text[21];

	if (ms == 0)
		return json_null();
	clock_format(ms, text);
	return json_string(text);
}

static const char *
role_name(const struct sign_in_answer *answer)
{
	return service_role_name(answer->actor.role);
}

static void
on_done(void *state, const struct sign_in_answer *answer)
{
	struct waiting *waiting = state;
	struct evhttp_request *request = waiting->request;
	struct refusal refusal;

	evhttp_connection_set_closecb(evhttp_request_get_connection(request), NULL, NULL);
	free(waiting);
	if (answer->status != STATUS_OK) {
		refusal = (struct refusal){.status = answer->status};
		desk_answer_problem(request, 0, &refusal);
		return;
	}
	desk_answer_json_as(request, CREATED,
	    json_pack("{s:s, s:o, s:I, s:s, s:s, s:I, s:o}", "token", answer->token, "expires",
		time_or_null(answer->until_ms), "person", (json_int_t)answer->actor.person,
		"user", answer->actor.user, "role", role_name(answer), "failed",
		(json_int_t)answer->failures, "failed_since",
		time_or_null(answer->failures > 0 ? answer->failed_since_ms : 0)));
}

static enum status
refuse_begin(enum status rc, const struct sign_in_refusal *why, const char *field,
    struct refusal *refusal)
{
	unsigned seconds = (unsigned)((why->wait_ms + 999) / 1000);

	*refusal = (struct refusal){.status = rc};
	if (rc == STATUS_ARGUMENT && why->fault != NULL)
		*refusal = desk_answer_refusal(rc, field, why->fault);
	if (rc == STATUS_WRONG_STATE)
		*refusal = desk_answer_refusal(rc, "",
		    N_("you have no password here: your unix user or a token is known"));
	if (rc == STATUS_RATE_LIMITED) {
		refusal->template = N_("too many sign-ins from here; wait %d seconds");
		snprintf(refusal->detail, sizeof(refusal->detail),
		    "too many sign-ins from here; wait %u seconds", seconds);
		snprintf(refusal->values[0], sizeof(refusal->values[0]), "%u", seconds);
		refusal->value_count = 1;
	}
	return rc;
}

static enum status
begin(
    struct desk_ask *ask, struct sign_in_ask *what, const char *field, struct refusal *refusal)
{
	struct waiting *waiting = malloc(sizeof(*waiting));
	struct sign_in_waiter waiter = {on_done, waiting};
	struct sign_in_refusal why;
	enum status rc;

	if (waiting == NULL) {
		*refusal = (struct refusal){.status = STATUS_NO_MEMORY};
		return STATUS_NO_MEMORY;
	}
	*waiting = (struct waiting){ask->request, ask->sign_in};
	what->source = ask->source;
	what->shared = ask->shared;
	if ((rc = sign_in_begin(ask->sign_in, what, &waiter, &why)) != STATUS_OK) {
		free(waiting);
		return refuse_begin(rc, &why, field, refusal);
	}
	evhttp_connection_set_closecb(
	    evhttp_request_get_connection(ask->request), leave, waiting);
	return STATUS_OK;
}

/* The texts of the request, all of them and nothing else. */
static enum status
read_texts(const json_t *body, const char *const *names, const char **texts, unsigned count,
    struct refusal *refusal)
{
	for (unsigned i = 0; i < count; i++) {
		texts[i] = json_string_value(json_object_get(body, names[i]));
		if (texts[i] == NULL) {
			*refusal = desk_answer_refusal(
			    STATUS_ARGUMENT, names[i], N_("this text is missing"));
			return refusal->status;
		}
	}
	if (json_object_size(body) == count)
		return STATUS_OK;
	*refusal = desk_answer_refusal(STATUS_ARGUMENT, "",
	    N_("the request has a member that this address does not know"));
	return refusal->status;
}

enum status
desk_people_sign_in(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	static const char *const names[] = {"login", "password"};
	const char *texts[2] = {NULL};
	enum status rc = read_texts(ask->body, names, texts, 2, refusal);
	struct sign_in_ask what = {.what = SIGN_IN_SESSION};

	(void)answer;
	if (rc != STATUS_OK)
		return rc;
	what.login = texts[0];
	what.password = texts[1];
	return begin(ask, &what, "password", refusal);
}

enum status
desk_people_enrol(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	static const char *const names[] = {"login", "code", "password"};
	const char *texts[3] = {NULL};
	enum status rc = read_texts(ask->body, names, texts, 3, refusal);
	struct sign_in_ask what = {.what = SIGN_IN_ENROL};

	(void)answer;
	if (rc != STATUS_OK)
		return rc;
	what.login = texts[0];
	what.code = texts[1];
	what.fresh = texts[2];
	return begin(ask, &what, "password", refusal);
}

enum status
desk_people_password(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	static const char *const names[] = {"password", "new_password"};
	const char *texts[2] = {NULL};
	enum status rc = read_texts(ask->body, names, texts, 2, refusal);
	struct sign_in_ask what = {.what = SIGN_IN_CHANGE, .actor = &ask->actor};

	(void)answer;
	if (rc != STATUS_OK)
		return rc;
	what.password = texts[0];
	what.fresh = texts[1];
	return begin(ask, &what, "new_password", refusal);
}

/* ---- Acts -------------------------------------------------------------------------------- */

static const struct credential *
shown(const struct desk_ask *ask)
{
	return ask->has_credential ? &ask->credential : NULL;
}

enum status
desk_people_self(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_people_self(ask->service, &ask->actor, shown(ask), answer, refusal);
}

enum status
desk_people_sign_out(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_people_sign_out(ask->service, &ask->actor, shown(ask), answer, refusal);
}

enum status
desk_people_list(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	unsigned limit;
	enum status rc = desk_routes_limit(ask, &limit, refusal);

	if (rc != STATUS_OK)
		return rc;
	return acts_people_list(
	    ask->service, &ask->actor, desk_ask_query(ask, "after"), limit, answer, refusal);
}

enum status
desk_people_add(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	ask->code = CREATED;
	return acts_people_add(ask->service, &ask->actor, ask->body, answer, refusal);
}

enum status
desk_people_change(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_people_change(ask->service, &ask->actor, ask->parts[2], ask->parts[3],
	    ask->body, answer, refusal);
}

enum status
desk_people_tokens(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_people_tokens(ask->service, &ask->actor, answer, refusal);
}

enum status
desk_people_make_token(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	ask->code = CREATED;
	return acts_people_make_token(ask->service, &ask->actor, ask->body, answer, refusal);
}

enum status
desk_people_revoke_token(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_people_revoke_token(
	    ask->service, &ask->actor, ask->parts[2], ask->body, answer, refusal);
}
