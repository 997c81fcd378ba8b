/* tests/unit/test_acts_alarms.c: what is owed in lists, and the alarms that reach a person. */
#include "tests/unit/service_room.h"

#include "services/runtime/acts/acts_filter.h"
#include "services/runtime/people/knowing.h"
#include "services/runtime/store/alarm_store.h"
#include "services/runtime/task/calendar.h"

#define MINUTE_MS 60000ULL

static const struct actor head = {.person = 2, .user = "dace", .role = ROLE_HEAD};
static struct refusal refusal;

/* ---- Lists ------------------------------------------------------------------------------- */

static json_t *
item_of(struct line *line, const struct actor *actor, const char *due)
{
	const struct acts_query query = {.limit = 10, .due = due};
	json_t *page, *item;

	assert_int_equal(acts_tasks(line->service, actor, &query, &page, &refusal), STATUS_OK);
	item = json_incref(json_array_get(json_object_get(page, "items"), 0));
	json_decref(page);
	return item;
}

static void
assert_item(struct line *line, const char *owed, const char *clock, bool overdue)
{
	json_t *item = item_of(line, &auditor, NULL);

	assert_string_equal(text(item, "owed"), owed);
	assert_string_equal(text(item, "clock"), clock);
	assert_int_equal(json_is_true(json_object_get(item, "overdue")), overdue);
	assert_true(json_is_string(json_object_get(item, "due")));
	json_decref(item);
}

static void
an_item_says_what_is_owed_by_whom_and_when(void **state)
{
	char task[33];

	(void)state;
	refer("urgent", task);
	settle();
	assert_item(&two.school, "decide", "theirs", false);
	assert_item(&two.police, "decide", "ours", false);
	pass(2 * DAY_MS);
	assert_item(&two.school, "decide", "theirs", true);
	assert_item(&two.police, "decide", "ours", true);
}

static void
an_item_of_which_nothing_is_owed_says_so(void **state)
{
	char task[33];
	json_t *item;

	(void)state;
	refer("urgent", task);
	settle();
	assert_int_equal(answer_with(&two.police, task, "accept", NULL), STATUS_OK);
	settle();
	item = item_of(&two.school, &anna, NULL);
	assert_true(json_is_null(json_object_get(item, "due")));
	assert_true(json_is_null(json_object_get(item, "clock")));
	assert_true(json_is_false(json_object_get(item, "overdue")));
	assert_string_equal(text(item, "reach"), "received");
	json_decref(item);
}

static bool
is_listed(const char *due)
{
	json_t *item = item_of(&two.police, &anna, due);
	bool found = item != NULL;

	json_decref(item);
	return found;
}

static void
what_is_due_is_listed_until_the_day_asked_for(void **state)
{
	const struct acts_query wrong = {.limit = 10, .due = "soon"};
	char task[33];
	json_t *page;

	(void)state;
	refer("normal", task);
	settle();
	/* Five working days are seven days: neither today nor within seven, which begin today. */
	assert_false(is_listed("overdue"));
	assert_false(is_listed("today"));
	assert_false(is_listed("week"));
	pass(DAY_MS);
	assert_true(is_listed("week"));
	for (unsigned day = 0; day < 6; day++) {
		assert_false(is_listed("today"));
		pass(DAY_MS);
		issue_head();
		settle();
	}
	assert_true(is_listed("today"));
	assert_false(is_listed("overdue"));
	pass(DAY_MS);
	assert_true(is_listed("overdue"));
	assert_true(is_listed("today"));
	assert_int_equal(
	    acts_tasks(two.police.service, &anna, &wrong, &page, &refusal), STATUS_ARGUMENT);
	assert_string_equal(refusal.field, "due");
}

/* ---- Alarms ------------------------------------------------------------------------------ */

static json_t *
alarms_of(struct line *line, const struct actor *actor, const char *open)
{
	json_t *page, *items;

	assert_int_equal(
	    acts_alarms(line->service, actor, open, 10, NULL, &page, &refusal), STATUS_OK);
	items = json_incref(json_object_get(page, "items"));
	json_decref(page);
	return items;
}

static size_t
count_alarms(struct line *line, const struct actor *actor, const char *open)
{
	json_t *items = alarms_of(line, actor, open);
	size_t count = json_array_size(items);

	json_decref(items);
	return count;
}

static void
an_alarm_is_listed_for_whom_it_reaches_and_says_nothing_personal(void **state)
{
	char task[33], *all;
	json_t *items;

	(void)state;
	refer("immediate", task);
	settle();
	pass(30 * MINUTE_MS);
	/* Unread: at the recipient for who is on duty and who leads, not for every specialist. */
	assert_int_equal(count_alarms(&two.police, &anna, "1"), 1);
	assert_int_equal(count_alarms(&two.police, &head, "1"), 1);
	assert_int_equal(count_alarms(&two.police, &zane, "1"), 0);
	/* At the sender for who knows the case, not for a colleague who does not. */
	assert_int_equal(count_alarms(&two.school, &zane, "1"), 0);
	items = alarms_of(&two.school, &anna, "1");
	all = json_dumps(items, 0);
	assert_null(strstr(all, "Izdom"));
	assert_null(strstr(all, "2026/17"));
	assert_string_equal(text(json_array_get(items, 0), "what"), "read");
	assert_string_equal(text(json_array_get(items, 0), "stage"), "overdue");
	assert_string_equal(text(json_array_get(items, 0), "clock"), "theirs");
	assert_string_equal(text(json_array_get(items, 0), "task"), task);
	free(all);
	json_decref(items);
}

static void
whoever_leads_opens_a_case_of_others_only_while_it_is_alarmed(void **state)
{
	char task[33];
	json_t *shown;

	(void)state;
	refer("immediate", task);
	settle();
	assert_int_equal(
	    acts_task(two.school.service, &head, task, &shown, &refusal), STATUS_NOT_FOUND);
	pass(30 * MINUTE_MS);
	assert_int_equal(
	    acts_task(two.school.service, &head, task, &shown, &refusal), STATUS_OK);
	json_decref(shown);
	/* To act on it the head takes it over first. */
	assert_int_equal(
	    acts_answer(two.school.service, &head, task, "cancel", NULL, &shown, &refusal),
	    STATUS_NOT_FOUND);
	json_decref(show_to(&two.police, &anna, task));
	settle();
	assert_int_equal(
	    acts_task(two.school.service, &head, task, &shown, &refusal), STATUS_NOT_FOUND);
}

static void
auditors_administrators_and_strangers_get_no_alarms(void **state)
{
	static const struct actor nobody = {.role = ROLE_NONE};
	const struct actor *const others[] = {&auditor, &admin, &nobody};
	json_t *page;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(
		    acts_alarms(two.school.service, others[i], NULL, 10, NULL, &page, &refusal),
		    STATUS_NOT_ALLOWED);
		assert_null(page);
		assert_int_equal(
		    acts_alarm_seen(two.school.service, others[i], "1", &page, &refusal),
		    STATUS_NOT_ALLOWED);
	}
}

static void
who_saw_an_alarm_first_is_shown_and_it_stays_open_until_it_is_settled(void **state)
{
	char task[33], id[24];
	json_t *items, *alarm;

	(void)state;
	refer("immediate", task);
	settle();
	pass(30 * MINUTE_MS);
	items = alarms_of(&two.police, &anna, "1");
	snprintf(id, sizeof(id), "%s", text(json_array_get(items, 0), "alarm"));
	assert_true(json_is_null(json_object_get(json_array_get(items, 0), "seen")));
	json_decref(items);
	assert_int_equal(
	    acts_alarm_seen(two.police.service, &anna, id, &alarm, &refusal), STATUS_OK);
	assert_string_equal(text(alarm, "seen_by"), "case_manager");
	assert_true(json_is_string(json_object_get(alarm, "seen")));
	json_decref(alarm);
	assert_int_equal(
	    acts_alarm_seen(two.police.service, &head, id, &alarm, &refusal), STATUS_OK);
	assert_string_equal(text(alarm, "seen_by"), "case_manager");
	json_decref(alarm);
	assert_int_equal(count_alarms(&two.police, &anna, "1"), 1);
	json_decref(show_to(&two.police, &anna, task));
	settle();
	assert_int_equal(count_alarms(&two.police, &anna, "1"), 0);
	assert_int_equal(count_alarms(&two.police, &anna, NULL), 1);
}

static void
an_alarm_that_is_not_there_or_for_others_is_the_same_nothing(void **state)
{
	static const char *const wrong[] = {"0", "99", "-1", "1x", "", "1234567890123456789"};
	char task[33];
	json_t *answer;

	(void)state;
	refer("immediate", task);
	settle();
	pass(30 * MINUTE_MS);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(
		    acts_alarm_seen(two.police.service, &anna, wrong[i], &answer, &refusal),
		    STATUS_NOT_FOUND);
		assert_null(answer);
	}
	assert_int_equal(acts_alarm_seen(two.police.service, &zane, "1", &answer, &refusal),
	    STATUS_NOT_FOUND);
	assert_int_equal(
	    acts_alarms(two.police.service, &anna, "0", 10, NULL, &answer, &refusal),
	    STATUS_ARGUMENT);
	assert_int_equal(acts_alarms(two.police.service, &anna, "1", 10, "t0000000000000001",
			     &answer, &refusal),
	    STATUS_ARGUMENT);
}

static void
pages_of_alarms_lead_on(void **state)
{
	char task[33], cursor[24];
	json_t *page;

	(void)state;
	refer("immediate", task);
	refer("immediate", task);
	settle();
	pass(30 * MINUTE_MS);
	assert_int_equal(
	    acts_alarms(two.police.service, &anna, "1", 1, NULL, &page, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(page, "items")), 1);
	snprintf(cursor, sizeof(cursor), "%s", text(page, "next"));
	json_decref(page);
	assert_int_equal(
	    acts_alarms(two.police.service, &anna, "1", 1, cursor, &page, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(page, "items")), 1);
	assert_true(json_is_null(json_object_get(page, "next")));
	json_decref(page);
}

/* An old task of anna's with more alarms than a page looks at: no other specialist's to know. */
static void
alarm_many(struct service *service, unsigned count)
{
	struct alarm_row alarm = {.task_n = 1,
	    .case_n = 1,
	    .what = "decide",
	    .stage = DEADLINE_OVERDUE,
	    .ours = true,
	    .reaches = "holder",
	    .time_ms = 1};

	assert_int_equal(service_begin(service), STATUS_OK);
	for (alarm.due_ms = 1; alarm.due_ms <= count; alarm.due_ms++)
		assert_int_equal(alarm_store_raise(service->db, &alarm), STATUS_OK);
	service_commit(service, "test");
}

static json_t *
page_of_alarms(const struct actor *actor, const char *open)
{
	json_t *page;

	assert_int_equal(
	    acts_alarms(two.school.service, actor, open, 10, NULL, &page, &refusal), STATUS_OK);
	return page;
}

static void
assert_nothing_is_told(const char *open)
{
	json_t *page = page_of_alarms(&zane, open);

	assert_int_equal(json_array_size(json_object_get(page, "items")), 0);
	assert_true(json_is_false(json_object_get(page, "partial")));
	assert_true(json_is_null(json_object_get(page, "next")));
	json_decref(page);
}

static void
a_page_does_not_tell_how_many_alarms_others_have(void **state)
{
	char task[33];
	json_t *page;

	(void)state;
	refer("normal", task);
	settle();
	alarm_many(two.school.service, ACTS_FILTER_ROWS_MAX + 5);
	assert_nothing_is_told("1");
	assert_nothing_is_told(NULL);
	page = page_of_alarms(&anna, "1");
	assert_int_equal(json_array_size(json_object_get(page, "items")), 10);
	json_decref(page);
	page = page_of_alarms(&head, "1");
	assert_int_equal(json_array_size(json_object_get(page, "items")), 10);
	json_decref(page);
}

static void
a_case_handed_over_brings_its_alarms_and_takes_them(void **state)
{
	struct service *school = two.school.service;
	char task[33];

	(void)state;
	refer("normal", task);
	settle();
	alarm_many(school, 3);
	assert_int_equal(service_begin(school), STATUS_OK);
	assert_int_equal(
	    knowing_give(school, &head, 1, zane.person, GRANT_ASSIGNED, NULL, NULL), STATUS_OK);
	assert_int_equal(knowing_end(school, &head, 1, anna.person), STATUS_OK);
	service_commit(school, "test");
	assert_int_equal(count_alarms(&two.school, &zane, "1"), 3);
	assert_int_equal(count_alarms(&two.school, &anna, "1"), 0);
	/* Settled for who knows it now; held by nobody, it is the mailbox's. */
	assert_int_equal(service_begin(school), STATUS_OK);
	assert_int_equal(
	    alarm_store_settle(school->db, 1, "decide", 1, DEADLINE_OVERDUE, 5), STATUS_OK);
	assert_int_equal(knowing_end(school, &head, 1, zane.person), STATUS_OK);
	service_commit(school, "test");
	assert_int_equal(count_alarms(&two.school, &zane, NULL), 0);
	assert_int_equal(count_alarms(&two.school, &anna, "1"), 1);
	assert_int_equal(count_alarms(&two.school, &anna, NULL), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(an_item_says_what_is_owed_by_whom_and_when),
	    SERVICE_TEST(an_item_of_which_nothing_is_owed_says_so),
	    SERVICE_TEST(what_is_due_is_listed_until_the_day_asked_for),
	    SERVICE_TEST(an_alarm_is_listed_for_whom_it_reaches_and_says_nothing_personal),
	    SERVICE_TEST(whoever_leads_opens_a_case_of_others_only_while_it_is_alarmed),
	    SERVICE_TEST(auditors_administrators_and_strangers_get_no_alarms),
	    SERVICE_TEST(who_saw_an_alarm_first_is_shown_and_it_stays_open_until_it_is_settled),
	    SERVICE_TEST(an_alarm_that_is_not_there_or_for_others_is_the_same_nothing),
	    SERVICE_TEST(pages_of_alarms_lead_on),
	    SERVICE_TEST(a_page_does_not_tell_how_many_alarms_others_have),
	    SERVICE_TEST(a_case_handed_over_brings_its_alarms_and_takes_them),
	};

	return cmocka_run_group_tests_name("acts_alarms", tests, NULL, NULL);
}
