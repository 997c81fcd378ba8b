/* clients/cli/cli_lists.c: lists and fields: the codes and names that requests are made of. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_objects.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

static enum cli_exit
print_rows(struct cli *cli, const char *target, const char *member)
{
	json_t *answer = NULL;
	enum cli_exit rc = desk_client_get(cli, target, &answer);

	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE)
		rc = cli_objects_print_table(cli, json_object_get(answer, member));
	json_decref(answer);
	return rc;
}

enum cli_exit
cli_lists_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *name = arguments->positional[0];
	char target[128];

	(void)command;
	if (name == NULL)
		return print_rows(cli, "/v1/lists", "lists");
	if (!desk_client_is_name(name))
		return cli_fail(
		    CLI_USAGE, _("there is no list of this name; see: saikne lists"));
	snprintf(target, sizeof(target), "/v1/lists/%s", name);
	return print_rows(cli, target, "rows");
}

enum cli_exit
cli_lists_run_fields(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	(void)command;
	(void)arguments;
	return print_rows(cli, "/v1/fields", "fields");
}
