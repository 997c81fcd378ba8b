/* tests/unit/test_referral.c: the referral task's table, walked against a list of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "services/runtime/task/referral.h"

#define S TASK_SENDER
#define R TASK_RECIPIENT

/* ---- The table --------------------------------------------------------------------------- */

#define IN(name) (1UL << TASK_##name)
#define WAITING  (IN(UNDER_REVIEW) | IN(INFO_REQUESTED) | IN(REDIRECT_PROPOSED))
#define TAKEN    (IN(ACCEPTED) | IN(IN_PROGRESS) | IN(ON_HOLD))
#define ASKED    (IN(CANCEL_REQUESTED) | IN(STOP_REQUESTED))
#define ANSWERED (IN(DECLINED) | IN(OUTCOME_REPORTED))
#define STAYS    TASK_STATE_COUNT

/*
 * What follows, as the field's practice says it, act by act: from which states, and whither;
 * CROSSED where the act crossed what decides. Everything else does not follow.
 */
static const struct {
	enum task_event event;
	unsigned by;
	unsigned long from;
	enum task_state next, crossed;
	bool needs_content;
} expected[] = {
#define SAME(state) TASK_##state, TASK_##state, false
    {TASK_EVENT_QUEUED, S, IN(NONE), SAME(PENDING)},
    {TASK_EVENT_OFFER, S, IN(NONE) | IN(PENDING), SAME(OFFERED)},
    {TASK_EVENT_OFFER_REFUSED, S | R, IN(PENDING), SAME(REFUSED)},
    {TASK_EVENT_OFFER_TAKEN_BACK, S | R, IN(PENDING), SAME(TAKEN_BACK)},
    {TASK_EVENT_OFFER_EXPIRED, S | R, IN(OFFERED) | IN(STOPPED), SAME(EXPIRED)},
    {TASK_EVENT_OFFER_UNREADABLE, S | R, IN(OFFERED) | IN(STOPPED), SAME(UNREADABLE)},
    {TASK_EVENT_GROUND_STOPPED, S, IN(OFFERED) | WAITING | TAKEN | ASKED | ANSWERED,
	SAME(STOPPED)},
    {TASK_EVENT_REVIEW_OPENED, R, IN(OFFERED), SAME(UNDER_REVIEW)},
    {TASK_EVENT_RELEASE, S, WAITING | TAKEN, STAYS, STAYS, false},
    {TASK_EVENT_INFORMATION_REQUEST, R, IN(UNDER_REVIEW), SAME(INFO_REQUESTED)},
    {TASK_EVENT_INFORMATION, S, IN(INFO_REQUESTED), SAME(UNDER_REVIEW)},
    {TASK_EVENT_INFORMATION, S, IN(REDIRECT_PROPOSED), TASK_UNDER_REVIEW, STAYS, false},
    {TASK_EVENT_INFORMATION, S, TAKEN, TASK_NONE, STAYS, false},
    {TASK_EVENT_REDIRECT, R, IN(UNDER_REVIEW) | IN(INFO_REQUESTED), SAME(REDIRECT_PROPOSED)},
    {TASK_EVENT_ACCEPT, R, WAITING, SAME(ACCEPTED)},
    {TASK_EVENT_ACCEPT, R, IN(OFFERED), TASK_ACCEPTED, TASK_ACCEPTED, true},
    {TASK_EVENT_DECLINE, R, WAITING, SAME(DECLINED)},
    {TASK_EVENT_DECLINE, R, IN(OFFERED), TASK_DECLINED, TASK_DECLINED, true},
    {TASK_EVENT_FOLLOW_UP, S, IN(DECLINED) | IN(REDIRECT_PROPOSED), SAME(CLOSED)},
    {TASK_EVENT_START, R, IN(ACCEPTED), SAME(IN_PROGRESS)},
    {TASK_EVENT_HOLD, R, IN(ACCEPTED) | IN(IN_PROGRESS), SAME(ON_HOLD)},
    {TASK_EVENT_RESUME, R, IN(ON_HOLD), SAME(IN_PROGRESS)},
    {TASK_EVENT_OUTCOME, R, TAKEN | IN(STOP_REQUESTED), SAME(OUTCOME_REPORTED)},
    {TASK_EVENT_CLOSE, S, IN(OUTCOME_REPORTED), SAME(CLOSED)},
    {TASK_EVENT_CANCEL, S, IN(OFFERED) | WAITING, SAME(CANCEL_REQUESTED)},
    {TASK_EVENT_CANCEL, S, TAKEN, TASK_CANCEL_REQUESTED, TASK_STOP_REQUESTED, false},
    {TASK_EVENT_CANCEL_CONFIRM, R, ASKED, SAME(CANCELLED)},
    {TASK_EVENT_ENTERED_IN_ERROR, S, IN(OFFERED) | WAITING | TAKEN | ASKED | ANSWERED,
	SAME(ENTERED_IN_ERROR)},
    {TASK_EVENT_ENTERED_IN_ERROR, R, IN(ACCEPTED) | IN(DECLINED), SAME(UNDER_REVIEW)},
    {TASK_EVENT_ENTERED_IN_ERROR, R, IN(OUTCOME_REPORTED), SAME(ACCEPTED)},
#undef SAME
};

static enum task_state
expect(enum task_state state, enum task_event event, unsigned by, unsigned facts)
{
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		enum task_state next =
		    (facts & TASK_FACT_CROSSED) != 0 ? expected[i].crossed : expected[i].next;

		if ((expected[i].from >> state & 1) == 0 || expected[i].event != event ||
		    (expected[i].by & by) == 0 ||
		    (expected[i].needs_content && (facts & TASK_FACT_CONTENT) == 0))
			continue;
		return next == STAYS ? state : next;
	}
	return TASK_NONE;
}

static void
every_pair_of_state_and_event_follows_as_listed_and_no_other(void **state)
{
	(void)state;
	for (unsigned s = 0; s < TASK_STATE_COUNT; s++)
		for (unsigned e = 0; e < TASK_EVENT_COUNT; e++)
			for (unsigned by = S; by <= R; by++)
				for (unsigned facts = 0; facts < 4; facts++)
					assert_int_equal(
					    task_next(&referral_sort, (enum task_state)s,
						(enum task_event)e, (enum task_side)by, facts),
					    expect((enum task_state)s, (enum task_event)e, by,
						facts));
}

/* Two lines for the same act would leave it to their order which one counts. */
static void
no_two_lines_of_the_table_decide_the_same(void **state)
{
	const struct task_move *one, *other;

	(void)state;
	for (unsigned i = 0; (one = task_move_at(&referral_sort, i)) != NULL; i++)
		for (unsigned j = i + 1; (other = task_move_at(&referral_sort, j)) != NULL; j++)
			assert_false(one->state == other->state && one->event == other->event &&
				     (one->by & other->by) != 0 &&
				     (one->need == other->need || one->need == TASK_ALWAYS ||
					 other->need == TASK_ALWAYS));
}

static void
every_state_can_be_reached_and_only_what_is_over_is_not_open(void **state)
{
	const unsigned long over = IN(NONE) | IN(CLOSED) | IN(CANCELLED) |
	                           IN(ENTERED_IN_ERROR) | IN(EXPIRED) | IN(UNREADABLE) |
	                           IN(REFUSED) | IN(TAKEN_BACK) | IN(STOPPED);
	const struct task_move *move;
	unsigned long reached = IN(NONE);

	(void)state;
	for (unsigned turn = 0; turn < TASK_STATE_COUNT; turn++)
		for (unsigned i = 0; (move = task_move_at(&referral_sort, i)) != NULL; i++)
			if ((reached >> move->state & 1) != 0)
				reached |= 1UL << move->next;
	for (unsigned s = 0; s < TASK_STATE_COUNT; s++)
		assert_int_equal(
		    reached >> s & 1, task_has(&referral_sort, (enum task_state)s));
	for (unsigned s = 1; s < TASK_STATE_COUNT; s++)
		if (task_has(&referral_sort, (enum task_state)s))
			assert_int_equal(task_is_open(&referral_sort, (enum task_state)s),
			    (over >> s & 1) == 0);
}

static void
what_is_outside_the_table_does_not_follow(void **state)
{
	(void)state;
	assert_int_equal(
	    task_next(&referral_sort, TASK_STATE_COUNT, TASK_EVENT_OFFER, S, 1), TASK_NONE);
	assert_int_equal(
	    task_next(&referral_sort, TASK_NONE, TASK_EVENT_COUNT, S, 1), TASK_NONE);
}

static void
names_and_labels_are_of_every_state(void **state)
{
	(void)state;
	for (unsigned s = 0; s < TASK_STATE_COUNT; s++) {
		const char *name = task_state_name((enum task_state)s);

		assert_int_equal(task_state_named(bytes_of_text(name)), s);
		assert_true(task_state_label((enum task_state)s, "lv")[0] != '\0');
		assert_true(task_state_label((enum task_state)s, "en")[0] != '\0');
	}
	assert_int_equal(task_state_named(bytes_of_text("no")), TASK_STATE_COUNT);
}

/* ---- The fold ---------------------------------------------------------------------------- */

static struct task_step
step(uint64_t index, enum task_event event, enum task_side by)
{
	return (struct task_step){.index = index, .event = event, .by = by};
}

static int
by_index(const void *left, const void *right)
{
	const struct task_step *a = left, *b = right;

	return a->index < b->index ? -1 : a->index > b->index;
}

static struct task_stand
fold(const struct task_step *steps, size_t count)
{
	struct task_stand task;

	task_fold(&referral_sort, steps, count, &task, NULL);
	return task;
}

static void
the_whole_way_of_an_ordinary_referral_folds_to_closed(void **state)
{
	const struct task_step steps[] = {
	    step(10, TASK_EVENT_OFFER, S),
	    step(12, TASK_EVENT_REVIEW_OPENED, R),
	    step(14, TASK_EVENT_RELEASE, S),
	    step(17, TASK_EVENT_ACCEPT, R),
	    step(20, TASK_EVENT_OUTCOME, R),
	    step(30, TASK_EVENT_CLOSE, S),
	};
	static const enum task_state after[] = {TASK_OFFERED, TASK_UNDER_REVIEW,
	    TASK_UNDER_REVIEW, TASK_ACCEPTED, TASK_OUTCOME_REPORTED, TASK_CLOSED};

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct task_stand task = fold(steps, i + 1);

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
	const struct task_step logged[] = {
	    step(10, TASK_EVENT_OFFER, S),
	    step(12, TASK_EVENT_REVIEW_OPENED, R),
	    step(14, TASK_EVENT_RELEASE, S),
	    step(15, TASK_EVENT_DECLINE, R),
	    step(16, TASK_EVENT_ACCEPT, R),
	    step(18, TASK_EVENT_FOLLOW_UP, S),
	};
	struct task_stand whole = fold(logged, 6);
	unsigned orders = 0;

	(void)state;
	for (unsigned n = 0; n < 6 * 6 * 6 * 6 * 6 * 6; n++) {
		struct task_step arrived[6];
		struct task_stand task;
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
	assert_int_equal(whole.state, TASK_CLOSED);
	assert_int_equal(whole.void_steps, 1);
}

static void
a_step_that_does_not_follow_is_void_and_changes_nothing(void **state)
{
	const struct task_step steps[] = {
	    step(10, TASK_EVENT_OFFER, S),
	    step(11, TASK_EVENT_ACCEPT, R),  /* it has not seen the content */
	    step(12, TASK_EVENT_ACCEPT, S),  /* the wrong side */
	    step(13, TASK_EVENT_RELEASE, S), /* nobody asked */
	};
	struct task_stand task;
	bool voids[4];

	(void)state;
	task_fold(&referral_sort, steps, 4, &task, voids);
	assert_int_equal(task.state, TASK_OFFERED);
	assert_false(voids[0]);
	assert_true(voids[1] && voids[2] && voids[3]);
	assert_false(task.content_seen);
	assert_int_equal(task.void_steps, 3);
}

static void
an_urgent_offer_with_content_may_be_accepted_at_once_and_owes_no_release(void **state)
{
	struct task_step steps[] = {
	    step(10, TASK_EVENT_OFFER, S),
	    step(11, TASK_EVENT_REVIEW_OPENED, R),
	};
	struct task_stand task;

	(void)state;
	steps[0].with_content = true;
	task = fold(steps, 1);
	assert_true(task_may(&referral_sort, &task, TASK_EVENT_ACCEPT, R));
	assert_true(task_may(&referral_sort, &task, TASK_EVENT_DECLINE, R));
	task = fold(steps, 2);
	assert_false(task.content_due);
	assert_false(task_may(&referral_sort, &task, TASK_EVENT_RELEASE, S));
}

static void
content_is_owed_once_and_not_after_a_decline(void **state)
{
	const struct task_step steps[] = {
	    step(10, TASK_EVENT_OFFER, S),
	    step(12, TASK_EVENT_REVIEW_OPENED, R),
	    step(UINT64_MAX, TASK_EVENT_RELEASE, S),
	};
	const struct task_step declined[] = {
	    step(10, TASK_EVENT_OFFER, S),
	    step(12, TASK_EVENT_REVIEW_OPENED, R),
	    step(13, TASK_EVENT_DECLINE, R),
	};
	struct task_stand task = fold(steps, 2);

	(void)state;
	assert_true(task_may(&referral_sort, &task, TASK_EVENT_RELEASE, S));
	/* Waiting for its receipt it counts as released already. */
	task = fold(steps, 3);
	assert_false(task.content_due);
	assert_int_equal(task.last_index, 12);
	task = fold(declined, 3);
	assert_false(task.content_due);
	assert_false(task_may(&referral_sort, &task, TASK_EVENT_RELEASE, S));
}

static void
an_offer_that_was_refused_expired_or_unreadable_ends(void **state)
{
	const struct task_step refused[] = {
	    step(UINT64_MAX, TASK_EVENT_QUEUED, S),
	    step(UINT64_MAX, TASK_EVENT_OFFER_REFUSED, S),
	};
	const struct task_step expired[] = {
	    step(10, TASK_EVENT_OFFER, S),
	    step(12, TASK_EVENT_OFFER_EXPIRED, S),
	    step(13, TASK_EVENT_REVIEW_OPENED, R),
	};
	struct task_stand task = fold(refused, 2);

	(void)state;
	assert_int_equal(task.state, TASK_REFUSED);
	task = fold(expired, 3);
	assert_int_equal(task.state, TASK_EXPIRED);
	for (unsigned e = 0; e < TASK_EVENT_COUNT; e++) {
		assert_false(task_may(&referral_sort, &task, (enum task_event)e, S));
		assert_false(task_may(&referral_sort, &task, (enum task_event)e, R));
	}
}

/* ---- Crossings --------------------------------------------------------------------------- */

static struct task_step
knowing(uint64_t index, enum task_event event, enum task_side by, uint64_t applied)
{
	return (struct task_step){.index = index, .event = event, .by = by, .applied = applied};
}

static void
an_accept_that_crossed_a_cancel_stands_whichever_the_log_has_first(void **state)
{
	const struct task_step accept_first[] = {
	    knowing(10, TASK_EVENT_OFFER, S, 0),
	    knowing(12, TASK_EVENT_REVIEW_OPENED, R, 10),
	    knowing(14, TASK_EVENT_ACCEPT, R, 10),
	    knowing(16, TASK_EVENT_CANCEL, S, 12),
	};
	const struct task_step cancel_first[] = {
	    knowing(10, TASK_EVENT_OFFER, S, 0),
	    knowing(12, TASK_EVENT_REVIEW_OPENED, R, 10),
	    knowing(14, TASK_EVENT_CANCEL, S, 12),
	    knowing(16, TASK_EVENT_ACCEPT, R, 10),
	};
	const struct task_stand one = fold(accept_first, 4), two = fold(cancel_first, 4);

	(void)state;
	assert_int_equal(one.state, TASK_STOP_REQUESTED);
	assert_int_equal(two.state, TASK_STOP_REQUESTED);
	assert_int_equal(one.void_steps + two.void_steps, 0);
	assert_true(task_may(&referral_sort, &one, TASK_EVENT_OUTCOME, R));
	assert_true(task_may(&referral_sort, &one, TASK_EVENT_CANCEL_CONFIRM, R));
	assert_false(task_may(&referral_sort, &one, TASK_EVENT_START, R));
}

static void
what_was_cancelled_knowingly_is_not_accepted_any_more(void **state)
{
	const struct task_step late[] = {
	    knowing(10, TASK_EVENT_OFFER, S, 0),
	    knowing(12, TASK_EVENT_REVIEW_OPENED, R, 10),
	    knowing(14, TASK_EVENT_CANCEL, S, 12),
	    knowing(16, TASK_EVENT_ACCEPT, R, 14),
	    knowing(18, TASK_EVENT_CANCEL_CONFIRM, R, 14),
	};
	const struct task_step known[] = {
	    knowing(10, TASK_EVENT_OFFER, S, 0),
	    knowing(12, TASK_EVENT_REVIEW_OPENED, R, 10),
	    knowing(14, TASK_EVENT_ACCEPT, R, 10),
	    knowing(16, TASK_EVENT_CANCEL, S, 14),
	};
	struct task_stand task = fold(late, 4);

	(void)state;
	assert_int_equal(task.state, TASK_CANCEL_REQUESTED);
	assert_int_equal(task.void_steps, 1);
	assert_int_equal(fold(late, 5).state, TASK_CANCELLED);
	assert_int_equal(fold(known, 4).state, TASK_CANCEL_REQUESTED);
}

/* A confirmation confirms what it has seen. */
static void
a_confirmation_cannot_come_before_the_cancel(void **state)
{
	const struct task_step steps[] = {
	    knowing(10, TASK_EVENT_OFFER, S, 0),
	    knowing(14, TASK_EVENT_CANCEL, S, 0),
	    knowing(16, TASK_EVENT_CANCEL_CONFIRM, R, 10),
	};

	(void)state;
	assert_int_equal(fold(steps, 3).state, TASK_CANCEL_REQUESTED);
	assert_int_equal(fold(steps, 3).void_steps, 1);
}

static void
an_answer_that_crossed_a_redirect_does_not_refuse_it(void **state)
{
	struct task_step steps[] = {
	    knowing(10, TASK_EVENT_OFFER, S, 0),
	    knowing(12, TASK_EVENT_REVIEW_OPENED, R, 10),
	    knowing(14, TASK_EVENT_INFORMATION_REQUEST, R, 10),
	    knowing(16, TASK_EVENT_REDIRECT, R, 10),
	    knowing(18, TASK_EVENT_INFORMATION, S, 14),
	};

	(void)state;
	assert_int_equal(fold(steps, 5).state, TASK_REDIRECT_PROPOSED);
	assert_int_equal(fold(steps, 5).void_steps, 0);
	steps[4].applied = 16;
	assert_int_equal(fold(steps, 5).state, TASK_UNDER_REVIEW);
}

static void
what_became_of_the_offer_outweighs_a_cancel(void **state)
{
	const struct task_step steps[] = {
	    knowing(10, TASK_EVENT_OFFER, S, 0),
	    knowing(14, TASK_EVENT_CANCEL, S, 0),
	    knowing(16, TASK_EVENT_OFFER_EXPIRED, S, 0),
	};

	(void)state;
	assert_int_equal(fold(steps, 3).state, TASK_EXPIRED);
}

static void
content_is_owed_again_when_a_decline_or_a_redirect_is_taken_back(void **state)
{
	const struct task_step redirected[] = {
	    knowing(10, TASK_EVENT_OFFER, S, 0),
	    knowing(12, TASK_EVENT_REVIEW_OPENED, R, 10),
	    knowing(14, TASK_EVENT_REDIRECT, R, 10),
	    knowing(16, TASK_EVENT_INFORMATION, S, 14),
	};
	const struct task_step declined[] = {
	    knowing(10, TASK_EVENT_OFFER, S, 0),
	    knowing(12, TASK_EVENT_REVIEW_OPENED, R, 10),
	    knowing(14, TASK_EVENT_DECLINE, R, 10),
	    knowing(16, TASK_EVENT_ENTERED_IN_ERROR, R, 10),
	};

	(void)state;
	assert_true(fold(redirected, 2).content_due);
	assert_false(fold(redirected, 3).content_due);
	assert_true(fold(redirected, 4).content_due);
	assert_false(fold(declined, 3).content_due);
	assert_true(fold(declined, 4).content_due);
}

static void
every_message_type_is_an_event(void **state)
{
	const struct message_info *info;

	(void)state;
	for (unsigned i = 0; (info = message_at(i)) != NULL; i++)
		if (strncmp(info->name, "referral_", 9) == 0)
			assert_int_not_equal(
			    task_event_of(&referral_sort, info->id), TASK_EVENT_COUNT);
	assert_int_equal(task_event_of(&referral_sort, (enum message)60000), TASK_EVENT_COUNT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_pair_of_state_and_event_follows_as_listed_and_no_other),
	    cmocka_unit_test(no_two_lines_of_the_table_decide_the_same),
	    cmocka_unit_test(every_state_can_be_reached_and_only_what_is_over_is_not_open),
	    cmocka_unit_test(what_is_outside_the_table_does_not_follow),
	    cmocka_unit_test(names_and_labels_are_of_every_state),
	    cmocka_unit_test(the_whole_way_of_an_ordinary_referral_folds_to_closed),
	    cmocka_unit_test(the_order_of_arrival_does_not_change_where_a_task_stands),
	    cmocka_unit_test(a_step_that_does_not_follow_is_void_and_changes_nothing),
	    cmocka_unit_test(
		an_urgent_offer_with_content_may_be_accepted_at_once_and_owes_no_release),
	    cmocka_unit_test(content_is_owed_once_and_not_after_a_decline),
	    cmocka_unit_test(an_offer_that_was_refused_expired_or_unreadable_ends),
	    cmocka_unit_test(
		an_accept_that_crossed_a_cancel_stands_whichever_the_log_has_first),
	    cmocka_unit_test(what_was_cancelled_knowingly_is_not_accepted_any_more),
	    cmocka_unit_test(a_confirmation_cannot_come_before_the_cancel),
	    cmocka_unit_test(an_answer_that_crossed_a_redirect_does_not_refuse_it),
	    cmocka_unit_test(what_became_of_the_offer_outweighs_a_cancel),
	    cmocka_unit_test(content_is_owed_again_when_a_decline_or_a_redirect_is_taken_back),
	    cmocka_unit_test(every_message_type_is_an_event),
	};

	return cmocka_run_group_tests_name("referral", tests, NULL, NULL);
}
