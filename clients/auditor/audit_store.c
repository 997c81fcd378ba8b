/* clients/auditor/audit_store.c: the auditor's own copy of the log, in one SQLite file. */
#include "clients/auditor/audit_store_inside.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/auditor/audit_index_store.h"
#include "protocol/host/oplog.h"

static const char *const migrations[] = {
    "CREATE TABLE pinned (one INTEGER PRIMARY KEY CHECK (one = 1), network TEXT NOT NULL,"
    " root BLOB NOT NULL, log TEXT NOT NULL) STRICT;"
    "CREATE TABLE entry (idx INTEGER PRIMARY KEY, hash BLOB NOT NULL, leaf BLOB, time INTEGER,"
    " kind INTEGER, type INTEGER, id BLOB, case_token BLOB) STRICT;"
    "CREATE INDEX entry_id ON entry (id) WHERE id IS NOT NULL;"
    "CREATE INDEX entry_case ON entry (case_token) WHERE case_token IS NOT NULL;"
    "CREATE TABLE entry_party (party TEXT NOT NULL, idx INTEGER NOT NULL,"
    " PRIMARY KEY (party, idx)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE tile (level INTEGER NOT NULL, n INTEGER NOT NULL, hashes BLOB NOT NULL,"
    " PRIMARY KEY (level, n)) STRICT;"
    "CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note BLOB NOT NULL,"
    " kept INTEGER NOT NULL) STRICT;"
    "CREATE TABLE contradiction (number INTEGER PRIMARY KEY, known BLOB NOT NULL,"
    " other BLOB NOT NULL, kept INTEGER NOT NULL) STRICT;"
    "CREATE TABLE seen_message (sender TEXT NOT NULL, id BLOB NOT NULL, idx INTEGER NOT NULL,"
    " PRIMARY KEY (sender, id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE seen_final (message INTEGER NOT NULL, recipient TEXT NOT NULL,"
    " idx INTEGER NOT NULL, PRIMARY KEY (message, recipient)) STRICT, WITHOUT ROWID;",
    "CREATE TABLE seen_reference (reference BLOB PRIMARY KEY, maker TEXT NOT NULL,"
    " recipient TEXT NOT NULL, class INTEGER NOT NULL, idx INTEGER NOT NULL, stop INTEGER)"
    " STRICT, WITHOUT ROWID;",
};

enum status
audit_store_open(const char *path, bool create, struct audit_store **out)
{
	const struct database_config config = {
	    .path = path,
	    .migrations = migrations,
	    .migration_count = sizeof(migrations) / sizeof(migrations[0]),
	};
	struct audit_store *store;
	enum status rc;

	if (!create && access(path, F_OK) != 0)
		return STATUS_NOT_FOUND;
	if ((store = calloc(1, sizeof(*store))) == NULL)
		return STATUS_NO_MEMORY;
	if ((rc = database_open(&config, &store->db)) != STATUS_OK) {
		free(store);
		return rc;
	}
	if ((rc = audit_store_count(store, &store->count)) != STATUS_OK) {
		audit_store_close(store);
		return rc;
	}
	*out = store;
	return STATUS_OK;
}

void
audit_store_close(struct audit_store *store)
{
	if (store == NULL)
		return;
	database_close(store->db);
	free(store);
}

enum status
audit_store_pin(struct audit_store *store, const struct network *network)
{
	struct query *query;
	struct buffer key = {0};
	enum status rc;
	bool row, same = false;

	note_key_format(&network->log, &key);
	rc = database_query(store->db, "SELECT network, root, log FROM pinned", &query);
	if (rc == STATUS_OK && (rc = query_step(query, &row)) == STATUS_OK && row) {
		same = bytes_is_text(query_bytes(query, 0), network->id) &&
		       bytes_equal(query_bytes(query, 1), BYTES(network->root)) &&
		       bytes_equal(query_bytes(query, 2), bytes_of_buffer(&key));
		query_done(query);
		rc = same ? STATUS_OK : STATUS_WRONG_NETWORK;
	} else if (rc == STATUS_OK) {
		rc = database_query(store->db,
		    "INSERT INTO pinned (one, network, root, log) VALUES (1, ?1, ?2, ?3)",
		    &query);
		if (rc == STATUS_OK) {
			query_bind_text(query, 1, bytes_of_text(network->id));
			query_bind_bytes(query, 2, BYTES(network->root));
			query_bind_text(query, 3, bytes_of_buffer(&key));
			rc = query_run(query);
		}
	}
	buffer_free(&key);
	return rc;
}

enum status
audit_store_begin(struct audit_store *store)
{
	return database_begin(store->db);
}

enum status
audit_store_commit(struct audit_store *store)
{
	enum status rc = database_commit(store->db, "audit");

	if (rc == STATUS_OK && database_wal_bytes(store->db) > 64 * 1024 * 1024)
		rc = database_checkpoint(store->db, false);
	return rc;
}

void
audit_store_rollback(struct audit_store *store)
{
	database_rollback(store->db);
	if (audit_store_count(store, &store->count) != STATUS_OK)
		oplog(OPLOG_ERROR, "the log's copy cannot be read any more");
}

/* ---- Entries ----------------------------------------------------------------------------- */

enum status
audit_store_add(struct audit_store *store, const struct audit_entry *entry)
{
	struct query *query;
	struct leaf leaf;
	enum status rc;

	if (entry->index != store->count)
		return STATUS_ARGUMENT;
	rc = database_query(
	    store->db, "INSERT INTO entry (idx, hash, leaf) VALUES (?1, ?2, ?3)", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, entry->index);
	query_bind_bytes(query, 2, BYTES(entry->hash.byte));
	query_bind_bytes(query, 3, entry->leaf);
	if ((rc = query_run(query)) != STATUS_OK)
		return rc;
	store->count++;
	if (entry->leaf.data == NULL || leaf_parse(entry->leaf, &leaf) != STATUS_OK)
		return STATUS_OK;
	return audit_index_store_add(store->db, entry->index, &leaf);
}

enum status
audit_store_count(struct audit_store *store, uint64_t *out)
{
	struct query *query;
	enum status rc;

	rc = database_query(store->db, "SELECT coalesce(max(idx) + 1, 0) FROM entry", &query);
	return rc == STATUS_OK ? query_number(query, out) : rc;
}

enum status
audit_store_gap(struct audit_store *store, uint64_t *out)
{
	struct query *query;
	enum status rc;

	rc = database_query(store->db,
	    "SELECT n FROM (SELECT idx, row_number() OVER (ORDER BY idx) - 1 AS n FROM entry)"
	    " WHERE n <> idx LIMIT 1",
	    &query);
	return rc == STATUS_OK ? query_number(query, out) : rc;
}

enum status
audit_store_check_index(
    struct audit_store *store, uint64_t index, struct bytes view, bool *same)
{
	struct leaf leaf;
	const bool held = view.data != NULL && leaf_parse(view, &leaf) == STATUS_OK;

	return audit_index_store_check(store->db, index, held ? &leaf : NULL, same);
}

enum status
audit_store_index_left(struct audit_store *store, uint64_t *index)
{
	return audit_index_store_left(store->db, index);
}

static void
read_entry(struct query *query, struct audit_entry *out)
{
	struct bytes hash = query_bytes(query, 1);

	*out =
	    (struct audit_entry){.index = query_uint(query, 0), .leaf = query_bytes(query, 2)};
	/* SQLite gives nothing for an empty leaf, which is not the same as none. */
	if (out->leaf.data == NULL && !query_is_null(query, 2))
		out->leaf = bytes_of_text("");
	if (hash.len == sizeof(out->hash.byte))
		memcpy(out->hash.byte, hash.data, hash.len);
}

struct kept {
	struct audit_entry *entry;
	struct buffer *leaf;
};

/* The leaf is copied: what a row shows goes with it. */
static bool
read_kept(struct query *query, void *out)
{
	struct kept *kept = out;

	read_entry(query, kept->entry);
	buffer_reset(kept->leaf);
	buffer_append(kept->leaf, kept->entry->leaf);
	if (kept->entry->leaf.data != NULL && kept->leaf->len > 0)
		kept->entry->leaf = bytes_of_buffer(kept->leaf);
	return true;
}

enum status
audit_store_entry(
    struct audit_store *store, uint64_t index, struct buffer *leaf, struct audit_entry *out)
{
	struct kept kept = {out, leaf};
	struct query *query;
	enum status rc;

	/* A peer's number: beyond what SQLite holds there is no entry. */
	if (index > INT64_MAX)
		return STATUS_NO_SUCH_ENTRY;
	rc = database_query(
	    store->db, "SELECT idx, hash, leaf FROM entry WHERE idx = ?1", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, index);
	if ((rc = query_first(query, read_kept, &kept)) != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_NO_SUCH_ENTRY : rc;
	return leaf->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status
walk_rows(struct query *query, const struct audit_walk *walk)
{
	struct audit_entry entry;
	enum status rc;
	bool row;

	while ((rc = query_step(query, &row)) == STATUS_OK && row) {
		read_entry(query, &entry);
		if ((rc = walk->entry(walk->state, &entry)) != STATUS_OK) {
			query_done(query);
			return rc;
		}
	}
	return rc;
}

enum status
audit_store_walk(struct audit_store *store, const struct audit_walk *walk)
{
	struct query *query;
	enum status rc;

	rc =
	    database_query(store->db, "SELECT idx, hash, leaf FROM entry ORDER BY idx", &query);
	return rc == STATUS_OK ? walk_rows(query, walk) : rc;
}

/* What is not bound is NULL and asks for nothing. */
#define FILTERED                                                                               \
	" AND (?2 IS NULL OR id = ?2) AND (?3 IS NULL OR case_token = ?3)"                     \
	" AND (?4 IS NULL OR kind = ?4) AND (?5 IS NULL OR type = ?5)"                         \
	" AND (?6 IS NULL OR time >= ?6) AND (?7 IS NULL OR time < ?7) ORDER BY entry.idx"
#define OF_PARTY                                                                               \
	"(?1 IS NULL OR EXISTS (SELECT 1 FROM entry_party p WHERE p.party = ?1"                \
	" AND p.idx = entry.idx))"

/* Each begins with the index that leaves the fewest rows. */
static enum status
search_query(struct audit_store *store, const struct audit_filter *filter, struct query **query)
{
	if (filter->id.data != NULL)
		return database_query(store->db,
		    "SELECT idx, hash, leaf FROM entry WHERE id = ?2 AND " OF_PARTY FILTERED,
		    query);
	if (filter->case_token.data != NULL)
		return database_query(store->db,
		    "SELECT idx, hash, leaf FROM entry WHERE case_token = ?3"
		    " AND " OF_PARTY FILTERED,
		    query);
	if (filter->party.data != NULL)
		return database_query(store->db,
		    "SELECT entry.idx, hash, leaf FROM entry_party JOIN entry"
		    " ON entry.idx = entry_party.idx WHERE party = ?1" FILTERED,
		    query);
	return database_query(
	    store->db, "SELECT idx, hash, leaf FROM entry WHERE ?1 IS NULL" FILTERED, query);
}

enum status
audit_store_search(
    struct audit_store *store, const struct audit_filter *filter, const struct audit_walk *walk)
{
	const uint64_t numbers[] = {
	    filter->kind, filter->type, filter->since_ms, filter->until_ms};
	struct query *query;
	enum status rc;

	if ((rc = search_query(store, filter, &query)) != STATUS_OK)
		return rc;
	if (filter->party.data != NULL)
		query_bind_text(query, 1, filter->party);
	query_bind_bytes(query, 2, filter->id);
	query_bind_bytes(query, 3, filter->case_token);
	for (int i = 0; i < 4; i++)
		if (numbers[i] != 0)
			query_bind_uint(query, 4 + i, numbers[i]);
	return walk_rows(query, walk);
}

/* ---- Tiles ------------------------------------------------------------------------------- */

static enum status
read_tile(void *state, unsigned level, uint64_t n, struct buffer *out)
{
	struct audit_store *store = state;
	struct query *query;
	enum status rc;

	rc = database_query(
	    store->db, "SELECT hashes FROM tile WHERE level = ?1 AND n = ?2", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, level);
	query_bind_uint(query, 2, n);
	return query_append(query, out);
}

static enum status
write_tile(void *state, unsigned level, uint64_t n, struct bytes hashes)
{
	struct audit_store *store = state;
	struct query *query;
	enum status rc;

	rc = database_query(store->db,
	    "INSERT INTO tile (level, n, hashes) VALUES (?1, ?2, ?3)"
	    " ON CONFLICT DO UPDATE SET hashes = excluded.hashes",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, level);
	query_bind_uint(query, 2, n);
	query_bind_bytes(query, 3, hashes);
	return query_run(query);
}

struct tree_tiles
audit_store_tiles(struct audit_store *store)
{
	return (struct tree_tiles){.state = store, .read = read_tile, .write = write_tile};
}

/* ---- Checkpoints ------------------------------------------------------------------------- */

enum status
audit_store_add_checkpoint(
    struct audit_store *store, uint64_t size, struct bytes note, uint64_t now_ms)
{
	struct query *query;
	enum status rc;

	rc = database_query(store->db,
	    "INSERT INTO checkpoint (size, note, kept) VALUES (?1, ?2, ?3)"
	    " ON CONFLICT DO NOTHING",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, size);
	query_bind_bytes(query, 2, note);
	query_bind_uint(query, 3, now_ms);
	return query_run(query);
}

static bool
read_checkpoint(struct query *query, void *out)
{
	struct audit_checkpoint *found = out;

	found->size = query_uint(query, 0);
	found->kept_ms = query_uint(query, 2);
	buffer_reset(&found->note);
	buffer_append(&found->note, query_bytes(query, 1));
	return true;
}

static enum status
take_checkpoint(struct query *query, struct audit_checkpoint *out)
{
	enum status rc = query_first(query, read_checkpoint, out);

	return rc == STATUS_OK && out->note.failed ? STATUS_NO_MEMORY : rc;
}

enum status
audit_store_checkpoint_from(
    struct audit_store *store, uint64_t from, struct audit_checkpoint *out)
{
	struct query *query;
	enum status rc;

	rc = database_query(store->db,
	    "SELECT size, note, kept FROM checkpoint WHERE size >= ?1 ORDER BY size LIMIT 1",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, from);
	return take_checkpoint(query, out);
}

enum status
audit_store_checkpoint_to(struct audit_store *store, uint64_t max, struct audit_checkpoint *out)
{
	struct query *query;
	enum status rc;

	rc = database_query(store->db,
	    "SELECT size, note, kept FROM checkpoint WHERE size <= ?1 ORDER BY size DESC"
	    " LIMIT 1",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, max < INT64_MAX ? max : INT64_MAX);
	return take_checkpoint(query, out);
}

enum status
audit_store_add_contradiction(
    struct audit_store *store, struct bytes known, struct bytes other, uint64_t now_ms)
{
	struct query *query;
	enum status rc;

	rc = database_query(store->db,
	    "INSERT INTO contradiction (known, other, kept) VALUES (?1, ?2, ?3)", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, known);
	query_bind_bytes(query, 2, other);
	query_bind_uint(query, 3, now_ms);
	return query_run(query);
}

enum status
audit_store_contradictions(struct audit_store *store, uint64_t *out)
{
	struct query *query;
	enum status rc;

	rc = database_query(store->db, "SELECT count(*) FROM contradiction", &query);
	return rc == STATUS_OK ? query_number(query, out) : rc;
}
