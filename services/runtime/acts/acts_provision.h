/* services/runtime/acts/acts_provision.h: provisions of law, as an administrator confirms them. */
#ifndef SAIKNE_ACTS_PROVISION_H
#define SAIKNE_ACTS_PROVISION_H

#include "services/runtime/acts/acts.h"

/*
 * POST /v1/provisions/{code} { "advice": its name, "date": its day }: confirms a row of
 * legal-bases for this institution. Answer: { "provision", "advice", "date", "confirmed": time }.
 */
enum status acts_provision_confirm(struct service *service, const struct actor *actor,
    const char *code, const json_t *request, json_t **answer, struct refusal *refusal);

#endif
