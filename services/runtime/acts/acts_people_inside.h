/* services/runtime/acts/acts_people_inside.h: what acts on people and on tokens share. */
#ifndef SAIKNE_ACTS_PEOPLE_INSIDE_H
#define SAIKNE_ACTS_PEOPLE_INSIDE_H

#include "services/runtime/acts/acts_people.h"
#include "services/runtime/people/accounts.h"

MUST_CHECK enum status acts_people_may_change(
    const struct actor *actor, struct refusal *refusal);
/* A decimal number of a path or cursor. */
MUST_CHECK bool acts_people_number(const char *text, uint64_t *out);
/* Refuses any member but those of KNOWN, which a NULL ends. */
MUST_CHECK enum status acts_people_only(
    const json_t *request, const char *const *known, struct refusal *refusal);
MUST_CHECK enum status acts_people_read_role(
    const json_t *request, enum role *out, struct refusal *refusal);
/* null for 0. */
json_t *acts_people_time(uint64_t ms);

#endif
