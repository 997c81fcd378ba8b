/* clients/cli/cli_inner.c: what happens inside the institution: own cases, who holds them, looks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_objects.h"
#include "clients/cli/cli_pages.h"
#include "clients/cli/cli_request.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

#define MOST 10000

/* Where each command goes; %s is its case, which is looked for first. */
static const struct {
	const char *name, *target;
	bool of_case;
} posts[] = {
    {"case-new", "/v1/cases", false},
    {"note", "/v1/cases/%s/notes", true},
    {"label", "/v1/cases/%s/file", true},
    {"assign", "/v1/cases/%s/assign", true},
    {"take", "/v1/cases/%s/assign", true},
    {"give-back", "/v1/cases/%s/give-back", true},
    {"hand-over", "/v1/people/%s/hand-over", false},
    {"duty-set", "/v1/duty", false},
    {"duty-end", "/v1/duty/%s/end", false},
    {"break-glass", "/v1/break-glass", false},
    {"glass-seen", "/v1/break-glass/%s/seen", false},
    {"household", "/v1/cases/%s/household", true},
};

static const struct {
	const char *name, *target;
} lists[] = {
    {"duty", "/v1/duty"},
    {"holdings", "/v1/holdings"},
    {"broken-glass", "/v1/break-glass"},
    {"access", "/v1/access"},
};

static enum cli_exit
make_target(struct cli *cli, const char *name, const char *what, char *out, size_t size)
{
	char id[CLI_FIND_ID_MAX + 1] = "";
	enum cli_exit rc;

	for (size_t i = 0; i < sizeof(posts) / sizeof(posts[0]); i++) {
		if (strcmp(posts[i].name, name) != 0)
			continue;
		if (posts[i].of_case) {
			if ((rc = cli_find_case(cli, what, id)) != CLI_DONE)
				return rc;
			what = id;
		}
		if (what != NULL && !desk_client_is_name(what))
			return cli_fail(CLI_USAGE, _("that is no name and no number"));
		snprintf(out, size, posts[i].target, what == NULL ? "" : what);
	}
	return CLI_DONE;
}

/* "with" as a person types it is the other case's whole identifier; --leave says a member. */
static enum cli_exit
complete_request(struct cli *cli, const struct cli_arguments *arguments, json_t *request)
{
	const char *with = cli_arguments_text(arguments, "with");
	char id[CLI_FIND_ID_MAX + 1];
	enum cli_exit rc;

	if (cli_arguments_has(arguments, "leave") &&
	    json_object_set_new(request, "leave", json_true()) != 0)
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	if (with == NULL)
		return CLI_DONE;
	if ((rc = cli_find_case(cli, with, id)) != CLI_DONE)
		return rc;
	return json_object_set_new(request, "with", json_string(id)) == 0
	           ? CLI_DONE
	           : cli_fail(CLI_REFUSED, _("memory ran out"));
}

enum cli_exit
cli_inner_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *what = arguments->positional_count > 0 ? arguments->positional[0] : NULL;
	char fault[160] = "", target[160] = "";
	json_t *request = cli_request_new(arguments, fault), *answer = NULL;
	enum cli_exit rc;

	if (request == NULL)
		return cli_fail(CLI_USAGE, "%s", fault);
	rc = make_target(cli, command->name, what, target, sizeof(target));
	if (rc == CLI_DONE)
		rc = complete_request(cli, arguments, request);
	if (rc == CLI_DONE)
		rc = desk_client_post(cli, target, request, &answer);
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
	char id[CLI_FIND_ID_MAX + 1] = "";
	enum cli_exit rc;

	if (number == 0 || number > MOST)
		return cli_fail(CLI_USAGE, _("--limit is a number from 1 to %d"), MOST);
	if (person != NULL && !desk_client_is_name(person))
		return cli_fail(CLI_USAGE, _("that is no name and no number"));
	if (what != NULL && (rc = cli_find_case(cli, what, id)) != CLI_DONE)
		return rc;
	*most = (unsigned)number;
	snprintf(out, size, "/v1/access?%s%s%s%s%s", id[0] != '\0' ? "case=" : "", id,
	    id[0] != '\0' && person != NULL ? "&" : "", person != NULL ? "person=" : "",
	    person != NULL ? person : "");
	if (id[0] == '\0' && person == NULL)
		snprintf(out, size, "/v1/access");
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
	char access[256];
	unsigned most = MOST;
	bool more, paged;
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(lists[i].name, command->name) == 0)
			target = lists[i].target;
	paged = strcmp(target, "/v1/access") == 0 || strcmp(target, "/v1/break-glass") == 0;
	if (strcmp(target, "/v1/access") == 0) {
		rc = access_target(cli, arguments, access, sizeof(access), &most);
		target = access;
	}
	if (rc != CLI_DONE)
		return rc;
	if (paged)
		rc = cli_pages_read(cli, target, most, &items, &more);
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
	json_decref(items);
	json_decref(answer);
	return rc;
}
