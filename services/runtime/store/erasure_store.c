/* services/runtime/store/erasure_store.c: every place sealed under a case's key, and what was erased. */
#include "services/runtime/store/erasure_store.h"

#include <stdlib.h>
#include <string.h>

#include "services/runtime/store/work_store.h"

/* Where rows hang on a case by its number, or on a task, a record or an event of it. */
#define OF_CASE   "case_n = ?1"
#define OF_TASK   "task_n IN (SELECT n FROM tasks WHERE case_n = ?1)"
#define OF_GROUND "ground_n IN (SELECT n FROM grounds WHERE case_n = ?1)"

/* Where a column may not be NULL, what is empty stands for what is not there. */
#define PLACE(name, of, where, gone)                                                           \
	{                                                                                      \
		.place = {#name, #of},                                                         \
		.rows = "SELECT n FROM " #name " WHERE " where " AND length(" #of              \
			") > 0 ORDER BY n",                                                    \
		.get = "SELECT " #of " FROM " #name " WHERE n = ?1",                           \
		.put = "UPDATE " #name " SET " #of " = coalesce(?2, " gone ") WHERE n = ?1"    \
	}

static const struct {
	struct erasure_place place;
	const char *rows, *get, *put;
} places[] = {
    PLACE(cases, file_number, "n = ?1", "NULL"),
    PLACE(cases, labels, "n = ?1", "NULL"),
    PLACE(tasks, preview, OF_CASE, "NULL"),
    PLACE(events, body, OF_TASK, "NULL"),
    PLACE(case_notes, body, OF_CASE, "x''"),
    PLACE(withheld, reason, OF_CASE, "NULL"),
    PLACE(withheld, text, OF_CASE, "x''"),
    PLACE(withheld, person, OF_CASE, "x''"),
    PLACE(grants, reason, OF_CASE, "NULL"),
    PLACE(attachments, secret, OF_CASE, "x''"),
    PLACE(attachments, name, OF_CASE, "x''"),
    /* One begun for the case and still coming; any other's is the institution's. */
    PLACE(attachments, look, OF_CASE " AND whole = 0 AND source = 0 AND message_index = 0",
	"x''"),
    PLACE(grounds, body, OF_CASE, "x''"),
    PLACE(ground_events, body, OF_GROUND, "x''"),
    PLACE(custody, body, OF_CASE, "x''"),
};

#define PLACES (sizeof(places) / sizeof(places[0]))

const struct erasure_place *
erasure_store_place(unsigned i)
{
	return i < PLACES ? &places[i].place : NULL;
}

/* ---- What is sealed ---------------------------------------------------------------------- */

static enum status
collect(struct query *query, uint64_t **rows, size_t *count)
{
	uint64_t *more;
	bool row;
	enum status rc;

	while ((rc = query_step(query, &row)) == STATUS_OK && row) {
		if ((*count & (*count - 1)) == 0) {
			more = realloc(*rows, (*count == 0 ? 1 : 2 * *count) * sizeof(**rows));
			if (more == NULL) {
				query_done(query);
				return STATUS_NO_MEMORY;
			}
			*rows = more;
		}
		(*rows)[(*count)++] = query_uint(query, 0);
	}
	return rc;
}

enum status
erasure_store_rows(
    struct database *db, unsigned place, uint64_t case_n, uint64_t **rows, size_t *count)
{
	struct query *query;
	enum status rc = database_query(db, places[place].rows, &query);

	*rows = NULL;
	*count = 0;
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	return collect(query, rows, count);
}

enum status
erasure_store_get(struct database *db, unsigned place, uint64_t row, struct buffer *out)
{
	struct query *query;
	enum status rc = database_query(db, places[place].get, &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row);
	return query_append(query, out);
}

enum status
erasure_store_put(struct database *db, unsigned place, uint64_t row, struct bytes sealed)
{
	struct query *query;
	enum status rc = database_query(db, places[place].put, &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row);
	query_bind_bytes(query, 2, sealed);
	return query_run(query);
}

static enum status
run_for(struct database *db, const char *sql, uint64_t number)
{
	struct query *query;
	enum status rc = database_query(db, sql, &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, number);
	return query_run(query);
}

enum status
erasure_store_set_key(struct database *db, uint64_t case_n, struct bytes wrapped)
{
	struct query *query;
	enum status rc = database_query(db, "UPDATE cases SET key = ?2 WHERE n = ?1", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_bytes(query, 2, wrapped);
	return query_run(query);
}

enum status
erasure_store_forget(struct database *db, uint64_t case_n)
{
	enum status rc = run_for(db, "DELETE FROM staff WHERE case_n = ?1", case_n);

	if (rc == STATUS_OK)
		rc =
		    run_for(db, "UPDATE grounds SET check_ms = NULL WHERE case_n = ?1", case_n);
	if (rc == STATUS_OK)
		rc = run_for(db,
		    "UPDATE alarms SET settled_ms = time_ms WHERE case_n = ?1 AND ground_n > 0"
		    " AND settled_ms IS NULL",
		    case_n);
	if (rc == STATUS_OK)
		rc = work_store_forget(db, case_n);
	if (rc == STATUS_OK)
		rc = run_for(db,
		    "DELETE FROM custody_told WHERE custody_n IN"
		    " (SELECT n FROM custody WHERE case_n = ?1)",
		    case_n);
	return rc == STATUS_OK ? run_for(db, "DELETE FROM custody WHERE case_n = ?1", case_n)
	                       : rc;
}

static enum status
count_in_scope(
    struct database *db, const char *sql, uint64_t case_n, uint64_t task_n, uint64_t *out)
{
	struct query *query;
	enum status rc = database_query(db, sql, &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_uint(query, 2, task_n);
	return query_number(query, out);
}

enum status
erasure_store_consent_stands(struct database *db, uint64_t case_n, bool *out)
{
	uint64_t count = 0;
	enum status rc = count_in_scope(db,
	    "SELECT count(*) FROM grounds g JOIN refs r ON r.ground_n = g.n WHERE"
	    " g.case_n = ?1 AND r.direction = 0 AND (r.stop_index = 0 OR"
	    " (g.basis = ?2 AND g.stopped = 0 AND r.stop_index IS NULL))",
	    case_n, BASIS_CONSENT, &count);

	*out = count > 0;
	return rc;
}

/* ---- Documents --------------------------------------------------------------------------- */

/* A document of a task is one that a message of the task brought, or one of ours that it cites. */
#define IN_SCOPE_OF(message)                                                                   \
	"case_n = ?1 AND (?2 = 0 OR"                                                           \
	" message_index IN (SELECT log_index + 1 FROM events WHERE task_n = ?2" message ") OR" \
	" event_n IN (SELECT n FROM events WHERE task_n = ?2" message "))"
#define IN_SCOPE         IN_SCOPE_OF("")
#define IN_MESSAGE_SCOPE IN_SCOPE_OF(" AND (?3 = 0 OR n = ?3)")

static enum status
run_in_scope(
    struct database *db, const char *sql, uint64_t case_n, uint64_t task_n, uint64_t event_n)
{
	struct query *query;
	enum status rc = database_query(db, sql, &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_uint(query, 2, task_n);
	query_bind_uint(query, 3, event_n);
	return query_run(query);
}

enum status
erasure_store_documents(struct database *db, uint64_t case_n, uint64_t task_n, uint64_t event_n)
{
	enum status rc = run_in_scope(db,
	    "INSERT OR IGNORE INTO erased_files (id) SELECT id FROM attachments "
	    "WHERE " IN_MESSAGE_SCOPE,
	    case_n, task_n, event_n);

	if (rc != STATUS_OK)
		return rc;
	return run_in_scope(
	    db, "DELETE FROM attachments WHERE " IN_MESSAGE_SCOPE, case_n, task_n, event_n);
}

enum status
erasure_store_count(
    struct database *db, uint64_t case_n, uint64_t task_n, struct erasure_count *out)
{
	struct erasure_count count = {0};
	enum status rc = count_in_scope(db,
	    "SELECT count(*) FROM events WHERE length(body) > 0 AND task_n IN"
	    " (SELECT n FROM tasks WHERE case_n = ?1 AND (?2 = 0 OR n = ?2))",
	    case_n, task_n, &count.messages);

	if (rc == STATUS_OK)
		rc = count_in_scope(db,
		    "SELECT count(*) FROM case_notes WHERE ?2 = 0 AND case_n = ?1", case_n,
		    task_n, &count.notes);
	if (rc == STATUS_OK)
		rc = count_in_scope(db,
		    "SELECT count(*) FROM attachments WHERE source = 0 AND " IN_SCOPE, case_n,
		    task_n, &count.documents);
	if (rc == STATUS_OK)
		*out = count;
	return rc;
}

static bool
read_id(struct query *query, void *out)
{
	return query_fixed(query, 0, out, SUITE_ID_LEN);
}

enum status
erasure_store_file(struct database *db, uint8_t id[static SUITE_ID_LEN])
{
	struct query *query;
	enum status rc = database_query(db, "SELECT id FROM erased_files LIMIT 1", &query);

	return rc != STATUS_OK ? rc : query_first(query, read_id, id);
}

enum status
erasure_store_file_gone(struct database *db, const uint8_t id[static SUITE_ID_LEN])
{
	struct query *query;
	enum status rc = database_query(db, "DELETE FROM erased_files WHERE id = ?1", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){id, SUITE_ID_LEN});
	return query_run(query);
}

/* ---- What was erased --------------------------------------------------------------------- */

#define COLUMNS "n, case_n, task_n, time_ms, reason, person, role, settled"

static bool
read_row(struct query *query, void *out)
{
	struct erasure_row row = {.n = query_uint(query, 0),
	    .case_n = query_uint(query, 1),
	    .task_n = query_uint(query, 2),
	    .time_ms = query_uint(query, 3),
	    .person = query_uint(query, 5),
	    .settled = query_uint(query, 7) != 0};

	if (!bytes_to_text(query_bytes(query, 4), row.reason, sizeof(row.reason)) ||
	    !bytes_to_text(query_bytes(query, 6), row.role, sizeof(row.role)))
		return false;
	*(struct erasure_row *)out = row;
	return true;
}

enum status
erasure_store_add(struct database *db, struct erasure_row *row)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM erasures", &query);

	if (rc == STATUS_OK)
		rc = query_number(query, &row->n);
	if (rc == STATUS_OK)
		rc = database_query(db,
		    "INSERT INTO erasures (" COLUMNS
		    ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_uint(query, 2, row->case_n);
	query_bind_uint(query, 3, row->task_n);
	query_bind_uint(query, 4, row->time_ms);
	query_bind_text(query, 5, bytes_of_text(row->reason));
	query_bind_uint(query, 6, row->person);
	query_bind_text(query, 7, bytes_of_text(row->role));
	query_bind_uint(query, 8, row->settled);
	return query_run(query);
}

enum status
erasure_store_before(
    struct database *db, uint64_t before, uint64_t case_n, struct erasure_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM erasures WHERE (?1 = 0 OR n < ?1) AND"
	    " (?2 = 0 OR case_n = ?2) ORDER BY n DESC LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, before);
	query_bind_uint(query, 2, case_n);
	return query_first(query, read_row, out);
}

enum status
erasure_store_of(struct database *db, uint64_t case_n, uint64_t task_n, struct erasure_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM erasures WHERE case_n = ?1 AND"
	    " (task_n = 0 OR task_n = ?2) ORDER BY n DESC LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_uint(query, 2, task_n);
	return query_first(query, read_row, out);
}

enum status
erasure_store_unsettled(struct database *db, struct erasure_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM erasures WHERE settled = 0 ORDER BY n DESC LIMIT 1",
	    &query);

	return rc != STATUS_OK ? rc : query_first(query, read_row, out);
}

enum status
erasure_store_settle(struct database *db, uint64_t n)
{
	return run_for(db, "UPDATE erasures SET settled = 1 WHERE settled = 0 AND n <= ?1", n);
}
