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
seeds_are_fresh_so_equal_contents_have_different_roots(void **state)
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

/* The place of FIELD among those of the type. */
static unsigned
at(const struct content *content, enum field field)
{
	unsigned i = 0;

	while (content->type->fields[i].field->id != field)
		assert_true(++i < content->type->field_count);
	return i;
}

/* The leaf hash of VALUE in FIELD, by the rule, for who knows the bare seed. */
static void
leaf_of(const uint8_t bare[static CONTENT_SEED_LEN], enum field field, struct bytes value,
    struct merkle_hash *out)
{
	const uint8_t number[] = {0, (uint8_t)field};
	struct buffer leaf = {0};

	suite_derive(
	    bare, "saikne-v1-salt", &BYTES(number), 1, buffer_extend(&leaf, CONTENT_SEED_LEN));
	buffer_append(&leaf, BYTES(number));
	buffer_append(&leaf, value);
	merkle_leaf(bytes_of_buffer(&leaf), out);
	buffer_free(&leaf);
}

/* REVIEW_OPENED with the values given, shown whole, under the root that fits them. */
static enum status
read_review(struct bytes task_value, struct bytes applied_value)
{
	static const uint8_t seed[CONTENT_SEED_LEN] = {1};
	const struct bytes values[2] = {task_value, applied_value};
	uint8_t bare[CONTENT_SEED_LEN];
	struct buffer shown = {0};
	struct merkle_hash leaves[2], root;
	struct content read;
	enum status rc;

	suite_derive(seed, "saikne-v1-seed", NULL, 0, bare);
	pack_array(&shown, 2);
	pack_array(&shown, 1);
	pack_bin(&shown, BYTES(seed));
	pack_array(&shown, 2);
	for (unsigned i = 0; i < 2; i++) {
		if (values[i].len > 0)
			pack_bin(&shown, values[i]);
		else
			pack_nil(&shown);
		leaf_of(bare, (enum field)(FIELD_TASK + i), values[i], &leaves[i]);
	}
	merkle_root(leaves, 2, &root);
	rc =
	    content_read(bytes_of_buffer(&shown), MESSAGE_REFERRAL_REVIEW_OPENED, &root, &read);
	content_free(&read);
	buffer_free(&shown);
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

/* What a sender may write of an offer for who may have MAY; one lie at a time. */
enum lie {
	HONEST,
	SEEDS_SWAPPED,
	SEED_TWICE,
	SEED_LEFT_OUT,
	SEED_TOO_MANY,
	SEED_SHORT,
	SEED_BARE,
	SEED_WITHHELD, /* while its fields are shown */
	SEED_TOLD,     /* while its fields are hidden */
	HASH_FOR_VALUE,
	HASH_FOR_NIL,
	NIL_FOR_VALUE,
	NIL_FOR_HASH,
	VALUE_FOR_HASH,
	EMPTY_FOR_NIL,
	OTHER_VALUE,
	FIELD_LEFT_OUT,
	FIELD_TOO_MANY,
	THIRD_ARRAY,
	BYTE_BEHIND,
	LIES
};
#define MAY                                                                                    \
	(CATEGORY_BIT(CATEGORY_ACT) | CATEGORY_BIT(CATEGORY_IDENTITY) |                        \
	    CATEGORY_BIT(CATEGORY_HEALTH))

static void
write_seed(const struct content *content, unsigned category, enum lie lie, struct buffer *out)
{
	const uint8_t *seed = content->seeds[category];
	uint8_t bare[CONTENT_SEED_LEN];

	if (category == CATEGORY_HEALTH && (lie == SEEDS_SWAPPED || lie == SEED_TWICE))
		seed = content->seeds[CATEGORY_IDENTITY];
	if (category == CATEGORY_IDENTITY && lie == SEEDS_SWAPPED)
		seed = content->seeds[CATEGORY_HEALTH];
	suite_derive(seed, "saikne-v1-seed", NULL, 0, bare);
	if (category == CATEGORY_HEALTH && lie == SEED_SHORT)
		pack_bin(out, (struct bytes){seed, CONTENT_SEED_LEN - 1});
	else
		pack_bin(out, (struct bytes){lie == SEED_BARE ? bare : seed, CONTENT_SEED_LEN});
}

static void
write_seeds(const struct content *content, enum lie lie, struct buffer *out)
{
	const category_set all = content->type->categories;

	pack_array(out, (uint32_t)__builtin_popcount(all) + (lie == SEED_TOO_MANY) -
			    (lie == SEED_LEFT_OUT));
	for (unsigned c = 0; c < CATEGORY_COUNT; c++) {
		bool told = (MAY & CATEGORY_BIT(c)) != 0;

		if ((all & CATEGORY_BIT(c)) == 0 ||
		    (lie == SEED_LEFT_OUT && c == CATEGORY_HEALTH))
			continue;
		if (lie == SEED_WITHHELD && c == CATEGORY_HEALTH)
			told = false;
		if (told || (lie == SEED_TOLD && c == CATEGORY_FAMILY))
			write_seed(content, c, lie, out);
		else
			pack_nil(out);
	}
	if (lie == SEED_TOO_MANY)
		pack_bin(out, BYTES(content->seeds[CATEGORY_ACT]));
}

static void
write_field(const struct content *content, unsigned i, enum lie lie, struct buffer *out)
{
	const struct field_info *field = content->type->fields[i].field;
	const bool said = field->id == FIELD_HEALTH, unsaid = field->id == FIELD_PERSONAL_CODE,
		   hidden = field->id == FIELD_FAMILY;
	bool hash = (MAY & CATEGORY_BIT(field->category)) == 0;
	struct bytes value;
	bool nil = !content_value(content, field->id, &value);

	hash = (hash && !((lie == VALUE_FOR_HASH || lie == NIL_FOR_HASH) && hidden)) ||
	       (lie == HASH_FOR_VALUE && said) || (lie == HASH_FOR_NIL && unsaid);
	nil = nil || (lie == NIL_FOR_VALUE && said) || (lie == NIL_FOR_HASH && hidden);
	if (hash)
		pack_bin(out, BYTES(content->fields[i].leaf.byte));
	else if (lie == OTHER_VALUE && said)
		pack_bin(out, bytes_of_text("\xa5"
					    "angin"));
	else if (lie == EMPTY_FOR_NIL && unsaid)
		pack_bin(out, (struct bytes){0});
	else if (nil)
		pack_nil(out);
	else
		pack_bin(out, value);
}

static void
write_shown(const struct content *content, enum lie lie, struct buffer *out)
{
	const uint32_t count = content->type->field_count;

	pack_array(out, lie == THIRD_ARRAY ? 3 : 2);
	write_seeds(content, lie, out);
	pack_array(out, count + (lie == FIELD_TOO_MANY) - (lie == FIELD_LEFT_OUT));
	for (unsigned i = 0; i < count - (lie == FIELD_LEFT_OUT); i++)
		write_field(content, i, lie, out);
	if (lie == FIELD_TOO_MANY)
		pack_nil(out);
	if (lie == THIRD_ARRAY)
		pack_array(out, 0);
	if (lie == BYTE_BEHIND)
		buffer_append_byte(out, 0xc0);
}

static void
only_one_form_says_what_a_reader_may_have(void **state)
{
	struct content content, read;
	struct merkle_hash root;

	(void)state;
	make_offer(&content);
	ok(content_set_text(&content, FIELD_FAMILY, bytes_of_text("tēvs")));
	content_root(&content, &root);
	for (unsigned lie = HONEST; lie < LIES; lie++) {
		struct buffer written = {0}, shown = {0};

		write_shown(&content, (enum lie)lie, &written);
		content_show(&content, MAY, &shown);
		assert_int_equal(
		    bytes_equal(bytes_of_buffer(&written), bytes_of_buffer(&shown)),
		    lie == HONEST);
		assert_int_equal(content_read(bytes_of_buffer(&written), OFFER, &root, &read),
		    lie == HONEST ? STATUS_OK : STATUS_BAD_CONTENT);
		content_free(&read);
		buffer_free(&written);
		buffer_free(&shown);
	}
	content_free(&content);
}

static void
a_category_without_fields_in_the_type_has_no_seed(void **state)
{
	static const enum lie lies[] = {HONEST, SEED_TOO_MANY};
	struct content content, read;
	struct merkle_hash root;

	(void)state;
	ok(content_start(MESSAGE_REFERRAL_REVIEW_OPENED, &content));
	ok(content_set_id(&content, FIELD_TASK, task));
	ok(content_set_uint(&content, FIELD_APPLIED, 0));
	content_root(&content, &root);
	for (unsigned i = 0; i < 2; i++) {
		struct buffer written = {0};

		write_shown(&content, lies[i], &written);
		assert_int_equal(content_read(bytes_of_buffer(&written),
				     MESSAGE_REFERRAL_REVIEW_OPENED, &root, &read),
		    i == 0 ? STATUS_OK : STATUS_BAD_CONTENT);
		content_free(&read);
		buffer_free(&written);
	}
	content_free(&content);
}

static void
an_absent_field_costs_its_readers_one_byte(void **state)
{
	struct content content;
	struct buffer without = {0}, with = {0};
	struct bytes value;

	(void)state;
	make_offer(&content);
	content_show(&content, CATEGORY_ALL, &without);
	ok(content_set_text(&content, FIELD_FAMILY, bytes_of_text("tēvs")));
	assert_true(content_value(&content, FIELD_FAMILY, &value));
	content_show(&content, CATEGORY_ALL, &with);
	assert_int_equal(with.len - without.len, 2 + value.len - 1);
	content_free(&content);
	buffer_free(&without);
	buffer_free(&with);
}

/* The value is in the reader's head already: it only asks whether it is the one that was hidden. */
static void
who_is_shown_one_category_cannot_try_a_guess_on_another(void **state)
{
	static const uint8_t guess[] = "\xa5"
				       "astma";
	const struct bytes value = {guess, sizeof(guess) - 1};
	struct content content, read;
	struct buffer shown = {0};
	struct merkle_hash root, leaf;
	uint8_t bare[CONTENT_SEED_LEN];
	unsigned health;

	(void)state;
	make_offer(&content);
	health = at(&content, FIELD_HEALTH);
	content_root(&content, &root);
	content_show(
	    &content, CATEGORY_BIT(CATEGORY_ACT) | CATEGORY_BIT(CATEGORY_IDENTITY), &shown);
	ok(content_read(bytes_of_buffer(&shown), OFFER, &root, &read));
	assert_memory_equal(
	    &read.fields[health].leaf, &content.fields[health].leaf, sizeof(leaf));
	for (unsigned c = 0; c < CATEGORY_COUNT; c++) {
		bool told = c == CATEGORY_ACT || c == CATEGORY_IDENTITY;

		suite_derive(content.seeds[c], "saikne-v1-seed", NULL, 0, bare);
		assert_int_equal(
		    memmem(shown.data, shown.len, content.seeds[c], CONTENT_SEED_LEN) != NULL,
		    told);
		assert_null(memmem(shown.data, shown.len, bare, CONTENT_SEED_LEN));
		leaf_of(bare, FIELD_HEALTH, value, &leaf);
		assert_int_equal(memcmp(&leaf, &read.fields[health].leaf, sizeof(leaf)) == 0,
		    c == CATEGORY_HEALTH);
		leaf_of(content.seeds[c], FIELD_HEALTH, value, &leaf);
		assert_memory_not_equal(&leaf, &read.fields[health].leaf, sizeof(leaf));
	}
	for (unsigned i = 0; i < content.type->field_count; i++)
		assert_null(
		    memmem(shown.data, shown.len, content.fields[i].salt, CONTENT_SEED_LEN));
	assert_memory_not_equal(
	    read.fields[health].salt, content.fields[health].salt, CONTENT_SEED_LEN);
	content_free(&read);
	content_free(&content);
	buffer_free(&shown);
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
	    cmocka_unit_test(seeds_are_fresh_so_equal_contents_have_different_roots),
	    cmocka_unit_test(a_leaf_is_salt_number_and_value),
	    cmocka_unit_test(each_reader_sees_its_categories_and_the_same_root),
	    cmocka_unit_test(a_required_act_cannot_be_withheld),
	    cmocka_unit_test(any_changed_or_missing_byte_is_bad_content),
	    cmocka_unit_test(a_root_that_fits_does_not_excuse_a_field_that_does_not),
	    cmocka_unit_test(only_one_form_says_what_a_reader_may_have),
	    cmocka_unit_test(a_category_without_fields_in_the_type_has_no_seed),
	    cmocka_unit_test(an_absent_field_costs_its_readers_one_byte),
	    cmocka_unit_test(who_is_shown_one_category_cannot_try_a_guess_on_another),
	};

	return cmocka_run_group_tests(content, start, NULL);
}
