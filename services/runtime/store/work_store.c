/* services/runtime/store/work_store.c: what waits for somebody, in the order of when it is due. */
#include "services/runtime/store/work_store.h"

enum status
work_store_put(struct database *db, const struct work_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO work (about, n, case_n, due_ms, what, ours, stage, reaches, "
	    "supervisor,"
	    " head, held) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
	    "  (SELECT held > 0 FROM cases WHERE n = ?3))"
	    " ON CONFLICT (about, n) DO UPDATE SET due_ms = ?4, what = ?5, ours = ?6,"
	    "  stage = ?7, reaches = ?8, supervisor = ?9, head = ?10"
	    " WHERE (due_ms, what, ours, stage, reaches, supervisor, head)"
	    "  <> (?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->about);
	query_bind_uint(query, 2, row->n);
	query_bind_uint(query, 3, row->case_n);
	query_bind_uint(query, 4, row->due_ms);
	query_bind_text(query, 5, bytes_of_text(row->what));
	query_bind_uint(query, 6, row->ours);
	query_bind_uint(query, 7, row->stage);
	query_bind_text(query, 8, bytes_of_text(row->reaches));
	query_bind_uint(query, 9, row->supervisor);
	query_bind_uint(query, 10, row->head);
	return query_run(query);
}

enum status
work_store_remove(struct database *db, enum work_about about, uint64_t n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "DELETE FROM work WHERE about = ? AND n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, about);
	query_bind_uint(query, 2, n);
	return query_run(query);
}

enum status
work_store_forget(struct database *db, uint64_t case_n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "DELETE FROM work WHERE case_n = ? AND about < 2", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	return query_run(query);
}

/* ---- Lists ------------------------------------------------------------------------------- */

static bool
read_row(struct query *query, void *out)
{
	uint64_t about = query_uint(query, 0), stage = query_uint(query, 6);
	struct work_row found = {
	    .about = (enum work_about)about,
	    .n = query_uint(query, 1),
	    .case_n = query_uint(query, 2),
	    .due_ms = query_uint(query, 3),
	    .ours = query_uint(query, 5) != 0,
	    .stage = (enum deadline_stage)stage,
	    .supervisor = query_uint(query, 8) != 0,
	    .head = query_uint(query, 9) != 0,
	};

	if (about > WORK_GLASS || stage >= DEADLINE_STAGE_COUNT ||
	    !bytes_to_text(query_bytes(query, 4), found.what, sizeof(found.what)) ||
	    !bytes_to_text(query_bytes(query, 7), found.reaches, sizeof(found.reaches)))
		return false;
	*(struct work_row *)out = found;
	return true;
}

#define BEHIND(t) "(" t "due_ms, " t "about, " t "n) > (?1, ?2, ?3)"
#define FIRST     " ORDER BY due_ms, about, n LIMIT ?9)"

/*
 * Each way to see a thing leads through an index in the order of the list and gives no more than
 * a page; what comes by two ways is one row.
 */
enum status
work_store_page(struct database *db, const struct work_filter *filter, unsigned limit,
    struct work_row *rows, unsigned *count)
{
	struct query_list list = {.rows = rows, .size = sizeof(*rows), .most = limit};
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT w.about, w.n, w.case_n, w.due_ms, w.what, w.ours, w.stage, w.reaches,"
	    " w.supervisor, w.head FROM ("
	    "SELECT * FROM (SELECT due_ms, about, n FROM known_work WHERE person = ?4"
	    " AND " BEHIND("") FIRST
	    " UNION SELECT * FROM (SELECT w.due_ms, w.about, w.n AS n FROM grants g"
	    " INDEXED BY grants_glass CROSS JOIN work w INDEXED BY work_by_case"
	    " ON w.case_n = g.case_n WHERE g.person = ?4 AND g.how = 'break_glass'"
	    " AND g.until_ms > ?5 AND w.about < 2 AND " BEHIND("w.") FIRST
	    " UNION SELECT * FROM (SELECT due_ms, about, n FROM work INDEXED BY work_mailbox"
	    " WHERE ?6 = 1 AND held = 0 AND " BEHIND("") FIRST
	    " UNION SELECT * FROM (SELECT due_ms, about, n FROM work INDEXED BY work_supervisor"
	    " WHERE ?7 = 1 AND supervisor = 1 AND " BEHIND("") FIRST
	    " UNION SELECT * FROM (SELECT due_ms, about, n FROM work INDEXED BY work_head"
	    " WHERE ?8 = 1 AND head = 1 AND " BEHIND("") FIRST
	    " ORDER BY due_ms, about, n LIMIT ?9) k"
	    " CROSS JOIN work w ON w.about = k.about AND w.n = k.n"
	    " ORDER BY k.due_ms, k.about, k.n",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, filter->after.due_ms);
	query_bind_uint(query, 2, filter->after.about);
	query_bind_uint(query, 3, filter->after.n);
	query_bind_uint(query, 4, filter->person);
	query_bind_uint(query, 5, filter->now_ms);
	query_bind_uint(query, 6, filter->mailbox);
	query_bind_uint(query, 7, filter->supervisor);
	query_bind_uint(query, 8, filter->head);
	query_bind_uint(query, 9, limit);
	if ((rc = query_each(query, read_row, &list)) == STATUS_OK)
		*count = (unsigned)list.count;
	return rc;
}

/* ---- Of which it is made ----------------------------------------------------------------- */

static bool
read_news(struct query *query, void *out)
{
	bool own = query_uint(query, 0) != 0, message = query_uint(query, 1) != 0;

	*(enum work_news *)out = !own      ? WORK_NEWS_THEIRS
	                         : message ? WORK_NEWS_OURS
	                                   : WORK_NEWS_FAILED;
	return true;
}

/* That something was delivered is no news; what was said, and what came to nothing, is. */
enum status
work_store_news(struct database *db, uint64_t task_n, enum work_news *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT own, what = 'message' FROM events INDEXED BY events_by_task"
	    " WHERE task_n = ? AND (what = 'message' OR (own = 1 AND what IN"
	    " ('unreadable', 'expired', 'undeliverable', 'refused', 'taken_back')))"
	    " ORDER BY n DESC LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	rc = query_first(query, read_news, out);
	if (rc == STATUS_NOT_FOUND) {
		*out = WORK_NEWS_THEIRS;
		rc = STATUS_OK;
	}
	return rc;
}

enum status
work_store_tried(struct database *db, uint64_t task_n, bool *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT 1 FROM effects WHERE task_n = ? LIMIT 1", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	return query_any(query, out);
}
