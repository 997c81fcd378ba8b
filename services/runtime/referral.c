/* services/runtime/referral.c: the referral task as one table of states and events; pure. */
#include "services/runtime/referral.h"

#include <string.h>

#define SENDER    REFERRAL_SENDER
#define RECIPIENT REFERRAL_RECIPIENT
#define ANYONE    (REFERRAL_SENDER | REFERRAL_RECIPIENT) /* the broker's word, about an offer */

struct move {
	enum referral_state next;
	unsigned by;        /* sides that may */
	bool needs_content; /* only where the recipient has the content */
};

/* What is not listed does not follow: it is shown, and changes nothing. */
static const struct move moves[REFERRAL_STATE_COUNT][REFERRAL_EVENT_COUNT] = {
    [REFERRAL_NONE] =
	{
	    [REFERRAL_EVENT_QUEUED] = {REFERRAL_PENDING, SENDER, false},
	    [REFERRAL_EVENT_OFFER] = {REFERRAL_OFFERED, SENDER, false},
	},
    [REFERRAL_PENDING] =
	{
	    [REFERRAL_EVENT_OFFER] = {REFERRAL_OFFERED, SENDER, false},
	    [REFERRAL_EVENT_OFFER_REFUSED] = {REFERRAL_REFUSED, ANYONE, false},
	},
    [REFERRAL_OFFERED] =
	{
	    [REFERRAL_EVENT_REVIEW_OPENED] = {REFERRAL_UNDER_REVIEW, RECIPIENT, false},
	    [REFERRAL_EVENT_ACCEPT] = {REFERRAL_ACCEPTED, RECIPIENT, true},
	    [REFERRAL_EVENT_DECLINE] = {REFERRAL_DECLINED, RECIPIENT, true},
	    [REFERRAL_EVENT_OFFER_EXPIRED] = {REFERRAL_EXPIRED, ANYONE, false},
	    [REFERRAL_EVENT_OFFER_UNREADABLE] = {REFERRAL_UNREADABLE, ANYONE, false},
	},
    [REFERRAL_UNDER_REVIEW] =
	{
	    [REFERRAL_EVENT_RELEASE] = {REFERRAL_UNDER_REVIEW, SENDER, false},
	    [REFERRAL_EVENT_ACCEPT] = {REFERRAL_ACCEPTED, RECIPIENT, false},
	    [REFERRAL_EVENT_DECLINE] = {REFERRAL_DECLINED, RECIPIENT, false},
	},
    [REFERRAL_ACCEPTED] =
	{
	    /* It crossed the acceptance, which without the content would be worth little. */
	    [REFERRAL_EVENT_RELEASE] = {REFERRAL_ACCEPTED, SENDER, false},
	    [REFERRAL_EVENT_OUTCOME] = {REFERRAL_OUTCOME_REPORTED, RECIPIENT, false},
	},
    [REFERRAL_DECLINED] =
	{
	    [REFERRAL_EVENT_CLOSE] = {REFERRAL_CLOSED, SENDER, false},
	},
    [REFERRAL_OUTCOME_REPORTED] =
	{
	    [REFERRAL_EVENT_CLOSE] = {REFERRAL_CLOSED, SENDER, false},
	},
};

static const struct {
	const char *name, *label_lv, *label_en;
} states[REFERRAL_STATE_COUNT] = {
#define ROW(state, name, lv, en) [REFERRAL_##state] = {name, lv, en},
    REFERRAL_STATE_LIST(ROW)
#undef ROW
};

static const char *const events[REFERRAL_EVENT_COUNT] = {
#define ROW(event) [REFERRAL_EVENT_##event] = #event,
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

enum referral_state
referral_next(enum referral_state state, enum referral_event event, enum referral_side by,
    bool with_content)
{
	const struct move *move;

	if (state >= REFERRAL_STATE_COUNT || event >= REFERRAL_EVENT_COUNT)
		return REFERRAL_NONE;
	move = &moves[state][event];
	if ((move->by & (unsigned)by) == 0 || (move->needs_content && !with_content))
		return REFERRAL_NONE;
	return move->next;
}

/* What one step that follows changes besides the state. */
static void
apply(struct referral_task *task, const struct referral_step *step)
{
	switch (step->event) {
	case REFERRAL_EVENT_QUEUED:
	case REFERRAL_EVENT_OFFER:
		task->content_seen = step->with_content;
		break;
	case REFERRAL_EVENT_REVIEW_OPENED:
		task->content_due = !task->content_seen;
		break;
	case REFERRAL_EVENT_RELEASE:
		task->content_seen = true;
		task->content_due = false;
		break;
	/* Whoever has declined or is done needs no content any more. */
	case REFERRAL_EVENT_DECLINE:
	case REFERRAL_EVENT_OUTCOME:
	case REFERRAL_EVENT_CLOSE:
	case REFERRAL_EVENT_OFFER_EXPIRED:
	case REFERRAL_EVENT_OFFER_UNREADABLE:
	case REFERRAL_EVENT_OFFER_REFUSED:
		task->content_due = false;
		break;
	case REFERRAL_EVENT_ACCEPT:
	case REFERRAL_EVENT_COUNT:
		break;
	}
}

void
referral_fold(
    const struct referral_step *steps, size_t count, struct referral_task *out, bool *voids)
{
	struct referral_task task = {.state = REFERRAL_NONE};
	enum referral_state next;

	for (size_t i = 0; i < count; i++) {
		next =
		    referral_next(task.state, steps[i].event, steps[i].by, task.content_seen);
		if (steps[i].index != UINT64_MAX && steps[i].index > task.last_index)
			task.last_index = steps[i].index;
		if (voids != NULL)
			voids[i] = next == REFERRAL_NONE;
		if (next == REFERRAL_NONE) {
			task.void_steps++;
			continue;
		}
		task.state = next;
		apply(&task, &steps[i]);
	}
	*out = task;
}

bool
referral_may(
    const struct referral_task *task, enum referral_event event, enum referral_side side)
{
	/* The content goes once, when it is due; a second release would repeat it. */
	if (event == REFERRAL_EVENT_RELEASE && !task->content_due)
		return false;
	return referral_next(task->state, event, side, task->content_seen) != REFERRAL_NONE;
}
