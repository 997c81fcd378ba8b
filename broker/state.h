/* broker/state.h: STATE: whether a statement enters the log, and how many of a party may in a day. */
#ifndef SAIKNE_STATE_H
#define SAIKNE_STATE_H

#include "broker/intake.h"

#define STATE_DAY_MS (24ULL * 3600 * 1000)
/* What one statement's checks are reckoned as, beside pages of the log. */
#define STATE_COST (64U * 1024)

/*
 * Queues STATED, or returns why not. STATUS_RATE_LIMITED: the party stated as many keys of the
 * purpose as it may within a day. Everyone folds the directory for ever, so its growth is
 * bounded: a key is stated so many times a day, and revoked once. What root and registrar sign
 * has no such bound.
 */
MUST_CHECK enum status state_take(struct intake *intake, const struct peer *peer,
    const struct frame *frame, struct refusal *why);

#endif
