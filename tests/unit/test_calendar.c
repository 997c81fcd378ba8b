/* tests/unit/test_calendar.c: working days of Latvia and Riga's time, against years checked by hand. */
#include "services/runtime/task/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/lists/lists.h"

#define HOUR_MS ((uint64_t)3600000)
#define DAY_MS  (24 * HOUR_MS)

static calendar_day
day_of(const char *text)
{
	calendar_day day = -1;

	assert_true(calendar_date(bytes_of_text(text), &day));
	return day;
}

/* "2026-03-29T01:00" UTC */
static uint64_t
utc(const char *text)
{
	char date[11];
	char *end;
	uint64_t hour, minute;

	memcpy(date, text, 10);
	date[10] = '\0';
	hour = strtoul(text + 11, &end, 10);
	minute = strtoul(end + 1, &end, 10);
	assert_ptr_equal(end, text + 16);
	return (uint64_t)day_of(date) * DAY_MS + hour * HOUR_MS + minute * (uint64_t)60000;
}

static int
set_up(void **state)
{
	(void)state;
	return lists_start() == STATUS_OK ? 0 : -1;
}

/* ---- Dates ------------------------------------------------------------------------------- */

static void
every_day_of_four_centuries_has_its_date_and_weekday(void **state)
{
	static const unsigned lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	calendar_day day = 0;
	unsigned weekday = 4; /* 1 January 1970 was a Thursday */

	(void)state;
	for (int year = 1970; year < 2370; year++) {
		bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

		for (unsigned month = 1; month <= 12; month++) {
			unsigned length = lengths[month - 1] + (month == 2 && leap);

			for (unsigned d = 1; d <= length; d++, day++) {
				unsigned m, of_month;
				int y;

				assert_int_equal(calendar_day_of(year, month, d), day);
				calendar_civil(day, &y, &m, &of_month);
				assert_true(y == year && m == month && of_month == d);
				assert_int_equal(calendar_weekday(day), weekday);
				weekday = weekday % 7 + 1;
			}
		}
	}
}

static void
what_is_no_date_is_refused(void **state)
{
	static const char *const wrong[] = {"", "2026-02-29", "2026-13-01", "2026-00-10",
	    "2026-04-31", "2026-4-30", "1969-12-31", "2026/04/30", "2026-04-3x", "-026-04-30"};
	calendar_day day = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(calendar_date(bytes_of_text(wrong[i]), &day));
	assert_int_equal(day, 7);
	assert_true(calendar_date(bytes_of_text("2028-02-29"), &day));
	assert_true(calendar_date(bytes_of_text("9999-12-31"), &day));
}

static void
easter_falls_where_the_almanac_has_it(void **state)
{
	static const char *const easters[] = {"1970-03-29", "2000-04-23", "2008-03-23",
	    "2011-04-24", "2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28",
	    "2028-04-16", "2038-04-25", "2049-04-18", "2076-04-19", "2285-03-22"};
	unsigned month, day;
	int year;

	(void)state;
	for (size_t i = 0; i < sizeof(easters) / sizeof(easters[0]); i++) {
		calendar_civil(day_of(easters[i]), &year, &month, &day);
		assert_int_equal(calendar_easter(year), day_of(easters[i]));
	}
}

/* ---- Working days ------------------------------------------------------------------------ */

/* Every Monday to Friday of 2024 to 2028 that is free, looked up in printed calendars. */
static const char *const free_weekdays[] = {
    /* 2024: 4 May is a Saturday; two days of December are moved */
    "2024-01-01", "2024-03-29", "2024-04-01", "2024-05-01", "2024-05-06", "2024-06-24",
    "2024-11-18", "2024-12-23", "2024-12-24", "2024-12-25", "2024-12-26", "2024-12-30",
    "2024-12-31",
    /* 2025: 4 May is a Sunday */
    "2025-01-01", "2025-04-18", "2025-04-21", "2025-05-01", "2025-05-02", "2025-05-05",
    "2025-06-23", "2025-06-24", "2025-11-17", "2025-11-18", "2025-12-24", "2025-12-25",
    "2025-12-26", "2025-12-31",
    /* 2026 */
    "2026-01-01", "2026-01-02", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-04",
    "2026-06-22", "2026-06-23", "2026-06-24", "2026-11-18", "2026-12-24", "2026-12-25",
    "2026-12-31",
    /* 2027: no day is moved yet */
    "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-04", "2027-06-23", "2027-06-24",
    "2027-11-18", "2027-12-24", "2027-12-31",
    /* 2028: 18 November is a Saturday */
    "2028-04-14", "2028-04-17", "2028-05-01", "2028-05-04", "2028-06-23", "2028-11-20",
    "2028-12-25", "2028-12-26"};

static void
five_years_have_exactly_the_working_days_that_were_counted_by_hand(void **state)
{
	calendar_day end = day_of("2028-12-31");

	(void)state;
	for (calendar_day day = day_of("2024-01-01"); day <= end; day++) {
		bool working = calendar_weekday(day) < 6;

		for (size_t i = 0; i < sizeof(free_weekdays) / sizeof(free_weekdays[0]); i++)
			working = working && day != day_of(free_weekdays[i]);
		if (calendar_is_working(day) != working)
			fail_msg("day %d, weekday %u", day, calendar_weekday(day));
	}
}

static void
what_makes_up_for_a_sunday_is_the_next_working_day_and_no_other(void **state)
{
	(void)state;
	/* The celebration's closing day was Sunday, 9 July 2023. */
	assert_false(calendar_is_working(day_of("2023-07-10")));
	assert_true(calendar_is_working(day_of("2023-07-11")));
	/* 18 November 2029 is a Sunday, 2023 a Saturday; 31 December makes up for nothing. */
	assert_false(calendar_is_working(day_of("2029-11-19")));
	assert_true(calendar_is_working(day_of("2029-11-20")));
	assert_false(calendar_is_working(day_of("2023-11-20")));
	assert_true(calendar_is_working(day_of("2023-01-02")));
	/* Mother's day and Pentecost are Sundays; no day makes up for them. */
	assert_true(calendar_is_working(day_of("2026-05-11")));
	assert_true(calendar_is_working(day_of("2026-05-25")));
}

/*
 * The law a second time: Easter as the almanac has it, and whether 4 May and 18 November are made
 * up for on a Monday. What a law or an order made free for one year stands in the list alone.
 */
static const struct {
	const char *easter, *may_made_up, *november_made_up, *others[4];
} years[] = {
    {"2018-04-01", NULL, "2018-11-19", {"2018-07-09", "2018-09-24"}},
    {"2019-04-21", "2019-05-06", NULL, {NULL}},
    {"2020-04-12", NULL, NULL, {NULL}},
    {"2021-04-04", NULL, NULL, {NULL}},
    {"2022-04-17", NULL, NULL, {NULL}},
    {"2023-04-09", NULL, "2023-11-20", {"2023-05-29", "2023-07-10"}},
    {"2024-03-31", "2024-05-06", NULL, {"2024-12-23", "2024-12-30"}},
    {"2025-04-20", "2025-05-05", NULL, {"2025-05-02", "2025-11-17"}},
    {"2026-04-05", NULL, NULL, {"2026-01-02", "2026-06-22"}},
    {"2027-03-28", NULL, NULL, {NULL}},
    {"2028-04-16", NULL, "2028-11-20", {NULL}},
    {"2029-04-01", NULL, "2029-11-19", {NULL}},
    {"2030-04-21", "2030-05-06", NULL, {NULL}},
};
#define YEARS (sizeof(years) / sizeof(years[0]))

/* The computus of Gauss, in the form of Lichtenberg, which has no exceptions. */
static calendar_day
easter_by_gauss(int year)
{
	int k = year / 100, m = 15 + (3 * k + 3) / 4 - (8 * k + 13) / 25;
	int s = 2 - (3 * k + 3) / 4, a = year % 19, d = (19 * a + m) % 30;
	int r = (d + a / 11) / 29, og = 21 + d - r;
	int sz = 7 - (year + year / 4 + s) % 7, oe = 7 - (og - sz) % 7;

	return calendar_day_of(year, 3, 1) + og + oe - 1;
}

static bool
is_day(calendar_day day, const char *text)
{
	return text != NULL && day == day_of(text);
}

static void
thirteen_years_have_the_holidays_that_the_law_gives_and_no_others(void **state)
{
	static const char *const fixed[] = {"-01-01", "-05-01", "-05-04", "-06-23", "-06-24",
	    "-11-18", "-12-24", "-12-25", "-12-26", "-12-31"};
	char date[11];

	(void)state;
	for (size_t y = 0; y < YEARS; y++) {
		int year = 2018 + (int)y;
		calendar_day easter = day_of(years[y].easter), end;

		assert_int_equal(calendar_easter(year), easter);
		assert_int_equal(calendar_weekday(easter), 7);
		end = calendar_day_of(year, 12, 31);
		for (calendar_day day = calendar_day_of(year, 1, 1); day <= end; day++) {
			bool free = calendar_weekday(day) > 5 || day == easter - 2 ||
			            day == easter + 1 || is_day(day, years[y].may_made_up) ||
			            is_day(day, years[y].november_made_up);
			unsigned month, of_month;
			int same;

			calendar_civil(day, &same, &month, &of_month);
			snprintf(date, sizeof(date), "-%02u-%02u", month % 100, of_month % 100);
			for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
				free = free || strcmp(date, fixed[i]) == 0;
			for (size_t i = 0; i < 4; i++)
				free = free || is_day(day, years[y].others[i]);
			if (calendar_is_working(day) == free)
				fail_msg("%d%s", year, date);
		}
	}
}

static void
easter_is_the_same_by_another_reckoning_for_three_centuries(void **state)
{
	(void)state;
	for (int year = 1970; year < 2300; year++)
		assert_int_equal(calendar_easter(year), easter_by_gauss(year));
}

/* ---- Riga -------------------------------------------------------------------------------- */

static void
riga_changes_its_clocks_on_the_last_sundays_of_march_and_october(void **state)
{
	static const char *const springs[] = {
	    "2024-03-31", "2025-03-30", "2026-03-29", "2027-03-28", "2028-03-26"};
	static const char *const autumns[] = {
	    "2024-10-27", "2025-10-26", "2026-10-25", "2027-10-31", "2028-10-29"};

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		uint64_t spring = (uint64_t)day_of(springs[i]) * DAY_MS + HOUR_MS;
		uint64_t autumn = (uint64_t)day_of(autumns[i]) * DAY_MS + HOUR_MS;

		assert_int_equal(calendar_ahead_ms(spring - 1), 2 * HOUR_MS);
		assert_int_equal(calendar_ahead_ms(spring), 3 * HOUR_MS);
		assert_int_equal(calendar_ahead_ms(autumn - 1), 3 * HOUR_MS);
		assert_int_equal(calendar_ahead_ms(autumn), 2 * HOUR_MS);
	}
}

static void
a_day_begins_and_ends_by_rigas_clock(void **state)
{
	(void)state;
	assert_int_equal(calendar_day_at(utc("2026-11-22T21:59")), day_of("2026-11-22"));
	assert_int_equal(calendar_day_at(utc("2026-11-22T22:00")), day_of("2026-11-23"));
	assert_int_equal(calendar_day_at(utc("2026-07-01T20:59")), day_of("2026-07-01"));
	assert_int_equal(calendar_day_at(utc("2026-07-01T21:00")), day_of("2026-07-02"));
	assert_int_equal(calendar_start_ms(day_of("2026-11-23")), utc("2026-11-22T22:00"));
	assert_int_equal(calendar_start_ms(day_of("2026-03-30")), utc("2026-03-29T21:00"));
	/* The day of 23 hours, and the one of 25. */
	assert_int_equal(calendar_start_ms(day_of("2026-03-29")), utc("2026-03-28T22:00"));
	assert_int_equal(calendar_start_ms(day_of("2026-10-25")), utc("2026-10-24T21:00"));
	assert_int_equal(calendar_start_ms(day_of("2026-10-26")), utc("2026-10-25T22:00"));
	assert_int_equal(calendar_end_ms(day_of("2026-03-27")), utc("2026-03-27T15:00"));
	assert_int_equal(calendar_end_ms(day_of("2026-03-30")), utc("2026-03-30T14:00"));
	for (calendar_day day = 0; day < day_of("2040-01-01"); day += 13)
		assert_int_equal(calendar_day_at(calendar_start_ms(day)), day);
}

/* ---- Counting ---------------------------------------------------------------------------- */

static void
working_days_are_counted_from_the_day_after_to_the_end_of_the_last(void **state)
{
	(void)state;
	/* Monday morning, and late on a Friday: the hour does not matter. */
	assert_int_equal(calendar_after(utc("2026-11-23T07:00"), 1), utc("2026-11-24T15:00"));
	assert_int_equal(calendar_after(utc("2026-11-20T20:00"), 1), utc("2026-11-23T15:00"));
	assert_int_equal(calendar_after(utc("2026-11-21T10:00"), 1), utc("2026-11-23T15:00"));
	assert_int_equal(calendar_after(utc("2026-11-20T10:00"), 5), utc("2026-11-27T15:00"));
	/* Over 18 November, over Easter and the change of clocks, over the year's end. */
	assert_int_equal(calendar_after(utc("2026-11-16T10:00"), 5), utc("2026-11-24T15:00"));
	assert_int_equal(calendar_after(utc("2027-03-25T10:00"), 1), utc("2027-03-30T14:00"));
	assert_int_equal(calendar_after(utc("2026-12-23T10:00"), 1), utc("2026-12-28T15:00"));
	assert_int_equal(calendar_after(utc("2025-12-30T10:00"), 1), utc("2026-01-05T15:00"));
	assert_int_equal(calendar_after(utc("2024-04-30T10:00"), 3), utc("2024-05-07T14:00"));
	/* 22:30 UTC of a Sunday is Monday in Riga. */
	assert_int_equal(calendar_after(utc("2026-11-22T22:30"), 1), utc("2026-11-24T15:00"));
	assert_int_equal(calendar_after(utc("2026-11-22T10:00"), 0), utc("2026-11-23T15:00"));
}

static void
a_date_that_is_free_is_over_with_the_next_working_day(void **state)
{
	(void)state;
	assert_int_equal(calendar_by(day_of("2026-11-23")), utc("2026-11-23T15:00"));
	assert_int_equal(calendar_by(day_of("2026-11-28")), utc("2026-11-30T15:00"));
	assert_int_equal(calendar_by(day_of("2026-12-24")), utc("2026-12-28T15:00"));
}

static void
days_before_keep_the_hour_in_riga(void **state)
{
	(void)state;
	assert_int_equal(calendar_before(utc("2026-11-23T15:00"), 1), utc("2026-11-20T15:00"));
	assert_int_equal(calendar_before(utc("2026-03-30T14:00"), 1), utc("2026-03-27T15:00"));
	assert_int_equal(calendar_before(utc("2026-01-05T15:00"), 1), utc("2025-12-30T15:00"));
	assert_int_equal(calendar_before(utc("2026-01-05T15:00"), 0), utc("2026-01-05T15:00"));
	assert_int_equal(calendar_between(day_of("2025-12-30"), day_of("2026-01-05"), 99), 1);
	assert_int_equal(calendar_between(day_of("2026-11-20"), day_of("2027-11-20"), 99), 99);
	assert_int_equal(calendar_between(day_of("2026-11-20"), day_of("2026-11-20"), 99), 0);
}

static void
times_beyond_the_calendar_end_with_it(void **state)
{
	static const uint64_t wild[] = {
	    CALENDAR_MS_MAX, CALENDAR_MS_MAX + 1, INT64_MAX, UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
		assert_int_equal(calendar_day_at(wild[i]), day_of("9999-12-31"));
		assert_true(calendar_after(wild[i], 1000) <= CALENDAR_MS_MAX);
		assert_true(calendar_before(wild[i], 1) <= CALENDAR_MS_MAX);
		assert_int_equal(calendar_ahead_ms(wild[i]), 2 * HOUR_MS);
	}
	assert_int_equal(calendar_before(0, 5), 0);
	assert_true(calendar_after(0, 1) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_day_of_four_centuries_has_its_date_and_weekday),
	    cmocka_unit_test(what_is_no_date_is_refused),
	    cmocka_unit_test(easter_falls_where_the_almanac_has_it),
	    cmocka_unit_test(
		five_years_have_exactly_the_working_days_that_were_counted_by_hand),
	    cmocka_unit_test(thirteen_years_have_the_holidays_that_the_law_gives_and_no_others),
	    cmocka_unit_test(easter_is_the_same_by_another_reckoning_for_three_centuries),
	    cmocka_unit_test(what_makes_up_for_a_sunday_is_the_next_working_day_and_no_other),
	    cmocka_unit_test(riga_changes_its_clocks_on_the_last_sundays_of_march_and_october),
	    cmocka_unit_test(a_day_begins_and_ends_by_rigas_clock),
	    cmocka_unit_test(
		working_days_are_counted_from_the_day_after_to_the_end_of_the_last),
	    cmocka_unit_test(a_date_that_is_free_is_over_with_the_next_working_day),
	    cmocka_unit_test(days_before_keep_the_hour_in_riga),
	    cmocka_unit_test(times_beyond_the_calendar_end_with_it),
	};

	return cmocka_run_group_tests_name("calendar", tests, set_up, NULL);
}
