/* services/runtime/desk/desk_routes.h: the desk's addresses, in one table. */
#ifndef SAIKNE_DESK_ROUTES_H
#define SAIKNE_DESK_ROUTES_H

#include "services/runtime/desk/desk_ask.h"

struct desk_route {
	enum evhttp_cmd_type method; /* GET, DELETE, PUT (bytes), or POST, which has a body */
	const char *path;            /* "/v1/tasks/{}": {} is any one part */
	const char *query[16];       /* names it knows; NULL ends them */
	/*
	 * STATUS_OK with *ANSWER, or with *ANSWER NULL when the handler has answered itself;
	 * otherwise REFUSAL is set.
	 */
	enum status (*handle)(struct desk_ask *ask, json_t **answer, struct refusal *refusal);
};

/*
 * The route of ASK's method and path; NULL when there is none. ALLOWED gets the methods that
 * the path has ("GET, DELETE"), NULL when no route has this path.
 */
const struct desk_route *desk_routes_find(const struct desk_ask *ask, const char **allowed);
/* The query's "limit", 1 to 500; 100 when there is none. */
MUST_CHECK enum status desk_routes_limit(
    const struct desk_ask *ask, unsigned *out, struct refusal *refusal);
/* Whether it is for who has not signed in yet. */
bool desk_routes_is_open(const struct desk_route *route);
/* Walks the table; NULL past the end. openapi.json describes each of them. */
const struct desk_route *desk_routes_at(unsigned i);

#endif
