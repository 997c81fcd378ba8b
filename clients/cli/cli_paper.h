/* clients/cli/cli_paper.h: text for printing: pages of A4 with a head and a foot. */
#ifndef SAIKNE_CLI_PAPER_H
#define SAIKNE_CLI_PAPER_H

#include "protocol/base/bytes.h"

#define CLI_PAPER_WIDTH 80 /* columns of 10 to an inch within A4's margins */
#define CLI_PAPER_LINES 60 /* of 6 to an inch */

/*
 * Appends TEXT in pages: HEAD stands on each first line, "page x of y" (FOOT, with two %u) on
 * each last one; pages are parted by form feeds. A block of lines without an empty one between
 * stays together where it fits on a page.
 */
void cli_paper_write(const char *text, const char *head, const char *foot, struct buffer *out);

/* Around what cli_sheet.h writes as HTML: one file for A4, with its TITLE escaped. */
void cli_paper_begin_html(const char *language, const char *title, struct buffer *out);
void cli_paper_end_html(struct buffer *out);

#endif
