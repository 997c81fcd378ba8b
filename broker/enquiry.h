/* broker/enquiry.h: what peers read: greetings, the directory, the log and its proofs. */
#ifndef SAIKNE_ENQUIRY_H
#define SAIKNE_ENQUIRY_H

#include "broker/answers.h"

/* Bytes of leaves in one page; a session may ask for so many in a second, and saved up. */
#define ENQUIRY_PAGE_BYTES     (256U * 1024)
#define ENQUIRY_BYTES_A_SECOND (8U * 1024 * 1024)
#define ENQUIRY_BYTES_SAVED    (32U * 1024 * 1024)

/*
 * Checks an enquiry (DIRECTORY, ENTRIES, PROOF, CONSISTENCY, CHECKPOINT, PING) and queues its
 * answer. STATUS_MALFORMED, STATUS_NO_SUCH_ENTRY, STATUS_RATE_LIMITED.
 */
MUST_CHECK enum status enquiry_take(struct journal *journal, struct session *session,
    const struct frame *frame, struct answers *answers);
/* Whether the party reads the whole log: each of its sessions is logged. */
bool enquiry_is_logged(const struct party *party);
/* Builds WELCOME, a page or PONG, from what is committed. */
MUST_CHECK enum status enquiry_build(
    struct journal *journal, const struct answer *answer, struct buffer *out);

#endif
