/* tests/unit/test_deadlines.c: deadlines of two real services: set, mirrored, told once. */
#include "tests/unit/service_room.h"

#include "services/runtime/exchange/alarms.h"
#include "services/runtime/exchange/deadlines.h"
#include "services/runtime/task/calendar.h"

#define MINUTE_MS 60000ULL
#define HOUR_MS   (60 * MINUTE_MS)

/* ---- Looking ----------------------------------------------------------------------------- */

static struct task_row
row_of(struct line *line, const char *task)
{
	struct task_row row;
	uint8_t id[SUITE_ID_LEN];

	assert_true(bytes_from_hex(bytes_of_text(task), id, SUITE_ID_LEN));
	assert_int_equal(case_store_find_task(line->service->db, id, &row), STATUS_OK);
	return row;
}

/* Whether TASK has a deadline of WHAT here. */
static bool
has(struct line *line, const char *task, const char *what, struct deadline_row *out)
{
	struct deadline_row rows[DEADLINE_MAX];
	unsigned count;

	assert_int_equal(
	    deadline_store_of(line->service->db, row_of(line, task).n, rows, &count),
	    STATUS_OK);
	for (unsigned i = 0; i < count; i++)
		if (strcmp(rows[i].what, what) == 0) {
			*out = rows[i];
			return true;
		}
	return false;
}

static struct deadline_row
deadline_of(struct line *line, const char *task, const char *what)
{
	struct deadline_row row;

	if (!has(line, task, what, &row))
		fail_msg("no deadline: %s", what);
	return row;
}

/* Alarms of STAGE (0: any), all or only the open ones. */
static unsigned
alarms(struct line *line, const char *task, const char *what, unsigned stage, bool open)
{
	uint64_t task_n = row_of(line, task).n, before = 0;
	struct alarm_row alarm;
	unsigned count = 0;

	while (alarm_store_before(line->service->db, open, before, &alarm) == STATUS_OK) {
		before = alarm.n;
		count += alarm.task_n == task_n && strcmp(alarm.what, what) == 0 &&
		         (stage == 0 || alarm.stage == stage);
	}
	return count;
}

/* To the instant MS, day by day, as long as the directory must not become stale. */
static void
until(uint64_t ms)
{
	while (ms > now() && ms - now() > DAY_MS) {
		pass(DAY_MS);
		issue_head();
		settle();
	}
	if (ms > now())
		pass(ms - now());
}

static void
assert_mirrored(const char *task)
{
	struct deadline_row ours[DEADLINE_MAX], theirs[DEADLINE_MAX];
	unsigned count, same;

	assert_int_equal(deadline_store_of(
			     two.school.service->db, row_of(&two.school, task).n, ours, &count),
	    STATUS_OK);
	assert_int_equal(deadline_store_of(two.police.service->db, row_of(&two.police, task).n,
			     theirs, &same),
	    STATUS_OK);
	assert_int_equal(count, same);
	for (unsigned i = 0; i < count; i++) {
		assert_string_equal(ours[i].what, theirs[i].what);
		assert_int_equal(ours[i].began_ms, theirs[i].began_ms);
		assert_int_equal(ours[i].due_ms, theirs[i].due_ms);
		assert_int_equal(ours[i].reminder_ms, theirs[i].reminder_ms);
		assert_true(ours[i].ours != theirs[i].ours);
	}
}

/* ---- Every row fires --------------------------------------------------------------------- */

static void
date_in(unsigned days, char out[DEADLINE_DATE])
{
	unsigned month, day;
	int year;

	calendar_civil(calendar_day_at(now()) + (calendar_day)days, &year, &month, &day);
	snprintf(out, DEADLINE_DATE, "%04u-%02u-%02u", (unsigned)year % 10000, month % 100,
	    day % 100);
}

static void
act(struct line *line, const char *task, const char *verb, json_t *request)
{
	assert_int_equal(answer_with(line, task, verb, request), STATUS_OK);
	settle();
}

/* Brings TASK to the first state of a rule. */
static void
bring_to(const char *state, const char *task)
{
	char date[DEADLINE_DATE];

	date_in(6, date);
	if (strcmp(state, "pending") == 0 || strcmp(state, "offered") == 0)
		return;
	if (strcmp(state, "cancel_requested") == 0) {
		act(&two.school, task, "cancel",
		    explained("cancel_reason", "no_longer_needed"));
		return;
	}
	act(&two.police, task, "review", NULL);
	if (strcmp(state, "info_requested") == 0) {
		act(&two.police, task, "ask", json_pack("{s:s}", "question", "Kur?"));
		return;
	}
	if (strcmp(state, "declined") == 0) {
		act(&two.police, task, "decline", explained("decline_reason", "no_capacity"));
		return;
	}
	act(&two.police, task, "accept", json_pack("{s:s}", "due", date));
	if (strcmp(state, "on_hold") == 0)
		act(&two.police, task, "hold",
		    json_pack("{s:s, s:s}", "hold_reason", "waiting_family", "until", date));
	else if (strcmp(state, "outcome_reported") == 0)
		act(&two.police, task, "outcome", explained("outcome", "goal_reached"));
}

/* From its beginning to its overdue alarm. */
static void
fire(const struct deadline_rule *rule, const char *task)
{
	struct line *owner = rule->senders ? &two.school : &two.police;
	struct line *other = rule->senders ? &two.police : &two.school;
	bool shared = strcmp(rule->what, "leave") != 0;
	struct deadline_row row = deadline_of(owner, task, rule->what);

	assert_true(row.ours && row.stage == DEADLINE_RUNNING);
	if (shared)
		assert_mirrored(task);
	if (row.reminder_ms != 0) {
		until(row.reminder_ms - 1);
		assert_int_equal(alarms(owner, task, rule->what, 0, false), 0);
		until(row.reminder_ms);
		assert_int_equal(alarms(owner, task, rule->what, DEADLINE_REMINDED, true), 1);
	}
	until(row.due_ms - 1);
	assert_int_equal(alarms(owner, task, rule->what, DEADLINE_OVERDUE, false), 0);
	until(row.due_ms);
	assert_int_equal(alarms(owner, task, rule->what, DEADLINE_OVERDUE, true), 1);
	assert_int_equal(alarms(owner, task, rule->what, 0, true), 1);
	if (shared)
		assert_int_equal(alarms(other, task, rule->what, 0, false),
		    rule->mirror_to[0] != '\0' ? 1 : 0);
}

static void
every_row_of_the_list_reminds_and_alarms_whom_it_says(void **state)
{
	struct deadline_rule rule;
	char task[33], first[32];

	(void)state;
	for (unsigned i = 0; deadline_rule_at(i, &rule); i++) {
		if (!deadline_lists(rule.sorts, "referral"))
			continue;
		bool pending = strcmp(rule.states, "pending") == 0;

		if (pending)
			line_disconnect(&two.school);
		refer(rule.urgency[0] != '\0' ? rule.urgency : "normal", task);
		settle();
		snprintf(
		    first, sizeof(first), "%.*s", (int)strcspn(rule.states, ";"), rule.states);
		bring_to(first, task);
		fire(&rule, task);
		if (pending) {
			line_connect(&two.school);
			settle();
			assert_int_equal(alarms(&two.school, task, "leave", 0, true), 0);
		}
	}
}

/* ---- Unread ------------------------------------------------------------------------------ */

static void
an_immediate_referral_unread_for_half_an_hour_alarms_both_sides_until_it_is_read(void **state)
{
	char task[33];

	(void)state;
	refer("immediate", task);
	settle();
	pass(30 * MINUTE_MS - 1);
	assert_int_equal(alarms(&two.school, task, "read", 0, false), 0);
	pass(1);
	assert_int_equal(alarms(&two.school, task, "read", DEADLINE_OVERDUE, true), 1);
	assert_int_equal(alarms(&two.police, task, "read", DEADLINE_OVERDUE, true), 1);
	json_decref(show_to(&two.police, &anna, task));
	settle();
	assert_int_equal(alarms(&two.police, task, "read", 0, true), 0);
	assert_int_equal(alarms(&two.school, task, "read", 0, true), 0);
	assert_int_equal(alarms(&two.school, task, "read", 0, false), 1);
}

static void
what_was_read_in_time_alarms_nobody_and_an_auditor_is_no_reader(void **state)
{
	struct deadline_row row;
	char task[33];

	(void)state;
	refer("immediate", task);
	settle();
	json_decref(show_to(&two.police, &auditor, task));
	settle();
	assert_true(has(&two.police, task, "read", &row));
	json_decref(show_to(&two.police, &anna, task));
	settle();
	assert_false(has(&two.police, task, "read", &row));
	assert_false(has(&two.school, task, "read", &row));
	pass(31 * MINUTE_MS);
	assert_int_equal(alarms(&two.school, task, "read", 0, false), 0);
	assert_int_equal(alarms(&two.police, task, "read", 0, false), 0);
}

static void
the_sender_is_alarmed_while_the_recipient_is_out_of_reach(void **state)
{
	char task[33];

	(void)state;
	line_disconnect(&two.police);
	refer("immediate", task);
	settle();
	pass(30 * MINUTE_MS);
	assert_int_equal(alarms(&two.school, task, "read", DEADLINE_OVERDUE, true), 1);
	/* It comes late: the broker's time counts, so the alarm comes with it. */
	line_connect(&two.police);
	settle();
	assert_int_equal(alarms(&two.police, task, "read", DEADLINE_OVERDUE, true), 1);
	assert_mirrored(task);
}

static void
an_institution_may_be_alarmed_sooner(void **state)
{
	char task[33];

	(void)state;
	two.school.service->config.unread_seconds = 2;
	refer("immediate", task);
	settle();
	pass(1999);
	assert_int_equal(alarms(&two.school, task, "read", 0, false), 0);
	pass(1);
	assert_int_equal(alarms(&two.school, task, "read", 0, true), 1);
	assert_int_equal(alarms(&two.police, task, "read", 0, true), 0);
}

/* ---- Once -------------------------------------------------------------------------------- */

static void
what_was_missed_is_told_once_and_in_order_after_a_restart(void **state)
{
	struct alarm_row alarm;
	char first[33], second[33];
	uint64_t last = 0, before = 0;

	(void)state;
	refer("urgent", second);
	settle();
	pass(MINUTE_MS);
	refer("immediate", first);
	settle();
	json_decref(show_to(&two.police, &anna, first));
	settle();
	line_kill(&two.police);
	until(now() + 4 * DAY_MS);
	line_start(&two.police);
	line_connect(&two.police);
	settle();
	/* What came before, missed as well, is not told: one alarm each. */
	assert_int_equal(alarms(&two.police, first, "decide", 0, false), 1);
	assert_int_equal(alarms(&two.police, second, "decide", 0, false), 1);
	assert_int_equal(alarms(&two.police, first, "decide", DEADLINE_MANAGEMENT, true), 1);
	while (alarm_store_before(two.police.service->db, false, before, &alarm) == STATUS_OK) {
		assert_true(before == 0 || alarm.due_ms <= last);
		last = alarm.due_ms;
		before = alarm.n;
	}
	line_restart(&two.police);
	settle();
	pass(DAY_MS);
	assert_int_equal(alarms(&two.police, first, "decide", 0, false), 1);
}

static void
a_clock_that_goes_back_tells_nothing_twice(void **state)
{
	struct deadline_row row;
	unsigned changes;
	char task[33];

	(void)state;
	refer("immediate", task);
	settle();
	json_decref(show_to(&two.police, &anna, task));
	settle();
	pass(2 * HOUR_MS);
	row = deadline_of(&two.police, task, "decide");
	assert_int_equal(row.stage, DEADLINE_OVERDUE);
	changes = two.police.changes;
	two.police.clock_ahead = -(int64_t)DAY_MS;
	two.police.broker_agrees = true;
	settle();
	two.police.clock_ahead = 0;
	settle();
	pass(20 * MINUTE_MS);
	assert_int_equal(two.police.changes, changes);
	assert_int_equal(alarms(&two.police, task, "decide", 0, false), 1);
	assert_int_equal(deadline_of(&two.police, task, "decide").stage, DEADLINE_OVERDUE);
}

static void
folding_a_task_again_changes_no_deadline_and_raises_nothing(void **state)
{
	struct deadline_row before, after;
	struct task_row task;
	unsigned changes;
	char id[33];

	(void)state;
	refer("immediate", id);
	settle();
	json_decref(show_to(&two.police, &anna, id));
	settle();
	pass(HOUR_MS);
	before = deadline_of(&two.police, id, "decide");
	assert_int_equal(before.stage, DEADLINE_REMINDED);
	task = row_of(&two.police, id);
	changes = two.police.changes;
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(service_begin(two.police.service), STATUS_OK);
		assert_int_equal(
		    case_file_refold(two.police.service, &task, "again"), STATUS_OK);
		service_commit(two.police.service, "test");
		settle();
	}
	/* Each fold is a change; no alarm is one again. */
	assert_int_equal(two.police.changes, changes + 3);
	after = deadline_of(&two.police, id, "decide");
	assert_true(before.due_ms == after.due_ms && before.stage == after.stage &&
		    before.began_ms == after.began_ms);
	assert_int_equal(alarms(&two.police, id, "decide", 0, false), 1);
	assert_int_equal(alarms(&two.police, id, "decide", 0, true), 1);
}

static void
what_fails_to_be_stored_is_told_when_it_can_be(void **state)
{
	char task[33];

	(void)state;
	refer("immediate", task);
	settle();
	two.room->w.now_ms += 30 * MINUTE_MS;
	service_tick(two.school.service);
	two.school.service->deadlines_pause_ms = two.school.service->now_ms + 5000;
	assert_false(deadlines_run(two.school.service));
	assert_int_equal(deadlines_next_ms(two.school.service), schools_now() + 5000);
	two.room->w.now_ms += 5000;
	service_tick(two.school.service);
	assert_true(deadlines_run(two.school.service));
	assert_false(deadlines_run(two.school.service));
	assert_int_equal(alarms(&two.school, task, "read", 0, true), 1);
}

static void
the_next_instant_wakes_the_service(void **state)
{
	char task[33];

	(void)state;
	refer("immediate", task);
	settle();
	pass(29 * MINUTE_MS + 59000);
	assert_int_equal(arrivals_next_ms(two.school.service), schools_now() + 1000);
}

/* ---- Both sides -------------------------------------------------------------------------- */

static void
a_step_moves_the_clock_to_whoever_owes_the_next(void **state)
{
	struct deadline_row row;
	char task[33], date[DEADLINE_DATE];

	(void)state;
	refer("normal", task);
	settle();
	assert_true(deadline_of(&two.police, task, "decide").ours);
	assert_false(deadline_of(&two.school, task, "decide").ours);
	act(&two.police, task, "review", NULL);
	until(deadline_of(&two.police, task, "decide").reminder_ms);
	assert_int_equal(alarms(&two.police, task, "decide", 0, true), 1);
	act(&two.police, task, "ask", json_pack("{s:s}", "question", "Kur?"));
	assert_int_equal(alarms(&two.police, task, "decide", 0, true), 0);
	assert_false(has(&two.police, task, "decide", &row));
	assert_true(deadline_of(&two.school, task, "answer").ours);
	assert_mirrored(task);
	act(&two.school, task, "inform", json_pack("{s:s}", "answer", "Tur"));
	date_in(9, date);
	act(&two.police, task, "accept", json_pack("{s:s}", "due", date));
	assert_true(deadline_of(&two.police, task, "report").ours);
	assert_mirrored(task);
}

/* A cancel and an acceptance that neither had seen of the other. */
static void
acts_that_crossed_give_both_sides_the_same_deadlines(void **state)
{
	char task[33];

	(void)state;
	refer("urgent", task);
	settle();
	act(&two.police, task, "review", NULL);
	assert_int_equal(answer_with(&two.school, task, "cancel",
			     explained("cancel_reason", "no_longer_needed")),
	    STATUS_OK);
	assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_OK);
	pass(HOUR_MS);
	assert_state(&two.school, task, "stop_requested");
	assert_state(&two.police, task, "stop_requested");
	assert_mirrored(task);
	assert_true(deadline_of(&two.police, task, "confirm").ours);
}

/* ---- How far it has come ----------------------------------------------------------------- */

static enum reach
reach(struct line *line, const char *task)
{
	enum reach found;

	assert_int_equal(
	    reach_store_get(line->service->db, row_of(line, task).n, &found), STATUS_OK);
	return found;
}

static void
queued_sent_received_and_read_are_told_apart(void **state)
{
	char task[33];

	(void)state;
	line_disconnect(&two.police);
	line_disconnect(&two.school);
	refer("normal", task);
	settle();
	assert_int_equal(reach(&two.school, task), REACH_QUEUED);
	line_connect(&two.school);
	settle();
	assert_int_equal(reach(&two.school, task), REACH_SENT);
	line_connect(&two.police);
	settle();
	assert_int_equal(reach(&two.school, task), REACH_RECEIVED);
	assert_int_equal(reach(&two.police, task), REACH_RECEIVED);
	json_decref(show_to(&two.police, &anna, task));
	settle();
	assert_int_equal(reach(&two.school, task), REACH_READ);
	assert_int_equal(reach(&two.police, task), REACH_READ);
}

/* ---- Whom -------------------------------------------------------------------------------- */

static void
an_alarm_reaches_the_roles_that_its_words_stand_for(void **state)
{
	const struct alarm_row holder = {.reaches = "holder;supervisor"};
	const struct alarm_row duty = {.reaches = "duty;supervisor"};

	(void)state;
	assert_true(alarms_reach(&holder, ROLE_SPECIALIST, false));
	assert_true(alarms_reach(&holder, ROLE_CASE_MANAGER, false));
	assert_false(alarms_reach(&duty, ROLE_SPECIALIST, false));
	assert_true(alarms_reach(&duty, ROLE_SPECIALIST, true));
	assert_true(alarms_reach(&duty, ROLE_SUPERVISOR, false));
	assert_true(alarms_reach(&holder, ROLE_HEAD, false));
	assert_false(alarms_reach(&holder, ROLE_AUDITOR, true));
	assert_false(alarms_reach(&holder, ROLE_ADMINISTRATOR, true));
	assert_false(alarms_reach(&holder, ROLE_NONE, true));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(every_row_of_the_list_reminds_and_alarms_whom_it_says),
	    SERVICE_TEST(
		an_immediate_referral_unread_for_half_an_hour_alarms_both_sides_until_it_is_read),
	    SERVICE_TEST(what_was_read_in_time_alarms_nobody_and_an_auditor_is_no_reader),
	    SERVICE_TEST(the_sender_is_alarmed_while_the_recipient_is_out_of_reach),
	    SERVICE_TEST(an_institution_may_be_alarmed_sooner),
	    SERVICE_TEST(what_was_missed_is_told_once_and_in_order_after_a_restart),
	    SERVICE_TEST(a_clock_that_goes_back_tells_nothing_twice),
	    SERVICE_TEST(folding_a_task_again_changes_no_deadline_and_raises_nothing),
	    SERVICE_TEST(what_fails_to_be_stored_is_told_when_it_can_be),
	    SERVICE_TEST(the_next_instant_wakes_the_service),
	    SERVICE_TEST(a_step_moves_the_clock_to_whoever_owes_the_next),
	    SERVICE_TEST(acts_that_crossed_give_both_sides_the_same_deadlines),
	    SERVICE_TEST(queued_sent_received_and_read_are_told_apart),
	    cmocka_unit_test(an_alarm_reaches_the_roles_that_its_words_stand_for),
	};

	return cmocka_run_group_tests_name("deadlines", tests, NULL, NULL);
}
