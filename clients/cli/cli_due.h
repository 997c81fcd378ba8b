/* clients/cli/cli_due.h: what is owed and by when, and how far a task has come, in words. */
#ifndef SAIKNE_CLI_DUE_H
#define SAIKNE_CLI_DUE_H

#include <time.h>

#include "clients/cli/cli.h"

#define CLI_DUE_WORDS 96

/*
 * The DUE time (RFC 3339, as the desk has it) as seen at NOW: "in 25 minutes", "today 17:00",
 * "tomorrow", "in 3 days", "2026-12-24", "overdue 2 days"; "" for null.
 */
void cli_due_words(const json_t *due, time_t now, char out[static CLI_DUE_WORDS]);
/* The same of a task's item, with who owes it where it is not we. */
void cli_due_item(const json_t *item, time_t now, char out[static CLI_DUE_WORDS]);
/* Whether one of ITEMS rests on the service's own clock alone: its line bears "~", and this says why. */
bool cli_due_own_clock(const json_t *items);
const char *cli_due_own_words(void);
/* When, of an item with a DUE, by the clock on the wall here. */
enum cli_due_when {
	CLI_DUE_OVER,
	CLI_DUE_TODAY,
	CLI_DUE_WEEK,
	CLI_DUE_LATER,
	CLI_DUE_NEVER,
	CLI_DUE_WHENS
};
enum cli_due_when cli_due_when(const json_t *item, time_t now);
/* What is owed: "to be decided"; WHAT when unknown. */
const char *cli_due_owed(const struct cli *cli, const char *what);
/* Whether we owe something that is overdue. */
bool cli_due_is_ours(const json_t *item);
/* The state of an item; of one that waits for its first answer, how far it has come. */
void cli_due_state(struct cli *cli, const json_t *item, char out[static CLI_DUE_WORDS]);
/* On standard error, where a child may be in danger now: call first. */
void cli_due_danger(const json_t *item);

#endif
