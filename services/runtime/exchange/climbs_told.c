/* services/runtime/exchange/climbs_told.c: what climbed to us: of several that tell of one thing, one matter. */
#include "services/runtime/exchange/climbs_told.h"

#include <stdio.h>
#include <string.h>

#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/task/climbed.h"
#include "services/runtime/task/sitting.h"

#define MANAGEMENT "management" /* of cooperation-groups.csv */

/* ---- Who may be told --------------------------------------------------------------------- */

bool
climbs_told_may_chair(const char *kind)
{
	struct sitting_group group;

	return sitting_group_named(bytes_of_text(MANAGEMENT), &group) &&
	       sitting_may_chair(&group, kind);
}

enum status
climbs_told_judge(
    const struct service *service, const char *author, const struct content *content)
{
	const struct party *self = service_self(service);
	struct bytes owing;

	if (content->type->id != MESSAGE_CLIMBED)
		return STATUS_OK;
	if (self == NULL)
		return STATUS_UNKNOWN_PARTY;
	if (content_text(content, FIELD_PARTY, &owing) && bytes_is_text(owing, author))
		return STATUS_NOT_PERMITTED;
	return climbs_told_may_chair(self->kind) ? STATUS_OK : STATUS_NOT_PERMITTED;
}

/* ---- What is the same -------------------------------------------------------------------- */

static bool
is_told(const struct task_row *task)
{
	return task->sort == &climbed_sort && task->side == TASK_RECIPIENT;
}

/* Which thing CONTENT tells of; false: it does not say. */
static bool
read_about(const struct content *content, uint8_t about[static SUITE_HASH_LEN])
{
	static const uint8_t parting;
	uint8_t task[SUITE_ID_LEN];
	struct bytes owed, party;

	if (content->type->id != MESSAGE_CLIMBED ||
	    !content_id(content, FIELD_OTHER_TASK, task) ||
	    !content_text(content, FIELD_OWED, &owed) ||
	    !content_text(content, FIELD_PARTY, &party))
		return false;
	suite_hash("saikne-climbed",
	    (const struct bytes[]){{task, sizeof(task)}, owed, {&parting, 1}, party}, 4, about);
	return true;
}

enum status
climbs_told_case(struct service *service, const struct content *content, uint64_t *case_n)
{
	uint8_t about[SUITE_HASH_LEN];
	struct task_row first;
	uint64_t task_n;
	enum status rc = read_about(content, about)
	                     ? climb_store_next_told(service->db, about, 0, &task_n)
	                     : STATUS_NOT_FOUND;

	if (rc == STATUS_OK)
		rc = case_store_task(service->db, task_n, &first);
	if (rc == STATUS_OK)
		*case_n = first.case_n;
	return rc;
}

/* What of several is shown first. */
enum rank { RANK_TAKEN_UP, RANK_OPEN, RANK_OVER };

static enum rank
rank(const struct task_row *task)
{
	if (task->state == TASK_IN_PROGRESS)
		return RANK_TAKEN_UP;
	return task->state == TASK_TOLD || task->state == TASK_RECEIVED ? RANK_OPEN : RANK_OVER;
}

/* What is over is left out where something is not: the same may be late once more. */
static void
leave_out_over(struct climbs_told *told)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < told->count; i++)
		if (rank(&told->tasks[i]) < RANK_OVER)
			told->tasks[kept++] = told->tasks[i];
	if (kept > 0)
		told->count = kept;
}

static void
find_shown(struct climbs_told *told)
{
	const struct task_row *shown = &told->tasks[0];

	for (unsigned i = 1; i < told->count; i++)
		if (rank(&told->tasks[i]) < rank(shown))
			shown = &told->tasks[i];
	told->shown_n = shown->n;
}

enum status
climbs_told_of(struct service *service, const struct task_row *task, struct climbs_told *out)
{
	uint8_t about[SUITE_HASH_LEN];
	uint64_t task_n = 0;
	struct task_row one;
	enum status rc = STATUS_NOT_FOUND;

	out->count = 0;
	out->shown_n = task->n;
	if (is_told(task))
		rc = climb_store_told(service->db, task->n, about);
	while (rc == STATUS_OK && out->count < CLIMBS_TOLD_MAX) {
		rc = climb_store_next_told(service->db, about, task_n, &task_n);
		if (rc == STATUS_OK)
			rc = case_store_task(service->db, task_n, &one);
		/* Another case was erased. */
		if (rc == STATUS_OK && one.case_n == task->case_n)
			out->tasks[out->count++] = one;
	}
	out->full = out->count == CLIMBS_TOLD_MAX;
	if (out->count > 0) {
		leave_out_over(out);
		find_shown(out);
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
climbs_told_is_shown(struct service *service, const struct task_row *task, bool *out)
{
	struct climbs_told told;
	enum status rc = STATUS_OK;

	*out = true;
	if (!is_told(task))
		return STATUS_OK;
	if ((rc = climbs_told_of(service, task, &told)) == STATUS_OK)
		*out = told.shown_n == task->n || told.full;
	return rc;
}

/* ---- One answer to all ------------------------------------------------------------------- */

static enum status
remember(struct service *service, const struct task_row *task)
{
	uint8_t about[SUITE_HASH_LEN];
	struct content content = {0};
	struct event_row row;
	struct case_key key;
	enum status rc = climb_store_told(service->db, task->n, about);

	if (rc != STATUS_NOT_FOUND)
		return rc;
	if ((rc = case_file_key(service, task->case_n, &key)) != STATUS_OK)
		return rc == STATUS_ERASED ? STATUS_OK : rc;
	rc = case_file_opening(service, task, &row);
	if (rc == STATUS_OK)
		rc = case_file_content(service, &key, &row, &content);
	if (rc == STATUS_OK && read_about(&content, about))
		rc = climb_store_add_told(service->db, task->n, about);
	content_free(&content);
	vault_forget(&key);
	return rc == STATUS_ERASED || rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
climbs_told_follow(struct service *service, const struct task_row *task)
{
	struct climb_row row = {.what = CLIMBS_TOLD_ANSWER};
	struct climbs_told told;
	bool taken = false;
	enum status rc;

	if (!is_told(task))
		return STATUS_OK;
	if ((rc = remember(service, task)) != STATUS_OK ||
	    (rc = climbs_told_of(service, task, &told)) != STATUS_OK)
		return rc;
	for (unsigned i = 0; i < told.count; i++)
		taken = taken || told.tasks[i].state == TASK_IN_PROGRESS;
	for (unsigned i = 0; taken && rc == STATUS_OK && i < told.count; i++) {
		if (rank(&told.tasks[i]) != RANK_OPEN)
			continue;
		row.task_n = told.tasks[i].n;
		service->climbs_due = true;
		rc = climb_store_add(service->db, &row);
	}
	return rc;
}

/* The words of our last answer on TASK. */
static enum status
read_answer(struct service *service, const struct task_row *task, const struct case_key *key,
    struct content *out)
{
	struct case_history history;
	struct content said = {0};
	struct bytes done;
	enum status rc = case_file_history(service, task, &history);

	if (rc == STATUS_OK)
		rc = STATUS_NOT_FOUND;
	for (size_t i = 0; rc == STATUS_NOT_FOUND && i < history.count; i++) {
		const struct event_row *row = &history.rows[i];

		if (row->what != EVENT_MESSAGE || !row->own || history.voids[i] ||
		    row->type != MESSAGE_CLIMBED_TAKEN)
			continue;
		if ((rc = case_file_content(service, key, row, &said)) == STATUS_OK)
			rc = content_start(MESSAGE_CLIMBED_TAKEN, out);
		if (rc == STATUS_OK)
			rc = content_value(&said, FIELD_DONE, &done)
			         ? content_set_value(out, FIELD_DONE, done)
			         : STATUS_BAD_CONTENT;
	}
	content_free(&said);
	case_file_history_free(&history);
	return rc;
}

static enum status
copy_answer(struct service *service, const struct task_row *taken, struct content *out)
{
	struct case_key key;
	enum status rc = case_file_key(service, taken->case_n, &key);

	if (rc == STATUS_OK)
		rc = read_answer(service, taken, &key, out);
	vault_forget(&key);
	return rc;
}

static enum status
send_answer(struct service *service, struct departure *departure, struct task_row *task,
    struct content *content)
{
	uint8_t id[SUITE_ID_LEN];
	struct case_key key;
	enum status rc = case_file_key(service, task->case_n, &key);

	if (rc == STATUS_OK)
		rc = dispatch_act(service, departure, task, &key, content, LETTER_LIFE_MS, id);
	if (rc == STATUS_OK)
		rc = case_file_refold(service, task, content->type->name);
	vault_forget(&key);
	return rc;
}

enum status
climbs_told_answer(struct service *service, struct departure *departure, struct task_row *task)
{
	struct content content = {0};
	struct climbs_told told;
	enum status rc = climbs_told_of(service, task, &told);

	if (rc == STATUS_OK)
		rc = rank(task) == RANK_OPEN ? STATUS_NOT_READY : STATUS_NOT_FOUND;
	for (unsigned i = 0; rc == STATUS_NOT_READY && i < told.count; i++) {
		if (told.tasks[i].state != TASK_IN_PROGRESS)
			continue;
		rc = copy_answer(service, &told.tasks[i], &content);
		if (rc == STATUS_OK)
			rc = send_answer(service, departure, task, &content);
		break;
	}
	content_free(&content);
	/* Nothing is taken up any more: a person is asked again. */
	return rc == STATUS_NOT_READY ? STATUS_NOT_FOUND : rc;
}
