/* services/runtime/task/case.h: a case over several institutions, as a table of states; pure. */
#ifndef SAIKNE_CASE_H
#define SAIKNE_CASE_H

#include "services/runtime/task/task.h"

/*
 *  PENDING ─▶ REFUSED, TAKEN_BACK   by the broker; its ground was stopped before it left
 *     │                 close (S)
 *   OPEN ⟲ ─────────────────────────▶ CLOSED
 *          ◀─────────────────────────
 *                 reopen (S)
 *
 * ⟲ add, remove, link (S); leave, hand_over (R); report (both). It is shared by a circle
 * (circle.h), whose fold says who may: who leads is S, every other member R.
 */
extern const struct task_sort case_sort;

#endif
