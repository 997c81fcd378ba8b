/* services/runtime/store/preview_store.c: what one line of a list needs, in one look-up. */
#include "services/runtime/store/preview_store.h"

#include <string.h>

enum status
preview_store_get(struct database *db, uint64_t task_n, struct preview_row *out)
{
	struct query *query;
	struct bytes id;
	bool row = false;
	enum status rc;

	*out = (struct preview_row){0};
	rc = database_query(db,
	    "SELECT cases.id, cases.key, cases.file_number, tasks.preview"
	    " FROM tasks JOIN cases ON cases.n = tasks.case_n WHERE tasks.n = ?",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	if ((rc = query_step(query, &row)) != STATUS_OK)
		return rc;
	if (!row)
		return STATUS_NOT_FOUND;
	id = query_bytes(query, 0);
	if (id.len == sizeof(out->case_id))
		memcpy(out->case_id, id.data, sizeof(out->case_id));
	else
		rc = STATUS_DATABASE;
	buffer_append(&out->key, query_bytes(query, 1));
	buffer_append(&out->file_number, query_bytes(query, 2));
	buffer_append(&out->preview, query_bytes(query, 3));
	query_done(query);
	if (out->key.failed || out->file_number.failed || out->preview.failed)
		return STATUS_NO_MEMORY;
	return rc;
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
