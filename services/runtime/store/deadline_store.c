/* services/runtime/store/deadline_store.c: deadlines that run, by the instant something is to happen. */
#include "services/runtime/store/deadline_store.h"

#include <stdio.h>

#define DEADLINE_COLUMNS "task_n, what, began_ms, due_ms, reminder_ms, ours, stage"

static bool
read_row(struct query *query, void *out)
{
	uint64_t stage = query_uint(query, 6);
	struct deadline_row found = {
	    .task_n = query_uint(query, 0),
	    .began_ms = query_uint(query, 2),
	    .due_ms = query_uint(query, 3),
	    .reminder_ms = query_uint(query, 4),
	    .ours = query_uint(query, 5) != 0,
	    .stage = (enum deadline_stage)stage,
	};

	if (stage > DEADLINE_OVERDUE ||
	    !bytes_to_text(query_bytes(query, 1), found.what, sizeof(found.what)))
		return false;
	*(struct deadline_row *)out = found;
	return true;
}

enum status
deadline_store_of(struct database *db, uint64_t task_n,
    struct deadline_row rows[static DEADLINE_MAX], unsigned *count)
{
	struct query_list list = {.rows = rows, .size = sizeof(rows[0]), .most = DEADLINE_MAX};
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " DEADLINE_COLUMNS " FROM deadlines WHERE task_n = ? ORDER BY due_ms, what",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	if ((rc = query_each(query, read_row, &list)) == STATUS_OK)
		*count = (unsigned)list.count;
	return rc;
}

/* When something is to happen next; 0: nothing any more. */
static uint64_t
next_of(const struct deadline_row *row)
{
	switch (row->stage) {
	case DEADLINE_RUNNING:
		return row->reminder_ms != 0 ? row->reminder_ms : row->due_ms;
	case DEADLINE_REMINDED:
		return row->due_ms;
	case DEADLINE_OVERDUE:
		break;
	}
	return 0;
}

enum status
deadline_store_put(struct database *db, const struct deadline_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT OR REPLACE INTO deadlines (" DEADLINE_COLUMNS ", next_ms)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->task_n);
	query_bind_text(query, 2, bytes_of_text(row->what));
	query_bind_uint(query, 3, row->began_ms);
	query_bind_uint(query, 4, row->due_ms);
	query_bind_uint(query, 5, row->reminder_ms);
	query_bind_uint(query, 6, row->ours);
	query_bind_uint(query, 7, row->stage);
	if (next_of(row) != 0)
		query_bind_uint(query, 8, next_of(row));
	return query_run(query);
}

enum status
deadline_store_remove(struct database *db, uint64_t task_n, const char *what)
{
	struct query *query;
	enum status rc =
	    database_query(db, "DELETE FROM deadlines WHERE task_n = ? AND what = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	query_bind_text(query, 2, bytes_of_text(what));
	return query_run(query);
}

enum status
deadline_store_next(struct database *db, uint64_t now_ms, struct deadline_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " DEADLINE_COLUMNS " FROM deadlines WHERE next_ms <= ?"
	    " ORDER BY next_ms, task_n, what LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, now_ms);
	return query_first(query, read_row, out);
}

enum status
deadline_store_next_ms(struct database *db, uint64_t *out)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT min(next_ms) FROM deadlines WHERE next_ms IS NOT NULL", &query);

	return rc == STATUS_OK ? query_number(query, out) : rc;
}

enum status
deadline_store_task_by(struct database *db, uint64_t by_ms, uint64_t before, uint64_t *task_n)
{
	uint64_t found;
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT max(task_n) FROM deadlines WHERE due_ms <= ? AND task_n < ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, by_ms);
	query_bind_uint(query, 2, before == 0 || before > INT64_MAX ? INT64_MAX : before);
	if ((rc = query_number(query, &found)) != STATUS_OK)
		return rc;
	if (found == 0)
		return STATUS_NOT_FOUND;
	*task_n = found;
	return STATUS_OK;
}
