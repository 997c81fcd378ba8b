/* tests/unit/test_sorts.c: the tables of information requests and notices, against their own lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "services/runtime/task/information.h"
#include "services/runtime/task/notice.h"

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
    {TASK_EVENT_OFFER_DELIVERED, S | R, IN(REQUESTED), SAME(RECEIVED)},
    {TASK_EVENT_OFFER_EXPIRED, S | R, IN(REQUESTED) | IN(WITHDRAWN), SAME(EXPIRED)},
    {TASK_EVENT_OFFER_UNREADABLE, S | R, IN(REQUESTED) | IN(WITHDRAWN), SAME(UNREADABLE)},
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
    {TASK_EVENT_OFFER_DELIVERED, S | R, IN(TOLD), SAME(RECEIVED)},
    {TASK_EVENT_OFFER_EXPIRED, S | R, IN(TOLD) | IN(SUPERSEDED), SAME(EXPIRED)},
    {TASK_EVENT_OFFER_UNREADABLE, S | R, IN(TOLD) | IN(SUPERSEDED) | IN(ENTERED_IN_ERROR),
	SAME(UNREADABLE)},
    {TASK_EVENT_ACKNOWLEDGE, R, TOLD_STATES, SAME(ACKNOWLEDGED)},
    {TASK_EVENT_ACKNOWLEDGE, R, IN(SUPERSEDED), ONLY(SUPERSEDED)},
    {TASK_EVENT_ACKNOWLEDGE, R, IN(ENTERED_IN_ERROR), ONLY(ENTERED_IN_ERROR)},
    {TASK_EVENT_SUPERSEDE, S, TOLD_STATES | IN(ACKNOWLEDGED), SAME(SUPERSEDED)},
    {TASK_EVENT_ENTERED_IN_ERROR, S, TOLD_STATES | IN(ACKNOWLEDGED) | IN(SUPERSEDED),
	SAME(ENTERED_IN_ERROR)},
    {TASK_EVENT_ENTERED_IN_ERROR, R, IN(ACKNOWLEDGED), SAME(RECEIVED)},
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
	    cmocka_unit_test(a_state_is_open_in_every_sort_that_has_it_or_in_none),
	    cmocka_unit_test(where_a_withdrawal_stands_among_what_it_crossed_does_not_matter),
	};

	return cmocka_run_group_tests_name("sorts", tests, NULL, NULL);
}
