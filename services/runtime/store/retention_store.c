/* services/runtime/store/retention_store.c: when cases ended, and what their documents are of. */
#include "services/runtime/store/retention_store.h"

static enum status
number_for(struct database *db, const char *sql, uint64_t bound, uint64_t *out)
{
	struct query *query;
	enum status rc = database_query(db, sql, &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, bound);
	return query_number(query, out);
}

static bool
read_number(struct query *query, void *out)
{
	*(uint64_t *)out = query_uint(query, 0);
	return true;
}

enum status
retention_store_before(struct database *db, uint64_t before, uint64_t *case_n)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT n FROM cases WHERE key IS NOT NULL AND n < ?1 ORDER BY n DESC LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, before == 0 || before > INT64_MAX ? INT64_MAX : before);
	return query_first(query, read_number, case_n);
}

enum status
retention_store_end(struct database *db, uint64_t case_n, uint64_t *ms)
{
	return number_for(db,
	    "SELECT max((SELECT time_ms FROM cases WHERE n = ?1),"
	    " coalesce((SELECT max(time_ms) FROM case_notes WHERE case_n = ?1), 0),"
	    " coalesce((SELECT max(e.time_ms) FROM tasks t JOIN events e ON e.task_n = t.n"
	    "  WHERE t.case_n = ?1), 0))",
	    case_n, ms);
}

enum status
retention_store_is_signed_for(struct database *db, uint64_t case_n, bool *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT 1 FROM tasks f JOIN tasks m ON m.circle_n = f.circle_n AND m.circle_n > 0"
	    " JOIN cases c ON c.n = m.case_n"
	    " WHERE f.case_n = ?1 AND f.sort = 'conference' AND f.circle_n > 0"
	    "  AND m.sort = 'matter' AND m.case_n <> ?1 AND c.key IS NOT NULL LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	return query_any(query, out);
}

enum status
retention_store_documents(struct database *db, uint64_t case_n, category_set *categories)
{
	struct query *query;
	bool row;
	enum status rc = database_query(
	    db, "SELECT DISTINCT category FROM attachments WHERE case_n = ?1", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	while ((rc = query_step(query, &row)) == STATUS_OK && row) {
		uint64_t category = query_uint(query, 0);

		if (category < CATEGORY_COUNT)
			*categories |= CATEGORY_BIT(category);
	}
	return rc;
}
