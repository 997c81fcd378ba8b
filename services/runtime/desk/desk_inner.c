/* services/runtime/desk/desk_inner.c: handlers of what happens inside the institution. */
#include "services/runtime/desk/desk_inner.h"

#include "protocol/host/lang.h"
#include "services/runtime/acts/acts_inner.h"
#include "services/runtime/desk/desk_answer.h"
#include "services/runtime/desk/desk_routes.h"

/* What is meant stands in the address alone. */
static enum status
takes_nothing(const struct desk_ask *ask, struct refusal *refusal)
{
	if (json_object_size(ask->body) == 0)
		return STATUS_OK;
	*refusal = desk_answer_refusal(STATUS_ARGUMENT,
	    json_object_iter_key(json_object_iter(ask->body)), N_("this takes no fields"));
	return refusal->status;
}

DESK_INNER(case_new)
{
	return acts_case_new(ask->service, &ask->actor, ask->body, answer, refusal);
}

/* The case is the path's third part: /v1/cases/{case}/... */
DESK_INNER(case_note)
{
	return acts_case_note(
	    ask->service, &ask->actor, ask->parts[2], ask->body, answer, refusal);
}

DESK_INNER(case_label)
{
	return acts_case_label(
	    ask->service, &ask->actor, ask->parts[2], ask->body, answer, refusal);
}

DESK_INNER(case_household)
{
	return acts_case_household(
	    ask->service, &ask->actor, ask->parts[2], ask->body, answer, refusal);
}

DESK_INNER(assign)
{
	return acts_assign(
	    ask->service, &ask->actor, ask->parts[2], ask->body, answer, refusal);
}

DESK_INNER(give_back)
{
	return acts_give_back(
	    ask->service, &ask->actor, ask->parts[2], ask->body, answer, refusal);
}

DESK_INNER(hand_over)
{
	return acts_hand_over(
	    ask->service, &ask->actor, ask->parts[2], ask->body, answer, refusal);
}

DESK_INNER(holdings)
{
	return acts_holdings(ask->service, &ask->actor, answer, refusal);
}

DESK_INNER(duty)
{
	return acts_duty(ask->service, &ask->actor, answer, refusal);
}

DESK_INNER(duty_set)
{
	return acts_duty_set(ask->service, &ask->actor, ask->body, answer, refusal);
}

DESK_INNER(duty_end)
{
	enum status rc = takes_nothing(ask, refusal);

	if (rc != STATUS_OK)
		return rc;
	return acts_duty_end(ask->service, &ask->actor, ask->parts[2], answer, refusal);
}

DESK_INNER(break_glass)
{
	return acts_break_glass(ask->service, &ask->actor, ask->body, answer, refusal);
}

DESK_INNER(glass)
{
	unsigned limit;
	enum status rc = desk_routes_limit(ask, &limit, refusal);

	if (rc != STATUS_OK)
		return rc;
	return acts_glass(
	    ask->service, &ask->actor, limit, desk_ask_query(ask, "after"), answer, refusal);
}

/* The number is who reads the list's; nothing else is said. */
DESK_INNER(glass_seen)
{
	enum status rc = takes_nothing(ask, refusal);

	if (rc != STATUS_OK)
		return rc;
	return acts_glass_seen(ask->service, &ask->actor, ask->parts[2], answer, refusal);
}

DESK_INNER(erase)
{
	return acts_erase(ask->service, &ask->actor, ask->parts[2], ask->body, answer, refusal);
}

DESK_INNER(erasures)
{
	unsigned limit;
	enum status rc = desk_routes_limit(ask, &limit, refusal);

	if (rc != STATUS_OK)
		return rc;
	return acts_erasures(
	    ask->service, &ask->actor, limit, desk_ask_query(ask, "after"), answer, refusal);
}

DESK_INNER(retention)
{
	unsigned limit;
	enum status rc = desk_routes_limit(ask, &limit, refusal);

	if (rc != STATUS_OK)
		return rc;
	return acts_retention(ask->service, &ask->actor, desk_ask_query(ask, "days"), limit,
	    desk_ask_query(ask, "after"), answer, refusal);
}

DESK_INNER(access)
{
	struct acts_access_query query = {.case_id = desk_ask_query(ask, "case"),
	    .person = desk_ask_query(ask, "person"),
	    .after = desk_ask_query(ask, "after")};
	enum status rc = desk_routes_limit(ask, &query.limit, refusal);

	if (rc != STATUS_OK)
		return rc;
	return acts_access(ask->service, &ask->actor, &query, answer, refusal);
}
