/* tests/unit/test_circles.c: what three institutions share: sent once, sealed for each, folded alike. */
#include "tests/unit/circle_room.h"

#include "services/runtime/store/alarm_store.h"
#include "services/runtime/store/history_store.h"

/* ---- Opening ----------------------------------------------------------------------------- */

static void
a_case_opened_with_two_others_is_one_entry_and_one_history(void **state)
{
	struct shared shared;
	unsigned before = logged(LEAF_ACCEPTED, 0);

	(void)state;
	open_it(&shared);
	assert_int_equal(logged(LEAF_ACCEPTED, 0), before + 1);
	for (unsigned i = 0; i < 3; i++) {
		struct task_row task = task_of(three[i], shared.circle);

		assert_int_equal(task.state, TASK_OPEN);
		assert_int_equal(task.side, i == 0 ? TASK_SENDER : TASK_RECIPIENT);
		assert_string_equal(task.peer, i == 0 ? "police" : "school");
		assert_string_equal(task.purpose, "safety");
		assert_true(circle_is_member(
		    &circle_at(three[i], shared.circle)->circle, "court", UINT64_MAX));
	}
	assert_one_history(three, 3, shared.circle);
}

static void
each_sees_what_its_profile_lets_it_have(void **state)
{
	struct shared shared;
	uint8_t id[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	get_opening(&two.school, shared.circle, id);
	assert_true(was_shown(&two.police, shared.circle, id, FIELD_CHILD_NAME));
	assert_true(was_shown(&two.police, shared.circle, id, FIELD_BEHAVIOUR));
	assert_false(was_shown(&two.police, shared.circle, id, FIELD_HEALTH));
	assert_true(was_shown(&two.third, shared.circle, id, FIELD_CHILD_NAME));
	assert_false(was_shown(&two.third, shared.circle, id, FIELD_BEHAVIOUR));
	assert_true(was_shown(&two.third, shared.circle, id, FIELD_HEALTH));
}

/* What stood before its opening in the log would be void for ever. */
static void
no_act_leaves_before_the_receipt_of_what_opened_its_circle(void **state)
{
	struct database *db = two.school.service->db;
	struct outbox_row opening, next;
	struct shared shared;

	(void)state;
	record_consent(&two.school, &shared);
	assert_int_equal(open_case_with(&shared, police_and_court, 2), STATUS_OK);
	assert_int_equal(report(&two.school, shared.circle, NULL), STATUS_OK);
	assert_int_equal(outbox_store_after(db, OUTBOX_WAITING, now(), 0, &opening), STATUS_OK);
	assert_int_equal(
	    outbox_store_after(db, OUTBOX_WAITING, now(), opening.n, &next), STATUS_NOT_FOUND);
	/* Not even when the opening is put off, and all else is due. */
	opening.state = OUTBOX_RESEAL;
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(outbox_store_set(db, &opening), STATUS_OK);
	service_commit(two.school.service, "act");
	assert_int_equal(
	    outbox_store_after(db, OUTBOX_WAITING, now(), 0, &next), STATUS_NOT_FOUND);
	opening.state = OUTBOX_WAITING;
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(outbox_store_set(db, &opening), STATUS_OK);
	service_commit(two.school.service, "act");
	rooms_settle();
	assert_int_equal(task_of(&two.police, shared.circle).state, TASK_OPEN);
	assert_one_history(three, 3, shared.circle);
}

static void
evidence_of_each_recipient_is_kept_and_then_the_sealed_bytes_go(void **state)
{
	struct shared shared;
	struct outbox_row row;
	struct event_row event;
	uint8_t id[SUITE_ID_LEN];

	(void)state;
	record_consent(&two.school, &shared);
	rooms_kill(&two.third);
	line_disconnect(&two.third);
	assert_int_equal(open_case_with(&shared, police_and_court, 2), STATUS_OK);
	settle();
	get_opening(&two.school, shared.circle, id);
	assert_int_equal(
	    event_store_message(two.school.service->db, id, true, &event), STATUS_OK);
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_DELIVERED, "police"), 1);
	assert_int_equal(
	    outbox_store_of_event(two.school.service->db, event.n, &row), STATUS_OK);
	rooms_settle();
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_DELIVERED, "court"), 1);
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_DELIVERED, NULL), 2);
	assert_int_equal(
	    outbox_store_of_event(two.school.service->db, event.n, &row), STATUS_NOT_FOUND);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(problems(three[i], "gap") +
				     problems(three[i], "bad_evidence") +
				     problems(three[i], "unreadable"),
		    0);
}

static void
who_reads_it_is_told_to_its_author(void **state)
{
	struct shared shared;
	char task[33];
	json_t *shown;

	(void)state;
	open_it(&shared);
	bytes_to_hex(BYTES(shared.circle), task);
	shown = show_to(&two.third, &anna, task);
	assert_true(shows(shown, "fields", "health"));
	assert_false(shows(shown, "fields", "behaviour"));
	json_decref(shown);
	rooms_settle();
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_READ, "court"), 1);
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_READ, NULL), 1);
	/* What was passed on was no message to it. */
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	rooms_settle();
	json_decref(show_to(&two.fourth, &anna, task));
	rooms_settle();
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_READ, "social"), 1);
}

static void
nobody_is_brought_in_whom_the_directory_does_not_have(void **state)
{
	static const char *const to[] = {"police", "nobody"};
	struct shared shared;

	(void)state;
	record_consent(&two.school, &shared);
	assert_int_equal(open_case_with(&shared, to, 2), STATUS_UNKNOWN_PARTY);
	assert_int_equal(
	    open_case_with(&shared, (const char *[]){"school"}, 1), STATUS_BAD_RECIPIENTS);
}

/* ---- A member's word --------------------------------------------------------------------- */

static void
a_members_report_reaches_all_others_under_its_mirror_of_the_leads_record(void **state)
{
	struct line *both[] = {&two.school, &two.third};
	struct shared shared;
	uint8_t id[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	assert_int_equal(report(&two.police, shared.circle, id), STATUS_OK);
	rooms_settle();
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(rows_of(both[i], shared.circle, EVENT_MESSAGE, "police"), 1);
		assert_int_equal(
		    rows_of(&two.police, shared.circle, EVENT_DELIVERED, both[i]->config.code),
		    1);
	}
	assert_false(was_shown(&two.school, shared.circle, id, FIELD_HEALTH));
	assert_true(was_shown(&two.third, shared.circle, id, FIELD_HEALTH));
	assert_true(was_shown(&two.third, shared.circle, id, FIELD_FAMILY));
	assert_one_history(three, 3, shared.circle);
}

static void
a_suspended_member_does_not_stop_the_others_and_is_put_down(void **state)
{
	struct history_pass passed;
	struct event_row event;
	struct shared shared;
	uint8_t id[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	suspend("court");
	settle();
	assert_int_equal(report(&two.school, shared.circle, id), STATUS_OK);
	rooms_settle();
	assert_int_equal(rows_of(&two.police, shared.circle, EVENT_MESSAGE, "school"), 2);
	assert_int_equal(rows_of(&two.third, shared.circle, EVENT_MESSAGE, "school"), 1);
	assert_int_equal(
	    event_store_message(two.school.service->db, id, true, &event), STATUS_OK);
	assert_int_not_equal(event.index, UINT64_MAX);
	assert_int_equal(
	    history_store_pass(two.school.service->db, event.n, "court", &passed), STATUS_OK);
	assert_int_equal(passed.status, STATUS_SUSPENDED);
	assert_int_equal(history_store_pass(two.school.service->db, event.n, "police", &passed),
	    STATUS_NOT_FOUND);
}

/* The refusal comes for what was sealed before. */
static void
whom_the_broker_refuses_is_left_out_and_the_others_have_it(void **state)
{
	struct history_pass passed;
	struct event_row event;
	struct shared shared;
	uint8_t first[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	line_disconnect(&two.school);
	assert_int_equal(report(&two.school, shared.circle, first), STATUS_OK);
	assert_int_equal(
	    event_store_message(two.school.service->db, first, true, &event), STATUS_OK);
	suspend("court");
	rooms_settle();
	assert_int_equal(event_store_get(two.school.service->db, event.n, &event), STATUS_OK);
	assert_memory_not_equal(event.message, first, sizeof(first));
	assert_int_not_equal(event.index, UINT64_MAX);
	assert_false(event.dead);
	assert_int_equal(rows_of(&two.police, shared.circle, EVENT_MESSAGE, "school"), 2);
	assert_int_equal(
	    history_store_pass(two.school.service->db, event.n, "court", &passed), STATUS_OK);
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_REFUSED, NULL), 0);
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_DELIVERED, "police"), 2);
	assert_int_equal(outbox_rows(&two.school), 0);
}

static void
what_is_sealed_anew_does_not_go_to_who_left_since(void **state)
{
	struct event_row event;
	struct shared shared;
	uint8_t id[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	rooms_settle();
	line_disconnect(&two.school);
	assert_int_equal(report(&two.school, shared.circle, id), STATUS_OK);
	assert_int_equal(
	    event_store_message(two.school.service->db, id, true, &event), STATUS_OK);
	assert_int_equal(
	    plain(&two.police, shared.circle, MESSAGE_CASE_LEAVE, NULL), STATUS_OK);
	settle();
	suspend("court");
	rooms_settle();
	assert_int_equal(event_store_get(two.school.service->db, event.n, &event), STATUS_OK);
	assert_int_not_equal(event.index, UINT64_MAX);
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_MESSAGE, "police"), 1);
	assert_int_equal(
	    event_store_message(two.fourth.service->db, event.message, false, &event),
	    STATUS_OK);
	assert_int_equal(
	    event_store_message(two.police.service->db, event.message, false, &event),
	    STATUS_NOT_FOUND);
}

static void
where_all_have_left_it_is_sealed_anew_without_its_content(void **state)
{
	struct event_row event, came;
	struct shared shared;
	uint8_t id[SUITE_ID_LEN];
	enum status rc;

	(void)state;
	open_it(&shared);
	line_disconnect(&two.school);
	assert_int_equal(report(&two.school, shared.circle, id), STATUS_OK);
	assert_int_equal(
	    event_store_message(two.school.service->db, id, true, &event), STATUS_OK);
	assert_int_equal(
	    plain(&two.police, shared.circle, MESSAGE_CASE_LEAVE, NULL), STATUS_OK);
	settle();
	suspend("court");
	rooms_settle();
	assert_int_equal(event_store_get(two.school.service->db, event.n, &event), STATUS_OK);
	assert_int_not_equal(event.index, UINT64_MAX);
	rc = event_store_message(two.police.service->db, event.message, false, &came);
	assert_true(rc == STATUS_OK || rc == STATUS_NOT_FOUND);
	if (rc == STATUS_OK)
		assert_false(
		    was_shown(&two.police, shared.circle, event.message, FIELD_EXPLANATION));
}

/* ---- Grounds ----------------------------------------------------------------------------- */

static void
a_stop_of_the_record_ends_the_reference_of_each_and_what_rests_on_the_mirrors(void **state)
{
	struct shared shared;
	struct ref_row ref = {0};
	unsigned stopped = 0;

	(void)state;
	open_it(&shared);
	withdraw(&shared);
	rooms_settle();
	while (ground_store_ref_of(
		   two.school.service->db, shared.ground.n, REF_OURS, ref.n, &ref) == STATUS_OK)
		stopped += ref.stop_index != UINT64_MAX && ref.stop_index != 0;
	assert_int_equal(stopped, 2);
	assert_int_equal(report(&two.school, shared.circle, NULL), STATUS_NO_CONSENT);
	assert_int_equal(report(&two.police, shared.circle, NULL), STATUS_NO_CONSENT);
	assert_int_equal(report(&two.third, shared.circle, NULL), STATUS_NO_CONSENT);
	/* Acts alone need no ground: the case goes on. */
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_CLOSE, NULL), STATUS_OK);
	rooms_settle();
	assert_int_equal(task_of(&two.third, shared.circle).state, TASK_CLOSED);
	assert_one_history(three, 3, shared.circle);
}

static void
what_never_left_is_taken_back_from_all_whose_reference_stops(void **state)
{
	struct event_row event;
	struct shared shared;
	uint8_t id[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	line_disconnect(&two.school);
	assert_int_equal(report(&two.school, shared.circle, id), STATUS_OK);
	withdraw(&shared);
	assert_int_equal(
	    event_store_message(two.school.service->db, id, true, &event), STATUS_OK);
	assert_true(event.dead);
	rooms_settle();
	assert_int_equal(rows_of(&two.police, shared.circle, EVENT_MESSAGE, "school"), 1);
	assert_one_history(three, 3, shared.circle);
}

/* ---- Once, whatever happens -------------------------------------------------------------- */

static bool
always(void)
{
	return true;
}

static void
what_is_delivered_twice_is_applied_once(void **state)
{
	struct shared shared;

	(void)state;
	two.twice = always;
	open_it(&shared);
	assert_int_equal(report(&two.third, shared.circle, NULL), STATUS_OK);
	rooms_settle();
	assert_int_equal(rows_of(&two.police, shared.circle, EVENT_MESSAGE, NULL), 2);
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_MESSAGE, NULL), 2);
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_DELIVERED, NULL), 2);
	assert_one_history(three, 3, shared.circle);
}

static void
a_restart_between_sealing_and_the_receipt_loses_and_doubles_nothing(void **state)
{
	unsigned before = logged(LEAF_ACCEPTED, 0);
	struct shared shared;

	(void)state;
	record_consent(&two.school, &shared);
	assert_int_equal(open_case_with(&shared, police_and_court, 2), STATUS_OK);
	line_restart(&two.school);
	assert_int_equal(task_of(&two.school, shared.circle).state, TASK_PENDING);
	/* It is logged, and the receipt is lost. */
	service_tick(two.school.service);
	arrivals_run(two.school.service);
	two.school.up = false;
	for (unsigned i = 0; i < two.school.count; i++) {
		room_take(two.room, &two.school.peer, bytes_of_buffer(&two.school.queue[i]));
		carry();
	}
	line_restart(&two.school);
	rooms_settle();
	assert_int_equal(logged(LEAF_ACCEPTED, 0), before + 1);
	assert_int_equal(task_of(&two.school, shared.circle).state, TASK_OPEN);
	assert_one_history(three, 3, shared.circle);
	assert_int_equal(outbox_rows(&two.school), 0);
}

/* ---- Who may ----------------------------------------------------------------------------- */

static void
who_joins_later_has_the_whole_history(void **state)
{
	struct shared shared;
	struct task_row task;

	(void)state;
	open_it(&shared);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	rooms_settle();
	task = task_of(&two.fourth, shared.circle);
	assert_int_equal(task.state, TASK_OPEN);
	assert_int_equal(task.side, TASK_RECIPIENT);
	assert_int_equal(rows_of(&two.fourth, shared.circle, EVENT_MESSAGE, "school"), 2);
	assert_one_history(rooms, ROOMS, shared.circle);
	assert_true(circle_is_member(
	    &circle_at(&two.police, shared.circle)->circle, "social", UINT64_MAX));
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_DELIVERED, "social"), 1);
}

static void
who_is_removed_is_a_member_no_more_and_says_so_itself(void **state)
{
	struct shared shared;
	uint8_t id[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	/* It does not know yet, and is not heard. */
	line_disconnect(&two.third);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_REMOVE, "court"), STATUS_OK);
	settle();
	assert_int_equal(report(&two.third, shared.circle, id), STATUS_OK);
	rooms_settle();
	assert_int_equal(task_of(&two.third, shared.circle).side, TASK_ONLOOKER);
	assert_int_equal(report(&two.third, shared.circle, NULL), STATUS_NOT_A_MEMBER);
	assert_one_history(three, 3, shared.circle);
	assert_int_equal(report(&two.police, shared.circle, NULL), STATUS_OK);
	rooms_settle();
	assert_int_equal(rows_of(&two.third, shared.circle, EVENT_MESSAGE, "police"), 0);
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_MESSAGE, "police"), 1);
}

static void
set_action(struct content *content, const char *party)
{
	assert_int_equal(content_start(MESSAGE_ACTION_ASSIGN, content), STATUS_OK);
	set_text(content, FIELD_PARTY, party);
	set_text(content, FIELD_DUE, "2030-09-01");
	set_text(content, FIELD_URGENCY, "normal");
	set_text(content, FIELD_EXPLANATION, "Aprunāties");
}

static void
who_opens_a_task_a_second_time_changes_nothing_of_it(void **state)
{
	struct task_row was, task;
	struct shared shared, own;
	struct content content;

	(void)state;
	open_it(&shared);
	record_consent(&two.police, &own);
	task = new_task(
	    &shared, MESSAGE_ACTION_ASSIGN, task_of(&two.school, shared.circle).circle_n);
	set_action(&content, "court");
	assert_int_equal(act_on(&two.school, &task, &content, NULL), STATUS_OK);
	rooms_settle();
	was = task_of(&two.third, task.id);
	task = task_of(&two.police, task.id);
	task.ground_n = own.ground.n;
	set_action(&content, "school");
	assert_int_equal(act_on(&two.police, &task, &content, NULL), STATUS_OK);
	rooms_settle();
	assert_int_equal(rows_of(&two.third, task.id, EVENT_MESSAGE, "police"), 1);
	task = task_of(&two.third, task.id);
	assert_int_not_equal(was.ground_n, 0);
	assert_int_equal(task.ground_n, was.ground_n);
	assert_string_equal(task.purpose, was.purpose);
	assert_int_equal(task.state, was.state);
}

/* LINE says that the report ID was sent in error. */
static enum status
take_back(struct line *line, const uint8_t circle[SUITE_ID_LEN], const uint8_t id[SUITE_ID_LEN])
{
	struct task_row task = task_of(line, circle);
	struct content content;

	assert_int_equal(content_start(MESSAGE_CASE_MISTAKE, &content), STATUS_OK);
	assert_int_equal(content_set_id(&content, FIELD_MISTAKEN, id), STATUS_OK);
	set_text(&content, FIELD_ERROR_REASON, "wrong_child");
	return act_on(line, &task, &content, NULL);
}

static bool
is_void(struct line *line, const uint8_t circle[SUITE_ID_LEN], const uint8_t id[SUITE_ID_LEN])
{
	const struct circles *circles = circle_at(line, circle);

	for (size_t i = 0; i < circles->count; i++)
		if (memcmp(circles->acts[i].message, id, SUITE_ID_LEN) == 0)
			return circles->voids[i];
	fail_msg("it has no such act");
	return false;
}

static void
a_report_sent_in_error_is_void_for_all_and_only_its_author_says_so(void **state)
{
	struct shared shared;
	uint8_t wrong[SUITE_ID_LEN], right[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	assert_int_equal(report(&two.police, shared.circle, wrong), STATUS_OK);
	assert_int_equal(report(&two.police, shared.circle, right), STATUS_OK);
	rooms_settle();
	assert_int_equal(take_back(&two.school, shared.circle, right), STATUS_OK);
	assert_int_equal(take_back(&two.police, shared.circle, wrong), STATUS_OK);
	rooms_settle();
	for (unsigned i = 0; i < 3; i++) {
		assert_true(is_void(three[i], shared.circle, wrong));
		assert_false(is_void(three[i], shared.circle, right));
		/* Read anew it is the same. */
		circles_forget(three[i]->service);
		assert_true(is_void(three[i], shared.circle, wrong));
		assert_false(is_void(three[i], shared.circle, right));
	}
	assert_one_history(three, 3, shared.circle);
}

/* What waits for its receipt decides nothing of what is in the log. */
static void
what_takes_back_a_report_behind_the_closing_of_its_case_takes_back_nothing(void **state)
{
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	assert_int_equal(report(&two.police, shared.circle, told), STATUS_OK);
	rooms_settle();
	line_disconnect(&two.police);
	assert_int_equal(take_back(&two.police, shared.circle, told), STATUS_OK);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_CLOSE, NULL), STATUS_OK);
	settle();
	rooms_settle();
	for (unsigned i = 0; i < 3; i++)
		assert_false(is_void(three[i], shared.circle, told));
	assert_one_history(three, 3, shared.circle);
}

/* What LINE says into a circle of which it knows the names, but is no member. */
static void
say_as_a_stranger(struct line *line, const uint8_t circle[SUITE_ID_LEN], uint64_t applied,
    uint64_t count, const uint8_t digest[SUITE_HASH_LEN])
{
	struct task_row known = task_of(&two.school, circle);
	struct departure departure = {0};
	struct letter letter = {.count = 1, .life_ms = LETTER_LIFE_MS};
	struct event_row row = {.own = true, .index = UINT64_MAX, .time_ms = now()};
	struct shared shared;
	struct content content;
	struct case_key key;
	struct task_row task;
	uint32_t item;

	record_consent(line, &shared);
	task = new_task(&shared, MESSAGE_CASE_OPEN, 0);
	memcpy(task.token, known.token, sizeof(task.token));
	letter.task = &task;
	letter.content = &content;
	letter.to[0].allowed = CATEGORY_ALL;
	snprintf(letter.to[0].party, sizeof(letter.to[0].party), "school");
	assert_int_equal(content_start(MESSAGE_CASE_CLOSE, &content), STATUS_OK);
	set_text(&content, FIELD_OUTCOME, "goal_reached");
	assert_int_equal(content_set_id(&content, FIELD_TASK, circle), STATUS_OK);
	assert_int_equal(content_set_uint(&content, FIELD_APPLIED, applied), STATUS_OK);
	assert_int_equal(content_set_uint(&content, FIELD_HISTORY_COUNT, count), STATUS_OK);
	assert_int_equal(content_set_hash(&content, FIELD_HISTORY, digest), STATUS_OK);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(case_file_key(line->service, task.case_n, &key), STATUS_OK);
	assert_int_equal(case_store_next_task(line->service->db, &task.n), STATUS_OK);
	assert_int_equal(case_store_add_task(line->service->db, &task), STATUS_OK);
	row.task_n = task.n;
	assert_int_equal(
	    departure_letter(line->service, &departure, &letter, row.message, &item),
	    STATUS_OK);
	assert_int_equal(
	    case_file_add_message(line->service, &key, &row, &content, NULL), STATUS_OK);
	departure_of_event(&departure, item, row.n);
	assert_int_equal(departure_sign(line->service, &departure), STATUS_OK);
	service_commit(line->service, "act");
	departure_free(&departure);
	content_free(&content);
	vault_forget(&key);
}

static void
a_stranger_who_knows_the_history_is_refused_as_no_member(void **state)
{
	uint8_t digest[SUITE_HASH_LEN];
	struct shared shared;
	uint64_t count;

	(void)state;
	open_it(&shared);
	assert_int_equal(
	    circles_digest(circle_at(&two.school, shared.circle),
		circles_last(circle_at(&two.school, shared.circle)), &count, digest),
	    STATUS_OK);
	say_as_a_stranger(&two.fourth, shared.circle,
	    circles_last(circle_at(&two.school, shared.circle)), count, digest);
	rooms_settle();
	assert_int_equal(why_unreadable(&two.school), STATUS_NOT_A_MEMBER);
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_MESSAGE, NULL), 1);
	assert_int_equal(task_of(&two.school, shared.circle).state, TASK_OPEN);
	assert_one_history(three, 3, shared.circle);
}

static void
a_stranger_whose_joining_a_gap_may_hide_is_kept_and_void(void **state)
{
	static const uint8_t digest[SUITE_HASH_LEN] = {1};
	struct shared shared;

	(void)state;
	open_it(&shared);
	say_as_a_stranger(&two.fourth, shared.circle, 0, 7, digest);
	rooms_settle();
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_MESSAGE, "social"), 1);
	assert_int_equal(task_of(&two.school, shared.circle).state, TASK_OPEN);
	assert_one_history(three, 3, shared.circle);
}

static void
one_stranger_does_not_take_the_place_of_another(void **state)
{
	static const uint8_t digest[SUITE_HASH_LEN] = {1};
	struct shared shared;

	(void)state;
	record_consent(&two.school, &shared);
	assert_int_equal(open_case_with(&shared, police_and_court, 1), STATUS_OK);
	rooms_settle();
	for (unsigned i = 0; i < 20; i++)
		say_as_a_stranger(&two.fourth, shared.circle, 0, 7, digest);
	rooms_settle();
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_MESSAGE, "social"), 16);
	say_as_a_stranger(&two.third, shared.circle, 0, 7, digest);
	rooms_settle();
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_MESSAGE, "court"), 1);
}

/* ---- Sides ------------------------------------------------------------------------------- */

static struct task_row
begin_in(const struct shared *shared, enum message opening, const char *party)
{
	struct task_row frame = task_of(shared->line, shared->circle);
	struct task_row task = new_task(shared, opening, frame.circle_n);
	struct content content;

	assert_int_equal(content_start(opening, &content), STATUS_OK);
	set_text(&content, FIELD_PARTY, party);
	set_text(&content, FIELD_DUE, "1973-01-15");
	if (opening == MESSAGE_ACTION_ASSIGN) {
		set_text(&content, FIELD_URGENCY, "normal");
		set_text(&content, FIELD_EXPLANATION, "Aprunāties");
	}
	assert_int_equal(act_on(shared->line, &task, &content, NULL), STATUS_OK);
	rooms_settle();
	return task;
}

static void
answer_in(struct line *line, const struct task_row *of, enum message type)
{
	struct task_row task = task_of(line, of->id);
	struct content content;

	assert_int_equal(content_start(type, &content), STATUS_OK);
	assert_int_equal(act_on(line, &task, &content, NULL), STATUS_OK);
	rooms_settle();
}

static void
an_action_is_its_addressees_and_others_look_on(void **state)
{
	struct shared shared;
	struct task_row task;

	(void)state;
	open_it(&shared);
	task = begin_in(&shared, MESSAGE_ACTION_ASSIGN, "police");
	assert_int_equal(task_of(&two.school, task.id).side, TASK_SENDER);
	assert_int_equal(task_of(&two.police, task.id).side, TASK_RECIPIENT);
	assert_int_equal(task_of(&two.third, task.id).side, TASK_ONLOOKER);
	assert_string_equal(task_of(&two.school, task.id).peer, "police");
	assert_string_equal(task_of(&two.third, task.id).peer, "school");
	assert_int_equal(
	    task_of(&two.police, task.id).case_n, task_of(&two.police, shared.circle).case_n);
	answer_in(&two.police, &task, MESSAGE_ACTION_ACCEPT);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(task_of(three[i], task.id).state, TASK_ACCEPTED);
	/* An onlooker's word moves nothing. */
	answer_in(&two.third, &task, MESSAGE_ACTION_START);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(task_of(three[i], task.id).state, TASK_ACCEPTED);
	assert_one_history(three, 3, shared.circle);
}

static void
with_the_lead_the_sides_of_all_tasks_change_at_once(void **state)
{
	struct shared shared;
	struct task_row action, transfer;

	(void)state;
	open_it(&shared);
	action = begin_in(&shared, MESSAGE_ACTION_ASSIGN, "police");
	transfer = begin_in(&shared, MESSAGE_LEAD_OFFER, "court");
	assert_int_equal(task_of(&two.third, transfer.id).side, TASK_RECIPIENT);
	answer_in(&two.third, &transfer, MESSAGE_LEAD_ACCEPT);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(task_of(three[i], shared.circle).side,
		    three[i] == &two.third ? TASK_SENDER : TASK_RECIPIENT);
		assert_string_equal(
		    circle_lead(&circle_at(three[i], shared.circle)->circle, UINT64_MAX),
		    "court");
	}
	assert_int_equal(task_of(&two.third, action.id).side, TASK_SENDER);
	assert_int_equal(task_of(&two.school, action.id).side, TASK_ONLOOKER);
	assert_int_equal(task_of(&two.police, action.id).side, TASK_RECIPIENT);
	assert_string_equal(task_of(&two.police, action.id).peer, "court");
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_CLOSE, NULL), STATUS_OK);
	rooms_settle();
	assert_int_equal(task_of(&two.police, shared.circle).state, TASK_OPEN);
}

static unsigned
alarms_at(struct line *line, const struct task_row *of)
{
	struct task_row task = task_of(line, of->id);
	struct alarm_row open[DEADLINE_MAX];
	unsigned count;

	assert_int_equal(
	    alarm_store_open_of(line->service->db, task.n, DEADLINE_MAX, open, &count),
	    STATUS_OK);
	for (unsigned i = 0; i < count; i++)
		assert_int_equal(open[i].ours, task.side == TASK_RECIPIENT);
	return count;
}

static void
with_the_lead_goes_who_is_alarmed_of_what_is_overdue(void **state)
{
	struct shared shared;
	struct task_row action, transfer;

	(void)state;
	open_it(&shared);
	action = begin_in(&shared, MESSAGE_ACTION_ASSIGN, "police");
	issue_head();
	pass(6 * DAY_MS);
	issue_head();
	rooms_settle();
	transfer = begin_in(&shared, MESSAGE_LEAD_OFFER, "court");
	assert_int_equal(alarms_at(&two.school, &action), 1);
	assert_int_equal(alarms_at(&two.police, &action), 1);
	assert_int_equal(alarms_at(&two.third, &action), 0);
	answer_in(&two.third, &transfer, MESSAGE_LEAD_ACCEPT);
	assert_string_equal(task_of(&two.school, shared.circle).peer, "court");
	assert_int_equal(alarms_at(&two.school, &action), 0);
	assert_int_equal(alarms_at(&two.police, &action), 1);
	assert_int_equal(alarms_at(&two.third, &action), 1);
}

/* ---- Erasing ----------------------------------------------------------------------------- */

static void
an_erased_case_leaves_the_circle_folded_as_before(void **state)
{
	struct shared shared;
	struct task_row task;

	(void)state;
	open_it(&shared);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_CLOSE, NULL), STATUS_OK);
	rooms_settle();
	task = task_of(&two.police, shared.circle);
	erase_case(&two.police, task.case_n);
	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(case_file_refold(two.police.service, &task, "test"), STATUS_OK);
	service_commit(two.police.service, "act");
	assert_int_equal(task_of(&two.police, shared.circle).state, TASK_CLOSED);
	assert_one_history(three, 3, shared.circle);
	/* What comes for it later cannot be kept, and its author is told. */
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_REOPEN, NULL), STATUS_OK);
	rooms_settle();
	assert_int_equal(rows_of(&two.school, shared.circle, EVENT_UNREADABLE, "police"), 1);
	assert_int_equal(task_of(&two.third, shared.circle).state, TASK_OPEN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CIRCLE_TEST(a_case_opened_with_two_others_is_one_entry_and_one_history),
	    CIRCLE_TEST(each_sees_what_its_profile_lets_it_have),
	    CIRCLE_TEST(no_act_leaves_before_the_receipt_of_what_opened_its_circle),
	    CIRCLE_TEST(evidence_of_each_recipient_is_kept_and_then_the_sealed_bytes_go),
	    CIRCLE_TEST(who_reads_it_is_told_to_its_author),
	    CIRCLE_TEST(nobody_is_brought_in_whom_the_directory_does_not_have),
	    CIRCLE_TEST(
		a_members_report_reaches_all_others_under_its_mirror_of_the_leads_record),
	    CIRCLE_TEST(a_suspended_member_does_not_stop_the_others_and_is_put_down),
	    CIRCLE_TEST(whom_the_broker_refuses_is_left_out_and_the_others_have_it),
	    CIRCLE_TEST(what_is_sealed_anew_does_not_go_to_who_left_since),
	    CIRCLE_TEST(where_all_have_left_it_is_sealed_anew_without_its_content),
	    CIRCLE_TEST(
		what_takes_back_a_report_behind_the_closing_of_its_case_takes_back_nothing),
	    CIRCLE_TEST(a_report_sent_in_error_is_void_for_all_and_only_its_author_says_so),
	    CIRCLE_TEST(who_opens_a_task_a_second_time_changes_nothing_of_it),
	    CIRCLE_TEST(
		a_stop_of_the_record_ends_the_reference_of_each_and_what_rests_on_the_mirrors),
	    CIRCLE_TEST(what_never_left_is_taken_back_from_all_whose_reference_stops),
	    CIRCLE_TEST(what_is_delivered_twice_is_applied_once),
	    CIRCLE_TEST(a_restart_between_sealing_and_the_receipt_loses_and_doubles_nothing),
	    CIRCLE_TEST(who_joins_later_has_the_whole_history),
	    CIRCLE_TEST(who_is_removed_is_a_member_no_more_and_says_so_itself),
	    CIRCLE_TEST(a_stranger_who_knows_the_history_is_refused_as_no_member),
	    CIRCLE_TEST(a_stranger_whose_joining_a_gap_may_hide_is_kept_and_void),
	    CIRCLE_TEST(one_stranger_does_not_take_the_place_of_another),
	    CIRCLE_TEST(an_action_is_its_addressees_and_others_look_on),
	    CIRCLE_TEST(with_the_lead_the_sides_of_all_tasks_change_at_once),
	    CIRCLE_TEST(with_the_lead_goes_who_is_alarmed_of_what_is_overdue),
	    CIRCLE_TEST(an_erased_case_leaves_the_circle_folded_as_before),
	};

	return cmocka_run_group_tests_name("circles", tests, NULL, NULL);
}
