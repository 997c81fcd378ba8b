/* services/runtime/acts/acts_list.c: lists of tasks and cases, newest first. */
#include "services/runtime/acts/acts_due.h"
#include "services/runtime/acts/acts_filter.h"
#include "services/runtime/exchange/preview.h"

/* What a person may do now: the state, the side and the role decide. */
static json_t *
actions_of(
    const struct service *service, const struct actor *actor, const struct task_row *task)
{
	const struct task_stand folded = {.state = task->state,
	    .content_due = task->content_due,
	    .content_seen = task->content_seen};
	const struct acts_verb *verb;
	json_t *actions = json_array();

	for (unsigned i = 0; (verb = acts_verb_at(i)) != NULL; i++)
		if (acts_role_may(service, actor->role, verb->type) &&
		    task_may(task->sort, &folded, task_event_of(task->sort, verb->type),
			task->side) &&
		    json_array_append_new(actions, json_string(verb->name)) != 0) {
			json_decref(actions);
			return NULL;
		}
	return actions;
}

enum status
acts_item(struct service *service, const struct actor *actor, const struct task_row *task,
    json_t **out)
{
	bool content = service_role_reads(actor->role);
	struct preview preview;
	json_t *item = NULL;
	enum status rc = preview_read(service, task, content, &preview);

	if (rc != STATUS_OK)
		goto out;
	item = json_pack("{s:o, s:o, s:s, s:s, s:s, s:s, s:o, s:b, s:o}", "task",
	    request_hex(task->id), "case", request_hex(preview.case_id), "sort",
	    task->sort->name, "box", task->side == TASK_SENDER ? "out" : "in", "peer",
	    task->peer, "state", task_state_name(task->state), "time",
	    request_time(task->time_ms), "unread", task->unread, "actions",
	    actions_of(service, actor, task));
	if (item == NULL)
		rc = STATUS_NO_MEMORY;
	/* Of an erased case what remains is that there was a task. */
	else if (content && !preview.erased &&
		 (json_object_set_new(item, "file_number", json_string(preview.file_number)) !=
			 0 ||
		     json_object_update(item, preview.fields) != 0))
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK)
		rc = acts_due_add(service, task, item);
out:
	preview_free(&preview);
	if (rc == STATUS_OK)
		*out = item;
	else
		json_decref(item);
	return rc;
}

/* ---- Tasks ------------------------------------------------------------------------------- */

/* Adds TASK where it fits and there is room; what fits without room is for the next page. */
static enum status
take_task(struct service *service, const struct actor *actor, const struct acts_filter *filter,
    const struct task_row *task, struct acts_page *page)
{
	json_t *item;
	enum status rc;

	if (!acts_filter_fits(filter, task))
		return STATUS_OK;
	if ((rc = acts_item(service, actor, task, &item)) != STATUS_OK)
		return rc;
	if (!acts_filter_fits_item(filter, item)) {
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

/* Where a list is of what ends soon, the deadlines' index leads. */
static enum status
next_task(struct service *service, const struct acts_filter *filter,
    const struct task_filter *rows, struct task_row *out)
{
	return filter->due_by_ms != 0
	           ? acts_due_next(service, filter->due_by_ms, rows->before, out)
	           : case_store_next_of(service->db, rows, out);
}

static enum status
collect_tasks(struct service *service, const struct actor *actor,
    const struct acts_filter *filter, struct acts_page *page)
{
	struct task_filter rows = filter->rows;
	struct task_row task;
	enum status rc;

	while ((rc = next_task(service, filter, &rows, &task)) == STATUS_OK) {
		if (page->looked_at++ == ACTS_FILTER_ROWS_MAX) {
			/* A full page goes on behind its last item, another where it stopped. */
			if (json_array_size(page->items) < page->limit)
				page->last = rows.before;
			page->more = page->partial = true;
			return STATUS_OK;
		}
		rc = take_task(service, actor, filter, &task, page);
		if (rc != STATUS_OK || page->more)
			return rc;
		rows.before = task.n;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* Auditors see that there are tasks and how they stand, never what they are about. */
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
	page.items = json_array();
	rc = collect_tasks(service, actor, &filter, &page);
	if (rc == STATUS_OK)
		rc = acts_filter_page(&page, 't', answer);
	json_decref(page.items);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the list");
}

/* ---- Cases ------------------------------------------------------------------------------- */

#define CASE_TASKS_MAX 500

enum status
acts_case_item(struct service *service, const struct actor *actor, const struct case_row *file,
    json_t **out)
{
	const struct acts_filter filter = {.rows = {.sides = TASK_SENDER | TASK_RECIPIENT,
					       .case_n = file->n,
					       .state = TASK_STATE_COUNT},
	    .until_ms = UINT64_MAX};
	struct acts_page page = {.items = json_array(), .limit = CASE_TASKS_MAX};
	json_t *item = NULL;
	char number[256] = "";
	struct case_key key;
	enum status rc = case_file_key(service, file->n, &key);

	if (rc == STATUS_OK) {
		rc = case_file_number(service, file->n, &key, number, sizeof(number));
		vault_forget(&key);
	} else if (rc == STATUS_NOT_FOUND) {
		rc = STATUS_OK; /* erased */
	}
	if (rc == STATUS_OK)
		rc = collect_tasks(service, actor, &filter, &page);
	if (rc == STATUS_OK && (item = json_pack("{s:o, s:s, s:o, s:O}", "case",
				    request_hex(file->id), "file_number", number, "time",
				    request_time(file->time_ms), "tasks", page.items)) == NULL)
		rc = STATUS_NO_MEMORY;
	json_decref(page.items);
	if (rc == STATUS_OK)
		*out = item;
	return rc;
}

static enum status
collect_cases(struct service *service, const struct actor *actor,
    const struct acts_filter *filter, struct acts_page *page)
{
	struct case_row file;
	size_t tasks = 0;
	json_t *item;
	enum status rc;

	page->last = filter->rows.before;
	while ((rc = case_store_before(service->db, page->last, &file)) == STATUS_OK) {
		bool fits = file.time_ms >= filter->since_ms && file.time_ms < filter->until_ms;
		bool full = fits && json_array_size(page->items) == page->limit;

		page->partial = !full && (page->looked_at++ == ACTS_FILTER_ROWS_MAX ||
					     tasks >= ACTS_FILTER_TASKS_MAX);
		page->more = full || page->partial;
		if (page->more)
			return STATUS_OK;
		page->last = file.n;
		if (!fits)
			continue;
		if ((rc = acts_case_item(service, actor, &file, &item)) != STATUS_OK)
			return rc;
		tasks += json_array_size(json_object_get(item, "tasks"));
		if (json_array_append_new(page->items, item) != 0)
			return STATUS_NO_MEMORY;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
acts_cases(struct service *service, const struct actor *actor, const struct acts_query *query,
    json_t **answer, struct refusal *refusal)
{
	struct acts_page page = {.limit = query->limit};
	struct acts_filter filter;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK)
		return rc;
	if ((rc = acts_filter_read(query, 'c', &filter, refusal)) != STATUS_OK)
		return rc;
	page.items = json_array();
	rc = collect_cases(service, actor, &filter, &page);
	if (rc == STATUS_OK)
		rc = acts_filter_page(&page, 'c', answer);
	json_decref(page.items);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the cases");
}

enum status
acts_case(struct service *service, const struct actor *actor, const char *case_id,
    json_t **answer, struct refusal *refusal)
{
	struct case_row file;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK)
		return rc;
	if ((rc = acts_find_case(service, actor, ACTS_TO_OPEN, case_id, &file, refusal)) !=
	    STATUS_OK)
		return rc;
	rc = acts_case_item(service, actor, &file, answer);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the case");
}
