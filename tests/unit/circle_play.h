/* tests/unit/circle_play.h: a play of circles: its steps counted, its clocks, who is out, when the broker dies. */
#ifndef SAIKNE_CIRCLE_PLAY_H
#define SAIKNE_CIRCLE_PLAY_H

#include "tests/unit/circle_talk.h"
#include "tests/unit/seeded.h"

#define CIRCLES  2
#define HOUR_MS  (3600ULL * 1000)
#define TIME_MAX (4 * DAY_MS) /* a head of the directory is good for seven */

/* What happens in plays, and how often at least in all that are always played together. */
#define STEP_LIST(STEP)                                                                        \
	STEP(BEGAN, "a case was begun", 14)                                                    \
	STEP(SAID, "something was said", 200)                                                  \
	STEP(UNLAWFUL, "something was said that does not follow", 6)                           \
	STEP(REFUSED, "somebody was told that it cannot say that now", 1)                      \
	STEP(WITHDRAWN, "a consent was withdrawn", 1)                                          \
	STEP(KILLED, "a service was killed", 21)                                               \
	STEP(PARTED, "a connection broke", 7)                                                  \
	STEP(DOUBLED, "something was delivered twice", 21)                                     \
	STEP(SUSPENDED, "somebody was suspended", 7)                                           \
	STEP(LEFT_OUT, "an act went without who is suspended", 7)                              \
	STEP(SAID_OUT, "who is suspended said something", 3)                                   \
	STEP(KILLED_OUT, "the service of who is suspended was killed", 1)                      \
	STEP(LIFTED, "a suspension was lifted while others went on", 3)                        \
	STEP(STAYED_OUT, "somebody was suspended at the end", 3)                               \
	STEP(REMOVED_OUT, "who is suspended was removed", 2)                                   \
	STEP(BROKE, "the broker ended with nothing under way", 2)                              \
	STEP(FORGOT, "the broker died before it kept what it had heard", 1)                    \
	STEP(HUSHED, "the broker died before anybody heard of what it kept", 1)                \
	STEP(AGAIN, "a receipt was given a second time", 7)                                    \
	STEP(REDELIVERED, "an entry came a second time", 3)                                    \
	STEP(JOINED, "somebody joined later", 11)                                              \
	STEP(LEFT, "somebody left", 11)                                                        \
	STEP(CLAIMED, "the lead of who is suspended was claimed", 2)                           \
	STEP(CLAIM_TAKEN, "what was claimed was taken", 2)                                     \
	STEP(WENT_ON, "a case went on under who claimed it", 1)                                \
	STEP(LED, "the lead went to another", 1)                                               \
	STEP(VOID, "something was void", 21)                                                   \
	STEP(BARE, "somebody was shown the acts alone", 51)                                    \
	STEP(WHOLE, "somebody was shown all that it may have", 51)                             \
	STEP(DUE, "a deadline ran", 3)                                                         \
	STEP(ALARMED, "an alarm stood", 1)

#define STEP_ENUM(name, text, least) STEP_##name,
enum step { STEP_LIST(STEP_ENUM) STEP_COUNT };
#undef STEP_ENUM

static struct {
	unsigned steps[STEP_COUNT];
	bool states[TASK_STATE_COUNT]; /* what some task was at an end of a play */
	/* Of the one that is played. */
	unsigned began;
	uint64_t began_ms;
	uint8_t circles[CIRCLES][SUITE_ID_LEN];
	bool suspends, breaks;
	struct line *out;      /* who is suspended; NULL: nobody */
	uint64_t out_index;    /* since that entry of the log */
	uint64_t heard[ROOMS]; /* from that row on who writes it knows; 0: it does not yet */
} play;

static inline void
play_count(enum step step)
{
	play.steps[step]++;
}

static inline unsigned
number_of(const struct line *line)
{
	unsigned i = 0;

	while (rooms[i] != line)
		i++;
	return i;
}

/* ---- Clocks ------------------------------------------------------------------------------ */

static inline uint64_t
courts_now(void)
{
	return now() + (uint64_t)two.third.clock_ahead;
}

static inline uint64_t
socials_now(void)
{
	return now() + (uint64_t)two.fourth.clock_ahead;
}

/* Up to three minutes, which nobody corrects, or hours, which the broker's tell. */
static inline void
set_clock(struct line *line)
{
	int64_t off = (int64_t)(pick(2) == 0 ? pick(180) * 1000 : pick(6) * HOUR_MS);

	line->clock_ahead = pick(2) == 0 ? off : -off;
}

/* ---- What comes a second time ------------------------------------------------------------ */

static inline void
hear(struct line *line, const struct frame *frame)
{
	struct frame_accepted accepted;
	struct frame_deliver deliver;
	struct event_row row;

	if (frame->command == COMMAND_ACCEPTED &&
	    frame_read_accepted(frame->body, &accepted) == STATUS_OK &&
	    accepted.proven.index < line->since)
		play_count(STEP_AGAIN);
	if (frame->command == COMMAND_DELIVER &&
	    frame_read_deliver(frame->body, &deliver) == STATUS_OK && deliver.has_part &&
	    event_store_at(line->service->db, deliver.proven.index, &row) == STATUS_OK)
		play_count(STEP_REDELIVERED);
}

/* ---- Who is suspended -------------------------------------------------------------------- */

/* From now on what LINE writes it writes knowing who is out. */
static inline void
note_heard(struct line *line)
{
	uint64_t *from = &play.heard[number_of(line)];

	if (*from == 0 && line->service->directory != NULL &&
	    service_peer(line->service, play.out->config.code) != NULL &&
	    service_peer(line->service, play.out->config.code)->suspended_index ==
		play.out_index)
		assert_int_equal(event_store_next(line->service->db, from), STATUS_OK);
}

static inline bool
is_named(const struct line *line, struct bytes frame)
{
	struct envelope envelope;

	assert_int_equal(envelope_parse(frame, &envelope), STATUS_OK);
	for (uint32_t i = 0; i < envelope.header.recipient_count; i++)
		if (bytes_is_text(envelope.header.recipients[i].party, line->config.code))
			return true;
	return false;
}

/* Nobody who knows that somebody is out seals anything to it. */
static inline void
check_silent(struct line *line)
{
	struct outbox_row row = {.n = 0};

	if (line == play.out)
		return;
	note_heard(line);
	while (play.heard[number_of(line)] != 0 &&
	       outbox_store_after(line->service->db, OUTBOX_WAITING, INT64_MAX, row.n, &row) ==
		   STATUS_OK) {
		struct buffer frame = {0};

		assert_int_equal(
		    outbox_store_frame(line->service->db, row.n, &frame), STATUS_OK);
		must(row.event_n < play.heard[number_of(line)] ||
			 !is_named(play.out, bytes_of_buffer(&frame)),
		    "%s writes to %s, and knows that it is suspended", line->config.code,
		    play.out->config.code);
		buffer_free(&frame);
	}
}

static inline void
check_all_silent(void)
{
	for (unsigned i = 0; play.out != NULL && i < ROOMS; i++)
		check_silent(rooms[i]);
}

/* While it was out the log has nothing of it, nor for it. */
static inline void
check_out_of_log(const struct line *out, uint64_t since)
{
	for (uint64_t i = since; i < journal_size(two.room->journal); i++) {
		struct bytes view;
		struct leaf leaf;

		assert_int_equal(journal_leaf(two.room->journal, i, &view), STATUS_OK);
		assert_int_equal(leaf_parse(view, &leaf), STATUS_OK);
		if (leaf.kind != LEAF_ACCEPTED)
			continue;
		must(!bytes_is_text(leaf.header.sender, out->config.code),
		    "entry %llu is of who is suspended", (unsigned long long)i);
		for (uint32_t j = 0; j < leaf.header.recipient_count; j++)
			must(!bytes_is_text(leaf.header.recipients[j].party, out->config.code),
			    "entry %llu is for who is suspended", (unsigned long long)i);
	}
}

/* What went without it, for it could not be reached. */
static inline void
count_left_out(void)
{
	struct query *query;
	uint64_t count;

	for (unsigned i = 0; i < ROOMS; i++) {
		assert_int_equal(
		    database_query(rooms[i]->service->db,
			"SELECT count(*) FROM passed WHERE party = ? AND status = ?", &query),
		    STATUS_OK);
		query_bind_text(query, 1, bytes_of_text(play.out->config.code));
		query_bind_uint(query, 2, STATUS_SUSPENDED);
		assert_int_equal(query_number(query, &count), STATUS_OK);
		play.steps[STEP_LEFT_OUT] += (unsigned)count;
	}
}

static inline void
put_out(struct line *line)
{
	suspend(line->config.code);
	play.out = line;
	play.out_index = journal_size(two.room->journal) - 1;
	memset(play.heard, 0, sizeof(play.heard));
	play_count(STEP_SUSPENDED);
}

static inline void
let_back(void)
{
	struct line *line = play.out;

	check_all_silent();
	check_out_of_log(line, play.out_index);
	lift(line->config.code);
	play.out = NULL;
	if (pick(2) == 0)
		rooms_connect(line);
}

/* ---- The broker dies --------------------------------------------------------------------- */

/* What LINE has to say the broker hears. */
static inline void
speak(struct line *line)
{
	rooms_carry();
	service_tick(line->service);
	line_follow(line);
	arrivals_run(line->service);
	for (unsigned i = 0; i < line->count; i++)
		room_hear(two.room, &line->peer, bytes_of_buffer(&line->queue[i]));
	line->count = 0;
}

/* At rest; before it kept what LINE says; or when it did, and nobody has heard of that yet. */
static inline void
break_broker(struct line *line)
{
	enum step how = STEP_BROKE + pick(3);

	if (!line->up)
		how = STEP_BROKE;
	if (how != STEP_BROKE)
		speak(line);
	if (how == STEP_HUSHED)
		room_turn(two.room);
	rooms_break();
	play_count(how);
	for (unsigned i = 0; i < ROOMS; i++)
		if (pick(4) > 0)
			rooms_connect(rooms[i]);
}

#endif
