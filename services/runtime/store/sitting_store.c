/* services/runtime/store/sitting_store.c: what the fold of a sitting reads of an act beside its circle's. */
#include "services/runtime/store/sitting_store.h"

#include <stdlib.h>

enum status
sitting_store_add(struct database *db, const struct sitting_act_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT OR IGNORE INTO sitting_acts (event_n, grp, quorum, secretary, after_others,"
	    " escalates, about, about_root, day_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->event_n);
	query_bind_text(query, 2, bytes_of_text(row->group));
	query_bind_uint(query, 3, row->quorum);
	query_bind_text(query, 4, bytes_of_text(row->secretary.code));
	query_bind_uint(query, 5, row->after_others);
	query_bind_uint(query, 6, row->escalates);
	query_bind_bytes(query, 7, BYTES(row->about));
	query_bind_bytes(query, 8, BYTES(row->about_root.byte));
	query_bind_uint(query, 9, row->day_ms);
	return query_run(query);
}

static bool
read_act(struct query *query, void *out)
{
	struct sitting_act_row row = {.event_n = query_uint(query, 0),
	    .quorum = (unsigned)query_uint(query, 2),
	    .after_others = query_uint(query, 4) != 0,
	    .escalates = query_uint(query, 5) != 0,
	    .day_ms = query_uint(query, 8)};

	if (!bytes_to_text(query_bytes(query, 1), row.group, sizeof(row.group)) ||
	    !bytes_to_text(
		query_bytes(query, 3), row.secretary.code, sizeof(row.secretary.code)) ||
	    !query_fixed(query, 6, row.about, sizeof(row.about)) ||
	    !query_fixed(query, 7, row.about_root.byte, sizeof(row.about_root.byte)))
		return false;
	*(struct sitting_act_row *)out = row;
	return true;
}

enum status
sitting_store_load(struct database *db, uint64_t circle_n, size_t most,
    struct sitting_act_row **rows, size_t *count)
{
	struct query_list list = {.size = sizeof(**rows), .most = most};
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT s.event_n, s.grp, s.quorum, s.secretary, s.after_others, s.escalates,"
	    " s.about, s.about_root, s.day_ms FROM events e INDEXED BY events_by_circle"
	    " JOIN sitting_acts s ON s.event_n = e.n WHERE e.circle_n = ? AND e.circle_n > 0"
	    " ORDER BY s.event_n",
	    &query);

	*rows = NULL;
	*count = 0;
	if (rc != STATUS_OK)
		return rc;
	if ((list.rows = calloc(most + 1, sizeof(**rows))) == NULL)
		return STATUS_NO_MEMORY;
	query_bind_uint(query, 1, circle_n);
	if ((rc = query_each(query, read_act, &list)) != STATUS_OK) {
		free(list.rows);
		return rc;
	}
	*rows = list.rows;
	*count = list.count;
	return STATUS_OK;
}
