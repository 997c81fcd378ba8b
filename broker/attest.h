/* broker/attest.h: evidence about messages: what recipients sign, and what the broker says itself. */
#ifndef SAIKNE_ATTEST_H
#define SAIKNE_ATTEST_H

#include "broker/intake.h"

/* Queues RECORDED, or returns why not. */
MUST_CHECK enum status attest_take(struct intake *intake, const struct peer *peer,
    const struct frame *frame, struct refusal *why);
/*
 * The broker's own: the part at INDEX of PARTY's mailbox EXPIRED or is UNDELIVERABLE. It leaves
 * the mailbox; sender and recipient get the evidence. STATUS_DATABASE when there is no such part.
 */
MUST_CHECK enum status attest_end(struct intake *intake, struct bytes party,
    const struct store_mail *mail, enum evidence_kind kind);

#endif
