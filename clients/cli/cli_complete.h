/* clients/cli/cli_complete.h: what may stand next on a command line, for the shell. */
#ifndef SAIKNE_CLI_COMPLETE_H
#define SAIKNE_CLI_COMPLETE_H

#include "clients/cli/cli.h"

/*
 * `saikne complete WORD ...`: WORDS are those behind "saikne", the last the one being typed
 * ("" for a new one). Prints candidates, a line each, and never a message: where the desk is
 * away there are fewer of them.
 */
enum cli_exit cli_complete_run(struct cli *cli, int count, char *const *words);

#endif
