/* clients/cli/cli_paper.c: breaks a text into printed pages. */
#include "clients/cli/cli_paper.h"
#include "clients/cli/cli_sheet.h"

#include <string.h>

#define HEAD_LINES 2 /* the head and an empty line */
#define FOOT_LINES 2
#define BODY_LINES (CLI_PAPER_LINES - HEAD_LINES - FOOT_LINES)

static const char *
next_line(const char *at)
{
	const char *end = strchr(at, '\n');

	return end != NULL ? end + 1 : at + strlen(at);
}

/* The lines until the next empty one or the end. */
static unsigned
block_lines(const char *at)
{
	unsigned lines = 0;

	for (; *at != '\0' && *at != '\n'; at = next_line(at))
		lines++;
	return lines;
}

/* Where the page that begins at AT ends; how many lines it has. */
static const char *
page_end(const char *at, unsigned *lines)
{
	*lines = 0;
	while (*at == '\n')
		at++; /* no page begins with nothing */
	while (*at != '\0' && *lines < BODY_LINES) {
		unsigned block = block_lines(at);

		if (*lines > 0 && block <= BODY_LINES && *lines + block > BODY_LINES)
			break;
		/* A block longer than a page is broken where the page ends. */
		for (block = block > 0 ? block : 1; block > 0 && *lines < BODY_LINES; block--) {
			at = next_line(at);
			++*lines;
		}
	}
	return at;
}

static unsigned
count_pages(const char *text)
{
	unsigned pages = 0, lines;

	do {
		text = page_end(text, &lines);
		pages++;
	} while (*text != '\0');
	return pages;
}

void
cli_paper_write(const char *text, const char *head, const char *foot, struct buffer *out)
{
	unsigned pages = count_pages(text), page = 1, lines;

	while (page <= pages) {
		const char *end;

		while (*text == '\n')
			text++;
		end = page_end(text, &lines);
		buffer_append_format(out, "%s\n\n", head);
		buffer_append(out, (struct bytes){(const uint8_t *)text, (size_t)(end - text)});
		for (; lines < BODY_LINES; lines++)
			buffer_append_byte(out, '\n');
		buffer_append_byte(out, '\n');
		buffer_append_format(out, foot, page, pages);
		buffer_append_text(out, page < pages ? "\n\f" : "\n");
		text = end;
		page++;
	}
}

/* ---- HTML -------------------------------------------------------------------------------- */

void
cli_paper_begin_html(const char *language, const char *title, struct buffer *out)
{
	buffer_append_format(out,
	    "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<title>",
	    language);
	cli_sheet_escape(title, out);
	buffer_append_text(out,
	    "</title>\n<style>\n"
	    "@page { size: A4; margin: 20mm; @bottom-right { content: counter(page) \" / \" "
	    "counter(pages); } }\n"
	    "body { font: 11pt/1.4 serif; max-width: 170mm; margin: auto; color: #000; "
	    "background: #fff; }\n"
	    "h1 { font-size: 16pt; } h2 { font-size: 13pt; margin-top: 1.5em; }\n"
	    "h3 { font-size: 11pt; margin: 0 0 .3em; }\n"
	    "section { break-inside: avoid; margin: 0 0 1em; }\n"
	    "dl { display: grid; grid-template-columns: 11em 1fr; gap: .1em .6em; margin: 0; "
	    "}\n"
	    "dt { color: #333; } dd { margin: 0; overflow-wrap: anywhere; }\n"
	    "</style>\n</head>\n<body>\n");
}

void
cli_paper_end_html(struct buffer *out)
{
	buffer_append_text(out, "</body>\n</html>\n");
}
