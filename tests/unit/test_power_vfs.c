/* tests/unit/test_power_vfs.c: what was synced outlives a power cut, and nothing else does. */
#include "tests/faults/power_vfs.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <sqlite3.h>

#include "protocol/host/database.h"
#include "tests/unit/scratch.h"

#define BODIES 40

static const char *const steps[] = {
    "CREATE TABLE note (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, body BLOB NOT NULL) STRICT",
};

static enum status
open_at(const char *path, struct database **out)
{
	struct database_config config = {
	    .path = path, .migrations = steps, .migration_count = 1, .page_size = 4096};

	return database_open(&config, out);
}

/* ---- What is killed ---------------------------------------------------------------------- */

/* One transaction of several pages, so that it can be torn. */
static bool
commit_bodies(struct database *db, const char *kind)
{
	static uint8_t body[3000];
	struct query *query;

	memset(body, kind[0], sizeof(body));
	if (database_begin(db) != STATUS_OK)
		return false;
	for (int i = 0; i < BODIES; i++) {
		if (database_query(db, "INSERT INTO note (kind, body) VALUES (?1, ?2)",
			&query) != STATUS_OK)
			return false;
		query_bind_text(query, 1, bytes_of_text(kind));
		query_bind_bytes(query, 2, BYTES(body));
		if (query_run(query) != STATUS_OK)
			return false;
	}
	return database_commit(db, kind) == STATUS_OK;
}

static int
commits(const char *path)
{
	struct database *db;

	if (open_at(path, &db) != STATUS_OK || !commit_bodies(db, "first") ||
	    database_checkpoint(db, false) != STATUS_OK || !commit_bodies(db, "second") ||
	    database_checkpoint(db, true) != STATUS_OK || !commit_bodies(db, "third"))
		return 1;
	database_close(db);
	return 0;
}

/* SQLite told not to sync, on the VFS named: commits, then the process dies. */
static int
careless(const char *path, const char *vfs)
{
	sqlite3 *handle;

	if (strcmp(vfs, "power") == 0)
		power_vfs_start();
	if (sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs) !=
		SQLITE_OK ||
	    sqlite3_exec(handle,
		"PRAGMA synchronous=OFF; CREATE TABLE note (id, kind, body);"
		"INSERT INTO note VALUES (1, 'first', 'x')",
		NULL, NULL, NULL) != SQLITE_OK)
		return 1;
	return kill(getpid(), SIGKILL);
}

/* Runs this program again: "commits" or "careless", under FAULT and SEED when given. */
static void
run(const char *what, const char *path, const char *vfs, const char *fault, const char *seed)
{
	pid_t child = fork();
	int how;

	assert_true(child >= 0);
	if (child == 0) {
		setenv("SAIKNE_FAULT_VFS", vfs, 1);
		if (fault != NULL)
			setenv("SAIKNE_FAULT", fault, 1);
		if (seed != NULL)
			setenv("SAIKNE_FAULT_SEED", seed, 1);
		execl("/proc/self/exe", "test_power_vfs", what, path, vfs, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &how, 0), child);
	if (strcmp(what, "commits") == 0 && fault == NULL) {
		assert_true(WIFEXITED(how));
		assert_int_equal(WEXITSTATUS(how), 0);
		return;
	}
	assert_true(WIFSIGNALED(how));
	assert_int_equal(WTERMSIG(how), SIGKILL);
}

/* ---- What is found ----------------------------------------------------------------------- */

/* How many rows of KIND the file holds, after SQLite's own check of all of it. */
static int
rows_found(const char *path, const char *kind)
{
	sqlite3_stmt *statement;
	sqlite3 *handle;
	int count;

	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(handle, "PRAGMA integrity_check", -1, &statement, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(statement, 0), "ok");
	sqlite3_finalize(statement);
	/* No such table: nothing of it was kept. */
	if (sqlite3_prepare_v2(handle, "SELECT count(*) FROM note WHERE kind = ?1", -1,
		&statement, NULL) != SQLITE_OK) {
		sqlite3_close(handle);
		return 0;
	}
	sqlite3_bind_text(statement, 1, kind, -1, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	count = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(handle);
	return count;
}

static void
killed_at(void **state, const char *fault, const char *seed, int first, int second, int third)
{
	struct scratch *scratch = *state;
	char path[128], name[64];
	static unsigned serial;

	snprintf(name, sizeof(name), "%u.db", serial++);
	snprintf(path, sizeof(path), "%s", scratch_path(scratch, name));
	run("commits", path, "power", fault, seed);
	assert_int_equal(rows_found(path, "first"), first);
	assert_int_equal(rows_found(path, "second"), second);
	assert_int_equal(rows_found(path, "third"), third);
}

/* Both ways, so that the test shows the VFS and not the kill alone. */
static void
a_write_that_was_not_synced_is_lost(void **state)
{
	char path[128];

	snprintf(path, sizeof(path), "%s", scratch_path(*state, "below.db"));
	run("careless", path, "unix", NULL, NULL);
	assert_int_equal(rows_found(path, "first"), 1);
	snprintf(path, sizeof(path), "%s", scratch_path(*state, "power.db"));
	run("careless", path, "power", NULL, NULL);
	assert_int_equal(rows_found(path, "first"), 0);
}

static void
a_clean_end_keeps_everything(void **state)
{
	killed_at(state, NULL, NULL, BODIES, BODIES, BODIES);
}

/* A receipt leaves only after what it attests is on the disk. */
static void
a_commit_that_returned_survives(void **state)
{
	killed_at(state, "first:after:1", NULL, BODIES, 0, 0);
	killed_at(state, "second:after:1", NULL, BODIES, BODIES, 0);
	killed_at(state, "third:after:1", NULL, BODIES, BODIES, BODIES);
	killed_at(state, "*:after:3", NULL, BODIES, BODIES, 0);
}

static void
a_commit_that_did_not_return_leaves_what_was_before(void **state)
{
	killed_at(state, "first:before:1", NULL, 0, 0, 0);
	killed_at(state, "second:before:1", NULL, BODIES, 0, 0);
	killed_at(state, "third:before:1", NULL, BODIES, BODIES, 0);
	killed_at(state, "migration:during:1", NULL, 0, 0, 0);
	killed_at(state, "first:during:1", NULL, 0, 0, 0);
	killed_at(state, "second:during:1", NULL, BODIES, 0, 0);
	killed_at(state, "third:during:1", NULL, BODIES, BODIES, 0);
}

/* Tears the commit of KIND by SEED; gives how much of the WAL there is and how many rows. */
static int
torn(struct scratch *scratch, const char *kind, unsigned seed, off_t *wal_size)
{
	char path[128], wal_path[160], name[64], fault[32], number[24];
	struct stat wal;

	snprintf(name, sizeof(name), "%s%u.db", kind, seed);
	snprintf(path, sizeof(path), "%s", scratch_path(scratch, name));
	snprintf(wal_path, sizeof(wal_path), "%s-wal", path);
	snprintf(fault, sizeof(fault), "%s:during:1", kind);
	snprintf(number, sizeof(number), "%u", seed);
	run("commits", path, "power", fault, number);
	assert_int_equal(stat(wal_path, &wal), 0);
	*wal_size = wal.st_size;
	if (strcmp(kind, "first") != 0)
		assert_int_equal(rows_found(path, "first"), BODIES);
	return rows_found(path, kind);
}

/* With all its writes on the disk a commit may well count; with a part of them never. */
static void
a_torn_commit_is_whole_or_absent(void **state)
{
	static const char *const kinds[] = {"first", "second"};
	off_t size, least = INT64_MAX, most = 0;
	unsigned absent = 0;
	int rows;

	for (unsigned i = 0; i < 24; i++) {
		rows = torn(*state, kinds[i % 2], i, &size);
		assert_true(rows == 0 || rows == BODIES);
		absent += rows == 0;
		/* The second overwrites the WAL of the first, whose size tells nothing. */
		if (i % 2 == 0) {
			least = size < least ? size : least;
			most = size > most ? size : most;
		}
	}
	assert_true(absent > 0);
	assert_true(least < most);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int
main(int argc, char **argv)
{
	const struct CMUnitTest power_vfs[] = {
	    TEST(a_write_that_was_not_synced_is_lost),
	    TEST(a_clean_end_keeps_everything),
	    TEST(a_commit_that_returned_survives),
	    TEST(a_commit_that_did_not_return_leaves_what_was_before),
	    TEST(a_torn_commit_is_whole_or_absent),
	};

	if (argc == 4)
		return strcmp(argv[1], "commits") == 0 ? commits(argv[2])
		                                       : careless(argv[2], argv[3]);
	return cmocka_run_group_tests(power_vfs, NULL, NULL);
}
