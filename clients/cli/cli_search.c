/* clients/cli/cli_search.c: find: cases by what someone knows of a child. */
#include <string.h>
#include <unistd.h>

#include "clients/cli/cli_cases.h"
#include "clients/cli/cli_commands.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

#define TERM_MAX  512
#define PAGE_MOST "100"

/* A line of standard input; at a terminal it is asked for. */
static enum cli_exit
read_term(const struct cli_option *option, char out[static TERM_MAX])
{
	if (isatty(STDIN_FILENO))
		fprintf(stderr, _("What to look for (--%s): "), option->name);
	if (fgets(out, TERM_MAX, stdin) == NULL)
		return cli_fail(CLI_USAGE, _("nothing stands on standard input"));
	if (strchr(out, '\n') == NULL && strlen(out) == TERM_MAX - 1)
		return cli_fail(CLI_USAGE, _("the line on standard input is too long"));
	out[strcspn(out, "\r\n")] = '\0';
	return CLI_DONE;
}

static enum cli_exit
make_request(const struct cli_arguments *arguments, json_t **request)
{
	const struct cli_option *option = arguments->values[0].option;
	const char *term = arguments->values[0].text;
	char line[TERM_MAX];
	enum cli_exit rc;

	if (arguments->count != 1)
		return cli_fail(CLI_USAGE,
		    _("give one of --name, --code, --file-number and --label; see: saikne "
		      "find --help"));
	if (strcmp(term, "-") == 0) {
		if ((rc = read_term(option, line)) != CLI_DONE)
			return rc;
		term = line;
	}
	if ((*request = json_pack("{s:s}", option->field, term)) == NULL)
		return cli_fail(CLI_USAGE, _("this text is not UTF-8"));
	return CLI_DONE;
}

static enum cli_exit
print(struct cli *cli, const json_t *answer)
{
	const json_t *items = json_object_get(answer, "items");
	enum cli_exit rc;

	if (cli->json) {
		cli_print_json(cli, answer);
		return CLI_DONE;
	}
	if (json_array_size(items) == 0) {
		puts(_("No case that you may know has this."));
		return CLI_DONE;
	}
	rc = cli_cases_print(cli, items);
	if (json_is_string(json_object_get(answer, "next")))
		printf(_("The newest %d are shown; look for more words of the name.\n"),
		    (int)json_array_size(items));
	return rc;
}

enum cli_exit
cli_search_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	json_t *request = NULL, *answer = NULL;
	enum cli_exit rc;

	(void)command;
	if ((rc = make_request(arguments, &request)) != CLI_DONE)
		return rc;
	rc = desk_client_post(cli, "/v1/search?limit=" PAGE_MOST, request, &answer);
	if (rc == CLI_DONE)
		rc = print(cli, answer);
	json_decref(request);
	json_decref(answer);
	return rc;
}
