/* services/runtime/exchange/alarms.c: what people must be told of aloud, whom, and until when. */
#include "services/runtime/exchange/alarms.h"

#include <stdio.h>
#include <string.h>

#include "services/runtime/exchange/service.h"

bool
alarms_reach(const struct alarm_row *alarm, enum role role, bool mailbox)
{
	if (role == ROLE_SUPERVISOR || role == ROLE_HEAD)
		return true;
	if (role != ROLE_SPECIALIST && role != ROLE_CASE_MANAGER)
		return false;
	return deadline_lists(alarm->reaches, "author") ||
	       deadline_lists(alarm->reaches, "holder") ||
	       (mailbox && deadline_lists(alarm->reaches, "duty"));
}

/* Whom the stage reaches: the side that owes it, or the one that waits for it. */
static const char *
reaches_of(const struct deadline_row *row)
{
	struct deadline_rule rule;

	if (!deadline_rule_of(row->what, &rule))
		return "";
	if (row->stage == DEADLINE_REMINDED)
		return row->ours ? rule.reminder_to : "";
	return row->ours ? rule.overdue_to : rule.mirror_to;
}

enum status
alarms_raise(
    struct service *service, const struct task_row *task, const struct deadline_row *row)
{
	struct alarm_row alarm = {.task_n = task->n,
	    .case_n = task->case_n,
	    .due_ms = row->due_ms,
	    .stage = row->stage,
	    .ours = row->ours,
	    .time_ms = service->now_ms};
	const char *reaches = reaches_of(row);
	enum status rc;

	if (reaches[0] == '\0' || row->stage == DEADLINE_RUNNING)
		return STATUS_OK;
	memcpy(alarm.what, row->what, sizeof(alarm.what));
	snprintf(alarm.reaches, sizeof(alarm.reaches), "%s", reaches);
	if ((rc = alarm_store_raise(service->db, &alarm)) != STATUS_OK)
		return rc;
	/* One alarm for one deadline: its reminder has said all it had to say. */
	rc = alarm_store_settle(
	    service->db, task->n, row->what, row->due_ms, row->stage, service->now_ms);
	if (rc != STATUS_OK)
		return rc;
	service_note_change(service, task->id,
	    row->stage == DEADLINE_OVERDUE ? "alarm_overdue" : "alarm_reminder",
	    task_state_name(task->state));
	return STATUS_OK;
}

enum status
alarms_settle(struct service *service, const struct task_row *task, const char *what)
{
	return alarm_store_settle(
	    service->db, task->n, what, 0, DEADLINE_OVERDUE, service->now_ms);
}

enum status
alarms_remind(struct service *service, const struct ground_row *row, uint64_t due_ms)
{
	struct alarm_row alarm = {.case_n = row->case_n,
	    .ground_n = row->n,
	    .what = ALARMS_ENDING,
	    .due_ms = due_ms,
	    .stage = DEADLINE_REMINDED,
	    .ours = true,
	    .reaches = "holder",
	    .time_ms = service->now_ms};
	struct case_row file;
	bool raised = true;
	enum status rc =
	    alarm_store_settle_ground(service->db, row->n, due_ms, service->now_ms);

	if (rc == STATUS_OK && due_ms != 0)
		rc = alarm_store_is_open(service->db, row->n, due_ms, &raised);
	if (rc != STATUS_OK || raised)
		return rc;
	rc = alarm_store_raise(service->db, &alarm);
	if (rc == STATUS_OK)
		rc = case_store_get(service->db, row->case_n, &file);
	if (rc == STATUS_OK)
		service_note_record(service, file.id, row->id, "alarm_reminder");
	return rc;
}
