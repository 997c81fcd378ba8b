/* services/runtime/acts/acts_consent.h: consents of families: recorded, shown, handed out. */
#ifndef SAIKNE_ACTS_CONSENT_H
#define SAIKNE_ACTS_CONSENT_H

#include "services/runtime/acts/acts.h"

/*
 * POST /v1/cases/{case}/consents: a new record of consent, with what happened:
 *   { "event": "request" | "give" | "refuse" | "defer", "day": the legal date (today),
 *     "text": in words, and of the consent: "granter", "granter_code", "capacity" (capacities),
 *     "granted_on", "child": { "name", "personal_code", "birth_date" } (else the case's),
 *     "recipients": [kind, group of kinds or institution], "categories": [..],
 *     "purposes": [..], "until", "childs_view" or "childs_view_why" (view-reasons),
 *     "child_consent": "given" | "refused" | "not_asked",
 *     "notice": { "code", "version", "language" }, "interpreter", "method" (consent-methods),
 *     "joint_custody" }
 * A consent that lacks only the child's own is kept as deferred. Answer of both acts:
 * { "record", "case", "state", "lacks": "child_consent" or "" }.
 */
enum status acts_consent_new(struct service *service, const struct actor *actor,
    const char *case_id, const json_t *request, json_t **answer, struct refusal *refusal);
/*
 * POST /v1/grounds/{record}/events: what happens to a consent of ours: as above, and "renew"
 * (with "until"), "object", "resolve", "withdraw", "invalidate". Whatever takes a consent out
 * of force stops in the same transaction what rests on it, at whoever was shown something.
 */
enum status acts_consent_event(struct service *service, const struct actor *actor,
    const char *record, const json_t *request, json_t **answer, struct refusal *refusal);

/*
 * GET /v1/cases/{case}/grounds, /v1/grounds/{record}: records of a case, our own and those that
 * other institutions cited to us, oldest first: { "items": [{ "record", "case", "origin",
 * "basis", "state", "label_lv", "label_en", "time", "says": what the record says, "may": [event],
 * "shared": [{ "to", "reference", "live", "why", "task", "state", "answer" }] }] }; the one
 * record has "events": [{ "time", "event", "index", "by", "role", "day", "text" }], too.
 */
enum status acts_grounds(struct service *service, const struct actor *actor,
    const char *case_id, json_t **answer, struct refusal *refusal);
enum status acts_grounds_one(struct service *service, const struct actor *actor,
    const char *record, json_t **answer, struct refusal *refusal);
/*
 * GET /v1/consents?days=N&limit=N&after=CURSOR: consents of ours in force that end, or whose
 * child comes of age, within so many days (14, our default): { "items": [{ "record", "case",
 * "state", "ends", "why": "until" | "came_of_age" }], "next", "partial" }.
 */
enum status acts_consent_ending(struct service *service, const struct actor *actor,
    const char *days, unsigned limit, const char *after, json_t **answer,
    struct refusal *refusal);
/* GET /v1/grounds/{record}/receipt: for the family, in the structure of ISO/IEC TS 27560. */
enum status acts_consent_receipt(struct service *service, const struct actor *actor,
    const char *record, json_t **answer, struct refusal *refusal);

#endif
