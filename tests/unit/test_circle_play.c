/* tests/unit/test_circle_play.c: cases over four institutions under random acts, delays, losses and suspensions. */
#include "tests/unit/circle_checks.h"
#include "tests/unit/circle_steps.h"

#define TURNS 220

/* ---- The play ---------------------------------------------------------------------------- */

static void
act(struct line *line)
{
	service_tick(line->service);
	if (play.began < CIRCLES && (play.began == 0 || pick(20) == 0)) {
		begin_case(line);
		return;
	}
	if (pick(20) == 0)
		stop(line);
	for (unsigned tries = 0; tries < 12 && !try_act(line); tries++)
		;
}

/* Perhaps between storing what came, and saying that it did. */
static void
kill_it(struct line *line)
{
	if (line->up && pick(2) == 0) {
		service_tick(line->service);
		line_follow(line);
		arrivals_run(line->service);
	}
	rooms_kill(line);
	play_count(line == play.out ? STEP_KILLED_OUT : STEP_KILLED);
}

static void
turn_authority(struct line *line)
{
	if (play.out == NULL) {
		put_out(line);
		return;
	}
	if (pick(3) == 0) {
		kill_it(play.out);
		return;
	}
	count_left_out();
	let_back();
	play_count(STEP_LIFTED);
}

static void
disturb(struct line *line)
{
	static const uint64_t waits[] = {60000, HOUR_MS, 9 * HOUR_MS};

	switch (pick(8)) {
	case 0:
		if (line->up && line->clock_ahead >= 0) {
			line_disconnect(line);
			play_count(STEP_PARTED);
		}
		break;
	case 1:
		kill_it(line);
		break;
	case 2:
		if (now() - play.began_ms < TIME_MAX)
			rooms_wait((1 + pick(4)) * waits[pick(3)]);
		break;
	case 3:
		if (play.breaks)
			break_broker(line);
		break;
	case 4:
		if (play.suspends && play.began > 0)
			turn_authority(line);
		break;
	default:
		if (!line->up)
			rooms_connect(line);
	}
}

static void
turn(void)
{
	struct line *line = rooms[pick(ROOMS)];

	switch (pick(6)) {
	case 0:
	case 1:
		act(line);
		break;
	case 2:
		disturb(line);
		break;
	case 3:
		rooms_carry();
		break;
	default:
		line_work(line);
	}
	check_all_silent();
}

static void
begin(uint32_t seed)
{
	seeded_begin(seed);
	play.began = 0;
	play.began_ms = now();
	play.out = NULL;
	play.suspends = seed % 2 == 0;
	play.breaks = seed % 4 < 2;
	two.twice = now_and_then;
	two.heard = hear;
	two.third.config.clock = courts_now;
	two.fourth.config.clock = socials_now;
	for (unsigned i = 0; i < ROOMS; i++) {
		set_clock(rooms[i]);
		rooms_kill(rooms[i]);
	}
	rooms_settle();
}

/* ---- Its end ----------------------------------------------------------------------------- */

/* All are there whom the broker lets in; what lacks is asked for and passed on, by the clock. */
static void
converge(void)
{
	rooms_connect_all();
	rooms_head();
	rooms_wait(10 * 60 * 1000);
	rooms_settle();
	for (unsigned rounds = 0; rounds < 40 && !(all_whole(false) && all_at_rest(false));
	     rounds++) {
		if (rounds % 10 == 0)
			rooms_head();
		rooms_wait(HOUR_MS / 2);
		rooms_settle();
		check_all_silent();
	}
	all_whole(true);
	all_at_rest(true);
}

/* Who leads what was found true; NULL: the log does not have its opening. */
static struct line *
lead_line(void)
{
	const char *lead = circle_lead(&truth.circle, UINT64_MAX);

	return lead != NULL ? line_of(lead) : NULL;
}

/* Who is out leads somewhere: nobody can remove it before somebody took the lead. */
static bool
leads_somewhere(const struct line *line)
{
	const char *lead;
	bool leads = false;

	for (unsigned i = 0; i < play.began; i++) {
		find_truth(play.circles[i]);
		lead = circle_lead(&truth.circle, UINT64_MAX);
		leads = leads || lead == NULL || strcmp(lead, line->config.code) == 0;
	}
	return leads;
}

_Static_assert(MESSAGE_HISTORY_PASS_ACTS == 120 && MESSAGE_HISTORY_PASS == 121, "named below");

/* Whether the others can do without it: it leads nobody, and nobody waits for what it wrote. */
static bool
is_dispensable(struct line *line)
{
	return !leads_somewhere(line) &&
	       number_in(line,
		   "SELECT count(*) FROM passed WHERE how = 'due' AND party <> ?1") == 0 &&
	       number_in(line,
		   "SELECT count(*) FROM outbox o JOIN events e ON e.n = o.event_n"
		   " WHERE o.state <> 1 AND e.type IN (120, 121) AND ?1 <> ''") == 0;
}

/* Who leads does it; nobody is left to hear of it where who is out was the only other one. */
static void
lead_says(enum message type)
{
	struct line *lead = line_of(circle_lead(&truth.circle, UINT64_MAX));
	struct content content = {0};
	struct task_row frame;
	enum status rc;

	assert_int_equal(
	    case_store_find_task(lead->service->db, truth.acts[0].step.task, &frame),
	    STATUS_OK);
	service_tick(lead->service);
	make_act(type, &content);
	set_party(&content, play.out->config.code);
	rc = circle_say(lead, &frame, &content, 0);
	must(rc == STATUS_OK || is_told(rc), "%s cannot say %s: %s", lead->config.code,
	    content.type->name, status_name(rc));
	if (rc == STATUS_OK && type == MESSAGE_CASE_REMOVE)
		play_count(STEP_REMOVED_OUT);
	content_free(&content);
	rooms_settle();
}

/* The others go on without who is out: what it wrote nobody but whoever leads can pass on then. */
static void
remove_out(void)
{
	for (unsigned i = 0; i < play.began; i++) {
		find_truth(play.circles[i]);
		if (!is_member(play.out))
			continue;
		if (!truth.circle.open)
			lead_says(MESSAGE_CASE_REOPEN);
		lead_says(MESSAGE_CASE_REMOVE);
	}
}

/* ---- Claims ------------------------------------------------------------------------------ */

static void
let_days_pass(unsigned days)
{
	for (unsigned i = 0; i < days; i++) {
		rooms_wait(DAY_MS);
		rooms_head();
		rooms_settle();
		check_all_silent();
	}
}

/* Some member of what was found true, which is there. */
static struct line *
pick_member(void)
{
	const unsigned first = pick(ROOMS);

	for (unsigned i = first; i < first + ROOMS; i++)
		if (is_in(rooms[i % ROOMS]))
			return rooms[i % ROOMS];
	return NULL;
}

/* Where who is out leads somebody claims that; whether somebody did. */
static bool
claim_from_out(void)
{
	bool claimed = false;

	for (unsigned i = 0; i < play.began; i++) {
		struct task_row frame, task;
		struct line *line;

		find_truth(play.circles[i]);
		if (lead_line() != play.out || (line = pick_member()) == NULL ||
		    case_store_find_task(line->service->db, play.circles[i], &frame) !=
			STATUS_OK)
			continue;
		task = circle_new_task(line, &frame, MESSAGE_LEAD_CLAIM);
		if (!say_if(line, &task, MESSAGE_LEAD_CLAIM))
			continue;
		play_count(STEP_CLAIMED);
		claimed = true;
	}
	return claimed;
}

/*
 * Each of the others that are there says something, so that who leads now hears whether it lacks what
 * the one before it told them: it claims the lead, and thinks better of it.
 */
static void
speak_all(const uint8_t *id)
{
	for (unsigned i = 0; i < ROOMS; i++) {
		struct task_row frame, task;

		find_truth(id);
		if (!is_in(rooms[i]) ||
		    case_store_find_task(rooms[i]->service->db, id, &frame) != STATUS_OK)
			continue;
		task = circle_new_task(rooms[i], &frame, MESSAGE_LEAD_CLAIM);
		if (say_if(rooms[i], &task, MESSAGE_LEAD_CLAIM) &&
		    case_store_find_task(rooms[i]->service->db, task.id, &task) == STATUS_OK)
			(void)say_if(rooms[i], &task, MESSAGE_LEAD_REJECT);
	}
}

/* What is claimed is taken by who is there; the case goes on. */
static void
take_claims(void)
{
	for (unsigned i = 0; i < play.began; i++) {
		struct task_row task, frame;
		struct line *line;

		find_truth(play.circles[i]);
		if (!truth.circle.claimed ||
		    (line = line_of(truth.circle.offered.code)) == play.out ||
		    case_store_find_task(line->service->db, truth.circle.transfer, &task) !=
			STATUS_OK ||
		    !say_if(line, &task, MESSAGE_LEAD_ACCEPT))
			continue;
		play_count(STEP_CLAIM_TAKEN);
		assert_int_equal(
		    case_store_find_task(line->service->db, play.circles[i], &frame),
		    STATUS_OK);
		if (say_if(line, &frame, MESSAGE_CASE_ADD))
			play_count(STEP_WENT_ON);
		task = circle_new_task(line, &frame, MESSAGE_ACTION_ASSIGN);
		(void)say_if(line, &task, MESSAGE_ACTION_ASSIGN);
		speak_all(play.circles[i]);
	}
}

/* Who leads the first circle; or somebody, if there is one whom the others can do without. */
static void
put_out_somebody(void)
{
	struct line *line;
	unsigned i = pick(ROOMS), last = i + ROOMS - 1;

	find_truth(play.circles[0]);
	line = lead_line();
	if (line == NULL || !truth.circle.open || pick(3) == 0) {
		while (i < last && !is_dispensable(rooms[i % ROOMS]))
			i++;
		line = rooms[i % ROOMS];
	}
	put_out(line);
	rooms_settle();
}

/* The first circle is left closed, where who leads it is there, and may say so: long out, it waits. */
static void
close_first(void)
{
	struct line *line;
	struct task_row frame;

	find_truth(play.circles[0]);
	line = lead_line();
	if (line != NULL && service_may_seal(line->service) == STATUS_OK &&
	    case_store_find_task(line->service->db, play.circles[0], &frame) == STATUS_OK)
		(void)say_if(line, &frame, MESSAGE_CASE_CLOSE);
}

static void
end(void)
{
	rooms_connect_all();
	rooms_settle();
	if (play.suspends && play.out == NULL)
		put_out_somebody();
	rooms_wait(pick(4) * DAY_MS / 2);
	rooms_head(); /* what is said from here on may be said a week behind the first */
	if ((play.out != NULL && leads_somewhere(play.out) && claim_from_out()) ||
	    pick(3) == 0) {
		let_days_pass(7);
		take_claims();
	}
	if (play.out != NULL && is_dispensable(play.out)) {
		remove_out();
		converge();
		check();
		play_count(STEP_STAYED_OUT);
	}
	if (play.out != NULL) {
		count_left_out();
		let_back();
	}
	if (pick(5) == 0)
		close_first();
	converge();
	check();
}

/* ---- Tests ------------------------------------------------------------------------------- */

static void
play_one(uint32_t seed)
{
	void *room = NULL;

	assert_int_equal(set_up_four(&room), 0);
	begin(seed);
	for (seeded.turn = 1; seeded.turn <= TURNS; seeded.turn++)
		turn();
	end();
	tear_down_four(&room);
	seeded.seed = 0;
}

static void
all_members_end_with_one_history_and_one_lead_whatever_crossed_was_lost_or_came_late(
    void **state)
{
	static const struct seeded_step steps[] = {
#define STEP_ROW(name, text, least) [STEP_##name] = {text, least},
	    STEP_LIST(STEP_ROW)
#undef STEP_ROW
	};
	static const enum task_state seen[] = {TASK_OPEN, TASK_CLOSED, TASK_LEAD_OFFERED,
	    TASK_LEAD_TAKEN, TASK_LEAD_NOT_TAKEN, TASK_REVOKED, TASK_LEAD_CLAIMED,
	    TASK_CLAIM_REFUSED, TASK_CLAIM_WITHDRAWN, TASK_CLAIM_LAPSED, TASK_ASSIGNED,
	    TASK_ACCEPTED, TASK_IN_PROGRESS, TASK_DONE, TASK_FAILED, TASK_DECLINED,
	    TASK_CANCELLED};
	static const uint32_t seeds[] = {
	    2, 3, 4, 6, 7, 9, 10, 11, 12, 14, 17, 20, 46, 177, 228, 358};
	bool fixed;

	(void)state;
	fixed = seeded_play(seeds, sizeof(seeds) / sizeof(seeds[0]), play_one);
	play.steps[STEP_DOUBLED] = seeded.doubled;
	seeded_tell(steps, play.steps, STEP_COUNT, fixed);
	for (size_t i = 0; fixed && i < sizeof(seen) / sizeof(seen[0]); i++)
		must(play.states[seen[i]], "nothing was %s", task_state_name(seen[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(
		all_members_end_with_one_history_and_one_lead_whatever_crossed_was_lost_or_came_late,
		seeded_say),
	};

	return cmocka_run_group_tests_name("circle_play", tests, NULL, NULL);
}
