/* tests/unit/test_release.c: content that did not arrive is released again, or asked for. */
#include "services/runtime/task/referral.h"
#include "tests/unit/service_room.h"

static bool
can(struct line *line, const char *task, const char *verb)
{
	json_t *shown = show_to(line, &anna, task);
	const json_t *one;
	bool found = false;
	size_t i;

	json_array_foreach(json_object_get(shown, "actions"), i, one)
	{
		found = found || strcmp(json_string_value(one), verb) == 0;
	}
	json_decref(shown);
	return found;
}

static bool
police_has(const char *task, const char *field)
{
	json_t *shown = show_to(&two.police, &anna, task);
	bool has = shows(shown, "fields", field);

	json_decref(shown);
	return has;
}

/* The police opens the review and is gone before the content comes. */
static void
review_and_leave(char task[33])
{
	refer("normal", task);
	settle();
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	line_work(&two.police);
	line_disconnect(&two.police);
	settle();
	assert_int_equal(steps_at(&two.school, task, "referral_release"), 1);
	assert_int_equal(steps_at(&two.police, task, "referral_release"), 0);
}

static void
days(unsigned count)
{
	for (unsigned day = 0; day < count; day++) {
		pass(DAY_MS);
		issue_head();
	}
	settle();
}

static void
what_expired_is_released_again_by_a_person_and_only_where_it_is_due(void **state)
{
	char task[33];

	(void)state;
	review_and_leave(task);
	assert_false(can(&two.school, task, "release"));
	assert_int_equal(answer_with(&two.school, task, "release", NULL), STATUS_WRONG_STATE);
	days(32);
	assert_int_equal(steps_at(&two.school, task, "expired"), 1);
	assert_true(can(&two.school, task, "release"));
	assert_false(can(&two.police, task, "release"));
	line_connect(&two.police);
	settle();
	/* Not by itself: nobody may want it any more. */
	pass(2 * 60 * 1000);
	assert_int_equal(steps_at(&two.school, task, "referral_release"), 1);
	assert_int_equal(answer_with(&two.school, task, "release", explained("ground", "x")),
	    STATUS_ARGUMENT);
	assert_int_equal(answer_with(&two.police, task, "release", NULL), STATUS_WRONG_STATE);
	assert_int_equal(answer_with(&two.school, task, "release", NULL), STATUS_OK);
	assert_false(can(&two.school, task, "release"));
	settle();
	assert_true(police_has(task, "child_name"));
	assert_false(police_has(task, "learning"));
	assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_OK);
}

static void
only_who_may_refer_may_release(void **state)
{
	struct refusal refusal;
	char task[33];
	json_t *answer;

	(void)state;
	review_and_leave(task);
	days(32);
	assert_int_equal(
	    acts_answer(two.school.service, &zane, task, "release", NULL, &answer, &refusal),
	    STATUS_NOT_ALLOWED);
	assert_int_equal(
	    acts_answer(two.school.service, &auditor, task, "release", NULL, &answer, &refusal),
	    STATUS_NOT_ALLOWED);
}

/* The disk of the institution was lost with the private halves, and a backup has the rest. */
static void
lose_keys(struct line *line)
{
	struct epoch_row row;

	line_kill(line);
	line_start(line);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	while (key_store_newest_epoch(line->service->db, &row) == STATUS_OK)
		assert_int_equal(
		    key_store_remove_epoch(line->service->db, row.epoch), STATUS_OK);
	service_commit(line->service, "test");
	line_kill(line);
	line_start(line);
}

static void
what_a_lost_key_made_unreadable_is_released_anew_by_itself_once(void **state)
{
	char task[33];

	(void)state;
	review_and_leave(task);
	lose_keys(&two.police);
	line_connect(&two.police);
	settle();
	pass(2 * 60 * 1000);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_UNREADABLE), 1);
	assert_int_equal(steps_at(&two.school, task, "referral_release"), 2);
	assert_true(police_has(task, "child_name"));
	assert_false(can(&two.school, task, "release"));
}

static void
a_second_lost_key_leaves_it_to_a_person(void **state)
{
	char task[33];

	(void)state;
	review_and_leave(task);
	lose_keys(&two.police);
	line_connect(&two.police);
	/* Its answer is there and the release goes out anew while it is gone again. */
	for (unsigned i = 0; i < 8; i++) {
		line_work(&two.police);
		room_turn(two.room);
		carry();
	}
	line_disconnect(&two.police);
	settle();
	pass(2 * 60 * 1000);
	assert_int_equal(steps_at(&two.school, task, "referral_release"), 2);
	lose_keys(&two.police);
	line_connect(&two.police);
	settle();
	pass(2 * 60 * 1000);
	assert_int_equal(logged(LEAF_EVIDENCE, EVIDENCE_UNREADABLE), 2);
	assert_int_equal(steps_at(&two.school, task, "referral_release"), 2);
	assert_true(can(&two.school, task, "release"));
	/* The broker takes only so many new keys a day. */
	days(2);
	assert_int_equal(answer_with(&two.school, task, "release", NULL), STATUS_OK);
	settle();
	assert_true(police_has(task, "child_name"));
}

static void
an_offer_that_a_lost_key_made_unreadable_says_to_refer_again(void **state)
{
	char task[33];
	json_t *shown;
	const json_t *step;
	bool told = false;
	size_t i;

	(void)state;
	line_disconnect(&two.police);
	refer("normal", task);
	settle();
	lose_keys(&two.police);
	line_connect(&two.police);
	settle();
	assert_state(&two.school, task, "unreadable");
	shown = show_to(&two.school, &anna, task);
	json_array_foreach(json_object_get(shown, "timeline"), i, step)
	{
		told = told || strstr(text(step, "detail"), "refer again") != NULL;
	}
	assert_true(told);
	json_decref(shown);
}

static void
erase(struct line *line, const char *task)
{
	uint8_t id[SUITE_ID_LEN];
	struct task_row row;
	struct query *query;

	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(line->service->db, id, &row), STATUS_OK);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(database_query(line->service->db,
			     "UPDATE cases SET key = NULL WHERE n = ?", &query),
	    STATUS_OK);
	query_bind_uint(query, 1, row.case_n);
	assert_int_equal(query_run(query), STATUS_OK);
	service_commit(line->service, "test");
}

static void
a_case_that_was_erased_holds_up_no_other_release(void **state)
{
	char first[33], second[33];

	(void)state;
	refer("normal", first);
	refer("normal", second);
	settle();
	/* To the school the directory's head is old: what is due has to wait. */
	two.school.clock_ahead = 8 * (int64_t)DAY_MS;
	two.school.broker_agrees = true;
	assert_int_equal(answer_with(&two.police, first, "review", NULL), STATUS_OK);
	assert_int_equal(answer_with(&two.police, second, "review", NULL), STATUS_OK);
	settle();
	assert_int_equal(steps_at(&two.school, second, "referral_release"), 0);
	erase(&two.school, first);
	two.school.clock_ahead = 0;
	pass(2 * 60 * 1000);
	assert_int_equal(steps_at(&two.school, second, "referral_release"), 1);
	assert_true(police_has(second, "child_name"));
}

/* Who is done needs nothing, even where a release had to wait until then. */
static void
nothing_is_released_to_who_has_reported_the_outcome(void **state)
{
	const struct task_step steps[] = {
	    {1, TASK_EVENT_OFFER, TASK_SENDER, 0, false},
	    {2, TASK_EVENT_REVIEW_OPENED, TASK_RECIPIENT, 1, false},
	    {3, TASK_EVENT_ACCEPT, TASK_RECIPIENT, 2, false},
	    {4, TASK_EVENT_OUTCOME, TASK_RECIPIENT, 3, false},
	};
	struct task_stand task;

	(void)state;
	task_fold(&referral_sort, steps, 3, &task, NULL);
	assert_true(task.content_due);
	task_fold(&referral_sort, steps, 4, &task, NULL);
	assert_false(task.content_due);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(what_expired_is_released_again_by_a_person_and_only_where_it_is_due),
	    SERVICE_TEST(only_who_may_refer_may_release),
	    SERVICE_TEST(what_a_lost_key_made_unreadable_is_released_anew_by_itself_once),
	    SERVICE_TEST(a_second_lost_key_leaves_it_to_a_person),
	    SERVICE_TEST(an_offer_that_a_lost_key_made_unreadable_says_to_refer_again),
	    SERVICE_TEST(a_case_that_was_erased_holds_up_no_other_release),
	    cmocka_unit_test(nothing_is_released_to_who_has_reported_the_outcome),
	};

	return cmocka_run_group_tests_name("release", tests, NULL, NULL);
}
