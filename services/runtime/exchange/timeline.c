/* services/runtime/exchange/timeline.c: from a task's history to where it stands; pure. */
#include "services/runtime/exchange/timeline.h"

#include <string.h>

static bool
is_negative(enum event_what what)
{
	return what == EVENT_EXPIRED || what == EVENT_UNREADABLE || what == EVENT_UNDELIVERABLE;
}

/* Whether evidence says that ROW's message was never applied by its recipient. */
static bool
was_never_applied(const struct event_row *rows, size_t count, const struct event_row *row)
{
	for (size_t i = 0; i < count; i++)
		if (is_negative(rows[i].what) && rows[i].own == row->own &&
		    memcmp(rows[i].message, row->message, SUITE_ID_LEN) == 0)
			return true;
	return false;
}

/* The step that a message is; REFERRAL_EVENT_COUNT: none. */
static enum referral_event
event_of_message(const struct event_row *rows, size_t count, const struct event_row *row)
{
	/* An offer's fate is a step of its own, which shows on the sender's screen. */
	if (row->type == MESSAGE_REFERRAL_OFFER)
		return row->own && row->index == UINT64_MAX ? REFERRAL_EVENT_QUEUED
		                                            : REFERRAL_EVENT_OFFER;
	if (row->dead || was_never_applied(rows, count, row))
		return REFERRAL_EVENT_COUNT;
	return referral_event_of(row->type);
}

/* The step that evidence about an offer is; of other messages it is only shown. */
static enum referral_event
event_of_evidence(const struct event_row *row)
{
	if (row->type != MESSAGE_REFERRAL_OFFER)
		return REFERRAL_EVENT_COUNT;
	switch (row->what) {
	case EVENT_EXPIRED:
		return REFERRAL_EVENT_OFFER_EXPIRED;
	case EVENT_UNREADABLE:
	case EVENT_UNDELIVERABLE:
		return REFERRAL_EVENT_OFFER_UNREADABLE;
	case EVENT_REFUSED:
		return REFERRAL_EVENT_OFFER_REFUSED;
	case EVENT_MESSAGE:
	case EVENT_DELIVERED:
	case EVENT_READ:
	case EVENT_WITHHELD:
	case EVENT_WHAT_COUNT:
		break;
	}
	return REFERRAL_EVENT_COUNT;
}

static enum referral_side
other(enum referral_side side)
{
	return side == REFERRAL_SENDER ? REFERRAL_RECIPIENT : REFERRAL_SENDER;
}

void
timeline_fold(const struct event_row *rows, size_t count, enum referral_side side,
    struct referral_task *out, bool *voids)
{
	struct referral_step steps[EVENT_TASK_MAX] = {{0}};
	size_t from[EVENT_TASK_MAX], at = 0;
	bool step_voids[EVENT_TASK_MAX];

	if (count > EVENT_TASK_MAX)
		count = EVENT_TASK_MAX;
	for (size_t i = 0; i < count; i++) {
		bool message = rows[i].what == EVENT_MESSAGE;
		enum referral_event event = message ? event_of_message(rows, count, &rows[i])
		                                    : event_of_evidence(&rows[i]);

		if (voids != NULL)
			voids[i] = message && event == REFERRAL_EVENT_COUNT;
		if (event == REFERRAL_EVENT_COUNT)
			continue;
		from[at] = i;
		steps[at++] = (struct referral_step){
		    .index = rows[i].index,
		    .event = event,
		    .by = rows[i].own ? side : other(side),
		    .applied = rows[i].applied,
		    .with_content = rows[i].with_content,
		};
	}
	referral_fold(steps, at, out, step_voids);
	for (size_t i = 0; voids != NULL && i < at; i++)
		voids[from[i]] = step_voids[i];
}

const struct event_row *
timeline_last(
    const struct event_row *rows, const bool *voids, size_t count, enum message type, bool own)
{
	for (size_t i = count; i > 0; i--)
		if (rows[i - 1].what == EVENT_MESSAGE && rows[i - 1].type == type &&
		    rows[i - 1].own == own && !voids[i - 1])
			return &rows[i - 1];
	return NULL;
}

uint64_t
timeline_heard(const struct event_row *rows, size_t count)
{
	uint64_t heard = 0;

	for (size_t i = 0; i < count; i++)
		if (rows[i].what == EVENT_MESSAGE && !rows[i].own &&
		    rows[i].index != UINT64_MAX && rows[i].index > heard)
			heard = rows[i].index;
	return heard;
}
