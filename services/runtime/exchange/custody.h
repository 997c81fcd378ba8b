/* services/runtime/exchange/custody.h: what orphan's courts state of custody, kept by case and applied. */
#ifndef SAIKNE_CUSTODY_H
#define SAIKNE_CUSTODY_H

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/departure.h"
#include "services/runtime/store/custody_store.h"

struct service;

/*
 * A custody statement is kept, sealed, in every case of its child, whenever which of the two came
 * first: what the statement finds when it comes, and what is found when a case first names the
 * child (custody_follow). Consents of these cases are folded with it (grounds_refold).
 *
 * Rules (numbered, for tests to cite):
 * 1. Only an orphan's court states custody: its own message, or one passed on with its proof.
 * 2. Statements and consents in any order give a consent one state at every holder.
 * 3. Who applied a statement passes it on to everyone it sent content to in the cases of the
 *    child: once for each statement and recipient (custody_pass.h).
 * 4. A consent that a known statement refutes is neither sealed under nor taken in.
 * 5. `placed` takes and gives nothing by itself; nor does the end of a statement give back.
 */

#define CUSTODY_PURPOSE "custody_statement" /* of its notices, and of nothing else */

/* A statement on its way in or out. */
struct custody_statement {
	const struct content *content; /* NULL: it is none */
	struct content inner;          /* what CONTENT is of one that was passed on */
	char origin[PARTY_MAX + 1];
	char via[PARTY_MAX + 1]; /* "": it is ours */
	uint8_t message[SUITE_ID_LEN];
	uint64_t index; /* UINT64_MAX: not in the log yet */
};
void custody_free(struct custody_statement *statement);

/* The newest case of the statement's child, to which its notice belongs; STATUS_NOT_FOUND. */
MUST_CHECK enum status custody_home(
    struct service *service, const struct custody_statement *statement, uint64_t *case_n);
/*
 * The message EVENT_N of TASK holds the statement: kept in TASK's case and all others of the
 * child, consents there are folded anew, and it is put down to be passed on. What a case has it
 * has; nothing is repeated.
 */
MUST_CHECK enum status custody_take(struct service *service, struct departure *departure,
    const struct task_row *task, uint64_t event_n, const struct custody_statement *statement);
/* CASE_N names the child of CONTENT: what is known of it from other cases is kept here, too. */
MUST_CHECK enum status custody_follow(struct service *service, struct departure *departure,
    uint64_t case_n, const struct content *content);
/*
 * CONTENT leaves as EVENT of TASK: a statement of ours is kept like one that came; anything else
 * may name the child of its case for the first time.
 */
MUST_CHECK enum status custody_leaves(struct service *service, struct departure *departure,
    const struct task_row *task, const struct event_row *event, const struct content *content);
/* The consents of all cases that keep the statement of EVENT_N, folded anew. */
MUST_CHECK enum status custody_refold(
    struct service *service, struct departure *departure, uint64_t event_n);

#endif
