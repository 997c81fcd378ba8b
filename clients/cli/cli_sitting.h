/* clients/cli/cli_sitting.h: what `saikne conference` and `saikne matter` do, for others of this folder. */
#ifndef SAIKNE_CLI_SITTING_H
#define SAIKNE_CLI_SITTING_H

#include "clients/cli/cli.h"
#include "clients/cli/cli_arguments.h"

/* The words that WHAT may be; NULL past the end. */
const char *cli_sitting_what_at(unsigned i);        /* of conference */
const char *cli_sitting_matter_what_at(unsigned i); /* of matter */

/*
 * Signs the minutes of the sitting ID: shows which, and goes on after a yes, or --yes. Those of
 * --matter, or what REQUEST has; else all that wait.
 */
MUST_CHECK enum cli_exit cli_sitting_sign(
    struct cli *cli, const struct cli_arguments *arguments, const char *id, json_t *request);

/* The minutes as the desk gives them, on paper: text in pages, or one HTML file. */
void cli_sitting_minutes_write(
    struct cli *cli, const json_t *minutes, bool html, struct buffer *out);

#endif
