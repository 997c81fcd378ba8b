/* tests/unit/test_sitting_group.c: who may sit, chair, stand in, how many are needed, until when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/lists/lists.h"
#include "services/runtime/task/calendar.h"
#include "services/runtime/task/sitting.h"

static int
set_up(void **state)
{
	(void)state;
	return lists_start() == STATUS_OK ? 0 : -1;
}

static struct sitting_group
named(const char *code)
{
	struct sitting_group group;

	assert_true(sitting_group_named(bytes_of_text(code), &group));
	return group;
}

static void
every_group_of_the_list_is_sound(void **state)
{
	const struct list *list = list_named("cooperation-groups");
	struct sitting_group group, before;

	(void)state;
	assert_non_null(list);
	for (unsigned i = 0; i < list_rows(list); i++) {
		group = named(list_text(list, i, "code"));
		assert_true(list_text(list, i, "source")[0] != '\0');
		if (group.after[0] != '\0')
			assert_true(sitting_group_named(bytes_of_text(group.after), &before));
	}
	assert_false(sitting_group_named(bytes_of_text("none"), &group));
}

static void
only_kinds_of_the_group_sit_in_it_and_those_who_may_stand_in(void **state)
{
	const struct sitting_group specialists = named("specialists"), team = named("team"),
				   management = named("management");

	(void)state;
	assert_true(sitting_may_sit(&specialists, "ngo"));
	assert_true(sitting_may_sit(&specialists, "school"));
	assert_true(sitting_may_sit(&specialists, "preschool"));
	assert_false(sitting_may_sit(&specialists, "education_board"));
	assert_true(sitting_may_sit(&management, "education_board"));
	assert_false(sitting_may_sit(&management, "school"));
	assert_true(sitting_may_sit(&team, "crisis_centre"));
	assert_false(sitting_may_sit(&team, "no_such_kind"));
	assert_false(sitting_may_sit(&team, ""));
}

static void
the_chair_and_the_secretary_are_of_their_kind(void **state)
{
	const struct sitting_group specialists = named("specialists"), team = named("team"),
				   school = named("school_team");

	(void)state;
	assert_true(sitting_may_chair(&specialists, "social_service"));
	assert_false(sitting_may_chair(&specialists, "orphans_court"));
	assert_false(sitting_may_write(&specialists, "school"));
	assert_true(sitting_may_chair(&team, "orphans_court"));
	assert_true(sitting_may_write(&team, "ngo"));
	assert_true(sitting_may_chair(&school, "preschool"));
	assert_false(sitting_may_chair(&school, "social_service"));
}

static void
whoever_stands_behind_may_stand_in_and_nobody_else(void **state)
{
	static const struct {
		const char *kind, *absent;
		bool may;
	} cases[] = {
	    {"school", "school", true},
	    {"vocational_school", "school", true},
	    {"preschool", "school", true},
	    {"preschool", "vocational_school", true},
	    {"school", "preschool", false},
	    {"school", "vocational_school", false},
	    {"municipal_police", "state_police", true},
	    {"state_police", "municipal_police", false},
	    {"municipal_police", "school", false},
	    {"preschool", "state_police", false},
	    {"ngo", "ngo", true},
	    {"ngo", "school", false},
	    {"", "school", false},
	    {"school", "", false},
	};
	const struct sitting_group group = named("specialists");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    sitting_may_stand_in(&group, cases[i].kind, cases[i].absent), cases[i].may);
}

static void
a_quorum_is_more_than_half_or_the_number_given(void **state)
{
	struct sitting_group group = named("specialists");

	(void)state;
	assert_int_equal(sitting_quorum(&group, 0), 1);
	assert_int_equal(sitting_quorum(&group, 1), 1);
	assert_int_equal(sitting_quorum(&group, 2), 2);
	assert_int_equal(sitting_quorum(&group, 3), 2);
	assert_int_equal(sitting_quorum(&group, 4), 3);
	assert_int_equal(sitting_quorum(&group, 17), 9);
	group.quorum = "5";
	assert_int_equal(sitting_quorum(&group, 12), 5);
	/* Not more than there are: nothing could be decided. */
	assert_int_equal(sitting_quorum(&group, 3), 3);
}

static void
a_row_that_is_nonsense_is_no_group(void **state)
{
	static const struct sitting_group sound = {"x", "school;ngo", "school", "ngo", "half",
	    "school>preschool;ngo>crisis_centre", ""};
	static const struct sitting_group rows[] = {
	    {"x", "school;nobody", "school", "ngo", "half", "", ""},
	    {"x", "school;;ngo", "school", "ngo", "half", "", ""},
	    {"x", "school;ngo;school", "school", "ngo", "half", "", ""},
	    {"x", "school;ngo", "state_police", "ngo", "half", "", ""},
	    {"x", "school;ngo", "school", "nobody", "half", "", ""},
	    {"x", "school;ngo", "school", "ngo", "", "", ""},
	    {"x", "school;ngo", "school", "ngo", "most", "", ""},
	    {"x", "school;ngo", "school", "ngo", "0", "", ""},
	    {"x", "school;ngo", "school", "ngo", "-1", "", ""},
	    {"x", "school;ngo", "school", "ngo", "18", "", ""},
	    {"x", "school;ngo", "school", "ngo", "99999999999999999999", "", ""},
	    {"x", "school;ngo", "school", "ngo", "half", "school", ""},
	    {"x", "school;ngo", "school", "ngo", "half", "school>", ""},
	    {"x", "school;ngo", "school", "ngo", "half", ">school", ""},
	    {"x", "school;ngo", "school", "ngo", "half", "school>school", ""},
	    {"x", "school;ngo", "school", "ngo", "half", "school>nobody", ""},
	    {"x", "school;ngo", "school", "ngo", "half", ";", ""},
	    {"x", "school;ngo", "school", "ngo", "half", "", "x"},
	};

	(void)state;
	assert_true(sitting_group_is_sound(&sound));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (sitting_group_is_sound(&rows[i]))
			fail_msg("row %zu is taken for a group", i);
}

static uint64_t
end_of(const char *text)
{
	calendar_day day;

	assert_true(calendar_date(bytes_of_text(text), &day));
	return calendar_end_ms(day);
}

static uint64_t
noon_of(const char *text)
{
	calendar_day day;

	assert_true(calendar_date(bytes_of_text(text), &day));
	return calendar_start_ms(day) + 12ULL * 3600 * 1000;
}

static void
corrections_end_ten_days_later_or_on_the_next_working_day(void **state)
{
	(void)state;
	/* A Monday and the Thursday of the week after. */
	assert_int_equal(sitting_corrections_end(noon_of("2026-10-05")), end_of("2026-10-15"));
	/* The tenth day is a Saturday. */
	assert_int_equal(sitting_corrections_end(noon_of("2026-10-07")), end_of("2026-10-19"));
	/* It is 24 December; the 25th and 26th are free, too, then comes a Sunday. */
	assert_int_equal(sitting_corrections_end(noon_of("2026-12-14")), end_of("2026-12-28"));
	/* The clock goes back on the way. */
	assert_int_equal(sitting_corrections_end(noon_of("2026-10-16")), end_of("2026-10-26"));
}

static void
decisions_are_issued_on_the_working_day_after(void **state)
{
	(void)state;
	assert_int_equal(sitting_decisions_end(noon_of("2026-10-05")), end_of("2026-10-06"));
	assert_int_equal(sitting_decisions_end(noon_of("2026-10-09")), end_of("2026-10-12"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_group_of_the_list_is_sound),
	    cmocka_unit_test(only_kinds_of_the_group_sit_in_it_and_those_who_may_stand_in),
	    cmocka_unit_test(the_chair_and_the_secretary_are_of_their_kind),
	    cmocka_unit_test(whoever_stands_behind_may_stand_in_and_nobody_else),
	    cmocka_unit_test(a_quorum_is_more_than_half_or_the_number_given),
	    cmocka_unit_test(a_row_that_is_nonsense_is_no_group),
	    cmocka_unit_test(corrections_end_ten_days_later_or_on_the_next_working_day),
	    cmocka_unit_test(decisions_are_issued_on_the_working_day_after),
	};

	return cmocka_run_group_tests_name("sitting_group", tests, set_up, NULL);
}
