/* services/runtime/desk/desk.h: HTTP/JSON for the institution's people, on a unix socket. */
#ifndef SAIKNE_DESK_H
#define SAIKNE_DESK_H

#include "protocol/base/status.h"

struct service;
struct event_base;
struct desk;
struct desk_address;

/*
 * Listens at SOCKET_PATH (NULL: nowhere yet), readable by the service's own user alone (0600), and answers from
 * BASE's loop. A socket left by a dead process is removed; a living one is never. The reason
 * of a failure stands in the operator's log: STATUS_BAD_CONFIG (path too long),
 * STATUS_IN_USE, STATUS_IO, STATUS_NO_MEMORY.
 *
 * Answers are JSON, and every refusal is problem+json (openapi.json says which).
 *
 * Who asks shows a session or token (credential.h); without one, on the unix socket alone, it is
 * the unix user at the other end: people_of_unix() says who that is.
 */
MUST_CHECK enum status desk_open(struct service *service, struct event_base *base,
    const char *socket_path, struct desk **out);
/* Listens on loopback TCP as well, for sessions and tokens alone. */
MUST_CHECK enum status desk_listen(struct desk *desk, const struct desk_address *address);
/* Lets GROUP's members connect too (0660). STATUS_BAD_CONFIG when there is no such group. */
MUST_CHECK enum status desk_share(struct desk *desk, const char *group);
/* Cuts who has kept the desk waiting for too long; the desk does it each second by itself. */
void desk_sweep(struct desk *desk, uint64_t now_ms);
/* Cuts everyone and removes the socket; NULL is fine. */
void desk_close(struct desk *desk);

#endif
