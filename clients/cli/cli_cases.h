/* clients/cli/cli_cases.h: cases with their tasks, as a table. */
#ifndef SAIKNE_CLI_CASES_H
#define SAIKNE_CLI_CASES_H

#include "clients/cli/cli.h"

/* ITEMS as the desk gives them. */
enum cli_exit cli_cases_print(struct cli *cli, const json_t *items);

#endif
