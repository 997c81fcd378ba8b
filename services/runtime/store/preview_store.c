/* services/runtime/store/preview_store.c: what one line of a list needs, in one look-up. */
#include "services/runtime/store/preview_store.h"

static bool
read_line(struct query *query, void *out)
{
	struct preview_row *row = out;

	buffer_append(&row->key, query_bytes(query, 1));
	buffer_append(&row->file_number, query_bytes(query, 2));
	buffer_append(&row->preview, query_bytes(query, 3));
	return query_fixed(query, 0, row->case_id, sizeof(row->case_id));
}

enum status
preview_store_get(struct database *db, uint64_t task_n, struct preview_row *out)
{
	struct query *query;
	enum status rc;

	*out = (struct preview_row){0};
	rc = database_query(db,
	    "SELECT cases.id, cases.key, cases.file_number, tasks.preview"
	    " FROM tasks JOIN cases ON cases.n = tasks.case_n WHERE tasks.n = ?",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	if ((rc = query_first(query, read_line, out)) != STATUS_OK)
		return rc;
	if (out->key.failed || out->file_number.failed || out->preview.failed)
		return STATUS_NO_MEMORY;
	return STATUS_OK;
}

void
preview_store_free(struct preview_row *row)
{
	buffer_free(&row->key);
	buffer_free(&row->file_number);
	buffer_free(&row->preview);
}

enum status
preview_store_has(struct database *db, uint64_t task_n, bool *has)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT 1 FROM tasks WHERE n = ? AND preview IS NOT NULL", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	return query_any(query, has);
}

enum status
preview_store_set(struct database *db, uint64_t task_n, struct bytes sealed)
{
	struct query *query;
	enum status rc = database_query(db, "UPDATE tasks SET preview = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, sealed);
	query_bind_uint(query, 2, task_n);
	return query_run(query);
}
