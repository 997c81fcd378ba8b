/* services/runtime/exchange/deadlines.h: the deadlines of every task: set by its fold, run by the clock. */
#ifndef SAIKNE_DEADLINES_H
#define SAIKNE_DEADLINES_H

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/store/deadline_store.h"
#include "services/runtime/store/reach_store.h"

/*
 * Invariants:
 * 1. What runs follows from the task's history alone: the same history twice changes nothing.
 * 2. A stage that was reached is stored with its deadline before anyone hears of it: it is
 *    reached once, after a restart and under a clock that goes back, too.
 * 3. Of stages that were missed together only the last is told: no storm after a suspension.
 */

/*
 * 4. What was reached by our own clock alone, while the broker's could not be asked, is taken
 *    back if its instant still lies ahead once it can: a clock that was set forward has told
 *    too early, and it is told when the time comes, so that nothing passes in silence.
 */

/* The fold of TASK gave HISTORY: what runs now, what is settled, how far it has come. */
MUST_CHECK enum status deadlines_follow(
    struct service *service, const struct task_row *task, const struct case_history *history);

/*
 * Who owes WHAT of TASK to us: of several members that each owe it for themselves the first who does
 * still, in the order in which they joined; else who stands at the other side.
 */
MUST_CHECK enum status deadlines_ower(struct service *service, const struct task_row *task,
    const char *what, char out[static PARTY_MAX + 1]);

/*
 * Whether it is our own clock alone that says that WHAT of TASK_N, which ends at DUE_MS, has come to
 * STAGE: the broker's could not be asked since, and no entry of the log that we have is as late.
 */
MUST_CHECK enum status deadlines_own_clock(struct service *service, uint64_t task_n,
    const char *what, uint64_t due_ms, enum deadline_stage stage, bool *out);

/* What has come to a stage by now ("deadline"); whether anything had. */
bool deadlines_run(struct service *service);
/* When deadlines_run() has something to do, by our clock; 0: never. */
uint64_t deadlines_next_ms(struct service *service);

#endif
