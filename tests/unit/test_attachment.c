/* tests/unit/test_attachment.c: every chunk proves its place, and descriptions are what they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/wire/attachment.h"
#include "tests/unit/grounded.h"

#define CHUNKS 5

/* A sealed document of CHUNKS chunks, the last one short. */
struct document {
	uint8_t key[SUITE_KEY_LEN], header[SUITE_STREAM_HEADER];
	struct envelope_attachment cited;
	struct merkle_hash leaves[CHUNKS];
	uint8_t *sealed;
};

static struct bytes
chunk_of(const struct document *d, uint32_t i)
{
	return (struct bytes){d->sealed + (size_t)i * ATTACHMENT_SEALED_CHUNK,
	    attachment_chunk_len(d->cited.size, i)};
}

static int
set_up(void **state)
{
	struct document *d = calloc(1, sizeof(*d));
	uint8_t *plain = malloc(ATTACHMENT_CHUNK);
	struct merkle_hash root;
	struct suite_stream stream;

	*state = d;
	d->cited.size = attachment_sealed_size((uint64_t)(CHUNKS - 1) * ATTACHMENT_CHUNK + 100);
	d->sealed = malloc(d->cited.size);
	suite_random(d->key, sizeof(d->key));
	suite_stream_start(d->key, d->header, &stream);
	for (uint32_t i = 0; i < CHUNKS; i++) {
		memset(plain, (int)i, ATTACHMENT_CHUNK);
		suite_stream_seal(&stream,
		    (struct bytes){
			plain, attachment_chunk_len(d->cited.size, i) - SUITE_STREAM_OVERHEAD},
		    i == CHUNKS - 1, d->sealed + (size_t)i * ATTACHMENT_SEALED_CHUNK);
		attachment_leaf(chunk_of(d, i), &d->leaves[i]);
	}
	merkle_root(d->leaves, CHUNKS, &root);
	memcpy(d->cited.root, root.byte, sizeof(d->cited.root));
	free(plain);
	return 0;
}

static int
tear_down(void **state)
{
	struct document *d = *state;

	free(d->sealed);
	free(d);
	return 0;
}

static enum status
check(const struct document *d, uint32_t place, uint32_t path_of, struct bytes chunk)
{
	struct merkle_path path;

	merkle_path_of(d->leaves, CHUNKS, path_of, &path);
	return attachment_check_chunk(&d->cited, place, &path, chunk);
}

static void
a_size_gives_the_number_and_length_of_chunks(void **state)
{
	(void)state;
	assert_false(attachment_is_size(0));
	assert_false(attachment_is_size(SUITE_STREAM_OVERHEAD));
	assert_true(attachment_is_size(SUITE_STREAM_OVERHEAD + 1));
	assert_true(attachment_is_size(ATTACHMENT_SEALED_CHUNK));
	assert_false(attachment_is_size(ATTACHMENT_SEALED_CHUNK + SUITE_STREAM_OVERHEAD));
	assert_true(attachment_is_size(ATTACHMENT_SIZE_MAX));
	assert_false(attachment_is_size(ATTACHMENT_SIZE_MAX + 18));
	for (uint64_t plain = 1; plain < 4 * ATTACHMENT_CHUNK; plain += 65536 - 7) {
		uint64_t size = attachment_sealed_size(plain), sum = 0;

		assert_true(attachment_is_size(size));
		assert_true(attachment_plain_size(size) == plain);
		for (uint32_t i = 0; i < attachment_chunks(size); i++)
			sum += attachment_chunk_len(size, i);
		assert_true(sum == size);
		assert_int_equal(attachment_chunk_len(size, attachment_chunks(size)), 0);
	}
}

static void
each_chunk_proves_its_place_alone(void **state)
{
	const struct document *d = *state;

	for (uint32_t i = 0; i < CHUNKS; i++)
		assert_int_equal(check(d, i, i, chunk_of(d, i)), STATUS_OK);
}

static void
a_changed_swapped_cut_or_doubled_chunk_is_found(void **state)
{
	struct document *d = *state;
	struct bytes cut = chunk_of(d, 1), last = chunk_of(d, CHUNKS - 1);

	assert_int_equal(check(d, 1, 1, chunk_of(d, 2)), STATUS_BAD_CHUNK);
	assert_int_equal(check(d, 2, 1, chunk_of(d, 1)), STATUS_BAD_CHUNK);
	assert_int_equal(check(d, CHUNKS, CHUNKS - 1, last), STATUS_BAD_CHUNK);
	assert_int_equal(check(d, 1, 1, last), STATUS_BAD_CHUNK);
	cut.len--;
	assert_int_equal(check(d, 1, 1, cut), STATUS_BAD_CHUNK);
	d->sealed[ATTACHMENT_SEALED_CHUNK + 1000] ^= 1;
	assert_int_equal(check(d, 1, 1, chunk_of(d, 1)), STATUS_BAD_CHUNK);
	assert_int_equal(check(d, 0, 0, chunk_of(d, 0)), STATUS_OK);
}

static void
a_stream_opens_in_its_order_and_ends_where_it_was_ended(void **state)
{
	const struct document *d = *state;
	struct suite_stream stream, kept;
	uint8_t *plain = malloc(ATTACHMENT_CHUNK);

	assert_int_equal(suite_stream_resume(d->key, d->header, &stream), STATUS_OK);
	assert_int_equal(
	    suite_stream_open(&stream, chunk_of(d, 1), false, plain), STATUS_CANNOT_OPEN);
	for (uint32_t i = 0; i < CHUNKS - 1; i++) {
		kept = stream; /* stored, and taken up again */
		assert_int_equal(suite_stream_open(&stream, chunk_of(d, i), true, plain),
		    STATUS_CANNOT_OPEN);
		assert_memory_equal(&kept, &stream, sizeof(kept));
		assert_int_equal(
		    suite_stream_open(&kept, chunk_of(d, i), false, plain), STATUS_OK);
		assert_int_equal(plain[0], i);
		stream = kept;
	}
	assert_int_equal(suite_stream_open(&stream, chunk_of(d, CHUNKS - 1), false, plain),
	    STATUS_CANNOT_OPEN);
	assert_int_equal(
	    suite_stream_open(&stream, chunk_of(d, CHUNKS - 1), true, plain), STATUS_OK);
	free(plain);
}

static void
a_name_is_one_line_that_no_path_can_be_made_of(void **state)
{
	static const char *const good[] = {"atzinums.edoc", "Izziņa nr. 5 (2026).pdf", "a"};
	static const char *const bad[] = {"", "../x", "a/b", "a\\b", ".profile", " a", "a ",
	    "a\nb", "a\tb", "gpj\u202Eexe.pdf", "a\xE2\x80\x8B", "\xEF\xBB\xBFx", "a\xD8\x9Cz",
	    "\xFF", "a\x01"};
	char longest[ATTACHMENT_NAME_MAX + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(attachment_is_name(bytes_of_text(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(attachment_is_name(bytes_of_text(bad[i])));
	memset(longest, 'x', sizeof(longest));
	assert_true(
	    attachment_is_name((struct bytes){(uint8_t *)longest, ATTACHMENT_NAME_MAX}));
	assert_false(attachment_is_name((struct bytes){(uint8_t *)longest, sizeof(longest)}));
}

/* An offer with documents in two categories. */
static void
describe(struct content *content, const struct document *d)
{
	const struct bytes concern = bytes_of_text("r01");
	static const uint8_t task[SUITE_ID_LEN] = {1};
	static const enum field fields[] = {
	    FIELD_URGENCY, FIELD_PURPOSE, FIELD_MUNICIPALITY, FIELD_AGE_BAND, FIELD_GROUND};
	struct attachment_file file = {.cited = d->cited,
	    .type = bytes_of_text("pdf"),
	    .name = bytes_of_text("atzinums.pdf")};
	struct buffer value = {0};

	assert_int_equal(content_start(MESSAGE_REFERRAL_OFFER, content), STATUS_OK);
	assert_int_equal(content_set_id(content, FIELD_TASK, task), STATUS_OK);
	assert_int_equal(content_set_uint(content, FIELD_APPLIED, 0), STATUS_OK);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		assert_int_equal(
		    content_set_text(content, fields[i], bytes_of_text("a")), STATUS_OK);
	assert_int_equal(content_set_codes(content, FIELD_CONCERN, &concern, 1), STATUS_OK);
	ground_content(content);
	for (unsigned i = 0; i < 2; i++) {
		buffer_reset(&value);
		pack_array(&value, 1);
		file.cited.root[0] = (uint8_t)i;
		attachment_file_encode(&file, &value);
		assert_int_equal(content_set_value(content,
				     i == 0 ? FIELD_FILES_EDUCATION : FIELD_FILES_HEALTH,
				     bytes_of_buffer(&value)),
		    STATUS_OK);
	}
	buffer_free(&value);
}

static void
a_header_lists_the_documents_shown_and_no_others(void **state)
{
	const struct document *d = *state;
	struct envelope_header header = {0};
	struct attachment_file file;
	struct content content;

	describe(&content, d);
	assert_true(attachment_file_at(&content, FIELD_FILES_HEALTH, 0, &file));
	assert_true(bytes_is_text(file.name, "atzinums.pdf"));
	assert_false(attachment_file_at(&content, FIELD_FILES_HEALTH, 1, &file));
	assert_false(attachment_file_at(&content, FIELD_FILES_FAMILY, 0, &file));
	assert_int_equal(attachment_list(&content, CATEGORY_BIT(CATEGORY_EDUCATION),
			     header.attachments, &header.attachment_count),
	    STATUS_OK);
	assert_int_equal(header.attachment_count, 1);
	assert_int_equal(header.attachments[0].root[0], 0);
	assert_int_equal(attachment_check_list(&header, &content), STATUS_BAD_CONTENT);
	assert_int_equal(attachment_list(&content, CATEGORY_ALL, header.attachments,
			     &header.attachment_count),
	    STATUS_OK);
	assert_int_equal(header.attachment_count, 2);
	assert_int_equal(attachment_check_list(&header, &content), STATUS_OK);
	header.attachments[1].size++;
	assert_int_equal(attachment_check_list(&header, &content), STATUS_BAD_CONTENT);
	content_free(&content);
}

/* CONTENT as it is passed on: SHOWN, with documents. */
static void
read_passed(const struct content *content, category_set shown, struct content *out)
{
	struct buffer bytes = {0};
	struct merkle_hash root;

	content_root(content, &root);
	content_show_passed(content, shown, CATEGORY_ALL, &bytes);
	assert_int_equal(
	    content_read_passed(bytes_of_buffer(&bytes), content->type->id, &root, out),
	    STATUS_OK);
	buffer_free(&bytes);
}

static void
what_is_passed_on_shows_documents_that_its_own_header_lists(void **state)
{
	const struct document *d = *state;
	struct envelope_header header = {0}, lie;
	struct content content, passed;

	describe(&content, d);
	assert_int_equal(attachment_list(&content, CATEGORY_ALL, header.attachments,
			     &header.attachment_count),
	    STATUS_OK);
	for (unsigned i = 0; i < 4; i++) {
		read_passed(&content,
		    CATEGORY_BIT(CATEGORY_ACT) |
			((i & 1) != 0 ? CATEGORY_BIT(CATEGORY_EDUCATION) : 0) |
			((i & 2) != 0 ? CATEGORY_BIT(CATEGORY_HEALTH) : 0),
		    &passed);
		assert_int_equal(attachment_check_shown(&header, &passed), STATUS_OK);
		lie = header;
		lie.attachment_count = 0;
		assert_int_equal(attachment_check_shown(&lie, &passed),
		    i == 0 ? STATUS_OK : STATUS_BAD_CONTENT);
		lie = header;
		lie.attachments[1].size++;
		assert_int_equal(attachment_check_shown(&lie, &passed),
		    (i & 2) == 0 ? STATUS_OK : STATUS_BAD_CONTENT);
		lie = header;
		lie.attachments[0].root[31] ^= 1;
		assert_int_equal(attachment_check_shown(&lie, &passed),
		    (i & 1) == 0 ? STATUS_OK : STATUS_BAD_CONTENT);
		lie = header;
		lie.attachments[0] = header.attachments[1];
		lie.attachments[1] = header.attachments[0];
		assert_int_equal(attachment_check_shown(&lie, &passed),
		    i < 3 ? STATUS_OK : STATUS_BAD_CONTENT);
		content_free(&passed);
	}
	/* Where nothing is hidden it lists no others. */
	lie = header;
	lie.attachments[2] = (struct envelope_attachment){.root = {99}, .size = 117};
	lie.attachment_count = 3;
	read_passed(&content, CATEGORY_ALL & ~CATEGORY_BIT(CATEGORY_FAMILY), &passed);
	assert_int_equal(attachment_check_shown(&lie, &passed), STATUS_OK);
	content_free(&passed);
	read_passed(&content, CATEGORY_ALL, &passed);
	assert_int_equal(attachment_check_shown(&lie, &passed), STATUS_BAD_CONTENT);
	assert_int_equal(attachment_check_shown(&header, &passed), STATUS_OK);
	content_free(&passed);
	assert_int_equal(attachment_place(&header, header.attachments[1].root), 1);
	assert_int_equal(attachment_place(&header, lie.attachments[2].root), 2);
	content_free(&content);
}

static void
recipients_of_one_message_have_the_same_documents(void **state)
{
	const struct document *d = *state;
	struct envelope_header header = {.network = bytes_of_text("n"),
	    .sender = bytes_of_text("s"),
	    .expires_ms = 1,
	    .recipient_count = 2};
	struct envelope_seal_to to[2] = {
	    {.allowed = CATEGORY_ALL}, {.allowed = CATEGORY_BIT(CATEGORY_ACT)}};
	uint8_t digest[SUITE_HASH_LEN];
	struct buffer sealed = {0};
	struct content content;
	struct box_key box;

	suite_box_new(&box);
	for (unsigned i = 0; i < 2; i++) {
		memcpy(to[i].key, box.public, sizeof(to[i].key));
		header.recipients[i].party = bytes_of_text(i == 0 ? "a" : "b");
	}
	describe(&content, d);
	assert_int_equal(
	    envelope_seal(&header, &content, to, &sealed, digest), STATUS_OUTSIDE_PROFILE);
	to[1].allowed = CATEGORY_ALL;
	assert_int_equal(envelope_seal(&header, &content, to, &sealed, digest), STATUS_OK);
	assert_int_equal(header.attachment_count, 2);
	content_free(&content);
	buffer_free(&sealed);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_size_gives_the_number_and_length_of_chunks),
	    TEST(each_chunk_proves_its_place_alone),
	    TEST(a_changed_swapped_cut_or_doubled_chunk_is_found),
	    TEST(a_stream_opens_in_its_order_and_ends_where_it_was_ended),
	    cmocka_unit_test(a_name_is_one_line_that_no_path_can_be_made_of),
	    TEST(a_header_lists_the_documents_shown_and_no_others),
	    TEST(what_is_passed_on_shows_documents_that_its_own_header_lists),
	    TEST(recipients_of_one_message_have_the_same_documents),
	};

	if (suite_start() != STATUS_OK)
		return 1;
	return cmocka_run_group_tests_name("attachment", tests, NULL, NULL);
}
