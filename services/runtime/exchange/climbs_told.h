/* services/runtime/exchange/climbs_told.h: what climbed to us: of several that tell of one thing, one matter. */
#ifndef SAIKNE_CLIMBS_TOLD_H
#define SAIKNE_CLIMBS_TOLD_H

#include "services/runtime/exchange/departure.h"
#include "services/runtime/exchange/case_file.h"

struct service;

/*
 * Several institutions may tell the chair of the management group of one thing (climbs.h): the
 * same OTHER_TASK, OWED and PARTY. Each telling is a task of its own, with whom told it, and all
 * lie in one case. Lists show the first that is taken up, else that is open, else the first; what
 * a person takes up the service answers to the others with the same words, in a transaction for
 * each: those that are there, and those that come later.
 */
#define CLIMBS_TOLD_MAX 32

/* Tasks that tell of the same as one, without those that are over unless all are. */
struct climbs_told {
	struct task_row tasks[CLIMBS_TOLD_MAX];
	unsigned count;
	bool full;        /* there may be more: each is shown */
	uint64_t shown_n; /* which of them lists show */
};

/* Whether an institution of KIND may chair the management group. */
bool climbs_told_may_chair(const char *kind);
/*
 * STATUS_NOT_PERMITTED: CONTENT, which came, tells us what climbed, and we may not chair that group,
 * or its AUTHOR owes it itself: what the chair answers is for who waits.
 */
MUST_CHECK enum status climbs_told_judge(
    const struct service *service, const char *author, const struct content *content);
/* The case of what told us of the same as CONTENT; STATUS_NOT_FOUND. */
MUST_CHECK enum status climbs_told_case(
    struct service *service, const struct content *content, uint64_t *case_n);
/* All that tell us of the same as TASK, itself among them; none where it is no such task. */
MUST_CHECK enum status climbs_told_of(
    struct service *service, const struct task_row *task, struct climbs_told *out);
/* Whether lists show TASK. */
MUST_CHECK enum status climbs_told_is_shown(
    struct service *service, const struct task_row *task, bool *out);

#define CLIMBS_TOLD_ANSWER "take_up" /* what is put down then */
/* TASK was folded: remembered, and what is to be answered put down (climb_store.h). In the open transaction. */
MUST_CHECK enum status climbs_told_follow(struct service *service, const struct task_row *task);
/* TASK, which was put down, is answered as the one that was taken up; STATUS_NOT_FOUND: it need not be. */
MUST_CHECK enum status climbs_told_answer(
    struct service *service, struct departure *departure, struct task_row *task);

#endif
