/* clients/cli/cli.h: what every command of `saikne` shares. */
#ifndef SAIKNE_CLI_H
#define SAIKNE_CLI_H

#include <jansson.h>

#include "clients/cli/cli_arguments.h"
#include "clients/cli/cli_terminal.h"
#include "protocol/host/lang.h"

#define CLI_DESK_DEFAULT "/run/saikne/desk"

/* EXIT(NAME, number, meaning): the exit statuses, the same for every command. */
#define CLI_EXIT_LIST(EXIT)                                                                    \
	EXIT(DONE, 0, N_("done"))                                                              \
	EXIT(REFUSED, 1, N_("refused; standard error says why and what to do"))                \
	EXIT(USAGE, 2, N_("the command line or its input is not usable"))                      \
	EXIT(UNREACHABLE, 3, N_("no desk answers"))                                            \
	EXIT(LEFT, 4, N_("a question was left or answered no; nothing was sent"))

#define CLI_EXIT_ENUM(name, number, meaning) CLI_##name = (number),
enum cli_exit { CLI_EXIT_LIST(CLI_EXIT_ENUM) };
#undef CLI_EXIT_ENUM

struct cli {
	const char *desk_path;
	const char *language; /* "lv" or "en": of labels */
	bool json;            /* print the desk's answer as it is */
	bool quiet;           /* no word of why the desk did not answer */
	long timeout_s;       /* for an answer; 0: as long as it may take */
	enum cli_colours colours;
	struct cli_terminal terminal;
	json_t *states;         /* /v1/states, asked once */
	char refused_field[48]; /* of the desk's last refusal; "" when it named none */
	char session[128];      /* of this desk; "": none */
};

struct cli_command {
	const char *name;
	const char *positional; /* "TASK", "[NAME]", "" */
	const char *summary;    /* one line for the usage */
	const char *help;       /* what it does, in a few sentences */
	const char *example;
	const struct cli_option *options;               /* a NULL name ends them; may be NULL */
	const struct cli_option *(*more_options)(void); /* made from the list of fields */
	enum cli_exit (*run)(struct cli *cli, const struct cli_command *command,
	    const struct cli_arguments *arguments);
};

/* Prints "saikne: ..." on standard error; gives RC back, for return cli_fail(...). */
enum cli_exit cli_fail(enum cli_exit rc, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The desk's answer to standard output, safe for a terminal. */
void cli_print_json(const struct cli *cli, const json_t *json);
/* The text of a string member; "" when it has none. */
const char *cli_string(const json_t *object, const char *name);

#endif
