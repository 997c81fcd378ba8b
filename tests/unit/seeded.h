/* tests/unit/seeded.h: plays drawn by a seed: its chance, and which seeds are played. */
#ifndef SAIKNE_SEEDED_H
#define SAIKNE_SEEDED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define must(condition, ...)                                                                   \
	do {                                                                                   \
		if (!(condition)) {                                                            \
			fail_msg(__VA_ARGS__);                                                 \
		}                                                                              \
	} while (0)

static struct seeded {
	uint32_t seed; /* 0: nothing is played */
	uint32_t random;
	unsigned turn;
	unsigned doubled;
} seeded;

static inline void
seeded_begin(uint32_t seed)
{
	seeded.seed = seed;
	seeded.random = seed * 2654435761U + 1;
	seeded.turn = 0;
}

static inline unsigned
pick(unsigned below)
{
	seeded.random ^= seeded.random << 13;
	seeded.random ^= seeded.random >> 17;
	seeded.random ^= seeded.random << 5;
	return seeded.random % below;
}

static inline bool
now_and_then(void)
{
	bool twice = pick(5) == 0;

	seeded.doubled += twice;
	return twice;
}

/*
 * SAIKNE_SEED=7 plays that one, SAIKNE_SEED=100-200 all of these; else the COUNT of FIXED. Whether it
 * was those.
 */
static inline bool
seeded_play(const uint32_t *fixed, size_t count, void (*play)(uint32_t seed))
{
	const char *given = getenv("SAIKNE_SEED"), *to;
	uint32_t first, last;

	for (size_t i = 0; given == NULL && i < count; i++)
		play(fixed[i]);
	if (given == NULL)
		return true;
	first = last = (uint32_t)strtoul(given, NULL, 10);
	if ((to = strchr(given, '-')) != NULL)
		last = (uint32_t)strtoul(to + 1, NULL, 10);
	for (uint32_t seed = first; seed <= last; seed++)
		play(seed);
	return false;
}

/* What happens in a play, and how often at least in all that are always played together. */
struct seeded_step {
	const char *what;
	unsigned least;
};

/* How often each did; FIXED: those were played, and it was a play: everything that may happen did. */
static inline void
seeded_tell(const struct seeded_step *steps, const unsigned *happened, size_t count, bool fixed)
{
	for (size_t i = 0; i < count; i++)
		print_message("%6u  %s\n", happened[i], steps[i].what);
	for (size_t i = 0; fixed && i < count; i++)
		must(happened[i] >= steps[i].least, "too seldom: %s", steps[i].what);
}

/* Of a test's teardown: also where a step of the room itself failed. */
static inline int
seeded_say(void **state)
{
	(void)state;
	if (seeded.seed != 0)
		print_error(
		    "SAIKNE_SEED=%u plays it again; turn %u\n", seeded.seed, seeded.turn);
	return 0;
}

#endif
