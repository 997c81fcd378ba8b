/* tests/unit/test_climbs_circle.c: of several that wait, one tells the management group's chair. */
#include "tests/unit/circle_room.h"

#include "services/runtime/exchange/climbs.h"

/* Whether LINE puts it down that what is not its own stays overdue in the case of SHARED. */
static bool
puts_down(struct line *line, const struct shared *shared)
{
	struct task_row task = task_of(line, shared->circle);
	const struct deadline_row row = {.task_n = task.n,
	    .what = "convene",
	    .due_ms = 1,
	    .stage = DEADLINE_MANAGEMENT,
	    .sure = DEADLINE_MANAGEMENT};
	struct climb_row climb = {0};
	enum status rc;

	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(climbs_reached(line->service, &task, &row), STATUS_OK);
	rc = climb_store_next(line->service->db, &climb, &climb);
	assert_true(rc == STATUS_OK || rc == STATUS_NOT_FOUND);
	service_rollback(line->service);
	return rc == STATUS_OK;
}

static void
what_a_lead_owes_to_all_the_first_of_the_others_tells(void **state)
{
	struct shared shared;

	(void)state;
	open_it(&shared);
	assert_int_equal(task_of(&two.third, shared.circle).side, TASK_RECIPIENT);
	assert_true(puts_down(&two.police, &shared));
	assert_false(puts_down(&two.third, &shared));
	/* What the others owe, the lead waits for. */
	assert_true(puts_down(&two.school, &shared));
}

/* It could tell nobody, and what is late would come to nobody above. */
static void
where_the_first_is_suspended_the_next_tells(void **state)
{
	static const char *const others[] = {"police", "court"};
	struct shared shared;

	(void)state;
	record_consent(&two.school, &shared);
	assert_int_equal(open_case_with(&shared, others, 2), STATUS_OK);
	rooms_settle();
	suspend("police");
	rooms_settle();
	assert_true(puts_down(&two.third, &shared));
	lift("police");
	rooms_settle();
	assert_false(puts_down(&two.third, &shared));
	assert_true(puts_down(&two.police, &shared));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CIRCLE_TEST(what_a_lead_owes_to_all_the_first_of_the_others_tells),
	    CIRCLE_TEST(where_the_first_is_suspended_the_next_tells),
	};

	return cmocka_run_group_tests_name("climbs_circle", tests, NULL, NULL);
}
