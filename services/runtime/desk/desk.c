/* services/runtime/desk/desk.c: the HTTP server: who connects, what is let in, which route answers. */
#include "services/runtime/desk/desk.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "protocol/host/oplog.h"
#include "services/runtime/desk/desk_answer.h"
#include "services/runtime/desk/desk_ask.h"
#include "services/runtime/desk/desk_events.h"
#include "services/runtime/desk/desk_routes.h"
#include "services/runtime/desk/desk_socket.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/people/people.h"

#define CONNECTIONS_MAX      64
#define IDLE_TIMEOUT_S       30
#define FULL_RETRY_MS        100
#define CONNECTION_INPUT_MAX (DESK_BODY_MAX + 2 * DESK_HEADER_MAX)
#define METHODS_READ                                                                           \
	(EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT |                 \
	    EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_PATCH)

struct desk {
	struct service *service;
	struct event_base *base;
	struct desk_socket socket;
	struct evconnlistener *listener;
	struct evhttp *http;
	struct desk_events *events;
	struct event *full; /* looks again whether a connection has become free */
};

/* The person is the unix user at the other end; the kernel says who. */
static enum status
identify(const struct desk *desk, struct evhttp_request *request, struct actor *out)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(request);
	int fd = bufferevent_getfd(evhttp_connection_get_bufferevent(connection));
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0 || len != sizeof(peer))
		return STATUS_OK; /* ROLE_NONE */
	return people_of_unix(desk->service, peer.uid, out);
}

static void
refuse(struct desk_ask *ask, int code, const struct refusal *refusal)
{
	desk_answer_problem(ask->request, code, refusal);
}

/* After a request of doubtful extent nothing more is read from this connection. */
static void
refuse_and_close(struct desk_ask *ask, const struct refusal *refusal)
{
	(void)evhttp_add_header(
	    evhttp_request_get_output_headers(ask->request), "Connection", "close");
	refuse(ask, 0, refusal);
}

static const struct desk_route *
find_route(struct desk_ask *ask)
{
	const struct desk_route *route = NULL;
	const char *allowed = NULL;
	struct refusal refusal;

	if (desk_ask_read_path(ask) == STATUS_OK)
		route = desk_routes_find(ask, &allowed);
	if (route != NULL)
		return route;
	if (allowed == NULL) {
		refusal = desk_answer_refusal(STATUS_NOT_FOUND, "", "there is no such address");
		refuse(ask, 0, &refusal);
	} else {
		(void)evhttp_add_header(
		    evhttp_request_get_output_headers(ask->request), "Allow", allowed);
		refusal = desk_answer_refusal(
		    STATUS_ARGUMENT, "", "this address does not take this method");
		refuse(ask, 405, &refusal);
	}
	return NULL;
}

static void
answer(struct desk_ask *ask, const struct desk_route *route)
{
	struct refusal refusal = {.status = STATUS_INTERNAL};
	json_t *result = NULL;
	enum status rc;

	if (desk_ask_read_query(ask, route->query, &refusal) != STATUS_OK) {
		refuse(ask, 0, &refusal);
		return;
	}
	if (route->method == EVHTTP_REQ_POST && !desk_ask_is_json(ask)) {
		refusal = desk_answer_refusal(
		    STATUS_MALFORMED, "", "send the body as application/json");
		refuse(ask, 415, &refusal);
		return;
	}
	if (route->method == EVHTTP_REQ_POST &&
	    desk_ask_read_body(ask, &refusal) != STATUS_OK) {
		refuse(ask, 0, &refusal);
		return;
	}
	rc = route->handle(ask, &result, &refusal);
	if (rc != STATUS_OK) {
		refusal.status = rc;
		refuse(ask, 0, &refusal);
	} else if (result != NULL) {
		desk_answer_json(ask->request, result);
	}
}

static void
on_request(struct evhttp_request *request, void *arg)
{
	const struct desk *desk = arg;
	const struct desk_route *route;
	struct refusal refusal;
	struct desk_ask ask;
	enum status rc;

	desk_ask_start(&ask, request);
	ask.service = desk->service;
	ask.events = desk->events;
	rc = identify(desk, request, &ask.actor);
	if (desk_ask_check_headers(&ask, &refusal) != STATUS_OK) {
		refuse_and_close(&ask, &refusal);
	} else if (rc != STATUS_OK) {
		refusal = desk_answer_refusal(rc, "", "");
		refuse(&ask, 0, &refusal);
	} else if (ask.actor.role == ROLE_NONE) {
		refusal = desk_answer_refusal(
		    STATUS_NOT_ALLOWED, "", "this unix user has no role at this institution");
		refuse(&ask, 0, &refusal);
	} else if ((route = find_route(&ask)) != NULL) {
		answer(&ask, route);
	}
	desk_ask_release(&ask);
}

struct count {
	const char *path;
	int listener;
	unsigned connections;
};

/* Every connection has one read event; its fd bears the socket's path as its own address. */
static int
count_connection(const struct event_base *base, const struct event *event, void *arg)
{
	struct count *count = arg;
	struct sockaddr_un address = {0};
	socklen_t len = sizeof(address);
	int fd = event_get_fd(event);

	(void)base;
	if (fd < 0 || fd == count->listener || (event_get_events(event) & EV_READ) == 0)
		return 0;
	if (getsockname(fd, (struct sockaddr *)&address, &len) == 0 &&
	    address.sun_family == AF_UNIX &&
	    strncmp(address.sun_path, count->path, sizeof(address.sun_path)) == 0)
		count->connections++;
	return 0;
}

/* evhttp keeps its connections to itself, so the loop is asked. */
static unsigned
count_connections(const struct desk *desk)
{
	struct count count = {.path = desk->socket.path, .listener = desk->socket.fd};

	(void)event_base_foreach_event(desk->base, count_connection, &count);
	return count.connections;
}

static void
wait_for_room(struct desk *desk)
{
	const struct timeval retry = {.tv_usec = FULL_RETRY_MS * 1000};

	/* Without its timer the listener would stay closed: rather one connection too many. */
	if (event_add(desk->full, &retry) == 0)
		(void)evconnlistener_disable(desk->listener);
}

static void
on_full(evutil_socket_t fd, short what, void *arg)
{
	struct desk *desk = arg;

	(void)fd;
	(void)what;
	if (count_connections(desk) < CONNECTIONS_MAX)
		(void)evconnlistener_enable(desk->listener);
	else
		wait_for_room(desk);
}

/* Called for each new connection. Those above the limit wait in the kernel's queue. */
static struct bufferevent *
on_connection(struct event_base *base, void *arg)
{
	struct bufferevent *stream = bufferevent_socket_new(base, -1, 0);

	if (count_connections(arg) + 1 >= CONNECTIONS_MAX)
		wait_for_room(arg);
	/* evhttp reads on while it writes; what a peer sends ahead is bounded here. */
	if (stream != NULL)
		bufferevent_setwatermark(stream, EV_READ, 0, CONNECTION_INPUT_MAX);
	return stream;
}

static enum status
start_http(struct desk *desk)
{
	desk->http = evhttp_new(desk->base);
	desk->full = event_new(desk->base, -1, 0, on_full, desk);
	if (desk->http == NULL || desk->full == NULL)
		return STATUS_NO_MEMORY;
	desk->listener = evconnlistener_new(desk->base, NULL, NULL,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, desk->socket.fd);
	if (desk->listener == NULL)
		return STATUS_NO_MEMORY;
	if (evhttp_bind_listener(desk->http, desk->listener) == NULL) {
		evconnlistener_free(desk->listener);
		desk->listener = NULL;
		desk->socket.fd = -1;
		return STATUS_NO_MEMORY;
	}
	evhttp_set_bevcb(desk->http, on_connection, desk);
	evhttp_set_gencb(desk->http, on_request, desk);
	evhttp_set_allowed_methods(desk->http, METHODS_READ);
	evhttp_set_max_headers_size(desk->http, DESK_HEADER_MAX);
	evhttp_set_max_body_size(desk->http, DESK_BODY_MAX);
	evhttp_set_timeout(desk->http, IDLE_TIMEOUT_S);
	/* evhttp's own error pages and missing types are HTML otherwise. */
	evhttp_set_default_content_type(desk->http, NULL);
	return STATUS_OK;
}

enum status
desk_open(struct service *service, struct event_base *base, const char *socket_path,
    struct desk **out)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	enum status rc;

	if (desk == NULL)
		return STATUS_NO_MEMORY;
	desk->service = service;
	desk->base = base;
	desk->socket.fd = desk->socket.lock = -1;
	if ((rc = desk_socket_open(socket_path, &desk->socket)) != STATUS_OK ||
	    (rc = start_http(desk)) != STATUS_OK ||
	    (rc = desk_events_open(service, base, &desk->events)) != STATUS_OK) {
		desk_close(desk);
		return rc;
	}
	*out = desk;
	return STATUS_OK;
}

enum status
desk_share(struct desk *desk, const char *group)
{
	return desk_socket_share(&desk->socket, group);
}

void
desk_close(struct desk *desk)
{
	if (desk == NULL)
		return;
	desk_events_close(desk->events);
	desk_socket_remove(&desk->socket);
	if (desk->listener == NULL && desk->socket.fd >= 0)
		close(desk->socket.fd);
	if (desk->http != NULL)
		evhttp_free(desk->http); /* and with it the listener and every connection */
	if (desk->full != NULL)
		event_free(desk->full);
	free(desk);
}
