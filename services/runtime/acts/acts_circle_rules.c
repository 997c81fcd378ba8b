/* services/runtime/acts/acts_circle_rules.c: what may be said in a circle now: each refusal by its name. */
#include "services/runtime/acts/acts_circle_inside.h"

#include <stdio.h>
#include <string.h>

#include "services/runtime/store/circle_store.h"
#include "services/runtime/task/action.h"
#include "services/runtime/task/case.h"

/* ---- Who --------------------------------------------------------------------------------- */

static bool
is_member(const struct circle_doing *doing, const char *code)
{
	return circle_is_member(&doing->circle, code, UINT64_MAX);
}

static bool
is_self(const struct circle_doing *doing, const char *code)
{
	return strcmp(doing->service->config.code, code) == 0;
}

static bool
leads(const struct circle_doing *doing, const char *code)
{
	const char *lead = circle_lead(&doing->circle, UINT64_MAX);

	return lead != NULL && strcmp(lead, code) == 0;
}

/* PARTY of the content; "" where it has none. */
static void
party_of(const struct circle_doing *doing, char out[static PARTY_MAX + 1])
{
	struct bytes text;

	if (!content_text(&doing->content, FIELD_PARTY, &text) ||
	    !bytes_to_text(text, out, PARTY_MAX + 1))
		out[0] = '\0';
}

static enum status
needs_member(const struct circle_doing *doing, const char *code)
{
	return is_member(doing, code)
	           ? STATUS_OK
	           : request_refuse(doing->refusal, STATUS_NOT_A_MEMBER, "party",
			 "%s is no member of this case: add it first", code);
}

/* An institution that is to come in: in the directory, and not suspended. */
static enum status
needs_party(const struct circle_doing *doing, const char *field, const char *code)
{
	const struct party *party = service_peer(doing->service, code);

	if (party == NULL)
		return request_refuse(doing->refusal, STATUS_UNKNOWN_PARTY, field,
		    "no such institution is in the directory");
	if (party->suspended_index != 0)
		return request_refuse(
		    doing->refusal, STATUS_SUSPENDED, field, "this concerns %s", code);
	return STATUS_OK;
}

/* ---- When -------------------------------------------------------------------------------- */

static enum status
check_due(struct circle_doing *doing)
{
	return acts_check_days(doing->service, &doing->content, doing->refusal);
}

/* ---- Each act ---------------------------------------------------------------------------- */

static unsigned
members_now(const struct circle_doing *doing)
{
	struct circle_party members[CIRCLE_MEMBERS_MAX];

	return circle_others(&doing->circle, "", UINT64_MAX, members);
}

static enum status
check_add(struct circle_doing *doing)
{
	unsigned count = members_now(doing);
	struct bytes one, other;
	char code[PARTY_MAX + 1];
	enum status rc;

	for (unsigned i = 0; content_code_at(&doing->content, FIELD_PARTIES, i, &one); i++) {
		if (!bytes_to_text(one, code, sizeof(code)))
			return request_refuse(doing->refusal, STATUS_UNKNOWN_PARTY, "parties",
			    "no such institution is in the directory");
		if ((rc = needs_party(doing, "parties", code)) != STATUS_OK)
			return rc;
		for (unsigned j = 0; j < i; j++)
			if (content_code_at(&doing->content, FIELD_PARTIES, j, &other) &&
			    bytes_equal(one, other))
				return request_refuse(doing->refusal, STATUS_BAD_RECIPIENTS,
				    "parties", "%s is named twice", code);
		if (is_member(doing, code))
			return request_refuse(doing->refusal, STATUS_ARGUMENT, "parties",
			    "%s is a member already", code);
		count++;
	}
	return count <= CIRCLE_MEMBERS_MAX
	           ? STATUS_OK
	           : request_refuse(doing->refusal, STATUS_TOO_LARGE, "parties",
			 "a case has at most %d institutions", CIRCLE_MEMBERS_MAX);
}

static enum status
check_remove(struct circle_doing *doing)
{
	char code[PARTY_MAX + 1];
	enum status rc;

	party_of(doing, code);
	if ((rc = needs_member(doing, code)) != STATUS_OK)
		return rc;
	return leads(doing, code) ? request_refuse(doing->refusal, STATUS_ARGUMENT, "party",
					"who leads is not removed: offer the lead first")
	                          : STATUS_OK;
}

static enum status
check_hand_over(struct circle_doing *doing)
{
	char code[PARTY_MAX + 1];

	party_of(doing, code);
	if (is_self(doing, code))
		return request_refuse(doing->refusal, STATUS_ARGUMENT, "party",
		    "hand it over to another institution");
	return needs_party(doing, "party", code);
}

/* Whether an offer of the lead waits for an answer; behind its day nobody can give one. */
static bool
stands(const struct circle *circle, const struct service *service)
{
	return circle->offered.code[0] != '\0' &&
	       (circle->offer_due_ms == 0 || service_time_ms(service) <= circle->offer_due_ms);
}

static enum status
check_offer(struct circle_doing *doing)
{
	char code[PARTY_MAX + 1];
	enum status rc;

	party_of(doing, code);
	if (is_self(doing, code))
		return request_refuse(doing->refusal, STATUS_ARGUMENT, "party",
		    "this institution leads already: offer the lead to another");
	if ((rc = needs_member(doing, code)) != STATUS_OK)
		return rc;
	if (stands(&doing->circle, doing->service))
		return request_refuse(doing->refusal, STATUS_ALREADY_OFFERED, "party",
		    "%s has not answered yet", doing->circle.offered.code);
	return check_due(doing);
}

static enum status
check_take(struct circle_doing *doing)
{
	const struct circle *circle = &doing->circle;

	if (circle->offered.code[0] == '\0' || !is_self(doing, circle->offered.code) ||
	    memcmp(circle->transfer, doing->task.id, SUITE_ID_LEN) != 0)
		return request_refuse(doing->refusal, STATUS_WRONG_STATE, "",
		    "that offer does not stand any more");
	if (!stands(circle, doing->service))
		return request_refuse(doing->refusal, STATUS_TOO_LATE, "",
		    "the day of the offer is over: the lead can be offered again");
	return STATUS_OK;
}

static enum status
check_assign(struct circle_doing *doing)
{
	char code[PARTY_MAX + 1];
	enum status rc;

	party_of(doing, code);
	rc = needs_member(doing, code);
	return rc == STATUS_OK ? check_due(doing) : rc;
}

/* Names whose actions are open, as far as there is room. */
static enum status
check_close(struct circle_doing *doing)
{
	struct task_row task = {.n = 0};
	char names[100] = "";
	size_t len = 0;
	unsigned open = 0;
	enum status rc;

	if (stands(&doing->circle, doing->service))
		return request_refuse(doing->refusal, STATUS_WRONG_STATE, "",
		    "%s has not answered the offer of the lead: revoke it first",
		    doing->circle.offered.code);
	while ((rc = circle_store_task(
		    doing->service->db, doing->on.circle_n, task.n, &task)) == STATUS_OK) {
		if (task.sort != &action_sort || !task_is_open(task.sort, task.state))
			continue;
		open++;
		if (len + 12 < sizeof(names))
			len += (size_t)snprintf(names + len, sizeof(names) - len,
			    "%s%02x%02x%02x%02x", len == 0 ? "" : ", ", task.id[0], task.id[1],
			    task.id[2], task.id[3]);
	}
	if (rc != STATUS_NOT_FOUND)
		return acts_fail(doing->refusal, rc, "reading the case");
	return open == 0 ? STATUS_OK
	                 : request_refuse(doing->refusal, STATUS_WRONG_STATE, "",
			       "%d actions are open (%s): verify or withdraw them first",
			       (int)open, names);
}

enum status
acts_circle_rules(struct circle_doing *doing)
{
	static const struct {
		enum message type;
		enum status (*check)(struct circle_doing *doing);
	} rules[] = {
	    {MESSAGE_CASE_ADD, check_add},
	    {MESSAGE_CASE_REMOVE, check_remove},
	    {MESSAGE_CASE_HAND_OVER, check_hand_over},
	    {MESSAGE_CASE_CLOSE, check_close},
	    {MESSAGE_LEAD_OFFER, check_offer},
	    {MESSAGE_LEAD_ACCEPT, check_take},
	    {MESSAGE_LEAD_REJECT, check_take},
	    {MESSAGE_ACTION_ASSIGN, check_assign},
	    {MESSAGE_ACTION_RETURN, check_due},
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].type == doing->content.type->id)
			return rules[i].check(doing);
	return STATUS_OK;
}

/* ---- Before anything is read ------------------------------------------------------------- */

static enum status
does_not_follow(struct circle_doing *doing)
{
	const enum message type = doing->verb->type;

	if ((type == MESSAGE_CASE_LEAVE || type == MESSAGE_CASE_HAND_OVER) &&
	    leads(doing, doing->service->config.code))
		return request_refuse(doing->refusal, STATUS_WRONG_STATE, "",
		    "this institution leads the case: the lead is offered to another first");
	if ((doing->on.side & TASK_SENDER) == 0 &&
	    task_next(task_sort_of(type), doing->verb->on != NULL ? TASK_NONE : doing->on.state,
		task_event_of(task_sort_of(type), type), TASK_SENDER, 0) != TASK_NONE)
		return request_refuse(doing->refusal, STATUS_WRONG_STATE, "",
		    "only who leads may do that: %s",
		    circle_lead(&doing->circle, UINT64_MAX) != NULL
			? circle_lead(&doing->circle, UINT64_MAX)
			: "");
	return request_refuse(doing->refusal, STATUS_WRONG_STATE, "",
	    "the task is \"%s\": that step does not follow from it, or is another"
	    " institution's",
	    task_state_label(doing->on.state, "en"));
}

enum status
acts_circle_state(struct circle_doing *doing)
{
	struct case_history history;
	enum status rc;
	bool follows;

	if (!is_member(doing, doing->service->config.code))
		return request_refuse(doing->refusal, STATUS_NOT_A_MEMBER, "",
		    "this institution is no member of the case any more");
	if (!doing->circle.open && doing->verb->type != MESSAGE_CASE_REOPEN &&
	    doing->on.state != TASK_PENDING)
		return request_refuse(doing->refusal, STATUS_WRONG_STATE, "",
		    "the case is closed: who leads it may reopen it");
	rc = case_file_history(doing->service, &doing->on, &history);
	follows = rc == STATUS_OK && acts_verb_follows(doing->verb, &doing->on, &history.task);
	case_file_history_free(&history);
	if (rc != STATUS_OK)
		return acts_fail(doing->refusal, rc, "reading the task");
	return follows ? STATUS_OK : does_not_follow(doing);
}
