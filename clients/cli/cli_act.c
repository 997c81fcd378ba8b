/* clients/cli/cli_act.c: review, accept, hold, cancel and the like: a step on a task. */
#include <string.h>

#include "clients/cli/cli_attach.h"
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_form.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_request.h"

enum cli_exit
cli_act_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	char fault[160] = "", id[CLI_FIND_ID_MAX + 1], target[128];
	json_t *request = cli_request_new(arguments, fault), *answer = NULL;
	const struct cli_form_job job = {
	    .verb = command->name, .target = target, .request = request, .place = {"task", id}};
	enum cli_exit rc;

	if (request == NULL)
		return cli_fail(CLI_USAGE, "%s", fault);
	rc = cli_find_task(cli, arguments->positional[0], id);
	if (rc == CLI_DONE)
		rc = cli_attach_bring(cli, arguments, &job.place, request);
	if (rc == CLI_DONE) {
		snprintf(target, sizeof(target), "/v1/tasks/%s/%s", id, command->name);
		rc = cli_form_run(cli, &job, &answer);
	}
	if (rc == CLI_DONE && cli->json) {
		cli_print_json(cli, answer);
	} else if (rc == CLI_DONE) {
		printf(_("Task %s: %s\n"), cli_labels_short(id),
		    cli_labels_state(cli, cli_string(answer, "state")));
		if (strcmp(cli_string(request, "follow_up"), "escalate") == 0)
			printf(_("To raise the disagreement: saikne disagree %s\n"),
			    cli_labels_short(id));
	}
	json_decref(request);
	json_decref(answer);
	return rc;
}
