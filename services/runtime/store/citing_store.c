/* services/runtime/store/citing_store.c: which messages that came cite which reference. */
#include "services/runtime/store/citing_store.h"

/* Whose the reference is: who wrote the message, unless another passed it on. */
#define CITED_BY "coalesce(e.cited_by, CASE e.author WHEN '' THEN t.peer ELSE e.author END)"

enum status
citing_store_add(struct database *db, uint64_t event_n, const char *by,
    const uint8_t reference[static SUITE_ID_LEN])
{
	struct query *query;
	enum status rc = database_query(
	    db, "UPDATE events SET cited = ?2, cited_by = ?3 WHERE n = ?1", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, event_n);
	query_bind_bytes(query, 2, (struct bytes){reference, SUITE_ID_LEN});
	if (by != NULL)
		query_bind_text(query, 3, bytes_of_text(by));
	return query_run(query);
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
	    "SELECT e.n FROM events e INDEXED BY events_by_cited JOIN tasks t ON t.n = e.task_n"
	    " WHERE e.cited = ?1 AND e.n > ?2 AND " CITED_BY " = ?3 ORDER BY e.n LIMIT 1",
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
