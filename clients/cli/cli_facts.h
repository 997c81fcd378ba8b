/* clients/cli/cli_facts.h: one thing told on the screen: headings, and facts behind their labels. */
#ifndef SAIKNE_CLI_FACTS_H
#define SAIKNE_CLI_FACTS_H

#include "clients/cli/cli.h"

void cli_facts_heading(const struct cli *cli, const char *text);
/*
 * "  label      value", the value wrapped behind its label, or below it where one of them needs
 * the room; nothing where the value is empty. Nothing is cut.
 */
void cli_facts_pair(const struct cli *cli, const char *label, const char *value);
/* The value of a field with codes as labels. LABEL: "" for the field's own. */
void cli_facts_field(
    const struct cli *cli, const char *name, const char *label, const json_t *value);

#endif
