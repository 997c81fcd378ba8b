/* tests/unit/test_circle_claim.c: claims of the lead, folded from scripts of steps. */
#include "tests/unit/circle_script.h"

#define START  (DAY * 20000)
#define DUE    (START + 4 * DAY)
#define CLAIM  7
#define SECOND 8

/* Says it AT_MS after the start; about TASK. */
static bool
at(struct script *s, uint64_t at_ms, const char *author, enum task_event event,
    const char *about, uint8_t task)
{
	(void)says(s, author, event, about);
	s->steps[s->count - 1].time_ms = START + at_ms;
	return of_task(s, task, 0);
}

static bool
claims(struct script *s, uint64_t at_ms, const char *author, uint8_t task, uint64_t due_ms)
{
	(void)says(s, author, TASK_EVENT_CLAIM_LEAD, "");
	s->steps[s->count - 1].time_ms = START + at_ms;
	return of_task(s, task, due_ms);
}

static bool
offers_at(struct script *s, uint64_t at_ms, const char *to, uint8_t task, uint64_t due_ms)
{
	(void)says(s, "service", TASK_EVENT_OFFER_LEAD, to);
	s->steps[s->count - 1].time_ms = START + at_ms;
	return of_task(s, task, due_ms);
}

static bool
takes(struct script *s, uint64_t at_ms, const char *author)
{
	return at(s, at_ms, author, TASK_EVENT_TAKE_LEAD, "", CLAIM);
}

static bool
objects(struct script *s, uint64_t at_ms, const char *author)
{
	return at(s, at_ms, author, TASK_EVENT_REVOKE_LEAD, "", CLAIM);
}

/* A case of the service's with the school and the police, and the school's claim until DUE. */
static void
open_claimed(struct script *s)
{
	open_circle(s, "school police");
	s->steps[0].time_ms = START - DAY;
	assert_true(claims(s, 0, "school", CLAIM, DUE));
	assert_true(s->circle.claimed);
	assert_string_equal(s->circle.offered.code, "school");
}

static void
assert_over(const struct script *s)
{
	assert_string_equal(s->circle.offered.code, "");
	assert_false(s->circle.claimed);
	assert_false(circle_stands(&s->circle, 0));
}

static void
a_claim_that_nobody_objects_to_is_taken_once_its_day_is_over(void **state)
{
	struct circle_task task = {.share = TASK_OF_ONE, .index = 20};
	struct script s;

	(void)state;
	open_claimed(&s);
	task.party = circle_addressee(&s.steps[1]);
	assert_string_equal(task.party, "school");
	assert_int_equal(circle_side(&s.circle, &task, "school", 20), TASK_RECIPIENT);
	assert_int_equal(circle_side(&s.circle, &task, "service", 20), TASK_SENDER);
	assert_int_equal(circle_side(&s.circle, &task, "police", 20), TASK_ONLOOKER);
	assert_false(takes(&s, 4 * DAY, "school"));
	assert_false(takes(&s, 4 * DAY + 1, "police"));
	assert_false(takes(&s, 4 * DAY + 1, "service"));
	assert_false(at(&s, 4 * DAY + 1, "school", TASK_EVENT_TAKE_LEAD, "", SECOND));
	assert_false(at(&s, 4 * DAY + 1, "school", TASK_EVENT_ADD, "court", 0));
	assert_true(takes(&s, 4 * DAY + 1, "school"));
	assert_over(&s);
	assert_string_equal(circle_lead(&s.circle, 79), "service");
	assert_string_equal(circle_lead(&s.circle, 80), "school");
	assert_true(says(&s, "school", TASK_EVENT_ASSIGN, "service"));
	assert_false(says(&s, "service", TASK_EVENT_ADD, "court"));
	assert_true(says(&s, "service", TASK_EVENT_REPORT, ""));
	assert_true(says(&s, "school", TASK_EVENT_REMOVE, "service"));
}

static void
who_leads_alone_objects_and_until_the_day_is_over(void **state)
{
	struct script s;

	(void)state;
	open_claimed(&s);
	assert_false(objects(&s, DAY, "police"));
	assert_false(objects(&s, DAY, "school"));
	assert_false(at(&s, DAY, "service", TASK_EVENT_REVOKE_LEAD, "", SECOND));
	assert_true(objects(&s, 4 * DAY, "service"));
	assert_over(&s);
	assert_false(takes(&s, 4 * DAY + 1, "school"));
	open_claimed(&s);
	assert_false(objects(&s, 4 * DAY + 1, "service"));
	assert_true(takes(&s, 4 * DAY + 2, "school"));
	assert_false(objects(&s, 4 * DAY + 3, "service"));
}

/* At one time one of the two counts, in whatever order the log has them. */
static void
an_objection_and_the_taking_that_cross_are_told_apart_by_the_logs_time(void **state)
{
	struct script s;

	(void)state;
	for (uint64_t ms = 4 * DAY - 2; ms <= 4 * DAY + 2; ms++)
		for (unsigned first = 0; first < 2; first++) {
			bool took, objected;

			open_claimed(&s);
			took = first == 0 && takes(&s, ms, "school");
			objected = objects(&s, ms, "service");
			took = took || (first == 1 && takes(&s, ms, "school"));
			assert_int_equal(took, ms > 4 * DAY);
			assert_int_equal(objected, !took);
		}
}

static void
a_claim_gives_three_days_at_least_and_a_month_at_most_by_the_logs_time(void **state)
{
	static const struct {
		uint64_t due_ms;
		bool good;
	} all[] = {{0, false}, {1, false}, {START, false}, {START + CIRCLE_CLAIM_MS - 1, false},
	    {START + CIRCLE_CLAIM_MS, true}, {START + CIRCLE_CLAIM_MAX_MS, true},
	    {START + CIRCLE_CLAIM_MAX_MS + 1, false}, {UINT64_MAX, false}};
	struct script s;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		open_circle(&s, "school police");
		assert_int_equal(claims(&s, 0, "school", CLAIM, all[i].due_ms), all[i].good);
	}
}

static void
of_two_claims_the_first_in_the_log_stands(void **state)
{
	struct script s;

	(void)state;
	open_claimed(&s);
	assert_false(claims(&s, 0, "police", SECOND, DUE));
	assert_false(claims(&s, 0, "school", SECOND, DUE));
	assert_false(at(&s, 5 * DAY, "police", TASK_EVENT_TAKE_LEAD, "", SECOND));
	assert_true(at(&s, DAY, "school", TASK_EVENT_REJECT_LEAD, "", CLAIM));
	assert_over(&s);
	assert_true(claims(&s, 0, "police", SECOND, DUE));
	assert_false(at(&s, DAY, "school", TASK_EVENT_REJECT_LEAD, "", SECOND));
}

static void
nobody_claims_what_it_leads_or_is_no_member_of(void **state)
{
	struct script s;

	(void)state;
	open_circle(&s, "school police");
	assert_false(claims(&s, 0, "service", CLAIM, DUE));
	assert_false(claims(&s, 0, "court", CLAIM, DUE));
	assert_true(says(&s, "school", TASK_EVENT_LEAVE, ""));
	assert_false(claims(&s, 0, "school", CLAIM, DUE));
}

static void
a_claim_and_an_offer_that_cross_stand_in_the_logs_order(void **state)
{
	struct script s;

	(void)state;
	open_claimed(&s);
	assert_false(offers_at(&s, 0, "police", SECOND, DUE));
	assert_false(at(&s, 0, "police", TASK_EVENT_TAKE_LEAD, "", SECOND));
	assert_true(objects(&s, 0, "service"));
	assert_true(offers_at(&s, 0, "police", SECOND, DUE));
	assert_false(claims(&s, DAY, "school", CLAIM, DUE + DAY));
	assert_true(at(&s, DAY, "police", TASK_EVENT_TAKE_LEAD, "", SECOND));
	/* An offer that is past due is over for a claim, too. */
	open_circle(&s, "school police");
	assert_true(offers_at(&s, 0, "police", SECOND, START));
	assert_true(claims(&s, 1, "school", CLAIM, DUE));
	assert_false(at(&s, 1, "police", TASK_EVENT_REJECT_LEAD, "", SECOND));
}

static void
an_offer_to_who_is_gone_keeps_nobody_from_claiming(void **state)
{
	struct script s;

	(void)state;
	open_circle(&s, "school police");
	assert_true(offers_at(&s, 0, "police", SECOND, 0));
	assert_false(claims(&s, 0, "school", CLAIM, DUE));
	assert_true(at(&s, 0, "police", TASK_EVENT_LEAVE, "", 0));
	assert_true(claims(&s, 0, "school", CLAIM, DUE));
	assert_true(takes(&s, 4 * DAY + 1, "school"));
}

static void
an_offer_that_nobody_answers_keeps_nobody_from_claiming_for_ever(void **state)
{
	const uint64_t month = CIRCLE_CLAIM_MAX_MS, due = DUE + month;
	struct script s;

	(void)state;
	open_circle(&s, "school police");
	assert_true(offers_at(&s, 0, "police", SECOND, DUE + 400 * DAY));
	assert_false(claims(&s, month, "school", CLAIM, due));
	assert_true(claims(&s, month + 1, "school", CLAIM, due));
	/* The offer is over by that, not before. */
	assert_false(at(&s, month + 2, "police", TASK_EVENT_TAKE_LEAD, "", SECOND));
	assert_true(takes(&s, 4 * DAY + month + 1, "school"));
	open_circle(&s, "school police");
	assert_true(offers_at(&s, 0, "police", SECOND, 0));
	assert_true(at(&s, 2 * month, "police", TASK_EVENT_TAKE_LEAD, "", SECOND));
	/* The log's times may go back. */
	open_circle(&s, "school police");
	assert_true(offers_at(&s, 2 * month, "police", SECOND, 0));
	assert_false(claims(&s, 0, "school", CLAIM, DUE));
	assert_true(claims(&s, 3 * month + 1, "school", CLAIM, DUE + 3 * month));
}

static void
a_claim_falls_with_the_membership_of_who_made_it(void **state)
{
	static const struct {
		const char *author, *about;
		enum task_event event;
	} ends[] = {{"school", "", TASK_EVENT_LEAVE}, {"service", "school", TASK_EVENT_REMOVE},
	    {"school", "court", TASK_EVENT_HAND_OVER}};
	struct script s;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		open_claimed(&s);
		assert_true(at(&s, DAY, ends[i].author, ends[i].event, ends[i].about, 0));
		assert_over(&s);
		assert_false(takes(&s, 5 * DAY, "school"));
		assert_false(takes(&s, 5 * DAY, "court"));
		(void)says(&s, "service", TASK_EVENT_ADD, "school");
		assert_false(takes(&s, 5 * DAY, "school"));
		assert_true(claims(&s, 0, "police", SECOND, DUE));
	}
	/* Who goes and did not claim takes nothing with it. */
	open_claimed(&s);
	assert_true(at(&s, DAY, "police", TASK_EVENT_LEAVE, "", 0));
	assert_true(takes(&s, 5 * DAY, "school"));
}

static void
a_claim_is_over_when_the_case_is_closed(void **state)
{
	struct script s;

	(void)state;
	open_claimed(&s);
	assert_true(at(&s, DAY, "service", TASK_EVENT_CLOSE, "", 0));
	assert_over(&s);
	assert_false(claims(&s, DAY, "school", SECOND, DUE));
	assert_true(at(&s, DAY, "service", TASK_EVENT_REOPEN, "", 0));
	assert_false(takes(&s, 5 * DAY, "school"));
	assert_true(claims(&s, 0, "school", SECOND, DUE));
}

static void
what_else_who_leads_does_is_no_objection(void **state)
{
	struct script s;

	(void)state;
	open_claimed(&s);
	assert_true(at(&s, DAY, "service", TASK_EVENT_REPORT, "", 0));
	assert_true(at(&s, DAY, "service", TASK_EVENT_ADD, "court", 0));
	(void)says(&s, "service", TASK_EVENT_ADD, "court2");
	assert_true(at(&s, DAY, "service", TASK_EVENT_ASSIGN, "school", 0));
	assert_true(at(&s, DAY, "service", TASK_EVENT_REMOVE, "police", 0));
	assert_true(takes(&s, 5 * DAY, "school"));
}

static void
a_claim_not_taken_in_fourteen_days_is_over_by_that(void **state)
{
	struct script s;

	(void)state;
	open_claimed(&s);
	assert_int_equal(circle_take_until(&s.circle), DUE + 14 * DAY);
	assert_false(claims(&s, 18 * DAY, "police", SECOND, DUE + 20 * DAY));
	assert_false(offers_at(&s, 18 * DAY, "police", SECOND, DUE + 20 * DAY));
	assert_false(takes(&s, 18 * DAY + 1, "school"));
	assert_true(claims(&s, 18 * DAY + 1, "police", SECOND, DUE + 20 * DAY));
	assert_string_equal(s.circle.offered.code, "police");
	open_claimed(&s);
	assert_true(offers_at(&s, 18 * DAY + 1, "police", SECOND, DUE + 20 * DAY));
	open_claimed(&s);
	assert_true(takes(&s, 18 * DAY, "school"));
}

static void
nobody_claims_the_chair_of_a_sitting(void **state)
{
	struct script s;

	(void)state;
	memset(&s, 0, sizeof(s));
	assert_true(says(&s, "service", TASK_EVENT_PROPOSE, "school police"));
	s.steps[0].time_ms = START;
	assert_false(claims(&s, 0, "school", CLAIM, DUE));
	assert_false(takes(&s, 5 * DAY, "school"));
}

/* A late row is folded at its place: what followed from another order follows no more. */
static void
an_objection_that_comes_late_takes_the_lead_back_to_where_it_was(void **state)
{
	struct script s;

	(void)state;
	open_claimed(&s);
	assert_true(at(&s, 5 * DAY, "school", TASK_EVENT_TAKE_LEAD, "", CLAIM));
	assert_string_equal(circle_lead(&s.circle, NOW), "school");
	s.steps[s.count] = s.steps[s.count - 1];
	s.steps[s.count].index = 1000;
	s.steps[s.count - 1] = (struct circle_step){.index = 35,
	    .time_ms = START + DAY,
	    .event = TASK_EVENT_REVOKE_LEAD,
	    .author = party("service")};
	memset(s.steps[s.count - 1].task, CLAIM, SUITE_ID_LEN);
	s.count++;
	circle_fold(s.steps, s.count, &s.circle, s.voids);
	assert_true(s.voids[s.count - 1]);
	assert_string_equal(circle_lead(&s.circle, NOW), "service");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_claim_that_nobody_objects_to_is_taken_once_its_day_is_over),
	    cmocka_unit_test(who_leads_alone_objects_and_until_the_day_is_over),
	    cmocka_unit_test(
		an_objection_and_the_taking_that_cross_are_told_apart_by_the_logs_time),
	    cmocka_unit_test(
		a_claim_gives_three_days_at_least_and_a_month_at_most_by_the_logs_time),
	    cmocka_unit_test(of_two_claims_the_first_in_the_log_stands),
	    cmocka_unit_test(nobody_claims_what_it_leads_or_is_no_member_of),
	    cmocka_unit_test(a_claim_and_an_offer_that_cross_stand_in_the_logs_order),
	    cmocka_unit_test(an_offer_to_who_is_gone_keeps_nobody_from_claiming),
	    cmocka_unit_test(an_offer_that_nobody_answers_keeps_nobody_from_claiming_for_ever),
	    cmocka_unit_test(a_claim_falls_with_the_membership_of_who_made_it),
	    cmocka_unit_test(a_claim_is_over_when_the_case_is_closed),
	    cmocka_unit_test(what_else_who_leads_does_is_no_objection),
	    cmocka_unit_test(a_claim_not_taken_in_fourteen_days_is_over_by_that),
	    cmocka_unit_test(nobody_claims_the_chair_of_a_sitting),
	    cmocka_unit_test(an_objection_that_comes_late_takes_the_lead_back_to_where_it_was),
	};

	return cmocka_run_group_tests_name("circle_claim", tests, NULL, NULL);
}
