/* tests/unit/test_lang.c: the language follows environment and option, installed locale or not. */
#include "protocol/host/lang.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WORD N_("there is no such thing")

static void
start_with(const char *name, const char *value)
{
	static const char *const names[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(unsetenv(names[i]), 0);
	if (name != NULL)
		assert_int_equal(setenv(name, value, 1), 0);
	lang_start();
}

static void
without_a_word_about_it_everything_is_english(void **state)
{
	(void)state;
	start_with(NULL, NULL);
	assert_string_equal(lang_code(), "en");
	assert_string_equal(lang_text(WORD), WORD);
}

static void
any_of_the_variables_makes_it_latvian_though_no_such_locale_is_installed(void **state)
{
	static const char *const pairs[][2] = {{"LANGUAGE", "lv"}, {"LANGUAGE", "lv_LV:en"},
	    {"LANGUAGE", "de:lv"}, {"LC_ALL", "lv_LV.UTF-8"}, {"LC_MESSAGES", "lv_LV"},
	    {"LANG", "lv_LV.UTF-8"}};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		start_with(pairs[i][0], pairs[i][1]);
		assert_string_equal(lang_code(), "lv");
		assert_string_equal(lang_text(WORD), "nav atrasts");
	}
}

static void
other_languages_are_english(void **state)
{
	(void)state;
	start_with("LANG", "de_DE.UTF-8");
	assert_string_equal(lang_code(), "en");
	start_with("LANGUAGE", "en:lv");
	assert_string_equal(lang_code(), "en");
	start_with("LC_ALL", "C");
	assert_string_equal(lang_code(), "en");
}

static void
the_language_can_change_while_texts_are_remembered(void **state)
{
	(void)state;
	start_with(NULL, NULL);
	for (int i = 0; i < 2; i++) {
		assert_true(lang_set("lv"));
		assert_string_equal(lang_text(WORD), "nav atrasts");
		assert_true(lang_set("en"));
		assert_string_equal(lang_text(WORD), WORD);
	}
	assert_false(lang_set("de"));
	assert_false(lang_set(""));
	assert_string_equal(lang_code(), "en");
}

static void
the_option_is_taken_out_of_the_line_up_to_the_dashes(void **state)
{
	char *line[] = {"saikne", "show", "--lang", "lv", "3fa9", "--", "--lang", NULL};
	char *equals[] = {"saikne", "--lang=lv", NULL};
	int argc = 7;

	(void)state;
	start_with(NULL, NULL);
	assert_true(lang_take(&argc, line));
	assert_int_equal(argc, 5);
	assert_string_equal(line[1], "show");
	assert_string_equal(line[2], "3fa9");
	assert_string_equal(line[4], "--lang");
	assert_null(line[5]);
	assert_string_equal(lang_code(), "lv");
	start_with(NULL, NULL);
	argc = 2;
	assert_true(lang_take(&argc, equals));
	assert_int_equal(argc, 1);
	assert_string_equal(lang_code(), "lv");
}

static void
an_option_without_a_language_of_ours_is_refused(void **state)
{
	char *without[] = {"saikne", "--lang", NULL}, *other[] = {"saikne", "--lang=de", NULL};
	int argc = 2;

	(void)state;
	assert_false(lang_take(&argc, without));
	assert_false(lang_take(&argc, other));
}

static void
an_empty_text_stays_empty_and_padding_counts_characters(void **state)
{
	(void)state;
	start_with("LANGUAGE", "lv");
	assert_string_equal(lang_text(""), "");
	assert_int_equal(lang_pad("ziņa", 10), 11);
	assert_int_equal(lang_pad("", 10), 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_a_word_about_it_everything_is_english),
	    cmocka_unit_test(
		any_of_the_variables_makes_it_latvian_though_no_such_locale_is_installed),
	    cmocka_unit_test(other_languages_are_english),
	    cmocka_unit_test(the_language_can_change_while_texts_are_remembered),
	    cmocka_unit_test(the_option_is_taken_out_of_the_line_up_to_the_dashes),
	    cmocka_unit_test(an_option_without_a_language_of_ours_is_refused),
	    cmocka_unit_test(an_empty_text_stays_empty_and_padding_counts_characters),
	};

	return cmocka_run_group_tests_name("lang", tests, NULL, NULL);
}
