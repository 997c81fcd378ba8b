/* tests/unit/test_disclosure_circle.c: what a family is told of what several institutions got: each just what it got. */
#include "tests/unit/circle_room.h"

static json_t *
statement_of(struct line *line, uint64_t case_n)
{
	struct refusal refusal;
	struct case_row file;
	char id[33];
	json_t *answer;

	assert_int_equal(case_store_get(line->service->db, case_n, &file), STATUS_OK);
	bytes_to_hex(BYTES(file.id), id);
	assert_int_equal(
	    acts_disclosure(line->service, &anna, id, &answer, &refusal), STATUS_OK);
	return answer;
}

/* The entry of PART about the message ID (or, PASSED, about what passed it on) WITH the other. */
static const json_t *
entry_of(const json_t *statement, const char *part, const uint8_t id[SUITE_ID_LEN],
    const char *with, bool passed)
{
	const json_t *one, *found = NULL;
	char hex[33];
	size_t i;

	bytes_to_hex((struct bytes){id, SUITE_ID_LEN}, hex);
	json_array_foreach(json_object_get(statement, part), i, one)
	{
		const json_t *of = passed ? json_object_get(one, "passed") : one;

		if (of == NULL || (!passed && json_object_get(one, "passed") != NULL) ||
		    strcmp(text(of, "message"), hex) != 0 ||
		    strcmp(text(json_object_get(one, "with"), "code"), with) != 0)
			continue;
		assert_null(found);
		found = one;
	}
	return found;
}

static bool
names(const json_t *entry, const char *field)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(entry, "fields"), i, one)
	{
		if (strcmp(text(one, "name"), field) == 0)
			return true;
	}
	return false;
}

/* What is the family's to know of it: not the ground, which is told apart, nor how it is sent. */
static bool
is_told(const struct field_info *field)
{
	return !(field->category == CATEGORY_ACT && grounds_sets(field)) &&
	       field->id != FIELD_TASK && field->id != FIELD_APPLIED &&
	       field->id != FIELD_HISTORY && field->id != FIELD_HISTORY_COUNT;
}

/* ENTRY names what LINE opens of the message ID, no more and no less. */
static void
assert_tells(const json_t *entry, struct line *line, const uint8_t task[SUITE_ID_LEN],
    const uint8_t id[SUITE_ID_LEN])
{
	struct task_row row = task_of(line, task);
	struct content content;
	struct event_row event;
	struct case_key key;
	size_t told = 0;

	assert_non_null(entry);
	assert_int_equal(event_store_message(line->service->db, id, false, &event), STATUS_OK);
	assert_int_equal(case_file_key(line->service, row.case_n, &key), STATUS_OK);
	assert_int_equal(case_file_content(line->service, &key, &event, &content), STATUS_OK);
	for (unsigned i = 0; i < content.type->field_count; i++) {
		const struct field_info *field = content.type->fields[i].field;

		if (!content.fields[i].present || !is_told(field))
			continue;
		assert_true(names(entry, field->name));
		told++;
	}
	assert_int_equal(json_array_size(json_object_get(entry, "fields")), told);
	content_free(&content);
	vault_forget(&key);
}

static void
open_and_get(struct shared *shared, uint8_t opening[SUITE_ID_LEN])
{
	open_it(shared);
	get_opening(&two.school, shared->circle, opening);
}

static void
each_recipient_stands_there_with_just_the_fields_that_it_got(void **state)
{
	uint8_t opening[SUITE_ID_LEN], said[SUITE_ID_LEN];
	const json_t *police, *court;
	struct shared shared;
	json_t *statement;

	(void)state;
	open_and_get(&shared, opening);
	assert_int_equal(report(&two.school, shared.circle, said), STATUS_OK);
	rooms_settle();
	statement = statement_of(&two.school, shared.case_n);
	assert_int_equal(json_array_size(json_object_get(statement, "given")), 4);
	police = entry_of(statement, "given", opening, "police", false);
	court = entry_of(statement, "given", opening, "court", false);
	assert_tells(police, &two.police, shared.circle, opening);
	assert_tells(court, &two.third, shared.circle, opening);
	assert_true(names(police, "behaviour") && !names(police, "health"));
	assert_true(names(court, "health") && !names(court, "behaviour"));
	assert_string_equal(text(police, "basis"), "consent");
	assert_string_not_equal(text(police, "reference"), text(court, "reference"));
	assert_tells(entry_of(statement, "given", said, "police", false), &two.police,
	    shared.circle, said);
	assert_tells(entry_of(statement, "given", said, "court", false), &two.third,
	    shared.circle, said);
	/* Of the opening each was kept from what its profile does not let it have. */
	assert_int_equal(json_array_size(json_object_get(statement, "not_shared")), 2);
	json_decref(statement);
}

static void
what_became_of_it_is_told_of_each_by_itself(void **state)
{
	uint8_t opening[SUITE_ID_LEN], said[SUITE_ID_LEN];
	struct shared shared;
	json_t *statement;

	(void)state;
	open_and_get(&shared, opening);
	rooms_kill(&two.third);
	line_disconnect(&two.third);
	assert_int_equal(report(&two.school, shared.circle, said), STATUS_OK);
	settle();
	statement = statement_of(&two.school, shared.case_n);
	assert_string_equal(
	    text(entry_of(statement, "given", said, "police", false), "state"), "delivered");
	assert_string_equal(
	    text(entry_of(statement, "given", said, "court", false), "state"), "under_way");
	json_decref(statement);
	line_disconnect(&two.school);
	assert_int_equal(report(&two.school, shared.circle, said), STATUS_OK);
	statement = statement_of(&two.school, shared.case_n);
	assert_string_equal(
	    text(entry_of(statement, "given", said, "police", false), "state"), "waiting");
	assert_string_equal(
	    text(entry_of(statement, "given", said, "court", false), "state"), "waiting");
	json_decref(statement);
	rooms_settle();
}

static void
what_came_to_a_member_is_told_as_its_authors(void **state)
{
	uint8_t opening[SUITE_ID_LEN], said[SUITE_ID_LEN];
	struct shared shared;
	json_t *statement;

	(void)state;
	open_and_get(&shared, opening);
	assert_int_equal(report(&two.police, shared.circle, said), STATUS_OK);
	rooms_settle();
	statement = statement_of(&two.third, task_of(&two.third, shared.circle).case_n);
	assert_tells(entry_of(statement, "received", opening, "school", false), &two.third,
	    shared.circle, opening);
	assert_tells(entry_of(statement, "received", said, "police", false), &two.third,
	    shared.circle, said);
	assert_int_equal(json_array_size(json_object_get(statement, "received")), 2);
	json_decref(statement);
}

static void
what_was_passed_on_is_told_field_by_field_and_of_whom_it_is(void **state)
{
	uint8_t opening[SUITE_ID_LEN], said[SUITE_ID_LEN];
	const json_t *entry;
	struct shared shared;
	json_t *statement;

	(void)state;
	open_and_get(&shared, opening);
	assert_int_equal(report(&two.school, shared.circle, said), STATUS_OK);
	rooms_settle();
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	rooms_settle();
	statement = statement_of(&two.school, shared.case_n);
	assert_null(entry_of(statement, "given", said, "social", false));
	entry = entry_of(statement, "given", said, "social", true);
	assert_tells(entry, &two.fourth, shared.circle, said);
	assert_true(names(entry, "family"));
	assert_string_equal(
	    text(json_object_get(json_object_get(entry, "passed"), "by"), "code"), "school");
	assert_string_equal(text(json_object_get(entry, "passed"), "type"), "case_report");
	assert_tells(entry_of(statement, "given", opening, "social", true), &two.fourth,
	    shared.circle, opening);
	json_decref(statement);
	/* It came once: where it was passed on. */
	statement = statement_of(&two.fourth, task_of(&two.fourth, shared.circle).case_n);
	assert_null(entry_of(statement, "received", said, "school", false));
	assert_tells(entry_of(statement, "received", said, "school", true), &two.fourth,
	    shared.circle, said);
	json_decref(statement);
}

static void
who_may_have_acts_alone_is_told_with_acts_alone_on_no_ground(void **state)
{
	uint8_t opening[SUITE_ID_LEN], said[SUITE_ID_LEN];
	const json_t *entry;
	struct shared shared;
	json_t *statement;

	(void)state;
	open_and_get(&shared, opening);
	assert_int_equal(report(&two.school, shared.circle, said), STATUS_OK);
	rooms_settle();
	withdraw(&shared);
	rooms_settle();
	assert_int_equal(
	    plain(&two.school, shared.circle, MESSAGE_CASE_ADD, "social"), STATUS_OK);
	rooms_settle();
	statement = statement_of(&two.school, shared.case_n);
	entry = entry_of(statement, "given", said, "social", true);
	assert_tells(entry, &two.fourth, shared.circle, said);
	assert_false(names(entry, "family") || names(entry, "health"));
	assert_string_equal(text(entry, "basis"), "none");
	assert_string_equal(text(entry, "ground"), "");
	json_decref(statement);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CIRCLE_TEST(each_recipient_stands_there_with_just_the_fields_that_it_got),
	    CIRCLE_TEST(what_became_of_it_is_told_of_each_by_itself),
	    CIRCLE_TEST(what_came_to_a_member_is_told_as_its_authors),
	    CIRCLE_TEST(what_was_passed_on_is_told_field_by_field_and_of_whom_it_is),
	    CIRCLE_TEST(who_may_have_acts_alone_is_told_with_acts_alone_on_no_ground),
	};

	return cmocka_run_group_tests_name("disclosure_circle", tests, NULL, NULL);
}
