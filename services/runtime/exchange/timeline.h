/* services/runtime/exchange/timeline.h: from a task's history to where it stands; pure. */
#ifndef SAIKNE_TIMELINE_H
#define SAIKNE_TIMELINE_H

#include "services/runtime/store/event_store.h"
#include "services/runtime/task/task.h"

/*
 * Folds ROWS (in the log's order, as event_store_load gives them) of a task of SORT for us on
 * SIDE. A message that its recipient never applied (refused, expired, unreadable) has no effect
 * on either side. STOP: the log index at which the ground of the task was stopped, a step without
 * a row; TIMELINE_UNSTOPPED, or TIMELINE_STOPPING while the log does not have our stop yet.
 * Of an offer of the lead STOP is, in the same way, where it lapsed (circles_lapse). VOIDS, if not
 * NULL, gets one flag a row: shown, without effect.
 *
 * Of what a circle shares ROWS were marked (circles_mark): each has its author's side, and what is
 * void in the circle is void here. That one recipient never had it changes nothing for the others.
 */
#define TIMELINE_UNSTOPPED UINT64_MAX
#define TIMELINE_STOPPING  0
void timeline_fold(const struct event_row *rows, size_t count, const struct task_sort *sort,
    enum task_side side, uint64_t stop, struct task_stand *out, bool *voids);
/* The state after each of ROWS, which all have effect; a stop belongs to the last row before it. */
void timeline_trace(const struct event_row *rows, size_t count, const struct task_sort *sort,
    enum task_side side, uint64_t stop, enum task_state *states);

/* The last row of a peer's message of TYPE that has effect; NULL: none. */
const struct event_row *timeline_last(
    const struct event_row *rows, const bool *voids, size_t count, enum message type, bool own);

/* The log index of the peer's last message in a task of two; 0: none: APPLIED of our acts. */
uint64_t timeline_heard(const struct event_row *rows, size_t count);

#endif
