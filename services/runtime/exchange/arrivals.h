/* services/runtime/exchange/arrivals.h: what the link brought, taken in by few transactions. */
#ifndef SAIKNE_ARRIVALS_H
#define SAIKNE_ARRIVALS_H

#include "protocol/proof/checkpoint.h"
#include "protocol/wire/frame.h"

struct service;

/*
 * The link's events only queue copies here; arrivals_run() then handles them, many in one
 * commit, and sends what follows. The queue is bounded by what we ask for: credit and windows.
 */
void arrivals_frame(struct service *service, const struct frame *frame);
void arrivals_statement(struct service *service, uint64_t index, struct bytes leaf);
/* The trusted checkpoint moved on. */
void arrivals_view(struct service *service, struct bytes note);
/* CHECKPOINT lies on the trusted log. */
void arrivals_proven(struct service *service, const struct checkpoint *checkpoint);
/* Two checkpoints that contradict each other: kept for ever, and the link does not come back. */
void arrivals_forked(struct service *service, struct bytes known, struct bytes other);
void arrivals_ready(struct service *service);
void arrivals_lost(struct service *service, enum status why);

/*
 * Handles all that came and all that is due; whether frames were handed to the link. After a
 * failure of the database it leaves the queue as it is: the same is tried again by the next call.
 * One frame that cannot be taken in for any other reason is left out, as a problem ("stuck"):
 * nobody's frame may stop all others. It is not answered, so a later session brings it again.
 */
bool arrivals_run(struct service *service);
/* When arrivals_run() has something to do besides what the link brings. */
uint64_t arrivals_next_ms(struct service *service);
/* Frees the queue. */
void arrivals_drop(struct service *service);

#endif
