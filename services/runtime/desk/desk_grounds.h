/* services/runtime/desk/desk_grounds.h: handlers of consents and other grounds for sharing. */
#ifndef SAIKNE_DESK_GROUNDS_H
#define SAIKNE_DESK_GROUNDS_H

#include "services/runtime/desk/desk_ask.h"

#define DESK_GROUNDS(name)                                                                     \
	enum status desk_grounds_##name(                                                       \
	    struct desk_ask *ask, json_t **answer, struct refusal *refusal)

DESK_GROUNDS(of_case);
DESK_GROUNDS(decide);
DESK_GROUNDS(consent_new);
DESK_GROUNDS(one);
DESK_GROUNDS(event);
DESK_GROUNDS(receipt);
DESK_GROUNDS(ending);

#endif
