/* services/runtime/exchange/history_inside.h: what the files of history.h share, and nobody else sees. */
#ifndef SAIKNE_HISTORY_INSIDE_H
#define SAIKNE_HISTORY_INSIDE_H

#include <string.h>

#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/history.h"
#include "services/runtime/store/history_store.h"

/* Whether CIRCLE has its opening: until then nobody is a member here, ourselves included. */
static inline bool
history_has_opening(const struct circles *circles)
{
	return circles->circle.lead_count > 0;
}

/* Asks which members there are by what has its place in the log: not by what awaits one. */
#define HISTORY_PLACED (CIRCLE_ENDING - 1)

/* Whether AUTHOR is suspended, and can pass on nothing until that is over. */
bool history_is_mute(const struct service *service, const char *author);
/*
 * Whether it is CODE's to see that TO has ACT ("": all): it wrote it; or it leads, or TO does, and
 * whoever wrote it is no member any more, and hears of nobody who joins, or is suspended. Of who
 * left there goes what we have, under what we have it on; of who is suspended the acts: it passes on
 * the rest when it is back. Who took the lead from such a one may lack what that one told others: it
 * has it of any of them.
 */
bool history_is_of(const struct service *service, const char *code, const char *to,
    const struct circle *circle, const struct circle_act *act);

/* How long it is until PASS goes again: each time twice as long. */
uint64_t history_pause(const struct history_pass *pass);
/* Who lacks which of our acts is put down (table passed). */
MUST_CHECK enum status history_plan(struct service *service, struct history_circle *circle);
/* Our act EVENT_N is to go to PARTY at AT_MS, if it did not go already; WHY: why not by itself. */
MUST_CHECK enum status history_put_down(struct service *service, uint64_t event_n,
    const char *party, enum status why, uint64_t at_ms);
/* Asks every member for what CIRCLE lacks, and sets when it asks next. In the open transaction. */
MUST_CHECK enum status history_ask(
    struct service *service, struct departure *departure, struct history_circle *circle);
/* Passes on what PASS puts down. In the open transaction. */
MUST_CHECK enum status history_pass_on(
    struct service *service, struct departure *departure, struct history_pass *pass);

/* HISTORY_ASK, judged and taken. */
MUST_CHECK enum status history_judge_ask(struct service *service, struct incoming *in);
MUST_CHECK enum status history_take_ask(
    struct service *service, struct incoming *in, uint64_t *case_n);
/*
 * The circle that IN, a pass or an ask, is about, with its frame's case. STATUS_NOT_A_MEMBER: we
 * know of none.
 */
MUST_CHECK enum status history_find(struct service *service, const struct incoming *in,
    struct history_circle *circle, uint64_t *case_n);
/* TASK, of two, with sort, case, peer and ground, is opened by CONTENT under CIRCLE's token. */
MUST_CHECK enum status history_send(struct service *service, struct departure *departure,
    const struct history_circle *circle, struct task_row *task, struct content *content);

#endif
