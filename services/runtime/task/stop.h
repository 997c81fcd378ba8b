/* services/runtime/task/stop.h: that a ground ended, as a table of states; pure. */
#ifndef SAIKNE_STOP_H
#define SAIKNE_STOP_H

#include "services/runtime/task/task.h"

/*
 *  PENDING ─▶ REFUSED            by the broker
 *     │
 *   TOLD ─▶ EXPIRED, UNREADABLE  nobody took it; nobody could open it
 *     │ delivered
 *     ▼        answer
 *  RECEIVED ──────────▶ ANSWERED ⟲ answer: what is said of the data later holds from then on
 *
 * TOLD also takes what RECEIVED does. Nobody takes a stop back: sharing goes on under a new
 * reference. A stop rests on what it stops and an answer on nothing, so that no stop hinders it.
 */
extern const struct task_sort stop_sort;

#endif
