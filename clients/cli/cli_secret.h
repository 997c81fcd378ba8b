/* clients/cli/cli_secret.h: asks for a password at the terminal, without showing it. */
#ifndef SAIKNE_CLI_SECRET_H
#define SAIKNE_CLI_SECRET_H

#include "clients/cli/cli.h"

#define CLI_SECRET_MAX 257

/*
 * PROMPT on standard error, then a line from the terminal, not shown; without a terminal, a line
 * of standard input. CLI_LEFT: Ctrl-C, Ctrl-D or the end of the input.
 */
MUST_CHECK enum cli_exit cli_secret_ask(const char *prompt, char out[static CLI_SECRET_MAX]);
/* A line that may be seen (a login, a code). */
MUST_CHECK enum cli_exit cli_secret_ask_shown(
    const char *prompt, char out[static CLI_SECRET_MAX]);

#endif
