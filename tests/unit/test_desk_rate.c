/* tests/unit/test_desk_rate.c: each source has its own number of requests, and time gives them back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "services/runtime/desk/desk_rate.h"

static struct desk_rate rate;

static int
empty(void **state)
{
	(void)state;
	memset(&rate, 0, sizeof(rate));
	return 0;
}

static unsigned
taken(const char *source, uint64_t now_ms)
{
	unsigned count = 0;

	while (count < 2 * DESK_RATE_BURST && desk_rate_take(&rate, source, now_ms) == 0)
		count++;
	return count;
}

static void
a_source_has_a_burst_and_then_as_many_as_time_gives(void **state)
{
	(void)state;
	assert_int_equal(taken("uid:1", 1000), DESK_RATE_BURST);
	assert_int_equal(desk_rate_take(&rate, "uid:1", 1000), 1);
	assert_int_equal(taken("uid:1", 1100), DESK_RATE_PER_SECOND / 10);
	assert_int_equal(taken("uid:1", 2100), DESK_RATE_PER_SECOND);
	assert_int_equal(taken("uid:1", UINT64_MAX), DESK_RATE_BURST);
}

static void
one_source_takes_nothing_from_another(void **state)
{
	(void)state;
	assert_int_equal(taken("uid:1", 1000), DESK_RATE_BURST);
	assert_int_equal(taken("uid:2", 1000), DESK_RATE_BURST);
}

static void
a_clock_that_goes_back_gives_nothing(void **state)
{
	(void)state;
	assert_int_equal(taken("uid:1", 1000), DESK_RATE_BURST);
	assert_int_equal(taken("uid:1", 10), 0);
	assert_int_equal(taken("uid:1", 110), DESK_RATE_PER_SECOND / 10);
}

static void
where_there_are_too_many_sources_the_quietest_makes_room(void **state)
{
	char name[32];

	(void)state;
	assert_int_equal(taken("busy", 1000), DESK_RATE_BURST);
	for (unsigned i = 0; i < 3 * DESK_RATE_SOURCES_MAX; i++) {
		snprintf(name, sizeof(name), "uid:%u", i);
		assert_int_equal(desk_rate_take(&rate, name, 1000 + i), 0);
		(void)desk_rate_take(&rate, "busy", 1000 + i);
	}
	assert_int_equal(taken("busy", 1000 + 3 * DESK_RATE_SOURCES_MAX), 1);
}

#define RATE_TEST(test) cmocka_unit_test_setup(test, empty)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    RATE_TEST(a_source_has_a_burst_and_then_as_many_as_time_gives),
	    RATE_TEST(one_source_takes_nothing_from_another),
	    RATE_TEST(a_clock_that_goes_back_gives_nothing),
	    RATE_TEST(where_there_are_too_many_sources_the_quietest_makes_room),
	};

	return cmocka_run_group_tests_name("desk_rate", tests, NULL, NULL);
}
