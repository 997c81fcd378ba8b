/* clients/cli/cli_inner.c: what happens inside the institution: own cases, who holds them, looks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_form.h"
#include "clients/cli/cli_objects.h"
#include "clients/cli/cli_pages.h"
#include "clients/cli/cli_request.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

#define MOST 10000

/* ---- What is asked where the flags did not say it ----------------------------------------- */

#define WHY(text)                                                                              \
	{                                                                                      \
		.name = "why", .kind = "text", .label = text                                   \
	}
#define END                                                                                    \
	{                                                                                      \
		.name = ""                                                                     \
	}

static const struct cli_form_field note_fields[] = {{.name = "text",
							.kind = "text",
							.label = N_("the note"),
							.required = true,
							.instead = "content"},
    END};
static const struct cli_form_field label_fields[] = {{.name = "file_number",
							 .kind = "line",
							 .label = N_("own file number"),
							 .instead = "labels"},
    {.name = "labels",
	.kind = "lines",
	.label = N_("labels"),
	.required = true,
	.instead = "file_number"},
    END};
static const struct cli_form_field assign_fields[] = {
    {.name = "person", .kind = "person", .label = N_("to whom"), .required = true},
    WHY(N_("why")), END};
static const struct cli_form_field hand_fields[] = {
    {.name = "to", .kind = "person", .label = N_("to whom"), .required = true}, WHY(N_("why")),
    END};
static const struct cli_form_field duty_fields[] = {
    {.name = "person", .kind = "person", .label = N_("who is on duty"), .required = true},
    {.name = "from", .kind = "time", .label = N_("from when (now)")},
    {.name = "until", .kind = "time", .label = N_("on duty until"), .required = true}, END};
static const struct cli_form_field glass_fields[] = {
    {.name = "file_number",
	.kind = "line",
	.label = N_("own file number of the case"),
	.required = true,
	.instead = "case task"},
    {.name = "reason", .kind = "text", .label = N_("why it cannot wait"), .required = true},
    END};
static const struct cli_form_field household_fields[] = {
    {.name = "with",
	.kind = "case",
	.label = N_("another case of the household"),
	.required = true,
	.instead = "leave"},
    END};

/* Where each command goes; %s is what it names, which is looked for first. */
enum named { NAMES_NOTHING, NAMES_CASE, NAMES_PERSON };
static const struct post {
	const char *name, *target;
	enum named named;
	const struct cli_form_field *fields;
} posts[] = {
    {"case-new", "/v1/cases", NAMES_NOTHING, NULL},
    {"note", "/v1/cases/%s/notes", NAMES_CASE, note_fields},
    {"label", "/v1/cases/%s/file", NAMES_CASE, label_fields},
    {"assign", "/v1/cases/%s/assign", NAMES_CASE, assign_fields},
    {"take", "/v1/cases/%s/assign", NAMES_CASE, NULL},
    {"give-back", "/v1/cases/%s/give-back", NAMES_CASE, NULL},
    {"hand-over", "/v1/people/%s/hand-over", NAMES_PERSON, hand_fields},
    {"duty-set", "/v1/duty", NAMES_NOTHING, duty_fields},
    {"duty-end", "/v1/duty/%s/end", NAMES_NOTHING, NULL},
    {"break-glass", "/v1/break-glass", NAMES_NOTHING, glass_fields},
    {"glass-seen", "/v1/break-glass/%s/seen", NAMES_NOTHING, NULL},
    {"household", "/v1/cases/%s/household", NAMES_CASE, household_fields},
};

static const struct {
	const char *name, *target;
} lists[] = {
    {"duty", "/v1/duty"},
    {"holdings", "/v1/holdings"},
    {"broken-glass", "/v1/break-glass"},
    {"access", "/v1/access"},
    {"erasures", "/v1/erasures"},
    {"retention", "/v1/retention"},
};

static const struct post *
find_post(const char *name)
{
	size_t i = 0;

	while (strcmp(posts[i].name, name) != 0)
		i++;
	return &posts[i];
}

static enum cli_exit
make_target(struct cli *cli, const struct post *post, const char *what, char *out, size_t size)
{
	char id[CLI_FIND_ID_MAX + 1] = "";
	enum cli_exit rc = CLI_DONE;

	if (post->named == NAMES_CASE)
		rc = cli_find_case(cli, what, id);
	else if (post->named == NAMES_PERSON)
		rc = cli_find_person(cli, what, id);
	else if (what != NULL)
		snprintf(id, sizeof(id), "%s", what);
	if (rc != CLI_DONE)
		return rc;
	if (id[0] != '\0' && !desk_client_is_name(id))
		return cli_fail(CLI_USAGE, _("that is no name and no number"));
	snprintf(out, size, post->target, id);
	return CLI_DONE;
}

/* What a person types of a case or a task is a few digits of it; --leave says a member. */
static enum cli_exit
complete_request(struct cli *cli, const struct cli_arguments *arguments, json_t *request)
{
	static const char *const names[] = {"with", "case", "task"};
	char id[CLI_FIND_ID_MAX + 1];

	if (cli_arguments_has(arguments, "leave") &&
	    json_object_set_new(request, "leave", json_true()) != 0)
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *text = cli_arguments_text(arguments, names[i]);
		enum cli_exit rc;

		if (text == NULL)
			continue;
		rc = strcmp(names[i], "task") == 0 ? cli_find_task(cli, text, id)
		                                   : cli_find_case(cli, text, id);
		if (rc != CLI_DONE)
			return rc;
		if (json_object_set_new(request, names[i], json_string(id)) != 0)
			return cli_fail(CLI_REFUSED, _("memory ran out"));
	}
	return CLI_DONE;
}

enum cli_exit
cli_inner_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *what = arguments->positional_count > 0 ? arguments->positional[0] : NULL;
	const struct post *post = find_post(command->name);
	char fault[160] = "", target[160] = "";
	json_t *request = cli_request_new(arguments, fault), *answer = NULL;
	const struct cli_form_job job = {.verb = command->name,
	    .fields = post->fields,
	    .target = target,
	    .request = request};
	enum cli_exit rc;

	if (request == NULL)
		return cli_fail(CLI_USAGE, "%s", fault);
	rc = make_target(cli, post, what, target, sizeof(target));
	if (rc == CLI_DONE)
		rc = complete_request(cli, arguments, request);
	if (rc == CLI_DONE)
		rc = post->fields != NULL ? cli_form_run(cli, &job, &answer)
		                          : desk_client_post(cli, target, request, &answer);
	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE)
		cli_objects_print_pairs(cli, answer, 0);
	json_decref(request);
	json_decref(answer);
	return rc;
}

/* The access log's target and how much of it is wanted. */
static enum cli_exit
access_target(struct cli *cli, const struct cli_arguments *arguments, char *out, size_t size,
    unsigned *most)
{
	const char *what = cli_arguments_text(arguments, "case");
	const char *person = cli_arguments_text(arguments, "person");
	const char *limit = cli_arguments_text(arguments, "limit");
	unsigned long number = limit != NULL ? strtoul(limit, NULL, 10) : MOST;
	char id[CLI_FIND_ID_MAX + 1] = "", whose[CLI_FIND_ID_MAX + 1] = "";
	enum cli_exit rc;

	if (number == 0 || number > MOST)
		return cli_fail(CLI_USAGE, _("--limit is a number from 1 to %d"), MOST);
	if (person != NULL && (rc = cli_find_person(cli, person, whose)) != CLI_DONE)
		return rc;
	if (what != NULL && (rc = cli_find_case(cli, what, id)) != CLI_DONE)
		return rc;
	*most = (unsigned)number;
	snprintf(out, size, "/v1/access%s%s%s%s", id[0] != '\0' ? "?case=" : "", id,
	    whose[0] == '\0' ? ""
	    : id[0] == '\0'  ? "?person="
			     : "&person=",
	    whose);
	return CLI_DONE;
}

static enum cli_exit
retention_target(
    const struct cli_arguments *arguments, char *out, size_t size, const char **target)
{
	const char *days = cli_arguments_text(arguments, "days");

	if (days == NULL)
		return CLI_DONE;
	if (days[0] == '\0' || strlen(days) > 4 || strspn(days, "0123456789") != strlen(days))
		return cli_fail(CLI_USAGE, _("--days is a number from 0 to %d"), 3650);
	snprintf(out, size, "/v1/retention?days=%s", days);
	*target = out;
	return CLI_DONE;
}

/* JSON is a line for each item, which other programs take. */
enum cli_exit
cli_inner_run_list(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	json_t *items = NULL, *answer = NULL, *item;
	enum cli_exit rc = CLI_DONE;
	const char *target = "";
	const char *after = cli_arguments_text(arguments, "after");
	char access[256], cursor[CLI_PAGES_CURSOR] = "";
	unsigned most = MOST;
	bool paged;
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(lists[i].name, command->name) == 0)
			target = lists[i].target;
	paged = strcmp(target, "/v1/duty") != 0 && strcmp(target, "/v1/holdings") != 0;
	if (strcmp(target, "/v1/access") == 0) {
		rc = access_target(cli, arguments, access, sizeof(access), &most);
		target = access;
	}
	if (rc == CLI_DONE && strcmp(target, "/v1/retention") == 0)
		rc = retention_target(arguments, access, sizeof(access), &target);
	if (rc != CLI_DONE)
		return rc;
	if (after != NULL)
		snprintf(cursor, sizeof(cursor), "%s", after);
	if (paged)
		rc = cli_pages_go_on(cli, target, most, cursor, &items);
	else if ((rc = desk_client_get(cli, target, &answer)) == CLI_DONE)
		items = json_incref(json_object_get(answer, "items"));
	if (rc == CLI_DONE && cli->json) {
		json_array_foreach(items, i, item)
		{
			/* In ASCII nothing of it is a command to a terminal. */
			if (json_dumpf(item, stdout, JSON_COMPACT | JSON_ENSURE_ASCII) == 0)
				putchar('\n');
		}
	} else if (rc == CLI_DONE && json_array_size(items) == 0)
		puts(_("There is nothing."));
	else if (rc == CLI_DONE)
		rc = cli_objects_print_table(cli, items);
	if (rc == CLI_DONE && cursor[0] != '\0')
		fprintf(
		    stderr, _("There is more: saikne %s --after %s\n"), command->name, cursor);
	json_decref(items);
	json_decref(answer);
	return rc;
}
