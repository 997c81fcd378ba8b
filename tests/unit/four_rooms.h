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

/* Whom the authority has suspended the broker does not let in. */
static inline bool
rooms_lets_in(const struct line *line)
{
	const struct party *party =
	    directory_party(two.room->w.directory, bytes_of_text(line->config.code));

	return party != NULL && party->suspended_index == 0;
}

static inline void
rooms_connect(struct line *line)
{
	rooms_carry();
	if (rooms_lets_in(line))
		line_connect(line);
}

static inline void
rooms_connect_all(void)
{
	for (unsigned i = 0; i < ROOMS; i++)
		if (!rooms[i]->up)
			rooms_connect(rooms[i]);
}

/* Gone in the middle of whatever it did. */
static inline void
rooms_kill(struct line *line)
{
	rooms_carry();
	line_kill(line);
	line_start(line);
	rooms_connect(line);
}

/* The broker ends and starts again: no connection lives, and what had left it is lost. */
static inline void
rooms_break(void)
{
	const uint64_t entries = two.room->intake.mailbox_entries;

	for (unsigned i = 0; i < two.line_count; i++)
		if (two.lines[i]->up)
			line_disconnect(two.lines[i]);
	two.room->sent_count = 0;
	room_restart(two.room);
	two.room->intake.mailbox_entries = entries;
}

/* The registrar suspends CODE, which is cut off; whoever else is there hears it. */
static inline void
suspend(const char *code)
{
	struct statement s = {.kind = STATEMENT_SUSPEND,
	    .party = bytes_of_text(code),
	    .reason = bytes_of_text("test")};
	struct world *w = &two.room->w;

	rooms_carry();
	w->now_ms++;
	world_make(w, &s, &(struct by){SIGNER_REGISTRAR, &w->registrar}, 1);
	room_state(two.room);
	if (line_of(code)->up)
		line_disconnect(line_of(code));
	rooms_carry();
}

/* The root lifts that. */
static inline void
lift(const char *code)
{
	struct statement s = {.kind = STATEMENT_LIFT, .party = bytes_of_text(code)};
	struct world *w = &two.room->w;

	rooms_carry();
	w->now_ms++;
	world_make(w, &s, &(struct by){SIGNER_ROOT, &w->root}, 1);
	room_state(two.room);
	rooms_carry();
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
	rooms_connect_all();
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
	two.heard = NULL;
	return tear_down(state);
}

#endif
