/* services/runtime/acts/acts_custody.h: custody statements as people see them. */
#ifndef SAIKNE_ACTS_CUSTODY_H
#define SAIKNE_ACTS_CUSTODY_H

#include <jansson.h>

#include "services/runtime/exchange/case_file.h"

struct service;

/*
 * To whom the statement of TASK went or goes on, whichever of its messages TASK is:
 * [{ "to", "how", "why", "time", "task", "state" }]; absent from ITEM where TASK is none.
 */
MUST_CHECK enum status acts_custody_told(
    struct service *service, const struct task_row *task, json_t *item);
/* What is known of custody in the case, oldest first, into ITEM as "custody". */
MUST_CHECK enum status acts_custody_of_case(
    struct service *service, uint64_t case_n, const struct case_key *key, json_t *item);

#endif
