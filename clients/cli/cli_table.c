/* clients/cli/cli_table.c: measures cells by display width, shares the width, writes lines. */
#include "clients/cli/cli_table.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_pager.h"
#include "clients/cli/cli_text.h"

#define GAP 2 /* spaces between columns */

struct row {
	char *cells[CLI_TABLE_COLUMNS_MAX];
	enum cli_colour colour;
};

struct cli_table {
	const struct cli_column *columns;
	unsigned count;
	struct row *rows;
	size_t row_count, row_room;
};

struct cli_table *
cli_table_new(const struct cli_column *columns, unsigned count)
{
	struct cli_table *table = calloc(1, sizeof(*table));

	if (table == NULL || count > CLI_TABLE_COLUMNS_MAX) {
		free(table);
		return NULL;
	}
	table->columns = columns;
	table->count = count;
	return table;
}

static void
free_row(struct row *row)
{
	for (unsigned c = 0; c < CLI_TABLE_COLUMNS_MAX; c++)
		free(row->cells[c]);
}

bool
cli_table_add(struct cli_table *table, const char *const *cells, enum cli_colour colour)
{
	struct row row = {.colour = colour};

	if (table == NULL)
		return false;
	if (table->row_count == table->row_room) {
		size_t room = table->row_room == 0 ? 16 : 2 * table->row_room;
		struct row *rows = reallocarray(table->rows, room, sizeof(*rows));

		if (rows == NULL)
			return false;
		table->rows = rows;
		table->row_room = room;
	}
	for (unsigned c = 0; c < table->count; c++) {
		row.cells[c] = strdup(cells[c] != NULL ? cells[c] : "");
		if (row.cells[c] == NULL) {
			free_row(&row);
			return false;
		}
	}
	table->rows[table->row_count++] = row;
	return true;
}

unsigned
cli_table_rows(const struct cli_table *table)
{
	return table != NULL ? (unsigned)table->row_count : 0;
}

/* Natural widths; 0 for a column in which nothing stands. */
static void
measure(const struct cli_table *table, unsigned *widths)
{
	for (unsigned c = 0; c < table->count; c++) {
		unsigned heading = cli_text_width(table->columns[c].heading);

		widths[c] = 0;
		for (size_t r = 0; r < table->row_count; r++) {
			unsigned width = cli_text_width(table->rows[r].cells[c]);

			if (width > widths[c])
				widths[c] = width;
		}
		if (widths[c] > 0 && widths[c] < heading)
			widths[c] = heading;
	}
}

static unsigned
total(const unsigned *widths, unsigned count)
{
	unsigned sum = 0;

	for (unsigned c = 0; c < count; c++) {
		if (widths[c] > 0)
			sum += widths[c] + (sum > 0 ? GAP : 0);
	}
	return sum;
}

/* Whether every column has the room that it must have. */
static bool
fits(const struct cli_table *table, const unsigned *widths, unsigned width)
{
	unsigned least[CLI_TABLE_COLUMNS_MAX];

	for (unsigned c = 0; c < table->count; c++) {
		least[c] = table->columns[c].least;
		if (least[c] == 0 || least[c] > widths[c])
			least[c] = widths[c];
	}
	return total(least, table->count) <= width;
}

/* Takes one column at a time from the widest that may give; stops when none may. */
static void
shrink(const struct cli_table *table, unsigned *widths, unsigned width)
{
	while (total(widths, table->count) > width) {
		unsigned widest = table->count;

		for (unsigned c = 0; c < table->count; c++) {
			unsigned least = table->columns[c].least;

			if (least > 0 && widths[c] > least &&
			    (widest == table->count || widths[c] > widths[widest]))
				widest = c;
		}
		if (widest == table->count)
			return;
		widths[widest]--;
	}
}

static void
write_cells(const struct cli_table *table, const char *const *cells, const unsigned *widths,
    struct buffer *out)
{
	unsigned spaces = 0; /* owed before the next cell: none trail */
	bool first = true;

	for (unsigned c = 0; c < table->count; c++) {
		unsigned used;

		if (widths[c] == 0)
			continue;
		spaces += first ? 0 : GAP;
		first = false;
		if (cells[c][0] == '\0') {
			spaces += widths[c];
			continue;
		}
		for (; spaces > 0; spaces--)
			buffer_append_byte(out, ' ');
		used = cli_text_cut(cells[c], widths[c], out);
		spaces = widths[c] - used;
	}
}

static void
write_headings(const struct cli_table *table, const struct cli_terminal *terminal,
    const unsigned *widths, struct buffer *out)
{
	const char *headings[CLI_TABLE_COLUMNS_MAX];

	for (unsigned c = 0; c < table->count; c++)
		headings[c] = table->columns[c].heading;
	buffer_append_text(out, cli_terminal_on(terminal, CLI_DIM));
	write_cells(table, headings, widths, out);
	buffer_append_text(out, cli_terminal_off(terminal, CLI_DIM));
	buffer_append_byte(out, '\n');
}

/* ---- On a narrow screen ------------------------------------------------------------------- */

#define STACK_INDENT 4

static void
join(struct buffer *line, const char *label, const char *cell)
{
	if (cell[0] == '\0' || strcmp(cell, " ") == 0)
		return;
	if (line->len > 0)
		buffer_append_text(line, " · ");
	if (label != NULL)
		buffer_append_format(line, "%s: ", label);
	buffer_append_text(line, cell);
}

static void
put_stacked(struct buffer *line, unsigned width, unsigned indent, struct buffer *out)
{
	if (line->len > 0) {
		buffer_append_byte(line, '\0');
		for (unsigned i = 0; i < indent; i++)
			buffer_append_byte(out, ' ');
		cli_text_wrap((const char *)line->data,
		    width > indent + 10 ? width - indent : 10, indent, out);
		buffer_append_byte(out, '\n');
	}
	out->failed = out->failed || line->failed;
	buffer_free(line);
}

/* The rest of an item by name, below it. */
static void
write_rest(const struct cli_table *table, const struct cli_terminal *terminal,
    const struct row *row, struct buffer *out)
{
	struct buffer line = {0};

	for (unsigned c = 0; c < table->count; c++) {
		if (table->columns[c].optional)
			join(&line, table->columns[c].heading, row->cells[c]);
	}
	put_stacked(&line, terminal->width, STACK_INDENT, out);
}

static void
write_first(const struct cli_table *table, const struct cli_terminal *terminal,
    const struct row *row, struct buffer *out)
{
	struct buffer line = {0};

	for (unsigned c = 0; c < table->count; c++) {
		if (!table->columns[c].optional)
			join(&line, NULL, row->cells[c]);
	}
	put_stacked(&line, terminal->width, 0, out);
}

/* An item in two lines: what it is, in columns where they have room, then the rest by name. */
static void
write_stacked(const struct cli_table *table, const struct cli_terminal *terminal,
    unsigned *widths, struct buffer *out)
{
	bool columns;

	for (unsigned c = 0; c < table->count; c++)
		widths[c] = table->columns[c].optional ? 0 : widths[c];
	columns = fits(table, widths, terminal->width);
	if (columns) {
		shrink(table, widths, terminal->width);
		write_headings(table, terminal, widths, out);
	}
	for (size_t r = 0; r < table->row_count; r++) {
		const struct row *row = &table->rows[r];

		buffer_append_text(out, cli_terminal_on(terminal, row->colour));
		if (columns) {
			write_cells(table, (const char *const *)row->cells, widths, out);
			buffer_append_byte(out, '\n');
		} else {
			write_first(table, terminal, row, out);
		}
		write_rest(table, terminal, row, out);
		buffer_append_text(out, cli_terminal_off(terminal, row->colour));
	}
}

void
cli_table_write(
    const struct cli_table *table, const struct cli_terminal *terminal, struct buffer *out)
{
	unsigned widths[CLI_TABLE_COLUMNS_MAX];

	if (table == NULL)
		return;
	measure(table, widths);
	if (terminal->width > 0 && !fits(table, widths, terminal->width)) {
		write_stacked(table, terminal, widths, out);
		return;
	}
	if (terminal->width > 0)
		shrink(table, widths, terminal->width);
	write_headings(table, terminal, widths, out);
	for (size_t r = 0; r < table->row_count; r++) {
		const struct row *row = &table->rows[r];

		buffer_append_text(out, cli_terminal_on(terminal, row->colour));
		write_cells(table, (const char *const *)row->cells, widths, out);
		buffer_append_text(out, cli_terminal_off(terminal, row->colour));
		buffer_append_byte(out, '\n');
	}
}

void
cli_table_print(const struct cli_table *table, const struct cli_terminal *terminal)
{
	struct buffer out = {0};

	cli_table_write(table, terminal, &out);
	cli_pager_print(terminal, bytes_of_buffer(&out));
	buffer_free(&out);
}

void
cli_table_free(struct cli_table *table)
{
	if (table == NULL)
		return;
	for (size_t r = 0; r < table->row_count; r++)
		free_row(&table->rows[r]);
	free(table->rows);
	free(table);
}
