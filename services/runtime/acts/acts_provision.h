/* services/runtime/acts/acts_provision.h: provisions of law, as an administrator confirms them. */
#ifndef SAIKNE_ACTS_PROVISION_H
#define SAIKNE_ACTS_PROVISION_H

#include "services/runtime/acts/acts.h"

/*
 * GET /v1/provisions: every row of lists/legal-bases.csv but consent, as this institution has
 * it: { "items": [{ "provision", "source", "label_lv", "label_en", "confirmed": time or null,
 * "by", "advice", "advised_on": date or null, "unconfirmed_works" }] }. For whoever works here.
 */
enum status acts_provisions(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal);
/*
 * POST /v1/provisions/{code} { "advice": its name, "advised_on": its day } confirms a row for
 * this institution; { "undo": true } ends that: nothing new is sealed on it from then on.
 * Answer: the row's item. An administrator's alone, and in the access log by the row's code.
 */
enum status acts_provision_confirm(struct service *service, const struct actor *actor,
    const char *code, const json_t *request, json_t **answer, struct refusal *refusal);

#endif
