/* broker/references.h: the grounds that messages cite: whose each is, for whom, and whether stopped. */
#ifndef SAIKNE_REFERENCES_H
#define SAIKNE_REFERENCES_H

#include "broker/intake.h"

/*
 * Whether a new message may rest on what its recipients' entries cite, as the log stands before
 * it, the open batch included. STATUS_FOREIGN_REFERENCE, STATUS_STOPPED, STATUS_UNKNOWN_REPLY,
 * STATUS_NO_BASIS (more answers lie before the grounds than POLICY_REPLIES_MAX), with the
 * recipient's position in WHY.
 * Bit I of *NEW: the I-th recipient's reference is not known yet.
 */
MUST_CHECK enum status references_check(struct intake *in, const struct envelope_header *header,
    struct refusal *why, uint32_t *new);
/* What references_check() passed is entered as INDEX: its references are known, or stopped. */
void references_enter(
    struct intake *in, const struct envelope_header *header, uint64_t index, uint32_t new);

#endif
