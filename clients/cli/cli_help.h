/* clients/cli/cli_help.h: what `saikne help` prints, from the table of commands. */
#ifndef SAIKNE_CLI_HELP_H
#define SAIKNE_CLI_HELP_H

#include "clients/cli/cli.h"

void cli_help_print_usage(FILE *out);
void cli_help_print(const struct cli *cli, const struct cli_command *command);

#endif
