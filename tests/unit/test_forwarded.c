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

/* ---- With documents ---------------------------------------------------------------------- */

static void
documents_come_with_a_category_that_is_passed_on_whole(void **state)
{
	struct world *w = *state;
	struct buffer whole = {0};
	struct attachment_file file;
	struct content read;

	forwarded_encode(
	    &w->proven, &w->statement, ALLOWED, CATEGORY_BIT(CATEGORY_CUSTODY), &whole);
	ok(read_of(bytes_of_buffer(&whole), &read));
	assert_int_equal(read.bare, CATEGORY_BIT(CATEGORY_ACT));
	assert_true(attachment_file_at(&read, FIELD_FILES_CUSTODY, 0, &file));
	assert_true(bytes_is_text(file.name, FILE_NAME));
	content_free(&read);
	buffer_free(&whole);
}

/* What is shown of it, said to be bare in BARE. */
static void
show_as(const struct content *content, category_set allowed, category_set whole, uint64_t bare,
    struct buffer *out)
{
	const category_set true_bare = content->shown & allowed & ~whole;
	struct buffer shown = {0}, head = {0};

	content_show_passed(content, allowed, whole, &shown);
	pack_array(&head, 3);
	pack_uint(&head, true_bare);
	pack_array(out, 3);
	pack_uint(out, bare);
	buffer_append(out, (struct bytes){shown.data + head.len, shown.len - head.len});
	buffer_free(&shown);
	buffer_free(&head);
}

static void
what_a_seed_is_said_to_be_is_what_it_is(void **state)
{
	struct world *w = *state;
	const category_set act = CATEGORY_BIT(CATEGORY_ACT),
			   custody = CATEGORY_BIT(CATEGORY_CUSTODY);
	const struct {
		category_set whole;
		uint64_t bare;
		enum status rc;
	} cases[] = {
	    {0, ALLOWED, STATUS_OK},
	    {custody, act, STATUS_OK},
	    {ALLOWED, 0, STATUS_OK},
	    {0, act, STATUS_BAD_CONTENT},
	    {0, 0, STATUS_BAD_CONTENT},
	    {custody, ALLOWED, STATUS_BAD_CONTENT},
	    {custody, 0, STATUS_BAD_CONTENT},
	    /* Of a category that is not shown, or that there is none of. */
	    {0, ALLOWED | CATEGORY_BIT(CATEGORY_IDENTITY), STATUS_BAD_CONTENT},
	    {0, ALLOWED | CATEGORY_BIT(CATEGORY_COUNT), STATUS_BAD_CONTENT},
	    {0, ALLOWED | (uint64_t)1 << 40, STATUS_BAD_CONTENT},
	};
	struct merkle_hash root;
	struct content read;

	content_root(&w->statement, &root);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buffer shown = {0};

		show_as(&w->statement, ALLOWED, cases[i].whole, cases[i].bare, &shown);
		assert_int_equal(content_read_passed(bytes_of_buffer(&shown),
				     MESSAGE_NOTICE_CUSTODY, &root, &read),
		    cases[i].rc);
		content_free(&read);
		buffer_free(&shown);
	}
}

/* Each of three categories hidden, bare or whole, by the digits of HOW. */
static void
read_how(const struct content *from, unsigned how, category_set *allowed, category_set *whole,
    struct content *out)
{
	static const enum category categories[] = {
	    CATEGORY_IDENTITY, CATEGORY_CUSTODY, CATEGORY_PROCEEDINGS};
	struct buffer shown = {0};
	struct merkle_hash root;

	*allowed = CATEGORY_BIT(CATEGORY_ACT);
	*whole = 0;
	for (size_t i = 0; i < 3; i++, how /= 3) {
		*allowed |= how % 3 > 0 ? CATEGORY_BIT(categories[i]) : 0;
		*whole |= how % 3 > 1 ? CATEGORY_BIT(categories[i]) : 0;
	}
	content_root(from, &root);
	content_show_passed(from, *allowed, *whole, &shown);
	ok(content_read_passed(bytes_of_buffer(&shown), from->type->id, &root, out));
	buffer_free(&shown);
}

/* Whatever came in pieces, in whatever order, is what it would have been at once. */
static void
pieces_join_to_what_all_of_them_show(void **state)
{
	struct world *w = *state;

	for (unsigned i = 0; i < 27 * 27; i++) {
		struct buffer joined = {0}, once = {0};
		category_set allowed[2], whole[2];
		struct content one, other;
		struct merkle_hash root, signed_root;
		bool more;

		read_how(&w->statement, i % 27, &allowed[0], &whole[0], &one);
		read_how(&w->statement, i / 27, &allowed[1], &whole[1], &other);
		ok(content_join(&one, &other, &more));
		assert_int_equal(
		    more, (allowed[0] & ~allowed[1]) != 0 || (whole[0] & ~whole[1]) != 0);
		content_show_passed(&other, CATEGORY_ALL, CATEGORY_ALL, &joined);
		content_show_passed(
		    &w->statement, allowed[0] | allowed[1], whole[0] | whole[1], &once);
		assert_true(bytes_equal(bytes_of_buffer(&joined), bytes_of_buffer(&once)));
		content_root(&other, &root);
		content_root(&w->statement, &signed_root);
		assert_memory_equal(&root, &signed_root, sizeof(root));
		ok(content_join(&one, &other, &more));
		assert_false(more);
		content_free(&one);
		content_free(&other);
		buffer_free(&joined);
		buffer_free(&once);
	}
}

static void
what_is_under_another_root_does_not_join(void **state)
{
	struct world *w = *state;
	struct content other, offer;
	bool more;

	make_statement(&other);
	assert_int_equal(content_join(&other, &w->statement, &more), STATUS_ARGUMENT);
	ok(content_start(MESSAGE_REFERRAL_OFFER, &offer));
	assert_int_equal(content_join(&offer, &w->statement, &more), STATUS_ARGUMENT);
	assert_int_equal(content_join(&w->statement, &offer, &more), STATUS_ARGUMENT);
	content_free(&other);
	content_free(&offer);
}

/* Each half fits; who wrote it has put its root over more than a message holds. */
static void
halves_that_are_too_much_together_do_not_join(void **state)
{
	static const enum field halves[2][5] = {
	    {FIELD_HEALTH, FIELD_OFFENCE, FIELD_CUSTODY, FIELD_ECONOMIC, FIELD_FAMILY},
	    {FIELD_LEARNING, FIELD_BEHAVIOUR, FIELD_STEPS_TAKEN, FIELD_CHILDS_VIEW,
		FIELD_EXPLANATION}};
	static char long_text[8000];
	struct content half[2];
	bool more = false;

	(void)state;
	memset(long_text, 'a', sizeof(long_text));
	ok(content_start(MESSAGE_CASE_REPORT, &half[0]));
	half[1] = half[0];
	for (unsigned h = 0; h < 2; h++)
		for (unsigned i = 0; i < 5; i++)
			ok(content_set_text(&half[h], halves[h][i],
			    (struct bytes){(const uint8_t *)long_text, sizeof(long_text)}));
	for (unsigned i = 0; i < half[0].type->field_count; i++) {
		const struct field_info *field = half[0].type->fields[i].field;
		unsigned mine = half[1].fields[i].present ? 1 : 0;

		half[1 - mine].fields[i].leaf = half[mine].fields[i].leaf;
		if (half[0].fields[i].present || half[1].fields[i].present)
			half[1 - mine].shown &= ~CATEGORY_BIT(field->category);
	}
	assert_int_equal(content_join(&half[0], &half[1], &more), STATUS_TOO_LARGE);
	assert_false(more);
	assert_int_equal(half[1].shown & CATEGORY_BIT(CATEGORY_HEALTH), 0);
	content_free(&half[0]);
	content_free(&half[1]);
}

static void
a_header_lists_the_documents_of_what_is_passed_on(void **state)
{
	struct world *w = *state;
	struct envelope_header header = {0};
	struct buffer whole = {0};
	struct content pass;

	forwarded_encode(
	    &w->proven, &w->statement, ALLOWED, CATEGORY_BIT(CATEGORY_CUSTODY), &whole);
	ok(content_start(MESSAGE_HISTORY_PASS, &pass));
	ok(forwarded_set(&pass, FIELD_PASSED, bytes_of_buffer(&whole)));
	ok(attachment_list(&pass, CATEGORY_ALL, header.attachments, &header.attachment_count));
	assert_int_equal(header.attachment_count, 1);
	assert_int_equal(header.attachments[0].root[0], 7);
	ok(attachment_check_list(&header, &pass));
	header.attachment_count = 0;
	assert_int_equal(attachment_check_list(&header, &pass), STATUS_BAD_CONTENT);
	/* Who may not have what is passed on has none of it. */
	ok(attachment_list(
	    &pass, CATEGORY_BIT(CATEGORY_ACT), header.attachments, &header.attachment_count));
	assert_int_equal(header.attachment_count, 0);
	ok(forwarded_set(&pass, FIELD_PASSED, bytes_of_buffer(&w->whole)));
	ok(attachment_check_list(&header, &pass));
	/* What cannot be read lists nothing; whoever judges it says so. */
	ok(forwarded_set(&pass, FIELD_PASSED, bytes_of_text("nothing")));
	ok(attachment_check_list(&header, &pass));
	content_free(&pass);
	buffer_free(&whole);
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
	    TEST(documents_come_with_a_category_that_is_passed_on_whole),
	    TEST(what_a_seed_is_said_to_be_is_what_it_is),
	    TEST(pieces_join_to_what_all_of_them_show),
	    TEST(what_is_under_another_root_does_not_join),
	    TEST(halves_that_are_too_much_together_do_not_join),
	    TEST(a_header_lists_the_documents_of_what_is_passed_on),
	};

	if (suite_start() != STATUS_OK)
		return 1;
	return cmocka_run_group_tests_name("forwarded", tests, NULL, NULL);
}
