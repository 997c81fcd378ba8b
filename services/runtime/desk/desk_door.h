/* services/runtime/desk/desk_door.h: one place where the desk listens, with its own connections and limits. */
#ifndef SAIKNE_DESK_DOOR_H
#define SAIKNE_DESK_DOOR_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "protocol/base/status.h"

struct event_base;
struct evhttp_request;

/* Where the desk listens besides its unix socket. */
struct desk_address {
	bool v6; /* ::1, not 127.0.0.1 */
	uint16_t port;
};

/*
 * "127.0.0.1:8080", "[::1]:8080". STATUS_NOT_FOUND: TEXT is no address but a path;
 * STATUS_BAD_CONFIG: an address, and not one of loopback, or its port is none.
 */
MUST_CHECK enum status desk_door_read(const char *text, struct desk_address *out);
/* A socket that listens there; what fails is in the operator's log. */
MUST_CHECK enum status desk_door_socket(const struct desk_address *address, int *out);

struct desk_door;

/*
 * Serves HTTP at FD, which listens and is taken, also on failure. At most 64 connections at once:
 * the others wait in the kernel's queue. CALL gets each request with STATE.
 */
MUST_CHECK enum status desk_door_open(struct event_base *base, int fd,
    void (*call)(struct evhttp_request *request, void *state), void *state,
    struct desk_door **out);
/* Cuts everyone; NULL is fine. */
void desk_door_close(struct desk_door *door);

/* The connection with descriptor FD has made a whole request; KEEPS: its answer does not end. */
void desk_door_served(struct desk_door *door, int fd, uint64_t now_ms, bool keeps);
/* Cuts whoever has kept us waiting for too long (desk_watch.h), as happens each second. */
void desk_door_sweep(struct desk_door *door, uint64_t now_ms);

/*
 * Whether a request that names HOST, and ORIGIN unless it is NULL, is meant for this address: a
 * name of loopback with this port, and a page from there. A page of elsewhere that had its own
 * name resolved to loopback (DNS rebinding) names itself in HOST.
 */
MUST_CHECK bool desk_door_is_meant(
    const struct desk_address *address, const char *host, const char *origin);

#endif
