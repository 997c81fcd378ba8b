/* services/runtime/store/people_store.c: the people at the desk: names sealed, looked up by keyed hash. */
#include "services/runtime/store/people_store.h"

#define COLUMNS                                                                                \
	"n, kind, role, active, failures, failed_since_ms, locked_until_ms, created_ms,"       \
	" disabled_ms"

enum status
people_store_next(struct database *db, uint64_t *n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM people", &query);

	return rc == STATUS_OK ? query_number(query, n) : rc;
}

enum status
people_store_add(struct database *db, const struct person_row *row,
    const uint8_t name_hash[static SUITE_HASH_LEN], struct bytes name)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO people (n, kind, role, active, created_ms, name_hash, name)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_uint(query, 2, row->kind);
	query_bind_text(query, 3, bytes_of_text(row->role));
	query_bind_uint(query, 4, row->active);
	query_bind_uint(query, 5, row->created_ms);
	query_bind_bytes(query, 6, (struct bytes){name_hash, SUITE_HASH_LEN});
	query_bind_bytes(query, 7, name);
	return query_run(query);
}

enum status
people_store_set(struct database *db, const struct person_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE people SET role = ?, active = ?, failures = ?, failed_since_ms = ?,"
	    " locked_until_ms = ?, disabled_ms = ? WHERE n = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(row->role));
	query_bind_uint(query, 2, row->active);
	query_bind_uint(query, 3, row->failures);
	query_bind_uint(query, 4, row->failed_since_ms);
	query_bind_uint(query, 5, row->locked_until_ms);
	query_bind_uint(query, 6, row->disabled_ms);
	query_bind_uint(query, 7, row->n);
	return query_run(query);
}

static bool
read_person(struct query *query, void *out)
{
	struct person_row found = {.n = query_uint(query, 0),
	    .kind = (enum person_kind)query_uint(query, 1),
	    .active = query_uint(query, 3) != 0,
	    .failures = query_uint(query, 4),
	    .failed_since_ms = query_uint(query, 5),
	    .locked_until_ms = query_uint(query, 6),
	    .created_ms = query_uint(query, 7),
	    .disabled_ms = query_uint(query, 8)};

	if (query_uint(query, 1) >= PERSON_KIND_COUNT ||
	    !bytes_to_text(query_bytes(query, 2), found.role, sizeof(found.role)))
		return false;
	*(struct person_row *)out = found;
	return true;
}

enum status
people_store_get(struct database *db, uint64_t n, struct person_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " COLUMNS " FROM people WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_first(query, read_person, out);
}

enum status
people_store_find(
    struct database *db, const uint8_t name_hash[static SUITE_HASH_LEN], struct person_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " COLUMNS " FROM people WHERE name_hash = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){name_hash, SUITE_HASH_LEN});
	return query_first(query, read_person, out);
}

enum status
people_store_after(struct database *db, uint64_t after, struct person_row *out)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT " COLUMNS " FROM people WHERE n > ? ORDER BY n LIMIT 1", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, after);
	return query_first(query, read_person, out);
}

static enum status
bytes_of(struct database *db, const char *sql, uint64_t n, struct buffer *out)
{
	struct query *query;
	enum status rc = database_query(db, sql, &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_append(query, out);
}

enum status
people_store_name(struct database *db, uint64_t n, struct buffer *out)
{
	return bytes_of(db, "SELECT name FROM people WHERE n = ?", n, out);
}

enum status
people_store_password(struct database *db, uint64_t n, struct buffer *out)
{
	return bytes_of(db, "SELECT password FROM people WHERE n = ?", n, out);
}

struct code {
	struct buffer *hash;
	uint64_t until_ms;
};

static bool
read_code(struct query *query, void *out)
{
	struct code *code = out;

	buffer_append(code->hash, query_bytes(query, 0));
	code->until_ms = query_uint(query, 1);
	return true;
}

enum status
people_store_code(struct database *db, uint64_t n, struct buffer *out, uint64_t *until_ms)
{
	struct code code = {.hash = out};
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT code, code_until_ms FROM people WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	if ((rc = query_first(query, read_code, &code)) != STATUS_OK)
		return rc;
	*until_ms = code.until_ms;
	return out->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status
people_store_set_password(struct database *db, uint64_t n, struct bytes password)
{
	struct query *query;
	enum status rc =
	    database_query(db, "UPDATE people SET password = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, password);
	query_bind_uint(query, 2, n);
	return query_run(query);
}

enum status
people_store_set_code(struct database *db, uint64_t n, struct bytes code, uint64_t until_ms)
{
	struct query *query;
	enum status rc = database_query(
	    db, "UPDATE people SET code = ?, code_until_ms = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, code);
	query_bind_uint(query, 2, until_ms);
	query_bind_uint(query, 3, n);
	return query_run(query);
}

enum status
people_store_count_role(struct database *db, const char *role, uint64_t except, uint64_t *count)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT count(*) FROM people WHERE role = ? AND kind = 1 AND active = 1"
	    " AND password IS NOT NULL AND n <> ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(role));
	query_bind_uint(query, 2, except);
	return query_number(query, count);
}
