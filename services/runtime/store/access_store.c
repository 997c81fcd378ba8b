/* services/runtime/store/access_store.c: who looked at what, and when: rows that only grow. */
#include "services/runtime/store/access_store.h"

enum status
access_store_add(struct database *db, const struct access_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO access (n, time_ms, case_n, task_n, person, role, what, about)"
	    " VALUES ((SELECT coalesce(max(n), 0) + 1 FROM access), ?, nullif(?, 0),"
	    " nullif(?, 0), ?, ?, ?, nullif(?, 0))",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->time_ms);
	query_bind_uint(query, 2, row->case_n);
	query_bind_uint(query, 3, row->task_n);
	query_bind_uint(query, 4, row->person);
	query_bind_text(query, 5, bytes_of_text(row->role));
	query_bind_text(query, 6, bytes_of_text(row->what));
	query_bind_uint(query, 7, row->about);
	return query_run(query);
}

#define ACCESS_COLUMNS "n, time_ms, case_n, task_n, person, role, what, about"

/* Each kind of list has a statement of its own, so that each walks an index of its own. */
static enum status
find(struct database *db, const struct access_filter *filter, struct query **out)
{
	if (filter->case_n != 0)
		return database_query(db,
		    "SELECT " ACCESS_COLUMNS " FROM access WHERE n < ?1 AND case_n = ?2"
		    " AND (?3 = 0 OR person = ?3) ORDER BY n DESC LIMIT 1",
		    out);
	if (filter->person != 0)
		return database_query(db,
		    "SELECT " ACCESS_COLUMNS " FROM access WHERE n < ?1 AND ?2 = 0"
		    " AND person = ?3 ORDER BY n DESC LIMIT 1",
		    out);
	return database_query(db,
	    "SELECT " ACCESS_COLUMNS " FROM access WHERE n < ?1 AND ?2 = 0 AND ?3 = 0"
	    " ORDER BY n DESC LIMIT 1",
	    out);
}

static bool
read_look(struct query *query, void *out)
{
	struct access_row found = {.n = query_uint(query, 0),
	    .time_ms = query_uint(query, 1),
	    .case_n = query_uint(query, 2),
	    .task_n = query_uint(query, 3),
	    .person = query_uint(query, 4),
	    .about = query_uint(query, 7)};

	if (!bytes_to_text(query_bytes(query, 5), found.role, sizeof(found.role)) ||
	    !bytes_to_text(query_bytes(query, 6), found.what, sizeof(found.what)))
		return false;
	*(struct access_row *)out = found;
	return true;
}

enum status
access_store_before(
    struct database *db, const struct access_filter *filter, struct access_row *out)
{
	uint64_t before =
	    filter->before == 0 || filter->before > INT64_MAX ? INT64_MAX : filter->before;
	struct query *query;
	enum status rc = find(db, filter, &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, before);
	query_bind_uint(query, 2, filter->case_n);
	query_bind_uint(query, 3, filter->person);
	return query_first(query, read_look, out);
}
