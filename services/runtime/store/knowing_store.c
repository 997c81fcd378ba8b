/* services/runtime/store/knowing_store.c: who knows which case, and who is on duty. */
#include "services/runtime/store/knowing_store.h"

static const char *const hows[GRANT_HOW_COUNT] = {
#define ROW(name, text) [GRANT_##name] = text,
    GRANT_HOW_LIST(ROW)
#undef ROW
};

const char *
knowing_store_how_name(enum grant_how how)
{
	return how < GRANT_HOW_COUNT ? hows[how] : "";
}

static enum grant_how
how_named(struct bytes name)
{
	for (unsigned i = 0; i < GRANT_HOW_COUNT; i++)
		if (bytes_is_text(name, hows[i]))
			return (enum grant_how)i;
	return GRANT_HOW_COUNT;
}

/* ---- Grants ------------------------------------------------------------------------------ */

#define GRANT_COLUMNS "n, case_n, person, how, since_ms, until_ms, by_person, seen_by, seen_ms"

enum status
knowing_store_next(struct database *db, uint64_t *n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM grants", &query);

	return rc == STATUS_OK ? query_number(query, n) : rc;
}

/* How many hold the case, for its row and those of its tasks. */
static enum status
settle(struct database *db, uint64_t case_n)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE cases SET held = (SELECT count(*) FROM grants WHERE case_n = ?1"
	    " AND until_ms IS NULL) WHERE n = ?1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	if ((rc = query_run(query)) != STATUS_OK)
		return rc;
	rc = database_query(db,
	    "UPDATE tasks SET held = (SELECT held FROM cases WHERE n = ?1) WHERE case_n = ?1",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	return query_run(query);
}

enum status
knowing_store_give(struct database *db, const struct grant_row *row, struct bytes reason)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO grants (n, case_n, person, how, since_ms, until_ms, by_person, reason)"
	    " VALUES (?, ?, ?, ?, ?, nullif(?, 0), ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_uint(query, 2, row->case_n);
	query_bind_uint(query, 3, row->person);
	query_bind_text(query, 4, bytes_of_text(hows[row->how]));
	query_bind_uint(query, 5, row->since_ms);
	query_bind_uint(query, 6, row->until_ms);
	query_bind_uint(query, 7, row->by);
	query_bind_bytes(query, 8, reason);
	if ((rc = query_run(query)) != STATUS_OK)
		return rc;
	return settle(db, row->case_n);
}

enum status
knowing_store_end(
    struct database *db, const struct grant_row *row, uint64_t now_ms, uint64_t by)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE grants SET until_ms = ?, ended_by = ? WHERE n = ? AND until_ms IS NULL",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, now_ms);
	query_bind_uint(query, 2, by);
	query_bind_uint(query, 3, row->n);
	if ((rc = query_run(query)) != STATUS_OK)
		return rc;
	return settle(db, row->case_n);
}

static bool
read_grant(struct query *query, void *out)
{
	struct grant_row found = {.n = query_uint(query, 0),
	    .case_n = query_uint(query, 1),
	    .person = query_uint(query, 2),
	    .how = how_named(query_bytes(query, 3)),
	    .since_ms = query_uint(query, 4),
	    .until_ms = query_uint(query, 5),
	    .by = query_uint(query, 6),
	    .seen_by = query_uint(query, 7),
	    .seen_ms = query_uint(query, 8)};

	if (found.how == GRANT_HOW_COUNT)
		return false;
	*(struct grant_row *)out = found;
	return true;
}

enum status
knowing_store_get(struct database *db, uint64_t n, struct grant_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " GRANT_COLUMNS " FROM grants WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_first(query, read_grant, out);
}

enum status
knowing_store_reason(struct database *db, uint64_t n, struct buffer *out)
{
	struct query *query;
	enum status rc = database_query(db, "SELECT reason FROM grants WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_append(query, out);
}

enum status
knowing_store_seen(struct database *db, uint64_t n, uint64_t by, uint64_t now_ms)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE grants SET seen_by = ?, seen_ms = ? WHERE n = ? AND seen_by IS NULL",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, by);
	query_bind_uint(query, 2, now_ms);
	query_bind_uint(query, 3, n);
	return query_run(query);
}

static bool
read_facts(struct query *query, void *out)
{
	*(struct knowing_facts *)out = (struct knowing_facts){.held = query_uint(query, 0) != 0,
	    .known = query_uint(query, 1) != 0,
	    .glass = query_uint(query, 2) != 0,
	    .on_duty = query_uint(query, 3) != 0};
	return true;
}

/* Each look-up has a small index that is seldom far: many cases may be judged for one answer. */
enum status
knowing_store_facts(struct database *db, uint64_t case_n, uint64_t person, uint64_t now_ms,
    struct knowing_facts *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT NOT EXISTS (SELECT 1 FROM cases INDEXED BY cases_unheld WHERE n = ?1"
	    "  AND held = 0),"
	    " EXISTS (SELECT 1 FROM grants INDEXED BY grants_held WHERE case_n = ?1"
	    "  AND person = ?2 AND until_ms IS NULL),"
	    " EXISTS (SELECT 1 FROM grants INDEXED BY grants_glass WHERE case_n = ?1"
	    "  AND person = ?2 AND how = 'break_glass' AND since_ms <= ?3 AND until_ms > ?3),"
	    " EXISTS (SELECT 1 FROM duty WHERE person = ?2 AND from_ms <= ?3"
	    "  AND until_ms > ?3)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_uint(query, 2, person);
	query_bind_uint(query, 3, now_ms);
	return query_first(query, read_facts, out);
}

enum status
knowing_store_standing(
    struct database *db, const struct grant_filter *filter, struct grant_row *out)
{
	struct query *query;
	enum status rc;

	if (filter->case_n != 0)
		rc = database_query(db,
		    "SELECT " GRANT_COLUMNS " FROM grants WHERE n > ?1 AND until_ms IS NULL"
		    " AND case_n = ?2 AND (?3 = 0 OR person = ?3) ORDER BY n LIMIT 1",
		    &query);
	else
		rc = database_query(db,
		    "SELECT " GRANT_COLUMNS " FROM grants WHERE n > ?1 AND until_ms IS NULL"
		    " AND ?2 = 0 AND person = ?3 ORDER BY case_n, n LIMIT 1",
		    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, filter->after);
	query_bind_uint(query, 2, filter->case_n);
	query_bind_uint(query, 3, filter->person);
	return query_first(query, read_grant, out);
}

enum status
knowing_store_standing_rows(struct database *db, const struct grant_filter *filter,
    unsigned limit, struct grant_row *rows, unsigned *count)
{
	struct query_list list = {.rows = rows, .size = sizeof(*rows), .most = limit};
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " GRANT_COLUMNS " FROM grants INDEXED BY grants_by_case WHERE case_n = ?1"
	    " AND n > ?2 AND until_ms IS NULL ORDER BY n LIMIT ?3",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, filter->case_n);
	query_bind_uint(query, 2, filter->after);
	query_bind_uint(query, 3, limit);
	if ((rc = query_each(query, read_grant, &list)) == STATUS_OK)
		*count = (unsigned)list.count;
	return rc;
}

enum status
knowing_store_holds(struct database *db, uint64_t person, uint64_t *count)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT count(DISTINCT case_n) FROM grants WHERE person = ?"
	    " AND until_ms IS NULL",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, person);
	return query_number(query, count);
}

enum status
knowing_store_holder_after(struct database *db, uint64_t after, uint64_t *person)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT person FROM grants WHERE person > ? AND until_ms IS NULL"
	    " ORDER BY person LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, after);
	return query_number(query, person);
}

enum status
knowing_store_glass_before(struct database *db, uint64_t before, struct grant_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " GRANT_COLUMNS " FROM grants WHERE how = 'break_glass' AND n < ?"
	    " ORDER BY n DESC LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, before == 0 || before > INT64_MAX ? INT64_MAX : before);
	return query_first(query, read_grant, out);
}

/* ---- Duty -------------------------------------------------------------------------------- */

enum status
knowing_store_duty_add(struct database *db, struct duty_row *row)
{
	struct query *query;
	uint64_t n;
	enum status rc = database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM duty", &query);

	if (rc != STATUS_OK || (rc = query_number(query, &n)) != STATUS_OK)
		return rc;
	rc = database_query(db,
	    "INSERT INTO duty (n, person, from_ms, until_ms, by_person)"
	    " VALUES (?, ?, ?, ?, ?)",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	query_bind_uint(query, 2, row->person);
	query_bind_uint(query, 3, row->from_ms);
	query_bind_uint(query, 4, row->until_ms);
	query_bind_uint(query, 5, row->by);
	if ((rc = query_run(query)) == STATUS_OK)
		row->n = n;
	return rc;
}

enum status
knowing_store_duty_end(struct database *db, uint64_t n, uint64_t now_ms)
{
	struct query *query;
	enum status rc = database_query(
	    db, "UPDATE duty SET until_ms = ?1 WHERE n = ?2 AND until_ms > ?1", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, now_ms);
	query_bind_uint(query, 2, n);
	return query_run(query);
}

static bool
read_duty(struct query *query, void *out)
{
	*(struct duty_row *)out = (struct duty_row){.n = query_uint(query, 0),
	    .person = query_uint(query, 1),
	    .from_ms = query_uint(query, 2),
	    .until_ms = query_uint(query, 3),
	    .by = query_uint(query, 4)};
	return true;
}

enum status
knowing_store_duty_after(
    struct database *db, uint64_t after, uint64_t now_ms, struct duty_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT n, person, from_ms, until_ms, by_person FROM duty WHERE n > ?"
	    " AND until_ms > ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, after);
	query_bind_uint(query, 2, now_ms);
	return query_first(query, read_duty, out);
}
