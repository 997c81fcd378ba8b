/* broker/enquiry.h: what peers read: greetings, the directory, the log and its proofs. */
#ifndef SAIKNE_ENQUIRY_H
#define SAIKNE_ENQUIRY_H

#include "broker/intake.h"

/* Bytes of leaves in one page. */
#define ENQUIRY_PAGE_BYTES (256U * 1024)

/*
 * Checks an enquiry (DIRECTORY, ENTRIES, PROOF, CONSISTENCY, CHECKPOINT, PING) and queues its
 * answer. STATUS_MALFORMED, STATUS_NO_SUCH_ENTRY, STATUS_RATE_LIMITED.
 */
MUST_CHECK enum status enquiry_take(
    struct intake *intake, const struct peer *peer, const struct frame *frame);
/* Whether the party is of those who read the whole log: each of its sessions is logged. */
bool enquiry_is_logged(const struct party *party);
/* Builds WELCOME, a page or PONG, from what is committed. */
MUST_CHECK enum status enquiry_build(
    struct journal *journal, const struct answer *answer, struct buffer *out);

#endif
