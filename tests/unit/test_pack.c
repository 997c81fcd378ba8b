/* tests/unit/test_pack.c: the canonical encoding takes its one form and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/wire/pack.h"

#define RAW(...)                                                                               \
	((struct bytes){(const uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__})})

/* A document that uses every kind, each length form of the short ones and nesting. */
static void
write_sample(struct buffer *out)
{
	uint8_t long_bin[300];

	memset(long_bin, 'x', sizeof(long_bin));
	pack_array(out, 9);
	pack_nil(out);
	pack_bool(out, true);
	pack_bool(out, false);
	pack_uint(out, 7);
	pack_uint(out, UINT64_MAX);
	pack_text(out, bytes_of_text("Bērns\n\t"));
	pack_bin(out, (struct bytes){0});
	pack_array(out, 2);
	pack_bin(out, BYTES(long_bin));
	pack_array(out, 0);
	pack_text(out, (struct bytes){long_bin, 40});
}

static void
reads_back_what_was_written(void **state)
{
	struct buffer doc_bytes = {0};
	struct pack_doc doc;
	struct pack_in in, child, empty;
	struct bytes view;

	(void)state;
	write_sample(&doc_bytes);
	assert_false(doc_bytes.failed);
	assert_int_equal(pack_open(bytes_of_buffer(&doc_bytes), &doc), STATUS_OK);
	in = pack_root(&doc);
	assert_true(pack_in_nil(&in));
	assert_false(pack_in_nil(&in));
	assert_true(pack_in_bool(&in));
	assert_false(pack_in_bool(&in));
	assert_int_equal(pack_in_uint(&in, 7), 7);
	assert_true(pack_in_uint(&in, UINT64_MAX) == UINT64_MAX);
	assert_true(bytes_is_text(pack_in_text(&in, 1, 100), "Bērns\n\t"));
	assert_int_equal(pack_in_bin(&in, 0, 0).len, 0);
	assert_true(pack_in_at_array(&in));
	child = pack_in_array(&in, 2, 2);
	view = pack_in_bin(&child, 300, 300);
	assert_int_equal(view.len, 300);
	empty = pack_in_array(&child, 0, 9);
	assert_false(pack_in_more(&empty));
	pack_end(&empty);
	pack_end(&child);
	assert_true(pack_in_more(&in));
	assert_false(pack_in_at_array(&in));
	assert_int_equal(pack_in_text(&in, 40, 40).len, 40);
	assert_false(pack_in_more(&in));
	pack_end(&in);
	assert_int_equal(pack_close(&doc), STATUS_OK);
	buffer_free(&doc_bytes);
}

static void
views_point_into_the_bytes_given(void **state)
{
	struct buffer bytes = {0};
	struct pack_doc doc;
	struct pack_in in;
	struct bytes text, bin;

	(void)state;
	pack_array(&bytes, 2);
	pack_text(&bytes, bytes_of_text("text"));
	pack_bin(&bytes, bytes_of_text("bin"));
	assert_int_equal(pack_open(bytes_of_buffer(&bytes), &doc), STATUS_OK);
	in = pack_root(&doc);
	text = pack_in_text(&in, 0, 9);
	bin = pack_in_bin(&in, 0, 9);
	assert_int_equal(pack_close(&doc), STATUS_OK);
	assert_ptr_equal(text.data, bytes.data + 2);
	assert_ptr_equal(bin.data, bytes.data + 8);
	buffer_free(&bytes);
}

static void
numbers_take_their_shortest_form(void **state)
{
	static const struct {
		uint64_t number;
		size_t len;
	} cases[] = {{0, 1}, {127, 1}, {128, 2}, {255, 2}, {256, 3}, {65535, 3}, {65536, 5},
	    {UINT32_MAX, 5}, {(uint64_t)UINT32_MAX + 1, 9}, {UINT64_MAX, 9}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buffer out = {0};
		struct pack_doc doc;
		struct pack_in in;

		pack_uint(&out, cases[i].number);
		assert_int_equal(out.len, cases[i].len);
		assert_int_equal(pack_open_value(bytes_of_buffer(&out), &doc), STATUS_OK);
		in = pack_root(&doc);
		assert_true(pack_in_uint(&in, UINT64_MAX) == cases[i].number);
		pack_end(&in);
		assert_int_equal(pack_close(&doc), STATUS_OK);
		buffer_free(&out);
	}
}

static void
lengths_at_every_boundary_pass_the_check(void **state)
{
	static const size_t lens[] = {0, 1, 31, 32, 255, 256, 65535, 65536, 70000};
	uint8_t *body = calloc(1, 70000);

	(void)state;
	assert_non_null(body);
	memset(body, 'a', 70000);
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		struct buffer out = {0};

		pack_text(&out, (struct bytes){body, lens[i]});
		assert_int_equal(pack_check(bytes_of_buffer(&out)), STATUS_OK);
		buffer_reset(&out);
		pack_bin(&out, (struct bytes){body, lens[i]});
		assert_int_equal(pack_check(bytes_of_buffer(&out)), STATUS_OK);
		buffer_free(&out);
	}
	for (uint32_t count = 14; count < 18; count++) {
		struct buffer out = {0};

		pack_array(&out, count);
		for (uint32_t i = 0; i < count; i++)
			pack_nil(&out);
		assert_int_equal(pack_check(bytes_of_buffer(&out)), STATUS_OK);
		buffer_free(&out);
	}
	free(body);
}

static void
longer_forms_than_needed_are_not_canonical(void **state)
{
	const struct bytes cases[] = {
	    RAW(0xcc, 0x7f),
	    RAW(0xcd, 0x00, 0xff),
	    RAW(0xce, 0x00, 0x00, 0xff, 0xff),
	    RAW(0xcf, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff),
	    RAW(0xd9, 1, 'a'),
	    RAW(0xda, 0, 1, 'a'),
	    RAW(0xdb, 0, 0, 0, 1, 'a'),
	    RAW(0xc5, 0, 1, 'a'),
	    RAW(0xc6, 0, 0, 0, 1, 'a'),
	    RAW(0xdc, 0, 1, 0xc0),
	    RAW(0xdd, 0, 0, 0, 1, 0xc0),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(pack_check(cases[i]), STATUS_NOT_CANONICAL);
}

static void
kinds_outside_the_subset_are_refused(void **state)
{
	(void)state;
	for (unsigned first = 0xc0; first <= 0xff; first++) {
		uint8_t raw[10] = {(uint8_t)first};
		bool known = first == 0xc0 || (first >= 0xc2 && first <= 0xc6) ||
		             (first >= 0xcc && first <= 0xcf) ||
		             (first >= 0xd9 && first <= 0xdd);

		/* Unknown kinds fail whatever follows, however much of it. */
		for (size_t len = 1; !known && len <= sizeof(raw); len++)
			assert_int_equal(
			    pack_check((struct bytes){raw, len}), STATUS_MALFORMED);
	}
	/* Maps. */
	assert_int_equal(pack_check(RAW(0x80)), STATUS_MALFORMED);
	assert_int_equal(pack_check(RAW(0x81, 0x01, 0x01)), STATUS_MALFORMED);
}

static void
text_must_be_utf8_without_control_characters(void **state)
{
	(void)state;
	assert_int_equal(pack_check(RAW(0xa2, 0xc3, 0x28)), STATUS_NOT_CANONICAL);
	assert_int_equal(pack_check(RAW(0xa1, 0x1b)), STATUS_NOT_CANONICAL);
	assert_int_equal(pack_check(RAW(0xa1, 0x00)), STATUS_NOT_CANONICAL);
	assert_int_equal(pack_check(RAW(0xa1, '\r')), STATUS_NOT_CANONICAL);
	assert_int_equal(pack_check(RAW(0xa2, 0xc2, 0x85)), STATUS_NOT_CANONICAL);
	assert_int_equal(pack_check(RAW(0xa3, 0xed, 0xa0, 0x80)), STATUS_NOT_CANONICAL);
	assert_int_equal(pack_check(RAW(0xa2, 0xc0, 0x80)), STATUS_NOT_CANONICAL);
	assert_int_equal(pack_check(RAW(0xa2, '\n', '\t')), STATUS_OK);
	/* A bin may hold anything. */
	assert_int_equal(pack_check(RAW(0xc4, 2, 0xc3, 0x28)), STATUS_OK);
}

static void
every_truncation_and_any_trailing_byte_is_malformed(void **state)
{
	struct buffer whole = {0};

	(void)state;
	write_sample(&whole);
	for (size_t len = 0; len < whole.len; len++) {
		uint8_t *exact = malloc(len == 0 ? 1 : len);

		assert_non_null(exact);
		memcpy(exact, whole.data, len);
		assert_int_equal(pack_check((struct bytes){exact, len}), STATUS_MALFORMED);
		free(exact);
	}
	buffer_append_byte(&whole, 0xc0);
	assert_int_equal(pack_check(bytes_of_buffer(&whole)), STATUS_MALFORMED);
	buffer_free(&whole);
}

static void
a_count_beyond_the_bytes_is_refused_before_any_allocation(void **state)
{
	const struct bytes bombs[] = {
	    RAW(0xdd, 0x0f, 0xff, 0xff, 0xff),
	    RAW(0xdd, 0xff, 0xff, 0xff, 0xff),
	    RAW(0xdc, 0xff, 0xff),
	    RAW(0x91, 0xdd, 0x0f, 0xff, 0xff, 0xff),
	    RAW(0xc6, 0xff, 0xff, 0xff, 0xff),
	    RAW(0xdb, 0xff, 0xff, 0xff, 0xff),
	};
	struct pack_doc doc;

	(void)state;
	for (size_t i = 0; i < sizeof(bombs) / sizeof(bombs[0]); i++) {
		assert_int_equal(pack_open(bombs[i], &doc), STATUS_MALFORMED);
		assert_null(doc.zone);
		assert_int_equal(pack_close(&doc), STATUS_MALFORMED);
	}
}

static void
depth_and_items_have_limits(void **state)
{
	struct buffer out = {0};

	(void)state;
	for (unsigned i = 1; i < PACK_DEPTH_MAX; i++)
		pack_array(&out, 1);
	pack_array(&out, 0);
	assert_int_equal(pack_check(bytes_of_buffer(&out)), STATUS_OK);
	out.data[out.len - 1] = 0x91;
	pack_array(&out, 0);
	assert_int_equal(pack_check(bytes_of_buffer(&out)), STATUS_TOO_LARGE);
	buffer_reset(&out);
	pack_array(&out, PACK_ITEMS_MAX - 1);
	for (unsigned i = 0; i < PACK_ITEMS_MAX - 1; i++)
		pack_nil(&out);
	assert_int_equal(pack_check(bytes_of_buffer(&out)), STATUS_OK);
	out.data[out.len - 1] = 0x91;
	pack_nil(&out);
	assert_int_equal(pack_check(bytes_of_buffer(&out)), STATUS_TOO_LARGE);
	buffer_free(&out);
}

static void
the_root_of_a_document_is_an_array(void **state)
{
	struct pack_doc doc;

	(void)state;
	assert_int_equal(pack_open(RAW(0x07), &doc), STATUS_MALFORMED);
	assert_int_equal(pack_close(&doc), STATUS_MALFORMED);
	assert_int_equal(pack_open(RAW(0x90), &doc), STATUS_OK);
	assert_int_equal(pack_close(&doc), STATUS_OK);
	assert_int_equal(pack_check(RAW(0x07)), STATUS_OK);
}

static void
an_error_sticks_and_everything_after_it_is_empty(void **state)
{
	struct pack_doc doc;
	struct pack_in in, child;
	uint8_t copy[2] = {1, 2};

	(void)state;
	assert_int_equal(
	    pack_open(RAW(0x96, 0x05, 0x06, 0xc3, 0xc4, 2, 9, 9, 0xa1, 'x', 0x91, 0x01), &doc),
	    STATUS_OK);
	in = pack_root(&doc);
	assert_int_equal(pack_in_uint(&in, 4), 0);
	assert_int_equal(pack_in_uint(&in, 100), 0);
	assert_false(pack_in_bool(&in));
	pack_in_copy(&in, copy, 2);
	assert_int_equal(copy[0], 1);
	assert_null(pack_in_text(&in, 0, 10).data);
	child = pack_in_array(&in, 0, 10);
	assert_int_equal(child.count, 0);
	assert_false(pack_in_more(&in));
	assert_false(pack_in_more(&child));
	pack_end(&child);
	pack_fail(&in, STATUS_BAD_VERSION);
	assert_int_equal(pack_close(&doc), STATUS_MALFORMED);
}

static void
a_readers_own_rule_gives_the_status(void **state)
{
	struct pack_doc doc;
	struct pack_in in;

	(void)state;
	assert_int_equal(pack_open(RAW(0x91, 0x05), &doc), STATUS_OK);
	in = pack_root(&doc);
	pack_fail(&in, STATUS_BAD_VERSION);
	pack_end(&in);
	assert_int_equal(pack_close(&doc), STATUS_BAD_VERSION);
}

static void
wrong_kinds_sizes_and_leftovers_are_malformed(void **state)
{
	const struct bytes doc_bytes = RAW(0x92, 0xc4, 2, 9, 9, 0x91, 0x01);
	struct pack_doc doc;
	struct pack_in in;
	uint8_t copy[3];

	(void)state;
	for (unsigned wrong = 0; wrong < 9; wrong++) {
		assert_int_equal(pack_open(doc_bytes, &doc), STATUS_OK);
		in = pack_root(&doc);
		if (wrong > 4)
			assert_int_equal(pack_in_bin(&in, 2, 2).len, 2);
		switch (wrong) {
		case 0:
			pack_in_text(&in, 0, 9);
			break;
		case 1:
			pack_in_bin(&in, 3, 9);
			break;
		case 2:
			pack_in_bin(&in, 0, 1);
			break;
		case 3:
			pack_in_copy(&in, copy, 3);
			break;
		case 4:
			pack_in_bool(&in);
			break;
		case 5:
			pack_end(&in);
			break;
		case 6:
			pack_in_array(&in, 2, 3);
			break;
		case 7:
			pack_in_array(&in, 0, 0);
			break;
		default:
			pack_in_array(&in, 1, 1);
			pack_in_uint(&in, 1); /* past the end */
		}
		assert_int_equal(pack_close(&doc), STATUS_MALFORMED);
	}
}

int
main(void)
{
	const struct CMUnitTest pack[] = {
	    cmocka_unit_test(reads_back_what_was_written),
	    cmocka_unit_test(views_point_into_the_bytes_given),
	    cmocka_unit_test(numbers_take_their_shortest_form),
	    cmocka_unit_test(lengths_at_every_boundary_pass_the_check),
	    cmocka_unit_test(longer_forms_than_needed_are_not_canonical),
	    cmocka_unit_test(kinds_outside_the_subset_are_refused),
	    cmocka_unit_test(text_must_be_utf8_without_control_characters),
	    cmocka_unit_test(every_truncation_and_any_trailing_byte_is_malformed),
	    cmocka_unit_test(a_count_beyond_the_bytes_is_refused_before_any_allocation),
	    cmocka_unit_test(depth_and_items_have_limits),
	    cmocka_unit_test(the_root_of_a_document_is_an_array),
	    cmocka_unit_test(an_error_sticks_and_everything_after_it_is_empty),
	    cmocka_unit_test(a_readers_own_rule_gives_the_status),
	    cmocka_unit_test(wrong_kinds_sizes_and_leftovers_are_malformed),
	};

	return cmocka_run_group_tests(pack, NULL, NULL);
}
