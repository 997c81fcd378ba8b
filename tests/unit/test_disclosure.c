/* tests/unit/test_disclosure.c: what a family is told of a case, and what is left out of it. */
#include "services/runtime/exchange/erasure.h"
#include "tests/unit/service_room.h"

static const struct actor head = {.person = 4, .user = "dace", .role = ROLE_HEAD};

/* The first task of SERVICE; its case and offer go to CASE_ID and MESSAGE. */
static void
find(struct line *line, char case_id[static 33], char message[static 33])
{
	struct refusal refusal;
	json_t *answer, *task;
	const json_t *first;

	assert_int_equal(acts_tasks(line->service, &anna, &(struct acts_query){.limit = 10},
			     &answer, &refusal),
	    STATUS_OK);
	first = json_array_get(json_object_get(answer, "items"), 0);
	snprintf(case_id, 33, "%s", text(first, "case"));
	assert_int_equal(
	    acts_task(line->service, &anna, text(first, "task"), &task, &refusal), STATUS_OK);
	snprintf(message, 33, "%s",
	    text(json_array_get(json_object_get(task, "timeline"), 0), "message"));
	json_decref(task);
	json_decref(answer);
}

static json_t *
statement_of(struct line *line, const char *case_id)
{
	struct refusal refusal;
	json_t *answer;

	assert_int_equal(
	    acts_disclosure(line->service, &anna, case_id, &answer, &refusal), STATUS_OK);
	return answer;
}

static const json_t *
entry(const json_t *statement, const char *part, size_t at)
{
	return json_array_get(json_object_get(statement, part), at);
}

static size_t
count(const json_t *statement, const char *part)
{
	return json_array_size(json_object_get(statement, part));
}

static bool
names(const json_t *part, const char *field)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(part, "fields"), i, one)
	{
		if (strcmp(text(one, "name"), field) == 0)
			return true;
	}
	return false;
}

static enum status
withhold_as(const struct actor *actor, const char *case_id, json_t *request)
{
	struct refusal refusal = {0};
	json_t *answer;
	enum status rc =
	    acts_withhold(two.school.service, actor, case_id, request, &answer, &refusal);

	assert_int_equal(rc == STATUS_OK, answer != NULL);
	if (rc != STATUS_OK)
		assert_true(refusal.detail[0] != '\0');
	json_decref(request);
	json_decref(answer);
	return rc;
}

static json_t *
because(const char *message, const char *reason)
{
	return json_pack("{s:s, s:s, s:s}", "message", message, "reason", reason, "text",
	    "The child would be beaten.");
}

static json_t *
again(const char *message)
{
	return json_pack(
	    "{s:s, s:b, s:s}", "message", message, "undo", 1, "text", "The danger is over.");
}

static void
a_statement_says_who_got_which_fields_when_and_on_which_ground(void **state)
{
	char task[33], case_id[33], message[33];
	const json_t *given;
	json_t *statement;

	(void)state;
	refer("urgent", task);
	settle();
	find(&two.school, case_id, message);
	statement = statement_of(&two.school, case_id);
	assert_string_equal(text(statement, "number"), "school/1");
	assert_string_equal(text(statement, "file_number"), "2026/17");
	assert_int_equal(count(statement, "given"), 1);
	given = entry(statement, "given", 0);
	assert_string_equal(text(given, "state"), "delivered");
	assert_string_equal(text(json_object_get(given, "with"), "code"), "police");
	assert_string_equal(text(given, "basis"), "law");
	assert_string_equal(text(given, "ground"), "duty_to_report");
	assert_non_null(strstr(text(given, "provision"), "section 73"));
	assert_int_equal(strlen(text(given, "reference")), 32);
	assert_true(names(given, "child_name") && names(given, "offence"));
	assert_false(names(given, "learning") || names(given, "task"));
	/* Its profile keeps the school's own matters from the police. */
	assert_int_equal(count(statement, "not_shared"), 1);
	assert_string_equal(text(entry(statement, "not_shared", 0), "why"), "profile");
	assert_true(names(entry(statement, "not_shared", 0), "learning"));
	json_decref(statement);
	statement = statement_of(&two.school, case_id);
	assert_string_equal(text(statement, "number"), "school/2");
	json_decref(statement);
}

static void
no_value_of_any_field_stands_in_a_statement(void **state)
{
	char task[33], case_id[33], message[33], *all;
	json_t *statement;

	(void)state;
	refer("urgent", task);
	settle();
	find(&two.school, case_id, message);
	statement = statement_of(&two.school, case_id);
	all = json_dumps(statement, 0);
	assert_null(strstr(all, "Izdom"));
	assert_null(strstr(all, "Secret"));
	assert_null(strstr(all, "Divas"));
	free(all);
	json_decref(statement);
}

static void
the_recipients_statement_says_what_it_received_and_what_it_answered(void **state)
{
	char task[33], case_id[33], message[33];
	json_t *statement;

	(void)state;
	refer("urgent", task);
	settle();
	assert_int_equal(answer_with(&two.police, task, "review", NULL), STATUS_OK);
	settle();
	find(&two.police, case_id, message);
	statement = statement_of(&two.police, case_id);
	assert_int_equal(count(statement, "received"), 1);
	assert_string_equal(
	    text(json_object_get(entry(statement, "received", 0), "with"), "code"), "school");
	assert_true(names(entry(statement, "received", 0), "child_name"));
	assert_string_equal(text(entry(statement, "given", 0), "basis"), "reply");
	json_decref(statement);
}

static void
what_is_withheld_is_absent_until_that_is_undone(void **state)
{
	char task[33], case_id[33], message[33], *all;
	json_t *statement;

	(void)state;
	refer("urgent", task);
	settle();
	find(&two.school, case_id, message);
	assert_int_equal(
	    withhold_as(&anna, case_id, because(message, "child_safety")), STATUS_OK);
	statement = statement_of(&two.school, case_id);
	assert_int_equal(json_integer_value(json_object_get(statement, "left_out")), 1);
	assert_int_equal(count(statement, "given") + count(statement, "not_shared"), 0);
	all = json_dumps(statement, 0);
	assert_null(strstr(all, "police"));
	assert_null(strstr(all, message));
	free(all);
	json_decref(statement);
	assert_int_equal(withhold_as(&anna, case_id, again(message)), STATUS_OK);
	statement = statement_of(&two.school, case_id);
	assert_int_equal(count(statement, "given"), 1);
	json_decref(statement);
}

static void
decisions_to_withhold_are_kept_with_reason_text_and_person(void **state)
{
	char task[33], case_id[33], message[33];
	struct refusal refusal;
	json_t *answer;
	const json_t *first;

	(void)state;
	refer("urgent", task);
	settle();
	find(&two.school, case_id, message);
	let_know(&two.school, &head, case_id);
	assert_int_equal(
	    withhold_as(&head, case_id, because(message, "child_safety")), STATUS_OK);
	assert_int_equal(withhold_as(&anna, case_id, again(message)), STATUS_OK);
	assert_int_equal(
	    acts_withheld(two.school.service, &anna, case_id, &answer, &refusal), STATUS_OK);
	assert_int_equal(count(answer, "items"), 2);
	first = entry(answer, "items", 0);
	assert_string_equal(text(first, "reason"), "child_safety");
	assert_string_equal(text(first, "text"), "The child would be beaten.");
	assert_string_equal(text(first, "by"), "dace");
	assert_true(json_is_false(json_object_get(entry(answer, "items", 1), "withheld")));
	json_decref(answer);
}

static void
a_decision_at_fault_or_of_the_wrong_person_changes_nothing(void **state)
{
	char task[33], case_id[33], message[33];
	struct refusal refusal;
	json_t *answer, *request;

	(void)state;
	refer("urgent", task);
	settle();
	find(&two.school, case_id, message);
	assert_int_equal(
	    withhold_as(&zane, case_id, because(message, "reporter")), STATUS_NOT_ALLOWED);
	assert_int_equal(
	    withhold_as(&auditor, case_id, because(message, "reporter")), STATUS_NOT_ALLOWED);
	assert_int_equal(
	    withhold_as(&anna, case_id, because(message, "no_such")), STATUS_ARGUMENT);
	assert_int_equal(
	    withhold_as(&anna, case_id, because(case_id, "reporter")), STATUS_NOT_FOUND);
	assert_int_equal(
	    withhold_as(&anna, task, because(message, "reporter")), STATUS_NOT_FOUND);
	assert_int_equal(withhold_as(&anna, case_id, again(message)), STATUS_WRONG_STATE);
	request = because(message, "reporter");
	json_object_set_new(request, "text", json_string(""));
	assert_int_equal(withhold_as(&anna, case_id, request), STATUS_ARGUMENT);
	request = because(message, "reporter");
	json_object_set_new(request, "who", json_string("me"));
	assert_int_equal(withhold_as(&anna, case_id, request), STATUS_ARGUMENT);
	assert_int_equal(withhold_as(&anna, case_id, because(message, "reporter")), STATUS_OK);
	assert_int_equal(
	    withhold_as(&anna, case_id, because(message, "reporter")), STATUS_WRONG_STATE);
	assert_int_equal(acts_disclosure(two.school.service, &zane, case_id, &answer, &refusal),
	    STATUS_NOT_ALLOWED);
	assert_int_equal(
	    acts_disclosure(two.school.service, &admin, case_id, &answer, &refusal),
	    STATUS_NOT_ALLOWED);
}

static void
what_was_erased_is_told_unless_the_message_is_left_out(void **state)
{
	struct erasure what = {.reason = "mistake", .role = "head"};
	char task[33], case_id[33], message[33], *all;
	uint8_t id[SUITE_ID_LEN];
	struct task_row row;
	json_t *statement;

	(void)state;
	refer("urgent", task);
	settle();
	find(&two.school, case_id, message);
	assert_int_equal(answer_with(&two.school, task, "mistake",
			     json_pack("{s:s}", "error_reason", "wrong_child")),
	    STATUS_OK);
	settle();
	assert_true(bytes_from_hex(bytes_of_text(task), id, sizeof(id)));
	assert_int_equal(case_store_find_task(two.school.service->db, id, &row), STATUS_OK);
	what.case_n = row.case_n;
	what.task_n = row.n;
	assert_int_equal(service_begin(two.school.service), STATUS_OK);
	assert_int_equal(erasure_run(two.school.service, &what), STATUS_OK);
	service_commit(two.school.service, "act");
	statement = statement_of(&two.school, case_id);
	assert_int_equal(count(statement, "erasures"), 1);
	assert_string_equal(text(entry(statement, "erasures", 0), "reason"), "mistake");
	assert_true(json_is_true(json_object_get(entry(statement, "given", 0), "erased")));
	while (count(statement, "given") > 0) {
		assert_int_equal(
		    withhold_as(&anna, case_id,
			because(text(entry(statement, "given", 0), "message"), "child_safety")),
		    STATUS_OK);
		json_decref(statement);
		statement = statement_of(&two.school, case_id);
	}
	assert_int_equal(count(statement, "erasures"), 0);
	all = json_dumps(statement, 0);
	assert_null(strstr(all, "police"));
	free(all);
	json_decref(statement);
}

static void
what_no_one_took_is_listed_as_waiting_and_then_as_not_delivered(void **state)
{
	char task[33], case_id[33], message[33];
	json_t *statement;

	(void)state;
	line_disconnect(&two.school);
	refer("urgent", task);
	find(&two.school, case_id, message);
	statement = statement_of(&two.school, case_id);
	assert_string_equal(text(entry(statement, "given", 0), "state"), "waiting");
	json_decref(statement);
	line_disconnect(&two.police);
	line_connect(&two.school);
	settle();
	pass(31ULL * 24 * 3600 * 1000);
	statement = statement_of(&two.school, case_id);
	assert_string_equal(text(entry(statement, "given", 0), "state"), "not_delivered");
	json_decref(statement);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_statement_says_who_got_which_fields_when_and_on_which_ground),
	    TEST(no_value_of_any_field_stands_in_a_statement),
	    TEST(the_recipients_statement_says_what_it_received_and_what_it_answered),
	    TEST(what_is_withheld_is_absent_until_that_is_undone),
	    TEST(decisions_to_withhold_are_kept_with_reason_text_and_person),
	    TEST(a_decision_at_fault_or_of_the_wrong_person_changes_nothing),
	    TEST(what_was_erased_is_told_unless_the_message_is_left_out),
	    TEST(what_no_one_took_is_listed_as_waiting_and_then_as_not_delivered),
	};
#undef TEST

	return cmocka_run_group_tests_name("disclosure", tests, NULL, NULL);
}
