/* tests/unit/test_crossing.c: two folds of a task of any sort, under random acts and delays, end alike. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "services/runtime/exchange/timeline.h"
#include "services/runtime/task/information.h"
#include "services/runtime/task/notice.h"
#include "services/runtime/task/referral.h"

#define SEEDS    4000
#define TURNS    90
#define LOG_MAX  64
#define ROWS_MAX 160

/* ---- A model of the network -------------------------------------------------------------- */

/* A message in the log, and what its recipient said of it. */
struct entry {
	struct event_row row; /* as its author wrote it */
	enum task_side by;
	bool unreadable, expired, not_permitted;
};

/* One service: what it stored, and how far the log's news of it has come. */
struct end {
	enum task_side side;
	struct event_row rows[ROWS_MAX];
	size_t count;
	unsigned heard;    /* entries of the log handed out, or passed over */
	unsigned receipts; /* entries of the log whose receipts came */
	unsigned verdicts; /* entries of the log whose evidence came */
	uint64_t stop;     /* of the ground, as this end knows it */
};

static struct {
	const struct task_sort *sort;
	enum message opening;
	bool not_permitted; /* the opening message bears a mark that its sender may not set */
	bool stops;         /* the sender may stop the ground */
	uint64_t stop_at;   /* where the log has the stop; 0: not yet */
	struct entry log[LOG_MAX];
	unsigned count;
	uint64_t index;
	uint64_t n;
	struct end sender, recipient;
	uint32_t random;
} net;

static unsigned
pick(unsigned below)
{
	net.random ^= net.random << 13;
	net.random ^= net.random >> 17;
	net.random ^= net.random << 5;
	return net.random % below;
}

static struct end *
end_of(enum task_side side)
{
	return side == TASK_SENDER ? &net.sender : &net.recipient;
}

static int
in_log_order(const void *left, const void *right)
{
	const struct event_row *a = left, *b = right;

	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	return a->n < b->n ? -1 : a->n > b->n;
}

/* The trace of what had effect is the fold of its first row, of its first two, and so on. */
static void
assert_traced(const struct end *end, const bool *voids)
{
	struct event_row rows[ROWS_MAX] = {{0}};
	enum task_state states[ROWS_MAX];
	struct task_stand then;
	size_t count = 0;

	for (size_t i = 0; i < end->count; i++)
		if (!voids[i])
			rows[count++] = end->rows[i];
	timeline_trace(rows, count, net.sort, end->side, end->stop, states);
	for (size_t i = 0; i < count; i++) {
		bool stopped = i + 1 == count || (end->stop != TIMELINE_STOPPING &&
						     rows[i + 1].index > end->stop);

		timeline_fold(rows, i + 1, net.sort, end->side,
		    stopped ? end->stop : TIMELINE_UNSTOPPED, &then, NULL);
		assert_int_equal(states[i], then.state);
	}
}

static struct task_stand
stand(struct end *end, bool *voids)
{
	struct task_stand task;
	bool flags[ROWS_MAX];

	qsort(end->rows, end->count, sizeof(end->rows[0]), in_log_order);
	timeline_fold(end->rows, end->count, net.sort, end->side, end->stop, &task, flags);
	assert_traced(end, flags);
	if (voids != NULL)
		memcpy(voids, flags, end->count * sizeof(*voids));
	return task;
}

static void
store(struct end *end, struct event_row row)
{
	assert_true(end->count < ROWS_MAX);
	row.n = ++net.n;
	end->rows[end->count++] = row;
}

static struct event_row *
own_row(struct end *end, const uint8_t *message)
{
	for (size_t i = 0; i < end->count; i++)
		if (end->rows[i].own && end->rows[i].what == EVENT_MESSAGE &&
		    memcmp(end->rows[i].message, message, SUITE_ID_LEN) == 0)
			return &end->rows[i];
	return NULL;
}

/* ---- What happens ------------------------------------------------------------------------ */

static void
write_message(struct end *end, enum message type)
{
	struct event_row row = {.what = EVENT_MESSAGE,
	    .type = type,
	    .own = true,
	    .index = UINT64_MAX,
	    .applied = timeline_heard(end->rows, end->count)};

	row.message[0] = (uint8_t)end->side;
	row.message[1] = (uint8_t)(net.n + 1);
	row.message[2] = (uint8_t)((net.n + 1) >> 8);
	row.with_content = type == net.opening && pick(2) == 0;
	store(end, row);
}

/* A person does any of what the desk would offer now; the content goes by itself. */
static void
act(struct end *end)
{
	struct task_stand task = stand(end, NULL);
	const struct message_info *info;
	enum message may[32];
	unsigned count = 0;

	for (unsigned i = 0; (info = message_at(i)) != NULL; i++)
		if (task_message(net.sort, info->id) != NULL && !task_opens(info->id) &&
		    task_may(net.sort, &task, task_event_of(net.sort, info->id), end->side))
			may[count++] = info->id;
	/* Corrections are seldom, or nothing else would be seen. */
	if (count > 0 && net.count < LOG_MAX / 2) {
		enum message type = may[pick(count)];

		if (task_event_of(net.sort, type) != TASK_EVENT_ENTERED_IN_ERROR ||
		    pick(6) == 0)
			write_message(end, type);
	}
}

static void
refuse(struct end *end, struct event_row *row)
{
	struct event_row note = *row;

	row->dead = true;
	note.what = EVENT_REFUSED;
	store(end, note);
}

/* A step of the stop on its way: written, logged, known to its maker, known to the other. */
static void
stop(struct end *end)
{
	if (!net.stops)
		return;
	if (end->side == TASK_SENDER && end->stop == TIMELINE_UNSTOPPED)
		end->stop = TIMELINE_STOPPING;
	else if (net.sender.stop == TIMELINE_STOPPING && net.stop_at == 0)
		net.stop_at = ++net.index;
	else if (net.stop_at != 0)
		end->stop = net.stop_at;
}

/* The oldest of what waits goes to the broker, which may refuse it. */
static void
submit(struct end *end)
{
	struct event_row *first = NULL;
	bool logged = false;

	for (size_t i = 0; i < end->count; i++) {
		struct event_row *row = &end->rows[i];

		if (!row->own || row->what != EVENT_MESSAGE || row->dead ||
		    row->index != UINT64_MAX)
			continue;
		logged = false;
		for (unsigned e = 0; e < net.count; e++)
			logged |= memcmp(net.log[e].row.message, row->message, 3) == 0;
		if (!logged && (first == NULL || row->n < first->n))
			first = row;
	}
	if (first == NULL || net.count == LOG_MAX)
		return;
	/* The broker obeys a stop from its index. */
	if (net.stop_at != 0) {
		refuse(end, first);
		return;
	}
	if (first->type != net.opening && pick(20) == 0) {
		first->dead = true;
		return;
	}
	net.index += 1 + pick(3);
	net.log[net.count] = (struct entry){.row = *first, .by = end->side};
	net.log[net.count++].row.index = net.index;
}

/* A receipt: the place in the log of the next of ours. */
static void
receipt(struct end *end)
{
	for (; end->receipts < net.count; end->receipts++) {
		struct entry *entry = &net.log[end->receipts];

		if (entry->by != end->side)
			continue;
		own_row(end, entry->row.message)->index = entry->row.index;
		end->receipts++;
		return;
	}
}

static bool
knows_task(const struct end *end)
{
	for (size_t i = 0; i < end->count; i++)
		if (end->rows[i].type == net.opening)
			return true;
	return false;
}

static void
take_in(struct end *end, const struct entry *entry)
{
	struct event_row row = entry->row;

	row.own = false;
	for (size_t i = 0; i < end->count; i++)
		if (memcmp(end->rows[i].message, row.message, SUITE_ID_LEN) == 0)
			return;
	if (entry->not_permitted)
		row.status = STATUS_NOT_PERMITTED;
	if (entry->not_permitted || (!entry->expired && !entry->unreadable))
		store(end, row);
}

/* The next of the mailbox, in the log's order; now and then it cannot be applied. */
static void
deliver(struct end *end, bool offer_expires)
{
	for (; end->heard < net.count; end->heard++) {
		struct entry *entry = &net.log[end->heard];
		bool offer = entry->row.type == net.opening;

		if (entry->by == end->side)
			continue;
		end->heard++;
		entry->expired = offer && offer_expires;
		entry->not_permitted = offer && net.not_permitted;
		entry->unreadable =
		    entry->not_permitted || (!offer && !knows_task(end)) || pick(25) == 0;
		take_in(end, entry);
		return;
	}
}

/* Evidence about the next of ours that was delivered, at an index of its own. */
static void
verdict(struct end *end)
{
	struct end *other = end_of(end->side == TASK_SENDER ? TASK_RECIPIENT : TASK_SENDER);

	for (; end->verdicts < other->heard; end->verdicts++) {
		struct entry *entry = &net.log[end->verdicts];
		struct event_row row = entry->row;

		if (entry->by != end->side)
			continue;
		row.what = entry->expired      ? EVENT_EXPIRED
		           : entry->unreadable ? EVENT_UNREADABLE
		                               : EVENT_DELIVERED;
		row.index = ++net.index;
		store(end, row);
		end->verdicts++;
		return;
	}
}

/* A message comes again: what was stored, or answered for, is not stored a second time. */
static void
deliver_again(struct end *end)
{
	struct entry *entry = end->heard > 0 ? &net.log[pick(end->heard)] : NULL;

	if (entry != NULL && entry->by != end->side)
		take_in(end, entry);
}

/* A restarted process reads its rows from the database, in whatever order they lie there. */
static void
restart(struct end *end)
{
	struct task_stand before = stand(end, NULL), after;

	for (size_t i = end->count; i > 1; i--) {
		size_t j = pick((unsigned)i);
		struct event_row row = end->rows[i - 1];

		end->rows[i - 1] = end->rows[j];
		end->rows[j] = row;
	}
	after = stand(end, NULL);
	assert_memory_equal(&before, &after, sizeof(before));
}

static void
turn(bool offer_expires)
{
	struct end *end = pick(2) == 0 ? &net.sender : &net.recipient;

	if (pick(40) == 0)
		stop(end);
	switch (pick(8)) {
	case 0:
	case 1:
		act(end);
		break;
	case 2:
		submit(end);
		break;
	case 3:
		receipt(end);
		break;
	case 4:
		deliver(end, offer_expires);
		break;
	case 5:
		verdict(end);
		break;
	case 6:
		deliver_again(end);
		break;
	default:
		restart(end);
	}
}

/* What becomes of the opening message. */
enum fate { COMES, EXPIRES, NOT_PERMITTED, STOPS };

static void
play(enum message opening, uint32_t seed, enum fate fate)
{
	const bool offer_expires = fate == EXPIRES;

	memset(&net, 0, sizeof(net));
	net.not_permitted = fate == NOT_PERMITTED;
	net.stops = fate == STOPS;
	net.sort = task_sort_of(opening);
	net.opening = opening;
	net.random = seed * 2654435761U + 1;
	net.sender.side = TASK_SENDER;
	net.recipient.side = TASK_RECIPIENT;
	net.sender.stop = net.recipient.stop = TIMELINE_UNSTOPPED;
	write_message(&net.sender, opening);
	for (unsigned i = 0; i < TURNS; i++)
		turn(offer_expires);
	/* Everything under way arrives. */
	for (unsigned i = 0; i < 2 * LOG_MAX; i++) {
		struct end *end = i % 2 == 0 ? &net.sender : &net.recipient;

		submit(end);
		receipt(end);
	}
	for (unsigned i = 0; i < 2 * LOG_MAX; i++) {
		struct end *end = i % 2 == 0 ? &net.sender : &net.recipient;

		deliver(end, offer_expires);
	}
	for (unsigned i = 0; i < 2 * LOG_MAX; i++)
		verdict(i % 2 == 0 ? &net.sender : &net.recipient);
	for (unsigned i = 0; i < 3; i++)
		stop(&net.sender);
	stop(&net.recipient);
}

/* ---- Tests ------------------------------------------------------------------------------- */

/* Messages that both have are void at both or at neither. */
static void
assert_same_voids(uint32_t seed)
{
	bool one[ROWS_MAX], two[ROWS_MAX];

	(void)stand(&net.sender, one);
	(void)stand(&net.recipient, two);
	for (size_t i = 0; i < net.sender.count; i++)
		for (size_t j = 0; j < net.recipient.count; j++) {
			const struct event_row *a = &net.sender.rows[i],
					       *b = &net.recipient.rows[j];

			if (a->what != EVENT_MESSAGE || b->what != EVENT_MESSAGE ||
			    memcmp(a->message, b->message, SUITE_ID_LEN) != 0)
				continue;
			if (one[i] != two[j])
				fail_msg("seed %u: a message has effect at one end only", seed);
		}
}

static const enum message openings[] = {
    MESSAGE_REFERRAL_OFFER, MESSAGE_INFORMATION_REQUEST, MESSAGE_NOTICE_INCIDENT};

#define OPENINGS (sizeof(openings) / sizeof(openings[0]))

/* Whether a task may be in STATE when everything has arrived, and its opening message came. */
static bool
can_end_in(const struct task_sort *sort, enum task_state state)
{
	return task_has(sort, state) && state != TASK_NONE && state != TASK_PENDING &&
	       state != TASK_EXPIRED && state != TASK_REFUSED && state != TASK_VOID &&
	       state != TASK_STOPPED && state != TASK_TAKEN_BACK &&
	       task_next(sort, state, TASK_EVENT_OFFER_DELIVERED, TASK_SENDER, 0) == TASK_NONE;
}

static void
assert_alike(uint32_t seed, unsigned seen[static TASK_STATE_COUNT])
{
	struct task_stand one = stand(&net.sender, NULL), two = stand(&net.recipient, NULL);

	seen[one.state]++;
	/* The recipient of an offer that it could not open has no task at all. */
	if (one.state == TASK_UNREADABLE || one.state == TASK_REFUSED) {
		assert_int_equal(two.state, TASK_NONE);
		return;
	}
	if (one.state != two.state)
		fail_msg("%s, seed %u: %s at the sender, %s at the recipient", net.sort->name,
		    seed, task_state_name(one.state), task_state_name(two.state));
	assert_int_equal(one.content_seen, two.content_seen);
	assert_int_equal(one.content_due, two.content_due);
	assert_same_voids(seed);
}

static void
both_ends_stand_alike_whatever_crossed_came_twice_or_late(void **state)
{
	(void)state;
	for (size_t i = 0; i < OPENINGS; i++) {
		unsigned seen[TASK_STATE_COUNT] = {0};

		for (uint32_t seed = 1; seed <= SEEDS; seed++) {
			play(openings[i], seed, COMES);
			assert_alike(seed, seen);
		}
		for (unsigned s = 0; s < TASK_STATE_COUNT; s++)
			if (can_end_in(net.sort, (enum task_state)s) && seen[s] == 0)
				fail_msg("%s: %s was never reached", net.sort->name,
				    task_state_name((enum task_state)s));
	}
}

static void
both_ends_stand_alike_wherever_the_log_has_a_stop(void **state)
{
	(void)state;
	for (size_t i = 0; i < OPENINGS; i++) {
		unsigned seen[TASK_STATE_COUNT] = {0};

		for (uint32_t seed = 1; seed <= SEEDS; seed++) {
			play(openings[i], seed, STOPS);
			assert_alike(seed, seen);
			assert_true(net.stop_at != 0);
			assert_true(stand(&net.sender, NULL).stopped);
			for (unsigned e = 0; e < net.count; e++)
				assert_true(net.log[e].row.index < net.stop_at);
		}
		assert_true(seen[TASK_STOPPED] > 0 && seen[TASK_REFUSED] > 0);
	}
}

static void
what_opened_a_task_that_nobody_took_expires_whatever_followed_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < OPENINGS; i++)
		for (uint32_t seed = 1; seed <= SEEDS / 4; seed++) {
			struct task_stand one;

			play(openings[i], seed, EXPIRES);
			one = stand(&net.sender, NULL);
			if (one.state != TASK_EXPIRED)
				fail_msg("%s, seed %u: %s", net.sort->name, seed,
				    task_state_name(one.state));
			assert_int_equal(stand(&net.recipient, NULL).state, TASK_NONE);
		}
}

static void
a_notice_that_is_not_its_senders_to_send_is_void_whatever_followed_it(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= SEEDS / 4; seed++) {
		bool voids[ROWS_MAX];

		play(MESSAGE_NOTICE_INCIDENT, seed, NOT_PERMITTED);
		assert_int_equal(stand(&net.sender, NULL).state, TASK_UNREADABLE);
		assert_int_equal(stand(&net.recipient, voids).state, TASK_VOID);
		for (size_t i = 0; i < net.recipient.count; i++)
			assert_true(net.recipient.rows[i].what != EVENT_MESSAGE || voids[i]);
	}
}

/* What the recipient does without knowing of a cancel: any way through the table. */
static size_t
random_way(struct task_step *steps, bool with_content)
{
	size_t count = 0;
	uint64_t index = 10;

	steps[count++] = (struct task_step){.index = index,
	    .event = TASK_EVENT_OFFER,
	    .by = TASK_SENDER,
	    .with_content = with_content};
	while (count < 9) {
		struct task_stand task;
		enum task_event event = (enum task_event)pick(TASK_EVENT_OFFER_EXPIRED);

		task_fold(&referral_sort, steps, count, &task, NULL);
		if (pick(12) == 0 || !task_is_open(&referral_sort, task.state))
			break;
		if (event == TASK_EVENT_OFFER ||
		    !task_may(&referral_sort, &task, event, TASK_RECIPIENT))
			continue;
		index += 10;
		steps[count++] = (struct task_step){
		    .index = index, .event = event, .by = TASK_RECIPIENT, .applied = 10};
	}
	return count;
}

/* The cancel is said once its author knows of the first KNOWN steps, and is logged at any place. */
static void
where_a_cancel_stands_in_the_log_among_what_it_crossed_does_not_matter(void **state)
{
	struct task_step way[10], steps[11];
	unsigned stops = 0;

	(void)state;
	net.random = 77;
	for (unsigned run = 0; run < SEEDS; run++) {
		size_t count = random_way(way, pick(2) == 0), known = 1 + pick((unsigned)count);
		enum task_state last = TASK_STATE_COUNT;
		uint64_t void_steps = 0;

		for (size_t place = known; place <= count; place++) {
			struct task_stand task;
			size_t at = 0;

			for (size_t i = 0; i < count; i++) {
				if (i == place)
					at++;
				steps[at++] = way[i];
			}
			steps[place] = (struct task_step){.index = way[place - 1].index + 5,
			    .event = TASK_EVENT_CANCEL,
			    .by = TASK_SENDER,
			    .applied = known > 1 ? way[known - 1].index : 0};
			task_fold(&referral_sort, steps, count + 1, &task, NULL);
			if (last == TASK_STATE_COUNT)
				last = task.state;
			if (task.state != last)
				fail_msg("run %u: %s, and %s at another place", run,
				    task_state_name(last), task_state_name(task.state));
			void_steps = task.void_steps;
		}
		/* At the end of the log it either follows or is the only one that does not. */
		assert_true(void_steps <= 1);
		stops += last == TASK_STOP_REQUESTED;
	}
	assert_true(stops > 0);
}

/* The asker withdraws while the other side answers or refuses; the log may have either first. */
static void
what_was_answered_before_the_withdrawal_was_known_stands_wherever_it_is_logged(void **state)
{
	static const enum task_event says[] = {TASK_EVENT_ANSWER, TASK_EVENT_REFUSE};
	static const enum task_state wanted[] = {TASK_ANSWERED, TASK_ANSWER_REFUSED};

	(void)state;
	for (size_t i = 0; i < 2; i++)
		for (uint64_t place = 15; place <= 35; place += 10) {
			const struct task_step withdraw = {
			    .index = place, .event = TASK_EVENT_WITHDRAW, .by = TASK_SENDER};
			struct task_step steps[4] = {
			    {.index = 10, .event = TASK_EVENT_REQUEST, .by = TASK_SENDER}};
			struct task_stand task;
			size_t count = 1;

			if (place == 15)
				steps[count++] = withdraw;
			steps[count++] = (struct task_step){.index = 20,
			    .event = TASK_EVENT_START,
			    .by = TASK_RECIPIENT,
			    .applied = 10};
			if (place == 25)
				steps[count++] = withdraw;
			steps[count++] = (struct task_step){
			    .index = 30, .event = says[i], .by = TASK_RECIPIENT, .applied = 10};
			if (place == 35)
				steps[count++] = withdraw;
			assert_int_equal(count, 4);
			task_fold(&information_sort, steps, count, &task, NULL);
			assert_int_equal(task.state, wanted[i]);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_ends_stand_alike_wherever_the_log_has_a_stop),
	    cmocka_unit_test(both_ends_stand_alike_whatever_crossed_came_twice_or_late),
	    cmocka_unit_test(what_opened_a_task_that_nobody_took_expires_whatever_followed_it),
	    cmocka_unit_test(
		a_notice_that_is_not_its_senders_to_send_is_void_whatever_followed_it),
	    cmocka_unit_test(
		what_was_answered_before_the_withdrawal_was_known_stands_wherever_it_is_logged),
	    cmocka_unit_test(
		where_a_cancel_stands_in_the_log_among_what_it_crossed_does_not_matter),
	};

	return cmocka_run_group_tests_name("crossing", tests, NULL, NULL);
}
