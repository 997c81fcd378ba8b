/* services/runtime/store/chain_store.c: the chains of messages with each peer, and what lacks in them. */
#include "services/runtime/store/chain_store.h"

/* A chain's state after one link. */
static bool
read_chain(struct query *query, void *out)
{
	struct envelope_chain found = {.count = query_uint(query, 0)};

	if (!query_fixed(query, 1, found.last_id, sizeof(found.last_id)) ||
	    !query_fixed(query, 2, found.chain, sizeof(found.chain)))
		return false;
	*(struct envelope_chain *)out = found;
	return true;
}

/* The chain before INDEX. */
static enum status
chain_before(struct database *db, enum chain_direction direction, const char *peer,
    uint64_t index, struct envelope_chain *out)
{
	struct query *query;
	struct envelope_chain found = {0};
	enum status rc = database_query(db,
	    "SELECT count, id, chain FROM links WHERE direction = ? AND peer = ? AND"
	    " log_index < ? ORDER BY log_index DESC LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, direction);
	query_bind_text(query, 2, bytes_of_text(peer));
	query_bind_uint(query, 3, index);
	rc = query_first(query, read_chain, &found);
	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
		return rc;
	*out = found;
	return STATUS_OK;
}

enum status
chain_store_head(struct database *db, enum chain_direction direction, const char *peer,
    struct envelope_chain *out)
{
	return chain_before(db, direction, peer, INT64_MAX, out);
}

/* CHAIN: its state with LINK. */
static enum status
insert(struct database *db, const struct chain_link *link, const struct envelope_chain *chain)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO links (direction, peer, log_index, id, digest, count, chain,"
	    " claim_count, claim_id, claim_chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT DO NOTHING",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, link->direction);
	query_bind_text(query, 2, bytes_of_text(link->peer));
	query_bind_uint(query, 3, link->index);
	query_bind_bytes(query, 4, BYTES(link->id));
	query_bind_bytes(query, 5, BYTES(link->digest));
	query_bind_uint(query, 6, chain->count);
	query_bind_bytes(query, 7, BYTES(chain->chain));
	/* A count that no log can hold is a claim that never fits. */
	query_bind_uint(
	    query, 8, link->claim.count > INT64_MAX ? INT64_MAX : link->claim.count);
	query_bind_bytes(query, 9, BYTES(link->claim.last_id));
	query_bind_bytes(query, 10, BYTES(link->claim.chain));
	return query_run(query);
}

struct next_link {
	uint64_t index;
	uint8_t id[SUITE_ID_LEN], digest[SUITE_HASH_LEN];
};

static bool
read_next(struct query *query, void *out)
{
	struct next_link found = {.index = query_uint(query, 0)};

	if (!query_fixed(query, 1, found.id, sizeof(found.id)) ||
	    !query_fixed(query, 2, found.digest, sizeof(found.digest)))
		return false;
	*(struct next_link *)out = found;
	return true;
}

/* The next link at FROM or behind it; STATUS_NOT_FOUND. */
static enum status
next_link(
    struct database *db, const struct chain_link *like, uint64_t from, struct next_link *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT log_index, id, digest FROM links WHERE direction = ? AND peer = ? AND"
	    " log_index >= ? ORDER BY log_index LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, like->direction);
	query_bind_text(query, 2, bytes_of_text(like->peer));
	query_bind_uint(query, 3, from);
	return query_first(query, read_next, out);
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
	struct next_link next = {.index = link->index};
	struct envelope_chain chain;
	enum status rc = chain_before(db, link->direction, link->peer, link->index, &chain);

	if (rc != STATUS_OK)
		return rc;
	envelope_chain_add(&chain, link->id, link->digest);
	if ((rc = insert(db, link, &chain)) != STATUS_OK || database_changes(db) == 0)
		return rc;
	/* As a rule it is the last link; those behind one that came late follow from it. */
	while ((rc = next_link(db, link, next.index + 1, &next)) == STATUS_OK) {
		envelope_chain_add(&chain, next.id, next.digest);
		if ((rc = set_chain(db, link, next.index, &chain)) != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static bool
read_digest(struct query *query, void *out)
{
	return query_fixed(query, 0, out, SUITE_HASH_LEN);
}

enum status
chain_store_digest(struct database *db, enum chain_direction direction, const char *peer,
    uint64_t index, uint8_t out[static SUITE_HASH_LEN])
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT digest FROM links WHERE direction = ? AND peer = ? AND log_index = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, direction);
	query_bind_text(query, 2, bytes_of_text(peer));
	query_bind_uint(query, 3, index);
	return query_first(query, read_digest, out);
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
	bool any;
	enum status rc = query_any(query, &any);

	if (rc == STATUS_OK)
		*none = !any;
	return rc;
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
	enum status rc =
	    database_query(db, "SELECT 1 FROM problems WHERE what = ? AND peer = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(what));
	query_bind_text(query, 2, bytes_of_text(peer));
	return query_any(query, has);
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

static bool
read_problem(struct query *query, void *out)
{
	struct problem found = {.status = (enum status)query_uint(query, 2),
	    .index = query_uint(query, 3),
	    .time_ms = query_uint(query, 4)};

	if (!bytes_to_text(query_bytes(query, 0), found.what, sizeof(found.what)) ||
	    !bytes_to_text(query_bytes(query, 1), found.peer, sizeof(found.peer)))
		return false;
	*(struct problem *)out = found;
	return true;
}

enum status
chain_store_problem_at(struct database *db, unsigned offset, struct problem *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT what, peer, status, log_index, time_ms FROM problems"
	    " ORDER BY time_ms, what, peer LIMIT 1 OFFSET ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, offset);
	return query_first(query, read_problem, out);
}
