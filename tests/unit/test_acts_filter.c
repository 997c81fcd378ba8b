/* tests/unit/test_acts_filter.c: lists are narrowed, turned page by page, and bounded. */
#include "tests/unit/service_room.h"

#include "protocol/host/clock.h"
#include "services/runtime/acts/acts_filter.h"
#include "services/runtime/store/deadline_store.h"
#include "services/runtime/task/referral.h"

static struct refusal refusal;

static struct acts_query
everything(unsigned limit)
{
	return (struct acts_query){.limit = limit};
}

/* One page of the school's tasks; the cursor into NEXT, "" at the end. Owned by the caller. */
static json_t *
page_of(struct line *line, const struct acts_query *query, char next[static 24])
{
	const char *cursor;
	json_t *page;

	assert_int_equal(acts_tasks(line->service, &anna, query, &page, &refusal), STATUS_OK);
	cursor = json_string_value(json_object_get(page, "next"));
	snprintf(next, 24, "%s", cursor != NULL ? cursor : "");
	return page;
}

static size_t
count(struct line *line, const struct acts_query *query)
{
	char next[24];
	json_t *page = page_of(line, query, next);
	size_t items = json_array_size(json_object_get(page, "items"));

	json_decref(page);
	assert_string_equal(next, "");
	return items;
}

static void
a_list_holds_what_its_filters_say(void **state)
{
	struct acts_query query;
	char task[3][33], then[21];
	json_t *shown;

	(void)state;
	refer("normal", task[0]);
	refer("urgent", task[1]);
	pass(3600 * 1000);
	clock_format(schools_now(), then);
	refer("normal", task[2]);
	settle();
	query = everything(10);
	assert_int_equal(count(&two.police, &query), 3);
	query.urgency = "urgent";
	assert_int_equal(count(&two.police, &query), 1);
	query.urgency = "immediate";
	assert_int_equal(count(&two.police, &query), 0);
	query = everything(10);
	query.peer = "school";
	assert_int_equal(count(&two.police, &query), 3);
	query.box = "out";
	assert_int_equal(count(&two.police, &query), 0);
	query = everything(10);
	query.peer = "police";
	assert_int_equal(count(&two.police, &query), 0);
	query = everything(10);
	query.since = then;
	assert_int_equal(count(&two.school, &query), 1);
	query.since = NULL;
	query.until = then;
	assert_int_equal(count(&two.school, &query), 2);
	query.urgency = "urgent";
	query.box = "out";
	query.peer = "police";
	assert_int_equal(count(&two.school, &query), 1);
	query = everything(10);
	query.sort = "referral";
	assert_int_equal(count(&two.police, &query), 3);
	query = everything(10);
	query.unread = "1";
	assert_int_equal(count(&two.police, &query), 3);
	shown = show_to(&two.police, &anna, task[1]);
	json_decref(shown);
	assert_int_equal(count(&two.police, &query), 2);
}

static void
a_filter_that_is_none_is_refused_by_its_name(void **state)
{
	const struct {
		struct acts_query query;
		const char *field;
	} faults[] = {
	    {{.box = "middle"}, "box"},
	    {{.box = ""}, "box"},
	    {{.state = ""}, "state"},
	    {{.state = "none of these"}, "state"},
	    {{.sort = "bubble"}, "sort"},
	    {{.urgency = "soon"}, "urgency"},
	    {{.peer = ""}, "peer"},
	    {{.peer = "a-code-that-is-longer-than-any-institution-of-any-network-may-have"},
		"peer"},
	    {{.unread = "0"}, "unread"},
	    {{.since = "yesterday"}, "since"},
	    {{.since = "2026-11-31T00:00:00Z"}, "since"},
	    {{.until = "2026-11-22"}, "until"},
	    {{.after = ""}, "after"},
	    {{.after = "x"}, "after"},
	    {{.after = "t0000000000000000"}, "after"},
	    {{.after = "tffffffffffffffff"}, "after"},
	    {{.after = "c0000000000000001"}, "after"},
	    {{.after = "t00000000000000010"}, "after"},
	};
	json_t *page;

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct acts_query query = faults[i].query;

		query.limit = 10;
		assert_int_equal(acts_tasks(two.school.service, &anna, &query, &page, &refusal),
		    STATUS_ARGUMENT);
		assert_null(page);
		assert_string_equal(refusal.field, faults[i].field);
	}
}

static void
who_sees_no_content_cannot_ask_for_an_urgency(void **state)
{
	struct acts_query query = everything(10);
	json_t *page;

	(void)state;
	assert_int_equal(
	    acts_tasks(two.school.service, &auditor, &query, &page, &refusal), STATUS_OK);
	json_decref(page);
	query.urgency = "normal";
	assert_int_equal(acts_tasks(two.school.service, &auditor, &query, &page, &refusal),
	    STATUS_NOT_ALLOWED);
}

/* Between any two pages something new comes; what was there at the start is told once each. */
static void
turning_pages_misses_and_doubles_nothing_while_more_arrives(void **state)
{
	struct acts_query query = everything(2);
	char task[7][33], next[24], other[33];
	unsigned told[7] = {0};
	bool more = true;

	(void)state;
	for (unsigned i = 0; i < 7; i++)
		refer("normal", task[i]);
	while (more) {
		json_t *page = page_of(&two.school, &query, next), *item;
		size_t at;

		json_array_foreach(json_object_get(page, "items"), at, item)
		{
			unsigned i = 0;

			while (i < 7 && strcmp(task[i], text(item, "task")) != 0)
				i++;
			assert_true(i < 7);
			told[i]++;
		}
		json_decref(page);
		refer("normal", other);
		query.after = next;
		more = next[0] != '\0';
	}
	for (unsigned i = 0; i < 7; i++)
		assert_int_equal(told[i], 1);
}

/* As many bare tasks as a request may look at, and a few: nobody opens them. */
static void
fill(struct service *service, unsigned count_of_tasks)
{
	struct case_row file = {.n = 1, .time_ms = 1};
	struct task_row task = {.case_n = 1,
	    .sort = &referral_sort,
	    .side = TASK_SENDER,
	    .peer = "police",
	    .basis = BASIS_LAW,
	    .time_ms = 1,
	    .state = TASK_PENDING};

	assert_int_equal(service_begin(service), STATUS_OK);
	assert_int_equal(
	    case_store_add(service->db, &file, bytes_of_text("key"), (struct bytes){0}),
	    STATUS_OK);
	assert_int_equal(
	    knowing_give(service, &anna, file.n, anna.person, GRANT_AUTHOR, NULL, NULL),
	    STATUS_OK);
	for (task.n = 1; task.n <= count_of_tasks; task.n++) {
		suite_random(task.id, sizeof(task.id));
		assert_int_equal(case_store_add_task(service->db, &task), STATUS_OK);
	}
	service_commit(service, "test");
}

static void
a_filter_that_fits_nothing_costs_a_request_no_more_than_another(void **state)
{
	struct acts_query query = everything(10);
	char next[24];
	json_t *page;

	(void)state;
	fill(two.school.service, ACTS_FILTER_ROWS_MAX + 5);
	query.since = "2100-01-01T00:00:00Z";
	page = page_of(&two.school, &query, next);
	assert_int_equal(json_array_size(json_object_get(page, "items")), 0);
	assert_true(json_is_true(json_object_get(page, "partial")));
	assert_string_not_equal(next, "");
	json_decref(page);
	query.after = next;
	page = page_of(&two.school, &query, next);
	assert_true(json_is_false(json_object_get(page, "partial")));
	assert_string_equal(next, "");
	json_decref(page);
}

/* Something of each of them ended long ago. */
static void
make_due(struct service *service, unsigned count_of_tasks)
{
	struct deadline_row row = {.what = "decide",
	    .began_ms = 1,
	    .due_ms = 2,
	    .ours = true,
	    .stage = DEADLINE_OVERDUE};

	assert_int_equal(service_begin(service), STATUS_OK);
	for (row.task_n = 1; row.task_n <= count_of_tasks; row.task_n++)
		assert_int_equal(deadline_store_put(service->db, &row, NULL), STATUS_OK);
	service_commit(service, "test");
}

static void
a_list_of_what_is_due_does_not_tell_that_others_have_some(void **state)
{
	const unsigned many = ACTS_FILTER_ROWS_MAX + 5;
	struct acts_query query = {.limit = 10, .due = "overdue"};
	struct actor stranger;
	json_t *page;

	(void)state;
	fill(two.school.service, many);
	make_due(two.school.service, many);
	assert_int_equal(
	    people_enter(two.school.service, "liga", ROLE_SPECIALIST, &stranger), STATUS_OK);
	assert_int_equal(
	    acts_tasks(two.school.service, &stranger, &query, &page, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(page, "items")), 0);
	assert_true(json_is_false(json_object_get(page, "partial")));
	assert_true(json_is_null(json_object_get(page, "next")));
	json_decref(page);
}

static void
cases_are_narrowed_by_time_and_turned_by_cursors_of_their_own(void **state)
{
	struct acts_query query = everything(1);
	char task[33], then[21];
	json_t *page;

	(void)state;
	refer("normal", task);
	pass(3600 * 1000);
	clock_format(schools_now(), then);
	refer("normal", task);
	query.since = then;
	assert_int_equal(
	    acts_cases(two.school.service, &anna, &query, &page, &refusal), STATUS_OK);
	assert_int_equal(json_array_size(json_object_get(page, "items")), 1);
	assert_true(json_is_null(json_object_get(page, "next")));
	json_decref(page);
	query.since = NULL;
	assert_int_equal(
	    acts_cases(two.school.service, &anna, &query, &page, &refusal), STATUS_OK);
	query.after = text(page, "next");
	query.limit = 10;
	assert_int_equal(
	    acts_tasks(two.school.service, &anna, &query, &(json_t *){NULL}, &refusal),
	    STATUS_ARGUMENT);
	json_decref(page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(a_list_holds_what_its_filters_say),
	    SERVICE_TEST(a_filter_that_is_none_is_refused_by_its_name),
	    SERVICE_TEST(who_sees_no_content_cannot_ask_for_an_urgency),
	    SERVICE_TEST(turning_pages_misses_and_doubles_nothing_while_more_arrives),
	    SERVICE_TEST(a_filter_that_fits_nothing_costs_a_request_no_more_than_another),
	    SERVICE_TEST(a_list_of_what_is_due_does_not_tell_that_others_have_some),
	    SERVICE_TEST(cases_are_narrowed_by_time_and_turned_by_cursors_of_their_own),
	};

	return cmocka_run_group_tests_name("acts_filter", tests, NULL, NULL);
}
