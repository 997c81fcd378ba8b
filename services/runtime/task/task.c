/* services/runtime/task/task.c: the tables of all sorts read: what follows, and the fold; pure. */
#include "services/runtime/task/task.h"

#include <assert.h>
#include <string.h>

#include "services/runtime/task/action.h"
#include "services/runtime/task/case.h"
#include "services/runtime/task/conference.h"
#include "services/runtime/task/climbed.h"
#include "services/runtime/task/disagreement.h"
#include "services/runtime/task/information.h"
#include "services/runtime/task/matter.h"
#include "services/runtime/task/notice.h"
#include "services/runtime/task/pass.h"
#include "services/runtime/task/referral.h"
#include "services/runtime/task/renewal.h"
#include "services/runtime/task/stop.h"
#include "services/runtime/task/transfer.h"

static const struct task_sort *const sorts[] = {&referral_sort, &information_sort, &notice_sort,
    &stop_sort, &renewal_sort, &climbed_sort, &disagreement_sort, &case_sort, &transfer_sort,
    &action_sort, &conference_sort, &matter_sort, &pass_sort, &pass_ask_sort};

#define SORTS (sizeof(sorts) / sizeof(sorts[0]))

static const struct {
	const char *name, *label_lv, *label_en;
} states[TASK_STATE_COUNT] = {
#define ROW(state, name, lv, en) [TASK_##state] = {name, lv, en},
    TASK_STATE_LIST(ROW)
#undef ROW
};

static const char *const events[TASK_EVENT_COUNT] = {
#define ROW(event, text) [TASK_EVENT_##event] = text,
    TASK_EVENT_LIST(ROW)
#undef ROW
};

const char *
task_state_name(enum task_state state)
{
	return state < TASK_STATE_COUNT ? states[state].name : "none";
}

const char *
task_state_label(enum task_state state, const char *language)
{
	if (state >= TASK_STATE_COUNT)
		state = TASK_NONE;
	return strcmp(language, "lv") == 0 ? states[state].label_lv : states[state].label_en;
}

enum task_state
task_state_named(struct bytes name)
{
	for (unsigned i = 0; i < TASK_STATE_COUNT; i++)
		if (bytes_is_text(name, states[i].name))
			return (enum task_state)i;
	return TASK_STATE_COUNT;
}

const char *
task_event_name(enum task_event event)
{
	return event < TASK_EVENT_COUNT ? events[event] : "";
}

/* ---- Sorts ------------------------------------------------------------------------------- */

const struct task_sort *
task_sort_at(unsigned i)
{
	return i < SORTS ? sorts[i] : NULL;
}

const struct task_sort *
task_sort_named(struct bytes name)
{
	for (unsigned i = 0; i < SORTS; i++)
		if (bytes_is_text(name, sorts[i]->name))
			return sorts[i];
	return NULL;
}

/* Where each type stands in the tables: every fold asks that of every row. */
static struct {
	const struct task_sort *sort;
	const struct task_message *message;
} types[256];

#define TYPES (sizeof(types) / sizeof(types[0]))

__attribute__((constructor)) static void
find_types(void)
{
	for (unsigned i = 0; i < SORTS; i++)
		for (unsigned j = 0; j < sorts[i]->message_count; j++) {
			const struct task_message *message = &sorts[i]->messages[j];

			/* A type is of one sort. */
			assert(message->type < TYPES && types[message->type].sort == NULL);
			types[message->type].sort = sorts[i];
			types[message->type].message = message;
		}
}

const struct task_message *
task_message(const struct task_sort *sort, enum message type)
{
	return task_sort_of(type) == sort ? types[type].message : NULL;
}

const struct task_sort *
task_sort_of(enum message type)
{
	return (unsigned)type < TYPES ? types[type].sort : NULL;
}

bool
task_opens(enum message type)
{
	return task_sort_of(type) != NULL && types[type].message->opens;
}

enum task_event
task_event_of(const struct task_sort *sort, enum message type)
{
	const struct task_message *message = task_message(sort, type);

	return message != NULL ? message->event : TASK_EVENT_COUNT;
}

/* ---- The table read ---------------------------------------------------------------------- */

const struct task_move *
task_move_at(const struct task_sort *sort, unsigned i)
{
	return i < sort->move_count ? &sort->moves[i] : NULL;
}

bool
task_knows(const struct task_sort *sort, enum task_event event)
{
	for (unsigned i = 0; i < sort->move_count; i++)
		if (sort->moves[i].event == event)
			return true;
	return false;
}

bool
task_has(const struct task_sort *sort, enum task_state state)
{
	for (unsigned i = 0; i < sort->move_count; i++)
		if (sort->moves[i].state == state || sort->moves[i].next == state)
			return true;
	return false;
}

static bool
holds(const struct task_move *move, bool content, bool crossed)
{
	switch (move->need) {
	case TASK_ALWAYS:
		return true;
	case TASK_WITH_CONTENT:
		return content;
	case TASK_UNLESS_CROSSED:
		return !crossed;
	case TASK_IF_CROSSED:
		return crossed;
	}
	return false;
}

static bool
is_of(const struct task_move *move, enum task_state state, enum task_event event,
    enum task_side by)
{
	return move->state == state && move->event == event && (move->by & (unsigned)by) != 0;
}

enum task_state
task_next(const struct task_sort *sort, enum task_state state, enum task_event event,
    enum task_side by, unsigned facts)
{
	const struct task_move *moves = sort->moves;

	for (unsigned i = 0; i < sort->move_count; i++)
		if (is_of(&moves[i], state, event, by) &&
		    holds(&moves[i], (facts & TASK_FACT_CONTENT) != 0,
			(facts & TASK_FACT_CROSSED) != 0))
			return moves[i].next;
	return TASK_NONE;
}

/*
 * The broker's word about the opening message is no act, nor is what only a crossing lets in; that
 * a ground stopped is none of the task's own, and what leads nowhere else says the same anew. What
 * is closed is over although it can be opened again.
 */
bool
task_is_open(const struct task_sort *sort, enum task_state state)
{
	for (unsigned i = 0; i < sort->move_count; i++)
		if (sort->moves[i].state == state && sort->moves[i].next != state &&
		    sort->moves[i].event != TASK_EVENT_ENTERED_IN_ERROR &&
		    sort->moves[i].event != TASK_EVENT_SUPERSEDE &&
		    sort->moves[i].event != TASK_EVENT_REOPEN &&
		    sort->moves[i].event != TASK_EVENT_GROUND_STOPPED &&
		    sort->moves[i].need != TASK_IF_CROSSED &&
		    sort->moves[i].by != (TASK_SENDER | TASK_RECIPIENT))
			return true;
	return false;
}

/* ---- The fold ---------------------------------------------------------------------------- */

struct fold {
	const struct task_sort *sort;
	struct task_stand task;
	bool reviewed;
	uint64_t last[TASK_EVENT_COUNT]; /* index of the last of each that had effect */
	unsigned last_by[TASK_EVENT_COUNT];
	/* The sender's cancel, and the state below it while it stands. */
	const struct task_step *cancel;
	bool cancel_stands, cancel_void;
	enum task_state below;
};

/* Whether STEP's author had not seen the last OVER; one's own was never unseen. */
static bool
has_crossed(const struct fold *fold, const struct task_step *step, enum task_event over)
{
	return fold->last_by[over] != (unsigned)step->by && step->applied < fold->last[over];
}

static enum task_state
next_of(const struct fold *fold, enum task_state state, const struct task_step *step)
{
	const struct task_move *moves = fold->sort->moves;

	for (unsigned i = 0; i < fold->sort->move_count; i++)
		if (is_of(&moves[i], state, step->event, step->by) &&
		    holds(&moves[i], fold->task.content_seen,
			has_crossed(fold, step, moves[i].over)))
			return moves[i].next;
	return TASK_NONE;
}

/* Whether the content, once review was opened, is of use in STATE. */
static bool
wants_content(enum task_state state)
{
	return state == TASK_UNDER_REVIEW || state == TASK_INFO_REQUESTED ||
	       state == TASK_ACCEPTED || state == TASK_IN_PROGRESS || state == TASK_ON_HOLD;
}

static void
enter(struct fold *fold, const struct task_step *step, enum task_state next)
{
	fold->task.state = next;
	fold->last[step->event] = step->index;
	fold->last_by[step->event] = step->by;
	fold->cancel_stands = false;
	if (step->event == TASK_EVENT_QUEUED || step->event == fold->sort->opening)
		fold->task.content_seen = step->with_content;
	else if (step->event == TASK_EVENT_RELEASE)
		fold->task.content_seen = true;
	else if (step->event == TASK_EVENT_REVIEW_OPENED)
		fold->reviewed = true;
}

/* The cancel over the state as it is; false when it does not follow there. */
static bool
cancel_over(struct fold *fold)
{
	enum task_state below = fold->task.state, next = next_of(fold, below, fold->cancel);

	if (next == TASK_NONE)
		return false;
	enter(fold, fold->cancel, next);
	fold->cancel_stands = true;
	fold->below = below;
	return true;
}

/* The recipient's act that had not seen the cancel, or what became of the offer itself. */
static bool
crossed_cancel(const struct fold *fold, const struct task_step *step)
{
	if (fold->cancel == NULL)
		return false;
	if (step->event == TASK_EVENT_OFFER_EXPIRED ||
	    step->event == TASK_EVENT_OFFER_UNREADABLE)
		return true;
	return step->by == TASK_RECIPIENT && step->applied < fold->cancel->index;
}

/* It is remembered where it does not follow: what crossed it may lead to where it does. */
static bool
take_cancel(struct fold *fold, const struct task_step *step)
{
	if (fold->cancel_stands)
		return false;
	fold->cancel = step;
	fold->cancel_void = !cancel_over(fold);
	return !fold->cancel_void;
}

/* What a stop of the ground ends: acts, but not what becomes known of the opening message. */
static bool
is_act(enum task_event event)
{
	return event != TASK_EVENT_QUEUED && event != TASK_EVENT_OFFER_DELIVERED &&
	       event != TASK_EVENT_OFFER_EXPIRED && event != TASK_EVENT_OFFER_UNREADABLE &&
	       event != TASK_EVENT_OFFER_REFUSED && event != TASK_EVENT_OFFER_TAKEN_BACK;
}

/* Whether STEP had effect. */
static bool
take(struct fold *fold, const struct task_step *step)
{
	bool crossed = crossed_cancel(fold, step);
	enum task_state from = crossed && fold->cancel_stands ? fold->below : fold->task.state;
	enum task_state next = next_of(fold, from, step);

	if (fold->task.stopped && is_act(step->event))
		return false;
	if (step->event == TASK_EVENT_CANCEL && step->by == TASK_SENDER)
		return take_cancel(fold, step);
	if (next == TASK_NONE)
		return false;
	enter(fold, step, next);
	if (crossed)
		cancel_over(fold);
	return true;
}

void
task_fold(const struct task_sort *sort, const struct task_step *steps, size_t count,
    struct task_stand *out, bool *voids)
{
	task_trace(sort, steps, count, out, voids, NULL);
}

void
task_trace(const struct task_sort *sort, const struct task_step *steps, size_t count,
    struct task_stand *out, bool *voids, enum task_state *after)
{
	struct fold fold = {.sort = sort, .task = {.state = TASK_NONE}};
	struct task_stand *task = &fold.task;

	for (size_t i = 0; i < count; i++) {
		bool follows = take(&fold, &steps[i]);

		task->stopped |= steps[i].event == TASK_EVENT_GROUND_STOPPED;
		if (steps[i].index != UINT64_MAX && steps[i].index > task->last_index)
			task->last_index = steps[i].index;
		if (voids != NULL)
			voids[i] = !follows;
		if (after != NULL)
			after[i] = task->state;
		/* What was over already is none the less stopped. */
		if (!follows && steps[i].event != TASK_EVENT_GROUND_STOPPED)
			task->void_steps++;
		if (!fold.cancel_stands || !fold.cancel_void)
			continue;
		fold.cancel_void = false;
		task->void_steps--;
		if (voids != NULL)
			voids[fold.cancel - steps] = false;
	}
	task->content_due = fold.reviewed && !task->content_seen && !task->stopped &&
	                    wants_content(task->state);
	*out = *task;
}

bool
task_may(const struct task_sort *sort, const struct task_stand *stand, enum task_event event,
    enum task_side side)
{
	if (stand->stopped)
		return false;
	/* The content goes once, when it is due; a second release would repeat it. */
	if (event == TASK_EVENT_RELEASE && !stand->content_due)
		return false;
	return task_next(sort, stand->state, event, side,
		   stand->content_seen ? TASK_FACT_CONTENT : 0) != TASK_NONE;
}
