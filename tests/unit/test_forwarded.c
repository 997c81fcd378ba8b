/* tests/unit/test_forwarded.c: what is passed on is its maker's, less what was left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/wire/attachment.h"
#include "protocol/wire/forwarded.h"

#define ok(call)  assert_int_equal((call), STATUS_OK)
#define ALLOWED   (CATEGORY_BIT(CATEGORY_ACT) | CATEGORY_BIT(CATEGORY_CUSTODY))
#define PART_NAME "Zane Izdomāta"
#define FILE_NAME "lēmums.pdf"

struct world {
	struct content statement;
	struct buffer header, leaf, whole;
	struct frame_proven proven;
};

/* The court's decision lies beside. */
static void
add_document(struct content *out)
{
	const struct attachment_file file = {.cited = {.root = {7}, .size = 117},
	    .key = {8},
	    .type = bytes_of_text("pdf"),
	    .name = bytes_of_text(FILE_NAME)};
	struct buffer value = {0};

	pack_array(&value, 1);
	attachment_file_encode(&file, &value);
	ok(content_set_value(out, FIELD_FILES_CUSTODY, bytes_of_buffer(&value)));
	buffer_free(&value);
}

static void
make_statement(struct content *out)
{
	const uint8_t id[SUITE_ID_LEN] = {1};

	ok(content_start(MESSAGE_NOTICE_CUSTODY, out));
	ok(content_set_id(out, FIELD_TASK, id));
	ok(content_set_id(out, FIELD_RECORD, id));
	ok(content_set_uint(out, FIELD_APPLIED, 0));
	ok(content_set_text(out, FIELD_URGENCY, bytes_of_text("urgent")));
	ok(content_set_text(out, FIELD_PURPOSE, bytes_of_text("custody_statement")));
	ok(content_set_text(out, FIELD_MUNICIPALITY, bytes_of_text("Ventspils")));
	ok(content_set_text(out, FIELD_AGE_BAND, bytes_of_text("7-10")));
	ok(content_set_text(out, FIELD_GROUND, bytes_of_text("legal_duty")));
	ok(content_set_codes(
	    out, FIELD_GROUND_CATEGORIES, (struct bytes[]){bytes_of_text("custody")}, 1));
	ok(content_set_text(out, FIELD_CUSTODY_EVENT, bytes_of_text("interrupted")));
	ok(content_set_text(out, FIELD_DECISION_NUMBER, bytes_of_text("7-2/14")));
	ok(content_set_text(out, FIELD_DECISION_DATE, bytes_of_text("2026-11-20")));
	ok(content_set_text(out, FIELD_CHILD_NAME, bytes_of_text("Anna Paraudziņa")));
	ok(content_set_text(out, FIELD_CUSTODY_PERSON, bytes_of_text(PART_NAME)));
	add_document(out);
}

static int
set_up(void **state)
{
	static struct world w;
	struct envelope_header header = {.network = bytes_of_text("test-net"),
	    .sender = bytes_of_text("court"),
	    .signing_epoch = 1,
	    .recipient_count = 1,
	    .type = MESSAGE_NOTICE_CUSTODY,
	    .created_ms = 1764000000000,
	    .expires_ms = 1764086400000};
	struct leaf leaf = {.kind = LEAF_ACCEPTED, .time_ms = 1764000000123, .part_count = 1};

	w = (struct world){0};
	make_statement(&w.statement);
	suite_new_id(header.created_ms, header.id);
	header.recipients[0] = (struct envelope_recipient){
	    .party = bytes_of_text("school-a"), .sealing_epoch = 1, .basis = BASIS_LAW};
	content_root(&w.statement, &header.content_root);
	envelope_header_encode(&header, &w.header);
	leaf.body = bytes_of_buffer(&w.header);
	leaf.proof.size = 1;
	leaf_encode(&leaf, &w.leaf);
	w.proven = (struct frame_proven){.index = 41,
	    .leaf = bytes_of_buffer(&w.leaf),
	    .path = {.len = 2},
	    .checkpoint = bytes_of_text("a note")};
	forwarded_encode(&w.proven, &w.statement, ALLOWED, 0, &w.whole);
	assert_false(w.whole.failed);
	*state = &w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	content_free(&w->statement);
	buffer_free(&w->header);
	buffer_free(&w->leaf);
	buffer_free(&w->whole);
	return 0;
}

static enum status
read_of(struct bytes whole, struct content *out)
{
	struct forwarded forwarded;
	struct leaf leaf;
	enum status rc;

	*out = (struct content){0};
	if ((rc = forwarded_parse(whole, &forwarded)) != STATUS_OK ||
	    (rc = leaf_parse(forwarded.proven.leaf, &leaf)) != STATUS_OK)
		return rc;
	return forwarded_content(&forwarded, &leaf, out);
}

static void
what_is_passed_on_reads_as_its_maker_wrote_it_less_what_was_left_out(void **state)
{
	struct world *w = *state;
	struct content read;
	struct merkle_hash root, signed_root;
	struct bytes text;

	ok(read_of(bytes_of_buffer(&w->whole), &read));
	assert_true(content_text(&read, FIELD_CUSTODY_PERSON, &text));
	assert_true(bytes_is_text(text, PART_NAME));
	assert_false(content_text(&read, FIELD_CHILD_NAME, &text));
	content_root(&read, &root);
	content_root(&w->statement, &signed_root);
	assert_memory_equal(&root, &signed_root, sizeof(root));
	content_free(&read);
}

static void
documents_stay_hidden_in_a_category_that_is_passed_on(void **state)
{
	struct world *w = *state;
	const uint8_t *seed = w->statement.seeds[CATEGORY_CUSTODY];
	struct bytes value;
	uint8_t bare[CONTENT_SEED_LEN];
	struct content read;

	assert_true(content_value(&w->statement, FIELD_FILES_CUSTODY, &value));
	ok(read_of(bytes_of_buffer(&w->whole), &read));
	assert_false(content_value(&read, FIELD_FILES_CUSTODY, &value));
	content_free(&read);
	assert_null(memmem(w->whole.data, w->whole.len, FILE_NAME, strlen(FILE_NAME)));
	/* Nor can it be told whether there are any: that takes the seed itself. */
	suite_derive(seed, "saikne-v1-seed", NULL, 0, bare);
	assert_null(memmem(w->whole.data, w->whole.len, seed, CONTENT_SEED_LEN));
	assert_non_null(memmem(w->whole.data, w->whole.len, bare, CONTENT_SEED_LEN));
}

static void
what_was_passed_on_can_be_passed_on_with_less(void **state)
{
	struct world *w = *state;
	struct buffer again = {0}, less = {0};
	struct content read, third;
	struct bytes text;

	ok(read_of(bytes_of_buffer(&w->whole), &read));
	forwarded_encode(&w->proven, &read, CATEGORY_ALL, CATEGORY_ALL, &again);
	assert_true(bytes_equal(bytes_of_buffer(&again), bytes_of_buffer(&w->whole)));
	forwarded_encode(&w->proven, &read, CATEGORY_BIT(CATEGORY_ACT), 0, &less);
	ok(read_of(bytes_of_buffer(&less), &third));
	assert_true(content_text(&third, FIELD_CUSTODY_EVENT, &text));
	assert_false(content_text(&third, FIELD_CUSTODY_PERSON, &text));
	assert_null(
	    memmem(less.data, less.len, read.seeds[CATEGORY_CUSTODY], CONTENT_SEED_LEN));
	content_free(&third);
	content_free(&read);
	buffer_free(&again);
	buffer_free(&less);
}

static void
what_a_part_shows_and_what_is_passed_on_are_two_forms(void **state)
{
	struct world *w = *state;
	const category_set sets[] = {CATEGORY_BIT(CATEGORY_ACT), ALLOWED};
	struct merkle_hash root;
	struct content read;

	content_root(&w->statement, &root);
	for (size_t i = 0; i < 2; i++) {
		struct buffer part = {0}, bare = {0};
		struct bytes shown;

		content_show(&w->statement, sets[i], &part);
		content_show_passed(&w->statement, sets[i], 0, &bare);
		shown = bytes_of_buffer(&part);
		ok(content_read(shown, MESSAGE_NOTICE_CUSTODY, &root, &read));
		content_free(&read);
		assert_int_equal(
		    content_read_passed(shown, MESSAGE_NOTICE_CUSTODY, &root, &read),
		    STATUS_BAD_CONTENT);
		shown = bytes_of_buffer(&bare);
		ok(content_read_passed(shown, MESSAGE_NOTICE_CUSTODY, &root, &read));
		content_free(&read);
		assert_int_equal(content_read(shown, MESSAGE_NOTICE_CUSTODY, &root, &read),
		    STATUS_BAD_CONTENT);
		buffer_free(&part);
		buffer_free(&bare);
	}
}

static void
no_byte_of_what_is_shown_can_be_changed(void **state)
{
	struct world *w = *state;
	struct bytes whole = bytes_of_buffer(&w->whole);
	uint8_t *name = memmem(w->whole.data, whole.len, PART_NAME, strlen(PART_NAME));
	struct content read;

	assert_non_null(name);
	for (size_t i = 0; i < strlen(PART_NAME); i++) {
		name[i] ^= 1;
		assert_int_not_equal(read_of(whole, &read), STATUS_OK);
		content_free(&read);
		name[i] ^= 1;
	}
}

static void
what_is_cut_or_longer_or_no_message_is_refused(void **state)
{
	struct world *w = *state;
	struct forwarded forwarded;
	struct leaf access = {.kind = LEAF_ACCESS};
	struct content read;

	for (size_t len = 0; len < w->whole.len; len++)
		assert_int_not_equal(
		    forwarded_parse((struct bytes){w->whole.data, len}, &forwarded), STATUS_OK);
	ok(forwarded_parse(bytes_of_buffer(&w->whole), &forwarded));
	assert_int_equal(forwarded_content(&forwarded, &access, &read), STATUS_BAD_PROOF);
	buffer_append_byte(&w->whole, 0);
	assert_int_not_equal(
	    forwarded_parse(bytes_of_buffer(&w->whole), &forwarded), STATUS_OK);
}

static void
a_field_carries_it_and_gives_it_back_byte_for_byte(void **state)
{
	struct world *w = *state;
	struct content notice;
	struct bytes back;

	ok(content_start(MESSAGE_NOTICE_FORWARDED, &notice));
	assert_false(forwarded_field(&notice, FIELD_STATEMENT, &back));
	ok(forwarded_set(&notice, FIELD_STATEMENT, bytes_of_buffer(&w->whole)));
	assert_true(forwarded_field(&notice, FIELD_STATEMENT, &back));
	assert_true(bytes_equal(back, bytes_of_buffer(&w->whole)));
	assert_false(forwarded_field(&notice, FIELD_EXPLANATION, &back));
	content_free(&notice);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_passed_on_reads_as_its_maker_wrote_it_less_what_was_left_out),
	    TEST(documents_stay_hidden_in_a_category_that_is_passed_on),
	    TEST(what_was_passed_on_can_be_passed_on_with_less),
	    TEST(what_a_part_shows_and_what_is_passed_on_are_two_forms),
	    TEST(no_byte_of_what_is_shown_can_be_changed),
	    TEST(what_is_cut_or_longer_or_no_message_is_refused),
	    TEST(a_field_carries_it_and_gives_it_back_byte_for_byte),
	};

	if (suite_start() != STATUS_OK)
		return 1;
	return cmocka_run_group_tests_name("forwarded", tests, NULL, NULL);
}
