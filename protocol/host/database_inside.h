/* protocol/host/database_inside.h: what database.c, database_open.c and query.c share, and nobody else sees. */
#ifndef SAIKNE_DATABASE_INSIDE_H
#define SAIKNE_DATABASE_INSIDE_H

#include <sqlite3.h>

#include "protocol/host/database.h"

#define DATABASE_BUSY_MS 2000
#define DATABASE_BUCKETS 256 /* of the statement cache; a power of two, see query.c */

struct query {
	struct database *db;
	struct query *next; /* in its bucket */
	const char *sql;
	sqlite3_stmt *statement;
	enum status bound; /* what went wrong while binding */
};

/*
 * Invariants:
 * 1. Between database_begin() and the commit or rollback nothing runs outside the transaction,
 *    even when SQLite ended it by itself after an error (query.c).
 * 2. Between database_look_begin() and database_look_end() nothing is written (query.c).
 * 3. A file of a newer schema is closed as it was found: nothing is written before its
 *    version is known, and closing does not checkpoint before that (database_open.c).
 */
struct database {
	sqlite3 *handle;
	char *path;
	int lock;
	bool read_only;
	bool in_transaction;
	bool in_snapshot;
	enum status told; /* logged and not yet over: a full disk is told once */
	uint64_t page_size;
	uint64_t wal_bytes;
	struct query *buckets[DATABASE_BUCKETS];
};

/* Logs what SQLite's CODE means while DOING something (a literal) and gives its status. */
enum status database_failure(struct database *db, int code, const char *doing);
/* The rest of database_query(). */
MUST_CHECK enum status query_of(struct database *db, const char *sql, struct query **out);
void query_reset_all(struct database *db);
void query_close_all(struct database *db);

#endif
