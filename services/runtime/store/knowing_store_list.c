/* services/runtime/store/knowing_store_list.c: a person's lists: what is known, and the mailbox. */
#include "services/runtime/store/knowing_store.h"

/*
 * A person knows few of an institution's cases, so those are looked up and sorted; the mailbox
 * may be long, and walks an index newest first. Neither walks all tasks.
 */
#define KNOWN_CASES                                                                            \
	"SELECT case_n FROM grants WHERE person = ?2 AND until_ms IS NULL"                     \
	" UNION SELECT case_n FROM grants WHERE person = ?2 AND how = 'break_glass'"           \
	" AND until_ms > ?3"

static enum status
collect(struct query *query, unsigned limit, uint64_t *ns, unsigned *count)
{
	unsigned at = 0;
	bool row = false;
	enum status rc;

	while ((rc = query_step(query, &row)) == STATUS_OK && row) {
		if (at == limit) {
			query_done(query);
			break;
		}
		ns[at++] = query_uint(query, 0);
	}
	if (rc == STATUS_OK)
		*count = at;
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

/* The mailbox is of one side: what came in. */
enum status
knowing_store_tasks(struct database *db, const struct knowing_filter *filter, unsigned limit,
    uint64_t *ns, unsigned *count)
{
	bool one_state = filter->state != TASK_STATE_COUNT;
	struct query *query;
	enum status rc;

	if (one_state)
		rc = database_query(db,
		    "SELECT n FROM (SELECT * FROM (SELECT t.n AS n FROM tasks t WHERE"
		    " t.case_n IN (" KNOWN_CASES ") AND t.n < ?1 AND t.side & ?6 <> 0"
		    " AND t.state = ?7 ORDER BY t.n DESC LIMIT ?5)"
		    " UNION SELECT * FROM (SELECT n FROM tasks WHERE held = 0 AND side = 2"
		    " AND state = ?7 AND n < ?1 AND ?4 = 1 AND ?6 & 2 <> 0"
		    " ORDER BY n DESC LIMIT ?5)) ORDER BY n DESC LIMIT ?5",
		    &query);
	else
		rc = database_query(db,
		    "SELECT n FROM (SELECT * FROM (SELECT t.n AS n FROM tasks t WHERE"
		    " t.case_n IN (" KNOWN_CASES ") AND t.n < ?1 AND t.side & ?6 <> 0"
		    " ORDER BY t.n DESC LIMIT ?5)"
		    " UNION SELECT * FROM (SELECT n FROM tasks WHERE held = 0 AND side = 2"
		    " AND n < ?1 AND ?4 = 1 AND ?6 & 2 <> 0"
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
	    "SELECT n FROM (SELECT * FROM (SELECT case_n AS n FROM (" KNOWN_CASES
	    ") WHERE case_n < ?1 ORDER BY case_n DESC LIMIT ?5)"
	    " UNION SELECT * FROM (SELECT n FROM cases WHERE held = 0 AND n < ?1 AND ?4 = 1"
	    " ORDER BY n DESC LIMIT ?5)) ORDER BY n DESC LIMIT ?5",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	bind_common(query, filter, limit);
	return collect(query, limit, ns, count);
}
