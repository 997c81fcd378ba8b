/* services/runtime/desk/desk_history.c: handlers of what institutions share as one history. */
#include "services/runtime/desk/desk_history.h"

#include "services/runtime/acts/acts_history.h"
#include "services/runtime/desk/desk_routes.h"

enum status
desk_history_show(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	unsigned limit;
	enum status rc = desk_routes_limit(ask, &limit, refusal);

	if (rc != STATUS_OK)
		return rc;
	return acts_history(ask->service, &ask->actor, ask->parts[2],
	    desk_ask_query(ask, "with"), limit, desk_ask_query(ask, "after"), answer, refusal);
}

enum status
desk_history_set_aside(struct desk_ask *ask, json_t **answer, struct refusal *refusal)
{
	enum status rc =
	    acts_history_aside(ask->service, &ask->actor, ask->parts[2], ask->body, refusal);

	return rc == STATUS_OK ? desk_history_show(ask, answer, refusal) : rc;
}
