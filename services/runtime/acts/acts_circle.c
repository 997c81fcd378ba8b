/* services/runtime/acts/acts_circle.c: cases over institutions as people see them: lists, and one. */
#include "services/runtime/acts/acts_circle.h"

#include <stdio.h>
#include <string.h>

#include "services/runtime/acts/acts_filter.h"
#include "services/runtime/exchange/circles.h"
#include "services/runtime/store/circle_store.h"
#include "services/runtime/task/calendar.h"

#define TASKS_MAX     500 /* of a circle, shown with it */
#define KNOWN_AT_ONCE 128

/* ---- Its item ---------------------------------------------------------------------------- */

/* The frame's item, and how the circle stands: as its last fold left it, for a list folds none. */
static enum status
item_of(struct service *service, const struct actor *actor, const struct circle_row *row,
    const struct task_row *frame, json_t **out)
{
	const char *self = service->config.code;
	uint64_t count;
	bool member;
	json_t *item = NULL;
	enum status rc = circle_store_has_member(service->db, row->n, self, &member);

	if (rc == STATUS_OK)
		rc = circle_store_count_members(service->db, row->n, &count);
	if (rc == STATUS_OK)
		rc = acts_item(service, actor, frame, &item);
	if (rc != STATUS_OK)
		return rc;
	if (json_object_set_new(item, "circle", request_hex(row->id)) != 0 ||
	    json_object_set_new(item, "open", json_boolean(row->open)) != 0 ||
	    json_object_set_new(item, "lead", json_string(row->lead)) != 0 ||
	    json_object_set_new(item, "leads", json_boolean(strcmp(row->lead, self) == 0)) !=
		0 ||
	    json_object_set_new(item, "member", json_boolean(member)) != 0 ||
	    json_object_set_new(item, "member_count", json_integer((json_int_t)count)) != 0) {
		json_decref(item);
		return STATUS_NO_MEMORY;
	}
	*out = item;
	return STATUS_OK;
}

/* ---- Lists ------------------------------------------------------------------------------- */

/* Whether PARAMETER, absent or one of "1" and "0", fits VALUE. */
static bool
fits(const char *parameter, bool value)
{
	return parameter == NULL || (parameter[0] == '1') == value;
}

/* A cursor is of all circles, or of what one person knows. */
static char
list_of(bool all)
{
	return all ? 'o' : 'k';
}

static enum status
read_query(const struct acts_circles_query *query, char list, uint64_t *before,
    struct refusal *refusal)
{
	const struct task_sort *sort =
	    query->sort == NULL ? NULL : task_sort_named(bytes_of_text(query->sort));

	if (query->sort != NULL && (sort == NULL || sort->share != TASK_OF_ALL))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "sort", "sort is case or conference");
	if (query->open != NULL && strcmp(query->open, "0") != 0 &&
	    strcmp(query->open, "1") != 0)
		return request_refuse(refusal, STATUS_ARGUMENT, "open", "open is 0 or 1");
	return acts_filter_cursor(query->after, list, before, refusal);
}

/* LAST: the place of ROW in the list. */
static enum status
take_circle(struct service *service, const struct actor *actor,
    const struct acts_circles_query *query, const struct circle_row *row,
    const struct task_row *frame, uint64_t last, struct acts_page *page)
{
	json_t *item;
	enum status rc;

	if (query->sort != NULL && strcmp(query->sort, row->sort->name) != 0)
		return STATUS_OK;
	rc = acts_knows(service, actor, ACTS_TO_AUDIT, frame->case_n);
	if (rc == STATUS_OK)
		rc = item_of(service, actor, row, frame, &item);
	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	if (!fits(query->open, row->open)) {
		json_decref(item);
		return STATUS_OK;
	}
	if (json_array_size(page->items) == page->limit) {
		json_decref(item);
		page->more = true;
		return STATUS_OK;
	}
	page->last = last;
	return json_array_append_new(page->items, item) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/* Whether one more is not looked at: the next page goes on below BEFORE. */
static bool
is_enough(struct acts_page *page, uint64_t before)
{
	if (page->looked_at++ < ACTS_FILTER_ROWS_MAX)
		return false;
	if (json_array_size(page->items) < page->limit)
		page->last = before;
	page->more = page->partial = true;
	return true;
}

/* Of all circles; one whose frame never came (a gap) is nothing to list yet. */
static enum status
collect_all(struct service *service, const struct actor *actor,
    const struct acts_circles_query *query, uint64_t before, struct acts_page *page)
{
	struct circle_row row = {.n = before};
	struct task_row frame;
	enum status rc;

	while ((rc = circle_store_before(service->db, row.n, &row)) == STATUS_OK) {
		if (is_enough(page, row.n + 1))
			return STATUS_OK;
		rc = case_store_find_task(service->db, row.id, &frame);
		if (rc == STATUS_OK)
			rc = take_circle(service, actor, query, &row, &frame, row.n, page);
		if ((rc != STATUS_OK && rc != STATUS_NOT_FOUND) || page->more)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* The circle whose frame TASK_N is; STATUS_NOT_FOUND: it is none. */
static enum status
find_framed(
    struct service *service, uint64_t task_n, struct circle_row *row, struct task_row *frame)
{
	enum status rc = case_store_task(service->db, task_n, frame);

	if (rc != STATUS_OK || frame->circle_n == 0 || frame->sort->share != TASK_OF_ALL)
		return rc == STATUS_OK ? STATUS_NOT_FOUND : rc;
	rc = circle_store_get(service->db, frame->circle_n, row);
	return rc == STATUS_OK && memcmp(row->id, frame->id, SUITE_ID_LEN) != 0
	           ? STATUS_NOT_FOUND
	           : rc;
}

/* Of what the person knows and sees in the mailbox: how far a page came tells of nothing else. */
static enum status
collect_known(struct service *service, const struct actor *actor,
    const struct acts_circles_query *query, uint64_t before, struct acts_page *page)
{
	struct knowing_filter filter = {.person = actor->person,
	    .now_ms = service->now_ms,
	    .sides = TASK_SENDER | TASK_RECIPIENT | TASK_ONLOOKER,
	    .state = TASK_STATE_COUNT,
	    .before = before};
	uint64_t n[KNOWN_AT_ONCE];
	unsigned count = KNOWN_AT_ONCE;
	enum status rc = knowing_sees_mailbox(service, actor, &filter.mailbox);

	while (rc == STATUS_OK && count == KNOWN_AT_ONCE) {
		rc = knowing_store_tasks(service->db, &filter, KNOWN_AT_ONCE, n, &count);
		for (unsigned i = 0; rc == STATUS_OK && i < count; i++) {
			struct circle_row row;
			struct task_row frame;

			if (is_enough(page, n[i] + 1))
				return STATUS_OK;
			filter.before = n[i];
			rc = find_framed(service, n[i], &row, &frame);
			if (rc == STATUS_OK)
				rc = take_circle(
				    service, actor, query, &row, &frame, n[i], page);
			if (page->more)
				return rc;
			if (rc == STATUS_NOT_FOUND)
				rc = STATUS_OK;
		}
	}
	return rc;
}

static enum status
may_look(const struct actor *actor, struct refusal *refusal)
{
	return actor->role == ROLE_AUDITOR ? STATUS_OK : acts_may_read(actor, refusal);
}

enum status
acts_circles(struct service *service, const struct actor *actor,
    const struct acts_circles_query *query, json_t **answer, struct refusal *refusal)
{
	const bool all = acts_sees_lists(actor);
	struct acts_page page = {.limit = query->limit};
	uint64_t before = 0;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = may_look(actor, refusal)) != STATUS_OK ||
	    (rc = read_query(query, list_of(all), &before, refusal)) != STATUS_OK)
		return rc;
	if ((rc = database_look_begin(service->db)) != STATUS_OK)
		return acts_fail(refusal, rc, "reading the list");
	page.items = json_array();
	rc = all ? collect_all(service, actor, query, before, &page)
	         : collect_known(service, actor, query, before, &page);
	database_look_end(service->db);
	if (rc == STATUS_OK)
		rc = acts_filter_page(&page, list_of(all), answer);
	json_decref(page.items);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the list");
}

/* ---- One --------------------------------------------------------------------------------- */

/* When the step at INDEX was logged. */
static json_t *
time_at(const struct circles *circles, uint64_t index)
{
	for (size_t i = 0; i < circles->count; i++)
		if (circles->acts[i].step.index == index)
			return request_time(circles->acts[i].step.time_ms);
	return json_null();
}

static json_t *
index_json(uint64_t index)
{
	return index == UINT64_MAX ? json_null() : json_integer((json_int_t)index);
}

static json_t *
members_of(struct service *service, const struct circles *circles)
{
	const struct circle *circle = &circles->circle;
	const char *lead = circle_lead(circle, UINT64_MAX);
	json_t *members = json_array();

	for (unsigned i = 0; i < circle->member_count; i++) {
		const struct circle_term *term = &circle->members[i];
		const struct party *party = service_peer(service, term->party.code);

		if (term->until == UINT64_MAX &&
		    json_array_append_new(members,
			json_pack("{s:s, s:s, s:s, s:o, s:o, s:b, s:s}", "party",
			    term->party.code, "name", party == NULL ? "" : party->name, "kind",
			    party == NULL ? "" : party->kind, "since", index_json(term->since),
			    "time", time_at(circles, term->since), "lead",
			    lead != NULL && strcmp(lead, term->party.code) == 0, "followed",
			    term->followed.code)) != 0) {
			json_decref(members);
			return NULL;
		}
	}
	return members;
}

static json_t *
offer_of(const struct circle *circle)
{
	char day[16];
	int year;
	unsigned month, of_month;

	if (circle->offered.code[0] == '\0')
		return json_null();
	calendar_civil(calendar_day_at(circle->offer_due_ms), &year, &month, &of_month);
	snprintf(day, sizeof(day), "%04d-%02u-%02u", year % 10000, month % 100, of_month % 100);
	return json_pack("{s:o, s:s, s:o, s:b}", "task", request_hex(circle->transfer), "party",
	    circle->offered.code, "due",
	    circle->offer_due_ms == 0 ? json_null() : json_string(day), "claimed",
	    circle->claimed);
}

static json_t *
history_of(const struct circles *circles)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t digest[SUITE_HASH_LEN];
	char text[2 * SUITE_HASH_LEN + 1];
	uint64_t count, last = circles_last(circles);

	if (circles_digest(circles, last, &count, digest) != STATUS_OK)
		return NULL;
	for (size_t i = 0; i < SUITE_HASH_LEN; i++) {
		text[2 * i] = digits[digest[i] >> 4];
		text[2 * i + 1] = digits[digest[i] & 15];
	}
	text[2 * SUITE_HASH_LEN] = '\0';
	return json_pack("{s:I, s:I, s:s}", "count", (json_int_t)count, "index",
	    (json_int_t)last, "digest", text);
}

/* What lies in a case that the person may not know (a matter of a sitting) is left out. */
static enum status
tasks_of(struct service *service, const struct actor *actor, const struct task_row *frame,
    json_t *tasks)
{
	struct task_row task = {.n = 0};
	json_t *item;
	enum status rc;

	while ((rc = circle_store_task(service->db, frame->circle_n, task.n, &task)) ==
		   STATUS_OK &&
	       json_array_size(tasks) < TASKS_MAX) {
		if (task.n == frame->n)
			continue;
		rc = acts_knows(service, actor, ACTS_TO_AUDIT, task.case_n);
		if (rc == STATUS_NOT_FOUND)
			continue;
		if (rc == STATUS_OK)
			rc = acts_item(service, actor, &task, &item);
		if (rc == STATUS_OK && json_array_append_new(tasks, item) != 0)
			rc = STATUS_NO_MEMORY;
		if (rc != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
show(struct service *service, const struct actor *actor, const struct task_row *frame,
    json_t **out)
{
	const struct circles *circles;
	struct circle_row row;
	json_t *item = NULL, *tasks = json_array();
	enum status rc = circle_store_get(service->db, frame->circle_n, &row);

	if (rc == STATUS_OK)
		rc = item_of(service, actor, &row, frame, &item);
	if (rc == STATUS_OK)
		rc = tasks_of(service, actor, frame, tasks);
	if (rc == STATUS_OK)
		rc = circles_fold(service, row.n, &circles);
	if (rc == STATUS_OK &&
	    (json_object_set_new(item, "members", members_of(service, circles)) != 0 ||
		json_object_set_new(item, "offer", offer_of(&circles->circle)) != 0 ||
		json_object_set_new(item, "history", history_of(circles)) != 0 ||
		json_object_set(item, "tasks", tasks) != 0))
		rc = STATUS_NO_MEMORY;
	json_decref(tasks);
	if (rc == STATUS_OK)
		*out = item;
	else
		json_decref(item);
	return rc;
}

/* Who it was shown to is recorded, as of everything that is opened. */
enum status
acts_circle(struct service *service, const struct actor *actor, const char *id, json_t **answer,
    struct refusal *refusal)
{
	struct task_row frame;
	json_t *item = NULL;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = may_look(actor, refusal)) != STATUS_OK ||
	    (rc = acts_find_task(service, actor, ACTS_TO_AUDIT, id, &frame, refusal)) !=
		STATUS_OK)
		return rc;
	if (frame.circle_n == 0 || frame.sort->share != TASK_OF_ALL ||
	    task_message(frame.sort, MESSAGE_MATTER_PUT) != NULL)
		return request_refuse(
		    refusal, STATUS_NOT_FOUND, "task", "there is no such task here");
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	rc = show(service, actor, &frame, &item);
	if (rc == STATUS_OK)
		rc = acts_record(
		    service, actor, &frame, service_role_reads(actor->role) ? "read" : "audit");
	return acts_end(service, rc, item, answer, "opening the task", refusal);
}
