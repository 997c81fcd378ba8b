/* services/runtime/acts/acts_list.c: lists of tasks and cases, newest first. */
#include "services/runtime/acts/acts_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/host/oplog.h"

/* The preview's fields that an item shows. */
static const enum field item_fields[] = {FIELD_URGENCY, FIELD_PURPOSE, FIELD_CONCERN,
    FIELD_MUNICIPALITY, FIELD_AGE_BAND, FIELD_GROUND, FIELD_SUPPORT};

static bool
is_item_field(enum field field)
{
	for (size_t i = 0; i < sizeof(item_fields) / sizeof(item_fields[0]); i++)
		if (item_fields[i] == field)
			return true;
	return false;
}

/* What a person may do now: the state, the side and the role decide. */
static json_t *
actions_of(
    const struct service *service, const struct actor *actor, const struct task_row *task)
{
	const struct referral_task folded = {.state = task->state,
	    .content_due = task->content_due,
	    .content_seen = task->content_seen};
	const struct acts_verb *verb;
	json_t *actions = json_array();

	for (unsigned i = 0; (verb = acts_verb_at(i)) != NULL; i++)
		if (acts_role_may(service, actor->role, verb->type) &&
		    referral_may(&folded, referral_event_of(verb->type), task->side) &&
		    json_array_append_new(actions, json_string(verb->name)) != 0) {
			json_decref(actions);
			return NULL;
		}
	return actions;
}

static enum status
add_preview(struct service *service, const struct task_row *task, const struct case_key *key,
    json_t *item)
{
	struct content offer = {0};
	struct event_row row;
	enum status rc = event_store_offer(service->db, task->n, &row);

	if (rc == STATUS_OK)
		rc = case_file_content(service, key, &row, &offer);
	for (unsigned i = 0; rc == STATUS_OK && i < offer.type->field_count; i++) {
		const struct field_info *field = offer.type->fields[i].field;

		if (is_item_field(field->id) && offer.fields[i].present &&
		    json_object_set_new(item, field->name, request_value(&offer, i)) != 0)
			rc = STATUS_NO_MEMORY;
	}
	content_free(&offer);
	return rc;
}

/* What only those see who may see content. */
static enum status
add_content(struct service *service, const struct task_row *task, json_t *item)
{
	char number[256] = "";
	struct case_key key;
	enum status rc = case_file_key(service, task->case_n, &key);

	if (rc == STATUS_NOT_FOUND)
		return STATUS_OK; /* erased: what remains is that there was a task */
	if (rc != STATUS_OK)
		return rc;
	rc = case_file_number(service, task->case_n, &key, number, sizeof(number));
	if (rc == STATUS_OK &&
	    json_object_set_new(item, "file_number", json_string(number)) != 0)
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK)
		rc = add_preview(service, task, &key, item);
	vault_forget(&key);
	return rc;
}

enum status
acts_item(struct service *service, const struct actor *actor, const struct task_row *task,
    json_t **out)
{
	struct case_row file;
	json_t *item;
	enum status rc = case_store_get(service->db, task->case_n, &file);

	if (rc != STATUS_OK)
		return rc;
	item = json_pack("{s:o, s:o, s:s, s:s, s:s, s:o, s:b, s:o}", "task",
	    request_hex(task->id), "case", request_hex(file.id), "box",
	    task->side == REFERRAL_SENDER ? "out" : "in", "peer", task->peer, "state",
	    referral_state_name(task->state), "time", request_time(task->time_ms), "unread",
	    task->unread, "actions", actions_of(service, actor, task));
	if (item == NULL)
		return STATUS_NO_MEMORY;
	if (service_role_reads(actor->role))
		rc = add_content(service, task, item);
	if (rc != STATUS_OK) {
		json_decref(item);
		return rc;
	}
	*out = item;
	return STATUS_OK;
}

/* ---- Tasks ------------------------------------------------------------------------------- */

enum status
acts_cursor(const char *after, uint64_t *before, struct refusal *refusal)
{
	char *end;

	*before = 0;
	if (after == NULL || after[0] == '\0')
		return STATUS_OK;
	*before = strtoull(after, &end, 10);
	if (*end != '\0' || *before == 0 || *before > INT64_MAX)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "after", "after is a cursor that a page gave");
	return STATUS_OK;
}

static enum status
read_filter(const char *box, const char *state, const char *after, struct task_filter *out,
    struct refusal *refusal)
{
	*out = (struct task_filter){
	    .sides = REFERRAL_SENDER | REFERRAL_RECIPIENT, .state = REFERRAL_STATE_COUNT};
	if (box != NULL && strcmp(box, "in") == 0)
		out->sides = REFERRAL_RECIPIENT;
	else if (box != NULL && strcmp(box, "out") == 0)
		out->sides = REFERRAL_SENDER;
	if (state != NULL && state[0] != '\0' &&
	    (out->state = referral_state_named(bytes_of_text(state))) == REFERRAL_STATE_COUNT)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "state", "there is no such state");
	return acts_cursor(after, &out->before, refusal);
}

enum status
acts_page(json_t *items, bool more, uint64_t last, json_t **answer)
{
	char cursor[24];
	json_t *next;

	snprintf(cursor, sizeof(cursor), "%" PRIu64, last);
	next = more ? json_string(cursor) : json_null();
	*answer = json_pack("{s:o, s:o}", "items", items, "next", next);
	return *answer == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status
collect_tasks(struct service *service, const struct actor *actor, struct task_filter *filter,
    unsigned limit, json_t *items, bool *more)
{
	struct task_row task;
	json_t *item;
	enum status rc;

	*more = false;
	while ((rc = case_store_next_of(service->db, filter, &task)) == STATUS_OK) {
		if (json_array_size(items) == limit) {
			*more = true;
			return STATUS_OK;
		}
		if ((rc = acts_item(service, actor, &task, &item)) != STATUS_OK)
			return rc;
		if (json_array_append_new(items, item) != 0)
			return STATUS_NO_MEMORY;
		filter->before = task.n;
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
acts_tasks(struct service *service, const struct actor *actor, const char *box,
    const char *state, unsigned limit, const char *after, json_t **answer,
    struct refusal *refusal)
{
	struct task_filter filter;
	json_t *items;
	bool more;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = may_list(actor, refusal)) != STATUS_OK)
		return rc;
	if ((rc = read_filter(box, state, after, &filter, refusal)) != STATUS_OK)
		return rc;
	items = json_array();
	rc = collect_tasks(service, actor, &filter, limit, items, &more);
	if (rc == STATUS_OK)
		rc = acts_page(items, more, filter.before, answer);
	else
		json_decref(items);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the list");
}

/* ---- Cases ------------------------------------------------------------------------------- */

#define CASE_TASKS_MAX 500

enum status
acts_case_item(struct service *service, const struct actor *actor, const struct case_row *file,
    json_t **out)
{
	struct task_filter filter = {.case_n = file->n, .state = REFERRAL_STATE_COUNT};
	json_t *tasks = json_array(), *item = NULL;
	char number[256] = "";
	struct case_key key;
	bool more;
	enum status rc = case_file_key(service, file->n, &key);

	if (rc == STATUS_OK) {
		rc = case_file_number(service, file->n, &key, number, sizeof(number));
		vault_forget(&key);
	} else if (rc == STATUS_NOT_FOUND) {
		rc = STATUS_OK; /* erased */
	}
	if (rc == STATUS_OK)
		rc = collect_tasks(service, actor, &filter, CASE_TASKS_MAX, tasks, &more);
	if (rc == STATUS_OK && (item = json_pack("{s:o, s:s, s:o, s:O}", "case",
				    request_hex(file->id), "file_number", number, "time",
				    request_time(file->time_ms), "tasks", tasks)) == NULL)
		rc = STATUS_NO_MEMORY;
	json_decref(tasks);
	if (rc == STATUS_OK)
		*out = item;
	return rc;
}

static enum status
collect_cases(struct service *service, const struct actor *actor, unsigned limit,
    uint64_t *before, json_t *items, bool *more)
{
	struct case_row file;
	json_t *item;
	enum status rc;

	*more = false;
	while ((rc = case_store_before(service->db, *before, &file)) == STATUS_OK) {
		if (json_array_size(items) == limit) {
			*more = true;
			return STATUS_OK;
		}
		if ((rc = acts_case_item(service, actor, &file, &item)) != STATUS_OK)
			return rc;
		if (json_array_append_new(items, item) != 0)
			return STATUS_NO_MEMORY;
		*before = file.n;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
acts_cases(struct service *service, const struct actor *actor, unsigned limit,
    const char *after, json_t **answer, struct refusal *refusal)
{
	uint64_t before;
	json_t *items;
	bool more;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK)
		return rc;
	if ((rc = acts_cursor(after, &before, refusal)) != STATUS_OK)
		return rc;
	items = json_array();
	rc = collect_cases(service, actor, limit, &before, items, &more);
	if (rc == STATUS_OK)
		rc = acts_page(items, more, before, answer);
	else
		json_decref(items);
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
