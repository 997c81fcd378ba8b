/* broker/store_rows.h: the few shapes of query that the SQLite store is made of. */
#ifndef SAIKNE_STORE_ROWS_H
#define SAIKNE_STORE_ROWS_H

#include "protocol/host/database.h"

/* SQL is a literal in each (database_query()). */

/* The first row of QUERY: STATUS_NOT_FOUND when there is none. query_done() after reading. */
MUST_CHECK enum status store_rows_first(struct query *query);
/* Appends a column of the present row. */
MUST_CHECK enum status store_rows_append(struct query *query, int column, struct buffer *out);
/* One number and one blob in. */
MUST_CHECK enum status store_rows_put_blob(
    struct database *db, const char *sql, uint64_t at, struct bytes blob);
/* One blob, appended, by one number. */
MUST_CHECK enum status store_rows_get_blob(
    struct database *db, const char *sql, uint64_t at, struct buffer *out);
/* Two numbers in. */
MUST_CHECK enum status store_rows_put_number(
    struct database *db, const char *sql, uint64_t at, uint64_t number);
/* One number by another. */
MUST_CHECK enum status store_rows_get_number(
    struct database *db, const char *sql, uint64_t at, uint64_t *number);

#endif
