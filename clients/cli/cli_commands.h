/* clients/cli/cli_commands.h: what the table in main.c runs; one file for each family. */
#ifndef SAIKNE_CLI_COMMANDS_H
#define SAIKNE_CLI_COMMANDS_H

#include "clients/cli/cli.h"

#define CLI_RUN(name)                                                                          \
	enum cli_exit name(struct cli *cli, const struct cli_command *command,                 \
	    const struct cli_arguments *arguments)

CLI_RUN(cli_refer_run);
CLI_RUN(cli_boxes_run); /* inbox, outbox */
CLI_RUN(cli_show_run);
CLI_RUN(cli_act_run); /* a step on a task: the verb is the name */
CLI_RUN(cli_receipt_run);
CLI_RUN(cli_watch_run);
CLI_RUN(cli_cases_run);
CLI_RUN(cli_cases_run_one);
CLI_RUN(cli_status_run);
CLI_RUN(cli_status_run_directory);
CLI_RUN(cli_lists_run);
CLI_RUN(cli_lists_run_fields);

#endif
