/* tests/unit/test_cli_text.c: text of others is measured, cut and made safe for a terminal. */
#include "clients/cli/cli_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <locale.h>
#include <string.h>

#include <cmocka.h>

static void
assert_text(struct buffer *out, const char *expected)
{
	buffer_append_byte(out, '\0');
	assert_false(out->failed);
	assert_string_equal((const char *)out->data, expected);
	buffer_reset(out);
}

static void
nothing_that_steers_a_terminal_comes_through(void **state)
{
	static const char *const texts[] = {"\033[31m", "\a", "\x7f",
	    "\xC2\x9B"
	    "31m",
	    "\r", "\b",
	    "\xE2\x80\xAE"
	    "abc",
	    "\xE2\x81\xA6", "\xE2\x80\xA8", "\xff\xfe", "\xC0\x80", "\xED\xA0\x80", "\xE2\x82"};
	struct buffer out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cli_text_clean(texts[i], true, &out);
		buffer_append_byte(&out, '\0');
		assert_true(out.len > 1);
		assert_null(strpbrk((const char *)out.data, "\033\a\x7f\r\b"));
		assert_non_null(strstr((const char *)out.data, "\xEF\xBF\xBD"));
		assert_true(bytes_is_utf8((struct bytes){out.data, out.len - 1}));
		buffer_reset(&out);
	}
	buffer_free(&out);
}

static void
line_breaks_stay_only_where_lines_are_wanted(void **state)
{
	struct buffer out = {0};

	(void)state;
	cli_text_clean("a\n\tb", true, &out);
	assert_text(&out, "a\n\tb");
	cli_text_clean("a\nb", false, &out);
	assert_text(&out, "a\xEF\xBF\xBD"
			  "b");
	buffer_free(&out);
}

static void
width_counts_columns_not_bytes(void **state)
{
	(void)state;
	assert_int_equal(cli_text_width(""), 0);
	assert_int_equal(cli_text_width("Rīga"), 4);
	assert_int_equal(cli_text_width("ģēķļņšūž"), 8);
	assert_int_equal(cli_text_width("a\xCC\x84"), 1); /* a with a combining macron */
	assert_int_equal(cli_text_width("\xE4\xB8\xAD"), 2);
}

static void
a_text_is_cut_by_width_and_says_so(void **state)
{
	struct buffer out = {0};

	(void)state;
	assert_int_equal(cli_text_cut("Rīga", 4, &out), 4);
	assert_text(&out, "Rīga");
	assert_int_equal(cli_text_cut("Ķekava", 4, &out), 4);
	assert_text(&out, "Ķek…");
	assert_int_equal(cli_text_cut("\xE4\xB8\xAD\xE4\xB8\xAD", 3, &out), 3);
	assert_text(&out, "\xE4\xB8\xAD…");
	assert_int_equal(cli_text_cut("abc", 0, &out), 0);
	assert_text(&out, "");
	buffer_free(&out);
}

static void
long_text_breaks_between_words_and_keeps_its_own_lines(void **state)
{
	struct buffer out = {0};

	(void)state;
	cli_text_wrap("viens divi trīs četri", 10, 2, &out);
	assert_text(&out, "viens divi\n  trīs četri");
	cli_text_wrap("a\n\nb", 10, 1, &out);
	assert_text(&out, "a\n \n b");
	cli_text_wrap("abcdefgh", 3, 0, &out);
	assert_text(&out, "abc\ndef\ngh");
	buffer_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_that_steers_a_terminal_comes_through),
	    cmocka_unit_test(line_breaks_stay_only_where_lines_are_wanted),
	    cmocka_unit_test(width_counts_columns_not_bytes),
	    cmocka_unit_test(a_text_is_cut_by_width_and_says_so),
	    cmocka_unit_test(long_text_breaks_between_words_and_keeps_its_own_lines),
	};

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests_name("cli_text", tests, NULL, NULL);
}
