/* clients/cli/cli_request.h: options and a file become the JSON request of an act. */
#ifndef SAIKNE_CLI_REQUEST_H
#define SAIKNE_CLI_REQUEST_H

#include <jansson.h>

#include "clients/cli/cli_arguments.h"

/* Options made from the fields a referral's content may have; a NULL name ends them. */
const struct cli_option *cli_request_content_options(void);

/*
 * The request: what --from names (a file of JSON, "-": standard input) with the options' values
 * set over it; a field of the content goes below "content". Codes are checked against the
 * lists. NULL when it cannot be made; FAULT then says why, without quoting values.
 */
json_t *cli_request_new(const struct cli_arguments *arguments, char fault[static 160]);

#endif
