/* tests/unit/test_claims.c: a case whose lead is gone: claimed, objected to, taken, and gone on with. */
#include "tests/unit/circle_talk.h"

#include "services/runtime/acts/request.h"
#include "services/runtime/store/alarm_store.h"
#include "services/runtime/store/work_store.h"
#include "services/runtime/task/calendar.h"
#include "services/runtime/task/transfer.h"

/* ---- At the desks ------------------------------------------------------------------------ */

/* Who may lead here. */
static void
let_lead(struct line *line, struct descriptor *descriptor)
{
	static const enum message types[] = {MESSAGE_CASE_ADD, MESSAGE_CASE_REMOVE,
	    MESSAGE_CASE_LEAVE, MESSAGE_CASE_CLOSE, MESSAGE_LEAD_OFFER, MESSAGE_LEAD_CLAIM,
	    MESSAGE_LEAD_ACCEPT, MESSAGE_LEAD_REJECT, MESSAGE_LEAD_REVOKE};
	size_t at = 0;

	*descriptor = *line->service->config.descriptor;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		while (descriptor->acts[at].roles != 0)
			at++;
		descriptor->acts[at].type = types[i];
		descriptor->acts[at].roles = 1U << ROLE_CASE_MANAGER;
	}
	line->service->config.descriptor = descriptor;
}

/* A case of the school's with the police and the court. */
static void
open_shared(struct shared *shared)
{
	static struct descriptor kinds[ROOMS];

	for (unsigned i = 0; i < ROOMS; i++)
		let_lead(rooms[i], &kinds[i]);
	open_it(shared);
}

/* LINE does VERB on the case; TASK, if not NULL, gets what it is a message of. */
static enum status
at_desk(struct line *line, const struct shared *shared, const char *verb, json_t *request,
    uint8_t task[SUITE_ID_LEN])
{
	struct refusal refusal = {0};
	json_t *answer = NULL;
	char id[33];
	enum status rc;

	bytes_to_hex(BYTES(shared->circle), id);
	rc = acts_answer(line->service, &anna, id, verb, request, &answer, &refusal);
	if (rc == STATUS_OK && task != NULL)
		assert_true(request_id(text(answer, "task"), task));
	json_decref(answer);
	json_decref(request);
	return rc;
}

static enum status
claim(struct line *line, const struct shared *shared, uint8_t task[SUITE_ID_LEN])
{
	enum status rc = at_desk(
	    line, shared, "claim-lead", json_pack("{s:s}", "claim_reason", "suspended"), task);

	rooms_settle();
	return rc;
}

static enum status
says(struct line *line, const struct shared *shared, const char *verb)
{
	enum status rc = at_desk(line, shared, verb,
	    strcmp(verb, "reject-lead") == 0
		? json_pack("{s:s}", "transfer_reason", "agreed_otherwise")
		: json_object(),
	    NULL);

	rooms_settle();
	return rc;
}

static enum status
removes(struct line *line, const struct shared *shared, const char *code)
{
	enum status rc = at_desk(line, shared, "remove",
	    json_pack("{s:s, s:s}", "party", code, "leave_reason", "task_done"), NULL);

	rooms_settle();
	return rc;
}

/* ---- Time -------------------------------------------------------------------------------- */

static void
wait_ms(uint64_t ms)
{
	rooms_wait(ms);
	rooms_head();
	rooms_settle();
}

/* To so long before, or behind, the last millisecond in which who leads may object. */
static void
wait_for_day(const struct shared *shared, int64_t ms)
{
	const uint64_t due = circle_at(&two.police, shared->circle)->circle.offer_due_ms;

	while (now() + DAY_MS < due)
		wait_ms(DAY_MS);
	wait_ms((uint64_t)((int64_t)(due - now()) + ms));
}

static void
assert_all(const uint8_t task[SUITE_ID_LEN], enum task_state state)
{
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(task_of(three[i], task).state, state);
}

static const char *
lead_at(struct line *line, const struct shared *shared)
{
	return circle_lead(&circle_at(line, shared->circle)->circle, UINT64_MAX);
}

/* Whether people of LINE are alarmed of WHAT in TASK. */
static bool
is_alarmed(struct line *line, const uint8_t task[SUITE_ID_LEN], const char *what)
{
	struct alarm_row rows[8];
	unsigned count;

	assert_int_equal(
	    alarm_store_open_of(line->service->db, task_of(line, task).n, 8, rows, &count),
	    STATUS_OK);
	for (unsigned i = 0; i < count; i++)
		if (strcmp(rows[i].what, what) == 0)
			return true;
	return false;
}

/* Whether WHAT of TASK stands in the list of what waits for people of LINE. */
static bool
is_work(struct line *line, const uint8_t task[SUITE_ID_LEN], const char *what)
{
	const struct work_filter all = {
	    .person = 1, .now_ms = now(), .mailbox = true, .supervisor = true, .head = true};
	struct work_row rows[16];
	unsigned count;

	assert_int_equal(work_store_page(line->service->db, &all, 16, rows, &count), STATUS_OK);
	for (unsigned i = 0; i < count; i++)
		if (rows[i].about == WORK_TASK && rows[i].n == task_of(line, task).n &&
		    strcmp(rows[i].what, what) == 0)
			return true;
	return false;
}

/* ---- Tests ------------------------------------------------------------------------------- */

static void
the_case_of_a_suspended_lead_goes_on_under_who_claimed_it(void **state)
{
	static const struct {
		const char *verb;
		enum status status;
	} former[] = {{"close", STATUS_WRONG_STATE}, {"revoke-lead", STATUS_WRONG_STATE}};
	uint8_t task[SUITE_ID_LEN];
	struct shared shared;

	(void)state;
	open_shared(&shared);
	suspend("school");
	settle();
	assert_int_equal(claim(&two.police, &shared, task), STATUS_OK);
	assert_int_equal(task_of(&two.third, task).state, TASK_LEAD_CLAIMED);
	assert_int_equal(task_of(&two.third, task).side, TASK_ONLOOKER);
	assert_int_equal(task_of(&two.police, task).side, TASK_RECIPIENT);
	assert_int_equal(says(&two.police, &shared, "take-lead"), STATUS_TOO_EARLY);
	wait_for_day(&shared, 0);
	assert_int_equal(says(&two.police, &shared, "take-lead"), STATUS_TOO_EARLY);
	wait_ms(1);
	assert_true(is_work(&two.police, task, "object"));
	assert_false(is_work(&two.third, task, "object"));
	assert_int_equal(says(&two.third, &shared, "take-lead"), STATUS_WRONG_STATE);
	assert_int_equal(says(&two.police, &shared, "take-lead"), STATUS_OK);
	assert_string_equal(lead_at(&two.third, &shared), "police");
	assert_false(is_work(&two.police, task, "object"));
	assert_int_equal(at_desk(&two.police, &shared, "add",
			     json_pack("{s:[s]}", "parties", "social"), NULL),
	    STATUS_OK);
	rooms_settle();
	assert_string_equal(lead_at(&two.fourth, &shared), "police");
	assert_int_equal(task_of(&two.fourth, task).state, TASK_LEAD_TAKEN);
	/* It is back, and sees what became of its case. */
	lift("school");
	rooms_settle();
	assert_string_equal(lead_at(&two.school, &shared), "police");
	assert_all(task, TASK_LEAD_TAKEN);
	assert_one_history(three, 3, shared.circle);
	assert_int_equal(task_of(&two.school, shared.circle).side, TASK_RECIPIENT);
	assert_int_equal(task_of(&two.school, task).side, TASK_ONLOOKER);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(says(&two.school, &shared, former[i].verb), former[i].status);
	assert_int_equal(removes(&two.school, &shared, "court"), STATUS_WRONG_STATE);
	assert_int_equal(removes(&two.police, &shared, "school"), STATUS_OK);
}

static void
who_leads_and_is_there_keeps_the_lead_by_an_objection(void **state)
{
	uint8_t task[SUITE_ID_LEN];
	struct shared shared;

	(void)state;
	open_shared(&shared);
	assert_int_equal(claim(&two.police, &shared, task), STATUS_OK);
	assert_all(task, TASK_LEAD_CLAIMED);
	assert_int_equal(report(&two.school, shared.circle, NULL), STATUS_OK);
	rooms_settle();
	assert_all(task, TASK_LEAD_CLAIMED);
	assert_int_equal(says(&two.third, &shared, "revoke-lead"), STATUS_WRONG_STATE);
	assert_true(is_work(&two.school, task, "object"));
	assert_false(is_alarmed(&two.school, task, "object"));
	wait_for_day(&shared, -1);
	assert_true(is_alarmed(&two.school, task, "object"));
	assert_true(is_work(&two.school, task, "object"));
	assert_false(is_work(&two.police, task, "object"));
	wait_ms(1);
	assert_int_equal(says(&two.school, &shared, "revoke-lead"), STATUS_OK);
	assert_all(task, TASK_CLAIM_REFUSED);
	assert_false(task_is_open(&transfer_sort, TASK_CLAIM_REFUSED));
	wait_ms(DAY_MS);
	assert_int_equal(says(&two.police, &shared, "take-lead"), STATUS_WRONG_STATE);
	assert_string_equal(lead_at(&two.third, &shared), "school");
	for (unsigned i = 0; i < 3; i++)
		assert_false(is_work(three[i], task, "object"));
}

static void
who_leads_and_said_nothing_until_the_day_was_over_can_only_close_or_remove(void **state)
{
	uint8_t task[SUITE_ID_LEN];
	struct shared shared;

	(void)state;
	open_shared(&shared);
	assert_int_equal(claim(&two.police, &shared, task), STATUS_OK);
	wait_for_day(&shared, 1);
	assert_false(is_work(&two.school, task, "object"));
	assert_false(is_alarmed(&two.school, task, "object"));
	assert_true(is_work(&two.police, task, "object"));
	assert_true(is_alarmed(&two.police, task, "object"));
	assert_int_equal(says(&two.school, &shared, "revoke-lead"), STATUS_TOO_LATE);
	assert_int_equal(removes(&two.school, &shared, "police"), STATUS_OK);
	assert_int_equal(task_of(&two.school, task).state, TASK_CLAIM_LAPSED);
	assert_int_equal(task_of(&two.third, task).state, TASK_CLAIM_LAPSED);
	assert_string_equal(lead_at(&two.third, &shared), "school");
}

static void
what_nobody_could_take_is_refused_by_name(void **state)
{
	struct shared shared;
	char day[11];

	(void)state;
	open_shared(&shared);
	assert_int_equal(claim(&two.school, &shared, NULL), STATUS_ARGUMENT);
	assert_int_equal(claim(&two.fourth, &shared, NULL), STATUS_NOT_FOUND);
	for (unsigned days = 0; days < 3; days++) {
		grounds_day(now() + days * DAY_MS, day);
		assert_int_equal(
		    at_desk(&two.police, &shared, "claim-lead",
			json_pack("{s:s, s:s}", "claim_reason", "no_answer", "due", day), NULL),
		    STATUS_BAD_DUE);
	}
	grounds_day(now() + 32 * DAY_MS, day);
	assert_int_equal(
	    at_desk(&two.police, &shared, "claim-lead",
		json_pack("{s:s, s:s}", "claim_reason", "no_answer", "due", day), NULL),
	    STATUS_BAD_DUE);
	assert_int_equal(
	    at_desk(&two.police, &shared, "claim-lead", json_object(), NULL), STATUS_ARGUMENT);
	assert_int_equal(says(&two.police, &shared, "take-lead"), STATUS_WRONG_STATE);
	assert_int_equal(claim(&two.police, &shared, NULL), STATUS_OK);
	assert_int_equal(claim(&two.third, &shared, NULL), STATUS_WRONG_STATE);
	assert_int_equal(claim(&two.police, &shared, NULL), STATUS_WRONG_STATE);
	grounds_day(now() + DAY_MS, day);
	assert_int_equal(at_desk(&two.school, &shared, "offer-lead",
			     json_pack("{s:s, s:s}", "party", "court", "due", day), NULL),
	    STATUS_WRONG_STATE);
	assert_int_equal(says(&two.third, &shared, "reject-lead"), STATUS_WRONG_STATE);
	assert_int_equal(says(&two.police, &shared, "reject-lead"), STATUS_OK);
	assert_int_equal(at_desk(&two.school, &shared, "offer-lead",
			     json_pack("{s:s, s:s}", "party", "court", "due", day), NULL),
	    STATUS_OK);
	rooms_settle();
	assert_int_equal(claim(&two.police, &shared, NULL), STATUS_ALREADY_OFFERED);
}

static void
where_all_others_are_suspended_nobody_would_hear_of_a_claim(void **state)
{
	struct shared shared;

	(void)state;
	open_shared(&shared);
	assert_int_equal(removes(&two.school, &shared, "court"), STATUS_OK);
	suspend("school");
	settle();
	assert_int_equal(claim(&two.police, &shared, NULL), STATUS_BAD_RECIPIENTS);
	lift("school");
	rooms_settle();
	assert_int_equal(claim(&two.police, &shared, NULL), STATUS_OK);
}

static void
of_two_claims_that_cross_the_first_in_the_log_stands_everywhere(void **state)
{
	uint8_t first[SUITE_ID_LEN], second[SUITE_ID_LEN];
	struct shared shared;

	(void)state;
	open_shared(&shared);
	line_disconnect(&two.police);
	line_disconnect(&two.third);
	assert_int_equal(at_desk(&two.police, &shared, "claim-lead",
			     json_pack("{s:s}", "claim_reason", "no_answer"), second),
	    STATUS_OK);
	assert_int_equal(at_desk(&two.third, &shared, "claim-lead",
			     json_pack("{s:s}", "claim_reason", "no_answer"), first),
	    STATUS_OK);
	assert_int_equal(task_of(&two.police, second).state, TASK_PENDING);
	assert_int_equal(says(&two.police, &shared, "take-lead"), STATUS_WRONG_STATE);
	line_connect(&two.third);
	settle();
	rooms_settle();
	assert_all(first, task_of(&two.school, first).state);
	assert_all(second, task_of(&two.school, second).state);
	assert_true((task_of(&two.school, first).state == TASK_LEAD_CLAIMED) !=
		    (task_of(&two.school, second).state == TASK_LEAD_CLAIMED));
	assert_one_history(three, 3, shared.circle);
}

static void
a_claim_is_over_when_the_case_is_closed_or_nobody_took_it_and_another_follows(void **state)
{
	uint8_t first[SUITE_ID_LEN], second[SUITE_ID_LEN];
	struct shared shared;

	(void)state;
	open_shared(&shared);
	assert_int_equal(claim(&two.police, &shared, first), STATUS_OK);
	wait_for_day(&shared, 1);
	for (unsigned i = 0; i < 14; i++)
		wait_ms(DAY_MS);
	assert_int_equal(says(&two.police, &shared, "take-lead"), STATUS_TOO_LATE);
	assert_int_equal(claim(&two.third, &shared, second), STATUS_OK);
	assert_all(first, TASK_CLAIM_LAPSED);
	assert_all(second, TASK_LEAD_CLAIMED);
	assert_false(is_work(&two.police, first, "object"));
	assert_int_equal(at_desk(&two.school, &shared, "close",
			     json_pack("{s:s}", "outcome", "goal_reached"), NULL),
	    STATUS_OK);
	rooms_settle();
	assert_all(second, TASK_CLAIM_LAPSED);
	assert_all(first, TASK_CLAIM_LAPSED);
	assert_all(shared.circle, TASK_CLOSED);
	assert_int_equal(claim(&two.police, &shared, NULL), STATUS_WRONG_STATE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CIRCLE_TEST(the_case_of_a_suspended_lead_goes_on_under_who_claimed_it),
	    CIRCLE_TEST(who_leads_and_is_there_keeps_the_lead_by_an_objection),
	    CIRCLE_TEST(
		who_leads_and_said_nothing_until_the_day_was_over_can_only_close_or_remove),
	    CIRCLE_TEST(what_nobody_could_take_is_refused_by_name),
	    CIRCLE_TEST(where_all_others_are_suspended_nobody_would_hear_of_a_claim),
	    CIRCLE_TEST(of_two_claims_that_cross_the_first_in_the_log_stands_everywhere),
	    CIRCLE_TEST(
		a_claim_is_over_when_the_case_is_closed_or_nobody_took_it_and_another_follows),
	};

	return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
