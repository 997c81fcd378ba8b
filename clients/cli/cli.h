/* clients/cli/cli.h: what every command of `saikne` shares. */
#ifndef SAIKNE_CLI_H
#define SAIKNE_CLI_H

#include <jansson.h>

#include "clients/cli/cli_arguments.h"
#include "clients/cli/cli_terminal.h"

/* The exit status, the same for every command. */
enum cli_exit {
	CLI_DONE = 0,
	CLI_REFUSED = 1,     /* standard error says why and what to do */
	CLI_USAGE = 2,       /* the command line or its input is not usable */
	CLI_UNREACHABLE = 3, /* no desk answers at the socket */
};

struct cli {
	const char *desk_path;
	const char *language; /* "lv" or "en": of labels */
	bool json;            /* print the desk's answer as it is */
	struct cli_terminal terminal;
	json_t *states; /* /v1/states, asked once */
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
