/* broker/post.h: from mailboxes to sessions that have credit, and what becomes of the rest. */
#ifndef SAIKNE_POST_H
#define SAIKNE_POST_H

#include "broker/intake.h"

#define POST_TURN_MAX   256               /* entries handed out in one turn ... */
#define POST_TURN_BYTES (4 * 1024 * 1024) /* ... and bytes of parts */
#define POST_EXPIRY_MAX 256               /* parts whose time is over, looked at in one turn */
/* How long after its expiry a part that was handed out may still be answered by its recipient. */
#define POST_GRACE_MS (7ULL * 24 * 3600 * 1000)

/*
 * Each turn, in this order: post_expire() and post_prepare() inside the journal's batch, the
 * commit, then post_send(). A part is marked as handed out by a commit before it leaves, so it
 * can never be both delivered and declared expired.
 */
struct post;

struct post_config {
	struct journal *journal;
	struct sessions *sessions;
	struct intake *intake;
	uint64_t redeliver_ms; /* what lies unanswered so long in a live session comes again */
};

MUST_CHECK enum status post_create(const struct post_config *config, struct post **out);
void post_free(struct post *post);

/* Once a second at most. */
void post_expire(struct post *post);
void post_redeliver(struct post *post);
/* Reads what goes out in this turn, and marks it. */
void post_prepare(struct post *post);
/* After the commit, the answers and NEWS. */
void post_send(struct post *post, const struct outlet *outlet);
/*
 * How long the next turn may wait for frames: not at all where a session with credit has mail
 * left, shortly where one must read first what it got; otherwise IDLE_MS.
 */
int post_wait_ms(const struct post *post, int idle_ms);

#endif
