/* broker/gate.c: the one door: CURVE, admission by key, frames in and out, cutting connections. */
#include "broker/gate.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "broker/gate_watch.h"
#include "broker/gate_zap.h"
#include "protocol/host/oplog.h"
#include "protocol/wire/frame.h"

/* In the draft part of zmq.h, but honoured: a handler without this may not be asked. */
#define ZAP_ENFORCE_DOMAIN 93
#define SEND_QUEUE         2048 /* answers and deliveries of one peer */
/* The same in bytes. Deliveries and pages stop earlier: only who sends without reading gets here. */
#define SEND_QUEUE_BYTES (24U * 1024 * 1024)
#define RECEIVE_QUEUE    256
#define COUNTS_MS        60000

struct counts {
	uint64_t frames, strangers, malformed;
};

struct gate {
	struct gate_config config;
	void *context, *router;
	struct gate_zap *zap;
	struct gate_watch *watch;
	zmq_msg_t message;
	char endpoint[256];
	struct counts counts;
	uint64_t told; /* sum of the counts in the last line about them */
	uint64_t told_ms;
};

/* ZeroMQ's own defaults have no bounds; each line here is one it lacks. */
static const struct {
	int name, value;
} options[] = {
    {ZMQ_CURVE_SERVER, 1},
    {ZAP_ENFORCE_DOMAIN, 1},
    {ZMQ_ROUTER_MANDATORY, 1},
    {ZMQ_ROUTER_HANDOVER, 0},
    {ZMQ_LINGER, 0},
    {ZMQ_SNDHWM, SEND_QUEUE},
    {ZMQ_RCVHWM, RECEIVE_QUEUE},
    {ZMQ_HANDSHAKE_IVL, 5000},
    {ZMQ_HEARTBEAT_IVL, 5000},
    {ZMQ_HEARTBEAT_TIMEOUT, 15000},
    {ZMQ_HEARTBEAT_TTL, 30000},
    {ZMQ_BACKLOG, 512},
};

/* ---- Opening ----------------------------------------------------------------------------- */

static void
on_abort(int number)
{
	gate_zap_tell_last();
	/* Unhandled now: it ends the process, also where it came from outside, as a watchdog's. */
	if (raise(number) != 0)
		_exit(1);
}

static bool
configure(struct gate *gate)
{
	const int64_t frame_max = FRAME_CARRIED_MAX;
	/* Only where it is asked for: an IPv4 address would be told in its IPv6 form. */
	const int ipv6 = strchr(gate->config.endpoint, '[') != NULL;
	void *router = gate->router;

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (zmq_setsockopt(router, options[i].name, &options[i].value,
			sizeof(options[i].value)) != 0)
			return false;
	return zmq_setsockopt(router, ZMQ_IPV6, &ipv6, sizeof(ipv6)) == 0 &&
	       zmq_setsockopt(router, ZMQ_MAXMSGSIZE, &frame_max, sizeof(frame_max)) == 0 &&
	       zmq_setsockopt(
		   router, ZMQ_ZAP_DOMAIN, GATE_ZAP_DOMAIN, strlen(GATE_ZAP_DOMAIN)) == 0 &&
	       zmq_setsockopt(router, ZMQ_CURVE_SECRETKEY, gate->config.transport->secret,
		   SUITE_BOX_SECRET) == 0;
}

static enum status
bind_router(struct gate *gate)
{
	size_t len = sizeof(gate->endpoint);

	if (zmq_bind(gate->router, gate->config.endpoint) != 0) {
		oplog(OPLOG_ERROR, "cannot listen on %s: %s", gate->config.endpoint,
		    zmq_strerror(errno));
		return errno == EADDRINUSE ? STATUS_IN_USE : STATUS_BAD_CONFIG;
	}
	if (zmq_getsockopt(gate->router, ZMQ_LAST_ENDPOINT, gate->endpoint, &len) != 0)
		return STATUS_INTERNAL;
	return STATUS_OK;
}

static enum status
open_all(struct gate *gate)
{
	const struct gate_watch_config watch = {.connections_max = gate->config.connections_max,
	    .handshakes_max = gate->config.handshakes_max,
	    .lost = gate->config.lost,
	    .state = gate->config.state};
	struct sigaction act = {.sa_handler = on_abort, .sa_flags = (int)SA_RESETHAND};
	enum status rc;

	if ((gate->context = zmq_ctx_new()) == NULL)
		return STATUS_NO_MEMORY;
	/* First of all: a socket bound before the handler would admit everyone. */
	if ((rc = gate_zap_open(gate->context, gate->config.directory, &gate->zap)) !=
	    STATUS_OK)
		return rc;
	if ((gate->router = zmq_socket(gate->context, ZMQ_ROUTER)) == NULL ||
	    !configure(gate) || sigaction(SIGABRT, &act, NULL) != 0) {
		oplog(OPLOG_ERROR, "cannot open the socket: %s", zmq_strerror(errno));
		return STATUS_INTERNAL;
	}
	if ((rc = gate_watch_open(gate->context, gate->router, &watch, &gate->watch)) !=
	    STATUS_OK)
		return rc;
	return bind_router(gate);
}

enum status
gate_open(const struct gate_config *config, struct gate **out)
{
	struct gate *gate = calloc(1, sizeof(*gate));
	enum status rc;

	if (gate == NULL)
		return STATUS_NO_MEMORY;
	gate->config = *config;
	zmq_msg_init(&gate->message);
	if ((rc = open_all(gate)) != STATUS_OK)
		gate_close(gate);
	else
		*out = gate;
	return rc;
}

void
gate_close(struct gate *gate)
{
	if (gate == NULL)
		return;
	zmq_msg_close(&gate->message);
	gate_watch_close(gate->watch, gate->router);
	if (gate->router != NULL)
		zmq_close(gate->router);
	gate_zap_close(gate->zap);
	if (gate->context != NULL)
		zmq_ctx_term(gate->context);
	free(gate);
}

const char *
gate_endpoint(const struct gate *gate)
{
	return gate->endpoint;
}

/* ---- Frames in --------------------------------------------------------------------------- */

enum status
gate_wait(struct gate *gate, int signal_fd, int timeout_ms, uint64_t now_ms)
{
	zmq_pollitem_t items[] = {
	    {gate_zap_socket(gate->zap), 0, ZMQ_POLLIN, 0},
	    {gate_watch_socket(gate->watch), 0, ZMQ_POLLIN, 0},
	    {gate->router, 0, ZMQ_POLLIN, 0},
	    {NULL, signal_fd, ZMQ_POLLIN, 0},
	};
	enum status rc;

	if (zmq_poll(items, sizeof(items) / sizeof(items[0]), timeout_ms) < 0 &&
	    errno != EINTR) {
		oplog(OPLOG_ERROR, "waiting failed: %s", zmq_strerror(errno));
		return STATUS_INTERNAL;
	}
	if ((rc = gate_watch_run(gate->watch, now_ms)) != STATUS_OK)
		return rc;
	return gate_zap_run(gate->zap, now_ms);
}

/* The rest of a message that is not read. */
static void
skip(struct gate *gate)
{
	while (zmq_msg_more(&gate->message))
		if (zmq_msg_recv(&gate->message, gate->router, ZMQ_DONTWAIT) < 0)
			return;
}

/* Who sent it, by the key that the handshake proved; the directory as it is now. */
static bool
identify(struct gate *gate, struct peer *peer)
{
	const char *user = zmq_msg_gets(&gate->message, "User-Id");

	peer->fd = zmq_msg_get(&gate->message, ZMQ_SRCFD);
	peer->party = NULL;
	if (user != NULL && bytes_from_hex(bytes_of_text(user), peer->key, sizeof(peer->key)))
		peer->party = directory_by_transport(gate->config.directory, peer->key);
	return peer->party != NULL;
}

enum take { TAKE_NONE, TAKE_BAD, TAKE_STRANGER, TAKE_FRAME };

static enum take
take(struct gate *gate, struct peer *peer)
{
	size_t len;

	if (zmq_msg_recv(&gate->message, gate->router, ZMQ_DONTWAIT) < 0)
		return TAKE_NONE;
	len = zmq_msg_size(&gate->message);
	*peer = (struct peer){.fd = -1};
	if (len >= 1 && len <= sizeof(peer->routing)) {
		memcpy(peer->routing, zmq_msg_data(&gate->message), len);
		peer->routing_len = (uint8_t)len;
	}
	if (!zmq_msg_more(&gate->message) ||
	    zmq_msg_recv(&gate->message, gate->router, ZMQ_DONTWAIT) < 0)
		return TAKE_BAD;
	gate->counts.frames++;
	if (!identify(gate, peer)) {
		gate->counts.strangers++;
		gate_watch_heard(gate->watch, peer, 0);
		return TAKE_STRANGER;
	}
	gate_watch_heard(gate->watch, peer, zmq_msg_size(&gate->message));
	if (peer->routing_len > 0 && !zmq_msg_more(&gate->message))
		return TAKE_FRAME;
	gate->counts.malformed++;
	oplog(OPLOG_WARNING, "%s: not one frame a message, its connection is cut",
	    peer->party->code);
	return TAKE_BAD;
}

bool
gate_receive(struct gate *gate, struct peer *peer, struct bytes *frame)
{
	enum take taken;

	/* A key that has just ended is cut by gate_recheck(), after its last answer. */
	while ((taken = take(gate, peer)) == TAKE_BAD || taken == TAKE_STRANGER) {
		if (taken == TAKE_BAD)
			gate_cut(gate, peer);
		skip(gate);
	}
	if (taken == TAKE_NONE)
		return false;
	frame->data = zmq_msg_data(&gate->message);
	frame->len = zmq_msg_size(&gate->message);
	return true;
}

/* ---- Frames out -------------------------------------------------------------------------- */

bool
gate_send(struct gate *gate, const struct peer *to, struct bytes frame)
{
	const int flags = ZMQ_DONTWAIT;
	zmq_msg_t message;

	if (gate_unread(gate, to) > SEND_QUEUE_BYTES ||
	    zmq_msg_init_size(&message, frame.len) != 0)
		return false;
	memcpy(zmq_msg_data(&message), frame.data, frame.len);
	/* The routing id is where a full queue or an unknown peer shows. */
	if (zmq_send(gate->router, to->routing, to->routing_len, flags | ZMQ_SNDMORE) < 0 ||
	    zmq_msg_send(&message, gate->router, flags) < 0) {
		zmq_msg_close(&message);
		return false;
	}
	gate_watch_said(gate->watch, to, frame.len);
	return true;
}

uint64_t
gate_unread(struct gate *gate, const struct peer *peer)
{
	return gate_watch_unread(gate->watch, peer);
}

void
gate_cut(struct gate *gate, const struct peer *peer)
{
	gate_watch_cut(gate->watch, peer->fd, peer->serial);
}

void
gate_recheck(struct gate *gate)
{
	gate_watch_recheck(gate->watch, gate->config.directory);
}

/* ---- Every second ------------------------------------------------------------------------ */

static void
tell_counts(struct gate *gate)
{
	const struct gate_watch_counts *w = gate_watch_counts(gate->watch);
	uint64_t sum = w->accepted + w->too_many + w->silent + w->flooding + w->cut +
	               gate_zap_admitted(gate->zap) + gate_zap_refused(gate->zap) +
	               gate->counts.strangers + gate->counts.malformed;

	if (sum == gate->told)
		return;
	gate->told = sum;
	oplog(OPLOG_INFO,
	    "connections: %llu open; since the start %llu accepted, %llu admitted, %llu "
	    "refused, %llu too many, %llu silent, %llu flooding, %llu malformed, %llu frames "
	    "of keys no longer admitted, %llu cut",
	    (unsigned long long)w->open, (unsigned long long)w->accepted,
	    (unsigned long long)gate_zap_admitted(gate->zap),
	    (unsigned long long)gate_zap_refused(gate->zap), (unsigned long long)w->too_many,
	    (unsigned long long)w->silent, (unsigned long long)w->flooding,
	    (unsigned long long)gate->counts.malformed,
	    (unsigned long long)gate->counts.strangers, (unsigned long long)w->cut);
}

void
gate_turn(struct gate *gate, uint64_t now_ms)
{
	gate_watch_turn(gate->watch, now_ms);
	if (gate->told_ms == 0)
		gate->told_ms = now_ms;
	if (now_ms - gate->told_ms < COUNTS_MS)
		return;
	gate->told_ms = now_ms;
	tell_counts(gate);
}
