/* services/runtime/task/action.h: an action assigned to one member, as a table of states; pure. */
#ifndef SAIKNE_ACTION_H
#define SAIKNE_ACTION_H

#include "services/runtime/task/task.h"

/*
 *  PENDING ─▶ REFUSED, TAKEN_BACK   by the broker; its ground was stopped before it left
 *     │
 *  ASSIGNED ──▶ DECLINED (R)
 *     │ accept (R)
 *  ACCEPTED ── start (R) ─▶ IN_PROGRESS ── done (R) ─▶ DONE ── verify (S) ─▶ VERIFIED
 *     │ done (R): to DONE at once  ▲                    │
 *     │                            └──── return (S) ────┘  with a new due date
 *     └─ from both: fail (R) ─▶ FAILED
 *
 * withdraw (S) from whatever is not yet done, declined or over, and from DECLINED: CANCELLED. R
 * is whom it is addressed to, or who took its place since. What was done before a withdrawal
 * came to the log is done.
 */
extern const struct task_sort action_sort;

#endif
