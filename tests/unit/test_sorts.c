/* tests/unit/test_sorts.c: the tables of all sorts but the referral, against their own lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "services/runtime/task/climbed.h"
#include "services/runtime/task/disagreement.h"
#include "services/runtime/task/information.h"
#include "services/runtime/task/notice.h"
#include "services/runtime/task/pass.h"
#include "services/runtime/task/renewal.h"
#include "services/runtime/task/stop.h"

#define S        TASK_SENDER
#define R        TASK_RECIPIENT
#define IN(name) (1ULL << TASK_##name)

/* From which states an act leads whither; CROSSED where it crossed what decides. */
struct expected {
	enum task_event event;
	unsigned by;
	unsigned long long from;
	enum task_state next, crossed;
};

#define ASKED_STATES (IN(REQUESTED) | IN(RECEIVED) | IN(UNDER_WORK))
#define GIVEN_STATES (IN(ANSWERED) | IN(ANSWER_REFUSED))
#define SAME(state)  TASK_##state, TASK_##state
#define ONLY(state)  TASK_NONE, TASK_##state

static const struct expected information[] = {
    {TASK_EVENT_QUEUED, S, IN(NONE), SAME(PENDING)},
    {TASK_EVENT_REQUEST, S, IN(NONE) | IN(PENDING), SAME(REQUESTED)},
    {TASK_EVENT_OFFER_REFUSED, S | R, IN(PENDING), SAME(REFUSED)},
    {TASK_EVENT_OFFER_TAKEN_BACK, S | R, IN(PENDING), SAME(TAKEN_BACK)},
    {TASK_EVENT_OFFER_DELIVERED, S | R, IN(REQUESTED), SAME(RECEIVED)},
    {TASK_EVENT_OFFER_EXPIRED, S | R, IN(REQUESTED) | IN(WITHDRAWN) | IN(STOPPED),
	SAME(EXPIRED)},
    {TASK_EVENT_OFFER_UNREADABLE, S | R, IN(REQUESTED) | IN(WITHDRAWN) | IN(STOPPED),
	SAME(UNREADABLE)},
    {TASK_EVENT_GROUND_STOPPED, S, ASKED_STATES, SAME(STOPPED)},
    {TASK_EVENT_START, R, IN(REQUESTED) | IN(RECEIVED), SAME(UNDER_WORK)},
    {TASK_EVENT_START, R, IN(WITHDRAWN), ONLY(WITHDRAWN)},
    {TASK_EVENT_ANSWER, R, ASKED_STATES, SAME(ANSWERED)},
    {TASK_EVENT_ANSWER, R, IN(WITHDRAWN), ONLY(ANSWERED)},
    {TASK_EVENT_REFUSE, R, ASKED_STATES, SAME(ANSWER_REFUSED)},
    {TASK_EVENT_REFUSE, R, IN(WITHDRAWN), ONLY(ANSWER_REFUSED)},
    {TASK_EVENT_WITHDRAW, S, ASKED_STATES, SAME(WITHDRAWN)},
    {TASK_EVENT_WITHDRAW, S, IN(ANSWERED), ONLY(ANSWERED)},
    {TASK_EVENT_WITHDRAW, S, IN(ANSWER_REFUSED), ONLY(ANSWER_REFUSED)},
    {TASK_EVENT_ENTERED_IN_ERROR, S, ASKED_STATES | GIVEN_STATES | IN(WITHDRAWN),
	SAME(ENTERED_IN_ERROR)},
    {TASK_EVENT_ENTERED_IN_ERROR, R, GIVEN_STATES, SAME(UNDER_WORK)},
};

#define TOLD_STATES (IN(TOLD) | IN(RECEIVED))

static const struct expected notice[] = {
    {TASK_EVENT_QUEUED, S, IN(NONE), SAME(PENDING)},
    {TASK_EVENT_NOTICE, S, IN(NONE) | IN(PENDING), SAME(TOLD)},
    {TASK_EVENT_NOT_PERMITTED, S, IN(NONE), SAME(VOID)},
    {TASK_EVENT_OFFER_REFUSED, S | R, IN(PENDING), SAME(REFUSED)},
    {TASK_EVENT_OFFER_TAKEN_BACK, S | R, IN(PENDING), SAME(TAKEN_BACK)},
    {TASK_EVENT_OFFER_DELIVERED, S | R, IN(TOLD), SAME(RECEIVED)},
    {TASK_EVENT_OFFER_EXPIRED, S | R, IN(TOLD) | IN(SUPERSEDED) | IN(STOPPED), SAME(EXPIRED)},
    {TASK_EVENT_OFFER_UNREADABLE, S | R,
	IN(TOLD) | IN(SUPERSEDED) | IN(ENTERED_IN_ERROR) | IN(STOPPED), SAME(UNREADABLE)},
    {TASK_EVENT_GROUND_STOPPED, S, TOLD_STATES, SAME(STOPPED)},
    {TASK_EVENT_ACKNOWLEDGE, R, TOLD_STATES, SAME(ACKNOWLEDGED)},
    {TASK_EVENT_ACKNOWLEDGE, R, IN(SUPERSEDED), ONLY(SUPERSEDED)},
    {TASK_EVENT_ACKNOWLEDGE, R, IN(ENTERED_IN_ERROR), ONLY(ENTERED_IN_ERROR)},
    {TASK_EVENT_SUPERSEDE, S, TOLD_STATES | IN(ACKNOWLEDGED), SAME(SUPERSEDED)},
    {TASK_EVENT_ENTERED_IN_ERROR, S, TOLD_STATES | IN(ACKNOWLEDGED) | IN(SUPERSEDED),
	SAME(ENTERED_IN_ERROR)},
    {TASK_EVENT_ENTERED_IN_ERROR, R, IN(ACKNOWLEDGED), SAME(RECEIVED)},
};

static const struct expected stop[] = {
    {TASK_EVENT_QUEUED, S, IN(NONE), SAME(PENDING)},
    {TASK_EVENT_STOP, S, IN(NONE) | IN(PENDING), SAME(TOLD)},
    {TASK_EVENT_OFFER_REFUSED, S | R, IN(PENDING), SAME(REFUSED)},
    {TASK_EVENT_OFFER_DELIVERED, S | R, IN(TOLD), SAME(RECEIVED)},
    {TASK_EVENT_OFFER_EXPIRED, S | R, IN(TOLD), SAME(EXPIRED)},
    {TASK_EVENT_OFFER_UNREADABLE, S | R, IN(TOLD), SAME(UNREADABLE)},
    {TASK_EVENT_ANSWER, R, TOLD_STATES | IN(ANSWERED), SAME(ANSWERED)},
};

static const struct expected renewal[] = {
    {TASK_EVENT_QUEUED, S, IN(NONE), SAME(PENDING)},
    {TASK_EVENT_RENEW, S, IN(NONE) | IN(PENDING), SAME(INFORMED)},
    {TASK_EVENT_OFFER_REFUSED, S | R, IN(PENDING), SAME(REFUSED)},
    {TASK_EVENT_OFFER_TAKEN_BACK, S | R, IN(PENDING), SAME(TAKEN_BACK)},
    {TASK_EVENT_OFFER_EXPIRED, S | R, IN(INFORMED), SAME(EXPIRED)},
    {TASK_EVENT_OFFER_UNREADABLE, S | R, IN(INFORMED), SAME(UNREADABLE)},
};

static const struct expected pass[] = {
    {TASK_EVENT_QUEUED, S, IN(NONE), SAME(PENDING)},
    {TASK_EVENT_PASS, S, IN(NONE) | IN(PENDING), SAME(INFORMED)},
    {TASK_EVENT_OFFER_REFUSED, S | R, IN(PENDING), SAME(REFUSED)},
    {TASK_EVENT_OFFER_TAKEN_BACK, S | R, IN(PENDING), SAME(TAKEN_BACK)},
    {TASK_EVENT_OFFER_EXPIRED, S | R, IN(INFORMED), SAME(EXPIRED)},
    {TASK_EVENT_OFFER_UNREADABLE, S | R, IN(INFORMED), SAME(UNREADABLE)},
};

static const struct expected ask[] = {
    {TASK_EVENT_QUEUED, S, IN(NONE), SAME(PENDING)},
    {TASK_EVENT_ASK, S, IN(NONE) | IN(PENDING), SAME(INFORMED)},
    {TASK_EVENT_OFFER_REFUSED, S | R, IN(PENDING), SAME(REFUSED)},
    {TASK_EVENT_OFFER_TAKEN_BACK, S | R, IN(PENDING), SAME(TAKEN_BACK)},
    {TASK_EVENT_OFFER_EXPIRED, S | R, IN(INFORMED), SAME(EXPIRED)},
    {TASK_EVENT_OFFER_UNREADABLE, S | R, IN(INFORMED), SAME(UNREADABLE)},
};

static const struct expected climbed[] = {
    {TASK_EVENT_QUEUED, S, IN(NONE), SAME(PENDING)},
    {TASK_EVENT_NOTICE, S, IN(NONE) | IN(PENDING), SAME(TOLD)},
    {TASK_EVENT_OFFER_REFUSED, S | R, IN(PENDING), SAME(REFUSED)},
    {TASK_EVENT_OFFER_TAKEN_BACK, S | R, IN(PENDING), SAME(TAKEN_BACK)},
    {TASK_EVENT_OFFER_DELIVERED, S | R, IN(TOLD), SAME(RECEIVED)},
    {TASK_EVENT_OFFER_EXPIRED, S | R, IN(TOLD) | IN(SETTLED), SAME(EXPIRED)},
    {TASK_EVENT_OFFER_UNREADABLE, S | R, IN(TOLD) | IN(SETTLED), SAME(UNREADABLE)},
    {TASK_EVENT_ACKNOWLEDGE, R, TOLD_STATES, SAME(IN_PROGRESS)},
    {TASK_EVENT_SETTLE, S, TOLD_STATES | IN(IN_PROGRESS), SAME(SETTLED)},
};

#define LEVELS        (IN(AT_SPECIALISTS) | IN(AT_SUPERVISORS) | IN(AT_HEADS) | IN(AT_MANAGEMENT))
#define UNSEEN(state) TASK_##state, TASK_NONE

static const struct expected disagreement[] = {
    {TASK_EVENT_QUEUED, S, IN(NONE), SAME(PENDING)},
    {TASK_EVENT_RAISE, S, IN(NONE) | IN(PENDING), SAME(AT_SPECIALISTS)},
    {TASK_EVENT_OFFER_REFUSED, S | R, IN(PENDING), SAME(REFUSED)},
    {TASK_EVENT_OFFER_TAKEN_BACK, S | R, IN(PENDING), SAME(TAKEN_BACK)},
    {TASK_EVENT_ANSWER, R, IN(AT_SPECIALISTS), SAME(AT_SPECIALISTS)},
    {TASK_EVENT_ANSWER, R, IN(AT_SUPERVISORS), SAME(AT_SUPERVISORS)},
    {TASK_EVENT_ANSWER, R, IN(AT_HEADS), SAME(AT_HEADS)},
    {TASK_EVENT_ANSWER, R, IN(AT_MANAGEMENT), SAME(AT_MANAGEMENT)},
    /* One level at a time, by either side; two that crossed lead one level higher. */
    {TASK_EVENT_CLIMB, S | R, IN(AT_SPECIALISTS), UNSEEN(AT_SUPERVISORS)},
    {TASK_EVENT_CLIMB, S | R, IN(AT_SUPERVISORS), UNSEEN(AT_HEADS)},
    {TASK_EVENT_CLIMB, S | R, IN(AT_HEADS), UNSEEN(AT_MANAGEMENT)},
    {TASK_EVENT_SETTLE, S, LEVELS, SAME(SETTLED)},
    {TASK_EVENT_OFFER_EXPIRED, S | R, LEVELS | IN(SETTLED) | IN(STOPPED), SAME(EXPIRED)},
    {TASK_EVENT_OFFER_UNREADABLE, S | R, LEVELS | IN(SETTLED) | IN(STOPPED), SAME(UNREADABLE)},
    {TASK_EVENT_GROUND_STOPPED, S, LEVELS, SAME(STOPPED)},
};

static enum task_state
expect(const struct expected *list, size_t count, enum task_state state, enum task_event event,
    unsigned by, unsigned facts)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].event == event && (list[i].by & by) != 0 &&
		    (list[i].from >> state & 1) != 0)
			return (facts & TASK_FACT_CROSSED) != 0 ? list[i].crossed
			                                        : list[i].next;
	return TASK_NONE;
}

static void
assert_table(const struct task_sort *sort, const struct expected *list, size_t count)
{
	for (unsigned s = 0; s < TASK_STATE_COUNT; s++)
		for (unsigned e = 0; e < TASK_EVENT_COUNT; e++)
			for (unsigned by = S; by <= R; by++)
				for (unsigned facts = 0; facts < 4; facts++)
					assert_int_equal(
					    task_next(sort, (enum task_state)s,
						(enum task_event)e, (enum task_side)by, facts),
					    expect(list, count, (enum task_state)s,
						(enum task_event)e, by, facts));
}

static void
every_pair_of_an_information_request_follows_as_listed_and_no_other(void **state)
{
	(void)state;
	assert_table(
	    &information_sort, information, sizeof(information) / sizeof(information[0]));
}

static void
every_pair_of_a_notice_follows_as_listed_and_no_other(void **state)
{
	(void)state;
	assert_table(&notice_sort, notice, sizeof(notice) / sizeof(notice[0]));
}

static void
every_pair_of_a_stop_follows_as_listed_and_no_other(void **state)
{
	(void)state;
	assert_table(&stop_sort, stop, sizeof(stop) / sizeof(stop[0]));
}

static void
every_pair_of_what_climbed_follows_as_listed_and_no_other(void **state)
{
	(void)state;
	assert_table(&climbed_sort, climbed, sizeof(climbed) / sizeof(climbed[0]));
}

static void
every_pair_of_a_disagreement_follows_as_listed_and_no_other(void **state)
{
	(void)state;
	assert_table(
	    &disagreement_sort, disagreement, sizeof(disagreement) / sizeof(disagreement[0]));
}

/* Steps of a disagreement, raised at index 1; INDEX 0 ends them. */
static enum task_state
stand_after(const struct task_step *more, bool *voids)
{
	struct task_step steps[12] = {{.index = 1, .event = TASK_EVENT_RAISE, .by = S}};
	struct task_stand stand;
	size_t count = 1;

	for (; more[count - 1].index != 0; count++)
		steps[count] = more[count - 1];
	task_fold(&disagreement_sort, steps, count, &stand, voids);
	return stand.state;
}

#define CLIMB(at, who, seen)                                                                   \
	{                                                                                      \
		.index = (at), .event = TASK_EVENT_CLIMB, .by = (who), .applied = (seen)       \
	}

static void
climbs_that_crossed_lead_one_level_higher_and_the_log_decides_which(void **state)
{
	const struct task_step crossed[] = {CLIMB(5, S, 0), CLIMB(6, R, 1), {.index = 0}};
	const struct task_step seen[] = {CLIMB(5, S, 0), CLIMB(6, R, 5), {.index = 0}};
	/* One's own climbs follow each other, whatever the other side had said. */
	const struct task_step own[] = {
	    CLIMB(5, S, 0), CLIMB(6, S, 0), CLIMB(7, R, 5), CLIMB(8, S, 7), {.index = 0}};
	const struct task_step beyond[] = {
	    CLIMB(5, R, 1), CLIMB(6, R, 1), CLIMB(7, R, 1), CLIMB(8, R, 1), {.index = 0}};
	bool voids[12];

	(void)state;
	assert_int_equal(stand_after(crossed, voids), TASK_AT_SUPERVISORS);
	assert_true(!voids[1] && voids[2]);
	assert_int_equal(stand_after(seen, voids), TASK_AT_HEADS);
	assert_int_equal(stand_after(own, voids), TASK_AT_MANAGEMENT);
	assert_true(!voids[2] && voids[3] && !voids[4]);
	assert_int_equal(stand_after(beyond, voids), TASK_AT_MANAGEMENT);
	assert_true(!voids[3] && voids[4]);
}

static void
each_level_of_a_disagreement_is_its_peoples_and_theirs_who_lead_them(void **state)
{
	(void)state;
	assert_string_equal(disagreement_above(TASK_AT_SPECIALISTS), "supervisor");
	assert_string_equal(disagreement_above(TASK_AT_HEADS), "management");
	assert_null(disagreement_above(TASK_AT_MANAGEMENT));
	assert_null(disagreement_above(TASK_SETTLED));
	assert_true(disagreement_may(TASK_AT_SPECIALISTS, ROLE_SPECIALIST));
	assert_true(disagreement_may(TASK_AT_SPECIALISTS, ROLE_HEAD));
	assert_false(disagreement_may(TASK_AT_SUPERVISORS, ROLE_CASE_MANAGER));
	assert_true(disagreement_may(TASK_AT_SUPERVISORS, ROLE_SUPERVISOR));
	assert_false(disagreement_may(TASK_AT_HEADS, ROLE_SUPERVISOR));
	assert_true(disagreement_may(TASK_AT_MANAGEMENT, ROLE_HEAD));
	assert_false(disagreement_may(TASK_AT_SPECIALISTS, ROLE_AUDITOR));
	assert_false(disagreement_may(TASK_SETTLED, ROLE_HEAD));
}

static void
every_pair_of_a_renewal_follows_as_listed_and_no_other(void **state)
{
	(void)state;
	assert_table(&renewal_sort, renewal, sizeof(renewal) / sizeof(renewal[0]));
}

static void
every_pair_of_a_pass_and_of_an_ask_follows_as_listed_and_no_other(void **state)
{
	(void)state;
	assert_table(&pass_sort, pass, sizeof(pass) / sizeof(pass[0]));
	assert_table(&pass_ask_sort, ask, sizeof(ask) / sizeof(ask[0]));
}

/* Nobody can do more, and nobody owes more, where no ground stands. */
static void
an_open_task_ends_with_its_ground_and_an_ended_one_stays_as_it_is(void **state)
{
	const struct task_sort *sort;

	(void)state;
	for (unsigned i = 0; (sort = task_sort_at(i)) != NULL; i++)
		for (unsigned s = TASK_PENDING + 1; s < TASK_STATE_COUNT; s++)
			if (task_knows(sort, TASK_EVENT_GROUND_STOPPED) &&
			    task_has(sort, (enum task_state)s))
				assert_int_equal(
				    task_next(sort, (enum task_state)s,
					TASK_EVENT_GROUND_STOPPED, S, TASK_FACT_CONTENT),
				    task_is_open(sort, (enum task_state)s) ? TASK_STOPPED
									   : TASK_NONE);
}

static void
no_act_follows_a_stop_whatever_the_state_is(void **state)
{
	const struct task_step steps[] = {
	    {.index = 10, .event = TASK_EVENT_REQUEST, .by = S, .with_content = true},
	    {.index = 11, .event = TASK_EVENT_ANSWER, .by = R, .applied = 10},
	    {.index = 12, .event = TASK_EVENT_GROUND_STOPPED, .by = S},
	    {.index = 13, .event = TASK_EVENT_ENTERED_IN_ERROR, .by = R, .applied = 10},
	};
	struct task_stand stand;
	bool voids[4];

	(void)state;
	task_fold(&information_sort, steps, 2, &stand, NULL);
	assert_true(task_may(&information_sort, &stand, TASK_EVENT_ENTERED_IN_ERROR, R));
	task_fold(&information_sort, steps, 4, &stand, voids);
	assert_int_equal(stand.state, TASK_ANSWERED);
	assert_true(stand.stopped && voids[3] && !voids[1]);
	assert_int_equal(stand.void_steps, 1);
	for (unsigned e = 0; e < TASK_EVENT_COUNT; e++)
		for (unsigned by = S; by <= R; by++)
			assert_false(task_may(
			    &information_sort, &stand, (enum task_event)e, (enum task_side)by));
}

/* The log has the stop, and only then tells where our message stands, or that it stands nowhere. */
static void
what_was_on_its_way_is_judged_by_its_place_in_the_log(void **state)
{
	const struct task_step gone[] = {
	    {.index = 12, .event = TASK_EVENT_GROUND_STOPPED, .by = S},
	    {.index = UINT64_MAX, .event = TASK_EVENT_QUEUED, .by = S, .with_content = true},
	    {.index = UINT64_MAX, .event = TASK_EVENT_OFFER_REFUSED, .by = S},
	};
	const struct task_step before[] = {
	    {.index = 11, .event = TASK_EVENT_REQUEST, .by = S, .with_content = true},
	    {.index = 12, .event = TASK_EVENT_GROUND_STOPPED, .by = S},
	    {.index = 19, .event = TASK_EVENT_OFFER_EXPIRED, .by = S},
	};
	struct task_stand stand;

	(void)state;
	task_fold(&information_sort, gone, 2, &stand, NULL);
	assert_int_equal(stand.state, TASK_PENDING);
	task_fold(&information_sort, gone, 3, &stand, NULL);
	assert_int_equal(stand.state, TASK_REFUSED);
	task_fold(&information_sort, before, 2, &stand, NULL);
	assert_int_equal(stand.state, TASK_STOPPED);
	task_fold(&information_sort, before, 3, &stand, NULL);
	assert_int_equal(stand.state, TASK_EXPIRED);
}

/* A list shows what is open without asking which sort it is of. */
static void
a_state_is_open_in_every_sort_that_has_it_or_in_none(void **state)
{
	const struct task_sort *one, *other;

	(void)state;
	for (unsigned i = 0; (one = task_sort_at(i)) != NULL; i++)
		for (unsigned j = 0; (other = task_sort_at(j)) != NULL; j++)
			for (unsigned s = 1; s < TASK_STATE_COUNT; s++)
				if (task_has(one, (enum task_state)s) &&
				    task_has(other, (enum task_state)s))
					assert_int_equal(task_is_open(one, (enum task_state)s),
					    task_is_open(other, (enum task_state)s));
}

/* The withdrawal is logged at any place among what it crossed: both come to the same. */
static void
where_a_withdrawal_stands_among_what_it_crossed_does_not_matter(void **state)
{
	static const struct {
		enum task_event event;
		enum task_state end;
	} given[] = {{TASK_EVENT_ANSWER, TASK_ANSWERED},
	    {TASK_EVENT_REFUSE, TASK_ANSWER_REFUSED}, {TASK_EVENT_START, TASK_WITHDRAWN}};

	(void)state;
	for (size_t g = 0; g < 3; g++)
		for (size_t place = 1; place <= 3; place++) {
			struct task_step steps[4] = {{.index = 10,
			    .event = TASK_EVENT_REQUEST,
			    .by = S,
			    .with_content = true}};
			struct task_stand stand;
			size_t at = 1;

			for (size_t i = 1; i <= 3; i++) {
				if (i == place)
					steps[i] = (struct task_step){.index = 10 + i,
					    .event = TASK_EVENT_WITHDRAW,
					    .by = S,
					    .applied = 0};
				else
					steps[i] = (struct task_step){.index = 10 + i,
					    .event =
						at++ == 1 ? TASK_EVENT_START : given[g].event,
					    .by = R,
					    .applied = 10};
			}
			task_fold(&information_sort, steps, 4, &stand, NULL);
			assert_int_equal(stand.state, given[g].end);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		every_pair_of_an_information_request_follows_as_listed_and_no_other),
	    cmocka_unit_test(every_pair_of_a_notice_follows_as_listed_and_no_other),
	    cmocka_unit_test(every_pair_of_a_stop_follows_as_listed_and_no_other),
	    cmocka_unit_test(every_pair_of_a_renewal_follows_as_listed_and_no_other),
	    cmocka_unit_test(every_pair_of_a_pass_and_of_an_ask_follows_as_listed_and_no_other),
	    cmocka_unit_test(every_pair_of_what_climbed_follows_as_listed_and_no_other),
	    cmocka_unit_test(every_pair_of_a_disagreement_follows_as_listed_and_no_other),
	    cmocka_unit_test(
		climbs_that_crossed_lead_one_level_higher_and_the_log_decides_which),
	    cmocka_unit_test(
		each_level_of_a_disagreement_is_its_peoples_and_theirs_who_lead_them),
	    cmocka_unit_test(an_open_task_ends_with_its_ground_and_an_ended_one_stays_as_it_is),
	    cmocka_unit_test(no_act_follows_a_stop_whatever_the_state_is),
	    cmocka_unit_test(what_was_on_its_way_is_judged_by_its_place_in_the_log),
	    cmocka_unit_test(a_state_is_open_in_every_sort_that_has_it_or_in_none),
	    cmocka_unit_test(where_a_withdrawal_stands_among_what_it_crossed_does_not_matter),
	};

	return cmocka_run_group_tests_name("sorts", tests, NULL, NULL);
}
