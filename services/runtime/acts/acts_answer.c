/* services/runtime/acts/acts_answer.c: a person's step on a task: review, accept, decline, ... */
#include "services/runtime/acts/acts_attach.h"
#include "services/runtime/acts/acts_circle_inside.h"
#include "services/runtime/acts/acts_ground.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/acts/acts_kept.h"

#include <stdio.h>
#include <string.h>

#include "protocol/trust/policy.h"
#include "services/runtime/exchange/asked.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/release.h"
#include "services/runtime/exchange/stops.h"
#include "services/runtime/task/conference.h"
#include "services/runtime/task/disagreement.h"

/* The verb on a task of SORT; NULL: on any. */
static const struct acts_verb *
verb_named(const char *name, const struct task_sort *sort)
{
	const struct acts_verb *verb;

	for (unsigned i = 0; (verb = acts_verb_at(i)) != NULL; i++)
		if (strcmp(verb->name, name) == 0 &&
		    (sort == NULL || acts_verb_fits(verb, sort)))
			return verb;
	return NULL;
}

/* Whether ROLE may take the step on some sort of task: who may on none learns of no task. */
static bool
may_on_any(const struct service *service, enum role role, const char *name)
{
	const struct acts_verb *verb;

	for (unsigned i = 0; (verb = acts_verb_at(i)) != NULL; i++)
		if (strcmp(verb->name, name) == 0 && acts_role_may(service, role, verb->type))
			return true;
	return false;
}

/* Whether this kind reports OUTCOME. */
static bool
may_report(const struct descriptor *descriptor, struct bytes outcome)
{
	size_t most = sizeof(descriptor->outcomes) / sizeof(descriptor->outcomes[0]);

	for (size_t i = 0; i < most && descriptor->outcomes[i] != NULL; i++)
		if (bytes_is_text(outcome, descriptor->outcomes[i]))
			return true;
	return false;
}

/* Rules that bind every kind. */
static enum status
check_common(
    const struct service *service, const struct content *content, struct refusal *refusal)
{
	struct bytes code, due;

	if (content->type->id == MESSAGE_REFERRAL_OUTCOME &&
	    content_text(content, FIELD_OUTCOME, &code) &&
	    !may_report(service->config.descriptor, code))
		return request_refuse(refusal, STATUS_NOT_PERMITTED, "outcome",
		    "this kind of institution does not report that outcome");
	if (content->type->id == MESSAGE_REFERRAL_DECLINE &&
	    content_text(content, FIELD_DECLINE_REASON, &code) &&
	    bytes_is_text(code, "waitlist") && !content_text(content, FIELD_DUE, &due))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "due", "a waiting list needs the date: due");
	return STATUS_OK;
}

static bool
takes_content(enum message type)
{
	return type == MESSAGE_REFERRAL_INFORMATION || type == MESSAGE_INFORMATION_ANSWER;
}

static bool
has_own_ground(enum message type)
{
	return task_message(task_sort_of(type), type)->own_ground;
}

/* Whether a person says a ground beside the fields: of the message, or of what is kept. */
static bool
takes_ground(enum message type)
{
	return has_own_ground(type) || type == MESSAGE_GROUND_STOP_ANSWER;
}

static enum status
set_all(struct content *out, const json_t *object, bool words, struct refusal *refusal)
{
	const char *name;
	json_t *value;
	enum status rc;

	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		if (strcmp(name, "attachments") == 0)
			continue; /* set_documents() */
		if (out->type->id == MESSAGE_DISAGREEMENT_CLIMB && strcmp(name, "level") == 0)
			return request_refuse(refusal, STATUS_ARGUMENT, name,
			    "a disagreement climbs to the next level: level is not said");
		if (strcmp(name, "content") == 0 && json_is_object(value) &&
		    takes_content(out->type->id))
			rc = set_all(out, value, false, refusal);
		else if (words && acts_ground_is_word(name))
			continue; /* read_ground() */
		else
			rc = request_set(out, name, value, refusal);
		if (rc != STATUS_OK)
			return rc;
	}
	return STATUS_OK;
}

/* The fields of CONTENT that ALLOWED leaves out, as far as there is room; the first of them. */
static const struct field_info *
list_outside(const struct content *content, category_set allowed, char *names, size_t size)
{
	const struct field_info *first = NULL;
	size_t len = 0;

	names[0] = '\0';
	for (unsigned i = 0; i < content->type->field_count; i++) {
		const struct field_info *field = content->type->fields[i].field;
		size_t more = strlen(field->name) + 2;

		if (!content->fields[i].present ||
		    (allowed & CATEGORY_BIT(field->category)) != 0)
			continue;
		if (first == NULL)
			first = field;
		if (len + more < size)
			len += (size_t)snprintf(
			    names + len, size - len, "%s%s", len == 0 ? "" : ", ", field->name);
	}
	return first;
}

/* A person is told what may not go, and why, rather than that it quietly stayed. */
static enum status
check_profile(struct service *service, const struct task_row *task, category_set covered,
    const struct content *content, struct refusal *refusal)
{
	const char *peer = task->peer;
	const struct field_info *field;
	struct case_key key = {0};
	category_set asked = CATEGORY_ALL;
	char names[100];
	enum status rc = case_file_key(service, task->case_n, &key);

	if (rc == STATUS_OK)
		rc = asked_allows(service, task, &key, content->type->id, &asked);
	vault_forget(&key);
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "reading the task");
	field = list_outside(content, dispatch_allows(service, peer, task->purpose, content),
	    names, sizeof(names));
	if (field != NULL)
		return request_refuse(refusal, STATUS_OUTSIDE_PROFILE, field->name,
		    "%s may not go to %s: its profile does not let it have this", names, peer);
	field = list_outside(content, asked, names, sizeof(names));
	if (field != NULL)
		return request_refuse(refusal, STATUS_OUTSIDE_PROFILE, field->name,
		    "%s may not go to %s: its request did not ask for this", names, peer);
	field = list_outside(content, covered, names, sizeof(names));
	if (field != NULL)
		return request_refuse(refusal, STATUS_OUTSIDE_GROUND, field->name,
		    "%s may not go to %s: the ground does not name such data", names, peer);
	return STATUS_OK;
}

/* Those of the case may be cited again, which takes its key. */
static enum status
set_documents(struct service *service, const struct actor *actor, const struct task_row *task,
    const json_t *request, struct content *out, struct refusal *refusal)
{
	struct case_key key;
	const struct acts_attach_place place = {task->case_n, &key};
	enum status rc;

	if (json_object_get(request, "attachments") == NULL)
		return STATUS_OK;
	if ((rc = case_file_key(service, task->case_n, &key)) != STATUS_OK)
		return acts_fail(refusal, rc, "reading the task");
	rc = acts_attach_fill(service, actor, request, &place, out, refusal);
	vault_forget(&key);
	return rc;
}

/* A climb leads to the next level, which nobody says. */
static enum status
set_level(const struct task_row *task, struct content *out)
{
	const char *above = disagreement_above(task->state);

	return above == NULL ? STATUS_WRONG_STATE
	                     : content_set_text(out, FIELD_LEVEL, bytes_of_text(above));
}

static enum status
read_content(struct service *service, const struct actor *actor, const struct task_row *task,
    enum message type, category_set covered, const json_t *request, struct content *out,
    struct refusal *refusal)
{
	enum status rc;

	/* Nobody writes a release: the referral holds it (release.h). */
	if (type == MESSAGE_REFERRAL_RELEASE)
		return json_object_size(request) == 0
		           ? STATUS_OK
		           : request_refuse(refusal, STATUS_ARGUMENT, "",
				 "a release has no fields of its own: send {}");
	rc = content_start(type, out);
	if (rc == STATUS_OK && type == MESSAGE_DISAGREEMENT_CLIMB)
		rc = set_level(task, out);
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "making the message");
	if (request != NULL && (rc = request_is_object(request, refusal)) != STATUS_OK)
		return rc;
	if ((rc = set_all(out, request, takes_ground(type), refusal)) != STATUS_OK ||
	    (rc = set_documents(service, actor, task, request, out, refusal)) != STATUS_OK)
		return rc;
	if ((rc = request_is_whole(out, refusal)) != STATUS_OK)
		return rc;
	if ((rc = check_profile(service, task, covered, out, refusal)) != STATUS_OK)
		return rc;
	if ((rc = check_common(service, out, refusal)) != STATUS_OK)
		return rc;
	rc = acts_check_days(service, out, refusal);
	return rc == STATUS_OK ? acts_own_rule(service, out, refusal) : rc;
}

/* It is deleted in the transaction that says so. */
static enum status
delete_if_said(struct service *service, const struct actor *actor, const struct task_row *task,
    const struct content *content)
{
	struct bytes answer;

	if (content->type == NULL || content->type->id != MESSAGE_GROUND_STOP_ANSWER ||
	    !content_text(content, FIELD_STOP_ANSWER, &answer) ||
	    !bytes_is_text(answer, "deleted"))
		return STATUS_OK;
	return stops_delete(service, task, actor->person, service_role_name(actor->role));
}

/* A step as it is about to be taken. */
struct step {
	const struct actor *actor;
	const struct acts_verb *verb;
	struct task_row *task;
	struct acts_ground ground; /* of its own, or of what is kept; without a body: none */
	category_set covered;      /* by the ground, whosever it is */
	struct content content;
};

/* TASK as the author of the step grounds it: on the task's ground, or one of its own. */
static enum status
find_grounded(struct service *service, struct departure *departure, const struct case_key *key,
    struct step *step, struct task_row *grounded)
{
	enum status rc;

	*grounded = *step->task;
	if (step->ground.body == NULL)
		return STATUS_OK;
	rc = acts_ground_open(
	    service, step->actor, departure, key, step->task->case_n, &step->ground);
	return rc == STATUS_OK && has_own_ground(step->verb->type)
	           ? acts_ground_cite(service, &step->ground, grounded)
	           : rc;
}

/* In the open transaction. */
static enum status
send(struct service *service, struct step *step, uint8_t id[static SUITE_ID_LEN])
{
	struct task_row *task = step->task, grounded;
	struct departure departure = {0};
	struct case_key key;
	enum status rc = delete_if_said(service, step->actor, task, &step->content);

	/* After that: what stays is sealed under another key. */
	if (rc == STATUS_OK)
		rc = case_file_key(service, task->case_n, &key);
	if (rc != STATUS_OK)
		return rc;
	if (step->verb->type == MESSAGE_REFERRAL_RELEASE)
		rc = release_make(service, task, &key, &step->content);
	if (rc == STATUS_OK)
		rc = acts_attach_claim(
		    service, &step->content, &(struct acts_attach_place){task->case_n, &key});
	if (rc == STATUS_OK)
		rc = find_grounded(service, &departure, &key, step, &grounded);
	if (rc == STATUS_OK)
		rc = dispatch_act(
		    service, &departure, &grounded, &key, &step->content, LETTER_LIFE_MS, id);
	if (rc == STATUS_OK)
		rc = acts_record(service, step->actor, task, step->verb->name);
	if (rc == STATUS_OK)
		rc = knowing_take(service, step->actor, task->case_n);
	if (rc == STATUS_OK)
		rc = departure_sign(service, &departure);
	if (rc == STATUS_OK)
		rc = case_file_refold(service, task, step->content.type->name);
	departure_free(&departure);
	vault_forget(&key);
	return rc;
}

static enum status
check_state(struct service *service, const struct task_row *task, enum message type,
    struct refusal *refusal)
{
	struct case_history history;
	enum status rc = case_file_history(service, task, &history);
	bool may = rc == STATUS_OK && task_may(task->sort, &history.task,
					  task_event_of(task->sort, type), task->side);

	case_file_history_free(&history);
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "reading the task");
	if (may)
		return STATUS_OK;
	if (task->state == TASK_OFFERED && task->side == TASK_RECIPIENT &&
	    (type == MESSAGE_REFERRAL_ACCEPT || type == MESSAGE_REFERRAL_DECLINE))
		return request_refuse(refusal, STATUS_WRONG_STATE, "",
		    "open the referral for review first: its content comes then");
	return request_refuse(refusal, STATUS_WRONG_STATE, "",
	    "the task is \"%s\": that step does not follow from it, or is the other side's",
	    task_state_label(task->state, "en"));
}

static enum status
send_now(struct service *service, struct step *step, json_t **answer, struct refusal *refusal)
{
	uint8_t id[SUITE_ID_LEN];
	json_t *said = NULL;
	enum status rc;

	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "storing the step");
	rc = send(service, step, id);
	if (rc == STATUS_OK &&
	    (said = json_pack("{s:o, s:s, s:o}", "task", request_hex(step->task->id), "state",
		 task_state_name(step->task->state), "message", request_hex(id))) == NULL)
		rc = STATUS_NO_MEMORY;
	if (service_end(service, rc, "act") != STATUS_OK)
		return acts_fail(refusal, rc, "the step was not taken");
	*answer = said;
	return STATUS_OK;
}

/* What an answer rests on is chosen by who answers, not taken from the question. */
static enum status
read_ground(
    struct service *service, struct step *step, const json_t *request, struct refusal *refusal)
{
	const struct task_row *task = step->task;
	const struct party *self = service_self(service),
			   *peer = service_peer(service, task->peer);
	const struct acts_ground_use use = {
	    .case_n = task->case_n, .purpose = task->purpose, .to = &peer, .count = 1};
	enum status rc;

	if (!has_own_ground(step->verb->type))
		return acts_ground_of_task(
		    service, task, step->verb->type, &step->covered, refusal);
	if (self == NULL || peer == NULL)
		return acts_fail(refusal, STATUS_UNKNOWN_PARTY, "the step was not taken");
	rc = acts_ground_read(service, step->actor, request, &use, &step->ground, refusal);
	if (rc != STATUS_OK)
		return rc;
	rc = policy_permits(step->verb->type, self, peer, step->ground.row.basis);
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "the step was not taken");
	return acts_ground_check(
	    service, &step->ground, peer, task->purpose, &step->covered, refusal);
}

bool
acts_has_step(const char *verb)
{
	return verb_named(verb, NULL) != NULL;
}

enum status
acts_answer(struct service *service, const struct actor *actor, const char *task,
    const char *verb, const json_t *request, json_t **answer, struct refusal *refusal)
{
	const struct acts_verb *found = verb_named(verb, NULL);
	struct task_row row;
	struct step step = {.actor = actor, .task = &row};
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (found == NULL)
		return request_refuse(
		    refusal, STATUS_NOT_FOUND, "", "there is no such step on a task");
	if (!may_on_any(service, actor->role, verb))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "your role may not %s; ask a colleague who may", found->name);
	if ((rc = acts_find_task(service, actor, ACTS_TO_ACT, task, &row, refusal)) !=
	    STATUS_OK)
		return rc;
	if (found->type == MESSAGE_LEAD_CLAIM && row.sort == &conference_sort)
		return request_refuse(refusal, STATUS_WRONG_STATE, "",
		    "who chairs a sitting is bound to its group: nobody claims that; propose"
		    " another sitting");
	if ((found = verb_named(verb, row.sort)) == NULL)
		return request_refuse(refusal, STATUS_WRONG_STATE, "",
		    "this is another sort of task, which has no such step");
	if (!acts_role_may(service, actor->role, found->type))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "your role may not %s; ask a colleague who may", found->name);
	if (row.sort->share != TASK_OF_TWO)
		return acts_circle_step(service, actor, &row, found, request, answer, refusal);
	if ((rc = check_state(service, &row, found->type, refusal)) != STATUS_OK)
		return rc;
	if (row.sort == &disagreement_sort && !disagreement_may(row.state, actor->role))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "the disagreement is \"%s\": ask a colleague of that level",
		    task_state_label(row.state, "en"));
	step.verb = found;
	rc = read_ground(service, &step, request, refusal);
	if (rc == STATUS_OK)
		rc = read_content(service, actor, &row, found->type, step.covered, request,
		    &step.content, refusal);
	if (rc == STATUS_OK)
		rc = acts_kept_read(
		    service, actor, &row, request, &step.content, &step.ground, refusal);
	if (rc == STATUS_OK)
		rc = send_now(service, &step, answer, refusal);
	acts_ground_free(&step.ground);
	content_free(&step.content);
	return rc;
}
