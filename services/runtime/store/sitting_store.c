/* services/runtime/store/sitting_store.c: what the fold of a sitting reads of an act beside its circle's. */
#include "services/runtime/store/sitting_store.h"

#include <stdlib.h>
#include <string.h>

enum status
sitting_store_add(struct database *db, const struct sitting_act_row *row)
{
	struct buffer signs = {0};
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT OR IGNORE INTO sitting_acts (event_n, grp, quorum, secretary, after_others,"
	    " escalates, about, about_root, day_ms, signs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, "
	    "?)",
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
	if (row->sign_count > 0) {
		minutes_encode(row->signs, row->sign_count, &signs);
		query_bind_bytes(query, 10, bytes_of_buffer(&signs));
	}
	rc = signs.failed ? STATUS_NO_MEMORY : query_run(query);
	buffer_free(&signs);
	return rc;
}

/* False: what stands there is no such list, or memory ran out. */
static bool
read_signs(struct query *query, int column, struct sitting_act_row *row)
{
	struct minutes_entry entries[MINUTES_MAX];

	if (query_is_null(query, column))
		return true;
	row->sign_count = minutes_read(query_bytes(query, column), entries);
	if (row->sign_count == 0 ||
	    (row->signs = malloc(row->sign_count * sizeof(*row->signs))) == NULL)
		return false;
	memcpy(row->signs, entries, row->sign_count * sizeof(*row->signs));
	return true;
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
	    !query_fixed(query, 7, row.about_root.byte, sizeof(row.about_root.byte)) ||
	    !read_signs(query, 9, &row))
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
	    " s.about, s.about_root, s.day_ms, s.signs FROM events e INDEXED BY"
	    " events_by_circle"
	    " JOIN sitting_acts s ON s.event_n = e.n WHERE e.circle_n = ? AND e.circle_n > 0"
	    " AND e.dead = 0"
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
		sitting_store_free(list.rows, most);
		return rc;
	}
	*rows = list.rows;
	*count = list.count;
	return STATUS_OK;
}

void
sitting_store_free(struct sitting_act_row *rows, size_t count)
{
	for (size_t i = 0; rows != NULL && i < count; i++)
		free(rows[i].signs);
	free(rows);
}
