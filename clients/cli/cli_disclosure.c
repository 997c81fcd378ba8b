/* clients/cli/cli_disclosure.c: disclosure, withhold: what a family is told, and what is left out. */
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_pager.h"
#include "clients/cli/cli_paper.h"
#include "clients/cli/cli_request.h"
#include "clients/cli/cli_statement.h"
#include "clients/cli/cli_table.h"
#include "clients/cli/desk_client.h"

/* To whoever asks for it, not into it: a family would read out of it that there is something. */
static void
tell_left_out(const json_t *statement)
{
	json_int_t count = json_integer_value(json_object_get(statement, "left_out"));

	if (count > 0)
		fprintf(stderr,
		    ngettext(
			"%lld message is left out for a recorded reason (saikne withhold); "
			"do not hand this line on.\n",
			"%lld messages are left out for recorded reasons (saikne withhold); "
			"do not hand this line on.\n",
			(unsigned long)count),
		    (long long)count);
}

static enum cli_exit
print_statement(struct cli *cli, const json_t *statement, bool html)
{
	struct buffer text = {0};
	enum cli_exit rc = CLI_DONE;

	if (html)
		cli_statement_write_html(cli, statement, &text);
	else
		cli_statement_write_text(cli, statement, &text);
	if (text.failed)
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	else
		cli_pager_print(&cli->terminal, bytes_of_buffer(&text));
	buffer_free(&text);
	return rc;
}

enum cli_exit
cli_disclosure_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	char id[CLI_FIND_ID_MAX + 1], target[128];
	json_t *statement = NULL;
	enum cli_exit rc;

	(void)command;
	if ((rc = cli_find_case(cli, arguments->positional[0], id)) != CLI_DONE)
		return rc;
	snprintf(target, sizeof(target), "/v1/cases/%s/disclosure", id);
	if ((rc = desk_client_get(cli, target, &statement)) != CLI_DONE)
		return rc;
	if (cli->json)
		cli_print_json(cli, statement);
	else
		rc = print_statement(cli, statement, cli_arguments_has(arguments, "html"));
	tell_left_out(statement);
	json_decref(statement);
	return rc;
}
