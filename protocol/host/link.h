/* protocol/host/link.h: a connection to the broker: connect, greet, keep alive, come back. */
#ifndef SAIKNE_LINK_H
#define SAIKNE_LINK_H

#include "protocol/host/network.h"
#include "protocol/trust/directory.h"
#include "protocol/proof/logview.h"
#include "protocol/wire/frame.h"

/*
 * One DEALER socket under CURVE, in the caller's reactor. The link alone does: connecting and
 * reconnecting (backoff 0.2 s to 30 s with jitter, also after a refused handshake, which
 * ZeroMQ never retries by itself), HELLO and WELCOME, heartbeats, fetching the directory with
 * proofs and folding it, keeping the logview consistent. A session is READY when the directory
 * is as long as the broker said. DELIVER frames that arrive while it lags are held back.
 */
struct link;

struct link_config {
	const struct network *network;
	char party[PARTY_MAX + 1];
	const struct box_key *transport;
	const char *software;        /* "saikne-school 0.1" */
	struct directory *directory; /* folded so far; the link adds to it */
	struct logview *view;
};

/* Each may be NULL. None may close the link. */
struct link_events {
	void *state;
	/* READY: everything stored must be (re)sent now; credit starts at nothing. */
	void (*ready)(void *state);
	/*
	 * Not READY any more; WHY may be STATUS_OK (the peer went away) or why the broker or we
	 * refused: UNKNOWN_KEY (it does not admit our transport key), a refusal of HELLO, a proof
	 * that does not fit. After FORKED_LOG and BAD_CONFIG (network.conf names another broker
	 * than the directory) the link never comes back.
	 */
	void (*lost)(void *state, enum status why);
	/* A frame that is not the link's own business; valid during the call. */
	void (*frame)(void *state, const struct frame *frame);
	/* A statement was verified and folded: store it (leaf bytes) to start from next time. */
	void (*statement)(void *state, uint64_t index, struct bytes leaf);
	/* The logview moved on: store its note. */
	void (*checkpoint)(void *state, struct bytes note);
	/* A checkpoint that waited for its proof lies on the trusted log. */
	void (*proven)(void *state, const struct checkpoint *checkpoint);
	/* Before lost(FORKED_LOG): the two notes that contradict each other, to be kept. */
	void (*forked)(void *state, struct bytes known, struct bytes other);
};

MUST_CHECK enum status link_open(
    const struct link_config *config, const struct link_events *events, struct link **out);
/* Flushes for at most a second; terminates the ZeroMQ context. */
void link_close(struct link *link);

/* Poll this for reading: also readable when a duty is due, so no timer is needed besides. */
int link_fd(const struct link *link);
/* Does all that is due; calls events. Returns the time (clock_boot_ms) of the next duty. */
uint64_t link_run(struct link *link);
bool link_is_ready(const struct link *link);
/*
 * Hands a frame over; STATUS_NOT_READY outside a session, STATUS_TOO_LARGE; STATUS_AGAIN when
 * 1024 frames wait to leave: try again after the next answer.
 */
MUST_CHECK enum status link_send(struct link *link, struct bytes frame);
/*
 * For every checkpoint that a frame brings: logview_note(), and where it is not the trusted one
 * a consistency proof is asked for, one at a time, in this session or a later one: none is let
 * off (link_view.h). The trusted one moves on by events.checkpoint. After STATUS_FORKED_LOG the link stops in its next link_run().
 */
MUST_CHECK enum status link_note(struct link *link, struct bytes note, struct checkpoint *out);
/* A fresh request number for commands that have answers; never 0. */
uint32_t link_request(struct link *link);
/*
 * The broker's time minus ours, in ms: what it told last in WELCOME or PONG, and the time since
 * by a clock that nobody sets. It shows a jump of our own clock at once. 0 before any WELCOME.
 */
int64_t link_clock_offset(const struct link *link);

/*
 * For programs that ask one thing after another: runs the link until READY or an answer to
 * REQUEST comes, at most TIMEOUT_MS. ANSWER borrows until the next call. STATUS_AGAIN on
 * time-out, STATUS_NOT_READY when the session ended meanwhile; a REFUSED answer returns its code
 * with ANSWER set. Waiting for READY ends early with the reason when the broker refuses us; a
 * broker that cannot be reached is waited for. Never from within an event.
 */
MUST_CHECK enum status link_wait_ready(struct link *link, uint64_t timeout_ms);
MUST_CHECK enum status link_ask(struct link *link, struct bytes frame, uint32_t request,
    uint64_t timeout_ms, struct frame *answer);

#endif
