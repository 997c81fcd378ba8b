/* services/runtime/acts/acts_circle_rules.c: what may be said in a circle now: each refusal by its name. */
#include "services/runtime/acts/acts_circle_inside.h"

#include <stdio.h>
#include <string.h>

#include "services/runtime/store/circle_store.h"
#include "services/runtime/task/action.h"
#include "services/runtime/task/calendar.h"
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

/* ---- The lead ---------------------------------------------------------------------------- */

#define CLAIM_DAYS 3 /* working days, at least, until which who leads may object */
/* So that the log's time, which is later, finds the claim long enough, too. */
#define CLAIM_SLACK_MS CIRCLE_HOUR_MS

static bool
stands(const struct circle_doing *doing)
{
	return circle_stands(&doing->circle, service_time_ms(doing->service));
}

static void
write_day(calendar_day day, char out[static 16])
{
	int year;
	unsigned month, of_month;

	calendar_civil(day, &year, &month, &of_month);
	snprintf(out, 16, "%04d-%02u-%02u", year % 10000, month % 100, of_month % 100);
}

/* The first day that a claim made now may give. */
static calendar_day
claim_day(const struct service *service)
{
	const uint64_t now_ms = service_time_ms(service);
	calendar_day day = calendar_day_at(calendar_after(now_ms, CLAIM_DAYS));

	while (calendar_start_ms(day + 1) - 1 < now_ms + CIRCLE_CLAIM_MS + CLAIM_SLACK_MS)
		day = calendar_day_at(calendar_by(day + 1));
	return day;
}

enum status
acts_circle_fill(struct circle_doing *doing)
{
	char text[16];
	struct bytes said;
	enum status rc;

	if (doing->content.type->id != MESSAGE_LEAD_CLAIM ||
	    content_text(&doing->content, FIELD_DUE, &said))
		return STATUS_OK;
	write_day(claim_day(doing->service), text);
	rc = content_set_text(&doing->content, FIELD_DUE, bytes_of_text(text));
	return rc == STATUS_OK ? rc : acts_fail(doing->refusal, rc, "making the message");
}

static enum status
check_claim_day(struct circle_doing *doing)
{
	const struct service *service = doing->service;
	calendar_day day = 0, first = claim_day(service);
	struct bytes text;
	char from[16];

	if (!content_text(&doing->content, FIELD_DUE, &text) || !calendar_date(text, &day) ||
	    day < first) {
		write_day(first, from);
		return request_refuse(doing->refusal, STATUS_BAD_DUE, "due",
		    "who leads has three working days to object, and 72 hours: give a day from"
		    " %s on",
		    from);
	}
	return circle_claim_due(calendar_start_ms(day + 1) - 1, service_time_ms(service))
	           ? STATUS_OK
	           : request_refuse(doing->refusal, STATUS_BAD_DUE, "due",
			 "a claim gives a day of the next %d days",
			 (int)(CIRCLE_CLAIM_MAX_MS / (24 * CIRCLE_HOUR_MS)));
}

/* Where all others are suspended nobody is left to hear of it, nor anybody to lead. */
static enum status
check_heard(struct circle_doing *doing)
{
	for (unsigned i = 0; i < doing->count; i++)
		if (doing->to[i]->suspended_index == 0)
			return STATUS_OK;
	return request_refuse(doing->refusal, STATUS_BAD_RECIPIENTS, "",
	    "all other members are suspended, and nobody would hear of it: open a case of your"
	    " own, and link it to this one");
}

static enum status
check_claim(struct circle_doing *doing)
{
	const struct circle *circle = &doing->circle;
	enum status rc;

	if (stands(doing) && circle->claimed)
		return request_refuse(doing->refusal, STATUS_WRONG_STATE, "",
		    "%s claims the lead already: wait until it takes it, or its time is over "
		    "(see:"
		    " saikne coordinate show)",
		    circle->offered.code);
	if (circle_keeps(circle, service_time_ms(doing->service)))
		return request_refuse(doing->refusal, STATUS_ALREADY_OFFERED, "",
		    "the lead is offered to %s, which has not answered yet: it can be claimed "
		    "once "
		    "that is over (see: saikne coordinate show)",
		    circle->offered.code);
	rc = check_claim_day(doing);
	return rc == STATUS_OK ? check_heard(doing) : rc;
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
	if (stands(doing) && doing->circle.claimed)
		return request_refuse(doing->refusal, STATUS_WRONG_STATE, "party",
		    "%s claims the lead: object to that first (revoke-lead)",
		    doing->circle.offered.code);
	if (stands(doing))
		return request_refuse(doing->refusal, STATUS_ALREADY_OFFERED, "party",
		    "%s has not answered the last offer yet: wait, or take it back first"
		    " (revoke-lead)",
		    doing->circle.offered.code);
	return check_due(doing);
}

/* Whether the offer, or claim, that it is said of is the last, and not answered. */
static bool
of_last(const struct circle_doing *doing)
{
	return doing->circle.offered.code[0] != '\0' &&
	       memcmp(doing->circle.transfer, doing->task.id, SUITE_ID_LEN) == 0;
}

static enum status
check_own(struct circle_doing *doing)
{
	return of_last(doing) && is_self(doing, doing->circle.offered.code)
	           ? STATUS_OK
	           : request_refuse(doing->refusal, STATUS_WRONG_STATE, "",
			 "that offer or claim does not stand any more: see who leads now "
	                 "(saikne"
			 " coordinate show)");
}

static enum status
check_take(struct circle_doing *doing)
{
	const struct circle *circle = &doing->circle;
	char day[16];
	enum status rc = check_own(doing);

	if (rc != STATUS_OK)
		return rc;
	if (!stands(doing))
		return request_refuse(doing->refusal, STATUS_TOO_LATE, "",
		    circle->claimed
			? "the time to take the lead is over: it can be claimed again"
			: "the day of the offer is over: the lead can be offered again");
	if (!circle->claimed || service_time_ms(doing->service) > circle->offer_due_ms)
		return STATUS_OK;
	write_day(calendar_day_at(circle->offer_due_ms), day);
	return request_refuse(doing->refusal, STATUS_TOO_EARLY, "",
	    "who leads may object until the end of %s: the lead can be taken after that", day);
}

/* An offer that nobody can take any more may not be declined either; a claim is always its own. */
static enum status
check_reject(struct circle_doing *doing)
{
	return doing->circle.claimed ? check_own(doing) : check_take(doing);
}

static enum status
check_revoke(struct circle_doing *doing)
{
	const struct circle *circle = &doing->circle;
	char day[16];

	if (!of_last(doing))
		return request_refuse(doing->refusal, STATUS_WRONG_STATE, "",
		    "that offer or claim does not stand any more: see who leads now (saikne"
		    " coordinate show)");
	if (!circle->claimed || service_time_ms(doing->service) <= circle->offer_due_ms)
		return STATUS_OK;
	write_day(calendar_day_at(circle->offer_due_ms), day);
	return request_refuse(doing->refusal, STATUS_TOO_LATE, "",
	    "%s was the last day to object: %s may take the lead", day, circle->offered.code);
}

/* ---- Actions, and the end ---------------------------------------------------------------- */

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

	/* A claim is answered by that: who closes the case leads it. */
	if (stands(doing) && !doing->circle.claimed)
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
	    {MESSAGE_LEAD_CLAIM, check_claim},
	    {MESSAGE_LEAD_REJECT, check_reject},
	    {MESSAGE_LEAD_REVOKE, check_revoke},
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
	if (type == MESSAGE_LEAD_CLAIM && leads(doing, doing->service->config.code))
		return request_refuse(
		    doing->refusal, STATUS_ARGUMENT, "", "this institution leads already");
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
