/* clients/cli/cli_objects.h: answers whose members only the service knows, laid out. */
#ifndef SAIKNE_CLI_OBJECTS_H
#define SAIKNE_CLI_OBJECTS_H

#include "clients/cli/cli.h"

/* An array of objects as a table: a column for each member that is no object or array. */
enum cli_exit cli_objects_print_table(const struct cli *cli, const json_t *objects);
/* An object as "name  value" lines, inner objects indented. */
void cli_objects_print_pairs(const struct cli *cli, const json_t *object, unsigned indent);

#endif
