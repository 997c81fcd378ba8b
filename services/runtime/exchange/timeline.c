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

/* The step that a message is; TASK_EVENT_COUNT: none. */
static enum task_event
event_of_message(const struct task_sort *sort, const struct event_row *rows, size_t count,
    const struct event_row *row)
{
	if (!row->own && row->status == STATUS_NOT_PERMITTED)
		return task_opens(row->type) ? TASK_EVENT_NOT_PERMITTED : TASK_EVENT_COUNT;
	/* What became of the opening message is a step of its own, on the sender's screen. */
	if (task_opens(row->type))
		return row->own && row->index == UINT64_MAX ? TASK_EVENT_QUEUED
		                                            : task_event_of(sort, row->type);
	if (row->dead || (sort->share == TASK_OF_TWO && was_never_applied(rows, count, row)))
		return TASK_EVENT_COUNT;
	return task_event_of(sort, row->type);
}

/* The step that evidence about the opening message is; of others it is only shown. */
static enum task_event
event_of_evidence(const struct task_sort *sort, const struct event_row *row)
{
	if (!task_opens(row->type))
		return TASK_EVENT_COUNT;
	/* One recipient's word is none of the circle's. */
	if (sort->share != TASK_OF_TWO && row->what != EVENT_REFUSED &&
	    row->what != EVENT_TAKEN_BACK)
		return TASK_EVENT_COUNT;
	switch (row->what) {
	case EVENT_EXPIRED:
		return TASK_EVENT_OFFER_EXPIRED;
	case EVENT_UNREADABLE:
	case EVENT_UNDELIVERABLE:
		return TASK_EVENT_OFFER_UNREADABLE;
	case EVENT_REFUSED:
		return TASK_EVENT_OFFER_REFUSED;
	case EVENT_TAKEN_BACK:
		return TASK_EVENT_OFFER_TAKEN_BACK;
	case EVENT_DELIVERED:
		return TASK_EVENT_OFFER_DELIVERED;
	case EVENT_MESSAGE:
	case EVENT_READ:
	case EVENT_WITHHELD:
	case EVENT_WHAT_COUNT:
		break;
	}
	return TASK_EVENT_COUNT;
}

static enum task_side
other(enum task_side side)
{
	return side == TASK_SENDER ? TASK_RECIPIENT : TASK_SENDER;
}

/* Steps as they are read from rows, and which row each is. */
#define READING_MAX (2 * EVENT_TASK_MAX) /* and a stop */
struct reading {
	struct task_step steps[READING_MAX + 1];
	size_t from[READING_MAX + 1];
	size_t count;
	size_t before_stop; /* so many rows stand before it */
};

#define NO_ROW SIZE_MAX

static void
add_step(struct reading *reading, size_t from, struct task_step step)
{
	reading->from[reading->count] = from;
	reading->steps[reading->count++] = step;
}

/* Whose step it is; 0: of nobody who may take one. The broker's word is the opening's author's. */
static enum task_side
by_whom(const struct task_sort *sort, const struct event_row *row, enum task_side side)
{
	if (sort->share == TASK_OF_TWO)
		return row->own ? side : other(side);
	if (row->what != EVENT_MESSAGE)
		return TASK_SENDER;
	return row->outside ? (enum task_side)0 : row->by;
}

/* What a row of ours or of the peer's says; false: nothing that moves the task. */
static bool
add_row(struct reading *reading, const struct event_row *rows, size_t count, size_t i,
    const struct task_sort *sort, enum task_side side)
{
	const struct event_row *row = &rows[i];
	struct task_step step = {
	    .index = row->index,
	    .event = row->what == EVENT_MESSAGE ? event_of_message(sort, rows, count, row)
	                                        : event_of_evidence(sort, row),
	    .by = by_whom(sort, row, side),
	    .applied = row->applied,
	    .with_content = row->with_content,
	};

	/* Only some sorts tell apart that the recipient's service has it. */
	if (step.event == TASK_EVENT_COUNT || (int)step.by == 0 ||
	    reading->count + 2 > READING_MAX ||
	    (step.event == TASK_EVENT_OFFER_DELIVERED && !task_knows(sort, step.event)))
		return false;
	add_step(reading, i, step);
	/* Here it is delivered by being here; its sender learns that from our evidence. */
	if (row->what == EVENT_MESSAGE && !row->own && step.event == sort->opening &&
	    task_knows(sort, TASK_EVENT_OFFER_DELIVERED)) {
		step.event = TASK_EVENT_OFFER_DELIVERED;
		add_step(reading, i, step);
	}
	return true;
}

/* The end that no row is, of SORT; TASK_EVENT_COUNT: it has none. */
static enum task_event
end_of(const struct task_sort *sort)
{
	if (task_knows(sort, TASK_EVENT_GROUND_STOPPED))
		return TASK_EVENT_GROUND_STOPPED;
	return task_knows(sort, TASK_EVENT_LAPSE) ? TASK_EVENT_LAPSE : TASK_EVENT_COUNT;
}

/* The maker of the reference is who opened the task; whoever leads lets an offer lapse. */
static void
add_stop(struct reading *reading, const struct task_sort *sort, uint64_t index)
{
	add_step(reading, NO_ROW,
	    (struct task_step){.index = index, .event = end_of(sort), .by = TASK_SENDER});
}

/* COUNT rows into READING, of which only what is read is set: it is large. */
static void
read_rows(struct reading *reading, const struct event_row *rows, size_t count,
    const struct task_sort *sort, enum task_side side, uint64_t stop, bool *voids)
{
	bool stopped = stop != TIMELINE_UNSTOPPED && end_of(sort) != TASK_EVENT_COUNT;

	reading->count = 0;
	reading->before_stop = count;
	for (size_t i = 0; i < count; i++) {
		bool says;

		if (stopped && stop != TIMELINE_STOPPING && rows[i].index > stop) {
			reading->before_stop = i;
			add_stop(reading, sort, stop);
			stopped = false;
		}
		says = add_row(reading, rows, count, i, sort, side);

		if (voids != NULL)
			voids[i] = rows[i].what == EVENT_MESSAGE && !says;
	}
	/* Ours is in force before the log has it. */
	if (stopped)
		add_stop(reading, sort, stop == TIMELINE_STOPPING ? UINT64_MAX : stop);
}

static size_t
read_at_most(size_t count, const struct task_sort *sort)
{
	return count > EVENT_TASK_MAX && sort->share == TASK_OF_TWO ? EVENT_TASK_MAX : count;
}

void
timeline_trace(const struct event_row *rows, size_t count, const struct task_sort *sort,
    enum task_side side, uint64_t stop, enum task_state *states)
{
	enum task_state after[READING_MAX + 1], state = TASK_NONE;
	struct task_stand stand;
	struct reading reading;
	size_t k = 0;

	read_rows(&reading, rows, read_at_most(count, sort), sort, side, stop, NULL);
	task_trace(sort, reading.steps, reading.count, &stand, NULL, after);
	for (size_t i = 0; i < count; i++) {
		for (; k < reading.count; k++) {
			const size_t from = reading.from[k];

			if (from == NO_ROW ? reading.before_stop > i + 1 : from > i)
				break;
			state = after[k];
		}
		states[i] = state;
	}
}

void
timeline_fold(const struct event_row *rows, size_t count, const struct task_sort *sort,
    enum task_side side, uint64_t stop, struct task_stand *out, bool *voids)
{
	struct reading reading;
	bool step_voids[READING_MAX + 1];

	count = read_at_most(count, sort);
	read_rows(&reading, rows, count, sort, side, stop, voids);
	task_fold(sort, reading.steps, reading.count, out, step_voids);
	/* Backwards: a row is void when its first step is. */
	for (size_t i = reading.count; voids != NULL && i > 0; i--)
		if (reading.from[i - 1] != NO_ROW)
			voids[reading.from[i - 1]] = step_voids[i - 1];
	/* That it was not permitted decides where the task stands; what it says has no effect. */
	for (size_t i = 0; voids != NULL && i < count; i++)
		voids[i] |= rows[i].what == EVENT_MESSAGE && !rows[i].own &&
		            rows[i].status == STATUS_NOT_PERMITTED;
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
