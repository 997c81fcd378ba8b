/* services/runtime/acts/acts_disclosure_fate.c: how far a message of ours came, in a family's statement. */
#include <string.h>

#include "services/runtime/acts/acts_disclosure_inside.h"

struct fate {
	const char *state;
	enum status why;
	uint64_t delivered_ms, read_ms; /* 0: not */
};

/* What the broker and the recipient said of it, in the log's order. */
static struct fate
fate_of(const struct task_view *view, const struct event_row *own)
{
	struct fate fate = {.state = own->dead                  ? "not_sent"
	                             : own->index == UINT64_MAX ? "waiting"
	                                                        : "under_way"};

	for (size_t i = 0; i < view->history.count; i++) {
		const struct event_row *row = &view->history.rows[i];

		if (memcmp(row->message, own->message, SUITE_ID_LEN) != 0)
			continue;
		/* One recipient's word is none of the others'. */
		if (view->shared && row->what != EVENT_REFUSED &&
		    row->what != EVENT_TAKEN_BACK && strcmp(row->author, view->other.code) != 0)
			continue;
		switch (row->what) {
		case EVENT_DELIVERED:
			fate.delivered_ms = row->time_ms;
			fate.state = fate.read_ms > 0 ? "read" : "delivered";
			break;
		case EVENT_READ:
			fate.read_ms = row->time_ms;
			fate.state = "read";
			break;
		case EVENT_UNREADABLE:
		case EVENT_EXPIRED:
		case EVENT_UNDELIVERABLE:
			fate.state = "not_delivered";
			fate.why = row->status;
			break;
		case EVENT_REFUSED:
		case EVENT_TAKEN_BACK:
			fate.state = "not_sent";
			fate.why = row->status;
			break;
		case EVENT_MESSAGE:
		case EVENT_WITHHELD:
		case EVENT_WHAT_COUNT:
			break;
		}
	}
	return fate;
}

static json_t *
time_or_null(uint64_t ms)
{
	return ms == 0 ? json_null() : request_time(ms);
}

/* What became of a message of ours. */
enum status
acts_disclosure_set_fate(
    const struct task_view *view, const struct event_row *row, json_t *entry)
{
	struct fate fate = fate_of(view, row);

	if (json_object_set_new(entry, "state", json_string(fate.state)) != 0 ||
	    json_object_set_new(entry, "why",
		json_string(fate.why == STATUS_OK ? "" : status_name(fate.why))) != 0 ||
	    json_object_set_new(entry, "delivered", time_or_null(fate.delivered_ms)) != 0 ||
	    json_object_set_new(entry, "read", time_or_null(fate.read_ms)) != 0)
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}
