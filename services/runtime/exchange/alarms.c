/* services/runtime/exchange/alarms.c: what people must be told of aloud, whom, and until when. */
#include "services/runtime/exchange/alarms.h"

#include <stdio.h>
#include <string.h>

#include "services/runtime/exchange/service.h"
#include "services/runtime/task/ladder.h"
#include "services/runtime/exchange/work.h"

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

/* Whom the stage reaches: the side that owes it, or the one that waits; who looks on, nobody. */
static const char *
reaches_of(const struct task_row *task, const struct deadline_row *row)
{
	struct deadline_rule rule;

	if (task->side == TASK_ONLOOKER ||
	    !deadline_rule_in(row->what, task->sort->name, task_state_name(task->state), &rule))
		return "";
	if (row->stage > DEADLINE_OVERDUE)
		return ladder_reaches(row->stage, task->sort->name, row->ours);
	if (row->stage == DEADLINE_REMINDED)
		return row->ours                           ? rule.reminder_to
		       : row->reminder_ms == row->began_ms ? rule.mirror_to
		                                           : "";
	return row->ours ? rule.overdue_to : rule.mirror_to;
}

/* One alarm for one deadline: what the stages before it had to say, they have said. */
static enum status
raise_alarm(struct service *service, const struct task_row *task,
    const struct deadline_row *row, const char *reaches)
{
	struct alarm_row alarm = {.task_n = task->n,
	    .case_n = task->case_n,
	    .due_ms = row->due_ms,
	    .stage = row->stage,
	    .ours = row->ours,
	    .time_ms = service->now_ms};
	enum status rc;

	memcpy(alarm.what, row->what, sizeof(alarm.what));
	snprintf(alarm.reaches, sizeof(alarm.reaches), "%s", reaches);
	if ((rc = alarm_store_raise(service->db, &alarm)) != STATUS_OK)
		return rc;
	return alarm_store_settle(
	    service->db, task->n, row->what, row->due_ms, row->stage, service->now_ms);
}

enum status
alarms_raise(
    struct service *service, const struct task_row *task, const struct deadline_row *row)
{
	const char *reaches = reaches_of(task, row);
	enum status rc;

	if (row->stage == DEADLINE_RUNNING)
		return STATUS_OK;
	/* Who has let it pass owes nothing more. */
	if (reaches[0] == '\0')
		return row->stage >= DEADLINE_OVERDUE ? alarms_settle(service, task, row->what)
		                                      : STATUS_OK;
	if ((rc = raise_alarm(service, task, row, reaches)) != STATUS_OK)
		return rc;
	service_note_change(service, task->id,
	    row->stage == DEADLINE_REMINDED  ? "alarm_reminder"
	    : row->stage == DEADLINE_OVERDUE ? "alarm_overdue"
					     : "alarm_climbed",
	    task_state_name(task->state));
	return STATUS_OK;
}

enum status
alarms_take_back(
    struct service *service, const struct task_row *task, const struct deadline_row *row)
{
	const char *reaches = reaches_of(task, row);

	if (reaches[0] == '\0' || row->stage == DEADLINE_RUNNING)
		return alarms_settle(service, task, row->what);
	return raise_alarm(service, task, row, reaches);
}

static enum status
is_raised(struct service *service, const struct task_row *task, const struct deadline_row *row,
    bool *out)
{
	struct alarm_row open[DEADLINE_MAX];
	unsigned count;
	enum status rc = alarm_store_open_of(service->db, task->n, DEADLINE_MAX, open, &count);

	*out = false;
	for (unsigned i = 0; rc == STATUS_OK && i < count; i++)
		*out = *out ||
		       (strcmp(open[i].what, row->what) == 0 && open[i].due_ms == row->due_ms &&
			   open[i].stage == row->stage && open[i].ours == row->ours);
	return rc;
}

enum status
alarms_follow(
    struct service *service, const struct task_row *task, const struct deadline_row *row)
{
	bool raised;
	enum status rc;

	if (reaches_of(task, row)[0] == '\0' || row->stage == DEADLINE_RUNNING)
		return alarms_settle(service, task, row->what);
	if ((rc = is_raised(service, task, row, &raised)) != STATUS_OK || raised)
		return rc;
	/* Who owed it may be who waits for it now, and the other way round. */
	rc = alarms_settle(service, task, row->what);
	return rc == STATUS_OK ? alarms_raise(service, task, row) : rc;
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

	if (rc == STATUS_OK)
		rc = work_ends(service, row, due_ms);
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
