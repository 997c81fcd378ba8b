/* tests/unit/circle_talk.h: what four institutions say in cases that they share, with no desk in between. */
#ifndef SAIKNE_CIRCLE_TALK_H
#define SAIKNE_CIRCLE_TALK_H

#include "tests/unit/circle_room.h"

#include "services/runtime/store/circle_store.h"
#include "services/runtime/task/action.h"
#include "services/runtime/task/case.h"
#include "services/runtime/task/conference.h"
#include "services/runtime/task/transfer.h"

#define CHILD  "Izdomāts Bērns"
#define BORN   "1965-05-05"
#define MOTHER "Izdomāta Māte"

/* ---- Content ----------------------------------------------------------------------------- */

/* Where its type has such a field. */
static inline void
say_text(struct content *content, enum field field, const char *value)
{
	if (message_has_field(content->type, field))
		set_text(content, field, value);
}

/* What every act of its type needs; whom it names, and personal data, are added to it. */
static inline void
fill_act(struct content *content)
{
	static const struct {
		enum field field;
		const char *value;
	} texts[] = {{FIELD_URGENCY, "normal"}, {FIELD_PURPOSE, "safety"},
	    {FIELD_MUNICIPALITY, "Ventspils"}, {FIELD_AGE_BAND, "11-14"},
	    {FIELD_LEAVE_REASON, "task_done"}, {FIELD_OUTCOME, "goal_reached"},
	    {FIELD_REOPEN_REASON, "new_facts"}, {FIELD_LINK_KIND, "related"},
	    {FIELD_TRANSFER_REASON, "no_capacity"}, {FIELD_CLAIM_REASON, "no_answer"},
	    {FIELD_DECLINE_REASON, "not_our_remit"}, {FIELD_FAIL_REASON, "no_contact"},
	    {FIELD_CANCEL_REASON, "no_longer_needed"},
	    {FIELD_EXPLANATION, "What is to be known"}};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		say_text(content, texts[i].field, texts[i].value);
	if (message_has_field(content->type, FIELD_CONCERN))
		set_codes(content, FIELD_CONCERN, (const char *[]){"unexcused_absence"}, 1);
}

/* Of every category something, so that it shows what somebody may not have. */
static inline void
fill_data(struct content *content)
{
	say_text(content, FIELD_CHILD_NAME, CHILD);
	say_text(content, FIELD_BIRTH_DATE, BORN);
	say_text(content, FIELD_LEARNING, "Of his learning");
	say_text(content, FIELD_BEHAVIOUR, "Of his behaviour");
	say_text(content, FIELD_FAMILY, "Of his family");
	say_text(content, FIELD_ECONOMIC, "Of their means");
	say_text(content, FIELD_HEALTH, "Of his health");
	say_text(content, FIELD_OFFENCE, "Of an offence");
	say_text(content, FIELD_CUSTODY, "Of his custody");
	say_text(content, FIELD_STEPS_TAKEN, "Of what was done");
}

static inline void
set_party(struct content *content, const char *code)
{
	say_text(content, FIELD_PARTY, code);
}

/* WHICH of the rooms, bit by bit. */
static inline void
set_parties(struct content *content, unsigned which)
{
	const char *codes[ROOMS];
	size_t count = 0;

	for (unsigned i = 0; i < ROOMS; i++)
		if ((which & 1U << i) != 0)
			codes[count++] = rooms[i]->config.code;
	if (message_has_field(content->type, FIELD_PARTIES))
		set_codes(content, FIELD_PARTIES, codes, count);
}

/* ---- Saying it --------------------------------------------------------------------------- */

static inline enum status
circle_end(struct line *line, struct departure *departure, enum status rc)
{
	if (rc == STATUS_OK)
		rc = departure_sign(line->service, departure);
	departure_free(departure);
	if (rc == STATUS_OK)
		service_commit(line->service, "act");
	else
		service_rollback(line->service);
	return rc;
}

/* LINE opens a case over institutions on a record with BODY, of class BASIS; ID gets its circle's. */
static inline enum status
circle_open(struct line *line, enum basis basis, const json_t *body, struct content *content,
    uint8_t id[static SUITE_ID_LEN])
{
	const struct ground_cause cause = {.person = 1, .role = "case_manager"};
	struct ground_row ground = {.basis = basis};
	struct departure departure = {0};
	struct task_row task = {.sort = &case_sort, .side = TASK_SENDER, .purpose = "safety"};
	struct case_key key;
	struct case_row file;
	uint8_t message[SUITE_ID_LEN];
	enum status rc;

	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_create(line->service, NULL, &file, &key), STATUS_OK);
	ground.case_n = task.case_n = file.n;
	assert_int_equal(grounds_open(line->service, &departure, &key, &ground, body,
			     CONSENT_EVENT_GIVE, &cause),
	    STATUS_OK);
	task.ground_n = ground.n;
	task.time_ms = line->service->now_ms;
	circles_name_frame(&task);
	assert_int_equal(case_store_next_task(line->service->db, &task.n), STATUS_OK);
	assert_int_equal(case_store_add_task(line->service->db, &task), STATUS_OK);
	rc = dispatch_act(
	    line->service, &departure, &task, &key, content, LETTER_LIFE_MS, message);
	if (rc == STATUS_OK)
		rc = case_file_refold(line->service, &task, "queued");
	vault_forget(&key);
	memcpy(id, task.id, sizeof(task.id));
	return circle_end(line, &departure, rc);
}

/* LINE proposes the sitting CONTENT, with no desk that would refuse it; ID gets its frame's. */
static inline void
circle_propose(struct line *line, struct content *content, uint8_t id[static SUITE_ID_LEN])
{
	struct task_row task = {.sort = &conference_sort,
	    .side = TASK_SENDER,
	    .purpose = "safety",
	    .time_ms = line->service->now_ms};
	struct departure departure = {0};
	uint8_t message[SUITE_ID_LEN];
	struct case_key key;
	struct case_row file;
	enum status rc;

	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_create(line->service, NULL, &file, &key), STATUS_OK);
	task.case_n = file.n;
	circles_name_frame(&task);
	assert_int_equal(case_store_next_task(line->service->db, &task.n), STATUS_OK);
	assert_int_equal(case_store_add_task(line->service->db, &task), STATUS_OK);
	rc = dispatch_act(
	    line->service, &departure, &task, &key, content, LETTER_LIFE_MS, message);
	if (rc == STATUS_OK)
		rc = case_file_refold(line->service, &task, "queued");
	vault_forget(&key);
	memcpy(id, task.id, sizeof(task.id));
	assert_int_equal(circle_end(line, &departure, rc), STATUS_OK);
}

/* The task that an act of TYPE on FRAME opens: not stored yet. */
static inline struct task_row
circle_new_task(struct line *line, const struct task_row *frame, enum message type)
{
	struct task_row task = {.case_n = frame->case_n,
	    .circle_n = frame->circle_n,
	    .sort = task_sort_of(type),
	    .side = TASK_SENDER,
	    .time_ms = line->service->now_ms};

	memcpy(task.peer, frame->peer, sizeof(task.peer));
	memcpy(task.token, frame->token, sizeof(task.token));
	memcpy(task.purpose, frame->purpose, sizeof(task.purpose));
	circles_name_task(&task);
	return task;
}

/* LINE says CONTENT on TASK, or opens it by that; on its record GROUND_N, 0: the frame's. */
static inline enum status
circle_say(struct line *line, struct task_row *task, struct content *content, uint64_t ground_n)
{
	struct task_row grounded;
	struct departure departure = {0};
	uint8_t message[SUITE_ID_LEN];
	struct case_key key;
	enum status rc = STATUS_OK;

	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_key(line->service, task->case_n, &key), STATUS_OK);
	if (task->n == 0) {
		rc = case_store_next_task(line->service->db, &task->n);
		if (rc == STATUS_OK)
			rc = case_store_add_task(line->service->db, task);
	}
	grounded = *task;
	if (ground_n != 0)
		grounded.ground_n = ground_n;
	if (rc == STATUS_OK)
		rc = dispatch_act(line->service, &departure, &grounded, &key, content,
		    LETTER_LIFE_MS, message);
	if (rc == STATUS_OK)
		rc = case_file_refold(line->service, task, content->type->name);
	vault_forget(&key);
	return circle_end(line, &departure, rc);
}

/* Whether it would follow, as far as LINE knows. */
static inline bool
circle_may(struct line *line, const struct task_row *task, const struct content *content)
{
	const struct circles *circles;
	struct circle_step *steps, *own;
	struct case_history history = {0};
	enum task_event event = task_event_of(task->sort, content->type->id);
	struct circle circle;
	unsigned sides = task->side;
	bool voids[CIRCLES_ACTS_MAX], follows = false;

	assert_int_equal(circles_fold(line->service, task->circle_n, &circles), STATUS_OK);
	steps = calloc(circles->count + 1, sizeof(*steps));
	assert_non_null(steps);
	for (size_t i = 0; i < circles->count; i++) {
		steps[i] = circles->acts[i].step;
		steps[i].event = task_event_of(circles->acts[i].sort, circles->acts[i].type);
	}
	own = &steps[circles->count];
	*own = (struct circle_step){
	    .index = UINT64_MAX, .time_ms = line->service->now_ms, .event = event};
	memcpy(own->task, task->id, sizeof(own->task));
	memcpy(own->author.code, line->config.code, sizeof(own->author.code));
	circles_read(content, own);
	circle_fold(steps, circles->count + 1, &circle, voids);
	follows = !voids[circles->count];
	free(steps);
	if (task->n != 0) {
		assert_int_equal(case_file_history(line->service, task, &history), STATUS_OK);
		follows = follows &&
		          (((sides & TASK_SENDER) != 0 &&
			       task_may(task->sort, &history.task, event, TASK_SENDER)) ||
			      ((sides & TASK_RECIPIENT) != 0 &&
				  task_may(task->sort, &history.task, event, TASK_RECIPIENT)));
		case_file_history_free(&history);
	}
	return follows;
}

#endif
