/* clients/cli/cli_terminal.h: what standard output can show: width and colours. */
#ifndef SAIKNE_CLI_TERMINAL_H
#define SAIKNE_CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

enum cli_colour { CLI_PLAIN, CLI_BOLD, CLI_DIM, CLI_RED, CLI_YELLOW, CLI_GREEN };

struct cli_terminal {
	unsigned width;  /* columns; 0: as wide as it comes (a file, a pipe) */
	unsigned height; /* lines; 0: unknown */
	bool colours;
	bool is_terminal;
};

enum cli_colours { CLI_COLOURS_AUTO, CLI_COLOURS_ALWAYS, CLI_COLOURS_NEVER };

/*
 * Of standard output. Columns by COLUMNS or the terminal's own; colours as WANTED or, with
 * AUTO, where it is a terminal and neither NO_COLOR (no-color.org) nor TERM=dumb forbids them.
 */
void cli_terminal_start(enum cli_colours wanted, struct cli_terminal *out);
/* "auto", "always" or "never". */
bool cli_terminal_colours_named(const char *name, enum cli_colours *out);
/* Escape sequences, or "" without colours. */
const char *cli_terminal_on(const struct cli_terminal *terminal, enum cli_colour colour);
const char *cli_terminal_off(const struct cli_terminal *terminal, enum cli_colour colour);
/* TEXT of others in one line, made safe, to OUT. */
void cli_terminal_put(FILE *out, const char *text);
/* Prints TEXT wrapped behind INDENT columns that are already used, and a line break. */
void cli_terminal_wrap(const struct cli_terminal *terminal, const char *text, unsigned indent);

#endif
