/* tests/unit/test_circle_hostile.c: members of a circle that lie, or flood: what it does to the others. */
#include "tests/unit/circle_talk.h"

#include "services/runtime/exchange/history_inside.h"

#define HOSTILE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_four, tear_down_four)

/* LINE says on the case, again and again, what a service lets it, until that says no more. */
static unsigned
flood(struct line *line, const struct shared *shared)
{
	struct task_row frame = task_of(line, shared->circle);
	struct content content;
	unsigned count = 0;
	enum status rc;

	do {
		assert_int_equal(content_start(MESSAGE_CASE_REOPEN, &content), STATUS_OK);
		fill_act(&content);
		rc = circle_say(line, &frame, &content, 0);
		content_free(&content);
		rooms_settle();
		count += rc == STATUS_OK;
	} while (rc == STATUS_OK && count < CIRCLES_ACTS_MAX);
	assert_int_equal(rc, STATUS_TOO_LARGE);
	return count;
}

static void
a_member_that_floods_silences_nobody(void **state)
{
	struct shared shared;
	uint8_t id[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	assert_true(flood(&two.police, &shared) < CIRCLES_TASK_SHARE);
	assert_int_equal(why_unreadable(&two.third), STATUS_OK);
	assert_int_equal(report(&two.third, shared.circle, id), STATUS_OK);
	rooms_settle();
	assert_int_equal(rows_of(&two.third, shared.circle, EVENT_DELIVERED, "school"), 1);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_REMOVE, "police"), STATUS_OK);
	rooms_settle();
	assert_false(circle_is_member(
	    &circle_at(&two.third, shared.circle)->circle, "police", UINT64_MAX));
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_CLOSE, NULL), STATUS_OK);
	rooms_settle();
	assert_int_equal(task_of(&two.third, shared.circle).state, TASK_CLOSED);
	assert_one_history((struct line *const[]){&two.school, &two.third}, 2, shared.circle);
}

#define NEXT (CIRCLES_ACTS_MAX + 1)

/* Acts of AUTHORS in turn, all of task 1. */
static struct circles
acts_by(struct circle_act *acts, size_t count, const char *const *authors, size_t author_count)
{
	struct circles circles = {.acts = acts, .count = count};

	for (size_t i = 0; i < count; i++) {
		acts[i] = (struct circle_act){.task_n = 1, .step = {.index = i + 1}};
		snprintf(acts[i].step.author.code, sizeof(acts[i].step.author.code), "%s",
		    authors[i % author_count]);
	}
	circles.circle.lead_count = 1;
	circles.circle.leads[0].until = UINT64_MAX;
	snprintf(circles.circle.leads[0].party.code, PARTY_MAX, "lead");
	return circles;
}

static void
of_the_room_in_a_circle_each_has_a_share_and_the_lead_the_last(void **state)
{
	static const char *const one[] = {"one"};
	static const char *const five[] = {"one", "two", "three", "four", "five"};
	static struct circle_act acts[CIRCLES_ACTS_MAX];
	struct circles circles = acts_by(acts, CIRCLES_TASK_SHARE - 1, one, 1);

	(void)state;
	assert_true(circles_has_room(&circles, 1, "one", NEXT, 0));
	assert_false(circles_has_room(&circles, 1, "one", NEXT, 1));
	circles = acts_by(acts, CIRCLES_TASK_SHARE, one, 1);
	assert_false(circles_has_room(&circles, 1, "one", NEXT, 0));
	assert_true(circles_has_room(&circles, 1, "two", NEXT, 0));
	assert_true(circles_has_room(&circles, 2, "one", NEXT, 0));
	circles = acts_by(acts, CIRCLES_SHARE, one, 1);
	assert_false(circles_has_room(&circles, 2, "one", NEXT, 0));
	assert_true(circles_has_room(&circles, 2, "two", NEXT, 0));
	circles = acts_by(acts, CIRCLES_TASK_MAX / 4 * 3, five, 5);
	assert_false(circles_has_room(&circles, 1, "six", NEXT, 0));
	assert_true(circles_has_room(&circles, 1, "lead", NEXT, 0));
	assert_true(circles_has_room(&circles, 2, "six", NEXT, 0));
	circles = acts_by(acts, CIRCLES_ACTS_MAX / 4 * 3, five, 5);
	assert_false(circles_has_room(&circles, 2, "six", NEXT, 0));
	assert_true(circles_has_room(&circles, 2, "lead", NEXT, 0));
	circles = acts_by(acts, CIRCLES_ACTS_MAX, five, 5);
	assert_false(circles_has_room(&circles, 2, "lead", NEXT, 0));
	/* What it wrote while it led is no part of its share, then or later. */
	circles = acts_by(acts, CIRCLES_TASK_SHARE + 2, one, 1);
	for (size_t i = 0; i < CIRCLES_TASK_SHARE; i++)
		acts[i].led = true;
	assert_true(circles_has_room(&circles, 1, "one", NEXT, 0));
}

/* LINE asks all others for all there is in the circle. */
static void
ask_all(struct line *line, const struct shared *shared)
{
	struct departure departure = {0};
	struct history_circle circle;
	enum status rc;

	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(history_store_circle(line->service->db,
			     task_of(line, shared->circle).circle_n, &circle),
	    STATUS_OK);
	circle.asks = 9;
	rc = history_ask(line->service, &departure, &circle);
	assert_int_equal(circle_end(line, &departure, rc), STATUS_OK);
	rooms_settle();
}

/* A case that was closed and erased at one of its members is opened again. */
static void
whoever_erased_the_case_says_so_to_all_that_comes_for_it(void **state)
{
	struct task_row frame, action;
	struct content content;
	struct shared shared;
	char day[11];

	(void)state;
	open_it(&shared);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_CLOSE, NULL), STATUS_OK);
	rooms_settle();
	erase_case(&two.third, task_of(&two.third, shared.circle).case_n);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_REOPEN, NULL), STATUS_OK);
	rooms_settle();
	frame = task_of(&two.school, shared.circle);
	action = circle_new_task(&two.school, &frame, MESSAGE_ACTION_ASSIGN);
	assert_int_equal(content_start(MESSAGE_ACTION_ASSIGN, &content), STATUS_OK);
	fill_act(&content);
	set_party(&content, "police");
	grounds_day(now(), day);
	set_text(&content, FIELD_DUE, day);
	assert_int_equal(circle_say(&two.school, &action, &content, 0), STATUS_OK);
	content_free(&content);
	rooms_settle();
	ask_all(&two.police, &shared);
	for (unsigned i = 0; i < 5; i++) {
		rooms_wait(3600000);
		rooms_settle();
	}
	assert_int_equal(problems(&two.third, "stuck"), 0);
	assert_int_equal(why_unreadable(&two.third), STATUS_ERASED);
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_UNREADABLE, "court"), 1);
	assert_int_equal(rows_of(&two.school, action.id, EVENT_UNREADABLE, "court"), 1);
	assert_int_equal(task_of(&two.police, action.id).state, TASK_ASSIGNED);
}

/* Each case put on the agenda of what is no sitting would lie in everybody's mailbox, as a new one. */
static void
a_case_is_put_on_no_agenda_where_there_is_no_sitting(void **state)
{
	struct shared shared, own;
	struct task_row frame, matter, found;
	struct content content;

	(void)state;
	open_it(&shared);
	record_consent(&two.police, &own);
	frame = task_of(&two.police, shared.circle);
	matter = circle_new_task(&two.police, &frame, MESSAGE_MATTER_PUT);
	assert_int_equal(content_start(MESSAGE_MATTER_PUT, &content), STATUS_OK);
	fill_act(&content);
	fill_data(&content);
	set_text(&content, FIELD_CONVENING, "long_unsolved");
	set_text(&content, FIELD_QUESTION, "What is to be done?");
	assert_int_equal(circle_say(&two.police, &matter, &content, own.ground.n), STATUS_OK);
	content_free(&content);
	rooms_settle();
	assert_false(has_task(&two.third, matter.id, &found));
	assert_int_equal(why_unreadable(&two.third), STATUS_BAD_CONTENT);
}

/* What nobody sees nobody objects to: a claim said in a task that is over, is none. */
static void
a_claim_in_a_task_that_is_over_takes_no_lead(void **state)
{
	struct content content;
	struct shared shared;
	struct task_row task;
	char due[11];

	(void)state;
	open_it(&shared);
	grounds_day(now() + 6 * 86400000ULL, due);
	task = task_of(&two.police, shared.circle);
	task = circle_new_task(&two.police, &task, MESSAGE_LEAD_CLAIM);
	for (unsigned i = 0; i < 3; i++) {
		enum message type = i == 1 ? MESSAGE_LEAD_REJECT : MESSAGE_LEAD_CLAIM;

		assert_int_equal(content_start(type, &content), STATUS_OK);
		fill_act(&content);
		if (type == MESSAGE_LEAD_CLAIM)
			set_text(&content, FIELD_DUE, due);
		assert_int_equal(circle_say(&two.police, &task, &content, 0), STATUS_OK);
		content_free(&content);
		rooms_settle();
	}
	for (unsigned i = 0; i < 3; i++) {
		assert_false(circle_at(three[i], shared.circle)->circle.claimed);
		circles_forget(three[i]->service);
		assert_false(circle_at(three[i], shared.circle)->circle.claimed);
		assert_int_equal(task_of(three[i], task.id).state, TASK_CLAIM_WITHDRAWN);
	}
	assert_one_history(three, 3, shared.circle);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    HOSTILE_TEST(a_member_that_floods_silences_nobody),
	    cmocka_unit_test(of_the_room_in_a_circle_each_has_a_share_and_the_lead_the_last),
	    HOSTILE_TEST(a_case_is_put_on_no_agenda_where_there_is_no_sitting),
	    HOSTILE_TEST(a_claim_in_a_task_that_is_over_takes_no_lead),
	    HOSTILE_TEST(whoever_erased_the_case_says_so_to_all_that_comes_for_it),
	};

	return cmocka_run_group_tests_name("circle_hostile", tests, NULL, NULL);
}
