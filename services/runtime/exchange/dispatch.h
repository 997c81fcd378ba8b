/* services/runtime/exchange/dispatch.h: an act of ours on a task: grounded, recorded and put in the post. */
#ifndef SAIKNE_DISPATCH_H
#define SAIKNE_DISPATCH_H

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/departure.h"
#include "services/runtime/store/outbox_store.h"

struct service;

/* Whether CONTENT opens a task that shows acts alone until someone opens it for review. */
bool dispatch_is_preview(const struct content *content);
/*
 * What the task's peer may have of CONTENT now: its profile for the task's PURPOSE; of an offer of
 * normal urgency the acts alone, for the rest waits until it is opened for review.
 */
category_set dispatch_allows(const struct service *service, const char *peer,
    const char *purpose, const struct content *content);
/* Whether RC says that what something rests on does not let it go: waiting changes nothing. */
bool dispatch_lacks_ground(enum status rc);
/* Whether CONTENT shows more than acts to who is allowed ALLOWED. */
bool dispatch_carries_content(const struct content *content, category_set allowed);

/*
 * Of what a circle shares (dispatch_circle.c) it goes to all other members; the opening message of
 * a case over institutions or a sitting begins the circle. The caller has added TASK's row, with
 * circle_n where it opens something within a circle, and a record of its own choice in ground_n;
 * 0: that of the frame. Who may not be told content now has it passed on (history.h); when that
 * is everybody, what hindered the first.
 *
 * Sets TASK and APPLIED, finds the ground (an offer's and a release's own; else the message
 * answered), asks the policy, seals and stores the event; TASK is not folded yet. In the open
 * transaction; departure_sign() completes it. ID gets the message's.
 */
MUST_CHECK enum status dispatch_act(struct service *service, struct departure *departure,
    const struct task_row *task, const struct case_key *key, struct content *content,
    uint64_t life_ms, uint8_t id[static SUITE_ID_LEN]);
/* Seals the refused message of ROW anew, under a new id; removes the old one. */
MUST_CHECK enum status dispatch_again(
    struct service *service, struct departure *departure, const struct outbox_row *row);

#endif
