/* services/runtime/proven.h: whether an entry really stands in the log that everyone sees. */
#ifndef SAIKNE_PROVEN_H
#define SAIKNE_PROVEN_H

#include "protocol/wire/frame.h"

struct service;

/*
 * The checkpoint is the log's and does not contradict what we trust, the leaf stands at the
 * index, and parses. STATUS_BAD_CHECKPOINT, STATUS_FORKED_LOG, STATUS_BAD_PROOF,
 * STATUS_MALFORMED. LEAF borrows from PROVEN. A failure is noted as a problem by the caller.
 */
MUST_CHECK enum status proven_check(
    struct service *service, const struct frame_proven *proven, struct leaf *leaf);

#endif
