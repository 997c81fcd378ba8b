/* services/runtime/exchange/stops.h: telling that a ground ended, or goes on, and hearing it. */
#ifndef SAIKNE_STOPS_H
#define SAIKNE_STOPS_H

#include "services/runtime/exchange/grounds.h"
#include "services/runtime/store/case_store.h"
#include "services/runtime/store/event_store.h"

struct service;

/*
 * A stop is a task of sort "stop" between the maker of a reference and who was shown something
 * under it: told → received → answered. GROUND_STOP cites the reference itself, in the
 * header, so that the broker obeys from its index; all its fields are acts.
 *
 * A reference of ours is stopped as soon as we know, and cited no more; what cites it and surely
 * never left is taken back. Whoever cannot be told now (suspended, no key, no directory) is told
 * when that is over: until then the reference has no task.
 */

/* Tells every institution that has a live reference of ours under ROW. DAY: the legal date. */
MUST_CHECK enum status stops_push(struct service *service, struct departure *departure,
    const struct case_key *key, const struct ground_row *row, const char *reason,
    const char *day);
/* Tells each of them what the record covers, and until when, from now on: a consent's alone. */
MUST_CHECK enum status stops_renew(struct service *service, struct departure *departure,
    const struct case_key *key, const struct ground_row *row);
/* The receipt of our GROUND_STOP, the task TASK, has its INDEX. */
MUST_CHECK enum status stops_logged(
    struct service *service, const struct task_row *task, uint64_t index);
/*
 * The broker refused our GROUND_STOP: whoever is suspended is told once that is over, and anew by
 * another where there was no link for as long as the first lived.
 */
MUST_CHECK enum status stops_refused(
    struct service *service, const struct task_row *task, enum status code);
/*
 * What was objected to has ended for good: its references are stopped, so that each institution
 * is told by the stop of a fresh one, which nothing else ever cites.
 */
MUST_CHECK enum status stops_push_anew(struct service *service, struct departure *departure,
    const struct case_key *key, const struct ground_row *row, const char *reason,
    const char *day);
/*
 * A GROUND_STOP was applied as TASK at INDEX: the reference is stopped, tasks under it are folded
 * anew (TASK_EVENT_GROUND_STOPPED at INDEX), the mirror follows, and by it our own references.
 */
MUST_CHECK enum status stops_take(struct service *service, struct departure *departure,
    const struct case_key *key, const struct task_row *task, const struct content *content,
    uint64_t index);
/*
 * A GROUND_STOP of PEER's at INDEX cannot be read here: its header, which is signed, says what it
 * stops, and that alone is obeyed. Why is not known.
 */
MUST_CHECK enum status stops_heard(struct service *service, struct departure *departure,
    const char *peer, const struct envelope_recipient *own, uint64_t index);
/* The index at which the reference of TASK was stopped; UINT64_MAX: it is not; 0: not in the log. */
MUST_CHECK enum status stops_index(
    struct service *service, const struct task_row *task, uint64_t *index);
/*
 * The message that came under the reference which TASK, a stop, names, before that was stopped:
 * the first above the row AFTER of events, with its task; STATUS_NOT_FOUND.
 */
MUST_CHECK enum status stops_received(struct service *service, const struct task_row *task,
    uint64_t after, struct event_row *event, struct task_row *under);
/* What of that is still here. */
struct stops_held {
	unsigned messages;
	category_set categories;            /* but ACT and GROUND */
	char purpose[MESSAGE_CODE_MAX + 1]; /* of the first */
};
MUST_CHECK enum status stops_held(
    struct service *service, const struct task_row *task, struct stops_held *out);
/* Whether ANSWER, of lists/stop-answers.csv, names another ground. */
bool stops_needs_ground(struct bytes answer);
/*
 * What came under the reference that TASK, a stop, names is erased here: what its messages said,
 * their documents, and of the mirror whatever is about people, unless the record goes on.
 * STATUS_WRONG_STATE while something of it is on its way. The key of the case changes. In the
 * open transaction.
 */
MUST_CHECK enum status stops_delete(
    struct service *service, const struct task_row *task, uint64_t person, const char *role);
/* Tells those who could not be told; a transaction for each. */
MUST_CHECK enum status stops_due(struct service *service);

#endif
