/* services/runtime/exchange/history.h: a circle's history: compared, asked for, passed on to whom it lacks. */
#ifndef SAIKNE_HISTORY_H
#define SAIKNE_HISTORY_H

#include "services/runtime/exchange/departure.h"

struct content;
struct incoming;
struct service;

/*
 * The history of a circle (circle.h) is one for all its members. Each act says what its author
 * had of it (APPLIED, HISTORY_COUNT, HISTORY); who applies the act compares. Who may lack an entry
 * asks everybody, and everybody passes on what they wrote themselves, and nothing else; who leads
 * also the acts, alone, of who is no member any more, for that one hears of nobody who joins; and to
 * who leads, where it asks, everybody these.
 *
 * 1. An entry is passed on under proof (forwarded.h): whoever gets it applies it at its own index,
 *    as though it had come itself.
 * 2. Content goes only on a live ground of ours that permits the member at that moment: what
 *    profile and ground both allow of each category. Acts alone go on none; of what was written
 *    while it was a member, also to who is none any more.
 * 3. An ask is answered once for each entry: what went to a member within HISTORY_AGAIN_MS does
 *    not go again.
 * 4. Columns `agreed`, `gap` and `ask_ms` of table circles, tables `passed` and `circle_claims` are
 *    written here, and in circles_missed().
 */
#define HISTORY_ASK_MS     (60ULL * 1000) /* from a gap to the first ask: it may settle by itself */
#define HISTORY_ASK_MAX_MS (3600ULL * 1000) /* between asks at most; our default */
#define HISTORY_AGAIN_MS   (60ULL * 1000)
#define HISTORY_SELDOM_MS  (24 * HISTORY_ASK_MAX_MS) /* nothing waits longer than that */
#define HISTORY_TURN       64                        /* passes in one transaction */

/* ---- What an act says, and what follows from it ------------------------------------------ */

/*
 * What we have of CIRCLE_N's history up to index UPTO, included: for APPLIED = UPTO this goes into
 * an act as HISTORY_COUNT and HISTORY. No act yet: 0 and zeroes.
 */
MUST_CHECK enum status history_state(struct service *service, uint64_t circle_n, uint64_t upto,
    uint64_t *count, uint8_t digest[static SUITE_HASH_LEN]);
/*
 * An act of AUTHOR was applied, and says that up to APPLIED its history has COUNT entries and
 * DIGEST: whether that is ours is noted, and from when on we ask. The act's row is there. In the
 * open transaction, as all that follows.
 */
MUST_CHECK enum status history_compare(struct service *service, uint64_t circle_n,
    const char *author, uint64_t applied, uint64_t count,
    const uint8_t digest[static SUITE_HASH_LEN]);
/* The same by CONTENT, the act, and history_follow(). */
MUST_CHECK enum status history_came(struct service *service, uint64_t circle_n,
    const char *author, const struct content *content);
/*
 * Rows of CIRCLE_N or its members changed (an entry came, late or not; a receipt of ours; somebody
 * joined or left): what was said is compared anew, and who lacks what of ours is put down. The
 * circle was folded.
 */
MUST_CHECK enum status history_follow(struct service *service, uint64_t circle_n);

/*
 * A person settles that what PARTY says it has more than we is not to be had: it is no gap, until
 * it says that it has yet another number of entries. STATUS_NOT_FOUND: it is no member;
 * STATUS_WRONG_STATE: it has nothing more; STATUS_AGAIN: it was not asked for HISTORY_ASIDE_ASKS
 * times yet. In the open transaction.
 */
#define HISTORY_ASIDE_ASKS 3
MUST_CHECK enum status history_set_aside(
    struct service *service, uint64_t circle_n, const char *party);

/*
 * TASK_N, a pass of ours, was not taken: it goes again, later each time, for whoever it is for may
 * lack what came before.
 */
MUST_CHECK enum status history_returned(struct service *service, uint64_t task_n);
/*
 * TASK, an ask of ours, was not taken: we are no member by what its recipient has. Where we have not
 * even what opened the circle we leave it at that: if it hears that we are one, it passes on what it
 * wrote without being asked.
 */
MUST_CHECK enum status history_denied(struct service *service, const struct task_row *task);

/* ---- Messages: sorts `pass` and `ask` ---------------------------------------------------- */

/*
 * HISTORY_PASS, HISTORY_PASS_ACTS and HISTORY_ASK open a task each, of two, under the circle's
 * token: by that the circle is known.
 */
bool history_is(const struct incoming *in);
/*
 * As they come, the last to be judged; anything else is none of our business. STATUS_NOT_A_MEMBER:
 * of no circle that we know; STATUS_BAD_PROOF: of no entry of the log; STATUS_NOT_PERMITTED: what
 * another wrote who is a member still, or no act of a circle; STATUS_OUTSIDE_GROUND; and whatever would have been said
 * of the entry itself. Free IN's `passed` in any case.
 */
MUST_CHECK enum status history_judge(struct service *service, struct incoming *in);
/* Before the row of a message that was judged so: *CASE_N is the case that it belongs to. */
MUST_CHECK enum status history_take(struct service *service, struct departure *departure,
    struct incoming *in, uint64_t *case_n);
/* Behind it, when its ground is kept. */
MUST_CHECK enum status history_taken(struct service *service, const struct incoming *in);
void history_free(struct incoming *in);

/* ---- The clock --------------------------------------------------------------------------- */

/* Who could not be reached when something was passed on, and can be now, waits no longer. */
MUST_CHECK enum status history_reach(struct service *service);
/* Asks and passes what is due, in transactions of their own. True: something was sent. */
bool history_run(struct service *service);
/* When it is to run next; 0: nothing waits. */
uint64_t history_next_ms(struct service *service);

#endif
