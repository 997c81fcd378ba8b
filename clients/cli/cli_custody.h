/* clients/cli/cli_custody.h: custody statements on the screen. */
#ifndef SAIKNE_CLI_CUSTODY_H
#define SAIKNE_CLI_CUSTODY_H

#include "clients/cli/cli.h"

/* To whom the statement of TASK went, who has it, and who could not be reached. */
void cli_custody_told(struct cli *cli, const json_t *task);
/* What is known of custody in the case FILE. */
void cli_custody_known(const struct cli *cli, const json_t *file);

#endif
