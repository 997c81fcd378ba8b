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

enum status
key_store_statement(struct database *db, uint64_t from, uint64_t *index, struct buffer *leaf)
{
	struct query *query;
	bool row = false;
	enum status rc = database_query(db,
	    "SELECT log_index, leaf FROM statements WHERE log_index >= ?"
	    " ORDER BY log_index LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, from);
	if ((rc = query_step(query, &row)) != STATUS_OK)
		return rc;
	if (!row)
		return STATUS_NOT_FOUND;
	*index = query_uint(query, 0);
	buffer_append(leaf, query_bytes(query, 1));
	query_done(query);
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

enum status
key_store_unproven_after(struct database *db, const struct checkpoint *after,
    struct checkpoint *out, struct buffer *note)
{
	static const struct checkpoint none;
	struct query *query;
	struct bytes root;
	bool row = false;
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
	if ((rc = query_step(query, &row)) != STATUS_OK)
		return rc;
	if (!row)
		return STATUS_NOT_FOUND;
	out->size = query_uint(query, 0);
	root = query_bytes(query, 1);
	if (root.len == sizeof(out->root.byte))
		memcpy(out->root.byte, root.data, root.len);
	else
		rc = STATUS_DATABASE;
	buffer_append(note, query_bytes(query, 2));
	query_done(query);
	if (rc == STATUS_OK && note->failed)
		return STATUS_NO_MEMORY;
	return rc;
}

enum status
key_store_unproven(struct database *db, uint64_t *count, uint64_t *oldest_ms)
{
	struct query *query;
	bool row = false;
	enum status rc =
	    database_query(db, "SELECT count(*), min(time_ms) FROM unproven", &query);

	if (rc != STATUS_OK)
		return rc;
	if ((rc = query_step(query, &row)) != STATUS_OK)
		return rc;
	*count = row ? query_uint(query, 0) : 0;
	*oldest_ms = row ? query_uint(query, 1) : 0;
	query_done(query);
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

static enum status
first_epoch(struct query *query, struct epoch_row *out)
{
	struct epoch_row found = {0};
	struct bytes key;
	bool row = false;
	enum status rc;

	if ((rc = query_step(query, &row)) != STATUS_OK)
		return rc;
	if (!row)
		return STATUS_NOT_FOUND;
	found.epoch = query_uint(query, 0);
	key = query_bytes(query, 1);
	if (key.len == sizeof(found.public))
		memcpy(found.public, key.data, sizeof(found.public));
	else
		rc = STATUS_DATABASE;
	found.not_before_ms = query_uint(query, 2);
	found.not_after_ms = query_uint(query, 3);
	query_done(query);
	if (rc == STATUS_OK)
		*out = found;
	return rc;
}

enum status
key_store_newest_epoch(struct database *db, struct epoch_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT epoch, public, not_before_ms, not_after_ms FROM epochs"
	    " ORDER BY epoch DESC LIMIT 1",
	    &query);

	return rc == STATUS_OK ? first_epoch(query, out) : rc;
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
	return first_epoch(query, out);
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

enum status
key_store_epoch_statement(struct database *db, uint64_t epoch, struct buffer *statement,
    struct leaf_signature *signature)
{
	struct query *query;
	struct bytes view;
	bool row = false;
	enum status rc = database_query(
	    db, "SELECT statement, signature FROM epochs WHERE epoch = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, epoch);
	if ((rc = query_step(query, &row)) != STATUS_OK)
		return rc;
	if (!row)
		return STATUS_NOT_FOUND;
	buffer_append(statement, query_bytes(query, 0));
	view = query_bytes(query, 1);
	signature->signer = SIGNER_PARTY;
	if (view.len == sizeof(signature->signature))
		memcpy(signature->signature, view.data, view.len);
	else
		rc = STATUS_DATABASE;
	query_done(query);
	if (rc == STATUS_OK && statement->failed)
		return STATUS_NO_MEMORY;
	return rc;
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
