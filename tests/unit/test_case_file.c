/* tests/unit/test_case_file.c: a message is stored as it was shown, and read back as that. */
#include "tests/unit/service_room.h"

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/store/case_store.h"

/* As a third party gets it: without documents. */
static void
pass_on(const struct content *content, struct buffer *shown, struct content *out)
{
	struct merkle_hash root;

	content_root(content, &root);
	content_show_passed(content, CATEGORY_BIT(CATEGORY_ACT), 0, shown);
	assert_int_equal(
	    content_read_passed(bytes_of_buffer(shown), content->type->id, &root, out),
	    STATUS_OK);
}

static void
what_another_passed_on_is_stored_as_it_came(void **state)
{
	struct service *service = two.school.service;
	struct buffer came = {0}, again = {0};
	struct content whole, passed, stored;
	struct event_row row;
	struct task_row task;
	struct case_key key;
	struct bytes text;
	char id[33];

	(void)state;
	refer("urgent", id);
	assert_int_equal(case_store_task(service->db, 1, &task), STATUS_OK);
	assert_int_equal(case_file_key(service, task.case_n, &key), STATUS_OK);
	assert_int_equal(event_store_offer(service->db, task.n, &row), STATUS_OK);
	assert_int_equal(case_file_content(service, &key, &row, &whole), STATUS_OK);
	assert_int_equal(whole.bare, 0);
	pass_on(&whole, &came, &passed);
	assert_int_equal(service_begin(service), STATUS_OK);
	assert_int_equal(case_file_set_message(service, &key, &row, &passed), STATUS_OK);
	service_commit(service, "test");
	assert_int_equal(case_file_content(service, &key, &row, &stored), STATUS_OK);
	assert_int_equal(stored.bare, CATEGORY_BIT(CATEGORY_ACT));
	assert_true(content_text(&stored, FIELD_URGENCY, &text));
	assert_false(content_text(&stored, FIELD_CHILD_NAME, &text));
	content_show_passed(&stored, CATEGORY_ALL, CATEGORY_ALL, &again);
	assert_true(bytes_equal(bytes_of_buffer(&again), bytes_of_buffer(&came)));
	content_free(&whole);
	content_free(&passed);
	content_free(&stored);
	buffer_free(&came);
	buffer_free(&again);
	vault_forget(&key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVICE_TEST(what_another_passed_on_is_stored_as_it_came),
	};

	return cmocka_run_group_tests_name("case_file", tests, NULL, NULL);
}
