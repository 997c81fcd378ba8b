/* services/runtime/desk/desk_routes.c: each address of the desk and the act behind it. */
#include "services/runtime/desk/desk_routes.h"

#include <stdio.h>
#include <string.h>

#include "protocol/host/lang.h"
#include "protocol/wire/message.h"
#include "services/runtime/acts/acts_circle.h"
#include "services/runtime/acts/acts_provision.h"
#include "services/runtime/desk/desk_answer.h"
#include "services/runtime/desk/desk_events.h"
#include "services/runtime/desk/desk_history.h"
#include "services/runtime/desk/desk_inner.h"
#include "services/runtime/desk/desk_files.h"
#include "services/runtime/desk/desk_grounds.h"
#include "services/runtime/desk/desk_lists.h"
#include "services/runtime/desk/desk_openapi.h"
#include "services/runtime/desk/desk_people.h"
#include "services/runtime/desk/desk_sittings.h"
#include "services/runtime/exchange/service.h"

#define LIMIT_DEFAULT 100
#define LIMIT_MAX     500

static enum status
refuse(struct refusal *refusal, enum status status, const char *field, const char *detail)
{
	*refusal = desk_answer_refusal(status, field, detail);
	return status;
}

enum status
desk_routes_limit(const struct desk_ask *ask, unsigned *out, struct refusal *refusal)
{
	const char *text = desk_ask_query(ask, "limit");
	unsigned limit = 0;

	if (text == NULL) {
		*out = LIMIT_DEFAULT;
		return STATUS_OK;
	}
	for (const char *c = text; *c >= '0' && *c <= '9' && limit <= LIMIT_MAX; c++) {
		limit = limit * 10 + (unsigned)(*c - '0');
		if (c[1] == '\0' && limit >= 1 && limit <= LIMIT_MAX) {
			*out = limit;
			return STATUS_OK;
		}
	}
	return refuse(refusal, STATUS_ARGUMENT, "limit", N_("limit is a number from 1 to 500"));
}

/* An act that opens tasks, or shows what would go and what would stay. */
static enum status
open_with(struct desk_ask *ask,
    enum status (*act)(struct service *service, const struct actor *actor,
	const json_t *request, bool preview, json_t **answer, struct refusal *refusal),
    json_t **answer, struct refusal *refusal)
{
	const char *preview = desk_ask_query(ask, "preview");

	if (preview != NULL && strcmp(preview, "0") != 0 && strcmp(preview, "1") != 0)
		return refuse(refusal, STATUS_ARGUMENT, "preview", N_("preview is 0 or 1"));
	return act(ask->service, &ask->actor, ask->body, preview != NULL && preview[0] == '1',
	    answer, refusal);
}

static enum status
refer(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return open_with(ask, acts_refer, answer, refusal);
}

static enum status
request(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return open_with(ask, acts_request, answer, refusal);
}

static enum status
notice(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return open_with(ask, acts_notice, answer, refusal);
}

static enum status
disagree(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return open_with(ask, acts_disagree, answer, refusal);
}

static enum status
coordinate(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return open_with(ask, acts_coordinate, answer, refusal);
}

static enum status
circles(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	struct acts_circles_query query = {.sort = desk_ask_query(ask, "sort"),
	    .open = desk_ask_query(ask, "open"),
	    .after = desk_ask_query(ask, "after")};
	enum status rc = desk_routes_limit(ask, &query.limit, refusal);

	return rc == STATUS_OK
	           ? acts_circles(ask->service, &ask->actor, &query, answer, refusal)
	           : rc;
}

static enum status
circle(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_circle(ask->service, &ask->actor, ask->parts[2], answer, refusal);
}

static enum status
read_list_query(const struct desk_ask *ask, struct acts_query *out, struct refusal *refusal)
{
	*out = (struct acts_query){
	    .box = desk_ask_query(ask, "box"),
	    .state = desk_ask_query(ask, "state"),
	    .sort = desk_ask_query(ask, "sort"),
	    .peer = desk_ask_query(ask, "peer"),
	    .urgency = desk_ask_query(ask, "urgency"),
	    .unread = desk_ask_query(ask, "unread"),
	    .due = desk_ask_query(ask, "due"),
	    .since = desk_ask_query(ask, "since"),
	    .until = desk_ask_query(ask, "until"),
	    .after = desk_ask_query(ask, "after"),
	};
	return desk_routes_limit(ask, &out->limit, refusal);
}

static enum status
tasks(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	struct acts_query query;
	enum status rc = read_list_query(ask, &query, refusal);

	if (rc != STATUS_OK)
		return rc;
	return acts_tasks(ask->service, &ask->actor, &query, answer, refusal);
}

static enum status
task(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_task(ask->service, &ask->actor, ask->parts[2], answer, refusal);
}

static enum status
answer_task(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_answer(ask->service, &ask->actor, ask->parts[2], ask->parts[3], ask->body,
	    answer, refusal);
}

static enum status
cases(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	struct acts_query query;
	enum status rc = read_list_query(ask, &query, refusal);

	if (rc != STATUS_OK)
		return rc;
	return acts_cases(ask->service, &ask->actor, &query, answer, refusal);
}

static enum status
one_case(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_case(ask->service, &ask->actor, ask->parts[2], answer, refusal);
}

static enum status
search(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	unsigned limit;
	enum status rc;

	if ((rc = desk_routes_limit(ask, &limit, refusal)) != STATUS_OK)
		return rc;
	return acts_search(ask->service, &ask->actor, ask->body, limit,
	    desk_ask_query(ask, "after"), answer, refusal);
}

static enum status
disclosure(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_disclosure(ask->service, &ask->actor, ask->parts[2], answer, refusal);
}

static enum status
withhold(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_withhold(
	    ask->service, &ask->actor, ask->parts[2], ask->body, answer, refusal);
}

static enum status
withheld(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_withheld(ask->service, &ask->actor, ask->parts[2], answer, refusal);
}

static enum status
alarms(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	unsigned limit;
	enum status rc;

	if ((rc = desk_routes_limit(ask, &limit, refusal)) != STATUS_OK)
		return rc;
	return acts_alarms(ask->service, &ask->actor, desk_ask_query(ask, "open"), limit,
	    desk_ask_query(ask, "after"), answer, refusal);
}

static enum status
work(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	unsigned limit;
	enum status rc = desk_routes_limit(ask, &limit, refusal);

	if (rc != STATUS_OK)
		return rc;
	return acts_work(
	    ask->service, &ask->actor, limit, desk_ask_query(ask, "after"), answer, refusal);
}

static enum status
alarm_seen(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	if (json_object_size(ask->body) != 0)
		return refuse(refusal, STATUS_ARGUMENT,
		    json_object_iter_key(json_object_iter(ask->body)),
		    N_("this takes no fields"));
	return acts_alarm_seen(ask->service, &ask->actor, ask->parts[2], answer, refusal);
}

static enum status
receipt(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	struct buffer text = {0};
	char name[DESK_PART_MAX + 16];
	enum status rc;

	(void)answer;
	rc = acts_receipt(ask->service, &ask->actor, ask->parts[2], &text, refusal);
	if (rc == STATUS_OK && text.failed)
		rc = refuse(refusal, STATUS_NO_MEMORY, "", "");
	if (rc == STATUS_OK) {
		snprintf(name, sizeof(name), "%s.tlog-proof", ask->parts[2]);
		desk_answer_file(ask->request, bytes_of_buffer(&text), name);
	}
	buffer_free(&text);
	return rc;
}

static enum status
status(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_status(ask->service, &ask->actor, answer, refusal);
}

static enum status
directory(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_directory(ask->service, &ask->actor, answer, refusal);
}

static enum status
events(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	enum status rc;

	/* Which tasks change is for those who may see that there are tasks. */
	if (!service_role_reads(ask->actor.role) && ask->actor.role != ROLE_AUDITOR)
		return refuse(refusal, STATUS_NOT_ALLOWED, "", "your role does not see cases");
	(void)answer;
	rc = desk_events_join(ask->events, ask->request, &ask->actor,
	    ask->has_credential ? ask->credential.hash : NULL, refusal);
	ask->keeps = rc == STATUS_OK;
	return rc;
}

static enum status
openapi(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	(void)answer;
	(void)refusal;
	desk_answer_text(ask->request, "application/json", desk_openapi());
	return STATUS_OK;
}

static enum status
provisions(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_provisions(ask->service, &ask->actor, answer, refusal);
}

/* The provision is the path's third part. */
static enum status
confirm_provision(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	return acts_provision_confirm(
	    ask->service, &ask->actor, ask->parts[2], ask->body, answer, refusal);
}

#define GET    EVHTTP_REQ_GET
#define PUT    EVHTTP_REQ_PUT
#define POST   EVHTTP_REQ_POST
#define DELETE EVHTTP_REQ_DELETE

static const struct desk_route routes[] = {
    {POST, "/v1/referrals", {"preview"}, refer},
    {POST, "/v1/requests", {"preview"}, request},
    {POST, "/v1/notices", {"preview"}, notice},
    {POST, "/v1/disagreements", {"preview"}, disagree},
    {GET, "/v1/tasks",
	{"box", "state", "sort", "peer", "urgency", "unread", "due", "since", "until", "limit",
	    "after"},
	tasks},
    {GET, "/v1/tasks/{}", {NULL}, task},
    {POST, "/v1/tasks/{}/{}", {NULL}, answer_task},
    {POST, "/v1/circles", {"preview"}, coordinate},
    {GET, "/v1/circles", {"sort", "open", "limit", "after"}, circles},
    {GET, "/v1/circles/{}", {NULL}, circle},
    {GET, "/v1/tasks/{}/calendar", {"language"}, desk_sittings_calendar},
    {GET, "/v1/tasks/{}/minutes", {"without"}, desk_sittings_minutes},
    {POST, "/v1/conferences", {NULL}, desk_sittings_propose},
    {GET, "/v1/conferences/{}", {NULL}, desk_sittings_show},
    {POST, "/v1/conferences/{}/matters", {NULL}, desk_sittings_put},
    {GET, "/v1/cases", {"since", "until", "limit", "after"}, cases},
    {POST, "/v1/cases", {NULL}, desk_inner_case_new},
    {GET, "/v1/cases/{}", {NULL}, one_case},
    {POST, "/v1/cases/{}/notes", {NULL}, desk_inner_case_note},
    {POST, "/v1/cases/{}/file", {NULL}, desk_inner_case_label},
    {POST, "/v1/cases/{}/household", {NULL}, desk_inner_case_household},
    {POST, "/v1/search", {"limit", "after"}, search},
    {GET, "/v1/cases/{}/disclosure", {NULL}, disclosure},
    {GET, "/v1/cases/{}/withhold", {NULL}, withheld},
    {POST, "/v1/cases/{}/withhold", {NULL}, withhold},
    {GET, "/v1/cases/{}/grounds", {NULL}, desk_grounds_of_case},
    {POST, "/v1/cases/{}/grounds", {NULL}, desk_grounds_decide},
    {POST, "/v1/cases/{}/consents", {NULL}, desk_grounds_consent_new},
    {GET, "/v1/grounds/{}", {NULL}, desk_grounds_one},
    {POST, "/v1/grounds/{}/events", {NULL}, desk_grounds_event},
    {GET, "/v1/grounds/{}/receipt", {NULL}, desk_grounds_receipt},
    {GET, "/v1/consents", {"days", "limit", "after"}, desk_grounds_ending},
    {POST, "/v1/cases/{}/assign", {NULL}, desk_inner_assign},
    {POST, "/v1/cases/{}/give-back", {NULL}, desk_inner_give_back},
    {POST, "/v1/people/{}/hand-over", {NULL}, desk_inner_hand_over},
    {GET, "/v1/holdings", {NULL}, desk_inner_holdings},
    {GET, "/v1/duty", {NULL}, desk_inner_duty},
    {POST, "/v1/duty", {NULL}, desk_inner_duty_set},
    {POST, "/v1/duty/{}/end", {NULL}, desk_inner_duty_end},
    {GET, "/v1/break-glass", {"limit", "after"}, desk_inner_glass},
    {POST, "/v1/break-glass", {NULL}, desk_inner_break_glass},
    {POST, "/v1/break-glass/{}/seen", {NULL}, desk_inner_glass_seen},
    {POST, "/v1/cases/{}/erasure", {NULL}, desk_inner_erase},
    {GET, "/v1/erasures", {"limit", "after"}, desk_inner_erasures},
    {GET, "/v1/retention", {"days", "limit", "after"}, desk_inner_retention},
    {GET, "/v1/access", {"case", "person", "limit", "after"}, desk_inner_access},
    {GET, "/v1/alarms", {"open", "limit", "after"}, alarms},
    {POST, "/v1/alarms/{}/seen", {NULL}, alarm_seen},
    {GET, "/v1/work", {"limit", "after"}, work},
    {GET, "/v1/circles/{}/history", {"with", "limit", "after"}, desk_history_show},
    {POST, "/v1/circles/{}/set-aside", {NULL}, desk_history_set_aside},
    {POST, "/v1/attachments", {NULL}, desk_files_begin},
    {PUT, "/v1/attachments/{}", {"offset"}, desk_files_part},
    {GET, "/v1/attachments/{}", {NULL}, desk_files_get},
    {GET, "/v1/attachments/{}/state", {NULL}, desk_files_state},
    {GET, "/v1/messages/{}/receipt", {NULL}, receipt},
    {GET, "/v1/status", {NULL}, status},
    {GET, "/v1/directory", {NULL}, directory},
    {GET, "/v1/lists", {NULL}, desk_lists_all},
    {GET, "/v1/lists/{}", {NULL}, desk_lists_one},
    {GET, "/v1/fields", {NULL}, desk_lists_fields},
    {GET, "/v1/states", {NULL}, desk_lists_states},
    {GET, "/v1/events", {NULL}, events},
    {POST, "/v1/session", {NULL}, desk_people_sign_in},
    {GET, "/v1/session", {NULL}, desk_people_self},
    {DELETE, "/v1/session", {NULL}, desk_people_sign_out},
    {POST, "/v1/enrol", {NULL}, desk_people_enrol},
    {POST, "/v1/password", {NULL}, desk_people_password},
    {GET, "/v1/people", {"limit", "after"}, desk_people_list},
    {POST, "/v1/people", {NULL}, desk_people_add},
    {POST, "/v1/people/{}/role", {NULL}, desk_people_change},
    {POST, "/v1/people/{}/disable", {NULL}, desk_people_change},
    {POST, "/v1/people/{}/enable", {NULL}, desk_people_change},
    {POST, "/v1/people/{}/reset", {NULL}, desk_people_change},
    {GET, "/v1/tokens", {NULL}, desk_people_tokens},
    {POST, "/v1/tokens", {NULL}, desk_people_make_token},
    {POST, "/v1/tokens/{}/revoke", {NULL}, desk_people_revoke_token},
    {GET, "/v1/provisions", {NULL}, provisions},
    {POST, "/v1/provisions/{}", {NULL}, confirm_provision},
    {GET, "/v1/openapi.json", {NULL}, openapi},
};

const struct desk_route *
desk_routes_at(unsigned i)
{
	return i < sizeof(routes) / sizeof(routes[0]) ? &routes[i] : NULL;
}

static bool
path_fits(const char *path, const struct desk_ask *ask)
{
	unsigned i = 0;

	for (; *path == '/' && i < ask->part_count; i++) {
		size_t len = strcspn(++path, "/");
		bool any = len == 2 && memcmp(path, "{}", 2) == 0;

		if (!any &&
		    (strlen(ask->parts[i]) != len || memcmp(path, ask->parts[i], len) != 0))
			return false;
		path += len;
	}
	return *path == '\0' && i == ask->part_count;
}

/* One route stands for all steps on tasks: a word that is none has no address. */
static bool
route_fits(const struct desk_route *route, const struct desk_ask *ask)
{
	return path_fits(route->path, ask) &&
	       (route->handle != answer_task || acts_has_step(ask->parts[3]));
}

bool
desk_routes_is_open(const struct desk_route *route)
{
	return route->handle == desk_people_sign_in || route->handle == desk_people_enrol;
}

/* The methods that the path of ASK has, in a text that lives as long as the program. */
static const char *
methods_of(const struct desk_ask *ask)
{
	static const char *const texts[16] = {NULL, "GET", "POST", "GET, POST", "DELETE",
	    "GET, DELETE", "POST, DELETE", "GET, POST, DELETE", "PUT", "GET, PUT"};
	unsigned set = 0;

	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (route_fits(&routes[i], ask))
			set |= routes[i].method == GET      ? 1
			       : routes[i].method == POST   ? 2
			       : routes[i].method == DELETE ? 4
			                                    : 8;
	}
	return texts[set];
}

const struct desk_route *
desk_routes_find(const struct desk_ask *ask, const char **allowed)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (route_fits(&routes[i], ask) &&
		    routes[i].method == evhttp_request_get_command(ask->request))
			return &routes[i];
	}
	*allowed = methods_of(ask);
	return NULL;
}
