/* tests/unit/test_database.c: one writer, migrated, strict, and honest about a full disk. */
#include "protocol/host/database.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/unit/scratch.h"

static const char *const steps[] = {
    "CREATE TABLE note (id INTEGER PRIMARY KEY, body BLOB) STRICT",
    "CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
    "INSERT INTO tag VALUES (1, 'first')",
};

static struct database_config
config_of(struct scratch *scratch, unsigned count)
{
	return (struct database_config){.path = scratch_path(scratch, "x.db"),
	    .migrations = steps,
	    .migration_count = count};
}

static struct database *
opened(struct scratch *scratch)
{
	struct database_config config = config_of(scratch, 2);
	struct database *db = NULL;

	assert_int_equal(database_open(&config, &db), STATUS_OK);
	return db;
}

/* The first column of the only row. */
static uint64_t
number(struct database *db, const char *sql)
{
	struct query *query;
	uint64_t value;
	bool row;

	assert_int_equal(database_query(db, sql, &query), STATUS_OK);
	assert_int_equal(query_step(query, &row), STATUS_OK);
	assert_true(row);
	value = query_uint(query, 0);
	query_done(query);
	return value;
}

static enum status
insert(struct database *db, struct bytes body)
{
	struct query *query;
	enum status rc;

	rc = database_query(db, "INSERT INTO note (body) VALUES (?1)", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, body);
	return query_run(query);
}

/* Inserts bodies of 8 KiB in one transaction until something says no. */
static enum status
fill(struct database *db)
{
	static const uint8_t body[8192] = {7};
	enum status rc = database_begin(db);

	for (unsigned i = 0; rc == STATUS_OK && i < 10000; i++)
		rc = insert(db, BYTES(body));
	return rc;
}

static void
commit_one(struct database *db, const char *body)
{
	assert_int_equal(database_begin(db), STATUS_OK);
	assert_int_equal(insert(db, bytes_of_text(body)), STATUS_OK);
	assert_int_equal(database_commit(db, "test"), STATUS_OK);
}

/* ---- Opening ----------------------------------------------------------------------------- */

static void
every_migration_runs_once(void **state)
{
	struct database_config config = config_of(*state, 1);
	struct database *db = NULL;

	assert_int_equal(database_open(&config, &db), STATUS_OK);
	assert_int_equal(number(db, "PRAGMA user_version"), 1);
	database_close(db);
	for (int i = 0; i < 2; i++) {
		db = opened(*state);
		assert_int_equal(number(db, "PRAGMA user_version"), 2);
		assert_int_equal(number(db, "SELECT count(*) FROM tag"), 1);
		database_close(db);
	}
}

static void
the_settings_are_those_we_promise(void **state)
{
	struct database *db = opened(*state);
	struct query *query;
	bool row;

	assert_int_equal(number(db, "PRAGMA page_size"), 16384);
	assert_int_equal(number(db, "PRAGMA synchronous"), 2);
	assert_int_equal(number(db, "PRAGMA foreign_keys"), 1);
	assert_int_equal(number(db, "PRAGMA secure_delete"), 1);
	assert_int_equal(number(db, "PRAGMA trusted_schema"), 0);
	assert_int_equal(number(db, "PRAGMA wal_autocheckpoint"), 0);
	assert_int_equal(database_query(db, "PRAGMA journal_mode", &query), STATUS_OK);
	assert_int_equal(query_step(query, &row), STATUS_OK);
	assert_true(bytes_is_text(query_bytes(query, 0), "wal"));
	query_done(query);
	/* A double-quoted word is a name and never a text. */
	assert_int_equal(database_query(db, "SELECT \"nowhere\"", &query), STATUS_INTERNAL);
	database_close(db);
}

static void
the_files_are_private(void **state)
{
	static const char *const names[] = {"x.db", "x.db-wal", "x.db.lock"};
	struct database *db = opened(*state);
	struct stat about;

	commit_one(db, "x");
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(stat(scratch_path(*state, names[i]), &about), 0);
		assert_int_equal(about.st_mode & 07777, 0600);
	}
	database_close(db);
}

/* A process that ended without closing, so that the WAL is still there. */
static void
leave_unclosed(struct scratch *scratch)
{
	pid_t child = fork();
	int how;

	assert_true(child >= 0);
	if (child == 0) {
		struct database_config config = config_of(scratch, 2);
		struct database *db = NULL;

		if (database_open(&config, &db) == STATUS_OK)
			kill(getpid(), SIGKILL);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFSIGNALED(how));
}

static void
a_newer_database_is_refused_and_untouched(void **state)
{
	struct database_config config = config_of(*state, 1);
	char path[128], wal[128];
	uint8_t *before, *wal_before, *after, *wal_after;
	size_t len, wal_len, len_after, wal_len_after;
	struct database *db = NULL;

	leave_unclosed(*state);
	snprintf(path, sizeof(path), "%s", scratch_path(*state, "x.db"));
	snprintf(wal, sizeof(wal), "%s", scratch_path(*state, "x.db-wal"));
	before = scratch_read(path, &len);
	wal_before = scratch_read(wal, &wal_len);
	assert_true(wal_len > 0);

	config.path = path;
	assert_int_equal(database_open(&config, &db), STATUS_NEWER_DATABASE);
	scratch_told(*state, "install that version; nothing was changed");

	after = scratch_read(path, &len_after);
	wal_after = scratch_read(wal, &wal_len_after);
	assert_int_equal(len_after, len);
	assert_int_equal(wal_len_after, wal_len);
	assert_memory_equal(after, before, len);
	assert_memory_equal(wal_after, wal_before, wal_len);
	free(before);
	free(wal_before);
	free(after);
	free(wal_after);
	/* And nothing stays locked. */
	database_close(opened(*state));
}

static void
a_second_writer_is_refused_while_the_first_lives(void **state)
{
	struct database *db = opened(*state), *second = NULL;
	struct database_config config = config_of(*state, 2);

	assert_int_equal(database_open(&config, &second), STATUS_IN_USE);
	scratch_told(*state, "another process has this database open");
	database_close(db);
	assert_int_equal(database_open(&config, &second), STATUS_OK);
	database_close(second);
}

static void
a_failing_migration_leaves_the_version_before_it(void **state)
{
	static const char *const broken[] = {
	    "CREATE TABLE a (x INTEGER) STRICT",
	    "CREATE TABLE b (x INTEGER) STRICT; INSERT INTO nowhere VALUES (1)",
	};
	static const char *const escaping[] = {
	    "CREATE TABLE a (x INTEGER) STRICT",
	    "CREATE TABLE b (x INTEGER) STRICT; COMMIT",
	};
	struct database_config config = {
	    .path = scratch_path(*state, "x.db"), .migrations = broken, .migration_count = 2};
	struct database *db = NULL;

	assert_int_equal(database_open(&config, &db), STATUS_INTERNAL);
	scratch_told(*state, "schema step 2");
	config.migrations = escaping;
	assert_int_equal(database_open(&config, &db), STATUS_INTERNAL);
	scratch_told(*state, "schema step 2 ended its transaction");
	config.migration_count = 1;
	config.path = scratch_path(*state, "y.db");
	assert_int_equal(database_open(&config, &db), STATUS_OK);
	database_close(db);
}

static void
a_table_that_is_not_strict_is_refused(void **state)
{
	static const char *const loose[] = {"CREATE TABLE loose (x INTEGER)"};
	struct database_config config = {
	    .path = scratch_path(*state, "x.db"), .migrations = loose, .migration_count = 1};
	struct database *db = NULL;

	assert_int_equal(database_open(&config, &db), STATUS_INTERNAL);
	scratch_told(*state, "table loose is not STRICT");
}

static void
a_damaged_or_foreign_file_is_said_to_be_one(void **state)
{
	static const uint8_t junk[65536] = {'j', 'u', 'n', 'k'};
	struct database_config config = config_of(*state, 2);
	struct database *db = opened(*state);
	uint8_t *data;
	size_t len;

	database_close(db);
	data = scratch_read(config.path, &len);
	/* The pages behind the first, which holds the schema. */
	memset(data + 16384, 0x5a, len - 16384);
	scratch_write(config.path, data, len);
	free(data);
	db = opened(*state);
	assert_int_equal(insert(db, bytes_of_text("x")), STATUS_DATABASE);
	scratch_told(*state, "restore a backup");
	database_close(db);

	scratch_write(config.path, junk, sizeof(junk));
	assert_int_equal(database_open(&config, &db), STATUS_DATABASE);
	scratch_told(*state, "not a database of ours");
}

static void
a_folder_that_is_not_there_is_said_to_be_missing(void **state)
{
	struct database_config config = config_of(*state, 2);
	struct database *db = NULL;

	config.path = scratch_path(*state, "nowhere/x.db");
	assert_int_equal(database_open(&config, &db), STATUS_IO);
	scratch_told(*state, "No such file or directory");
}

static void
a_reader_sees_what_is_committed_and_writes_nothing(void **state)
{
	struct database_config config = config_of(*state, 2);
	struct database *writer = opened(*state), *reader = NULL;

	config.read_only = true;
	assert_int_equal(database_open(&config, &reader), STATUS_OK);
	assert_int_equal(database_begin(writer), STATUS_OK);
	assert_int_equal(insert(writer, bytes_of_text("x")), STATUS_OK);
	assert_int_equal(number(reader, "SELECT count(*) FROM note"), 0);
	assert_int_equal(database_commit(writer, "test"), STATUS_OK);
	assert_int_equal(number(reader, "SELECT count(*) FROM note"), 1);
	assert_int_equal(insert(reader, bytes_of_text("x")), STATUS_DATABASE);
	database_close(reader);
	database_close(writer);
}

/* ---- Transactions ------------------------------------------------------------------------ */

static void
a_rollback_leaves_nothing(void **state)
{
	struct database *db = opened(*state);

	commit_one(db, "kept");
	assert_int_equal(database_begin(db), STATUS_OK);
	assert_true(database_in_transaction(db));
	assert_int_equal(insert(db, bytes_of_text("dropped")), STATUS_OK);
	database_rollback(db);
	assert_false(database_in_transaction(db));
	database_rollback(db);
	assert_int_equal(number(db, "SELECT count(*) FROM note"), 1);
	commit_one(db, "after");
	assert_int_equal(number(db, "SELECT count(*) FROM note"), 2);
	database_close(db);
}

static void
closing_drops_an_open_transaction(void **state)
{
	struct database *db = opened(*state);

	assert_int_equal(database_begin(db), STATUS_OK);
	assert_int_equal(insert(db, bytes_of_text("dropped")), STATUS_OK);
	database_close(db);
	db = opened(*state);
	assert_int_equal(number(db, "SELECT count(*) FROM note"), 0);
	database_close(db);
}

static void
a_full_database_says_no_space_and_recovers(void **state)
{
	struct database *db = opened(*state);

	commit_one(db, "kept");
	assert_int_equal(number(db, "PRAGMA max_page_count=20"), 20);
	assert_int_equal(fill(db), STATUS_NO_SPACE);
	scratch_told(*state, "the disk is full");
	database_rollback(db);
	assert_int_equal(number(db, "SELECT count(*) FROM note"), 1);
	assert_int_equal(number(db, "PRAGMA max_page_count=1000000"), 1000000);
	commit_one(db, "after");
	database_close(db);
}

/* Invariant 1 of database_inside.h. */
static void
nothing_runs_outside_a_transaction_that_sqlite_ended(void **state)
{
	struct database *db = opened(*state);

	assert_int_equal(number(db, "PRAGMA max_page_count=20"), 20);
	assert_int_equal(fill(db), STATUS_NO_SPACE);
	assert_int_equal(insert(db, bytes_of_text("x")), STATUS_NO_SPACE);
	assert_int_equal(database_commit(db, "test"), STATUS_NO_SPACE);
	database_rollback(db);
	assert_int_equal(number(db, "SELECT count(*) FROM note"), 0);
	database_close(db);
}

/* In a child, because the limit is the process's. */
static void
a_full_disk_says_no_space(void **state)
{
	struct rlimit limit = {.rlim_cur = 256 * 1024, .rlim_max = 256 * 1024};
	struct database *db;
	enum status rc;
	pid_t child;
	int how;

	database_close(opened(*state));
	if ((child = fork()) == 0) {
		db = opened(*state);
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		rc = fill(db);
		if (rc == STATUS_OK)
			rc = database_commit(db, "test");
		_exit(rc == STATUS_NO_SPACE ? 42 : 1);
	}
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFEXITED(how));
	assert_int_equal(WEXITSTATUS(how), 42);
	scratch_told(*state, "the disk is full");
	db = opened(*state);
	assert_int_equal(number(db, "SELECT count(*) FROM note"), 0);
	database_close(db);
}

/* ---- Queries ----------------------------------------------------------------------------- */

static void
one_literal_is_prepared_once_and_comes_unbound(void **state)
{
	static const char sql[] = "SELECT ?1";
	static const char same_text[] = "SELECT ?1";
	struct database *db = opened(*state);
	struct query *first, *second, *other;
	bool row;

	assert_int_equal(database_query(db, sql, &first), STATUS_OK);
	query_bind_uint(first, 1, 7);
	assert_int_equal(query_step(first, &row), STATUS_OK);
	assert_int_equal(query_uint(first, 0), 7);
	query_done(first);
	assert_int_equal(database_query(db, sql, &second), STATUS_OK);
	assert_ptr_equal(second, first);
	assert_int_equal(query_step(second, &row), STATUS_OK);
	assert_true(query_is_null(second, 0));
	query_done(second);
	assert_int_equal(database_query(db, same_text, &other), STATUS_OK);
	assert_ptr_not_equal(other, first);
	database_close(db);
}

static void
one_literal_used_twice_at_once_is_our_error(void **state)
{
	static const char sql[] = "SELECT id FROM tag";
	struct database *db = opened(*state);
	struct query *query;
	bool row;

	assert_int_equal(database_query(db, sql, &query), STATUS_OK);
	assert_int_equal(query_step(query, &row), STATUS_OK);
	assert_int_equal(database_query(db, sql, &query), STATUS_INTERNAL);
	scratch_told(*state, "used twice at once: SELECT id FROM tag");
	assert_int_equal(database_query(db, sql, &query), STATUS_OK);
	database_close(db);
}

static void
a_rollback_ends_what_was_left_half_read(void **state)
{
	static const char sql[] = "SELECT id FROM tag";
	struct database *db = opened(*state);
	struct query *query;
	bool row;

	assert_int_equal(database_begin(db), STATUS_OK);
	assert_int_equal(database_query(db, sql, &query), STATUS_OK);
	assert_int_equal(query_step(query, &row), STATUS_OK);
	database_rollback(db);
	assert_int_equal(database_query(db, sql, &query), STATUS_OK);
	database_close(db);
}

static void
values_come_back_as_they_were_bound(void **state)
{
	static const uint8_t body[] = {0, 1, 0xff};
	struct database *db = opened(*state);
	struct query *query;
	bool row;

	assert_int_equal(database_query(db, "SELECT ?1, ?2, ?3, ?4, ?5", &query), STATUS_OK);
	query_bind_uint(query, 1, INT64_MAX);
	query_bind_bytes(query, 2, BYTES(body));
	query_bind_bytes(query, 3, (struct bytes){NULL, 0});
	query_bind_bytes(query, 4, (struct bytes){body, 0});
	query_bind_text(query, 5, bytes_of_text("ā"));
	assert_int_equal(query_step(query, &row), STATUS_OK);
	assert_true(row);
	assert_true(query_uint(query, 0) == INT64_MAX);
	assert_true(bytes_equal(query_bytes(query, 1), BYTES(body)));
	assert_true(query_is_null(query, 2));
	assert_null(query_bytes(query, 2).data);
	assert_false(query_is_null(query, 3));
	assert_int_equal(query_bytes(query, 3).len, 0);
	assert_true(bytes_is_text(query_bytes(query, 4), "ā"));
	assert_int_equal(query_step(query, &row), STATUS_OK);
	assert_false(row);
	database_close(db);
}

static bool
read_body(struct query *query, void *out)
{
	return query_fixed(query, 0, out, 4);
}

static void
rows_come_in_order_and_no_more_than_fit(void **state)
{
	static const char sql[] = "SELECT body FROM note ORDER BY id";
	struct database *db = opened(*state);
	char rows[3][4] = {"", "", "xxx"};
	struct query_list list = {.rows = rows, .size = sizeof(rows[0]), .most = 2};
	struct query *query;

	commit_one(db, "abcd");
	commit_one(db, "efgh");
	assert_int_equal(database_query(db, sql, &query), STATUS_OK);
	assert_int_equal(query_each(query, read_body, &list), STATUS_OK);
	assert_int_equal(list.count, 2);
	assert_memory_equal(rows, "abcdefgh", 8);
	commit_one(db, "ijkl");
	assert_int_equal(database_query(db, sql, &query), STATUS_OK);
	assert_int_equal(query_each(query, read_body, &list), STATUS_TOO_LARGE);
	assert_memory_equal(rows[2], "xxx", 4);
	/* It has ended: the same literal is free again. */
	assert_int_equal(database_query(db, sql, &query), STATUS_OK);
	database_close(db);
}

static void
bytes_of_another_length_are_not_taken(void **state)
{
	struct database *db = opened(*state);
	char row[5] = "....";
	struct query_list list = {.rows = row, .size = 4, .most = 1};
	struct query *query;

	commit_one(db, "abcde");
	assert_int_equal(database_query(db, "SELECT body FROM note", &query), STATUS_OK);
	assert_int_equal(query_first(query, read_body, row), STATUS_DATABASE);
	assert_int_equal(query_each(query, read_body, &list), STATUS_DATABASE);
	assert_string_equal(row, "....");
	database_close(db);
}

static void
a_number_sqlite_cannot_order_is_refused(void **state)
{
	struct database *db = opened(*state);
	struct query *query;
	bool row;

	assert_int_equal(database_query(db, "SELECT ?1", &query), STATUS_OK);
	query_bind_uint(query, 1, (uint64_t)INT64_MAX + 1);
	assert_int_equal(query_step(query, &row), STATUS_TOO_LARGE);
	assert_int_equal(database_query(db, "SELECT ?2", &query), STATUS_OK);
	query_bind_uint(query, 3, 1);
	assert_int_equal(query_step(query, &row), STATUS_INTERNAL);
	database_close(db);
}

static void
changes_are_those_of_the_last_run(void **state)
{
	struct database *db = opened(*state);
	struct query *query;

	commit_one(db, "a");
	commit_one(db, "b");
	assert_int_equal(database_query(db, "DELETE FROM note", &query), STATUS_OK);
	assert_int_equal(query_run(query), STATUS_OK);
	assert_int_equal(database_changes(db), 2);
	assert_int_equal(query_run(query), STATUS_OK);
	assert_int_equal(database_changes(db), 0);
	assert_int_equal(database_query(db, "SELECT 1", &query), STATUS_OK);
	assert_int_equal(query_run(query), STATUS_INTERNAL);
	database_close(db);
}

/* ---- Space ------------------------------------------------------------------------------- */

static bool
holds(struct scratch *scratch, const char *name, const char *text)
{
	size_t len;
	uint8_t *data = scratch_read(scratch_path(scratch, name), &len);
	bool found = memmem(data, len, text, strlen(text)) != NULL;

	free(data);
	return found;
}

static void
the_wal_is_measured_and_emptied(void **state)
{
	struct database *db = opened(*state);
	uint64_t before;
	struct stat wal;

	assert_int_equal(database_checkpoint(db, false), STATUS_OK);
	assert_int_equal(database_wal_bytes(db), 0);
	commit_one(db, "x");
	before = database_wal_bytes(db);
	assert_true(before >= 16384);
	commit_one(db, "x");
	assert_true(database_wal_bytes(db) > before);
	assert_int_equal(database_checkpoint(db, true), STATUS_OK);
	assert_int_equal(database_wal_bytes(db), 0);
	assert_int_equal(stat(scratch_path(*state, "x.db-wal"), &wal), 0);
	assert_int_equal(wal.st_size, 0);
	database_close(db);
}

static void
the_wal_that_was_left_behind_is_measured(void **state)
{
	struct database *db;

	leave_unclosed(*state);
	db = opened(*state);
	assert_true(database_wal_bytes(db) > 0);
	database_close(db);
}

/* Erasure is real. */
static void
erased_content_leaves_the_disk(void **state)
{
	struct database *db = opened(*state);
	struct query *query;

	commit_one(db, "a secret of somebody");
	assert_true(holds(*state, "x.db-wal", "a secret of somebody"));
	assert_int_equal(database_checkpoint(db, false), STATUS_OK);
	assert_true(holds(*state, "x.db", "a secret of somebody"));
	assert_int_equal(database_begin(db), STATUS_OK);
	assert_int_equal(database_query(db, "DELETE FROM note", &query), STATUS_OK);
	assert_int_equal(query_run(query), STATUS_OK);
	assert_int_equal(database_commit(db, "test"), STATUS_OK);
	assert_int_equal(database_checkpoint(db, true), STATUS_OK);
	assert_false(holds(*state, "x.db", "a secret of somebody"));
	assert_false(holds(*state, "x.db-wal", "a secret of somebody"));
	database_close(db);
}

static void
a_checkpoint_does_not_wait_for_readers(void **state)
{
	struct database_config config = config_of(*state, 2);
	struct database *writer = opened(*state), *reader = NULL;
	struct query *query;
	bool row;

	config.read_only = true;
	assert_int_equal(database_open(&config, &reader), STATUS_OK);
	assert_int_equal(database_query(reader, "SELECT id FROM tag", &query), STATUS_OK);
	assert_int_equal(query_step(query, &row), STATUS_OK);
	commit_one(writer, "x");
	assert_int_equal(database_checkpoint(writer, true), STATUS_AGAIN);
	query_done(query);
	assert_int_equal(database_checkpoint(writer, true), STATUS_OK);
	assert_int_equal(database_begin(writer), STATUS_OK);
	assert_int_equal(database_checkpoint(writer, true), STATUS_AGAIN);
	database_rollback(writer);
	database_close(reader);
	database_close(writer);
}

static void
a_look_sees_one_state_and_writes_nothing(void **state)
{
	struct database *db = opened(*state);

	commit_one(db, "kept");
	assert_int_equal(database_look_begin(db), STATUS_OK);
	assert_false(database_in_transaction(db));
	assert_int_equal(number(db, "SELECT count(*) FROM note"), 1);
	assert_int_equal(insert(db, bytes_of_text("refused")), STATUS_INTERNAL);
	assert_int_equal(database_checkpoint(db, false), STATUS_AGAIN);
	database_look_end(db);
	database_look_end(db);
	assert_int_equal(number(db, "SELECT count(*) FROM note"), 1);
	commit_one(db, "after");
	assert_int_equal(number(db, "SELECT count(*) FROM note"), 2);
	database_close(db);
}

static void
space_on_the_disk_is_known(void **state)
{
	struct database *db = opened(*state);

	assert_true(database_has_space(db, 1));
	assert_false(database_has_space(db, UINT64_MAX));
	database_close(db);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

int
main(void)
{
	const struct CMUnitTest database[] = {
	    TEST(every_migration_runs_once),
	    TEST(the_settings_are_those_we_promise),
	    TEST(the_files_are_private),
	    TEST(a_newer_database_is_refused_and_untouched),
	    TEST(a_second_writer_is_refused_while_the_first_lives),
	    TEST(a_failing_migration_leaves_the_version_before_it),
	    TEST(a_table_that_is_not_strict_is_refused),
	    TEST(a_damaged_or_foreign_file_is_said_to_be_one),
	    TEST(a_folder_that_is_not_there_is_said_to_be_missing),
	    TEST(a_reader_sees_what_is_committed_and_writes_nothing),
	    TEST(a_rollback_leaves_nothing),
	    TEST(closing_drops_an_open_transaction),
	    TEST(a_full_database_says_no_space_and_recovers),
	    TEST(nothing_runs_outside_a_transaction_that_sqlite_ended),
	    TEST(a_full_disk_says_no_space),
	    TEST(one_literal_is_prepared_once_and_comes_unbound),
	    TEST(one_literal_used_twice_at_once_is_our_error),
	    TEST(a_rollback_ends_what_was_left_half_read),
	    TEST(values_come_back_as_they_were_bound),
	    TEST(rows_come_in_order_and_no_more_than_fit),
	    TEST(bytes_of_another_length_are_not_taken),
	    TEST(a_number_sqlite_cannot_order_is_refused),
	    TEST(changes_are_those_of_the_last_run),
	    TEST(the_wal_is_measured_and_emptied),
	    TEST(the_wal_that_was_left_behind_is_measured),
	    TEST(erased_content_leaves_the_disk),
	    TEST(a_checkpoint_does_not_wait_for_readers),
	    TEST(a_look_sees_one_state_and_writes_nothing),
	    TEST(space_on_the_disk_is_known),
	};

	return cmocka_run_group_tests(database, NULL, NULL);
}
