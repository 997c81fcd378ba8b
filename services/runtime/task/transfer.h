/* services/runtime/task/transfer.h: an offer of the lead, as a table of states; pure. */
#ifndef SAIKNE_TRANSFER_H
#define SAIKNE_TRANSFER_H

#include "services/runtime/task/task.h"

/*
 *  PENDING ─▶ REFUSED, TAKEN_BACK   by the broker; before it left
 *     │            take_lead (R)
 *  LEAD_OFFERED ────────────────▶ LEAD_TAKEN
 *     ├───── reject_lead (R) ───▶ LEAD_NOT_TAKEN
 *     ├───── revoke_lead (S) ───▶ REVOKED
 *     └───── lapse (S) ─────────▶ LAPSED   its day is over, and another offer or the end follows
 *
 * Whether an offer stands is the circle's to say (circle.h): there an act after its day, or of
 * somebody else, is void.
 */
extern const struct task_sort transfer_sort;

#endif
