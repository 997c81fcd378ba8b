/* services/runtime/store/reach_store.c: how far the last word on a task has come. */
#include "services/runtime/store/reach_store.h"

static const char *const reaches[REACH_COUNT] = {
#define ROW(name, text) [REACH_##name] = text,
    REACH_LIST(ROW)
#undef ROW
};

const char *
reach_store_name(enum reach reach)
{
	return reach < REACH_COUNT ? reaches[reach] : "";
}

enum status
reach_store_set(struct database *db, uint64_t task_n, enum reach reach)
{
	struct query *query;
	enum status rc = database_query(
	    db, "UPDATE tasks SET reach = ?1 WHERE n = ?2 AND reach IS NOT ?1", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, reach);
	query_bind_uint(query, 2, task_n);
	return query_run(query);
}

enum status
reach_store_get(struct database *db, uint64_t task_n, enum reach *out)
{
	struct query *query;
	uint64_t reach;
	enum status rc = database_query(db, "SELECT reach FROM tasks WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	if ((rc = query_number(query, &reach)) != STATUS_OK)
		return rc;
	if (reach >= REACH_COUNT)
		return STATUS_DATABASE;
	*out = (enum reach)reach;
	return STATUS_OK;
}
