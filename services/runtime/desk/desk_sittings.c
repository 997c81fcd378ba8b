/* services/runtime/desk/desk_sittings.c: handlers of sittings: proposals, agendas, invitations, minutes. */
#include "services/runtime/desk/desk_sittings.h"

#include "services/runtime/acts/acts_sitting.h"
#include "services/runtime/desk/desk_answer.h"

/* The sitting, or the matter, is the path's third part. */
DESK_SITTINGS(propose)
{
	return acts_sitting_propose(ask->service, &ask->actor, ask->body, answer, refusal);
}

DESK_SITTINGS(put)
{
	return acts_sitting_put(
	    ask->service, &ask->actor, ask->parts[2], ask->body, answer, refusal);
}

DESK_SITTINGS(show)
{
	return acts_sitting_show(ask->service, &ask->actor, ask->parts[2], answer, refusal);
}

DESK_SITTINGS(calendar)
{
	struct buffer text = {0};
	enum status rc;

	(void)answer;
	rc = acts_sitting_calendar(ask->service, &ask->actor, ask->parts[2],
	    desk_ask_query(ask, "language"), &text, refusal);
	if (rc == STATUS_OK)
		desk_answer_text(
		    ask->request, "text/calendar; charset=utf-8", bytes_of_buffer(&text));
	buffer_free(&text);
	return rc;
}

DESK_SITTINGS(minutes)
{
	return acts_sitting_minutes(ask->service, &ask->actor, ask->parts[2],
	    desk_ask_query(ask, "without"), answer, refusal);
}
