/* tests/unit/test_bytes.c: views, buffers, hexadecimal, numbers and what counts as text. */
#include "protocol/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void
text_is_well_formed_utf8(void **state)
{
	static const char *const good[] = {"", "plain", "Bāriņtiesa", "a\nb\tc", "\xc2\xa0",
	    "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
	    "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(bytes_is_utf8(bytes_of_text(good[i])));
}

/* Overlong forms, surrogates, numbers past the last, stray and missing continuations. */
static void
ill_formed_utf8_is_refused(void **state)
{
	static const char *const bad[] = {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2",
	    "\xc2x", "\xe0\x9f\xbf", "\xe0\xa0", "\xe1\x80x", "\xed\xa0\x80", "\xed\xbf\xbf",
	    "\xf0\x8f\xbf\xbf", "\xf0\x90\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
	    "ok\xfe"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(bytes_is_utf8(bytes_of_text(bad[i])));
}

static void
control_characters_but_line_feed_and_tab_are_refused(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 0xa0; c++) {
		uint8_t one = (uint8_t)c, two[] = {0xc2, (uint8_t)c};
		bool printable = c >= 0x20 && c < 0x7f;

		assert_int_equal(bytes_is_utf8((struct bytes){&one, 1}),
		    printable || c == '\n' || c == '\t');
		assert_false(bytes_is_utf8(BYTES(two)));
	}
}

static void
hexadecimal_goes_both_ways(void **state)
{
	uint8_t all[256], back[256];
	char text[513];

	(void)state;
	for (unsigned i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	bytes_to_hex(BYTES(all), text);
	assert_int_equal(strlen(text), 512);
	assert_memory_equal(text, "000102", 6);
	assert_string_equal(text + 506, "fdfeff");
	assert_true(bytes_from_hex(bytes_of_text(text), back, 256));
	assert_memory_equal(back, all, 256);
	assert_true(bytes_from_hex(bytes_of_text("aBcD"), back, 2));
	assert_int_equal(back[0], 0xab);
	assert_int_equal(back[1], 0xcd);
}

static void
hexadecimal_of_another_length_or_alphabet_leaves_the_output(void **state)
{
	static const char *const bad[] = {"", "0", "000", "00000", "000000", "0g00", "00 0",
	    "0x00", "000/", "000:", "000@", "000`"};
	uint8_t out[2] = {7, 7};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(bytes_from_hex(bytes_of_text(bad[i]), out, 2));
	assert_int_equal(out[0], 7);
	assert_int_equal(out[1], 7);
}

static void
numbers_are_big_endian(void **state)
{
	static const uint8_t expected[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
	uint8_t out[8];

	(void)state;
	bytes_put_u64(out, UINT64_C(0x0123456789abcdef));
	assert_memory_equal(out, expected, 8);
	assert_true(bytes_get_u64(out) == UINT64_C(0x0123456789abcdef));
	assert_int_equal(bytes_get_u32(out), 0x01234567);
	bytes_put_u32(out, 0x89abcdef);
	assert_memory_equal(out, expected + 4, 4);
	bytes_put_u16(out, 0x0123);
	assert_memory_equal(out, expected, 2);
}

static void
a_buffer_grows_and_keeps_its_content(void **state)
{
	struct buffer buffer = {0};

	(void)state;
	for (unsigned i = 0; i < 10000; i++)
		buffer_append_byte(&buffer, (uint8_t)i);
	assert_int_equal(buffer.len, 10000);
	for (unsigned i = 0; i < 10000; i++)
		assert_int_equal(buffer.data[i], (uint8_t)i);
	buffer_reset(&buffer);
	buffer_append_text(&buffer, "a");
	buffer_append_format(&buffer, "%d-%s", 42, "b");
	buffer_append(&buffer, (struct bytes){NULL, 0});
	assert_true(bytes_is_text(bytes_of_buffer(&buffer), "a42-b"));
	buffer_free(&buffer);
	assert_null(buffer.data);
	assert_int_equal(buffer.len, 0);
}

static void
a_failure_sticks_until_the_buffer_is_reset(void **state)
{
	struct buffer buffer = {0};

	(void)state;
	buffer_append_text(&buffer, "kept");
	assert_null(buffer_extend(&buffer, SIZE_MAX));
	assert_true(buffer.failed);
	buffer_append_text(&buffer, "dropped");
	buffer_append_format(&buffer, "%d", 1);
	assert_int_equal(buffer.len, 4);
	buffer_reset(&buffer);
	assert_false(buffer.failed);
	buffer_append_text(&buffer, "again");
	assert_true(bytes_is_text(bytes_of_buffer(&buffer), "again"));
	buffer_free(&buffer);
}

static void
an_extension_by_nothing_is_no_failure(void **state)
{
	struct buffer buffer = {0};
	uint8_t *at;

	(void)state;
	assert_non_null(at = buffer_extend(&buffer, 0));
	assert_ptr_equal(at, buffer.data);
	assert_false(buffer.failed);
	assert_int_equal(buffer.len, 0);
	buffer_append_text(&buffer, "a");
	assert_ptr_equal(buffer_extend(&buffer, 0), buffer.data + 1);
	buffer_free(&buffer);
}

static void
views_are_compared_by_content_then_length(void **state)
{
	struct bytes absent = {NULL, 0};

	(void)state;
	assert_true(bytes_equal(absent, bytes_of_text("")));
	assert_true(bytes_equal(bytes_of_text("ab"), bytes_of_text("ab")));
	assert_false(bytes_equal(bytes_of_text("ab"), bytes_of_text("abc")));
	assert_false(bytes_equal(bytes_of_text("ab"), bytes_of_text("ac")));
	assert_true(bytes_compare(bytes_of_text("ab"), bytes_of_text("abc")) < 0);
	assert_true(bytes_compare(bytes_of_text("b"), bytes_of_text("abc")) > 0);
	assert_true(bytes_compare(bytes_of_text("\xff"), bytes_of_text("a")) > 0);
	assert_int_equal(bytes_compare(absent, absent), 0);
	assert_true(bytes_compare(absent, bytes_of_text("a")) < 0);
}

static void
a_view_becomes_text_only_when_it_fits_and_holds_no_nul(void **state)
{
	char out[4] = "old";

	(void)state;
	assert_false(bytes_to_text(bytes_of_text("four"), out, sizeof(out)));
	assert_false(bytes_to_text((struct bytes){(const uint8_t *)"a\0b", 3}, out, 4));
	assert_string_equal(out, "old");
	assert_true(bytes_to_text(bytes_of_text("abc"), out, sizeof(out)));
	assert_string_equal(out, "abc");
	assert_true(bytes_to_text((struct bytes){NULL, 0}, out, sizeof(out)));
	assert_string_equal(out, "");
}

static void
lowering_touches_capital_letters_alone(void **state)
{
	char text[] = "REFERRAL_OFFER-2 \xc4\x80@[Z";

	(void)state;
	bytes_lower(text);
	assert_string_equal(text, "referral_offer-2 \xc4\x80@[z");
}

int
main(void)
{
	const struct CMUnitTest bytes[] = {
	    cmocka_unit_test(lowering_touches_capital_letters_alone),
	    cmocka_unit_test(text_is_well_formed_utf8),
	    cmocka_unit_test(ill_formed_utf8_is_refused),
	    cmocka_unit_test(control_characters_but_line_feed_and_tab_are_refused),
	    cmocka_unit_test(hexadecimal_goes_both_ways),
	    cmocka_unit_test(hexadecimal_of_another_length_or_alphabet_leaves_the_output),
	    cmocka_unit_test(numbers_are_big_endian),
	    cmocka_unit_test(a_buffer_grows_and_keeps_its_content),
	    cmocka_unit_test(a_failure_sticks_until_the_buffer_is_reset),
	    cmocka_unit_test(an_extension_by_nothing_is_no_failure),
	    cmocka_unit_test(views_are_compared_by_content_then_length),
	    cmocka_unit_test(a_view_becomes_text_only_when_it_fits_and_holds_no_nul),
	};

	return cmocka_run_group_tests(bytes, NULL, NULL);
}
