/* clients/cli/cli_cases.h: cases with their tasks, as a table. */
#ifndef SAIKNE_CLI_CASES_H
#define SAIKNE_CLI_CASES_H

#include "clients/cli/cli.h"

/* ITEMS as the desk gives them. */
enum cli_exit cli_cases_print(struct cli *cli, const json_t *items);
/* The tasks of one case. */
enum cli_exit cli_cases_print_tasks(struct cli *cli, const json_t *tasks);

#endif
