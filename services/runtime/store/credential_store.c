/* services/runtime/store/credential_store.c: sessions and tokens, of which only hashes are kept. */
#include "services/runtime/store/credential_store.h"

#define COLUMNS "n, kind, person, made_by, created_ms, until_ms, used_ms, ended_ms"

static enum status
next_number(struct database *db, uint64_t *n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM credentials", &query);

	return rc == STATUS_OK ? query_number(query, n) : rc;
}

enum status
credential_store_add(
    struct database *db, struct credential_row *row, const uint8_t hash[static SUITE_HASH_LEN])
{
	struct query *query;
	enum status rc = next_number(db, &row->n);

	if (rc == STATUS_OK)
		rc = database_query(db,
		    "INSERT INTO credentials (n, kind, person, made_by, created_ms, until_ms,"
		    " used_ms, ended_ms, hash) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)",
		    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_uint(query, 2, row->kind);
	query_bind_uint(query, 3, row->person);
	query_bind_uint(query, 4, row->made_by);
	query_bind_uint(query, 5, row->created_ms);
	query_bind_uint(query, 6, row->until_ms);
	query_bind_uint(query, 7, row->used_ms);
	query_bind_bytes(query, 8, (struct bytes){hash, SUITE_HASH_LEN});
	return query_run(query);
}

static bool
read_credential(struct query *query, void *out)
{
	if (query_uint(query, 1) >= CREDENTIAL_KIND_COUNT)
		return false;
	*(struct credential_row *)out = (struct credential_row){
	    .n = query_uint(query, 0),
	    .kind = (enum credential_kind)query_uint(query, 1),
	    .person = query_uint(query, 2),
	    .made_by = query_uint(query, 3),
	    .created_ms = query_uint(query, 4),
	    .until_ms = query_uint(query, 5),
	    .used_ms = query_uint(query, 6),
	    .ended_ms = query_uint(query, 7),
	};
	return true;
}

enum status
credential_store_find(
    struct database *db, const uint8_t hash[static SUITE_HASH_LEN], struct credential_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " COLUMNS " FROM credentials WHERE hash = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){hash, SUITE_HASH_LEN});
	return query_first(query, read_credential, out);
}

enum status
credential_store_get(struct database *db, uint64_t n, struct credential_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " COLUMNS " FROM credentials WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_first(query, read_credential, out);
}

enum status
credential_store_token_before(struct database *db, uint64_t before, struct credential_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM credentials WHERE kind = 1 AND (?1 = 0 OR n < ?1)"
	    " ORDER BY n DESC LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, before);
	return query_first(query, read_credential, out);
}

/* An update or removal by one or two numbers. */
static enum status
run(struct database *db, const char *sql, uint64_t first, uint64_t second, unsigned count)
{
	struct query *query;
	enum status rc = database_query(db, sql, &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, first);
	if (count > 1)
		query_bind_uint(query, 2, second);
	return query_run(query);
}

enum status
credential_store_use(struct database *db, uint64_t n, uint64_t used_ms)
{
	return run(db, "UPDATE credentials SET used_ms = ? WHERE n = ?", used_ms, n, 2);
}

enum status
credential_store_end(struct database *db, uint64_t n, uint64_t ended_ms)
{
	return run(db, "UPDATE credentials SET ended_ms = ? WHERE n = ?", ended_ms, n, 2);
}

enum status
credential_store_drop(struct database *db, uint64_t n)
{
	return run(db, "DELETE FROM credentials WHERE n = ? AND kind = 0", n, 0, 1);
}

enum status
credential_store_drop_of(struct database *db, uint64_t person)
{
	return run(db, "DELETE FROM credentials WHERE person = ? AND kind = 0", person, 0, 1);
}

enum status
credential_store_drop_old(struct database *db, uint64_t used_before_ms, uint64_t now_ms)
{
	return run(db,
	    "DELETE FROM credentials WHERE kind = 0 AND (used_ms <= ? OR until_ms <= ?)",
	    used_before_ms, now_ms, 2);
}

enum status
credential_store_drop_above(struct database *db, uint64_t person, unsigned most)
{
	return run(db,
	    "DELETE FROM credentials WHERE n IN (SELECT n FROM credentials"
	    " WHERE person = ? AND kind = 0 ORDER BY used_ms DESC, n DESC LIMIT -1 OFFSET ?)",
	    person, most, 2);
}

enum status
credential_store_sessions(struct database *db, uint64_t person, uint64_t *count)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT count(*) FROM credentials WHERE person = ? AND kind = 0", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, person);
	return query_number(query, count);
}
