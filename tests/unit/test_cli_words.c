/* tests/unit/test_cli_words.c: what a desk says is said again in the reader's language. */
#include "clients/cli/cli_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/host/lang.h"
#include "protocol/lists/lists.h"

static void
assert_detail(const char *language, const char *json, const char *expected)
{
	json_t *problem = json_loads(json, 0, NULL);
	struct cli cli = {
	    .language = language, .desk_path = "/nowhere", .states = json_object()};
	struct buffer out = {0};

	assert_non_null(problem);
	assert_true(lang_set(language));
	cli_words_detail(&cli, problem, &out);
	buffer_append_byte(&out, '\0');
	assert_string_equal((const char *)out.data, expected);
	buffer_free(&out);
	json_decref(cli.states);
	json_decref(problem);
}

static void
a_template_is_said_with_its_values_in_either_language(void **state)
{
	static const char missing[] = "{\"detail\": \"child_name is missing\", "
				      "\"template\": \"%s is missing\", "
				      "\"values\": [\"child_name\"]}";

	(void)state;
	assert_detail("en", missing, "child's name is missing");
	assert_detail("lv", missing, "trūkst: bērna vārds, uzvārds");
	assert_detail("lv",
	    "{\"template\": \"number %zu of %s: the institution is suspended\", \"values\": "
	    "[\"2\", \"to\"]}",
	    "2. vieta laukā to: institūcija ir apturēta");
	assert_detail("lv",
	    "{\"template\": \"%s: %s\", \"values\": [\"skola-1\", "
	    "\"the institution is suspended\"]}",
	    "skola-1: institūcija ir apturēta");
}

static void
a_detail_without_a_template_is_looked_up_and_else_stays(void **state)
{
	(void)state;
	assert_detail(
	    "lv", "{\"detail\": \"there is no such task here\"}", "šāda uzdevuma šeit nav");
	assert_detail("lv", "{\"detail\": \"something newer\"}", "something newer");
	assert_detail("lv", "{}", "");
}

static void
a_hostile_template_fills_in_nothing_but_its_values(void **state)
{
	(void)state;
	assert_detail("lv", "{\"template\": \"%n %x %100s %\"}", "%n %x %100s %");
	assert_detail(
	    "lv", "{\"template\": \"%s|%9$s|%2$s\", \"values\": [\"a\", \"b\"]}", "a|?|b");
	assert_detail("lv", "{\"template\": \"%s %d%%\", \"values\": [1]}", "? ?%");
	assert_detail("lv", "{\"template\": \"%s\", \"values\": [\"%s\"]}", "%s");
}

static void
roles_members_and_statuses_have_words(void **state)
{
	const char *meaning = "", *remedy = "";

	(void)state;
	assert_true(lang_set("lv"));
	assert_string_equal(cli_words_role("case_manager"), "gadījuma vadītājs");
	assert_string_equal(cli_words_role("new_role"), "new_role");
	assert_string_equal(cli_words_member("may_refer"), "var nosūtīt");
	assert_true(cli_words_status("not_yours", &meaning, &remedy));
	assert_string_equal(meaning, "tas nav šai institūcijai sakāms vai lasāms");
	assert_false(cli_words_status("new_status", &meaning, &remedy));
}

static void
a_record_of_looks_is_told_in_words_and_of_each_lines_role(void **state)
{
	(void)state;
	assert_true(lang_set("en"));
	assert_string_equal(cli_words_column("role"), "role");
	assert_string_equal(cli_words_member("role"), "your role");
	assert_string_equal(cli_words_what("break_glass"), "broke the glass");
	assert_true(lang_set("lv"));
	assert_string_equal(cli_words_column("role"), "loma");
	assert_string_equal(cli_words_column("what"), "ko darīja");
	assert_string_equal(cli_words_what("confirm-cancel"), "apstiprināja atsaukšanu");
	assert_string_equal(cli_words_what("something_newer"), "something_newer");
	assert_string_equal(cli_words_how("handed_over"), "nodots");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_template_is_said_with_its_values_in_either_language),
	    cmocka_unit_test(a_detail_without_a_template_is_looked_up_and_else_stays),
	    cmocka_unit_test(a_hostile_template_fills_in_nothing_but_its_values),
	    cmocka_unit_test(roles_members_and_statuses_have_words),
	    cmocka_unit_test(a_record_of_looks_is_told_in_words_and_of_each_lines_role),
	};

	lang_start();
	return lists_start() != STATUS_OK
	           ? 1
	           : cmocka_run_group_tests_name("cli_words", tests, NULL, NULL);
}
