/* services/runtime/acts/acts_inner.h: acts inside the institution: cases, who knows them, who looked. */
#ifndef SAIKNE_ACTS_INNER_H
#define SAIKNE_ACTS_INNER_H

#include "services/runtime/acts/acts.h"

/*
 * As in acts.h. A person is named by the name they sign in with. Who may not know a case gets
 * STATUS_NOT_FOUND as for one that does not exist.
 */

/*
 * POST /v1/cases: a case that lives inside this institution, without any message.
 *   { "file_number", "labels": [text, ...], any of urgency, purpose, concern, municipality,
 *     age_band, ground, support, "content": { "child_name", ... } }: all optional.
 * Answer of all acts on a case: { "case" }.
 */
enum status acts_case_new(struct service *service, const struct actor *actor,
    const json_t *request, json_t **answer, struct refusal *refusal);
/*
 * POST /v1/cases/{case}/notes: { "text", "content", urgency, ..., "corrects": number of an
 * earlier note }. Fields given replace the case's own; null takes one away.
 */
enum status acts_case_note(struct service *service, const struct actor *actor,
    const char *case_id, const json_t *request, json_t **answer, struct refusal *refusal);
/* POST /v1/cases/{case}/file: { "file_number", "labels" }; what is absent stays. */
enum status acts_case_label(struct service *service, const struct actor *actor,
    const char *case_id, const json_t *request, json_t **answer, struct refusal *refusal);
/* POST /v1/cases/{case}/household: { "with": another case } or { "leave": true }. */
enum status acts_case_household(struct service *service, const struct actor *actor,
    const char *case_id, const json_t *request, json_t **answer, struct refusal *refusal);

/*
 * POST /v1/cases/{case}/assign: { "person", "why", "beside": true to leave others theirs }.
 * Without "person" it is taken by who asks. Those who lead give any case to anybody.
 * Answer: { "case", "assigned_to" }.
 */
enum status acts_assign(struct service *service, const struct actor *actor, const char *case_id,
    const json_t *request, json_t **answer, struct refusal *refusal);
/* POST /v1/cases/{case}/give-back: {}; what nobody holds then lies in the mailbox. */
enum status acts_give_back(struct service *service, const struct actor *actor,
    const char *case_id, const json_t *request, json_t **answer, struct refusal *refusal);
/* POST /v1/people/{person}/hand-over: { "to", "why" }. Answer: { "cases": how many }. */
enum status acts_hand_over(struct service *service, const struct actor *actor, const char *from,
    const json_t *request, json_t **answer, struct refusal *refusal);
/* GET /v1/holdings: { "items": [{ "person", "role", "cases", "disabled" }] } */
enum status acts_holdings(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal);

/* POST /v1/duty: { "person", "from" (now), "until" }. Answer: { "duty" }. */
enum status acts_duty_set(struct service *service, const struct actor *actor,
    const json_t *request, json_t **answer, struct refusal *refusal);
/* POST /v1/duty/{n}/end: {}: it ends now, or does not begin. Answer: { "duty" }. */
enum status acts_duty_end(struct service *service, const struct actor *actor, const char *n,
    json_t **answer, struct refusal *refusal);
/* GET /v1/duty: { "items": [{ "duty", "person", "from", "until", "now" }] } */
enum status acts_duty(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal);

/*
 * POST /v1/break-glass: { one of "case", "task", "file_number", "reason" }: three hours, told
 * to supervisors and heads. Answer: { "case", "until" }.
 */
enum status acts_break_glass(struct service *service, const struct actor *actor,
    const json_t *request, json_t **answer, struct refusal *refusal);
/* GET /v1/break-glass, for who leads, newest first; POST /v1/break-glass/{n}/seen. */
enum status acts_glass(struct service *service, const struct actor *actor, unsigned limit,
    const char *after, json_t **answer, struct refusal *refusal);
enum status acts_glass_seen(struct service *service, const struct actor *actor, const char *n,
    json_t **answer, struct refusal *refusal);

/* GET /v1/access, for auditors and who leads, newest first; NULL: any. PERSON is a number. */
struct acts_access_query {
	const char *case_id, *person, *after;
	unsigned limit;
};
enum status acts_access(struct service *service, const struct actor *actor,
    const struct acts_access_query *query, json_t **answer, struct refusal *refusal);

/*
 * POST /v1/cases/{case}/erasure: { "reason": of erasure-reasons, "task": of the case, or none
 * for all of it }. For whom the kind's page names (descriptor.h). Answer: { "case", "task",
 * "time", "reason", "messages", "notes", "documents": how many, "settled", "backups_until",
 * "epochs_until" }.
 */
enum status acts_erase(struct service *service, const struct actor *actor, const char *case_id,
    const json_t *request, json_t **answer, struct refusal *refusal);
/* GET /v1/erasures, for auditors and who leads, newest first. */
enum status acts_erasures(struct service *service, const struct actor *actor, unsigned limit,
    const char *after, json_t **answer, struct refusal *refusal);
/* GET /v1/retention, for who leads: cases that are over, or will be within DAYS (NULL: 0). */
enum status acts_retention(struct service *service, const struct actor *actor, const char *days,
    unsigned limit, const char *after, json_t **answer, struct refusal *refusal);

/* Whether a change of the live stream may be told to ACTOR. */
bool acts_may_hear(struct service *service, const struct actor *actor, const json_t *change);

#endif
