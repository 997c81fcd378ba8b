/* services/runtime/store/custody_store.c: custody statements by case, and who was told of them. */
#include "services/runtime/store/custody_store.h"

#define ID(id)     ((struct bytes){(id), SUITE_ID_LEN})
#define COPY(copy) ((struct bytes){(copy), SUITE_HASH_LEN})

/* ---- Statements -------------------------------------------------------------------------- */

#define COLUMNS                                                                                \
	"n, case_n, event_n, origin, via, message, copy, log_index, time_ms, entered_in_error"

static bool
read_row(struct query *query, void *out)
{
	struct custody_row found = {.n = query_uint(query, 0),
	    .case_n = query_uint(query, 1),
	    .event_n = query_uint(query, 2),
	    .index = query_is_null(query, 7) ? UINT64_MAX : query_uint(query, 7),
	    .time_ms = query_uint(query, 8),
	    .void_ = query_uint(query, 9) != 0};

	if (!(bytes_to_text(query_bytes(query, 3), found.origin, sizeof(found.origin)) &&
		bytes_to_text(query_bytes(query, 4), found.via, sizeof(found.via)) &&
		query_fixed(query, 5, found.message, sizeof(found.message)) &&
		query_fixed(query, 6, found.copy, sizeof(found.copy))))
		return false;
	*(struct custody_row *)out = found;
	return true;
}

enum status
custody_store_next(struct database *db, uint64_t *n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM custody", &query);

	return rc == STATUS_OK ? query_number(query, n) : rc;
}

enum status
custody_store_add(struct database *db, const struct custody_row *row, struct bytes body)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO custody (" COLUMNS ", body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_uint(query, 2, row->case_n);
	query_bind_uint(query, 3, row->event_n);
	query_bind_text(query, 4, bytes_of_text(row->origin));
	query_bind_text(query, 5, bytes_of_text(row->via));
	query_bind_bytes(query, 6, BYTES(row->message));
	query_bind_bytes(query, 7, BYTES(row->copy));
	if (row->index != UINT64_MAX)
		query_bind_uint(query, 8, row->index);
	query_bind_uint(query, 9, row->time_ms);
	query_bind_uint(query, 10, row->void_);
	query_bind_bytes(query, 11, body);
	return query_run(query);
}

enum status
custody_store_of_case(
    struct database *db, uint64_t case_n, uint64_t after, struct custody_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM custody WHERE case_n = ? AND n > ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_uint(query, 2, after);
	return query_first(query, read_row, out);
}

enum status
custody_store_of_event(
    struct database *db, uint64_t event_n, uint64_t after, struct custody_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM custody WHERE event_n = ? AND n > ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, event_n);
	query_bind_uint(query, 2, after);
	return query_first(query, read_row, out);
}

enum status
custody_store_get(struct database *db, uint64_t n, struct custody_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " COLUMNS " FROM custody WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_first(query, read_row, out);
}

enum status
custody_store_count(struct database *db, uint64_t case_n, uint64_t *count)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT count(*) FROM custody WHERE case_n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	return query_number(query, count);
}

enum status
custody_store_body(struct database *db, uint64_t n, struct buffer *out)
{
	struct query *query;
	enum status rc = database_query(db, "SELECT body FROM custody WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_append(query, out);
}

enum status
custody_store_has(
    struct database *db, uint64_t case_n, const uint8_t message[static SUITE_ID_LEN], bool *out)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT 1 FROM custody WHERE case_n = ? AND message = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_bytes(query, 2, ID(message));
	return query_any(query, out);
}

enum status
custody_store_any(struct database *db, bool *out)
{
	struct query *query;
	enum status rc = database_query(db, "SELECT 1 FROM custody LIMIT 1", &query);

	return rc == STATUS_OK ? query_any(query, out) : rc;
}

static enum status
set_of_event(struct database *db, const char *sql, uint64_t event_n, uint64_t value)
{
	struct query *query;
	enum status rc = database_query(db, sql, &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, event_n);
	query_bind_uint(query, 2, value);
	return query_run(query);
}

enum status
custody_store_set_index(struct database *db, uint64_t event_n, uint64_t log_index)
{
	return set_of_event(
	    db, "UPDATE custody SET log_index = ?2 WHERE event_n = ?1", event_n, log_index);
}

enum status
custody_store_set_void(struct database *db, uint64_t event_n, bool entered_in_error)
{
	return set_of_event(db, "UPDATE custody SET entered_in_error = ?2 WHERE event_n = ?1",
	    event_n, entered_in_error);
}

/* ---- Who was told ------------------------------------------------------------------------ */

static const char *const told_names[CUSTODY_TOLD_COUNT] = {
#define NAME(name, text) [CUSTODY_TOLD_##name] = (text),
    CUSTODY_TOLD_LIST(NAME)
#undef NAME
};

const char *
custody_store_told_name(enum custody_told how)
{
	return how < CUSTODY_TOLD_COUNT ? told_names[how] : "";
}

#define TOLD_COLUMNS "n, copy, peer, custody_n, task_n, how, status, time_ms"

static bool
read_told(struct query *query, void *out)
{
	struct custody_told_row found = {.n = query_uint(query, 0),
	    .custody_n = query_uint(query, 3),
	    .task_n = query_uint(query, 4),
	    .how = CUSTODY_TOLD_COUNT,
	    .status = (enum status)query_uint(query, 6),
	    .time_ms = query_uint(query, 7)};

	for (unsigned i = 0; i < CUSTODY_TOLD_COUNT; i++)
		if (bytes_is_text(query_bytes(query, 5), told_names[i]))
			found.how = (enum custody_told)i;
	if (!(found.how != CUSTODY_TOLD_COUNT &&
		query_fixed(query, 1, found.copy, sizeof(found.copy)) &&
		bytes_to_text(query_bytes(query, 2), found.peer, sizeof(found.peer))))
		return false;
	*(struct custody_told_row *)out = found;
	return true;
}

static enum status
find_told(struct database *db, const struct custody_told_row *of, uint64_t *n)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT n FROM custody_told WHERE copy = ? AND peer = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, BYTES(of->copy));
	query_bind_text(query, 2, bytes_of_text(of->peer));
	return query_number(query, n);
}

enum status
custody_store_tell(struct database *db, struct custody_told_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT OR IGNORE INTO custody_told"
	    " (copy, peer, custody_n, task_n, how, status, time_ms)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, BYTES(row->copy));
	query_bind_text(query, 2, bytes_of_text(row->peer));
	query_bind_uint(query, 3, row->custody_n);
	query_bind_uint(query, 4, row->task_n);
	query_bind_text(query, 5, bytes_of_text(custody_store_told_name(row->how)));
	query_bind_uint(query, 6, (uint64_t)row->status);
	query_bind_uint(query, 7, row->time_ms);
	rc = query_run(query);
	return rc == STATUS_OK ? find_told(db, row, &row->n) : rc;
}

enum status
custody_store_set_told(struct database *db, const struct custody_told_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE custody_told SET task_n = ?2, how = ?3, status = ?4, time_ms = ?5"
	    " WHERE n = ?1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_uint(query, 2, row->task_n);
	query_bind_text(query, 3, bytes_of_text(custody_store_told_name(row->how)));
	query_bind_uint(query, 4, (uint64_t)row->status);
	query_bind_uint(query, 5, row->time_ms);
	return query_run(query);
}

enum status
custody_store_due(
    struct database *db, uint64_t after, uint64_t by_ms, struct custody_told_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " TOLD_COLUMNS
	    " FROM custody_told INDEXED BY custody_told_due WHERE how IN ('due', 'unreachable')"
	    " AND n > ?1 AND (how = 'due' OR time_ms <= ?2) ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, after);
	query_bind_uint(query, 2, by_ms);
	return query_first(query, read_told, out);
}

enum status
custody_store_told_of(struct database *db, const uint8_t copy[static SUITE_HASH_LEN],
    uint64_t after, struct custody_told_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " TOLD_COLUMNS
	    " FROM custody_told WHERE copy = ? AND n > ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, COPY(copy));
	query_bind_uint(query, 2, after);
	return query_first(query, read_told, out);
}
