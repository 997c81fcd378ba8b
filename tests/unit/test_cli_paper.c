/* tests/unit/test_cli_paper.c: pages that a printer takes as they are. */
#include "clients/cli/cli_paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static unsigned
count(const char *text, const char *part)
{
	unsigned found = 0;

	for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
		found++;
	return found;
}

/* BLOCKS of LINES lines each, as pages; free it with buffer_free(). */
static struct buffer
pages_of(unsigned blocks, unsigned lines)
{
	struct buffer text = {0}, out = {0};

	for (unsigned b = 0; b < blocks; b++) {
		for (unsigned l = 0; l < lines; l++)
			buffer_append_format(&text, "block %u line %u\n", b, l);
		buffer_append_byte(&text, '\n');
	}
	buffer_append_byte(&text, '\0');
	cli_paper_write((const char *)text.data, "HEAD", "page %u of %u", &out);
	buffer_append_byte(&out, '\0');
	assert_false(out.failed);
	buffer_free(&text);
	return out;
}

static void
assert_pages(unsigned blocks, unsigned lines, unsigned pages)
{
	struct buffer out = pages_of(blocks, lines);
	const char *text = (const char *)out.data;
	char last[40];

	snprintf(last, sizeof(last), "page %u of %u\n", pages, pages);
	assert_int_equal(count(text, "HEAD\n\n"), pages);
	assert_int_equal(count(text, "\f"), pages - 1);
	assert_non_null(strstr(text, last));
	assert_int_equal(count(text, "line"), blocks * lines);
	/* Every page has the lines of one, its feed aside. */
	assert_int_equal(count(text, "\n"), pages * CLI_PAPER_LINES);
	buffer_free(&out);
}

static void
each_page_has_its_head_its_number_and_its_lines(void **state)
{
	(void)state;
	assert_pages(1, 5, 1);
	assert_pages(40, 3, 3);
}

static void
a_block_stays_together_and_one_longer_than_a_page_is_broken(void **state)
{
	struct buffer out = pages_of(3, 30);

	(void)state;
	/* Two of 30 do not fit on a page: each begins one. */
	assert_int_equal(count((const char *)out.data, "HEAD\n\nblock"), 3);
	assert_int_equal(count((const char *)out.data, "HEAD\n\nblock 1 line 0\n"), 1);
	buffer_free(&out);
	assert_pages(1, 130, 3);
}

static void
nothing_to_say_is_one_page(void **state)
{
	(void)state;
	assert_pages(0, 0, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_page_has_its_head_its_number_and_its_lines),
	    cmocka_unit_test(a_block_stays_together_and_one_longer_than_a_page_is_broken),
	    cmocka_unit_test(nothing_to_say_is_one_page),
	};

	return cmocka_run_group_tests_name("cli_paper", tests, NULL, NULL);
}
