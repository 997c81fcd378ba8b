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
DESK_INNER(assign);
DESK_INNER(give_back);
DESK_INNER(hand_over);
DESK_INNER(holdings);
DESK_INNER(duty);
DESK_INNER(duty_set);
DESK_INNER(duty_end);
DESK_INNER(glass);
DESK_INNER(break_glass);
DESK_INNER(glass_seen);
DESK_INNER(erase);
DESK_INNER(erasures);
DESK_INNER(retention);
DESK_INNER(access);

#endif
