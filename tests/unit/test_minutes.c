/* tests/unit/test_minutes.c: which minutes one act signs has one encoding, and nothing else is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/wire/minutes.h"

/* COUNT entries of matters 1, 2, ... */
static void
fill(struct minutes_entry *entries, unsigned count)
{
	memset(entries, 0, count * sizeof(*entries));
	for (unsigned i = 0; i < count; i++) {
		entries[i].matter[0] = (uint8_t)(i + 1);
		entries[i].message[15] = (uint8_t)(i + 2);
		entries[i].root.byte[31] = (uint8_t)(i + 3);
	}
}

static enum status
check(const struct minutes_entry *entries, unsigned count)
{
	struct buffer value = {0};
	enum status rc;

	minutes_encode(entries, count, &value);
	assert_false(value.failed);
	rc = field_check(field_info(FIELD_MINUTES_SIGNED), bytes_of_buffer(&value));
	buffer_free(&value);
	return rc;
}

static void
what_is_written_is_read_again(void **state)
{
	static struct minutes_entry made[MINUTES_MAX], read[MINUTES_MAX];
	struct content content;

	(void)state;
	fill(made, MINUTES_MAX);
	assert_int_equal(content_start(MESSAGE_CONFERENCE_SIGN, &content), STATUS_OK);
	assert_int_equal(minutes_of(&content, read), 0);
	for (unsigned count = 1; count <= MINUTES_MAX; count += 21) {
		assert_int_equal(minutes_set(&content, made, count), STATUS_OK);
		assert_int_equal(minutes_of(&content, read), count);
		assert_memory_equal(read, made, count * sizeof(made[0]));
	}
	assert_int_equal(minutes_set(&content, made, 0), STATUS_ARGUMENT);
	content_free(&content);
	/* Another type has no such field. */
	assert_int_equal(content_start(MESSAGE_MATTER_SIGN, &content), STATUS_OK);
	assert_int_equal(minutes_set(&content, made, 1), STATUS_ARGUMENT);
	assert_int_equal(minutes_of(&content, read), 0);
	content_free(&content);
}

static void
each_byte_stands_where_the_specification_says(void **state)
{
	uint8_t expected[2 + 3 * 2 + 16 + 16 + 32] = {0x91, 0x93, 0xc4, 16};
	struct minutes_entry one;
	struct buffer value = {0};

	(void)state;
	fill(&one, 1);
	expected[4] = 1;
	expected[20] = 0xc4;
	expected[21] = 16;
	expected[37] = 2;
	expected[38] = 0xc4;
	expected[39] = 32;
	expected[71] = 3;
	minutes_encode(&one, 1, &value);
	assert_int_equal(value.len, sizeof(expected));
	assert_memory_equal(value.data, expected, sizeof(expected));
	buffer_free(&value);
}

static void
matters_ascend_and_stand_once(void **state)
{
	struct minutes_entry entries[MINUTES_MAX + 1], swapped;

	(void)state;
	fill(entries, MINUTES_MAX + 1);
	assert_int_equal(check(entries, 0), STATUS_ARGUMENT);
	assert_int_equal(check(entries, 1), STATUS_OK);
	assert_int_equal(check(entries, MINUTES_MAX), STATUS_OK);
	assert_int_equal(check(entries, MINUTES_MAX + 1), STATUS_TOO_LARGE);
	swapped = entries[3];
	entries[3] = entries[4];
	entries[4] = swapped;
	assert_int_equal(check(entries, 8), STATUS_ARGUMENT);
	minutes_sort(entries, 8);
	assert_int_equal(check(entries, 8), STATUS_OK);
	/* The same matter with other minutes is the same matter. */
	memcpy(entries[1].matter, entries[0].matter, sizeof(entries[0].matter));
	assert_int_equal(check(entries, 2), STATUS_ARGUMENT);
}

static void
an_entry_is_three_values_of_their_lengths(void **state)
{
	static const struct {
		unsigned parts;
		size_t lens[4];
		enum status wanted;
	} entries[] = {{3, {16, 16, 32, 0}, STATUS_OK}, {3, {15, 16, 32, 0}, STATUS_ARGUMENT},
	    {3, {16, 17, 32, 0}, STATUS_ARGUMENT}, {3, {16, 16, 31, 0}, STATUS_ARGUMENT},
	    {3, {16, 16, 33, 0}, STATUS_ARGUMENT}, {2, {16, 16, 0, 0}, STATUS_ARGUMENT},
	    {4, {16, 16, 32, 1}, STATUS_ARGUMENT}, {0, {0, 0, 0, 0}, STATUS_ARGUMENT}};
	static const uint8_t zeroes[64];
	struct minutes_entry read[MINUTES_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		struct buffer value = {0};

		pack_array(&value, 1);
		pack_array(&value, entries[i].parts);
		for (unsigned j = 0; j < entries[i].parts; j++)
			pack_bin(&value, (struct bytes){zeroes, entries[i].lens[j]});
		assert_int_equal(
		    field_check(field_info(FIELD_MINUTES_SIGNED), bytes_of_buffer(&value)),
		    entries[i].wanted);
		assert_int_equal(minutes_read(bytes_of_buffer(&value), read),
		    entries[i].wanted == STATUS_OK ? 1 : 0);
		/* Cut short or with more behind it, it is no value. */
		for (size_t len = 0; len < value.len; len++)
			assert_int_equal(
			    minutes_read((struct bytes){value.data, len}, read), 0);
		pack_nil(&value);
		assert_int_equal(minutes_read(bytes_of_buffer(&value), read), 0);
		buffer_free(&value);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_written_is_read_again),
	    cmocka_unit_test(each_byte_stands_where_the_specification_says),
	    cmocka_unit_test(matters_ascend_and_stand_once),
	    cmocka_unit_test(an_entry_is_three_values_of_their_lengths),
	};

	return cmocka_run_group_tests_name("minutes", tests, NULL, NULL);
}
