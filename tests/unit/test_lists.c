/* tests/unit/test_lists.c: the built-in lists are the files, whole and well-formed. */
#include "protocol/lists/lists.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <dirent.h>

#include <cmocka.h>

/* The lines behind the header; no field of ours holds a line break. */
static unsigned
rows_of_file(const char *name)
{
	char path[512];
	unsigned lines = 0;
	FILE *file;
	int c;

	snprintf(path, sizeof(path), "protocol/lists/%s.csv", name);
	file = fopen(path, "re");
	assert_non_null(file);
	while ((c = getc(file)) != EOF)
		lines += c == '\n';
	fclose(file);
	return lines - 1;
}

static void
every_file_of_the_folder_is_built_in(void **state)
{
	DIR *folder = opendir("protocol/lists");
	struct dirent *entry;
	unsigned files = 0, built_in = 0;
	char name[256], *suffix;

	(void)state;
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		snprintf(name, sizeof(name), "%s", entry->d_name);
		if ((suffix = strstr(name, ".csv")) == NULL)
			continue;
		*suffix = '\0';
		assert_non_null(list_named(name));
		files++;
	}
	closedir(folder);
	while (list_at(built_in) != NULL)
		built_in++;
	assert_int_equal(built_in, files);
}

static void
every_row_is_there(void **state)
{
	(void)state;
	for (unsigned i = 0; list_at(i) != NULL; i++)
		assert_int_equal(list_rows(list_at(i)), rows_of_file(list_name(list_at(i))));
}

static void
codes_are_unique_in_each_list(void **state)
{
	(void)state;
	for (unsigned i = 0; list_at(i) != NULL; i++) {
		const struct list *list = list_at(i);

		for (unsigned a = 0; a < list_rows(list); a++)
			for (unsigned b = 0; b < a; b++)
				assert_false(list_text(list, a, "code")[0] != '\0' &&
					     strcmp(list_text(list, a, "code"),
						 list_text(list, b, "code")) == 0);
	}
}

static void
labels_come_in_both_languages(void **state)
{
	(void)state;
	assert_string_equal(
	    list_label("institution-kinds", "orphans_court", "lv"), "Bāriņtiesa");
	assert_string_equal(
	    list_label("institution-kinds", "orphans_court", "en"), "Orphan's court");
}

static void
an_unknown_code_is_its_own_label(void **state)
{
	(void)state;
	assert_string_equal(list_label("institution-kinds", "circus", "lv"), "circus");
	assert_string_equal(list_label("no-such-list", "circus", "lv"), "circus");
	assert_false(list_has("institution-kinds", bytes_of_text("circus")));
	assert_true(list_has("institution-kinds", bytes_of_text("school")));
	assert_null(list_named("no-such-list"));
}

static void
what_is_not_there_reads_as_empty(void **state)
{
	const struct list *list = list_named("urgencies");

	(void)state;
	assert_string_equal(list_text(list, 0, "no_such_column"), "");
	assert_string_equal(list_text(list, list_rows(list), "code"), "");
	assert_string_equal(list_column_name(list, list_columns(list)), "");
	assert_string_equal(list_column_name(list, 0), "code");
}

/* The lists whose fields hold commas keep them in quotes. */
static void
quotes_are_taken_off(void **state)
{
	unsigned commas = 0;

	(void)state;
	for (unsigned i = 0; list_at(i) != NULL; i++)
		for (unsigned row = 0; row < list_rows(list_at(i)); row++)
			for (unsigned c = 0; c < list_columns(list_at(i)); c++) {
				const struct list *list = list_at(i);
				const char *text =
				    list_text(list, row, list_column_name(list, c));

				assert_int_not_equal(text[0], '"');
				commas += strchr(text, ',') != NULL;
			}
	assert_true(commas > 0);
}

static void
starting_twice_changes_nothing(void **state)
{
	const char *before = list_text(list_named("urgencies"), 0, "code");

	(void)state;
	assert_int_equal(lists_start(), STATUS_OK);
	assert_ptr_equal(list_text(list_named("urgencies"), 0, "code"), before);
}

static int
start(void **state)
{
	(void)state;
	return lists_start() == STATUS_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest lists[] = {
	    cmocka_unit_test(every_file_of_the_folder_is_built_in),
	    cmocka_unit_test(every_row_is_there),
	    cmocka_unit_test(codes_are_unique_in_each_list),
	    cmocka_unit_test(labels_come_in_both_languages),
	    cmocka_unit_test(an_unknown_code_is_its_own_label),
	    cmocka_unit_test(what_is_not_there_reads_as_empty),
	    cmocka_unit_test(quotes_are_taken_off),
	    cmocka_unit_test(starting_twice_changes_nothing),
	};

	return cmocka_run_group_tests(lists, start, NULL);
}
