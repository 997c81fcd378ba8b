/* services/runtime/store/citing_store.c: which messages that came cite which reference. */
#include "services/runtime/store/citing_store.h"

enum status
citing_store_add(
    struct database *db, uint64_t event_n, const uint8_t reference[static SUITE_ID_LEN])
{
	struct query *query;
	enum status rc =
	    database_query(db, "UPDATE events SET cited = ?2 WHERE n = ?1", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, event_n);
	query_bind_bytes(query, 2, (struct bytes){reference, SUITE_ID_LEN});
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
	    " WHERE e.cited = ?1 AND e.n > ?2 AND"
	    " (e.author = ?3 OR (e.author = '' AND t.peer = ?3)) ORDER BY e.n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){reference, SUITE_ID_LEN});
	query_bind_uint(query, 2, after);
	query_bind_text(query, 3, bytes_of_text(peer));
	return query_first(query, read_number, event_n);
}
