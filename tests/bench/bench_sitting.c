/* tests/bench/bench_sitting.c: a sitting of twelve institutions, its minutes circulated and signed. */
#include "tests/unit/circle_room.h"

#include <malloc.h>

#include "tests/bench/bench_sitting.h"

#define MORE     (BENCH_SEATS - ROOMS)
#define FLOORS   200  /* of each operation that cannot be avoided */
#define SMALL    200  /* acts of a circle that is young ... */
#define LARGE    2000 /* ... and of one that is old */
#define WINDOW   100  /* acts measured, up to there */
#define PER_TASK 5    /* acts on each action of the growing circle */

/* ---- The room ---------------------------------------------------------------------------- */

/* Four of the unit tests' institutions, and as many of each of their kinds again. */
static const struct {
	const char *code, *kind;
	const struct descriptor *descriptor;
} joining[MORE] = {
    {"social-2", "social_service", &social_kind},
    {"social-3", "social_service", &social_kind},
    {"court-2", "orphans_court", &court_kind},
    {"court-3", "orphans_court", &court_kind},
    {"police-2", "municipal_police", &police_kind},
    {"police-3", "state_police", &police_kind},
    {"school-2", "school", &school_kind},
    {"school-3", "school", &school_kind},
};

static struct line more[MORE];

static double
services_s(void)
{
	return (double)(cpu_ns() - two.room->busy_ns) / 1e9;
}

static void
open_room(void **state)
{
	if (set_up_four(state) != 0)
		bench_fail("the room could not be opened");
	two.room->intake.mailbox_entries = 10000;
	two.room->intake.mailbox_bytes = 64 * 1024 * 1024;
	two.in_turns = true;
}

static void
open_more(void **state)
{
	for (unsigned i = 0; i < MORE; i++) {
		const uint32_t keys = 1000 + 20 * i;

		room_admit(two.room, joining[i].code, joining[i].kind, keys);
		room_turn(two.room);
		line_open(&more[i], *state, joining[i].descriptor, joining[i].code, keys);
	}
	rooms_head();
	for (unsigned i = 0; i < MORE; i++)
		rooms_connect(&more[i]);
	rooms_settle();
}

/* Until nothing more happens, and every checkpoint met is proven, as the link does in time. */
static void
settle_all(void)
{
	rooms_settle();
	rooms_wait(1000);
	for (unsigned i = 0; i < two.line_count; i++)
		line_prove(two.lines[i]);
	rooms_settle();
}

static void
close_room(void **state)
{
	for (unsigned i = 0; i < MORE; i++)
		if (more[i].room != NULL)
			line_close(&more[i]);
	memset(more, 0, sizeof(more));
	if (tear_down_four(state) != 0)
		bench_fail("the room could not be closed");
}

/* ---- A sitting --------------------------------------------------------------------------- */

struct sitting_of_all {
	struct shared frame;
	uint64_t circle_n;
	uint8_t matters[BENCH_MATTERS][SUITE_ID_LEN];
	uint8_t minutes[BENCH_MATTERS][SUITE_ID_LEN];
	struct merkle_hash roots[BENCH_MATTERS];
};

static struct content
started(enum message type)
{
	struct content content;

	bench_must(content_start(type, &content), "content");
	return content;
}

/* Those of the other eleven. */
static unsigned
others(const char *codes[static BENCH_SEATS])
{
	for (unsigned i = 1; i < two.line_count; i++)
		codes[i - 1] = two.lines[i]->config.code;
	return two.line_count - 1;
}

static void
propose(struct sitting_of_all *s)
{
	struct content content = started(MESSAGE_CONFERENCE_PROPOSE);
	const char *codes[BENCH_SEATS];
	unsigned count = others(codes);
	struct task_row task;

	record_consent(&two.school, &s->frame);
	task = new_task(&s->frame, MESSAGE_CONFERENCE_PROPOSE, 0);
	memcpy(s->frame.circle, task.id, SUITE_ID_LEN);
	set_codes(&content, FIELD_PARTIES, codes, count);
	set_text(&content, FIELD_GROUP, "team");
	set_text(&content, FIELD_PURPOSE, "safety");
	set_text(&content, FIELD_MUNICIPALITY, "Ventspils");
	bench_must(content_set_uint(&content, FIELD_QUORUM, 7), "quorum");
	bench_must(act_on(&two.school, &task, &content, NULL), "propose");
	s->circle_n = task_of(&two.school, s->frame.circle).circle_n;
}

static void
convene(struct sitting_of_all *s)
{
	struct content content = started(MESSAGE_CONFERENCE_CONVENE);
	struct task_row task = task_of(&two.school, s->frame.circle);

	set_text(&content, FIELD_STARTS, "1972-09-27");
	set_text(&content, FIELD_TIME, "10:00");
	set_text(&content, FIELD_PLACE, "Rātslaukums 1");
	bench_must(act_on(&two.school, &task, &content, NULL), "convene");
}

static void
hold(struct sitting_of_all *s)
{
	struct content content = started(MESSAGE_CONFERENCE_HELD);
	struct task_row task = task_of(&two.school, s->frame.circle);
	const char *codes[BENCH_SEATS];
	unsigned count = others(codes);

	set_codes(&content, FIELD_PARTIES, codes, count);
	bench_must(act_on(&two.school, &task, &content, NULL), "hold");
}

/* Every matter is a child of its own, in a case of its own. */
static void
put(struct sitting_of_all *s, unsigned i)
{
	struct content content = started(MESSAGE_MATTER_PUT);
	struct shared child;
	struct task_row task;

	record_consent(&two.school, &child);
	task = new_task(&child, MESSAGE_MATTER_PUT, s->circle_n);
	memcpy(s->matters[i], task.id, SUITE_ID_LEN);
	set_text(&content, FIELD_CONVENING, "beyond_one");
	set_text(&content, FIELD_PURPOSE, "safety");
	set_text(&content, FIELD_AGE_BAND, "11-14");
	set_text(&content, FIELD_MUNICIPALITY, "Ventspils");
	set_text(&content, FIELD_CHILD_NAME, "Izdomāts Bērns");
	set_text(&content, FIELD_QUESTION, "Kā palīdzēt ģimenei?");
	bench_must(act_on(&two.school, &task, &content, NULL), "put");
}

static void
decide(struct sitting_of_all *s, unsigned i)
{
	struct content content = started(MESSAGE_MATTER_DECIDE);
	struct task_row task = task_of(&two.school, s->matters[i]);

	set_text(&content, FIELD_RESULT, "actions_agreed");
	set_text(&content, FIELD_DECISION, "Atbalsta persona, atkārtota sēde pēc mēneša.");
	bench_must(act_on(&two.school, &task, &content, NULL), "decide");
}

/* Two pages, as minutes of one case are. */
static void
circulate(struct sitting_of_all *s, unsigned i)
{
	struct content content = started(MESSAGE_MATTER_MINUTES);
	struct task_row task = task_of(&two.school, s->matters[i]);
	const char *codes[BENCH_SEATS];
	unsigned count = others(codes);
	static char page[2001];

	memset(page, 'a', sizeof(page) - 1);
	set_text(&content, FIELD_RESULT, "actions_agreed");
	set_codes(&content, FIELD_PARTIES, codes, count);
	set_text(&content, FIELD_STARTS, "1972-09-27");
	set_text(&content, FIELD_CHILD_NAME, "Izdomāts Bērns");
	set_text(&content, FIELD_BEHAVIOUR, page);
	set_text(&content, FIELD_FAMILY, page);
	set_text(&content, FIELD_DECISION, "Atbalsta persona, atkārtota sēde pēc mēneša.");
	content_root(&content, &s->roots[i]);
	bench_must(act_on(&two.school, &task, &content, s->minutes[i]), "circulate");
}

/* What was put together here is not what was circulated: the ground was filled in. */
static void
find_root(struct sitting_of_all *s, unsigned i)
{
	const struct circles *circles = circle_at(&two.school, s->frame.circle);

	for (size_t at = 0; at < circles->count; at++)
		if (memcmp(circles->acts[at].message, s->minutes[i], SUITE_ID_LEN) == 0)
			s->roots[i] = circles->acts[at].root;
}

static void
sign_all(struct sitting_of_all *s, struct line *line)
{
	struct content content = started(MESSAGE_CONFERENCE_SIGN);
	struct task_row task = task_of(line, s->frame.circle);
	struct minutes_entry entries[BENCH_MATTERS];

	for (unsigned i = 0; i < BENCH_MATTERS; i++) {
		memcpy(entries[i].matter, s->matters[i], SUITE_ID_LEN);
		memcpy(entries[i].message, s->minutes[i], SUITE_ID_LEN);
		entries[i].root = s->roots[i];
	}
	minutes_sort(entries, BENCH_MATTERS);
	bench_must(minutes_set(&content, entries, BENCH_MATTERS), "minutes");
	bench_must(act_on(line, &task, &content, NULL), "sign all");
}

static void
sign(struct sitting_of_all *s, struct line *line, unsigned i)
{
	struct content content = started(MESSAGE_MATTER_SIGN);
	struct task_row task = task_of(line, s->matters[i]);

	bench_must(content_set_id(&content, FIELD_MINUTES_OF, s->minutes[i]), "minutes");
	bench_must(content_set_hash(&content, FIELD_MINUTES_ROOT, s->roots[i].byte), "root");
	bench_must(act_on(line, &task, &content, NULL), "sign");
}

/* Everybody has everything, and nothing of it is void or in doubt. SIGNATURES: acts that sign. */
static void
check_all(struct sitting_of_all *s, unsigned signatures)
{
	assert_one_history(two.lines, two.line_count, s->frame.circle);
	for (unsigned i = 0; i < two.line_count; i++) {
		const struct circles *circles = circle_at(two.lines[i], s->frame.circle);

		assert_int_equal(circles->count, 3 + BENCH_MATTERS * 3 + signatures);
		for (size_t at = 0; at < circles->count; at++)
			assert_false(circles->voids[at]);
		for (unsigned at = 0; at < BENCH_MATTERS; at++)
			assert_int_equal(
			    circles->sitting->matters[at].voice_count, BENCH_SEATS);
		assert_int_equal(outbox_rows(two.lines[i]), 0);
		assert_int_equal(problems(two.lines[i], "gap") +
				     problems(two.lines[i], "history_gap") +
				     problems(two.lines[i], "unreadable"),
		    0);
	}
}

static void
hold_sitting(struct sitting_of_all *s)
{
	propose(s);
	settle_all();
	convene(s);
	settle_all();
	for (unsigned i = 0; i < BENCH_MATTERS; i++)
		put(s, i);
	settle_all();
	hold(s);
	settle_all();
	for (unsigned i = 0; i < BENCH_MATTERS; i++)
		decide(s, i);
	settle_all();
}

/* Each institution signs all thirty, and all others take that in before the next one signs. */
static void
circulate_and_sign(struct sitting_of_all *s, bool together, struct bench_signing *out)
{
	const uint64_t broker = two.room->busy_ns;
	double before = services_s();

	for (unsigned i = 0; i < BENCH_MATTERS; i++)
		circulate(s, i);
	settle_all();
	out->circulated_s = services_s() - before;
	for (unsigned i = 0; i < BENCH_MATTERS; i++)
		find_root(s, i);
	before = services_s();
	for (unsigned at = 0; at < two.line_count; at++) {
		if (together)
			sign_all(s, two.lines[at]);
		for (unsigned i = 0; !together && i < BENCH_MATTERS; i++)
			sign(s, two.lines[at], i);
		settle_all();
	}
	out->signed_s = services_s() - before;
	out->broker_s = (double)(two.room->busy_ns - broker) / 1e9;
}

/* ---- What cannot be avoided -------------------------------------------------------------- */

struct floor {
	struct content content;
	struct envelope_header header;
	struct envelope_seal_to to[BENCH_SEATS - 1];
	struct box_key box;
	struct signing_key signing;
	struct buffer sealed, body;
	struct envelope envelope;
	struct digest digest;
	struct batch_proof proof;
};

static void
floor_start(struct floor *f)
{
	static const uint8_t id[SUITE_ID_LEN] = {1};
	static const uint8_t hash[SUITE_HASH_LEN] = {1};
	const char *codes[BENCH_SEATS];

	*f = (struct floor){.content = started(MESSAGE_MATTER_SIGN),
	    .header = {.network = bytes_of_text(NETWORK),
		.sender = bytes_of_text("school"),
		.signing_epoch = 1,
		.created_ms = now(),
		.expires_ms = now() + DAY_MS,
		.recipient_count = others(codes)}};
	suite_box_new(&f->box);
	suite_sign_new(&f->signing);
	suite_new_id(now(), f->header.id);
	for (unsigned i = 0; i < f->header.recipient_count; i++) {
		f->header.recipients[i] = (struct envelope_recipient){
		    .party = bytes_of_text(codes[i]), .sealing_epoch = 1, .basis = BASIS_NONE};
		f->to[i].allowed = CATEGORY_ALL;
		memcpy(f->to[i].key, f->box.public, sizeof(f->to[i].key));
	}
	bench_must(content_set_id(&f->content, FIELD_TASK, id), "task");
	bench_must(content_set_uint(&f->content, FIELD_APPLIED, 1), "applied");
	bench_must(content_set_uint(&f->content, FIELD_HISTORY_COUNT, 1), "count");
	bench_must(content_set_hash(&f->content, FIELD_HISTORY, hash), "history");
	bench_must(content_set_id(&f->content, FIELD_MINUTES_OF, id), "minutes");
	bench_must(content_set_hash(&f->content, FIELD_MINUTES_ROOT, hash), "root");
}

/* One small act: sealed to all and signed once, its signature checked and its part opened by each. */
static double
floor_s(void)
{
	uint64_t sealing = cpu_ns(), opening;
	struct floor f;

	floor_start(&f);
	for (unsigned i = 0; i < FLOORS; i++) {
		buffer_reset(&f.sealed);
		bench_must(envelope_seal(&f.header, &f.content, f.to, &f.sealed, f.digest.byte),
		    "seal");
		batch_sign(&f.digest, 1, &f.signing, &f.proof);
	}
	sealing = cpu_ns() - sealing;
	envelope_frame(bytes_of_buffer(&f.sealed), &f.proof, &f.body);
	bench_must(envelope_parse(bytes_of_buffer(&f.body), &f.envelope), "parse");
	opening = cpu_ns();
	for (unsigned i = 0; i < FLOORS; i++) {
		struct content content;
		struct envelope_chain chain;

		bench_must(
		    batch_verify(f.digest.byte, &f.proof, f.signing.public, NULL), "verify");
		bench_must(envelope_open(&f.envelope.header, f.envelope.header_hash, 0,
			       &f.envelope.parts[0], &f.box, &content, &chain),
		    "open");
		content_free(&content);
	}
	opening = cpu_ns() - opening;
	content_free(&f.content);
	buffer_free(&f.sealed);
	buffer_free(&f.body);
	return ((double)sealing + (BENCH_SEATS - 1) * (double)opening) / FLOORS / 1e9;
}

/* ---- A circle that grows ----------------------------------------------------------------- */

/* Each in turn does what is assigned: nobody has room in a circle for all of it. */
static struct line *
doer(unsigned n)
{
	struct line *const lines[] = {&two.school, &two.police, &two.third};

	return lines[n / PER_TASK % 3];
}

static void
assign(struct shared *shared, struct line *to, uint8_t action[static SUITE_ID_LEN])
{
	struct content content = started(MESSAGE_ACTION_ASSIGN);
	struct task_row task = new_task(
	    shared, MESSAGE_ACTION_ASSIGN, task_of(&two.school, shared->circle).circle_n);

	memcpy(action, task.id, SUITE_ID_LEN);
	set_text(&content, FIELD_PARTY, to->config.code);
	set_text(&content, FIELD_URGENCY, "normal");
	set_text(&content, FIELD_DUE, "1972-10-20");
	set_text(&content, FIELD_EXPLANATION, "Saruna ar ģimeni");
	bench_must(act_on(&two.school, &task, &content, NULL), "assign");
}

static void
answer(struct line *line, const uint8_t action[static SUITE_ID_LEN], enum message type)
{
	struct content content = started(type);
	struct task_row task = task_of(line, action);

	if (type == MESSAGE_ACTION_DONE)
		set_text(&content, FIELD_EXPLANATION, "Saruna notika");
	bench_must(act_on(line, &task, &content, NULL), "act");
}

/* The Nth act after the opening, at three institutions. */
static void
grow(struct shared *shared, unsigned n, uint8_t action[static SUITE_ID_LEN])
{
	static const enum message answers[PER_TASK] = {[1] = MESSAGE_ACTION_ACCEPT,
	    [2] = MESSAGE_ACTION_START,
	    [3] = MESSAGE_ACTION_DONE,
	    [4] = MESSAGE_ACTION_VERIFY};

	if (n % PER_TASK == 0)
		assign(shared, doer(n), action);
	else
		answer(
		    n % PER_TASK == 4 ? &two.school : doer(n), action, answers[n % PER_TASK]);
	settle_all();
}

/* From FROM acts to TO; what one of the last WINDOW took, by the median of whole actions. */
static double
grow_to(struct shared *shared, unsigned from, unsigned to)
{
	double took[WINDOW / PER_TASK] = {0};
	uint8_t action[SUITE_ID_LEN];

	for (unsigned n = from; n < to; n++) {
		double before = services_s();

		grow(shared, n, action);
		if (n >= to - WINDOW)
			took[(n + WINDOW - to) / PER_TASK] += services_s() - before;
	}
	return bench_median(took, WINDOW / PER_TASK) / PER_TASK;
}

static void
measure_growth(struct bench_sitting *out)
{
	static const char *const to[] = {"police", "court"};
	struct shared shared;
	void *state;

	open_room(&state);
	record_consent(&two.school, &shared);
	bench_must(open_case_with(&shared, to, 2), "open");
	settle_all();
	out->young_s = grow_to(&shared, 0, SMALL);
	out->old_s = grow_to(&shared, SMALL, LARGE);
	assert_one_history(
	    (struct line *[]){&two.school, &two.police, &two.third}, 3, shared.circle);
	close_room(&state);
}

/* ---- The bench --------------------------------------------------------------------------- */

void
bench_sitting(const char *folder, struct bench_sitting *out)
{
	static struct sitting_of_all s;
	void *state;

	*out = (struct bench_sitting){0};
	if (setenv("TMPDIR", folder, 1) != 0)
		bench_fail("the environment");
	/* As services have it (runtime.c). */
	mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024);
	mallopt(M_TRIM_THRESHOLD, 8 * 1024 * 1024);
	open_room(&state);
	open_more(&state);
	hold_sitting(&s);
	circulate_and_sign(&s, true, &out->together);
	check_all(&s, BENCH_SEATS);
	hold_sitting(&s);
	circulate_and_sign(&s, false, &out->one_by_one);
	check_all(&s, BENCH_SIGNED);
	out->together.floor_s = BENCH_TOGETHER * floor_s();
	out->one_by_one.floor_s = BENCH_ONE_BY_ONE * floor_s();
	close_room(&state);
	measure_growth(out);
}
