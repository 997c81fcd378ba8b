/* clients/cli/cli_text.h: text from others made safe for a terminal, measured, cut and wrapped. */
#ifndef SAIKNE_CLI_TEXT_H
#define SAIKNE_CLI_TEXT_H

#include "protocol/base/bytes.h"

/*
 * All of these show a control character, an invalid byte, or a character that changes the
 * direction of what follows as U+FFFD: no text of a message may steer the terminal.
 * Widths are columns as wcwidth() has them, so LC_CTYPE must be a UTF-8 locale.
 */

/* Appends TEXT; with LINES, line breaks and tabs stay. */
void cli_text_clean(const char *text, bool lines, struct buffer *out);
unsigned cli_text_width(const char *text);
/* Appends TEXT in one line of at most WIDTH columns, cut by "…". Returns the columns used. */
unsigned cli_text_cut(const char *text, unsigned width, struct buffer *out);
/*
 * Appends TEXT broken between words to WIDTH columns; its own line breaks stay. Each line but
 * the first begins with INDENT spaces; WIDTH does not count them. No line break at the end.
 */
void cli_text_wrap(const char *text, unsigned width, unsigned indent, struct buffer *out);

#endif
