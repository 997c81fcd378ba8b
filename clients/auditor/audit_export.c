/* clients/auditor/audit_export.c: the whole log as a table, for other tools. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clients/auditor/audit.h"
#include "clients/auditor/audit_open.h"
#include "clients/auditor/audit_text.h"
#include "protocol/host/lang.h"

static enum status
print_json(void *state, const struct audit_entry *entry)
{
	FILE *out = state;
	json_t *object = audit_text_json(entry, true);
	bool done = object != NULL && json_dumpf(object, out, JSON_COMPACT) == 0;

	json_decref(object);
	return done && fputc('\n', out) != EOF ? STATUS_OK : STATUS_IO;
}

/* RFC 4180; a cell that a spreadsheet might take for a formula is marked as text. */
static void
put_cell(FILE *out, struct bytes cell)
{
	const int first = cell.len > 0 ? cell.data[0] : 'a';
	const bool formula = strchr("=+-@\t\r", first) != NULL;

	fputs(formula ? ",\"'" : ",\"", out);
	for (size_t i = 0; i < cell.len; i++) {
		if (cell.data[i] == '"')
			fputc('"', out);
		fputc(cell.data[i], out);
	}
	fputc('"', out);
}

static enum status
print_csv(void *state, const struct audit_entry *entry)
{
	FILE *out = state;
	char hash[2 * SUITE_HASH_LEN + 1];
	struct audit_row row = {.kind = "unreadable"};
	struct leaf leaf;

	bytes_to_hex(BYTES(entry->hash.byte), hash);
	if (entry->leaf.data == NULL)
		row.kind = "not_held";
	else if (leaf_parse(entry->leaf, &leaf) == STATUS_OK)
		audit_text_row(&leaf, &row);
	fprintf(out, "%" PRIu64, entry->index);
	put_cell(out, bytes_of_text(row.time));
	put_cell(out, bytes_of_text(row.kind));
	put_cell(out, bytes_of_text(row.what));
	put_cell(out, row.from);
	put_cell(out, bytes_of_buffer(&row.to));
	put_cell(out, bytes_of_text(row.id));
	put_cell(out, bytes_of_text(row.case_token));
	put_cell(out, bytes_of_text(hash));
	fputs("\r\n", out);
	buffer_free(&row.to);
	return ferror(out) ? STATUS_IO : STATUS_OK;
}

enum audit_exit
audit_export(const struct audit_options *options)
{
	const bool csv = strcmp(options->format, "csv") == 0;
	struct audit_walk walk = {.entry = csv ? print_csv : print_json};
	struct audit_store *store;
	enum status rc;
	FILE *out;

	if (!csv && strcmp(options->format, "jsonl") != 0) {
		fprintf(stderr, _("saikne-audit: --format is jsonl or csv\n"));
		return AUDIT_USAGE;
	}
	if (!audit_open_free(options->out) || !audit_open_copy(options->log, &store))
		return AUDIT_FAILED;
	if ((walk.state = out = fopen(options->out, "wx")) == NULL) {
		fprintf(stderr, "saikne-audit: %s: %s\n", options->out, strerror(errno));
		audit_store_close(store);
		return AUDIT_FAILED;
	}
	if (csv)
		fputs("index,time,kind,what,from,to,id,case,leaf_hash\r\n", out);
	rc = audit_store_walk(store, &walk);
	if (fclose(out) != 0 && rc == STATUS_OK)
		rc = STATUS_IO;
	audit_store_close(store);
	if (rc != STATUS_OK) {
		unlink(options->out); /* half a table passes for a whole one */
		audit_open_failed(options->out, rc);
	}
	return rc == STATUS_OK ? AUDIT_OK : AUDIT_FAILED;
}
