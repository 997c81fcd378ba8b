/* tests/unit/circle_truth.h: a circle as all who wrote in it know it together, and who has all of it. */
#ifndef SAIKNE_CIRCLE_TRUTH_H
#define SAIKNE_CIRCLE_TRUTH_H

#include "tests/unit/circle_play.h"

#include "services/runtime/store/history_store.h"

#define ENTRIES_MAX 512

/* ---- What is true ------------------------------------------------------------------------ */

/* A circle as all who wrote in it know it together. */
static struct truth {
	struct circle_act acts[ENTRIES_MAX];
	struct circle_step steps[ENTRIES_MAX];
	bool voids[ENTRIES_MAX];
	size_t count;
	const struct line *awaits; /* a receipt */
	struct circle circle;
} truth;

static inline bool
row_at(struct line *line, const uint8_t *id, struct circle_row *out)
{
	enum status rc = circle_store_find(line->service->db, id, out);

	assert_true(rc == STATUS_OK || rc == STATUS_NOT_FOUND);
	return rc == STATUS_OK;
}

static inline int
by_index(const void *a, const void *b)
{
	const struct circle_act *one = a, *other = b;

	return one->step.index < other->step.index ? -1 : one->step.index > other->step.index;
}

static inline bool
is_gathered(const struct circle_act *act)
{
	for (size_t i = 0; i < truth.count; i++)
		if (truth.acts[i].step.index == act->step.index)
			return true;
	return false;
}

/* Whether nobody is left whom ACT of LINE's could go to, while somebody is out. */
static inline bool
has_nobody(struct line *line, const struct circle_act *act)
{
	struct outbox_row row;

	return play.out != NULL &&
	       outbox_store_of_event(line->service->db, act->event_n, &row) == STATUS_OK &&
	       row.state == OUTBOX_RESEAL && row.refusal == STATUS_BAD_RECIPIENTS;
}

/*
 * What LINE wrote; and what it has of who is out, which itself may not know yet that the log has it,
 * and whose other acts wait with it.
 */
static inline void
gather(struct line *line, const uint8_t *id)
{
	struct circle_row row;
	struct circle_act *acts;
	size_t count;

	if (!row_at(line, id, &row))
		return;
	assert_int_equal(circle_store_acts(line->service->db, row.n, &acts, &count), STATUS_OK);
	for (size_t i = 0; i < count; i++) {
		const bool waits = acts[i].step.index == UINT64_MAX;

		if (!acts[i].own && (play.out == NULL || strcmp(acts[i].step.author.code,
							     play.out->config.code) != 0))
			continue;
		if (waits ? line == play.out || has_nobody(line, &acts[i])
			  : is_gathered(&acts[i]))
			continue;
		if (waits)
			truth.awaits = line;
		assert_true(truth.count < ENTRIES_MAX);
		truth.acts[truth.count++] = acts[i];
	}
	free(acts);
}

static inline void
find_truth(const uint8_t *id)
{
	truth.count = 0;
	truth.awaits = NULL;
	for (unsigned i = 0; i < ROOMS; i++)
		gather(rooms[i], id);
	qsort(truth.acts, truth.count, sizeof(truth.acts[0]), by_index);
	for (size_t i = 0; i < truth.count; i++) {
		truth.steps[i] = truth.acts[i].step;
		truth.steps[i].event = task_event_of(truth.acts[i].sort, truth.acts[i].type);
	}
	circle_fold(truth.steps, truth.count, &truth.circle, truth.voids);
}

/* Whether the act at I is in the history: its author was a member there. */
static inline bool
counts(const struct circle *circle, const struct circle_step *step)
{
	const struct circle_task any = {.share = TASK_OF_ALL, .party = ""};

	return step->index != UINT64_MAX &&
	       circle_author_side(circle, &any, step->author.code, step->index) != 0;
}

static inline bool
is_member(const struct line *line)
{
	return circle_is_member(&truth.circle, line->config.code, UINT64_MAX);
}

/* Whether it is to have come to what is true: who is out will, when it is back. */
static inline bool
is_in(const struct line *line)
{
	return line != play.out && is_member(line);
}

/* ---- Histories --------------------------------------------------------------------------- */

/* The next of ACTS, from *AT on, that is in the history; NULL: none. */
static const struct circle_act *
next_of(const struct circle *circle, const struct circle_act *acts, size_t count, size_t *at)
{
	while (*at < count && !counts(circle, &acts[*at].step))
		(*at)++;
	return *at < count ? &acts[(*at)++] : NULL;
}

/* Whether LINE has the whole of the history, and nothing else in it; SAY: fails where it has not. */
static inline bool
is_whole(struct line *line, const uint8_t *id, bool say)
{
	const struct circle_act *true_one, *one;
	const struct circles *circles;
	struct history_circle history;
	struct circle_row row;
	size_t i = 0, j = 0;
	bool same;

	if (!row_at(line, id, &row)) {
		must(!say, "%s does not know its circle", line->config.code);
		return false;
	}
	assert_int_equal(circles_fold(line->service, row.n, &circles), STATUS_OK);
	do {
		true_one = next_of(&truth.circle, truth.acts, truth.count, &i);
		one = next_of(&circles->circle, circles->acts, circles->count, &j);
		same = (true_one == NULL) == (one == NULL);
		if (same && one != NULL)
			same = one->step.index == true_one->step.index &&
			       one->type == true_one->type &&
			       memcmp(&one->root, &true_one->root, sizeof(one->root)) == 0 &&
			       strcmp(one->step.author.code, true_one->step.author.code) == 0;
		must(same || !say, "%s has %s at %llu, where %s of %s is at %llu",
		    line->config.code, one != NULL ? message_info(one->type)->name : "nothing",
		    (unsigned long long)(one != NULL ? one->step.index : 0),
		    true_one != NULL ? message_info(true_one->type)->name : "nothing",
		    true_one != NULL ? true_one->step.author.code : "nobody",
		    (unsigned long long)(true_one != NULL ? true_one->step.index : 0));
	} while (same && one != NULL);
	assert_int_equal(history_store_circle(line->service->db, row.n, &history), STATUS_OK);
	must(!history.gap || !say, "%s thinks that it lacks something", line->config.code);
	return same && !history.gap;
}

static inline bool
all_whole(bool say)
{
	bool whole = true;

	for (unsigned i = 0; i < play.began; i++) {
		find_truth(play.circles[i]);
		must(!say || truth.awaits == NULL, "%s awaits a receipt",
		    truth.awaits != NULL ? truth.awaits->config.code : "nobody");
		whole = whole && truth.awaits == NULL;
		for (unsigned j = 0; j < ROOMS && whole; j++)
			if (is_in(rooms[j]))
				whole = is_whole(rooms[j], play.circles[i], say);
	}
	return whole;
}

/* ---- Nothing is under way ---------------------------------------------------------------- */

static inline uint64_t
number_in(struct line *line, const char *sql)
{
	const char *out = play.out != NULL ? play.out->config.code : "nobody";
	struct query *query;
	uint64_t count;

	assert_int_equal(database_query(line->service->db, sql, &query), STATUS_OK);
	query_bind_text(query, 1, bytes_of_text(out));
	assert_int_equal(query_number(query, &count), STATUS_OK);
	return count;
}

_Static_assert(STATUS_BAD_RECIPIENTS == 122, "what is asked below names it");

/* Whether LINE waits for nothing and nobody but who is out; SAY: fails where it does. */
static inline bool
is_at_rest(struct line *line, bool say)
{
	static const struct {
		const char *what, *sql;
	} waits[] = {
	    {"messages of its own that nobody has accepted",
		"SELECT count(*) FROM outbox WHERE state <> 1 AND peer <> ?1 AND"
		" (?1 = 'nobody' OR state <> 2 OR refusal <> 122)"},
	    {"evidence about messages of its own",
		"SELECT count(*) FROM outbox WHERE state = 1 AND peer <> ?1 AND n NOT IN"
		" (SELECT outbox_n FROM outbox_to) OR n IN (SELECT outbox_n FROM outbox_to"
		" WHERE final = 0 AND party <> ?1)"},
	    {"evidence that nobody has recorded", "SELECT count(*) FROM evidence WHERE "
						  "recorded = 0 AND refusal = 0 AND ?1 <> ''"},
	    {"something to pass on",
		"SELECT count(*) FROM passed WHERE how = 'due' AND party <> ?1 AND"
		" (?1 = 'nobody' OR event_n NOT IN (SELECT event_n FROM outbox"
		" WHERE state = 2 AND refusal = 122))"},
	};
	struct store *store = two.room->store;
	uint64_t entries, size;

	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		uint64_t count = number_in(line, waits[i].sql);

		must(!say || count == 0, "%s waits: %s: %llu", line->config.code, waits[i].what,
		    (unsigned long long)count);
		if (count > 0)
			return false;
	}
	assert_int_equal(
	    store->do_->mail_count(store, bytes_of_text(line->config.code), &entries, &size),
	    STATUS_OK);
	must(!say || entries == 0, "%s has not taken %llu entries of its mailbox",
	    line->config.code, (unsigned long long)entries);
	return entries == 0;
}

static inline bool
all_at_rest(bool say)
{
	bool rest = true;

	for (unsigned i = 0; i < ROOMS && rest; i++)
		rest = rooms[i] == play.out || is_at_rest(rooms[i], say);
	return rest;
}

#endif
