/* tests/unit/test_desk_watch.c: who keeps the desk waiting is found, and nobody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "services/runtime/desk/desk_watch.h"

#define LATE (DESK_WATCH_PATIENCE_MS + 1)

static struct desk_watch watch;

static int
empty(void **state)
{
	(void)state;
	memset(&watch, 0, sizeof(watch));
	return 0;
}

static bool
look(int fd, uint64_t socket, uint64_t now_ms)
{
	bool overdue;

	desk_watch_begin(&watch);
	overdue = desk_watch_is_overdue(&watch, fd, socket, now_ms);
	desk_watch_end(&watch);
	return overdue;
}

static void
who_makes_no_request_is_overdue_after_a_while(void **state)
{
	(void)state;
	assert_false(look(3, 30, 1000));
	assert_false(look(3, 30, 1000 + DESK_WATCH_PATIENCE_MS));
	assert_true(look(3, 30, 1000 + LATE));
}

static void
a_whole_request_begins_the_time_anew(void **state)
{
	(void)state;
	assert_false(look(3, 30, 1000));
	desk_watch_served(&watch, 3, 30, 20000, false);
	assert_false(look(3, 30, 1000 + LATE));
	assert_true(look(3, 30, 20000 + LATE));
}

static void
a_stream_is_never_overdue(void **state)
{
	(void)state;
	desk_watch_served(&watch, 3, 30, 1000, true);
	assert_false(look(3, 30, 1000 + 100 * LATE));
}

static void
a_descriptor_used_again_is_another_connection(void **state)
{
	(void)state;
	desk_watch_served(&watch, 3, 30, 1000, true);
	assert_false(look(3, 31, 2000));
	assert_true(look(3, 31, 2000 + LATE));
}

static void
who_has_gone_is_forgotten_and_gives_its_place_up(void **state)
{
	(void)state;
	for (int round = 0; round < 3; round++) {
		desk_watch_begin(&watch);
		for (int i = 0; i < DESK_WATCH_MAX + 10; i++)
			assert_false(desk_watch_is_overdue(
			    &watch, 100 * round + i, (uint64_t)(1000 * round + i), 1000));
		desk_watch_end(&watch);
	}
	desk_watch_begin(&watch);
	desk_watch_end(&watch);
	assert_false(look(200, 2000, 1000 + LATE));
}

#define WATCH_TEST(test) cmocka_unit_test_setup(test, empty)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WATCH_TEST(who_makes_no_request_is_overdue_after_a_while),
	    WATCH_TEST(a_whole_request_begins_the_time_anew),
	    WATCH_TEST(a_stream_is_never_overdue),
	    WATCH_TEST(a_descriptor_used_again_is_another_connection),
	    WATCH_TEST(who_has_gone_is_forgotten_and_gives_its_place_up),
	};

	return cmocka_run_group_tests_name("desk_watch", tests, NULL, NULL);
}
