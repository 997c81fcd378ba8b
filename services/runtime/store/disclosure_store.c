/* services/runtime/store/disclosure_store.c: decisions to leave out, and the statements issued. */
#include "services/runtime/store/disclosure_store.h"

#include <string.h>

static enum status
ask_number(struct query *query, uint64_t *out)
{
	bool row = false;
	enum status rc = query_step(query, &row);

	if (rc != STATUS_OK)
		return rc;
	*out = row ? query_uint(query, 0) : 0;
	query_done(query);
	return STATUS_OK;
}

enum status
disclosure_store_next(struct database *db, uint64_t *n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM withheld", &query);

	return rc == STATUS_OK ? ask_number(query, n) : rc;
}

enum status
disclosure_store_add(struct database *db, const struct withhold_row *row, const char *role,
    struct bytes reason, struct bytes text, struct bytes person)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO withheld (n, case_n, message, time_ms, ended, role, reason, text,"
	    " person) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_uint(query, 2, row->case_n);
	query_bind_bytes(query, 3, BYTES(row->message));
	query_bind_uint(query, 4, row->time_ms);
	query_bind_uint(query, 5, row->ended);
	query_bind_text(query, 6, bytes_of_text(role));
	query_bind_bytes(query, 7, reason);
	query_bind_bytes(query, 8, text);
	query_bind_bytes(query, 9, person);
	return query_run(query);
}

#define COLUMNS "n, case_n, message, time_ms, ended"

static enum status
read_row(struct query *query, struct withhold_row *out)
{
	struct bytes message = query_bytes(query, 2);

	if (message.len != sizeof(out->message))
		return STATUS_DATABASE;
	out->n = query_uint(query, 0);
	out->case_n = query_uint(query, 1);
	memcpy(out->message, message.data, message.len);
	out->time_ms = query_uint(query, 3);
	out->ended = query_uint(query, 4) != 0;
	return STATUS_OK;
}

/* The first row of QUERY; what is sealed, where wanted. */
static enum status
take(struct query *query, struct withhold_row *out, struct buffer *sealed[3])
{
	bool row = false;
	enum status rc = query_step(query, &row);

	if (rc != STATUS_OK)
		return rc;
	if (!row)
		return STATUS_NOT_FOUND;
	rc = read_row(query, out);
	for (int i = 0; rc == STATUS_OK && sealed != NULL && i < 3; i++) {
		buffer_append(sealed[i], query_bytes(query, 5 + i));
		if (sealed[i]->failed)
			rc = STATUS_NO_MEMORY;
	}
	query_done(query);
	return rc;
}

enum status
disclosure_store_last(struct database *db, uint64_t case_n,
    const uint8_t message[static SUITE_ID_LEN], struct withhold_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM withheld WHERE case_n = ? AND message = ?"
	    " ORDER BY n DESC LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_bytes(query, 2, (struct bytes){message, SUITE_ID_LEN});
	return take(query, out, NULL);
}

enum status
disclosure_store_after(struct database *db, uint64_t case_n, uint64_t after,
    struct withhold_row *out, struct buffer *reason, struct buffer *text, struct buffer *person)
{
	struct buffer *sealed[] = {reason, text, person};
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS ", reason, text, person FROM withheld"
	    " WHERE case_n = ? AND n > ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_uint(query, 2, after);
	return take(query, out, sealed);
}

enum status
disclosure_store_issue(struct database *db, uint64_t case_n, uint64_t time_ms, uint64_t *number)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM disclosures", &query);

	if (rc == STATUS_OK)
		rc = ask_number(query, number);
	if (rc == STATUS_OK)
		rc = database_query(db,
		    "INSERT INTO disclosures (n, case_n, time_ms) VALUES (?, ?, ?)", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, *number);
	query_bind_uint(query, 2, case_n);
	query_bind_uint(query, 3, time_ms);
	return query_run(query);
}
