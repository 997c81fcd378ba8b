/* clients/cli/cli_status.c: status and directory: how the service and its network stand. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_objects.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

/* What the service could not settle by itself: who, what, what to do. */
static void
print_problems(const struct cli *cli, const json_t *problems)
{
	const json_t *one;
	char time[40];
	size_t i;

	if (json_array_size(problems) > 0)
		printf("\n%s\n", _("Problems"));
	json_array_foreach(problems, i, one)
	{
		cli_labels_time(json_object_get(one, "time"), time);
		printf("  %s  ", time);
		cli_terminal_put(stdout, cli_string(one, "peer"));
		fputs("\n    ", stdout);
		cli_terminal_wrap(&cli->terminal, lang_text(cli_string(one, "meaning")), 4);
		fputs("    ", stdout);
		cli_terminal_wrap(&cli->terminal, lang_text(cli_string(one, "remedy")), 4);
	}
}

enum cli_exit
cli_status_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	json_t *answer = NULL;
	enum cli_exit rc = desk_client_get(cli, "/v1/status", &answer);

	(void)command;
	(void)arguments;
	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	if (rc == CLI_DONE && !cli->json) {
		cli_objects_print_pairs(cli, answer, 0);
		print_problems(cli, json_object_get(answer, "problems"));
	}
	json_decref(answer);
	return rc;
}

/* The first member that is an array: the institutions. */
static const json_t *
first_array(const json_t *answer)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)answer, name, value)
	{
		if (json_is_array(value))
			return value;
	}
	return NULL;
}

enum cli_exit
cli_status_run_directory(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	json_t *answer = NULL;
	enum cli_exit rc = desk_client_get(cli, "/v1/directory", &answer);

	(void)command;
	(void)arguments;
	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE)
		rc = cli_objects_print_table(cli, first_array(answer));
	json_decref(answer);
	return rc;
}
