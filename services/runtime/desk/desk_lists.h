/* services/runtime/desk/desk_lists.h: handlers of the words that forms are made of. */
#ifndef SAIKNE_DESK_LISTS_H
#define SAIKNE_DESK_LISTS_H

#include "services/runtime/desk/desk_ask.h"

enum status desk_lists_all(struct desk_ask *ask, json_t **answer, struct refusal *refusal);
enum status desk_lists_one(struct desk_ask *ask, json_t **answer, struct refusal *refusal);
enum status desk_lists_fields(struct desk_ask *ask, json_t **answer, struct refusal *refusal);
enum status desk_lists_states(struct desk_ask *ask, json_t **answer, struct refusal *refusal);

#endif
