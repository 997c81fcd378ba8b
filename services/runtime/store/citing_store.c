/* services/runtime/store/citing_store.c: which messages that came cite which reference. */
#include "services/runtime/store/citing_store.h"

/* Whose the reference is: who wrote the message, unless another passed it on. */
#define CITED_BY "coalesce(e.cited_by, CASE e.author WHEN '' THEN t.peer ELSE e.author END)"

static enum status
write(struct database *db, const char *sql, uint64_t event_n, const char *by,
    const uint8_t reference[static SUITE_ID_LEN])
{
	struct query *query;
	enum status rc = database_query(db, sql, &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, event_n);
	query_bind_bytes(query, 2, (struct bytes){reference, SUITE_ID_LEN});
	if (by != NULL)
		query_bind_text(query, 3, bytes_of_text(by));
	return query_run(query);
}

enum status
citing_store_add(struct database *db, uint64_t event_n, const char *by,
    const uint8_t reference[static SUITE_ID_LEN])
{
	enum status rc = write(db,
	    "INSERT OR IGNORE INTO cited_before (reference, peer, event_n)"
	    " SELECT e.cited, " CITED_BY ", e.n FROM events e JOIN tasks t ON t.n = e.task_n"
	    " WHERE e.n = ?1 AND e.cited IS NOT NULL"
	    "  AND (e.cited <> ?2 OR e.cited_by IS NOT ?3)",
	    event_n, by, reference);

	return rc == STATUS_OK
	           ? write(db, "UPDATE events SET cited = ?2, cited_by = ?3 WHERE n = ?1",
			 event_n, by, reference)
	           : rc;
}

static bool
read_number(struct query *query, void *out)
{
	*(uint64_t *)out = query_uint(query, 0);
	return true;
}

enum status
citing_store_next(struct database *db, const char *peer,
    const uint8_t reference[static SUITE_ID_LEN], uint64_t after, uint64_t *event_n)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT e.n AS n FROM events e INDEXED BY events_by_cited"
	    " JOIN tasks t ON t.n = e.task_n"
	    " WHERE e.cited = ?1 AND e.n > ?2 AND " CITED_BY " = ?3"
	    " UNION SELECT event_n FROM cited_before"
	    "  WHERE reference = ?1 AND peer = ?3 AND event_n > ?2 ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){reference, SUITE_ID_LEN});
	query_bind_uint(query, 2, after);
	query_bind_text(query, 3, bytes_of_text(peer));
	return query_first(query, read_number, event_n);
}

static bool
read_cited(struct query *query, void *out)
{
	struct cited found = {.by = ""};

	if (!bytes_to_text(query_bytes(query, 0), found.by, sizeof(found.by)) ||
	    !query_fixed(query, 1, found.reference, sizeof(found.reference)))
		return false;
	*(struct cited *)out = found;
	return true;
}

enum status
citing_store_get(struct database *db, uint64_t event_n, struct cited *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " CITED_BY ", e.cited FROM events e JOIN tasks t ON t.n = e.task_n"
	    " WHERE e.n = ? AND e.cited IS NOT NULL",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, event_n);
	return query_first(query, read_cited, out);
}

enum status
citing_store_each(struct database *db, uint64_t event_n, uint64_t place, struct cited *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " CITED_BY ", e.cited FROM events e JOIN tasks t ON t.n = e.task_n"
	    " WHERE e.n = ?1 AND e.cited IS NOT NULL"
	    " UNION ALL SELECT peer, reference FROM cited_before WHERE event_n = ?1"
	    " LIMIT 1 OFFSET ?2",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, event_n);
	query_bind_uint(query, 2, place);
	return query_first(query, read_cited, out);
}
