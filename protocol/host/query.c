/* protocol/host/query.c: prepared statements: cached, bound, stepped. */
#include "protocol/host/database_inside.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/host/oplog.h"

static struct query **
bucket(struct database *db, const char *sql)
{
	/* Fibonacci hashing: literals lie at addresses that share their low bits. */
	uint64_t mixed = (uint64_t)(uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15);

	return &db->buckets[mixed >> 56];
}

static enum status
prepare(struct database *db, const char *sql, struct query **out)
{
	struct query **at = bucket(db, sql);
	struct query *query = calloc(1, sizeof(*query));
	int code;

	if (query == NULL)
		return STATUS_NO_MEMORY;
	code = sqlite3_prepare_v3(
	    db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &query->statement, NULL);
	if (code != SQLITE_OK) {
		free(query);
		return database_failure(db, code, sql);
	}
	query->db = db;
	query->sql = sql;
	query->next = *at;
	*at = query;
	*out = query;
	return STATUS_OK;
}

enum status
query_of(struct database *db, const char *sql, struct query **out)
{
	struct query *query = *bucket(db, sql);

	while (query != NULL && query->sql != sql)
		query = query->next;
	if (query == NULL)
		return prepare(db, sql, out);
	if (sqlite3_stmt_busy(query->statement)) {
		/* Going on would pull the rows from under whoever still reads them. */
		oplog(OPLOG_ERROR, "%s: used twice at once: %s", db->path, sql);
		query_done(query);
		return STATUS_INTERNAL;
	}
	sqlite3_clear_bindings(query->statement);
	query->bound = STATUS_OK;
	*out = query;
	return STATUS_OK;
}

static void
bound(struct query *query, int code)
{
	if (code != SQLITE_OK && query->bound == STATUS_OK)
		query->bound = database_failure(query->db, code, query->sql);
}

void
query_bind_uint(struct query *query, int at, uint64_t value)
{
	/* SQLite's integers are signed: a larger one would come back in another order. */
	if (value > INT64_MAX)
		query->bound = STATUS_TOO_LARGE;
	else
		bound(query, sqlite3_bind_int64(query->statement, at, (sqlite3_int64)value));
}

void
query_bind_bytes(struct query *query, int at, struct bytes value)
{
	bound(query, value.data == NULL ? sqlite3_bind_null(query->statement, at)
					: sqlite3_bind_blob64(query->statement, at, value.data,
					      value.len, SQLITE_STATIC));
}

void
query_bind_text(struct query *query, int at, struct bytes value)
{
	bound(query, value.data == NULL
			 ? sqlite3_bind_null(query->statement, at)
			 : sqlite3_bind_text64(query->statement, at, (const char *)value.data,
			       value.len, SQLITE_STATIC, SQLITE_UTF8));
}

enum status
query_step(struct query *query, bool *row)
{
	struct database *db = query->db;
	enum status rc;
	int code;

	if (query->bound != STATUS_OK)
		return query->bound;
	/* Invariant 1. */
	if (db->in_transaction && sqlite3_get_autocommit(db->handle))
		return db->told != STATUS_OK ? db->told : STATUS_DATABASE;
	/* Invariant 2. */
	if (db->in_snapshot && !sqlite3_stmt_readonly(query->statement)) {
		oplog(OPLOG_ERROR, "%s: written while looking: %s", db->path, query->sql);
		return STATUS_INTERNAL;
	}
	code = sqlite3_step(query->statement);
	if (code == SQLITE_ROW || code == SQLITE_DONE) {
		*row = code == SQLITE_ROW;
		if (code == SQLITE_DONE)
			sqlite3_reset(query->statement);
		return STATUS_OK;
	}
	rc = database_failure(db, code, query->sql);
	sqlite3_reset(query->statement);
	return rc;
}

enum status
query_run(struct query *query)
{
	bool row = false;
	enum status rc = query_step(query, &row);

	if (rc == STATUS_OK && row) {
		oplog(OPLOG_ERROR, "%s: rows where none are read: %s", query->db->path,
		    query->sql);
		query_done(query);
		rc = STATUS_INTERNAL;
	}
	return rc;
}

uint64_t
query_uint(struct query *query, int column)
{
	return (uint64_t)sqlite3_column_int64(query->statement, column);
}

struct bytes
query_bytes(struct query *query, int column)
{
	/* In this order: asking for the bytes may convert, and the length is then theirs. */
	const uint8_t *data = sqlite3_column_blob(query->statement, column);

	return (struct bytes){data, (size_t)sqlite3_column_bytes(query->statement, column)};
}

bool
query_fixed(struct query *query, int column, void *out, size_t len)
{
	struct bytes found = query_bytes(query, column);

	if (found.len != len)
		return false;
	memcpy(out, found.data, len);
	return true;
}

bool
query_is_null(struct query *query, int column)
{
	return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

void
query_done(struct query *query)
{
	sqlite3_reset(query->statement);
}

/* ---- Rows by a reader --------------------------------------------------------------------- */

enum status
query_first(struct query *query, query_reader *read, void *out)
{
	bool row = false, whole;
	enum status rc;

	if ((rc = query_step(query, &row)) != STATUS_OK)
		return rc;
	if (!row)
		return STATUS_NOT_FOUND;
	whole = read(query, out);
	query_done(query);
	return whole ? STATUS_OK : STATUS_DATABASE;
}

enum status
query_each(struct query *query, query_reader *read, struct query_list *list)
{
	bool row = false;
	enum status rc;

	list->count = 0;
	while ((rc = query_step(query, &row)) == STATUS_OK && row) {
		if (list->count == list->most)
			rc = STATUS_TOO_LARGE;
		else if (!read(query, (char *)list->rows + list->count * list->size))
			rc = STATUS_DATABASE;
		if (rc != STATUS_OK) {
			query_done(query);
			return rc;
		}
		list->count++;
	}
	return rc;
}

static bool
read_number(struct query *query, void *out)
{
	*(uint64_t *)out = query_uint(query, 0);
	return true;
}

enum status
query_number(struct query *query, uint64_t *out)
{
	return query_first(query, read_number, out);
}

static bool
append_bytes(struct query *query, void *out)
{
	buffer_append(out, query_bytes(query, 0));
	return true;
}

enum status
query_append(struct query *query, struct buffer *out)
{
	enum status rc = query_first(query, append_bytes, out);

	return rc == STATUS_OK && out->failed ? STATUS_NO_MEMORY : rc;
}

static bool
read_nothing(struct query *query, void *out)
{
	(void)query;
	(void)out;
	return true;
}

enum status
query_any(struct query *query, bool *out)
{
	enum status rc = query_first(query, read_nothing, NULL);

	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
		return rc;
	*out = rc == STATUS_OK;
	return STATUS_OK;
}

/* ---- All of a database --------------------------------------------------------------------- */

void
query_reset_all(struct database *db)
{
	for (size_t i = 0; i < DATABASE_BUCKETS; i++)
		for (struct query *query = db->buckets[i]; query != NULL; query = query->next)
			query_done(query);
}

void
query_close_all(struct database *db)
{
	struct query *query, *next;

	for (size_t i = 0; i < DATABASE_BUCKETS; i++)
		for (query = db->buckets[i]; query != NULL; query = next) {
			next = query->next;
			sqlite3_finalize(query->statement);
			free(query);
		}
}
