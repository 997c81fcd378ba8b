/* tests/unit/four_rooms.h: four institutions at one broker, each as late and as often gone as a test likes. */
#ifndef SAIKNE_FOUR_ROOMS_H
#define SAIKNE_FOUR_ROOMS_H

#include "tests/unit/service_room.h"

#define SOCIAL_KEYS 500
#define ROOMS       4

static const struct descriptor court_kind = {
    .program = "saikne-orphans-court", .group = GROUP_ORPHANS_COURT, .acts = ALL_ACTS};
static const struct descriptor social_kind = {
    .program = "saikne-social-service", .group = GROUP_SOCIAL_SERVICE, .acts = ALL_ACTS};

static struct line *const rooms[ROOMS] = {&two.school, &two.police, &two.third, &two.fourth};

/* Whatever the broker can send now reaches whoever is there. */
static inline void
rooms_carry(void)
{
	do {
		room_turn(two.room);
	} while (carry() > 0);
}

static inline void
rooms_connect(struct line *line)
{
	rooms_carry();
	line_connect(line);
}

/* Gone in the middle of whatever it did. */
static inline void
rooms_kill(struct line *line)
{
	rooms_carry();
	line_restart(line);
}

/* Time passes at the broker and everywhere; nobody has worked yet. */
static inline void
rooms_wait(uint64_t ms)
{
	room_wait(two.room, ms);
	carry();
}

static inline void
rooms_head(void)
{
	rooms_carry();
	issue_head();
	carry();
}

/* All are there, and nothing is on its way. */
static inline void
rooms_settle(void)
{
	for (unsigned i = 0; i < ROOMS; i++)
		if (!rooms[i]->up)
			rooms_connect(rooms[i]);
	settle();
}

static inline int
set_up_four(void **state)
{
	if (set_up(state) != 0)
		return -1;
	room_admit(two.room, "social", "social_service", SOCIAL_KEYS);
	room_turn(two.room);
	line_open(&two.third, *state, &court_kind, "court", COURT_KEYS);
	line_open(&two.fourth, *state, &social_kind, "social", SOCIAL_KEYS);
	rooms_head();
	rooms_settle();
	return 0;
}

static inline int
tear_down_four(void **state)
{
	two.twice = NULL;
	return tear_down(state);
}

#endif
