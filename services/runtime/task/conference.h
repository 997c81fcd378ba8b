/* services/runtime/task/conference.h: a sitting of a cooperation group, as a table of states; pure. */
#ifndef SAIKNE_CONFERENCE_H
#define SAIKNE_CONFERENCE_H

#include "services/runtime/task/task.h"

/*
 *  PENDING ─▶ REFUSED, TAKEN_BACK   by the broker; before it left
 *     │            convene (S)             held (S)
 *  PROPOSED ───────────────▶ CONVENED ⟲ ───────────▶ HELD
 *     │                      ▲ │ inquorate (S)
 *     │            convene   │ ▼
 *     └─ call_off (S) ─┐    INQUORATE
 *   CONVENED, too ─────┴─────── │ ─▶ CALLED_OFF
 *                               └──────▲
 *
 * ⟲ convene for another day (S); will_come, will_not_come, delegate (R). S is the chair. That
 * enough were there is sitting.h's to say. What follows a sitting follows in its matters.
 */
extern const struct task_sort conference_sort;

#endif
