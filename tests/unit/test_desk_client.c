/* tests/unit/test_desk_client.c: the event stream is read line by line, however it is cut. */
#include "clients/cli/desk_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct heard {
	unsigned count;
	char last[64];
};

static void
on_event(void *state, const json_t *change)
{
	struct heard *heard = state;

	heard->count++;
	snprintf(heard->last, sizeof(heard->last), "%s", cli_string(change, "task"));
}

static void
feed(struct heard *heard, const char *text, size_t step)
{
	const struct desk_listener listener = {on_event, NULL, heard};
	struct buffer line = {0};

	for (size_t at = 0; at < strlen(text); at += step) {
		size_t len = strlen(text) - at < step ? strlen(text) - at : step;

		desk_client_feed(
		    &line, (struct bytes){(const uint8_t *)text + at, len}, &listener);
	}
	buffer_free(&line);
}

static void
changes_are_heard_however_the_stream_is_cut(void **state)
{
	static const char stream[] =
	    ": listening\n\nevent: change\ndata: {\"task\":\"0af1\"}\n\n:\n\n"
	    "event: change\ndata: {\"task\":\"0af2\"}\n\n";

	(void)state;
	for (size_t step = 1; step <= sizeof(stream); step++) {
		struct heard heard = {0};

		feed(&heard, stream, step);
		assert_int_equal(heard.count, 2);
		assert_string_equal(heard.last, "0af2");
	}
}

static void
what_is_no_change_is_passed_over(void **state)
{
	struct heard heard = {0};

	(void)state;
	feed(&heard, "data: \ndata: [1]\ndata: {\"a\":1,\"a\":2}\ndata: {\nevent: x\nid: 7\n",
	    5);
	assert_int_equal(heard.count, 0);
}

static void
an_endless_line_is_not_kept(void **state)
{
	struct heard heard = {0};
	const struct desk_listener listener = {on_event, NULL, &heard};
	struct buffer line = {0};
	uint8_t part[16384];

	(void)state;
	memset(part, 'a', sizeof(part));
	for (int i = 0; i < 64; i++)
		desk_client_feed(&line, BYTES(part), &listener);
	assert_true(line.len <= 64 * 1024);
	desk_client_feed(&line, bytes_of_text("\ndata: {\"task\":\"0af3\"}\n"), &listener);
	assert_int_equal(heard.count, 1);
	assert_string_equal(heard.last, "0af3");
	buffer_free(&line);
}

static void
only_plain_names_may_stand_in_an_address(void **state)
{
	(void)state;
	assert_true(desk_client_is_name("0af1"));
	assert_true(desk_client_is_name("age-bands"));
	assert_false(desk_client_is_name(""));
	assert_false(desk_client_is_name("../status"));
	assert_false(desk_client_is_name("a b"));
	assert_false(desk_client_is_name("a?b"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(changes_are_heard_however_the_stream_is_cut),
	    cmocka_unit_test(what_is_no_change_is_passed_over),
	    cmocka_unit_test(an_endless_line_is_not_kept),
	    cmocka_unit_test(only_plain_names_may_stand_in_an_address),
	};

	return cmocka_run_group_tests_name("desk_client", tests, NULL, NULL);
}
