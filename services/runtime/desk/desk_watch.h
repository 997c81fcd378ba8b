/* services/runtime/desk/desk_watch.h: how long a connection may keep the desk waiting; no I/O. */
#ifndef SAIKNE_DESK_WATCH_H
#define SAIKNE_DESK_WATCH_H

#include <stdbool.h>
#include <stdint.h>

/*
 * From the connection's beginning, or from its last request, to the next whole one, and to the
 * end of its answer. evhttp's own limit begins anew with every byte, so that a peer which sends
 * one now and then (slow loris) would keep its place for ever.
 */
#define DESK_WATCH_PATIENCE_MS 30000
#define DESK_WATCH_MAX         96

struct desk_watch {
	struct desk_watched {
		bool used, seen;
		bool keeps; /* a stream of events: it ends by rules of its own */
		int fd;
		uint64_t socket; /* a number of the socket's own: FD is used again */
		uint64_t since_ms;
	} at[DESK_WATCH_MAX];
};

/* A look at all connections: begin, then each, then the end, which forgets those that have gone. */
void desk_watch_begin(struct desk_watch *watch);
bool desk_watch_is_overdue(struct desk_watch *watch, int fd, uint64_t socket, uint64_t now_ms);
void desk_watch_end(struct desk_watch *watch);

/* A whole request has come; KEEPS: its answer does not end. */
void desk_watch_served(
    struct desk_watch *watch, int fd, uint64_t socket, uint64_t now_ms, bool keeps);

#endif
