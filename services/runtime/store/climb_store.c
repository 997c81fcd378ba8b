/* services/runtime/store/climb_store.c: what is to be taken higher, and what was. */
#include "services/runtime/store/climb_store.h"

static bool
read_row(struct query *query, void *out)
{
	struct climb_row found = {.task_n = query_uint(query, 0),
	    .due_ms = query_uint(query, 2),
	    .done_n = query_uint(query, 3),
	    .over = (enum climb_over)query_uint(query, 4)};

	if (!bytes_to_text(query_bytes(query, 1), found.what, sizeof(found.what)))
		return false;
	*(struct climb_row *)out = found;
	return true;
}

static void
bind_key(struct query *query, int first, const struct climb_row *row)
{
	query_bind_uint(query, first, row->task_n);
	query_bind_text(query, first + 1, bytes_of_text(row->what));
	query_bind_uint(query, first + 2, row->due_ms);
}

enum status
climb_store_add(struct database *db, const struct climb_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT OR IGNORE INTO climbs (task_n, what, due_ms, done_n) VALUES (?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	bind_key(query, 1, row);
	query_bind_uint(query, 4, row->done_n);
	return query_run(query);
}

enum status
climb_store_end(struct database *db, const struct climb_row *row, bool *was)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE climbs SET over = 1 WHERE task_n = ? AND what = ? AND due_ms = ?"
	    " AND done_n > 0 AND over = 0",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	bind_key(query, 1, row);
	rc = query_run(query);
	*was = rc == STATUS_OK && database_changes(db) == 1;
	return rc;
}

enum status
climb_store_next(struct database *db, const struct climb_row *after, struct climb_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT task_n, what, due_ms, done_n, over FROM climbs INDEXED BY climbs_due"
	    " WHERE (done_n = 0 OR over = 1) AND (task_n, what, due_ms) > (?, ?, ?)"
	    " ORDER BY task_n, what, due_ms LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	bind_key(query, 1, after);
	return query_first(query, read_row, out);
}

enum status
climb_store_set_done(struct database *db, const struct climb_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE climbs SET done_n = ?4, over = ?5"
	    " WHERE task_n = ?1 AND what = ?2 AND due_ms = ?3",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	bind_key(query, 1, row);
	query_bind_uint(query, 4, row->done_n);
	query_bind_uint(query, 5, row->over);
	return query_run(query);
}

enum status
climb_store_remove(struct database *db, const struct climb_row *row)
{
	struct query *query;
	enum status rc = database_query(
	    db, "DELETE FROM climbs WHERE task_n = ? AND what = ? AND due_ms = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	bind_key(query, 1, row);
	return query_run(query);
}
