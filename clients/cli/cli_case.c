/* clients/cli/cli_case.c: case: one case whole: who holds it, what it knows, notes, looks, tasks. */
#include <stdio.h>
#include <string.h>

#include "clients/cli/cli_cases.h"
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_custody.h"
#include "clients/cli/cli_facts.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_pager.h"
#include "clients/cli/cli_text.h"
#include "clients/cli/cli_words.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

#define LOOKS_MAX 8 /* of the newest; the whole is the auditor's, by `saikne access` */

static void
put_line(const struct cli *cli, struct buffer *line, unsigned indent)
{
	buffer_append_byte(line, '\0');
	if (!line->failed) {
		printf("%*s", (int)indent, "");
		cli_terminal_wrap(&cli->terminal, (const char *)line->data, indent);
	}
	buffer_free(line);
}

static void
print_head(const struct cli *cli, const json_t *file)
{
	const json_t *holders = json_object_get(file, "assigned_to");
	struct buffer title = {0};
	char made[40];

	cli_labels_time(json_object_get(file, "time"), made);
	buffer_append_format(&title, "%s %s", _("Case"), cli_string(file, "case"));
	fputs(cli_terminal_on(&cli->terminal, CLI_BOLD), stdout);
	put_line(cli, &title, 0);
	fputs(cli_terminal_off(&cli->terminal, CLI_BOLD), stdout);
	cli_facts_pair(cli, _("own file number"), cli_string(file, "file_number"));
	cli_facts_field(cli, "", _("labels"), json_object_get(file, "labels"));
	cli_facts_pair(cli, _("begun"), made);
	if (json_array_size(holders) == 0)
		cli_facts_pair(cli, _("held by"), _("nobody: it is in the mailbox"));
	else
		cli_facts_field(cli, "", _("held by"), holders);
	/* Of an erased case there is no key, so nothing of its own comes. */
	if (json_object_get(file, "fields") == NULL) {
		struct buffer erased = {0};

		cli_labels_erased(cli, file, &erased);
		buffer_append_byte(&erased, '\0');
		if (!erased.failed)
			cli_facts_pair(cli, _("content"), (const char *)erased.data);
		buffer_free(&erased);
	}
}

/* "anna: assigned, since 2026-09-01 10:22, by dace" */
static void
print_knowers(const struct cli *cli, const json_t *file)
{
	const json_t *knowers = json_object_get(file, "known_to"), *one;
	size_t i;

	if (json_array_size(knowers) == 0)
		return;
	cli_facts_heading(cli, _("Who knows it"));
	json_array_foreach(knowers, i, one)
	{
		const char *who = cli_string(one, "who"), *by = cli_string(one, "by");
		struct buffer text = {0};
		char since[40];

		cli_labels_time(json_object_get(one, "since"), since);
		buffer_append_format(
		    &text, "%s, %s", cli_words_how(cli_string(one, "how")), since);
		if (by[0] != '\0' && strcmp(by, who) != 0)
			buffer_append_format(&text, " %s %s", _("— by"), by);
		buffer_append_byte(&text, '\0');
		if (!text.failed)
			cli_facts_pair(cli, who, (const char *)text.data);
		buffer_free(&text);
	}
}

static void
print_fields(const struct cli *cli, const json_t *file)
{
	const json_t *fields = json_object_get(file, "fields"), *field;
	bool latvian = strcmp(cli->language, "lv") == 0;
	size_t i;

	if (json_array_size(fields) == 0)
		return;
	cli_facts_heading(cli, _("What the case itself knows"));
	json_array_foreach(fields, i, field) cli_facts_field(cli, cli_string(field, "name"),
	    cli_string(field, latvian ? "label_lv" : "label_en"),
	    json_object_get(field, "value"));
}

/* ---- Notes ------------------------------------------------------------------------------- */

/* The number of the note that corrects NUMBER; 0: it stands. */
static json_int_t
corrected_by(const json_t *notes, json_int_t number)
{
	const json_t *note, *corrects;
	size_t i;

	json_array_foreach(notes, i, note)
	{
		corrects = json_object_get(note, "corrects");
		if (json_is_integer(corrects) && json_integer_value(corrects) == number)
			return json_integer_value(json_object_get(note, "note"));
	}
	return 0;
}

static void
print_note(const struct cli *cli, const json_t *notes, const json_t *note)
{
	json_int_t number = json_integer_value(json_object_get(note, "note"));
	json_int_t later = corrected_by(notes, number);
	const json_t *corrects = json_object_get(note, "corrects"), *name;
	enum cli_colour colour = later != 0 ? CLI_DIM : CLI_PLAIN;
	struct buffer line = {0}, set = {0};
	char time[40];
	size_t i;

	cli_labels_time(json_object_get(note, "time"), time);
	buffer_append_format(&line, "%lld · %s · %s (%s)", (long long)number, time,
	    cli_string(note, "by"), cli_words_role(cli_string(note, "role")));
	if (json_is_integer(corrects))
		buffer_append_format(
		    &line, _(" · corrects note %lld"), (long long)json_integer_value(corrects));
	if (later != 0)
		buffer_append_format(&line, _(" · corrected by note %lld"), (long long)later);
	fputs(cli_terminal_on(&cli->terminal, colour), stdout);
	put_line(cli, &line, 2);
	if (cli_string(note, "text")[0] != '\0') {
		fputs("    ", stdout);
		cli_terminal_wrap(&cli->terminal, cli_string(note, "text"), 4);
	}
	json_array_foreach(json_object_get(note, "fields"), i, name)
	    buffer_append_format(&set, "%s%s", i > 0 ? ", " : _("sets: "),
		cli_labels_field(
		    cli, json_string_value(name) != NULL ? json_string_value(name) : ""));
	if (set.len > 0)
		put_line(cli, &set, 4);
	buffer_free(&set);
	fputs(cli_terminal_off(&cli->terminal, colour), stdout);
}

static void
print_notes(const struct cli *cli, const json_t *file)
{
	const json_t *notes = json_object_get(file, "notes"), *note;
	size_t i;

	if (json_array_size(notes) == 0)
		return;
	cli_facts_heading(cli, _("Notes"));
	json_array_foreach(notes, i, note) print_note(cli, notes, note);
}

/* ---- The rest ---------------------------------------------------------------------------- */

static void
print_household(const struct cli *cli, const json_t *file)
{
	const json_t *others = json_object_get(file, "household"), *other, *label;
	size_t i, l;

	if (json_array_size(others) == 0)
		return;
	cli_facts_heading(cli, _("Other cases of the household"));
	json_array_foreach(others, i, other)
	{
		const char *number = cli_string(other, "file_number");
		struct buffer line = {0};

		buffer_append_text(&line, cli_string(other, "case"));
		if (number[0] != '\0')
			buffer_append_format(&line, " · %s", number);
		json_array_foreach(json_object_get(other, "labels"), l, label)
		{
			buffer_append_text(&line, l > 0 ? ", " : " · ");
			if (json_string_value(label) != NULL)
				buffer_append_text(&line, json_string_value(label));
		}
		put_line(cli, &line, 2);
	}
}

static void
print_looks(const struct cli *cli, const json_t *file)
{
	const json_t *looks = json_object_get(file, "opened"), *look;
	size_t i, count = json_array_size(looks);

	if (count == 0)
		return;
	cli_facts_heading(cli, _("Who opened it or acted on it, newest first"));
	json_array_foreach(looks, i, look)
	{
		struct buffer line = {0};
		char time[40];

		if (i == LOOKS_MAX)
			break;
		cli_labels_time(json_object_get(look, "time"), time);
		buffer_append_format(&line, "%s · %s (%s) · %s", time, cli_string(look, "who"),
		    cli_words_role(cli_string(look, "role")),
		    cli_words_what(cli_string(look, "what")));
		put_line(cli, &line, 2);
	}
	if (count > LOOKS_MAX) {
		struct buffer line = {0};

		buffer_append_format(
		    &line, _("The newest %d are shown; more with --json."), LOOKS_MAX);
		put_line(cli, &line, 2);
	}
}

enum cli_exit
cli_case_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	char id[CLI_FIND_ID_MAX + 1], target[128];
	json_t *file = NULL;
	enum cli_exit rc;

	(void)command;
	if ((rc = cli_find_case(cli, arguments->positional[0], id)) != CLI_DONE)
		return rc;
	snprintf(target, sizeof(target), "/v1/cases/%s", id);
	if ((rc = desk_client_get(cli, target, &file)) != CLI_DONE)
		return rc;
	if (cli->json) {
		cli_print_json(cli, file);
	} else {
		cli_pager_begin(&cli->terminal);
		print_head(cli, file);
		print_knowers(cli, file);
		print_fields(cli, file);
		print_notes(cli, file);
		cli_custody_known(cli, file);
		print_household(cli, file);
		print_looks(cli, file);
		cli_facts_heading(cli, _("Tasks"));
		rc = cli_cases_print_tasks(cli, json_object_get(file, "tasks"));
		cli_pager_end(&cli->terminal);
	}
	json_decref(file);
	return rc;
}
