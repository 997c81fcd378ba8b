/* tests/unit/test_circle.c: who shares a history and who leads, folded from scripts of steps. */
#include <stdlib.h>

#include "tests/unit/circle_script.h"

static unsigned
side_of(const struct script *s, enum task_share share, const char *to, uint64_t from,
    const char *code, uint64_t index)
{
	const struct circle_task task = {.share = share, .party = to, .index = from};

	return circle_side(&s->circle, &task, code, index);
}

/* ---- Members ----------------------------------------------------------------------------- */

static void
who_opens_leads_and_whom_it_names_are_members(void **state)
{
	struct script s;

	(void)state;
	open_circle(&s, "school police school service");
	assert_true(s.circle.open);
	assert_members(&s.circle, 10, "service school police");
	assert_members(&s.circle, 9, "");
	assert_null(circle_lead(&s.circle, 9));
	assert_string_equal(circle_lead(&s.circle, 10), "service");
	assert_false(says(&s, "police", TASK_EVENT_OPEN, "court"));
	assert_false(says(&s, "service", TASK_EVENT_PROPOSE, "court"));
	assert_members(&s.circle, NOW, "service school police");
	memset(&s, 0, sizeof(s));
	assert_false(says(&s, "service", TASK_EVENT_REPORT, ""));
	assert_false(says(&s, "service", TASK_EVENT_ADD, "school"));
	assert_false(says(&s, "service", TASK_EVENT_REOPEN, ""));
	assert_true(says(&s, "police", TASK_EVENT_PROPOSE, "court"));
	assert_string_equal(circle_lead(&s.circle, NOW), "police");
}

static void
only_the_lead_adds_and_only_who_is_none_becomes_a_member(void **state)
{
	struct script s;

	(void)state;
	open_circle(&s, "school");
	assert_false(says(&s, "school", TASK_EVENT_ADD, "police"));
	assert_false(says(&s, "stranger", TASK_EVENT_ADD, "police"));
	assert_false(says(&s, "service", TASK_EVENT_ADD, ""));
	assert_false(says(&s, "service", TASK_EVENT_ADD, "school service"));
	assert_true(says(&s, "service", TASK_EVENT_ADD, "police school police court"));
	assert_members(&s.circle, 60, "service school police court");
	assert_members(&s.circle, 59, "service school");
	assert_false(says(&s, "stranger", TASK_EVENT_REPORT, ""));
	assert_true(says(&s, "court", TASK_EVENT_REPORT, ""));
}

static void
more_members_than_a_message_reaches_are_not_added_one_by_one_or_at_once(void **state)
{
	struct script s;

	(void)state;
	open_circle(&s, "a b c d e f g h i j k l m n o");
	assert_false(says(&s, "service", TASK_EVENT_ADD, "p q"));
	assert_false(circle_is_member(&s.circle, "p", NOW));
	assert_true(says(&s, "service", TASK_EVENT_ADD, "p"));
	assert_false(says(&s, "service", TASK_EVENT_ADD, "q"));
	assert_true(says(&s, "b", TASK_EVENT_LEAVE, ""));
	assert_true(says(&s, "service", TASK_EVENT_ADD, "q"));
	assert_members(&s.circle, NOW, "service a c d e f g h i j k l m n o p q");
}

static void
the_lead_removes_others_and_a_member_that_does_not_lead_leaves(void **state)
{
	const struct circle_task task = {.share = TASK_OF_ALL};
	struct script s;

	(void)state;
	open_circle(&s, "school police court");
	assert_false(says(&s, "school", TASK_EVENT_REMOVE, "police"));
	assert_false(says(&s, "service", TASK_EVENT_REMOVE, "service"));
	assert_false(says(&s, "service", TASK_EVENT_REMOVE, "stranger"));
	assert_false(says(&s, "service", TASK_EVENT_LEAVE, ""));
	assert_true(says(&s, "service", TASK_EVENT_REMOVE, "police"));
	assert_true(says(&s, "school", TASK_EVENT_LEAVE, ""));
	assert_false(says(&s, "school", TASK_EVENT_LEAVE, ""));
	assert_false(says(&s, "police", TASK_EVENT_REPORT, ""));
	assert_members(&s.circle, 59, "service school police court");
	assert_members(&s.circle, 60, "service school court");
	assert_members(&s.circle, 70, "service court");
	/* It wrote that as a member. */
	assert_int_equal(circle_side(&s.circle, &task, "school", 70), 0);
	assert_int_equal(circle_author_side(&s.circle, &task, "school", 70), TASK_RECIPIENT);
	assert_int_equal(circle_author_side(&s.circle, &task, "school", 80), 0);
	assert_true(says(&s, "service", TASK_EVENT_ADD, "school"));
	assert_members(&s.circle, NOW, "service court school");
}

/* ---- Handing over ------------------------------------------------------------------------ */

static void
a_place_and_its_actions_go_along_a_chain_of_hand_overs(void **state)
{
	struct script s;

	(void)state;
	open_circle(&s, "first police");
	assert_true(says(&s, "service", TASK_EVENT_ASSIGN, "first"));
	assert_false(says(&s, "first", TASK_EVENT_HAND_OVER, "first"));
	assert_false(says(&s, "first", TASK_EVENT_HAND_OVER, ""));
	assert_false(says(&s, "service", TASK_EVENT_HAND_OVER, "second"));
	assert_true(says(&s, "first", TASK_EVENT_HAND_OVER, "second"));
	assert_true(says(&s, "second", TASK_EVENT_HAND_OVER, "third"));
	assert_false(says(&s, "first", TASK_EVENT_HAND_OVER, "fourth"));
	assert_members(&s.circle, 59, "service first police");
	assert_members(&s.circle, 60, "service police second");
	assert_members(&s.circle, NOW, "service police third");
	assert_string_equal(s.circle.members[4].followed.code, "second");
	assert_int_equal(side_of(&s, TASK_OF_ONE, "first", 20, "first", 59), TASK_RECIPIENT);
	assert_int_equal(side_of(&s, TASK_OF_ONE, "first", 20, "second", 60), TASK_RECIPIENT);
	assert_int_equal(side_of(&s, TASK_OF_ONE, "first", 20, "third", NOW), TASK_RECIPIENT);
	assert_int_equal(side_of(&s, TASK_OF_ONE, "first", 20, "police", NOW), TASK_ONLOOKER);
	assert_int_equal(side_of(&s, TASK_OF_ONE, "first", 20, "first", NOW), 0);
	assert_int_equal(side_of(&s, TASK_OF_ONE, "first", 20, "service", NOW), TASK_SENDER);
}

/* The lead assigned before it knew: the action is the successor's. */
static void
an_action_that_crossed_a_hand_over_is_the_successors(void **state)
{
	struct script s;

	(void)state;
	open_circle(&s, "first");
	assert_true(says(&s, "first", TASK_EVENT_HAND_OVER, "second"));
	assert_true(says(&s, "service", TASK_EVENT_ASSIGN, "first"));
	assert_int_equal(side_of(&s, TASK_OF_ONE, "first", 30, "second", 30), TASK_RECIPIENT);
	assert_false(says(&s, "service", TASK_EVENT_ASSIGN, "stranger"));
	assert_false(says(&s, "second", TASK_EVENT_ASSIGN, "second"));
	assert_true(says(&s, "service", TASK_EVENT_ASSIGN, "service"));
	assert_true(says(&s, "second", TASK_EVENT_LEAVE, ""));
	assert_false(says(&s, "service", TASK_EVENT_ASSIGN, "second"));
	assert_false(says(&s, "service", TASK_EVENT_ASSIGN, "first"));
}

static void
who_joins_anew_has_what_it_is_given_then_and_not_what_it_handed_over(void **state)
{
	struct script s;

	(void)state;
	open_circle(&s, "first");
	assert_true(says(&s, "first", TASK_EVENT_HAND_OVER, "second"));
	assert_true(says(&s, "service", TASK_EVENT_ADD, "first"));
	assert_true(says(&s, "service", TASK_EVENT_ASSIGN, "first"));
	assert_string_equal(circle_successor(&s.circle, "first", 10, NOW), "second");
	assert_string_equal(circle_successor(&s.circle, "first", 40, NOW), "first");
	/* A member already: it has both places from there, and hands both on. */
	assert_true(says(&s, "second", TASK_EVENT_HAND_OVER, "first"));
	assert_members(&s.circle, NOW, "service first");
	assert_string_equal(circle_successor(&s.circle, "second", 25, NOW), "first");
	assert_string_equal(circle_successor(&s.circle, "first", 10, NOW), "first");
	assert_true(says(&s, "first", TASK_EVENT_HAND_OVER, "third"));
	assert_string_equal(circle_successor(&s.circle, "second", 25, NOW), "third");
	assert_string_equal(circle_successor(&s.circle, "first", 10, NOW), "third");
	assert_string_equal(circle_successor(&s.circle, "first", 40, NOW), "third");
	assert_string_equal(circle_successor(&s.circle, "first", 40, 50), "first");
}

/* ---- Leading ----------------------------------------------------------------------------- */

static void
the_lead_goes_to_whom_it_was_offered_to_when_that_takes_it(void **state)
{
	struct script s;

	(void)state;
	open_circle(&s, "school police");
	assert_true(says(&s, "service", TASK_EVENT_ASSIGN, "school"));
	assert_true(offers(&s, "service", "school", 7, DAY));
	assert_false(answers(&s, "police", TASK_EVENT_TAKE_LEAD, 7));
	assert_false(answers(&s, "service", TASK_EVENT_TAKE_LEAD, 7));
	assert_false(answers(&s, "school", TASK_EVENT_TAKE_LEAD, 8));
	assert_string_equal(s.circle.offered.code, "school");
	assert_true(answers(&s, "school", TASK_EVENT_TAKE_LEAD, 7));
	assert_string_equal(s.circle.offered.code, "");
	assert_string_equal(circle_lead(&s.circle, 69), "service");
	assert_string_equal(circle_lead(&s.circle, 70), "school");
	assert_false(says(&s, "service", TASK_EVENT_ADD, "court"));
	assert_true(says(&s, "school", TASK_EVENT_ADD, "court"));
	assert_true(says(&s, "service", TASK_EVENT_REPORT, ""));
	assert_false(says(&s, "school", TASK_EVENT_LEAVE, ""));
	assert_true(says(&s, "service", TASK_EVENT_LEAVE, ""));
	/* Its own action is what the lead sees to, and does. */
	assert_int_equal(side_of(&s, TASK_OF_ONE, "school", 20, "school", 69), TASK_RECIPIENT);
	assert_int_equal(
	    side_of(&s, TASK_OF_ONE, "school", 20, "school", 70), TASK_SENDER | TASK_RECIPIENT);
	assert_int_equal(side_of(&s, TASK_OF_ONE, "school", 20, "service", 70), TASK_ONLOOKER);
	assert_int_equal(side_of(&s, TASK_OF_ALL, "", 10, "school", 69), TASK_RECIPIENT);
	assert_int_equal(side_of(&s, TASK_OF_ALL, "", 10, "service", 70), TASK_RECIPIENT);
	assert_int_equal(side_of(&s, TASK_OF_TWO, "", 10, "service", 70), 0);
}

static void
one_offer_stands_at_a_time_and_only_to_another_member(void **state)
{
	struct script s;

	(void)state;
	open_circle(&s, "school police");
	assert_false(offers(&s, "school", "police", 1, DAY));
	assert_false(offers(&s, "service", "stranger", 1, DAY));
	assert_false(offers(&s, "service", "service", 1, DAY));
	assert_true(offers(&s, "service", "school", 2, DAY));
	assert_false(offers(&s, "service", "police", 3, DAY));
	assert_false(answers(&s, "police", TASK_EVENT_REJECT_LEAD, 2));
	assert_false(answers(&s, "school", TASK_EVENT_REJECT_LEAD, 3));
	assert_true(answers(&s, "school", TASK_EVENT_REJECT_LEAD, 2));
	assert_false(answers(&s, "school", TASK_EVENT_TAKE_LEAD, 2));
	assert_true(offers(&s, "service", "police", 3, DAY));
	assert_false(answers(&s, "school", TASK_EVENT_REVOKE_LEAD, 3));
	assert_false(answers(&s, "service", TASK_EVENT_REVOKE_LEAD, 2));
	assert_true(answers(&s, "service", TASK_EVENT_REVOKE_LEAD, 3));
	assert_false(answers(&s, "police", TASK_EVENT_TAKE_LEAD, 3));
	assert_false(answers(&s, "service", TASK_EVENT_REVOKE_LEAD, 3));
	assert_string_equal(circle_lead(&s.circle, NOW), "service");
}

static void
an_offer_ends_with_its_day_by_the_logs_time(void **state)
{
	struct script s;

	(void)state;
	open_circle(&s, "school police");
	assert_true(offers(&s, "service", "school", 1, 3000));
	assert_true(answers(&s, "school", TASK_EVENT_TAKE_LEAD, 1));
	s.steps[2].time_ms = 3001;
	circle_fold(s.steps, s.count, &s.circle, s.voids);
	assert_true(s.voids[2]);
	s.steps[2].time_ms = 3000;
	circle_fold(s.steps, s.count, &s.circle, s.voids);
	assert_false(s.voids[2]);
	open_circle(&s, "school police");
	assert_true(offers(&s, "service", "school", 1, 2500));
	assert_true(offers(&s, "service", "police", 2, DAY));
	assert_false(answers(&s, "school", TASK_EVENT_REJECT_LEAD, 1));
	assert_true(answers(&s, "police", TASK_EVENT_TAKE_LEAD, 2));
}

static void
who_left_cannot_take_the_lead_that_it_was_offered(void **state)
{
	struct script s;

	(void)state;
	open_circle(&s, "school police");
	assert_true(offers(&s, "service", "school", 1, DAY));
	assert_true(says(&s, "school", TASK_EVENT_LEAVE, ""));
	assert_false(answers(&s, "school", TASK_EVENT_TAKE_LEAD, 1));
	assert_false(offers(&s, "service", "police", 2, DAY));
	assert_true(answers(&s, "service", TASK_EVENT_REVOKE_LEAD, 1));
	assert_true(offers(&s, "service", "police", 2, DAY));
}

static void
nothing_follows_between_closing_and_reopening(void **state)
{
	struct script s;

	(void)state;
	open_circle(&s, "school police");
	assert_false(says(&s, "service", TASK_EVENT_REOPEN, ""));
	assert_false(says(&s, "school", TASK_EVENT_CLOSE, ""));
	assert_true(offers(&s, "service", "school", 1, DAY));
	assert_true(says(&s, "service", TASK_EVENT_CLOSE, ""));
	assert_false(s.circle.open);
	for (unsigned e = 0; e < TASK_EVENT_COUNT; e++) {
		if (e == TASK_EVENT_REOPEN)
			continue;
		assert_false(says(&s, "school", (enum task_event)e, "police"));
		(void)of_task(&s, 1, 0);
		assert_true(s.voids[s.count - 1]);
		assert_false(says(&s, "service", (enum task_event)e, "police"));
	}
	assert_false(says(&s, "school", TASK_EVENT_REOPEN, ""));
	assert_true(says(&s, "service", TASK_EVENT_REOPEN, ""));
	assert_true(s.circle.open);
	assert_false(says(&s, "service", TASK_EVENT_REOPEN, ""));
	assert_true(answers(&s, "school", TASK_EVENT_TAKE_LEAD, 1));
}

/* ---- Bounds ------------------------------------------------------------------------------ */

static void
more_terms_than_there_is_room_for_are_void(void **state)
{
	struct script s;
	unsigned followed = 0;

	(void)state;
	open_circle(&s, "school police");
	for (unsigned i = 0; i < 80; i++)
		followed += says(&s, "school", TASK_EVENT_HAND_OVER, "other") +
		            says(&s, "other", TASK_EVENT_HAND_OVER, "school");
	assert_int_equal(followed, CIRCLE_TERMS_MAX - 3);
	assert_int_equal(s.circle.member_count, CIRCLE_TERMS_MAX);
	assert_false(says(&s, "service", TASK_EVENT_ADD, "court"));
	assert_true(says(&s, "service", TASK_EVENT_REMOVE, "police"));
	assert_int_equal(s.circle.members[CIRCLE_TERMS_MAX - 1].until, UINT64_MAX);
}

static void
a_lead_that_goes_to_and_fro_ends_where_there_is_room_for_no_more_terms(void **state)
{
	const char *const who[] = {"service", "school"};
	struct script s;
	unsigned at = 0;

	(void)state;
	open_circle(&s, "school");
	for (uint8_t i = 0; i < 70; i++) {
		assert_true(offers(&s, who[at], who[1 - at], i, DAY));
		if (answers(&s, who[1 - at], TASK_EVENT_TAKE_LEAD, i))
			at = 1 - at;
		else
			assert_true(answers(&s, who[at], TASK_EVENT_REVOKE_LEAD, i));
	}
	assert_int_equal(s.circle.lead_count, CIRCLE_TERMS_MAX);
	assert_string_equal(circle_lead(&s.circle, NOW), who[at]);
}

static void
a_step_that_says_more_parties_than_it_can_is_void(void **state)
{
	struct script s;

	(void)state;
	open_circle(&s, "school");
	(void)says(&s, "service", TASK_EVENT_ADD, "police");
	s.steps[1].party_count = 4000000000U;
	circle_fold(s.steps, s.count, &s.circle, s.voids);
	assert_true(s.voids[1]);
	s.steps[0].party_count = ENVELOPE_RECIPIENTS_MAX + 1;
	circle_fold(s.steps, s.count, &s.circle, s.voids);
	assert_true(s.voids[0]);
	circle_fold(NULL, 0, &s.circle, NULL);
	assert_false(s.circle.open);
	assert_null(circle_lead(&s.circle, NOW));
}

/* ---- What is pending --------------------------------------------------------------------- */

static void
what_waits_for_its_receipt_holds_for_what_waits_behind_it_alone(void **state)
{
	const struct circle_task all = {.share = TASK_OF_ALL};
	struct script s;

	(void)state;
	open_circle(&s, "school police");
	assert_true(offers(&s, "service", "school", 1, DAY));
	assert_true(answers(&s, "school", TASK_EVENT_TAKE_LEAD, 1));
	assert_true(says(&s, "school", TASK_EVENT_REMOVE, "police"));
	assert_true(says(&s, "school", TASK_EVENT_ADD, "court"));
	for (size_t i = 2; i < s.count; i++)
		s.steps[i].index = NOW;
	circle_fold(s.steps, s.count, &s.circle, s.voids);
	for (size_t i = 0; i < s.count; i++)
		assert_false(s.voids[i]);
	assert_members(&s.circle, NOW - 2, "service school police");
	assert_members(&s.circle, NOW, "service school court");
	assert_string_equal(circle_lead(&s.circle, NOW - 2), "service");
	assert_string_equal(circle_lead(&s.circle, NOW), "school");
	open_circle(&s, "school");
	assert_true(says(&s, "school", TASK_EVENT_HAND_OVER, "other"));
	s.steps[1].index = NOW;
	circle_fold(s.steps, s.count, &s.circle, s.voids);
	assert_members(&s.circle, NOW, "service other");
	assert_string_equal(circle_successor(&s.circle, "school", 10, NOW), "other");
	assert_string_equal(circle_successor(&s.circle, "school", 10, 1000), "school");
	assert_int_equal(circle_author_side(&s.circle, &all, "school", NOW), TASK_RECIPIENT);
	s.steps[0].index = NOW;
	circle_fold(s.steps, 1, &s.circle, s.voids);
	assert_members(&s.circle, NOW, "service school");
	assert_members(&s.circle, NOW - 2, "");
	assert_string_equal(circle_lead(&s.circle, NOW), "service");
}

/* ---- Any script, any order --------------------------------------------------------------- */

#define SCRIPTS 400
#define LENGTH  60

static uint32_t seed;

static uint32_t
any(uint32_t below)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % below;
}

static const char *const parties[] = {"a", "b", "c", "d", "e", "f"};

static void
any_step(struct circle_step *step, uint64_t index)
{
	static const enum task_event events[] = {TASK_EVENT_OPEN, TASK_EVENT_ADD,
	    TASK_EVENT_REMOVE, TASK_EVENT_LEAVE, TASK_EVENT_HAND_OVER, TASK_EVENT_REPORT,
	    TASK_EVENT_CLOSE, TASK_EVENT_REOPEN, TASK_EVENT_OFFER_LEAD, TASK_EVENT_OFFER_LEAD,
	    TASK_EVENT_CLAIM_LEAD, TASK_EVENT_CLAIM_LEAD, TASK_EVENT_CLAIM_LEAD,
	    TASK_EVENT_TAKE_LEAD, TASK_EVENT_TAKE_LEAD, TASK_EVENT_TAKE_LEAD,
	    TASK_EVENT_REJECT_LEAD, TASK_EVENT_REVOKE_LEAD, TASK_EVENT_ASSIGN, TASK_EVENT_DONE};

	*step = (struct circle_step){.index = index,
	    .time_ms = index * DAY / 2,
	    .event = events[any(sizeof(events) / sizeof(events[0]))],
	    .author = party(parties[any(6)]),
	    .party = party(parties[any(6)]),
	    .party_count = any(4),
	    .due_ms = (index + any(16)) * DAY / 2};
	memset(step->task, (int)any(3), SUITE_ID_LEN);
	for (unsigned i = 0; i < step->party_count; i++)
		step->parties[i] = party(parties[any(6)]);
}

/* Half of the steps are such as follow where they were written. */
static void
any_log(struct circle_step *log)
{
	struct circle circle;

	for (uint64_t n = 0; n < LENGTH; n++) {
		any_step(&log[n], n + 1);
		circle_fold(log, n, &circle, NULL);
		if (n == 0)
			log[n].event = TASK_EVENT_OPEN;
		else if (!circle.open)
			log[n].event = TASK_EVENT_REOPEN;
		if (n > 0 && any(2) == 0)
			log[n].author = party(circle_lead(&circle, n));
		else if (circle.offered.code[0] != '\0' && any(2) == 0)
			log[n].author = circle.offered;
		if (any(2) == 0 && log[n].event != TASK_EVENT_OFFER_LEAD &&
		    log[n].event != TASK_EVENT_CLAIM_LEAD)
			memcpy(log[n].task, circle.transfer, SUITE_ID_LEN);
		if (circle.claimed && log[n].time_ms > circle.offer_due_ms && any(2) == 0) {
			log[n].event = TASK_EVENT_TAKE_LEAD;
			log[n].author = circle.offered;
			memcpy(log[n].task, circle.transfer, SUITE_ID_LEN);
		}
	}
}

static int
by_index(const void *a, const void *b)
{
	const struct circle_step *one = a, *other = b;

	return (one->index > other->index) - (one->index < other->index);
}

/* At every place one leads, who is a member; and nobody is a member twice. */
static void
assert_sound(const struct circle *circle, uint64_t last)
{
	for (uint64_t index = 1; index <= last + 1; index++) {
		unsigned leading = 0, members = 0;

		for (unsigned i = 0; i < circle->lead_count; i++)
			leading +=
			    circle->leads[i].since <= index && index < circle->leads[i].until;
		for (unsigned i = 0; i < circle->member_count; i++)
			members += circle->members[i].since <= index &&
			           index < circle->members[i].until;
		assert_true(leading <= 1 && members <= CIRCLE_MEMBERS_MAX);
		assert_int_equal(leading, members > 0);
		if (leading == 1)
			assert_true(
			    circle_is_member(circle, circle_lead(circle, index), index));
		for (unsigned p = 0; p < 6; p++) {
			unsigned times = 0;

			for (unsigned i = 0; i < circle->member_count; i++)
				times +=
				    strcmp(circle->members[i].party.code, parties[p]) == 0 &&
				    circle->members[i].since <= index &&
				    index < circle->members[i].until;
			assert_true(times <= 1);
			assert_int_equal(times, circle_is_member(circle, parties[p], index));
		}
	}
}

/* What each party has while entries come to it in an order of its own. */
static void
arrive(const struct circle_step *log, size_t count, struct circle *out, bool *voids)
{
	struct circle_step had[LENGTH];
	size_t order[LENGTH], n = 0;

	for (size_t i = 0; i < count; i++)
		order[i] = i;
	for (size_t i = count; i > 1; i--) {
		size_t j = any((uint32_t)i), t = order[i - 1];

		order[i - 1] = order[j];
		order[j] = t;
	}
	while (n < count) {
		had[n] = log[order[n]];
		n++;
		qsort(had, n, sizeof(had[0]), by_index);
		circle_fold(had, n, out, voids);
		assert_sound(out, 10);
	}
}

/* Whether who leads since INDEX took what it had claimed. */
static bool
was_claimed(const struct circle_step *log, const bool *voids, uint64_t index)
{
	for (uint64_t n = index - 1; n > 0; n--)
		if (!voids[n - 1] &&
		    memcmp(log[n - 1].task, log[index - 1].task, SUITE_ID_LEN) == 0 &&
		    (log[n - 1].event == TASK_EVENT_CLAIM_LEAD ||
			log[n - 1].event == TASK_EVENT_OFFER_LEAD))
			return log[n - 1].event == TASK_EVENT_CLAIM_LEAD;
	return false;
}

static void
the_same_steps_give_one_circle_in_whatever_order_they_come(void **state)
{
	struct circle_step log[LENGTH];
	static struct circle circles[3];
	bool voids[3][LENGTH];
	unsigned taken = 0, moved = 0, claimed = 0;

	(void)state;
	for (unsigned i = 0; i < SCRIPTS; i++) {
		seed = i * 2654435761U + 1;
		any_log(log);
		for (unsigned p = 0; p < 3; p++)
			arrive(log, LENGTH, &circles[p], voids[p]);
		for (unsigned p = 1; p < 3; p++) {
			assert_memory_equal(&circles[p], &circles[0], sizeof(circles[0]));
			assert_memory_equal(voids[p], voids[0], sizeof(voids[0]));
		}
		assert_sound(&circles[0], LENGTH);
		moved += circles[0].lead_count - 1;
		for (unsigned n = 0; n < LENGTH; n++)
			taken += !voids[0][n];
		for (unsigned n = 1; n < circles[0].lead_count; n++)
			claimed += was_claimed(log, voids[0], circles[0].leads[n].since);
	}
	/* The scripts do something. */
	assert_true(taken > SCRIPTS * 5 && moved > SCRIPTS / 10 && claimed > SCRIPTS / 10);
}

/* ---- The digest -------------------------------------------------------------------------- */

static void
assert_digest(const struct circle_entry *entries, size_t count, uint64_t upto, const char *hex)
{
	uint8_t digest[SUITE_HASH_LEN];
	char text[2 * SUITE_HASH_LEN + 1];
	uint64_t covered, below = 0;

	for (size_t i = 0; i < count; i++)
		below += entries[i].index <= upto;
	circle_digest(entries, count, upto, digest, &covered);
	assert_int_equal(covered, below);
	for (size_t i = 0; i < SUITE_HASH_LEN; i++) {
		text[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	text[2 * SUITE_HASH_LEN] = '\0';
	assert_string_equal(text, hex);
}

/* The same bytes stand in SPEC.md. */
static void
the_digest_is_the_chain_of_indexes_and_roots(void **state)
{
	struct circle_entry entries[] = {{.index = 5}, {.index = 7}, {.index = 1000000}};

	(void)state;
	memset(entries[0].root.byte, 0x11, SUITE_HASH_LEN);
	memset(entries[1].root.byte, 0x22, SUITE_HASH_LEN);
	memset(entries[2].root.byte, 0x33, SUITE_HASH_LEN);
	assert_digest(
	    entries, 3, 4, "0000000000000000000000000000000000000000000000000000000000000000");
	assert_digest(
	    entries, 3, 5, "f2ddb21061396ea20247e3db669811db967142c804b44dd3ca11dd56d3391724");
	assert_digest(
	    entries, 3, 6, "f2ddb21061396ea20247e3db669811db967142c804b44dd3ca11dd56d3391724");
	assert_digest(
	    entries, 3, 7, "4cb959b4eaa00349937813db8423c1788df51653f44606115c671004dae970a3");
	assert_digest(entries, 3, UINT64_MAX,
	    "0d6e78a4ccfc5fb8bdeca74fbb9950aeb56c76b3d303d7417bd6b5b729baa62e");
	assert_digest(NULL, 0, UINT64_MAX,
	    "0000000000000000000000000000000000000000000000000000000000000000");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_opens_leads_and_whom_it_names_are_members),
	    cmocka_unit_test(only_the_lead_adds_and_only_who_is_none_becomes_a_member),
	    cmocka_unit_test(
		more_members_than_a_message_reaches_are_not_added_one_by_one_or_at_once),
	    cmocka_unit_test(the_lead_removes_others_and_a_member_that_does_not_lead_leaves),
	    cmocka_unit_test(a_place_and_its_actions_go_along_a_chain_of_hand_overs),
	    cmocka_unit_test(an_action_that_crossed_a_hand_over_is_the_successors),
	    cmocka_unit_test(
		who_joins_anew_has_what_it_is_given_then_and_not_what_it_handed_over),
	    cmocka_unit_test(the_lead_goes_to_whom_it_was_offered_to_when_that_takes_it),
	    cmocka_unit_test(one_offer_stands_at_a_time_and_only_to_another_member),
	    cmocka_unit_test(an_offer_ends_with_its_day_by_the_logs_time),
	    cmocka_unit_test(who_left_cannot_take_the_lead_that_it_was_offered),
	    cmocka_unit_test(nothing_follows_between_closing_and_reopening),
	    cmocka_unit_test(more_terms_than_there_is_room_for_are_void),
	    cmocka_unit_test(
		a_lead_that_goes_to_and_fro_ends_where_there_is_room_for_no_more_terms),
	    cmocka_unit_test(a_step_that_says_more_parties_than_it_can_is_void),
	    cmocka_unit_test(what_waits_for_its_receipt_holds_for_what_waits_behind_it_alone),
	    cmocka_unit_test(the_same_steps_give_one_circle_in_whatever_order_they_come),
	    cmocka_unit_test(the_digest_is_the_chain_of_indexes_and_roots),
	};

	return cmocka_run_group_tests_name("circle", tests, NULL, NULL);
}
