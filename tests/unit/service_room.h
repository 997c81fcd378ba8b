/* tests/unit/service_room.h: two services and a real broker's rooms, without sockets and processes. */
#ifndef SAIKNE_SERVICE_ROOM_H
#define SAIKNE_SERVICE_ROOM_H

/* The broker and the runtime each have a `refusal` and a `letter`; here they meet. */
#define refusal broker_refusal
#define letter  raw_letter
#include "tests/unit/broker_room.h"
#undef letter
#undef refusal

#include "services/runtime/exchange/arrivals.h"
#include "services/runtime/exchange/provisions.h"
#include "services/runtime/store/chain_store.h"
#include "services/runtime/store/key_store.h"
#include "services/runtime/people/knowing.h"
#include "services/runtime/store/outbox_store.h"
#include "protocol/proof/tlogproof.h"
#include "services/runtime/exchange/proven.h"
#include "services/runtime/acts/acts.h"
#include "services/runtime/task/descriptor_roles.h"
#include "services/runtime/people/people.h"
#include "services/runtime/exchange/service.h"
#include "protocol/host/link_view.h"

#define QUEUE_MAX 600

/* ---- A service and its line to the broker ------------------------------------------------ */

struct line {
	struct broker_room *room;
	struct service *service;
	struct service_config config;
	struct signing_key signing;
	struct service_keys keys;
	char path[240];
	struct peer peer;
	struct link_view view; /* as the link has it */
	int64_t clock_ahead;   /* of this service's machine */
	bool broker_agrees;    /* with that clock, whatever it is */
	bool up;
	uint8_t number; /* of the next connection */
	uint64_t seen;  /* entries of the log looked through for statements */
	uint64_t since; /* entries of the log when its session began */
	uint32_t request;
	struct buffer queue[QUEUE_MAX]; /* frames that the service sent */
	unsigned count;
	unsigned changes; /* told to the listener */
};

#define LINES_MAX 16

static struct world_of_two {
	struct broker_room *room;
	struct line school, police;
	struct line third, fourth;     /* of tests that open them */
	struct line *lines[LINES_MAX]; /* all that are open, those and more */
	unsigned line_count;
	bool in_turns;       /* what a service sent at once the broker takes at once */
	bool (*twice)(void); /* whether what is delivered now comes once more */
	void (*heard)(struct line *line, const struct frame *frame); /* now, by whom */
} two;

static inline uint64_t
now(void)
{
	return two.room->w.now_ms;
}

static inline uint64_t
schools_now(void)
{
	return now() + (uint64_t)two.school.clock_ahead;
}

static inline uint64_t
polices_now(void)
{
	return now() + (uint64_t)two.police.clock_ahead;
}

static inline bool
line_ready(void *state)
{
	return ((struct line *)state)->up;
}

static inline enum status
line_send(void *state, struct bytes frame)
{
	struct line *line = state;

	if (!line->up)
		return STATUS_NOT_READY;
	assert_true(line->count < QUEUE_MAX);
	/* Nothing leaves while a transaction is open: it might still be undone. */
	assert_false(database_in_transaction(line->service->db));
	buffer_reset(&line->queue[line->count]);
	buffer_append(&line->queue[line->count++], frame);
	return STATUS_OK;
}

static inline uint32_t
line_request(void *state)
{
	return ++((struct line *)state)->request;
}

static inline void
line_forked(struct line *line)
{
	arrivals_forked(line->service, bytes_of_buffer(&line->service->view.note),
	    bytes_of_buffer(&line->view.contradiction));
	line->up = false;
}

static inline enum status
line_note(void *state, struct bytes note, struct checkpoint *out)
{
	struct line *line = state;
	enum status rc = link_view_note(&line->view, note, out);

	if (rc == STATUS_FORKED_LOG)
		line_forked(line);
	return rc;
}

static inline int64_t
line_offset(void *state)
{
	const struct line *line = state;

	return line->broker_agrees ? 0 : -line->clock_ahead;
}

static inline void
line_changed(void *state, const json_t *change)
{
	bool of_task = json_is_string(json_object_get(change, "task"));
	const char *what = json_string_value(json_object_get(change, "what"));

	/* A record, broken glass and who holds what are about a case. */
	assert_int_equal(json_is_string(json_object_get(change, "case")), !of_task);
	assert_int_equal(json_is_integer(json_object_get(change, "glass")),
	    strcmp(what, "break_glass") == 0 || strcmp(what, "glass_seen") == 0);
	((struct line *)state)->changes++;
}

static inline enum status
school_rule(const struct descriptor *descriptor, const char *kind,
    const struct content *content, const char **detail)
{
	struct bytes text;

	(void)descriptor;
	(void)kind;
	if (content->type->id != MESSAGE_REFERRAL_OFFER ||
	    !content_text(content, FIELD_LEARNING, &text) || !bytes_is_text(text, "forbidden"))
		return STATUS_OK;
	*detail = "the kind's own rule";
	return STATUS_ARGUMENT;
}

#define MANAGERS (1U << ROLE_CASE_MANAGER | 1U << ROLE_SUPERVISOR | 1U << ROLE_HEAD)
#define LEADERS  (1U << ROLE_SUPERVISOR | 1U << ROLE_HEAD)
#define ALL_ACTS                                                                               \
	{                                                                                      \
		{MESSAGE_REFERRAL_OFFER, MANAGERS},                                            \
		    {MESSAGE_REFERRAL_REVIEW_OPENED, MANAGERS},                                \
		    {MESSAGE_REFERRAL_ACCEPT, MANAGERS}, {MESSAGE_REFERRAL_DECLINE, MANAGERS}, \
		    {MESSAGE_REFERRAL_OUTCOME, MANAGERS}, {MESSAGE_REFERRAL_CLOSE, MANAGERS},  \
		    {MESSAGE_REFERRAL_START, MANAGERS}, {MESSAGE_REFERRAL_HOLD, MANAGERS},     \
		    {MESSAGE_REFERRAL_RESUME, MANAGERS},                                       \
		    {MESSAGE_REFERRAL_INFORMATION_REQUEST, MANAGERS},                          \
		    {MESSAGE_REFERRAL_INFORMATION, MANAGERS},                                  \
		    {MESSAGE_REFERRAL_REDIRECT, MANAGERS},                                     \
		    {MESSAGE_REFERRAL_FOLLOW_UP, MANAGERS},                                    \
		    {MESSAGE_REFERRAL_CANCEL, MANAGERS},                                       \
		    {MESSAGE_REFERRAL_CANCEL_CONFIRM, MANAGERS},                               \
		    {MESSAGE_REFERRAL_ENTERED_IN_ERROR, MANAGERS},                             \
		    {MESSAGE_INFORMATION_REQUEST, MANAGERS},                                   \
		    {MESSAGE_INFORMATION_START, MANAGERS},                                     \
		    {MESSAGE_INFORMATION_ANSWER, MANAGERS},                                    \
		    {MESSAGE_INFORMATION_REFUSE, MANAGERS},                                    \
		    {MESSAGE_INFORMATION_WITHDRAW, MANAGERS},                                  \
		    {MESSAGE_INFORMATION_ENTERED_IN_ERROR, MANAGERS},                          \
		    {MESSAGE_NOTICE_INCIDENT, MANAGERS}, {MESSAGE_NOTICE_CONCERN, MANAGERS},   \
		    {MESSAGE_NOTICE_CUSTODY, MANAGERS}, {MESSAGE_NOTICE_STATUS, MANAGERS},     \
		    {MESSAGE_NOTICE_ACKNOWLEDGE, MANAGERS},                                    \
		    {MESSAGE_NOTICE_SUPERSEDE, MANAGERS},                                      \
		    {MESSAGE_NOTICE_ENTERED_IN_ERROR, MANAGERS},                               \
		    {MESSAGE_GROUND_STOP_ANSWER, MANAGERS}, ACTS_OF_DISAGREEMENT               \
	}

static const struct descriptor school_kind = {.program = "saikne-school",
    .group = GROUP_SCHOOL,
    .acts = ALL_ACTS,
    .consents = {.record = MANAGERS | 1U << ROLE_SPECIALIST, .judge = MANAGERS},
    .erases = LEADERS,
    .outcomes = {"goal_reached"},
    .before_send = school_rule};
static const struct descriptor police_kind = {.program = "saikne-police",
    .group = GROUP_POLICE,
    .acts = ALL_ACTS,
    .consents = {.record = MANAGERS | 1U << ROLE_SPECIALIST, .judge = MANAGERS},
    .erases = LEADERS,
    .outcomes = {"goal_reached", "neglect_proceedings"}};

/* The same people work at both; line_start() lets them in, in this order. */
static const struct actor anna = {.person = 1, .user = "anna", .role = ROLE_CASE_MANAGER};
static const struct actor zane = {.person = 2, .user = "zane", .role = ROLE_SPECIALIST};
static const struct actor auditor = {.person = 3, .user = "ilze", .role = ROLE_AUDITOR};
static const struct actor admin = {.person = 4, .user = "root", .role = ROLE_ADMINISTRATOR};

static inline void
line_people(struct line *line)
{
	const struct actor *const people[] = {&anna, &zane, &auditor, &admin};
	struct actor entered;

	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		assert_int_equal(
		    people_enter(line->service, people[i]->user, people[i]->role, &entered),
		    STATUS_OK);
		assert_int_equal(entered.person, people[i]->person);
	}
}

/* A process starts: everything it knows is in its database. */
static inline void
line_start(struct line *line)
{
	static const uint8_t storage[SUITE_KEY_LEN] = {42};

	assert_int_equal(
	    service_open(&line->config, &line->keys, storage, &line->service), STATUS_OK);
	line->service->transport = (struct transport){
	    line, line_ready, line_send, line_request, line_note, line_offset};
	acts_listen(line->service, line_changed, line);
	line->view.view = &line->service->view;
	assert_int_equal(proven_resume(line->service), STATUS_OK);
	line_people(line);
}

/* What their tests rest sharing on; duty_to_report goes unconfirmed. */
static inline void
line_confirm(struct line *line)
{
	static const char *const codes[] = {"legal_duty", "public_task", "absence_reporting"};

	assert_int_equal(service_begin(line->service), STATUS_OK);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		assert_int_equal(provisions_confirm(line->service, codes[i], admin.person,
				     "Izdomāts atzinums", "1972-09-01"),
		    STATUS_OK);
	service_commit(line->service, "act");
}

/* It is killed between two events. */
static inline void
line_kill(struct line *line)
{
	service_close(line->service);
	line->service = NULL;
	line->up = false;
	line->count = 0;
	line->seen = 0;
	link_view_free(&line->view);
	line->view = (struct link_view){0};
}

static inline void
line_open(struct line *line, struct broker_room *room, const struct descriptor *descriptor,
    const char *code, uint32_t keys)
{
	*line = (struct line){.room = room, .signing = world_signing(keys)};
	line->keys.count = 1;
	line->keys.key[0] = &line->signing;
	line->config.descriptor = descriptor;
	line->config.clock = descriptor->group == GROUP_SCHOOL ? schools_now : polices_now;
	snprintf(line->config.code, sizeof(line->config.code), "%s", code);
	snprintf(line->config.network.id, sizeof(line->config.network.id), NETWORK);
	memcpy(line->config.network.root, room->w.root.public, 32);
	assert_int_equal(
	    note_key_make("test-log", room->log_key.public, &line->config.network.log),
	    STATUS_OK);
	snprintf(line->path, sizeof(line->path), "%s/%s.db", room->folder, code);
	line->config.database = line->path;
	line->number = (uint8_t)keys; /* world's numbers are far apart, modulo 256 too */
	line_start(line);
	line_confirm(line);
	assert_true(two.line_count < LINES_MAX);
	two.lines[two.line_count++] = line;
}

static inline void
line_close(struct line *line)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
	unsigned kept = 0;
	char path[256];

	for (unsigned i = 0; i < two.line_count; i++)
		if (two.lines[i] != line)
			two.lines[kept++] = two.lines[i];
	two.line_count = kept;
	if (line->service != NULL)
		service_close(line->service);
	link_view_free(&line->view);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", line->path, ends[i]);
		unlink(path);
	}
	for (unsigned i = 0; i < QUEUE_MAX; i++)
		buffer_free(&line->queue[i]);
}

/* What the link does besides: folds the statements of the log as they come, from the first new one. */
static inline void
line_follow(struct line *line)
{
	const uint64_t size = journal_size(line->room->journal);
	uint64_t began;
	uint64_t known = line->seen == 0 ? directory_length(line->service->directory) : 0;

	if (line->seen == size)
		return;
	for (began = cpu_ns(); line->seen < size; line->seen++) {
		struct signed_statement statement;
		struct bytes view;
		struct leaf leaf;
		const char *detail;

		assert_int_equal(
		    journal_leaf(line->room->journal, line->seen, &view), STATUS_OK);
		assert_int_equal(leaf_parse(view, &leaf), STATUS_OK);
		if (leaf.kind != LEAF_STATEMENT || (known > 0 && known-- > 0))
			continue;
		statement.view = leaf.body;
		statement.signature_count = leaf.signature_count;
		memcpy(statement.signatures, leaf.signatures, sizeof(statement.signatures));
		assert_int_equal(directory_apply(line->service->directory, line->seen,
				     &statement, leaf.time_ms, &detail),
		    STATUS_OK);
		arrivals_statement(line->service, line->seen, view);
	}
	line->room->busy_ns += cpu_ns() - began; /* it looked through them in our stead */
}

static inline void
line_connect(struct line *line)
{
	line->peer = room_connect(line->room, line->config.code, line->number++);
	line->count = 0;
	line->up = true;
	line->since = journal_size(line->room->journal);
	service_tick(line->service);
	line_follow(line);
	arrivals_ready(line->service);
}

static inline void
line_disconnect(struct line *line)
{
	struct session *session = session_find(line->room->sessions, &line->peer);

	if (session != NULL)
		session_close(line->room->sessions, session);
	line->up = false;
	line->count = 0;
	arrivals_lost(line->service, STATUS_OK);
}

/* What the link asks the broker in its session: a proof of each checkpoint met. */
static inline void
line_prove(struct line *line)
{
	while (line->up && link_view_next(&line->view)) {
		struct frame_consistency_page page;
		struct checkpoint proven;
		bool moved;
		enum status rc;

		room_numbers(line->room, &line->peer, COMMAND_CONSISTENCY, line->view.old_size,
		    line->view.new_size, 2);
		assert_int_equal(
		    frame_read_consistency_page(
			room_sent(line->room, 0, COMMAND_CONSISTENCY_PAGE)->frame.body, &page),
		    STATUS_OK);
		rc = link_view_answer(&line->view, &page, &proven, &moved);
		line->room->sent_count = 0;
		if (rc == STATUS_FORKED_LOG)
			line_forked(line);
		else
			assert_int_equal(rc, STATUS_OK);
		if (moved)
			arrivals_view(
			    line->service, bytes_of_buffer(&line->service->view.note));
		if (rc == STATUS_OK)
			arrivals_proven(line->service, &proven);
	}
	arrivals_run(line->service);
}

/* A restarted process first folds what it stored; the link then goes on from there. */
static inline void
line_restart(struct line *line)
{
	line_kill(line);
	line_start(line);
	line_connect(line);
}

/* ---- The network at work ----------------------------------------------------------------- */

static inline struct line *
line_of(const char *code)
{
	for (unsigned i = 0; i < two.line_count; i++)
		if (strcmp(code, two.lines[i]->config.code) == 0)
			return two.lines[i];
	return NULL;
}

/* What left the broker reaches whoever is there. */
static inline unsigned
carry(void)
{
	unsigned carried = two.room->sent_count;

	for (unsigned i = 0; i < two.room->sent_count; i++) {
		const struct sent *sent = &two.room->sent[i];
		struct line *line = line_of(sent->to.party->code);

		if (line == NULL || !line->up || line->peer.routing[0] != sent->to.routing[0])
			continue;
		line_follow(line);
		if (two.heard != NULL)
			two.heard(line, &sent->frame);
		arrivals_frame(line->service, &sent->frame);
		if (sent->frame.command == COMMAND_DELIVER && two.twice != NULL && two.twice())
			arrivals_frame(line->service, &sent->frame);
	}
	two.room->sent_count = 0;
	return carried;
}

static inline bool
line_work(struct line *line)
{
	bool any;

	if (line->service == NULL)
		return false;
	service_tick(line->service);
	if (line->up)
		line_follow(line);
	any = arrivals_run(line->service);
	for (unsigned i = 0; i < line->count; i++) {
		struct buffer frame = line->queue[i];

		line->queue[i] = (struct buffer){0};
		if (two.in_turns) {
			room_hear(line->room, &line->peer, bytes_of_buffer(&frame));
		} else {
			room_take(line->room, &line->peer, bytes_of_buffer(&frame));
			carry();
		}
		buffer_free(&frame);
		any = true;
	}
	if (two.in_turns && line->count > 0) {
		room_turn(line->room);
		carry();
	}
	line->count = 0;
	return any;
}

/* Until nothing more happens. */
static inline void
settle(void)
{
	bool any = true;

	for (unsigned turns = 0; any; turns++) {
		assert_true(turns < 200);
		any = false;
		for (unsigned i = 0; i < two.line_count; i++)
			any = line_work(two.lines[i]) || any;
		room_turn(two.room);
		any = carry() > 0 || any;
	}
}

static inline void
issue_head(void)
{
	struct statement s = {.kind = STATEMENT_HEAD};
	struct world *w = &two.room->w;

	s.length = directory_length(w->directory);
	directory_chain(w->directory, s.chain);
	world_make(w, &s, &(struct by){SIGNER_REGISTRAR, &w->registrar}, 1);
	room_state(two.room);
	room_turn(two.room);
}

static inline int
set_up(void **state)
{
	if (suite_start() != STATUS_OK || lists_start() != STATUS_OK || room_set_up(state) != 0)
		return -1;
	two.room = *state;
	/* Its mailboxes hold a story. */
	two.room->intake.mailbox_entries = 1000;
	line_open(&two.school, *state, &school_kind, "school", SCHOOL_KEYS);
	line_open(&two.police, *state, &police_kind, "police", POLICE_KEYS);
	issue_head();
	line_connect(&two.school);
	line_connect(&two.police);
	settle();
	return 0;
}

static inline int
tear_down(void **state)
{
	line_close(&two.school);
	line_close(&two.police);
	if (two.third.room != NULL)
		line_close(&two.third);
	if (two.fourth.room != NULL)
		line_close(&two.fourth);
	two.third = two.fourth = (struct line){0};
	return room_tear_down(state);
}

static inline void
pass(uint64_t ms)
{
	room_wait(two.room, ms);
	carry();
	settle();
}

/* ---- Acts -------------------------------------------------------------------------------- */

static inline json_t *
request_for(const char *urgency)
{
	json_t *request = json_pack("{s:[s], s:s, s:s, s:[s], s:s, s:s, s:s, s:s, s:s, s:s,"
				    " s:{s:s, s:s, s:i, s:s, s:s}}",
	    "to", "police", "urgency", urgency, "purpose", "safety", "concern",
	    "unexcused_absence", "municipality", "Ventspils", "age_band", "11-14", "ground",
	    "duty_to_report", "basis", "law", "necessity", "Bērns ir briesmās", "file_number",
	    "2026/17", "content", "child_name", "Izdomāts Bērns", "learning",
	    "Secret of the school", "absence_lessons", 34, "offence", "Known to the police",
	    "steps_taken", "Divas sarunas");

	assert_non_null(request);
	return request;
}

/* The text at TASK's member, alive with the answer. */
static inline const char *
text(const json_t *object, const char *name)
{
	const char *found = json_string_value(json_object_get(object, name));

	assert_non_null(found);
	return found;
}

/*
 * A consent that lets REQUEST go, in its words: what it rested on before goes; on that day, in
 * the room's time.
 */
static inline void
consent_for(json_t *request)
{
	json_t *consent =
	    json_pack("{s:s, s:s, s:s, s:[s, s], s:[s, s, s, s, s, s], s:s, s:{s:s}}",
		"granter", "Izdomāta Māte", "capacity", "parent", "granted_on", "1972-09-20",
		"recipients", "police", "school", "categories", "identity", "education",
		"attendance", "offence", "proceedings", "behaviour", "childs_view_why",
		"too_young", "child", "birth_date", "1970-02-17");

	assert_non_null(consent);
	assert_int_equal(json_object_set_new(request, "consent", consent), 0);
	assert_int_equal(json_object_set_new(request, "basis", json_string("consent")), 0);
	assert_int_equal(json_object_set_new(request, "ground", json_string("consent")), 0);
	json_object_del(request, "necessity");
}

/* Refers and gives the task's id. */
static inline void
refer(const char *urgency, char task[33])
{
	json_t *request = request_for(urgency), *answer;
	struct refusal refusal = {0};
	enum status rc =
	    acts_refer(two.school.service, &anna, request, false, &answer, &refusal);

	if (rc != STATUS_OK)
		fail_msg("%s: %s", status_name(rc), refusal.detail);
	snprintf(
	    task, 33, "%s", text(json_array_get(json_object_get(answer, "tasks"), 0), "task"));
	json_decref(request);
	json_decref(answer);
}

static inline enum status
answer_with(struct line *line, const char *task, const char *verb, json_t *request)
{
	struct refusal refusal = {0};
	json_t *answer;
	enum status rc =
	    acts_answer(line->service, &anna, task, verb, request, &answer, &refusal);

	assert_int_equal(rc == STATUS_OK, answer != NULL);
	if (rc != STATUS_OK)
		assert_true(refusal.detail[0] != '\0');
	json_decref(request);
	json_decref(answer);
	return rc;
}

static inline void
put_on_duty(struct line *line, const struct actor *actor)
{
	struct duty_row duty = {.person = actor->person, .until_ms = INT64_MAX};

	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(knowing_store_duty_add(line->service->db, &duty), STATUS_OK);
	service_commit(line->service, "act");
}

/* ACTOR comes to know the case, as by an assignment. */
static inline void
let_know(struct line *line, const struct actor *actor, const char *case_id)
{
	struct case_row file;
	uint8_t id[SUITE_ID_LEN];

	assert_true(bytes_from_hex(bytes_of_text(case_id), id, sizeof(id)));
	assert_int_equal(case_store_find(line->service->db, id, &file), STATUS_OK);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(knowing_give(line->service, actor, file.n, actor->person,
			     GRANT_ASSIGNED, NULL, NULL),
	    STATUS_OK);
	service_commit(line->service, "act");
}

static inline json_t *
show_to(struct line *line, const struct actor *actor, const char *task)
{
	struct refusal refusal = {0};
	json_t *answer;
	enum status rc = acts_task(line->service, actor, task, &answer, &refusal);

	if (rc != STATUS_OK)
		fail_msg("%s: %s", status_name(rc), refusal.detail);
	return answer;
}

static inline void
assert_state(struct line *line, const char *task, const char *wanted)
{
	json_t *shown = show_to(line, &auditor, task);

	assert_string_equal(text(shown, "state"), wanted);
	json_decref(shown);
}

static inline bool
shows(const json_t *task, const char *list, const char *name)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(task, list), i, one)
	{
		if (strcmp(text(one, "name"), name) == 0)
			return true;
	}
	return false;
}

static inline unsigned
count_steps(const json_t *task, const char *what)
{
	const json_t *one;
	unsigned count = 0;
	size_t i;

	json_array_foreach(json_object_get(task, "timeline"), i, one)
	{
		count += strcmp(text(one, "what"), what) == 0;
	}
	return count;
}

static inline unsigned
steps_at(struct line *line, const char *task, const char *what)
{
	json_t *shown = show_to(line, &auditor, task);
	unsigned count = count_steps(shown, what);

	json_decref(shown);
	return count;
}

/* Entries of the log of KIND, and of evidence of EVIDENCE where that is not 0. */
static inline unsigned
logged(enum leaf_kind kind, enum evidence_kind evidence)
{
	unsigned count = 0;

	for (uint64_t i = 0; i < journal_size(two.room->journal); i++) {
		struct bytes view;
		struct leaf leaf;

		assert_int_equal(journal_leaf(two.room->journal, i, &view), STATUS_OK);
		assert_int_equal(leaf_parse(view, &leaf), STATUS_OK);
		count +=
		    leaf.kind == kind && ((int)evidence == 0 || leaf.evidence.kind == evidence);
	}
	return count;
}

static inline unsigned
problems(struct line *line, const char *what)
{
	struct problem problem;
	unsigned count = 0;

	for (unsigned i = 0;
	     chain_store_problem_at(line->service->db, i, &problem) == STATUS_OK; i++)
		count += strcmp(problem.what, what) == 0;
	return count;
}

static inline json_t *
explained(const char *name, const char *value)
{
	return json_pack("{s:s, s:s}", name, value, "explanation", "Paskaidrojums");
}

#define SERVICE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
