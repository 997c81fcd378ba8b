/* services/runtime/store/chain_store.c: the chains of messages with each peer, and what lacks in them. */
#include "services/runtime/store/chain_store.h"

#include <string.h>

/* A chain's state after one link, from columns COUNT, ID, CHAIN. */
static bool
read_chain(struct query *query, int count, int id, int chain, struct envelope_chain *out)
{
	struct bytes last = query_bytes(query, id), hash;

	if (last.len != sizeof(out->last_id))
		return false;
	memcpy(out->last_id, last.data, sizeof(out->last_id));
	hash = query_bytes(query, chain);
	if (hash.len != sizeof(out->chain))
		return false;
	memcpy(out->chain, hash.data, sizeof(out->chain));
	out->count = query_uint(query, count);
	return true;
}

/* The chain before INDEX. */
static enum status
chain_before(struct database *db, enum chain_direction direction, const char *peer,
    uint64_t index, struct envelope_chain *out)
{
	struct query *query;
	struct envelope_chain found = {0};
	bool row = false;
	enum status rc = database_query(db,
	    "SELECT count, id, chain FROM links WHERE direction = ? AND peer = ? AND"
	    " log_index < ? ORDER BY log_index DESC LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, direction);
	query_bind_text(query, 2, bytes_of_text(peer));
	query_bind_uint(query, 3, index);
	if ((rc = query_step(query, &row)) != STATUS_OK)
		return rc;
	if (row && !read_chain(query, 0, 1, 2, &found))
		rc = STATUS_DATABASE;
	if (row)
		query_done(query);
	if (rc == STATUS_OK)
		*out = found;
	return rc;
}

enum status
chain_store_head(struct database *db, enum chain_direction direction, const char *peer,
    struct envelope_chain *out)
{
	return chain_before(db, direction, peer, INT64_MAX, out);
}

static enum status
insert(struct database *db, const struct chain_link *link)
{
	struct query *query;
	static const uint8_t none[SUITE_HASH_LEN];
	enum status rc = database_query(db,
	    "INSERT INTO links (direction, peer, log_index, id, digest, count, chain,"
	    " claim_count, claim_id, claim_chain) VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?)"
	    " ON CONFLICT DO NOTHING",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, link->direction);
	query_bind_text(query, 2, bytes_of_text(link->peer));
	query_bind_uint(query, 3, link->index);
	query_bind_bytes(query, 4, BYTES(link->id));
	query_bind_bytes(query, 5, BYTES(link->digest));
	query_bind_bytes(query, 6, BYTES(none));
	/* A count that no log can hold is a claim that never fits. */
	query_bind_uint(
	    query, 7, link->claim.count > INT64_MAX ? INT64_MAX : link->claim.count);
	query_bind_bytes(query, 8, BYTES(link->claim.last_id));
	query_bind_bytes(query, 9, BYTES(link->claim.chain));
	return query_run(query);
}

/* The next link at FROM or behind it; STATUS_NOT_FOUND. */
static enum status
next_link(struct database *db, const struct chain_link *like, uint64_t from, uint64_t *index,
    uint8_t id[static SUITE_ID_LEN], uint8_t digest[static SUITE_HASH_LEN])
{
	struct query *query;
	struct bytes view;
	bool row = false;
	enum status rc = database_query(db,
	    "SELECT log_index, id, digest FROM links WHERE direction = ? AND peer = ? AND"
	    " log_index >= ? ORDER BY log_index LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, like->direction);
	query_bind_text(query, 2, bytes_of_text(like->peer));
	query_bind_uint(query, 3, from);
	if ((rc = query_step(query, &row)) != STATUS_OK)
		return rc;
	if (!row)
		return STATUS_NOT_FOUND;
	*index = query_uint(query, 0);
	view = query_bytes(query, 1);
	if (view.len == SUITE_ID_LEN)
		memcpy(id, view.data, SUITE_ID_LEN);
	else
		rc = STATUS_DATABASE;
	view = query_bytes(query, 2);
	if (view.len == SUITE_HASH_LEN)
		memcpy(digest, view.data, SUITE_HASH_LEN);
	else
		rc = STATUS_DATABASE;
	query_done(query);
	return rc;
}

static enum status
set_chain(struct database *db, const struct chain_link *like, uint64_t index,
    const struct envelope_chain *chain)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE links SET count = ?, chain = ? WHERE direction = ? AND peer = ? AND"
	    " log_index = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, chain->count);
	query_bind_bytes(query, 2, BYTES(chain->chain));
	query_bind_uint(query, 3, like->direction);
	query_bind_text(query, 4, bytes_of_text(like->peer));
	query_bind_uint(query, 5, index);
	return query_run(query);
}

enum status
chain_store_add(struct database *db, const struct chain_link *link)
{
	struct envelope_chain chain;
	uint8_t id[SUITE_ID_LEN], digest[SUITE_HASH_LEN];
	uint64_t index = link->index;
	enum status rc;

	if ((rc = insert(db, link)) != STATUS_OK || database_changes(db) == 0)
		return rc;
	rc = chain_before(db, link->direction, link->peer, link->index, &chain);
	/* As a rule this is the last link, and the loop runs once. */
	while (rc == STATUS_OK) {
		rc = next_link(db, link, index, &index, id, digest);
		if (rc == STATUS_NOT_FOUND)
			return STATUS_OK;
		if (rc != STATUS_OK)
			return rc;
		envelope_chain_add(&chain, id, digest);
		rc = set_chain(db, link, index, &chain);
		index++;
	}
	return rc;
}

enum status
chain_store_digest(struct database *db, enum chain_direction direction, const char *peer,
    uint64_t index, uint8_t out[static SUITE_HASH_LEN])
{
	struct query *query;
	struct bytes view;
	bool row = false;
	enum status rc = database_query(db,
	    "SELECT digest FROM links WHERE direction = ? AND peer = ? AND log_index = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, direction);
	query_bind_text(query, 2, bytes_of_text(peer));
	query_bind_uint(query, 3, index);
	if ((rc = query_step(query, &row)) != STATUS_OK)
		return rc;
	if (!row)
		return STATUS_NOT_FOUND;
	view = query_bytes(query, 0);
	if (view.len == SUITE_HASH_LEN)
		memcpy(out, view.data, SUITE_HASH_LEN);
	else
		rc = STATUS_DATABASE;
	query_done(query);
	return rc;
}

/* A claim fits when the message it names as the last is here, with that count and chain. */
#define MISFITS                                                                                \
	"SELECT 1 FROM links AS l WHERE l.direction = 1 AND l.peer = ?1 AND"                   \
	" l.claim_count > 0 AND NOT EXISTS (SELECT 1 FROM links AS m WHERE"                    \
	"  m.direction = 1 AND m.peer = ?1 AND m.id = l.claim_id AND"                          \
	"  m.count = l.claim_count AND m.chain = l.claim_chain AND"                            \
	"  m.log_index < l.log_index)"

static enum status
has_none(struct query *query, bool *none)
{
	bool row = false;
	enum status rc;

	if ((rc = query_step(query, &row)) != STATUS_OK)
		return rc;
	if (row)
		query_done(query);
	*none = !row;
	return STATUS_OK;
}

enum status
chain_store_claim_fits(struct database *db, const char *peer, uint64_t index, bool *fits)
{
	struct query *query;
	enum status rc = database_query(db, MISFITS " AND l.log_index = ?2", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(peer));
	query_bind_uint(query, 2, index);
	return has_none(query, fits);
}

enum status
chain_store_is_whole(struct database *db, const char *peer, bool *whole)
{
	struct query *query;
	enum status rc = database_query(db, MISFITS " LIMIT 1", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(peer));
	return has_none(query, whole);
}

/* ---- Problems ---------------------------------------------------------------------------- */

enum status
chain_store_problem(struct database *db, const struct problem *problem)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO problems (what, peer, status, log_index, time_ms) VALUES"
	    " (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(problem->what));
	query_bind_text(query, 2, bytes_of_text(problem->peer));
	query_bind_uint(query, 3, (uint64_t)problem->status);
	query_bind_uint(query, 4, problem->index > INT64_MAX ? INT64_MAX : problem->index);
	query_bind_uint(query, 5, problem->time_ms);
	return query_run(query);
}

enum status
chain_store_has_problem(struct database *db, const char *what, const char *peer, bool *has)
{
	struct query *query;
	bool none;
	enum status rc =
	    database_query(db, "SELECT 1 FROM problems WHERE what = ? AND peer = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(what));
	query_bind_text(query, 2, bytes_of_text(peer));
	if ((rc = has_none(query, &none)) == STATUS_OK)
		*has = !none;
	return rc;
}

enum status
chain_store_resolved(struct database *db, const char *what, const char *peer)
{
	struct query *query;
	enum status rc =
	    database_query(db, "DELETE FROM problems WHERE what = ? AND peer = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(what));
	query_bind_text(query, 2, bytes_of_text(peer));
	return query_run(query);
}

enum status
chain_store_problem_at(struct database *db, unsigned offset, struct problem *out)
{
	struct query *query;
	struct problem found = {0};
	bool row = false, whole;
	enum status rc = database_query(db,
	    "SELECT what, peer, status, log_index, time_ms FROM problems"
	    " ORDER BY time_ms, what, peer LIMIT 1 OFFSET ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, offset);
	if ((rc = query_step(query, &row)) != STATUS_OK)
		return rc;
	if (!row)
		return STATUS_NOT_FOUND;
	whole = bytes_to_text(query_bytes(query, 0), found.what, sizeof(found.what)) &&
	        bytes_to_text(query_bytes(query, 1), found.peer, sizeof(found.peer));
	found.status = (enum status)query_uint(query, 2);
	found.index = query_uint(query, 3);
	found.time_ms = query_uint(query, 4);
	query_done(query);
	if (!whole)
		return STATUS_DATABASE;
	*out = found;
	return STATUS_OK;
}
