/* protocol/lists/lists.c: builds the CSV files beside this into the program and reads them. */
#include "protocol/lists/lists.h"

#include <stdlib.h>
#include <string.h>

/* THE list of lists: a name for the assembler, and the file's name without ".csv". */
#define LISTS(LIST)                                                                            \
	LIST(absence_reasons, "absence-reasons")                                               \
	LIST(age_bands, "age-bands")                                                           \
	LIST(attested_statuses, "attested-statuses")                                           \
	LIST(calendar, "calendar")                                                             \
	LIST(cancel_reasons, "cancel-reasons")                                                 \
	LIST(capacities, "capacities")                                                         \
	LIST(categories, "categories")                                                         \
	LIST(child_consents, "child-consents")                                                 \
	LIST(claim_reasons, "claim-reasons")                                                   \
	LIST(consent_methods, "consent-methods")                                               \
	LIST(consent_notices, "consent-notices")                                               \
	LIST(consent_rules, "consent-rules")                                                   \
	LIST(convening_grounds, "convening-grounds")                                           \
	LIST(cooperation_groups, "cooperation-groups")                                         \
	LIST(custody_events, "custody-events")                                                 \
	LIST(deadlines, "deadlines")                                                           \
	LIST(decline_reasons, "decline-reasons")                                               \
	LIST(disputes, "disputes")                                                             \
	LIST(erasure_reasons, "erasure-reasons")                                               \
	LIST(error_reasons, "error-reasons")                                                   \
	LIST(escalation_levels, "escalation-levels")                                           \
	LIST(fail_reasons, "fail-reasons")                                                     \
	LIST(family_told, "family-told")                                                       \
	LIST(follow_ups, "follow-ups")                                                         \
	LIST(glossary, "glossary")                                                             \
	LIST(handling, "handling")                                                             \
	LIST(hold_reasons, "hold-reasons")                                                     \
	LIST(incidents, "incidents")                                                           \
	LIST(indicators, "indicators")                                                         \
	LIST(institution_kinds, "institution-kinds")                                           \
	LIST(ladder, "ladder")                                                                 \
	LIST(leave_reasons, "leave-reasons")                                                   \
	LIST(legal_bases, "legal-bases")                                                       \
	LIST(link_kinds, "link-kinds")                                                         \
	LIST(notice_actions, "notice-actions")                                                 \
	LIST(outcomes, "outcomes")                                                             \
	LIST(owed, "owed")                                                                     \
	LIST(profiles, "profiles")                                                             \
	LIST(purposes, "purposes")                                                             \
	LIST(refusal_reasons, "refusal-reasons")                                               \
	LIST(reopen_reasons, "reopen-reasons")                                                 \
	LIST(retention, "retention")                                                           \
	LIST(risk_catalogue, "risk-catalogue")                                                 \
	LIST(risk_groups, "risk-groups")                                                       \
	LIST(roles, "roles")                                                                   \
	LIST(schools_ventspils, "schools-ventspils")                                           \
	LIST(sitting_results, "sitting-results")                                               \
	LIST(sitting_rules, "sitting-rules")                                                   \
	LIST(stop_answers, "stop-answers")                                                     \
	LIST(stop_reasons, "stop-reasons")                                                     \
	LIST(support_providers, "support-providers")                                           \
	LIST(transfer_reasons, "transfer-reasons")                                             \
	LIST(urgencies, "urgencies")                                                           \
	LIST(view_reasons, "view-reasons")                                                     \
	LIST(withhold_reasons, "withhold-reasons")

/* The files' bytes, from the root of the sources, where the compiler is started. */
#define EMBED(symbol, file)                                                                    \
	__asm__(".pushsection .rodata\n"                                                       \
		"lists_csv_" #symbol ":\n"                                                     \
		".incbin \"protocol/lists/" file ".csv\"\n"                                    \
		"lists_csv_end_" #symbol ":\n"                                                 \
		".byte 0\n"                                                                    \
		".popsection\n");                                                              \
	extern const char lists_csv_##symbol[], lists_csv_end_##symbol[];
LISTS(EMBED)
#undef EMBED

#define COLUMNS_MAX 24
#define ROWS_MAX    1000

struct list {
	const char *name;
	const char *csv, *end;
	char *text;        /* every field, each ended by a NUL */
	const char **cell; /* rows + 1 times columns; the header row comes first */
	unsigned rows, columns;
	unsigned code; /* the column "code"; COLUMNS when there is none */
};

#define ROW(symbol, file)                                                                      \
	{.name = file, .csv = lists_csv_##symbol, .end = lists_csv_end_##symbol},
static struct list lists[] = {LISTS(ROW)};
#undef ROW

#define COUNT (sizeof(lists) / sizeof(lists[0]))

/* ---- Reading ----------------------------------------------------------------------------- */

struct reader {
	const char *at, *end;
	char *out;
};

enum after { AFTER_FIELD, AFTER_ROW, AFTER_ALL, AFTER_FAULT };

/* A field in quotes, from behind the first; false when the last is missing. */
static bool
read_quoted(struct reader *r)
{
	for (; r->at < r->end; r->at++) {
		if (*r->at == '"') {
			r->at++;
			if (r->at == r->end || *r->at != '"')
				return true;
		}
		*r->out++ = *r->at;
	}
	return false;
}

/* Reads one field and what ends it. */
static enum after
read_field(struct reader *r, const char **field)
{
	*field = r->out;
	if (r->at < r->end && *r->at == '"') {
		r->at++;
		if (!read_quoted(r))
			return AFTER_FAULT;
	} else {
		while (r->at < r->end && strchr(",\r\n", *r->at) == NULL) {
			if (*r->at == '"')
				return AFTER_FAULT;
			*r->out++ = *r->at++;
		}
	}
	*r->out++ = '\0';
	if (r->at == r->end)
		return AFTER_ALL;
	if (*r->at == ',') {
		r->at++;
		return AFTER_FIELD;
	}
	if (*r->at == '\r')
		r->at++;
	if (r->at == r->end || *r->at++ != '\n')
		return AFTER_FAULT;
	return r->at == r->end ? AFTER_ALL : AFTER_ROW;
}

/* Reads one row into CELL; the number of its fields goes to WIDTH. */
static enum after
read_row(struct reader *r, const char *cell[static COLUMNS_MAX], unsigned *width)
{
	enum after after;

	*width = 0;
	do {
		if (*width == COLUMNS_MAX)
			return AFTER_FAULT;
		after = read_field(r, &cell[(*width)++]);
	} while (after == AFTER_FIELD);
	return after;
}

static bool
all_utf8(const char *cell[static COLUMNS_MAX], unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		if (!bytes_is_utf8(bytes_of_text(cell[i])))
			return false;
	return true;
}

static bool
keep_row(struct list *list, const char *cell[static COLUMNS_MAX], unsigned row)
{
	size_t size = sizeof(*cell) * list->columns;
	const char **grown = size == 0 ? NULL : realloc(list->cell, size * (row + 1));

	if (grown == NULL)
		return false;
	list->cell = grown;
	memcpy(list->cell + (size_t)row * list->columns, cell, size);
	return true;
}

static unsigned
column_of(const struct list *list, const char *name)
{
	unsigned column = 0;

	while (column < list->columns && strcmp(list->cell[column], name) != 0)
		column++;
	return column;
}

static const char *
cell_at(const struct list *list, unsigned row, unsigned column)
{
	return list->cell[(size_t)(row + 1) * list->columns + column];
}

static bool
codes_unique(const struct list *list)
{
	unsigned found;

	for (unsigned row = 0; list->code < list->columns && row < list->rows; row++)
		if (!list_find(list, bytes_of_text(cell_at(list, row, list->code)), &found) ||
		    found != row)
			return false;
	return true;
}

static enum status
read_list(struct list *list)
{
	size_t len = (size_t)(list->end - list->csv);
	const char *cell[COLUMNS_MAX];
	struct reader r = {.at = list->csv, .end = list->end};
	enum after after = AFTER_ROW;
	unsigned width, row;

	if (len == 0)
		return STATUS_MALFORMED;
	/* Every field loses a separator or a quote, and only the last gains its NUL. */
	if ((list->text = malloc(len + 1)) == NULL)
		return STATUS_NO_MEMORY;
	r.out = list->text;
	for (row = 0; after == AFTER_ROW; row++) {
		after = read_row(&r, cell, &width);
		if (row == 0)
			list->columns = width;
		if (after == AFTER_FAULT || width != list->columns || row > ROWS_MAX ||
		    !all_utf8(cell, width))
			return STATUS_MALFORMED;
		if (!keep_row(list, cell, row))
			return STATUS_NO_MEMORY;
	}
	list->rows = row - 1;
	list->code = column_of(list, "code");
	return codes_unique(list) ? STATUS_OK : STATUS_MALFORMED;
}

static void
drop(struct list *list)
{
	free(list->text);
	free(list->cell);
	list->text = NULL;
	list->cell = NULL;
	list->rows = list->columns = 0;
}

enum status
lists_start(void)
{
	enum status rc;

	for (size_t i = 0; i < COUNT; i++)
		if (lists[i].rows == 0 && (rc = read_list(&lists[i])) != STATUS_OK) {
			drop(&lists[i]);
			return rc;
		}
	return STATUS_OK;
}

/* ---- Looking up -------------------------------------------------------------------------- */

const struct list *
list_named(const char *name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(lists[i].name, name) == 0)
			return &lists[i];
	return NULL;
}

const struct list *
list_at(unsigned i)
{
	return i < COUNT ? &lists[i] : NULL;
}

const char *
list_name(const struct list *list)
{
	return list->name;
}

unsigned
list_rows(const struct list *list)
{
	return list->rows;
}

unsigned
list_columns(const struct list *list)
{
	return list->columns;
}

const char *
list_column_name(const struct list *list, unsigned column)
{
	return column < list->columns ? list->cell[column] : "";
}

const char *
list_text(const struct list *list, unsigned row, const char *column)
{
	unsigned at = column_of(list, column);

	return row < list->rows && at < list->columns ? cell_at(list, row, at) : "";
}

bool
list_find(const struct list *list, struct bytes code, unsigned *row)
{
	for (unsigned i = 0; list->code < list->columns && i < list->rows; i++)
		if (bytes_is_text(code, cell_at(list, i, list->code))) {
			*row = i;
			return true;
		}
	return false;
}

bool
list_has(const char *name, struct bytes code)
{
	const struct list *list = list_named(name);
	unsigned row;

	return list != NULL && list_find(list, code, &row);
}

const char *
list_label(const char *name, const char *code, const char *language)
{
	const struct list *list = list_named(name);
	const char *label = "";
	unsigned row;

	if (list != NULL && list_find(list, bytes_of_text(code), &row))
		label =
		    list_text(list, row, strcmp(language, "lv") == 0 ? "label_lv" : "label_en");
	return label[0] != '\0' ? label : code;
}
