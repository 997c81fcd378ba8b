/* broker/gate_watch.h: the TCP connections behind the ROUTER: counted, bounded, cut. */
#ifndef SAIKNE_GATE_WATCH_H
#define SAIKNE_GATE_WATCH_H

#include "broker/session.h"

/* From the accepted connection to its first frame. */
#define GATE_WATCH_SILENT_MS 10000
/*
 * Bytes a connection may have sent beyond the frames it gave us. libzmq bounds frames, not the
 * parts of one message, and keeps them all until the last has come.
 */
#define GATE_WATCH_AHEAD_MAX (64U * 1024 * 1024)

struct gate_watch;

struct gate_watch_config {
	uint64_t connections_max;
	uint64_t handshakes_max; /* connections that have said nothing yet */
	void (*lost)(void *state, const struct peer *peer);
	void *state;
};

struct gate_watch_counts {
	uint64_t open, accepted, too_many, silent, flooding, cut;
};

/* Before ROUTER binds. Raises the limit of descriptors as far as it may. */
MUST_CHECK enum status gate_watch_open(void *context, void *router,
    const struct gate_watch_config *config, struct gate_watch **out);
void gate_watch_close(struct gate_watch *watch, void *router);
void *gate_watch_socket(const struct gate_watch *watch);
/* Takes note of connections come and gone. STATUS_INTERNAL: the monitor failed. */
MUST_CHECK enum status gate_watch_run(struct gate_watch *watch, uint64_t now_ms);
/* PEER, by its descriptor, sent LEN bytes; gives its serial. One that has gone since: fd -1. */
void gate_watch_heard(struct gate_watch *watch, struct peer *peer, size_t len);
/* So many bytes of a frame went to PEER's queue. */
void gate_watch_said(struct gate_watch *watch, const struct peer *peer, size_t len);
/* Of them, what PEER's side has not acknowledged: in queues of ours, or the kernel's. */
uint64_t gate_watch_unread(struct gate_watch *watch, const struct peer *peer);
/* Cuts those whose keys the directory no longer admits. */
void gate_watch_recheck(struct gate_watch *watch, const struct directory *directory);
void gate_watch_cut(struct gate_watch *watch, int fd, uint32_t serial);
/* Cuts the silent and those who flood. */
void gate_watch_turn(struct gate_watch *watch, uint64_t now_ms);
const struct gate_watch_counts *gate_watch_counts(const struct gate_watch *watch);

#endif
