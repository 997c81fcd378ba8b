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

static struct history_circle
circle_row(struct line *line, const uint8_t *circle)
{
	struct task_row task = task_of(line, circle);
	struct history_circle row;

	assert_int_equal(
	    history_store_circle(line->service->db, task.circle_n, &row), STATUS_OK);
	return row;
}

/* How many passes of LINE wait. */
static unsigned
passes_due(struct line *line)
{
	struct query *query;
	uint64_t count;

	assert_int_equal(database_query(line->service->db,
			     "SELECT count(*) FROM passed WHERE how = 'due'", &query),
	    STATUS_OK);
	assert_int_equal(query_number(query, &count), STATUS_OK);
	return (unsigned)count;
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

/* What is closed and opened again is open, though the first is sealed anew and the second is not. */
static void
what_is_sealed_anew_keeps_its_place_before_what_was_said_after_it(void **state)
{
	struct shared shared;

	(void)state;
	open_it(&shared);
	line_disconnect(&two.school);
	two.school.clock_ahead = (int64_t)(3 * HISTORY_ASK_MAX_MS);
	two.school.broker_agrees = true;
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_CLOSE, NULL), STATUS_OK);
	two.school.clock_ahead = 0;
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_REOPEN, NULL), STATUS_OK);
	let_it_settle();
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(task_of(three[i], shared.circle).state, TASK_OPEN);
	assert_one_history(three, 3, shared.circle);
}

/* Nothing of it has a place in the log, and it is over all the same. */
static void
what_who_leads_no_more_had_assigned_ends_when_the_broker_refuses_it(void **state)
{
	struct outbox_row row;
	struct content content;
	struct shared shared;
	struct task_row task;

	(void)state;
	open_it(&shared);
	task = task_of(&two.police, shared.circle);
	task = new_task(&shared, MESSAGE_ACTION_ASSIGN, task.circle_n);
	task.case_n = task_of(&two.police, shared.circle).case_n;
	task.ground_n = 0;
	line_disconnect(&two.police);
	assert_int_equal(content_start(MESSAGE_ACTION_ASSIGN, &content), STATUS_OK);
	set_text(&content, FIELD_PARTY, "court");
	set_text(&content, FIELD_DUE, "2030-09-01");
	set_text(&content, FIELD_URGENCY, "normal");
	set_text(&content, FIELD_EXPLANATION, "Aprunāties");
	assert_int_equal(act_on(&two.police, &task, &content, NULL), STATUS_OK);
	assert_int_equal(
	    outbox_store_after(two.police.service->db, OUTBOX_WAITING, now(), 0, &row),
	    STATUS_OK);
	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(
	    outbox_end(two.police.service, &row, EVENT_REFUSED, STATUS_EXPIRED), STATUS_OK);
	service_commit(two.police.service, "act");
	assert_int_equal(outbox_rows(&two.police), 0);
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
what_was_written_by_who_left_comes_from_who_leads_as_far_as_it_has_it(void **state)
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
	/* The school has what its record lets it pass on, and has never had what is of the family. */
	assert_true(was_shown(&two.fourth, shared.circle, told, FIELD_EXPLANATION));
	assert_false(was_shown(&two.fourth, shared.circle, told, FIELD_FAMILY));
	assert_int_equal(rows_of(&two.fourth, shared.circle, EVENT_MESSAGE, "police"), 2);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(problems(rest[i], "unreadable"), 0);
}

/* Who is suspended passes on nothing; back again, it passes on what only its own ground lets go. */
static void
what_was_written_by_who_is_suspended_comes_with_its_acts_from_who_leads(void **state)
{
	struct line *const rest[] = {&two.school, &two.third, &two.fourth};
	struct line *const all[] = {&two.school, &two.third, &two.fourth, &two.police};
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	assert_int_equal(report(&two.police, shared.circle, told), STATUS_OK);
	rooms_settle();
	suspend("police");
	rooms_settle();
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	let_it_settle();
	assert_one_history(rest, 3, shared.circle);
	assert_int_equal(rows_of(&two.fourth, shared.circle, EVENT_MESSAGE, "police"), 1);
	assert_false(was_shown(&two.fourth, shared.circle, told, FIELD_FAMILY));
	lift("police");
	let_it_settle();
	assert_one_history(all, 4, shared.circle);
	assert_true(was_shown(&two.fourth, shared.circle, told, FIELD_FAMILY));
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(problems(all[i], "unreadable"), 0);
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

/* What went with its acts alone, for it was gone, goes with its content when it is back. */
static void
who_was_removed_and_is_added_again_gets_content_again(void **state)
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
	settle();
	lift("court");
	let_it_settle();
	assert_false(was_shown(&two.third, shared.circle, told, FIELD_FAMILY));
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "court"), STATUS_OK);
	let_it_settle();
	assert_true(was_shown(&two.third, shared.circle, told, FIELD_FAMILY));
	assert_one_history(three, 3, shared.circle);
}

static void
who_was_to_be_brought_in_by_who_may_not_asks_once_and_lacks_nothing(void **state)
{
	struct shared shared;

	(void)state;
	open_it(&shared);
	assert_int_equal(
	    plain(&two.police, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	rooms_settle();
	assert_int_equal(circle_row(&two.fourth, shared.circle).gap, true);
	let_it_settle();
	assert_false(circle_row(&two.fourth, shared.circle).gap);
	assert_int_equal(circle_row(&two.fourth, shared.circle).ask_ms, 0);
	assert_int_equal(problems(&two.fourth, "history_gap"), 0);
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

/* A leaving is of a member still, also where it is known already. */
static void
a_leaving_that_is_passed_on_twice_is_taken_twice(void **state)
{
	struct history_pass pass;
	struct event_row event;
	struct shared shared;
	const struct circles *circles;

	(void)state;
	open_it(&shared);
	assert_int_equal(
	    plain(&two.police, shared.circle, MESSAGE_CASE_LEAVE, NULL), STATUS_OK);
	rooms_settle();
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	rooms_settle();
	circles = circle_at(&two.school, shared.circle);
	assert_int_equal(
	    event_store_get(two.school.service->db, circles->acts[1].event_n, &event),
	    STATUS_OK);
	assert_int_equal(event.type, MESSAGE_CASE_LEAVE);
	for (unsigned i = 1; i <= 2; i++) {
		assert_int_equal(
		    history_store_pass(two.school.service->db, event.n, "social", &pass),
		    STATUS_OK);
		assert_int_equal(pass.how, PASSED_ACTS);
		assert_int_equal(pass.times, i);
		pass.how = PASSED_DUE;
		assert_int_equal(service_begin(two.school.service), STATUS_OK);
		assert_int_equal(
		    history_store_set_pass(two.school.service->db, &pass), STATUS_OK);
		service_commit(two.school.service, "act");
		rooms_settle();
	}
	assert_int_equal(problems(&two.fourth, "unreadable"), 0);
	assert_int_equal(passes_due(&two.school), 0);
}

static void
what_another_wrote_who_is_a_member_is_left_to_that_one(void **state)
{
	struct history_pass pass;
	struct event_row event;
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	assert_int_equal(report(&two.police, shared.circle, told), STATUS_OK);
	rooms_settle();
	assert_int_equal(
	    event_store_message(two.school.service->db, told, false, &event), STATUS_OK);
	pass = (struct history_pass){.event_n = event.n, .party = "court", .time_ms = now()};
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(history_store_set_pass(two.school.service->db, &pass), STATUS_OK);
	service_commit(two.school.service, "act");
	let_it_settle();
	assert_int_equal(
	    history_store_pass(two.school.service->db, event.n, "court", &pass), STATUS_OK);
	assert_int_equal(pass.how, PASSED_NEVER);
	assert_int_equal(pass.status, STATUS_NOT_PERMITTED);
	assert_int_equal(problems(&two.third, "unreadable"), 0);
}

/* Who leads sees that all have what was written by who left, but for that one itself. */
static void
nobody_is_passed_what_it_wrote_itself(void **state)
{
	struct shared shared;

	(void)state;
	open_it(&shared);
	assert_int_equal(report(&two.police, shared.circle, NULL), STATUS_OK);
	assert_int_equal(
	    plain(&two.police, shared.circle, MESSAGE_CASE_LEAVE, NULL), STATUS_OK);
	rooms_settle();
	line_disconnect(&two.police);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "police"), STATUS_OK);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_REMOVE, "police"), STATUS_OK);
	let_it_settle();
	assert_int_equal(problems(&two.police, "unreadable"), 0);
	assert_int_equal(passes_due(&two.school), 0);
}

/* It did not know yet that it was removed: in no history is what it said then. */
static void
what_was_said_by_no_member_is_not_passed_on_when_it_is_one_again(void **state)
{
	struct shared shared;

	(void)state;
	open_it(&shared);
	line_disconnect(&two.police);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_REMOVE, "police"), STATUS_OK);
	settle();
	assert_int_equal(report(&two.police, shared.circle, NULL), STATUS_OK);
	rooms_settle();
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "police"), STATUS_OK);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	let_it_settle();
	assert_int_equal(passes_due(&two.police), 0);
	assert_int_equal(problems(&two.fourth, "unreadable"), 0);
	assert_one_history(rooms, ROOMS, shared.circle);
}

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
	    CIRCLE_TEST(what_is_sealed_anew_keeps_its_place_before_what_was_said_after_it),
	    CIRCLE_TEST(what_who_leads_no_more_had_assigned_ends_when_the_broker_refuses_it),
	    CIRCLE_TEST(who_was_removed_and_is_added_again_gets_content_again),
	    CIRCLE_TEST(who_was_to_be_brought_in_by_who_may_not_asks_once_and_lacks_nothing),
	    CIRCLE_TEST(a_leaving_that_is_passed_on_twice_is_taken_twice),
	    CIRCLE_TEST(what_another_wrote_who_is_a_member_is_left_to_that_one),
	    CIRCLE_TEST(nobody_is_passed_what_it_wrote_itself),
	    CIRCLE_TEST(what_was_said_by_no_member_is_not_passed_on_when_it_is_one_again),
	    CIRCLE_TEST(who_left_and_is_added_again_gets_what_was_written_meanwhile),
	    CIRCLE_TEST(what_was_written_by_who_left_comes_from_who_leads_as_far_as_it_has_it),
	    CIRCLE_TEST(
		what_was_written_by_who_is_suspended_comes_with_its_acts_from_who_leads),
	    CIRCLE_TEST(
		who_was_removed_while_it_was_suspended_hears_it_and_gets_no_content_more),
	    CIRCLE_TEST(who_takes_over_a_place_gets_what_was_written_by_who_had_it),
	    CIRCLE_TEST(who_could_not_be_told_of_the_opening_itself_hears_of_it_by_a_pass),
	    CIRCLE_TEST(a_pass_that_was_not_taken_goes_again_later),
	    CIRCLE_TEST(a_pass_that_is_never_taken_goes_once_a_day),
	};

	return cmocka_run_group_tests_name("circle_losses", tests, NULL, NULL);
}
