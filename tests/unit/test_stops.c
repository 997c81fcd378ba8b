/* tests/unit/test_stops.c: a ground ends, and everyone who holds something under it is told. */
#include "tests/unit/service_room.h"

#include "services/runtime/acts/acts_consent.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/stops.h"
#include "services/runtime/store/deadline_store.h"
#include "services/runtime/task/deadline.h"

static const struct descriptor court_kind = {
    .program = "saikne-orphans-court", .group = GROUP_ORPHANS_COURT, .acts = ALL_ACTS};

/* An orphan's court besides. */
static int
set_up_three(void **state)
{
	if (set_up(state) != 0)
		return -1;
	line_open(&two.third, *state, &court_kind, "court", COURT_KEYS);
	line_connect(&two.third);
	settle();
	return 0;
}

/* ---- Records ----------------------------------------------------------------------------- */

static void
complete(struct line *line, struct departure *departure)
{
	assert_int_equal(departure_sign(line->service, departure), STATUS_OK);
	departure_free(departure);
	service_commit(line->service, "act");
}

static struct ground_row
ground_of(struct line *line, uint64_t n)
{
	struct ground_row row;

	assert_int_equal(ground_store_get(line->service->db, n, &row), STATUS_OK);
	return row;
}

/* A new case with a consent of a parent. UNTIL may be NULL. */
static uint64_t
give(struct line *line, const char *until)
{
	const struct ground_cause cause = {.person = 1, .role = "case_manager"};
	struct departure departure = {0};
	struct ground_row row = {.basis = BASIS_CONSENT};
	struct case_row file;
	struct case_key key;
	json_t *body = json_pack("{s:s, s:[s,s], s:[s,s], s:[s], s:s, s:s, s:s, s:s, s:s*}",
	    "ground", "consent", "recipients", "police", "orphans_court", "categories",
	    "identity", "proceedings", "purposes", "safety", "granter", "Anna Test",
	    "granter_code", "010180-10000", "capacity", "parent", "granted_on", "1972-09-01",
	    "until", until);

	assert_non_null(body);
	service_tick(line->service);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_create(line->service, NULL, &file, &key), STATUS_OK);
	row.case_n = file.n;
	assert_int_equal(grounds_open(line->service, &departure, &key, &row, body,
			     CONSENT_EVENT_GIVE, &cause),
	    STATUS_OK);
	complete(line, &departure);
	json_decref(body);
	vault_forget(&key);
	return row.n;
}

static void
set_text(struct content *content, enum field field, const char *words)
{
	assert_int_equal(content_set_text(content, field, bytes_of_text(words)), STATUS_OK);
}

/* As a forged program has it: the record authorises. The caller sets it right again. */
static void
pretend(struct line *line, const struct ground_row *row)
{
	struct ground_row forged = *row;

	forged.state = CONSENT_GIVEN;
	assert_int_equal(ground_store_set(line->service->db, &forged), STATUS_OK);
}

/* A concern told to PEER under the record GROUND_N, whatever state that is in. */
static void
tell(struct line *line, uint64_t ground_n, const char *peer, char task_id[33])
{
	struct ground_row row = ground_of(line, ground_n);
	struct bytes concern = bytes_of_text("unexcused_absence");
	struct departure departure = {0};
	struct content content = {0};
	struct task_row task = {.case_n = row.case_n,
	    .sort = task_sort_of(MESSAGE_NOTICE_CONCERN),
	    .side = TASK_SENDER,
	    .basis = row.basis,
	    .ground_n = ground_n,
	    .purpose = "safety"};
	struct case_key key;
	uint8_t id[SUITE_ID_LEN];

	service_tick(line->service);
	task.time_ms = line->service->now_ms;
	snprintf(task.peer, sizeof(task.peer), "%s", peer);
	suite_new_id(task.time_ms, task.id);
	suite_random(task.token, sizeof(task.token));
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_key(line->service, row.case_n, &key), STATUS_OK);
	assert_int_equal(
	    grounds_reference(line->service, &row, peer, task.reference), STATUS_OK);
	assert_int_equal(content_start(MESSAGE_NOTICE_CONCERN, &content), STATUS_OK);
	set_text(&content, FIELD_URGENCY, "normal");
	set_text(&content, FIELD_PURPOSE, "safety");
	set_text(&content, FIELD_MUNICIPALITY, "Ventspils");
	set_text(&content, FIELD_AGE_BAND, "11-14");
	set_text(&content, FIELD_CHILD_NAME, "A Child");
	set_text(&content, FIELD_EXPLANATION, "Why we worry");
	assert_int_equal(content_set_codes(&content, FIELD_CONCERN, &concern, 1), STATUS_OK);
	assert_int_equal(grounds_fill(line->service, &key, &row, &content), STATUS_OK);
	assert_int_equal(case_store_next_task(line->service->db, &task.n), STATUS_OK);
	assert_int_equal(case_store_add_task(line->service->db, &task), STATUS_OK);
	pretend(line, &row);
	assert_int_equal(
	    dispatch_act(line->service, &departure, &task, &key, &content, LETTER_LIFE_MS, id),
	    STATUS_OK);
	assert_int_equal(ground_store_set(line->service->db, &row), STATUS_OK);
	assert_int_equal(case_file_refold(line->service, &task, "queued"), STATUS_OK);
	complete(line, &departure);
	content_free(&content);
	vault_forget(&key);
	bytes_to_hex(BYTES(task.id), task_id);
}

static enum status
happen(struct line *line, uint64_t ground_n, enum consent_event event)
{
	const struct ground_cause cause = {
	    .person = 1, .role = "case_manager", .day = "1972-09-26"};
	struct ground_row row = ground_of(line, ground_n);
	struct departure departure = {0};
	struct case_key key;
	enum status rc;

	service_tick(line->service);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_key(line->service, row.case_n, &key), STATUS_OK);
	rc = grounds_apply(line->service, &departure, &key, &row, event, &cause);
	vault_forget(&key);
	if (rc == STATUS_OK) {
		complete(line, &departure);
	} else {
		departure_free(&departure);
		service_rollback(line->service);
	}
	return rc;
}

static uint64_t
mirror_at(struct line *line, struct line *maker, uint64_t ground_n)
{
	struct ground_row own = ground_of(maker, ground_n), mirror;

	assert_int_equal(
	    ground_store_find(line->service->db, own.id, maker->config.code, &mirror),
	    STATUS_OK);
	return mirror.n;
}

static void
assert_record(struct line *line, uint64_t ground_n, enum consent_state state)
{
	assert_string_equal(
	    consent_state_name(ground_of(line, ground_n).state), consent_state_name(state));
}

/* The only reference of ours under GROUND_N. */
static struct ref_row
reference_of(struct line *line, uint64_t ground_n, uint64_t after)
{
	struct ref_row ref;

	assert_int_equal(
	    ground_store_ref_of(line->service->db, ground_n, REF_OURS, after, &ref), STATUS_OK);
	return ref;
}

static bool
knows_reference(
    struct line *line, const char *maker, const struct ref_row *of, struct ref_row *out)
{
	return ground_store_ref(line->service->db, REF_THEIRS, maker, of->reference, out) ==
	       STATUS_OK;
}

/* The task of the stop of the N-th reference of ours. */
static void
stop_of(struct line *line, const struct ref_row *ref, char task_id[33])
{
	struct task_row task;

	assert_true(ref->stop_task_n != 0);
	assert_int_equal(
	    case_store_task(line->service->db, ref->stop_task_n, &task), STATUS_OK);
	assert_ptr_equal(task.sort, task_sort_named(bytes_of_text("stop")));
	bytes_to_hex(BYTES(task.id), task_id);
}

/* The school tells the police something under a consent of its own. */
static uint64_t
share(char task[33])
{
	uint64_t record = give(&two.school, NULL);

	tell(&two.school, record, "police", task);
	settle();
	return record;
}

/* And the consent is withdrawn: STOP is the task that tells it. */
static uint64_t
share_and_withdraw(char task[33], char stop[33])
{
	uint64_t record = share(task);
	struct ref_row ours;

	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	settle();
	ours = reference_of(&two.school, record, 0);
	stop_of(&two.school, &ours, stop);
	return record;
}

static unsigned
tasks_at(struct line *line, const char *sort)
{
	struct task_filter filter = {
	    .sides = TASK_SENDER | TASK_RECIPIENT, .state = TASK_STATE_COUNT};
	struct task_row task;
	unsigned count = 0;

	while (case_store_next_of(line->service->db, &filter, &task) == STATUS_OK) {
		filter.before = task.n;
		count += strcmp(task.sort->name, sort) == 0;
	}
	return count;
}

/* What a person sees of how far the stop has come, and what was answered. */
static void
assert_reach(struct line *line, uint64_t ground_n, const char *reach, const char *said)
{
	struct ground_row row = ground_of(line, ground_n);
	struct refusal refusal = {0};
	char id[33];
	json_t *answer;
	const json_t *shared;

	bytes_to_hex(BYTES(row.id), id);
	assert_int_equal(
	    acts_grounds_one(line->service, &anna, id, &answer, &refusal), STATUS_OK);
	shared = json_array_get(json_object_get(answer, "shared"), 0);
	assert_string_equal(text(shared, "reach"), reach);
	assert_string_equal(text(shared, "answer"), said);
	assert_int_equal(json_is_null(json_object_get(shared, "since")),
	    strcmp(reach, "live") == 0 || strcmp(reach, "waits") == 0);
	json_decref(answer);
}

/* ---- Withdrawal -------------------------------------------------------------------------- */

static void
a_withdrawal_reaches_whom_it_was_shared_with(void **state)
{
	struct ref_row ours, theirs;
	char task[33], stop[33];
	uint64_t record, mirror;

	(void)state;
	record = share(task);
	assert_state(&two.police, task, "received");
	mirror = mirror_at(&two.police, &two.school, record);
	assert_record(&two.police, mirror, CONSENT_GIVEN);
	assert_reach(&two.school, record, "live", "");

	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	/* Here it holds before the log has it. */
	assert_state(&two.school, task, "stopped");
	assert_int_equal(reference_of(&two.school, record, 0).stop_index, 0);
	settle();
	ours = reference_of(&two.school, record, 0);
	assert_true(knows_reference(&two.police, "school", &ours, &theirs));
	assert_int_equal(ours.stop_index, theirs.stop_index);
	assert_true(ours.stop_index > 0 && ours.stop_index != UINT64_MAX);
	assert_string_equal(theirs.stop_reason, "withdrawn");
	assert_state(&two.school, task, "stopped");
	assert_state(&two.police, task, "stopped");
	assert_record(&two.police, mirror, CONSENT_WITHDRAWN);
	stop_of(&two.school, &ours, stop);
	assert_state(&two.school, stop, "received");
	assert_state(&two.police, stop, "received");
	/* Nobody owes anything in what was stopped, and nobody can do more in it. */
	assert_int_equal(answer_with(&two.police, task, "acknowledge",
			     json_pack("{s:[s]}", "done", "noted")),
	    STATUS_WRONG_STATE);
}

static void
the_stop_lies_in_the_case_of_what_it_stops(void **state)
{
	struct ref_row ours, theirs;
	struct task_row stop;
	char task[33];
	uint64_t record;

	(void)state;
	record = share(task);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	settle();
	ours = reference_of(&two.school, record, 0);
	assert_true(knows_reference(&two.police, "school", &ours, &theirs));
	assert_int_equal(
	    case_store_task(two.police.service->db, theirs.stop_task_n, &stop), STATUS_OK);
	assert_int_equal(stop.case_n,
	    ground_of(&two.police, mirror_at(&two.police, &two.school, record)).case_n);
}

/* Both are about the same child, as far as their maker says. */
static void
what_is_told_under_a_known_ground_joins_its_case(void **state)
{
	struct task_filter filter = {.sides = TASK_RECIPIENT, .state = TASK_STATE_COUNT};
	struct task_row one, other;
	char task[33];
	uint64_t record;

	(void)state;
	record = give(&two.school, NULL);
	tell(&two.school, record, "police", task);
	tell(&two.school, record, "police", task);
	settle();
	assert_int_equal(case_store_next_of(two.police.service->db, &filter, &one), STATUS_OK);
	filter.before = one.n;
	assert_int_equal(
	    case_store_next_of(two.police.service->db, &filter, &other), STATUS_OK);
	assert_int_equal(one.case_n, other.case_n);
	assert_memory_equal(one.reference, other.reference, sizeof(one.reference));
}

static void
each_answer_is_told_and_a_later_one_replaces_it(void **state)
{
	char task[33], stop[33];
	uint64_t record;

	(void)state;
	record = share_and_withdraw(task, stop);
	assert_reach(&two.school, record, "received", "");
	assert_int_equal(answer_with(&two.police, stop, "answer-stop",
			     json_pack("{s:s}", "stop_answer", "continuing")),
	    STATUS_ARGUMENT);
	assert_int_equal(answer_with(&two.police, stop, "answer-stop",
			     json_pack("{s:s, s:s}", "stop_answer", "stopped", "other_ground",
				 "legal_duty")),
	    STATUS_ARGUMENT);
	assert_int_equal(answer_with(&two.school, stop, "answer-stop",
			     json_pack("{s:s}", "stop_answer", "stopped")),
	    STATUS_WRONG_STATE);
	assert_int_equal(answer_with(&two.police, stop, "answer-stop",
			     json_pack("{s:s, s:s, s:s}", "stop_answer", "retained",
				 "other_ground", "legal_duty", "necessity", "By law.")),
	    STATUS_OK);
	settle();
	assert_state(&two.school, stop, "answered");
	assert_state(&two.police, stop, "answered");
	assert_int_equal(answer_with(&two.police, stop, "answer-stop",
			     json_pack("{s:s}", "stop_answer", "stopped")),
	    STATUS_OK);
	assert_reach(&two.school, record, "answered", "retained");
	settle();
	assert_state(&two.school, stop, "answered");
	assert_reach(&two.school, record, "answered", "stopped");
	assert_int_equal(steps_at(&two.school, stop, "ground_stop_answer"), 2);
}

static struct ground_row
last_ground_of_case(struct line *line, uint64_t case_n)
{
	struct ground_row row = {0};

	while (ground_store_of_case(line->service->db, case_n, row.n, &row) == STATUS_OK)
		continue;
	return row;
}

static enum status
keep(const char *stop, const char *word, const char *value, const char *other)
{
	return answer_with(&two.police, stop, "answer-stop",
	    json_pack("{s:s, s:s*, s:s*}", "stop_answer", "continuing", word, value,
		other != NULL ? "other_ground" : "ground", other));
}

static void
what_is_kept_rests_on_a_record_of_our_own_that_covers_it(void **state)
{
	struct ground_row mirror, own;
	json_t *shown;
	char task[33], stop[33], id[33];
	uint64_t record;

	(void)state;
	record = share_and_withdraw(task, stop);
	mirror = ground_of(&two.police, mirror_at(&two.police, &two.school, record));

	/* A code alone is no record; what was told to us is no record of ours. */
	assert_int_equal(keep(stop, "other_ground", "legal_duty", NULL), STATUS_NO_BASIS);
	assert_int_equal(keep(stop, "ground", "legal_duty", NULL), STATUS_NO_BASIS);
	bytes_to_hex(BYTES(mirror.id), id);
	assert_int_equal(keep(stop, "record", id, NULL), STATUS_NO_BASIS);
	assert_int_equal(keep(stop, "provision", "Law, 1", "legal_duty"), STATUS_NO_NECESSITY);
	assert_int_equal(keep(stop, "ground", "legal_duty", "vital_interest"), STATUS_ARGUMENT);
	assert_int_equal(
	    answer_with(&two.police, stop, "answer-stop",
		json_pack("{s:s, s:s, s:s, s:[s]}", "stop_answer", "continuing", "other_ground",
		    "legal_duty", "necessity", "By law.", "categories", "health")),
	    STATUS_OUTSIDE_GROUND);
	assert_state(&two.police, stop, "received");
	assert_int_equal(last_ground_of_case(&two.police, mirror.case_n).n, mirror.n);

	assert_int_equal(keep(stop, "necessity", "By law.", "legal_duty"), STATUS_OK);
	settle();
	own = last_ground_of_case(&two.police, mirror.case_n);
	assert_true(own.n != mirror.n && own.origin[0] == '\0');
	assert_record(&two.police, own.n, CONSENT_IN_FORCE);
	shown = show_to(&two.school, &anna, stop);
	assert_true(shows(shown, "fields", "other_ground"));
	json_decref(shown);
	/* It is there now, and is named by its code or by itself, for as long as it is in force. */
	assert_int_equal(keep(stop, "other_ground", "legal_duty", NULL), STATUS_OK);
	bytes_to_hex(BYTES(own.id), id);
	assert_int_equal(keep(stop, "record", id, NULL), STATUS_OK);
	assert_int_equal(keep(stop, "record", id, "vital_interest"), STATUS_NO_BASIS);
	assert_int_equal(happen(&two.police, own.n, CONSENT_EVENT_END), STATUS_OK);
	assert_int_equal(keep(stop, "record", id, NULL), STATUS_GROUND_EXPIRED);
	assert_int_equal(keep(stop, "other_ground", "legal_duty", NULL), STATUS_NO_BASIS);
}

static void
what_was_deleted_is_kept_on_nothing(void **state)
{
	char task[33], stop[33];

	(void)state;
	share_and_withdraw(task, stop);
	assert_int_equal(
	    answer_with(&two.police, stop, "answer-stop",
		json_pack("{s:s, s:s}", "stop_answer", "stopped", "necessity", "x")),
	    STATUS_ARGUMENT);
	assert_int_equal(answer_with(&two.police, stop, "answer-stop",
			     json_pack("{s:s}", "stop_answer", "deleted")),
	    STATUS_OK);
	assert_int_equal(keep(stop, "necessity", "By law.", "legal_duty"), STATUS_ARGUMENT);
}

static void
an_end_for_good_reaches_who_was_told_of_an_objection(void **state)
{
	struct ref_row first, second;
	char task[33], stop[33];
	uint64_t record;

	(void)state;
	record = share(task);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_OBJECT), STATUS_OK);
	settle();
	assert_record(
	    &two.police, mirror_at(&two.police, &two.school, record), CONSENT_OBJECTED);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	settle();
	assert_record(
	    &two.police, mirror_at(&two.police, &two.school, record), CONSENT_WITHDRAWN);
	first = reference_of(&two.school, record, 0);
	second = reference_of(&two.school, record, first.n);
	assert_memory_not_equal(first.reference, second.reference, SUITE_ID_LEN);
	stop_of(&two.school, &second, stop);
	assert_int_equal(answer_with(&two.police, stop, "answer-stop",
			     json_pack("{s:s}", "stop_answer", "stopped")),
	    STATUS_OK);
	/* One for each end, and no more: nothing lives that could be stopped again. */
	assert_int_equal(tasks_at(&two.police, "stop"), 2);
}

/* Of the deadline by which a stop is to be answered. */
static enum deadline_stage
stage_at(struct line *line, const char *stop, bool ours)
{
	struct deadline_row rows[DEADLINE_MAX];
	uint8_t id[SUITE_ID_LEN];
	struct task_row task;
	unsigned count;

	assert_true(bytes_from_hex(bytes_of_text(stop), id, sizeof(id)));
	assert_int_equal(case_store_find_task(line->service->db, id, &task), STATUS_OK);
	assert_int_equal(deadline_store_of(line->service->db, task.n, rows, &count), STATUS_OK);
	assert_int_equal(count, 1);
	assert_string_equal(rows[0].what, "answer_stop");
	assert_int_equal(rows[0].ours, ours);
	return rows[0].stage;
}

static void
silence_is_overdue_on_both_sides(void **state)
{
	char task[33], stop[33];

	(void)state;
	share_and_withdraw(task, stop);
	assert_int_equal(stage_at(&two.police, stop, true), DEADLINE_RUNNING);
	/* It was told on a Wednesday. */
	pass(2 * DAY_MS);
	assert_int_equal(stage_at(&two.police, stop, true), DEADLINE_OVERDUE);
	assert_int_equal(stage_at(&two.school, stop, false), DEADLINE_OVERDUE);
}

static void
who_answers_that_it_is_deleted_has_deleted_it(void **state)
{
	struct ref_row ours;
	struct ground_row mirror;
	struct case_key key;
	json_t *body, *shown;
	char task[33], stop[33];
	uint64_t record;

	(void)state;
	record = share(task);
	shown = show_to(&two.police, &anna, task);
	assert_true(shows(shown, "fields", "child_name"));
	json_decref(shown);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	settle();
	ours = reference_of(&two.school, record, 0);
	stop_of(&two.school, &ours, stop);
	assert_int_equal(answer_with(&two.police, stop, "answer-stop",
			     json_pack("{s:s}", "stop_answer", "deleted")),
	    STATUS_OK);
	settle();
	assert_state(&two.school, stop, "answered");
	shown = show_to(&two.police, &anna, task);
	assert_false(shows(shown, "fields", "child_name"));
	json_decref(shown);
	mirror = ground_of(&two.police, mirror_at(&two.police, &two.school, record));
	assert_int_equal(case_file_key(two.police.service, mirror.case_n, &key), STATUS_OK);
	assert_int_equal(
	    grounds_read(two.police.service, &key, &mirror, &body, NULL), STATUS_OK);
	assert_null(json_object_get(body, "granter"));
	json_decref(body);
	vault_forget(&key);
	/* At the school it stays. */
	shown = show_to(&two.school, &anna, stop);
	assert_true(shows(shown, "fields", "stop_answer"));
	json_decref(shown);
}

/* The one message that STOP is about at the school. */
static void
assert_received(const char *stop, const char *task, const char *what, bool erased)
{
	json_t *shown = show_to(&two.school, &anna, stop);
	const json_t *received = json_object_get(shown, "received");
	const json_t *one = json_array_get(received, 0);

	assert_int_equal(json_array_size(received), 1);
	assert_string_equal(text(one, "task"), task);
	assert_string_equal(text(one, "what"), what);
	assert_int_equal(json_is_true(json_object_get(one, "erased")), erased);
	json_decref(shown);
}

/* An answer rests on a ground of who gives it, in the task of who asked. */
static void
what_answered_a_request_of_ours_is_deleted_and_the_request_reads_on(void **state)
{
	json_t *request =
	    json_pack("{s:[s], s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:{s:s, s:s}}",
		"to", "police", "urgency", "urgent", "purpose", "safety", "municipality",
		"Riga", "age_band", "11-14", "ground", "legal_duty", "basis", "law",
		"necessity", "For a decision of today.", "due", "2026-12-01", "asked",
		"offence", "content", "child_name", "A Child", "question", "Is it known?");
	struct refusal refusal = {0};
	json_t *answer, *shown;
	struct ground_row record;
	struct ref_row ours;
	struct task_row row;
	uint8_t id[SUITE_ID_LEN];
	char task[33], stop[33];

	(void)state;
	assert_int_equal(
	    acts_request(two.school.service, &anna, request, false, &answer, &refusal),
	    STATUS_OK);
	snprintf(task, sizeof(task), "%s",
	    text(json_array_get(json_object_get(answer, "tasks"), 0), "task"));
	json_decref(request);
	json_decref(answer);
	settle();
	assert_int_equal(answer_with(&two.police, task, "answer",
			     json_pack("{s:s, s:s, s:s, s:s}", "basis", "law", "ground",
				 "legal_duty", "necessity", "They asked.", "answer", "Yes.")),
	    STATUS_OK);
	settle();
	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(two.police.service->db, id, &row), STATUS_OK);
	for (record.n = 0; ground_store_of_case(two.police.service->db, row.case_n, record.n,
			       &record) == STATUS_OK;)
		if (record.origin[0] == '\0')
			break;
	assert_string_equal(record.origin, "");
	assert_int_equal(happen(&two.police, record.n, CONSENT_EVENT_END), STATUS_OK);
	settle();
	ours = reference_of(&two.police, record.n, 0);
	stop_of(&two.police, &ours, stop);
	shown = show_to(&two.school, &anna, task);
	assert_true(shows(shown, "fields", "answer"));
	json_decref(shown);
	assert_received(stop, task, "information_answer", false);
	assert_int_equal(answer_with(&two.school, stop, "answer-stop",
			     json_pack("{s:s}", "stop_answer", "deleted")),
	    STATUS_OK);
	shown = show_to(&two.school, &anna, task);
	assert_true(json_is_true(json_object_get(shown, "erased")));
	assert_false(shows(shown, "fields", "answer"));
	assert_true(shows(shown, "fields", "question"));
	json_decref(shown);
	assert_state(&two.school, task, "answered");
	assert_received(stop, task, "information_answer", true);
	/* Said once more, it finds nothing that is left. */
	assert_int_equal(answer_with(&two.school, stop, "answer-stop",
			     json_pack("{s:s}", "stop_answer", "deleted")),
	    STATUS_OK);
}

static void
a_stopped_reference_is_never_cited_again(void **state)
{
	uint8_t first[SUITE_ID_LEN], second[SUITE_ID_LEN];
	struct ground_row row;
	char task[33];
	uint64_t record;

	(void)state;
	record = share(task);
	row = ground_of(&two.school, record);
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(
	    grounds_reference(two.school.service, &row, "police", first), STATUS_OK);
	service_rollback(two.school.service);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_OBJECT), STATUS_OK);
	settle();
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_RESOLVE), STATUS_OK);
	tell(&two.school, record, "police", task);
	settle();
	row = ground_of(&two.school, record);
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(
	    grounds_reference(two.school.service, &row, "police", second), STATUS_OK);
	service_rollback(two.school.service);
	assert_memory_not_equal(first, second, sizeof(first));
	/* Sharing goes on under the new one, and the mirror authorises from its index on. */
	assert_state(&two.police, task, "received");
	assert_record(&two.police, mirror_at(&two.police, &two.school, record), CONSENT_GIVEN);
}

/* ---- What is on its way ------------------------------------------------------------------ */

static void
what_never_left_is_taken_back(void **state)
{
	struct ref_row ours, theirs;
	char task[33], stop[33];
	uint64_t record;

	(void)state;
	record = give(&two.school, NULL);
	line_disconnect(&two.school);
	tell(&two.school, record, "police", task);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	assert_state(&two.school, task, "taken_back");
	assert_int_equal(steps_at(&two.school, task, "taken_back"), 1);
	assert_int_equal(steps_at(&two.school, task, "refused"), 0);
	/* The record of that outlives the process. */
	line_restart(&two.school);
	settle();
	assert_state(&two.school, task, "taken_back");
	assert_int_equal(tasks_at(&two.police, "notice"), 0);
	/* The stop goes none the less: of what never came, it is kept as stopped. */
	ours = reference_of(&two.school, record, 0);
	assert_true(knows_reference(&two.police, "school", &ours, &theirs));
	assert_int_equal(theirs.ground_n, 0);
	assert_int_equal(theirs.stop_index, ours.stop_index);
	stop_of(&two.school, &ours, stop);
	assert_state(&two.police, stop, "received");
}

/* Submitted and not answered yet: the log decides, and here has it before the stop. */
static void
what_is_on_its_way_is_left_to_the_log(void **state)
{
	struct buffer frame;
	char task[33];
	uint64_t record;

	(void)state;
	record = give(&two.school, NULL);
	tell(&two.school, record, "police", task);
	service_tick(two.school.service);
	assert_true(arrivals_run(two.school.service));
	assert_int_equal(two.school.count, 1);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	assert_state(&two.school, task, "pending");
	settle();
	assert_state(&two.school, task, "stopped");
	assert_state(&two.police, task, "stopped");

	/* The same, and the line breaks before it is known whether it arrived. */
	record = give(&two.school, NULL);
	tell(&two.school, record, "police", task);
	service_tick(two.school.service);
	assert_true(arrivals_run(two.school.service));
	frame = two.school.queue[0];
	two.school.queue[0] = (struct buffer){0};
	buffer_free(&frame);
	line_disconnect(&two.school);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	assert_state(&two.school, task, "pending");
	line_connect(&two.school);
	settle();
	/* It did not, and the stop was there before it was sent again. */
	assert_state(&two.school, task, "refused");
	assert_int_equal(tasks_at(&two.police, "notice"), 1);
}

static struct ground_cited
cite(const struct envelope_recipient *own, const struct content *content, uint64_t index)
{
	return (struct ground_cited){.peer = "school",
	    .own = own,
	    .index = index,
	    .time_ms = now(),
	    .purpose = "safety",
	    .content = content};
}

static void
fill_concern(struct line *line, uint64_t record, struct content *content)
{
	struct ground_row row = ground_of(line, record);
	struct case_key key;

	assert_int_equal(content_start(MESSAGE_NOTICE_CONCERN, content), STATUS_OK);
	set_text(content, FIELD_CHILD_NAME, "A Child");
	assert_int_equal(case_file_key(line->service, row.case_n, &key), STATUS_OK);
	assert_int_equal(grounds_fill(line->service, &key, &row, content), STATUS_OK);
	vault_forget(&key);
}

static void
content_before_the_stop_was_lawful_and_what_follows_it_is_refused(void **state)
{
	struct envelope_recipient own = {.basis = BASIS_CONSENT};
	struct ground_cited cited;
	struct content content;
	struct ref_row ours;
	char task[33];
	uint64_t record, other;

	(void)state;
	record = share(task);
	fill_concern(&two.school, record, &content);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_OBJECT), STATUS_OK);
	settle();
	ours = reference_of(&two.school, record, 0);
	memcpy(own.reference, ours.reference, sizeof(own.reference));
	cited = cite(&own, &content, ours.stop_index - 1);
	assert_int_equal(grounds_judge(two.police.service, &cited), STATUS_OK);
	cited.index = ours.stop_index + 1;
	assert_int_equal(grounds_judge(two.police.service, &cited), STATUS_STOPPED);
	/* Under a new one it may go on, unless the record itself is over. */
	own.reference[0] ^= 1;
	assert_int_equal(grounds_judge(two.police.service, &cited), STATUS_OK);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	settle();
	content_free(&content);

	record = share(task);
	fill_concern(&two.school, record, &content);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	settle();
	cited.index = reference_of(&two.school, record, 0).stop_index + 1;
	suite_random(own.reference, sizeof(own.reference));
	assert_int_equal(grounds_judge(two.police.service, &cited), STATUS_NO_CONSENT);
	content_free(&content);

	/* One reference, one record, one class. */
	other = give(&two.school, NULL);
	fill_concern(&two.school, other, &content);
	memcpy(own.reference, ours.reference, sizeof(own.reference));
	cited.index = 1;
	assert_int_equal(grounds_judge(two.police.service, &cited), STATUS_FOREIGN_REFERENCE);
	own.basis = BASIS_LAW;
	assert_int_equal(grounds_judge(two.police.service, &cited), STATUS_FOREIGN_REFERENCE);
	content_free(&content);
}

/* The stop came first; what it stops was held back by its documents, say. */
static void
what_arrives_behind_its_stop_joins_the_case_and_is_stopped(void **state)
{
	struct envelope_recipient own = {.basis = BASIS_CONSENT};
	struct departure departure = {0};
	struct content content;
	struct ground_cited cited;
	struct ref_row ours, theirs;
	struct task_row stop;
	struct case_key key;
	char task[33];
	uint64_t record, case_n, index;

	(void)state;
	record = give(&two.school, NULL);
	line_disconnect(&two.school);
	tell(&two.school, record, "police", task);
	fill_concern(&two.school, record, &content);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	line_connect(&two.school);
	settle();
	ours = reference_of(&two.school, record, 0);
	memcpy(own.reference, ours.reference, sizeof(own.reference));
	cited = cite(&own, &content, ours.stop_index - 1);
	assert_int_equal(grounds_judge(two.police.service, &cited), STATUS_OK);
	assert_int_equal(grounds_case_of(two.police.service, &cited, &case_n), STATUS_OK);
	assert_true(knows_reference(&two.police, "school", &ours, &theirs));
	assert_int_equal(
	    case_store_task(two.police.service->db, theirs.stop_task_n, &stop), STATUS_OK);
	assert_int_equal(stop.case_n, case_n);

	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(case_file_key(two.police.service, case_n, &key), STATUS_OK);
	assert_int_equal(
	    grounds_take(two.police.service, &departure, &key, case_n, &cited), STATUS_OK);
	vault_forget(&key);
	complete(&two.police, &departure);
	assert_record(
	    &two.police, mirror_at(&two.police, &two.school, record), CONSENT_WITHDRAWN);
	stop.side = TASK_RECIPIENT;
	assert_int_equal(stops_index(two.police.service, &stop, &index), STATUS_OK);
	assert_int_equal(index, ours.stop_index);
	content_free(&content);
}

/* ---- Who cannot be told ------------------------------------------------------------------ */

static void
who_cannot_be_told_now_is_told_when_that_is_over(void **state)
{
	struct ref_row ref;
	char task[33], stop[33];
	uint64_t record;

	(void)state;
	record = share(task);
	/* The directory has no head of the last 7 days: nothing is sealed. */
	pass(8 * DAY_MS);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	settle();
	ref = reference_of(&two.school, record, 0);
	assert_int_equal(ref.stop_index, 0);
	assert_int_equal(ref.stop_task_n, 0);
	assert_reach(&two.school, record, "waits", "");
	assert_state(&two.school, task, "stopped");
	assert_state(&two.police, task, "received");
	line_restart(&two.school);
	issue_head();
	pass(2 * 60 * 1000);
	ref = reference_of(&two.school, record, 0);
	stop_of(&two.school, &ref, stop);
	assert_state(&two.police, stop, "received");
	assert_state(&two.police, task, "stopped");
}

static void
state_of_police(enum statement_kind kind)
{
	struct statement s = {.kind = kind,
	    .party = bytes_of_text("police"),
	    .reason = kind == STATEMENT_SUSPEND ? bytes_of_text("asked") : (struct bytes){0}};
	struct world *w = &two.room->w;

	w->now_ms++; /* of two changes the later one is later */
	world_make(w, &s,
	    kind == STATEMENT_SUSPEND ? &(struct by){SIGNER_REGISTRAR, &w->registrar}
				      : &(struct by){SIGNER_ROOT, &w->root},
	    1);
	room_state(two.room);
	room_turn(two.room);
}

static void
who_is_suspended_is_told_when_that_is_over(void **state)
{
	struct ref_row ref;
	char task[33], stop[33];
	uint64_t record;

	(void)state;
	for (int known = 0; known < 2; known++) {
		record = give(&two.school, NULL);
		tell(&two.school, record, "police", task);
		settle();
		state_of_police(STATEMENT_SUSPEND);
		/* Or the broker knows of it first, and refuses the stop. */
		if (known)
			settle();
		assert_int_equal(
		    happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
		settle();
		ref = reference_of(&two.school, record, 0);
		assert_int_equal(ref.stop_task_n, 0);
		assert_int_equal(ref.stop_index, 0);
		assert_int_equal(tasks_at(&two.school, "stop"), 2 * known + !known);
		state_of_police(STATEMENT_LIFT);
		line_disconnect(&two.police);
		line_connect(&two.police);
		settle();
		pass(2 * 60 * 1000);
		ref = reference_of(&two.school, record, 0);
		stop_of(&two.school, &ref, stop);
		assert_state(&two.police, stop, "received");
	}
}

static void
a_service_that_is_killed_tells_it_when_it_is_back(void **state)
{
	struct ref_row ref;
	char task[33], stop[33];
	uint64_t record;

	(void)state;
	record = share(task);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	line_restart(&two.school);
	assert_state(&two.school, task, "stopped");
	settle();
	ref = reference_of(&two.school, record, 0);
	stop_of(&two.school, &ref, stop);
	assert_int_equal(tasks_at(&two.school, "stop"), 1);
	assert_state(&two.police, stop, "received");
}

/* Nobody takes it for as long as it lives. */
static void
who_takes_nothing_is_shown_as_not_reached(void **state)
{
	char task[33];
	uint64_t record;

	(void)state;
	record = share(task);
	line_disconnect(&two.police);
	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	settle();
	assert_reach(&two.school, record, "sent", "");
	for (unsigned i = 0; i < 6; i++) {
		pass(6 * DAY_MS);
		issue_head();
		settle();
	}
	assert_reach(&two.school, record, "not_reached", "");
}

/* ---- By itself --------------------------------------------------------------------------- */

static void
a_consent_expires_once_whatever_the_clock_does(void **state)
{
	char task[33];
	uint64_t record;

	(void)state;
	/* The world's day is 1972-09-27. */
	record = give(&two.school, "1972-09-28");
	tell(&two.school, record, "police", task);
	settle();
	pass(DAY_MS / 2);
	assert_record(&two.school, record, CONSENT_GIVEN);
	pass(3 * DAY_MS / 2);
	assert_record(&two.school, record, CONSENT_EXPIRED);
	assert_int_equal(tasks_at(&two.school, "stop"), 1);
	assert_state(&two.police, task, "stopped");
	assert_record(
	    &two.police, mirror_at(&two.police, &two.school, record), CONSENT_EXPIRED);
	line_restart(&two.school);
	settle();
	two.school.clock_ahead = -(int64_t)(4 * DAY_MS);
	settle();
	two.school.clock_ahead = (int64_t)(4 * DAY_MS);
	settle();
	two.school.clock_ahead = 0;
	settle();
	assert_int_equal(tasks_at(&two.school, "stop"), 1);
}

static void
a_renewal_moves_the_end_at_every_holder(void **state)
{
	struct ground_row row;
	struct departure departure = {0};
	struct case_key key;
	json_t *body;
	char task[33];
	uint64_t record, mirror;

	(void)state;
	record = give(&two.school, "1972-09-28");
	tell(&two.school, record, "police", task);
	settle();
	row = ground_of(&two.school, record);
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(case_file_key(two.school.service, row.case_n, &key), STATUS_OK);
	assert_int_equal(grounds_read(two.school.service, &key, &row, &body, NULL), STATUS_OK);
	json_object_set_new(body, "until", json_string("1972-10-05"));
	assert_int_equal(grounds_write(two.school.service, &key, &row, body), STATUS_OK);
	assert_int_equal(grounds_apply(two.school.service, &departure, &key, &row,
			     CONSENT_EVENT_RENEW, &(struct ground_cause){.person = 1}),
	    STATUS_OK);
	json_decref(body);
	vault_forget(&key);
	complete(&two.school, &departure);
	settle();
	assert_int_equal(tasks_at(&two.police, "renewal"), 1);
	mirror = mirror_at(&two.police, &two.school, record);
	assert_record(&two.police, mirror, CONSENT_RENEWED);
	pass(3 * DAY_MS);
	assert_record(&two.police, mirror, CONSENT_RENEWED);
	assert_state(&two.police, task, "received");
	issue_head();
	pass(4 * DAY_MS);
	issue_head();
	pass(3 * DAY_MS);
	assert_record(&two.police, mirror, CONSENT_EXPIRED);
	assert_state(&two.police, task, "stopped");
}

/* ---- Passed on --------------------------------------------------------------------------- */

static void
who_passed_it_on_stops_its_own_references(void **state)
{
	struct ref_row first, second;
	char task[33], passed[33], stop[33];
	uint64_t record, mirror, far;

	(void)state;
	record = share(task);
	mirror = mirror_at(&two.police, &two.school, record);
	tell(&two.police, mirror, "court", passed);
	settle();
	far = mirror_at(&two.third, &two.police, mirror);
	assert_record(&two.third, far, CONSENT_GIVEN);

	assert_int_equal(happen(&two.school, record, CONSENT_EVENT_WITHDRAW), STATUS_OK);
	settle();
	assert_record(&two.police, mirror, CONSENT_WITHDRAWN);
	assert_record(&two.third, far, CONSENT_WITHDRAWN);
	assert_state(&two.police, passed, "stopped");
	assert_state(&two.third, passed, "stopped");
	first = reference_of(&two.school, record, 0);
	second = reference_of(&two.police, mirror, 0);
	assert_memory_not_equal(first.reference, second.reference, sizeof(first.reference));
	assert_true(second.stop_index > first.stop_index);
	stop_of(&two.police, &second, stop);
	assert_int_equal(answer_with(&two.third, stop, "answer-stop",
			     json_pack("{s:s}", "stop_answer", "stopped")),
	    STATUS_OK);
	settle();
	assert_state(&two.police, stop, "answered");
	/* Only those who were shown something are told. */
	assert_int_equal(tasks_at(&two.school, "stop"), 1);
	assert_int_equal(tasks_at(&two.police, "stop"), 2);
	assert_int_equal(tasks_at(&two.third, "stop"), 1);
}

int
main(void)
{
#define THREE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_three, tear_down)
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(a_withdrawal_reaches_whom_it_was_shared_with),
	    SERVICE_TEST(the_stop_lies_in_the_case_of_what_it_stops),
	    SERVICE_TEST(what_is_told_under_a_known_ground_joins_its_case),
	    SERVICE_TEST(each_answer_is_told_and_a_later_one_replaces_it),
	    SERVICE_TEST(what_is_kept_rests_on_a_record_of_our_own_that_covers_it),
	    SERVICE_TEST(what_was_deleted_is_kept_on_nothing),
	    SERVICE_TEST(an_end_for_good_reaches_who_was_told_of_an_objection),
	    SERVICE_TEST(silence_is_overdue_on_both_sides),
	    SERVICE_TEST(who_answers_that_it_is_deleted_has_deleted_it),
	    SERVICE_TEST(what_answered_a_request_of_ours_is_deleted_and_the_request_reads_on),
	    SERVICE_TEST(a_stopped_reference_is_never_cited_again),
	    SERVICE_TEST(what_never_left_is_taken_back),
	    SERVICE_TEST(what_is_on_its_way_is_left_to_the_log),
	    SERVICE_TEST(content_before_the_stop_was_lawful_and_what_follows_it_is_refused),
	    SERVICE_TEST(what_arrives_behind_its_stop_joins_the_case_and_is_stopped),
	    SERVICE_TEST(who_cannot_be_told_now_is_told_when_that_is_over),
	    SERVICE_TEST(who_is_suspended_is_told_when_that_is_over),
	    SERVICE_TEST(a_service_that_is_killed_tells_it_when_it_is_back),
	    SERVICE_TEST(who_takes_nothing_is_shown_as_not_reached),
	    SERVICE_TEST(a_consent_expires_once_whatever_the_clock_does),
	    SERVICE_TEST(a_renewal_moves_the_end_at_every_holder),
	    THREE_TEST(who_passed_it_on_stops_its_own_references),
	};

	return cmocka_run_group_tests_name("stops", tests, NULL, NULL);
}
