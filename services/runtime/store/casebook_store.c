/* services/runtime/store/casebook_store.c: what a case holds besides tasks: notes, labels, household. */
#include "services/runtime/store/casebook_store.h"

/* ---- Notes ------------------------------------------------------------------------------- */

enum status
casebook_store_next_note(struct database *db, uint64_t *n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM case_notes", &query);

	return rc == STATUS_OK ? query_number(query, n) : rc;
}

enum status
casebook_store_add_note(struct database *db, const struct note_row *row, struct bytes body)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO case_notes (n, case_n, time_ms, person, role, corrects, body)"
	    " VALUES (?, ?, ?, ?, ?, nullif(?, 0), ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_uint(query, 2, row->case_n);
	query_bind_uint(query, 3, row->time_ms);
	query_bind_uint(query, 4, row->person);
	query_bind_text(query, 5, bytes_of_text(row->role));
	query_bind_uint(query, 6, row->corrects);
	query_bind_bytes(query, 7, body);
	return query_run(query);
}

struct note {
	struct note_row row;
	struct buffer *body;
};

static bool
read_note(struct query *query, void *out)
{
	struct note *note = out;

	note->row = (struct note_row){.n = query_uint(query, 0),
	    .case_n = query_uint(query, 1),
	    .time_ms = query_uint(query, 2),
	    .person = query_uint(query, 3),
	    .corrects = query_uint(query, 4)};
	buffer_append(note->body, query_bytes(query, 6));
	return bytes_to_text(query_bytes(query, 5), note->row.role, sizeof(note->row.role));
}

enum status
casebook_store_note_after(struct database *db, uint64_t case_n, uint64_t after,
    struct note_row *out, struct buffer *body)
{
	struct note note = {.body = body};
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT n, case_n, time_ms, person, corrects, role, body FROM case_notes"
	    " WHERE case_n = ? AND n > ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_uint(query, 2, after);
	if ((rc = query_first(query, read_note, &note)) != STATUS_OK)
		return rc;
	if (body->failed)
		return STATUS_NO_MEMORY;
	*out = note.row;
	return STATUS_OK;
}

enum status
casebook_store_note_count(struct database *db, uint64_t case_n, uint64_t *count)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT count(*) FROM case_notes WHERE case_n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	return query_number(query, count);
}

/* ---- Number and labels ------------------------------------------------------------------- */

enum status
casebook_store_set_file_number(struct database *db, uint64_t case_n, struct bytes number)
{
	struct query *query;
	enum status rc =
	    database_query(db, "UPDATE cases SET file_number = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, number);
	query_bind_uint(query, 2, case_n);
	return query_run(query);
}

enum status
casebook_store_set_labels(struct database *db, uint64_t case_n, struct bytes labels)
{
	struct query *query;
	enum status rc = database_query(db, "UPDATE cases SET labels = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, labels);
	query_bind_uint(query, 2, case_n);
	return query_run(query);
}

enum status
casebook_store_labels(struct database *db, uint64_t case_n, struct buffer *out)
{
	struct query *query;
	enum status rc = database_query(db, "SELECT labels FROM cases WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	return query_append(query, out);
}

/* ---- Household --------------------------------------------------------------------------- */

static enum status
household_of(struct database *db, uint64_t case_n, uint64_t *household)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT household FROM households WHERE case_n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	return query_number(query, household);
}

static enum status
new_household(struct database *db, uint64_t *household)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT coalesce(max(household), 0) + 1 FROM households", &query);

	return rc == STATUS_OK ? query_number(query, household) : rc;
}

static enum status
join(struct database *db, uint64_t case_n, uint64_t household)
{
	struct query *query;
	enum status rc = database_query(
	    db, "INSERT INTO households (case_n, household) VALUES (?, ?)", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_uint(query, 2, household);
	return query_run(query);
}

static enum status
merge(struct database *db, uint64_t from, uint64_t into)
{
	struct query *query;
	enum status rc = database_query(
	    db, "UPDATE households SET household = ? WHERE household = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, into);
	query_bind_uint(query, 2, from);
	return query_run(query);
}

enum status
casebook_store_link(struct database *db, uint64_t a, uint64_t b)
{
	uint64_t of_a, of_b;
	enum status rc = household_of(db, a, &of_a);

	if (rc == STATUS_NOT_FOUND && (rc = new_household(db, &of_a)) == STATUS_OK)
		rc = join(db, a, of_a);
	if (rc != STATUS_OK)
		return rc;
	rc = household_of(db, b, &of_b);
	if (rc == STATUS_NOT_FOUND)
		return join(db, b, of_a);
	if (rc == STATUS_OK && of_a != of_b)
		rc = merge(db, of_b, of_a);
	return rc;
}

enum status
casebook_store_unlink(struct database *db, uint64_t case_n)
{
	struct query *query;
	enum status rc = database_query(db, "DELETE FROM households WHERE case_n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	return query_run(query);
}

enum status
casebook_store_household_after(
    struct database *db, uint64_t case_n, uint64_t after, uint64_t *other)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT case_n FROM households WHERE household ="
	    " (SELECT household FROM households WHERE case_n = ?1)"
	    " AND case_n > ?2 AND case_n <> ?1 ORDER BY case_n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_uint(query, 2, after);
	return query_number(query, other);
}
