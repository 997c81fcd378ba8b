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

#endif
