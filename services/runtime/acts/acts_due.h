/* services/runtime/acts/acts_due.h: what is owed on a task, by whom and when, in lists. */
#ifndef SAIKNE_ACTS_DUE_H
#define SAIKNE_ACTS_DUE_H

#include "services/runtime/acts/acts_inside.h"

/*
 * DUE of a query: "overdue", "today" (until midnight in Riga) or "week" (until midnight of the
 * seventh day), with all that is overdue. *BY_MS gets the instant; 0: DUE is NULL.
 */
MUST_CHECK enum status acts_due_read(
    struct service *service, const char *due, uint64_t *by_ms, struct refusal *refusal);
/* Whether something of task TASK_N ends by BY_MS. */
MUST_CHECK enum status acts_due_fits(
    struct service *service, uint64_t by_ms, uint64_t task_n, bool *fits);
/*
 * The newest task below BEFORE (0: of all) of which something ends by BY_MS: for those who see
 * every list. To anybody else a page's length would tell how many there are that they may not
 * know.
 */
MUST_CHECK enum status acts_due_next(
    struct service *service, uint64_t by_ms, uint64_t before, struct task_row *out);
/* Adds "reach", "due", "overdue", "clock" and "owed" to a task's item. */
MUST_CHECK enum status acts_due_add(
    struct service *service, const struct task_row *task, json_t *item);

#endif
