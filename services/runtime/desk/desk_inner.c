/* services/runtime/desk/desk_inner.c: handlers of what happens inside the institution. */
#include "services/runtime/desk/desk_inner.h"

#include "services/runtime/acts/acts_inner.h"

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
