/* services/runtime/people/lockout.h: how long failed sign-ins make an account or a source wait. */
#ifndef SAIKNE_LOCKOUT_H
#define SAIKNE_LOCKOUT_H

#include <stdbool.h>
#include <stdint.h>

#define LOCKOUT_FREE       5 /* failures without a delay */
#define LOCKOUT_FIRST_MS   (30ULL * 1000)
#define LOCKOUT_MOST_MS    (15ULL * 60 * 1000)
#define LOCKOUT_SOURCES    64
#define LOCKOUT_SOURCE_MAX 32

/* What the FAILURES-th failure in a row costs: nothing, then 30 s, doubling to 15 minutes. */
uint64_t lockout_delay_ms(uint64_t failures);

/*
 * Sources (a unix user, the loopback address) are counted in memory alone: an account's own count
 * is in the database and outlives a restart. A good sign-in does not clear a source, or who has
 * an account could guess at others' for ever; 15 minutes without a failure do.
 */
struct lockout {
	struct {
		char name[LOCKOUT_SOURCE_MAX];
		uint64_t failures, last_ms, until_ms;
	} sources[LOCKOUT_SOURCES];
};

/* How long SOURCE has to wait yet; 0: not at all. */
uint64_t lockout_wait_ms(const struct lockout *lockout, const char *source, uint64_t now_ms);
/*
 * FREE is how many failures this source has without a delay: LOCKOUT_FREE for one that is one
 * person, more for an address that a whole house shares. True when a delay begins with it.
 */
bool lockout_fail(
    struct lockout *lockout, const char *source, uint64_t allowed, uint64_t now_ms);

#endif
