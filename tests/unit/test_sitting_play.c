/* tests/unit/test_sitting_play.c: a sitting of four institutions under random acts, delays and losses. */
#include "tests/unit/circle_talk.h"
#include "tests/unit/folded_anew.h"
#include "tests/unit/seeded.h"

#include "services/runtime/exchange/sittings.h"
#include "services/runtime/store/history_store.h"
#include "services/runtime/task/conference.h"
#include "services/runtime/task/matter.h"

#define TURNS       600
#define HOUR_MS     (3600ULL * 1000)
#define MATTERS_MAX 2

/* What happens in plays, and how often at least in all that are always played together. */
#define STEP_LIST(STEP)                                                                        \
	STEP(SAID, "something was said", 400)                                                  \
	STEP(UNLAWFUL, "something was said that does not follow", 20)                          \
	STEP(KILLED, "a service was killed", 10)                                               \
	STEP(PARTED, "a connection broke", 10)                                                 \
	STEP(DOUBLED, "something was delivered twice", 20)                                     \
	STEP(VOID, "something was void", 20)                                                   \
	STEP(HELD, "a sitting was held", 5)                                                    \
	STEP(AGAIN, "minutes were circulated again", 3)                                        \
	STEP(SIGNED, "minutes were signed", 5)                                                 \
	STEP(TOGETHER, "minutes were signed with others", 3)                                   \
	STEP(DISSENTED, "somebody dissented", 3)                                               \
	STEP(OUTLIVED, "a dissent outlived its minutes", 1)

#define STEP_ENUM(name, text, least) STEP_##name,
enum step { STEP_LIST(STEP_ENUM) STEP_COUNT };
#undef STEP_ENUM

static struct {
	unsigned steps[STEP_COUNT];
	bool states[TASK_STATE_COUNT]; /* what some task was at the end of a play */
	uint8_t frame[SUITE_ID_LEN];
	struct line *chair;
} play;

/* ---- What is said ------------------------------------------------------------------------ */

/* A team of the school's, or the specialists' group of the social service's: all four of them. */
static void
propose(struct line *line)
{
	const bool team = line != &two.fourth;
	struct content content;

	assert_int_equal(content_start(MESSAGE_CONFERENCE_PROPOSE, &content), STATUS_OK);
	fill_act(&content);
	set_parties(&content, 15);
	set_text(&content, FIELD_GROUP, team ? "team" : "specialists");
	if (team && pick(2) == 0)
		set_text(&content, FIELD_SECRETARY, "police");
	assert_int_equal(content_set_uint(&content, FIELD_QUORUM, 3), STATUS_OK);
	circle_propose(line, &content, play.frame);
	content_free(&content);
}

static enum message
pick_type(bool of_frame)
{
	static const enum message frame[] = {MESSAGE_CONFERENCE_CONVENE,
	    MESSAGE_CONFERENCE_CONVENE, MESSAGE_CONFERENCE_ACCEPT, MESSAGE_CONFERENCE_ACCEPT,
	    MESSAGE_CONFERENCE_DECLINE, MESSAGE_CONFERENCE_DELEGATE, MESSAGE_CONFERENCE_HELD,
	    MESSAGE_CONFERENCE_INQUORATE, MESSAGE_CONFERENCE_CANCEL, MESSAGE_CONFERENCE_SIGN,
	    MESSAGE_CONFERENCE_SIGN, MESSAGE_CONFERENCE_SIGN, MESSAGE_MATTER_PUT,
	    MESSAGE_MATTER_PUT, MESSAGE_MATTER_PUT};
	static const enum message matter[] = {MESSAGE_MATTER_REPORT, MESSAGE_MATTER_REPORT,
	    MESSAGE_MATTER_MISTAKE, MESSAGE_MATTER_DROP, MESSAGE_MATTER_DECIDE,
	    MESSAGE_MATTER_DECIDE, MESSAGE_MATTER_MINUTES, MESSAGE_MATTER_MINUTES,
	    MESSAGE_MATTER_CORRECT, MESSAGE_MATTER_SIGN, MESSAGE_MATTER_SIGN,
	    MESSAGE_MATTER_SIGN, MESSAGE_MATTER_DISSENT, MESSAGE_MATTER_DISSENT,
	    MESSAGE_MATTER_FINAL, MESSAGE_MATTER_FINAL};

	return of_frame ? frame[pick(sizeof(frame) / sizeof(frame[0]))]
	                : matter[pick(sizeof(matter) / sizeof(matter[0]))];
}

/* CONTENT is about ACT: minutes, or a report. */
static void
name_act(const struct circle_act *act, struct content *content)
{
	if (message_has_field(content->type, FIELD_MISTAKEN))
		assert_int_equal(
		    content_set_id(content, FIELD_MISTAKEN, act->message), STATUS_OK);
	if (message_has_field(content->type, FIELD_MINUTES_OF))
		assert_int_equal(
		    content_set_id(content, FIELD_MINUTES_OF, act->message), STATUS_OK);
	if (message_has_field(content->type, FIELD_MINUTES_ROOT))
		assert_int_equal(
		    content_set_hash(content, FIELD_MINUTES_ROOT, act->root.byte), STATUS_OK);
}

/* Of each matter the last minutes, or now and then earlier ones, or none; false: there are none. */
static bool
name_minutes(const struct circles *circles, struct content *content)
{
	struct minutes_entry entries[MINUTES_MAX];
	unsigned count = 0;

	for (size_t i = circles->count; i > 0 && count < MINUTES_MAX; i--) {
		const struct circle_act *act = &circles->acts[i - 1];
		bool has = act->type != MESSAGE_MATTER_MINUTES || pick(6) == 0;

		for (unsigned j = 0; j < count; j++)
			has = has || memcmp(entries[j].matter, act->step.task,
					 sizeof(entries[j].matter)) == 0;
		if (has)
			continue;
		memcpy(entries[count].matter, act->step.task, sizeof(entries[count].matter));
		memcpy(entries[count].message, act->message, sizeof(entries[count].message));
		entries[count++].root = act->root;
	}
	minutes_sort(entries, count);
	if (count > 0)
		assert_int_equal(minutes_set(content, entries, count), STATUS_OK);
	return count > 0;
}

/* The last minutes of TASK, or now and then others; a report; false: there is none. */
static bool
name_about(const struct circles *circles, const struct task_row *task, struct content *content)
{
	const enum message of = content->type->id == MESSAGE_MATTER_MISTAKE
	                            ? MESSAGE_MATTER_REPORT
	                            : MESSAGE_MATTER_MINUTES;
	const struct circle_act *found = NULL;

	if (message_has_field(content->type, FIELD_MINUTES_SIGNED))
		return name_minutes(circles, content);
	if (!message_has_field(content->type, FIELD_MISTAKEN) &&
	    !message_has_field(content->type, FIELD_MINUTES_OF))
		return true;
	for (size_t i = 0; i < circles->count; i++) {
		const struct circle_act *act = &circles->acts[i];

		if (act->type == of && (act->task_n == task->n || pick(12) == 0) &&
		    (found == NULL || pick(6) > 0))
			found = act;
	}
	if (found != NULL)
		name_act(found, content);
	return found != NULL;
}

static void
fill(struct content *content)
{
	char today[11];

	fill_act(content);
	fill_data(content);
	grounds_day(now() + (pick(8) == 0 ? DAY_MS : 0), today);
	say_text(content, FIELD_STARTS, today);
	say_text(content, FIELD_TIME, "10:30");
	say_text(content, FIELD_PLACE, "2. kabinets");
	say_text(content, FIELD_ABSENCE_REASON, "no_capacity");
	say_text(content, FIELD_CONVENING, "quick_action");
	say_text(content, FIELD_QUESTION, "What is to be done");
	say_text(content, FIELD_RESULT, pick(4) == 0 ? "escalate" : "actions_agreed");
	say_text(content, FIELD_DECISION, "What was decided");
	say_text(content, FIELD_DISCUSSION, "What was said");
	say_text(content, FIELD_ERROR_REASON, "wrong_person");
	set_party(content, rooms[pick(ROOMS)]->config.code);
	set_parties(content, pick(3) > 0 ? 15U : 1U + pick(15));
}

/* A record of LINE's own in the case of TASK, that names all kinds. */
static uint64_t
ground_at(struct line *line, const struct task_row *task)
{
	const struct ground_cause cause = {.person = 1, .role = "case_manager"};
	struct ground_row row = {.basis = BASIS_CONSENT, .case_n = task->case_n};
	struct departure departure = {0};
	json_t *body = consent_to_all();
	struct case_key key;
	enum status rc;

	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_key(line->service, task->case_n, &key), STATUS_OK);
	rc = grounds_open(
	    line->service, &departure, &key, &row, body, CONSENT_EVENT_GIVE, &cause);
	assert_int_equal(circle_end(line, &departure, rc), STATUS_OK);
	json_decref(body);
	vault_forget(&key);
	return row.n;
}

/* What LINE would say of its own before it is said: as the desk asks (acts_sitting_check.c). */
static bool
may(struct line *line, const struct task_row *task, const struct content *content)
{
	const struct sitting_kinds kinds = sittings_kinds(line->service);
	const struct circles *circles;
	struct sitting_act said = {.step = {.index = UINT64_MAX}};
	struct minutes_entry signs[MINUTES_MAX];

	if (!circle_may(line, task, content))
		return false;
	assert_int_equal(circles_fold(line->service, task->circle_n, &circles), STATUS_OK);
	circles_read(content, &said.step);
	said.step.time_ms = line->service->now_ms;
	said.step.event = task_event_of(task->sort, content->type->id);
	memcpy(said.step.task, task->id, sizeof(said.step.task));
	memcpy(said.step.author.code, line->config.code, sizeof(said.step.author.code));
	sitting_act_read(content, &said, signs);
	return circles->sitting != NULL &&
	       sitting_judge(circles->sitting, &circles->circle, &kinds, &said) == STATUS_OK;
}

/* The frame, or something on its agenda. */
static struct task_row
pick_task(struct line *line, const struct task_row *frame, unsigned *matters)
{
	struct task_row found[16] = {*frame}, row = {.n = 0};
	unsigned count = 1;

	*matters = 0;
	while (count < 16 &&
	       circle_store_task(line->service->db, frame->circle_n, row.n, &row) == STATUS_OK)
		if (row.sort == &matter_sort) {
			found[count++] = row;
			*matters += task_is_open(row.sort, row.state);
		}
	return pick(4) == 0 || count == 1 ? *frame : found[1 + pick(count - 1)];
}

/* Of TYPE on TASK; whether it was said. */
static bool
say(struct line *line, struct task_row *task, const struct circles *circles, enum message type)
{
	struct content content;
	bool follows, goes;
	enum status rc;

	assert_int_equal(content_start(type, &content), STATUS_OK);
	fill(&content);
	goes = name_about(circles, task, &content);
	follows = goes && may(line, task, &content);
	goes = follows || (goes && task->n != 0 && pick(30) == 0);
	if (goes) {
		rc = circle_say(line, task, &content,
		    content.type->categories != CATEGORY_BIT(CATEGORY_ACT) &&
			    (task->ground_n == 0 || pick(3) == 0)
			? ground_at(line, task)
			: 0);
		must(rc == STATUS_OK, "%s cannot say %s: %s", line->config.code,
		    content.type->name, status_name(rc));
		play.steps[follows ? STEP_SAID : STEP_UNLAWFUL]++;
	}
	content_free(&content);
	return goes;
}

static bool
try_act(struct line *line)
{
	struct task_row frame, task;
	const struct circles *circles;
	struct shared shared;
	enum message type;
	unsigned matters;

	if (!has_task(line, play.frame, &frame))
		return true;
	task = pick_task(line, &frame, &matters);
	type = pick_type(task.sort == &conference_sort);
	if ((type == MESSAGE_CONFERENCE_CANCEL || type == MESSAGE_MATTER_DROP) && pick(20) > 0)
		return false;
	if (type == MESSAGE_CONFERENCE_HELD && matters == 0 && pick(10) > 0)
		return false;
	/* Else minutes would never be final. */
	if ((type == MESSAGE_MATTER_MINUTES || type == MESSAGE_MATTER_CORRECT) &&
	    task.state == TASK_MINUTED && pick(8) > 0)
		return false;
	if (type == MESSAGE_MATTER_PUT) {
		if (matters >= MATTERS_MAX)
			return false;
		record_consent(line, &shared);
		task = new_task(&shared, type, frame.circle_n);
		memcpy(task.peer, frame.peer, sizeof(task.peer));
	}
	assert_int_equal(circles_fold(line->service, frame.circle_n, &circles), STATUS_OK);
	return say(line, &task, circles, type);
}

/* ---- The play ---------------------------------------------------------------------------- */

static void
act(struct line *line)
{
	service_tick(line->service);
	for (unsigned tries = 0; tries < 12 && !try_act(line); tries++)
		;
}

static void
disturb(struct line *line)
{
	switch (pick(5)) {
	case 0:
		if (line->up) {
			line_disconnect(line);
			play.steps[STEP_PARTED]++;
		}
		break;
	case 1:
		rooms_kill(line);
		play.steps[STEP_KILLED]++;
		break;
	case 2:
		rooms_wait(1 + pick(3) * HOUR_MS);
		if (pick(4) == 0)
			rooms_head();
		break;
	default:
		if (!line->up)
			rooms_connect(line);
	}
}

static void
turn(void)
{
	struct line *line = pick(4) == 0 ? play.chair : rooms[pick(ROOMS)];

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
}

/* ---- Its end ----------------------------------------------------------------------------- */

static bool
is_whole(struct line *line)
{
	struct history_circle row;
	struct task_row frame;

	if (!has_task(line, play.frame, &frame) || outbox_rows(line) > 0)
		return false;
	assert_int_equal(
	    history_store_circle(line->service->db, frame.circle_n, &row), STATUS_OK);
	return row.ask_ms == 0 && !row.gap;
}

static void
converge(void)
{
	bool whole = false;

	rooms_settle();
	for (unsigned rounds = 0; rounds < 40 && !whole; rounds++) {
		if (rounds % 10 == 0)
			rooms_head();
		rooms_wait(HOUR_MS / 2);
		rooms_settle();
		whole = true;
		for (unsigned i = 0; i < ROOMS; i++)
			whole = whole && is_whole(rooms[i]);
	}
	must(whole, "somebody lacks something still");
}

/* Of each act the first has as the other has it: whether it counts. */
static void
check_voids(struct line *line, const struct circles *first, const struct circles *other)
{
	must(first->count == other->count, "%s has %zu acts, not %zu", line->config.code,
	    other->count, first->count);
	for (size_t i = 0; i < first->count; i++) {
		must(first->acts[i].step.index == other->acts[i].step.index &&
			 first->voids[i] == other->voids[i],
		    "%s takes a %s at %llu otherwise", line->config.code,
		    message_info(first->acts[i].type)->name,
		    (unsigned long long)first->acts[i].step.index);
		play.steps[STEP_VOID] += first->voids[i];
	}
}

static void
check_tasks(struct line *line, uint64_t circle_n)
{
	struct task_row row = {.n = 0}, other;

	while (circle_store_task(line->service->db, circle_n, row.n, &row) == STATUS_OK) {
		if (row.state == TASK_VOID || row.state == TASK_NONE)
			continue;
		play.states[row.state] = true;
		for (unsigned i = 0; i < ROOMS; i++) {
			must(has_task(rooms[i], row.id, &other), "%s lacks a %s",
			    rooms[i]->config.code, row.sort->name);
			must(other.state == row.state, "a %s is %s at %s, %s at %s",
			    row.sort->name, task_state_name(row.state), line->config.code,
			    task_state_name(other.state), rooms[i]->config.code);
		}
	}
}

static void
count_voices(const struct sitting *sitting)
{
	play.steps[STEP_HELD] += sitting->held_ms != 0;
	for (unsigned i = 0; i < sitting->matter_count; i++) {
		const struct sitting_matter *matter = &sitting->matters[i];

		play.steps[STEP_AGAIN] += matter->circulated > 1;
		for (unsigned j = 0; j < matter->voice_count; j++) {
			const struct sitting_voice *voice = &matter->voices[j];

			play.steps[voice->dissent ? STEP_DISSENTED : STEP_SIGNED]++;
			play.steps[STEP_TOGETHER] += voice->of_all;
			play.steps[STEP_OUTLIVED] += voice->circulated != matter->circulated;
		}
	}
}

static void
check(void)
{
	const struct circles *first = circle_at(rooms[0], play.frame);

	assert_one_history(rooms, ROOMS, play.frame);
	count_voices(first->sitting);
	for (unsigned i = 0; i < ROOMS; i++) {
		const struct circles *other = circle_at(rooms[i], play.frame);

		assert_memory_equal(first->sitting, other->sitting, sizeof(*first->sitting));
		check_voids(rooms[i], first, other);
		check_tasks(rooms[i], other->n);
		assert_as_folded_anew(rooms[i], play.frame);
		must(why_unreadable(rooms[i]) == STATUS_OK, "%s could not take something: %s",
		    rooms[i]->config.code, status_name(why_unreadable(rooms[i])));
	}
}

/* ---- Tests ------------------------------------------------------------------------------- */

static void
play_one(uint32_t seed)
{
	void *room = NULL;

	assert_int_equal(set_up_four(&room), 0);
	seeded_begin(seed);
	two.twice = now_and_then;
	play.chair = seed % 2 == 0 ? &two.school : &two.fourth;
	service_tick(play.chair->service);
	propose(play.chair);
	for (seeded.turn = 1; seeded.turn <= TURNS; seeded.turn++)
		turn();
	converge();
	check();
	tear_down_four(&room);
	seeded.seed = 0;
}

static void
all_members_end_with_one_sitting_whatever_crossed_was_lost_or_came_late(void **state)
{
	static const struct seeded_step steps[] = {
#define STEP_ROW(name, text, least) [STEP_##name] = {text, least},
	    STEP_LIST(STEP_ROW)
#undef STEP_ROW
	};
	static const enum task_state seen[] = {
	    TASK_HELD, TASK_DECIDED, TASK_MINUTED, TASK_FINAL};
	static const uint32_t seeds[] = {1, 2, 3, 4, 5, 6};
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
		all_members_end_with_one_sitting_whatever_crossed_was_lost_or_came_late,
		seeded_say),
	};

	return cmocka_run_group_tests_name("sitting_play", tests, NULL, NULL);
}
