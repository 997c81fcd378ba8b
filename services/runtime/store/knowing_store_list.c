/* services/runtime/store/knowing_store_list.c: a person's lists: what is known, and the mailbox. */
#include "services/runtime/store/knowing_store.h"

/*
 * Each of the three ways to know leads through an index of its own in the order of the list, and
 * gives no more than a page: what stands, what the glass was broken for (little, and soon over),
 * and the mailbox.
 */

static bool
read_number(struct query *query, void *out)
{
	*(uint64_t *)out = query_uint(query, 0);
	return true;
}

static enum status
collect(struct query *query, unsigned limit, uint64_t *ns, unsigned *count)
{
	struct query_list list = {.rows = ns, .size = sizeof(*ns), .most = limit};
	enum status rc = query_each(query, read_number, &list);

	if (rc == STATUS_OK)
		*count = (unsigned)list.count;
	return rc;
}

static void
bind_common(struct query *query, const struct knowing_filter *filter, unsigned limit)
{
	uint64_t before =
	    filter->before == 0 || filter->before > INT64_MAX ? INT64_MAX : filter->before;

	query_bind_uint(query, 1, before);
	query_bind_uint(query, 2, filter->person);
	query_bind_uint(query, 3, filter->now_ms);
	query_bind_uint(query, 4, filter->mailbox);
	query_bind_uint(query, 5, limit);
}

#define GLASS_TASKS                                                                            \
	"SELECT t.n AS n FROM grants g INDEXED BY grants_glass"                                \
	" CROSS JOIN tasks t INDEXED BY tasks_by_case ON t.case_n = g.case_n"                  \
	" WHERE g.person = ?2 AND g.how = 'break_glass' AND g.until_ms > ?3"                   \
	" AND t.n < ?1 AND t.side & ?6 <> 0"

/* The mailbox is of one side, what came in; and what several share and we lead. */
#define LED_TASKS                                                                              \
	"SELECT n FROM tasks INDEXED BY tasks_unheld_led WHERE held = 0 AND circle_n > 0"      \
	" AND side IN (1, 3) AND side & ?6 <> 0 AND n < ?1 AND ?4 = 1"

enum status
knowing_store_tasks(struct database *db, const struct knowing_filter *filter, unsigned limit,
    uint64_t *ns, unsigned *count)
{
	bool one_state = filter->state != TASK_STATE_COUNT;
	struct query *query;
	enum status rc;

	if (one_state)
		rc = database_query(db,
		    "SELECT n FROM (SELECT * FROM (SELECT task_n AS n FROM known_tasks WHERE"
		    " person = ?2 AND task_n < ?1 AND side & ?6 <> 0 AND state = ?7"
		    " ORDER BY task_n DESC LIMIT ?5)"
		    " UNION SELECT * FROM (" GLASS_TASKS
		    " AND t.state = ?7 ORDER BY t.n DESC LIMIT ?5)"
		    " UNION SELECT * FROM (SELECT n FROM tasks WHERE held = 0 AND side = 2"
		    " AND state = ?7 AND n < ?1 AND ?4 = 1 AND ?6 & 2 <> 0"
		    " ORDER BY n DESC LIMIT ?5)"
		    " UNION SELECT * FROM (" LED_TASKS
		    " AND state = ?7 ORDER BY n DESC LIMIT ?5)) ORDER BY n DESC LIMIT ?5",
		    &query);
	else
		rc = database_query(db,
		    "SELECT n FROM (SELECT * FROM (SELECT task_n AS n FROM known_tasks WHERE"
		    " person = ?2 AND task_n < ?1 AND side & ?6 <> 0"
		    " ORDER BY task_n DESC LIMIT ?5)"
		    " UNION SELECT * FROM (" GLASS_TASKS " ORDER BY t.n DESC LIMIT ?5)"
		    " UNION SELECT * FROM (SELECT n FROM tasks WHERE held = 0 AND side = 2"
		    " AND n < ?1 AND ?4 = 1 AND ?6 & 2 <> 0"
		    " ORDER BY n DESC LIMIT ?5)"
		    " UNION SELECT * FROM (" LED_TASKS
		    " ORDER BY n DESC LIMIT ?5)) ORDER BY n DESC LIMIT ?5",
		    &query);
	if (rc != STATUS_OK)
		return rc;
	bind_common(query, filter, limit);
	query_bind_uint(query, 6, filter->sides);
	if (one_state)
		query_bind_text(query, 7, bytes_of_text(task_state_name(filter->state)));
	return collect(query, limit, ns, count);
}

enum status
knowing_store_cases(struct database *db, const struct knowing_filter *filter, unsigned limit,
    uint64_t *ns, unsigned *count)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT n FROM (SELECT * FROM (SELECT DISTINCT case_n AS n FROM grants"
	    " INDEXED BY grants_held WHERE person = ?2 AND until_ms IS NULL AND case_n < ?1"
	    " ORDER BY case_n DESC LIMIT ?5)"
	    " UNION SELECT case_n FROM grants INDEXED BY grants_glass WHERE person = ?2"
	    " AND how = 'break_glass' AND until_ms > ?3 AND case_n < ?1"
	    " UNION SELECT * FROM (SELECT n FROM cases INDEXED BY cases_unheld WHERE held = 0"
	    " AND n < ?1 AND ?4 = 1 ORDER BY n DESC LIMIT ?5)) ORDER BY n DESC LIMIT ?5",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	bind_common(query, filter, limit);
	return collect(query, limit, ns, count);
}
