/* clients/cli/cli_withhold.c: withhold: leaves a message out of what a family is told, or tells it again. */
#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_request.h"
#include "clients/cli/cli_table.h"
#include "clients/cli/desk_client.h"

static bool
add_line(struct cli *cli, struct cli_table *table, const json_t *item)
{
	char time[40];

	cli_labels_time(json_object_get(item, "time"), time);
	const char *const cells[] = {
	    time,
	    json_is_true(json_object_get(item, "withheld")) ? _("left out") : _("told again"),
	    cli_string(item, "message"),
	    cli_string(item, "by"),
	    cli_labels_code(cli, "withhold-reasons", cli_string(item, "reason")),
	    cli_string(item, "text"),
	};
	return cli_table_add(table, cells, CLI_PLAIN);
}

/* Without --message: what was decided so far. */
static enum cli_exit
list(struct cli *cli, const char *target)
{
	const struct cli_column columns[] = {{_("TIME"), 0, false}, {_("DECISION"), 0, false},
	    {_("MESSAGE"), 0, false}, {_("BY"), 8, false}, {_("REASON"), 16, false},
	    {_("TEXT"), 16, false}};
	struct cli_table *table;
	json_t *answer = NULL;
	const json_t *item;
	enum cli_exit rc = desk_client_get(cli, target, &answer);
	bool ok;
	size_t i;

	if (rc != CLI_DONE)
		return rc;
	table = cli_table_new(columns, sizeof(columns) / sizeof(columns[0]));
	ok = table != NULL;
	json_array_foreach(json_object_get(answer, "items"), i, item) ok =
	    ok && add_line(cli, table, item);
	if (cli->json)
		cli_print_json(cli, answer);
	else if (json_array_size(json_object_get(answer, "items")) == 0)
		puts(_("Nothing is left out."));
	else if (ok)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	json_decref(answer);
	return ok ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

static enum cli_exit
decide(struct cli *cli, const struct cli_arguments *arguments, const char *target)
{
	char fault[160] = "";
	json_t *request = cli_request_new(arguments, fault), *answer = NULL;
	enum cli_exit rc;

	if (request == NULL)
		return cli_fail(CLI_USAGE, "%s", fault);
	if (cli_arguments_has(arguments, "undo") &&
	    json_object_set_new(request, "undo", json_true()) != 0)
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	else
		rc = desk_client_post(cli, target, request, &answer);
	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE && json_is_true(json_object_get(answer, "withheld")))
		puts(_("The message is left out of statements from now on."));
	else if (rc == CLI_DONE)
		puts(_("The message stands in statements again."));
	json_decref(request);
	json_decref(answer);
	return rc;
}

enum cli_exit
cli_withhold_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	char id[CLI_FIND_ID_MAX + 1], target[128];
	enum cli_exit rc;

	(void)command;
	if ((rc = cli_find_case(cli, arguments->positional[0], id)) != CLI_DONE)
		return rc;
	snprintf(target, sizeof(target), "/v1/cases/%s/withhold", id);
	if (arguments->count == 0)
		return list(cli, target);
	return decide(cli, arguments, target);
}
