/* clients/cli/cli_disagree.c: saikne disagree: a disagreement about a task is raised. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_form.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_request.h"

/* It goes to the one institution of the task. */
static void
print_raised(struct cli *cli, const json_t *answer)
{
	const json_t *made = json_array_get(json_object_get(answer, "tasks"), 0);

	printf(_("Task %s: %s, with %s\n"), cli_labels_short(cli_string(made, "task")),
	    cli_labels_state(cli, cli_string(made, "state")), cli_string(made, "to"));
}

enum cli_exit
cli_disagree_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	char fault[160] = "", id[CLI_FIND_ID_MAX + 1];
	json_t *request = cli_request_new(arguments, fault), *answer = NULL;
	const struct cli_form_job job = {.verb = command->name,
	    .target = "/v1/disagreements",
	    .request = request,
	    .place = {"task", id}};
	enum cli_exit rc;

	if (request == NULL)
		return cli_fail(CLI_USAGE, "%s", fault);
	rc = cli_find_task(cli, arguments->positional[0], id);
	if (rc == CLI_DONE && json_object_set_new(request, "task", json_string(id)) != 0)
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	if (rc == CLI_DONE)
		rc = cli_form_run(cli, &job, &answer);
	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE)
		print_raised(cli, answer);
	json_decref(request);
	json_decref(answer);
	return rc;
}
