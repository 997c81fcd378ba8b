/* clients/cli/cli_terminal.c: asks the environment once and prints accordingly. */
#include "clients/cli/cli_terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clients/cli/cli_text.h"

#define TEXT_WIDTH_DEFAULT 80
#define TEXT_WIDTH_MIN     20
#define TEXT_WIDTH_MAX     100 /* longer lines are hard to read */

static bool
is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0';
}

bool
cli_terminal_colours_named(const char *name, enum cli_colours *out)
{
	static const char *const names[] = {"auto", "always", "never"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum cli_colours)i;
			return true;
		}
	}
	return false;
}

void
cli_terminal_start(enum cli_colours wanted, struct cli_terminal *out)
{
	const char *columns = getenv("COLUMNS"), *term = getenv("TERM");
	struct winsize size;
	unsigned long width = 0;

	memset(out, 0, sizeof(*out));
	out->is_terminal = isatty(STDOUT_FILENO) == 1;
	if (columns != NULL)
		width = strtoul(columns, NULL, 10);
	else if (out->is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (out->is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		out->height = size.ws_row;
	if (width == 0 && out->is_terminal)
		width = TEXT_WIDTH_DEFAULT;
	out->width = width <= 10000 ? (unsigned)width : 0;
	out->colours = wanted == CLI_COLOURS_ALWAYS ||
	               (wanted == CLI_COLOURS_AUTO && out->is_terminal && !is_set("NO_COLOR") &&
			   term != NULL && strcmp(term, "dumb") != 0);
}

const char *
cli_terminal_on(const struct cli_terminal *terminal, enum cli_colour colour)
{
	static const char *const codes[] = {
	    [CLI_PLAIN] = "",
	    [CLI_BOLD] = "\033[1m",
	    [CLI_DIM] = "\033[2m",
	    [CLI_RED] = "\033[1;31m",
	    [CLI_YELLOW] = "\033[33m",
	    [CLI_GREEN] = "\033[32m",
	};

	return terminal->colours ? codes[colour] : "";
}

const char *
cli_terminal_off(const struct cli_terminal *terminal, enum cli_colour colour)
{
	return terminal->colours && colour != CLI_PLAIN ? "\033[0m" : "";
}

void
cli_terminal_put(FILE *out, const char *text)
{
	struct buffer clean = {0};

	cli_text_clean(text, false, &clean);
	if (clean.len > 0)
		fwrite(clean.data, 1, clean.len, out);
	buffer_free(&clean);
}

void
cli_terminal_wrap(const struct cli_terminal *terminal, const char *text, unsigned indent)
{
	unsigned width = terminal->width > 0 ? terminal->width : TEXT_WIDTH_DEFAULT;
	struct buffer wrapped = {0};

	if (width > TEXT_WIDTH_MAX)
		width = TEXT_WIDTH_MAX;
	width = width > indent + TEXT_WIDTH_MIN ? width - indent : TEXT_WIDTH_MIN;
	cli_text_wrap(text, width, indent, &wrapped);
	if (wrapped.len > 0)
		fwrite(wrapped.data, 1, wrapped.len, stdout);
	putchar('\n');
	buffer_free(&wrapped);
}
