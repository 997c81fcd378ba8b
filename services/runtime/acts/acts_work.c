/* services/runtime/acts/acts_work.c: what waits for a person now, the first due first. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "services/runtime/acts/acts_casebook.h"
#include "services/runtime/acts/acts_filter.h"
#include "services/runtime/exchange/alarms.h"
#include "services/runtime/exchange/climbs_told.h"
#include "services/runtime/exchange/deadlines.h"
#include "services/runtime/exchange/preview.h"
#include "services/runtime/exchange/work.h"

#define AT_ONCE       128
#define CURSOR_DIGITS 32
#define ABOUT_SHIFT   60 /* above the number of any row */

/* ---- The cursor -------------------------------------------------------------------------- */

/*
 * The place of the last thing on a page, so that what comes and goes meanwhile moves nothing else:
 * when it is due, then what it is of and its number.
 */
static enum status
read_cursor(const char *after, struct work_place *out, struct refusal *refusal)
{
	uint8_t bytes[CURSOR_DIGITS / 2];
	uint64_t due = 0, row = 0;

	*out = (struct work_place){0};
	if (after == NULL)
		return STATUS_OK;
	if (after[0] != 'w' || !bytes_from_hex(bytes_of_text(after + 1), bytes, sizeof(bytes)))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "after", "after is a cursor that a page gave");
	for (size_t i = 0; i < sizeof(bytes) / 2; i++) {
		due = due << 8 | bytes[i];
		row = row << 8 | bytes[sizeof(bytes) / 2 + i];
	}
	if (due > WORK_NO_DUE || row >> ABOUT_SHIFT > WORK_GLASS)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "after", "after is a cursor that a page gave");
	*out = (struct work_place){
	    .due_ms = due, .about = row >> ABOUT_SHIFT, .n = row & ((1ULL << ABOUT_SHIFT) - 1)};
	return STATUS_OK;
}

static json_t *
cursor_of(const struct work_place *place)
{
	char text[CURSOR_DIGITS + 2];

	snprintf(text, sizeof(text), "w%016" PRIx64 "%016" PRIx64, place->due_ms,
	    place->about << ABOUT_SHIFT | place->n);
	return json_string(text);
}

/* ---- One thing --------------------------------------------------------------------------- */

struct asking {
	struct service *service;
	const struct actor *actor;
	struct work_filter filter;
};

/* What every thing has; the rest is null until it is filled in. */
static json_t *
common(const struct asking *ask, const struct work_row *row, bool own_clock)
{
	bool due = row->due_ms != WORK_NO_DUE;

	return json_pack(
	    "{s:s, s:o, s:b, s:s, s:s, s:b, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n,"
	    " s:b, s:[]}",
	    "what", row->what, "due", due ? request_time(row->due_ms) : json_null(), "overdue",
	    due && row->due_ms <= service_time_ms(ask->service), "stage",
	    row->due_ms == WORK_NO_DUE ? "none" : deadline_stage_name(row->stage), "clock",
	    row->ours ? "ours" : "theirs", "own_clock", own_clock, "task", "record", "glass",
	    "file_number", "sort", "box", "peer", "state", "urgency", "unread", 0, "actions");
}

static enum status
task_item(const struct asking *ask, const struct work_row *row, const struct knowing *knowing,
    json_t *item)
{
	struct preview preview = {.erased = false};
	struct task_row task;
	const json_t *urgency;
	json_t *more = NULL;
	enum status rc = case_store_task(ask->service->db, row->n, &task);

	if (rc == STATUS_OK)
		rc = preview_read(ask->service, &task, true, &preview);
	if (rc == STATUS_OK) {
		urgency = json_object_get(preview.fields, "urgency");
		more = json_pack("{s:o, s:o, s:s, s:s, s:s, s:s, s:b, s:o}", "task",
		    request_hex(task.id), "case", request_hex(preview.case_id), "sort",
		    task.sort->name, "box", task.side == TASK_SENDER ? "out" : "in", "peer",
		    task.peer, "state", task_state_name(task.state), "unread", task.unread,
		    "actions",
		    knowing->act ? acts_actions(ask->service, ask->actor, &task)
				 : json_array());
		if (more == NULL || json_object_update(item, more) != 0 ||
		    (json_is_string(urgency) &&
			json_object_set(item, "urgency", (json_t *)urgency) != 0) ||
		    (preview.file_number[0] != '\0' &&
			json_object_set_new(
			    item, "file_number", json_string(preview.file_number)) != 0))
			rc = STATUS_NO_MEMORY;
	}
	json_decref(more);
	preview_free(&preview);
	return rc;
}

static enum status
add_case(const struct asking *ask, uint64_t case_n, bool with_number, json_t *item)
{
	char number[ACTS_FILE_NUMBER_MAX + 1] = "";
	struct case_row file;
	struct case_key key;
	enum status rc = case_store_get(ask->service->db, case_n, &file);

	if (rc == STATUS_OK && with_number) {
		rc = case_file_key(ask->service, case_n, &key);
		if (rc == STATUS_OK)
			rc = case_file_number(
			    ask->service, case_n, &key, number, sizeof(number));
		vault_forget(&key);
	}
	if (rc == STATUS_OK &&
	    (json_object_set_new(item, "case", request_hex(file.id)) != 0 ||
		(number[0] != '\0' &&
		    json_object_set_new(item, "file_number", json_string(number)) != 0)))
		rc = STATUS_NO_MEMORY;
	return rc;
}

static enum status
record_item(const struct asking *ask, const struct work_row *row, json_t *item)
{
	struct ground_row ground;
	enum status rc = ground_store_get(ask->service->db, row->n, &ground);

	if (rc == STATUS_OK)
		rc = add_case(ask, row->case_n, true, item);
	if (rc == STATUS_OK &&
	    (json_object_set_new(item, "record", request_hex(ground.id)) != 0 ||
		json_object_set_new(
		    item, "state", json_string(consent_state_name(ground.state))) != 0))
		rc = STATUS_NO_MEMORY;
	return rc;
}

static enum status
glass_item(const struct asking *ask, const struct work_row *row, json_t *item)
{
	enum status rc = add_case(ask, row->case_n, false, item);

	if (rc == STATUS_OK &&
	    json_object_set_new(item, "glass", json_integer((json_int_t)row->n)) != 0)
		rc = STATUS_NO_MEMORY;
	return rc;
}

/*
 * The indexes lead to nothing that the person may not know; it is asked again all the same. Who
 * broke the glass is not who sees to it.
 */
static enum status
may_see(const struct asking *ask, const struct work_row *row, struct knowing *knowing)
{
	struct alarm_row alarm = {0};
	struct grant_row grant;
	enum status rc;

	if (row->about == WORK_GLASS) {
		rc = knowing_store_get(ask->service->db, row->n, &grant);
		if (rc != STATUS_OK)
			return rc;
		return knowing_leads(ask->actor->role) && !ask->actor->system &&
		               grant.person != ask->actor->person
		           ? STATUS_OK
		           : STATUS_NOT_FOUND;
	}
	if ((rc = knowing_of(ask->service, ask->actor, row->case_n, knowing)) != STATUS_OK)
		return rc;
	memcpy(alarm.reaches, row->reaches, sizeof(alarm.reaches));
	return knowing->open && (row->reaches[0] == '\0' ||
				    alarms_reach(&alarm, ask->actor->role, ask->filter.mailbox))
	           ? STATUS_OK
	           : STATUS_NOT_FOUND;
}

static enum status
make_item(const struct asking *ask, const struct work_row *row, const struct knowing *knowing,
    json_t **out)
{
	bool own_clock = false;
	json_t *item;
	enum status rc = STATUS_OK;

	if (row->about == WORK_TASK && row->due_ms != WORK_NO_DUE)
		rc = deadlines_own_clock(
		    ask->service, row->n, row->what, row->due_ms, row->stage, &own_clock);
	if (rc != STATUS_OK)
		return rc;
	item = common(ask, row, own_clock);
	rc = item == NULL ? STATUS_NO_MEMORY : STATUS_OK;

	if (rc == STATUS_OK && row->about == WORK_TASK)
		rc = task_item(ask, row, knowing, item);
	else if (rc == STATUS_OK)
		rc = row->about == WORK_RECORD ? record_item(ask, row, item)
		                               : glass_item(ask, row, item);
	if (rc == STATUS_OK)
		*out = item;
	else
		json_decref(item);
	return rc;
}

/* ---- The list ---------------------------------------------------------------------------- */

/* Where a page stands: its items, and the place that the next one begins behind. */
struct work_page {
	json_t *items;
	unsigned limit, looked_at;
	struct work_place last;
	bool more, partial;
};

/* What several told us of is one thing. */
static enum status
is_shown(const struct asking *ask, const struct work_row *row, bool *out)
{
	struct task_row task;
	enum status rc;

	*out = true;
	if (row->about != WORK_TASK)
		return STATUS_OK;
	rc = case_store_task(ask->service->db, row->n, &task);
	return rc == STATUS_OK ? climbs_told_is_shown(ask->service, &task, out) : rc;
}

static enum status
take(const struct asking *ask, const struct work_row *row, struct work_page *page)
{
	struct knowing knowing = {.open = false};
	bool shown = true;
	json_t *item;
	enum status rc = may_see(ask, row, &knowing);

	if (rc == STATUS_OK)
		rc = is_shown(ask, row, &shown);
	if (rc != STATUS_OK || !shown)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	if (json_array_size(page->items) == page->limit) {
		page->more = true;
		return STATUS_OK;
	}
	if ((rc = make_item(ask, row, &knowing, &item)) != STATUS_OK)
		return rc;
	page->last = (struct work_place){row->due_ms, row->about, row->n};
	return json_array_append_new(page->items, item) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status
collect(struct asking *ask, struct work_page *page)
{
	struct work_row rows[AT_ONCE];
	unsigned count = AT_ONCE;
	enum status rc = STATUS_OK;

	while (rc == STATUS_OK && count == AT_ONCE) {
		rc = work_store_page(ask->service->db, &ask->filter, AT_ONCE, rows, &count);
		for (unsigned i = 0; rc == STATUS_OK && i < count; i++) {
			if (page->looked_at++ == ACTS_FILTER_ROWS_MAX) {
				if (json_array_size(page->items) < page->limit)
					page->last = ask->filter.after;
				page->more = page->partial = true;
				return STATUS_OK;
			}
			rc = take(ask, &rows[i], page);
			if (page->more)
				return rc;
			ask->filter.after =
			    (struct work_place){rows[i].due_ms, rows[i].about, rows[i].n};
		}
	}
	return rc;
}

static enum status
list_work(struct asking *ask, struct work_page *page)
{
	enum status rc = database_look_begin(ask->service->db);

	if (rc != STATUS_OK)
		return rc;
	rc = knowing_sees_mailbox(ask->service, ask->actor, &ask->filter.mailbox);
	if (rc == STATUS_OK)
		rc = collect(ask, page);
	database_look_end(ask->service->db);
	return rc;
}

enum status
acts_work(struct service *service, const struct actor *actor, unsigned limit, const char *after,
    json_t **answer, struct refusal *refusal)
{
	struct work_page page = {.limit = limit};
	struct asking ask = {.service = service,
	    .actor = actor,
	    .filter = {.person = actor->person,
		.supervisor = actor->role == ROLE_SUPERVISOR,
		.head = actor->role == ROLE_HEAD}};
	enum status rc;

	*answer = NULL;
	service_tick(service);
	ask.filter.now_ms = service->now_ms;
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = read_cursor(after, &ask.filter.after, refusal)) != STATUS_OK)
		return rc;
	page.items = json_array();
	rc = list_work(&ask, &page);
	if (rc == STATUS_OK) {
		*answer = json_pack("{s:O, s:o, s:b}", "items", page.items, "next",
		    page.more ? cursor_of(&page.last) : json_null(), "partial", page.partial);
		rc = *answer == NULL ? STATUS_NO_MEMORY : STATUS_OK;
	}
	json_decref(page.items);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading what waits for you");
}
