/* tests/unit/test_retention.c: how long a case is kept, who erases it then, and what stands of that. */
#include "tests/unit/service_room.h"

#include "services/runtime/acts/acts_inner.h"
#include "services/runtime/exchange/retention.h"
#include "services/runtime/store/erasure_store.h"
#include "services/runtime/store/ground_store.h"

#define DAY_MS  (24ULL * 3600 * 1000)
#define YEAR_MS (365ULL * DAY_MS)

static struct actor dace, program;

static int
set_up_leader(void **state)
{
	if (set_up(state) != 0 ||
	    people_enter(two.police.service, "dace", ROLE_SUPERVISOR, &dace) != STATUS_OK)
		return -1;
	program = dace;
	program.system = true;
	return 0;
}

#define RETENTION_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_leader, tear_down)

static struct case_row
case_of(const char *task)
{
	struct task_row row;
	struct case_row file;
	uint8_t id[SUITE_ID_LEN];

	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(two.police.service->db, id, &row), STATUS_OK);
	assert_int_equal(case_store_get(two.police.service->db, row.case_n, &file), STATUS_OK);
	return file;
}

/* A referral that the police read and that ended as a mistake; TASK's case. */
static struct case_row
refer_and_end(char task[33])
{
	refer("urgent", task);
	settle();
	json_decref(show_to(&two.police, &anna, task));
	assert_int_equal(answer_with(&two.school, task, "mistake",
			     json_pack("{s:s}", "error_reason", "wrong_child")),
	    STATUS_OK);
	settle();
	return case_of(task);
}

static enum status
erase(const struct actor *actor, const struct case_row *file, const char *task,
    const char *reason, struct refusal *refusal)
{
	json_t *request = json_pack("{s:s, s:s?}", "reason", reason, "task", task), *answer;
	char id[33];
	enum status rc;

	bytes_to_hex(BYTES(file->id), id);
	*refusal = (struct refusal){0};
	rc = acts_erase(two.police.service, actor, id, request, &answer, refusal);
	if (rc == STATUS_OK) {
		assert_true(json_is_true(json_object_get(answer, "settled")));
		assert_true(json_integer_value(json_object_get(answer, "messages")) > 0);
	}
	json_decref(request);
	json_decref(answer);
	return rc;
}

static json_t *
ending(const char *days, unsigned limit, const char *after)
{
	struct refusal refusal;
	json_t *answer;

	assert_int_equal(
	    acts_retention(two.police.service, &dace, days, limit, after, &answer, &refusal),
	    STATUS_OK);
	return answer;
}

static size_t
how_many(const char *days)
{
	json_t *answer = ending(days, 100, NULL);
	size_t count = json_array_size(json_object_get(answer, "items"));

	json_decref(answer);
	return count;
}

/* ---- The list ---------------------------------------------------------------------------- */

static void
every_category_has_its_years_and_a_source(void **state)
{
	const struct list *list = list_named("retention");
	unsigned row;

	(void)state;
	assert_non_null(list);
	assert_int_equal(list_rows(list), CATEGORY_COUNT + 1);
	for (unsigned i = 0; i < CATEGORY_COUNT; i++)
		assert_true(
		    list_find(list, bytes_of_text(category_name((enum category)i)), &row));
	assert_true(list_find(list, bytes_of_text("note"), &row));
	for (row = 0; row < list_rows(list); row++) {
		long years = strtol(list_text(list, row, "years"), NULL, 10);

		assert_true(years >= 1 && years <= 100);
		assert_string_equal(list_text(list, row, "source"), "our default");
		assert_string_equal(list_text(list, row, "from"), "last_step");
	}
}

/* ---- How long ---------------------------------------------------------------------------- */

static void
a_case_is_kept_as_long_as_the_longest_of_what_it_holds(void **state)
{
	struct retention kept;
	struct case_row file;
	char task[33], day[11], end[11];
	unsigned opened = 0;

	(void)state;
	file = refer_and_end(task);
	/* "offence" is in it, which is kept for ten years. */
	assert_int_equal(retention_of(two.police.service, file.n, &kept, &opened), STATUS_OK);
	assert_int_equal(kept.years, 10);
	assert_int_equal(opened, 2);
	retention_day(kept.until, day);
	retention_day(calendar_day_at(kept.end_ms), end);
	assert_int_equal(strtol(day, NULL, 10), strtol(end, NULL, 10) + 10);
	assert_string_equal(day + 4, end + 4);
}

static void
a_case_with_an_open_task_has_no_end(void **state)
{
	struct retention kept;
	char task[33];
	bool may;

	(void)state;
	refer("urgent", task);
	settle();
	assert_int_equal(
	    retention_of(two.police.service, case_of(task).n, &kept, NULL), STATUS_OK);
	assert_int_equal(kept.years, 0);
	two.police.clock_ahead = (int64_t)(80 * YEAR_MS);
	assert_int_equal(how_many("3650"), 0);
	assert_int_equal(retention_may_end(two.police.service, case_of(task).n,
			     calendar_day_at(now() + 80 * YEAR_MS), &may),
	    STATUS_OK);
	assert_false(may);
}

static void
a_list_has_what_is_over_and_what_ends_within_so_many_days(void **state)
{
	struct retention kept;
	struct case_row file;
	char task[33];

	(void)state;
	file = refer_and_end(task);
	assert_int_equal(retention_of(two.police.service, file.n, &kept, NULL), STATUS_OK);
	assert_int_equal(how_many(NULL), 0);
	two.police.clock_ahead =
	    (int64_t)(calendar_start_ms(kept.until) - now()) - (int64_t)(5 * DAY_MS);
	assert_int_equal(how_many("4"), 0);
	assert_int_equal(how_many("6"), 1);
	two.police.clock_ahead += (int64_t)(7 * DAY_MS);
	assert_int_equal(how_many("0"), 1);
}

static void
pages_of_the_list_tell_each_case_once(void **state)
{
	json_t *answer, *item;
	const char *next = NULL;
	char task[33], cursor[40];
	unsigned told = 0, pages = 0;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		(void)refer_and_end(task);
	two.police.clock_ahead = (int64_t)(20 * YEAR_MS);
	do {
		answer = ending(NULL, 1, next);
		item = json_array_get(json_object_get(answer, "items"), 0);
		told += item != NULL;
		if (item != NULL)
			assert_true(json_is_true(json_object_get(item, "over")));
		next = json_string_value(json_object_get(answer, "next"));
		if (next != NULL) {
			snprintf(cursor, sizeof(cursor), "%s", next);
			next = cursor;
		}
		json_decref(answer);
	} while (next != NULL && ++pages < 10);
	assert_int_equal(told, 3);
}

/* The tasks of the case FILE become SORT in one circle, as though a sitting had been held. */
static void
put_into_circle(const struct case_row *file, const char *sort, const char *state)
{
	struct database *db = two.police.service->db;
	struct query *query;

	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(
	    database_query(db,
		"UPDATE tasks SET sort = ?2, state = ?3, circle_n = 77 WHERE case_n = ?1",
		&query),
	    STATUS_OK);
	query_bind_uint(query, 1, file->n);
	query_bind_text(query, 2, bytes_of_text(sort));
	query_bind_text(query, 3, bytes_of_text(state));
	assert_int_equal(query_run(query), STATUS_OK);
	service_commit(two.police.service, "act");
}

/* Who signed the minutes of several matters signed in the sitting's own file. */
static void
a_sittings_file_is_kept_as_long_as_the_cases_that_were_on_its_agenda(void **state)
{
	struct retention kept;
	struct refusal refusal;
	struct case_row sitting, child;
	char task[33];
	bool may;

	(void)state;
	sitting = refer_and_end(task);
	child = refer_and_end(task);
	put_into_circle(&sitting, "conference", "held");
	put_into_circle(&child, "matter", "final");
	two.police.clock_ahead = (int64_t)(11 * YEAR_MS);
	assert_int_equal(retention_of(two.police.service, sitting.n, &kept, NULL), STATUS_OK);
	assert_true(kept.signed_for);
	assert_int_equal(kept.years, 0);
	assert_int_equal(retention_may_end(two.police.service, sitting.n,
			     calendar_day_at(now() + 80 * YEAR_MS), &may),
	    STATUS_OK);
	assert_false(may);
	assert_int_equal(
	    erase(&dace, &sitting, NULL, "retention", &refusal), STATUS_WRONG_STATE);
	assert_non_null(strstr(refusal.detail, "signatures"));
	assert_int_equal(how_many(NULL), 1);
	assert_int_equal(erase(&dace, &child, NULL, "retention", &refusal), STATUS_OK);
	assert_int_equal(retention_of(two.police.service, sitting.n, &kept, NULL), STATUS_OK);
	assert_false(kept.signed_for);
	assert_int_equal(erase(&dace, &sitting, NULL, "retention", &refusal), STATUS_OK);
}

/* ---- Who erases, and when ---------------------------------------------------------------- */

static void
before_its_time_a_case_is_not_erased_for_its_time(void **state)
{
	struct refusal refusal;
	struct case_row file;
	char task[33];

	(void)state;
	file = refer_and_end(task);
	assert_int_equal(erase(&dace, &file, NULL, "retention", &refusal), STATUS_WRONG_STATE);
	assert_string_equal(refusal.field, "reason");
	assert_non_null(strstr(refusal.detail, "this case is kept until "));
	two.police.clock_ahead = (int64_t)(11 * YEAR_MS);
	assert_int_equal(erase(&dace, &file, NULL, "retention", &refusal), STATUS_OK);
	assert_int_equal(how_many(NULL), 0);
	assert_int_equal(erase(&dace, &file, NULL, "retention", &refusal), STATUS_ERASED);
}

static void
only_those_who_lead_erase_and_no_program(void **state)
{
	struct refusal refusal;
	struct case_row file;
	char task[33];

	(void)state;
	file = refer_and_end(task);
	assert_int_equal(erase(&anna, &file, NULL, "mistake", &refusal), STATUS_NOT_ALLOWED);
	assert_int_equal(erase(&auditor, &file, NULL, "mistake", &refusal), STATUS_NOT_ALLOWED);
	assert_int_equal(erase(&program, &file, NULL, "mistake", &refusal), STATUS_NOT_ALLOWED);
	assert_int_equal(erase(&dace, &file, NULL, "whim", &refusal), STATUS_ARGUMENT);
	json_decref(show_to(&two.police, &anna, task));
}

static void
what_is_open_is_not_erased_and_says_what_to_do(void **state)
{
	struct refusal refusal;
	struct case_row file;
	char task[33];

	(void)state;
	refer("urgent", task);
	settle();
	file = case_of(task);
	assert_int_equal(erase(&dace, &file, NULL, "mistake", &refusal), STATUS_WRONG_STATE);
	assert_string_equal(refusal.detail, "a task is open: end it first, or take it back");
}

/* Whom a stop could not reach any more would never hear of it. */
static void
a_case_is_not_erased_while_a_consent_of_it_stands_and_others_have_data(void **state)
{
	static const uint8_t body[] = {1};
	struct ground_row consent = {
	    .basis = BASIS_CONSENT, .id = {7}, .state = CONSENT_GIVEN, .check_ms = UINT64_MAX};
	struct ref_row ref = {.direction = REF_OURS,
	    .peer = "school",
	    .reference = {9},
	    .basis = BASIS_CONSENT,
	    .stop_index = UINT64_MAX};
	struct refusal refusal;
	struct case_row file;
	struct database *db;
	char task[33];

	(void)state;
	file = refer_and_end(task);
	db = two.police.service->db;
	consent.case_n = file.n;
	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(ground_store_next(db, &consent.n), STATUS_OK);
	assert_int_equal(
	    ground_store_add(db, &consent, (struct bytes){body, sizeof(body)}), STATUS_OK);
	ref.ground_n = consent.n;
	assert_int_equal(ground_store_add_ref(db, &ref), STATUS_OK);
	service_commit(two.police.service, "act");
	assert_int_equal(erase(&dace, &file, NULL, "demanded", &refusal), STATUS_WRONG_STATE);
	assert_non_null(strstr(refusal.detail, "under a consent of this case"));

	/* It ended, but the other could not be told yet; then the log has that it was. */
	for (uint64_t index = 0; index < 2; index++) {
		assert_int_equal(service_begin(two.police.service), STATUS_OK);
		consent.stopped = true;
		consent.state = CONSENT_WITHDRAWN;
		ref.stop_index = index * 100;
		assert_int_equal(ground_store_set(db, &consent), STATUS_OK);
		assert_int_equal(ground_store_set_ref(db, &ref), STATUS_OK);
		service_commit(two.police.service, "act");
		assert_int_equal(erase(&dace, &file, NULL, "demanded", &refusal),
		    index == 0 ? STATUS_WRONG_STATE : STATUS_OK);
	}
}

static void
whoever_opens_what_was_erased_sees_when_and_why(void **state)
{
	struct refusal refusal;
	struct case_row file;
	json_t *shown, *answer, *item;
	char task[33];

	(void)state;
	file = refer_and_end(task);
	assert_int_equal(erase(&dace, &file, task, "demanded", &refusal), STATUS_OK);
	assert_int_equal(erase(&dace, &file, task, "demanded", &refusal), STATUS_ERASED);
	shown = show_to(&two.police, &anna, task);
	assert_true(json_is_true(json_object_get(shown, "erased")));
	assert_string_equal(text(json_object_get(shown, "erasure"), "reason"), "demanded");
	json_decref(shown);

	assert_int_equal(
	    acts_erasures(two.police.service, &auditor, 10, NULL, &answer, &refusal),
	    STATUS_OK);
	item = json_array_get(json_object_get(answer, "items"), 0);
	assert_string_equal(text(item, "task"), task);
	assert_string_equal(text(item, "by"), "dace");
	assert_string_equal(text(item, "role"), "supervisor");
	assert_false(json_is_true(json_object_get(item, "late")));
	json_decref(answer);
	assert_int_equal(acts_erasures(two.police.service, &anna, 10, NULL, &answer, &refusal),
	    STATUS_NOT_ALLOWED);
}

static void
what_is_not_settled_after_a_day_stands_out(void **state)
{
	struct erasure_row row = {.reason = "mistake", .role = "head"};
	struct refusal refusal;
	json_t *answer;
	char task[33];

	(void)state;
	row.case_n = refer_and_end(task).n;
	row.time_ms = now() - 2 * DAY_MS;
	assert_int_equal(service_begin(two.police.service), STATUS_OK);
	assert_int_equal(erasure_store_add(two.police.service->db, &row), STATUS_OK);
	service_commit(two.police.service, "act");
	assert_int_equal(
	    acts_erasures(two.police.service, &dace, 10, NULL, &answer, &refusal), STATUS_OK);
	assert_true(json_is_true(
	    json_object_get(json_array_get(json_object_get(answer, "items"), 0), "late")));
	json_decref(answer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_category_has_its_years_and_a_source),
	    RETENTION_TEST(a_case_is_kept_as_long_as_the_longest_of_what_it_holds),
	    RETENTION_TEST(a_case_with_an_open_task_has_no_end),
	    RETENTION_TEST(
		a_sittings_file_is_kept_as_long_as_the_cases_that_were_on_its_agenda),
	    RETENTION_TEST(a_list_has_what_is_over_and_what_ends_within_so_many_days),
	    RETENTION_TEST(pages_of_the_list_tell_each_case_once),
	    RETENTION_TEST(before_its_time_a_case_is_not_erased_for_its_time),
	    RETENTION_TEST(only_those_who_lead_erase_and_no_program),
	    RETENTION_TEST(what_is_open_is_not_erased_and_says_what_to_do),
	    RETENTION_TEST(
		a_case_is_not_erased_while_a_consent_of_it_stands_and_others_have_data),
	    RETENTION_TEST(whoever_opens_what_was_erased_sees_when_and_why),
	    RETENTION_TEST(what_is_not_settled_after_a_day_stands_out),
	};

	if (suite_start() != STATUS_OK || lists_start() != STATUS_OK)
		return 1;
	return cmocka_run_group_tests_name("retention", tests, NULL, NULL);
}
