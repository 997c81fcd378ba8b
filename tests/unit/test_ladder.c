/* tests/unit/test_ladder.c: what is overdue climbs, at both sides, once, whatever the clocks do. */
#include "tests/unit/service_room.h"

#include "services/runtime/exchange/alarms.h"
#include "services/runtime/exchange/deadlines.h"
#include "services/runtime/task/ladder.h"

#define MINUTE_MS 60000ULL
#define HOUR_MS   (60 * MINUTE_MS)

/* ---- Looking ----------------------------------------------------------------------------- */

static struct deadline_row
deadline_of(struct line *line, const char *task, const char *what)
{
	struct deadline_row rows[DEADLINE_MAX], found = {0};
	uint8_t id[SUITE_ID_LEN];
	struct task_row row;
	unsigned count;

	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(line->service->db, id, &row), STATUS_OK);
	assert_int_equal(deadline_store_of(line->service->db, row.n, rows, &count), STATUS_OK);
	for (unsigned i = 0; i < count; i++)
		if (strcmp(rows[i].what, what) == 0)
			found = rows[i];
	assert_true(found.task_n != 0);
	return found;
}

/* Alarms of WHAT on all tasks of LINE; the newest of them in OUT. */
static unsigned
alarms(struct line *line, const char *what, bool open, struct alarm_row *out)
{
	struct alarm_row alarm;
	uint64_t before = 0;
	unsigned count = 0;

	while (alarm_store_before(line->service->db, open, before, &alarm) == STATUS_OK) {
		before = alarm.n;
		if (strcmp(alarm.what, what) == 0 && count++ == 0)
			*out = alarm;
	}
	return count;
}

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

/* An immediate referral that a person of the police has read: "decide" is what runs. */
static void
refer_and_read(char task[33])
{
	refer("immediate", task);
	settle();
	json_decref(show_to(&two.police, &anna, task));
	settle();
}

static void
assert_stage(struct line *line, enum deadline_stage stage, const char *reaches)
{
	struct alarm_row alarm;

	assert_int_equal(alarms(line, "decide", true, &alarm), 1);
	assert_int_equal(alarm.stage, stage);
	assert_string_equal(alarm.reaches, reaches);
}

/* ---- The list ---------------------------------------------------------------------------- */

static void
every_level_has_a_period_for_every_urgency_and_says_one_thing_to_each_side(void **state)
{
	static const char *const urgencies[] = {"immediate", "urgent", "normal", ""};
	const struct list *levels = list_named("escalation-levels");
	struct ladder_rung rung, first;

	(void)state;
	assert_int_equal(lists_start(), STATUS_OK);
	for (unsigned level = 0; level < DEADLINE_LEVELS; level++) {
		assert_string_equal(list_text(levels, level + 1, "code"),
		    deadline_stage_name((enum deadline_stage)(DEADLINE_SUPERVISOR + level)));
		assert_true(ladder_rung(level, "referral", "", &first));
		for (size_t i = 0; i < 4; i++) {
			assert_true(ladder_rung(level, "referral", urgencies[i], &rung));
			assert_true(rung.unit != DEADLINE_NONE && rung.amount > 0);
			assert_string_equal(rung.ours, first.ours);
			assert_string_equal(rung.theirs, first.theirs);
		}
	}
	assert_false(ladder_rung(DEADLINE_LEVELS, "referral", "", &rung));
	/* What the chair is told of does not come back to the chair. */
	assert_true(ladder_rung(1, "climbed", "", &rung));
	assert_false(ladder_rung(2, "climbed", "", &rung));
	assert_false(ladder_rung(0, "disagreement", "", &rung));
}

/* ---- Climbing ---------------------------------------------------------------------------- */

static void
it_climbs_level_by_level_at_the_same_instants_on_both_sides(void **state)
{
	static const char *const reaches[] = {
	    "holder;supervisor", "holder;head", "holder;head"};
	struct deadline_row ours, theirs;
	struct alarm_row alarm;
	char task[33];

	(void)state;
	refer_and_read(task);
	ours = deadline_of(&two.police, task, "decide");
	theirs = deadline_of(&two.school, task, "decide");
	assert_true(ours.ours && !theirs.ours);
	assert_memory_equal(ours.climbs_ms, theirs.climbs_ms, sizeof(ours.climbs_ms));
	until(ours.reminder_ms);
	until(ours.due_ms);
	assert_stage(&two.police, DEADLINE_OVERDUE, "holder;supervisor");
	assert_stage(&two.school, DEADLINE_OVERDUE, "holder");
	for (unsigned i = 0; i < DEADLINE_LEVELS; i++) {
		enum deadline_stage stage = (enum deadline_stage)(DEADLINE_SUPERVISOR + i);

		until(ours.climbs_ms[i] - 1);
		assert_int_equal(deadline_of(&two.police, task, "decide").stage, stage - 1);
		until(ours.climbs_ms[i]);
		assert_stage(&two.police, stage, reaches[i]);
		assert_stage(&two.school, stage, reaches[i]);
	}
	until(now() + 30 * DAY_MS);
	assert_int_equal(alarms(&two.police, "decide", false, &alarm), 5);
	assert_int_equal(alarms(&two.school, "decide", false, &alarm), 4);
}

static void
a_step_ends_the_climbing_at_both_sides(void **state)
{
	struct alarm_row alarm;
	char task[33];

	(void)state;
	refer_and_read(task);
	until(deadline_of(&two.police, task, "decide").climbs_ms[1]);
	assert_stage(&two.school, DEADLINE_HEADS, "holder;head");
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	assert_int_equal(answer_with(&two.police, task, "decline",
			     explained("decline_reason", "no_capacity")),
	    STATUS_OK);
	settle();
	assert_int_equal(alarms(&two.police, "decide", true, &alarm), 0);
	assert_int_equal(alarms(&two.school, "decide", true, &alarm), 0);
}

/* ---- Clocks ------------------------------------------------------------------------------ */

static void
after_a_long_outage_the_last_stage_alone_is_told_with_how_late_it_is(void **state)
{
	struct refusal refusal = {0};
	json_t *answer, *item;
	struct alarm_row alarm;
	uint64_t due_ms;
	char task[33];

	(void)state;
	refer_and_read(task);
	due_ms = deadline_of(&two.police, task, "decide").due_ms;
	line_kill(&two.police);
	until(due_ms + 6 * DAY_MS);
	line_start(&two.police);
	line_connect(&two.police);
	settle();
	assert_int_equal(alarms(&two.police, "decide", false, &alarm), 1);
	assert_stage(&two.police, DEADLINE_MANAGEMENT, "holder;head");
	assert_int_equal(
	    acts_alarms(two.police.service, &anna, "1", 10, NULL, &answer, &refusal),
	    STATUS_OK);
	item = json_array_get(json_object_get(answer, "items"), 0);
	assert_string_equal(text(item, "stage"), "management");
	assert_int_equal(
	    json_integer_value(json_object_get(item, "late_minutes")), 6 * 24 * 60);
	json_decref(answer);
	line_restart(&two.police);
	settle();
	pass(DAY_MS);
	assert_int_equal(alarms(&two.police, "decide", false, &alarm), 1);
}

static void
each_stage_is_told_once_though_the_service_restarts_at_each(void **state)
{
	struct deadline_row row;
	struct alarm_row alarm;
	char task[33];

	(void)state;
	refer_and_read(task);
	row = deadline_of(&two.police, task, "decide");
	until(row.reminder_ms);
	until(row.due_ms);
	for (unsigned i = 0; i < DEADLINE_LEVELS; i++) {
		line_restart(&two.police);
		settle();
		assert_int_equal(alarms(&two.police, "decide", false, &alarm), i + 2);
		until(row.climbs_ms[i]);
		assert_int_equal(alarms(&two.police, "decide", false, &alarm), i + 3);
	}
}

static void
a_clock_set_forward_by_days_tells_nothing_while_the_brokers_can_be_asked(void **state)
{
	unsigned changes;
	char task[33];

	(void)state;
	refer_and_read(task);
	changes = two.police.changes;
	two.police.clock_ahead = 9 * (int64_t)DAY_MS;
	settle();
	assert_int_equal(deadline_of(&two.police, task, "decide").stage, DEADLINE_RUNNING);
	two.police.clock_ahead = 0;
	settle();
	assert_int_equal(two.police.changes, changes);
}

static void
what_a_wrong_clock_told_alone_is_taken_back_and_told_when_its_time_comes(void **state)
{
	struct deadline_row row;
	struct alarm_row alarm;
	char task[33];

	(void)state;
	refer_and_read(task);
	row = deadline_of(&two.police, task, "decide");
	until(row.reminder_ms);
	assert_stage(&two.police, DEADLINE_REMINDED, "holder");
	line_disconnect(&two.police);
	two.police.clock_ahead = 9 * (int64_t)DAY_MS;
	settle();
	assert_stage(&two.police, DEADLINE_MANAGEMENT, "holder;head");
	two.police.clock_ahead = 0;
	settle();
	assert_stage(&two.police, DEADLINE_MANAGEMENT, "holder;head");
	line_connect(&two.police);
	settle();
	/* The reminder, which was told rightly, stands again; nobody is told anew. */
	assert_stage(&two.police, DEADLINE_REMINDED, "holder");
	until(row.due_ms - 1);
	assert_stage(&two.police, DEADLINE_REMINDED, "holder");
	until(row.due_ms);
	assert_stage(&two.police, DEADLINE_OVERDUE, "holder;supervisor");
	until(row.climbs_ms[0]);
	assert_stage(&two.police, DEADLINE_SUPERVISOR, "holder;supervisor");
	assert_int_equal(alarms(&two.police, "decide", true, &alarm), 1);
}

static void
what_the_own_clock_told_rightly_stands_when_the_broker_is_back(void **state)
{
	struct deadline_row row;
	unsigned changes;
	char task[33];

	(void)state;
	refer_and_read(task);
	row = deadline_of(&two.police, task, "decide");
	line_disconnect(&two.police);
	until(row.climbs_ms[0]);
	assert_stage(&two.police, DEADLINE_SUPERVISOR, "holder;supervisor");
	assert_int_equal(deadline_of(&two.police, task, "decide").sure, DEADLINE_RUNNING);
	changes = two.police.changes;
	line_connect(&two.police);
	settle();
	assert_int_equal(two.police.changes, changes);
	assert_int_equal(deadline_of(&two.police, task, "decide").sure, DEADLINE_SUPERVISOR);
	assert_stage(&two.police, DEADLINE_SUPERVISOR, "holder;supervisor");
}

/* The log's time holds the own clock, connected or not, and a clock set back tells nothing. */
static void
a_clock_set_back_by_days_delays_nothing_that_the_log_knows_and_repeats_nothing(void **state)
{
	struct deadline_row row;
	struct alarm_row alarm;
	char task[33], other[33];

	(void)state;
	refer_and_read(task);
	row = deadline_of(&two.police, task, "decide");
	until(row.reminder_ms);
	until(row.due_ms);
	until(row.climbs_ms[0]);
	two.police.clock_ahead = -5 * (int64_t)DAY_MS;
	two.police.broker_agrees = true;
	settle();
	assert_int_equal(alarms(&two.police, "decide", false, &alarm), 3);
	/* Time goes on in the log: what comes there is enough. */
	until(row.climbs_ms[1]);
	refer("normal", other);
	settle();
	assert_stage(&two.police, DEADLINE_HEADS, "holder;head");
	two.police.clock_ahead = 0;
	two.police.broker_agrees = false;
	settle();
	assert_int_equal(alarms(&two.police, "decide", false, &alarm), 4);
}

/* ---- Many -------------------------------------------------------------------------------- */

static void
many_that_are_due_at_once_take_several_turns_and_none_that_are_not_any(void **state)
{
	struct deadline_row row = {.due_ms = 1, .ours = true};
	struct service *school = two.school.service;
	unsigned turns = 0;
	char task[33];

	(void)state;
	assert_false(deadlines_run(school));
	for (unsigned i = 0; i < 75; i++) {
		if (i % 3 == 0) {
			refer("normal", task);
			settle();
			row.task_n = deadline_of(&two.school, task, "decide").task_n;
		}
		assert_int_equal(service_begin(school), STATUS_OK);
		snprintf(row.what, sizeof(row.what), "owed_%u", i % 3);
		row.due_ms = now() + 60000;
		assert_int_equal(deadline_store_put(school->db, &row, NULL), STATUS_OK);
		service_commit(school, "act");
	}
	assert_false(deadlines_run(school));
	two.room->w.now_ms += 60000;
	service_tick(school);
	while (deadlines_run(school))
		turns++;
	assert_int_equal(turns, 2);
	assert_false(deadlines_run(school));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		every_level_has_a_period_for_every_urgency_and_says_one_thing_to_each_side),
	    SERVICE_TEST(it_climbs_level_by_level_at_the_same_instants_on_both_sides),
	    SERVICE_TEST(a_step_ends_the_climbing_at_both_sides),
	    SERVICE_TEST(after_a_long_outage_the_last_stage_alone_is_told_with_how_late_it_is),
	    SERVICE_TEST(each_stage_is_told_once_though_the_service_restarts_at_each),
	    SERVICE_TEST(
		a_clock_set_forward_by_days_tells_nothing_while_the_brokers_can_be_asked),
	    SERVICE_TEST(
		what_a_wrong_clock_told_alone_is_taken_back_and_told_when_its_time_comes),
	    SERVICE_TEST(
		many_that_are_due_at_once_take_several_turns_and_none_that_are_not_any),
	    SERVICE_TEST(what_the_own_clock_told_rightly_stands_when_the_broker_is_back),
	    SERVICE_TEST(
		a_clock_set_back_by_days_delays_nothing_that_the_log_knows_and_repeats_nothing),
	};

	return cmocka_run_group_tests_name("ladder", tests, NULL, NULL);
}
