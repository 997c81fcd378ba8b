/* tests/unit/test_lockout.c: failures make wait, longer each time, and no longer than 15 minutes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "services/runtime/people/lockout.h"

static void
the_delay_begins_at_the_fifth_failure_and_doubles_to_fifteen_minutes(void **state)
{
	(void)state;
	assert_int_equal(lockout_delay_ms(0), 0);
	assert_int_equal(lockout_delay_ms(4), 0);
	assert_int_equal(lockout_delay_ms(5), 30000);
	assert_int_equal(lockout_delay_ms(6), 60000);
	assert_int_equal(lockout_delay_ms(9), 480000);
	assert_int_equal(lockout_delay_ms(10), 900000);
	assert_int_equal(lockout_delay_ms(UINT64_MAX), 900000);
}

static void
a_source_waits_alone(void **state)
{
	struct lockout lockout = {0};

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		assert_false(lockout_fail(&lockout, "uid:1", LOCKOUT_FREE, 1000));
	assert_int_equal(lockout_wait_ms(&lockout, "uid:1", 1000), 0);
	assert_true(lockout_fail(&lockout, "uid:1", LOCKOUT_FREE, 1000));
	assert_int_equal(lockout_wait_ms(&lockout, "uid:1", 1000), 30000);
	assert_int_equal(lockout_wait_ms(&lockout, "uid:1", 31000), 0);
	assert_int_equal(lockout_wait_ms(&lockout, "uid:2", 1000), 0);
}

static void
a_source_is_forgiven_after_a_quiet_quarter_of_an_hour(void **state)
{
	struct lockout lockout = {0};

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		(void)lockout_fail(&lockout, "uid:1", LOCKOUT_FREE, 1000);
	assert_true(lockout_fail(&lockout, "uid:1", LOCKOUT_FREE, 1000 + 14 * 60000));
	assert_false(lockout_fail(&lockout, "uid:1", LOCKOUT_FREE, 1000 + 30 * 60000));
}

static void
an_address_that_many_share_fails_oftener_before_it_waits(void **state)
{
	struct lockout lockout = {0};

	(void)state;
	for (unsigned i = 0; i < 49; i++)
		assert_false(lockout_fail(&lockout, "loopback", 50, 1000));
	assert_true(lockout_fail(&lockout, "loopback", 50, 1000));
	assert_int_equal(lockout_wait_ms(&lockout, "loopback", 1000), 30000);
}

static void
more_sources_than_places_take_the_place_of_the_quietest(void **state)
{
	struct lockout lockout = {0};
	char name[LOCKOUT_SOURCE_MAX];

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		(void)lockout_fail(&lockout, "uid:0", LOCKOUT_FREE, 5000);
	for (unsigned i = 1; i < LOCKOUT_SOURCES; i++) {
		snprintf(name, sizeof(name), "uid:%u", i);
		(void)lockout_fail(&lockout, name, LOCKOUT_FREE, 1000 + i);
	}
	(void)lockout_fail(&lockout, "another", LOCKOUT_FREE, 6000);
	assert_true(lockout_wait_ms(&lockout, "uid:0", 6000) > 0);
}

int
main(void)
{
	const struct CMUnitTest lockout[] = {
	    cmocka_unit_test(
		the_delay_begins_at_the_fifth_failure_and_doubles_to_fifteen_minutes),
	    cmocka_unit_test(a_source_waits_alone),
	    cmocka_unit_test(a_source_is_forgiven_after_a_quiet_quarter_of_an_hour),
	    cmocka_unit_test(an_address_that_many_share_fails_oftener_before_it_waits),
	    cmocka_unit_test(more_sources_than_places_take_the_place_of_the_quietest),
	};

	return cmocka_run_group_tests(lockout, NULL, NULL);
}
