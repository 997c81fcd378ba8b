/* clients/cli/cli_sitting.h: what `saikne conference` and `saikne matter` do, for others of this folder. */
#ifndef SAIKNE_CLI_SITTING_H
#define SAIKNE_CLI_SITTING_H

#include "clients/cli/cli.h"

/* The words that WHAT may be; NULL past the end. */
const char *cli_sitting_what_at(unsigned i);        /* of conference */
const char *cli_sitting_matter_what_at(unsigned i); /* of matter */

/* The minutes as the desk gives them, on paper: text in pages, or one HTML file. */
void cli_sitting_minutes_write(
    struct cli *cli, const json_t *minutes, bool html, struct buffer *out);

#endif
