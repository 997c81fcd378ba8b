/* services/runtime/acts/acts_sitting.h: acts around sittings: proposing, the agenda, minutes, invitations. */
#ifndef SAIKNE_ACTS_SITTING_H
#define SAIKNE_ACTS_SITTING_H

#include "services/runtime/acts/acts.h"

/*
 * POST /v1/conferences: { "group", "with": [code, ...], "purpose", "municipality", "secretary":
 * code, "follows": a sitting's task, whose group, members, purpose and municipality are taken
 * where the request is silent }. Answer: { "task", "case", "state", "message", "quorum",
 * "members": [code, ...] }.
 */
enum status acts_sitting_propose(struct service *service, const struct actor *actor,
    const json_t *request, json_t **answer, struct refusal *refusal);

/*
 * POST /v1/conferences/{task}/matters: puts a case on the agenda. { "convening", "purpose",
 * "age_band", "municipality" (of the last three the sitting's own where absent, but age_band),
 * "case": an own case, "about": the task of a case over institutions, "earlier": the matter at
 * which the group before took it up, the words of a ground (acts_ground.h), "content":
 * { "child_name", "personal_code", "birth_date", "question" } }. Answer: { "task", "case",
 * "record", "state", "message", "to": [{ "to", "kind", "goes", "stays" }] }.
 */
enum status acts_sitting_put(struct service *service, const struct actor *actor,
    const char *frame, const json_t *request, json_t **answer, struct refusal *refusal);

/*
 * GET /v1/conferences/{task}: { "task", "case", "code", "group", "state", "purpose",
 * "municipality", "chair", "secretary", "quorum", "counted", "convened", "starts", "time", "place",
 * "follows", "held", "decisions_until", "members": [{ "party", "name", "kind", "answer", "why",
 * "sub", "present" }], "agenda": [{ "task", "case", "state", "convening", "purpose", "age_band",
 * "result", "earlier", "about", "reports": [{ "message", "by", "time" }], "minutes": null or {
 * "message", "by", "time", "index", "root", "circulated", "corrections_until" }, "voices": [{
 * "party", "message", "index", "dissent", "circulated", "together" }], "waiting": [code, ...],
 * "to_sign" }], "hidden": how many matters are of cases that this person may not know }.
 */
enum status acts_sitting_show(struct service *service, const struct actor *actor,
    const char *frame, json_t **answer, struct refusal *refusal);

/* GET /v1/tasks/{task}/calendar?language=lv|en: text/calendar (RFC 5545), into OUT. */
enum status acts_sitting_calendar(struct service *service, const struct actor *actor,
    const char *frame, const char *language, struct buffer *out, struct refusal *refusal);

/*
 * GET /v1/tasks/{matter}/minutes?without=category;...: the last minutes circulated, with what this
 * institution may see, each signature with what proves it checked at this moment, and everything
 * in a form that others can check by themselves (openapi.json, Minutes).
 */
enum status acts_sitting_minutes(struct service *service, const struct actor *actor,
    const char *matter, const char *without, json_t **answer, struct refusal *refusal);

#endif
