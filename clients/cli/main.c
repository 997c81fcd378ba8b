/* clients/cli/main.c: saikne, the staff's command line: reads it and runs its command. */
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_complete.h"
#include "clients/cli/cli_session.h"
#include "clients/cli/cli_help.h"
#include "clients/cli/cli_todo.h"
#include "protocol/host/lang.h"
#include "protocol/lists/lists.h"

/* The value of option NAME at ARGV ("--name value", "--name=value"); the words it used. */
static int
value_of(const char *name, int left, char *const *argv, const char **value)
{
	size_t len = strlen(name);

	*value = NULL;
	if (strncmp(argv[0], name, len) != 0 || (argv[0][len] != '\0' && argv[0][len] != '='))
		return 0;
	if (argv[0][len] == '=') {
		*value = argv[0] + len + 1;
		return 1;
	}
	*value = left > 1 ? argv[1] : NULL;
	return 2;
}

/* Takes one of the options that stand before or after any command; the words it used. */
static int
take_common(struct cli *cli, int left, char *const *argv, const char **fault)
{
	const char *value;
	int used;

	if (strcmp(argv[0], "--json") == 0) {
		cli->json = true;
		return 1;
	}
	if ((used = value_of("--desk", left, argv, &value)) > 0) {
		*fault = value == NULL ? _("--desk needs a PATH") : NULL;
		cli->desk_path = value;
	} else if ((used = value_of("--color", left, argv, &value)) > 0) {
		if (value == NULL || !cli_terminal_colours_named(value, &cli->colours))
			*fault = _("--color is auto, always or never");
	}
	return used;
}

/* Moves what belongs to the command to the front; gives how many words. -1: not usable. */
static int
split(struct cli *cli, int argc, char **argv)
{
	bool over = false; /* after "--" everything is the command's */
	int kept = 0;

	for (int i = 1; i < argc;) {
		const char *fault = NULL;
		int used;

		over = over || strcmp(argv[i], "--") == 0;
		used = over ? 0 : take_common(cli, argc - i, argv + i, &fault);

		if (fault != NULL) {
			(void)cli_fail(CLI_USAGE, "%s", fault);
			return -1;
		}
		if (used > 0)
			i += used;
		else
			argv[kept++] = argv[i++];
	}
	return kept;
}

static enum cli_exit
run(struct cli *cli, int argc, char **argv)
{
	const struct cli_command *command = argc > 0 ? cli_commands_find(argv[0]) : NULL;
	bool help =
	    argc > 0 && (strcmp(argv[0], "help") == 0 || strcmp(argv[0], "--help") == 0);
	struct cli_arguments arguments;
	char fault[160];

	if (argc == 0 || (help && argc == 1)) {
		cli_help_print_usage(argc == 0 ? stderr : stdout);
		if (argc == 0 && cli->terminal.is_terminal)
			cli_todo_hint(cli);
		return argc == 0 ? CLI_USAGE : CLI_DONE;
	}
	if (strcmp(argv[0], "complete") == 0)
		return cli_complete_run(cli,
		    argc - 1 - (argc > 1 && strcmp(argv[1], "--") == 0),
		    argv + 1 + (argc > 1 && strcmp(argv[1], "--") == 0));
	if (help && (command = cli_commands_find(argv[1])) != NULL) {
		cli_help_print(cli, command);
		return CLI_DONE;
	}
	if (command == NULL)
		return cli_fail(CLI_USAGE, _("there is no such command; see: saikne help"));
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		cli_help_print(cli, command);
		return CLI_DONE;
	}
	if (!cli_arguments_read(argc - 1, argv + 1, command->options,
		command->more_options != NULL ? command->more_options() : NULL,
		command->positional, &arguments, fault))
		return cli_fail(CLI_USAGE, _("%s; see: saikne help %s"), fault, command->name);
	return command->run(cli, command, &arguments);
}

int
main(int argc, char **argv)
{
	struct cli cli = {.desk_path = getenv("SAIKNE_DESK")};
	enum cli_exit rc;
	int count;

	lang_start();
	if (!lang_take(&argc, argv))
		return (int)cli_fail(CLI_USAGE, "%s", lang_text(LANG_WANTED));
	cli.language = lang_code();
	if (lists_start() != STATUS_OK)
		return (int)cli_fail(CLI_REFUSED, _("the built-in lists are damaged"));
	if ((count = split(&cli, argc, argv)) < 0)
		return CLI_USAGE;
	cli_terminal_start(cli.colours, &cli.terminal);
	if (cli.desk_path == NULL || cli.desk_path[0] == '\0')
		cli.desk_path = CLI_DESK_DEFAULT;
	rc = cli_session_load(&cli) ? run(&cli, count, argv) : CLI_REFUSED;
	explicit_bzero(cli.session, sizeof(cli.session));
	json_decref(cli.states);
	if (fflush(stdout) != 0 || ferror(stdout))
		return (int)cli_fail(CLI_REFUSED, _("standard output cannot be written"));
	return (int)rc;
}
