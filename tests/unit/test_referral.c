/* tests/unit/test_referral.c: the referral task's table, walked against a list of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "services/runtime/referral.h"

#define S REFERRAL_SENDER
#define R REFERRAL_RECIPIENT

/* What follows, as the field's practice says it; everything else does not. */
static const struct {
	enum referral_state state;
	enum referral_event event;
	unsigned by;
	bool needs_content;
	enum referral_state next;
} expected[] = {
    {REFERRAL_NONE, REFERRAL_EVENT_QUEUED, S, false, REFERRAL_PENDING},
    {REFERRAL_NONE, REFERRAL_EVENT_OFFER, S, false, REFERRAL_OFFERED},
    {REFERRAL_PENDING, REFERRAL_EVENT_OFFER, S, false, REFERRAL_OFFERED},
    {REFERRAL_PENDING, REFERRAL_EVENT_OFFER_REFUSED, S | R, false, REFERRAL_REFUSED},
    {REFERRAL_OFFERED, REFERRAL_EVENT_REVIEW_OPENED, R, false, REFERRAL_UNDER_REVIEW},
    {REFERRAL_OFFERED, REFERRAL_EVENT_ACCEPT, R, true, REFERRAL_ACCEPTED},
    {REFERRAL_OFFERED, REFERRAL_EVENT_DECLINE, R, true, REFERRAL_DECLINED},
    {REFERRAL_OFFERED, REFERRAL_EVENT_OFFER_EXPIRED, S | R, false, REFERRAL_EXPIRED},
    {REFERRAL_OFFERED, REFERRAL_EVENT_OFFER_UNREADABLE, S | R, false, REFERRAL_UNREADABLE},
    {REFERRAL_UNDER_REVIEW, REFERRAL_EVENT_RELEASE, S, false, REFERRAL_UNDER_REVIEW},
    {REFERRAL_UNDER_REVIEW, REFERRAL_EVENT_ACCEPT, R, false, REFERRAL_ACCEPTED},
    {REFERRAL_UNDER_REVIEW, REFERRAL_EVENT_DECLINE, R, false, REFERRAL_DECLINED},
    {REFERRAL_ACCEPTED, REFERRAL_EVENT_RELEASE, S, false, REFERRAL_ACCEPTED},
    {REFERRAL_ACCEPTED, REFERRAL_EVENT_OUTCOME, R, false, REFERRAL_OUTCOME_REPORTED},
    {REFERRAL_DECLINED, REFERRAL_EVENT_CLOSE, S, false, REFERRAL_CLOSED},
    {REFERRAL_OUTCOME_REPORTED, REFERRAL_EVENT_CLOSE, S, false, REFERRAL_CLOSED},
};

static enum referral_state
expect(enum referral_state state, enum referral_event event, unsigned by, bool with_content)
{
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		if (expected[i].state == state && expected[i].event == event &&
		    (expected[i].by & by) != 0 && (!expected[i].needs_content || with_content))
			return expected[i].next;
	return REFERRAL_NONE;
}

static void
every_pair_of_state_and_event_follows_as_listed_and_no_other(void **state)
{
	(void)state;
	for (unsigned s = 0; s < REFERRAL_STATE_COUNT; s++)
		for (unsigned e = 0; e < REFERRAL_EVENT_COUNT; e++)
			for (unsigned by = S; by <= R; by++)
				for (unsigned content = 0; content < 2; content++)
					assert_int_equal(
					    referral_next((enum referral_state)s,
						(enum referral_event)e, (enum referral_side)by,
						content != 0),
					    expect((enum referral_state)s,
						(enum referral_event)e, by, content != 0));
}

static void
what_is_outside_the_table_does_not_follow(void **state)
{
	(void)state;
	assert_int_equal(
	    referral_next(REFERRAL_STATE_COUNT, REFERRAL_EVENT_OFFER, S, true), REFERRAL_NONE);
	assert_int_equal(
	    referral_next(REFERRAL_NONE, REFERRAL_EVENT_COUNT, S, true), REFERRAL_NONE);
}

static void
names_and_labels_are_of_every_state(void **state)
{
	(void)state;
	for (unsigned s = 0; s < REFERRAL_STATE_COUNT; s++) {
		const char *name = referral_state_name((enum referral_state)s);

		assert_int_equal(referral_state_named(bytes_of_text(name)), s);
		assert_true(referral_state_label((enum referral_state)s, "lv")[0] != '\0');
		assert_true(referral_state_label((enum referral_state)s, "en")[0] != '\0');
	}
	assert_int_equal(referral_state_named(bytes_of_text("no")), REFERRAL_STATE_COUNT);
}

/* ---- The fold ---------------------------------------------------------------------------- */

static struct referral_step
step(uint64_t index, enum referral_event event, enum referral_side by)
{
	return (struct referral_step){.index = index, .event = event, .by = by};
}

static int
by_index(const void *left, const void *right)
{
	const struct referral_step *a = left, *b = right;

	return a->index < b->index ? -1 : a->index > b->index;
}

static struct referral_task
fold(const struct referral_step *steps, size_t count)
{
	struct referral_task task;

	referral_fold(steps, count, &task, NULL);
	return task;
}

static void
the_whole_way_of_an_ordinary_referral_folds_to_closed(void **state)
{
	const struct referral_step steps[] = {
	    step(10, REFERRAL_EVENT_OFFER, S),
	    step(12, REFERRAL_EVENT_REVIEW_OPENED, R),
	    step(14, REFERRAL_EVENT_RELEASE, S),
	    step(17, REFERRAL_EVENT_ACCEPT, R),
	    step(20, REFERRAL_EVENT_OUTCOME, R),
	    step(30, REFERRAL_EVENT_CLOSE, S),
	};
	static const enum referral_state after[] = {REFERRAL_OFFERED, REFERRAL_UNDER_REVIEW,
	    REFERRAL_UNDER_REVIEW, REFERRAL_ACCEPTED, REFERRAL_OUTCOME_REPORTED,
	    REFERRAL_CLOSED};

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct referral_task task = fold(steps, i + 1);

		assert_int_equal(task.state, after[i]);
		assert_int_equal(task.last_index, steps[i].index);
		assert_int_equal(task.content_due, i == 1);
		assert_int_equal(task.content_seen, i >= 2);
		assert_int_equal(task.void_steps, 0);
	}
}

/* Every order of arrival, with the fold run again after each: the last result is one. */
static void
the_order_of_arrival_does_not_change_where_a_task_stands(void **state)
{
	const struct referral_step logged[] = {
	    step(10, REFERRAL_EVENT_OFFER, S),
	    step(12, REFERRAL_EVENT_REVIEW_OPENED, R),
	    step(14, REFERRAL_EVENT_RELEASE, S),
	    step(15, REFERRAL_EVENT_DECLINE, R),
	    step(16, REFERRAL_EVENT_ACCEPT, R),
	    step(18, REFERRAL_EVENT_CLOSE, S),
	};
	struct referral_task whole = fold(logged, 6);
	unsigned orders = 0;

	(void)state;
	for (unsigned n = 0; n < 6 * 6 * 6 * 6 * 6 * 6; n++) {
		struct referral_step arrived[6];
		struct referral_task task;
		unsigned used = 0, rest = n, i;

		for (i = 0; i < 6; i++, rest /= 6) {
			if ((used >> rest % 6 & 1) != 0)
				break;
			used |= 1U << rest % 6;
			arrived[i] = logged[rest % 6];
			qsort(arrived, i + 1, sizeof(arrived[0]), by_index);
		}
		if (i < 6)
			continue;
		orders++;
		task = fold(arrived, 6);
		assert_int_equal(task.state, whole.state);
		assert_int_equal(task.last_index, whole.last_index);
		assert_int_equal(task.void_steps, whole.void_steps);
		assert_int_equal(task.content_due, whole.content_due);
		assert_int_equal(task.content_seen, whole.content_seen);
	}
	assert_int_equal(orders, 720);
	assert_int_equal(whole.state, REFERRAL_CLOSED);
	assert_int_equal(whole.void_steps, 1);
}

static void
a_step_that_does_not_follow_is_void_and_changes_nothing(void **state)
{
	const struct referral_step steps[] = {
	    step(10, REFERRAL_EVENT_OFFER, S),
	    step(11, REFERRAL_EVENT_ACCEPT, R),  /* it has not seen the content */
	    step(12, REFERRAL_EVENT_ACCEPT, S),  /* the wrong side */
	    step(13, REFERRAL_EVENT_RELEASE, S), /* nobody asked */
	};
	struct referral_task task;
	bool voids[4];

	(void)state;
	referral_fold(steps, 4, &task, voids);
	assert_int_equal(task.state, REFERRAL_OFFERED);
	assert_false(voids[0]);
	assert_true(voids[1] && voids[2] && voids[3]);
	assert_false(task.content_seen);
	assert_int_equal(task.void_steps, 3);
}

static void
an_urgent_offer_with_content_may_be_accepted_at_once_and_owes_no_release(void **state)
{
	struct referral_step steps[] = {
	    step(10, REFERRAL_EVENT_OFFER, S),
	    step(11, REFERRAL_EVENT_REVIEW_OPENED, R),
	};
	struct referral_task task;

	(void)state;
	steps[0].with_content = true;
	task = fold(steps, 1);
	assert_true(referral_may(&task, REFERRAL_EVENT_ACCEPT, R));
	assert_true(referral_may(&task, REFERRAL_EVENT_DECLINE, R));
	task = fold(steps, 2);
	assert_false(task.content_due);
	assert_false(referral_may(&task, REFERRAL_EVENT_RELEASE, S));
}

static void
content_is_owed_once_and_not_after_a_decline(void **state)
{
	const struct referral_step steps[] = {
	    step(10, REFERRAL_EVENT_OFFER, S),
	    step(12, REFERRAL_EVENT_REVIEW_OPENED, R),
	    step(UINT64_MAX, REFERRAL_EVENT_RELEASE, S),
	};
	const struct referral_step declined[] = {
	    step(10, REFERRAL_EVENT_OFFER, S),
	    step(12, REFERRAL_EVENT_REVIEW_OPENED, R),
	    step(13, REFERRAL_EVENT_DECLINE, R),
	};
	struct referral_task task = fold(steps, 2);

	(void)state;
	assert_true(referral_may(&task, REFERRAL_EVENT_RELEASE, S));
	/* Waiting for its receipt it counts as released already. */
	task = fold(steps, 3);
	assert_false(task.content_due);
	assert_int_equal(task.last_index, 12);
	task = fold(declined, 3);
	assert_false(task.content_due);
	assert_false(referral_may(&task, REFERRAL_EVENT_RELEASE, S));
}

static void
an_offer_that_was_refused_expired_or_unreadable_ends(void **state)
{
	const struct referral_step refused[] = {
	    step(UINT64_MAX, REFERRAL_EVENT_QUEUED, S),
	    step(UINT64_MAX, REFERRAL_EVENT_OFFER_REFUSED, S),
	};
	const struct referral_step expired[] = {
	    step(10, REFERRAL_EVENT_OFFER, S),
	    step(12, REFERRAL_EVENT_OFFER_EXPIRED, S),
	    step(13, REFERRAL_EVENT_REVIEW_OPENED, R),
	};
	struct referral_task task = fold(refused, 2);

	(void)state;
	assert_int_equal(task.state, REFERRAL_REFUSED);
	task = fold(expired, 3);
	assert_int_equal(task.state, REFERRAL_EXPIRED);
	for (unsigned e = 0; e < REFERRAL_EVENT_COUNT; e++) {
		assert_false(referral_may(&task, (enum referral_event)e, S));
		assert_false(referral_may(&task, (enum referral_event)e, R));
	}
}

static void
every_message_type_is_an_event(void **state)
{
	const struct message_info *info;

	(void)state;
	for (unsigned i = 0; (info = message_at(i)) != NULL; i++)
		assert_int_not_equal(referral_event_of(info->id), REFERRAL_EVENT_COUNT);
	assert_int_equal(referral_event_of((enum message)60000), REFERRAL_EVENT_COUNT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_pair_of_state_and_event_follows_as_listed_and_no_other),
	    cmocka_unit_test(what_is_outside_the_table_does_not_follow),
	    cmocka_unit_test(names_and_labels_are_of_every_state),
	    cmocka_unit_test(the_whole_way_of_an_ordinary_referral_folds_to_closed),
	    cmocka_unit_test(the_order_of_arrival_does_not_change_where_a_task_stands),
	    cmocka_unit_test(a_step_that_does_not_follow_is_void_and_changes_nothing),
	    cmocka_unit_test(
		an_urgent_offer_with_content_may_be_accepted_at_once_and_owes_no_release),
	    cmocka_unit_test(content_is_owed_once_and_not_after_a_decline),
	    cmocka_unit_test(an_offer_that_was_refused_expired_or_unreadable_ends),
	    cmocka_unit_test(every_message_type_is_an_event),
	};

	return cmocka_run_group_tests_name("referral", tests, NULL, NULL);
}
