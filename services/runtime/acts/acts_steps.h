/* services/runtime/acts/acts_steps.h: a task's history as the steps that people see. */
#ifndef SAIKNE_ACTS_STEPS_H
#define SAIKNE_ACTS_STEPS_H

#include <jansson.h>

#include "services/runtime/exchange/case_file.h"

struct service;

/*
 * [{ "index", "time", "what", "by", "message", "detail", "role", "code", "remedy",
 * "void" }] in the log's order, what
 * waits last. Without content: every role may see it that may see tasks.
 */
MUST_CHECK enum status acts_steps_of(struct service *service, const struct task_row *task,
    const struct case_history *history, json_t **out);

#endif
