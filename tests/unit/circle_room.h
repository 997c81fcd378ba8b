/* tests/unit/circle_room.h: acts of a circle, made by hand at the institutions of four_rooms.h. */
#ifndef SAIKNE_CIRCLE_ROOM_H
#define SAIKNE_CIRCLE_ROOM_H

#include "tests/unit/four_rooms.h"

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/circles.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/erasure.h"
#include "services/runtime/exchange/grounds.h"

/* A case of a line, with a record of a consent that names all kinds, and what it shares. */
struct shared {
	struct line *line;
	uint64_t case_n;
	struct ground_row ground;
	uint8_t circle[SUITE_ID_LEN];
};

static inline json_t *
consent_to_all(void)
{
	json_t *body = json_pack("{s:s, s:[s,s,s,s], s:[s,s,s,s,s], s:[s], s:s, s:s, s:s,"
				 " s:{s:s, s:s}}",
	    "ground", "consent", "recipients", "school", "police", "orphans_court",
	    "social_service", "categories", "identity", "behaviour", "family", "health",
	    "proceedings", "purposes", "safety", "granter", "Izdomāta Māte", "capacity",
	    "parent", "granted_on", "1972-09-20", "child", "name", "Izdomāts Bērns",
	    "birth_date", "1965-05-05");

	assert_non_null(body);
	return body;
}

static inline void
record_consent(struct line *line, struct shared *out)
{
	const struct ground_cause cause = {.person = 1, .role = "case_manager"};
	struct departure departure = {0};
	struct case_row file;
	struct case_key key;
	json_t *body = consent_to_all();

	*out = (struct shared){.line = line, .ground = {.basis = BASIS_CONSENT}};
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_create(line->service, "2026/1", &file, &key), STATUS_OK);
	out->case_n = out->ground.case_n = file.n;
	assert_int_equal(grounds_open(line->service, &departure, &key, &out->ground, body,
			     CONSENT_EVENT_GIVE, &cause),
	    STATUS_OK);
	assert_int_equal(departure_sign(line->service, &departure), STATUS_OK);
	service_commit(line->service, "act");
	departure_free(&departure);
	vault_forget(&key);
	json_decref(body);
}

static inline void
set_text(struct content *content, enum field field, const char *text)
{
	assert_int_equal(content_set_text(content, field, bytes_of_text(text)), STATUS_OK);
}

static inline void
set_codes(struct content *content, enum field field, const char *const *codes, size_t count)
{
	struct bytes views[16];

	for (size_t i = 0; i < count; i++)
		views[i] = bytes_of_text(codes[i]);
	assert_int_equal(content_set_codes(content, field, views, count), STATUS_OK);
}

/* Sends CONTENT, which is freed, as an act on TASK; ID, if not NULL, gets the message's. */
static inline enum status
act_on(
    struct line *line, struct task_row *task, struct content *content, uint8_t id[SUITE_ID_LEN])
{
	struct departure departure = {0};
	uint8_t any[SUITE_ID_LEN];
	struct case_key key;
	enum status rc;

	service_tick(line->service);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_key(line->service, task->case_n, &key), STATUS_OK);
	if (task->n == 0) {
		assert_int_equal(case_store_next_task(line->service->db, &task->n), STATUS_OK);
		assert_int_equal(case_store_add_task(line->service->db, task), STATUS_OK);
	}
	rc = dispatch_act(line->service, &departure, task, &key, content, LETTER_LIFE_MS,
	    id != NULL ? id : any);
	if (rc == STATUS_OK)
		rc = departure_sign(line->service, &departure);
	if (rc == STATUS_OK)
		rc = case_file_refold(line->service, task, content->type->name);
	rc = service_end(line->service, rc, "act");
	departure_free(&departure);
	vault_forget(&key);
	content_free(content);
	return rc;
}

static inline struct task_row
new_task(const struct shared *shared, enum message opening, uint64_t circle_n)
{
	struct task_row task = {.case_n = shared->case_n,
	    .sort = task_sort_of(opening),
	    .side = TASK_SENDER,
	    .ground_n = shared->ground.n,
	    .circle_n = circle_n,
	    .time_ms = now()};

	struct circle_row circle;

	if (circle_n == 0) {
		circles_name_frame(&task);
	} else {
		assert_int_equal(
		    circle_store_get(shared->line->service->db, circle_n, &circle), STATUS_OK);
		memcpy(task.token, circle.token, sizeof(task.token));
		circles_name_task(&task);
	}
	snprintf(task.purpose, sizeof(task.purpose), "safety");
	return task;
}

/* A case over LINE and the COUNT institutions of TO. */
static inline enum status
open_case_with(struct shared *shared, const char *const *to, size_t count)
{
	struct task_row task = new_task(shared, MESSAGE_CASE_OPEN, 0);
	struct content content;

	assert_int_equal(content_start(MESSAGE_CASE_OPEN, &content), STATUS_OK);
	set_codes(&content, FIELD_PARTIES, to, count);
	set_text(&content, FIELD_URGENCY, "normal");
	set_text(&content, FIELD_PURPOSE, "safety");
	set_codes(&content, FIELD_CONCERN, (const char *[]){"unexcused_absence"}, 1);
	set_text(&content, FIELD_MUNICIPALITY, "Ventspils");
	set_text(&content, FIELD_AGE_BAND, "11-14");
	set_text(&content, FIELD_CHILD_NAME, "Izdomāts Bērns");
	set_text(&content, FIELD_BEHAVIOUR, "Secret of behaviour");
	set_text(&content, FIELD_HEALTH, "Secret of health");
	memcpy(shared->circle, task.id, sizeof(task.id));
	return act_on(shared->line, &task, &content, NULL);
}

static inline bool
has_task(struct line *line, const uint8_t id[SUITE_ID_LEN], struct task_row *out)
{
	enum status rc = case_store_find_task(line->service->db, id, out);

	assert_true(rc == STATUS_OK || rc == STATUS_NOT_FOUND);
	return rc == STATUS_OK;
}

static inline struct task_row
task_of(struct line *line, const uint8_t id[SUITE_ID_LEN])
{
	struct task_row task;

	assert_true(has_task(line, id, &task));
	return task;
}

static inline enum status
report(struct line *line, const uint8_t circle[SUITE_ID_LEN], uint8_t id[SUITE_ID_LEN])
{
	struct task_row task = task_of(line, circle);
	struct content content;

	assert_int_equal(content_start(MESSAGE_CASE_REPORT, &content), STATUS_OK);
	set_text(&content, FIELD_FAMILY, "Secret of the family");
	set_text(&content, FIELD_HEALTH, "Secret of health");
	set_text(&content, FIELD_EXPLANATION, "Paskaidrojums");
	return act_on(line, &task, &content, id);
}

/* An act without content on the frame; TYPE has no fields of its own, or PARTY and a reason. */
static inline enum status
plain(
    struct line *line, const uint8_t circle[SUITE_ID_LEN], enum message type, const char *party)
{
	struct task_row task = task_of(line, circle);
	struct content content;

	assert_int_equal(content_start(type, &content), STATUS_OK);
	if (type == MESSAGE_CASE_ADD)
		set_codes(&content, FIELD_PARTIES, &party, 1);
	else if (party != NULL)
		set_text(&content, FIELD_PARTY, party);
	if (type == MESSAGE_CASE_REMOVE || type == MESSAGE_CASE_LEAVE)
		set_text(&content, FIELD_LEAVE_REASON, "task_done");
	if (type == MESSAGE_CASE_CLOSE)
		set_text(&content, FIELD_OUTCOME, "goal_reached");
	if (type == MESSAGE_CASE_REOPEN)
		set_text(&content, FIELD_REOPEN_REASON, "new_facts");
	return act_on(line, &task, &content, NULL);
}

/* Whether LINE was shown FIELD in the message ID of a task. */
static inline bool
was_shown(struct line *line, const uint8_t task[SUITE_ID_LEN], const uint8_t id[SUITE_ID_LEN],
    enum field field)
{
	struct task_row row = task_of(line, task);
	struct content content;
	struct event_row event;
	struct bytes text;
	struct case_key key;
	bool shown;

	assert_int_equal(event_store_message(line->service->db, id, false, &event), STATUS_OK);
	assert_int_equal(event.task_n, row.n);
	assert_int_equal(case_file_key(line->service, row.case_n, &key), STATUS_OK);
	assert_int_equal(case_file_content(line->service, &key, &event, &content), STATUS_OK);
	shown = content_text(&content, field, &text);
	content_free(&content);
	vault_forget(&key);
	return shown;
}

/* How often LINE's task has rows of WHAT, of AUTHOR alone unless that is NULL. */
static inline unsigned
rows_of(struct line *line, const uint8_t task[SUITE_ID_LEN], enum event_what what,
    const char *author)
{
	struct task_row row = task_of(line, task);
	struct event_row *rows;
	unsigned found = 0;
	size_t count;

	assert_int_equal(event_store_load(line->service->db, row.n, &rows, &count), STATUS_OK);
	for (size_t i = 0; i < count; i++)
		found += rows[i].what == what &&
		         (author == NULL || strcmp(rows[i].author, author) == 0);
	free(rows);
	return found;
}

/* What was gone on with act by act is what the same acts come to when they are all read anew. */
static inline void
assert_folds_alike(struct line *line, uint64_t circle_n)
{
	struct circles kept;
	const struct circles *read;

	kept = line->service->circles;
	line->service->circles = (struct circles){0};
	assert_int_equal(circles_fold(line->service, circle_n, &read), STATUS_OK);
	if (kept.n == circle_n) {
		assert_int_equal(kept.count, read->count);
		assert_memory_equal(kept.voids, read->voids, read->count);
		assert_int_equal(kept.circle.open, read->circle.open);
		assert_int_equal(kept.circle.lead_count, read->circle.lead_count);
		assert_int_equal(kept.circle.member_count, read->circle.member_count);
		for (size_t i = 0; i < read->count; i++) {
			assert_int_equal(kept.acts[i].event_n, read->acts[i].event_n);
			assert_int_equal(kept.acts[i].step.index, read->acts[i].step.index);
			assert_int_equal(kept.acts[i].step.time_ms, read->acts[i].step.time_ms);
			assert_ptr_equal(kept.acts[i].sort, read->acts[i].sort);
			assert_memory_equal(&kept.acts[i].root, &read->acts[i].root, 32);
		}
		for (unsigned i = 0; i < read->circle.member_count; i++) {
			assert_string_equal(kept.circle.members[i].party.code,
			    read->circle.members[i].party.code);
			assert_int_equal(
			    kept.circle.members[i].until, read->circle.members[i].until);
		}
		assert_int_equal(kept.sitting != NULL, read->sitting != NULL);
		if (read->sitting != NULL)
			assert_memory_equal(
			    kept.sitting, read->sitting, sizeof(*read->sitting));
	}
	circles_free(&kept);
}

static inline const struct circles *
circle_at(struct line *line, const uint8_t id[SUITE_ID_LEN])
{
	struct task_row task = task_of(line, id);
	const struct circles *circles;

	assert_folds_alike(line, task.circle_n);
	assert_int_equal(circles_fold(line->service, task.circle_n, &circles), STATUS_OK);
	return circles;
}

/* All of LINES have the same members, lead and history. */
static inline void
assert_one_history(struct line *const *lines, unsigned count, const uint8_t id[SUITE_ID_LEN])
{
	uint8_t first[SUITE_HASH_LEN], digest[SUITE_HASH_LEN];
	uint64_t entries, covered;

	for (unsigned i = 0; i < count; i++) {
		assert_int_equal(
		    circles_digest(circle_at(lines[i], id), UINT64_MAX - 2, &covered, digest),
		    STATUS_OK);
		if (i == 0) {
			memcpy(first, digest, sizeof(first));
			entries = covered;
		}
		assert_int_equal(covered, entries);
		assert_memory_equal(digest, first, sizeof(first));
	}
}

static inline uint64_t
outbox_rows(struct line *line)
{
	uint64_t waiting, done;

	assert_int_equal(
	    outbox_store_count(line->service->db, OUTBOX_WAITING, &waiting), STATUS_OK);
	assert_int_equal(
	    outbox_store_count(line->service->db, OUTBOX_RESEAL, &done), STATUS_OK);
	return waiting + done;
}

/* The family withdraws what SHARED rests on. */
static inline void
withdraw(struct shared *shared)
{
	const struct ground_cause cause = {.person = 1, .role = "case_manager"};
	struct service *service = shared->line->service;
	struct departure departure = {0};
	struct case_key key;

	service_tick(service);
	assert_int_equal(service_begin(service), STATUS_OK);
	assert_int_equal(
	    ground_store_get(service->db, shared->ground.n, &shared->ground), STATUS_OK);
	assert_int_equal(case_file_key(service, shared->case_n, &key), STATUS_OK);
	assert_int_equal(grounds_apply(service, &departure, &key, &shared->ground,
			     CONSENT_EVENT_WITHDRAW, &cause),
	    STATUS_OK);
	assert_int_equal(departure_sign(service, &departure), STATUS_OK);
	service_commit(service, "act");
	departure_free(&departure);
	vault_forget(&key);
}

/* Its key is destroyed: what it held is gone. */
static inline void
erase_case(struct line *line, uint64_t case_n)
{
	const struct erasure what = {.case_n = case_n, .reason = "mistake", .role = "head"};

	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(erasure_run(line->service, &what), STATUS_OK);
	service_commit(line->service, "act");
	assert_int_equal(erasure_settle(line->service), STATUS_OK);
}

/* ---- A case of the school's with the police and the court -------------------------------- */

#define CIRCLE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_four, tear_down_four)

static const char *const police_and_court[] = {"police", "court"};
static struct line *const three[] = {&two.school, &two.police, &two.third};

static inline void
open_it(struct shared *shared)
{
	record_consent(&two.school, shared);
	assert_int_equal(open_case_with(shared, police_and_court, 2), STATUS_OK);
	rooms_settle();
}

/* The message by which LINE knows that it was opened. */
static inline void
get_opening(struct line *line, const uint8_t circle[SUITE_ID_LEN], uint8_t id[SUITE_ID_LEN])
{
	struct task_row task = task_of(line, circle);
	struct event_row event;

	assert_int_equal(case_file_opening(line->service, &task, &event), STATUS_OK);
	memcpy(id, event.message, SUITE_ID_LEN);
}

/* What LINE said was wrong with the first that it could not take; STATUS_OK: nothing. */
static inline enum status
why_unreadable(struct line *line)
{
	struct problem problem;

	for (unsigned i = 0;
	     chain_store_problem_at(line->service->db, i, &problem) == STATUS_OK; i++)
		if (strcmp(problem.what, "unreadable") == 0)
			return problem.status;
	return STATUS_OK;
}

#endif
