/* clients/cli/cli_notes.h: what stands beside a legal basis, in sentences. */
#ifndef SAIKNE_CLI_NOTES_H
#define SAIKNE_CLI_NOTES_H

#include "clients/cli/cli.h"

/* The "notes" of an ANSWER, a line each; nothing where it has none. */
void cli_notes_print(const struct cli *cli, const json_t *answer);

#endif
