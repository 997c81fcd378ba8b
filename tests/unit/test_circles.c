/* tests/unit/test_circles.c: what three institutions share: sent once, sealed for each, folded alike. */
#include "tests/unit/circle_room.h"

static const char *const police_and_court[] = {"police", "court"};
static struct line *const three[] = {&two.school, &two.police, &two.third};

#define CIRCLE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_four, tear_down_four)

static void
open_it(struct shared *shared)
{
	record_consent(&two.school, shared);
	assert_int_equal(open_case_with(shared, police_and_court, 2), STATUS_OK);
	rooms_settle();
}

static void
get_opening(struct line *line, const uint8_t circle[SUITE_ID_LEN], uint8_t id[SUITE_ID_LEN])
{
	struct task_row task = task_of(line, circle);
	struct event_row event;

	assert_int_equal(case_file_opening(line->service, &task, &event), STATUS_OK);
	memcpy(id, event.message, SUITE_ID_LEN);
}

/* ---- Opening ----------------------------------------------------------------------------- */

static void
a_case_opened_with_two_others_is_one_entry_and_one_history(void **state)
{
	struct shared shared;
	unsigned before = logged(LEAF_ACCEPTED, 0);

	(void)state;
	open_it(&shared);
	assert_int_equal(logged(LEAF_ACCEPTED, 0), before + 1);
	for (unsigned i = 0; i < 3; i++) {
		struct task_row task = task_of(three[i], shared.circle);

		assert_int_equal(task.state, TASK_OPEN);
		assert_int_equal(task.side, i == 0 ? TASK_SENDER : TASK_RECIPIENT);
		assert_string_equal(task.peer, i == 0 ? "police" : "school");
		assert_string_equal(task.purpose, "safety");
		assert_true(circle_is_member(
		    &circle_at(three[i], shared.circle)->circle, "court", UINT64_MAX));
	}
	assert_one_history(three, 3, shared.circle);
}

static void
each_sees_what_its_profile_lets_it_have(void **state)
{
	struct shared shared;
	uint8_t id[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	get_opening(&two.school, shared.circle, id);
	assert_true(was_shown(&two.police, shared.circle, id, FIELD_CHILD_NAME));
	assert_true(was_shown(&two.police, shared.circle, id, FIELD_BEHAVIOUR));
	assert_false(was_shown(&two.police, shared.circle, id, FIELD_HEALTH));
	assert_true(was_shown(&two.third, shared.circle, id, FIELD_CHILD_NAME));
	assert_false(was_shown(&two.third, shared.circle, id, FIELD_BEHAVIOUR));
	assert_true(was_shown(&two.third, shared.circle, id, FIELD_HEALTH));
}

static void
evidence_of_each_recipient_is_kept_and_then_the_sealed_bytes_go(void **state)
{
	struct shared shared;
	struct outbox_row row;
	struct event_row event;
	uint8_t id[SUITE_ID_LEN];

	(void)state;
	record_consent(&two.school, &shared);
	rooms_kill(&two.third);
	line_disconnect(&two.third);
	assert_int_equal(open_case_with(&shared, police_and_court, 2), STATUS_OK);
	settle();
	get_opening(&two.school, shared.circle, id);
	assert_int_equal(
	    event_store_message(two.school.service->db, id, true, &event), STATUS_OK);
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_DELIVERED, "police"), 1);
	assert_int_equal(
	    outbox_store_of_event(two.school.service->db, event.n, &row), STATUS_OK);
	rooms_settle();
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_DELIVERED, "court"), 1);
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_DELIVERED, NULL), 2);
	assert_int_equal(
	    outbox_store_of_event(two.school.service->db, event.n, &row), STATUS_NOT_FOUND);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(problems(three[i], "gap") +
				     problems(three[i], "bad_evidence") +
				     problems(three[i], "unreadable"),
		    0);
}

/* ---- A member's word --------------------------------------------------------------------- */

static void
a_members_report_reaches_all_others_under_its_mirror_of_the_leads_record(void **state)
{
	struct line *both[] = {&two.school, &two.third};
	struct shared shared;
	uint8_t id[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	assert_int_equal(report(&two.police, shared.circle, id), STATUS_OK);
	rooms_settle();
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(rows_of(both[i], shared.circle, EVENT_MESSAGE, "police"), 1);
		assert_int_equal(
		    rows_of(&two.police, shared.circle, EVENT_DELIVERED, both[i]->config.code),
		    1);
	}
	assert_false(was_shown(&two.school, shared.circle, id, FIELD_HEALTH));
	assert_true(was_shown(&two.third, shared.circle, id, FIELD_HEALTH));
	assert_true(was_shown(&two.third, shared.circle, id, FIELD_FAMILY));
	assert_one_history(three, 3, shared.circle);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CIRCLE_TEST(a_case_opened_with_two_others_is_one_entry_and_one_history),
	    CIRCLE_TEST(each_sees_what_its_profile_lets_it_have),
	    CIRCLE_TEST(evidence_of_each_recipient_is_kept_and_then_the_sealed_bytes_go),
	    CIRCLE_TEST(
		a_members_report_reaches_all_others_under_its_mirror_of_the_leads_record),
	};

	return cmocka_run_group_tests_name("circles", tests, NULL, NULL);
}
