/* tests/unit/test_custody_fact.c: whose custody a statement is about, and what several say together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/lists/lists.h"
#include "services/runtime/task/custody_fact.h"

static struct custody_fact
fact(uint8_t task, uint64_t index, const char *event, const char *person, const char *code,
    const char *from)
{
	struct custody_fact made = {.index = index, .task = {task}};

	snprintf(made.origin, sizeof(made.origin), "orphans-court");
	snprintf(made.event, sizeof(made.event), "%s", event);
	snprintf(made.person, sizeof(made.person), "%s", person);
	snprintf(made.code, sizeof(made.code), "%s", code);
	snprintf(made.from, sizeof(made.from), "%s", from);
	return made;
}

static enum custody_match
match(const char *name, const char *code, const char *person, const char *other)
{
	const struct custody_fact of = fact(1, 1, "interrupted", person, other, "2026-11-18");

	return custody_fact_match(&(struct custody_giver){name, code, "parent"}, &of);
}

static void
codes_decide_where_both_have_one(void **state)
{
	(void)state;
	assert_int_equal(
	    match("Anna Ozola", "010180-11111", "A. Ozola", "01018011111"), CUSTODY_SAME);
	assert_int_equal(
	    match("Anna Ozola", "010180-11111", "Anna Ozola", "020280-22222"), CUSTODY_OTHER);
}

static void
names_decide_where_one_has_no_code(void **state)
{
	(void)state;
	assert_int_equal(match("Anna Ozola", "", "OZOLA ANNA", "010180-11111"), CUSTODY_SAME);
	assert_int_equal(
	    match("Žanna Bērziņa-Kalna", "", "Zanna Berzina Kalna", ""), CUSTODY_SAME);
	assert_int_equal(match("Anna Ozola", "", "Anna Marija Ozola", ""), CUSTODY_MAYBE);
	assert_int_equal(match("Anna Ozola", "", "", "010180-11111"), CUSTODY_MAYBE);
}

static void
a_statement_without_a_person_is_about_every_parent(void **state)
{
	const struct custody_fact of = fact(1, 1, "interrupted", "", "", "2026-11-18");
	static const struct {
		const char *capacity;
		enum custody_match match;
	} expected[] = {{"parent", CUSTODY_SAME}, {"", CUSTODY_SAME}, {"child", CUSTODY_OTHER},
	    {"guardian", CUSTODY_OTHER}, {"court_appointed", CUSTODY_OTHER}};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_int_equal(
		    custody_fact_match(
			&(struct custody_giver){"Anna", "", expected[i].capacity}, &of),
		    expected[i].match);
}

static void
every_event_has_the_effect_of_the_list(void **state)
{
	static const struct {
		const char *event;
		enum custody_effect effect;
	} expected[] = {{"interrupted", CUSTODY_LOST}, {"terminated", CUSTODY_LOST},
	    {"restored", CUSTODY_HAS}, {"guardian_appointed", CUSTODY_HAS},
	    {"placed", CUSTODY_NONE}, {"unheard_of", CUSTODY_NONE}};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_int_equal(custody_fact_effect(expected[i].event), expected[i].effect);
}

#define FACTS 5

/* Whether Anna's consent of ON stands, given FACTS in this order. */
static bool
stands(const struct custody_fact *facts, size_t count, const char *on, uint64_t before)
{
	static const struct custody_giver anna = {"Anna Ozola", "", "parent"};
	struct consent_custody custody[FACTS];
	size_t found = custody_fact_select(facts, count, &anna, before, custody, NULL);

	return consent_has_custody(on, custody, found);
}

static void
statements_in_any_order_say_the_same(void **state)
{
	const struct custody_fact facts[FACTS] = {
	    fact(1, 10, "interrupted", "Anna Ozola", "", "2026-03-01"),
	    fact(2, 20, "restored", "Anna Ozola", "", "2026-05-01"),
	    fact(3, 30, "interrupted", "Anna Ozola", "", "2026-07-01"),
	    fact(4, 40, "restored", "Anna Ozola", "", "2026-07-01"),
	    fact(5, 50, "terminated", "Juris Ozols", "", "2026-09-01"),
	};
	struct custody_fact order[FACTS];

	(void)state;
	for (unsigned seed = 0; seed < 120; seed++) {
		unsigned left = FACTS, rest = seed, taken[FACTS] = {0};

		for (unsigned at = 0; at < FACTS; at++, left--) {
			unsigned pick = rest % left, i = 0;

			rest /= left;
			for (;; i++)
				if (!taken[i] && pick-- == 0)
					break;
			taken[i] = 1;
			order[at] = facts[i];
		}
		assert_false(stands(order, FACTS, "2026-02-01", UINT64_MAX));
		assert_false(stands(order, FACTS, "2026-04-01", UINT64_MAX));
		assert_true(stands(order, FACTS, "2026-05-01", UINT64_MAX));
		assert_true(stands(order, FACTS, "2026-08-01", UINT64_MAX));
		/* As it was known before the second taking, and before it was taken back. */
		assert_true(stands(order, FACTS, "2026-06-01", 30));
		assert_false(stands(order, FACTS, "2026-08-01", 40));
	}
}

static void
what_was_corrected_or_void_says_nothing(void **state)
{
	struct custody_fact facts[2] = {
	    fact(1, 10, "interrupted", "Anna Ozola", "", "2026-03-01"),
	    fact(2, 20, "interrupted", "Juris Ozols", "", "2026-03-01"),
	};

	(void)state;
	assert_false(stands(facts, 2, "2026-02-01", UINT64_MAX));
	facts[1].corrects[0] = 1;
	assert_true(stands(facts, 2, "2026-02-01", UINT64_MAX));
	snprintf(facts[1].origin, sizeof(facts[1].origin), "another-court");
	assert_false(stands(facts, 2, "2026-02-01", UINT64_MAX));
	facts[0].void_ = true;
	assert_true(stands(facts, 2, "2026-02-01", UINT64_MAX));
}

static void
another_name_without_a_code_is_a_doubt(void **state)
{
	const struct custody_fact taken =
				      fact(1, 1, "interrupted", "A. Ozola", "", "2026-03-01"),
				  given = fact(2, 2, "restored", "A. Ozola", "", "2026-03-01");
	static const struct custody_giver anna = {"Anna Ozola", "", "parent"};
	struct consent_custody custody[1];
	bool doubt = false;

	(void)state;
	assert_int_equal(custody_fact_select(&taken, 1, &anna, UINT64_MAX, custody, &doubt), 0);
	assert_true(doubt);
	assert_int_equal(custody_fact_select(&given, 1, &anna, UINT64_MAX, custody, &doubt), 0);
	assert_false(doubt);
}

static void
a_child_is_told_by_code_else_by_name_and_birth(void **state)
{
	const struct custody_child janis = {"Jānis Ozols", "010112-21234", "2012-01-01"},
				   no_code = {"OZOLS JANIS", "", "2012-01-01"},
				   younger = {"Jānis Ozols", "", "2014-01-01"},
				   nameless = {"", "01011221234", ""},
				   namesake = {"Jānis Ozols", "010112-29999", "2012-01-01"},
				   unborn = {"Jānis Ozols", "", ""};

	(void)state;
	assert_true(custody_fact_same_child(&janis, &no_code));
	assert_true(custody_fact_same_child(&janis, &nameless));
	assert_false(custody_fact_same_child(&janis, &younger));
	assert_false(custody_fact_same_child(&janis, &namesake));
	assert_false(custody_fact_same_child(&unborn, &unborn));
}

static int
start(void **state)
{
	(void)state;
	return lists_start() == STATUS_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_decide_where_both_have_one),
	    cmocka_unit_test(names_decide_where_one_has_no_code),
	    cmocka_unit_test(a_statement_without_a_person_is_about_every_parent),
	    cmocka_unit_test(every_event_has_the_effect_of_the_list),
	    cmocka_unit_test(statements_in_any_order_say_the_same),
	    cmocka_unit_test(what_was_corrected_or_void_says_nothing),
	    cmocka_unit_test(another_name_without_a_code_is_a_doubt),
	    cmocka_unit_test(a_child_is_told_by_code_else_by_name_and_birth),
	};

	return cmocka_run_group_tests_name("custody_fact", tests, start, NULL);
}
