/* broker/leafclock.h: the time that leaves get: it never decreases, and stops when in doubt. */
#ifndef SAIKNE_LEAFCLOCK_H
#define SAIKNE_LEAFCLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define LEAFCLOCK_JUMP_MS (3600ULL * 1000)          /* against the boot clock */
#define LEAFCLOCK_IDLE_MS (7ULL * 24 * 3600 * 1000) /* since the last leaf, at the start */

struct leafclock {
	uint64_t last_ms; /* of the newest leaf; 0 before the first */
	uint64_t now_ms;
	uint64_t start_now_ms, start_boot_ms;
	bool stopped;
	/* Of the doubt: how far the clock moved, and which way. */
	uint64_t moved_ms;
	bool forward;
};

/* LAST_MS is the newest leaf's; 0 when the log is empty. */
void leafclock_start(
    struct leafclock *clock, uint64_t last_ms, uint64_t now_ms, uint64_t boot_ms);
/* The time has become NOW_MS. Once stopped it stays stopped. */
void leafclock_turn(struct leafclock *clock, uint64_t now_ms, uint64_t boot_ms);
/* A doubt of an earlier run that nobody confirmed; one found at the start comes first. */
void leafclock_doubt(struct leafclock *clock, uint64_t moved_ms, bool forward);
/* An administrator says that the present time is right. */
void leafclock_confirm(struct leafclock *clock);
/* The time of a leaf made now. */
uint64_t leafclock_time(const struct leafclock *clock);

#endif
