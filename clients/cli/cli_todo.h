/* clients/cli/cli_todo.h: what waits for a person, as a table that is read in a hurry. */
#ifndef SAIKNE_CLI_TODO_H
#define SAIKNE_CLI_TODO_H

#include <time.h>

#include "clients/cli/cli.h"

/*
 * Appends what waits as seen at NOW: how much is overdue and due when, a line for each thing,
 * and what to type for the first. MORE: there are others that ITEMS does not have. False when
 * memory ran out.
 */
bool cli_todo_write(
    struct cli *cli, const json_t *items, bool more, time_t now, struct buffer *out);
/* Beside the usage, where a desk answers at once: whether anything waits. */
void cli_todo_hint(struct cli *cli);
/* Shows the first MOST live, until Ctrl-C. */
enum cli_exit cli_todo_follow(struct cli *cli, unsigned most);

#endif
