/* protocol/host/link_socket.c: the link's only ZeroMQ: DEALER, its monitor, epoll and timer. */
#include "protocol/host/link_socket.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <zmq.h>

#include "protocol/host/oplog.h"
#include "protocol/wire/frame.h"

#define RECEIVE_QUEUE 1024
/* What the peer's ZAP handler answers for a key it does not admit (RFC 27). */
#define ZAP_REFUSED 400

struct link_socket {
	void *context;
	void *dealer, *monitor; /* NULL: not open */
	int dealer_fd, monitor_fd;
	int epoll_fd, timer_fd;
	unsigned opened; /* names the monitor's endpoint */
	zmq_msg_t message;
};

struct option {
	int name;
	int value;
};

/* ZeroMQ's own defaults have no bounds; each line here is one it lacks. */
static const struct option options[] = {
    {ZMQ_LINGER, 0},
    {ZMQ_SNDHWM, LINK_SOCKET_QUEUE},
    {ZMQ_RCVHWM, RECEIVE_QUEUE},
    {ZMQ_HANDSHAKE_IVL, 10000},
    {ZMQ_CONNECT_TIMEOUT, 10000},
    {ZMQ_HEARTBEAT_IVL, 10000},
    {ZMQ_HEARTBEAT_TIMEOUT, 30000},
    {ZMQ_HEARTBEAT_TTL, 30000},
    {ZMQ_IPV6, 1},
    /* One connection a socket: ZeroMQ never reconnects after a refusal, so the link always
       does. */
    {ZMQ_RECONNECT_IVL, -1},
};

static bool
watch(struct link_socket *socket, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data = {.fd = fd}};

	return epoll_ctl(socket->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

enum status
link_socket_create(struct link_socket **out)
{
	struct link_socket *socket;

	if ((socket = calloc(1, sizeof(*socket))) == NULL)
		return STATUS_NO_MEMORY;
	zmq_msg_init(&socket->message);
	socket->context = zmq_ctx_new();
	socket->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	socket->timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	if (socket->context == NULL || socket->epoll_fd < 0 || socket->timer_fd < 0 ||
	    !watch(socket, socket->timer_fd)) {
		oplog(OPLOG_ERROR, "cannot open a socket: %s", strerror(errno));
		link_socket_free(socket, 0);
		return STATUS_IO;
	}
	*out = socket;
	return STATUS_OK;
}

static void
close_dealer(struct link_socket *socket, int linger_ms)
{
	/* Out of the epoll set before ZeroMQ closes the descriptors in its own time. */
	if (socket->monitor != NULL) {
		epoll_ctl(socket->epoll_fd, EPOLL_CTL_DEL, socket->monitor_fd, NULL);
		zmq_socket_monitor(socket->dealer, NULL, 0);
		zmq_close(socket->monitor);
	}
	if (socket->dealer != NULL) {
		epoll_ctl(socket->epoll_fd, EPOLL_CTL_DEL, socket->dealer_fd, NULL);
		zmq_setsockopt(socket->dealer, ZMQ_LINGER, &linger_ms, sizeof(linger_ms));
		zmq_close(socket->dealer);
	}
	socket->monitor = NULL;
	socket->dealer = NULL;
}

void
link_socket_disconnect(struct link_socket *socket)
{
	close_dealer(socket, 0);
}

void
link_socket_free(struct link_socket *socket, int linger_ms)
{
	if (socket == NULL)
		return;
	close_dealer(socket, linger_ms);
	zmq_msg_close(&socket->message);
	if (socket->context != NULL)
		zmq_ctx_term(socket->context);
	if (socket->epoll_fd >= 0)
		close(socket->epoll_fd);
	if (socket->timer_fd >= 0)
		close(socket->timer_fd);
	free(socket);
}

static bool
set(void *dealer, int name, const void *value, size_t len)
{
	return zmq_setsockopt(dealer, name, value, len) == 0;
}

static bool
configure(void *dealer, const struct network *network, const struct box_key *transport)
{
	const int64_t frame_max = FRAME_CARRIED_MAX;
	uint8_t routing_id[16];
	size_t i;

	/* Automatic ids can be guessed: another member could wait for answers under ours. */
	suite_random(routing_id, sizeof(routing_id));
	routing_id[0] |= 1; /* ZeroMQ keeps those that begin with 0 */
	if (!set(dealer, ZMQ_ROUTING_ID, routing_id, sizeof(routing_id)))
		return false;
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (!set(dealer, options[i].name, &options[i].value, sizeof(options[i].value)))
			return false;
	return set(dealer, ZMQ_MAXMSGSIZE, &frame_max, sizeof(frame_max)) &&
	       set(dealer, ZMQ_CURVE_SERVERKEY, network->broker_key,
		   sizeof(network->broker_key)) &&
	       set(dealer, ZMQ_CURVE_PUBLICKEY, transport->public, sizeof(transport->public)) &&
	       set(dealer, ZMQ_CURVE_SECRETKEY, transport->secret, sizeof(transport->secret));
}

static bool
watch_socket(struct link_socket *socket, void *zmq_socket, int *fd)
{
	size_t len = sizeof(*fd);

	return zmq_getsockopt(zmq_socket, ZMQ_FD, fd, &len) == 0 && watch(socket, *fd);
}

/* Events go over inproc; each connection has an endpoint of its own. */
static bool
open_monitor(struct link_socket *socket)
{
	const int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
	                   ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
	                   ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_DISCONNECTED |
	                   ZMQ_EVENT_CLOSED;
	const int linger_ms = 0;
	char endpoint[48];

	snprintf(endpoint, sizeof(endpoint), "inproc://link-monitor-%u", socket->opened++);
	if (zmq_socket_monitor(socket->dealer, endpoint, events) != 0 ||
	    (socket->monitor = zmq_socket(socket->context, ZMQ_PAIR)) == NULL)
		return false;
	return set(socket->monitor, ZMQ_LINGER, &linger_ms, sizeof(linger_ms)) &&
	       zmq_connect(socket->monitor, endpoint) == 0 &&
	       watch_socket(socket, socket->monitor, &socket->monitor_fd);
}

enum status
link_socket_connect(
    struct link_socket *socket, const struct network *network, const struct box_key *transport)
{
	enum status rc = STATUS_IO;

	link_socket_disconnect(socket);
	socket->dealer_fd = socket->monitor_fd = -1;
	if ((socket->dealer = zmq_socket(socket->context, ZMQ_DEALER)) == NULL ||
	    !configure(socket->dealer, network, transport) || !open_monitor(socket) ||
	    !watch_socket(socket, socket->dealer, &socket->dealer_fd)) {
		oplog(OPLOG_ERROR, "cannot open a socket: %s", zmq_strerror(zmq_errno()));
	} else if (zmq_connect(socket->dealer, network->broker) != 0) {
		rc = STATUS_BAD_CONFIG;
		oplog(OPLOG_ERROR, "cannot use the broker's address %s of network.conf: %s",
		    network->broker, zmq_strerror(zmq_errno()));
	} else {
		return STATUS_OK;
	}
	link_socket_disconnect(socket);
	return rc;
}

int
link_socket_fd(const struct link_socket *socket)
{
	return socket->epoll_fd;
}

void
link_socket_wake(struct link_socket *socket, uint64_t when)
{
	struct itimerspec at = {0};

	/* All zeroes would disarm the timer; a time that has passed fires at once. */
	at.it_value.tv_sec = (time_t)(when / 1000);
	at.it_value.tv_nsec = (long)(when % 1000) * 1000000 + 1;
	timerfd_settime(socket->timer_fd, TFD_TIMER_ABSTIME, &at, NULL);
}

void
link_socket_woken(struct link_socket *socket)
{
	uint64_t times;

	/* Nothing to read means that it is another descriptor's turn. */
	if (read(socket->timer_fd, &times, sizeof(times)) < 0 && errno != EAGAIN)
		oplog(OPLOG_WARNING, "a timer failed: %s", strerror(errno));
}

enum status
link_socket_receive(struct link_socket *socket, struct bytes *out)
{
	if (socket->dealer == NULL ||
	    zmq_msg_recv(&socket->message, socket->dealer, ZMQ_DONTWAIT) < 0)
		return STATUS_AGAIN;
	if (zmq_msg_more(&socket->message))
		return STATUS_MALFORMED;
	out->data = zmq_msg_data(&socket->message);
	out->len = zmq_msg_size(&socket->message);
	return STATUS_OK;
}

enum status
link_socket_send(struct link_socket *socket, struct bytes frame)
{
	if (socket->dealer == NULL)
		return STATUS_NOT_READY;
	if (zmq_send(socket->dealer, frame.data, frame.len, ZMQ_DONTWAIT) < 0)
		return zmq_errno() == EAGAIN ? STATUS_AGAIN : STATUS_NOT_READY;
	return STATUS_OK;
}

/* One monitor message: number (u16) and value (u32) in host order, then the endpoint. */
static bool
read_event(void *monitor, uint16_t *number, uint32_t *value)
{
	zmq_msg_t part;
	bool found = false;
	int more = 1;

	while (more) {
		zmq_msg_init(&part);
		if (zmq_msg_recv(&part, monitor, ZMQ_DONTWAIT) < 0) {
			zmq_msg_close(&part);
			return false;
		}
		if (!found && zmq_msg_size(&part) == sizeof(*number) + sizeof(*value)) {
			const uint8_t *at = zmq_msg_data(&part);

			memcpy(number, at, sizeof(*number));
			memcpy(value, at + sizeof(*number), sizeof(*value));
			found = true;
		}
		more = zmq_msg_more(&part);
		zmq_msg_close(&part);
	}
	return found;
}

enum link_socket_event
link_socket_event(struct link_socket *socket)
{
	uint16_t number = 0;
	uint32_t value = 0;

	if (socket->monitor == NULL || !read_event(socket->monitor, &number, &value))
		return LINK_SOCKET_NOTHING;
	if (number == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
		return LINK_SOCKET_UP;
	if (number == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH && value == ZAP_REFUSED)
		return LINK_SOCKET_REFUSED;
	return LINK_SOCKET_DOWN;
}

static bool
has_input(void *zmq_socket)
{
	int events = 0;
	size_t len = sizeof(events);

	return zmq_socket != NULL &&
	       zmq_getsockopt(zmq_socket, ZMQ_EVENTS, &events, &len) == 0 &&
	       (events & ZMQ_POLLIN) != 0;
}

bool
link_socket_pending(const struct link_socket *socket)
{
	/* Both are asked every time: the asking is what makes ZeroMQ signal again. */
	const bool frames = has_input(socket->dealer), events = has_input(socket->monitor);

	return frames || events;
}
