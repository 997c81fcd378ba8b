/* services/runtime/desk/desk.c: the HTTP server: who connects, what is let in, which route answers. */
#include "services/runtime/desk/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>

#include "protocol/host/clock.h"
#include "protocol/host/lang.h"
#include "services/runtime/desk/desk_answer.h"
#include "services/runtime/desk/desk_ask.h"
#include "services/runtime/desk/desk_door.h"
#include "services/runtime/desk/desk_events.h"
#include "services/runtime/desk/desk_rate.h"
#include "services/runtime/desk/desk_routes.h"
#include "services/runtime/desk/desk_socket.h"
#include "services/runtime/people/people.h"
#include "services/runtime/people/sign_in.h"

#define ENTRIES_MAX 3 /* the unix socket, 127.0.0.1, ::1 */

/* One way in. */
struct entry {
	struct desk *desk;
	struct desk_door *door;
	bool tcp;
	struct desk_address address;
};

struct desk {
	struct service *service;
	struct event_base *base;
	struct desk_socket socket;
	struct entry entries[ENTRIES_MAX];
	unsigned entry_count;
	struct desk_events *events;
	struct sign_in *sign_in;
	struct event *signed_in; /* a sign-in has been judged */
	struct desk_rate rate;
};

/* ---- Who asks ---------------------------------------------------------------------------- */

static int
descriptor_of(struct evhttp_request *request)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(request);

	return bufferevent_getfd(evhttp_connection_get_bufferevent(connection));
}

/* The unix user at the other end; the kernel says who. */
static bool
peer_uid(struct evhttp_request *request, uid_t *out)
{
	int fd = descriptor_of(request);
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0 || len != sizeof(peer))
		return false;
	*out = peer.uid;
	return true;
}

/* Whose failures are counted together. */
static void
name_source(struct desk_ask *ask, const struct entry *entry)
{
	uid_t uid;

	ask->shared = entry->tcp;
	if (!entry->tcp && peer_uid(ask->request, &uid))
		snprintf(ask->source, sizeof(ask->source), "uid:%lu", (unsigned long)uid);
	else
		snprintf(ask->source, sizeof(ask->source), "loopback");
}

/* "Bearer" and what follows; NULL when it is another scheme. */
static const char *
bearer(const char *header)
{
	static const char scheme[] = "Bearer ";
	size_t len = sizeof(scheme) - 1;

	if (strncasecmp(header, scheme, len) != 0)
		return NULL;
	header += len;
	return header + strspn(header, " ");
}

/* A session or a token wins over the unix user; one that does not hold is never overlooked. */
static enum status
identify(struct desk_ask *ask, const struct entry *entry, struct refusal *refusal)
{
	const char *shown = desk_ask_header(ask, "Authorization");
	enum status rc = STATUS_NOT_SIGNED_IN;
	uid_t uid;

	if (shown != NULL) {
		if ((shown = bearer(shown)) != NULL)
			rc = credential_of(ask->service, shown, &ask->credential);
		ask->has_credential = rc == STATUS_OK;
		ask->actor = ask->credential.actor;
		*refusal = (struct refusal){.status = rc};
		if (rc == STATUS_NOT_SIGNED_IN)
			*refusal = desk_answer_refusal(
			    rc, "", N_("this session or token does not hold, or no longer"));
		return rc;
	}
	*refusal = desk_answer_refusal(
	    STATUS_NOT_SIGNED_IN, "", N_("send Authorization: Bearer and a session or token"));
	if (entry->tcp || !peer_uid(ask->request, &uid))
		return STATUS_NOT_SIGNED_IN;
	if ((rc = people_of_unix(ask->service, uid, &ask->actor)) != STATUS_OK)
		*refusal = (struct refusal){.status = rc};
	else if (ask->actor.role == ROLE_NONE)
		*refusal = desk_answer_refusal(STATUS_NOT_SIGNED_IN, "",
		    N_("this unix user has no role at this institution: sign in with an "
		       "account, or ask the administrator"));
	else
		return STATUS_OK;
	return refusal->status;
}

static bool
is_meant(const struct desk_ask *ask, const struct entry *entry, struct refusal *refusal)
{
	const char *host = desk_ask_header(ask, "Host");

	if (!entry->tcp || desk_door_is_meant(&entry->address, host != NULL ? host : "",
			       desk_ask_header(ask, "Origin")))
		return true;
	*refusal = desk_answer_refusal(
	    STATUS_NOT_ALLOWED, "", N_("this desk answers only pages of its own address"));
	return false;
}

/* ---- What is asked ----------------------------------------------------------------------- */

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
	/* evhttp's own bound is the largest of all addresses. */
	if (route->method != EVHTTP_REQ_PUT &&
	    evbuffer_get_length(evhttp_request_get_input_buffer(ask->request)) >
		DESK_BODY_MAX) {
		refusal = desk_answer_refusal(
		    STATUS_TOO_LARGE, "", N_("the body has more than 256 KiB"));
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
		desk_answer_json_as(ask->request, ask->code != 0 ? ask->code : 200, result);
	}
}

static bool
has_room(struct desk_ask *ask, struct desk_rate *rate, uint64_t now_ms)
{
	unsigned wait = desk_rate_take(rate, ask->source, now_ms);
	struct refusal refusal;
	char seconds[16];

	if (wait == 0)
		return true;
	snprintf(seconds, sizeof(seconds), "%u", wait);
	(void)evhttp_add_header(
	    evhttp_request_get_output_headers(ask->request), "Retry-After", seconds);
	refusal = desk_answer_refusal(
	    STATUS_RATE_LIMITED, "", N_("wait as long as Retry-After says, then go on"));
	refuse(ask, 0, &refusal);
	return false;
}

static void
serve(struct desk_ask *ask, const struct entry *entry)
{
	const struct desk_route *route = find_route(ask);
	struct refusal refusal;

	if (route == NULL)
		return;
	if (!desk_routes_is_open(route) && identify(ask, entry, &refusal) != STATUS_OK)
		refuse(ask, 0, &refusal);
	else
		answer(ask, route);
}

static void
on_request(struct evhttp_request *request, void *arg)
{
	const struct entry *entry = arg;
	uint64_t now_ms = clock_boot_ms();
	int fd = descriptor_of(request);
	struct refusal refusal;
	struct desk_ask ask;

	desk_ask_start(&ask, request);
	ask.service = entry->desk->service;
	ask.events = entry->desk->events;
	ask.sign_in = entry->desk->sign_in;
	name_source(&ask, entry);
	if (desk_ask_check_headers(&ask, &refusal) != STATUS_OK ||
	    !is_meant(&ask, entry, &refusal))
		refuse_and_close(&ask, &refusal);
	else if (has_room(&ask, &entry->desk->rate, now_ms))
		serve(&ask, entry);
	desk_door_served(entry->door, fd, now_ms, ask.keeps);
	desk_ask_release(&ask);
}

/* ---- The desk's life --------------------------------------------------------------------- */

static void
on_signed_in(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	sign_in_run(arg);
}

static enum status
start_sign_in(struct desk *desk)
{
	enum status rc = sign_in_open(desk->service, &suite_cost_people, &desk->sign_in);

	if (rc != STATUS_OK)
		return rc;
	desk->signed_in = event_new(desk->base, sign_in_fd(desk->sign_in), EV_READ | EV_PERSIST,
	    on_signed_in, desk->sign_in);
	if (desk->signed_in == NULL || event_add(desk->signed_in, NULL) != 0)
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

static enum status
add_entry(struct desk *desk, int fd, const struct desk_address *address)
{
	struct entry *entry = &desk->entries[desk->entry_count];
	enum status rc;

	entry->desk = desk;
	entry->tcp = address != NULL;
	if (address != NULL)
		entry->address = *address;
	rc = desk_door_open(desk->base, fd, on_request, entry, &entry->door);
	if (rc == STATUS_OK)
		desk->entry_count++;
	return rc;
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
	if ((rc = start_sign_in(desk)) == STATUS_OK)
		rc = desk_events_open(service, base, &desk->events);
	if (rc == STATUS_OK && socket_path != NULL) {
		rc = desk_socket_open(socket_path, &desk->socket);
		if (rc == STATUS_OK)
			rc = add_entry(desk, desk->socket.fd, NULL);
	}
	if (rc != STATUS_OK) {
		desk_close(desk);
		return rc;
	}
	*out = desk;
	return STATUS_OK;
}

enum status
desk_listen(struct desk *desk, const struct desk_address *address)
{
	enum status rc;
	int fd;

	if (desk->entry_count == ENTRIES_MAX)
		return STATUS_BAD_CONFIG;
	if ((rc = desk_door_socket(address, &fd)) != STATUS_OK)
		return rc;
	return add_entry(desk, fd, address);
}

enum status
desk_share(struct desk *desk, const char *group)
{
	return desk_socket_share(&desk->socket, group);
}

void
desk_sweep(struct desk *desk, uint64_t now_ms)
{
	for (unsigned i = 0; i < desk->entry_count; i++)
		desk_door_sweep(desk->entries[i].door, now_ms);
}

void
desk_close(struct desk *desk)
{
	if (desk == NULL)
		return;
	desk_events_close(desk->events);
	desk_socket_remove(&desk->socket);
	for (unsigned i = 0; i < desk->entry_count; i++)
		desk_door_close(desk->entries[i].door);
	/* After the doors: whoever waited for a sign-in has left through them. */
	if (desk->signed_in != NULL)
		event_free(desk->signed_in);
	sign_in_close(desk->sign_in);
	free(desk);
}
