/* clients/cli/cli_pager.h: long output through the person's pager, where there is a person. */
#ifndef SAIKNE_CLI_PAGER_H
#define SAIKNE_CLI_PAGER_H

#include "clients/cli/cli_terminal.h"
#include "protocol/base/bytes.h"

/*
 * Prints TEXT: through SAIKNE_PAGER, PAGER or `less -FRX` when standard output is a terminal
 * and TEXT has more lines than it shows; as it is otherwise, or when there is no pager.
 */
void cli_pager_print(const struct cli_terminal *terminal, struct bytes text);

/* What is printed between these goes through it as a whole. They do not nest. */
void cli_pager_begin(const struct cli_terminal *terminal);
void cli_pager_end(const struct cli_terminal *terminal);

#endif
