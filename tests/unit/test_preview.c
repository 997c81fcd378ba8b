/* tests/unit/test_preview.c: a list shows the opening message's codes without opening it. */
#include "tests/unit/service_room.h"

#include "services/runtime/exchange/preview.h"
#include "services/runtime/store/preview_store.h"

static struct task_row
only_task(struct line *line)
{
	struct task_row row;

	assert_int_equal(case_store_task(line->service->db, 1, &row), STATUS_OK);
	return row;
}

static void
both_sides_read_from_the_row_what_the_opening_message_said(void **state)
{
	struct line *lines[] = {&two.school, &two.police};
	char task[33];

	(void)state;
	refer("urgent", task);
	settle();
	for (size_t i = 0; i < 2; i++) {
		struct task_row row = only_task(lines[i]);
		struct preview preview;

		assert_int_equal(
		    preview_read(lines[i]->service, &row, true, &preview), STATUS_OK);
		assert_false(preview.erased);
		assert_string_equal(text(preview.fields, "urgency"), "urgent");
		assert_string_equal(text(preview.fields, "municipality"), "Ventspils");
		assert_string_equal(json_string_value(json_array_get(
					json_object_get(preview.fields, "concern"), 0)),
		    "unexcused_absence");
		assert_null(json_object_get(preview.fields, "child_name"));
		assert_string_equal(preview.file_number, i == 0 ? "2026/17" : "");
		preview_free(&preview);
	}
}

static void
without_content_nothing_is_opened(void **state)
{
	struct task_row row;
	struct preview preview;
	char task[33];

	(void)state;
	refer("urgent", task);
	row = only_task(&two.school);
	assert_int_equal(preview_read(two.school.service, &row, false, &preview), STATUS_OK);
	assert_null(preview.fields);
	assert_string_equal(preview.file_number, "");
	preview_free(&preview);
}

static void
a_preview_of_another_task_does_not_open(void **state)
{
	struct database *db = two.school.service->db;
	struct preview_row other;
	struct preview preview;
	struct task_row row;
	char task[33];

	(void)state;
	refer("urgent", task);
	refer("normal", task);
	row = only_task(&two.school);
	assert_int_equal(preview_store_get(db, 2, &other), STATUS_OK);
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(preview_store_set(db, 1, bytes_of_buffer(&other.preview)), STATUS_OK);
	assert_int_equal(
	    preview_read(two.school.service, &row, true, &preview), STATUS_CANNOT_OPEN);
	service_rollback(two.school.service);
	preview_free(&preview);
	preview_store_free(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(both_sides_read_from_the_row_what_the_opening_message_said),
	    SERVICE_TEST(without_content_nothing_is_opened),
	    SERVICE_TEST(a_preview_of_another_task_does_not_open),
	};

	return cmocka_run_group_tests_name("preview", tests, NULL, NULL);
}
