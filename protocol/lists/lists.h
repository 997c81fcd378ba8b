/* protocol/lists/lists.h: the field's lists (codes with labels), built in from the CSV files beside this. */
#ifndef SAIKNE_LISTS_H
#define SAIKNE_LISTS_H

#include "protocol/base/bytes.h"
#include "protocol/base/status.h"

/*
 * A list is a CSV file (RFC 4180) of this folder; its name is the file's, without ".csv".
 * Rows and columns are parsed once, by lists_start(); every text returned lives as long as the
 * process. lists_start() fails only when a built-in file is malformed, which tests exclude.
 */
MUST_CHECK enum status lists_start(void);

struct list;

/* NULL when there is none. */
const struct list *list_named(const char *name);
/* Walks the lists; NULL past the end. */
const struct list *list_at(unsigned i);
const char *list_name(const struct list *list);
unsigned list_rows(const struct list *list);
unsigned list_columns(const struct list *list);
const char *list_column_name(const struct list *list, unsigned column);
/* The text at ROW and the column named; "" when absent or no such column. */
const char *list_text(const struct list *list, unsigned row, const char *column);
/* The row whose column "code" is CODE. */
MUST_CHECK bool list_find(const struct list *list, struct bytes code, unsigned *row);
bool list_has(const char *name, struct bytes code);
/* The label of CODE, of the list NAME, in LANGUAGE ("lv" or "en"); CODE when unknown. */
const char *list_label(const char *name, const char *code, const char *language);

#endif
