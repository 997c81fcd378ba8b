/* services/runtime/store/history_store.c: what members said of a circle's history, and what is passed on. */
#include "services/runtime/store/history_store.h"

#define ID(id)     ((struct bytes){(id), SUITE_ID_LEN})
#define HASH(hash) ((struct bytes){(hash), SUITE_HASH_LEN})

static uint64_t
clamp(uint64_t index)
{
	return index > INT64_MAX ? INT64_MAX : index;
}

/* ---- Entries and digests ----------------------------------------------------------------- */

static bool
read_at(struct query *query, void *out)
{
	struct history_at found = {
	    .index = query_uint(query, 0), .count = query_uint(query, 1)};

	if (!query_fixed(query, 2, found.digest, sizeof(found.digest)))
		return false;
	*(struct history_at *)out = found;
	return true;
}

enum status
history_store_at(struct database *db, uint64_t circle_n, uint64_t upto, struct history_at *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT log_index, count, digest FROM circle_digests WHERE circle_n = ?"
	    " AND log_index <= ? ORDER BY log_index DESC LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, circle_n);
	query_bind_uint(query, 2, clamp(upto));
	return query_first(query, read_at, out);
}

enum status
history_store_add_at(struct database *db, uint64_t circle_n, const struct history_at *at)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO circle_digests (circle_n, log_index, count, digest)"
	    " VALUES (?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, circle_n);
	query_bind_uint(query, 2, at->index);
	query_bind_uint(query, 3, at->count);
	query_bind_bytes(query, 4, HASH(at->digest));
	return query_run(query);
}

/* ---- What members said ------------------------------------------------------------------- */

#define CLAIM_COLUMNS "party, upto, count, digest, agreed, lacking, planned, aside"

static bool
read_claim(struct query *query, void *out)
{
	struct history_claim found = {.upto = query_uint(query, 1),
	    .count = query_uint(query, 2),
	    .agreed = query_uint(query, 4),
	    .lacking = query_uint(query, 5) != 0,
	    .planned = query_uint(query, 6) != 0,
	    .aside = query_uint(query, 7)};

	if (!bytes_to_text(query_bytes(query, 0), found.party, sizeof(found.party)) ||
	    !query_fixed(query, 3, found.digest, sizeof(found.digest)))
		return false;
	*(struct history_claim *)out = found;
	return true;
}

enum status
history_store_claim_after(
    struct database *db, uint64_t circle_n, const char *after, struct history_claim *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " CLAIM_COLUMNS " FROM circle_claims WHERE circle_n = ? AND party > ?"
	    " ORDER BY party LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, circle_n);
	query_bind_text(query, 2, bytes_of_text(after));
	return query_first(query, read_claim, out);
}

enum status
history_store_claim(
    struct database *db, uint64_t circle_n, const char *party, struct history_claim *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " CLAIM_COLUMNS " FROM circle_claims WHERE circle_n = ? AND party = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, circle_n);
	query_bind_text(query, 2, bytes_of_text(party));
	return query_first(query, read_claim, out);
}

enum status
history_store_set_claim(
    struct database *db, uint64_t circle_n, const struct history_claim *claim)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO circle_claims (circle_n, " CLAIM_COLUMNS ")"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (circle_n, party) DO UPDATE SET"
	    " upto = excluded.upto, count = excluded.count, digest = excluded.digest,"
	    " agreed = excluded.agreed, lacking = excluded.lacking,"
	    " planned = excluded.planned, aside = excluded.aside",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, circle_n);
	query_bind_text(query, 2, bytes_of_text(claim->party));
	query_bind_uint(query, 3, clamp(claim->upto));
	query_bind_uint(query, 4, clamp(claim->count));
	query_bind_bytes(query, 5, HASH(claim->digest));
	query_bind_uint(query, 6, clamp(claim->agreed));
	query_bind_uint(query, 7, claim->lacking);
	query_bind_uint(query, 8, claim->planned);
	query_bind_uint(query, 9, claim->aside);
	return query_run(query);
}

enum status
history_store_drop_claim(struct database *db, uint64_t circle_n, const char *party)
{
	struct query *query;
	enum status rc = database_query(
	    db, "DELETE FROM circle_claims WHERE circle_n = ? AND party = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, circle_n);
	query_bind_text(query, 2, bytes_of_text(party));
	return query_run(query);
}

enum status
history_store_lacking(struct database *db, const char *party, bool *out)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT 1 FROM circle_claims WHERE party = ? AND lacking = 1 LIMIT 1", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(party));
	return query_any(query, out);
}

/* ---- The circle's own columns ------------------------------------------------------------ */

#define CIRCLE_COLUMNS "n, token, id, agreed, gap, ask_ms, asks, planned, planned_terms, looked"

static bool
read_circle(struct query *query, void *out)
{
	struct history_circle found = {.circle_n = query_uint(query, 0),
	    .agreed = query_uint(query, 3),
	    .gap = query_uint(query, 4) != 0,
	    .ask_ms = query_uint(query, 5),
	    .asks = query_uint(query, 6),
	    .planned = query_uint(query, 7),
	    .terms = query_uint(query, 8),
	    .looked = query_uint(query, 9)};

	if (!query_fixed(query, 1, found.token, sizeof(found.token)) ||
	    !query_fixed(query, 2, found.id, sizeof(found.id)))
		return false;
	*(struct history_circle *)out = found;
	return true;
}

enum status
history_store_circle(struct database *db, uint64_t circle_n, struct history_circle *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " CIRCLE_COLUMNS " FROM circles WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, circle_n);
	return query_first(query, read_circle, out);
}

enum status
history_store_circle_of(
    struct database *db, const uint8_t token[static SUITE_ID_LEN], struct history_circle *out)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT " CIRCLE_COLUMNS " FROM circles WHERE token = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, ID(token));
	return query_first(query, read_circle, out);
}

enum status
history_store_set_circle(struct database *db, const struct history_circle *circle)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE circles SET agreed = ?, gap = ?, ask_ms = nullif(?, 0), asks = ?,"
	    " planned = ?, planned_terms = ?, looked = ? WHERE n = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, clamp(circle->agreed));
	query_bind_uint(query, 2, circle->gap);
	query_bind_uint(query, 3, circle->ask_ms);
	query_bind_uint(query, 4, circle->asks);
	query_bind_uint(query, 5, clamp(circle->planned));
	query_bind_uint(query, 6, circle->terms);
	query_bind_uint(query, 7, clamp(circle->looked));
	query_bind_uint(query, 8, circle->circle_n);
	return query_run(query);
}

enum status
history_store_asking(struct database *db, struct history_circle *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " CIRCLE_COLUMNS " FROM circles INDEXED BY circles_ask"
	    " WHERE ask_ms IS NOT NULL ORDER BY ask_ms LIMIT 1",
	    &query);

	return rc == STATUS_OK ? query_first(query, read_circle, out) : rc;
}

/* ---- Passing on -------------------------------------------------------------------------- */

static const char *const hows[PASSED_HOW_COUNT] = {
#define ROW(name, text) [PASSED_##name] = text,
    PASSED_LIST(ROW)
#undef ROW
};

#define PASSED_COLUMNS "event_n, party, how, status, time_ms, task_n, times"

static bool
read_passed(struct query *query, void *out)
{
	struct history_pass found = {.event_n = query_uint(query, 0),
	    .how = PASSED_HOW_COUNT,
	    .status = (enum status)query_uint(query, 3),
	    .time_ms = query_uint(query, 4),
	    .task_n = query_uint(query, 5),
	    .times = query_uint(query, 6)};

	for (unsigned i = 0; i < PASSED_HOW_COUNT; i++)
		if (bytes_is_text(query_bytes(query, 2), hows[i]))
			found.how = (enum history_how)i;
	if (found.how == PASSED_HOW_COUNT ||
	    !bytes_to_text(query_bytes(query, 1), found.party, sizeof(found.party)))
		return false;
	*(struct history_pass *)out = found;
	return true;
}

enum status
history_store_pass(
    struct database *db, uint64_t event_n, const char *party, struct history_pass *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " PASSED_COLUMNS " FROM passed WHERE event_n = ? AND party = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, event_n);
	query_bind_text(query, 2, bytes_of_text(party));
	return query_first(query, read_passed, out);
}

enum status
history_store_pass_by(struct database *db, uint64_t task_n, struct history_pass *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " PASSED_COLUMNS " FROM passed INDEXED BY passed_by_task"
	    " WHERE task_n = ? AND task_n > 0",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	return query_first(query, read_passed, out);
}

enum status
history_store_set_pass(struct database *db, const struct history_pass *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO passed (" PASSED_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (event_n, party) DO UPDATE SET how = excluded.how,"
	    " status = excluded.status, time_ms = excluded.time_ms, task_n = excluded.task_n,"
	    " times = excluded.times",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->event_n);
	query_bind_text(query, 2, bytes_of_text(row->party));
	query_bind_text(query, 3, bytes_of_text(hows[row->how]));
	query_bind_uint(query, 4, (uint64_t)row->status);
	query_bind_uint(query, 5, row->time_ms);
	query_bind_uint(query, 6, row->task_n);
	query_bind_uint(query, 7, row->times);
	return query_run(query);
}

enum status
history_store_due(struct database *db, struct history_pass *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " PASSED_COLUMNS " FROM passed INDEXED BY passed_due WHERE how = 'due'"
	    " ORDER BY time_ms, event_n, party LIMIT 1",
	    &query);

	return rc == STATUS_OK ? query_first(query, read_passed, out) : rc;
}

#define UNREACHED "how = 'due' AND time_ms > ?1 AND status IN (?3, ?4, ?5)"

static void
bind_unreached(struct query *query, uint64_t now_ms, const char *party)
{
	query_bind_uint(query, 1, now_ms);
	query_bind_text(query, 2, bytes_of_text(party));
	query_bind_uint(query, 3, STATUS_SUSPENDED);
	query_bind_uint(query, 4, STATUS_UNKNOWN_EPOCH);
	query_bind_uint(query, 5, STATUS_UNKNOWN_PARTY);
}

enum status
history_store_unreached(
    struct database *db, uint64_t now_ms, const char *after, struct history_pass *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " PASSED_COLUMNS " FROM passed INDEXED BY passed_due WHERE " UNREACHED
	    " AND party > ?2 ORDER BY party LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	bind_unreached(query, now_ms, after);
	return query_first(query, read_passed, out);
}

enum status
history_store_hasten(struct database *db, uint64_t now_ms, const char *party)
{
	struct query *query;
	enum status rc = database_query(
	    db, "UPDATE passed SET time_ms = ?1 WHERE " UNREACHED " AND party = ?2", &query);

	if (rc != STATUS_OK)
		return rc;
	bind_unreached(query, now_ms, party);
	return query_run(query);
}
