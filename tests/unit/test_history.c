/* tests/unit/test_history.c: one history for all members: compared, asked for, passed on by its authors. */
#include "tests/unit/circle_room.h"

#include "protocol/wire/forwarded.h"
#include "services/runtime/exchange/history.h"
#include "services/runtime/exchange/history_inside.h"

static const char *const police_alone[] = {"police"};

static struct history_circle
circle_row(struct line *line, const uint8_t circle[SUITE_ID_LEN])
{
	struct task_row task = task_of(line, circle);
	struct history_circle row;

	assert_int_equal(
	    history_store_circle(line->service->db, task.circle_n, &row), STATUS_OK);
	return row;
}

/* Tasks of SORT at LINE. */
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

static void
assert_no_gap(struct line *const *lines, unsigned count, const uint8_t circle[SUITE_ID_LEN])
{
	for (unsigned i = 0; i < count; i++) {
		assert_false(circle_row(lines[i], circle).gap);
		assert_int_equal(problems(lines[i], "history_gap"), 0);
		assert_int_equal(problems(lines[i], "unreadable"), 0);
	}
}

/* ---- Joining late ------------------------------------------------------------------------ */

static void
who_joins_late_gets_of_each_entry_what_its_ground_lets_it_have(void **state)
{
	struct shared shared;
	uint8_t opening[SUITE_ID_LEN], told[SUITE_ID_LEN];

	(void)state;
	record_consent(&two.school, &shared);
	assert_int_equal(open_case_with(&shared, police_alone, 1), STATUS_OK);
	rooms_settle();
	assert_int_equal(report(&two.police, shared.circle, told), STATUS_OK);
	rooms_settle();
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "court"), STATUS_OK);
	rooms_settle();
	get_opening(&two.school, shared.circle, opening);
	assert_true(was_shown(&two.third, shared.circle, opening, FIELD_CHILD_NAME));
	assert_false(was_shown(&two.third, shared.circle, opening, FIELD_BEHAVIOUR));
	assert_true(was_shown(&two.third, shared.circle, opening, FIELD_HEALTH));
	assert_true(was_shown(&two.third, shared.circle, told, FIELD_FAMILY));
	assert_one_history(rooms, 3, shared.circle);
	assert_no_gap(rooms, 3, shared.circle);
	assert_int_equal(tasks_at(&two.third, "pass"), 2);
	assert_int_equal(task_of(&two.third, shared.circle).state, TASK_OPEN);
}

static void
who_joined_late_says_its_word_and_all_agree(void **state)
{
	struct shared shared;

	(void)state;
	record_consent(&two.school, &shared);
	assert_int_equal(open_case_with(&shared, police_alone, 1), STATUS_OK);
	rooms_settle();
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "court"), STATUS_OK);
	rooms_settle();
	assert_int_equal(report(&two.third, shared.circle, NULL), STATUS_OK);
	rooms_settle();
	assert_one_history(rooms, 3, shared.circle);
	assert_no_gap(rooms, 3, shared.circle);
}

static void
a_report_that_crosses_a_joining_is_passed_on_by_its_author(void **state)
{
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	line_disconnect(&two.police);
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	settle();
	assert_int_equal(report(&two.police, shared.circle, told), STATUS_OK);
	rooms_settle();
	assert_true(was_shown(&two.fourth, shared.circle, told, FIELD_FAMILY));
	assert_one_history(rooms, 4, shared.circle);
	assert_no_gap(rooms, 4, shared.circle);
	/* The opening by the school, the report by the police. */
	assert_int_equal(tasks_at(&two.fourth, "pass"), 2);
}

static void
a_member_whom_no_ground_covers_any_more_gets_acts_alone(void **state)
{
	const struct ground_cause cause = {.person = 1, .role = "case_manager"};
	struct departure departure = {0};
	struct shared shared;
	struct case_key key;
	uint8_t opening[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	service_tick(two.school.service);
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(case_file_key(two.school.service, shared.case_n, &key), STATUS_OK);
	assert_int_equal(grounds_apply(two.school.service, &departure, &key, &shared.ground,
			     CONSENT_EVENT_WITHDRAW, &cause),
	    STATUS_OK);
	assert_int_equal(departure_sign(two.school.service, &departure), STATUS_OK);
	service_commit(two.school.service, "act");
	departure_free(&departure);
	vault_forget(&key);
	rooms_settle();
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	rooms_settle();
	get_opening(&two.school, shared.circle, opening);
	assert_true(was_shown(&two.fourth, shared.circle, opening, FIELD_MUNICIPALITY));
	assert_false(was_shown(&two.fourth, shared.circle, opening, FIELD_CHILD_NAME));
	assert_one_history(rooms, 4, shared.circle);
	assert_no_gap(rooms, 4, shared.circle);
}

/* ---- A gap ------------------------------------------------------------------------------- */

/* As though what stands at INDEX had never come to LINE. */
static void
lose(struct line *line, const uint8_t circle[SUITE_ID_LEN], const uint8_t id[SUITE_ID_LEN])
{
	static const char *const lost[] = {
	    "DELETE FROM circle_acts WHERE event_n = ?",
	    "DELETE FROM events WHERE n = ?",
	};
	struct task_row task = task_of(line, circle);
	struct event_row event;
	struct query *query;

	assert_int_equal(event_store_message(line->service->db, id, false, &event), STATUS_OK);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(database_query(line->service->db, lost[i], &query), STATUS_OK);
		query_bind_uint(query, 1, event.n);
		assert_int_equal(query_run(query), STATUS_OK);
	}
	assert_int_equal(database_query(line->service->db,
			     "DELETE FROM circle_digests WHERE circle_n = ?", &query),
	    STATUS_OK);
	query_bind_uint(query, 1, task.circle_n);
	assert_int_equal(query_run(query), STATUS_OK);
	circles_forget(line->service);
	assert_int_equal(case_file_refold(line->service, &task, "lost"), STATUS_OK);
	service_commit(line->service, "act");
}

static void
an_entry_that_was_lost_is_noticed_asked_for_and_comes(void **state)
{
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	assert_int_equal(report(&two.police, shared.circle, NULL), STATUS_OK);
	assert_int_equal(report(&two.police, shared.circle, told), STATUS_OK);
	rooms_settle();
	lose(&two.third, shared.circle, told);
	assert_int_equal(report(&two.school, shared.circle, NULL), STATUS_OK);
	rooms_settle();
	assert_true(circle_row(&two.third, shared.circle).gap);
	assert_int_equal(tasks_at(&two.third, "ask"), 0);
	pass(HISTORY_ASK_MS + 1);
	assert_int_equal(tasks_at(&two.third, "ask"), 2);
	/* What it has of the school's, and of the police's, does not come again. */
	assert_int_equal(tasks_at(&two.third, "pass"), 1);
	assert_true(was_shown(&two.third, shared.circle, told, FIELD_FAMILY));
	assert_one_history(rooms, 3, shared.circle);
	assert_no_gap(rooms, 3, shared.circle);
	assert_int_equal(circle_row(&two.third, shared.circle).ask_ms, 0);
}

static void
a_gap_that_nobody_fills_is_a_problem_and_is_asked_for_ever_more_seldom(void **state)
{
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];
	uint64_t first, second;

	(void)state;
	open_it(&shared);
	assert_int_equal(report(&two.police, shared.circle, told), STATUS_OK);
	rooms_settle();
	line_disconnect(&two.police);
	two.police.up = false;
	lose(&two.third, shared.circle, told);
	assert_int_equal(report(&two.school, shared.circle, NULL), STATUS_OK);
	settle();
	pass(HISTORY_ASK_MS + 1);
	assert_int_equal(problems(&two.third, "history_gap"), 1);
	first = circle_row(&two.third, shared.circle).ask_ms - two.third.service->now_ms;
	pass(first + 1);
	second = circle_row(&two.third, shared.circle).ask_ms - two.third.service->now_ms;
	assert_true(second > first);
	assert_int_equal(tasks_at(&two.third, "ask"), 4);
	rooms_settle();
	assert_one_history(rooms, 3, shared.circle);
	assert_no_gap(rooms, 3, shared.circle);
}

static enum status
set_aside(struct line *line, const uint8_t circle[SUITE_ID_LEN], const char *party)
{
	enum status rc;

	assert_int_equal(service_begin(line->service), STATUS_OK);
	rc = history_set_aside(line->service, task_of(line, circle).circle_n, party);
	return service_end(line->service, rc, "act");
}

static void
what_nobody_brings_is_set_aside_until_its_author_says_something_else(void **state)
{
	struct shared shared;
	uint8_t told[2][SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(report(&two.police, shared.circle, told[i]), STATUS_OK);
	rooms_settle();
	line_disconnect(&two.police);
	two.police.up = false;
	lose(&two.third, shared.circle, told[0]);
	assert_int_equal(set_aside(&two.third, shared.circle, "school"), STATUS_WRONG_STATE);
	assert_int_equal(set_aside(&two.third, shared.circle, "nobody"), STATUS_NOT_FOUND);
	assert_int_equal(report(&two.school, shared.circle, NULL), STATUS_OK);
	settle();
	for (unsigned i = 0; i < HISTORY_ASIDE_ASKS; i++) {
		assert_int_equal(set_aside(&two.third, shared.circle, "school"), STATUS_AGAIN);
		pass(HISTORY_ASK_MAX_MS / 4);
	}
	assert_int_equal(set_aside(&two.third, shared.circle, "school"), STATUS_OK);
	assert_no_gap((struct line *const[]){&two.third}, 1, shared.circle);
	assert_int_equal(circle_row(&two.third, shared.circle).ask_ms, 0);
	/* As many more as before, and yet one more. */
	assert_int_equal(report(&two.school, shared.circle, NULL), STATUS_OK);
	settle();
	assert_false(circle_row(&two.third, shared.circle).gap);
	lose(&two.third, shared.circle, told[1]);
	assert_int_equal(report(&two.school, shared.circle, NULL), STATUS_OK);
	settle();
	assert_true(circle_row(&two.third, shared.circle).gap);
	rooms_settle();
	pass(HISTORY_ASK_MAX_MS);
	assert_one_history(rooms, 3, shared.circle);
	assert_no_gap(rooms, 3, shared.circle);
}

/* ---- Forged ------------------------------------------------------------------------------ */

/* LINE passes on to PEER what stands at INDEX, showing ALLOWED, whoever wrote it. */
static void
forge(struct line *line, const struct shared *shared, const char *peer,
    const uint8_t id[SUITE_ID_LEN], bool own, category_set allowed, uint64_t shift)
{
	struct task_row frame = task_of(line, shared->circle);
	struct history_circle circle = circle_row(line, shared->circle);
	struct task_row task = {
	    .case_n = frame.case_n, .sort = task_sort_of(MESSAGE_HISTORY_PASS_ACTS)};
	struct buffer leaf = {0}, note = {0}, shown = {0};
	struct content content = {0}, out = {0};
	struct frame_proven proven;
	struct departure departure = {0};
	struct event_row event;
	struct case_key key;

	service_tick(line->service);
	assert_int_equal(service_begin(line->service), STATUS_OK);
	assert_int_equal(event_store_message(line->service->db, id, own, &event), STATUS_OK);
	assert_int_equal(case_file_key(line->service, frame.case_n, &key), STATUS_OK);
	assert_int_equal(case_file_content(line->service, &key, &event, &content), STATUS_OK);
	assert_int_equal(
	    event_store_proven(line->service->db, event.index, &leaf, &proven.path, &note),
	    STATUS_OK);
	proven.index = event.index + shift;
	proven.leaf = bytes_of_buffer(&leaf);
	proven.checkpoint = bytes_of_buffer(&note);
	forwarded_encode(&proven, &content, allowed, 0, &shown);
	assert_int_equal(content_start(MESSAGE_HISTORY_PASS_ACTS, &out), STATUS_OK);
	assert_int_equal(
	    forwarded_set(&out, FIELD_PASSED_ACTS, bytes_of_buffer(&shown)), STATUS_OK);
	snprintf(task.peer, sizeof(task.peer), "%s", peer);
	assert_int_equal(
	    history_send(line->service, &departure, &circle, &task, &out), STATUS_OK);
	assert_int_equal(departure_sign(line->service, &departure), STATUS_OK);
	service_commit(line->service, "act");
	departure_free(&departure);
	content_free(&content);
	content_free(&out);
	buffer_free(&leaf);
	buffer_free(&note);
	buffer_free(&shown);
	vault_forget(&key);
}

/* How the last pass of LINE was called unreadable. */
static enum status
verdict_on(struct line *line)
{
	struct task_filter filter = {
	    .sides = TASK_SENDER | TASK_RECIPIENT, .state = TASK_STATE_COUNT};
	struct event_row *rows;
	struct task_row task;
	enum status rc = STATUS_OK;
	size_t count;

	do {
		assert_int_equal(
		    case_store_next_of(line->service->db, &filter, &task), STATUS_OK);
		filter.before = task.n;
	} while (strcmp(task.sort->name, "pass") != 0);
	assert_int_equal(event_store_load(line->service->db, task.n, &rows, &count), STATUS_OK);
	for (size_t i = 0; i < count; i++)
		if (rows[i].what == EVENT_UNREADABLE)
			rc = rows[i].status;
	free(rows);
	return rc;
}

static void
nobody_passes_on_what_another_wrote(void **state)
{
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	assert_int_equal(report(&two.police, shared.circle, told), STATUS_OK);
	rooms_settle();
	forge(&two.school, &shared, "court", told, false, CATEGORY_BIT(CATEGORY_ACT), 0);
	rooms_settle();
	assert_int_equal(verdict_on(&two.school), STATUS_NOT_PERMITTED);
	assert_one_history(rooms, 3, shared.circle);
}

static void
what_stands_elsewhere_or_shows_more_than_acts_is_refused(void **state)
{
	struct shared shared;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	assert_int_equal(report(&two.police, shared.circle, told), STATUS_OK);
	rooms_settle();
	forge(&two.police, &shared, "court", told, true, CATEGORY_BIT(CATEGORY_ACT), 1);
	rooms_settle();
	assert_int_equal(verdict_on(&two.police), STATUS_BAD_PROOF);
	forge(&two.police, &shared, "court", told, true, CATEGORY_ALL, 0);
	rooms_settle();
	assert_int_equal(verdict_on(&two.police), STATUS_OUTSIDE_GROUND);
	/* To whom has it, it says nothing new. */
	forge(&two.police, &shared, "court", told, true, CATEGORY_BIT(CATEGORY_ACT), 0);
	rooms_settle();
	assert_int_equal(verdict_on(&two.police), STATUS_OK);
	assert_one_history(rooms, 3, shared.circle);
}

static void
what_came_with_acts_alone_is_filled_in_when_its_content_is_passed_on(void **state)
{
	struct shared shared;
	struct event_row event;
	uint8_t told[SUITE_ID_LEN];

	(void)state;
	open_it(&shared);
	assert_int_equal(report(&two.police, shared.circle, told), STATUS_OK);
	rooms_settle();
	lose(&two.third, shared.circle, told);
	forge(&two.police, &shared, "court", told, true, CATEGORY_BIT(CATEGORY_ACT), 0);
	rooms_settle();
	assert_false(was_shown(&two.third, shared.circle, told, FIELD_FAMILY));
	assert_one_history(rooms, 3, shared.circle);
	assert_int_equal(
	    event_store_message(two.police.service->db, told, true, &event), STATUS_OK);
	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(
	    history_put_down(two.police.service, event.n, "court", STATUS_OK, now()),
	    STATUS_OK);
	service_commit(two.police.service, "act");
	rooms_settle();
	assert_true(was_shown(&two.third, shared.circle, told, FIELD_FAMILY));
	assert_one_history(rooms, 3, shared.circle);
	assert_no_gap(rooms, 3, shared.circle);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CIRCLE_TEST(who_joins_late_gets_of_each_entry_what_its_ground_lets_it_have),
	    CIRCLE_TEST(who_joined_late_says_its_word_and_all_agree),
	    CIRCLE_TEST(a_report_that_crosses_a_joining_is_passed_on_by_its_author),
	    CIRCLE_TEST(a_member_whom_no_ground_covers_any_more_gets_acts_alone),
	    CIRCLE_TEST(an_entry_that_was_lost_is_noticed_asked_for_and_comes),
	    CIRCLE_TEST(what_nobody_brings_is_set_aside_until_its_author_says_something_else),
	    CIRCLE_TEST(a_gap_that_nobody_fills_is_a_problem_and_is_asked_for_ever_more_seldom),
	    CIRCLE_TEST(what_came_with_acts_alone_is_filled_in_when_its_content_is_passed_on),
	    CIRCLE_TEST(nobody_passes_on_what_another_wrote),
	    CIRCLE_TEST(what_stands_elsewhere_or_shows_more_than_acts_is_refused),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
