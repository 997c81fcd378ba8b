/* services/runtime/exchange/grounds_remind.c: whoever holds a case hears that a ground of it ends soon. */
#include "services/runtime/exchange/alarms.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/task/consent_rules.h"

bool
grounds_remind_when(const struct ground_row *row, const struct ground_terms *terms,
    calendar_day *day, uint64_t *due_ms)
{
	enum consent_event event;
	calendar_day end;

	if (row->origin[0] != '\0' || !consent_authorises(row->state) ||
	    !grounds_end(terms, &end, &event))
		return false;
	*day = end - 1 - (calendar_day)consent_rules()->remind_days;
	/* No alarm tells a birthday: it speaks of the month, and from its beginning. */
	if (event == CONSENT_EVENT_COME_OF_AGE) {
		*day = calendar_month_start(*day);
		end = calendar_month_start(calendar_month_start(end) + 31);
	}
	*due_ms = calendar_start_ms(end);
	return true;
}

/* One that was raised stays though the clock goes back: it is told once. */
enum status
grounds_remind(
    struct service *service, const struct ground_row *row, const struct ground_terms *terms)
{
	uint64_t due_ms = 0;
	calendar_day day;
	bool raised = false;
	enum status rc = STATUS_OK;

	if (row->origin[0] != '\0')
		return STATUS_OK;
	if (!grounds_remind_when(row, terms, &day, &due_ms))
		return alarms_remind(service, row, 0);
	if (calendar_day_at(service_time_ms(service)) < day)
		rc = alarm_store_is_open(service->db, row->n, due_ms, &raised);
	else
		raised = true;
	return rc == STATUS_OK ? alarms_remind(service, row, raised ? due_ms : 0) : rc;
}
