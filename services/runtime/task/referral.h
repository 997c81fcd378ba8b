/* services/runtime/task/referral.h: the referral task as one table of states and events; pure. */
#ifndef SAIKNE_REFERRAL_H
#define SAIKNE_REFERRAL_H

#include "services/runtime/task/task.h"

/*
 *  PENDING ─▶ REFUSED               by the broker
 *     │
 *  OFFERED ─▶ EXPIRED, UNREADABLE   nobody took it; nobody could open it
 *     │ review_opened
 *     ▼         information_request        information
 *  UNDER_REVIEW ───────────────▶ INFO_REQUESTED ─▶ UNDER_REVIEW
 *     │ │  │ redirect                      information: not so
 *     │ │  └───────────────────▶ REDIRECT_PROPOSED ─▶ UNDER_REVIEW
 *     │ │ decline                          │ follow_up
 *     │ └──────────────────────▶ DECLINED ─┴─────────▶ CLOSED
 *     │ accept                     follow_up              ▲
 *     ▼         start             hold                    │ close
 *  ACCEPTED ───────▶ IN_PROGRESS ◀────▶ ON_HOLD           │
 *     └── outcome ───────┴── outcome ──────┴──▶ OUTCOME_REPORTED
 *
 *  any open state ── cancel ──▶ CANCEL_REQUESTED ── cancel_confirm ──▶ CANCELLED
 *  any open state, and what was declined or reported ── entered_in_error ──▶ ENTERED_IN_ERROR
 *
 * OFFERED also takes accept and decline at once when the offer carried its content (urgent,
 * immediate). HOLD leads from ACCEPTED too, ACCEPT, DECLINE and REDIRECT from INFO_REQUESTED,
 * ACCEPT and DECLINE from REDIRECT_PROPOSED. What the recipient did last by mistake (accept,
 * decline, outcome) it takes back by ENTERED_IN_ERROR of its own. A redirect moves nothing by
 * itself: the sender records `redirect` in a follow_up and refers anew.
 *
 * Crossings. The log's order is the one order, and one thing more decides: what an author had
 * applied of the other side's acts when it wrote (`applied`). An act crossed another when its
 * author had not applied that.
 *   1. An acceptance stands against a cancel that crossed it: the cancel becomes a request to
 *      stop (STOP_REQUESTED), after which the recipient confirms or reports an outcome.
 *   2. Whichever of the two the log has first: an act of the recipient that crossed a cancel,
 *      and evidence about the offer, is judged as though the cancel had come after it.
 *   3. Information that crossed an acceptance or a redirect tells, and decides nothing.
 */
extern const struct task_sort referral_sort;

#endif
