/* services/runtime/task/notice.h: what is told unasked, as one table of states and events; pure. */
#ifndef SAIKNE_NOTICE_H
#define SAIKNE_NOTICE_H

#include "services/runtime/task/task.h"

/*
 *  PENDING ─▶ REFUSED            by the broker
 *     │
 *   TOLD ─▶ EXPIRED, UNREADABLE  nobody took it; nobody could open it
 *     │ delivered
 *     ▼         acknowledge
 *  RECEIVED ───────────────▶ ACKNOWLEDGED     (entered_in_error of the recipient: back)
 *     └────── supersede ──────────┴──▶ SUPERSEDED
 *
 *  whatever was told ── entered_in_error of the sender ──▶ ENTERED_IN_ERROR
 *  not permitted ─▶ VOID         at its recipient: it bears a mark that its sender may not set
 *
 * TOLD also takes what RECEIVED does. A correction is a notice, and so a task, of its own, which
 * names the one it corrects; SUPERSEDE says on the old one which it is.
 *
 * Crossings. An acknowledgement that crossed a correction or a mistake tells what was done, and
 * decides nothing.
 */
extern const struct task_sort notice_sort;

/* Whether an institution of SENDER's kind may set the handling mark that CONTENT bears, if any. */
MUST_CHECK bool notice_mark_permitted(const struct content *content, const char *sender);
/* The one purpose of a notice of TYPE; NULL: TYPE is no notice. */
const char *notice_purpose(enum message type);
/*
 * Whether a message of TYPE may open a task for PURPOSE. The purpose chooses the profile, so it
 * is not the sender's to choose freely: a notice has its own, which but for safety no other has.
 */
MUST_CHECK bool notice_purpose_fits(enum message type, struct bytes purpose);

#endif
