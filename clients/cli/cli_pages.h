/* clients/cli/cli_pages.h: a listing of the desk, read page by page. */
#ifndef SAIKNE_CLI_PAGES_H
#define SAIKNE_CLI_PAGES_H

#include "clients/cli/cli.h"

#define CLI_PAGES_CURSOR 256

/*
 * Appends the items of TARGET ("/v1/tasks?box=in") to *ITEMS, an array owned by the caller and
 * set on CLI_DONE only, until there are MOST. *MORE: the desk has others.
 */
MUST_CHECK enum cli_exit cli_pages_read(
    struct cli *cli, const char *target, unsigned most, json_t **items, bool *more);
/* The same from CURSOR on, as an earlier reading left it ("": from the beginning; at the end). */
MUST_CHECK enum cli_exit cli_pages_go_on(struct cli *cli, const char *target, unsigned most,
    char cursor[static CLI_PAGES_CURSOR], json_t **items);
/* { "items", "more" }, for programs. */
void cli_pages_print_json(struct cli *cli, json_t *items, bool more);

#endif
