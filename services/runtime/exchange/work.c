/* services/runtime/exchange/work.c: what waits for somebody here, as each step leaves it. */
#include "services/runtime/exchange/work.h"

#include <stdio.h>
#include <string.h>

#include "services/runtime/exchange/service.h"
#include "services/runtime/store/alarm_store.h"

#define ALARMS_MAX (4 * DEADLINE_MAX) /* open ones of one task */

/* Whether it was no more than a time to speak, and is over. */
static bool
is_past(const struct deadline_row *row)
{
	struct deadline_rule rule;

	return row->stage >= DEADLINE_OVERDUE && deadline_rule_of(row->what, &rule) &&
	       rule.overdue_to[0] == '\0';
}

/* What we owe first. */
static enum status
add_owed(struct service *service, struct work_row *row)
{
	struct deadline_row rows[DEADLINE_MAX];
	unsigned count;
	enum status rc = deadline_store_of(service->db, row->n, rows, &count);

	for (unsigned i = 0; rc == STATUS_OK && i < count; i++) {
		if (!rows[i].ours || is_past(&rows[i]))
			continue;
		memcpy(row->what, rows[i].what, sizeof(row->what));
		row->due_ms = rows[i].due_ms;
		row->ours = true;
		row->stage = rows[i].stage;
		break;
	}
	return rc;
}

/* Whom its alarms have come to; and what others owe us, where we owe nothing before that. */
static enum status
add_alarms(struct service *service, struct work_row *row)
{
	struct alarm_row alarms[ALARMS_MAX];
	unsigned count;
	enum status rc = alarm_store_open_of(service->db, row->n, ALARMS_MAX, alarms, &count);

	for (unsigned i = 0; rc == STATUS_OK && i < count; i++) {
		const struct alarm_row *alarm = &alarms[i];

		/* What has climbed past them is still theirs to see to. */
		row->supervisor |= alarm->stage > DEADLINE_SUPERVISOR ||
		                   deadline_lists(alarm->reaches, "supervisor");
		row->head |= deadline_lists(alarm->reaches, "head");
		if (alarm->ours || alarm->due_ms >= row->due_ms)
			continue;
		memcpy(row->what, alarm->what, sizeof(row->what));
		memcpy(row->reaches, alarm->reaches, sizeof(row->reaches));
		row->due_ms = alarm->due_ms;
		row->ours = false;
		row->stage = alarm->stage;
	}
	return rc;
}

/* Whether we can go on with it: to put right what was a mistake is no work that waits. */
static bool
is_open_to_us(const struct task_row *task, const struct task_stand *stand)
{
	for (unsigned event = 0; event < TASK_EVENT_COUNT; event++)
		if (event != TASK_EVENT_ENTERED_IN_ERROR &&
		    task_may(task->sort, stand, (enum task_event)event, task->side))
			return true;
	return false;
}

/* What we have said all on need not be opened any more. */
static enum status
is_news(struct service *service, const struct task_row *task, const struct task_stand *stand,
    bool *unread, bool *failed)
{
	enum work_news news = WORK_NEWS_THEIRS;
	enum status rc = STATUS_OK;

	if (task->unread)
		rc = work_store_news(service->db, task->n, &news);
	*failed = task->unread && news == WORK_NEWS_FAILED;
	*unread = task->unread && (news != WORK_NEWS_OURS || is_open_to_us(task, stand));
	return rc;
}

/* What is due by no time. WHAT stays empty when nothing waits. */
static enum status
add_rest(struct service *service, const struct task_row *task, struct work_row *row)
{
	const struct task_stand stand = {.state = task->state,
	    .content_due = task->content_due,
	    .content_seen = task->content_seen};
	bool unread, failed, tried = false;
	enum status rc = is_news(service, task, &stand, &unread, &failed);

	if (rc == STATUS_OK && task->content_due && task->side == TASK_SENDER &&
	    task_may(task->sort, &stand, TASK_EVENT_RELEASE, task->side))
		rc = work_store_tried(service->db, task->n, &tried);
	snprintf(row->what, sizeof(row->what), "%s",
	    failed   ? WORK_NOT_DELIVERED
	    : tried  ? WORK_RELEASE
	    : unread ? WORK_UNREAD
		     : "");
	row->ours = true;
	return rc;
}

/* Of what is erased nothing waits any more. */
static enum status
is_there(struct service *service, uint64_t case_n, bool *out)
{
	struct buffer key = {0};
	enum status rc = case_store_key(service->db, case_n, &key);

	buffer_free(&key);
	*out = rc == STATUS_OK;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
work_follow(struct service *service, const struct task_row *task)
{
	struct work_row row = {
	    .about = WORK_TASK, .n = task->n, .case_n = task->case_n, .due_ms = WORK_NO_DUE};
	bool there = false;
	enum status rc = is_there(service, task->case_n, &there);

	if (rc == STATUS_OK && there)
		rc = add_owed(service, &row);
	if (rc == STATUS_OK && there)
		rc = add_alarms(service, &row);
	if (rc == STATUS_OK && there && row.what[0] == '\0')
		rc = add_rest(service, task, &row);
	if (rc != STATUS_OK)
		return rc;
	return row.what[0] != '\0' ? work_store_put(service->db, &row)
	                           : work_store_remove(service->db, WORK_TASK, task->n);
}

enum status
work_ends(struct service *service, const struct ground_row *row, uint64_t due_ms)
{
	struct work_row work = {.about = WORK_RECORD,
	    .n = row->n,
	    .case_n = row->case_n,
	    .due_ms = due_ms,
	    .what = WORK_ENDS,
	    .ours = true,
	    .stage = DEADLINE_REMINDED};

	return due_ms != 0 ? work_store_put(service->db, &work)
	                   : work_store_remove(service->db, WORK_RECORD, row->n);
}
