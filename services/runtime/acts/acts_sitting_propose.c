/* services/runtime/acts/acts_sitting_propose.c: a sitting is proposed to those who are to sit in it. */
#include "services/runtime/acts/acts_sitting_inside.h"

#include <string.h>

#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/dispatch.h"

/* A proposal as it is read and checked. */
struct proposal {
	struct service *service;
	const struct actor *actor;
	const json_t *request;
	struct refusal *refusal;
	struct sitting_group group;
	const struct party *self, *with[ENVELOPE_RECIPIENTS_MAX];
	unsigned count, quorum;
	const struct party *secretary; /* NULL: not said */
	bool follows;
	char wrote[PARTY_MAX + 1]; /* the secretary of that; "": none */
	struct task_row before;    /* the sitting that it follows */
	struct content content;
	struct case_row file;
	struct task_row task;
	uint8_t message[SUITE_ID_LEN];
};

/* ---- Who --------------------------------------------------------------------------------- */

static enum status
add_member(struct proposal *p, const char *code)
{
	const struct party *party = code == NULL ? NULL : service_peer(p->service, code);

	if (party == NULL)
		return request_refuse(p->refusal, STATUS_UNKNOWN_PARTY, "with",
		    "number %zu of %s: no such institution is in the directory",
		    (size_t)p->count + 1, "with");
	if (party->suspended_index != 0)
		return request_refuse(p->refusal, STATUS_SUSPENDED, "with",
		    "number %zu of %s: the institution is suspended", (size_t)p->count + 1,
		    "with");
	if (!sitting_may_sit(&p->group, party->kind))
		return request_refuse(p->refusal, STATUS_NOT_PERMITTED, "with",
		    "%s does not sit in this group (see: saikne lists cooperation-groups)",
		    party->code);
	for (unsigned i = 0; i < p->count; i++)
		if (p->with[i] == party)
			return request_refuse(p->refusal, STATUS_BAD_RECIPIENTS, "with",
			    "%s is named twice", party->code);
	if (p->count == ENVELOPE_RECIPIENTS_MAX)
		return request_refuse(p->refusal, STATUS_TOO_LARGE, "with",
		    "a sitting has at most %d other members", ENVELOPE_RECIPIENTS_MAX);
	p->with[p->count++] = party;
	return STATUS_OK;
}

/* Those who sat in the one before, where the request names none. */
static enum status
add_those_before(struct proposal *p)
{
	struct circle_party members[CIRCLE_MEMBERS_MAX];
	const struct circles *circles;
	unsigned count;
	enum status rc = acts_sitting_load(p->service, &p->before, &circles, p->refusal);

	if (rc != STATUS_OK)
		return rc;
	count = circle_others(&circles->circle, p->self->code, UINT64_MAX, members);
	for (unsigned i = 0; rc == STATUS_OK && i < count; i++)
		rc = add_member(p, members[i].code);
	return rc;
}

static enum status
read_members(struct proposal *p)
{
	const json_t *with = json_object_get(p->request, "with"), *one;
	enum status rc = STATUS_OK;
	size_t i;

	if (with == NULL && p->follows)
		rc = add_those_before(p);
	else if (json_array_size(with) == 0)
		return request_refuse(p->refusal, STATUS_ARGUMENT, "with",
		    "with is an array of the codes of the other members");
	json_array_foreach(with, i, one)
	{
		if (rc == STATUS_OK)
			rc = add_member(p, json_string_value(one));
	}
	return rc;
}

/* NULL: it is none of the members. */
static const struct party *
member_named(const struct proposal *p, const char *code)
{
	if (strcmp(code, p->self->code) == 0)
		return p->self;
	for (unsigned i = 0; i < p->count; i++)
		if (strcmp(p->with[i]->code, code) == 0)
			return p->with[i];
	return NULL;
}

/*
 * Who wrote before writes again, where it sits here, too, and may write for this group: else the
 * chair does, for nobody takes a sitting that names another.
 */
static enum status
take_secretary(struct proposal *p)
{
	const struct party *was = member_named(p, p->wrote);
	enum status rc;

	if (was == NULL || !sitting_may_write(&p->group, was->kind))
		return STATUS_OK;
	p->secretary = was;
	rc = content_set_text(&p->content, FIELD_SECRETARY, bytes_of_text(was->code));
	return rc == STATUS_OK ? rc : acts_fail(p->refusal, rc, "making the message");
}

static enum status
read_secretary(struct proposal *p)
{
	const char *code = json_string_value(json_object_get(p->request, "secretary"));

	if (code == NULL || code[0] == '\0')
		return take_secretary(p);
	p->secretary = member_named(p, code);
	if (p->secretary == NULL)
		return request_refuse(p->refusal, STATUS_NOT_A_MEMBER, "secretary",
		    "the secretary is one of the members");
	if (!sitting_may_write(&p->group, p->secretary->kind))
		return request_refuse(p->refusal, STATUS_NOT_PERMITTED, "secretary",
		    "%s does not write the minutes of this group (see: saikne lists"
		    " cooperation-groups)",
		    code);
	return STATUS_OK;
}

/* ---- What -------------------------------------------------------------------------------- */

static enum status
read_before(struct proposal *p, struct content *before)
{
	const char *id;
	struct case_history history = {0};
	struct event_row row;
	struct case_key key;
	enum status rc = acts_sitting_id(p->request, "follows", &id, p->refusal);

	if (rc != STATUS_OK || id == NULL)
		return rc;
	rc = acts_sitting_find(
	    p->service, p->actor, ACTS_TO_ACT, id, "conference", &p->before, p->refusal);
	if (rc != STATUS_OK)
		return rc;
	p->follows = true;
	if ((rc = case_file_key(p->service, p->before.case_n, &key)) == STATUS_OK) {
		rc = case_file_history(p->service, &p->before, &history);
		if (rc == STATUS_OK)
			rc = acts_sitting_last(p->service, &key, &history,
			    MESSAGE_CONFERENCE_PROPOSE, &row, before);
		case_file_history_free(&history);
		vault_forget(&key);
	}
	return rc == STATUS_OK ? rc : acts_fail(p->refusal, rc, "reading the sitting before");
}

/* Who sits is said in `with`, and how many are needed is the group's to say. */
static enum status
refuse_fixed(const struct proposal *p)
{
	static const char *const fixed[] = {"parties", "quorum"};

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (json_object_get(p->request, fixed[i]) != NULL)
			return request_refuse(p->refusal, STATUS_ARGUMENT, fixed[i],
			    "there is no such field in this request");
	return STATUS_OK;
}

/* What the request does not say is as it was before; of who writes: take_secretary(). */
static enum status
take_over(struct proposal *p, const struct content *before)
{
	static const enum field fields[] = {FIELD_GROUP, FIELD_PURPOSE, FIELD_MUNICIPALITY};
	struct bytes said, was;
	enum status rc = STATUS_OK;

	for (size_t i = 0; rc == STATUS_OK && i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!content_text(&p->content, fields[i], &said) &&
		    content_text(before, fields[i], &was))
			rc = content_set_text(&p->content, fields[i], was);
	acts_sitting_text(before, FIELD_SECRETARY, p->wrote, sizeof(p->wrote));
	return rc == STATUS_OK ? content_set_id(&p->content, FIELD_OTHER_TASK, p->before.id)
	                       : rc;
}

static enum status
read_group(struct proposal *p)
{
	struct bytes code;

	if (!content_text(&p->content, FIELD_GROUP, &code))
		return request_refuse(p->refusal, STATUS_ARGUMENT, "group",
		    "group is a code of the list cooperation-groups");
	if (!sitting_group_named(code, &p->group))
		return request_refuse_code(p->refusal, "group", "cooperation-groups");
	if (!sitting_may_chair(&p->group, p->self->kind))
		return request_refuse(p->refusal, STATUS_NOT_PERMITTED, "group",
		    "this kind of institution does not chair that group (see: saikne lists"
		    " cooperation-groups)");
	return STATUS_OK;
}

static enum status
set_rest(struct proposal *p)
{
	struct bytes codes[ENVELOPE_RECIPIENTS_MAX];
	enum status rc;

	p->quorum = sitting_quorum(&p->group, p->count + 1);
	for (unsigned i = 0; i < p->count; i++)
		codes[i] = bytes_of_text(p->with[i]->code);
	rc = content_set_codes(&p->content, FIELD_PARTIES, codes, p->count);
	if (rc == STATUS_OK)
		rc = content_set_uint(&p->content, FIELD_QUORUM, p->quorum);
	return rc == STATUS_OK ? rc : acts_fail(p->refusal, rc, "making the message");
}

static enum status
read_request(struct proposal *p)
{
	static const char *const words[] = {"with", "follows", NULL};
	struct content before = {0};
	enum status rc = content_start(MESSAGE_CONFERENCE_PROPOSE, &p->content);

	if (rc != STATUS_OK)
		return acts_fail(p->refusal, rc, "making the message");
	if ((rc = request_is_object(p->request, p->refusal)) == STATUS_OK &&
	    (rc = refuse_fixed(p)) == STATUS_OK)
		rc = request_fill(&p->content, p->request, words, NULL, p->refusal);
	if (rc == STATUS_OK)
		rc = read_before(p, &before);
	if (rc == STATUS_OK && p->follows && (rc = take_over(p, &before)) != STATUS_OK)
		acts_fail(p->refusal, rc, "making the message");
	content_free(&before);
	if (rc == STATUS_OK && (rc = read_group(p)) == STATUS_OK &&
	    (rc = read_members(p)) == STATUS_OK && (rc = read_secretary(p)) == STATUS_OK &&
	    (rc = set_rest(p)) == STATUS_OK)
		rc = request_is_whole(&p->content, p->refusal);
	return rc;
}

/* ---- Sent -------------------------------------------------------------------------------- */

static enum status
add_task(struct proposal *p)
{
	struct service *service = p->service;
	struct bytes purpose;
	enum status rc;

	p->task = (struct task_row){.case_n = p->file.n,
	    .sort = task_sort_of(MESSAGE_CONFERENCE_PROPOSE),
	    .side = TASK_SENDER,
	    .basis = BASIS_NONE,
	    .time_ms = service->now_ms};
	circles_name_frame(&p->task);
	memcpy(p->task.peer, p->with[0]->code, sizeof(p->task.peer));
	if (!content_text(&p->content, FIELD_PURPOSE, &purpose) ||
	    !bytes_to_text(purpose, p->task.purpose, sizeof(p->task.purpose)))
		return STATUS_ARGUMENT;
	if ((rc = case_store_next_task(service->db, &p->task.n)) != STATUS_OK)
		return rc;
	return case_store_add_task(service->db, &p->task);
}

/* The sitting has a file of its own: the cases on its agenda are others'. */
static enum status
store(struct proposal *p)
{
	struct service *service = p->service;
	struct departure departure = {0};
	struct case_key key;
	enum status rc = case_file_create(service, NULL, &p->file, &key);

	if (rc != STATUS_OK)
		return rc;
	rc = knowing_give(
	    service, p->actor, p->file.n, p->actor->person, GRANT_AUTHOR, NULL, NULL);
	if (rc == STATUS_OK)
		rc = add_task(p);
	if (rc == STATUS_OK)
		rc = dispatch_act(service, &departure, &p->task, &key, &p->content,
		    LETTER_LIFE_MS, p->message);
	if (rc == STATUS_OK)
		rc = acts_record(service, p->actor, &p->task, "propose");
	if (rc == STATUS_OK)
		rc = departure_sign(service, &departure);
	if (rc == STATUS_OK)
		rc = case_file_refold(service, &p->task, p->content.type->name);
	departure_free(&departure);
	vault_forget(&key);
	return rc;
}

static json_t *
answer_of(const struct proposal *p)
{
	json_t *members = json_array();
	int failed = json_array_append_new(members, json_string(p->self->code));

	for (unsigned i = 0; i < p->count; i++)
		failed |= json_array_append_new(members, json_string(p->with[i]->code));
	if (failed != 0) {
		json_decref(members);
		return NULL;
	}
	return json_pack("{s:o, s:o, s:s, s:o, s:i, s:o}", "task", request_hex(p->task.id),
	    "case", request_hex(p->file.id), "state", task_state_name(p->task.state), "message",
	    request_hex(p->message), "quorum", (int)p->quorum, "members", members);
}

enum status
acts_sitting_propose(struct service *service, const struct actor *actor, const json_t *request,
    json_t **answer, struct refusal *refusal)
{
	struct proposal p = {
	    .service = service, .actor = actor, .request = request, .refusal = refusal};
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (!acts_role_may(service, actor->role, MESSAGE_CONFERENCE_PROPOSE))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "your role may not propose a sitting; ask a colleague who may");
	if ((p.self = service_self(service)) == NULL)
		return request_refuse(refusal, STATUS_UNKNOWN_PARTY, "",
		    "this institution is not in the directory yet");
	rc = read_request(&p);
	if (rc == STATUS_OK)
		rc = acts_own_rule(service, &p.content, refusal);
	if (rc == STATUS_OK && (rc = service_begin(service)) != STATUS_OK)
		rc = acts_fail(refusal, rc, "storing the sitting");
	else if (rc == STATUS_OK) {
		rc = store(&p);
		rc = acts_end(service, rc, rc == STATUS_OK ? answer_of(&p) : NULL, answer,
		    "storing the sitting", refusal);
	}
	content_free(&p.content);
	return rc;
}
