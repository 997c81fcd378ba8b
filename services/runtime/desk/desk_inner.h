/* services/runtime/desk/desk_inner.h: handlers of what happens inside the institution. */
#ifndef SAIKNE_DESK_INNER_H
#define SAIKNE_DESK_INNER_H

#include "services/runtime/desk/desk_ask.h"

#define DESK_INNER(name)                                                                       \
	enum status desk_inner_##name(                                                         \
	    struct desk_ask *ask, json_t **answer, struct refusal *refusal)

DESK_INNER(case_new);
DESK_INNER(case_note);
DESK_INNER(case_label);
DESK_INNER(case_household);

#endif
