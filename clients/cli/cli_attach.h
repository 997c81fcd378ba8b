/* clients/cli/cli_attach.h: documents beside an act: brought to the desk before it. */
#ifndef SAIKNE_CLI_ATTACH_H
#define SAIKNE_CLI_ATTACH_H

#include "clients/cli/cli.h"

/*
 * What documents are for, as far as that is known before the act: MEMBER is "case" or "task" and
 * ID its number; NULL: nothing yet. Only who may know that case comes to them then.
 */
struct cli_attach_place {
	const char *member, *id;
};

/*
 * Brings each file of --attach FILE[:CATEGORY] to the desk, in parts, and names it in REQUEST.
 * The category is proceedings where none is given.
 */
MUST_CHECK enum cli_exit cli_attach_bring(struct cli *cli,
    const struct cli_arguments *arguments, const struct cli_attach_place *place,
    json_t *request);
/* Asks a person at the terminal for such files, a line each; what cannot be brought is asked again. */
MUST_CHECK enum cli_exit cli_attach_ask(
    struct cli *cli, const struct cli_attach_place *place, json_t *request);

#endif
