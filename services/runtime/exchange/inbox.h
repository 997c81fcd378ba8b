/* services/runtime/exchange/inbox.h: entries of our mailbox: proven, judged, applied, answered for. */
#ifndef SAIKNE_INBOX_H
#define SAIKNE_INBOX_H

#include "protocol/wire/frame.h"
#include "services/runtime/exchange/departure.h"

struct service;

#define INBOX_CREDIT 64 /* entries asked for at once, and the most in one commit */

/* What arrived and is not handled yet (arrivals.h). */
struct arrival;

struct inbox {
	struct arrival *first, **last; /* the queue */
	struct arrival *news;          /* statements and notes to be stored */
	struct arrival **news_last;
	bool became_ready, directory_grew;
	uint64_t taken[INBOX_CREDIT]; /* evidence entries stored: TAKEN after the commit */
	unsigned taken_count;
	uint64_t
	    quiet_since_ms; /* nothing delivered in this session since then; 0: no session */
	uint64_t tended_ms; /* the last time that everything due was looked through */
};

/*
 * One DELIVER in the open transaction; what we sign about it goes into DEPARTURE. Whatever the
 * frame holds, the mailbox goes on: a status other than OK is the database's, and the
 * transaction is to be rolled back.
 */
MUST_CHECK enum status inbox_deliver(
    struct service *service, struct departure *departure, const struct frame *frame);

/* The accepted message of a DELIVER (of this BODY) whose LEAF is proven. */
MUST_CHECK enum status inbox_message(struct service *service, struct departure *departure,
    const struct frame_deliver *deliver, const struct leaf *leaf, struct bytes body);
/* One that waited for its documents; VERDICT is what they came to. */
MUST_CHECK enum status inbox_held(struct service *service, struct departure *departure,
    struct bytes body, enum status verdict);
/* What an operator should see; at most one for each WHAT and PEER. */
MUST_CHECK enum status inbox_problem(struct service *service, const char *what,
    struct bytes peer, enum status why, uint64_t index);

#endif
