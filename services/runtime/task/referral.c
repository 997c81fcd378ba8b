/* services/runtime/task/referral.c: the referral task as one table of states and events; pure. */
#include "services/runtime/task/referral.h"

#include <string.h>

#define S REFERRAL_SENDER
#define R REFERRAL_RECIPIENT

#define MOVE(from, event, by, to)                                                              \
	{                                                                                      \
		REFERRAL_##from, REFERRAL_EVENT_##event, by, REFERRAL_##to, REFERRAL_ALWAYS, 0 \
	}
#define MOVE_WITH_CONTENT(from, event, by, to)                                                 \
	{                                                                                      \
		REFERRAL_##from, REFERRAL_EVENT_##event, by, REFERRAL_##to,                    \
		    REFERRAL_WITH_CONTENT, 0                                                   \
	}
#define MOVE_UNLESS(over, from, event, by, to)                                                 \
	{                                                                                      \
		REFERRAL_##from, REFERRAL_EVENT_##event, by, REFERRAL_##to,                    \
		    REFERRAL_UNLESS_CROSSED, REFERRAL_EVENT_##over                             \
	}
#define MOVE_IF(over, from, event, by, to)                                                     \
	{                                                                                      \
		REFERRAL_##from, REFERRAL_EVENT_##event, by, REFERRAL_##to,                    \
		    REFERRAL_IF_CROSSED, REFERRAL_EVENT_##over                                 \
	}

/* What is not listed does not follow: it is shown, and changes nothing. */
/* clang-format off */
static const struct referral_move moves[] = {
    MOVE(NONE, QUEUED, S, PENDING),
    MOVE(NONE, OFFER, S, OFFERED),

    MOVE(PENDING, OFFER, S, OFFERED),
    MOVE(PENDING, OFFER_REFUSED, S | R, REFUSED),

    MOVE(OFFERED, REVIEW_OPENED, R, UNDER_REVIEW),
    MOVE_WITH_CONTENT(OFFERED, ACCEPT, R, ACCEPTED),
    MOVE_WITH_CONTENT(OFFERED, DECLINE, R, DECLINED),
    MOVE(OFFERED, CANCEL, S, CANCEL_REQUESTED),
    MOVE(OFFERED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),
    MOVE(OFFERED, OFFER_EXPIRED, S | R, EXPIRED),
    MOVE(OFFERED, OFFER_UNREADABLE, S | R, UNREADABLE),

    MOVE(UNDER_REVIEW, RELEASE, S, UNDER_REVIEW),
    MOVE(UNDER_REVIEW, INFORMATION_REQUEST, R, INFO_REQUESTED),
    MOVE(UNDER_REVIEW, REDIRECT, R, REDIRECT_PROPOSED),
    MOVE(UNDER_REVIEW, ACCEPT, R, ACCEPTED),
    MOVE(UNDER_REVIEW, DECLINE, R, DECLINED),
    MOVE(UNDER_REVIEW, CANCEL, S, CANCEL_REQUESTED),
    MOVE(UNDER_REVIEW, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),

    MOVE(INFO_REQUESTED, RELEASE, S, INFO_REQUESTED),
    MOVE(INFO_REQUESTED, INFORMATION, S, UNDER_REVIEW),
    MOVE(INFO_REQUESTED, REDIRECT, R, REDIRECT_PROPOSED),
    MOVE(INFO_REQUESTED, ACCEPT, R, ACCEPTED),
    MOVE(INFO_REQUESTED, DECLINE, R, DECLINED),
    MOVE(INFO_REQUESTED, CANCEL, S, CANCEL_REQUESTED),
    MOVE(INFO_REQUESTED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),

    MOVE(REDIRECT_PROPOSED, RELEASE, S, REDIRECT_PROPOSED),
    MOVE_UNLESS(REDIRECT, REDIRECT_PROPOSED, INFORMATION, S, UNDER_REVIEW),
    MOVE_IF(REDIRECT, REDIRECT_PROPOSED, INFORMATION, S, REDIRECT_PROPOSED),
    MOVE(REDIRECT_PROPOSED, FOLLOW_UP, S, CLOSED),
    MOVE(REDIRECT_PROPOSED, ACCEPT, R, ACCEPTED),
    MOVE(REDIRECT_PROPOSED, DECLINE, R, DECLINED),
    MOVE(REDIRECT_PROPOSED, CANCEL, S, CANCEL_REQUESTED),
    MOVE(REDIRECT_PROPOSED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),

    /* A release crossed the acceptance, which without the content would be worth little. */
    MOVE(ACCEPTED, RELEASE, S, ACCEPTED),
    MOVE_IF(ACCEPT, ACCEPTED, INFORMATION, S, ACCEPTED),
    MOVE(ACCEPTED, START, R, IN_PROGRESS),
    MOVE(ACCEPTED, HOLD, R, ON_HOLD),
    MOVE(ACCEPTED, OUTCOME, R, OUTCOME_REPORTED),
    MOVE_UNLESS(ACCEPT, ACCEPTED, CANCEL, S, CANCEL_REQUESTED),
    MOVE_IF(ACCEPT, ACCEPTED, CANCEL, S, STOP_REQUESTED),
    MOVE(ACCEPTED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),
    MOVE(ACCEPTED, ENTERED_IN_ERROR, R, UNDER_REVIEW),

    MOVE(IN_PROGRESS, RELEASE, S, IN_PROGRESS),
    MOVE_IF(ACCEPT, IN_PROGRESS, INFORMATION, S, IN_PROGRESS),
    MOVE(IN_PROGRESS, HOLD, R, ON_HOLD),
    MOVE(IN_PROGRESS, OUTCOME, R, OUTCOME_REPORTED),
    MOVE_UNLESS(ACCEPT, IN_PROGRESS, CANCEL, S, CANCEL_REQUESTED),
    MOVE_IF(ACCEPT, IN_PROGRESS, CANCEL, S, STOP_REQUESTED),
    MOVE(IN_PROGRESS, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),

    MOVE(ON_HOLD, RELEASE, S, ON_HOLD),
    MOVE_IF(ACCEPT, ON_HOLD, INFORMATION, S, ON_HOLD),
    MOVE(ON_HOLD, RESUME, R, IN_PROGRESS),
    MOVE(ON_HOLD, OUTCOME, R, OUTCOME_REPORTED),
    MOVE_UNLESS(ACCEPT, ON_HOLD, CANCEL, S, CANCEL_REQUESTED),
    MOVE_IF(ACCEPT, ON_HOLD, CANCEL, S, STOP_REQUESTED),
    MOVE(ON_HOLD, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),

    MOVE(STOP_REQUESTED, CANCEL_CONFIRM, R, CANCELLED),
    MOVE(STOP_REQUESTED, OUTCOME, R, OUTCOME_REPORTED),
    MOVE(STOP_REQUESTED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),

    MOVE(CANCEL_REQUESTED, CANCEL_CONFIRM, R, CANCELLED),
    MOVE(CANCEL_REQUESTED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),

    MOVE(DECLINED, FOLLOW_UP, S, CLOSED),
    MOVE(DECLINED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),
    MOVE(DECLINED, ENTERED_IN_ERROR, R, UNDER_REVIEW),

    MOVE(OUTCOME_REPORTED, CLOSE, S, CLOSED),
    MOVE(OUTCOME_REPORTED, ENTERED_IN_ERROR, S, ENTERED_IN_ERROR),
    MOVE(OUTCOME_REPORTED, ENTERED_IN_ERROR, R, ACCEPTED),
};
/* clang-format on */

#define MOVES (sizeof(moves) / sizeof(moves[0]))

static const struct {
	const char *name, *label_lv, *label_en;
} states[REFERRAL_STATE_COUNT] = {
#define ROW(state, name, lv, en) [REFERRAL_##state] = {name, lv, en},
    REFERRAL_STATE_LIST(ROW)
#undef ROW
};

static const char *const events[REFERRAL_EVENT_COUNT] = {
#define ROW(event, text) [REFERRAL_EVENT_##event] = text,
    REFERRAL_EVENT_LIST(ROW)
#undef ROW
};

static const struct {
	enum message type;
	enum referral_event event;
} messages[] = {
    {MESSAGE_REFERRAL_OFFER, REFERRAL_EVENT_OFFER},
    {MESSAGE_REFERRAL_REVIEW_OPENED, REFERRAL_EVENT_REVIEW_OPENED},
    {MESSAGE_REFERRAL_RELEASE, REFERRAL_EVENT_RELEASE},
    {MESSAGE_REFERRAL_ACCEPT, REFERRAL_EVENT_ACCEPT},
    {MESSAGE_REFERRAL_DECLINE, REFERRAL_EVENT_DECLINE},
    {MESSAGE_REFERRAL_OUTCOME, REFERRAL_EVENT_OUTCOME},
    {MESSAGE_REFERRAL_CLOSE, REFERRAL_EVENT_CLOSE},
    {MESSAGE_REFERRAL_START, REFERRAL_EVENT_START},
    {MESSAGE_REFERRAL_HOLD, REFERRAL_EVENT_HOLD},
    {MESSAGE_REFERRAL_RESUME, REFERRAL_EVENT_RESUME},
    {MESSAGE_REFERRAL_INFORMATION_REQUEST, REFERRAL_EVENT_INFORMATION_REQUEST},
    {MESSAGE_REFERRAL_INFORMATION, REFERRAL_EVENT_INFORMATION},
    {MESSAGE_REFERRAL_REDIRECT, REFERRAL_EVENT_REDIRECT},
    {MESSAGE_REFERRAL_FOLLOW_UP, REFERRAL_EVENT_FOLLOW_UP},
    {MESSAGE_REFERRAL_CANCEL, REFERRAL_EVENT_CANCEL},
    {MESSAGE_REFERRAL_CANCEL_CONFIRM, REFERRAL_EVENT_CANCEL_CONFIRM},
    {MESSAGE_REFERRAL_ENTERED_IN_ERROR, REFERRAL_EVENT_ENTERED_IN_ERROR},
};

const char *
referral_state_name(enum referral_state state)
{
	return state < REFERRAL_STATE_COUNT ? states[state].name : "none";
}

const char *
referral_state_label(enum referral_state state, const char *language)
{
	if (state >= REFERRAL_STATE_COUNT)
		state = REFERRAL_NONE;
	return strcmp(language, "lv") == 0 ? states[state].label_lv : states[state].label_en;
}

enum referral_state
referral_state_named(struct bytes name)
{
	for (unsigned i = 0; i < REFERRAL_STATE_COUNT; i++)
		if (bytes_is_text(name, states[i].name))
			return (enum referral_state)i;
	return REFERRAL_STATE_COUNT;
}

const char *
referral_event_name(enum referral_event event)
{
	return event < REFERRAL_EVENT_COUNT ? events[event] : "";
}

enum referral_event
referral_event_of(enum message type)
{
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		if (messages[i].type == type)
			return messages[i].event;
	return REFERRAL_EVENT_COUNT;
}

/* ---- The table read ---------------------------------------------------------------------- */

const struct referral_move *
referral_move_at(unsigned i)
{
	return i < MOVES ? &moves[i] : NULL;
}

static bool
holds(const struct referral_move *move, bool content, bool crossed)
{
	switch (move->need) {
	case REFERRAL_ALWAYS:
		return true;
	case REFERRAL_WITH_CONTENT:
		return content;
	case REFERRAL_UNLESS_CROSSED:
		return !crossed;
	case REFERRAL_IF_CROSSED:
		return crossed;
	}
	return false;
}

static bool
is_of(const struct referral_move *move, enum referral_state state, enum referral_event event,
    enum referral_side by)
{
	return move->state == state && move->event == event && (move->by & (unsigned)by) != 0;
}

enum referral_state
referral_next(
    enum referral_state state, enum referral_event event, enum referral_side by, unsigned facts)
{
	for (size_t i = 0; i < MOVES; i++)
		if (is_of(&moves[i], state, event, by) &&
		    holds(&moves[i], (facts & REFERRAL_FACT_CONTENT) != 0,
			(facts & REFERRAL_FACT_CROSSED) != 0))
			return moves[i].next;
	return REFERRAL_NONE;
}

bool
referral_is_open(enum referral_state state)
{
	for (size_t i = 0; i < MOVES; i++)
		if (moves[i].state == state &&
		    moves[i].event != REFERRAL_EVENT_ENTERED_IN_ERROR)
			return true;
	return false;
}

/* ---- The fold ---------------------------------------------------------------------------- */

struct fold {
	struct referral_task task;
	bool reviewed;
	uint64_t last[REFERRAL_EVENT_COUNT]; /* index of the last of each that had effect */
	/* The sender's cancel, and the state below it while it stands. */
	const struct referral_step *cancel;
	bool cancel_stands, cancel_void;
	enum referral_state below;
};

static enum referral_state
next_of(const struct fold *fold, enum referral_state state, const struct referral_step *step)
{
	for (size_t i = 0; i < MOVES; i++)
		if (is_of(&moves[i], state, step->event, step->by) &&
		    holds(&moves[i], fold->task.content_seen,
			step->applied < fold->last[moves[i].over]))
			return moves[i].next;
	return REFERRAL_NONE;
}

/* Whether the content, once review was opened, is of use in STATE. */
static bool
wants_content(enum referral_state state)
{
	return state == REFERRAL_UNDER_REVIEW || state == REFERRAL_INFO_REQUESTED ||
	       state == REFERRAL_ACCEPTED || state == REFERRAL_IN_PROGRESS ||
	       state == REFERRAL_ON_HOLD;
}

static void
enter(struct fold *fold, const struct referral_step *step, enum referral_state next)
{
	fold->task.state = next;
	fold->last[step->event] = step->index;
	fold->cancel_stands = false;
	if (step->event == REFERRAL_EVENT_QUEUED || step->event == REFERRAL_EVENT_OFFER)
		fold->task.content_seen = step->with_content;
	else if (step->event == REFERRAL_EVENT_RELEASE)
		fold->task.content_seen = true;
	else if (step->event == REFERRAL_EVENT_REVIEW_OPENED)
		fold->reviewed = true;
}

/* The cancel over the state as it is; false when it does not follow there. */
static bool
cancel_over(struct fold *fold)
{
	enum referral_state below = fold->task.state, next = next_of(fold, below, fold->cancel);

	if (next == REFERRAL_NONE)
		return false;
	enter(fold, fold->cancel, next);
	fold->cancel_stands = true;
	fold->below = below;
	return true;
}

/* The recipient's act that had not seen the cancel, or what became of the offer itself. */
static bool
crossed_cancel(const struct fold *fold, const struct referral_step *step)
{
	if (fold->cancel == NULL)
		return false;
	if (step->event == REFERRAL_EVENT_OFFER_EXPIRED ||
	    step->event == REFERRAL_EVENT_OFFER_UNREADABLE)
		return true;
	return step->by == REFERRAL_RECIPIENT && step->applied < fold->cancel->index;
}

/* It is remembered where it does not follow: what crossed it may lead to where it does. */
static bool
take_cancel(struct fold *fold, const struct referral_step *step)
{
	if (fold->cancel_stands)
		return false;
	fold->cancel = step;
	fold->cancel_void = !cancel_over(fold);
	return !fold->cancel_void;
}

/* Whether STEP had effect. */
static bool
take(struct fold *fold, const struct referral_step *step)
{
	bool crossed = crossed_cancel(fold, step);
	enum referral_state from =
	    crossed && fold->cancel_stands ? fold->below : fold->task.state;
	enum referral_state next = next_of(fold, from, step);

	if (step->event == REFERRAL_EVENT_CANCEL && step->by == REFERRAL_SENDER)
		return take_cancel(fold, step);
	if (next == REFERRAL_NONE)
		return false;
	enter(fold, step, next);
	if (crossed)
		cancel_over(fold);
	return true;
}

void
referral_fold(
    const struct referral_step *steps, size_t count, struct referral_task *out, bool *voids)
{
	struct fold fold = {.task = {.state = REFERRAL_NONE}};
	struct referral_task *task = &fold.task;

	for (size_t i = 0; i < count; i++) {
		bool follows = take(&fold, &steps[i]);

		if (steps[i].index != UINT64_MAX && steps[i].index > task->last_index)
			task->last_index = steps[i].index;
		if (voids != NULL)
			voids[i] = !follows;
		if (!follows)
			task->void_steps++;
		if (!fold.cancel_stands || !fold.cancel_void)
			continue;
		fold.cancel_void = false;
		task->void_steps--;
		if (voids != NULL)
			voids[fold.cancel - steps] = false;
	}
	task->content_due = fold.reviewed && !task->content_seen && wants_content(task->state);
	*out = *task;
}

bool
referral_may(
    const struct referral_task *task, enum referral_event event, enum referral_side side)
{
	/* The content goes once, when it is due; a second release would repeat it. */
	if (event == REFERRAL_EVENT_RELEASE && !task->content_due)
		return false;
	return referral_next(task->state, event, side,
		   task->content_seen ? REFERRAL_FACT_CONTENT : 0) != REFERRAL_NONE;
}
