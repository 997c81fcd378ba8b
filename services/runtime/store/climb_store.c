/* services/runtime/store/climb_store.c: what is to be taken higher, and what was. */
#include "services/runtime/store/climb_store.h"

#include <string.h>

static bool
read_row(struct query *query, void *out)
{
	struct climb_row found = {.task_n = query_uint(query, 0),
	    .due_ms = query_uint(query, 2),
	    .done_n = query_uint(query, 3),
	    .over = (enum climb_over)query_uint(query, 4)};

	if (!bytes_to_text(query_bytes(query, 1), found.what, sizeof(found.what)) ||
	    !bytes_to_text(query_bytes(query, 5), found.refused, sizeof(found.refused)))
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
	    "SELECT task_n, what, due_ms, done_n, over, refused FROM climbs"
	    " INDEXED BY climbs_due"
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

enum status
climb_store_refused(struct database *db, uint64_t done_n, const char *party, bool *was)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE climbs SET done_n = 0, refused = ?2 WHERE done_n = ?1 AND over = 0",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, done_n);
	query_bind_text(query, 2, bytes_of_text(party));
	rc = query_run(query);
	*was = rc == STATUS_OK && database_changes(db) > 0;
	return rc;
}

enum status
climb_store_add_told(
    struct database *db, uint64_t task_n, const uint8_t about[static SUITE_HASH_LEN])
{
	struct query *query;
	enum status rc = database_query(
	    db, "INSERT OR IGNORE INTO climbs_told (task_n, about) VALUES (?, ?)", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	query_bind_bytes(query, 2, (struct bytes){about, SUITE_HASH_LEN});
	return query_run(query);
}

static bool
read_about(struct query *query, void *out)
{
	struct bytes about = query_bytes(query, 0);

	if (about.len != SUITE_HASH_LEN)
		return false;
	memcpy(out, about.data, SUITE_HASH_LEN);
	return true;
}

enum status
climb_store_told(struct database *db, uint64_t task_n, uint8_t about[static SUITE_HASH_LEN])
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT about FROM climbs_told WHERE task_n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	return query_first(query, read_about, about);
}

static bool
read_n(struct query *query, void *out)
{
	*(uint64_t *)out = query_uint(query, 0);
	return true;
}

enum status
climb_store_next_told(struct database *db, const uint8_t about[static SUITE_HASH_LEN],
    uint64_t after, uint64_t *task_n)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT task_n FROM climbs_told INDEXED BY climbs_told_about"
	    " WHERE about = ? AND task_n > ? ORDER BY task_n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){about, SUITE_HASH_LEN});
	query_bind_uint(query, 2, after);
	return query_first(query, read_n, task_n);
}
