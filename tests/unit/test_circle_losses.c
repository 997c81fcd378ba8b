/* tests/unit/test_circle_losses.c: what members of a circle have, after receipts and acts were lost on their way. */
#include "tests/unit/circle_room.h"

#include "services/runtime/exchange/history.h"
#include "services/runtime/store/history_store.h"

/* Time passes, so that what is tried again later is. */
static void
let_it_settle(void)
{
	for (unsigned i = 0; i < 3; i++) {
		rooms_settle();
		rooms_wait(2 * HISTORY_ASK_MAX_MS);
	}
	rooms_settle();
}

/* The first entry of the circle that LINE passed on to PARTY. */
static struct history_pass
pass_to(struct line *line, const uint8_t *circle, const char *party)
{
	const struct circles *circles = circle_at(line, circle);
	struct history_pass pass = {.times = 0};

	for (size_t i = 0; i < circles->count; i++)
		if (history_store_pass(
			line->service->db, circles->acts[i].event_n, party, &pass) == STATUS_OK)
			return pass;
	fail_msg("nothing was passed on to %s", party);
	return pass;
}

/* ---- Receipts ---------------------------------------------------------------------------- */

static void
what_members_write_before_our_receipt_comes_is_taken_however_much_it_is(void **state)
{
	struct shared shared;
	uint8_t id[SUITE_ID_LEN];

	(void)state;
	record_consent(&two.school, &shared);
	assert_int_equal(open_case_with(&shared, police_and_court, 2), STATUS_OK);
	line_work(&two.school);
	line_kill(&two.school);
	line_start(&two.school);
	for (unsigned i = 0; i < 20; i++) {
		settle();
		assert_int_equal(
		    report(i % 2 == 0 ? &two.police : &two.third, shared.circle, id),
		    STATUS_OK);
	}
	rooms_settle();
	assert_int_equal(problems(&two.school, "unreadable"), 0);
	assert_one_history(three, 3, shared.circle);
}

/* ---- Coming and going -------------------------------------------------------------------- */

static void
who_left_and_is_added_again_gets_what_was_written_meanwhile(void **state)
{
	struct shared shared;

	(void)state;
	open_it(&shared);
	assert_int_equal(
	    plain(&two.police, shared.circle, MESSAGE_CASE_LEAVE, NULL), STATUS_OK);
	rooms_settle();
	assert_int_equal(report(&two.school, shared.circle, NULL), STATUS_OK);
	assert_int_equal(report(&two.third, shared.circle, NULL), STATUS_OK);
	rooms_settle();
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "police"), STATUS_OK);
	rooms_settle();
	assert_one_history(three, 3, shared.circle);
}

static void
what_was_written_by_who_left_comes_to_who_joins_later_with_its_acts_alone(void **state)
{
	struct line *const rest[] = {&two.school, &two.third, &two.fourth};
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	assert_int_equal(report(&two.police, shared.circle, told), STATUS_OK);
	rooms_settle();
	assert_int_equal(
	    plain(&two.police, shared.circle, MESSAGE_CASE_LEAVE, NULL), STATUS_OK);
	rooms_settle();
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	let_it_settle();
	assert_one_history(rest, 3, shared.circle);
	assert_false(was_shown(&two.fourth, shared.circle, told, FIELD_FAMILY));
	assert_int_equal(rows_of(&two.fourth, shared.circle, EVENT_MESSAGE, "police"), 2);
}

static void
who_takes_over_a_place_gets_what_was_written_by_who_had_it(void **state)
{
	struct line *const rest[] = {&two.school, &two.third, &two.fourth};
	struct shared shared;

	(void)state;
	open_it(&shared);
	assert_int_equal(report(&two.police, shared.circle, NULL), STATUS_OK);
	rooms_settle();
	assert_int_equal(
	    plain(&two.police, shared.circle, MESSAGE_CASE_HAND_OVER, "social"), STATUS_OK);
	let_it_settle();
	assert_one_history(rest, 3, shared.circle);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(problems(rest[i], "stuck"), 0);
}

static void
who_was_removed_while_it_was_suspended_hears_it_and_gets_no_content_more(void **state)
{
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	suspend("court");
	rooms_settle();
	assert_int_equal(report(&two.school, shared.circle, told), STATUS_OK);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_REMOVE, "court"), STATUS_OK);
	assert_int_equal(report(&two.school, shared.circle, NULL), STATUS_OK);
	settle();
	lift("court");
	let_it_settle();
	assert_int_equal(rows_of(&two.third, shared.circle, EVENT_MESSAGE, "school"), 3);
	assert_false(was_shown(&two.third, shared.circle, told, FIELD_FAMILY));
	assert_false(circle_is_member(
	    &circle_at(&two.third, shared.circle)->circle, "court", UINT64_MAX));
}

static void
who_could_not_be_told_of_the_opening_itself_hears_of_it_by_a_pass(void **state)
{
	struct shared shared;

	(void)state;
	record_consent(&two.school, &shared);
	suspend("court");
	rooms_settle();
	assert_int_equal(open_case_with(&shared, police_and_court, 2), STATUS_OK);
	settle();
	lift("court");
	let_it_settle();
	assert_one_history(three, 3, shared.circle);
	assert_int_equal(task_of(&two.third, shared.circle).state, TASK_OPEN);
}

/* ---- Passes ------------------------------------------------------------------------------ */

static void
a_pass_that_was_not_taken_goes_again_later(void **state)
{
	struct history_pass pass;
	struct shared shared;

	(void)state;
	open_it(&shared);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	rooms_settle();
	pass = pass_to(&two.school, shared.circle, "social");
	assert_int_equal(pass.how, PASSED_CONTENT);
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(history_returned(two.school.service, pass.task_n), STATUS_OK);
	service_commit(two.school.service, "act");
	rooms_settle();
	pass = pass_to(&two.school, shared.circle, "social");
	assert_int_equal(pass.how, PASSED_DUE);
	rooms_wait(HISTORY_AGAIN_MS);
	rooms_settle();
	pass = pass_to(&two.school, shared.circle, "social");
	assert_int_equal(pass.how, PASSED_CONTENT);
	assert_int_equal(pass.times, 2);
}

static void
a_pass_that_is_never_taken_goes_once_a_day(void **state)
{
	struct history_pass pass;
	struct shared shared;

	(void)state;
	open_it(&shared);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	rooms_settle();
	pass = pass_to(&two.school, shared.circle, "social");
	pass.times = 30;
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(history_store_set_pass(two.school.service->db, &pass), STATUS_OK);
	assert_int_equal(history_returned(two.school.service, pass.task_n), STATUS_OK);
	service_commit(two.school.service, "act");
	rooms_wait(HISTORY_SELDOM_MS - 60000);
	rooms_settle();
	assert_int_equal(pass_to(&two.school, shared.circle, "social").times, 30);
	rooms_wait(HISTORY_SELDOM_MS);
	rooms_settle();
	assert_int_equal(pass_to(&two.school, shared.circle, "social").times, 31);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CIRCLE_TEST(
		what_members_write_before_our_receipt_comes_is_taken_however_much_it_is),
	    CIRCLE_TEST(who_left_and_is_added_again_gets_what_was_written_meanwhile),
	    CIRCLE_TEST(
		what_was_written_by_who_left_comes_to_who_joins_later_with_its_acts_alone),
	    CIRCLE_TEST(
		who_was_removed_while_it_was_suspended_hears_it_and_gets_no_content_more),
	    CIRCLE_TEST(who_takes_over_a_place_gets_what_was_written_by_who_had_it),
	    CIRCLE_TEST(who_could_not_be_told_of_the_opening_itself_hears_of_it_by_a_pass),
	    CIRCLE_TEST(a_pass_that_was_not_taken_goes_again_later),
	    CIRCLE_TEST(a_pass_that_is_never_taken_goes_once_a_day),
	};

	return cmocka_run_group_tests_name("circle_losses", tests, NULL, NULL);
}
