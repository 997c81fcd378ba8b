/* services/runtime/exchange/proven.h: whether an entry really stands in the log that everyone sees. */
#ifndef SAIKNE_PROVEN_H
#define SAIKNE_PROVEN_H

#include "protocol/wire/frame.h"

struct service;

/* Unproven for longer, while there is a broker to ask: shown as a problem. */
#define PROVEN_WITHIN_MS (3600ULL * 1000)

/*
 * The checkpoint is the log's and does not contradict what we trust, the leaf stands at the
 * index, and parses. STATUS_BAD_CHECKPOINT, STATUS_FORKED_LOG (also where we have another entry
 * at that index), STATUS_BAD_PROOF, STATUS_MALFORMED; or the database's. LEAF borrows from
 * PROVEN. A failure is noted as a problem by the caller.
 *
 * In the open transaction: a checkpoint that is not proven yet to be of the trusted log is
 * stored together with what is applied under it, until it is. Otherwise a broker could show
 * another log and be rid of the proof by a restart.
 */
MUST_CHECK enum status proven_check(
    struct service *service, const struct frame_proven *proven, struct leaf *leaf);
/* Whether a failure of proven_check() is ours, and the transaction is to be rolled back. */
bool proven_is_trouble(enum status rc);

/* Hands the stored checkpoints to the link, which asks for their proofs: those it has, it has. */
MUST_CHECK enum status proven_resume(struct service *service);

#endif
