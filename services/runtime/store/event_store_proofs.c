/* services/runtime/store/event_store_proofs.c: entries of the log as they were proven to us. */
#include "services/runtime/store/event_store.h"

#include <string.h>

#include "protocol/proof/tlogproof.h"

enum status
event_store_add_proof(struct database *db, const struct frame_proven *proven)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO proofs (log_index, leaf, path, note) VALUES (?, ?, ?, ?)"
	    " ON CONFLICT DO NOTHING",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, proven->index);
	query_bind_bytes(query, 2, proven->leaf);
	query_bind_bytes(query, 3,
	    (struct bytes){(const uint8_t *)proven->path.hash,
		proven->path.len * sizeof(proven->path.hash[0])});
	query_bind_bytes(query, 4, proven->checkpoint);
	return query_run(query);
}

enum status
event_store_leaf(struct database *db, uint64_t log_index, struct buffer *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT leaf FROM proofs WHERE log_index = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, log_index);
	return query_append(query, out);
}

enum status
event_store_proof_differs(
    struct database *db, uint64_t log_index, struct bytes leaf, bool *differs)
{
	struct buffer stored = {0};
	enum status rc = event_store_leaf(db, log_index, &stored);

	if (rc == STATUS_OK || rc == STATUS_NOT_FOUND) {
		*differs = rc == STATUS_OK && !bytes_equal(bytes_of_buffer(&stored), leaf);
		rc = STATUS_OK;
	}
	buffer_free(&stored);
	return rc;
}

static bool
read_path(struct bytes hashes, struct merkle_path *path)
{
	if (hashes.len > sizeof(path->hash) || hashes.len % sizeof(path->hash[0]) != 0)
		return false;
	path->len = (uint32_t)(hashes.len / sizeof(path->hash[0]));
	if (hashes.len > 0)
		memcpy(path->hash, hashes.data, hashes.len);
	return true;
}

struct proven_parts {
	struct buffer *leaf, *checkpoint;
	struct merkle_path *path;
};

static bool
read_proven(struct query *query, void *out)
{
	const struct proven_parts *parts = out;

	if (!read_path(query_bytes(query, 1), parts->path))
		return false;
	buffer_append(parts->leaf, query_bytes(query, 0));
	buffer_append(parts->checkpoint, query_bytes(query, 2));
	return true;
}

enum status
event_store_proven(struct database *db, uint64_t log_index, struct buffer *leaf,
    struct merkle_path *path, struct buffer *checkpoint)
{
	struct proven_parts parts = {leaf, checkpoint, path};
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT leaf, path, note FROM proofs WHERE log_index = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, log_index);
	rc = query_first(query, read_proven, &parts);
	return rc == STATUS_OK && (leaf->failed || checkpoint->failed) ? STATUS_NO_MEMORY : rc;
}

static bool
format_proof(struct query *query, void *out)
{
	struct merkle_path path = {0};

	if (!read_path(query_bytes(query, 1), &path))
		return false;
	tlogproof_format(
	    query_bytes(query, 0), query_uint(query, 3), &path, query_bytes(query, 2), out);
	return true;
}

enum status
event_store_proof(struct database *db, uint64_t log_index, struct buffer *out)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT leaf, path, note, log_index FROM proofs WHERE log_index = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, log_index);
	rc = query_first(query, format_proof, out);
	return rc == STATUS_OK && out->failed ? STATUS_NO_MEMORY : rc;
}
