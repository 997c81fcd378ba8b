/* protocol/host/database_open.c: a database is locked, checked, set up and migrated; and closed. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/host/database_inside.h"
#include "protocol/host/fault.h"
#include "protocol/host/oplog.h"

#define PAGE_SIZE    16384
#define CACHE_KIB    8192
#define WAL_HEADER   32
#define WAL_PER_PAGE 24

/* The lock is the file's, not its content's: it is never removed, so nobody locks another. */
static enum status
take_lock(struct database *db)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s.lock", db->path);

	if (len < 0 || (size_t)len >= sizeof(path))
		return STATUS_ARGUMENT;
	if ((db->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) < 0) {
		oplog(OPLOG_ERROR, "%s: the lock file cannot be opened: %s", path,
		    strerror(errno));
		return errno == ENOSPC ? STATUS_NO_SPACE : STATUS_IO;
	}
	if (flock(db->lock, LOCK_EX | LOCK_NB) != 0) {
		oplog(OPLOG_ERROR, "%s: another process has this database open", db->path);
		return STATUS_IN_USE;
	}
	return STATUS_OK;
}

/* SQLite gives the WAL the database's mode, so only the database has to be private. */
static enum status
create_private(struct database *db)
{
	int fd = open(db->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	else if (errno != EEXIST) {
		oplog(OPLOG_ERROR, "%s: the database cannot be created: %s", db->path,
		    strerror(errno));
		return errno == ENOSPC ? STATUS_NO_SPACE : STATUS_IO;
	}
	return STATUS_OK;
}

/* Nobody asks how much memory SQLite has, and counting takes a lock for each piece of it. */
static void
configure_library(void)
{
	static bool done;

	if (!done && sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK)
		oplog(OPLOG_DEBUG, "SQLite runs already: it goes on counting its memory");
	done = true;
}

static enum status
connect_file(struct database *db)
{
	static const struct {
		int option, value;
	} settings[] = {
	    {SQLITE_DBCONFIG_DEFENSIVE, 1}, {SQLITE_DBCONFIG_DQS_DML, 0},
	    {SQLITE_DBCONFIG_DQS_DDL, 0}, {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
	    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
	    {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1}, /* invariant 3 */
	};
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
	            (db->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
	int code;

	configure_library();
	code = sqlite3_open_v2(db->path, &db->handle, flags, fault_vfs());
	if (db->handle == NULL)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; code == SQLITE_OK && i < sizeof(settings) / sizeof(settings[0]); i++)
		code = sqlite3_db_config(
		    db->handle, settings[i].option, settings[i].value, (int *)NULL);
	if (code == SQLITE_OK)
		code = sqlite3_busy_timeout(db->handle, DATABASE_BUSY_MS);
	return code == SQLITE_OK ? STATUS_OK : database_failure(db, code, "opening");
}

/* Runs SQL and gives the first column of its first row: 0 when there is none. */
static enum status
ask(struct database *db, const char *sql, sqlite3_int64 *number, char *text, size_t size)
{
	sqlite3_stmt *statement = NULL;
	const unsigned char *value;
	int code = sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW && number != NULL)
		*number = sqlite3_column_int64(statement, 0);
	if (code == SQLITE_ROW && text != NULL) {
		value = sqlite3_column_text(statement, 0);
		snprintf(text, size, "%s", value != NULL ? (const char *)value : "");
	}
	if (code == SQLITE_ROW || code == SQLITE_DONE)
		code = SQLITE_OK;
	/* The message is the connection's and must be read before the statement goes. */
	if (code != SQLITE_OK) {
		enum status rc = database_failure(db, code, sql);

		sqlite3_finalize(statement);
		return rc;
	}
	sqlite3_finalize(statement);
	return STATUS_OK;
}

static enum status
check_version(struct database *db, const struct database_config *config, unsigned *version)
{
	sqlite3_int64 found = 0;
	enum status rc;

	if ((rc = ask(db, "PRAGMA user_version", &found, NULL, 0)) != STATUS_OK)
		return rc;
	if (found < 0 || found > config->migration_count) {
		oplog(OPLOG_ERROR,
		    "%s: written by a newer version (schema %lld, this program knows %u); "
		    "install that version; nothing was changed",
		    db->path, (long long)found, config->migration_count);
		return STATUS_NEWER_DATABASE;
	}
	*version = (unsigned)found;
	return STATUS_OK;
}

static int
note_wal(void *arg, sqlite3 *handle, const char *name, int pages)
{
	struct database *db = arg;

	(void)handle;
	(void)name;
	db->wal_bytes = WAL_HEADER + (uint64_t)pages * (db->page_size + WAL_PER_PAGE);
	return SQLITE_OK;
}

/* How a writer works: every setting that touches the file. */
static enum status
set_up_writer(struct database *db, const struct database_config *config)
{
	char sql[128], mode[8] = "";
	sqlite3_int64 page_size = 0;
	char wal_path[PATH_MAX];
	struct stat wal;
	enum status rc;

	/* A page of 16 KiB holds a 2 KiB body at twice the speed of one of 4 KiB. */
	snprintf(sql, sizeof(sql), "PRAGMA page_size=%u",
	    config->page_size != 0 ? config->page_size : PAGE_SIZE);
	if ((rc = ask(db, sql, NULL, NULL, 0)) != STATUS_OK ||
	    (rc = ask(db, "PRAGMA journal_mode=WAL", NULL, mode, sizeof(mode))) != STATUS_OK ||
	    (rc = ask(db, "PRAGMA synchronous=FULL", NULL, NULL, 0)) != STATUS_OK ||
	    (rc = ask(db, "PRAGMA secure_delete=ON", NULL, NULL, 0)) != STATUS_OK ||
	    (rc = ask(db, "PRAGMA page_size", &page_size, NULL, 0)) != STATUS_OK)
		return rc;
	if (strcmp(mode, "wal") != 0) {
		oplog(OPLOG_ERROR, "%s: no write-ahead log here (%s); use a local disk",
		    db->path, mode);
		return STATUS_DATABASE;
	}
	db->page_size = (uint64_t)page_size;
	/* A checkpoint inside a commit would hold up what waits for it. This also clears the
	 * hook, so it goes first. */
	sqlite3_wal_autocheckpoint(db->handle, 0);
	sqlite3_wal_hook(db->handle, note_wal, db);
	if (snprintf(wal_path, sizeof(wal_path), "%s-wal", db->path) < (int)sizeof(wal_path) &&
	    stat(wal_path, &wal) == 0)
		db->wal_bytes = (uint64_t)wal.st_size;
	return STATUS_OK;
}

static enum status
set_up(struct database *db, const struct database_config *config)
{
	char sql[64];
	enum status rc;

	if (!db->read_only && (rc = set_up_writer(db, config)) != STATUS_OK)
		return rc;
	/* After the page size is settled: SQLite counts the cache in pages as large as now. */
	snprintf(sql, sizeof(sql), "PRAGMA cache_size=-%u",
	    config->cache_kib != 0 ? config->cache_kib : CACHE_KIB);
	/* Sorting must not spill content into files of its own. */
	if ((rc = ask(db, sql, NULL, NULL, 0)) != STATUS_OK ||
	    (rc = ask(db, "PRAGMA temp_store=MEMORY", NULL, NULL, 0)) != STATUS_OK)
		return rc;
	return ask(db, "PRAGMA cell_size_check=ON", NULL, NULL, 0);
}

/* One schema step with the count that says it was done, or neither. */
static enum status
migrate_step(struct database *db, const char *step, unsigned version)
{
	char sql[64];
	enum status rc;
	int code;

	if ((rc = database_begin(db)) != STATUS_OK)
		return rc;
	snprintf(sql, sizeof(sql), "PRAGMA user_version=%u", version);
	if ((code = sqlite3_exec(db->handle, step, NULL, NULL, NULL)) != SQLITE_OK ||
	    (code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL)) != SQLITE_OK) {
		snprintf(sql, sizeof(sql), "schema step %u", version);
		rc = database_failure(db, code, sql);
	} else if (sqlite3_get_autocommit(db->handle)) {
		oplog(
		    OPLOG_ERROR, "%s: schema step %u ended its transaction", db->path, version);
		rc = STATUS_INTERNAL;
	}
	if (rc == STATUS_OK)
		rc = database_commit(db, "migration");
	if (rc != STATUS_OK)
		database_rollback(db);
	return rc;
}

static enum status
migrate(struct database *db, const struct database_config *config, unsigned version)
{
	char loose[64] = "";
	enum status rc = STATUS_OK;

	if (db->read_only && version < config->migration_count) {
		oplog(OPLOG_ERROR, "%s: of an older version; start its own program once, first",
		    db->path);
		return STATUS_DATABASE;
	}
	for (unsigned i = version; i < config->migration_count; i++)
		if ((rc = migrate_step(db, config->migrations[i], i + 1)) != STATUS_OK)
			return rc;
	rc = ask(db,
	    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
	    " AND NOT strict AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' LIMIT 1",
	    NULL, loose, sizeof(loose));
	if (rc == STATUS_OK && loose[0] != '\0') {
		oplog(OPLOG_ERROR, "%s: table %s is not STRICT", db->path, loose);
		rc = STATUS_INTERNAL;
	}
	return rc;
}

static enum status
open_all(struct database *db, const struct database_config *config)
{
	unsigned version = 0;
	enum status rc;
	int code;

	if (!db->read_only &&
	    ((rc = take_lock(db)) != STATUS_OK || (rc = create_private(db)) != STATUS_OK))
		return rc;
	if ((rc = connect_file(db)) != STATUS_OK ||
	    (rc = check_version(db, config, &version)) != STATUS_OK)
		return rc;
	code = sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, (int *)NULL);
	if (code != SQLITE_OK)
		return database_failure(db, code, "opening");
	if ((rc = set_up(db, config)) != STATUS_OK)
		return rc;
	return migrate(db, config, version);
}

enum status
database_open(const struct database_config *config, struct database **out)
{
	struct database *db = calloc(1, sizeof(*db));
	enum status rc = STATUS_NO_MEMORY;

	if (db == NULL)
		return rc;
	db->lock = -1;
	db->read_only = config->read_only;
	if ((db->path = strdup(config->path)) != NULL)
		rc = open_all(db, config);
	if (rc == STATUS_OK)
		*out = db;
	else
		database_close(db);
	return rc;
}

void
database_close(struct database *db)
{
	if (db == NULL)
		return;
	database_rollback(db);
	database_look_end(db);
	query_close_all(db);
	if (sqlite3_close(db->handle) != SQLITE_OK)
		oplog(OPLOG_ERROR, "%s: closing: %s", db->path, sqlite3_errmsg(db->handle));
	/* The lock goes last: closing moves the WAL into the file. */
	if (db->lock >= 0)
		close(db->lock);
	free(db->path);
	free(db);
}
