/* clients/cli/cli_sheet.h: a plain document, written as text or as HTML: headings, words, pairs. */
#ifndef SAIKNE_CLI_SHEET_H
#define SAIKNE_CLI_SHEET_H

#include "protocol/base/bytes.h"

struct cli_sheet {
	bool html;
	unsigned width; /* of text */
	struct buffer *out;
};

/* Texts of others are made safe: no control characters, no markup. */
void cli_sheet_title(const struct cli_sheet *sheet, const char *text);
void cli_sheet_heading(const struct cli_sheet *sheet, const char *text);
void cli_sheet_words(const struct cli_sheet *sheet, const char *text);
/* What belongs together, kept on one page: a name, then pairs, then the end. */
void cli_sheet_begin(const struct cli_sheet *sheet, const char *name);
void cli_sheet_pair(const struct cli_sheet *sheet, const char *label, const char *text);
void cli_sheet_end(const struct cli_sheet *sheet);

/* Appends TEXT with what HTML would take for markup escaped. */
void cli_sheet_escape(const char *text, struct buffer *out);

#endif
