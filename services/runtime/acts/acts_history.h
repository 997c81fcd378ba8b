/* services/runtime/acts/acts_history.h: the history of a circle as people see it, and who agrees with it. */
#ifndef SAIKNE_ACTS_HISTORY_H
#define SAIKNE_ACTS_HISTORY_H

#include "services/runtime/acts/acts.h"

/*
 * The entries of CIRCLE's history in the log's order, LIMIT of them behind AFTER, each with the
 * digest behind it; what each member said last, and whether it agrees. No content. WITH, a digest
 * that somebody read out (hexadecimal; NULL: none): behind which entry it is ours.
 */
MUST_CHECK enum status acts_history(struct service *service, const struct actor *actor,
    const char *circle, const char *with, unsigned limit, const char *after, json_t **answer,
    struct refusal *refusal);
/*
 * REQUEST { "party" }: what that member says it has more of CIRCLE's history than we is set aside
 * (history_set_aside()), and recorded as the person's doing.
 */
MUST_CHECK enum status acts_history_aside(struct service *service, const struct actor *actor,
    const char *circle, const json_t *request, struct refusal *refusal);

#endif
