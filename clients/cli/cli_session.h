/* clients/cli/cli_session.h: the session of this desk, kept between commands in a file of one's own. */
#ifndef SAIKNE_CLI_SESSION_H
#define SAIKNE_CLI_SESSION_H

#include "clients/cli/cli.h"

/*
 * Below $XDG_RUNTIME_DIR/saikne or ~/.local/state/saikne, mode 0600, one file for each desk. A
 * file that others can read is not used: its session is refused to its own bearer.
 */

/* Fills CLI's session; "" when there is none. False with a message: it is there and not usable. */
MUST_CHECK bool cli_session_load(struct cli *cli);
/* Keeps TOKEN for the commands that follow. */
MUST_CHECK enum cli_exit cli_session_keep(struct cli *cli, const char *token);
void cli_session_forget(struct cli *cli);

#endif
