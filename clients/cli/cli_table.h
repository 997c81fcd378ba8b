/* clients/cli/cli_table.h: rows in columns that fit the terminal. */
#ifndef SAIKNE_CLI_TABLE_H
#define SAIKNE_CLI_TABLE_H

#include "clients/cli/cli_terminal.h"
#include "protocol/base/bytes.h"

#define CLI_TABLE_COLUMNS_MAX 16

struct cli_column {
	const char *heading;
	unsigned least; /* columns below which it is not cut; 0: never cut */
	bool optional;  /* on a narrow screen it stands on the second line, by its heading */
};

struct cli_table;

/* COLUMNS must outlive the table. NULL when memory ran out; the others take NULL. */
struct cli_table *cli_table_new(const struct cli_column *columns, unsigned count);
/* CELLS are copied; NULL stands for an empty one. False when memory ran out. */
bool cli_table_add(struct cli_table *table, const char *const *cells, enum cli_colour colour);
unsigned cli_table_rows(const struct cli_table *table);
/*
 * Appends heading and rows; the widest columns are cut first, by "…". Where even that is too
 * wide each row becomes two lines in which nothing is cut. Empty columns are left out.
 */
void cli_table_write(
    const struct cli_table *table, const struct cli_terminal *terminal, struct buffer *out);
/* The same to standard output; through the pager when it is longer than the screen. */
void cli_table_print(const struct cli_table *table, const struct cli_terminal *terminal);
void cli_table_free(struct cli_table *table);

#endif
