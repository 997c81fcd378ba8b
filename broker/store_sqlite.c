/* broker/store_sqlite.c: the store over SQLite: one file, one writer. */
#include "broker/store.h"

#include <stdio.h>
#include <stdlib.h>

#include "broker/store_attachments.h"
#include "broker/store_references.h"

#define LEVEL_SHIFT 48
#define WAL_MAX     (64U * 1024 * 1024)

static const char *const migrations[] = {
    "CREATE TABLE party (number INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE,"
    " handed INTEGER NOT NULL) STRICT;"
    "CREATE TABLE leaf (at INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;"
    "CREATE TRIGGER leaf_next BEFORE INSERT ON leaf"
    " WHEN NEW.at IS NOT (SELECT coalesce(max(at) + 1, 0) FROM leaf)"
    " BEGIN SELECT raise(ABORT, 'a leaf out of order'); END;"
    "CREATE TRIGGER leaf_kept BEFORE DELETE ON leaf"
    " BEGIN SELECT raise(ABORT, 'leaves are never removed'); END;"
    "CREATE TRIGGER leaf_same BEFORE UPDATE ON leaf"
    " BEGIN SELECT raise(ABORT, 'leaves are never changed'); END;"
    "CREATE TABLE tile (at INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT;"
    "CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note BLOB NOT NULL) STRICT;"
    "CREATE TABLE message (sender INTEGER NOT NULL, id BLOB NOT NULL, at INTEGER NOT NULL,"
    " digest BLOB NOT NULL, PRIMARY KEY (sender, id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE mail (at INTEGER PRIMARY KEY, due INTEGER NOT NULL,"
    " expires INTEGER NOT NULL, part_number INTEGER, part BLOB) STRICT;"
    "CREATE INDEX mail_due ON mail (due) WHERE due > 0;"
    "CREATE TABLE evidence (at INTEGER PRIMARY KEY, leaf INTEGER NOT NULL) STRICT;"
    "CREATE TABLE statement (n INTEGER PRIMARY KEY, leaf INTEGER NOT NULL) STRICT;",
    "CREATE TABLE doubt (forward INTEGER PRIMARY KEY, moved INTEGER NOT NULL) STRICT;",
    "CREATE TABLE attachment (n INTEGER PRIMARY KEY, owner INTEGER NOT NULL,"
    " root BLOB NOT NULL, size INTEGER NOT NULL, held INTEGER NOT NULL,"
    " uses INTEGER NOT NULL, due INTEGER NOT NULL, UNIQUE (owner, root)) STRICT;"
    "CREATE INDEX attachment_due ON attachment (due) WHERE due > 0;"
    "CREATE TABLE claim (at INTEGER NOT NULL, position INTEGER NOT NULL,"
    " attachment INTEGER NOT NULL, PRIMARY KEY (at, position)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX claim_of ON claim (attachment);",
    "CREATE TABLE reference (reference BLOB PRIMARY KEY, maker INTEGER NOT NULL,"
    " recipient INTEGER NOT NULL, class INTEGER NOT NULL, first INTEGER NOT NULL,"
    " stop INTEGER) STRICT, WITHOUT ROWID;",
};

struct store_sqlite *
store_sqlite_of(struct store *store)
{
	return (struct store_sqlite *)store;
}

/* ---- Opening, transactions --------------------------------------------------------------- */

static enum status
load_size(struct store_sqlite *s)
{
	struct query *query;
	enum status rc;

	rc = database_query(s->db, "SELECT coalesce(max(at) + 1, 0) FROM leaf", &query);
	if (rc != STATUS_OK || (rc = store_rows_first(query)) != STATUS_OK)
		return rc;
	s->size = query_uint(query, 0);
	query_done(query);
	return STATUS_OK;
}

static enum status
load_parties(struct store_sqlite *s)
{
	struct query *query;
	struct mailbox *box;
	bool row = true;
	enum status rc;

	mailboxes_free(&s->mailboxes);
	rc = database_query(
	    s->db, "SELECT number, code, handed FROM party ORDER BY number", &query);
	while (rc == STATUS_OK && (rc = query_step(query, &row)) == STATUS_OK && row) {
		rc = mailboxes_add(&s->mailboxes, query_bytes(query, 1), &box);
		if (rc == STATUS_OK && box->number != query_uint(query, 0))
			rc = STATUS_DATABASE;
		if (rc == STATUS_OK)
			box->handed = query_uint(query, 2);
		if (rc != STATUS_OK)
			query_done(query);
	}
	return rc;
}

static enum status
begin(struct store *store)
{
	return database_begin(store_sqlite_of(store)->db);
}

static enum status
commit(struct store *store, const char *kind)
{
	struct store_sqlite *s = store_sqlite_of(store);
	enum status rc;

	s->changed = true;
	if ((rc = database_commit(s->db, kind)) == STATUS_OK)
		store_attachments_committed(s);
	return rc;
}

static void
rollback(struct store *store)
{
	struct store_sqlite *s = store_sqlite_of(store);

	database_rollback(s->db);
	store_attachments_forget(s);
	/* What cannot be read again is worth nothing: later calls then fail and end the process. */
	if (load_size(s) != STATUS_OK || load_parties(s) != STATUS_OK)
		s->size = UINT64_MAX;
}

static void
close_store(struct store *store)
{
	struct store_sqlite *s = store_sqlite_of(store);

	database_close(s->db);
	mailboxes_free(&s->mailboxes);
	store_attachments_forget(s);
	depot_close(s->depot);
	buffer_free(&s->part);
	free(s);
}

/* ---- The log ----------------------------------------------------------------------------- */

static enum status
log_size(struct store *store, uint64_t *size)
{
	*size = store_sqlite_of(store)->size;
	return STATUS_OK;
}

static enum status
leaf_put(struct store *store, uint64_t index, struct bytes leaf)
{
	struct store_sqlite *s = store_sqlite_of(store);
	enum status rc;

	if (index != s->size || index >> STORE_INDEX_BITS != 0)
		return STATUS_INTERNAL;
	rc = store_rows_put_blob(
	    s->db, "INSERT INTO leaf (at, body) VALUES (?, ?)", index, leaf);
	if (rc == STATUS_OK)
		s->size++;
	return rc;
}

static enum status
leaf_get(struct store *store, uint64_t index, struct buffer *out)
{
	return store_rows_get_blob(
	    store_sqlite_of(store)->db, "SELECT body FROM leaf WHERE at = ?", index, out);
}

static enum status
tile_get(struct store *store, unsigned level, uint64_t n, struct buffer *out)
{
	return store_rows_get_blob(store_sqlite_of(store)->db,
	    "SELECT hashes FROM tile WHERE at = ?", (uint64_t)level << LEVEL_SHIFT | n, out);
}

static enum status
tile_put(struct store *store, unsigned level, uint64_t n, struct bytes hashes)
{
	/* A tile grows: what it held stays. */
	return store_rows_put_blob(store_sqlite_of(store)->db,
	    "INSERT INTO tile (at, hashes) VALUES (?, ?)"
	    " ON CONFLICT (at) DO UPDATE SET hashes = excluded.hashes"
	    " WHERE length(excluded.hashes) > length(hashes)",
	    (uint64_t)level << LEVEL_SHIFT | n, hashes);
}

static enum status
checkpoint_put(struct store *store, uint64_t size, struct bytes note)
{
	return store_rows_put_blob(store_sqlite_of(store)->db,
	    "INSERT INTO checkpoint (size, note) VALUES (?, ?)", size, note);
}

static enum status
checkpoint_over(struct store *store, uint64_t index, uint64_t *size, struct buffer *note)
{
	struct query *query;
	enum status rc;

	rc = database_query(store_sqlite_of(store)->db,
	    "SELECT size, note FROM checkpoint WHERE size > ? ORDER BY size LIMIT 1", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, index);
	if ((rc = store_rows_first(query)) != STATUS_OK)
		return rc;
	if ((rc = store_rows_append(query, 1, note)) == STATUS_OK)
		*size = query_uint(query, 0);
	query_done(query);
	return rc;
}

/* ---- Statements ------------------------------------------------------------------------ */

static enum status
statement_put(struct store *store, uint64_t n, uint64_t index)
{
	return store_rows_put_number(store_sqlite_of(store)->db,
	    "INSERT INTO statement (n, leaf) VALUES (?, ?)", n, index);
}

static enum status
statement_get(struct store *store, uint64_t n, uint64_t *index)
{
	return store_rows_get_number(
	    store_sqlite_of(store)->db, "SELECT leaf FROM statement WHERE n = ?", n, index);
}

/* ---- A doubt about the clock ------------------------------------------------------------- */

static enum status
doubt_put(struct store *store, const struct store_doubt *doubt)
{
	return store_rows_put_number(store_sqlite_of(store)->db,
	    "INSERT INTO doubt (forward, moved) VALUES (?, ?)", doubt->forward,
	    doubt->moved_ms);
}

static enum status
doubt_get(struct store *store, struct store_doubt *out)
{
	struct query *query;
	enum status rc;

	rc = database_query(
	    store_sqlite_of(store)->db, "SELECT forward, moved FROM doubt LIMIT 1", &query);
	if (rc != STATUS_OK || (rc = store_rows_first(query)) != STATUS_OK)
		return rc;
	out->forward = query_uint(query, 0) != 0;
	out->moved_ms = query_uint(query, 1);
	query_done(query);
	return STATUS_OK;
}

static enum status
doubt_remove(struct store *store)
{
	struct query *query;
	enum status rc;

	rc = database_query(store_sqlite_of(store)->db, "DELETE FROM doubt", &query);
	return rc == STATUS_OK ? query_run(query) : rc;
}

/* ---- The disk ---------------------------------------------------------------------------- */

static enum status
housekeep(struct store *store, bool idle)
{
	struct store_sqlite *s = store_sqlite_of(store);
	enum status rc;

	if (!idle)
		return database_wal_bytes(s->db) > WAL_MAX ? database_checkpoint(s->db, false)
		                                           : STATUS_OK;
	if (!s->changed)
		return STATUS_OK;
	/* Idle: also truncated, so that mail removed leaves the disk. */
	if ((rc = database_checkpoint(s->db, true)) == STATUS_OK)
		s->changed = false;
	return rc == STATUS_AGAIN ? STATUS_OK : rc;
}

static bool
has_space(struct store *store, uint64_t bytes_)
{
	return database_has_space(store_sqlite_of(store)->db, bytes_);
}

static const struct store_operations operations = {
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .close = close_store,
    .log_size = log_size,
    .leaf_put = leaf_put,
    .leaf_get = leaf_get,
    .tile_get = tile_get,
    .tile_put = tile_put,
    .checkpoint_put = checkpoint_put,
    .checkpoint_over = checkpoint_over,
    .message_put = store_mail_message_put,
    .message_get = store_mail_message_get,
    .reference_get = store_references_get,
    .reference_put = store_references_put,
    .reference_stop = store_references_stop,
    .mail_put = store_mail_put,
    .mail_get = store_mail_get,
    .mail_after = store_mail_after,
    .mail_remove = store_mail_remove,
    .mail_count = store_mail_count,
    .handed_put = store_mail_handed_put,
    .handed_get = store_mail_handed_get,
    .mail_due = store_mail_due,
    .mail_defer = store_mail_defer,
    .evidence_put = store_mail_evidence_put,
    .evidence_get = store_mail_evidence_get,
    .evidence_final = store_mail_evidence_final,
    .attachment_get = store_attachments_get,
    .attachment_put = store_attachments_put,
    .attachment_sum = store_attachments_sum,
    .attachment_chunk = store_attachments_chunk,
    .chunk_read = store_attachments_read,
    .attachment_claim = store_attachments_claim,
    .attachment_of = store_attachments_of,
    .attachment_release = store_attachments_release,
    .attachment_is_due = store_attachments_is_due,
    .attachment_expire = store_attachments_expire,
    .statement_put = statement_put,
    .statement_get = statement_get,
    .doubt_put = doubt_put,
    .doubt_get = doubt_get,
    .doubt_remove = doubt_remove,
    .housekeep = housekeep,
    .has_space = has_space,
};

static enum status
open_depot(struct store_sqlite *s, const char *path)
{
	char folder[1200];
	enum status rc;

	if ((size_t)snprintf(folder, sizeof(folder), "%s-attachments", path) >= sizeof(folder))
		return STATUS_BAD_CONFIG;
	if ((rc = depot_open(folder, &s->depot)) == STATUS_OK)
		store_attachments_sweep(s);
	return rc;
}

enum status
store_sqlite_open(const char *path, struct store **out)
{
	const struct database_config config = {
	    .path = path,
	    .migrations = migrations,
	    .migration_count = sizeof(migrations) / sizeof(migrations[0]),
	    .page_size = 16384,
	    .cache_kib = 16384,
	};
	struct store_sqlite *s = calloc(1, sizeof(*s));
	enum status rc;

	if (s == NULL)
		return STATUS_NO_MEMORY;
	s->store.do_ = &operations;
	s->changed = true;
	mailboxes_init(&s->mailboxes);
	if ((rc = database_open(&config, &s->db)) == STATUS_OK &&
	    (rc = load_size(s)) == STATUS_OK && (rc = load_parties(s)) == STATUS_OK &&
	    (rc = open_depot(s, path)) == STATUS_OK) {
		*out = &s->store;
		return STATUS_OK;
	}
	close_store(&s->store);
	return rc;
}
