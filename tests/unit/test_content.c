/* tests/unit/test_content.c: fields shown and withheld lead to one root, and nothing else does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/wire/content.h"
#include "protocol/wire/pack.h"
#include "tests/unit/grounded.h"

#define OFFER MESSAGE_REFERRAL_OFFER

static const uint8_t task[SUITE_ID_LEN] = "0123456789abcde";

static int
start(void **state)
{
	(void)state;
	return suite_start() == STATUS_OK ? 0 : -1;
}

#define ok(call) assert_int_equal((call), STATUS_OK)

/* An offer with its act complete, a name and a health field. */
static void
make_offer(struct content *out)
{
	const struct bytes risks[] = {bytes_of_text("bullying"), bytes_of_text("truancy")};

	ok(content_start(OFFER, out));
	ok(content_set_id(out, FIELD_TASK, task));
	ok(content_set_uint(out, FIELD_APPLIED, 77));
	ok(content_set_text(out, FIELD_URGENCY, bytes_of_text("urgent")));
	ok(content_set_text(out, FIELD_PURPOSE, bytes_of_text("support_measures")));
	ok(content_set_codes(out, FIELD_CONCERN, risks, 2));
	ok(content_set_text(out, FIELD_MUNICIPALITY, bytes_of_text("Ventspils")));
	ok(content_set_text(out, FIELD_AGE_BAND, bytes_of_text("7-10")));
	ok(content_set_text(out, FIELD_GROUND, bytes_of_text("consent")));
	ground_content(out);
	ok(content_set_text(out, FIELD_CHILD_NAME, bytes_of_text("Anna Paraudziņa")));
	ok(content_set_text(out, FIELD_HEALTH, bytes_of_text("astma")));
}

static bool
holds(struct bytes haystack, const char *needle)
{
	return memmem(haystack.data, haystack.len, needle, strlen(needle)) != NULL;
}

static bool
text_is(const struct content *content, enum field field, const char *text)
{
	struct bytes view;

	return content_text(content, field, &view) && bytes_is_text(view, text);
}

static void
what_was_set_is_what_is_got(void **state)
{
	struct content content;
	uint8_t id[SUITE_ID_LEN];
	uint64_t number;
	struct bytes view;

	(void)state;
	make_offer(&content);
	assert_true(content_id(&content, FIELD_TASK, id));
	assert_memory_equal(id, task, sizeof(id));
	assert_true(content_uint(&content, FIELD_APPLIED, &number));
	assert_int_equal(number, 77);
	assert_true(text_is(&content, FIELD_CHILD_NAME, "Anna Paraudziņa"));
	assert_true(content_code_at(&content, FIELD_CONCERN, 1, &view));
	assert_true(bytes_is_text(view, "truancy"));
	assert_false(content_code_at(&content, FIELD_CONCERN, 2, &view));
	/* Absent, of another kind, or not of the type. */
	assert_false(content_text(&content, FIELD_ADDRESS, &view));
	assert_false(content_uint(&content, FIELD_CHILD_NAME, &number));
	assert_false(content_text(&content, FIELD_DECLINE_REASON, &view));
	assert_false(content_id(&content, FIELD_APPLIED, id));
	content_free(&content);
	assert_false(content_text(&content, FIELD_CHILD_NAME, &view));
	content_free(&content);
}

static void
setting_again_replaces_the_value_and_keeps_the_others(void **state)
{
	struct content content;
	struct merkle_hash before, after;
	size_t len;

	(void)state;
	make_offer(&content);
	content_root(&content, &before);
	len = content.values.len;
	ok(content_set_text(&content, FIELD_CHILD_NAME, bytes_of_text("Jānis")));
	assert_int_equal(content.values.len, len - strlen("Anna Paraudziņa") + strlen("Jānis"));
	assert_false(holds(bytes_of_buffer(&content.values), "Anna"));
	assert_true(text_is(&content, FIELD_CHILD_NAME, "Jānis"));
	assert_true(text_is(&content, FIELD_HEALTH, "astma"));
	assert_true(text_is(&content, FIELD_URGENCY, "urgent"));
	content_root(&content, &after);
	assert_memory_not_equal(&before, &after, sizeof(before));
	ok(content_set_text(&content, FIELD_CHILD_NAME, bytes_of_text("Anna Paraudziņa")));
	content_root(&content, &after);
	assert_memory_equal(&before, &after, sizeof(before));
	content_free(&content);
}

static void
a_setter_refuses_what_does_not_fit_and_changes_nothing(void **state)
{
	struct content content;
	struct merkle_hash before, after;
	char *long_text = malloc(8002);

	(void)state;
	assert_non_null(long_text);
	memset(long_text, 'a', 8001);
	long_text[8001] = '\0';
	make_offer(&content);
	content_root(&content, &before);
	assert_int_equal(content_set_text(&content, FIELD_DECLINE_REASON, bytes_of_text("x")),
	    STATUS_ARGUMENT);
	assert_int_equal(
	    content_set_text(&content, FIELD_BIRTH_DATE, bytes_of_text("x")), STATUS_ARGUMENT);
	assert_int_equal(content_set_text(&content, FIELD_HEALTH, bytes_of_text(long_text)),
	    STATUS_TOO_LARGE);
	assert_int_equal(content_set_text(&content, FIELD_HEALTH, bytes_of_text("\x1b[0m")),
	    STATUS_NOT_CANONICAL);
	assert_int_equal(content_set_codes(&content, FIELD_CONCERN, NULL, 0), STATUS_ARGUMENT);
	content_root(&content, &after);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_true(text_is(&content, FIELD_HEALTH, "astma"));
	content_free(&content);
	free(long_text);
}

static void
all_values_together_have_a_limit(void **state)
{
	static const enum field texts[] = {FIELD_LEARNING, FIELD_BEHAVIOUR, FIELD_FAMILY,
	    FIELD_ECONOMIC, FIELD_HEALTH, FIELD_OFFENCE, FIELD_CUSTODY, FIELD_STEPS_TAKEN,
	    FIELD_CHILDS_VIEW};
	uint8_t *text = malloc(8000);
	struct content content;
	enum status rc = STATUS_OK;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', 8000);
	ok(content_start(OFFER, &content));
	for (unsigned i = 0; i < 8; i++)
		ok(content_set_text(&content, texts[i], (struct bytes){text, 8000}));
	/* Replacing needs no room that is not there. */
	ok(content_set_text(&content, texts[3], (struct bytes){text, 8000}));
	rc = content_set_text(&content, texts[8], (struct bytes){text, 8000});
	assert_int_equal(rc, STATUS_TOO_LARGE);
	assert_true(content.values.len <= CONTENT_MAX);
	content_free(&content);
	free(text);
}

static void
a_hash_is_got_as_it_was_set_and_nothing_else_is_one(void **state)
{
	static const uint8_t hash[SUITE_HASH_LEN] = {1, 2, 3};
	struct content content;
	uint8_t got[SUITE_HASH_LEN], id[SUITE_ID_LEN];

	(void)state;
	ok(content_start(MESSAGE_MATTER_SIGN, &content));
	assert_false(content_hash(&content, FIELD_MINUTES_ROOT, got));
	ok(content_set_hash(&content, FIELD_MINUTES_ROOT, hash));
	ok(content_set_id(&content, FIELD_TASK, task));
	assert_true(content_hash(&content, FIELD_MINUTES_ROOT, got));
	assert_memory_equal(got, hash, sizeof(hash));
	assert_false(content_hash(&content, FIELD_TASK, got));
	assert_false(content_id(&content, FIELD_MINUTES_ROOT, id));
	assert_int_equal(content_set_hash(&content, FIELD_TASK, hash), STATUS_ARGUMENT);
	content_free(&content);
}

static void
required_fields_must_be_there(void **state)
{
	struct content content;

	(void)state;
	ok(content_start(MESSAGE_REFERRAL_REVIEW_OPENED, &content));
	assert_int_equal(content_check(&content), STATUS_BAD_CONTENT);
	ok(content_set_id(&content, FIELD_TASK, task));
	assert_int_equal(content_check(&content), STATUS_BAD_CONTENT);
	ok(content_set_uint(&content, FIELD_APPLIED, 0));
	ok(content_check(&content));
	content_free(&content);
	assert_int_equal(content_start((enum message)9999, &content), STATUS_UNKNOWN_TYPE);
	content_free(&content);
}

static void
salts_are_fresh_so_equal_contents_have_different_roots(void **state)
{
	struct content a, b;
	struct merkle_hash root_a, root_b;

	(void)state;
	make_offer(&a);
	make_offer(&b);
	content_root(&a, &root_a);
	content_root(&b, &root_b);
	assert_memory_not_equal(&root_a, &root_b, sizeof(root_a));
	for (unsigned i = 0; i < a.type->field_count; i++)
		for (unsigned j = 0; j < i; j++)
			assert_memory_not_equal(a.fields[i].salt, a.fields[j].salt, 32);
	content_free(&a);
	content_free(&b);
}

static void
a_leaf_is_salt_number_and_value(void **state)
{
	struct content content;
	struct buffer leaf = {0};
	struct merkle_hash hash;

	(void)state;
	make_offer(&content);
	buffer_append(&leaf, BYTES(content.fields[1].salt));
	buffer_append_byte(&leaf, 0);
	buffer_append_byte(&leaf, FIELD_APPLIED);
	buffer_append_byte(&leaf, 77);
	merkle_leaf(bytes_of_buffer(&leaf), &hash);
	assert_memory_equal(&hash, &content.fields[1].leaf, sizeof(hash));
	content_free(&content);
	buffer_free(&leaf);
}

static void
each_reader_sees_its_categories_and_the_same_root(void **state)
{
	static const category_set sets[] = {CATEGORY_ALL, CATEGORY_BIT(CATEGORY_ACT),
	    CATEGORY_BIT(CATEGORY_ACT) | CATEGORY_BIT(CATEGORY_HEALTH)};
	struct content content, read;
	struct merkle_hash root, again;
	struct bytes view;

	(void)state;
	make_offer(&content);
	content_root(&content, &root);
	for (size_t s = 0; s < sizeof(sets) / sizeof(sets[0]); s++) {
		bool health = (sets[s] & CATEGORY_BIT(CATEGORY_HEALTH)) != 0;
		bool name = (sets[s] & CATEGORY_BIT(CATEGORY_IDENTITY)) != 0;
		struct buffer shown = {0}, shown_again = {0};

		content_show(&content, sets[s], &shown);
		assert_int_equal(holds(bytes_of_buffer(&shown), "Anna"), name);
		assert_int_equal(holds(bytes_of_buffer(&shown), "astma"), health);
		ok(content_read(bytes_of_buffer(&shown), OFFER, &root, &read));
		assert_int_equal(text_is(&read, FIELD_CHILD_NAME, "Anna Paraudziņa"), name);
		assert_int_equal(text_is(&read, FIELD_HEALTH, "astma"), health);
		assert_false(content_text(&read, FIELD_ADDRESS, &view));
		content_root(&read, &again);
		assert_memory_equal(&root, &again, sizeof(root));
		/* What was not shown cannot be shown on or set. */
		content_show(&read, CATEGORY_ALL, &shown_again);
		assert_true(
		    bytes_equal(bytes_of_buffer(&shown), bytes_of_buffer(&shown_again)));
		assert_int_equal(content_set_text(&read, FIELD_CHILD_NAME, bytes_of_text("x")),
		    name ? STATUS_OK : STATUS_ARGUMENT);
		content_free(&read);
		buffer_free(&shown);
		buffer_free(&shown_again);
	}
	content_free(&content);
}

/* What no reader may be without, no sender may withhold: which task it is, how urgent. */
static void
a_required_act_cannot_be_withheld(void **state)
{
	struct content content, read;
	struct buffer shown = {0};
	struct merkle_hash root;

	(void)state;
	make_offer(&content);
	content_root(&content, &root);
	content_show(&content, CATEGORY_ALL & ~CATEGORY_BIT(CATEGORY_ACT), &shown);
	assert_int_equal(
	    content_read(bytes_of_buffer(&shown), OFFER, &root, &read), STATUS_BAD_CONTENT);
	content_free(&read);
	content_free(&content);
	buffer_free(&shown);
}

static void
any_changed_or_missing_byte_is_bad_content(void **state)
{
	struct content content, read;
	struct buffer shown = {0};
	struct merkle_hash root;

	(void)state;
	make_offer(&content);
	content_root(&content, &root);
	content_show(
	    &content, CATEGORY_BIT(CATEGORY_ACT) | CATEGORY_BIT(CATEGORY_IDENTITY), &shown);
	for (size_t bit = 0; bit < shown.len * 8; bit++) {
		shown.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_int_equal(content_read(bytes_of_buffer(&shown), OFFER, &root, &read),
		    STATUS_BAD_CONTENT);
		assert_null(read.values.data);
		content_free(&read);
		shown.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	for (size_t len = 0; len < shown.len; len++) {
		assert_int_equal(
		    content_read((struct bytes){shown.data, len}, OFFER, &root, &read),
		    STATUS_BAD_CONTENT);
		content_free(&read);
	}
	assert_int_equal(
	    content_read(bytes_of_buffer(&shown), MESSAGE_REFERRAL_RELEASE, &root, &read),
	    STATUS_BAD_CONTENT);
	content_free(&read);
	assert_int_equal(
	    content_read(bytes_of_buffer(&shown), 9999, &root, &read), STATUS_UNKNOWN_TYPE);
	content_free(&read);
	root.byte[31] ^= 1;
	assert_int_equal(
	    content_read(bytes_of_buffer(&shown), OFFER, &root, &read), STATUS_BAD_CONTENT);
	content_free(&read);
	content_free(&content);
	buffer_free(&shown);
}

/* REVIEW_OPENED with the values given, shown whole, under the root that fits them. */
static enum status
read_review(struct bytes task_value, struct bytes applied_value)
{
	static const uint8_t salts[2][32] = {{1}, {2}};
	const struct bytes values[2] = {task_value, applied_value};
	struct buffer shown = {0}, leaf = {0};
	struct merkle_hash leaves[2], root;
	struct content read;
	enum status rc;

	pack_array(&shown, 2);
	for (unsigned i = 0; i < 2; i++) {
		pack_array(&shown, 2);
		pack_bin(&shown, BYTES(salts[i]));
		pack_bin(&shown, values[i]);
		buffer_reset(&leaf);
		buffer_append(&leaf, BYTES(salts[i]));
		buffer_append_byte(&leaf, 0);
		buffer_append_byte(&leaf, (uint8_t)(FIELD_TASK + i));
		buffer_append(&leaf, values[i]);
		merkle_leaf(bytes_of_buffer(&leaf), &leaves[i]);
	}
	merkle_root(leaves, 2, &root);
	rc =
	    content_read(bytes_of_buffer(&shown), MESSAGE_REFERRAL_REVIEW_OPENED, &root, &read);
	content_free(&read);
	buffer_free(&shown);
	buffer_free(&leaf);
	return rc;
}

static void
a_root_that_fits_does_not_excuse_a_field_that_does_not(void **state)
{
	uint8_t id[18] = {0xc4, 16}, short_id[17] = {0xc4, 15};
	static const uint8_t number[] = {5}, longer[] = {0xcc, 5}, two[] = {5, 5};

	(void)state;
	ok(read_review(BYTES(id), BYTES(number)));
	assert_int_equal(read_review(BYTES(short_id), BYTES(number)), STATUS_BAD_CONTENT);
	assert_int_equal(read_review(BYTES(id), BYTES(longer)), STATUS_BAD_CONTENT);
	assert_int_equal(read_review(BYTES(id), BYTES(two)), STATUS_BAD_CONTENT);
	assert_int_equal(read_review(BYTES(id), BYTES(id)), STATUS_BAD_CONTENT);
	/* A required field that is shown to be absent. */
	assert_int_equal(read_review(BYTES(id), (struct bytes){0}), STATUS_BAD_CONTENT);
}

int
main(void)
{
	const struct CMUnitTest content[] = {
	    cmocka_unit_test(what_was_set_is_what_is_got),
	    cmocka_unit_test(setting_again_replaces_the_value_and_keeps_the_others),
	    cmocka_unit_test(a_setter_refuses_what_does_not_fit_and_changes_nothing),
	    cmocka_unit_test(all_values_together_have_a_limit),
	    cmocka_unit_test(a_hash_is_got_as_it_was_set_and_nothing_else_is_one),
	    cmocka_unit_test(required_fields_must_be_there),
	    cmocka_unit_test(salts_are_fresh_so_equal_contents_have_different_roots),
	    cmocka_unit_test(a_leaf_is_salt_number_and_value),
	    cmocka_unit_test(each_reader_sees_its_categories_and_the_same_root),
	    cmocka_unit_test(a_required_act_cannot_be_withheld),
	    cmocka_unit_test(any_changed_or_missing_byte_is_bad_content),
	    cmocka_unit_test(a_root_that_fits_does_not_excuse_a_field_that_does_not),
	};

	return cmocka_run_group_tests(content, start, NULL);
}
