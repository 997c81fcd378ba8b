/* broker/leafclock.c: the time that leaves get: it never decreases, and stops when in doubt. */
#include "broker/leafclock.h"

static void
doubt(struct leafclock *clock, uint64_t expected_ms, uint64_t found_ms)
{
	clock->stopped = true;
	clock->forward = found_ms > expected_ms;
	clock->moved_ms = clock->forward ? found_ms - expected_ms : expected_ms - found_ms;
}

void
leafclock_start(struct leafclock *clock, uint64_t last_ms, uint64_t now_ms, uint64_t boot_ms)
{
	*clock = (struct leafclock){.last_ms = last_ms,
	    .now_ms = now_ms,
	    .start_now_ms = now_ms,
	    .start_boot_ms = boot_ms};
	if (last_ms == 0)
		return;
	if (now_ms > last_ms ? now_ms - last_ms > LEAFCLOCK_IDLE_MS
			     : last_ms - now_ms > LEAFCLOCK_JUMP_MS)
		doubt(clock, last_ms, now_ms);
}

void
leafclock_turn(struct leafclock *clock, uint64_t now_ms, uint64_t boot_ms)
{
	/* Always against the start: many small jumps are one large one. */
	uint64_t expected = clock->start_now_ms + (boot_ms - clock->start_boot_ms);

	clock->now_ms = now_ms;
	if (clock->stopped)
		return;
	if (now_ms > expected ? now_ms - expected > LEAFCLOCK_JUMP_MS
			      : expected - now_ms > LEAFCLOCK_JUMP_MS)
		doubt(clock, expected, now_ms);
}

void
leafclock_doubt(struct leafclock *clock, uint64_t moved_ms, bool forward)
{
	if (clock->stopped)
		return;
	clock->stopped = true;
	clock->moved_ms = moved_ms;
	clock->forward = forward;
}

void
leafclock_confirm(struct leafclock *clock)
{
	clock->stopped = false;
}

uint64_t
leafclock_time(const struct leafclock *clock)
{
	return clock->now_ms > clock->last_ms ? clock->now_ms : clock->last_ms;
}
