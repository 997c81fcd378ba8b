/* tests/unit/test_clock.c: a time as text, and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "protocol/host/clock.h"

static void
a_time_said_and_read_is_the_same(void **state)
{
	static const uint64_t times[] = {0, 1000, 951782400000, 1795392000000, 253402300799000};
	char text[21];
	uint64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		clock_format(times[i], text);
		assert_true(clock_parse(text, &ms));
		assert_true(ms == times[i]);
	}
	assert_true(clock_parse("2026-11-22T08:00:00Z", &ms));
	assert_true(ms == 1795334400000);
}

static void
what_is_no_such_time_is_refused(void **state)
{
	static const char *const texts[] = {"", "now", "2026-11-22", "2026-11-22T08:00:00",
	    "2026-11-22T08:00:00z", "2026-11-22 08:00:00Z", "2026-11-22T08:00:00+",
	    "2026-11-22T08:00:00Z ", "2026-02-29T00:00:00Z", "2026-11-31T00:00:00Z",
	    "2026-13-01T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T08:00:60Z",
	    "1969-12-31T23:59:59Z", " 026-11-22T08:00:00Z", "2026-11-22T8:000:00Z"};
	uint64_t ms = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_false(clock_parse(texts[i], &ms));
	assert_true(ms == 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_time_said_and_read_is_the_same),
	    cmocka_unit_test(what_is_no_such_time_is_refused),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
