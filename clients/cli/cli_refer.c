/* clients/cli/cli_refer.c: refer: shows what goes and what stays, then sends. */
#include <string.h>

#include "clients/cli/cli_attach.h"
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_form.h"
#include "clients/cli/cli_form_fields.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_notes.h"
#include "clients/cli/cli_prompt.h"
#include "clients/cli/cli_request.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"
#include "protocol/wire/message.h"

#define INDENT 10

/* "  goes    child's name, date of birth": the fields under one heading. */
static void
print_fields(const struct cli *cli, const char *heading, const json_t *names)
{
	struct buffer text = {0};
	const json_t *name;
	size_t i;

	json_array_foreach(names, i, name)
	{
		if (i > 0)
			buffer_append_text(&text, ", ");
		buffer_append_text(&text, cli_labels_field(cli, json_string_value(name)));
	}
	buffer_append_byte(&text, '\0');
	if (!text.failed && text.len > 1) {
		printf("  %-*s", INDENT - 2, heading);
		cli_terminal_wrap(&cli->terminal, (const char *)text.data, INDENT);
	}
	buffer_free(&text);
}

/* Whether the reason of the element at AT was printed with an earlier one. */
static bool
told_before(const json_t *stays, size_t at)
{
	const char *why = cli_string(json_array_get(stays, at), "why");

	for (size_t i = 0; i < at; i++)
		if (strcmp(cli_string(json_array_get(stays, i), "why"), why) == 0)
			return true;
	return false;
}

/* Why a field stays: what the desk gives by code, in the language in force; else its text. */
static void
put_why(const struct cli *cli, const json_t *task, const json_t *stay, struct buffer *out)
{
	const char *when = cli_string(stay, "when"), *kind = cli_string(task, "kind");
	const struct field_info *info = field_named(bytes_of_text(cli_string(stay, "field")));

	if (strcmp(when, "review") == 0)
		buffer_append_format(out, _(": goes when %s opens the referral for review"),
		    cli_string(task, "to"));
	else if (strcmp(when, "ground") == 0 && info != NULL)
		buffer_append_format(out, _(": the ground does not name %s"),
		    cli_labels_category(cli, category_name(info->category)));
	else if (strcmp(when, "never") == 0 && info != NULL && kind[0] != '\0')
		buffer_append_format(out, _(": %s is not for %s"),
		    cli_labels_category(cli, category_name(info->category)),
		    cli_labels_code(cli, "institution-kinds", kind));
	else if (cli_string(stay, "why")[0] != '\0')
		buffer_append_format(out, ": %s", cli_string(stay, "why"));
}

/* "  stays   family situation, health: why", once for each reason. */
static void
print_stays(const struct cli *cli, const json_t *to)
{
	const json_t *stays = json_object_get(to, "stays");
	const json_t *first, *one;
	size_t i, j;

	json_array_foreach(stays, i, first)
	{
		struct buffer text = {0};
		const char *why = cli_string(first, "why");

		if (told_before(stays, i))
			continue;
		json_array_foreach(stays, j, one)
		{
			if (strcmp(cli_string(one, "why"), why) != 0)
				continue;
			if (text.len > 0)
				buffer_append_text(&text, ", ");
			buffer_append_text(
			    &text, cli_labels_field(cli, cli_string(one, "field")));
		}
		put_why(cli, to, first, &text);
		buffer_append_byte(&text, '\0');
		if (!text.failed) {
			printf("  %s%-*s%s", cli_terminal_on(&cli->terminal, CLI_YELLOW),
			    INDENT - 2, _("stays"),
			    cli_terminal_off(&cli->terminal, CLI_YELLOW));
			cli_terminal_wrap(&cli->terminal, (const char *)text.data, INDENT);
		}
		buffer_free(&text);
	}
}

static void
print_preview(const struct cli *cli, const json_t *answer)
{
	const json_t *task;
	size_t i;

	json_array_foreach(json_object_get(answer, "tasks"), i, task)
	{
		printf("%s%s ", cli_terminal_on(&cli->terminal, CLI_BOLD), _("To"));
		cli_terminal_put(stdout, cli_string(task, "to"));
		printf("%s\n", cli_terminal_off(&cli->terminal, CLI_BOLD));
		print_fields(cli, _("goes"), json_object_get(task, "goes"));
		print_stays(cli, task);
	}
	cli_notes_print(cli, answer);
}

static void
print_sent(struct cli *cli, const json_t *answer)
{
	const json_t *task;
	size_t i;

	printf(_("Case %s\n"), cli_labels_short(cli_string(answer, "case")));
	json_array_foreach(json_object_get(answer, "tasks"), i, task)
	{
		printf(_("Task %s to "), cli_labels_short(cli_string(task, "task")));
		cli_terminal_put(stdout, cli_string(task, "to"));
		printf(": %s\n", cli_labels_state(cli, cli_string(task, "state")));
	}
	cli_notes_print(cli, answer);
	if (json_is_false(json_object_get(answer, "connected")))
		puts(_("The broker cannot be reached now. It is stored and goes out by itself "
		       "when the connection is back."));
}

static void
warn_of_danger(const json_t *request)
{
	if (strcmp(cli_string(request, "urgency"), "immediate") == 0)
		fputs(_("In danger now? Call 110 (police) or 112 first; this message may be "
			"read minutes later.\n"),
		    stderr);
}

/* Where each command's request goes. */
static const char *
target_of(const json_t *request, bool preview_only)
{
	bool notice = json_object_get(request, "notice") != NULL,
	     asks = json_object_get(request, "asked") != NULL;

	if (notice)
		return preview_only ? "/v1/notices?preview=1" : "/v1/notices";
	if (asks)
		return preview_only ? "/v1/requests?preview=1" : "/v1/requests";
	return preview_only ? "/v1/referrals?preview=1" : "/v1/referrals";
}

/* Asks the desk what would go to whom, and shows it. */
static enum cli_exit
preview(struct cli *cli, const json_t *request)
{
	json_t *answer = NULL;
	enum cli_exit rc;

	warn_of_danger(request);
	rc = desk_client_post(cli, target_of(request, true), request, &answer);
	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE)
		print_preview(cli, answer);
	json_decref(answer);
	return rc;
}

/* "saikne notice incident": its kind stands in the request; who gave none is asked. */
static enum cli_exit
set_notice(struct cli *cli, const struct cli_arguments *arguments, json_t *request)
{
	json_t *kind = NULL;
	enum cli_exit rc = CLI_DONE;

	if (arguments->positional_count > 0)
		kind = json_string(arguments->positional[0]);
	else if (json_object_get(request, "notice") != NULL)
		return CLI_DONE;
	else if (!cli_prompt_can_ask(cli))
		return cli_fail(CLI_USAGE, _("%s is missing"), lang_text(N_("KIND")));
	else
		rc = cli_form_fields_ask_notice(cli, &kind);
	if (rc == CLI_DONE && json_object_set_new(request, "notice", kind) != 0)
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	return rc;
}

/* What a custody statement says of whom it is about, and who is to get it. */
static enum cli_exit
set_flags(const struct cli_arguments *arguments, json_t *request)
{
	static const struct {
		const char *option, *name;
	} flags[] = {{"all-holders", "all_holders"}, {"participants", "participants"}};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (cli_arguments_has(arguments, flags[i].option) &&
		    json_object_set_new(request, flags[i].name, json_true()) != 0)
			return cli_fail(CLI_REFUSED, _("memory ran out"));
	return CLI_DONE;
}

/* As for any task: a few digits of it will do. */
static enum cli_exit
find_corrected(struct cli *cli, json_t *request)
{
	char id[CLI_FIND_ID_MAX + 1];
	const char *given = json_string_value(json_object_get(request, "corrects"));
	enum cli_exit rc;

	if (given == NULL)
		return CLI_DONE;
	if ((rc = cli_find_task(cli, given, id)) != CLI_DONE)
		return rc;
	return json_object_set_new(request, "corrects", json_string(id)) == 0
	           ? CLI_DONE
	           : cli_fail(CLI_REFUSED, _("memory ran out"));
}

/* What the command opens shows in its request; VERB: as /v1/fields names it. */
static enum cli_exit
say_what(struct cli *cli, const struct cli_command *command,
    const struct cli_arguments *arguments, json_t *request, char *verb, size_t size)
{
	enum cli_exit rc = CLI_DONE;

	snprintf(verb, size, "%s", command->name);
	if (strcmp(command->name, "notice") == 0) {
		if ((rc = set_notice(cli, arguments, request)) == CLI_DONE)
			rc = set_flags(arguments, request);
		if (rc == CLI_DONE)
			rc = find_corrected(cli, request);
		snprintf(verb, size, "notice %s", cli_string(request, "notice"));
	} else if (strcmp(command->name, "request") == 0 &&
		   json_object_get(request, "asked") == NULL &&
		   json_object_set_new(request, "asked", json_array()) != 0) {
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	}
	return rc;
}

/* The case that it joins, if it says one. */
static struct cli_attach_place
place_of(const json_t *request)
{
	const char *joins = json_string_value(json_object_get(request, "case"));
	const char *corrects = json_string_value(json_object_get(request, "corrects"));

	return joins != NULL      ? (struct cli_attach_place){"case", joins}
	       : corrects != NULL ? (struct cli_attach_place){"task", corrects}
	                          : (struct cli_attach_place){NULL, NULL};
}

static enum cli_exit
run(struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments,
    const struct cli_form_job *job, json_t **answer)
{
	enum cli_exit rc;

	if (json_array_size(json_object_get(job->request, "to")) == 0 &&
	    !cli_prompt_can_ask(cli))
		return cli_fail(CLI_USAGE,
		    _("say to whom: --to CODE (see: saikne directory; saikne help %s)"),
		    command->name);
	if (!job->preview_only &&
	    (rc = cli_attach_bring(cli, arguments, &job->place, job->request)) != CLI_DONE)
		return rc;
	/* Programs are told without a preview, and people on standard error. */
	if (cli->json && !job->preview_only)
		warn_of_danger(job->request);
	return cli_form_run(cli, job, answer);
}

enum cli_exit
cli_refer_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	char fault[160] = "", verb[64];
	json_t *request = cli_request_new(arguments, fault), *answer = NULL;
	struct cli_form_job job = {.verb = verb,
	    .to = "to",
	    .opens = true,
	    .request = request,
	    .preview = preview,
	    .preview_only = cli_arguments_has(arguments, "preview")};
	enum cli_exit rc;

	if (request == NULL)
		return cli_fail(CLI_USAGE, "%s", fault);
	rc = say_what(cli, command, arguments, request, verb, sizeof(verb));
	job.target = target_of(request, false);
	job.place = place_of(request);
	if (rc == CLI_DONE)
		rc = run(cli, command, arguments, &job, &answer);
	if (rc == CLI_DONE && answer == NULL && !cli->json)
		puts(_("Nothing was sent: this was the preview."));
	else if (rc == CLI_DONE && answer != NULL && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE && answer != NULL)
		print_sent(cli, answer);
	json_decref(request);
	json_decref(answer);
	return rc;
}
