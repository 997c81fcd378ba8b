/* services/runtime/store/key_store.c: what the service keeps of the directory, the log and its epochs. */
#include "services/runtime/store/key_store.h"

#include <string.h>

enum status
key_store_add_statement(struct database *db, uint64_t index, struct bytes leaf)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO statements (log_index, leaf) VALUES (?, ?) ON CONFLICT DO NOTHING",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, index);
	query_bind_bytes(query, 2, leaf);
	return query_run(query);
}

struct statement_row {
	uint64_t index;
	struct buffer *leaf;
};

static bool
read_statement(struct query *query, void *out)
{
	struct statement_row *row = out;

	row->index = query_uint(query, 0);
	buffer_append(row->leaf, query_bytes(query, 1));
	return true;
}

enum status
key_store_statement(struct database *db, uint64_t from, uint64_t *index, struct buffer *leaf)
{
	struct statement_row statement = {.leaf = leaf};
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT log_index, leaf FROM statements WHERE log_index >= ?"
	    " ORDER BY log_index LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, from);
	if ((rc = query_first(query, read_statement, &statement)) != STATUS_OK)
		return rc;
	*index = statement.index;
	return leaf->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status
key_store_set_note(struct database *db, const char *name, struct bytes note)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO notes (name, note) VALUES (?, ?)"
	    " ON CONFLICT (name) DO UPDATE SET note = excluded.note",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(name));
	query_bind_bytes(query, 2, note);
	return query_run(query);
}

enum status
key_store_note(struct database *db, const char *name, struct buffer *out)
{
	struct query *query;
	enum status rc = database_query(db, "SELECT note FROM notes WHERE name = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(name));
	return query_append(query, out);
}

/* ---- Checkpoints that wait for their proof ----------------------------------------------- */

static enum status
make_room(struct database *db)
{
	struct query *query;
	uint64_t count, oldest;
	enum status rc = key_store_unproven(db, &count, &oldest);

	if (rc != STATUS_OK || count <= KEY_STORE_UNPROVEN_MAX)
		return rc;
	rc = database_query(db,
	    "DELETE FROM unproven WHERE n = (SELECT n FROM unproven ORDER BY random() LIMIT 1)",
	    &query);
	return rc == STATUS_OK ? query_run(query) : rc;
}

enum status
key_store_add_unproven(struct database *db, const struct checkpoint *checkpoint,
    struct bytes note, uint64_t time_ms)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO unproven (size, root, note, time_ms) VALUES (?, ?, ?, ?)"
	    " ON CONFLICT DO NOTHING",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, checkpoint->size);
	query_bind_bytes(query, 2, BYTES(checkpoint->root.byte));
	query_bind_bytes(query, 3, note);
	query_bind_uint(query, 4, time_ms);
	if ((rc = query_run(query)) != STATUS_OK || database_changes(db) == 0)
		return rc;
	return make_room(db);
}

enum status
key_store_remove_unproven(struct database *db, const struct checkpoint *checkpoint)
{
	struct query *query;
	enum status rc =
	    database_query(db, "DELETE FROM unproven WHERE size = ? AND root = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, checkpoint->size);
	query_bind_bytes(query, 2, BYTES(checkpoint->root.byte));
	return query_run(query);
}

struct unproven {
	struct checkpoint *checkpoint;
	struct buffer *note;
};

static bool
read_unproven(struct query *query, void *out)
{
	struct unproven *unproven = out;
	struct merkle_hash *root = &unproven->checkpoint->root;

	unproven->checkpoint->size = query_uint(query, 0);
	buffer_append(unproven->note, query_bytes(query, 2));
	return query_fixed(query, 1, root->byte, sizeof(root->byte));
}

enum status
key_store_unproven_after(struct database *db, const struct checkpoint *after,
    struct checkpoint *out, struct buffer *note)
{
	static const struct checkpoint none;
	struct unproven unproven = {out, note};
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT size, root, note FROM unproven WHERE (size, root) > (?, ?)"
	    " ORDER BY size, root LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	if (after == NULL)
		after = &none;
	query_bind_uint(query, 1, after->size);
	query_bind_bytes(query, 2, BYTES(after->root.byte));
	rc = query_first(query, read_unproven, &unproven);
	return rc == STATUS_OK && note->failed ? STATUS_NO_MEMORY : rc;
}

struct waiting {
	uint64_t count, oldest_ms;
};

static bool
read_waiting(struct query *query, void *out)
{
	*(struct waiting *)out = (struct waiting){query_uint(query, 0), query_uint(query, 1)};
	return true;
}

enum status
key_store_unproven(struct database *db, uint64_t *count, uint64_t *oldest_ms)
{
	struct waiting waiting;
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT count(*), min(time_ms) FROM unproven", &query);

	if (rc != STATUS_OK || (rc = query_first(query, read_waiting, &waiting)) != STATUS_OK)
		return rc;
	*count = waiting.count;
	*oldest_ms = waiting.oldest_ms;
	return STATUS_OK;
}

/* ---- Epochs ------------------------------------------------------------------------------ */

enum status
key_store_add_epoch(struct database *db, const struct epoch_row *row, struct bytes secret,
    struct bytes statement, const struct leaf_signature *signature)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO epochs (epoch, public, secret, not_before_ms, not_after_ms, statement,"
	    " signature) VALUES (?, ?, ?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->epoch);
	query_bind_bytes(query, 2, BYTES(row->public));
	query_bind_bytes(query, 3, secret);
	query_bind_uint(query, 4, row->not_before_ms);
	query_bind_uint(query, 5, row->not_after_ms);
	query_bind_bytes(query, 6, statement);
	query_bind_bytes(query, 7, BYTES(signature->signature));
	return query_run(query);
}

static bool
read_epoch(struct query *query, void *out)
{
	struct epoch_row found = {.epoch = query_uint(query, 0),
	    .not_before_ms = query_uint(query, 2),
	    .not_after_ms = query_uint(query, 3)};

	if (!query_fixed(query, 1, found.public, sizeof(found.public)))
		return false;
	*(struct epoch_row *)out = found;
	return true;
}

enum status
key_store_newest_epoch(struct database *db, struct epoch_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT epoch, public, not_before_ms, not_after_ms FROM epochs"
	    " ORDER BY epoch DESC LIMIT 1",
	    &query);

	return rc == STATUS_OK ? query_first(query, read_epoch, out) : rc;
}

enum status
key_store_epoch_from(struct database *db, uint64_t from, struct epoch_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT epoch, public, not_before_ms, not_after_ms FROM epochs WHERE epoch >= ?"
	    " ORDER BY epoch LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, from);
	return query_first(query, read_epoch, out);
}

enum status
key_store_epoch_secret(struct database *db, uint64_t epoch, struct buffer *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT secret FROM epochs WHERE epoch = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, epoch);
	return query_append(query, out);
}

struct epoch_statement {
	struct buffer *statement;
	struct leaf_signature *signature;
};

static bool
read_epoch_statement(struct query *query, void *out)
{
	struct epoch_statement *own = out;

	buffer_append(own->statement, query_bytes(query, 0));
	own->signature->signer = SIGNER_PARTY;
	return query_fixed(
	    query, 1, own->signature->signature, sizeof(own->signature->signature));
}

enum status
key_store_epoch_statement(struct database *db, uint64_t epoch, struct buffer *statement,
    struct leaf_signature *signature)
{
	struct epoch_statement own = {statement, signature};
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT statement, signature FROM epochs WHERE epoch = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, epoch);
	rc = query_first(query, read_epoch_statement, &own);
	return rc == STATUS_OK && statement->failed ? STATUS_NO_MEMORY : rc;
}

enum status
key_store_remove_epoch(struct database *db, uint64_t epoch)
{
	struct query *query;
	enum status rc = database_query(db, "DELETE FROM epochs WHERE epoch = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, epoch);
	return query_run(query);
}
