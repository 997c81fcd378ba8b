/* clients/cli/cli_find.h: from the few digits a person types to the whole identifier. */
#ifndef SAIKNE_CLI_FIND_H
#define SAIKNE_CLI_FIND_H

#include "clients/cli/cli.h"

#define CLI_FIND_ID_MAX 64

/*
 * TEXT: a whole id, or at least 4 digits that begin or end exactly one. Prints why not:
 * too few digits, none fits, or several do (and which).
 */
MUST_CHECK enum cli_exit cli_find_task(
    struct cli *cli, const char *text, char out[static CLI_FIND_ID_MAX + 1]);
MUST_CHECK enum cli_exit cli_find_case(
    struct cli *cli, const char *text, char out[static CLI_FIND_ID_MAX + 1]);
/* The number of somebody by the name they sign in with; a number is one already. */
MUST_CHECK enum cli_exit cli_find_person(
    struct cli *cli, const char *text, char out[static CLI_FIND_ID_MAX + 1]);

#endif
