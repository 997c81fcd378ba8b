/* services/runtime/task/climbed.h: what climbed to the management group as one table; pure. */
#ifndef SAIKNE_CLIMBED_H
#define SAIKNE_CLIMBED_H

#include "services/runtime/task/task.h"

/*
 *  PENDING ─▶ REFUSED, TAKEN_BACK
 *     │
 *   TOLD ─▶ EXPIRED, UNREADABLE   nobody took it; nobody could open it
 *     │ delivered
 *     ▼        climbed_taken
 *  RECEIVED ────────────────▶ IN_PROGRESS
 *     └────── climbed_over ────────┴──▶ SETTLED
 *
 * To the chair of the management group, once, by the institution that waits for the answer:
 * which level, what is owed, by whom and since when, the task's urgency, purpose and place.
 * All of it is acts, which rest on no ground: nothing says about whom it is, and the task that
 * it names is one that the chair does not know. CLIMBED_TAKEN says what the chair does about it,
 * and is owed within the period of deadlines.csv (take_up). CLIMBED_OVER says that what was owed
 * came, or is owed no more.
 */
extern const struct task_sort climbed_sort;

#endif
