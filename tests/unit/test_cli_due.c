/* tests/unit/test_cli_due.c: ends and overdue times in words, and how far a task has come. */
#include "clients/cli/cli_due.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/host/lang.h"
#include "protocol/lists/lists.h"

#define NOON 1795435200 /* 2026-11-23T12:00:00Z, a Monday */

static int
set_up(void **state)
{
	(void)state;
	setenv("TZ", "EET-2", 1);
	setenv("LANGUAGE", "", 1);
	tzset();
	lang_start();
	return lang_set("en") && lists_start() == STATUS_OK ? 0 : -1;
}

static void
assert_words(const char *due, const char *expected)
{
	json_t *value = json_string(due);
	char words[CLI_DUE_WORDS];

	cli_due_words(value, NOON, words);
	assert_string_equal(words, expected);
	json_decref(value);
}

static void
what_is_ahead_is_said_as_people_say_it(void **state)
{
	(void)state;
	assert_true(lang_set("en"));
	assert_words("2026-11-23T12:00:01Z", "in 1 minute");
	assert_words("2026-11-23T12:25:00Z", "in 25 minutes");
	assert_words("2026-11-23T15:00:00Z", "today 17:00");
	assert_words("2026-11-24T15:00:00Z", "tomorrow");
	assert_words("2026-11-26T15:00:00Z", "in 3 days");
	assert_words("2026-12-24T15:00:00Z", "2026-12-24");
	/* 22:30 UTC is tomorrow here. */
	assert_words("2026-11-23T22:30:00Z", "tomorrow");
}

static void
what_is_overdue_is_counted_in_the_largest_unit(void **state)
{
	(void)state;
	assert_true(lang_set("en"));
	assert_words("2026-11-23T12:00:00Z", "overdue 0 minutes");
	assert_words("2026-11-23T11:59:00Z", "overdue 1 minute");
	assert_words("2026-11-23T09:00:00Z", "overdue 3 hours");
	assert_words("2026-11-22T15:00:00Z", "overdue 1 day");
	assert_words("2026-11-20T15:00:00Z", "overdue 3 days");
}

static void
latvian_has_its_own_plurals(void **state)
{
	(void)state;
	assert_true(lang_set("lv"));
	assert_words("2026-11-22T15:00:00Z", "kavējas 1 dienu");
	assert_words("2026-11-20T15:00:00Z", "kavējas 3 dienas");
	assert_words("2026-11-12T15:00:00Z", "kavējas 11 dienas");
	assert_words("2026-11-02T15:00:00Z", "kavējas 21 dienu");
	assert_words("2026-11-23T12:00:00Z", "kavējas 0 minūšu");
	assert_words("2026-11-23T12:21:00Z", "pēc 21 minūtes");
	assert_words("2026-11-23T12:25:00Z", "pēc 25 minūtēm");
	assert_words("2026-12-24T15:00:00Z", "24.12.2026");
	assert_true(lang_set("en"));
}

static void
what_is_no_time_says_nothing(void **state)
{
	char words[CLI_DUE_WORDS] = "x";

	(void)state;
	cli_due_words(NULL, NOON, words);
	assert_string_equal(words, "");
	assert_words("tomorrow", "");
	assert_words("2026-11-23T12:00:00Zx", "");
}

static json_t *
item(const char *box, const char *state, const char *reach, const char *clock)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "box", box, "state", state, "reach",
	    reach, "clock", clock, "due", "2026-11-20T15:00:00Z", "overdue", 1);
}

static void
whose_it_is_stands_with_what_is_not_ours(void **state)
{
	json_t *ours = item("in", "offered", "read", "ours");
	json_t *theirs = item("out", "offered", "read", "theirs");
	char words[CLI_DUE_WORDS];

	(void)state;
	cli_due_item(ours, NOON, words);
	assert_string_equal(words, "overdue 3 days");
	assert_true(cli_due_is_ours(ours));
	cli_due_item(theirs, NOON, words);
	assert_string_equal(words, "overdue 3 days (theirs)");
	assert_false(cli_due_is_ours(theirs));
	json_decref(ours);
	json_decref(theirs);
}

static void
sent_received_and_read_are_different_words(void **state)
{
	static const struct {
		const char *box, *state, *reach, *words;
	} all[] = {
	    {"out", "offered", "sent", "sent; not received yet"},
	    {"out", "offered", "received", "received by their service"},
	    {"out", "offered", "read", "read by a person there"},
	    {"in", "offered", "received", "received; nobody has opened it"},
	    {"in", "offered", "read", "opened"},
	    {"out", "accepted", "read", "accepted"},
	    {"in", "accepted", "queued", "accepted"},
	    {"out", "cancel_requested", "queued", "cancel_requested; waiting to be sent"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct cli cli = {.language = "en", .states = json_object()};
		json_t *one = item(all[i].box, all[i].state, all[i].reach, "ours");
		char words[CLI_DUE_WORDS];

		cli_due_state(&cli, one, words);
		assert_string_equal(words, all[i].words);
		json_decref(one);
		json_decref(cli.states);
	}
}

static void
what_is_owed_has_words_in_both_languages(void **state)
{
	const struct cli latvian = {.language = "lv"}, english = {.language = "en"};

	(void)state;
	assert_string_equal(cli_due_owed(&latvian, "read"), "jāizlasa");
	assert_string_equal(cli_due_owed(&english, "read"), "to be read");
	assert_string_equal(cli_due_owed(&english, "new_one"), "new_one");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_ahead_is_said_as_people_say_it),
	    cmocka_unit_test(what_is_overdue_is_counted_in_the_largest_unit),
	    cmocka_unit_test(latvian_has_its_own_plurals),
	    cmocka_unit_test(what_is_no_time_says_nothing),
	    cmocka_unit_test(whose_it_is_stands_with_what_is_not_ours),
	    cmocka_unit_test(sent_received_and_read_are_different_words),
	    cmocka_unit_test(what_is_owed_has_words_in_both_languages),
	};

	return cmocka_run_group_tests_name("cli_due", tests, set_up, NULL);
}
