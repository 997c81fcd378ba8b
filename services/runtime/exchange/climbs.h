/* services/runtime/exchange/climbs.h: what came to a level above is told there by itself, once. */
#ifndef SAIKNE_CLIMBS_H
#define SAIKNE_CLIMBS_H

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/store/climb_store.h"
#include "services/runtime/store/deadline_store.h"

/*
 * 1. What is overdue and came to the level of the management group is told to its chair, by
 *    CLIMBED, by the institution that waits: not by the one that owes, nor by who looks on. Of
 *    what a circle shares, whoever leads it tells; what the lead itself owes to all, the first of
 *    the other members at once, and two more, each some working days after the one before while
 *    it is owed still (ladder.h): the first may be down. Whose turn it is follows from members,
 *    suspensions and the deadline as they are when it is told.
 * 2. A disagreement whose level's period is over climbs: the service of whoever raised it sends
 *    DISAGREEMENT_CLIMB. What comes to the management group is told to the chair as in 1, with
 *    OWED settle, by the same side.
 * 3. When what was told in 1 came, or is owed no more, and when the disagreement of 2 is over,
 *    CLIMBED_OVER says so to the chair.
 *
 * Each is put down in the transaction in which it happened, and done in one of its own while the
 * broker's clock can be asked (deadlines.h, 4): so a restart or a wrong clock sends nothing twice
 * or too early, and what has moved on in between is not told any more. Who the chair is says the
 * configuration (management_chair); without one, or with one that may not be it or does not take
 * it, it stays to be told, and is shown as a problem. What came to us as the chair: climbs_told.h.
 */

/* ROW has come to its stage. In the open transaction. */
MUST_CHECK enum status climbs_reached(
    struct service *service, const struct task_row *task, const struct deadline_row *row);
/* ROW of TASK, which may have been told, runs no more. In the open transaction. */
MUST_CHECK enum status climbs_over(
    struct service *service, const struct task_row *task, const struct deadline_row *row);
/* TASK was folded. In the open transaction. */
MUST_CHECK enum status climbs_follow(struct service *service, const struct task_row *task);
/* Does some of what is to be done; whether there was anything. */
bool climbs_run(struct service *service);
/* Whether something waits for the chair, and none is named; or one that may not be told. */
enum climbs_lack { CLIMBS_LACK_NOTHING, CLIMBS_NO_CHAIR, CLIMBS_WRONG_CHAIR };
MUST_CHECK enum status climbs_lack_chair(struct service *service, enum climbs_lack *out);
/* Says in the operator's log, once, that the configuration names who may not be the chair. */
void climbs_warn(struct service *service);

/*
 * Whether LEVEL of a DISAGREEMENT_CLIMB that came at INDEX is the one above where its author saw
 * TASK: by its own messages, and by those of ours up to APPLIED. STATUS_BAD_CONTENT.
 */
MUST_CHECK enum status climbs_judge(struct service *service, const struct task_row *task,
    const struct content *content, uint64_t index);

#endif
