/* services/runtime/desk/desk_sittings.h: handlers of sittings: proposals, agendas, invitations, minutes. */
#ifndef SAIKNE_DESK_SITTINGS_H
#define SAIKNE_DESK_SITTINGS_H

#include "services/runtime/desk/desk_ask.h"

#define DESK_SITTINGS(name)                                                                    \
	enum status desk_sittings_##name(                                                      \
	    struct desk_ask *ask, json_t **answer, struct refusal *refusal)

DESK_SITTINGS(propose);
DESK_SITTINGS(put);
DESK_SITTINGS(show);
DESK_SITTINGS(calendar);
DESK_SITTINGS(minutes);

#endif
