/* services/runtime/store/case_store.c: cases, tasks and who touched them, in the database. */
#include "services/runtime/store/case_store.h"

#include <string.h>

/* ---- Rows -------------------------------------------------------------------------------- */

/* The one number that SQL gives. */
static enum status
ask_number(struct database *db, const char *sql, uint64_t *out)
{
	struct query *query;
	enum status rc = database_query(db, sql, &query);

	return rc == STATUS_OK ? query_number(query, out) : rc;
}

enum status
case_store_next_case(struct database *db, uint64_t *n)
{
	return ask_number(db, "SELECT coalesce(max(n), 0) + 1 FROM cases", n);
}

enum status
case_store_next_task(struct database *db, uint64_t *n)
{
	return ask_number(db, "SELECT coalesce(max(n), 0) + 1 FROM tasks", n);
}

/* ---- Cases ------------------------------------------------------------------------------- */

enum status
case_store_add(
    struct database *db, const struct case_row *row, struct bytes key, struct bytes file_number)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO cases (n, id, time_ms, key, file_number) VALUES (?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_bytes(query, 2, BYTES(row->id));
	query_bind_uint(query, 3, row->time_ms);
	query_bind_bytes(query, 4, key);
	query_bind_bytes(query, 5, file_number);
	return query_run(query);
}

static bool
read_case(struct query *query, void *out)
{
	struct case_row found = {.n = query_uint(query, 0), .time_ms = query_uint(query, 2)};

	if (!query_fixed(query, 1, found.id, sizeof(found.id)))
		return false;
	*(struct case_row *)out = found;
	return true;
}

enum status
case_store_find(
    struct database *db, const uint8_t id[static SUITE_ID_LEN], struct case_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT n, id, time_ms FROM cases WHERE id = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){id, SUITE_ID_LEN});
	return query_first(query, read_case, out);
}

enum status
case_store_get(struct database *db, uint64_t n, struct case_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT n, id, time_ms FROM cases WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_first(query, read_case, out);
}

enum status
case_store_before(struct database *db, uint64_t before, struct case_row *out)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT n, id, time_ms FROM cases WHERE n < ? ORDER BY n DESC LIMIT 1", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, before == 0 || before > INT64_MAX ? INT64_MAX : before);
	return query_first(query, read_case, out);
}

enum status
case_store_key(struct database *db, uint64_t n, struct buffer *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT key FROM cases WHERE n = ? AND key IS NOT NULL", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_append(query, out);
}

enum status
case_store_file_number(struct database *db, uint64_t n, struct buffer *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT file_number FROM cases WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_append(query, out);
}

/* ---- Tasks ------------------------------------------------------------------------------- */

#define TASK_COLUMNS                                                                           \
	"n, case_n, id, side, peer, token, basis, reference, time_ms, state, last_index,"      \
	" content_due, content_seen, unread, sort, purpose, ground_n, circle_n"

enum status
case_store_add_task(struct database *db, const struct task_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO tasks (" TASK_COLUMNS
	    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_uint(query, 2, row->case_n);
	query_bind_bytes(query, 3, BYTES(row->id));
	query_bind_uint(query, 4, row->side);
	query_bind_text(query, 5, bytes_of_text(row->peer));
	query_bind_bytes(query, 6, BYTES(row->token));
	query_bind_uint(query, 7, row->basis);
	query_bind_bytes(query, 8, BYTES(row->reference));
	query_bind_uint(query, 9, row->time_ms);
	query_bind_text(query, 10, bytes_of_text(task_state_name(row->state)));
	query_bind_uint(query, 11, row->last_index);
	query_bind_uint(query, 12, row->content_due);
	query_bind_uint(query, 13, row->content_seen);
	query_bind_uint(query, 14, row->unread);
	query_bind_text(query, 15, bytes_of_text(row->sort->name));
	query_bind_text(query, 16, bytes_of_text(row->purpose));
	query_bind_uint(query, 17, row->ground_n);
	query_bind_uint(query, 18, row->circle_n);
	return query_run(query);
}

static enum status
set_stand(struct database *db, const struct task_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE tasks SET state = ?2, content_due = ?3, content_seen = ?4, unread = ?5"
	    " WHERE n = ?1 AND"
	    "  (state, content_due, content_seen, unread) <> (?2, ?3, ?4, ?5)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_text(query, 2, bytes_of_text(task_state_name(row->state)));
	query_bind_uint(query, 3, row->content_due);
	query_bind_uint(query, 4, row->content_seen);
	query_bind_uint(query, 5, row->unread);
	return query_run(query);
}

/* Most steps move only the index: what lists are led by is written where it changes. */
enum status
case_store_set_task(struct database *db, const struct task_row *row)
{
	struct query *query;
	enum status rc = set_stand(db, row);

	if (rc == STATUS_OK)
		rc = database_query(db,
		    "UPDATE tasks SET last_index = ?2 WHERE n = ?1 AND last_index <> ?2",
		    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_uint(query, 2, row->last_index);
	return query_run(query);
}

static bool
read_task(struct query *query, void *out)
{
	struct task_row found = {
	    .n = query_uint(query, 0),
	    .case_n = query_uint(query, 1),
	    .side = (enum task_side)query_uint(query, 3),
	    .basis = (enum basis)query_uint(query, 6),
	    .time_ms = query_uint(query, 8),
	    .state = task_state_named(query_bytes(query, 9)),
	    .last_index = query_uint(query, 10),
	    .content_due = query_uint(query, 11) != 0,
	    .content_seen = query_uint(query, 12) != 0,
	    .unread = query_uint(query, 13) != 0,
	    .sort = task_sort_named(query_bytes(query, 14)),
	    .ground_n = query_uint(query, 16),
	    .circle_n = query_uint(query, 17),
	};
	if (!(found.sort != NULL && found.state != TASK_STATE_COUNT &&
		bytes_to_text(query_bytes(query, 15), found.purpose, sizeof(found.purpose)) &&
		query_fixed(query, 2, found.id, sizeof(found.id)) &&
		bytes_to_text(query_bytes(query, 4), found.peer, sizeof(found.peer)) &&
		query_fixed(query, 5, found.token, sizeof(found.token)) &&
		query_fixed(query, 7, found.reference, sizeof(found.reference))))
		return false;
	*(struct task_row *)out = found;
	return true;
}

enum status
case_store_task(struct database *db, uint64_t n, struct task_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " TASK_COLUMNS " FROM tasks WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_first(query, read_task, out);
}

enum status
case_store_find_task(
    struct database *db, const uint8_t id[static SUITE_ID_LEN], struct task_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " TASK_COLUMNS " FROM tasks WHERE id = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){id, SUITE_ID_LEN});
	return query_first(query, read_task, out);
}

enum status
case_store_citing(struct database *db, const char *peer,
    const uint8_t reference[static SUITE_ID_LEN], uint64_t after, struct task_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " TASK_COLUMNS
	    " FROM tasks INDEXED BY tasks_by_reference WHERE peer = ? AND reference = ?"
	    " AND n > ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(peer));
	query_bind_bytes(query, 2, (struct bytes){reference, SUITE_ID_LEN});
	query_bind_uint(query, 3, after);
	return query_first(query, read_task, out);
}

/* What we ask of ourselves, as who leads a circle, is on both sides (3): in each list of one. */
#define OF_ONE_SIDE(more)                                                                      \
	"SELECT " TASK_COLUMNS " FROM (SELECT * FROM (SELECT " TASK_COLUMNS                    \
	" FROM tasks WHERE n < ?1 AND side = ?3" more " ORDER BY n DESC LIMIT 1)"              \
	" UNION ALL SELECT * FROM (SELECT " TASK_COLUMNS                                       \
	" FROM tasks WHERE n < ?1 AND side = 3" more " ORDER BY n DESC LIMIT 1))"              \
	" ORDER BY n DESC LIMIT 1"

/* Each kind of list has a statement of its own, so that each walks an index of its own. */
static const char *
statement_of(const struct task_filter *filter)
{
	bool one_side = filter->sides == TASK_SENDER || filter->sides == TASK_RECIPIENT;
	bool one_state = filter->state != TASK_STATE_COUNT;

	if (filter->case_n != 0)
		return "SELECT " TASK_COLUMNS
		       " FROM tasks WHERE n < ?1 AND case_n = ?2 ORDER BY n DESC LIMIT 1";
	if (filter->unread)
		return "SELECT " TASK_COLUMNS
		       " FROM tasks WHERE n < ?1 AND unread = 1 ORDER BY n DESC LIMIT 1";
	if (filter->peer[0] != '\0')
		return "SELECT " TASK_COLUMNS
		       " FROM tasks WHERE n < ?1 AND peer = ?5 ORDER BY n DESC LIMIT 1";
	if (one_side && one_state)
		return OF_ONE_SIDE(" AND state = ?4");
	if (one_side)
		return OF_ONE_SIDE("");
	if (one_state)
		return "SELECT " TASK_COLUMNS
		       " FROM tasks WHERE n < ?1 AND state = ?4 ORDER BY n DESC LIMIT 1";
	return "SELECT " TASK_COLUMNS " FROM tasks WHERE n < ?1 ORDER BY n DESC LIMIT 1";
}

enum status
case_store_next_of(struct database *db, const struct task_filter *filter, struct task_row *out)
{
	uint64_t before =
	    filter->before == 0 || filter->before > INT64_MAX ? INT64_MAX : filter->before;
	struct query *query;
	enum status rc = database_query(db, statement_of(filter), &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, before);
	if (filter->case_n != 0) {
		query_bind_uint(query, 2, filter->case_n);
	} else if (filter->unread) {
		/* has nothing else to bind */
	} else if (filter->peer[0] != '\0') {
		query_bind_text(query, 5, bytes_of_text(filter->peer));
	} else {
		if (filter->sides == TASK_SENDER || filter->sides == TASK_RECIPIENT)
			query_bind_uint(query, 3, filter->sides);
		if (filter->state != TASK_STATE_COUNT)
			query_bind_text(
			    query, 4, bytes_of_text(task_state_name(filter->state)));
	}
	return query_first(query, read_task, out);
}

/* By itself SQLite would take tasks_by_side, and look at every task that was ever sent. */
enum status
case_store_due(struct database *db, uint64_t after, struct task_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " TASK_COLUMNS
	    " FROM tasks INDEXED BY tasks_due WHERE content_due = 1 AND side = 1 AND n > ?"
	    " ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, after);
	return query_first(query, read_task, out);
}

/* ---- Effects ----------------------------------------------------------------------------- */

enum status
case_store_effect_put(struct database *db, uint64_t task_n,
    const uint8_t cause[static SUITE_ID_LEN], enum status how, uint64_t time_ms)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO effects (task_n, cause, status, time_ms) VALUES (?, ?, ?, ?)", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	query_bind_bytes(query, 2, (struct bytes){cause, SUITE_ID_LEN});
	query_bind_uint(query, 3, (uint64_t)how);
	query_bind_uint(query, 4, time_ms);
	return query_run(query);
}

enum status
case_store_effect(
    struct database *db, uint64_t task_n, const uint8_t cause[static SUITE_ID_LEN])
{
	struct query *query;
	bool there;
	enum status rc = database_query(
	    db, "SELECT status FROM effects WHERE task_n = ? AND cause = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	query_bind_bytes(query, 2, (struct bytes){cause, SUITE_ID_LEN});
	rc = query_any(query, &there);
	return rc == STATUS_OK && !there ? STATUS_NOT_FOUND : rc;
}

/* ---- People ------------------------------------------------------------------------------ */

static bool
read_token(struct query *query, void *out)
{
	return query_fixed(query, 0, out, SUITE_ID_LEN);
}

static enum status
find_token(struct database *db, uint64_t case_n, const uint8_t person[static SUITE_HASH_LEN],
    uint8_t token[static SUITE_ID_LEN])
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT token FROM staff WHERE case_n = ? AND person = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_bytes(query, 2, (struct bytes){person, SUITE_HASH_LEN});
	return query_first(query, read_token, token);
}

enum status
case_store_staff_token(struct database *db, uint64_t case_n,
    const uint8_t person[static SUITE_HASH_LEN], uint8_t token[static SUITE_ID_LEN])
{
	struct query *query;
	uint8_t fresh[SUITE_ID_LEN];
	enum status rc = find_token(db, case_n, person, token);

	if (rc != STATUS_NOT_FOUND)
		return rc;
	suite_random(fresh, sizeof(fresh));
	rc = database_query(
	    db, "INSERT INTO staff (case_n, person, token) VALUES (?, ?, ?)", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_bytes(query, 2, (struct bytes){person, SUITE_HASH_LEN});
	query_bind_bytes(query, 3, BYTES(fresh));
	if ((rc = query_run(query)) == STATUS_OK)
		memcpy(token, fresh, sizeof(fresh));
	return rc;
}
