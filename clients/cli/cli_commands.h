/* clients/cli/cli_commands.h: THE table of commands, in groups, and what each of them runs. */
#ifndef SAIKNE_CLI_COMMANDS_H
#define SAIKNE_CLI_COMMANDS_H

#include "clients/cli/cli.h"

/*
 * A new command is one row in the table of its group (cli_commands_<group>.c) and one line
 * CLI_RUN below; help, completion and the check of the manual pages find it there. A new group
 * is one line in cli_commands.c.
 */
struct cli_group {
	const char *heading;
	const struct cli_command *commands; /* a NULL name ends them */
};

extern const struct cli_command cli_commands_look[];
extern const struct cli_command cli_commands_refer[];
extern const struct cli_command cli_commands_answer[];
extern const struct cli_command cli_commands_tasks[];
extern const struct cli_command cli_commands_shared[];
extern const struct cli_command cli_commands_inner[];
extern const struct cli_command cli_commands_grounds[];
extern const struct cli_command cli_commands_prove[];
extern const struct cli_command cli_commands_sitting[];
extern const struct cli_command cli_commands_lists[];
extern const struct cli_command cli_commands_people[];

/* NULL past the end. */
const struct cli_group *cli_commands_group(unsigned i);
/* NULL when there is none of this name. */
const struct cli_command *cli_commands_find(const char *name);

#define CLI_RUN(name)                                                                          \
	enum cli_exit name(struct cli *cli, const struct cli_command *command,                 \
	    const struct cli_arguments *arguments)

CLI_RUN(cli_refer_run);
CLI_RUN(cli_boxes_run); /* inbox, outbox */
CLI_RUN(cli_show_run);
CLI_RUN(cli_act_run); /* a step on a task: the verb is the name */
CLI_RUN(cli_disagree_run);
CLI_RUN(cli_attach_run_list);  /* attachments */
CLI_RUN(cli_attach_run_fetch); /* fetch */
CLI_RUN(cli_receipt_run);
CLI_RUN(cli_history_run);
CLI_RUN(cli_disclosure_run);
CLI_RUN(cli_withhold_run);
CLI_RUN(cli_erase_run);
CLI_RUN(cli_erase_run_again);
CLI_RUN(cli_consent_run);
CLI_RUN(cli_basis_run);
CLI_RUN(cli_provisions_run);
CLI_RUN(cli_watch_run);
CLI_RUN(cli_todo_run);
CLI_RUN(cli_alarms_run);
CLI_RUN(cli_alarms_run_seen);
CLI_RUN(cli_coordinate_run);
CLI_RUN(cli_action_run);
CLI_RUN(cli_inner_run);
CLI_RUN(cli_inner_run_list);
CLI_RUN(cli_cases_run);
CLI_RUN(cli_case_run);
CLI_RUN(cli_search_run);         /* find */
CLI_RUN(cli_sitting_run);        /* conference */
CLI_RUN(cli_sitting_run_matter); /* matter */
CLI_RUN(cli_status_run);
CLI_RUN(cli_status_run_directory);
CLI_RUN(cli_lists_run);
CLI_RUN(cli_lists_run_fields);
CLI_RUN(cli_sign_in_run);
CLI_RUN(cli_sign_in_run_out);
CLI_RUN(cli_sign_in_run_whoami);
CLI_RUN(cli_sign_in_run_password);
CLI_RUN(cli_people_run);
CLI_RUN(cli_people_run_token);

#endif
