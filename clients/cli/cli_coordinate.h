/* clients/cli/cli_coordinate.h: what `saikne coordinate` and `saikne action` may be told to do. */
#ifndef SAIKNE_CLI_COORDINATE_H
#define SAIKNE_CLI_COORDINATE_H

/* NULL past the end. */
const char *cli_coordinate_what_at(unsigned i);
const char *cli_coordinate_action_at(unsigned i);

#endif
