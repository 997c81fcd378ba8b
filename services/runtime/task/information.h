/* services/runtime/task/information.h: the information request as one table of states and events. */
#ifndef SAIKNE_INFORMATION_H
#define SAIKNE_INFORMATION_H

#include "services/runtime/task/task.h"

/*
 *  PENDING ─▶ REFUSED                 by the broker
 *     │
 *  REQUESTED ─▶ EXPIRED, UNREADABLE   nobody took it; nobody could open it
 *     │ delivered
 *     ▼          start
 *  RECEIVED ────────────▶ UNDER_WORK
 *     ├── answer ────────────┼─────▶ ANSWERED ─────────┐
 *     ├── refuse ────────────┼─────▶ ANSWER_REFUSED ───┤ entered_in_error of the
 *     └── withdraw ──────────┴─────▶ WITHDRAWN         ▼ recipient: UNDER_WORK
 *
 *  whatever was requested ── entered_in_error of the sender ──▶ ENTERED_IN_ERROR
 *
 * REQUESTED also takes what RECEIVED does: what was said tells more than that it arrived.
 *
 * Crossings. An answer or refusal that crossed a withdrawal stands, whichever of the two the
 * log has first: what was given is with the asker, and so the task says it. The withdrawal
 * then tells, and decides nothing. After a withdrawal that it has applied nobody answers.
 */
extern const struct task_sort information_sort;

/* What an answer to REQUEST may carry: what it asks for, the act, and how the case stands. */
category_set information_asked(const struct content *request);

#endif
