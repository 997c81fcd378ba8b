/* clients/cli/cli_statement.h: the statement for a family, as pages to print or as HTML. */
#ifndef SAIKNE_CLI_STATEMENT_H
#define SAIKNE_CLI_STATEMENT_H

#include "clients/cli/cli.h"

/* STATEMENT is what the desk gives of /v1/cases/{case}/disclosure. Both append to OUT. */
void cli_statement_write_text(
    const struct cli *cli, const json_t *statement, struct buffer *out);
/* One file that needs no other; the browser prints it on A4. */
void cli_statement_write_html(
    const struct cli *cli, const json_t *statement, struct buffer *out);

#endif
