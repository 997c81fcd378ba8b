/* tests/fuzz/fuzz_calendar.c: any text for a date, and any instant and number of days. */
#include <stdio.h>
#include <stdlib.h>

#include "services/runtime/task/calendar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A date that is read can be written as it was. */
static void
check_date(struct bytes text)
{
	char again[32];
	calendar_day day;
	unsigned month, of_month;
	int year;

	if (!calendar_date(text, &day))
		return;
	calendar_civil(day, &year, &month, &of_month);
	snprintf(again, sizeof(again), "%04d-%02u-%02u", year, month, of_month);
	if (!bytes_is_text(text, again) || calendar_day_of(year, month, of_month) != day)
		abort();
	if (calendar_day_at(calendar_start_ms(day)) != day ||
	    calendar_day_at(calendar_end_ms(day)) != day)
		abort();
}

static void
check_instant(uint64_t ms, unsigned working_days)
{
	calendar_day from = calendar_day_at(ms);
	uint64_t end = calendar_after(ms, working_days);
	calendar_day to = calendar_day_at(end);

	if (from < 0 || to < from)
		abort();
	/* Before the calendar ends, as many working days lie between as were asked for. */
	if (ms < CALENDAR_MS_MAX / 2 && working_days > 0 &&
	    (!calendar_is_working(to) ||
		calendar_between(from, to, working_days + 1) != working_days))
		abort();
	if (calendar_before(ms, working_days) > (ms < CALENDAR_MS_MAX ? ms : CALENDAR_MS_MAX))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t ms = 0;

	check_date((struct bytes){data, size});
	if (size < 9)
		return 0;
	for (size_t i = 0; i < 8; i++)
		ms = ms << 8 | data[i];
	check_instant(ms, data[8]);
	check_instant(ms % CALENDAR_MS_MAX, data[8]);
	return 0;
}
