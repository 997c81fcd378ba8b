/* services/runtime/task/renewal.h: that a ground goes on, as a table of states; pure. */
#ifndef SAIKNE_RENEWAL_H
#define SAIKNE_RENEWAL_H

#include "services/runtime/task/task.h"

/*
 *  PENDING ─▶ REFUSED
 *     │
 *  INFORMED ─▶ EXPIRED, UNREADABLE
 *
 * A sort of its own, because a renewal is answered by nobody: in a stop's table it would be owed
 * an answer, and its deadline would run.
 */
extern const struct task_sort renewal_sort;

#endif
