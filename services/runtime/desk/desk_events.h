/* services/runtime/desk/desk_events.h: live changes to those who listen (server-sent events). */
#ifndef SAIKNE_DESK_EVENTS_H
#define SAIKNE_DESK_EVENTS_H

#include <event2/http.h>

#include "protocol/base/suite.h"
#include "services/runtime/acts/acts.h"

#define DESK_EVENTS_LISTENERS_MAX 16
#define DESK_EVENTS_PERSON_MAX    4 /* windows of one person; others want to listen, too */
#define DESK_EVENTS_BACKLOG_MAX   (64 * 1024) /* bytes waiting for one listener */
#define DESK_EVENTS_KEEPALIVE_S   15

struct desk_events;

/* Becomes the service's one listener. */
MUST_CHECK enum status desk_events_open(
    struct service *service, struct event_base *base, struct desk_events **out);
/* Cuts every listener; before evhttp_free(). NULL is fine. */
void desk_events_close(struct desk_events *events);

/*
 * REQUEST becomes a stream of "event: change" with the change as JSON. STATUS_RATE_LIMITED
 * (nothing sent) when there are too many. A listener that does not read is told
 * "event: missed" last, and cut, and so is one
 * whose session or token, of hash CREDENTIAL (NULL: a unix user), does not hold any more.
 */
MUST_CHECK enum status desk_events_join(struct desk_events *events,
    struct evhttp_request *request, const struct actor *actor, const uint8_t *credential,
    struct refusal *refusal);

#endif
