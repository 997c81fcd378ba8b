/* clients/cli/cli_form_fields.c: the question for each kind of field, by the desk's words. */
#include "clients/cli/cli_form_fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/cli/cli_find.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_pages.h"
#include "clients/cli/cli_prompt.h"
#include "clients/cli/cli_words.h"
#include "clients/cli/desk_client.h"
#include "protocol/wire/message.h"

#define CHOICES_MAX 1000

static const char *
label_of(const struct cli *cli, const json_t *row)
{
	return cli_string(row, strcmp(cli->language, "lv") == 0 ? "label_lv" : "label_en");
}

/* Asks among ROWS, which have a code and labels; behind a label stands what MORE names. */
static enum cli_exit
choose(struct cli *cli, const json_t *rows, const char *more, bool several, bool required,
    json_t **out)
{
	struct cli_choice *choices = calloc(json_array_size(rows) + 1, sizeof(*choices));
	const json_t *row;
	enum cli_exit rc;
	size_t i;

	if (choices == NULL)
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	json_array_foreach(rows, i, row) choices[i] = (struct cli_choice){
	    cli_string(row, "code"), label_of(cli, row), cli_string(row, more)};
	rc = cli_prompt_choose(cli, choices, json_array_size(rows), several, required, out);
	free(choices);
	return rc;
}

static enum cli_exit
ask_codes(struct cli *cli, const struct cli_form_field *field, json_t **out)
{
	bool several = strcmp(field->kind, "codes") == 0;
	json_t *list = NULL;
	char target[96];
	enum cli_exit rc;

	snprintf(target, sizeof(target), "/v1/lists/%s", field->list);
	if ((rc = desk_client_get(cli, target, &list)) != CLI_DONE)
		return rc;
	/* A ground's source explains it. */
	rc =
	    choose(cli, json_object_get(list, "rows"), "source", several, field->required, out);
	json_decref(list);
	return rc;
}

static enum cli_exit
ask_number(const struct cli_form_field *field, json_t **out)
{
	char line[CLI_PROMPT_LINE_MAX], *end;
	enum cli_exit rc;

	while ((rc = cli_prompt_line("> ", line)) == CLI_DONE) {
		unsigned long long value;

		if (line[0] == '\0' && !field->required)
			return rc;
		errno = 0;
		value = strtoull(line, &end, 10);
		if (line[0] >= '0' && line[0] <= '9' && *end == '\0' && errno == 0 &&
		    value <= (field->limit > 0 ? field->limit : INT64_MAX)) {
			*out = json_integer((json_int_t)value);
			return rc;
		}
		if (field->limit > 0)
			printf(_("A whole number from 0 to %llu, please.\n"),
			    (unsigned long long)field->limit);
		else
			puts(_("A whole number, please."));
	}
	return rc;
}

/* "2026-10-01", and "1.10.2026" as Latvians write it. */
static bool
read_date(const char *line, char out[static 11])
{
	static const char *const forms[] = {"%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y."};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm day = {0}, same;
		const char *end = strptime(line, forms[i], &day);

		same = day;
		/* 31 February would move on to March. */
		if (end == NULL || *end != '\0' || timegm(&same) == (time_t)-1 ||
		    same.tm_mday != day.tm_mday)
			continue;
		return strftime(out, 11, "%Y-%m-%d", &day) == 10;
	}
	return false;
}

static enum cli_exit
ask_date(const struct cli_form_field *field, json_t **out)
{
	char line[CLI_PROMPT_LINE_MAX], date[11];
	enum cli_exit rc;

	while ((rc = cli_prompt_line("> ", line)) == CLI_DONE) {
		if (line[0] == '\0' && !field->required)
			return rc;
		if (read_date(line, date)) {
			*out = json_string(date);
			return rc;
		}
		puts(_("A date such as 2026-10-01, please."));
	}
	return rc;
}

static enum cli_exit
ask_text(const struct cli_form_field *field, json_t **out)
{
	enum cli_exit rc = CLI_DONE;
	bool again = true;

	while (rc == CLI_DONE && again) {
		struct buffer text = {0};

		rc = cli_prompt_text(&text);
		again = (text.len == 0 && field->required) ||
		        (field->limit > 0 && text.len > field->limit);
		if (rc == CLI_DONE && again)
			puts(text.len == 0 ? _("This must be said.")
					   : _("This is too long; say it shorter, please."));
		else if (rc == CLI_DONE && text.len > 0)
			*out = json_stringn((const char *)text.data, text.len);
		if (text.len > 0)
			explicit_bzero(text.data, text.len); /* a child's data */
		buffer_free(&text);
	}
	return rc;
}

/* ---- Inside the house -------------------------------------------------------------------- */

static enum cli_exit
ask_line(const struct cli_form_field *field, json_t **out)
{
	char line[CLI_PROMPT_LINE_MAX];
	enum cli_exit rc;

	while ((rc = cli_prompt_line("> ", line)) == CLI_DONE && line[0] == '\0' &&
	       field->required)
		puts(_("This must be said."));
	if (rc == CLI_DONE && line[0] != '\0')
		*out = json_string(line);
	return rc;
}

static enum cli_exit
ask_lines(const struct cli_form_field *field, json_t **out)
{
	char line[CLI_PROMPT_LINE_MAX];
	json_t *lines = json_array();
	enum cli_exit rc;

	while ((rc = cli_prompt_line("> ", line)) == CLI_DONE &&
	       (line[0] != '\0' || (field->required && json_array_size(lines) == 0))) {
		if (line[0] == '\0')
			puts(_("This must be said."));
		else if (json_array_append_new(lines, json_string(line)) != 0)
			rc = cli_fail(CLI_REFUSED, _("memory ran out"));
		if (rc != CLI_DONE)
			break;
	}
	if (rc == CLI_DONE && json_array_size(lines) > 0)
		*out = json_incref(lines);
	json_decref(lines);
	return rc;
}

/* As the desk writes it, or the time of day here: "2026-10-01 08:00". */
static bool
read_time(const char *line, char out[static 21])
{
	static const char *const forms[] = {
	    "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%d.%m.%Y. %H:%M"};
	struct tm day = {0}, same;
	const char *end = strptime(line, "%Y-%m-%dT%H:%M:%SZ", &day);
	time_t at = end != NULL && *end == '\0' ? timegm(&day) : (time_t)-1;

	for (size_t i = 0; at == (time_t)-1 && i < sizeof(forms) / sizeof(forms[0]); i++) {
		day = (struct tm){.tm_isdst = -1};
		end = strptime(line, forms[i], &day);
		if (end == NULL || *end != '\0')
			continue;
		same = day;
		at = mktime(&same);
		if (same.tm_mday != day.tm_mday)
			at = (time_t)-1;
	}
	return at != (time_t)-1 && gmtime_r(&at, &day) != NULL &&
	       strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &day) == 20;
}

static enum cli_exit
ask_time(const struct cli_form_field *field, json_t **out)
{
	char line[CLI_PROMPT_LINE_MAX], time[21];
	enum cli_exit rc;

	while ((rc = cli_prompt_line("> ", line)) == CLI_DONE) {
		if (line[0] == '\0' && !field->required)
			return rc;
		if (read_time(line, time)) {
			*out = json_string(time);
			return rc;
		}
		puts(_("A day and a time such as 2026-10-01 08:00, please."));
	}
	return rc;
}

static enum cli_exit
ask_case(struct cli *cli, const struct cli_form_field *field, json_t **out)
{
	char id[CLI_FIND_ID_MAX + 1];
	json_t *text = NULL;
	enum cli_exit rc;

	do {
		json_decref(text);
		text = NULL;
		if ((rc = ask_line(field, &text)) != CLI_DONE || text == NULL)
			return rc;
		rc = cli_find_case(cli, json_string_value(text), id);
	} while (rc == CLI_USAGE || rc == CLI_REFUSED);
	json_decref(text);
	if (rc == CLI_DONE)
		*out = json_string(id);
	return rc;
}

/* Whoever works with cases and is here still. */
static enum cli_exit
ask_person(struct cli *cli, const struct cli_form_field *field, json_t **out)
{
	struct cli_choice choices[CHOICES_MAX];
	json_t *people = NULL;
	const json_t *one;
	size_t i, count = 0;
	bool more;
	enum cli_exit rc = cli_pages_read(cli, "/v1/people", CHOICES_MAX, &people, &more);

	if (rc != CLI_DONE)
		return rc;
	json_array_foreach(people, i, one)
	{
		const char *name = cli_string(one, "name"), *role = cli_string(one, "role");

		if (count < CHOICES_MAX && json_is_true(json_object_get(one, "active")) &&
		    strcmp(cli_string(one, "kind"), "system") != 0 &&
		    strcmp(role, "auditor") != 0 && strcmp(role, "administrator") != 0)
			choices[count++] =
			    (struct cli_choice){name, name, cli_words_role(role)};
	}
	rc = cli_prompt_choose(cli, choices, count, false, field->required, out);
	json_decref(people);
	return rc;
}

static const char *
hint_of(const struct cli_form_field *field)
{
	if (strcmp(field->kind, "text") == 0)
		return field->required
		           ? _("in as many lines as you want; an empty line ends it")
		           : _("in as many lines as you want; an empty line ends or skips it");
	if (strcmp(field->kind, "date") == 0)
		return field->required ? _("a date") : _("a date; Enter skips it");
	if (strcmp(field->kind, "lines") == 0)
		return _("one on each line; an empty line ends");
	if (strcmp(field->kind, "time") == 0)
		return _("a day and a time, such as 2026-10-01 08:00");
	return field->required ? "" : _("Enter skips it");
}

enum cli_exit
cli_form_fields_ask(struct cli *cli, const struct cli_form_field *field, json_t **out)
{
	*out = NULL;
	cli_prompt_head(cli, field->label, hint_of(field));
	if (strcmp(field->kind, "code") == 0 || strcmp(field->kind, "codes") == 0)
		return ask_codes(cli, field, out);
	if (strcmp(field->kind, "uint") == 0)
		return ask_number(field, out);
	if (strcmp(field->kind, "date") == 0)
		return ask_date(field, out);
	if (strcmp(field->kind, "line") == 0)
		return ask_line(field, out);
	if (strcmp(field->kind, "lines") == 0)
		return ask_lines(field, out);
	if (strcmp(field->kind, "time") == 0)
		return ask_time(field, out);
	if (strcmp(field->kind, "case") == 0)
		return ask_case(cli, field, out);
	if (strcmp(field->kind, "person") == 0)
		return ask_person(cli, field, out);
	return ask_text(field, out);
}

enum cli_exit
cli_form_fields_ask_to(struct cli *cli, bool refers, json_t **out)
{
	struct cli_choice choices[CHOICES_MAX];
	json_t *directory = NULL;
	const json_t *one;
	size_t i, count = 0;
	enum cli_exit rc;

	*out = NULL;
	if ((rc = desk_client_get(cli, "/v1/directory", &directory)) != CLI_DONE)
		return rc;
	cli_prompt_head(cli, _("To whom"), "");
	json_array_foreach(json_object_get(directory, "items"), i, one)
	{
		if (count == CHOICES_MAX ||
		    (refers && !json_is_true(json_object_get(one, "may_refer"))) ||
		    !json_is_true(json_object_get(one, "active")))
			continue;
		choices[count++] = (struct cli_choice){cli_string(one, "code"),
		    cli_string(one, "name")[0] != '\0' ? cli_string(one, "name")
						       : cli_string(one, "code"),
		    cli_labels_code(cli, "institution-kinds", cli_string(one, "kind"))};
	}
	if (count == 0)
		rc = cli_fail(
		    CLI_REFUSED, _("there is no institution here to which you may refer"));
	else
		rc = cli_prompt_choose(cli, choices, count, true, true, out);
	json_decref(directory);
	return rc;
}

enum cli_exit
cli_form_fields_ask_notice(struct cli *cli, json_t **out)
{
	static const char before[] = "notice ";
	struct cli_choice choices[CHOICES_MAX];
	bool latvian = strcmp(cli->language, "lv") == 0;
	json_t *answer = NULL;
	const json_t *act;
	size_t i, count = 0;
	enum cli_exit rc;

	*out = NULL;
	if ((rc = desk_client_get(cli, "/v1/fields", &answer)) != CLI_DONE)
		return rc;
	cli_prompt_head(cli, _("What kind of notice"), "");
	json_array_foreach(json_object_get(answer, "acts"), i, act)
	{
		const char *verb = cli_string(act, "verb");
		const struct message_info *type =
		    message_named(bytes_of_text(cli_string(act, "type")));

		if (strncmp(verb, before, strlen(before)) != 0 || count == CHOICES_MAX)
			continue;
		verb += strlen(before);
		choices[count++] = (struct cli_choice){verb,
		    type == NULL ? verb
		    : latvian    ? type->label_lv
				 : type->label_en,
		    ""};
	}
	rc = cli_prompt_choose(cli, choices, count, false, true, out);
	json_decref(answer);
	return rc;
}
