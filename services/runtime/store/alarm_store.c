/* services/runtime/store/alarm_store.c: what people were alarmed of, and whether it is settled. */
#include "services/runtime/store/alarm_store.h"

#define ALARM_COLUMNS                                                                          \
	"n, task_n, what, due_ms, stage, ours, reaches, time_ms, settled_ms, seen_ms, "        \
	"seen_role, case_n, ground_n"

static bool
read_row(struct query *query, void *out)
{
	uint64_t stage = query_uint(query, 4);

	struct alarm_row found = {
	    .n = query_uint(query, 0),
	    .task_n = query_uint(query, 1),
	    .due_ms = query_uint(query, 3),
	    .stage = (enum deadline_stage)stage,
	    .ours = query_uint(query, 5) != 0,
	    .time_ms = query_uint(query, 7),
	    .settled_ms = query_uint(query, 8),
	    .seen_ms = query_uint(query, 9),
	    .case_n = query_uint(query, 11),
	    .ground_n = query_uint(query, 12),
	};
	if (!(stage < DEADLINE_STAGE_COUNT &&
		bytes_to_text(query_bytes(query, 2), found.what, sizeof(found.what)) &&
		bytes_to_text(query_bytes(query, 6), found.reaches, sizeof(found.reaches)) &&
		bytes_to_text(
		    query_bytes(query, 10), found.seen_role, sizeof(found.seen_role))))
		return false;
	*(struct alarm_row *)out = found;
	return true;
}

enum status
alarm_store_raise(struct database *db, const struct alarm_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO alarms (task_n, what, due_ms, stage, ours, reaches, time_ms, case_n,"
	    " ground_n) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (task_n, ground_n, what, due_ms, stage) DO UPDATE SET"
	    "  ours = excluded.ours, reaches = excluded.reaches, time_ms = excluded.time_ms,"
	    "  settled_ms = NULL, seen_ms = NULL, seen_role = ''"
	    " WHERE settled_ms IS NOT NULL",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->task_n);
	query_bind_text(query, 2, bytes_of_text(row->what));
	query_bind_uint(query, 3, row->due_ms);
	query_bind_uint(query, 4, row->stage);
	query_bind_uint(query, 5, row->ours);
	query_bind_text(query, 6, bytes_of_text(row->reaches));
	query_bind_uint(query, 7, row->time_ms);
	query_bind_uint(query, 8, row->case_n);
	query_bind_uint(query, 9, row->ground_n);
	return query_run(query);
}

enum status
alarm_store_settle(struct database *db, uint64_t task_n, const char *what, uint64_t due_ms,
    enum deadline_stage stage, uint64_t time_ms)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE alarms SET settled_ms = ?1 WHERE task_n = ?2 AND what = ?3"
	    " AND settled_ms IS NULL AND NOT (due_ms = ?4 AND stage = ?5)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, time_ms);
	query_bind_uint(query, 2, task_n);
	query_bind_text(query, 3, bytes_of_text(what));
	query_bind_uint(query, 4, due_ms);
	query_bind_uint(query, 5, stage);
	return query_run(query);
}

enum status
alarm_store_is_open(struct database *db, uint64_t ground_n, uint64_t due_ms, bool *any)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT 1 FROM alarms INDEXED BY alarms_open_of_ground WHERE ground_n = ?"
	    " AND ground_n > 0 AND settled_ms IS NULL AND due_ms = ? LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, ground_n);
	query_bind_uint(query, 2, due_ms);
	return query_any(query, any);
}

enum status
alarm_store_settle_ground(
    struct database *db, uint64_t ground_n, uint64_t due_ms, uint64_t time_ms)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE alarms SET settled_ms = ?1 WHERE ground_n = ?2 AND ground_n > 0"
	    " AND settled_ms IS NULL AND due_ms <> ?3",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, time_ms);
	query_bind_uint(query, 2, ground_n);
	query_bind_uint(query, 3, due_ms);
	return query_run(query);
}

enum status
alarm_store_get(struct database *db, uint64_t n, struct alarm_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " ALARM_COLUMNS " FROM alarms WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_first(query, read_row, out);
}

enum status
alarm_store_before(struct database *db, bool open, uint64_t before, struct alarm_row *out)
{
	struct query *query;
	enum status rc;

	if (open)
		rc = database_query(db,
		    "SELECT " ALARM_COLUMNS
		    " FROM alarms WHERE settled_ms IS NULL AND n < ? ORDER BY n DESC LIMIT 1",
		    &query);
	else
		rc = database_query(db,
		    "SELECT " ALARM_COLUMNS " FROM alarms WHERE n < ? ORDER BY n DESC LIMIT 1",
		    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, before == 0 || before > INT64_MAX ? INT64_MAX : before);
	return query_first(query, read_row, out);
}

static bool
read_number(struct query *query, void *out)
{
	*(uint64_t *)out = query_uint(query, 0);
	return true;
}

#define GLASS_ALARMS                                                                           \
	"SELECT a.n AS n FROM grants g INDEXED BY grants_glass"                                \
	" CROSS JOIN alarms a INDEXED BY alarms_by_case ON a.case_n = g.case_n"                \
	" WHERE g.person = ?2 AND g.how = 'break_glass' AND g.until_ms > ?3 AND a.n < ?1"

/* What stands, what the glass was broken for (little, and soon over), and the mailbox. */
enum status
alarm_store_known(struct database *db, const struct knowing_filter *filter, bool open,
    unsigned limit, uint64_t *ns, unsigned *count)
{
	struct query_list list = {.rows = ns, .size = sizeof(*ns), .most = limit};
	uint64_t before = filter->before;
	struct query *query;
	enum status rc;

	if (open)
		rc = database_query(db,
		    "SELECT n FROM (SELECT * FROM (SELECT alarm_n AS n FROM known_alarms"
		    " INDEXED BY known_alarms_open WHERE person = ?2 AND open = 1"
		    " AND alarm_n < ?1 ORDER BY alarm_n DESC LIMIT ?5)"
		    " UNION SELECT * FROM (" GLASS_ALARMS
		    " AND a.settled_ms IS NULL ORDER BY a.n DESC LIMIT ?5)"
		    " UNION SELECT * FROM (SELECT alarm_n FROM known_alarms"
		    " INDEXED BY known_alarms_open WHERE ?4 = 1 AND person = 0 AND open = 1"
		    " AND alarm_n < ?1 ORDER BY alarm_n DESC LIMIT ?5)) ORDER BY n DESC"
		    " LIMIT ?5",
		    &query);
	else
		rc = database_query(db,
		    "SELECT n FROM (SELECT * FROM (SELECT alarm_n AS n FROM known_alarms"
		    " WHERE person = ?2 AND alarm_n < ?1 ORDER BY alarm_n DESC LIMIT ?5)"
		    " UNION SELECT * FROM (" GLASS_ALARMS " ORDER BY a.n DESC LIMIT ?5)"
		    " UNION SELECT * FROM (SELECT alarm_n FROM known_alarms WHERE ?4 = 1"
		    " AND person = 0 AND alarm_n < ?1 ORDER BY alarm_n DESC LIMIT ?5))"
		    " ORDER BY n DESC LIMIT ?5",
		    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, before == 0 || before > INT64_MAX ? INT64_MAX : before);
	query_bind_uint(query, 2, filter->person);
	query_bind_uint(query, 3, filter->now_ms);
	query_bind_uint(query, 4, filter->mailbox);
	query_bind_uint(query, 5, limit);
	if ((rc = query_each(query, read_number, &list)) == STATUS_OK)
		*count = (unsigned)list.count;
	return rc;
}

enum status
alarm_store_open_of(struct database *db, uint64_t task_n, unsigned limit,
    struct alarm_row *rows, unsigned *count)
{
	struct query_list list = {.rows = rows, .size = sizeof(*rows), .most = limit};
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " ALARM_COLUMNS " FROM alarms INDEXED BY alarms_open_of WHERE task_n = ?"
	    " AND settled_ms IS NULL ORDER BY due_ms, n LIMIT ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	query_bind_uint(query, 2, limit);
	if ((rc = query_each(query, read_row, &list)) == STATUS_OK)
		*count = (unsigned)list.count;
	return rc;
}

enum status
alarm_store_of_case(struct database *db, uint64_t case_n, uint64_t now_ms, bool *any)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT 1 FROM tasks WHERE case_n = ?1 AND ("
	    " EXISTS (SELECT 1 FROM alarms INDEXED BY alarms_open_of WHERE task_n = tasks.n"
	    "  AND settled_ms IS NULL)"
	    " OR EXISTS (SELECT 1 FROM deadlines WHERE task_n = tasks.n AND due_ms <= ?2))"
	    " LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_uint(query, 2, now_ms);
	return query_any(query, any);
}

enum status
alarm_store_seen(struct database *db, uint64_t n, const char *role, uint64_t time_ms)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE alarms SET seen_ms = ?, seen_role = ? WHERE n = ? AND seen_ms IS NULL",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, time_ms);
	query_bind_text(query, 2, bytes_of_text(role));
	query_bind_uint(query, 3, n);
	return query_run(query);
}
