/* services/runtime/exchange/custody_pass.h: a custody statement goes on to whom we gave the child's data. */
#ifndef SAIKNE_CUSTODY_PASS_H
#define SAIKNE_CUSTODY_PASS_H

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/store/custody_store.h"
#include "services/runtime/store/ground_store.h"

struct service;

/* A peer that could not be reached is tried again after this time. */
#define CUSTODY_AGAIN_MS (3600ULL * 1000)

/* ROW came from its `via` or, where it is ours, went as TASK: they have it. */
MUST_CHECK enum status custody_pass_known(
    struct service *service, const struct task_row *task, const struct custody_row *row);
/*
 * ROW is new in its case: put down for every institution that we sent content to in it, but for
 * those that have it. What is ours goes to whom its author chose.
 */
MUST_CHECK enum status custody_pass_plan(
    struct service *service, const struct custody_row *row);
/*
 * GROUND, a mirror, is refuted by the statements of its case, or was: who told us of it holds it as
 * we do, and may not hear of them otherwise. That somebody names a child in a consent that no
 * statement touches tells nobody anything.
 */
MUST_CHECK enum status custody_pass_holder(
    struct service *service, const struct ground_row *ground);
/* The statement of ours that opened TASK could not go to PEER, WHY: it is passed on later. */
MUST_CHECK enum status custody_pass_missed(
    struct service *service, const struct task_row *task, const char *peer, enum status why);
/*
 * Sends what is put down, a transaction for each: NOTICE_FORWARDED with the proof, on a legal
 * basis of its own. Who cannot be reached is noted, and tried again. True: something was sent.
 */
bool custody_pass_run(struct service *service);

#endif
