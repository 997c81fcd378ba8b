/* services/runtime/store/provision_store.c: which provisions of law this institution has confirmed. */
#include "services/runtime/store/provision_store.h"

static bool
read_row(struct query *query, void *out)
{
	struct provision_row found = {
	    .confirmed_ms = query_uint(query, 1), .person = query_uint(query, 2)};

	if (!bytes_to_text(query_bytes(query, 0), found.code, sizeof(found.code)) ||
	    !bytes_to_text(query_bytes(query, 3), found.advice_day, sizeof(found.advice_day)))
		return false;
	*(struct provision_row *)out = found;
	return true;
}

enum status
provision_store_get(struct database *db, const char *code, struct provision_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT code, confirmed_ms, person, advice_day FROM provisions WHERE code = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(code));
	return query_first(query, read_row, out);
}

enum status
provision_store_advice(struct database *db, const char *code, struct buffer *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT advice FROM provisions WHERE code = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(code));
	return query_append(query, out);
}

enum status
provision_store_put(struct database *db, const struct provision_row *row, struct bytes advice)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT OR REPLACE INTO provisions (code, confirmed_ms, person, advice, advice_day)"
	    " VALUES (?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(row->code));
	query_bind_uint(query, 2, row->confirmed_ms);
	query_bind_uint(query, 3, row->person);
	query_bind_bytes(query, 4, advice);
	query_bind_text(query, 5, bytes_of_text(row->advice_day));
	return query_run(query);
}

enum status
provision_store_remove(struct database *db, const char *code)
{
	struct query *query;
	enum status rc = database_query(db, "DELETE FROM provisions WHERE code = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(code));
	return query_run(query);
}
