/* protocol/host/link_socket.h: one CURVE connection at a time, its events, one fd for all. */
#ifndef SAIKNE_LINK_SOCKET_H
#define SAIKNE_LINK_SOCKET_H

#include "protocol/host/network.h"

/*
 * A connection is a ZeroMQ socket of its own, thrown away at its end: nothing queued for an
 * old session can reach a new one, and when to come back is decided in one place (the link).
 */
struct link_socket;

enum link_socket_event {
	LINK_SOCKET_NOTHING,
	LINK_SOCKET_UP,      /* the handshake succeeded: frames may be sent */
	LINK_SOCKET_REFUSED, /* the broker does not admit our transport key */
	LINK_SOCKET_DOWN,    /* could not connect, or the connection ended */
};

#define LINK_SOCKET_QUEUE 1024 /* frames that may wait to be sent */

MUST_CHECK enum status link_socket_create(struct link_socket **out);
/* Ends the connection, flushing for at most LINGER_MS, and the ZeroMQ context. */
void link_socket_free(struct link_socket *socket, int linger_ms);

/* Begins to connect. STATUS_BAD_CONFIG when the endpoint cannot be one. */
MUST_CHECK enum status link_socket_connect(
    struct link_socket *socket, const struct network *network, const struct box_key *transport);
/* The view of the last frame received stays valid. */
void link_socket_disconnect(struct link_socket *socket);

/* Readable while something is to be received or the time set by link_socket_wake() has come. */
int link_socket_fd(const struct link_socket *socket);
/* WHEN by clock_boot_ms(). */
void link_socket_wake(struct link_socket *socket, uint64_t when);
/* Takes note that the time has come. */
void link_socket_woken(struct link_socket *socket);

/* STATUS_AGAIN: nothing; STATUS_MALFORMED: not one frame alone. Valid until the next call. */
MUST_CHECK enum status link_socket_receive(struct link_socket *socket, struct bytes *out);
/* STATUS_AGAIN when the queue is full. */
MUST_CHECK enum status link_socket_send(struct link_socket *socket, struct bytes frame);
/* The next thing that happened to the connection; read the frames first. */
enum link_socket_event link_socket_event(struct link_socket *socket);
/*
 * Whether frames or events wait. ZeroMQ signals edges, which connecting and sending may
 * swallow: ask this before going to sleep.
 */
bool link_socket_pending(const struct link_socket *socket);

#endif
