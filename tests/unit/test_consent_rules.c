/* tests/unit/test_consent_rules.c: who may give consent, at every age and with every word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/lists/lists.h"
#include "services/runtime/task/consent_rules.h"

static int
set_up(void **state)
{
	(void)state;
	return lists_start() == STATUS_OK ? 0 : -1;
}

static calendar_day
day(const char *text)
{
	calendar_day out;

	assert_true(calendar_date(bytes_of_text(text), &out));
	return out;
}

static void
years_are_full_on_the_birthday(void **state)
{
	static const struct {
		const char *born, *on;
		unsigned age;
	} cases[] = {
	    {"2010-05-17", "2010-05-16", 0},
	    {"2010-05-17", "2010-05-17", 0},
	    {"2010-05-17", "2024-05-16", 13},
	    {"2010-05-17", "2024-05-17", 14},
	    {"2010-05-17", "2028-05-16", 17},
	    {"2010-05-17", "2028-05-17", 18},
	    {"2010-12-31", "2025-01-01", 14},
	    {"2010-01-01", "2027-12-31", 17},
	    /* Without a 29 February it is 1 March. */
	    {"2008-02-29", "2026-02-28", 17},
	    {"2008-02-29", "2026-03-01", 18},
	    {"2008-02-29", "2028-02-28", 19},
	    {"2008-02-29", "2028-02-29", 20},
	    {"2096-02-29", "2100-02-28", 3},
	    {"2096-02-29", "2100-03-01", 4},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    consent_rules_age(day(cases[i].born), day(cases[i].on)), cases[i].age);
}

static void
a_birthday_is_the_first_day_of_the_new_age(void **state)
{
	calendar_day birth = day("2007-12-30");

	(void)state;
	for (unsigned i = 0; i < 800; i++, birth++) {
		for (unsigned years = 1; years < 20; years++) {
			calendar_day then = consent_rules_birthday(birth, years);

			assert_int_equal(consent_rules_age(birth, then), years);
			assert_int_equal(consent_rules_age(birth, then - 1), years - 1);
		}
	}
}

static void
days_are_written_as_they_are_read(void **state)
{
	char text[11];

	(void)state;
	for (calendar_day at = day("1999-12-31"); at < day("2009-01-02"); at++) {
		consent_rules_write(at, text);
		assert_int_equal(day(text), at);
	}
}

#define CHILD_OF_10 "2016-05-01"
#define CHILD_OF_14 "2012-11-22"
#define ALMOST_18   "2008-11-23"
#define PUPIL_OF_18 "2008-11-22"

static void
age_capacity_view_and_the_child_decide_whether_it_counts(void **state)
{
	static const struct {
		struct consent_giving giving;
		enum consent_lack lack;
	} cases[] = {
	    {{"parent", CHILD_OF_10, "Gribu.", "", "not_asked"}, CONSENT_LACKS_NOTHING},
	    {{"guardian", CHILD_OF_10, "", "too_young", ""}, CONSENT_LACKS_NOTHING},
	    {{"court_appointed", CHILD_OF_10, "Gribu.", "", ""}, CONSENT_LACKS_NOTHING},
	    {{"neighbour", CHILD_OF_10, "Gribu.", "", "given"}, CONSENT_LACKS_CAPACITY},
	    {{"", CHILD_OF_10, "Gribu.", "", "given"}, CONSENT_LACKS_CAPACITY},
	    {{"parent", "", "Gribu.", "", "given"}, CONSENT_LACKS_BIRTH_DATE},
	    {{"parent", "2012-02-30", "Gribu.", "", "given"}, CONSENT_LACKS_BIRTH_DATE},
	    {{"parent", "2026-11-23", "Gribu.", "", "given"}, CONSENT_LACKS_BIRTH_DATE},
	    {{"parent", CHILD_OF_10, "", "", "given"}, CONSENT_LACKS_VIEW},
	    {{"parent", CHILD_OF_10, "", "because", "given"}, CONSENT_LACKS_VIEW},
	    {{"parent", "2012-11-23", "Gribu.", "", "refused"}, CONSENT_LACKS_NOTHING},
	    {{"parent", CHILD_OF_14, "Gribu.", "", "given"}, CONSENT_LACKS_NOTHING},
	    {{"parent", CHILD_OF_14, "Gribu.", "", "refused"}, CONSENT_LACKS_CHILD_CONSENT},
	    {{"parent", CHILD_OF_14, "Gribu.", "", "not_asked"}, CONSENT_LACKS_CHILD_CONSENT},
	    {{"parent", CHILD_OF_14, "Gribu.", "", ""}, CONSENT_LACKS_CHILD_CONSENT},
	    {{"parent", CHILD_OF_14, "", "", "given"}, CONSENT_LACKS_VIEW},
	    {{"parent", ALMOST_18, "Gribu.", "", "given"}, CONSENT_LACKS_NOTHING},
	    {{"child", CHILD_OF_10, "Gribu.", "", "given"}, CONSENT_LACKS_AGE},
	    {{"child", ALMOST_18, "Gribu.", "", "given"}, CONSENT_LACKS_AGE},
	    {{"child", PUPIL_OF_18, "", "", ""}, CONSENT_LACKS_NOTHING},
	    {{"parent", PUPIL_OF_18, "Gribu.", "", "given"}, CONSENT_LACKS_PUPIL},
	    {{"guardian", PUPIL_OF_18, "Gribu.", "", "given"}, CONSENT_LACKS_PUPIL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum consent_lack lack =
		    consent_rules_judge(&cases[i].giving, day("2026-11-22"));

		if (lack != cases[i].lack)
			fail_msg("case %zu lacks %d", i, (int)lack);
	}
}

static void
the_numbers_are_the_list_s(void **state)
{
	(void)state;
	assert_int_equal(consent_rules()->own_from, 14);
	assert_int_equal(consent_rules()->adult_from, 18);
	assert_int_equal(consent_rules()->remind_days, 14);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(years_are_full_on_the_birthday),
	    cmocka_unit_test(a_birthday_is_the_first_day_of_the_new_age),
	    cmocka_unit_test(days_are_written_as_they_are_read),
	    cmocka_unit_test(age_capacity_view_and_the_child_decide_whether_it_counts),
	    cmocka_unit_test(the_numbers_are_the_list_s),
	};

	return cmocka_run_group_tests_name("consent_rules", tests, set_up, NULL);
}
