/* services/runtime/task/calendar.c: working days of Latvia and the civil time of Riga; pure. */
#include "services/runtime/task/calendar.h"

#include <string.h>

#include "protocol/lists/lists.h"

#define MINUTE_MS ((uint64_t)60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)
#define DAY_MAX   ((calendar_day)(CALENDAR_MS_MAX / DAY_MS))
#define DAY_END   (17 * HOUR_MS) /* where the list says none */

#define LISTED_MAX 1000 /* as many rows as a list may have (lists.c) */

/* ---- Dates ------------------------------------------------------------------------------- */

/* Years begin in March, so that the leap day is their last; eras are of 400 years. */
calendar_day
calendar_day_of(int year, unsigned month, unsigned day)
{
	unsigned since_march = (month + 9) % 12;
	unsigned from = (unsigned)year - (month <= 2 ? 1 : 0);
	unsigned days =
	    from * 365 + from / 4 - from / 100 + from / 400 + (153 * since_march + 2) / 5 + day;

	return (calendar_day)days - 719469; /* 1 March of the year 0 to 1970 */
}

void
calendar_civil(calendar_day day, int *year, unsigned *month, unsigned *of_month)
{
	unsigned days = (unsigned)(day + 719468), era = days / 146097, in_era = days % 146097;
	unsigned of_era =
	    (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365; /* year */
	unsigned in_year = in_era - (365 * of_era + of_era / 4 - of_era / 100);
	unsigned since_march = (5 * in_year + 2) / 153;

	*of_month = in_year - (153 * since_march + 2) / 5 + 1;
	*month = since_march < 10 ? since_march + 3 : since_march - 9;
	*year = (int)(era * 400 + of_era) + (*month <= 2 ? 1 : 0);
}

static bool
read_digits(const uint8_t *text, unsigned count, unsigned *out)
{
	*out = 0;
	for (unsigned i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + text[i] - '0';
	}
	return true;
}

bool
calendar_date(struct bytes text, calendar_day *out)
{
	unsigned year, month, day, same_month, same_day;
	calendar_day found;
	int same_year;

	if (text.len != 10 || text.data[4] != '-' || text.data[7] != '-' ||
	    !read_digits(text.data, 4, &year) || !read_digits(text.data + 5, 2, &month) ||
	    !read_digits(text.data + 8, 2, &day) || year < 1970 || month < 1 || month > 12 ||
	    day < 1 || day > 31)
		return false;
	found = calendar_day_of((int)year, month, day);
	calendar_civil(found, &same_year, &same_month, &same_day);
	if (same_month != month || same_day != day)
		return false;
	*out = found;
	return true;
}

unsigned
calendar_weekday(calendar_day day)
{
	return (unsigned)(day + 3) % 7 + 1; /* 1970 began on a Thursday */
}

/* The Gregorian computus, as Meeus has it. */
calendar_day
calendar_easter(int year)
{
	unsigned y = (unsigned)year, a = y % 19, b = y / 100, c = y % 100;
	unsigned g = (8 * b + 13) / 25, h = (19 * a + b - b / 4 - g + 15) % 30;
	unsigned l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
	unsigned m = (a + 11 * h + 22 * l) / 451, sum = h + l + 114 - 7 * m;

	return calendar_day_of(year, sum / 31, sum % 31 + 1);
}

/* ---- Free days --------------------------------------------------------------------------- */

enum listed { LISTED_CELEBRATION, LISTED_FREE, LISTED_WORKED, LISTED_COUNT };

/* What calendar.csv says. */
struct calendar_list {
	struct {
		calendar_day day;
		enum listed what;
	} days[LISTED_MAX];
	unsigned count;
	uint64_t day_end_ms;
};

static bool
read_time(const char *time, uint64_t *ms)
{
	unsigned hour, minute;

	if (strlen(time) != 5 || time[2] != ':' ||
	    !read_digits((const uint8_t *)time, 2, &hour) ||
	    !read_digits((const uint8_t *)time + 3, 2, &minute) || hour >= 24 || minute >= 60)
		return false;
	*ms = hour * HOUR_MS + minute * MINUTE_MS;
	return true;
}

static void
read_listed(const struct list *list, unsigned row, struct calendar_list *out)
{
	static const char *const names[LISTED_COUNT] = {[LISTED_CELEBRATION] = "celebration",
	    [LISTED_FREE] = "free",
	    [LISTED_WORKED] = "worked"};
	const char *what = list_text(list, row, "what");
	calendar_day day;

	if (out->day_end_ms == 0 && strcmp(what, "day_end") == 0 &&
	    read_time(list_text(list, row, "time"), &out->day_end_ms))
		return;
	for (unsigned i = 0; i < LISTED_COUNT; i++)
		if (strcmp(what, names[i]) == 0 && out->count < LISTED_MAX &&
		    calendar_date(bytes_of_text(list_text(list, row, "date")), &day)) {
			out->days[out->count].day = day;
			out->days[out->count++].what = (enum listed)i;
		}
}

/* The list is read once: one period asks it about many days. */
static const struct calendar_list *
listed(void)
{
	static struct calendar_list known;
	static const struct list *list;
	static unsigned rows;

	if (list == NULL)
		list = list_named("calendar");
	for (; list != NULL && rows < list_rows(list); rows++)
		read_listed(list, rows, &known);
	return &known;
}

static bool
is_listed(calendar_day day, enum listed what)
{
	const struct calendar_list *list = listed();

	for (unsigned i = 0; i < list->count; i++)
		if (list->days[i].day == day && list->days[i].what == what)
			return true;
	return false;
}

static bool
is_fixed(unsigned month, unsigned day)
{
	static const struct {
		unsigned char month, day;
	} fixed[] = {{1, 1}, {5, 1}, {5, 4}, {6, 23}, {6, 24}, {11, 18}, {12, 24}, {12, 25},
	    {12, 26}, {12, 31}};

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (fixed[i].month == month && fixed[i].day == day)
			return true;
	return false;
}

/* Holidays that a working day makes up for when they fall on a Saturday or Sunday. */
static bool
is_made_up_for(calendar_day day)
{
	unsigned month, of_month;
	int year;

	calendar_civil(day, &year, &month, &of_month);
	return (month == 5 && of_month == 4) || (month == 11 && of_month == 18) ||
	       is_listed(day, LISTED_CELEBRATION);
}

/* By the law and the week alone, without days that make up for others. */
static bool
is_free_by_itself(calendar_day day)
{
	unsigned month, of_month;
	calendar_day easter;
	int year;

	if (calendar_weekday(day) >= 6)
		return true;
	calendar_civil(day, &year, &month, &of_month);
	easter = calendar_easter(year);
	/* Mother's day and Pentecost are Sundays already. */
	return is_fixed(month, of_month) || day == easter - 2 || day == easter + 1 ||
	       is_listed(day, LISTED_CELEBRATION) || is_listed(day, LISTED_FREE);
}

/* Whether DAY is the next working day after a holiday that fell on a Saturday or Sunday. */
static bool
makes_up(calendar_day day)
{
	for (calendar_day past = day - 1; past >= 0 && is_free_by_itself(past); past--)
		if (calendar_weekday(past) >= 6 && is_made_up_for(past))
			return true;
	return false;
}

bool
calendar_is_working(calendar_day day)
{
	if (is_listed(day, LISTED_WORKED))
		return true;
	return !is_free_by_itself(day) && !makes_up(day);
}

/* ---- Riga -------------------------------------------------------------------------------- */

static uint64_t
clamp(uint64_t ms)
{
	return ms < CALENDAR_MS_MAX ? ms : CALENDAR_MS_MAX;
}

/* 01:00 UTC of the last Sunday of MONTH, which has 31 days. */
static uint64_t
change_ms(int year, unsigned month)
{
	calendar_day last = calendar_day_of(year, month, 31);

	last -= (calendar_day)(calendar_weekday(last) % 7);
	return (uint64_t)last * DAY_MS + HOUR_MS;
}

uint64_t
calendar_ahead_ms(uint64_t ms)
{
	unsigned month, of_month;
	int year;

	ms = clamp(ms);
	calendar_civil((calendar_day)(ms / DAY_MS), &year, &month, &of_month);
	return ms >= change_ms(year, 3) && ms < change_ms(year, 10) ? 3 * HOUR_MS : 2 * HOUR_MS;
}

calendar_day
calendar_day_at(uint64_t ms)
{
	ms = clamp(ms);
	ms = (ms + calendar_ahead_ms(ms)) / DAY_MS;
	return ms < (uint64_t)DAY_MAX ? (calendar_day)ms : DAY_MAX;
}

/* LOCAL: milliseconds of Riga's clock. An hour that comes twice is taken for its first time. */
static uint64_t
utc_of(uint64_t local)
{
	uint64_t summer = local > 3 * HOUR_MS ? local - 3 * HOUR_MS : 0;

	if (calendar_ahead_ms(summer) == 3 * HOUR_MS)
		return summer;
	return local > 2 * HOUR_MS ? local - 2 * HOUR_MS : 0;
}

static uint64_t
local_of(uint64_t ms)
{
	ms = clamp(ms);
	return ms + calendar_ahead_ms(ms);
}

static calendar_day
bound(calendar_day day)
{
	return day < 0 ? 0 : day < DAY_MAX ? day : DAY_MAX;
}

uint64_t
calendar_start_ms(calendar_day day)
{
	return utc_of((uint64_t)bound(day) * DAY_MS);
}

uint64_t
calendar_end_ms(calendar_day day)
{
	const uint64_t end = listed()->day_end_ms;

	return utc_of((uint64_t)bound(day) * DAY_MS + (end != 0 ? end : DAY_END));
}

/* ---- Counting ---------------------------------------------------------------------------- */

static calendar_day
next_working(calendar_day day)
{
	while (day < DAY_MAX && !calendar_is_working(day))
		day++;
	return day;
}

uint64_t
calendar_after(uint64_t ms, unsigned working_days)
{
	calendar_day day = calendar_day_at(ms);

	if (working_days == 0)
		return calendar_by(day);
	for (; working_days > 0 && day < DAY_MAX; working_days--)
		day = next_working(day + 1);
	return calendar_end_ms(day);
}

uint64_t
calendar_before(uint64_t ms, unsigned working_days)
{
	calendar_day from = calendar_day_at(ms), day = from;

	for (; working_days > 0 && day > 0; working_days--)
		do
			day--;
		while (day > 0 && !calendar_is_working(day));
	return utc_of(local_of(ms) - (uint64_t)(from - day) * DAY_MS);
}

uint64_t
calendar_by(calendar_day day)
{
	return calendar_end_ms(next_working(bound(day)));
}

unsigned
calendar_between(calendar_day from, calendar_day to, unsigned most)
{
	unsigned count = 0;

	while (from < to && from < DAY_MAX && count < most)
		count += calendar_is_working(++from);
	return count;
}

calendar_day
calendar_month_start(calendar_day day)
{
	unsigned month, of_month;
	int year;

	calendar_civil(day, &year, &month, &of_month);
	return calendar_day_of(year, month, 1);
}
