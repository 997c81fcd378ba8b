/* tests/unit/test_grounds_remind.c: a consent that ends soon alarms whoever holds the case, once. */
#include "services/runtime/acts/acts_consent.h"
#include "services/runtime/acts/acts_inner.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/task/consent_rules.h"
#include "tests/unit/service_room.h"

static const struct actor head = {.person = 4, .user = "dace", .role = ROLE_HEAD};

/* ---- A consent and its alarms ------------------------------------------------------------ */

static const char *
day_in(int days, char out[static 11])
{
	consent_rules_write(calendar_day_at(schools_now()) + days, out);
	return out;
}

static void
begin_case(char case_id[33])
{
	json_t *request = json_pack("{s:s, s:{s:s}}", "file_number", "2026/31", "content",
	    "child_name", "Izdomāts Bērns");
	json_t *answer;
	struct refusal refusal = {0};

	assert_int_equal(
	    acts_case_new(two.school.service, &anna, request, &answer, &refusal), STATUS_OK);
	snprintf(case_id, 33, "%s", text(answer, "case"));
	json_decref(request);
	json_decref(answer);
}

/* Of a parent until UNTIL; "" for no end but that the child comes of age. */
static void
consent(const char *case_id, const char *born, const char *until, char id[33])
{
	struct refusal refusal = {0};
	json_t *answer;
	json_t *request = json_pack("{s:s, s:s, s:s, s:s, s:{s:s}, s:[s], s:[s], s:[s], s:s,"
				    " s:s, s:{s:s, s:s, s:s}}",
	    "event", "give", "granter", "Izdomāta Māte", "granter_code", "010180-12345",
	    "capacity", "parent", "child", "birth_date", born, "recipients", "police",
	    "categories", "identity", "purposes", "safety", "childs_view", "Gribu palikt.",
	    "child_consent", "given", "notice", "code", "sharing", "version", "1", "language",
	    "lv");

	if (until[0] != '\0')
		json_object_set_new(request, "until", json_string(until));
	if (acts_consent_new(two.school.service, &anna, case_id, request, &answer, &refusal) !=
	    STATUS_OK)
		fail_msg("%s: %s", refusal.field, refusal.detail);
	snprintf(id, 33, "%s", text(answer, "record"));
	json_decref(answer);
	json_decref(request);
}

static void
happens(const char *id, const char *event, const char *until)
{
	struct refusal refusal = {0};
	json_t *answer, *request = json_pack("{s:s, s:s}", "event", event, "text", "Zvanīja.");

	if (until != NULL)
		json_object_set_new(request, "until", json_string(until));
	if (acts_consent_event(two.school.service, &anna, id, request, &answer, &refusal) !=
	    STATUS_OK)
		fail_msg("%s: %s", refusal.field, refusal.detail);
	json_decref(request);
	json_decref(answer);
}

static json_t *
alarms_of(const struct actor *actor, const char *open)
{
	struct refusal refusal;
	json_t *page, *items;

	assert_int_equal(
	    acts_alarms(two.school.service, actor, open, 10, NULL, &page, &refusal), STATUS_OK);
	items = json_incref(json_object_get(page, "items"));
	json_decref(page);
	return items;
}

static size_t
count(const struct actor *actor, const char *open)
{
	json_t *items = alarms_of(actor, open);
	size_t found = json_array_size(items);

	json_decref(items);
	return found;
}

/* What anna and zane hear of reminders. */
static unsigned heard[2];

static void
hear(void *state, const json_t *change)
{
	struct service *service = state;

	if (strcmp(text(change, "what"), "alarm_reminder") != 0)
		return;
	heard[0] += acts_may_hear(service, &anna, change);
	heard[1] += acts_may_hear(service, &zane, change);
}

static void
listen_anew(void)
{
	heard[0] = heard[1] = 0;
	acts_listen(two.school.service, hear, two.school.service);
}

static void
pass_days(int days)
{
	two.school.clock_ahead += days * (int64_t)DAY_MS;
	settle();
}

/* As when something comes that the record is to be folded with. */
static void
refold(void)
{
	struct service *service = two.school.service;
	struct departure departure = {0};
	struct ground_row row;
	struct case_key key;

	assert_int_equal(ground_store_get(service->db, 1, &row), STATUS_OK);
	assert_int_equal(case_file_key(service, row.case_n, &key), STATUS_OK);
	service_tick(service);
	assert_int_equal(service_begin(service), STATUS_OK);
	assert_int_equal(grounds_refold(service, &departure, &key, &row), STATUS_OK);
	service_commit(service, "act");
	departure_free(&departure);
	vault_forget(&key);
}

/* What waits for ACTOR; the first is of record ID, where there is any. */
static size_t
waits(const struct actor *actor, const char *id)
{
	struct refusal refusal;
	json_t *page;
	const json_t *first;
	size_t found;

	assert_int_equal(
	    acts_work(two.school.service, actor, 10, NULL, &page, &refusal), STATUS_OK);
	found = json_array_size(json_object_get(page, "items"));
	first = json_array_get(json_object_get(page, "items"), 0);
	if (found > 0) {
		assert_string_equal(text(first, "what"), "ends");
		assert_string_equal(text(first, "record"), id);
		assert_string_equal(text(first, "file_number"), "2026/31");
	}
	json_decref(page);
	return found;
}

/* ---- Tests ------------------------------------------------------------------------------- */

static void
who_holds_the_case_is_told_once_two_weeks_before(void **state)
{
	char case_id[33], id[33], until[11], born[11];
	json_t *items, *alarm;

	(void)state;
	begin_case(case_id);
	consent(case_id, day_in(-365 * 10, born), day_in(20, until), id);
	listen_anew();
	pass_days(5);
	assert_int_equal(count(&anna, NULL), 0);
	pass_days(1);
	assert_int_equal(count(&anna, "1"), 1);
	assert_int_equal(count(&zane, NULL), 0);
	assert_int_equal(count(&head, "1"), 1);
	items = alarms_of(&anna, "1");
	alarm = json_array_get(items, 0);
	assert_string_equal(text(alarm, "record"), id);
	assert_string_equal(text(alarm, "case"), case_id);
	assert_string_equal(text(alarm, "what"), "ground_ends");
	assert_string_equal(text(alarm, "stage"), "reminder");
	assert_true(json_is_null(json_object_get(alarm, "task")));
	json_decref(items);
	assert_int_equal(heard[0], 1);
	assert_int_equal(heard[1], 0);
	pass_days(1);
	pass_days(3);
	assert_int_equal(heard[0], 1);
	assert_int_equal(count(&anna, NULL), 1);
}

static void
neither_a_restart_nor_a_clock_that_jumps_tells_it_again(void **state)
{
	char case_id[33], id[33], until[11], born[11];

	(void)state;
	begin_case(case_id);
	consent(case_id, day_in(-365 * 10, born), day_in(20, until), id);
	pass_days(8);
	assert_int_equal(count(&anna, "1"), 1);
	line_restart(&two.school);
	listen_anew();
	settle();
	pass_days(-7);
	refold();
	assert_int_equal(count(&anna, "1"), 1);
	pass_days(7);
	pass_days(2);
	assert_int_equal(heard[0], 0);
	assert_int_equal(count(&anna, NULL), 1);
	assert_int_equal(count(&anna, "1"), 1);
}

static void
it_is_settled_when_the_consent_is_renewed_withdrawn_or_over(void **state)
{
	char case_id[33], id[33], until[11], born[11];

	(void)state;
	begin_case(case_id);
	consent(case_id, day_in(-365 * 10, born), day_in(10, until), id);
	listen_anew();
	assert_int_equal(count(&anna, "1"), 1);
	happens(id, "renew", day_in(30, until));
	assert_int_equal(count(&anna, "1"), 0);
	pass_days(16);
	assert_int_equal(count(&anna, "1"), 1);
	happens(id, "withdraw", NULL);
	assert_int_equal(count(&anna, "1"), 0);
	consent(case_id, day_in(-365 * 10, born), day_in(2, until), id);
	assert_int_equal(count(&anna, "1"), 1);
	pass_days(4);
	assert_int_equal(count(&anna, "1"), 0);
	assert_int_equal(count(&anna, NULL), 3);
}

static void
a_long_absence_ends_it_without_a_reminder(void **state)
{
	char case_id[33], id[33], until[11], born[11];

	(void)state;
	begin_case(case_id);
	consent(case_id, day_in(-365 * 10, born), day_in(60, until), id);
	listen_anew();
	pass_days(90);
	assert_int_equal(count(&anna, NULL), 0);
	assert_int_equal(heard[0], 0);
}

/* Born on different days of a month, they are told of at the same instants. */
static void
an_alarm_of_who_comes_of_age_tells_no_birthday(void **state)
{
	static const int days[] = {2, 27};
	char case_id[33], id[33], born[11], due[2][32];
	json_t *items;
	calendar_day birth;
	unsigned month, of_month;
	int year;

	(void)state;
	begin_case(case_id);
	/* Two months ahead, eighteen years ago. */
	calendar_civil(calendar_day_at(schools_now()), &year, &month, &of_month);
	birth = calendar_month_start(calendar_day_of(year - 18, month, 1) + 65);
	for (size_t i = 0; i < 2; i++) {
		consent_rules_write(birth + days[i] - 1, born);
		consent(case_id, born, "", id);
	}
	assert_int_equal(count(&anna, NULL), 0);
	for (unsigned day = 0; day < 80 && count(&anna, NULL) < 2; day++)
		pass_days(1);
	items = alarms_of(&anna, NULL);
	assert_int_equal(json_array_size(items), 2);
	for (size_t i = 0; i < 2; i++)
		snprintf(due[i], sizeof(due[i]), "%s", text(json_array_get(items, i), "due"));
	assert_string_equal(due[0], due[1]);
	json_decref(items);
}

static void
seeing_it_is_noted_and_leaves_it_open(void **state)
{
	char case_id[33], id[33], until[11], born[11], alarm_id[24];
	struct refusal refusal;
	json_t *items, *alarm;

	(void)state;
	begin_case(case_id);
	consent(case_id, day_in(-365 * 10, born), day_in(3, until), id);
	items = alarms_of(&anna, "1");
	snprintf(alarm_id, sizeof(alarm_id), "%s", text(json_array_get(items, 0), "alarm"));
	json_decref(items);
	assert_int_equal(acts_alarm_seen(two.school.service, &zane, alarm_id, &alarm, &refusal),
	    STATUS_NOT_FOUND);
	assert_int_equal(
	    acts_alarm_seen(two.school.service, &anna, alarm_id, &alarm, &refusal), STATUS_OK);
	assert_string_equal(text(alarm, "seen_by"), "case_manager");
	json_decref(alarm);
	assert_int_equal(count(&anna, "1"), 1);
}

/* The network's clock begins in 1972, where a pupil of 18 was born before any day we know. */
static int
set_up_later(void **state)
{
	int failed = set_up(state);

	two.school.broker_agrees = true;
	two.school.clock_ahead = 55LL * 365 * 24 * 3600 * 1000;
	return failed;
}

static void
what_ends_soon_waits_for_who_knows_the_case(void **state)
{
	char case_id[33], id[33], until[11], born[11];

	(void)state;
	begin_case(case_id);
	consent(case_id, day_in(-365 * 10, born), day_in(20, until), id);
	assert_int_equal(waits(&anna, id), 0);
	pass_days(5);
	assert_int_equal(waits(&anna, id), 0);
	pass_days(1);
	assert_int_equal(waits(&anna, id), 1);
	assert_int_equal(waits(&zane, id), 0);
	happens(id, "renew", day_in(300, until));
	assert_int_equal(waits(&anna, id), 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_later, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(what_ends_soon_waits_for_who_knows_the_case),
	    TEST(who_holds_the_case_is_told_once_two_weeks_before),
	    TEST(neither_a_restart_nor_a_clock_that_jumps_tells_it_again),
	    TEST(it_is_settled_when_the_consent_is_renewed_withdrawn_or_over),
	    TEST(a_long_absence_ends_it_without_a_reminder),
	    TEST(an_alarm_of_who_comes_of_age_tells_no_birthday),
	    TEST(seeing_it_is_noted_and_leaves_it_open),
	};

	return cmocka_run_group_tests_name("grounds_remind", tests, NULL, NULL);
}
