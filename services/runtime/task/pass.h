/* services/runtime/task/pass.h: an entry of a shared history passed on, or asked for, as tables of states; pure. */
#ifndef SAIKNE_PASS_H
#define SAIKNE_PASS_H

#include "services/runtime/task/task.h"

/*
 *  PENDING ─▶ REFUSED, TAKEN_BACK
 *     │
 *  INFORMED ─▶ EXPIRED, UNREADABLE
 *
 * Both are between two institutions, so they are no part of the history that they are about. Each is
 * a task of its own, as a renewal is: nobody answers it, so that nothing is owed; it has its own
 * evidence; and a circle may have more of them than one task has room for.
 */
extern const struct task_sort pass_sort;
extern const struct task_sort pass_ask_sort;

#endif
