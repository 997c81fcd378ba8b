/* tests/unit/test_ground_store.c: records of grounds, their events and references, in tables. */
#include "tests/unit/scratch.h"

#include "services/runtime/store/case_store.h"
#include "services/runtime/store/ground_store.h"
#include "services/runtime/store/store_schema.h"

static struct database *db;

static int
set_up(void **state)
{
	if (suite_start() != STATUS_OK || scratch_set_up(state) != 0)
		return -1;
	if (store_schema_open(scratch_path(*state, "service.db"), &db) != STATUS_OK)
		return -1;
	return database_begin(db) == STATUS_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	if (database_in_transaction(db))
		database_rollback(db);
	database_close(db);
	return scratch_tear_down(state);
}

static void
add_case(uint64_t n)
{
	struct case_row row = {.n = n, .time_ms = 1000 + n};

	row.id[0] = (uint8_t)n;
	assert_int_equal(
	    case_store_add(db, &row, bytes_of_text("wrapped"), (struct bytes){0}), STATUS_OK);
}

static struct ground_row
add_ground(uint64_t case_n, uint8_t id, const char *origin, uint64_t check_ms)
{
	struct ground_row row = {.case_n = case_n,
	    .basis = BASIS_CONSENT,
	    .time_ms = 5000,
	    .state = CONSENT_GIVEN,
	    .check_ms = check_ms};

	row.id[7] = id;
	snprintf(row.origin, sizeof(row.origin), "%s", origin);
	assert_int_equal(ground_store_next(db, &row.n), STATUS_OK);
	assert_int_equal(ground_store_add(db, &row, bytes_of_text("sealed")), STATUS_OK);
	return row;
}

static void
assert_same(const struct ground_row *a, const struct ground_row *b)
{
	assert_true(a->n == b->n && a->case_n == b->case_n && a->basis == b->basis &&
		    a->time_ms == b->time_ms && a->state == b->state &&
		    a->stopped == b->stopped && a->check_ms == b->check_ms);
	assert_memory_equal(a->id, b->id, sizeof(a->id));
	assert_string_equal(a->origin, b->origin);
}

static void
a_record_is_found_by_its_number_its_id_and_its_case(void **state)
{
	struct ground_row ours, mirror, other, found;

	(void)state;
	add_case(1);
	add_case(2);
	assert_int_equal(ground_store_of_case(db, 1, 0, &found), STATUS_NOT_FOUND);
	ours = add_ground(1, 4, "", UINT64_MAX);
	other = add_ground(2, 5, "", 77);
	/* Two institutions may keep the same record, and one of them may be ours. */
	mirror = add_ground(1, 4, "police-riga", 0);
	assert_int_equal(ground_store_get(db, other.n, &found), STATUS_OK);
	assert_same(&found, &other);
	assert_int_equal(ground_store_find(db, ours.id, "", &found), STATUS_OK);
	assert_same(&found, &ours);
	assert_int_equal(ground_store_find(db, ours.id, "police-riga", &found), STATUS_OK);
	assert_same(&found, &mirror);
	assert_int_equal(ground_store_find(db, ours.id, "school-2", &found), STATUS_NOT_FOUND);
	assert_int_equal(ground_store_any(db, ours.id, &found), STATUS_OK);
	assert_same(&found, &ours);
	assert_int_equal(ground_store_of_case(db, 1, 0, &found), STATUS_OK);
	assert_same(&found, &ours);
	assert_int_equal(ground_store_of_case(db, 1, ours.n, &found), STATUS_OK);
	assert_same(&found, &mirror);
	assert_int_equal(ground_store_of_case(db, 1, mirror.n, &found), STATUS_NOT_FOUND);
	assert_int_equal(ground_store_get(db, mirror.n + 1, &found), STATUS_NOT_FOUND);
}

static void
what_is_to_be_looked_at_comes_by_its_time_and_never_without_one(void **state)
{
	struct ground_row found, late, soon;
	uint64_t ms = 3;

	(void)state;
	add_case(1);
	add_ground(1, 1, "", UINT64_MAX);
	assert_int_equal(ground_store_next_check(db, &ms), STATUS_OK);
	assert_true(ms == UINT64_MAX);
	assert_int_equal(ground_store_due(db, INT64_MAX, &found), STATUS_NOT_FOUND);
	late = add_ground(1, 2, "", 900);
	soon = add_ground(1, 3, "", 0);
	assert_int_equal(ground_store_next_check(db, &ms), STATUS_OK);
	assert_int_equal(ms, 0);
	assert_int_equal(ground_store_due(db, 900, &found), STATUS_OK);
	assert_int_equal(found.n, soon.n);
	assert_int_equal(
	    ground_store_ending(db, 900, &(struct ground_row){0}, &found), STATUS_OK);
	assert_int_equal(found.n, soon.n);
	assert_int_equal(ground_store_ending(db, 899, &soon, &found), STATUS_NOT_FOUND);
	assert_int_equal(ground_store_ending(db, 900, &soon, &found), STATUS_OK);
	assert_int_equal(found.n, late.n);
	assert_int_equal(ground_store_ending(db, 900, &late, &found), STATUS_NOT_FOUND);
	soon.check_ms = UINT64_MAX;
	soon.state = CONSENT_EXPIRED;
	soon.stopped = true;
	assert_int_equal(ground_store_set(db, &soon), STATUS_OK);
	assert_int_equal(ground_store_get(db, soon.n, &found), STATUS_OK);
	assert_same(&found, &soon);
	assert_int_equal(ground_store_due(db, 899, &found), STATUS_NOT_FOUND);
	assert_int_equal(ground_store_due(db, 900, &found), STATUS_OK);
	assert_int_equal(found.n, late.n);
	assert_int_equal(ground_store_next_check(db, &ms), STATUS_OK);
	assert_int_equal(ms, 900);
}

static void
a_body_is_kept_and_replaced(void **state)
{
	struct buffer body = {0};
	struct ground_row row;

	(void)state;
	add_case(1);
	row = add_ground(1, 1, "", UINT64_MAX);
	assert_int_equal(ground_store_set_body(db, row.n, bytes_of_text("anew")), STATUS_OK);
	assert_int_equal(ground_store_body(db, row.n, &body), STATUS_OK);
	assert_true(bytes_is_text((struct bytes){body.data, body.len}, "anew"));
	assert_int_equal(ground_store_body(db, row.n + 1, &body), STATUS_NOT_FOUND);
	buffer_free(&body);
}

static void
events_are_told_in_the_order_in_which_they_were_stored(void **state)
{
	static const struct ground_event_row events[] = {
	    {.what = CONSENT_EVENT_REQUEST, .time_ms = 10, .person = 3, .role = "specialist"},
	    {.what = CONSENT_EVENT_WITHDRAW, .index = 71, .time_ms = 9},
	    {.what = CONSENT_EVENT_GIVE, .index = 70, .time_ms = 8}};
	struct buffer body = {0};
	struct ground_row row, other;
	uint64_t after = 0;

	(void)state;
	add_case(1);
	row = add_ground(1, 1, "", UINT64_MAX);
	other = add_ground(1, 2, "", UINT64_MAX);
	for (size_t i = 0; i < 3; i++) {
		struct ground_event_row event = events[i];

		event.ground_n = row.n;
		assert_int_equal(ground_store_next_event(db, &event.n), STATUS_OK);
		assert_int_equal(
		    ground_store_add_event(db, &event, bytes_of_text("why")), STATUS_OK);
	}
	for (size_t i = 0; i < 3; i++) {
		struct ground_event_row found;

		assert_int_equal(ground_store_event_after(db, row.n, after, &found), STATUS_OK);
		assert_int_equal(found.what, events[i].what);
		assert_int_equal(found.index, events[i].index);
		assert_int_equal(found.time_ms, events[i].time_ms);
		assert_int_equal(found.person, events[i].person);
		assert_string_equal(found.role, events[i].role);
		assert_int_equal(found.ground_n, row.n);
		after = found.n;
	}
	assert_int_equal(ground_store_event_body(db, after, &body), STATUS_OK);
	assert_true(bytes_is_text((struct bytes){body.data, body.len}, "why"));
	buffer_free(&body);
	assert_int_equal(
	    ground_store_event_after(db, row.n, after, &(struct ground_event_row){0}),
	    STATUS_NOT_FOUND);
	assert_int_equal(
	    ground_store_event_after(db, other.n, 0, &(struct ground_event_row){0}),
	    STATUS_NOT_FOUND);
}

static struct ref_row
add_ref(uint64_t ground_n, enum ref_direction direction, const char *peer, uint8_t reference)
{
	struct ref_row row = {.direction = direction,
	    .basis = BASIS_LAW,
	    .ground_n = ground_n,
	    .stop_index = UINT64_MAX};

	snprintf(row.peer, sizeof(row.peer), "%s", peer);
	row.reference[15] = reference;
	assert_int_equal(ground_store_add_ref(db, &row), STATUS_OK);
	return row;
}

static void
assert_same_ref(const struct ref_row *a, const struct ref_row *b)
{
	assert_true(a->n == b->n && a->direction == b->direction && a->basis == b->basis &&
		    a->ground_n == b->ground_n && a->stop_index == b->stop_index &&
		    a->stop_task_n == b->stop_task_n);
	assert_string_equal(a->peer, b->peer);
	assert_string_equal(a->stop_reason, b->stop_reason);
	assert_memory_equal(a->reference, b->reference, sizeof(a->reference));
}

static void
a_reference_is_found_by_whose_it_is_and_lives_until_it_is_stopped(void **state)
{
	struct ref_row ours, theirs, found;
	struct ground_row row;

	(void)state;
	add_case(1);
	row = add_ground(1, 1, "", UINT64_MAX);
	ours = add_ref(row.n, REF_OURS, "police-riga", 1);
	theirs = add_ref(row.n, REF_THEIRS, "police-riga", 1);
	assert_true(theirs.n > ours.n && ours.n > 0);
	assert_int_equal(
	    ground_store_ref(db, REF_OURS, "police-riga", ours.reference, &found), STATUS_OK);
	assert_same_ref(&found, &ours);
	assert_int_equal(
	    ground_store_ref(db, REF_THEIRS, "police-riga", ours.reference, &found), STATUS_OK);
	assert_same_ref(&found, &theirs);
	assert_int_equal(ground_store_ref(db, REF_OURS, "school-1", ours.reference, &found),
	    STATUS_NOT_FOUND);
	assert_int_equal(ground_store_live_ref(db, row.n, "police-riga", &found), STATUS_OK);
	assert_same_ref(&found, &ours);
	assert_int_equal(
	    ground_store_live_ref(db, row.n, "school-1", &found), STATUS_NOT_FOUND);
	/* Stopped by us, and not in the log yet: that is index 0, and not "not stopped". */
	ours.stop_index = 0;
	strcpy(ours.stop_reason, "withdrawn");
	ours.stop_task_n = 12;
	assert_int_equal(ground_store_set_ref(db, &ours), STATUS_OK);
	assert_int_equal(
	    ground_store_ref(db, REF_OURS, "police-riga", ours.reference, &found), STATUS_OK);
	assert_same_ref(&found, &ours);
	assert_int_equal(
	    ground_store_live_ref(db, row.n, "police-riga", &found), STATUS_NOT_FOUND);
}

static void
a_stop_may_come_before_the_record_that_it_stops(void **state)
{
	struct ref_row early, found;
	struct ground_row row;

	(void)state;
	add_case(1);
	early = add_ref(0, REF_THEIRS, "school-1", 7);
	assert_int_equal(early.ground_n, 0);
	row = add_ground(1, 1, "school-1", UINT64_MAX);
	assert_int_equal(
	    ground_store_ref_of(db, row.n, REF_THEIRS, 0, &found), STATUS_NOT_FOUND);
	early.ground_n = row.n;
	early.stop_index = 40;
	assert_int_equal(ground_store_set_ref(db, &early), STATUS_OK);
	assert_int_equal(ground_store_ref_of(db, row.n, REF_THEIRS, 0, &found), STATUS_OK);
	assert_same_ref(&found, &early);
	assert_int_equal(ground_store_ref_of(db, row.n, REF_OURS, 0, &found), STATUS_NOT_FOUND);
	assert_int_equal(
	    ground_store_ref_of(db, row.n, REF_THEIRS, found.n, &found), STATUS_NOT_FOUND);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_record_is_found_by_its_number_its_id_and_its_case),
	    TEST(what_is_to_be_looked_at_comes_by_its_time_and_never_without_one),
	    TEST(a_body_is_kept_and_replaced),
	    TEST(events_are_told_in_the_order_in_which_they_were_stored),
	    TEST(a_reference_is_found_by_whose_it_is_and_lives_until_it_is_stopped),
	    TEST(a_stop_may_come_before_the_record_that_it_stops),
	};

	return cmocka_run_group_tests_name("ground_store", tests, NULL, NULL);
}
