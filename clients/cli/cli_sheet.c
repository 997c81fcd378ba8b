/* clients/cli/cli_sheet.c: the two forms of a plain document. */
#include "clients/cli/cli_sheet.h"

#include "clients/cli/cli_text.h"

#define LABEL_WIDTH 18

void
cli_sheet_escape(const char *text, struct buffer *out)
{
	struct buffer clean = {0};

	cli_text_clean(text, false, &clean);
	for (size_t i = 0; i < clean.len; i++) {
		switch (clean.data[i]) {
		case '&':
			buffer_append_text(out, "&amp;");
			break;
		case '<':
			buffer_append_text(out, "&lt;");
			break;
		case '>':
			buffer_append_text(out, "&gt;");
			break;
		case '"':
			buffer_append_text(out, "&quot;");
			break;
		default:
			buffer_append_byte(out, clean.data[i]);
		}
	}
	out->failed = out->failed || clean.failed;
	buffer_free(&clean);
}

static void
put_element(const struct cli_sheet *sheet, const char *element, const char *text)
{
	buffer_append_format(sheet->out, "<%s>", element);
	cli_sheet_escape(text, sheet->out);
	buffer_append_format(sheet->out, "</%s>\n", element);
}

static void
put_wrapped(const struct cli_sheet *sheet, const char *text, unsigned indent)
{
	cli_text_wrap(text, sheet->width - indent, indent, sheet->out);
	buffer_append_byte(sheet->out, '\n');
}

void
cli_sheet_title(const struct cli_sheet *sheet, const char *text)
{
	if (sheet->html) {
		put_element(sheet, "h1", text);
		return;
	}
	put_wrapped(sheet, text, 0);
	for (unsigned i = 0; i < sheet->width && i < cli_text_width(text); i++)
		buffer_append_byte(sheet->out, '=');
	buffer_append_text(sheet->out, "\n\n");
}

void
cli_sheet_heading(const struct cli_sheet *sheet, const char *text)
{
	if (sheet->html) {
		put_element(sheet, "h2", text);
		return;
	}
	buffer_append_byte(sheet->out, '\n');
	put_wrapped(sheet, text, 0);
	for (unsigned i = 0; i < sheet->width && i < cli_text_width(text); i++)
		buffer_append_byte(sheet->out, '-');
	buffer_append_text(sheet->out, "\n\n");
}

void
cli_sheet_words(const struct cli_sheet *sheet, const char *text)
{
	if (sheet->html) {
		put_element(sheet, "p", text);
		return;
	}
	put_wrapped(sheet, text, 0);
	buffer_append_byte(sheet->out, '\n');
}

void
cli_sheet_begin(const struct cli_sheet *sheet, const char *name)
{
	if (sheet->html) {
		buffer_append_text(sheet->out, "<section>");
		put_element(sheet, "h3", name);
		buffer_append_text(sheet->out, "<dl>\n");
		return;
	}
	put_wrapped(sheet, name, 0);
}

void
cli_sheet_pair(const struct cli_sheet *sheet, const char *label, const char *text)
{
	unsigned used;

	if (text[0] == '\0')
		return;
	if (sheet->html) {
		put_element(sheet, "dt", label);
		put_element(sheet, "dd", text);
		return;
	}
	buffer_append_text(sheet->out, "  ");
	used = cli_text_cut(label, LABEL_WIDTH - 1, sheet->out);
	for (; used < LABEL_WIDTH; used++)
		buffer_append_byte(sheet->out, ' ');
	put_wrapped(sheet, text, LABEL_WIDTH + 2);
}

void
cli_sheet_end(const struct cli_sheet *sheet)
{
	buffer_append_text(sheet->out, sheet->html ? "</dl></section>\n" : "\n");
}
