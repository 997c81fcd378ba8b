/* services/runtime/acts/acts.c: what every act of a person shares: roles, rules, records. */
#include "services/runtime/acts/acts_inside.h"

#include <string.h>

#include "services/runtime/task/calendar.h"
#include "services/runtime/task/case.h"
#include "services/runtime/task/matter.h"
#include "services/runtime/task/transfer.h"

static const struct acts_verb verbs[] = {
    {"review", MESSAGE_REFERRAL_REVIEW_OPENED, NULL},
    {"ask", MESSAGE_REFERRAL_INFORMATION_REQUEST, NULL},
    {"inform", MESSAGE_REFERRAL_INFORMATION, NULL},
    {"redirect", MESSAGE_REFERRAL_REDIRECT, NULL},
    {"accept", MESSAGE_REFERRAL_ACCEPT, NULL},
    {"decline", MESSAGE_REFERRAL_DECLINE, NULL},
    {"follow-up", MESSAGE_REFERRAL_FOLLOW_UP, NULL},
    {"start", MESSAGE_REFERRAL_START, NULL},
    {"hold", MESSAGE_REFERRAL_HOLD, NULL},
    {"resume", MESSAGE_REFERRAL_RESUME, NULL},
    {"outcome", MESSAGE_REFERRAL_OUTCOME, NULL},
    {"close", MESSAGE_REFERRAL_CLOSE, NULL},
    {"release", MESSAGE_REFERRAL_RELEASE, NULL},
    {"cancel", MESSAGE_REFERRAL_CANCEL, NULL},
    {"confirm-cancel", MESSAGE_REFERRAL_CANCEL_CONFIRM, NULL},
    {"mistake", MESSAGE_REFERRAL_ENTERED_IN_ERROR, NULL},
    {"start", MESSAGE_INFORMATION_START, NULL},
    {"answer", MESSAGE_INFORMATION_ANSWER, NULL},
    {"refuse", MESSAGE_INFORMATION_REFUSE, NULL},
    {"withdraw", MESSAGE_INFORMATION_WITHDRAW, NULL},
    {"mistake", MESSAGE_INFORMATION_ENTERED_IN_ERROR, NULL},
    {"acknowledge", MESSAGE_NOTICE_ACKNOWLEDGE, NULL},
    {"mistake", MESSAGE_NOTICE_ENTERED_IN_ERROR, NULL},
    {"answer-stop", MESSAGE_GROUND_STOP_ANSWER, NULL},
    {"take-up", MESSAGE_CLIMBED_TAKEN, NULL},
    {"reply", MESSAGE_DISAGREEMENT_ANSWER, NULL},
    {"climb", MESSAGE_DISAGREEMENT_CLIMB, NULL},
    {"settle", MESSAGE_DISAGREEMENT_SETTLE, NULL},
    {"add", MESSAGE_CASE_ADD, NULL},
    {"remove", MESSAGE_CASE_REMOVE, NULL},
    {"leave", MESSAGE_CASE_LEAVE, NULL},
    {"hand-over", MESSAGE_CASE_HAND_OVER, NULL},
    {"report", MESSAGE_CASE_REPORT, NULL},
    {"close", MESSAGE_CASE_CLOSE, NULL},
    {"reopen", MESSAGE_CASE_REOPEN, NULL},
    {"link", MESSAGE_CASE_LINK, NULL},
    {"mistake", MESSAGE_CASE_MISTAKE, NULL},
    {"offer-lead", MESSAGE_LEAD_OFFER, &case_sort},
    {"claim-lead", MESSAGE_LEAD_CLAIM, &case_sort},
    {"take-lead", MESSAGE_LEAD_ACCEPT, NULL},
    {"reject-lead", MESSAGE_LEAD_REJECT, NULL},
    {"revoke-lead", MESSAGE_LEAD_REVOKE, NULL},
    {"assign", MESSAGE_ACTION_ASSIGN, &case_sort},
    {"assign", MESSAGE_ACTION_ASSIGN, &matter_sort},
    {"accept", MESSAGE_ACTION_ACCEPT, NULL},
    {"decline", MESSAGE_ACTION_DECLINE, NULL},
    {"start", MESSAGE_ACTION_START, NULL},
    {"done", MESSAGE_ACTION_DONE, NULL},
    {"verify", MESSAGE_ACTION_VERIFY, NULL},
    {"return", MESSAGE_ACTION_RETURN, NULL},
    {"fail", MESSAGE_ACTION_FAIL, NULL},
    {"withdraw", MESSAGE_ACTION_WITHDRAW, NULL},
    {"convene", MESSAGE_CONFERENCE_CONVENE, NULL},
    {"will-come", MESSAGE_CONFERENCE_ACCEPT, NULL},
    {"will-not-come", MESSAGE_CONFERENCE_DECLINE, NULL},
    {"delegate", MESSAGE_CONFERENCE_DELEGATE, NULL},
    {"held", MESSAGE_CONFERENCE_HELD, NULL},
    {"inquorate", MESSAGE_CONFERENCE_INQUORATE, NULL},
    {"call-off", MESSAGE_CONFERENCE_CANCEL, NULL},
    {"sign", MESSAGE_CONFERENCE_SIGN, NULL},
    {"report", MESSAGE_MATTER_REPORT, NULL},
    {"drop", MESSAGE_MATTER_DROP, NULL},
    {"decide", MESSAGE_MATTER_DECIDE, NULL},
    {"minutes", MESSAGE_MATTER_MINUTES, NULL},
    {"correct", MESSAGE_MATTER_CORRECT, NULL},
    {"sign", MESSAGE_MATTER_SIGN, NULL},
    {"dissent", MESSAGE_MATTER_DISSENT, NULL},
    {"final", MESSAGE_MATTER_FINAL, NULL},
    {"mistake", MESSAGE_MATTER_MISTAKE, NULL},
};

/* Where what another task of the circle opens can be opened. */
static bool
takes_more(const struct task_row *task)
{
	return task->state == TASK_OPEN || task->state == TASK_DECIDED ||
	       task->state == TASK_MINUTED || task->state == TASK_CORRECTED ||
	       task->state == TASK_FINAL;
}

bool
acts_verb_fits(const struct acts_verb *verb, const struct task_sort *sort)
{
	if (verb->on != NULL)
		return verb->on == sort;
	/* Said of a case, it is about the offer of its lead, or the claim, that stands. */
	if (sort == &case_sort && task_sort_of(verb->type) == &transfer_sort)
		return true;
	return task_message(sort, verb->type) != NULL;
}

bool
acts_verb_follows(
    const struct acts_verb *verb, const struct task_row *task, const struct task_stand *stand)
{
	const struct task_sort *sort = task_sort_of(verb->type);

	if (!acts_verb_fits(verb, task->sort) || (verb->on == NULL && sort != task->sort))
		return false;
	if (verb->on == NULL)
		return task_may(sort, stand, task_event_of(sort, verb->type), task->side);
	return takes_more(task) && task_next(sort, TASK_NONE, task_event_of(sort, verb->type),
				       task->side, 0) != TASK_NONE;
}

const struct acts_verb *
acts_verb_at(unsigned i)
{
	return i < sizeof(verbs) / sizeof(verbs[0]) ? &verbs[i] : NULL;
}

bool
acts_role_may(const struct service *service, enum role role, enum message type)
{
	const struct descriptor *descriptor = service->config.descriptor;

	/* A release is the rest of a referral: who may refer may release. */
	if (type == MESSAGE_REFERRAL_RELEASE)
		type = MESSAGE_REFERRAL_OFFER;
	/* Whatever a kind's table says: who sees no content writes none. */
	if (!service_role_reads(role))
		return false;
	for (size_t i = 0; i < sizeof(descriptor->acts) / sizeof(descriptor->acts[0]); i++)
		if (descriptor->acts[i].type == type)
			return (descriptor->acts[i].roles >> role & 1) != 0;
	return false;
}

enum status
acts_may_read(const struct actor *actor, struct refusal *refusal)
{
	if (service_role_reads(actor->role))
		return STATUS_OK;
	if (actor->role == ROLE_NONE)
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "you have no role at this institution: the administrator adds you under"
		    " [roles] of the service's configuration");
	return request_refuse(refusal, STATUS_NOT_ALLOWED, "", "your role does not see cases");
}

enum status
acts_fail(struct refusal *refusal, enum status rc, const char *doing)
{
	request_refuse(
	    refusal, rc, "", "%s: %s; %s", doing, status_meaning(rc), status_remedy(rc));
	/* In other languages what the status means and what to do stand beside it. */
	refusal->template = doing;
	refusal->value_count = 0;
	return rc;
}

enum status
acts_end(struct service *service, enum status rc, json_t *said, json_t **answer,
    const char *doing, struct refusal *refusal)
{
	if (rc == STATUS_OK && said == NULL)
		rc = STATUS_NO_MEMORY;
	if (service_end(service, rc, "act") != STATUS_OK) {
		json_decref(said);
		return acts_fail(refusal, rc, doing);
	}
	*answer = said;
	return STATUS_OK;
}

enum status
acts_check_days(
    const struct service *service, const struct content *content, struct refusal *refusal)
{
	static const enum field fields[] = {FIELD_DUE, FIELD_UNTIL};
	calendar_day day, today = calendar_day_at(service_time_ms(service));
	struct bytes text;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (message_has_field(content->type, fields[i]) &&
		    content_text(content, fields[i], &text) && calendar_date(text, &day) &&
		    day < today)
			return request_refuse(refusal, STATUS_BAD_DUE,
			    field_info(fields[i])->name,
			    "the due date is over: give a day from today on");
	return STATUS_OK;
}

enum status
acts_own_rule(
    const struct service *service, const struct content *content, struct refusal *refusal)
{
	const struct descriptor *descriptor = service->config.descriptor;
	const struct party *self = service_self(service);
	const char *detail = "";
	enum status rc;

	if (descriptor->before_send == NULL)
		return STATUS_OK;
	rc = self == NULL ? STATUS_UNKNOWN_PARTY
	                  : descriptor->before_send(descriptor, self->kind, content, &detail);
	if (rc != STATUS_OK) {
		request_refuse(refusal, rc, "", "%s", detail);
		refusal->template = detail;
		refusal->value_count = 0;
	}
	return rc;
}

enum status
acts_knows(
    struct service *service, const struct actor *actor, enum acts_need need, uint64_t case_n)
{
	struct knowing knowing;
	bool may = false;
	enum status rc = knowing_of(service, actor, case_n, &knowing);

	if (rc != STATUS_OK)
		return rc;
	switch (need) {
	case ACTS_TO_OPEN:
		may = knowing.open;
		break;
	case ACTS_TO_ACT:
		may = knowing.act;
		break;
	case ACTS_TO_AUDIT:
		may = knowing.open || (actor->role == ROLE_AUDITOR && case_n != 0);
		break;
	}
	return may ? STATUS_OK : STATUS_NOT_FOUND;
}

enum status
acts_find_task(struct service *service, const struct actor *actor, enum acts_need need,
    const char *id, struct task_row *out, struct refusal *refusal)
{
	uint8_t bytes[SUITE_ID_LEN];
	struct task_row found = {0};
	enum status rc = STATUS_NOT_FOUND;

	if (request_id(id, bytes))
		rc = case_store_find_task(service->db, bytes, &found);
	if (rc == STATUS_OK || rc == STATUS_NOT_FOUND)
		rc = acts_knows(service, actor, need, found.case_n);
	if (rc == STATUS_NOT_FOUND)
		return request_refuse(refusal, rc, "task", "there is no such task here");
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "reading the task");
	*out = found;
	return STATUS_OK;
}

enum status
acts_find_case(struct service *service, const struct actor *actor, enum acts_need need,
    const char *id, struct case_row *out, struct refusal *refusal)
{
	uint8_t bytes[SUITE_ID_LEN];
	struct case_row found = {0};
	enum status rc = STATUS_NOT_FOUND;

	if (request_id(id, bytes))
		rc = case_store_find(service->db, bytes, &found);
	if (rc == STATUS_OK || rc == STATUS_NOT_FOUND)
		rc = acts_knows(service, actor, need, found.n);
	if (rc == STATUS_NOT_FOUND)
		return request_refuse(refusal, rc, "case", "there is no such case here");
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "reading the case");
	*out = found;
	return STATUS_OK;
}

const char *
acts_author(
    const struct service *service, const struct task_row *task, const struct event_row *row)
{
	if (row->author[0] != '\0')
		return row->author;
	return row->own ? service->config.code : task->peer;
}

enum status
acts_record(struct service *service, const struct actor *actor, const struct task_row *task,
    const char *what)
{
	return access_record(service, actor, task->case_n, task->n, what);
}

void
acts_listen(
    struct service *service, void (*changed)(void *state, const json_t *change), void *state)
{
	service->changed = changed;
	service->changed_state = state;
}
