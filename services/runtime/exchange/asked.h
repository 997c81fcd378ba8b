/* services/runtime/exchange/asked.h: what an answer may carry, by what its request asked for. */
#ifndef SAIKNE_ASKED_H
#define SAIKNE_ASKED_H

#include "services/runtime/exchange/case_file.h"

struct service;

/*
 * The categories that a message of TYPE on TASK may carry besides what its recipient's profile
 * says: all of them, unless it answers a request that names some. Asked of both ends, for both
 * have the request.
 */
MUST_CHECK enum status asked_allows(struct service *service, const struct task_row *task,
    const struct case_key *key, enum message type, category_set *out);

#endif
