/* tests/unit/test_offers.c: an offer of the lead that nobody answered: over with its day, and then another. */
#include "tests/unit/circle_room.h"

#include "services/runtime/acts/request.h"
#include "services/runtime/task/transfer.h"

#define DAY_MS (24ULL * 3600 * 1000)

/* Who may lead here. */
static void
let_lead(struct line *line)
{
	static const enum message types[] = {
	    MESSAGE_LEAD_OFFER, MESSAGE_LEAD_REVOKE, MESSAGE_CASE_CLOSE};
	static struct descriptor descriptor;
	size_t at = 0;

	descriptor = *line->service->config.descriptor;
	for (size_t i = 0; i < 3; i++) {
		while (descriptor.acts[at].roles != 0)
			at++;
		descriptor.acts[at].type = types[i];
		descriptor.acts[at].roles = 1U << ROLE_CASE_MANAGER;
	}
	line->service->config.descriptor = &descriptor;
}

static void
open_and_lead(struct shared *shared)
{
	let_lead(&two.school);
	open_it(shared);
}

/* The school does VERB on the case at its desk; TASK, if not NULL, gets what it opened. */
static enum status
at_desk(
    const struct shared *shared, const char *verb, json_t *request, uint8_t task[SUITE_ID_LEN])
{
	struct refusal refusal = {0};
	json_t *answer = NULL;
	char id[33];
	enum status rc;

	bytes_to_hex(BYTES(shared->circle), id);
	rc = acts_answer(two.school.service, &anna, id, verb, request, &answer, &refusal);
	if (rc == STATUS_OK && task != NULL)
		assert_true(request_id(text(answer, "task"), task));
	json_decref(answer);
	json_decref(request);
	rooms_settle();
	return rc;
}

static enum status
offer(const struct shared *shared, const char *to, uint64_t in_ms, uint8_t task[SUITE_ID_LEN])
{
	char day[11];

	grounds_day(now() + in_ms, day);
	return at_desk(
	    shared, "offer-lead", json_pack("{s:s, s:s}", "party", to, "due", day), task);
}

static void
assert_all(const uint8_t task[SUITE_ID_LEN], enum task_state state)
{
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(task_of(three[i], task).state, state);
}

static void
pass_days(unsigned days)
{
	room_wait(two.room, days * DAY_MS);
	rooms_settle();
}

static void
an_offer_whose_day_is_over_lapses_where_the_next_one_stands(void **state)
{
	uint8_t first[SUITE_ID_LEN], second[SUITE_ID_LEN];
	struct shared shared;
	struct task_row task;

	(void)state;
	open_and_lead(&shared);
	assert_int_equal(offer(&shared, "police", 0, first), STATUS_OK);
	assert_int_equal(offer(&shared, "court", DAY_MS, second), STATUS_ALREADY_OFFERED);
	pass_days(1);
	assert_all(first, TASK_LEAD_OFFERED);
	assert_int_equal(offer(&shared, "court", DAY_MS, second), STATUS_OK);
	assert_all(first, TASK_LAPSED);
	assert_all(second, TASK_LEAD_OFFERED);
	assert_false(task_is_open(&transfer_sort, TASK_LAPSED));
	task = task_of(&two.police, first);
	assert_int_equal(task.last_index, task_of(&two.school, first).last_index);
	assert_string_equal(circle_at(&two.third, shared.circle)->circle.offered.code, "court");
	assert_one_history(three, 3, shared.circle);
}

static void
who_leads_sees_it_lapse_before_the_log_has_the_next(void **state)
{
	uint8_t first[SUITE_ID_LEN], second[SUITE_ID_LEN];
	struct shared shared;

	(void)state;
	open_and_lead(&shared);
	assert_int_equal(offer(&shared, "police", 0, first), STATUS_OK);
	pass_days(1);
	line_disconnect(&two.school);
	assert_int_equal(offer(&shared, "court", DAY_MS, second), STATUS_OK);
	assert_all(first, TASK_LAPSED);
	assert_all(second, TASK_LEAD_OFFERED);
	assert_one_history(three, 3, shared.circle);
}

static void
who_joins_later_sees_the_same(void **state)
{
	uint8_t first[SUITE_ID_LEN], second[SUITE_ID_LEN];
	struct shared shared;

	(void)state;
	open_and_lead(&shared);
	assert_int_equal(offer(&shared, "police", 0, first), STATUS_OK);
	pass_days(1);
	assert_int_equal(offer(&shared, "court", DAY_MS, second), STATUS_OK);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	rooms_settle();
	assert_int_equal(task_of(&two.fourth, first).state, TASK_LAPSED);
	assert_int_equal(task_of(&two.fourth, second).state, TASK_LEAD_OFFERED);
}

static void
a_case_is_closed_behind_the_day_of_an_offer_and_not_before(void **state)
{
	uint8_t first[SUITE_ID_LEN];
	struct shared shared;

	(void)state;
	open_and_lead(&shared);
	assert_int_equal(offer(&shared, "police", 0, first), STATUS_OK);
	assert_int_equal(
	    at_desk(&shared, "close", json_pack("{s:s}", "outcome", "goal_reached"), NULL),
	    STATUS_WRONG_STATE);
	pass_days(1);
	assert_int_equal(
	    at_desk(&shared, "close", json_pack("{s:s}", "outcome", "goal_reached"), NULL),
	    STATUS_OK);
	assert_all(first, TASK_LAPSED);
	assert_all(shared.circle, TASK_CLOSED);
}

static void
what_was_answered_does_not_lapse(void **state)
{
	uint8_t first[SUITE_ID_LEN], second[SUITE_ID_LEN];
	struct shared shared;

	(void)state;
	open_and_lead(&shared);
	assert_int_equal(offer(&shared, "police", DAY_MS, first), STATUS_OK);
	assert_int_equal(at_desk(&shared, "revoke-lead", json_object(), NULL), STATUS_OK);
	assert_int_equal(offer(&shared, "court", DAY_MS, second), STATUS_OK);
	assert_all(first, TASK_REVOKED);
	assert_all(second, TASK_LEAD_OFFERED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CIRCLE_TEST(an_offer_whose_day_is_over_lapses_where_the_next_one_stands),
	    CIRCLE_TEST(who_leads_sees_it_lapse_before_the_log_has_the_next),
	    CIRCLE_TEST(who_joins_later_sees_the_same),
	    CIRCLE_TEST(a_case_is_closed_behind_the_day_of_an_offer_and_not_before),
	    CIRCLE_TEST(what_was_answered_does_not_lapse),
	};

	return cmocka_run_group_tests_name("offers", tests, NULL, NULL);
}
