/* services/runtime/acts/acts_circle.h: what people do in a case over several institutions. */
#ifndef SAIKNE_ACTS_CIRCLE_H
#define SAIKNE_ACTS_CIRCLE_H

#include "services/runtime/acts/acts.h"

/*
 * POST /v1/circles: opens a case over institutions, which this one leads. As a referral (acts.h),
 * with "with": [code, ...] instead of "to", and without "support". One message goes to all; each
 * has what its profile and the ground let it have. Answer: { "case", "record", "circle", "state",
 * "message", "connected", "members": [{ "to", "kind", "goes", "stays" }], "notes" }. With PREVIEW
 * nothing is stored or sent: { "members", "notes" }.
 */
enum status acts_coordinate(struct service *service, const struct actor *actor,
    const json_t *request, bool preview, json_t **answer, struct refusal *refusal);

struct acts_circles_query {
	const char *sort; /* "case", "conference"; NULL: both */
	const char *open; /* "1", "0"; NULL: both */
	unsigned limit;
	const char *after;
};

/*
 * GET /v1/circles?sort=&open=&limit=&after=, newest first: those whose frame the person may know:
 * { "items": [{ the frame's item (acts.h), "circle", "open", "lead", "leads": whether we do,
 *   "member": whether we are one now, "members": how many, "gap" }], "next", "partial" }
 */
enum status acts_circles(struct service *service, const struct actor *actor,
    const struct acts_circles_query *query, json_t **answer, struct refusal *refusal);

/*
 * GET /v1/circles/{circle}: the item above, but
 * { "members": [{ "party", "name", "kind", "since": log index, "time", "lead", "followed" }],
 *   "offer": { "task", "party", "due" } or null,
 *   "tasks": [item, ...]: transfers, actions and matters that the person may know, oldest first,
 *   "history": { "count", "index", "digest" } }
 */
enum status acts_circle(struct service *service, const struct actor *actor, const char *id,
    json_t **answer, struct refusal *refusal);

#endif
