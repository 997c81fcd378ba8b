/* services/runtime/acts/acts_kept.h: on what data is kept, or used further, whose ground was stopped. */
#ifndef SAIKNE_ACTS_KEPT_H
#define SAIKNE_ACTS_KEPT_H

#include "services/runtime/acts/acts_ground.h"

/*
 * The words of REQUEST, an answer to the stop TASK, beside the fields of CONTENT: who keeps or
 * goes on using what came names a record of this institution's in the case, by its id or by its
 * code alone, which is in force and covers what is held; or says one in the words of
 * acts_ground.h, which is recorded with the answer: *GROUND has it then, with a body. The message
 * bears its code, FIELD_OTHER_GROUND. Of any other message nothing is read.
 *
 * STATUS_NO_BASIS, STATUS_OUTSIDE_GROUND, what acts_ground_read() and grounds_holds() say, and
 * STATUS_ARGUMENT where nothing is held, or where what is held no longer names a ground.
 */
MUST_CHECK enum status acts_kept_read(struct service *service, const struct actor *actor,
    const struct task_row *task, const json_t *request, struct content *content,
    struct acts_ground *ground, struct refusal *refusal);
/*
 * ITEM, which shows TASK to ACTOR, gets "received" where TASK is a stop that came: the messages
 * under its reference that the log has before the stop, which the answer is about; of tasks
 * alone that this person may know.
 */
MUST_CHECK enum status acts_kept_list(struct service *service, const struct actor *actor,
    const struct task_row *task, json_t *item);

#endif
