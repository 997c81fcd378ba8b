/* services/runtime/desk/desk_door.c: one place where the desk listens, with its own connections and limits. */
#include "services/runtime/desk/desk_door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "protocol/host/clock.h"
#include "protocol/host/oplog.h"
#include "services/runtime/desk/desk_ask.h"
#include "services/runtime/desk/desk_gulp.h"
#include "services/runtime/desk/desk_page.h"
#include "services/runtime/desk/desk_watch.h"

#define CONNECTIONS_MAX      64
#define BACKLOG              64
#define IDLE_TIMEOUT_S       30
#define FULL_RETRY_MS        100
#define CONNECTION_INPUT_MAX (DESK_PUT_MAX + 2 * DESK_HEADER_MAX)
#define WRITE_MAX            (256 * 1024) /* at once: a piece of a document */
#define METHODS_READ                                                                           \
	(EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT |                 \
	    EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_PATCH)

struct desk_door {
	struct event_base *base;
	struct sockaddr_storage
	    own; /* every connection made here bears it as its own address */
	socklen_t own_len;
	int fd;
	struct evconnlistener *listener;
	struct evhttp *http;
	struct event *full; /* looks again whether a connection has become free */
	struct event *sweep;
	struct desk_watch watch;
};

/* ---- Addresses --------------------------------------------------------------------------- */

static bool
read_port(const char *text, uint16_t *out)
{
	unsigned long port = 0;

	if (*text == '\0' || strlen(text) > 5 || strspn(text, "0123456789") != strlen(text))
		return false;
	port = strtoul(text, NULL, 10);
	if (port < 1 || port > UINT16_MAX)
		return false;
	*out = (uint16_t)port;
	return true;
}

enum status
desk_door_read(const char *text, struct desk_address *out)
{
	static const char four[] = "127.0.0.1:", six[] = "[::1]:";
	const char *colon = strrchr(text, ':');
	struct desk_address found = {0};

	/* Paths with a colon have a slash, too, or no port behind it. */
	if (colon == NULL || strchr(text, '/') != NULL)
		return STATUS_NOT_FOUND;
	if (strncmp(text, four, sizeof(four) - 1) == 0)
		found.v6 = false;
	else if (strncmp(text, six, sizeof(six) - 1) == 0)
		found.v6 = true;
	else
		return STATUS_BAD_CONFIG;
	if (!read_port(colon + 1, &found.port))
		return STATUS_BAD_CONFIG;
	*out = found;
	return STATUS_OK;
}

static socklen_t
socket_address(const struct desk_address *address, struct sockaddr_storage *out)
{
	struct sockaddr_in *four = (struct sockaddr_in *)out;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;

	memset(out, 0, sizeof(*out));
	if (address->v6) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(address->port);
		six->sin6_addr = in6addr_loopback;
		return sizeof(*six);
	}
	four->sin_family = AF_INET;
	four->sin_port = htons(address->port);
	four->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sizeof(*four);
}

enum status
desk_door_socket(const struct desk_address *address, int *out)
{
	struct sockaddr_storage place;
	socklen_t len = socket_address(address, &place);
	const int on = 1;
	int fd = socket(place.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	/* A restart must not wait for connections of before that are still being forgotten. */
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    bind(fd, (struct sockaddr *)&place, len) != 0 || listen(fd, BACKLOG) != 0) {
		enum status rc = errno == EADDRINUSE ? STATUS_IN_USE : STATUS_IO;

		oplog(OPLOG_ERROR, "desk: cannot listen at port %u of loopback: %s",
		    address->port, strerror(errno));
		if (fd >= 0)
			close(fd);
		return rc;
	}
	*out = fd;
	return STATUS_OK;
}

bool
desk_door_is_meant(const struct desk_address *address, const char *host, const char *origin)
{
	static const char *const names[] = {"127.0.0.1", "[::1]", "localhost"};
	char whole[32];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(whole, sizeof(whole), "%s:%u", names[i], address->port);
		if (strcasecmp(host, whole) != 0)
			continue;
		return origin == NULL || (strncasecmp(origin, "http://", 7) == 0 &&
					     strcasecmp(origin + 7, whole) == 0);
	}
	return false;
}

/* ---- Connections ------------------------------------------------------------------------- */

/* Every connection has one read event; its fd bears the door's address as its own. */
static bool
is_connection(const struct desk_door *door, const struct event *event)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof(address);
	int fd = event_get_fd(event);

	return fd >= 0 && fd != door->fd && (event_get_events(event) & EV_READ) != 0 &&
	       getsockname(fd, (struct sockaddr *)&address, &len) == 0 &&
	       len == door->own_len && memcmp(&address, &door->own, len) == 0;
}

struct count {
	const struct desk_door *door;
	unsigned connections;
};

static int
count_connection(const struct event_base *base, const struct event *event, void *arg)
{
	struct count *count = arg;

	(void)base;
	count->connections += is_connection(count->door, event);
	return 0;
}

/* evhttp keeps its connections to itself, so the loop is asked. */
static unsigned
count_connections(const struct desk_door *door)
{
	struct count count = {.door = door};

	(void)event_base_foreach_event(door->base, count_connection, &count);
	return count.connections;
}

static void
wait_for_room(struct desk_door *door)
{
	const struct timeval retry = {.tv_usec = FULL_RETRY_MS * 1000};

	/* Without its timer the listener would stay closed: rather one connection too many. */
	if (event_add(door->full, &retry) == 0)
		(void)evconnlistener_disable(door->listener);
}

static void
on_full(evutil_socket_t fd, short what, void *arg)
{
	struct desk_door *door = arg;

	(void)fd;
	(void)what;
	if (count_connections(door) < CONNECTIONS_MAX)
		(void)evconnlistener_enable(door->listener);
	else
		wait_for_room(door);
}

/* Called for each new connection. Those above the limit wait in the kernel's queue. */
static struct bufferevent *
on_connection(struct event_base *base, void *arg)
{
	struct bufferevent *stream = bufferevent_socket_new(base, -1, 0);

	if (count_connections(arg) + 1 >= CONNECTIONS_MAX)
		wait_for_room(arg);
	/* evhttp reads on while it writes; what a peer sends ahead is bounded here. */
	if (stream != NULL) {
		bufferevent_setwatermark(stream, EV_READ, 0, CONNECTION_INPUT_MAX);
		(void)bufferevent_set_max_single_write(stream, WRITE_MAX);
		/* Without memory for it reading stays slow, and evhttp's pages as they are. */
		(void)desk_gulp_watch(stream);
		(void)desk_page_watch(stream);
	}
	return stream;
}

/* ---- Patience ---------------------------------------------------------------------------- */

static uint64_t
socket_number(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? (uint64_t)st.st_ino : 0;
}

void
desk_door_served(struct desk_door *door, int fd, uint64_t now_ms, bool keeps)
{
	if (fd >= 0)
		desk_watch_served(&door->watch, fd, socket_number(fd), now_ms, keeps);
}

struct look {
	struct desk_door *door;
	uint64_t now_ms;
};

static int
look_at(const struct event_base *base, const struct event *event, void *arg)
{
	const struct look *look = arg;
	int fd = event_get_fd(event);

	(void)base;
	/* evhttp finds that the peer has gone, and tidies up. */
	if (is_connection(look->door, event) &&
	    desk_watch_is_overdue(&look->door->watch, fd, socket_number(fd), look->now_ms))
		(void)shutdown(fd, SHUT_RDWR);
	return 0;
}

void
desk_door_sweep(struct desk_door *door, uint64_t now_ms)
{
	struct look look = {door, now_ms};

	desk_watch_begin(&door->watch);
	(void)event_base_foreach_event(door->base, look_at, &look);
	desk_watch_end(&door->watch);
}

static void
on_sweep(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	desk_door_sweep(arg, clock_boot_ms());
}

/* ---- Opening ----------------------------------------------------------------------------- */

static enum status
start_listening(struct desk_door *door)
{
	door->listener = evconnlistener_new(
	    door->base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, door->fd);
	if (door->listener == NULL) {
		close(door->fd);
		return STATUS_NO_MEMORY;
	}
	if (evhttp_bind_listener(door->http, door->listener) == NULL) {
		evconnlistener_free(door->listener);
		return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}

enum status
desk_door_open(struct event_base *base, int fd,
    void (*call)(struct evhttp_request *request, void *state), void *state,
    struct desk_door **out)
{
	const struct timeval second = {.tv_sec = 1};
	struct desk_door *door = calloc(1, sizeof(*door));
	enum status rc = STATUS_NO_MEMORY;

	if (door != NULL) {
		door->base = base;
		door->fd = fd;
		door->own_len = sizeof(door->own);
		door->http = evhttp_new(base);
		door->full = event_new(base, -1, 0, on_full, door);
		door->sweep = event_new(base, -1, EV_PERSIST, on_sweep, door);
	}
	if (door == NULL || door->http == NULL || door->full == NULL || door->sweep == NULL ||
	    event_add(door->sweep, &second) != 0 ||
	    getsockname(fd, (struct sockaddr *)&door->own, &door->own_len) != 0)
		close(fd);
	else
		rc = start_listening(door);
	if (rc != STATUS_OK) {
		desk_door_close(door);
		return rc;
	}
	evhttp_set_bevcb(door->http, on_connection, door);
	evhttp_set_gencb(door->http, call, state);
	evhttp_set_allowed_methods(door->http, METHODS_READ);
	evhttp_set_max_headers_size(door->http, DESK_HEADER_MAX);
	evhttp_set_max_body_size(door->http, DESK_PUT_MAX);
	evhttp_set_timeout(door->http, IDLE_TIMEOUT_S);
	/* An answer without a type is HTML otherwise. */
	evhttp_set_default_content_type(door->http, NULL);
	*out = door;
	return STATUS_OK;
}

void
desk_door_close(struct desk_door *door)
{
	if (door == NULL)
		return;
	if (door->http != NULL)
		evhttp_free(door->http); /* and with it the listener and every connection */
	if (door->full != NULL)
		event_free(door->full);
	if (door->sweep != NULL)
		event_free(door->sweep);
	free(door);
}
