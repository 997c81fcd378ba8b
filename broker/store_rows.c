/* broker/store_rows.c: the few shapes of query that the SQLite store is made of. */
#include "broker/store_rows.h"

/* The first row of QUERY: STATUS_NOT_FOUND when there is none. query_done() after reading. */
enum status
store_rows_first(struct query *query)
{
	bool row = false;
	enum status rc = query_step(query, &row);

	if (rc == STATUS_OK && !row)
		rc = STATUS_NOT_FOUND;
	return rc;
}

enum status
store_rows_append(struct query *query, int column, struct buffer *out)
{
	buffer_append(out, query_bytes(query, column));
	return out->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

/* One number and one blob in. */
enum status
store_rows_put_blob(struct database *db, const char *sql, uint64_t at, struct bytes blob)
{
	struct query *query;
	enum status rc;

	if ((rc = database_query(db, sql, &query)) != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, at);
	query_bind_bytes(query, 2, blob);
	return query_run(query);
}

/* One blob, appended, by one number. */
enum status
store_rows_get_blob(struct database *db, const char *sql, uint64_t at, struct buffer *out)
{
	struct query *query;
	enum status rc;

	if ((rc = database_query(db, sql, &query)) != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, at);
	return query_append(query, out);
}

enum status
store_rows_put_number(struct database *db, const char *sql, uint64_t at, uint64_t number)
{
	struct query *query;
	enum status rc;

	if ((rc = database_query(db, sql, &query)) != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, at);
	query_bind_uint(query, 2, number);
	return query_run(query);
}

enum status
store_rows_get_number(struct database *db, const char *sql, uint64_t at, uint64_t *number)
{
	struct query *query;
	enum status rc;

	if ((rc = database_query(db, sql, &query)) != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, at);
	return query_number(query, number);
}
