/* clients/cli/cli_objects.c: prints JSON objects as tables and pairs. */
#include "clients/cli/cli_objects.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_table.h"
#include "clients/cli/cli_text.h"
#include "clients/cli/cli_words.h"
#include "protocol/host/lang.h"

#define LABEL_WIDTH 24
#define HEADING_MAX 40

/* By its form: a millisecond count has a name that says so, a text ends like a UTC time. */
static bool
is_time(const char *name, const json_t *value)
{
	const char *text = json_string_value(value);
	size_t len = strlen(name);

	if (text != NULL)
		return strlen(text) == 20 && text[10] == 'T' && text[19] == 'Z';
	return json_is_integer(value) && json_integer_value(value) > 0 && len > 3 &&
	       strcmp(name + len - 3, "_ms") == 0;
}

static void
append_value(const struct cli *cli, const char *name, const json_t *value, struct buffer *out)
{
	char time[40];

	const char *text = json_string_value(value);

	if (strcmp(name, "kind") == 0 && text != NULL) {
		buffer_append_text(out, cli_labels_code(cli, "institution-kinds", text));
	} else if (strcmp(name, "role") == 0 && text != NULL) {
		buffer_append_text(out, cli_words_role(text));
	} else if (strcmp(name, "what") == 0 && text != NULL) {
		buffer_append_text(out, cli_words_what(text));
	} else if (strcmp(name, "reason") == 0 && text != NULL) {
		/* What broke the glass is no code, and stays as it is. */
		buffer_append_text(out, cli_labels_code(cli, "erasure-reasons", text));
	} else if (strcmp(name, "why") == 0 && text != NULL) {
		buffer_append_text(out, lang_text(text));
	} else if (is_time(name, value)) {
		cli_labels_time(value, time);
		buffer_append_text(out, time);
	} else {
		cli_labels_value(cli, name, value, out);
	}
}

/* The names of plain members over all objects, in the order met. */
static unsigned
collect_names(const json_t *objects, const char *names[static CLI_TABLE_COLUMNS_MAX])
{
	const json_t *object;
	unsigned count = 0;
	size_t i;

	json_array_foreach(objects, i, object)
	{
		const char *name;
		json_t *value;

		json_object_foreach((json_t *)(uintptr_t)object, name, value)
		{
			unsigned n = 0;

			while (n < count && strcmp(names[n], name) != 0)
				n++;
			if (n == count && count < CLI_TABLE_COLUMNS_MAX &&
			    !json_is_object(value))
				names[count++] = name;
		}
	}
	return count;
}

static bool
add_object(const struct cli *cli, struct cli_table *table, const json_t *object,
    const char *const *names, unsigned count)
{
	const char *cells[CLI_TABLE_COLUMNS_MAX] = {NULL};
	struct buffer texts[CLI_TABLE_COLUMNS_MAX] = {{0}};
	bool ok;

	for (unsigned c = 0; c < count; c++) {
		append_value(cli, names[c], json_object_get(object, names[c]), &texts[c]);
		buffer_append_byte(&texts[c], '\0');
		cells[c] = texts[c].failed ? "" : (const char *)texts[c].data;
	}
	ok = cli_table_add(table, cells, CLI_PLAIN);
	for (unsigned c = 0; c < count; c++)
		buffer_free(&texts[c]);
	return ok;
}

/* In capitals: "may refer" is "MAY REFER", "var nosūtīt" is "VAR NOSŪTĪT". */
static void
make_heading(const char *name, char out[static HEADING_MAX])
{
	wchar_t wide[HEADING_MAX];
	size_t len;

	snprintf(out, HEADING_MAX, "%s", cli_words_column(name));
	len = mbstowcs(wide, out, HEADING_MAX);
	if (len >= HEADING_MAX) /* also when it is no text of this locale */
		return;
	for (size_t i = 0; i < len; i++)
		wide[i] = wide[i] == L'_' ? L' ' : (wchar_t)towupper((wint_t)wide[i]);
	if (wcstombs(out, wide, HEADING_MAX) == HEADING_MAX)
		out[HEADING_MAX - 1] = '\0';
}

/* What is typed again elsewhere is never cut, nor what was done. */
static bool
is_whole(const char *name)
{
	static const char *const names[] = {"code", "case", "task", "what"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

enum cli_exit
cli_objects_print_table(const struct cli *cli, const json_t *objects)
{
	const char *names[CLI_TABLE_COLUMNS_MAX];
	char headings[CLI_TABLE_COLUMNS_MAX][HEADING_MAX];
	struct cli_column columns[CLI_TABLE_COLUMNS_MAX];
	unsigned count = collect_names(objects, names);
	enum cli_exit rc = CLI_DONE;
	struct cli_table *table;
	const json_t *object;
	size_t i;

	for (unsigned c = 0; c < count; c++) {
		make_heading(names[c], headings[c]);
		columns[c] =
		    (struct cli_column){headings[c], is_whole(names[c]) ? 0 : 6, c > 2};
	}
	table = cli_table_new(columns, count);
	json_array_foreach(objects, i, object)
	{
		if (!add_object(cli, table, object, names, count))
			rc = cli_fail(CLI_REFUSED, _("memory ran out"));
		if (rc != CLI_DONE)
			break;
	}
	if (rc == CLI_DONE)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	return rc;
}

static bool
is_empty(const json_t *value)
{
	const char *text = json_string_value(value);

	return json_is_null(value) || (text != NULL && text[0] == '\0') ||
	       (json_is_array(value) && json_array_size(value) == 0);
}

void
cli_objects_print_pairs(const struct cli *cli, const json_t *object, unsigned indent)
{
	const char *name;
	json_t *value;

	if (indent > 8)
		return; /* deeper ones are for --json */
	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		struct buffer text = {0};
		unsigned width;

		/* Objects in an array are for whoever knows what they are. */
		if (json_is_object(json_array_get(value, 0)) || is_empty(value))
			continue;
		printf("%*s", (int)indent, "");
		cli_terminal_put(stdout, cli_words_member(name));
		if (json_is_object(value)) {
			putchar('\n');
			cli_objects_print_pairs(cli, value, indent + 2);
			continue;
		}
		append_value(cli, name, value, &text);
		buffer_append_byte(&text, '\0');
		width = cli_text_width(cli_words_member(name));
		if (width < LABEL_WIDTH)
			printf("%*s", (int)(LABEL_WIDTH - width), "");
		putchar(' ');
		if (!text.failed)
			cli_terminal_wrap(
			    &cli->terminal, (const char *)text.data, indent + LABEL_WIDTH + 1);
		buffer_free(&text);
	}
}
