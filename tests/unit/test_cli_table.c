/* tests/unit/test_cli_table.c: columns fit the width they are given. */
#include "clients/cli/cli_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <locale.h>
#include <string.h>

#include <cmocka.h>

static const struct cli_column columns[] = {
    {"ID", 0, false}, {"NAME", 6, false}, {"NOTE", 5, false}, {"TIME", 0, true}};

static struct cli_table *
new_table(void)
{
	static const char *const rows[][4] = {
	    {"1a2b", "Rīgas Sociālais dienests", "ģimene", "10:22"},
	    {"3c4d", "Skola", "", "10:23"},
	};
	struct cli_table *table = cli_table_new(columns, 4);

	assert_non_null(table);
	for (size_t i = 0; i < 2; i++)
		assert_true(cli_table_add(table, rows[i], i == 0 ? CLI_RED : CLI_PLAIN));
	assert_int_equal(cli_table_rows(table), 2);
	return table;
}

static void
assert_table(struct cli_table *table, const struct cli_terminal *terminal, const char *expected)
{
	struct buffer out = {0};

	cli_table_write(table, terminal, &out);
	buffer_append_byte(&out, '\0');
	assert_false(out.failed);
	assert_string_equal((const char *)out.data, expected);
	buffer_free(&out);
	cli_table_free(table);
}

static void
columns_align_by_display_width(void **state)
{
	const struct cli_terminal file = {.width = 0};

	(void)state;
	assert_table(new_table(), &file,
	    "ID    NAME                      NOTE    TIME\n"
	    "1a2b  Rīgas Sociālais dienests  ģimene  10:22\n"
	    "3c4d  Skola                             10:23\n");
}

static void
the_widest_column_is_cut_first(void **state)
{
	const struct cli_terminal narrow = {.width = 34};

	(void)state;
	assert_table(new_table(), &narrow,
	    "ID    NAME           NOTE    TIME\n"
	    "1a2b  Rīgas Sociāl…  ģimene  10:22\n"
	    "3c4d  Skola                  10:23\n");
}

static void
an_optional_column_goes_below_before_others_become_unreadable(void **state)
{
	const struct cli_terminal narrow = {.width = 22};

	(void)state;
	assert_table(new_table(), &narrow,
	    "ID    NAME      NOTE\n"
	    "1a2b  Rīgas S…  ģimene\n"
	    "    TIME: 10:22\n"
	    "3c4d  Skola\n"
	    "    TIME: 10:23\n");
}

static void
nothing_vanishes_from_the_narrowest_screen(void **state)
{
	const struct cli_terminal tiny = {.width = 15};

	(void)state;
	assert_table(new_table(), &tiny,
	    "1a2b · Rīgas\n"
	    "Sociālais\n"
	    "dienests ·\n"
	    "ģimene\n"
	    "    TIME: 10:22\n"
	    "3c4d · Skola\n"
	    "    TIME: 10:23\n");
}

static void
an_empty_column_is_left_out(void **state)
{
	static const char *const row[] = {"1a2b", NULL, "", "10:22"};
	const struct cli_terminal file = {.width = 0};
	struct cli_table *table = cli_table_new(columns, 4);

	(void)state;
	assert_true(cli_table_add(table, row, CLI_PLAIN));
	assert_table(table, &file, "ID    TIME\n1a2b  10:22\n");
}

static void
colours_stand_around_lines_and_only_when_wanted(void **state)
{
	static const char *const row[] = {"1a2b", "", "", ""};
	const struct cli_terminal coloured = {.width = 0, .colours = true};
	struct cli_table *table = cli_table_new(columns, 4);

	(void)state;
	assert_true(cli_table_add(table, row, CLI_RED));
	assert_table(table, &coloured,
	    "\033[2mID\033[0m\n"
	    "\033[1;31m1a2b\033[0m\n");
}

static void
a_cell_cannot_steer_the_terminal(void **state)
{
	static const char *const row[] = {"1a\033[2Jb", "a\nb", "", ""};
	const struct cli_terminal file = {.width = 0};
	struct cli_table *table = cli_table_new(columns, 4);

	(void)state;
	assert_true(cli_table_add(table, row, CLI_PLAIN));
	assert_table(table, &file,
	    "ID       NAME\n1a\xEF\xBF\xBD[2Jb  a\xEF\xBF\xBD"
	    "b\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(columns_align_by_display_width),
	    cmocka_unit_test(the_widest_column_is_cut_first),
	    cmocka_unit_test(an_optional_column_goes_below_before_others_become_unreadable),
	    cmocka_unit_test(nothing_vanishes_from_the_narrowest_screen),
	    cmocka_unit_test(an_empty_column_is_left_out),
	    cmocka_unit_test(colours_stand_around_lines_and_only_when_wanted),
	    cmocka_unit_test(a_cell_cannot_steer_the_terminal),
	};

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests_name("cli_table", tests, NULL, NULL);
}
