/* services/runtime/acts/acts_circle_step.c: a step that a person takes on what a circle shares. */
#include "services/runtime/acts/acts_attach.h"
#include "services/runtime/acts/acts_circle_inside.h"
#include "services/runtime/acts/acts_refer_inside.h"
#include "services/runtime/acts/acts_sitting_inside.h"

#include <string.h>

#include "protocol/host/lang.h"

#include "protocol/trust/profile.h"
#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/store/circle_store.h"
#include "services/runtime/task/case.h"
#include "services/runtime/task/matter.h"
#include "services/runtime/task/transfer.h"

/* ---- Which task, and which circle -------------------------------------------------------- */

static enum status
load_circle(struct circle_doing *doing)
{
	const char *self = doing->service->config.code;
	struct circle_party others[CIRCLE_MEMBERS_MAX];
	const struct circles *circles;
	unsigned count;
	enum status rc = circles_fold(doing->service, doing->on.circle_n, &circles);

	if (rc != STATUS_OK)
		return acts_fail(doing->refusal, rc, "reading the case");
	doing->circle = circles->circle;
	count = circle_others(&doing->circle, self, UINT64_MAX, others);
	for (unsigned i = 0; i < count; i++)
		if ((doing->to[doing->count] = service_peer(doing->service, others[i].code)) !=
		    NULL)
			doing->count++;
	return STATUS_OK;
}

/* What is said of the lead on the case itself is said of the offer, or claim, that stands. */
static enum status
find_offer(struct circle_doing *doing)
{
	enum status rc;

	if (doing->on.sort != &case_sort || task_sort_of(doing->verb->type) != &transfer_sort ||
	    doing->verb->on != NULL)
		return STATUS_OK;
	if (doing->circle.offered.code[0] == '\0')
		return request_refuse(doing->refusal, STATUS_WRONG_STATE, "",
		    "the lead of this case is offered to nobody, and nobody claims it");
	rc = case_store_find_task(doing->service->db, doing->circle.transfer, &doing->on);
	return rc == STATUS_OK ? rc : acts_fail(doing->refusal, rc, "reading the task");
}

/* What the step opens lies in the file of what it is done on. */
static void
start_task(struct circle_doing *doing)
{
	doing->task = doing->on;
	if (doing->verb->on == NULL)
		return;
	doing->task = (struct task_row){.case_n = doing->on.case_n,
	    .sort = task_sort_of(doing->verb->type),
	    .side = TASK_SENDER,
	    .circle_n = doing->on.circle_n,
	    .time_ms = doing->service->now_ms};
	memcpy(doing->task.peer, doing->on.peer, sizeof(doing->task.peer));
	memcpy(doing->task.token, doing->on.token, sizeof(doing->task.token));
	circles_name_task(&doing->task);
	memcpy(doing->task.purpose, doing->on.purpose, sizeof(doing->task.purpose));
}

/* ---- What it rests on -------------------------------------------------------------------- */

static bool
says_ground(const json_t *request)
{
	for (unsigned i = 0; acts_ground_words[i] != NULL; i++)
		if (json_object_get(request, acts_ground_words[i]) != NULL)
			return true;
	return false;
}

/* The record ROW of this case as a ground. */
static enum status
open_record(struct circle_doing *doing, const struct ground_row *row, struct acts_ground *out)
{
	struct case_key key;
	enum status rc = case_file_key(doing->service, row->case_n, &key);

	*out = (struct acts_ground){.row = *row, .state = row->state};
	if (rc != STATUS_OK)
		return rc;
	rc = grounds_read(doing->service, &key, &out->row, &out->body, &out->terms);
	vault_forget(&key);
	return rc;
}

/* How many of the others GROUND lets have anything, and what each; FIRST: why not the first. */
static enum status
cover(struct circle_doing *doing, const struct acts_ground *ground,
    category_set covered[static CIRCLE_MEMBERS_MAX], unsigned *count, struct refusal *first)
{
	*count = 0;
	first->status = STATUS_OK;
	for (unsigned i = 0; i < doing->count; i++) {
		struct refusal refusal = {.status = STATUS_OK};
		enum status rc = acts_ground_check(doing->service, ground, doing->to[i],
		    doing->task.purpose, &covered[i], &refusal);

		if (rc == STATUS_OK) {
			(*count)++;
			continue;
		}
		if (!dispatch_lacks_ground(rc)) {
			*doing->refusal = refusal;
			return rc;
		}
		covered[i] = CATEGORY_BIT(CATEGORY_ACT);
		if (first->status == STATUS_OK)
			*first = refusal;
	}
	return STATUS_OK;
}

/* Takes the record ROW where it covers more of the others than what was found before. */
static enum status
try_record(struct circle_doing *doing, const struct ground_row *row, unsigned *best)
{
	category_set covered[CIRCLE_MEMBERS_MAX];
	struct acts_ground ground;
	struct refusal why;
	unsigned count = 0;
	enum status rc = open_record(doing, row, &ground);

	if (rc == STATUS_OK)
		rc = cover(doing, &ground, covered, &count, &why);
	if (rc != STATUS_OK || count <= *best) {
		acts_ground_free(&ground);
		return rc;
	}
	*best = count;
	memcpy(doing->covered, covered, sizeof(covered));
	acts_ground_free(&doing->ground);
	doing->ground = ground;
	return STATUS_OK;
}

/*
 * Where nothing is said: what the task or the case rests on, or the record of this case that covers
 * more of the members (what the lead recorded names those it told, and not itself).
 */
static enum status
find_ground(struct circle_doing *doing)
{
	struct database *db = doing->service->db;
	struct ground_row row = {.n = 0};
	struct circle_row circle;
	struct task_row frame;
	unsigned best = 0;
	enum status rc = circle_store_get(db, doing->on.circle_n, &circle);

	if (rc == STATUS_OK)
		rc = case_store_find_task(db, circle.id, &frame);
	if (rc == STATUS_OK && doing->task.ground_n == 0)
		doing->task.ground_n = frame.ground_n;
	if (rc == STATUS_OK && doing->task.ground_n != 0 &&
	    (rc = ground_store_get(db, doing->task.ground_n, &row)) == STATUS_OK)
		rc = try_record(doing, &row, &best);
	row.n = 0;
	while (rc == STATUS_OK && best < doing->count &&
	       (rc = ground_store_of_case(db, doing->task.case_n, row.n, &row)) == STATUS_OK)
		rc = try_record(doing, &row, &best);
	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
		return acts_fail(doing->refusal, rc, "reading the record");
	return best > 0 ? STATUS_OK
	                : request_refuse(doing->refusal, STATUS_NO_BASIS, "basis",
			      "no record of the case covers this: say what it rests on: basis"
			      " is consent or law");
}

static enum status
read_said(struct circle_doing *doing)
{
	const struct acts_ground_use use = {.case_n = doing->task.case_n,
	    .purpose = doing->task.purpose,
	    .to = doing->to,
	    .count = doing->count};
	struct refusal first;
	unsigned count;
	enum status rc = acts_ground_read(
	    doing->service, doing->actor, doing->request, &use, &doing->ground, doing->refusal);

	if (rc == STATUS_OK)
		rc = cover(doing, &doing->ground, doing->covered, &count, &first);
	if (rc != STATUS_OK || count > 0 || doing->count == 0)
		return rc;
	*doing->refusal = first;
	return first.status;
}

/* Who may have nothing of it has the act alone; when that is everybody it is refused. */
static enum status
read_ground(struct circle_doing *doing)
{
	for (unsigned i = 0; i < doing->count; i++)
		doing->covered[i] = CATEGORY_BIT(CATEGORY_ACT);
	if (task_message(doing->task.sort, doing->verb->type)->bare)
		return STATUS_OK;
	return says_ground(doing->request) ? read_said(doing) : find_ground(doing);
}

/* ---- What it says ------------------------------------------------------------------------ */

/* The word, no field, by which the act names another task. */
static const char *
other_word(enum message type)
{
	return type == MESSAGE_CASE_LINK       ? "other"
	       : type == MESSAGE_ACTION_ASSIGN ? "matter"
	                                       : "";
}

static enum status
set_other(struct circle_doing *doing)
{
	const char *word = other_word(doing->verb->type);
	const json_t *named = word[0] == '\0' ? NULL : json_object_get(doing->request, word);
	const struct task_sort *sort =
	    doing->verb->type == MESSAGE_CASE_LINK ? &case_sort : &matter_sort;
	struct task_row other;
	enum status rc;

	if (named == NULL && doing->on.sort == &matter_sort &&
	    doing->verb->type == MESSAGE_ACTION_ASSIGN) {
		other = doing->on;
	} else if (named == NULL || json_is_null(named)) {
		return doing->verb->type != MESSAGE_CASE_LINK
		           ? STATUS_OK
		           : request_refuse(doing->refusal, STATUS_ARGUMENT, "other",
				 "other is the task of a case over institutions");
	} else {
		rc = acts_find_task(doing->service, doing->actor, ACTS_TO_ACT,
		    json_is_string(named) ? json_string_value(named) : "", &other,
		    doing->refusal);
		if (rc != STATUS_OK)
			return rc;
	}
	if (other.sort != sort || other.n == doing->task.n)
		return request_refuse(doing->refusal, STATUS_ARGUMENT, word,
		    "that is another sort of task, or this one");
	rc = content_set_id(&doing->content, FIELD_OTHER_TASK, other.id);
	return rc == STATUS_OK ? rc : acts_fail(doing->refusal, rc, "making the message");
}

/* Which report was sent in error: one of ours, on what the step is done on. */
static enum status
set_mistaken(struct circle_doing *doing)
{
	const json_t *named = json_object_get(doing->request, "message");
	struct event_row row;
	struct task_row task;
	enum status rc;

	if (!message_has_field(doing->content.type, FIELD_MISTAKEN))
		return STATUS_OK;
	if (!json_is_string(named))
		return request_refuse(doing->refusal, STATUS_ARGUMENT, "message",
		    N_("name the report that was sent in error: its message's first 8 digits "
		       "or more"));
	rc = acts_find_message(doing->service, doing->actor, ACTS_TO_ACT,
	    json_string_value(named), &row, &task, doing->refusal);
	if (rc != STATUS_OK)
		return rc;
	if (!row.own || row.what != EVENT_MESSAGE || row.task_n != doing->on.n ||
	    task_event_of(doing->on.sort, row.type) != TASK_EVENT_REPORT)
		return request_refuse(doing->refusal, STATUS_ARGUMENT, "message",
		    N_("that is no report of this institution here"));
	rc = content_set_id(&doing->content, FIELD_MISTAKEN, row.message);
	return rc == STATUS_OK ? rc : acts_fail(doing->refusal, rc, "making the message");
}

/* Personal data may stand in "content", where a referral has it, or beside the rest. */
static enum status
set_fields(struct circle_doing *doing, const json_t *object, bool inner)
{
	const char *name;
	json_t *value;
	enum status rc;

	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		if (!inner && strcmp(name, "content") == 0) {
			if (!json_is_object(value))
				return request_refuse(doing->refusal, STATUS_ARGUMENT,
				    "content", "content is an object");
			if ((rc = set_fields(doing, value, true)) != STATUS_OK)
				return rc;
			continue;
		}
		if (!inner &&
		    (strcmp(name, "attachments") == 0 ||
			(strcmp(name, "message") == 0 &&
			    message_has_field(doing->content.type, FIELD_MISTAKEN)) ||
			(name[0] != '\0' && strcmp(name, other_word(doing->verb->type)) == 0) ||
			acts_sitting_is_word(doing->verb->type, name) ||
			(doing->ground.body != NULL && acts_ground_is_word(name))))
			continue;
		rc = request_set(&doing->content, name, value, doing->refusal);
		if (rc != STATUS_OK)
			return rc;
	}
	return STATUS_OK;
}

static enum status
set_documents(struct circle_doing *doing)
{
	struct case_key key;
	const struct acts_attach_place place = {doing->on.case_n, &key};
	enum status rc;

	if (json_object_get(doing->request, "attachments") == NULL)
		return STATUS_OK;
	if ((rc = case_file_key(doing->service, doing->on.case_n, &key)) != STATUS_OK)
		return acts_fail(doing->refusal, rc, "reading the task");
	rc = acts_attach_fill(doing->service, doing->actor, doing->request, &place,
	    &doing->content, doing->refusal);
	vault_forget(&key);
	return rc;
}

/* What nobody may have is refused, rather than that it quietly stays. */
static enum status
check_profiles(struct circle_doing *doing)
{
	category_set profiles = CATEGORY_BIT(CATEGORY_ACT), covered = profiles;

	for (unsigned i = 0; i < doing->count; i++) {
		category_set one = profile_allows(doing->task.purpose, doing->to[i]->kind);

		profiles |= one;
		covered |= one & doing->covered[i];
	}
	for (unsigned i = 0; i < doing->content.type->field_count; i++) {
		const struct field_info *field = doing->content.type->fields[i].field;
		category_set bit = CATEGORY_BIT(field->category);

		if (!doing->content.fields[i].present || field->category == CATEGORY_GROUND)
			continue;
		if ((profiles & bit) == 0)
			return request_refuse(doing->refusal, STATUS_OUTSIDE_PROFILE,
			    field->name, "%s is for none of the other members", field->name);
		if ((covered & bit) == 0)
			return request_refuse(doing->refusal, STATUS_OUTSIDE_GROUND,
			    field->name, "%s may not go: the ground does not name such data",
			    field->name);
	}
	return STATUS_OK;
}

static enum status
read_content(struct circle_doing *doing)
{
	enum status rc = content_start(doing->verb->type, &doing->content);

	if (rc != STATUS_OK)
		return acts_fail(doing->refusal, rc, "making the message");
	if (doing->request != NULL &&
	    ((rc = request_is_object(doing->request, doing->refusal)) != STATUS_OK ||
		(rc = set_fields(doing, doing->request, false)) != STATUS_OK))
		return rc;
	if ((rc = set_other(doing)) != STATUS_OK || (rc = set_mistaken(doing)) != STATUS_OK ||
	    (rc = set_documents(doing)) != STATUS_OK ||
	    (rc = acts_sitting_fill(doing->service, &doing->on, doing->request, &doing->content,
		 doing->refusal)) != STATUS_OK ||
	    (rc = acts_circle_fill(doing)) != STATUS_OK ||
	    (rc = acts_sitting_sign_fill(doing->service, doing->actor, &doing->on,
		 doing->request, &doing->content, &doing->signing, doing->refusal)) !=
		STATUS_OK ||
	    (rc = request_is_whole(&doing->content, doing->refusal)) != STATUS_OK ||
	    (rc = acts_circle_rules(doing)) != STATUS_OK ||
	    (rc = acts_sitting_check(
		 doing->service, &doing->on, &doing->content, doing->refusal)) != STATUS_OK ||
	    (rc = check_profiles(doing)) != STATUS_OK)
		return rc;
	return acts_own_rule(doing->service, &doing->content, doing->refusal);
}

/* ---- Taken ------------------------------------------------------------------------------- */

static enum status
store_task(struct circle_doing *doing, const struct acts_ground *ground)
{
	struct task_row *task = &doing->task;
	enum status rc;

	/* What an act rests on stays as it was said, where it was said for this act. */
	if (ground->body != NULL) {
		task->ground_n = ground->row.n;
		task->basis = ground->row.basis;
	}
	if (doing->verb->on == NULL)
		return STATUS_OK;
	if ((rc = case_store_next_task(doing->service->db, &task->n)) != STATUS_OK)
		return rc;
	return case_store_add_task(doing->service->db, task);
}

/* In the open transaction. */
static enum status
send(struct circle_doing *doing, uint8_t id[static SUITE_ID_LEN])
{
	struct service *service = doing->service;
	struct departure departure = {0};
	struct case_key key;
	enum status rc = case_file_key(service, doing->on.case_n, &key);

	if (rc != STATUS_OK)
		return rc;
	rc = acts_attach_claim(
	    service, &doing->content, &(struct acts_attach_place){doing->on.case_n, &key});
	if (rc == STATUS_OK && doing->ground.body != NULL)
		rc = acts_ground_open(
		    service, doing->actor, &departure, &key, doing->on.case_n, &doing->ground);
	if (rc == STATUS_OK)
		rc = store_task(doing, &doing->ground);
	if (rc == STATUS_OK)
		rc = dispatch_act(service, &departure, &doing->task, &key, &doing->content,
		    LETTER_LIFE_MS, id);
	if (rc == STATUS_OK)
		rc = acts_record(service, doing->actor, &doing->task, doing->verb->name);
	if (rc == STATUS_OK)
		rc = knowing_take(service, doing->actor, doing->on.case_n);
	if (rc == STATUS_OK)
		rc = acts_sitting_sign_record(service, doing->actor, &doing->signing);
	if (rc == STATUS_OK)
		rc = departure_sign(service, &departure);
	if (rc == STATUS_OK)
		rc = case_file_refold(service, &doing->task, doing->content.type->name);
	departure_free(&departure);
	vault_forget(&key);
	return rc;
}

/* What each member has of it. */
static json_t *
goes_of(const struct circle_doing *doing)
{
	json_t *members = json_array();

	for (unsigned i = 0; i < doing->count; i++)
		if (json_array_append_new(members,
			acts_refer_goes(doing->service, doing->to[i], doing->task.purpose,
			    doing->covered[i], &doing->content)) != 0) {
			json_decref(members);
			return NULL;
		}
	return members;
}

static enum status
send_now(struct circle_doing *doing, json_t **answer)
{
	uint8_t id[SUITE_ID_LEN];
	json_t *said = NULL;
	enum status rc;

	if ((rc = service_begin(doing->service)) != STATUS_OK)
		return acts_fail(doing->refusal, rc, "storing the step");
	if ((rc = send(doing, id)) == STATUS_OK)
		said = json_pack("{s:o, s:s, s:o, s:o}", "task", request_hex(doing->task.id),
		    "state", task_state_name(doing->task.state), "message", request_hex(id),
		    "members", goes_of(doing));
	if (rc == STATUS_OK && said != NULL && doing->verb->type == MESSAGE_CONFERENCE_SIGN &&
	    !acts_sitting_sign_answer(&doing->signing, said))
		rc = STATUS_NO_MEMORY;
	return acts_end(
	    doing->service, rc, said, answer, "the step was not taken", doing->refusal);
}

enum status
acts_circle_step(struct service *service, const struct actor *actor, const struct task_row *on,
    const struct acts_verb *verb, const json_t *request, json_t **answer,
    struct refusal *refusal)
{
	struct circle_doing doing = {.service = service,
	    .actor = actor,
	    .verb = verb,
	    .request = request,
	    .refusal = refusal,
	    .on = *on};
	enum status rc = load_circle(&doing);

	if (rc == STATUS_OK)
		rc = find_offer(&doing);
	if (rc == STATUS_OK)
		rc = acts_circle_state(&doing);
	if (rc == STATUS_OK) {
		start_task(&doing);
		rc = read_ground(&doing);
	}
	if (rc == STATUS_OK)
		rc = read_content(&doing);
	if (rc == STATUS_OK && (rc = service_may_seal(service)) != STATUS_OK)
		request_refuse(refusal, rc, "", "nothing was stored or sent");
	if (rc == STATUS_OK)
		rc = send_now(&doing, answer);
	acts_ground_free(&doing.ground);
	content_free(&doing.content);
	return rc;
}
