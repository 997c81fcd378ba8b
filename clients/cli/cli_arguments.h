/* clients/cli/cli_arguments.h: a command's options and what else stands on its line. */
#ifndef SAIKNE_CLI_ARGUMENTS_H
#define SAIKNE_CLI_ARGUMENTS_H

#include "protocol/base/bytes.h"

#define CLI_VALUES_MAX     128
#define CLI_POSITIONAL_MAX 2

struct cli_option {
	const char *name;  /* without "--" */
	const char *value; /* "CODE"; NULL: a flag */
	const char *field; /* its name in the request; NULL: the command reads it */
	bool repeats;
	const char *help;
};

struct cli_arguments {
	struct {
		const struct cli_option *option;
		const char *text; /* NULL for a flag */
	} values[CLI_VALUES_MAX];
	unsigned count;
	const char *positional[CLI_POSITIONAL_MAX];
	unsigned positional_count;
};

/*
 * Reads ARGV[0..ARGC). "--name value", "--name=value", "--" ends options, "-" is no option.
 * FIRST and SECOND are tables of options (either may be NULL). POSITIONAL as a command states
 * it: "" takes none, "TASK" one, "[NAME]" one or none, "CASE PERSON" two. On failure FAULT says what is wrong.
 */
MUST_CHECK bool cli_arguments_read(int argc, char *const *argv, const struct cli_option *first,
    const struct cli_option *second, const char *positional, struct cli_arguments *out,
    char fault[static 160]);

/* The last value of an option; NULL when it was not given. */
const char *cli_arguments_text(const struct cli_arguments *arguments, const char *name);
bool cli_arguments_has(const struct cli_arguments *arguments, const char *name);

#endif
