/* services/runtime/exchange/stops.h: telling that a ground ended, and who answered what. */
#ifndef SAIKNE_STOPS_H
#define SAIKNE_STOPS_H

#include "services/runtime/exchange/grounds.h"
#include "services/runtime/store/case_store.h"

struct service;

/*
 * A stop is a task of sort "stop" between the maker of a reference and who was shown something
 * under it: told → received → answered. GROUND_STOP cites the reference itself, in the
 * header, so that the broker obeys from its index; all its fields are acts.
 */

/* Tells every institution that has a live reference of ours under ROW. DAY: the legal date. */
MUST_CHECK enum status stops_push(struct service *service, struct departure *departure,
    const struct case_key *key, const struct ground_row *row, const char *reason,
    const char *day);
/*
 * A GROUND_STOP was applied as TASK at INDEX: the reference is stopped, tasks under it are folded
 * anew (TASK_EVENT_GROUND_STOPPED at INDEX), the mirror follows, and by it our own references.
 */
MUST_CHECK enum status stops_take(struct service *service, struct departure *departure,
    const struct case_key *key, const struct task_row *task, const struct content *content,
    uint64_t index);
/* The index at which the reference of TASK was stopped; UINT64_MAX: it is not. */
MUST_CHECK enum status stops_index(
    struct service *service, const struct task_row *task, uint64_t *index);

#endif
