/* services/runtime/exchange/circles.h: a circle as we know it: its acts folded, its tasks kept in step. */
#ifndef SAIKNE_CIRCLES_H
#define SAIKNE_CIRCLES_H

#include "protocol/wire/content.h"
#include "services/runtime/store/circle_store.h"
#include "services/runtime/store/event_store.h"
#include "services/runtime/task/sitting.h"

struct service;

/*
 * A circle (circle.h) is loaded from the acts that we have of it, and folded: whatever order they
 * came in, and whatever lacks, the same acts give the same members and lead. The last one is kept
 * in memory, and goes on with each act that comes (circles_fold.c). What its tasks are to us
 * follows from it.
 */
struct circles_progress;

struct circles {
	uint64_t n; /* 0: none is in memory */
	struct circle circle;
	struct circle_act *acts; /* as circle_store_acts() gives them, and their events */
	bool *voids;             /* of each */
	size_t count;
	struct sitting
	    *sitting; /* of a conference's circle what counts there; NULL of others */
	struct circles_progress *progress;
};

/*
 * Acts of one circle, and of one of its tasks, so that no fold is endless: a new one is
 * STATUS_TOO_LARGE. The last quarter of either is for who leads, who may remove a member or close;
 * of the rest nobody takes more than a share, so that none keeps the others from speaking.
 */
#define CIRCLES_ACTS_MAX   4096
#define CIRCLES_SHARE      512
#define CIRCLES_TASK_MAX   EVENT_TASK_MAX
#define CIRCLES_TASK_SHARE (CIRCLES_TASK_MAX / 4)
/* Whether something of SORT is in such a circle, once it is open: in a sitting's, or a case's. */
bool circles_belongs(const struct circles *circles, const struct task_sort *sort);
/* Whether AUTHOR's act at INDEX in TASK_N (0: a new one) still has room, and SPARE more. */
bool circles_has_room(const struct circles *circles, uint64_t task_n, const char *author,
    uint64_t index, unsigned spare);

/* *OUT borrows from the service until anything is written. */
MUST_CHECK enum status circles_fold(
    struct service *service, uint64_t circle_n, const struct circles **out);
/*
 * Something of a circle was written otherwise than by what follows here, or is undone, or the
 * directory grew.
 */
void circles_forget(struct service *service);
void circles_free(struct circles *circles);
/* The act ROW with CONTENT, whose root is ROOT, was stored; ROW has its place in the log now. */
void circles_add(struct service *service, const struct event_row *row,
    const struct merkle_hash *root, const struct content *content);
void circles_logged(struct service *service, const struct event_row *row);

/* The first of its acts behind INDEX; the act that ROW is; what opened a task. COUNT: none. */
size_t circles_after(const struct circles *circles, uint64_t index);
size_t circles_find(const struct circles *circles, const struct event_row *row);
size_t circles_opener(const struct circles *circles, uint64_t task_n);

/* The names of what we begin (circle.h): FRAME, and its token; a task in the circle of TASK's token. */
void circles_name_frame(struct task_row *frame);
void circles_name_task(struct task_row *task);

/* What the fold will read of the act ROW: to be kept with its row. */
MUST_CHECK enum status circles_keep(struct service *service, const struct event_row *row,
    const struct merkle_hash *root, const struct content *content);
/* The same of a content: party, parties, due_ms, about of STEP. */
void circles_read(const struct content *content, struct circle_step *step);

/*
 * The circle is folded anew, and its row and members stored. *OTHERS: members, lead or what is
 * void changed, so that all its tasks are to be folded anew.
 */
MUST_CHECK enum status circles_follow(struct service *service, uint64_t circle_n, bool *others);
/*
 * TASK gets its circle where its row has one, and from that its sort, our side now and the other's
 * code.
 */
MUST_CHECK enum status circles_place(struct service *service, struct task_row *task);
/* ROWS, a task's in the log's order, get their authors' sides, and which are void. */
MUST_CHECK enum status circles_mark(
    struct service *service, const struct task_row *task, struct event_row *rows, size_t count);
/*
 * Where TASK, an offer of the lead or a claim, lapsed unless it had ended: at the next, which is one
 * only when its time was over; where the case was closed, of an offer behind its day; of a claim
 * where who claimed is no member any more. As timeline_fold() takes it.
 */
MUST_CHECK enum status circles_lapse(
    struct service *service, const struct task_row *task, uint64_t *index);
/* The message that opened TASK: of several the first that is not void. STATUS_NOT_FOUND: a gap. */
MUST_CHECK enum status circles_opening(
    struct service *service, const struct task_row *task, struct event_row *out);

/*
 * What is in the history: acts in the log, of whoever was a member there, but strays. LAST: the
 * last index of it; 0: none.
 */
bool circles_counts(const struct circles *circles, size_t i);
uint64_t circles_last(const struct circles *circles);
/* The digest of it up to index UPTO, included, which covers COUNT entries. */
MUST_CHECK enum status circles_digest(const struct circles *circles, uint64_t upto,
    uint64_t *count, uint8_t digest[static SUITE_HASH_LEN]);
/*
 * Whom an act of ours with CONTENT goes to: all others, and whom it brings in. OPENS: it begins
 * the circle. STATUS_NOT_A_MEMBER: we are none; STATUS_UNKNOWN_PARTY: nobody can be brought in
 * whom the directory does not have; STATUS_TOO_LARGE: more than a message goes to;
 * STATUS_BAD_RECIPIENTS: nobody.
 */
MUST_CHECK enum status circles_recipients(struct service *service, uint64_t circle_n,
    const struct content *content, bool opens,
    struct circle_party out[static ENVELOPE_RECIPIENTS_MAX], unsigned *count);
/*
 * EVENT, an act of ours, did not get to its recipient PARTY: it is to be passed on (history.h), not
 * before LATER_MS have passed.
 */
MUST_CHECK enum status circles_missed(struct service *service, const struct event_row *event,
    const char *party, enum status why, uint64_t later_ms);

#endif
