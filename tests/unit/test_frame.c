/* tests/unit/test_frame.c: the link's commands: strict prefix, strict bodies, no number trusted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/wire/frame.h"

#define TEXT(s) bytes_of_text(s)

static struct frame_proven
some_proven(void)
{
	struct frame_proven proven = {
	    .index = 300, .leaf = TEXT("leaf"), .checkpoint = TEXT("note"), .path = {.len = 3}};

	memset(proven.path.hash[2].byte, 8, sizeof(proven.path.hash[2].byte));
	return proven;
}

static struct bytes
body_of(const struct buffer *frame, enum command command, uint32_t request)
{
	struct frame parsed;

	assert_int_equal(frame_parse(bytes_of_buffer(frame), &parsed), STATUS_OK);
	assert_int_equal(parsed.command, command);
	assert_int_equal(parsed.request, request);
	return parsed.body;
}

static void
a_prefix_says_what_and_in_answer_to_what(void **state)
{
	struct buffer frame = {0};
	struct frame parsed;

	(void)state;
	frame_numbers(COMMAND_PING, 77, NULL, 0, &frame);
	body_of(&frame, COMMAND_PING, 77);
	frame.data[2] = 9;
	assert_int_equal(frame_parse(bytes_of_buffer(&frame), &parsed), STATUS_BAD_VERSION);
	frame.data[2] = FRAME_VERSION;
	frame.data[3] = 200;
	assert_int_equal(frame_parse(bytes_of_buffer(&frame), &parsed), STATUS_UNKNOWN_COMMAND);
	frame.data[0] = 's';
	assert_int_equal(frame_parse(bytes_of_buffer(&frame), &parsed), STATUS_MALFORMED);
	assert_int_equal(frame_parse((struct bytes){frame.data, FRAME_PREFIX_LEN - 1}, &parsed),
	    STATUS_MALFORMED);
	assert_int_equal(
	    frame_parse((struct bytes){frame.data, FRAME_MAX + 1}, &parsed), STATUS_TOO_LARGE);
	buffer_free(&frame);
}

static void
a_greeting_says_who_and_what_is_known(void **state)
{
	struct frame_hello hello = {TEXT("net"), TEXT("school-a"), TEXT("test 1"), 12, 90},
			   seen;
	struct frame_welcome welcome = {.network = TEXT("net"),
				 .time_ms = 5,
				 .directory_length = 7,
				 .checkpoint = TEXT("note"),
				 .consistency = {.len = 1},
				 .frame_max = 9,
				 .credit_max = 8},
			     back;
	struct buffer frame = {0};

	(void)state;
	frame_hello(&hello, 1, &frame);
	assert_int_equal(frame_read_hello(body_of(&frame, COMMAND_HELLO, 1), &seen), STATUS_OK);
	assert_true(bytes_is_text(seen.party, "school-a"));
	assert_int_equal(seen.log_size, 90);
	frame_welcome(&welcome, 1, &frame);
	assert_int_equal(
	    frame_read_welcome(body_of(&frame, COMMAND_WELCOME, 1), &back), STATUS_OK);
	assert_int_equal(back.consistency.len, 1);
	assert_int_equal(back.credit_max, 8);
	buffer_free(&frame);
}

static void
receipts_and_deliveries_carry_leaf_path_and_checkpoint(void **state)
{
	struct frame_accepted accepted = {.proven = some_proven()}, receipt;
	struct frame_deliver deliver = {.proven = some_proven()}, got;
	struct buffer frame = {0};

	(void)state;
	accepted.id[0] = 42;
	frame_accepted(&accepted, 3, &frame);
	assert_int_equal(
	    frame_read_accepted(body_of(&frame, COMMAND_ACCEPTED, 3), &receipt), STATUS_OK);
	assert_int_equal(receipt.id[0], 42);
	assert_int_equal(receipt.proven.path.len, 3);
	assert_int_equal(receipt.proven.path.hash[2].byte[0], 8);
	assert_true(bytes_is_text(receipt.proven.checkpoint, "note"));
	frame_deliver(&deliver, &frame);
	assert_int_equal(
	    frame_read_deliver(body_of(&frame, COMMAND_DELIVER, 0), &got), STATUS_OK);
	assert_false(got.has_part);
	buffer_free(&frame);
}

static void
a_leaf_and_a_hash_of_an_entry_cannot_be_confused(void **state)
{
	struct frame_entries_page *page = test_calloc(1, sizeof(*page));
	struct frame_entries_page *seen = test_calloc(1, sizeof(*seen));
	struct merkle_hash of_leaf;
	struct buffer frame = {0};

	(void)state;
	page->from = 10;
	page->count = 2;
	page->entries[0].leaf = TEXT("an entry's bytes of any length");
	memset(page->entries[1].hash.byte, 6, sizeof(page->entries[1].hash.byte));
	frame_entries_page(page, 4, &frame);
	assert_int_equal(
	    frame_read_entries_page(body_of(&frame, COMMAND_ENTRIES_PAGE, 4), seen), STATUS_OK);
	assert_int_equal(seen->count, 2);
	merkle_leaf(page->entries[0].leaf, &of_leaf);
	assert_memory_equal(&seen->entries[0].hash, &of_leaf, sizeof(of_leaf));
	assert_null(seen->entries[1].leaf.data);
	assert_int_equal(seen->entries[1].hash.byte[0], 6);
	buffer_free(&frame);
	test_free(page);
	test_free(seen);
}

static void
a_refusal_names_code_message_and_recipient(void **state)
{
	struct frame_refused refused = {.code = STATUS_UNKNOWN_EPOCH,
				 .has_id = true,
				 .has_recipient = true,
				 .recipient = 1,
				 .detail = TEXT("epoch 3")},
			     seen;
	struct buffer frame = {0};

	(void)state;
	frame_refused(&refused, 5, &frame);
	assert_int_equal(
	    frame_read_refused(body_of(&frame, COMMAND_REFUSED, 5), &seen), STATUS_OK);
	assert_int_equal(seen.code, STATUS_UNKNOWN_EPOCH);
	assert_int_equal(seen.recipient, 1);
	refused.code = STATUS_NO_MEMORY; /* not one that a peer may send */
	frame_refused(&refused, 5, &frame);
	assert_int_equal(
	    frame_read_refused(body_of(&frame, COMMAND_REFUSED, 5), &seen), STATUS_MALFORMED);
	buffer_free(&frame);
}

static void
too_many_elements_are_refused_not_overrun(void **state)
{
	struct frame_entries_page *seen = test_calloc(1, sizeof(*seen));
	struct frame_consistency_page path;
	struct buffer body = {0};

	(void)state;
	pack_array(&body, 2);
	pack_uint(&body, 0);
	pack_array(&body, FRAME_ENTRIES_MAX + 1);
	for (unsigned i = 0; i <= FRAME_ENTRIES_MAX; i++)
		pack_bin(&body, BYTES(((uint8_t[32]){0})));
	assert_int_equal(
	    frame_read_entries_page(bytes_of_buffer(&body), seen), STATUS_MALFORMED);
	buffer_reset(&body);
	pack_array(&body, 3);
	pack_uint(&body, 1);
	pack_uint(&body, 2);
	pack_array(&body, MERKLE_PATH_MAX + 1);
	for (unsigned i = 0; i <= MERKLE_PATH_MAX; i++)
		pack_bin(&body, BYTES(((uint8_t[32]){0})));
	assert_int_equal(
	    frame_read_consistency_page(bytes_of_buffer(&body), &path), STATUS_MALFORMED);
	buffer_free(&body);
	test_free(seen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_prefix_says_what_and_in_answer_to_what),
	    cmocka_unit_test(a_greeting_says_who_and_what_is_known),
	    cmocka_unit_test(receipts_and_deliveries_carry_leaf_path_and_checkpoint),
	    cmocka_unit_test(a_leaf_and_a_hash_of_an_entry_cannot_be_confused),
	    cmocka_unit_test(a_refusal_names_code_message_and_recipient),
	    cmocka_unit_test(too_many_elements_are_refused_not_overrun),
	};

	if (suite_start() != STATUS_OK)
		return 1;
	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
