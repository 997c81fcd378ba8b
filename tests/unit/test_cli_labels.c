/* tests/unit/test_cli_labels.c: codes, times and ids in a person's words. */
#include "clients/cli/cli_labels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "protocol/lists/lists.h"

static const struct cli latvian = {.language = "lv"}, english = {.language = "en"};

static void
assert_value(const struct cli *cli, const char *name, const char *json, const char *expected)
{
	json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
	struct buffer out = {0};

	assert_non_null(value);
	cli_labels_value(cli, name, value, &out);
	buffer_append_byte(&out, '\0');
	assert_string_equal((const char *)out.data, expected);
	buffer_free(&out);
	json_decref(value);
}

static void
labels_follow_the_language_and_unknown_codes_stand_for_themselves(void **state)
{
	(void)state;
	assert_string_equal(cli_labels_code(&latvian, "purposes", "safety"), "Bērna drošība");
	assert_string_equal(
	    cli_labels_code(&english, "purposes", "safety"), "The child's safety");
	assert_string_equal(cli_labels_code(&english, "purposes", "new_one"), "new_one");
	assert_string_equal(cli_labels_field(&latvian, "child_name"), "bērna vārds, uzvārds");
	assert_string_equal(cli_labels_field(&english, "new_field"), "new_field");
	assert_string_equal(cli_labels_what(&latvian, "referral_accept"), "pieņemts");
}

static void
values_are_shown_by_the_list_of_their_field(void **state)
{
	(void)state;
	assert_value(&english, "purpose", "\"safety\"", "The child's safety");
	assert_value(&english, "child_name", "\"safety\"", "safety");
	assert_value(&english, "absence_lessons", "24", "24");
	assert_value(&english, "concern", "[\"language_barrier\", \"new_one\"]",
	    "Language barrier, new_one");
	assert_value(&english, "concern", "null", "");
	assert_value(&english, "connected", "true", "yes");
}

static void
a_table_shows_a_label_without_its_explanation(void **state)
{
	char out[80];

	(void)state;
	cli_labels_brief(&english, "urgencies", "immediate", out);
	assert_string_equal(out, "Immediate");
	cli_labels_brief(&english, "purposes", "safety", out);
	assert_string_equal(out, "The child's safety");
}

static void
times_are_local_and_anything_else_stays_as_it_is(void **state)
{
	static const struct {
		const char *json, *shown;
	} times[] = {
	    {"\"2026-09-01T07:22:05Z\"", "2026-09-01 10:22"},
	    {"1788247325000", "2026-09-01 10:22"},
	    {"\"soon\"", "soon"},
	    {"\"2026-09-01T07:22:05Zx\"", "2026-09-01T07:22:05Zx"},
	    {"null", ""},
	};
	char out[40];

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		json_t *value = json_loads(times[i].json, JSON_DECODE_ANY, NULL);

		cli_labels_time(value, out);
		assert_string_equal(out, times[i].shown);
		json_decref(value);
	}
}

static void
the_end_of_an_id_is_what_people_see(void **state)
{
	(void)state;
	assert_string_equal(cli_labels_short("0199f3c2a7e4b1c09d52e67718aa40f3"), "18aa40f3");
	assert_string_equal(cli_labels_short("0af1"), "0af1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(labels_follow_the_language_and_unknown_codes_stand_for_themselves),
	    cmocka_unit_test(values_are_shown_by_the_list_of_their_field),
	    cmocka_unit_test(a_table_shows_a_label_without_its_explanation),
	    cmocka_unit_test(times_are_local_and_anything_else_stays_as_it_is),
	    cmocka_unit_test(the_end_of_an_id_is_what_people_see),
	};

	/* Latvia in summer, without asking the machine's zones. */
	if (setenv("TZ", "EEST-3", 1) != 0 || lists_start() != STATUS_OK)
		return 1;
	return cmocka_run_group_tests_name("cli_labels", tests, NULL, NULL);
}
