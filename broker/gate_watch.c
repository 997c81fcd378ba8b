/* broker/gate_watch.c: the TCP connections behind the ROUTER: counted, bounded, cut. */
#include "broker/gate_watch.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <zmq.h>

#include "protocol/host/oplog.h"

#define ENDPOINT "inproc://gate-watch"
/* Descriptors besides connections: the database, ZeroMQ's own, standard streams. */
#define DESCRIPTORS_BESIDE 128
#define FRAME_OVERHEAD     64 /* bytes of CURVE and ZMTP around a frame, and more */
#define FRAME_OVERHEAD_MIN 35 /* the same, at least */
/* What is counted as unread is only looked into from so many bytes on. */
#define UNREAD_LOOK (1024U * 1024)

struct line {
	bool open, spoken, shut;
	uint32_t serial;
	uint64_t since_ms;
	uint64_t heard;   /* bytes, as far as the kernel has them */
	uint64_t said;    /* bytes handed to its queue, without most of what goes around them */
	uint64_t taken;   /* of them, acknowledged when last asked */
	struct peer peer; /* once spoken */
	struct sockaddr_storage address;
	socklen_t address_len;
};

struct gate_watch {
	struct gate_watch_config config;
	struct gate_watch_counts counts;
	void *socket;
	struct line *lines; /* by descriptor */
	size_t line_count;
	size_t used; /* above the largest descriptor that there ever was */
	uint64_t spoken;
};

/* ---- Opening ----------------------------------------------------------------------------- */

static enum status
make_lines(struct gate_watch *watch)
{
	rlim_t wanted = watch->config.connections_max + DESCRIPTORS_BESIDE;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return STATUS_INTERNAL;
	if (limit.rlim_cur < wanted) {
		limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
			oplog(OPLOG_WARNING,
			    "only %llu file descriptors are allowed; for connections_max "
			    "raise LimitNOFILE to %llu",
			    (unsigned long long)limit.rlim_cur, (unsigned long long)wanted);
	}
	watch->line_count = (size_t)(limit.rlim_cur > 65536 ? 65536 : limit.rlim_cur);
	watch->lines = calloc(watch->line_count, sizeof(struct line));
	return watch->lines == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status
gate_watch_open(void *context, void *router, const struct gate_watch_config *config,
    struct gate_watch **out)
{
	struct gate_watch *watch = calloc(1, sizeof(*watch));
	const int linger = 0, events = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED;
	enum status rc;

	if (watch == NULL)
		return STATUS_NO_MEMORY;
	watch->config = *config;
	if ((rc = make_lines(watch)) != STATUS_OK) {
		gate_watch_close(watch, router);
		return rc;
	}
	if (zmq_socket_monitor(router, ENDPOINT, events) != 0 ||
	    (watch->socket = zmq_socket(context, ZMQ_PAIR)) == NULL ||
	    zmq_setsockopt(watch->socket, ZMQ_LINGER, &linger, sizeof(linger)) != 0 ||
	    zmq_connect(watch->socket, ENDPOINT) != 0) {
		oplog(OPLOG_ERROR, "connections cannot be watched: %s", zmq_strerror(errno));
		gate_watch_close(watch, router);
		return STATUS_INTERNAL;
	}
	*out = watch;
	return STATUS_OK;
}

void
gate_watch_close(struct gate_watch *watch, void *router)
{
	if (watch == NULL)
		return;
	if (watch->socket != NULL) {
		zmq_socket_monitor(router, NULL, 0);
		zmq_close(watch->socket);
	}
	free(watch->lines);
	free(watch);
}

void *
gate_watch_socket(const struct gate_watch *watch)
{
	return watch->socket;
}

const struct gate_watch_counts *
gate_watch_counts(const struct gate_watch *watch)
{
	return &watch->counts;
}

/* ---- Lines ------------------------------------------------------------------------------- */

static struct line *
line_of(struct gate_watch *watch, int fd)
{
	return fd < 0 || (size_t)fd >= watch->line_count ? NULL : &watch->lines[fd];
}

/*
 * libzmq's own thread closes descriptors, so FD may be another connection's by now. Only one
 * that leads to the same address and port is shut down; libzmq then ends it by itself.
 */
static void
shut(struct line *line, int fd)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);

	line->shut = true;
	if (line->open && getpeername(fd, (struct sockaddr *)&address, &len) == 0 &&
	    len == line->address_len && memcmp(&address, &line->address, len) == 0 &&
	    shutdown(fd, SHUT_RDWR) != 0)
		oplog(OPLOG_DEBUG, "a connection was gone before it was cut");
}

void
gate_watch_cut(struct gate_watch *watch, int fd, uint32_t serial)
{
	struct line *line = line_of(watch, fd);

	if (line == NULL || !line->open || line->serial != serial)
		return;
	watch->counts.cut++;
	shut(line, fd);
}

/*
 * Too many that have said nothing: the oldest makes room. Who floods with connections pushes out
 * its own, and a member that speaks at once comes in between.
 */
static void
make_room(struct gate_watch *watch)
{
	struct line *oldest = NULL;
	uint64_t silent = 0;

	for (size_t i = 0; i < watch->used; i++) {
		struct line *line = &watch->lines[i];

		if (!line->open || line->spoken || line->shut)
			continue;
		silent++;
		if (oldest == NULL || line->since_ms < oldest->since_ms)
			oldest = line;
	}
	if (silent <= watch->config.handshakes_max)
		return;
	watch->counts.too_many++;
	shut(oldest, (int)(oldest - watch->lines));
}

static void
come(struct gate_watch *watch, int fd, uint64_t now_ms)
{
	struct line *line = line_of(watch, fd);

	watch->counts.accepted++;
	if (line == NULL)
		return;
	if (!line->open)
		watch->counts.open++;
	else if (line->spoken)
		watch->spoken--;
	*line = (struct line){.open = true, .serial = line->serial + 1, .since_ms = now_ms};
	line->address_len = sizeof(line->address);
	if (getpeername(fd, (struct sockaddr *)&line->address, &line->address_len) != 0)
		line->address_len = 0;
	if ((size_t)fd >= watch->used)
		watch->used = (size_t)fd + 1;
	if (watch->counts.open > watch->config.connections_max) {
		watch->counts.too_many++;
		shut(line, fd);
	} else if (watch->counts.open - watch->spoken > watch->config.handshakes_max) {
		make_room(watch);
	}
}

static void
go(struct gate_watch *watch, int fd)
{
	struct line *line = line_of(watch, fd);
	struct peer peer;

	if (line == NULL || !line->open)
		return;
	line->open = false;
	watch->counts.open--;
	if (!line->spoken)
		return;
	watch->spoken--;
	peer = line->peer;
	watch->config.lost(watch->config.state, &peer);
}

/* One event: number (u16) and value (u32, the descriptor) in host order; then the endpoint. */
static bool
receive(struct gate_watch *watch, uint16_t *number, uint32_t *value)
{
	zmq_msg_t frame;
	int more = 1;

	for (unsigned i = 0; more; i++) {
		zmq_msg_init(&frame);
		if (zmq_msg_recv(&frame, watch->socket, ZMQ_DONTWAIT) < 0) {
			zmq_msg_close(&frame);
			return false;
		}
		*number = i == 0 ? 0 : *number;
		if (i == 0 && zmq_msg_size(&frame) == sizeof(*number) + sizeof(*value)) {
			const uint8_t *at = zmq_msg_data(&frame);

			memcpy(number, at, sizeof(*number));
			memcpy(value, at + sizeof(*number), sizeof(*value));
		}
		more = zmq_msg_more(&frame);
		zmq_msg_close(&frame);
	}
	return true;
}

enum status
gate_watch_run(struct gate_watch *watch, uint64_t now_ms)
{
	uint32_t value = 0;
	uint16_t number = 0;

	errno = 0;
	while (receive(watch, &number, &value)) {
		if (number == ZMQ_EVENT_ACCEPTED)
			come(watch, (int)value, now_ms);
		else if (number == ZMQ_EVENT_DISCONNECTED)
			go(watch, (int)value);
	}
	return errno == EAGAIN || errno == EINTR ? STATUS_OK : STATUS_INTERNAL;
}

void
gate_watch_heard(struct gate_watch *watch, struct peer *peer, size_t len)
{
	struct line *line = line_of(watch, peer->fd);

	if (line == NULL)
		return;
	/* Its event was sent before its first frame, but may not be read yet. */
	if (!line->open && gate_watch_run(watch, line->since_ms) != STATUS_OK)
		return;
	peer->serial = line->serial;
	if (!line->open)
		peer->fd = -1;
	line->heard += len + FRAME_OVERHEAD;
	if (line->open && !line->spoken && peer->party != NULL) {
		line->spoken = true;
		line->peer = *peer;
		watch->spoken++;
	}
}

void
gate_watch_recheck(struct gate_watch *watch, const struct directory *directory)
{
	for (size_t i = 0; i < watch->used; i++) {
		struct line *line = &watch->lines[i];

		if (!line->open || !line->spoken ||
		    directory_by_transport(directory, line->peer.key) != NULL)
			continue;
		oplog(OPLOG_WARNING, "%s: its key is no longer admitted, its connection is cut",
		    line->peer.party->code);
		watch->counts.cut++;
		shut(line, (int)i);
	}
}

/* ---- What a peer does not read ----------------------------------------------------------- */

/* What the kernel knows of a TCP connection. */
static bool
ask_kernel(int fd, struct tcp_info *info)
{
	socklen_t len = sizeof(*info);

	memset(info, 0, sizeof(*info));
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &len) == 0 &&
	       len >= offsetof(struct tcp_info, tcpi_bytes_received) + sizeof(uint64_t);
}

static struct line *
live_line(struct gate_watch *watch, const struct peer *peer)
{
	struct line *line = line_of(watch, peer->fd);

	return line != NULL && line->open && line->serial == peer->serial ? line : NULL;
}

void
gate_watch_said(struct gate_watch *watch, const struct peer *peer, size_t len)
{
	struct line *line = live_line(watch, peer);

	if (line != NULL)
		line->said += len + FRAME_OVERHEAD_MIN;
}

uint64_t
gate_watch_unread(struct gate_watch *watch, const struct peer *peer)
{
	struct line *line = live_line(watch, peer);
	struct tcp_info info;

	if (line == NULL)
		return 0;
	if (line->said - line->taken > UNREAD_LOOK && ask_kernel(peer->fd, &info)) {
		line->taken = info.tcpi_bytes_acked;
		/* The handshake and heartbeats are acknowledged too: it never gets behind. */
		if (line->said < line->taken)
			line->said = line->taken;
	}
	return line->said - line->taken;
}

/* ---- Every second ------------------------------------------------------------------------ */

static bool
is_flooding(struct line *line, int fd)
{
	struct tcp_info info;

	if (!ask_kernel(fd, &info))
		return false;
	/* What was heard is counted generously: it never gets ahead. */
	if (line->heard > info.tcpi_bytes_received)
		line->heard = info.tcpi_bytes_received;
	return info.tcpi_bytes_received - line->heard > GATE_WATCH_AHEAD_MAX;
}

void
gate_watch_turn(struct gate_watch *watch, uint64_t now_ms)
{
	for (size_t i = 0; i < watch->used; i++) {
		struct line *line = &watch->lines[i];

		if (!line->open)
			continue;
		if (!line->spoken && now_ms - line->since_ms > GATE_WATCH_SILENT_MS) {
			watch->counts.silent++;
			shut(line, (int)i);
		} else if (is_flooding(line, (int)i)) {
			watch->counts.flooding++;
			if (line->spoken)
				oplog(OPLOG_WARNING, "%s: floods, its connection is cut",
				    line->peer.party->code);
			shut(line, (int)i);
		}
	}
}
