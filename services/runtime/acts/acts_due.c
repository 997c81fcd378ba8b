/* services/runtime/acts/acts_due.c: what is owed on a task, by whom and when, in lists. */
#include "services/runtime/acts/acts_due.h"

#include <string.h>

#include "services/runtime/exchange/deadlines.h"
#include "services/runtime/task/calendar.h"

enum status
acts_due_read(
    struct service *service, const char *due, uint64_t *by_ms, struct refusal *refusal)
{
	uint64_t now_ms = service_time_ms(service);
	calendar_day today = calendar_day_at(now_ms);

	*by_ms = 0;
	if (due == NULL)
		return STATUS_OK;
	if (strcmp(due, "overdue") == 0)
		*by_ms = now_ms;
	else if (strcmp(due, "today") == 0)
		*by_ms = calendar_start_ms(today + 1) - 1;
	else if (strcmp(due, "week") == 0)
		*by_ms = calendar_start_ms(today + 7) - 1;
	else
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "due", "due is overdue, today or week");
	return STATUS_OK;
}

enum status
acts_due_next(struct service *service, uint64_t by_ms, uint64_t before, struct task_row *out)
{
	uint64_t task_n;
	enum status rc = deadline_store_task_by(service->db, by_ms, before, &task_n);

	return rc == STATUS_OK ? case_store_task(service->db, task_n, out) : rc;
}

enum status
acts_due_fits(struct service *service, uint64_t by_ms, uint64_t task_n, bool *fits)
{
	struct deadline_row rows[DEADLINE_MAX];
	unsigned count;
	enum status rc = deadline_store_of(service->db, task_n, rows, &count);

	if (rc == STATUS_OK)
		*fits = count > 0 && rows[0].due_ms <= by_ms;
	return rc;
}

/* The first to end, of whichever side. */
enum status
acts_due_add(struct service *service, const struct task_row *task, json_t *item)
{
	struct deadline_row rows[DEADLINE_MAX];
	enum reach reach;
	unsigned count;
	json_t *more;
	enum status rc = deadline_store_of(service->db, task->n, rows, &count);

	if (rc == STATUS_OK)
		rc = reach_store_get(service->db, task->n, &reach);
	if (rc != STATUS_OK)
		return rc;
	if (count == 0)
		more = json_pack("{s:s, s:n, s:b, s:n, s:n}", "reach", reach_store_name(reach),
		    "due", "overdue", 0, "clock", "owed");
	else
		more = json_pack("{s:s, s:o, s:b, s:s, s:s}", "reach", reach_store_name(reach),
		    "due", request_time(rows[0].due_ms), "overdue",
		    rows[0].due_ms <= service_time_ms(service), "clock",
		    rows[0].ours ? "ours" : "theirs", "owed", rows[0].what);
	if (more == NULL || json_object_update(item, more) != 0)
		rc = STATUS_NO_MEMORY;
	json_decref(more);
	return rc;
}
