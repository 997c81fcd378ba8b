/* services/runtime/acts/acts_filter.c: reads what narrows a list, and where a page goes on. */
#include "services/runtime/acts/acts_filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/host/clock.h"
#include "protocol/lists/lists.h"

#define CURSOR_DIGITS 16

/* A letter for the list and the row's number in hexadecimal: opaque to whoever gets it. */
enum status
acts_filter_cursor(const char *after, char list, uint64_t *before, struct refusal *refusal)
{
	uint8_t bytes[CURSOR_DIGITS / 2];
	uint64_t row = 0;

	*before = 0;
	if (after == NULL)
		return STATUS_OK;
	if (after[0] == list &&
	    bytes_from_hex(bytes_of_text(after + 1), bytes, sizeof(bytes))) {
		for (size_t i = 0; i < sizeof(bytes); i++)
			row = row << 8 | bytes[i];
	}
	if (row == 0 || row > INT64_MAX)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "after", "after is a cursor that a page gave");
	*before = row;
	return STATUS_OK;
}

static enum status
read_box(const char *box, struct acts_filter *out, struct refusal *refusal)
{
	out->rows.sides = TASK_SENDER | TASK_RECIPIENT;
	if (box == NULL || strcmp(box, "all") == 0)
		return STATUS_OK;
	if (strcmp(box, "in") == 0)
		out->rows.sides = TASK_RECIPIENT;
	else if (strcmp(box, "out") == 0)
		out->rows.sides = TASK_SENDER;
	else if (strcmp(box, "mailbox") == 0)
		out->mailbox = true;
	else
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "box", "box is in, out, mailbox or all");
	return STATUS_OK;
}

static enum status
read_codes(const struct acts_query *query, struct acts_filter *out, struct refusal *refusal)
{
	struct bytes peer = bytes_of_text(query->peer != NULL ? query->peer : "");

	out->rows.state = TASK_STATE_COUNT;
	if (query->state != NULL && (out->rows.state = task_state_named(
					 bytes_of_text(query->state))) == TASK_STATE_COUNT)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "state", "there is no such state");
	if (query->sort != NULL &&
	    (out->sort = task_sort_named(bytes_of_text(query->sort))) == NULL)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "sort", "there is no such sort of task");
	if (query->urgency != NULL && !list_has("urgencies", bytes_of_text(query->urgency)))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "urgency", "there is no such urgency");
	out->urgency = query->urgency;
	/* Whether there is such an institution is not asked: it may have left. */
	if (query->peer != NULL &&
	    (peer.len == 0 || !bytes_to_text(peer, out->rows.peer, sizeof(out->rows.peer))))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "peer", "peer is an institution's code");
	if (query->unread != NULL && strcmp(query->unread, "1") != 0)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "unread", "unread is 1, or is left out");
	out->rows.unread = query->unread != NULL;
	return STATUS_OK;
}

static enum status
read_time(const char *name, const char *text, uint64_t *ms, struct refusal *refusal)
{
	if (text == NULL || clock_parse(text, ms))
		return STATUS_OK;
	return request_refuse(
	    refusal, STATUS_ARGUMENT, name, "%s is a time, such as 2026-11-22T08:00:00Z", name);
}

enum status
acts_filter_read(
    const struct acts_query *query, char list, struct acts_filter *out, struct refusal *refusal)
{
	enum status rc;

	*out = (struct acts_filter){.until_ms = UINT64_MAX};
	if ((rc = read_box(query->box, out, refusal)) != STATUS_OK ||
	    (rc = read_codes(query, out, refusal)) != STATUS_OK ||
	    (rc = read_time("since", query->since, &out->since_ms, refusal)) != STATUS_OK ||
	    (rc = read_time("until", query->until, &out->until_ms, refusal)) != STATUS_OK)
		return rc;
	return acts_filter_cursor(query->after, list, &out->rows.before, refusal);
}

bool
acts_filter_fits(const struct acts_filter *filter, const struct task_row *task)
{
	const struct task_filter *rows = &filter->rows;

	return ((unsigned)task->side & rows->sides) != 0 &&
	       (rows->state == TASK_STATE_COUNT || rows->state == task->state) &&
	       (filter->sort == NULL ? !task->sort->quiet : filter->sort == task->sort) &&
	       (rows->peer[0] == '\0' || strcmp(rows->peer, task->peer) == 0) &&
	       (!rows->unread || task->unread) && task->time_ms >= filter->since_ms &&
	       task->time_ms < filter->until_ms;
}

bool
acts_filter_fits_item(const struct acts_filter *filter, const json_t *item)
{
	const char *urgency = json_string_value(json_object_get(item, "urgency"));

	return filter->urgency == NULL ||
	       (urgency != NULL && strcmp(urgency, filter->urgency) == 0);
}

enum status
acts_filter_page(struct acts_page *page, char list, json_t **answer)
{
	char cursor[CURSOR_DIGITS + 2];
	json_t *next;

	snprintf(cursor, sizeof(cursor), "%c%016" PRIx64, list, page->last);
	next = page->more ? json_string(cursor) : json_null();
	*answer = json_pack(
	    "{s:o, s:o, s:b}", "items", page->items, "next", next, "partial", page->partial);
	page->items = NULL;
	return *answer == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}
