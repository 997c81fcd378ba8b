/* services/runtime/task/transfer.h: an offer of the lead, or a claim to it, as a table of states; pure. */
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
 *  LEAD_CLAIMED ── take_lead (R) ─▶ LEAD_TAKEN        once its day is over
 *     ├───── revoke_lead (S) ─────▶ CLAIM_REFUSED     who leads objects, until then
 *     ├───── reject_lead (R) ─────▶ CLAIM_WITHDRAWN
 *     └───── lapse (S) ───────────▶ CLAIM_LAPSED      it fell, or was not taken and another follows
 *
 * An offer is addressed to its PARTY, a claim to its author: both are R here, and who leads is S.
 * Whether one of them stands is the circle's to say (circle.h): there an act at another time, or
 * of somebody else, is void.
 */
extern const struct task_sort transfer_sort;

#endif
