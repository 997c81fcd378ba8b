/* services/runtime/store/disclosure_store.c: decisions to leave out, and the statements issued. */
#include "services/runtime/store/disclosure_store.h"

enum status
disclosure_store_next(struct database *db, uint64_t *n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM withheld", &query);

	return rc == STATUS_OK ? query_number(query, n) : rc;
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

struct withheld {
	struct withhold_row row;
	struct buffer *sealed[3]; /* reason, text, person; NULL: not wanted */
};

static bool
read_withheld(struct query *query, void *out)
{
	struct withheld *withheld = out;

	withheld->row = (struct withhold_row){.n = query_uint(query, 0),
	    .case_n = query_uint(query, 1),
	    .time_ms = query_uint(query, 3),
	    .ended = query_uint(query, 4) != 0};
	for (int i = 0; i < 3 && withheld->sealed[i] != NULL; i++)
		buffer_append(withheld->sealed[i], query_bytes(query, 5 + i));
	return query_fixed(query, 2, withheld->row.message, sizeof(withheld->row.message));
}

enum status
disclosure_store_last(struct database *db, uint64_t case_n,
    const uint8_t message[static SUITE_ID_LEN], struct withhold_row *out)
{
	struct withheld found = {0};
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM withheld WHERE case_n = ? AND message = ?"
	    " ORDER BY n DESC LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_bytes(query, 2, (struct bytes){message, SUITE_ID_LEN});
	if ((rc = query_first(query, read_withheld, &found)) == STATUS_OK)
		*out = found.row;
	return rc;
}

enum status
disclosure_store_after(struct database *db, uint64_t case_n, uint64_t after,
    struct withhold_row *out, struct buffer *reason, struct buffer *text, struct buffer *person)
{
	struct withheld found = {.sealed = {reason, text, person}};
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS ", reason, text, person FROM withheld"
	    " WHERE case_n = ? AND n > ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_uint(query, 2, after);
	if ((rc = query_first(query, read_withheld, &found)) != STATUS_OK)
		return rc;
	if (reason->failed || text->failed || person->failed)
		return STATUS_NO_MEMORY;
	*out = found.row;
	return STATUS_OK;
}

enum status
disclosure_store_issue(struct database *db, uint64_t case_n, uint64_t time_ms, uint64_t *number)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM disclosures", &query);

	if (rc == STATUS_OK)
		rc = query_number(query, number);
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
