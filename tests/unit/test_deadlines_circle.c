/* tests/unit/test_deadlines_circle.c: what is overdue in what several share, as who owes it and who waits change. */
#include "tests/unit/circle_talk.h"

#include "services/runtime/store/alarm_store.h"
#include "services/runtime/store/deadline_store.h"

static void
pass_days(unsigned days)
{
	for (unsigned i = 0; i < days; i++) {
		rooms_wait(DAY_MS);
		rooms_head();
		rooms_settle();
	}
}

/* LINE says TYPE, about PARTY and until DAYS from now, on TASK. */
static void
say(struct line *line, struct task_row *task, enum message type, const char *party,
    unsigned days)
{
	struct content content;
	char day[11];

	assert_int_equal(content_start(type, &content), STATUS_OK);
	fill_act(&content);
	if (party != NULL)
		set_party(&content, party);
	grounds_day(now() + days * DAY_MS, day);
	say_text(&content, FIELD_DUE, day);
	assert_int_equal(circle_say(line, task, &content, 0), STATUS_OK);
	content_free(&content);
	rooms_settle();
}

/* The open alarm of WHAT in TASK at LINE; false: there is none. */
static bool
is_alarmed(struct line *line, const uint8_t task[static SUITE_ID_LEN], const char *what,
    struct alarm_row *out)
{
	struct alarm_row rows[8];
	unsigned count;

	assert_int_equal(
	    alarm_store_open_of(line->service->db, task_of(line, task).n, 8, rows, &count),
	    STATUS_OK);
	for (unsigned i = 0; i < count; i++) {
		if (strcmp(rows[i].what, what) != 0)
			continue;
		*out = rows[i];
		return true;
	}
	return false;
}

/* The school's action for the police, which has not taken it up in time. */
static void
let_be_late(const struct shared *shared, uint8_t id[static SUITE_ID_LEN])
{
	struct task_row frame = task_of(&two.school, shared->circle);
	struct task_row action = circle_new_task(&two.school, &frame, MESSAGE_ACTION_ASSIGN);

	say(&two.school, &action, MESSAGE_ACTION_ASSIGN, "police", 30);
	memcpy(id, action.id, SUITE_ID_LEN);
	pass_days(6);
}

static void
lead_to_court(const struct shared *shared)
{
	struct task_row frame = task_of(&two.school, shared->circle), offer;

	offer = circle_new_task(&two.school, &frame, MESSAGE_LEAD_OFFER);
	say(&two.school, &offer, MESSAGE_LEAD_OFFER, "court", 5);
	offer = task_of(&two.third, offer.id);
	say(&two.third, &offer, MESSAGE_LEAD_ACCEPT, NULL, 0);
}

static void
who_takes_the_lead_is_told_of_what_is_overdue_and_who_gave_it_no_more(void **state)
{
	struct alarm_row alarm, theirs;
	uint8_t action[SUITE_ID_LEN];
	struct shared shared;

	(void)state;
	open_it(&shared);
	let_be_late(&shared, action);
	assert_true(is_alarmed(&two.school, action, "accept", &alarm));
	assert_true(is_alarmed(&two.police, action, "accept", &theirs));
	assert_false(is_alarmed(&two.third, action, "accept", &alarm));
	lead_to_court(&shared);
	assert_true(is_alarmed(&two.third, action, "accept", &alarm));
	assert_false(alarm.ours);
	assert_false(is_alarmed(&two.school, action, "accept", &alarm));
	/* Whoever owes it has been told. */
	assert_true(is_alarmed(&two.police, action, "accept", &alarm));
	assert_int_equal(alarm.n, theirs.n);
	assert_int_equal(alarm.time_ms, theirs.time_ms);
}

/* A pupil moves school: who takes the place owes what was late there. */
static void
who_takes_a_place_is_told_of_what_is_overdue_in_it(void **state)
{
	struct alarm_row alarm;
	uint8_t action[SUITE_ID_LEN];
	struct shared shared;
	struct task_row frame;

	(void)state;
	open_it(&shared);
	let_be_late(&shared, action);
	frame = task_of(&two.police, shared.circle);
	say(&two.police, &frame, MESSAGE_CASE_HAND_OVER, "court", 0);
	assert_int_equal(task_of(&two.third, action).side, TASK_RECIPIENT);
	assert_true(is_alarmed(&two.third, action, "accept", &alarm));
	assert_true(alarm.ours);
	assert_false(is_alarmed(&two.police, action, "accept", &alarm));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CIRCLE_TEST(who_takes_the_lead_is_told_of_what_is_overdue_and_who_gave_it_no_more),
	    CIRCLE_TEST(who_takes_a_place_is_told_of_what_is_overdue_in_it),
	};

	return cmocka_run_group_tests_name("deadlines_circle", tests, NULL, NULL);
}
