/* tests/unit/test_cli_prompt.c: what a person types is understood however it is written. */
#include "clients/cli/cli_prompt.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void
a_part_is_found_without_marks_and_in_any_case(void **state)
{
	(void)state;
	assert_true(cli_prompt_has("Ģimenes situācijas izvērtēšana", "gimenes sit"));
	assert_true(cli_prompt_has("Ģimenes situācijas izvērtēšana", "ĢIMENES"));
	assert_true(cli_prompt_has("Kavējumi", "kavē"));
	assert_false(cli_prompt_has("Kavējumi", "skola"));
	assert_true(cli_prompt_has("anything", ""));
	/* No text of any locale is looked at byte by byte. */
	assert_true(cli_prompt_has("a\xFF"
				   "b",
	    "\xFF"));
}

static void
yes_and_no_are_known_in_both_languages(void **state)
{
	(void)state;
	assert_int_equal(cli_prompt_yes_no("y"), 1);
	assert_int_equal(cli_prompt_yes_no("J"), 1);
	assert_int_equal(cli_prompt_yes_no("jā"), 1);
	assert_int_equal(cli_prompt_yes_no("n"), 0);
	assert_int_equal(cli_prompt_yes_no("nē"), 0);
	assert_int_equal(cli_prompt_yes_no(""), -1);
	assert_int_equal(cli_prompt_yes_no("maybe"), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_part_is_found_without_marks_and_in_any_case),
	    cmocka_unit_test(yes_and_no_are_known_in_both_languages),
	};

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests_name("cli_prompt", tests, NULL, NULL);
}
