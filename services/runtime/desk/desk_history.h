/* services/runtime/desk/desk_history.h: handlers of what institutions share as one history. */
#ifndef SAIKNE_DESK_HISTORY_H
#define SAIKNE_DESK_HISTORY_H

#include "services/runtime/desk/desk_ask.h"

/* /v1/circles/{circle}/history */
enum status desk_history_show(struct desk_ask *ask, json_t **answer, struct refusal *refusal);
/* /v1/circles/{circle}/set-aside; answers as the former */
enum status desk_history_set_aside(
    struct desk_ask *ask, json_t **answer, struct refusal *refusal);

#endif
