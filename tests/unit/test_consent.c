/* tests/unit/test_consent.c: a record's states, walked against a list of its own; the fold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/lists/lists.h"
#include "services/runtime/task/consent.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- The table --------------------------------------------------------------------------- */

#define IN(name) (1UL << CONSENT_##name)
#define ASKED    (IN(REQUESTED) | IN(DEFERRED))
#define STANDS   (IN(GIVEN) | IN(RENEWED))
#define LIVES    (STANDS | IN(OBJECTED))

/* From which states an event leads whither, as the field says it. Nothing else follows. */
static const struct {
	enum consent_event event;
	unsigned long from;
	enum consent_state next;
} expected[] = {
    {CONSENT_EVENT_REQUEST, IN(NONE) | IN(DEFERRED) | IN(REFUSED), CONSENT_REQUESTED},
    {CONSENT_EVENT_DEFER, IN(NONE) | ASKED, CONSENT_DEFERRED},
    {CONSENT_EVENT_GIVE, IN(NONE) | ASKED | IN(REFUSED), CONSENT_GIVEN},
    {CONSENT_EVENT_REFUSE, IN(NONE) | ASKED, CONSENT_REFUSED},
    {CONSENT_EVENT_RENEW, STANDS | IN(EXPIRED), CONSENT_RENEWED},
    {CONSENT_EVENT_RENEW, IN(IN_FORCE), CONSENT_IN_FORCE},
    {CONSENT_EVENT_OBJECT, STANDS, CONSENT_OBJECTED},
    {CONSENT_EVENT_RESOLVE, IN(OBJECTED), CONSENT_GIVEN},
    {CONSENT_EVENT_WITHDRAW, LIVES, CONSENT_WITHDRAWN},
    {CONSENT_EVENT_REVOKE, LIVES, CONSENT_REVOKED},
    {CONSENT_EVENT_EXPIRE, STANDS | IN(IN_FORCE), CONSENT_EXPIRED},
    {CONSENT_EVENT_COME_OF_AGE, ASKED | LIVES, CONSENT_EXPIRED},
    {CONSENT_EVENT_INVALIDATE, ASKED | LIVES | IN(REFUSED) | IN(IN_FORCE) | IN(NOT_SHARED),
	CONSENT_INVALIDATED},
    {CONSENT_EVENT_DECIDE, IN(NONE), CONSENT_IN_FORCE},
    {CONSENT_EVENT_END, IN(IN_FORCE), CONSENT_ENDED},
    {CONSENT_EVENT_NOT_SHARE, IN(NONE), CONSENT_NOT_SHARED},
};

static enum consent_state
expected_next(enum consent_state state, enum consent_event event)
{
	for (size_t i = 0; i < COUNT(expected); i++)
		if (expected[i].event == event && (expected[i].from >> state & 1) != 0)
			return expected[i].next;
	return CONSENT_NONE;
}

static void
every_pair_of_state_and_event_follows_as_listed_or_not_at_all(void **state)
{
	(void)state;
	for (unsigned s = 0; s < CONSENT_STATE_COUNT; s++)
		for (unsigned e = 0; e < CONSENT_EVENT_COUNT; e++) {
			enum consent_state from = (enum consent_state)s;
			enum consent_event event = (enum consent_event)e;

			if (consent_next(from, event) != expected_next(from, event))
				fail_msg("%s and %s give %s", consent_state_name(from),
				    consent_event_name(event),
				    consent_state_name(consent_next(from, event)));
		}
	assert_int_equal(consent_next(CONSENT_STATE_COUNT, CONSENT_EVENT_GIVE), CONSENT_NONE);
	assert_int_equal(consent_next(CONSENT_NONE, CONSENT_EVENT_COUNT), CONSENT_NONE);
}

static void
only_given_renewed_and_in_force_authorise(void **state)
{
	(void)state;
	for (unsigned s = 0; s <= CONSENT_STATE_COUNT; s++)
		assert_int_equal(consent_authorises((enum consent_state)s),
		    s == CONSENT_GIVEN || s == CONSENT_RENEWED || s == CONSENT_IN_FORCE);
}

static void
whatever_leaves_what_authorises_says_why_it_stops(void **state)
{
	(void)state;
	for (unsigned s = 0; s < CONSENT_STATE_COUNT; s++)
		for (unsigned e = 0; e < CONSENT_EVENT_COUNT; e++) {
			enum consent_event event = (enum consent_event)e;
			enum consent_state after = consent_next((enum consent_state)s, event);
			struct bytes reason = bytes_of_text(consent_stop_reason(event));

			if (after == CONSENT_NONE || !consent_authorises((enum consent_state)s))
				continue;
			assert_int_equal(consent_authorises(after), reason.len == 0);
		}
}

/* ---- Names ------------------------------------------------------------------------------- */

static void
every_state_and_event_has_a_name_that_leads_back(void **state)
{
	(void)state;
	for (unsigned s = 0; s < CONSENT_STATE_COUNT; s++) {
		enum consent_state at = (enum consent_state)s;

		assert_int_equal(
		    consent_state_named(bytes_of_text(consent_state_name(at))), at);
		assert_true(consent_state_label(at, "lv")[0] != '\0');
		assert_true(consent_state_label(at, "en")[0] != '\0');
	}
	for (unsigned e = 0; e < CONSENT_EVENT_COUNT; e++)
		assert_int_equal(consent_event_named(
				     bytes_of_text(consent_event_name((enum consent_event)e))),
		    e);
	assert_int_equal(consent_state_named(bytes_of_text("of nobody")), CONSENT_STATE_COUNT);
	assert_int_equal(consent_event_named(bytes_of_text("")), CONSENT_EVENT_COUNT);
	assert_string_equal(consent_state_label(CONSENT_STATE_COUNT, "lv"), "nav");
}

static void
the_reasons_of_stops_are_the_list_s_and_lead_back_to_their_event(void **state)
{
	unsigned reasons = 0;
	const struct list *list;

	(void)state;
	assert_int_equal(lists_start(), STATUS_OK);
	list = list_named("stop-reasons");
	for (unsigned e = 0; e < CONSENT_EVENT_COUNT; e++) {
		struct bytes reason = bytes_of_text(consent_stop_reason((enum consent_event)e));

		if (reason.len == 0)
			continue;
		reasons++;
		assert_true(list_has("stop-reasons", reason));
		assert_int_equal(consent_stop_event(reason), e);
	}
	assert_int_equal(reasons, list_rows(list));
	assert_int_equal(consent_stop_event(bytes_of_text("")), CONSENT_EVENT_COUNT);
	assert_int_equal(consent_stop_event(bytes_of_text("no reason")), CONSENT_EVENT_COUNT);
}

/* ---- The fold ---------------------------------------------------------------------------- */

#define GRANTED "2026-03-10"

static enum consent_state
with_custody(const struct consent_custody *facts, size_t count)
{
	const struct consent_step steps[] = {{0, CONSENT_EVENT_GIVE}};

	return consent_fold(steps, COUNT(steps), GRANTED, facts, count);
}

static void
what_does_not_follow_changes_nothing(void **state)
{
	const struct consent_step steps[] = {{0, CONSENT_EVENT_RENEW},
	    {0, CONSENT_EVENT_REQUEST}, {0, CONSENT_EVENT_RESOLVE}, {0, CONSENT_EVENT_GIVE},
	    {0, CONSENT_EVENT_GIVE}, {0, CONSENT_EVENT_WITHDRAW}, {0, CONSENT_EVENT_GIVE},
	    {0, CONSENT_EVENT_EXPIRE}};

	(void)state;
	assert_int_equal(consent_fold(steps, 0, "", NULL, 0), CONSENT_NONE);
	assert_int_equal(consent_fold(steps, 3, "", NULL, 0), CONSENT_REQUESTED);
	assert_int_equal(consent_fold(steps, 5, GRANTED, NULL, 0), CONSENT_GIVEN);
	assert_int_equal(
	    consent_fold(steps, COUNT(steps), GRANTED, NULL, 0), CONSENT_WITHDRAWN);
}

static void
an_objection_suspends_until_it_is_resolved(void **state)
{
	const struct consent_step steps[] = {{0, CONSENT_EVENT_GIVE}, {0, CONSENT_EVENT_OBJECT},
	    {0, CONSENT_EVENT_RENEW}, {0, CONSENT_EVENT_EXPIRE}, {0, CONSENT_EVENT_RESOLVE}};

	(void)state;
	assert_int_equal(consent_fold(steps, 4, GRANTED, NULL, 0), CONSENT_OBJECTED);
	assert_int_equal(consent_fold(steps, 5, GRANTED, NULL, 0), CONSENT_GIVEN);
}

static void
who_lost_custody_gives_no_consent_unless_it_was_back_by_then(void **state)
{
	const struct consent_custody lost_before = {false, "2026-01-01"};
	const struct consent_custody lost_that_day = {false, GRANTED};
	const struct consent_custody lost_later = {false, "2026-05-01"};
	const struct consent_custody back_before = {true, "2026-02-01"};
	const struct consent_custody back_that_day = {true, GRANTED};
	const struct consent_custody back_later = {true, "2026-06-01"};
	const struct consent_custody back_the_same_day = {true, "2026-01-01"};

	(void)state;
	assert_int_equal(with_custody(NULL, 0), CONSENT_GIVEN);
#define FOLD(...)                                                                              \
	with_custody((const struct consent_custody[]){__VA_ARGS__},                            \
	    COUNT(((const struct consent_custody[]){__VA_ARGS__})))
	assert_int_equal(FOLD(lost_before), CONSENT_REVOKED);
	assert_int_equal(FOLD(lost_that_day), CONSENT_REVOKED);
	assert_int_equal(FOLD(lost_later), CONSENT_REVOKED);
	assert_int_equal(FOLD(lost_before, back_before), CONSENT_GIVEN);
	assert_int_equal(FOLD(lost_before, back_that_day), CONSENT_GIVEN);
	assert_int_equal(FOLD(lost_before, back_later), CONSENT_REVOKED);
	assert_int_equal(FOLD(lost_later, back_later), CONSENT_REVOKED);
	assert_int_equal(FOLD(lost_before, back_before, lost_later), CONSENT_REVOKED);
	assert_int_equal(FOLD(lost_before, back_the_same_day), CONSENT_REVOKED);
	assert_int_equal(FOLD(back_before), CONSENT_GIVEN);
#undef FOLD
}

static void
custody_changes_no_other_end(void **state)
{
	const struct consent_custody lost = {false, "2026-01-01"};
	const struct {
		enum consent_event then;
		enum consent_state ends;
	} cases[] = {{CONSENT_EVENT_WITHDRAW, CONSENT_WITHDRAWN},
	    {CONSENT_EVENT_EXPIRE, CONSENT_EXPIRED},
	    {CONSENT_EVENT_INVALIDATE, CONSENT_INVALIDATED},
	    {CONSENT_EVENT_OBJECT, CONSENT_REVOKED}, {CONSENT_EVENT_RENEW, CONSENT_REVOKED}};
	const struct consent_step law[] = {{0, CONSENT_EVENT_DECIDE}};
	const struct consent_step asked[] = {{0, CONSENT_EVENT_REQUEST}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct consent_step steps[] = {
		    {0, CONSENT_EVENT_GIVE}, {0, cases[i].then}};

		assert_int_equal(
		    consent_fold(steps, COUNT(steps), GRANTED, &lost, 1), cases[i].ends);
	}
	assert_int_equal(consent_fold(law, 1, "", &lost, 1), CONSENT_IN_FORCE);
	assert_int_equal(consent_fold(asked, 1, "", &lost, 1), CONSENT_REQUESTED);
}

/* A small generator of its own, so that a failure repeats. */
static unsigned
chance(unsigned long *seed, unsigned below)
{
	*seed = *seed * 6364136223846793005UL + 1442695040888963407UL;
	return (unsigned)(*seed >> 33) % below;
}

static void
shuffle(void *items, size_t size, size_t count, unsigned long *seed)
{
	unsigned char *at = items, swap[64];

	assert_true(size <= sizeof(swap));
	for (size_t i = count; i > 1; i--) {
		size_t other = chance(seed, (unsigned)i);

		memcpy(swap, at + (i - 1) * size, size);
		memcpy(at + (i - 1) * size, at + other * size, size);
		memcpy(at + other * size, swap, size);
	}
}

/* What the header says, word for word: every taking needs a giving back after it by then. */
static bool
had_custody(const struct consent_custody *facts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool back = facts[i].has;

		for (size_t j = 0; j < count && !back; j++)
			back = facts[j].has && strcmp(facts[j].from, facts[i].from) > 0 &&
			       strcmp(facts[j].from, GRANTED) <= 0;
		if (!back)
			return false;
	}
	return true;
}

static void
the_fold_does_not_depend_on_the_order_of_custody_facts(void **state)
{
	static const char *const days[] = {
	    "2025-12-31", "2026-01-01", "2026-02-28", GRANTED, "2026-03-11", "2027-01-01"};
	unsigned revoked = 0;
	unsigned long seed = 27560;

	(void)state;
	for (unsigned round = 0; round < 5000; round++) {
		struct consent_custody facts[6];
		size_t count = chance(&seed, COUNT(facts) + 1);
		enum consent_state first;

		memset(facts, 0, sizeof(facts));
		for (size_t i = 0; i < count; i++) {
			facts[i].has = chance(&seed, 2) != 0;
			snprintf(facts[i].from, sizeof(facts[i].from), "%s",
			    days[chance(&seed, COUNT(days))]);
		}
		first = with_custody(facts, count);
		assert_int_equal(
		    first, had_custody(facts, count) ? CONSENT_GIVEN : CONSENT_REVOKED);
		revoked += first == CONSENT_REVOKED;
		for (unsigned again = 0; again < 4; again++) {
			shuffle(facts, sizeof(facts[0]), count, &seed);
			assert_int_equal(with_custody(facts, count), first);
		}
	}
	assert_in_range(revoked, 500, 4500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_pair_of_state_and_event_follows_as_listed_or_not_at_all),
	    cmocka_unit_test(only_given_renewed_and_in_force_authorise),
	    cmocka_unit_test(whatever_leaves_what_authorises_says_why_it_stops),
	    cmocka_unit_test(every_state_and_event_has_a_name_that_leads_back),
	    cmocka_unit_test(the_reasons_of_stops_are_the_list_s_and_lead_back_to_their_event),
	    cmocka_unit_test(what_does_not_follow_changes_nothing),
	    cmocka_unit_test(an_objection_suspends_until_it_is_resolved),
	    cmocka_unit_test(who_lost_custody_gives_no_consent_unless_it_was_back_by_then),
	    cmocka_unit_test(custody_changes_no_other_end),
	    cmocka_unit_test(the_fold_does_not_depend_on_the_order_of_custody_facts),
	};

	return cmocka_run_group_tests_name("consent", tests, NULL, NULL);
}
