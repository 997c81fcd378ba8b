/* services/runtime/people/lockout.c: how long failed sign-ins make an account or a source wait. */
#include "services/runtime/people/lockout.h"

#include <stdio.h>
#include <string.h>

uint64_t
lockout_delay_ms(uint64_t failures)
{
	uint64_t delay = LOCKOUT_FIRST_MS;

	if (failures < LOCKOUT_FREE)
		return 0;
	for (uint64_t i = LOCKOUT_FREE; i < failures && delay < LOCKOUT_MOST_MS; i++)
		delay *= 2;
	return delay < LOCKOUT_MOST_MS ? delay : LOCKOUT_MOST_MS;
}

static bool
is_fresh(const struct lockout *lockout, unsigned i, uint64_t now_ms)
{
	return now_ms < lockout->sources[i].last_ms + LOCKOUT_MOST_MS ||
	       now_ms < lockout->sources[i].until_ms;
}

static bool
find(const struct lockout *lockout, const char *source, unsigned *out)
{
	for (unsigned i = 0; i < LOCKOUT_SOURCES; i++) {
		if (lockout->sources[i].failures > 0 &&
		    strcmp(lockout->sources[i].name, source) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

/* The place of SOURCE: its own, or of whoever has been quiet for longest. */
static unsigned
place_of(struct lockout *lockout, const char *source, uint64_t now_ms)
{
	unsigned at, oldest = 0;

	if (find(lockout, source, &at) && is_fresh(lockout, at, now_ms))
		return at;
	if (!find(lockout, source, &at)) {
		for (unsigned i = 1; i < LOCKOUT_SOURCES; i++)
			if (lockout->sources[i].last_ms < lockout->sources[oldest].last_ms)
				oldest = i;
		at = oldest;
	}
	memset(&lockout->sources[at], 0, sizeof(lockout->sources[at]));
	snprintf(lockout->sources[at].name, sizeof(lockout->sources[at].name), "%s", source);
	return at;
}

uint64_t
lockout_wait_ms(const struct lockout *lockout, const char *source, uint64_t now_ms)
{
	unsigned at;

	if (!find(lockout, source, &at) || lockout->sources[at].until_ms <= now_ms)
		return 0;
	return lockout->sources[at].until_ms - now_ms;
}

bool
lockout_fail(struct lockout *lockout, const char *source, uint64_t allowed, uint64_t now_ms)
{
	unsigned at = place_of(lockout, source, now_ms);
	uint64_t failures = ++lockout->sources[at].failures, delay;

	/* More allowed: the same stairs, begun later. */
	failures = failures + LOCKOUT_FREE > allowed ? failures + LOCKOUT_FREE - allowed : 0;
	delay = lockout_delay_ms(failures);
	lockout->sources[at].last_ms = now_ms;
	if (delay > 0)
		lockout->sources[at].until_ms = now_ms + delay;
	return delay > 0;
}
