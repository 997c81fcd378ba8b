/* protocol/host/database.c: what SQLite reports, transactions, and space. */
#include "protocol/host/database.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

#include "protocol/host/database_inside.h"
#include "protocol/host/fault.h"
#include "protocol/host/oplog.h"

/* ---- Errors ------------------------------------------------------------------------------ */

static bool
is_disk_full(struct database *db, int code)
{
	int saved = sqlite3_system_errno(db->handle);

	/* A quota and a limit on file sizes are a full disk to us. */
	return (code & 0xff) == SQLITE_FULL ||
	       ((code & 0xff) == SQLITE_IOERR &&
		   (saved == ENOSPC || saved == EDQUOT || saved == EFBIG));
}

static enum status
classify(struct database *db, int code)
{
	if (is_disk_full(db, code))
		return STATUS_NO_SPACE;
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return STATUS_NO_MEMORY;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STATUS_IN_USE;
	case SQLITE_TOOBIG:
		return STATUS_TOO_LARGE;
	case SQLITE_CANTOPEN:
		return STATUS_IO;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_IOERR:
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return STATUS_DATABASE;
	default:
		/* Our SQL, our constraints, our use of the library. */
		return STATUS_INTERNAL;
	}
}

/* What to do about it, for the operator. */
static const char *
advice(int code)
{
	switch (code & 0xff) {
	case SQLITE_CORRUPT:
		return "; the file is damaged: stop, keep it, restore a backup";
	case SQLITE_NOTADB:
		return "; not a database of ours, or damaged: check the path, or "
		       "restore a backup";
	case SQLITE_IOERR:
		return "; check the disk";
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return "; check that the file and its folder exist and are ours to write";
	default:
		return "";
	}
}

/* SQLite's texts name tables and columns, never values; DOING is a literal of ours. */
enum status
database_failure(struct database *db, int code, const char *doing)
{
	enum status rc = classify(db, code);
	int kind = code & 0xff;
	/* Of other kinds it is what an earlier failure left. */
	int cause = kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN
	                ? sqlite3_system_errno(db->handle)
	                : 0;

	if (db->told == rc && rc == STATUS_NO_SPACE)
		return rc;
	db->told = rc;
	if (rc == STATUS_NO_SPACE)
		oplog(OPLOG_ERROR,
		    "%s: the disk is full; nothing is stored until there is space", db->path);
	else
		oplog(OPLOG_ERROR, "%s: %s: %s%s%s%s", db->path, doing,
		    sqlite3_errmsg(db->handle), advice(code), cause != 0 ? ": " : "",
		    cause != 0 ? strerror(cause) : "");
	return rc;
}

/* ---- Transactions ------------------------------------------------------------------------ */

static enum status
run_literal(struct database *db, const char *sql)
{
	struct query *query;
	enum status rc = database_query(db, sql, &query);

	return rc == STATUS_OK ? query_run(query) : rc;
}

enum status
database_begin(struct database *db)
{
	enum status rc;

	assert(!db->in_transaction && !db->in_snapshot);
	if ((rc = run_literal(db, "BEGIN IMMEDIATE")) == STATUS_OK)
		db->in_transaction = true;
	return rc;
}

enum status
database_commit(struct database *db, const char *kind)
{
	enum status rc;

	assert(db->in_transaction);
	fault_before(kind);
	if ((rc = run_literal(db, "COMMIT")) != STATUS_OK)
		return rc;
	db->in_transaction = false;
	db->told = STATUS_OK;
	fault_after(kind);
	return STATUS_OK;
}

void
database_rollback(struct database *db)
{
	if (!db->in_transaction)
		return;
	db->in_transaction = false;
	/* Whoever failed half-way left its queries where they stood. */
	query_reset_all(db);
	if (!sqlite3_get_autocommit(db->handle) &&
	    sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK)
		oplog(OPLOG_ERROR, "%s: ROLLBACK: %s", db->path, sqlite3_errmsg(db->handle));
}

enum status
database_look_begin(struct database *db)
{
	enum status rc;

	assert(!db->in_transaction && !db->in_snapshot);
	if ((rc = run_literal(db, "BEGIN DEFERRED")) == STATUS_OK)
		db->in_snapshot = true;
	return rc;
}

/* Nothing was written, so there is nothing to lose: rolling back cannot fail half-way. */
void
database_look_end(struct database *db)
{
	if (!db->in_snapshot)
		return;
	db->in_snapshot = false;
	query_reset_all(db);
	if (!sqlite3_get_autocommit(db->handle) &&
	    sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK)
		oplog(OPLOG_ERROR, "%s: ROLLBACK: %s", db->path, sqlite3_errmsg(db->handle));
}

bool
database_in_transaction(const struct database *db)
{
	return db->in_transaction;
}

enum status
database_query(struct database *db, const char *sql, struct query **out)
{
	return query_of(db, sql, out);
}

uint64_t
database_changes(const struct database *db)
{
	return (uint64_t)sqlite3_changes64(db->handle);
}

/* ---- Space ------------------------------------------------------------------------------- */

uint64_t
database_wal_bytes(const struct database *db)
{
	return db->wal_bytes;
}

enum status
database_checkpoint(struct database *db, bool erase)
{
	int frames = 0, moved = 0, code;

	if (db->in_transaction || db->in_snapshot)
		return STATUS_AGAIN;
	/* Readers are not waited for: whoever calls has other work and calls again. */
	sqlite3_busy_timeout(db->handle, 0);
	code = sqlite3_wal_checkpoint_v2(db->handle, "main",
	    erase ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, &frames, &moved);
	sqlite3_busy_timeout(db->handle, DATABASE_BUSY_MS);
	if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED)
		return STATUS_AGAIN;
	if (code != SQLITE_OK)
		return database_failure(db, code, "checkpoint");
	/* All moved: the next commit starts the WAL anew. */
	if (frames == moved)
		db->wal_bytes = 0;
	return STATUS_OK;
}

bool
database_has_space(const struct database *db, uint64_t bytes)
{
	struct statvfs disk;

	/* Not knowing is no reason to refuse: a write says so itself. */
	if (statvfs(db->path, &disk) != 0 || disk.f_frsize == 0)
		return true;
	return disk.f_bavail > bytes / disk.f_frsize;
}
