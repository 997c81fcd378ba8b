/* clients/cli/cli_todo.c: what waits for a person, as a table that is read in a hurry. */
#include "clients/cli/cli_todo.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_consent.h"
#include "clients/cli/cli_due.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_pager.h"
#include "clients/cli/cli_pages.h"
#include "clients/cli/cli_table.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"
#include "protocol/lists/lists.h"

#define MOST_DEFAULT 100
#define MOST_MAX     10000
#define HINT_S       1 /* nobody waits for a hint */
#define THEN_MAX     4 /* steps that are named */

/* ---- One thing --------------------------------------------------------------------------- */

static bool
is(const json_t *item, const char *what)
{
	return strcmp(cli_string(item, "what"), what) == 0;
}

static const char *
what_words(const struct cli *cli, const json_t *item)
{
	static const struct {
		const char *what, *words;
	} own[] = {
	    {"not_delivered", N_("reached nobody: decide what follows")},
	    {"release", N_("content to be sent: it did not go by itself")},
	    {"unread", N_("to be opened")},
	    {"ends", N_("to be renewed, or ends")},
	    {"glass", N_("emergency opening to be seen")},
	};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (is(item, own[i].what))
			return _(own[i].words);
	return cli_labels_code(cli, "owed", cli_string(item, "what"));
}

static enum cli_colour
colour_of(const json_t *item, enum cli_due_when when)
{
	if (when == CLI_DUE_OVER)
		return CLI_RED;
	if (strcmp(cli_string(item, "urgency"), "immediate") == 0)
		return CLI_RED;
	return when == CLI_DUE_TODAY ? CLI_YELLOW : CLI_PLAIN;
}

static const char *
state_words(struct cli *cli, const json_t *item)
{
	return cli_string(item, "record")[0] != '\0'
	           ? cli_consent_state(cli, item)
	           : cli_labels_state(cli, cli_string(item, "state"));
}

static bool
add_line(struct cli *cli, struct cli_table *table, const json_t *item, time_t now)
{
	const char *task = cli_string(item, "task");
	char due[CLI_DUE_WORDS], urgency[80];

	cli_due_item(item, now, due);
	cli_labels_brief(cli, "urgencies", cli_string(item, "urgency"), urgency);
	const char *const cells[] = {
	    json_is_true(json_object_get(item, "unread")) ? "*" : "",
	    due,
	    what_words(cli, item),
	    cli_labels_short(task[0] != '\0' ? task : cli_string(item, "case")),
	    cli_string(item, "peer"),
	    cli_string(item, "file_number"),
	    urgency,
	    cli_string(item, "state")[0] != '\0' ? state_words(cli, item) : "",
	};
	return cli_table_add(table, cells, colour_of(item, cli_due_when(item, now)));
}

static bool
write_table(struct cli *cli, const json_t *items, time_t now, struct buffer *out)
{
	const struct cli_column columns[] = {
	    {" ", 0, false},
	    {_("DUE"), 12, false},
	    {_("OWED"), 16, false},
	    {_("TASK OR CASE"), 0, false},
	    {_("WITH"), 10, false},
	    {_("FILE NO."), 8, true},
	    {_("URGENCY"), 0, true},
	    {_("STATE"), 12, true},
	};
	struct cli_table *table = cli_table_new(columns, sizeof(columns) / sizeof(columns[0]));
	bool fits = table != NULL;

	for (size_t i = 0; fits && i < json_array_size(items); i++)
		fits = add_line(cli, table, json_array_get(items, i), now);
	if (fits)
		cli_table_write(table, &cli->terminal, out);
	cli_table_free(table);
	return fits;
}

/* ---- Above and below --------------------------------------------------------------------- */

static void
write_count(const struct cli *cli, enum cli_due_when when, unsigned long n, struct buffer *out)
{
	const enum cli_colour colour = when == CLI_DUE_OVER    ? CLI_RED
	                               : when == CLI_DUE_TODAY ? CLI_YELLOW
	                                                       : CLI_PLAIN;
	const char *const words[] = {
	    [CLI_DUE_OVER] = ngettext("%lu overdue", "%lu overdue", n),
	    [CLI_DUE_TODAY] = ngettext("%lu due today", "%lu due today", n),
	    [CLI_DUE_WEEK] = ngettext("%lu within a week", "%lu within a week", n),
	    [CLI_DUE_LATER] = ngettext("%lu later", "%lu later", n),
	    [CLI_DUE_NEVER] = ngettext("%lu without a time", "%lu without a time", n),
	};
	char text[80];

	snprintf(text, sizeof(text), words[when], n);
	buffer_append_text(out, cli_terminal_on(&cli->terminal, colour));
	buffer_append_text(out, text);
	buffer_append_text(out, cli_terminal_off(&cli->terminal, colour));
}

static void
write_counts(const struct cli *cli, const json_t *items, time_t now, struct buffer *out)
{
	unsigned long counts[CLI_DUE_WHENS] = {0};
	bool any = false;

	for (size_t i = 0; i < json_array_size(items); i++)
		counts[cli_due_when(json_array_get(items, i), now)]++;
	for (unsigned when = 0; when < CLI_DUE_WHENS; when++) {
		if (counts[when] == 0)
			continue;
		buffer_append_text(out, any ? ", " : "");
		write_count(cli, (enum cli_due_when)when, counts[when], out);
		any = true;
	}
	buffer_append_text(out, "\n\n");
}

/* What the first thing asks for, as it is typed. */
static void
write_next(const json_t *item, struct buffer *out)
{
	const json_t *actions = json_object_get(item, "actions");
	const char *task = cli_labels_short(cli_string(item, "task"));
	const char *file = cli_labels_short(cli_string(item, "case"));
	char command[80];

	if (is(item, "glass"))
		snprintf(command, sizeof(command), "saikne broken-glass");
	else if (task[0] == '\0')
		snprintf(command, sizeof(command), "saikne case %.16s", file);
	else if (is(item, "release") && json_array_size(actions) > 0)
		snprintf(command, sizeof(command), "saikne release %.16s", task);
	else
		snprintf(command, sizeof(command), "saikne show %.16s", task);
	buffer_append_format(out, _("\nNext: %s"), command);
	if (strncmp(command, "saikne show", 11) == 0 && json_array_size(actions) > 0) {
		const char *first = json_string_value(json_array_get(actions, 0));

		buffer_append_format(out, _("; then %s"),
		    cli_labels_command(cli_string(item, "sort"), first ? first : ""));
		for (size_t i = 0; i < json_array_size(actions) && i < THEN_MAX; i++)
			buffer_append_format(out, "%s%s", i > 0 ? " | " : "",
			    json_string_value(json_array_get(actions, i)));
		buffer_append_format(
		    out, "%s %s", json_array_size(actions) > THEN_MAX ? " | ..." : "", task);
	}
	buffer_append_byte(out, '\n');
}

bool
cli_todo_write(struct cli *cli, const json_t *items, bool more, time_t now, struct buffer *out)
{
	if (json_array_size(items) == 0) {
		buffer_append_format(out, "%s\n", _("Nothing waits for you."));
		return !out->failed;
	}
	write_counts(cli, items, now, out);
	if (!write_table(cli, items, now, out))
		return false;
	if (cli_due_own_clock(items))
		buffer_append_format(out, "\n%s\n", cli_due_own_words());
	if (more)
		buffer_append_format(out, _("\nThe first %zu are shown; more with --limit.\n"),
		    json_array_size(items));
	write_next(json_array_get(items, 0), out);
	return !out->failed;
}

/* ---- The commands ------------------------------------------------------------------------ */

static enum cli_exit
print_once(struct cli *cli, unsigned most)
{
	struct buffer out = {0};
	json_t *items = NULL;
	bool more, fits;
	enum cli_exit rc = cli_pages_read(cli, "/v1/work", most, &items, &more);

	if (rc != CLI_DONE)
		return rc;
	if (cli->json) {
		cli_pages_print_json(cli, items, more);
	} else {
		fits = cli_todo_write(cli, items, more, time(NULL), &out);
		if (fits)
			cli_pager_print(&cli->terminal, bytes_of_buffer(&out));
		else
			rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	}
	buffer_free(&out);
	json_decref(items);
	return rc;
}

enum cli_exit
cli_todo_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *limit = cli_arguments_text(arguments, "limit");
	unsigned long most = limit != NULL ? strtoul(limit, NULL, 10) : MOST_DEFAULT;

	(void)command;
	if (most == 0 || most > MOST_MAX)
		return cli_fail(CLI_USAGE, _("--limit is a number from 1 to %d"), MOST_MAX);
	return cli_arguments_has(arguments, "follow") ? cli_todo_follow(cli, (unsigned)most)
	                                              : print_once(cli, (unsigned)most);
}

void
cli_todo_hint(struct cli *cli)
{
	json_t *page = NULL;
	const json_t *items;
	unsigned long count;
	bool quiet = cli->quiet;
	long timeout_s = cli->timeout_s;

	cli->quiet = true;
	cli->timeout_s = HINT_S;
	if (desk_client_get(cli, "/v1/work?limit=100", &page) == CLI_DONE) {
		items = json_object_get(page, "items");
		count = json_array_size(items);
		if (json_is_string(json_object_get(page, "next")))
			fprintf(stderr, _("\nMore than %lu things wait for you: saikne todo\n"),
			    count);
		else if (count > 0)
			fprintf(stderr,
			    ngettext("\n%lu thing waits for you: saikne todo\n",
				"\n%lu things wait for you: saikne todo\n", count),
			    count);
	}
	json_decref(page);
	cli->quiet = quiet;
	cli->timeout_s = timeout_s;
}
