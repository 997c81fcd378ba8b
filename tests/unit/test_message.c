/* tests/unit/test_message.c: the one list is consistent, and values are held to their field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/wire/message.h"
#include "protocol/wire/pack.h"

static enum status
check_text(enum field field, const char *text)
{
	struct buffer value = {0};
	enum status rc;

	pack_text(&value, bytes_of_text(text));
	rc = field_check(field_info(field), bytes_of_buffer(&value));
	buffer_free(&value);
	return rc;
}

static enum status
check_uint(enum field field, uint64_t number)
{
	struct buffer value = {0};
	enum status rc;

	pack_uint(&value, number);
	rc = field_check(field_info(field), bytes_of_buffer(&value));
	buffer_free(&value);
	return rc;
}

static enum status
check_codes(enum field field, const char *code, unsigned count)
{
	struct buffer value = {0};
	enum status rc;

	pack_array(&value, count);
	for (unsigned i = 0; i < count; i++)
		pack_text(&value, bytes_of_text(code));
	rc = field_check(field_info(field), bytes_of_buffer(&value));
	buffer_free(&value);
	return rc;
}

static void
field_numbers_and_names_are_unique_and_fit_the_leaf(void **state)
{
	const struct field_info *a, *b;
	unsigned i, j;

	(void)state;
	for (i = 0; (a = field_at(i)) != NULL; i++) {
		assert_true((unsigned)a->id > 0 && (unsigned)a->id <= UINT16_MAX);
		assert_true(a->category < CATEGORY_COUNT);
		for (j = 0; j < i; j++) {
			b = field_at(j);
			assert_int_not_equal(a->id, b->id);
			assert_string_not_equal(a->name, b->name);
		}
		assert_ptr_equal(field_info((uint64_t)a->id), a);
		assert_ptr_equal(field_named(bytes_of_text(a->name)), a);
		assert_true(a->label_lv[0] != '\0' && a->label_en[0] != '\0');
		/* A list is named where there are codes, and only there. */
		assert_int_equal(a->kind == FIELD_KIND_CODE || a->kind == FIELD_KIND_CODES,
		    a->list[0] != '\0');
	}
	assert_true(i > 0);
	assert_null(field_info(0));
	assert_null(field_named(bytes_of_text("TASK")));
}

static void
message_types_are_unique_and_name_each_field_once(void **state)
{
	const struct message_info *type;
	unsigned i;

	(void)state;
	for (i = 0; (type = message_at(i)) != NULL; i++) {
		category_set categories = 0;

		assert_ptr_equal(message_info((uint64_t)type->id), type);
		assert_ptr_equal(message_named(bytes_of_text(type->name)), type);
		assert_true(type->field_count > 0 && type->field_count <= MESSAGE_FIELDS_MAX);
		for (unsigned j = 0; j < type->field_count; j++) {
			assert_non_null(type->fields[j].field);
			categories |= CATEGORY_BIT(type->fields[j].field->category);
			for (unsigned k = 0; k < j; k++)
				assert_ptr_not_equal(
				    type->fields[j].field, type->fields[k].field);
		}
		assert_int_equal(type->categories, categories);
	}
	assert_null(message_info(0));
	assert_null(message_info((uint64_t)1 << 32 | 1));
	assert_null(message_named(bytes_of_text("")));
}

static void
names_are_lower_case(void **state)
{
	enum category category;

	(void)state;
	assert_string_equal(message_info(MESSAGE_REFERRAL_OFFER)->name, "referral_offer");
	assert_string_equal(field_info(FIELD_CHILD_NAME)->name, "child_name");
	assert_string_equal(category_name(CATEGORY_IDENTITY), "identity");
	assert_null(category_name(CATEGORY_COUNT));
	assert_true(category_named(bytes_of_text("proceedings"), &category));
	assert_int_equal(category, CATEGORY_PROCEEDINGS);
	assert_false(category_named(bytes_of_text("secrets"), &category));
}

static void
the_offer_requires_its_act_and_leaves_content_optional(void **state)
{
	const struct message_info *offer = message_info(MESSAGE_REFERRAL_OFFER);

	(void)state;
	assert_int_equal(offer->fields[0].field->id, FIELD_TASK);
	assert_true(offer->fields[0].required);
	for (unsigned i = 0; i < offer->field_count; i++)
		if (offer->fields[i].field->category != CATEGORY_ACT)
			assert_false(offer->fields[i].required);
	assert_int_equal(message_info(MESSAGE_REFERRAL_REVIEW_OPENED)->categories,
	    CATEGORY_BIT(CATEGORY_ACT));
}

static void
texts_are_held_to_their_length(void **state)
{
	char text[122];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[121] = '\0';
	assert_int_equal(check_text(FIELD_CHILD_NAME, text), STATUS_TOO_LARGE);
	text[120] = '\0';
	assert_int_equal(check_text(FIELD_CHILD_NAME, text), STATUS_OK);
	assert_int_equal(check_text(FIELD_CHILD_NAME, ""), STATUS_ARGUMENT);
	assert_int_equal(check_text(FIELD_CHILD_NAME, "a\r"), STATUS_NOT_CANONICAL);
	assert_int_equal(check_uint(FIELD_CHILD_NAME, 1), STATUS_ARGUMENT);
}

static void
numbers_are_held_to_their_greatest(void **state)
{
	(void)state;
	assert_int_equal(check_uint(FIELD_ABSENCE_LESSONS, 0), STATUS_OK);
	assert_int_equal(check_uint(FIELD_ABSENCE_LESSONS, 10000), STATUS_OK);
	assert_int_equal(check_uint(FIELD_ABSENCE_LESSONS, 10001), STATUS_TOO_LARGE);
	assert_int_equal(check_uint(FIELD_APPLIED, UINT64_MAX), STATUS_OK);
	assert_int_equal(check_text(FIELD_APPLIED, "1"), STATUS_ARGUMENT);
}

static void
codes_are_checked_for_form_alone(void **state)
{
	(void)state;
	assert_int_equal(check_text(FIELD_URGENCY, "some_new-1+"), STATUS_OK);
	assert_int_equal(check_text(FIELD_URGENCY, "Urgent"), STATUS_ARGUMENT);
	assert_int_equal(check_text(FIELD_URGENCY, "a b"), STATUS_ARGUMENT);
	assert_int_equal(check_text(FIELD_URGENCY, "ā"), STATUS_ARGUMENT);
	assert_int_equal(check_text(FIELD_URGENCY, ""), STATUS_ARGUMENT);
	assert_int_equal(check_text(FIELD_URGENCY, "12345678901234567"), STATUS_TOO_LARGE);
	assert_int_equal(check_codes(FIELD_CONCERN, "bullying", 16), STATUS_OK);
	assert_int_equal(check_codes(FIELD_CONCERN, "bullying", 17), STATUS_TOO_LARGE);
	assert_int_equal(check_codes(FIELD_CONCERN, "bullying", 0), STATUS_ARGUMENT);
	assert_int_equal(check_codes(FIELD_CONCERN, "Bullying", 1), STATUS_ARGUMENT);
	assert_int_equal(check_text(FIELD_CONCERN, "bullying"), STATUS_ARGUMENT);
}

static void
dates_are_days_of_the_calendar(void **state)
{
	static const char *const good[] = {
	    "2026-02-28", "2024-02-29", "2000-02-29", "2026-12-31", "2026-04-30", "1999-01-01"};
	static const char *const bad[] = {"2026-02-29", "1900-02-29", "2026-04-31",
	    "2026-13-01", "2026-00-01", "2026-01-00", "0000-01-01", "2026-1-01", "2026/01/01",
	    "2026-01-01 ", "202-601-01", "+026-01-01", "", "20260101"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(check_text(FIELD_BIRTH_DATE, good[i]), STATUS_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(check_text(FIELD_BIRTH_DATE, bad[i]), STATUS_ARGUMENT);
}

static void
ids_are_sixteen_bytes(void **state)
{
	uint8_t id[17] = {0};

	(void)state;
	for (size_t len = 15; len <= 17; len++) {
		struct buffer value = {0};

		pack_bin(&value, (struct bytes){id, len});
		assert_int_equal(field_check(field_info(FIELD_TASK), bytes_of_buffer(&value)),
		    len == 16 ? STATUS_OK : STATUS_ARGUMENT);
		buffer_free(&value);
	}
}

static void
a_value_is_exactly_one_canonical_value(void **state)
{
	static const uint8_t two[] = {1, 1}, longer[] = {0xcc, 1}, part[] = {0xcd, 1};
	const struct field_info *field = field_info(FIELD_APPLIED);

	(void)state;
	assert_int_equal(field_check(field, (struct bytes){0}), STATUS_MALFORMED);
	assert_int_equal(field_check(field, BYTES(two)), STATUS_MALFORMED);
	assert_int_equal(field_check(field, BYTES(part)), STATUS_MALFORMED);
	assert_int_equal(field_check(field, BYTES(longer)), STATUS_NOT_CANONICAL);
}

int
main(void)
{
	const struct CMUnitTest message[] = {
	    cmocka_unit_test(field_numbers_and_names_are_unique_and_fit_the_leaf),
	    cmocka_unit_test(message_types_are_unique_and_name_each_field_once),
	    cmocka_unit_test(names_are_lower_case),
	    cmocka_unit_test(the_offer_requires_its_act_and_leaves_content_optional),
	    cmocka_unit_test(texts_are_held_to_their_length),
	    cmocka_unit_test(numbers_are_held_to_their_greatest),
	    cmocka_unit_test(codes_are_checked_for_form_alone),
	    cmocka_unit_test(dates_are_days_of_the_calendar),
	    cmocka_unit_test(ids_are_sixteen_bytes),
	    cmocka_unit_test(a_value_is_exactly_one_canonical_value),
	};

	return cmocka_run_group_tests(message, NULL, NULL);
}
