/* services/runtime/store/ground_store.c: records of grounds, their events, and references. */
#include "services/runtime/store/ground_store.h"

static struct bytes
id_bytes(const uint8_t id[static SUITE_ID_LEN])
{
	return (struct bytes){id, SUITE_ID_LEN};
}

/* NONE is stored as NULL: what was not bound is. */
static void
bind_unless(struct query *query, int at, uint64_t value, uint64_t none)
{
	if (value != none)
		query_bind_uint(query, at, value);
}

static uint64_t
uint_or(struct query *query, int column, uint64_t none)
{
	return query_is_null(query, column) ? none : query_uint(query, column);
}

static bool
read_basis(struct query *query, int column, enum basis *out)
{
	uint64_t value = query_uint(query, column);

	if (value >= BASIS_COUNT)
		return false;
	*out = (enum basis)value;
	return true;
}

/* ---- Records ----------------------------------------------------------------------------- */

#define GROUND_COLUMNS "n, case_n, id, origin, basis, time_ms, state, stopped, check_ms"

static bool
read_ground(struct query *query, void *out)
{
	struct ground_row found = {.n = query_uint(query, 0),
	    .case_n = query_uint(query, 1),
	    .time_ms = query_uint(query, 5),
	    .state = consent_state_named(query_bytes(query, 6)),
	    .stopped = query_uint(query, 7) != 0,
	    .check_ms = uint_or(query, 8, UINT64_MAX)};

	if (!(found.state < CONSENT_STATE_COUNT && read_basis(query, 4, &found.basis) &&
		query_fixed(query, 2, found.id, sizeof(found.id)) &&
		bytes_to_text(query_bytes(query, 3), found.origin, sizeof(found.origin))))
		return false;
	*(struct ground_row *)out = found;
	return true;
}

enum status
ground_store_next(struct database *db, uint64_t *n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM grounds", &query);

	return rc == STATUS_OK ? query_number(query, n) : rc;
}

enum status
ground_store_add(struct database *db, const struct ground_row *row, struct bytes body)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO grounds (" GROUND_COLUMNS ", body)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_uint(query, 2, row->case_n);
	query_bind_bytes(query, 3, BYTES(row->id));
	query_bind_text(query, 4, bytes_of_text(row->origin));
	query_bind_uint(query, 5, row->basis);
	query_bind_uint(query, 6, row->time_ms);
	query_bind_text(query, 7, bytes_of_text(consent_state_name(row->state)));
	query_bind_uint(query, 8, row->stopped);
	bind_unless(query, 9, row->check_ms, UINT64_MAX);
	query_bind_bytes(query, 10, body);
	return query_run(query);
}

enum status
ground_store_get(struct database *db, uint64_t n, struct ground_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " GROUND_COLUMNS " FROM grounds WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_first(query, read_ground, out);
}

enum status
ground_store_find(struct database *db, const uint8_t id[static SUITE_ID_LEN],
    const char *origin, struct ground_row *out)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT " GROUND_COLUMNS " FROM grounds WHERE id = ? AND origin = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, id_bytes(id));
	query_bind_text(query, 2, bytes_of_text(origin));
	return query_first(query, read_ground, out);
}

enum status
ground_store_stopped_elsewhere(struct database *db, const struct ground_row *row, bool *out)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT 1 FROM grounds WHERE id = ? AND n <> ? AND stopped = 1", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, id_bytes(row->id));
	query_bind_uint(query, 2, row->n);
	return query_any(query, out);
}

enum status
ground_store_any(
    struct database *db, const uint8_t id[static SUITE_ID_LEN], struct ground_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " GROUND_COLUMNS " FROM grounds WHERE id = ? ORDER BY origin LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, id_bytes(id));
	return query_first(query, read_ground, out);
}

enum status
ground_store_ending(
    struct database *db, uint64_t by_ms, const struct ground_row *after, struct ground_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " GROUND_COLUMNS " FROM grounds WHERE check_ms <= ?"
	    " AND (check_ms, n) > (?, ?) ORDER BY check_ms, n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, by_ms);
	query_bind_uint(query, 2, after->check_ms);
	query_bind_uint(query, 3, after->n);
	return query_first(query, read_ground, out);
}

enum status
ground_store_of_case(
    struct database *db, uint64_t case_n, uint64_t after, struct ground_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " GROUND_COLUMNS
	    " FROM grounds WHERE case_n = ? AND n > ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_uint(query, 2, after);
	return query_first(query, read_ground, out);
}

enum status
ground_store_due(struct database *db, uint64_t now_ms, struct ground_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " GROUND_COLUMNS
	    " FROM grounds WHERE check_ms <= ? ORDER BY check_ms, n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, now_ms);
	return query_first(query, read_ground, out);
}

enum status
ground_store_next_check(struct database *db, uint64_t *ms)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT check_ms FROM grounds WHERE check_ms IS NOT NULL"
	    " ORDER BY check_ms LIMIT 1",
	    &query);

	if (rc == STATUS_OK)
		rc = query_number(query, ms);
	if (rc != STATUS_NOT_FOUND)
		return rc;
	*ms = UINT64_MAX;
	return STATUS_OK;
}

enum status
ground_store_set(struct database *db, const struct ground_row *row)
{
	struct query *query;
	enum status rc = database_query(
	    db, "UPDATE grounds SET state = ?, stopped = ?, check_ms = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(consent_state_name(row->state)));
	query_bind_uint(query, 2, row->stopped);
	bind_unless(query, 3, row->check_ms, UINT64_MAX);
	query_bind_uint(query, 4, row->n);
	return query_run(query);
}

enum status
ground_store_move(struct database *db, const struct ground_row *row)
{
	struct query *query;
	enum status rc =
	    database_query(db, "UPDATE grounds SET case_n = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->case_n);
	query_bind_uint(query, 2, row->n);
	return query_run(query);
}

enum status
ground_store_body(struct database *db, uint64_t n, struct buffer *out)
{
	struct query *query;
	enum status rc = database_query(db, "SELECT body FROM grounds WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_append(query, out);
}

enum status
ground_store_set_body(struct database *db, uint64_t n, struct bytes body)
{
	struct query *query;
	enum status rc = database_query(db, "UPDATE grounds SET body = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, body);
	query_bind_uint(query, 2, n);
	return query_run(query);
}

/* ---- Their events ------------------------------------------------------------------------ */

static bool
read_event(struct query *query, void *out)
{
	struct ground_event_row found = {.n = query_uint(query, 0),
	    .ground_n = query_uint(query, 1),
	    .what = consent_event_named(query_bytes(query, 2)),
	    .index = query_uint(query, 3),
	    .time_ms = query_uint(query, 4),
	    .person = query_uint(query, 5)};

	if (found.what >= CONSENT_EVENT_COUNT ||
	    !bytes_to_text(query_bytes(query, 6), found.role, sizeof(found.role)))
		return false;
	*(struct ground_event_row *)out = found;
	return true;
}

enum status
ground_store_next_event(struct database *db, uint64_t *n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM ground_events", &query);

	return rc == STATUS_OK ? query_number(query, n) : rc;
}

enum status
ground_store_add_event(
    struct database *db, const struct ground_event_row *row, struct bytes body)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO ground_events"
	    " (n, ground_n, what, log_index, time_ms, person, role, body)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_uint(query, 2, row->ground_n);
	query_bind_text(query, 3, bytes_of_text(consent_event_name(row->what)));
	bind_unless(query, 4, row->index, 0);
	query_bind_uint(query, 5, row->time_ms);
	query_bind_uint(query, 6, row->person);
	query_bind_text(query, 7, bytes_of_text(row->role));
	query_bind_bytes(query, 8, body);
	return query_run(query);
}

enum status
ground_store_event_after(
    struct database *db, uint64_t ground_n, uint64_t after, struct ground_event_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT n, ground_n, what, log_index, time_ms, person, role FROM ground_events"
	    " WHERE ground_n = ? AND n > ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, ground_n);
	query_bind_uint(query, 2, after);
	return query_first(query, read_event, out);
}

enum status
ground_store_event_body(struct database *db, uint64_t n, struct buffer *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT body FROM ground_events WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_append(query, out);
}

/* ---- References -------------------------------------------------------------------------- */

#define REF_COLUMNS                                                                            \
	"n, direction, peer, reference, basis, ground_n, stop_index, stop_reason, stop_task_n"

static bool
read_ref(struct query *query, void *out)
{
	uint64_t direction = query_uint(query, 1);
	struct ref_row found = {.n = query_uint(query, 0),
	    .direction = direction == REF_OURS ? REF_OURS : REF_THEIRS,
	    .ground_n = query_uint(query, 5),
	    .stop_index = uint_or(query, 6, UINT64_MAX),
	    .stop_task_n = query_uint(query, 8)};

	if (!(direction <= REF_THEIRS && read_basis(query, 4, &found.basis) &&
		bytes_to_text(query_bytes(query, 2), found.peer, sizeof(found.peer)) &&
		query_fixed(query, 3, found.reference, sizeof(found.reference)) &&
		bytes_to_text(
		    query_bytes(query, 7), found.stop_reason, sizeof(found.stop_reason))))
		return false;
	*(struct ref_row *)out = found;
	return true;
}

static enum status
next_ref(struct database *db, uint64_t *n)
{
	struct query *query;
	enum status rc = database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM refs", &query);

	return rc == STATUS_OK ? query_number(query, n) : rc;
}

enum status
ground_store_add_ref(struct database *db, struct ref_row *row)
{
	struct query *query;
	uint64_t n;
	enum status rc = next_ref(db, &n);

	if (rc == STATUS_OK)
		rc = database_query(db,
		    "INSERT INTO refs (" REF_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	query_bind_uint(query, 2, row->direction);
	query_bind_text(query, 3, bytes_of_text(row->peer));
	query_bind_bytes(query, 4, BYTES(row->reference));
	query_bind_uint(query, 5, row->basis);
	bind_unless(query, 6, row->ground_n, 0);
	bind_unless(query, 7, row->stop_index, UINT64_MAX);
	query_bind_text(query, 8, bytes_of_text(row->stop_reason));
	bind_unless(query, 9, row->stop_task_n, 0);
	if ((rc = query_run(query)) == STATUS_OK)
		row->n = n;
	return rc;
}

enum status
ground_store_ref(struct database *db, enum ref_direction direction, const char *peer,
    const uint8_t reference[static SUITE_ID_LEN], struct ref_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " REF_COLUMNS
	    " FROM refs WHERE direction = ? AND peer = ? AND reference = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, direction);
	query_bind_text(query, 2, bytes_of_text(peer));
	query_bind_bytes(query, 3, id_bytes(reference));
	return query_first(query, read_ref, out);
}

enum status
ground_store_live_ref(
    struct database *db, uint64_t ground_n, const char *peer, struct ref_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " REF_COLUMNS " FROM refs INDEXED BY refs_by_ground"
	    " WHERE ground_n = ? AND direction = 0 AND peer = ? AND stop_index IS NULL"
	    " ORDER BY n DESC LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, ground_n);
	query_bind_text(query, 2, bytes_of_text(peer));
	return query_first(query, read_ref, out);
}

enum status
ground_store_ref_of(struct database *db, uint64_t ground_n, enum ref_direction direction,
    uint64_t after, struct ref_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " REF_COLUMNS
	    " FROM refs WHERE ground_n = ? AND direction = ? AND n > ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, ground_n);
	query_bind_uint(query, 2, direction);
	query_bind_uint(query, 3, after);
	return query_first(query, read_ref, out);
}

enum status
ground_store_untold(struct database *db, uint64_t after, struct ref_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " REF_COLUMNS " FROM refs INDEXED BY refs_untold"
	    " WHERE direction = 0 AND stop_index = 0 AND stop_task_n IS NULL AND n > ?"
	    " ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, after);
	return query_first(query, read_ref, out);
}

enum status
ground_store_set_ref(struct database *db, const struct ref_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE refs SET ground_n = ?, stop_index = ?, stop_reason = ?, stop_task_n = ?"
	    " WHERE n = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	bind_unless(query, 1, row->ground_n, 0);
	bind_unless(query, 2, row->stop_index, UINT64_MAX);
	query_bind_text(query, 3, bytes_of_text(row->stop_reason));
	bind_unless(query, 4, row->stop_task_n, 0);
	query_bind_uint(query, 5, row->n);
	return query_run(query);
}
