/* services/runtime/store/deadline_store.c: deadlines that run, by the instant something is to happen. */
#include "services/runtime/store/deadline_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEADLINE_COLUMNS                                                                       \
	"task_n, what, began_ms, due_ms, reminder_ms, ours, stage, sure, supervisor_ms,"       \
	" heads_ms, management_ms"

static bool
read_row(struct query *query, void *out)
{
	uint64_t stage = query_uint(query, 6), sure = query_uint(query, 7);
	struct deadline_row found = {
	    .task_n = query_uint(query, 0),
	    .began_ms = query_uint(query, 2),
	    .due_ms = query_uint(query, 3),
	    .reminder_ms = query_uint(query, 4),
	    .ours = query_uint(query, 5) != 0,
	    .stage = (enum deadline_stage)stage,
	    .sure = (enum deadline_stage)sure,
	};

	for (int i = 0; i < DEADLINE_LEVELS; i++)
		found.climbs_ms[i] = query_uint(query, 8 + i);
	if (stage >= DEADLINE_STAGE_COUNT || sure > stage ||
	    !bytes_to_text(query_bytes(query, 1), found.what, sizeof(found.what)))
		return false;
	*(struct deadline_row *)out = found;
	return true;
}

/* By when they end; they are few, and SQLite would make a table to sort them in. */
static int
by_end(const void *left, const void *right)
{
	const struct deadline_row *a = left, *b = right;

	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return strcmp(a->what, b->what);
}

enum status
deadline_store_of(struct database *db, uint64_t task_n,
    struct deadline_row rows[static DEADLINE_MAX], unsigned *count)
{
	struct query_list list = {.rows = rows, .size = sizeof(rows[0]), .most = DEADLINE_MAX};
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT " DEADLINE_COLUMNS " FROM deadlines WHERE task_n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	if ((rc = query_each(query, read_row, &list)) != STATUS_OK)
		return rc;
	qsort(rows, list.count, sizeof(rows[0]), by_end);
	*count = (unsigned)list.count;
	return STATUS_OK;
}

enum status
deadline_store_runs(
    struct database *db, const uint8_t task[static SUITE_ID_LEN], const char *what, bool *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT 1 FROM tasks t JOIN deadlines d ON d.task_n = t.n AND d.what = ?"
	    " WHERE t.id = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(what));
	query_bind_bytes(query, 2, (struct bytes){task, SUITE_ID_LEN});
	return query_any(query, out);
}

uint64_t
deadline_store_instant(const struct deadline_row *row, enum deadline_stage stage)
{
	switch (stage) {
	case DEADLINE_REMINDED:
		return row->reminder_ms;
	case DEADLINE_OVERDUE:
		return row->due_ms;
	case DEADLINE_SUPERVISOR:
	case DEADLINE_HEADS:
	case DEADLINE_MANAGEMENT:
		return row->climbs_ms[stage - DEADLINE_SUPERVISOR];
	case DEADLINE_RUNNING:
	case DEADLINE_STAGE_COUNT:
		break;
	}
	return 0;
}

/* When something is to happen next; 0: nothing any more. */
static uint64_t
next_of(const struct deadline_row *row)
{
	unsigned stage = (unsigned)row->stage;
	uint64_t next = 0;

	while (next == 0 && ++stage < DEADLINE_STAGE_COUNT)
		next = deadline_store_instant(row, (enum deadline_stage)stage);
	return next;
}

static bool
is_same(const struct deadline_row *a, const struct deadline_row *b)
{
	return a->began_ms == b->began_ms && a->due_ms == b->due_ms &&
	       a->reminder_ms == b->reminder_ms && a->ours == b->ours &&
	       memcmp(a->climbs_ms, b->climbs_ms, sizeof(a->climbs_ms)) == 0 &&
	       a->stage == b->stage && a->sure == b->sure;
}

enum status
deadline_store_put(
    struct database *db, const struct deadline_row *row, const struct deadline_row *had)
{
	struct query *query;
	enum status rc;

	if (had != NULL && is_same(had, row))
		return STATUS_OK;
	rc = database_query(db,
	    "INSERT INTO deadlines (" DEADLINE_COLUMNS ", next_ms)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
	    " ON CONFLICT (task_n, what) DO UPDATE SET began_ms = ?3, due_ms = ?4,"
	    "  reminder_ms = ?5, ours = ?6, stage = ?7, sure = ?8, supervisor_ms = ?9,"
	    "  heads_ms = ?10, management_ms = ?11, next_ms = ?12",
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
	query_bind_uint(query, 8, row->sure);
	for (int i = 0; i < DEADLINE_LEVELS; i++)
		query_bind_uint(query, 9 + i, row->climbs_ms[i]);
	if (next_of(row) != 0)
		query_bind_uint(query, 9 + DEADLINE_LEVELS, next_of(row));
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
deadline_store_unsure(struct database *db, struct deadline_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " DEADLINE_COLUMNS " FROM deadlines INDEXED BY deadlines_unsure"
	    " WHERE sure <> stage ORDER BY task_n, what LIMIT 1",
	    &query);

	return rc == STATUS_OK ? query_first(query, read_row, out) : rc;
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
