/* services/runtime/acts/acts_sitting_put.c: a case is put on the agenda of a sitting. */
#include "services/runtime/acts/acts_casebook.h"
#include "services/runtime/acts/acts_ground.h"
#include "services/runtime/acts/acts_refer_inside.h"
#include "services/runtime/acts/acts_sitting_inside.h"

#include <string.h>

#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/dispatch.h"

/* A matter as it is read and checked. */
struct putting {
	struct service *service;
	const struct actor *actor;
	const json_t *request;
	struct refusal *refusal;
	struct task_row frame;
	bool joins; /* a case that is here: FILE */
	struct case_row file;
	const struct party *to[ENVELOPE_RECIPIENTS_MAX];
	category_set covered[ENVELOPE_RECIPIENTS_MAX];
	unsigned count;
	struct acts_ground ground;
	struct content content;
	struct task_row task;
	uint8_t message[SUITE_ID_LEN];
};

/* ---- Which case -------------------------------------------------------------------------- */

/* A case over institutions, by the task of its frame. */
static enum status
read_about(struct putting *p, const char *id)
{
	struct task_row about;
	enum status rc =
	    acts_find_task(p->service, p->actor, ACTS_TO_ACT, id, &about, p->refusal);

	if (rc != STATUS_OK)
		return rc;
	if (strcmp(about.sort->name, "case") != 0)
		return request_refuse(p->refusal, STATUS_ARGUMENT, "about",
		    "about is the task of a case over institutions");
	if ((rc = case_store_get(p->service->db, about.case_n, &p->file)) != STATUS_OK ||
	    (rc = content_set_id(&p->content, FIELD_OTHER_TASK, about.id)) != STATUS_OK)
		return acts_fail(p->refusal, rc, "reading the case");
	p->joins = true;
	return STATUS_OK;
}

/* Whether the matter ID, where this person knows it, was taken to this group by the one before. */
static enum status
check_earlier(struct putting *p, const uint8_t id[static SUITE_ID_LEN])
{
	const struct circles *circles;
	const struct sitting_matter *matter;
	struct sitting_group here, there;
	struct task_row row = {0};
	char group[MESSAGE_CODE_MAX + 1];
	bool fits;
	enum status rc = case_store_find_task(p->service->db, id, &row);

	if (rc == STATUS_OK || rc == STATUS_NOT_FOUND)
		rc = acts_knows(p->service, p->actor, ACTS_TO_OPEN, row.case_n);
	/* Who sits here need not have sat there. */
	if (rc == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (rc != STATUS_OK || row.circle_n == 0 || strcmp(row.sort->name, "matter") != 0)
		return rc == STATUS_OK ? STATUS_SPECIALISTS_FIRST : rc;
	if ((rc = circles_fold(p->service, p->frame.circle_n, &circles)) != STATUS_OK)
		return rc;
	fits = circles->sitting != NULL &&
	       sitting_group_named(bytes_of_text(circles->sitting->group), &here);
	memcpy(group, fits ? here.after : "", fits ? strlen(here.after) + 1 : 1);
	if ((rc = circles_fold(p->service, row.circle_n, &circles)) != STATUS_OK)
		return rc;
	matter = circles->sitting == NULL ? NULL : sitting_matter_of(circles->sitting, id);
	fits = fits && matter != NULL && group[0] != '\0' &&
	       sitting_group_named(bytes_of_text(circles->sitting->group), &there) &&
	       strcmp(there.code, group) == 0 && matter->escalates;
	return fits ? STATUS_OK : STATUS_SPECIALISTS_FIRST;
}

static enum status
read_earlier(struct putting *p)
{
	const char *id;
	uint8_t earlier[SUITE_ID_LEN];
	enum status rc = acts_sitting_id(p->request, "earlier", &id, p->refusal);

	if (rc != STATUS_OK || id == NULL)
		return rc;
	if (!request_id(id, earlier))
		return STATUS_ARGUMENT;
	rc = check_earlier(p, earlier);
	if (rc == STATUS_SPECIALISTS_FIRST)
		return request_refuse(p->refusal, rc, "earlier",
		    "that matter was not taken to this group by the one before");
	if (rc == STATUS_OK)
		rc = content_set_id(&p->content, FIELD_EARLIER, earlier);
	return rc == STATUS_OK ? rc : acts_fail(p->refusal, rc, "reading the earlier matter");
}

/* ---- The matter -------------------------------------------------------------------------- */

/* What is not said is as it is for the sitting. */
static enum status
take_from_frame(struct putting *p)
{
	static const enum field fields[] = {FIELD_PURPOSE, FIELD_MUNICIPALITY};
	struct case_history history = {0};
	struct content frame = {0};
	struct event_row row;
	struct case_key key;
	struct bytes said, its;
	enum status rc = case_file_key(p->service, p->frame.case_n, &key);

	if (rc != STATUS_OK)
		return rc;
	rc = case_file_history(p->service, &p->frame, &history);
	if (rc == STATUS_OK)
		rc = acts_sitting_last(
		    p->service, &key, &history, MESSAGE_CONFERENCE_PROPOSE, &row, &frame);
	for (size_t i = 0; rc == STATUS_OK && i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!content_text(&p->content, fields[i], &said) &&
		    content_text(&frame, fields[i], &its))
			rc = content_set_text(&p->content, fields[i], its);
	content_free(&frame);
	case_file_history_free(&history);
	vault_forget(&key);
	return rc;
}

static enum status
read_members(struct putting *p)
{
	struct circle_party others[CIRCLE_MEMBERS_MAX];
	const struct circles *circles;
	unsigned count;
	enum status rc = acts_sitting_load(p->service, &p->frame, &circles, p->refusal);

	if (rc != STATUS_OK)
		return rc;
	count = circle_others(&circles->circle, p->service->config.code, UINT64_MAX, others);
	for (unsigned i = 0; i < count && p->count < ENVELOPE_RECIPIENTS_MAX; i++) {
		const struct party *party = service_peer(p->service, others[i].code);

		if (party != NULL)
			p->to[p->count++] = party;
	}
	return STATUS_OK;
}

/* One record for all; whom it does not cover has acts alone, and is shown so in the answer. */
static enum status
read_ground(struct putting *p)
{
	char purpose[MESSAGE_CODE_MAX + 1];
	const struct acts_ground_use use = {.case_n = p->joins ? p->file.n : 0,
	    .purpose = acts_sitting_text(&p->content, FIELD_PURPOSE, purpose, sizeof(purpose)),
	    .to = p->to,
	    .count = p->count};
	struct refusal ignored;
	bool any = false;
	enum status rc;

	rc = acts_ground_read(p->service, p->actor, p->request, &use, &p->ground, p->refusal);
	for (unsigned i = 0; rc == STATUS_OK && i < p->count; i++) {
		if (acts_ground_check(p->service, &p->ground, p->to[i], purpose, &p->covered[i],
			any ? &ignored : p->refusal) == STATUS_OK)
			any = true;
		else
			p->covered[i] = 0;
	}
	if (rc == STATUS_OK && !any)
		return p->refusal->status;
	if (rc == STATUS_OK)
		*p->refusal = (struct refusal){.status = STATUS_OK};
	return rc;
}

static enum status
read_content(struct putting *p, const json_t *request)
{
	static const char *const words[] = {"case", "about", "earlier", "content", "basis",
	    "record", "ground", "provision", "necessity", "family_told", "family_text",
	    "decided_by", "categories", "ground_until", "consent", NULL};
	enum status rc = request_fill(&p->content, request, words, NULL, p->refusal);

	if (rc != STATUS_OK)
		return rc;
	if ((rc = take_from_frame(p)) != STATUS_OK)
		return acts_fail(p->refusal, rc, "reading the sitting");
	if ((rc = read_earlier(p)) != STATUS_OK ||
	    (rc = request_is_whole(&p->content, p->refusal)) != STATUS_OK ||
	    (rc = read_members(p)) != STATUS_OK || (rc = read_ground(p)) != STATUS_OK)
		return rc;
	if ((rc = grounds_tell(&p->ground.row, &p->ground.terms, &p->content)) != STATUS_OK)
		return acts_fail(p->refusal, rc, "making the message");
	if ((rc = acts_sitting_check(p->service, &p->frame, &p->content, p->refusal)) !=
	    STATUS_OK)
		return rc;
	return acts_own_rule(p->service, &p->content, p->refusal);
}

static enum status
read_request(struct putting *p)
{
	const char *about;
	json_t *merged = NULL;
	enum status rc = request_is_object(p->request, p->refusal);

	if (rc != STATUS_OK ||
	    (rc = acts_sitting_id(p->request, "about", &about, p->refusal)) != STATUS_OK)
		return rc;
	if ((rc = content_start(MESSAGE_MATTER_PUT, &p->content)) != STATUS_OK)
		return acts_fail(p->refusal, rc, "making the message");
	if (about != NULL && json_object_get(p->request, "case") != NULL)
		return request_refuse(p->refusal, STATUS_ARGUMENT, "case",
		    "either case or about: the case over institutions lies in one already");
	if (about != NULL)
		rc = read_about(p, about);
	else if (json_object_get(p->request, "case") != NULL) {
		rc = acts_casebook_offer(p->service, p->actor, MESSAGE_MATTER_PUT, p->request,
		    &p->file, &merged, p->refusal);
		p->joins = true;
	}
	if (rc == STATUS_OK)
		rc = read_content(p, merged != NULL ? merged : p->request);
	json_decref(merged);
	return rc;
}

/* ---- Sent -------------------------------------------------------------------------------- */

static enum status
add_task(struct putting *p)
{
	struct service *service = p->service;
	enum status rc;

	p->task = (struct task_row){.case_n = p->file.n,
	    .sort = task_sort_of(MESSAGE_MATTER_PUT),
	    .side = p->frame.side,
	    .circle_n = p->frame.circle_n,
	    .time_ms = service->now_ms};
	memcpy(p->task.peer, p->frame.peer, sizeof(p->task.peer));
	acts_sitting_text(&p->content, FIELD_PURPOSE, p->task.purpose, sizeof(p->task.purpose));
	memcpy(p->task.token, p->frame.token, sizeof(p->task.token));
	circles_name_task(&p->task);
	/* References are made for each recipient, as it is sealed. */
	p->task.ground_n = p->ground.row.n;
	p->task.basis = p->ground.row.basis;
	if ((rc = case_store_next_task(service->db, &p->task.n)) != STATUS_OK)
		return rc;
	return case_store_add_task(service->db, &p->task);
}

static enum status
open_case(struct putting *p, struct case_key *key)
{
	struct service *service = p->service;
	enum status rc = p->joins ? case_file_key(service, p->file.n, key)
	                          : case_file_create(service, NULL, &p->file, key);

	if (rc != STATUS_OK)
		return rc;
	return p->joins ? knowing_take(service, p->actor, p->file.n)
	                : knowing_give(service, p->actor, p->file.n, p->actor->person,
			      GRANT_AUTHOR, NULL, NULL);
}

static enum status
store(struct putting *p)
{
	struct service *service = p->service;
	struct departure departure = {0};
	struct case_key key = {0};
	enum status rc = open_case(p, &key);

	if (rc == STATUS_OK)
		rc = acts_ground_open(
		    service, p->actor, &departure, &key, p->file.n, &p->ground);
	if (rc == STATUS_OK)
		rc = add_task(p);
	if (rc == STATUS_OK)
		rc = dispatch_act(service, &departure, &p->task, &key, &p->content,
		    LETTER_LIFE_MS, p->message);
	if (rc == STATUS_OK)
		rc = acts_record(service, p->actor, &p->task, "put");
	if (rc == STATUS_OK)
		rc = departure_sign(service, &departure);
	if (rc == STATUS_OK)
		rc = case_file_refold(service, &p->task, p->content.type->name);
	departure_free(&departure);
	vault_forget(&key);
	return rc;
}

static json_t *
answer_of(const struct putting *p)
{
	json_t *to = json_array();
	int failed = to == NULL;

	for (unsigned i = 0; i < p->count; i++)
		failed |= json_array_append_new(to,
		    acts_refer_offer_goes(p->service, p->to[i], p->covered[i], &p->content));
	if (failed != 0) {
		json_decref(to);
		return NULL;
	}
	return json_pack("{s:o, s:o, s:o, s:s, s:o, s:o}", "task", request_hex(p->task.id),
	    "case", request_hex(p->file.id), "record", request_hex(p->ground.row.id), "state",
	    task_state_name(p->task.state), "message", request_hex(p->message), "to", to);
}

enum status
acts_sitting_put(struct service *service, const struct actor *actor, const char *frame,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	struct putting p = {
	    .service = service, .actor = actor, .request = request, .refusal = refusal};
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (!acts_role_may(service, actor->role, MESSAGE_MATTER_PUT))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "your role may not put a case on an agenda; ask a colleague who may");
	rc = acts_sitting_find(
	    service, actor, ACTS_TO_ACT, frame, "conference", &p.frame, refusal);
	if (rc == STATUS_OK)
		rc = read_request(&p);
	if (rc == STATUS_OK && (rc = service_begin(service)) != STATUS_OK)
		rc = acts_fail(refusal, rc, "storing the matter");
	else if (rc == STATUS_OK) {
		rc = store(&p);
		rc = acts_end(service, rc, rc == STATUS_OK ? answer_of(&p) : NULL, answer,
		    "storing the matter", refusal);
	}
	acts_ground_free(&p.ground);
	content_free(&p.content);
	return rc;
}
