/* broker/submit.h: SUBMIT: whether a sealed message enters the log, and its way to mailboxes. */
#ifndef SAIKNE_SUBMIT_H
#define SAIKNE_SUBMIT_H

#include "broker/intake.h"

#define SUBMIT_AHEAD_MS (5ULL * 60 * 1000) /* how far a clock may be ahead of the broker's */

/* Queues ACCEPTED, or returns why not. */
MUST_CHECK enum status submit_take(struct intake *intake, const struct peer *peer,
    const struct frame *frame, struct refusal *why);

#endif
