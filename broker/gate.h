/* broker/gate.h: the one door: CURVE, admission by key, frames in and out, cutting connections. */
#ifndef SAIKNE_GATE_H
#define SAIKNE_GATE_H

#include "broker/session.h"

/*
 * A ROUTER socket. Who may come in is asked of the directory, in the caller's own thread, at the
 * handshake (ZAP, RFC 27) and again for every frame. A handler that ended would let everyone
 * in: what fails there ends the process (STATUS_INTERNAL from gate_wait()).
 */
struct gate;

struct gate_config {
	const char *endpoint; /* "tcp://127.0.0.1:5750"; port * for any */
	const struct box_key *transport;
	const struct directory *directory;
	uint64_t connections_max, handshakes_max;
	/* A connection is gone: its session must end. */
	void (*lost)(void *state, const struct peer *peer);
	void *state;
};

/* STATUS_IN_USE, STATUS_BAD_CONFIG (logged). */
MUST_CHECK enum status gate_open(const struct gate_config *config, struct gate **out);
void gate_close(struct gate *gate);
/* As bound, with the real port. */
const char *gate_endpoint(const struct gate *gate);

/*
 * Waits until something comes in or SIGNAL_FD is readable, and admits whom the directory knows.
 * NOW_MS is clock_boot_ms().
 */
MUST_CHECK enum status gate_wait(
    struct gate *gate, int signal_fd, int timeout_ms, uint64_t now_ms);
/* The next frame of an admitted party; false when none waits. FRAME borrows until the next. */
MUST_CHECK bool gate_receive(struct gate *gate, struct peer *peer, struct bytes *frame);
/* Never blocks. False when the peer is gone, or does not read and its queue is full. */
MUST_CHECK bool gate_send(struct gate *gate, const struct peer *to, struct bytes frame);
/* Bytes sent to PEER that its side has not taken yet. */
uint64_t gate_unread(struct gate *gate, const struct peer *peer);
/* Ends the connection, if it is still that peer's. */
void gate_cut(struct gate *gate, const struct peer *peer);
/* The directory changed: cuts the connections of keys it no longer admits. */
void gate_recheck(struct gate *gate);
/* Once a second: cuts the silent and the flooding. Once a minute: a line of changed counts. */
void gate_turn(struct gate *gate, uint64_t now_ms);

#endif
