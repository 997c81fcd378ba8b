/* protocol/host/database.h: SQLite as we use it: one writer, FULL sync, strict, migrated. */
#ifndef SAIKNE_DATABASE_H
#define SAIKNE_DATABASE_H

#include "protocol/base/bytes.h"
#include "protocol/base/status.h"

struct database;
struct query;

struct database_config {
	const char *path;
	/* Schema steps, oldest first; each runs once, inside one transaction, and
	 * user_version counts them. A database with a higher count is STATUS_NEWER_DATABASE. */
	const char *const *migrations;
	unsigned migration_count;
	unsigned page_size; /* bytes, for a new database; 0: 16384 */
	unsigned cache_kib; /* 0: 8192 */
	bool read_only;
};

/*
 * WAL, synchronous=FULL, foreign keys, trusted_schema off, DQS off, secure_delete, an exclusive
 * lock on PATH.lock for the writer (STATUS_IN_USE when another process holds it). What failed
 * is written to the operator's log (oplog) with a plain reason.
 */
MUST_CHECK enum status database_open(
    const struct database_config *config, struct database **out);
void database_close(struct database *db);

/* BEGIN IMMEDIATE. Transactions do not nest. */
MUST_CHECK enum status database_begin(struct database *db);
/*
 * COMMIT. KIND names what is committed ("journal", "outbox", ...): tests kill the process
 * before and after each kind. Anything but STATUS_OK leaves the outcome unknown: answer
 * nobody and end the process, the database will tell after the restart.
 */
MUST_CHECK enum status database_commit(struct database *db, const char *kind);
void database_rollback(struct database *db);
bool database_in_transaction(const struct database *db);

/*
 * Around several queries that only read: they see one state, and SQLite takes its locks once.
 * What would write in between is STATUS_INTERNAL. Neither nests, nor goes with database_begin().
 */
MUST_CHECK enum status database_look_begin(struct database *db);
void database_look_end(struct database *db);

/*
 * The prepared statement for SQL, reset and unbound, from a cache by the address of SQL, which
 * must be a string literal. Never two uses of one SQL at once.
 */
MUST_CHECK enum status database_query(struct database *db, const char *sql, struct query **out);

/*
 * Parameters from 1, columns from 0. Bound bytes must live until the query is done. A number
 * past INT64_MAX is STATUS_TOO_LARGE at the step.
 */
void query_bind_uint(struct query *query, int at, uint64_t value);
void query_bind_bytes(struct query *query, int at, struct bytes value); /* NULL data: NULL */
void query_bind_text(struct query *query, int at, struct bytes value);
/* Steps to the next row: STATUS_OK with *ROW true or false. After false the query is reset. */
MUST_CHECK enum status query_step(struct query *query, bool *row);
/*
 * Runs a query that yields no rows; STATUS_NO_SPACE when the disk is full. A constraint that
 * fails is our error (STATUS_INTERNAL, logged): what may exist already is looked up first, or
 * left to INSERT OR IGNORE and database_changes().
 */
MUST_CHECK enum status query_run(struct query *query);
/* Of the present row; views live until the next step. Absent: 0, { NULL, 0 }. */
uint64_t query_uint(struct query *query, int column);
struct bytes query_bytes(struct query *query, int column);
bool query_is_null(struct query *query, int column);
/* The column's bytes into OUT, which it must fill; false, and OUT untouched, where it does not. */
MUST_CHECK bool query_fixed(struct query *query, int column, void *out, size_t len);
/* Ends a query before its last row. */
void query_done(struct query *query);

/*
 * Of a bound query the first row alone, after which it has ended; STATUS_NOT_FOUND when there
 * is none. READ gives the present row to OUT, whole, or says no: STATUS_DATABASE, OUT untouched.
 */
typedef bool query_reader(struct query *query, void *out);
MUST_CHECK enum status query_first(struct query *query, query_reader *read, void *out);
/* All rows, into ROWS of SIZE bytes each; STATUS_TOO_LARGE when there are more than MOST. */
struct query_list {
	void *rows;
	size_t size, most;
	size_t count; /* how many were read, at the end */
};
MUST_CHECK enum status query_each(
    struct query *query, query_reader *read, struct query_list *list);
/* Its number, 0 for NULL: an aggregate always has a row. */
MUST_CHECK enum status query_number(struct query *query, uint64_t *out);
/* Appends its bytes. */
MUST_CHECK enum status query_append(struct query *query, struct buffer *out);
/* Whether there is a row. */
MUST_CHECK enum status query_any(struct query *query, bool *out);
/* Rows changed by the last query_run(). */
uint64_t database_changes(const struct database *db);

/* Bytes in the WAL as of the last commit. */
uint64_t database_wal_bytes(const struct database *db);
/*
 * Moves the WAL into the database: when idle, or when database_wal_bytes() passes 64 MiB.
 * With ERASE, truncates the WAL too, so that erased content leaves the disk. STATUS_AGAIN when
 * a reader or a transaction is in the way.
 */
MUST_CHECK enum status database_checkpoint(struct database *db, bool erase);
/* Whether at least BYTES are free on the database's disk. */
bool database_has_space(const struct database *db, uint64_t bytes);

#endif
