/* services/runtime/desk/desk_grounds.c: handlers of consents and other grounds for sharing. */
#include "services/runtime/desk/desk_grounds.h"

#include "services/runtime/acts/acts_consent.h"
#include "services/runtime/acts/acts_law.h"
#include "services/runtime/desk/desk_routes.h"

/* The case, or the record, is the path's third part: /v1/cases/{case}/..., /v1/grounds/{record}. */
DESK_GROUNDS(of_case)
{
	return acts_grounds(ask->service, &ask->actor, ask->parts[2], answer, refusal);
}

DESK_GROUNDS(decide)
{
	return acts_law_decide(
	    ask->service, &ask->actor, ask->parts[2], ask->body, answer, refusal);
}

DESK_GROUNDS(consent_new)
{
	return acts_consent_new(
	    ask->service, &ask->actor, ask->parts[2], ask->body, answer, refusal);
}

DESK_GROUNDS(one)
{
	return acts_grounds_one(ask->service, &ask->actor, ask->parts[2], answer, refusal);
}

DESK_GROUNDS(event)
{
	return acts_consent_event(
	    ask->service, &ask->actor, ask->parts[2], ask->body, answer, refusal);
}

DESK_GROUNDS(receipt)
{
	return acts_consent_receipt(ask->service, &ask->actor, ask->parts[2], answer, refusal);
}

DESK_GROUNDS(ending)
{
	unsigned limit;
	enum status rc = desk_routes_limit(ask, &limit, refusal);

	if (rc != STATUS_OK)
		return rc;
	return acts_consent_ending(ask->service, &ask->actor, desk_ask_query(ask, "days"),
	    limit, desk_ask_query(ask, "after"), answer, refusal);
}
