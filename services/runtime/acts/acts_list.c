/* services/runtime/acts/acts_list.c: lists of tasks and cases, newest first. */
#include "services/runtime/acts/acts_due.h"
#include "services/runtime/acts/acts_filter.h"
#include "services/runtime/exchange/climbs_told.h"
#include "services/runtime/exchange/preview.h"
#include "services/runtime/task/disagreement.h"

#include <string.h>

json_t *
acts_actions(
    const struct service *service, const struct actor *actor, const struct task_row *task)
{
	const struct task_stand folded = {.state = task->state,
	    .content_due = task->content_due,
	    .content_seen = task->content_seen};
	const struct acts_verb *verb;
	json_t *actions = json_array();

	for (unsigned i = 0; (verb = acts_verb_at(i)) != NULL; i++)
		if (acts_role_may(service, actor->role, verb->type) &&
		    (task->sort != &disagreement_sort ||
			disagreement_may(task->state, actor->role)) &&
		    acts_verb_follows(verb, task, &folded) &&
		    json_array_append_new(actions, json_string(verb->name)) != 0) {
			json_decref(actions);
			return NULL;
		}
	return actions;
}

/* Of what climbed to us: who told us of it. */
static enum status
add_told_by(struct service *service, const struct task_row *task, json_t *item)
{
	struct climbs_told told;
	json_t *by;
	enum status rc = climbs_told_of(service, task, &told);

	if (rc != STATUS_OK || told.count == 0)
		return rc;
	if ((by = json_array()) == NULL)
		return STATUS_NO_MEMORY;
	for (unsigned i = 0; rc == STATUS_OK && i < told.count; i++) {
		bool known = false;

		for (unsigned j = 0; j < i; j++)
			known |= strcmp(told.tasks[j].peer, told.tasks[i].peer) == 0;
		if (!known && json_array_append_new(by, json_string(told.tasks[i].peer)) != 0)
			rc = STATUS_NO_MEMORY;
	}
	if (rc == STATUS_OK && json_object_set(item, "told_by", by) != 0)
		rc = STATUS_NO_MEMORY;
	json_decref(by);
	return rc;
}

/* KNOWING and HOLDERS are of the case. */
static enum status
item_of(struct service *service, const struct actor *actor, const struct task_row *task,
    const struct knowing *knowing, json_t *holders, json_t **out)
{
	struct preview preview = {.erased = false};
	json_t *item = NULL;
	enum status rc;

	if ((rc = preview_read(service, task, knowing->open, &preview)) != STATUS_OK)
		goto out;
	item = json_pack("{s:o, s:o, s:s, s:s, s:s, s:s, s:o, s:b, s:b, s:O, s:o}", "task",
	    request_hex(task->id), "case", request_hex(preview.case_id), "sort",
	    task->sort->name, "box", task->side == TASK_SENDER ? "out" : "in", "peer",
	    task->peer, "state", task_state_name(task->state), "time",
	    request_time(task->time_ms), "unread", task->unread, "may_open", knowing->open,
	    "assigned_to", holders, "actions",
	    knowing->act ? acts_actions(service, actor, task) : json_array());
	/* Of an erased case what remains is that there was a task. */
	if (item == NULL || (knowing->open && !preview.erased &&
				(json_object_set_new(item, "file_number",
				     json_string(preview.file_number)) != 0 ||
				    json_object_update(item, preview.fields) != 0)))
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK)
		rc = acts_due_add(service, task, item);
	if (rc == STATUS_OK)
		rc = add_told_by(service, task, item);
out:
	preview_free(&preview);
	if (rc == STATUS_OK)
		*out = item;
	else
		json_decref(item);
	return rc;
}

enum status
acts_item(struct service *service, const struct actor *actor, const struct task_row *task,
    json_t **out)
{
	struct knowing knowing = {.open = false};
	json_t *holders;
	enum status rc = knowing_of(service, actor, task->case_n, &knowing);

	if (rc != STATUS_OK)
		return rc;
	if ((holders = acts_holders(service, task->case_n)) == NULL)
		return STATUS_NO_MEMORY;
	rc = item_of(service, actor, task, &knowing, holders, out);
	json_decref(holders);
	return rc;
}

enum status
acts_tasks_of(struct service *service, const struct actor *actor, uint64_t case_n,
    const struct knowing *knowing, json_t *holders, json_t *items)
{
	struct task_filter rows = {.case_n = case_n, .state = TASK_STATE_COUNT};
	struct task_row task;
	json_t *item;
	enum status rc = STATUS_NOT_FOUND;

	while (json_array_size(items) < ACTS_CASE_TASKS_MAX &&
	       (rc = case_store_next_of(service->db, &rows, &task)) == STATUS_OK) {
		rows.before = task.n;
		if (task.sort->quiet)
			continue;
		rc = item_of(service, actor, &task, knowing, holders, &item);
		if (rc != STATUS_OK)
			return rc;
		if (json_array_append_new(items, item) != 0)
			return STATUS_NO_MEMORY;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- Tasks ------------------------------------------------------------------------------- */

#define KNOWN_AT_ONCE 128

/* Numbers of tasks that the store gave and that are not looked at yet. */
struct known_rows {
	struct knowing_filter filter;
	uint64_t n[KNOWN_AT_ONCE];
	unsigned at, count;
};

/* What somebody holds is not in the mailbox, where a list is of that alone. */
static bool
is_seen(const struct known_rows *known, const json_t *item)
{
	if (known == NULL)
		return true;
	return json_is_true(json_object_get(item, "may_open")) &&
	       (known->filter.person != 0 ||
		   json_array_size(json_object_get(item, "assigned_to")) == 0);
}

/* Adds TASK where it fits and there is room; what fits without room is for the next page. */
static enum status
take_task(struct service *service, const struct actor *actor, const struct acts_filter *filter,
    const struct known_rows *known, const struct task_row *task, struct acts_page *page)
{
	json_t *item;
	bool fits = true;
	enum status rc;

	if (!acts_filter_fits(filter, task))
		return STATUS_OK;
	if (known != NULL && filter->due_by_ms != 0) {
		rc = acts_due_fits(service, filter->due_by_ms, task->n, &fits);
		if (rc != STATUS_OK || !fits)
			return rc;
	}
	if ((rc = climbs_told_is_shown(service, task, &fits)) != STATUS_OK || !fits ||
	    (rc = acts_item(service, actor, task, &item)) != STATUS_OK)
		return rc;
	if (!is_seen(known, item) || !acts_filter_fits_item(filter, item)) {
		json_decref(item);
		return STATUS_OK;
	}
	if (json_array_size(page->items) == page->limit) {
		json_decref(item);
		page->more = true;
		return STATUS_OK;
	}
	page->last = task->n;
	return json_array_append_new(page->items, item) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/*
 * The next row below ROWS->before: of all tasks, where the deadlines' index leads if the list is
 * of what ends soon; or of those that the person knows and sees in the mailbox, which come from
 * the store several at once. What a page looks at is then the person's own: that it ended early,
 * and where, tells of nothing else.
 */
static enum status
next_task(struct service *service, const struct acts_filter *filter, struct known_rows *known,
    const struct task_filter *rows, struct task_row *out)
{
	enum status rc = STATUS_OK;

	if (known == NULL && filter->due_by_ms != 0)
		return acts_due_next(service, filter->due_by_ms, rows->before, out);
	if (known == NULL)
		return case_store_next_of(service->db, rows, out);
	if (known->at == known->count) {
		known->filter.before = rows->before;
		known->at = 0;
		rc = knowing_store_tasks(
		    service->db, &known->filter, KNOWN_AT_ONCE, known->n, &known->count);
	}
	if (rc == STATUS_OK && known->at == known->count)
		return STATUS_NOT_FOUND;
	return rc == STATUS_OK ? case_store_task(service->db, known->n[known->at++], out) : rc;
}

static enum status
collect_tasks(struct service *service, const struct actor *actor,
    const struct acts_filter *filter, struct known_rows *known, struct acts_page *page)
{
	struct task_filter rows = filter->rows;
	struct task_row task;
	enum status rc;

	while ((rc = next_task(service, filter, known, &rows, &task)) == STATUS_OK) {
		if (page->looked_at++ == ACTS_FILTER_ROWS_MAX) {
			/* A full page goes on behind its last item, another where it stopped. */
			if (json_array_size(page->items) < page->limit)
				page->last = rows.before;
			page->more = page->partial = true;
			return STATUS_OK;
		}
		rc = take_task(service, actor, filter, known, &task, page);
		if (rc != STATUS_OK || page->more)
			return rc;
		rows.before = task.n;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* Of what the person knows, or of the mailbox alone. */
static enum status
collect_known(struct service *service, const struct actor *actor,
    const struct acts_filter *filter, struct acts_page *page, struct refusal *refusal)
{
	struct known_rows known = {.filter = {.person = filter->mailbox ? 0 : actor->person,
				       .now_ms = service->now_ms,
				       .sides = filter->rows.sides,
				       .state = filter->rows.state}};
	enum status rc = knowing_sees_mailbox(service, actor, &known.filter.mailbox);

	if (rc == STATUS_OK && filter->mailbox && !known.filter.mailbox)
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "box",
		    "the mailbox is for case managers and whoever is on duty");
	if (rc == STATUS_OK)
		rc = collect_tasks(service, actor, filter, &known, page);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the list");
}

/*
 * Auditors and those who lead see that there are tasks and how they stand, never what those are
 * about that they do not know.
 */
bool
acts_sees_lists(const struct actor *actor)
{
	return actor->role == ROLE_AUDITOR || knowing_leads(actor->role);
}

static enum status
may_list(const struct actor *actor, struct refusal *refusal)
{
	if (actor->role == ROLE_AUDITOR)
		return STATUS_OK;
	return acts_may_read(actor, refusal);
}

enum status
acts_tasks(struct service *service, const struct actor *actor, const struct acts_query *query,
    json_t **answer, struct refusal *refusal)
{
	struct acts_page page = {.limit = query->limit};
	struct acts_filter filter;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = may_list(actor, refusal)) != STATUS_OK)
		return rc;
	if ((rc = acts_filter_read(query, 't', &filter, refusal)) != STATUS_OK)
		return rc;
	if ((rc = acts_due_read(service, query->due, &filter.due_by_ms, refusal)) != STATUS_OK)
		return rc;
	if (filter.urgency != NULL && !service_role_reads(actor->role))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "urgency",
		    "your role does not see what tasks are about");
	if ((rc = database_look_begin(service->db)) != STATUS_OK)
		return acts_fail(refusal, rc, "reading the list");
	page.items = json_array();
	if (filter.mailbox || !acts_sees_lists(actor))
		rc = collect_known(service, actor, &filter, &page, refusal);
	else if ((rc = collect_tasks(service, actor, &filter, NULL, &page)) != STATUS_OK)
		acts_fail(refusal, rc, "reading the list");
	database_look_end(service->db);
	if (rc == STATUS_OK && (rc = acts_filter_page(&page, 't', answer)) != STATUS_OK)
		acts_fail(refusal, rc, "reading the list");
	json_decref(page.items);
	return rc;
}
