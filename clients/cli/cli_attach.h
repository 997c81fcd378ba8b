/* clients/cli/cli_attach.h: documents beside an act: brought to the desk before it. */
#ifndef SAIKNE_CLI_ATTACH_H
#define SAIKNE_CLI_ATTACH_H

#include "clients/cli/cli.h"

/*
 * Brings each file of --attach FILE[:CATEGORY] to the desk, in parts, and names it in REQUEST.
 * The category is proceedings where none is given.
 */
MUST_CHECK enum cli_exit cli_attach_bring(
    struct cli *cli, const struct cli_arguments *arguments, json_t *request);

#endif
