/* services/runtime/desk/desk_events.c: keeps the listeners and writes each change to them. */
#include "services/runtime/desk/desk_events.h"

#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "services/runtime/acts/acts_inner.h"
#include "services/runtime/desk/desk_answer.h"
#include "services/runtime/people/credential.h"

#define WRITE_TIMEOUT_S 60

struct listener {
	struct evhttp_request *request; /* NULL: the place is free */
	struct actor actor;
	bool has_credential;
	uint8_t credential[SUITE_HASH_LEN];
};

struct desk_events {
	struct service *service;
	struct event *keepalive;
	struct listener listeners[DESK_EVENTS_LISTENERS_MAX];
};

/* The connection is going down, by either side. */
static void
leave(struct evhttp_connection *connection, void *arg)
{
	struct listener *listener = arg;
	struct evhttp_request *request = listener->request;

	(void)connection;
	listener->request = NULL;
	/*
	 * When the peer ended it, evhttp has taken the request off the connection and leaves it
	 * to us; ending the reply releases it. Otherwise the connection releases it.
	 */
	if (request != NULL && evhttp_request_get_connection(request) == NULL)
		evhttp_send_reply_end(request);
}

/*
 * Better an end than a gap nobody sees: whoever reads on finds this last word and then the end,
 * connects again and reads the lists; whoever does not is cut when a write has waited too long.
 */
static void
end(struct listener *listener)
{
	static const char word[] = "event: missed\ndata: null\n\n";
	struct evhttp_request *request = listener->request;
	struct evbuffer *chunk = evbuffer_new();

	listener->request = NULL;
	evhttp_connection_set_closecb(evhttp_request_get_connection(request), NULL, NULL);
	if (chunk != NULL && evbuffer_add(chunk, word, sizeof(word) - 1) == 0)
		evhttp_send_reply_chunk(request, chunk);
	if (chunk != NULL)
		evbuffer_free(chunk);
	evhttp_send_reply_end(request);
}

static void
tell(struct listener *listener, const char *text, size_t len)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(listener->request);
	struct bufferevent *stream = evhttp_connection_get_bufferevent(connection);
	size_t waiting = evbuffer_get_length(bufferevent_get_output(stream));
	struct evbuffer *chunk;

	if (waiting > DESK_EVENTS_BACKLOG_MAX) {
		end(listener);
		return;
	}
	if ((chunk = evbuffer_new()) == NULL || evbuffer_add(chunk, text, len) != 0)
		evhttp_connection_free(connection); /* calls leave() */
	else
		evhttp_send_reply_chunk(listener->request, chunk);
	if (chunk != NULL)
		evbuffer_free(chunk);
}

/* Each is told only of what they may know; CHANGE is NULL where it is about nothing. */
static void
tell_all(struct desk_events *events, const json_t *change, const char *text, size_t len)
{
	for (size_t i = 0; i < DESK_EVENTS_LISTENERS_MAX; i++) {
		struct listener *listener = &events->listeners[i];

		if (listener->request == NULL)
			continue;
		if (listener->has_credential &&
		    !credential_holds(events->service, listener->credential))
			evhttp_connection_free(
			    evhttp_request_get_connection(listener->request));
		else if (change == NULL ||
			 acts_may_hear(events->service, &listener->actor, change))
			tell(listener, text, len);
	}
}

static void
on_change(void *state, const json_t *change)
{
	struct desk_events *events = state;
	/* Compact JSON has no line breaks, so it is one data line. */
	char *json = json_dumps(change, JSON_COMPACT);
	struct buffer text = {0};

	buffer_append_format(&text, "event: change\ndata: %s\n\n", json != NULL ? json : "{}");
	if (!text.failed)
		tell_all(events, change, (const char *)text.data, text.len);
	buffer_free(&text);
	free(json);
}

static void
on_keepalive(evutil_socket_t fd, short what, void *state)
{
	static const char comment[] = ":\n\n";

	(void)fd;
	(void)what;
	tell_all(state, NULL, comment, sizeof(comment) - 1);
}

enum status
desk_events_open(struct service *service, struct event_base *base, struct desk_events **out)
{
	const struct timeval period = {.tv_sec = DESK_EVENTS_KEEPALIVE_S};
	struct desk_events *events = calloc(1, sizeof(*events));

	if (events == NULL)
		return STATUS_NO_MEMORY;
	events->service = service;
	events->keepalive = event_new(base, -1, EV_PERSIST, on_keepalive, events);
	if (events->keepalive == NULL || event_add(events->keepalive, &period) != 0) {
		if (events->keepalive != NULL)
			event_free(events->keepalive);
		free(events);
		return STATUS_NO_MEMORY;
	}
	acts_listen(service, on_change, events);
	*out = events;
	return STATUS_OK;
}

void
desk_events_close(struct desk_events *events)
{
	if (events == NULL)
		return;
	acts_listen(events->service, NULL, NULL);
	for (size_t i = 0; i < DESK_EVENTS_LISTENERS_MAX; i++) {
		struct evhttp_request *request = events->listeners[i].request;

		if (request != NULL)
			evhttp_connection_free(evhttp_request_get_connection(request));
	}
	event_free(events->keepalive);
	free(events);
}

/* A free place for one more of PERSON; DESK_EVENTS_LISTENERS_MAX: there is none. */
static size_t
find_place(const struct desk_events *events, uint64_t person)
{
	size_t place = DESK_EVENTS_LISTENERS_MAX;
	unsigned own = 0;

	for (size_t i = 0; i < DESK_EVENTS_LISTENERS_MAX; i++) {
		if (events->listeners[i].request == NULL)
			place = i;
		else
			own += events->listeners[i].actor.person == person;
	}
	return own < DESK_EVENTS_PERSON_MAX ? place : DESK_EVENTS_LISTENERS_MAX;
}

enum status
desk_events_join(struct desk_events *events, struct evhttp_request *request,
    const struct actor *actor, const uint8_t *credential, struct refusal *refusal)
{
	const struct timeval write_timeout = {.tv_sec = WRITE_TIMEOUT_S};
	struct evhttp_connection *connection = evhttp_request_get_connection(request);
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
	static const char hello[] = ": listening\n\n";
	size_t i = find_place(events, actor->person);

	if (i == DESK_EVENTS_LISTENERS_MAX) {
		*refusal = desk_answer_refusal(STATUS_RATE_LIMITED, "",
		    "too many listen at once; close another window or wait");
		return refusal->status;
	}
	(void)evhttp_add_header(headers, "Content-Type", "text/event-stream");
	(void)evhttp_add_header(headers, "Cache-Control", "no-store");
	(void)evhttp_add_header(headers, "X-Accel-Buffering", "no");
	(void)evhttp_add_header(headers, "Connection", "close");
	events->listeners[i].request = request;
	events->listeners[i].actor = *actor;
	events->listeners[i].has_credential = credential != NULL;
	if (credential != NULL)
		memcpy(events->listeners[i].credential, credential, SUITE_HASH_LEN);
	evhttp_connection_set_closecb(connection, leave, &events->listeners[i]);
	/* A listener says nothing: only its failure to read may end the stream. */
	bufferevent_set_timeouts(
	    evhttp_connection_get_bufferevent(connection), NULL, &write_timeout);
	evhttp_send_reply_start(request, 200, NULL);
	tell(&events->listeners[i], hello, sizeof(hello) - 1);
	return STATUS_OK;
}
