/* services/runtime/store/circle_store.c: what several institutions share: circles, members, acts, what to pass. */
#include "services/runtime/store/circle_store.h"

#include <stdlib.h>
#include <string.h>

/* ---- Circles ----------------------------------------------------------------------------- */

#define CIRCLE_COLUMNS "n, id, token, sort, lead, open, last_index, terms"

enum status
circle_store_add(struct database *db, struct circle_row *row)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM circles", &query);

	if (rc == STATUS_OK)
		rc = query_number(query, &row->n);
	if (rc == STATUS_OK)
		rc = database_query(db,
		    "INSERT INTO circles (n, id, token, sort, lead, open, last_index, agreed,"
		    " gap) VALUES (?, ?, ?, ?, '', 0, 0, 0, 0) ON CONFLICT DO NOTHING",
		    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_bytes(query, 2, BYTES(row->id));
	query_bind_bytes(query, 3, BYTES(row->token));
	query_bind_text(query, 4, bytes_of_text(row->sort->name));
	if ((rc = query_run(query)) != STATUS_OK)
		return rc;
	return database_changes(db) == 1 ? STATUS_OK : STATUS_WRONG_STATE;
}

static bool
read_circle(struct query *query, void *out)
{
	struct circle_row found = {
	    .n = query_uint(query, 0),
	    .sort = task_sort_named(query_bytes(query, 3)),
	    .open = query_uint(query, 5) != 0,
	    .last_index = query_uint(query, 6),
	    .folded = !query_is_null(query, 7),
	};

	if (found.sort == NULL || !query_fixed(query, 1, found.id, sizeof(found.id)) ||
	    !query_fixed(query, 2, found.token, sizeof(found.token)) ||
	    !bytes_to_text(query_bytes(query, 4), found.lead, sizeof(found.lead)) ||
	    (found.folded && !query_fixed(query, 7, found.terms, sizeof(found.terms))))
		return false;
	*(struct circle_row *)out = found;
	return true;
}

enum status
circle_store_get(struct database *db, uint64_t n, struct circle_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " CIRCLE_COLUMNS " FROM circles WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_first(query, read_circle, out);
}

enum status
circle_store_find(
    struct database *db, const uint8_t id[static SUITE_ID_LEN], struct circle_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " CIRCLE_COLUMNS " FROM circles WHERE id = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){id, SUITE_ID_LEN});
	return query_first(query, read_circle, out);
}

enum status
circle_store_before(struct database *db, uint64_t before, struct circle_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " CIRCLE_COLUMNS " FROM circles WHERE n < ? ORDER BY n DESC LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, before == 0 || before > INT64_MAX ? INT64_MAX : before);
	return query_first(query, read_circle, out);
}

enum status
circle_store_set(struct database *db, const struct circle_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE circles SET sort = ?, lead = ?, open = ?, last_index = ?, terms = ?"
	    " WHERE n = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, bytes_of_text(row->sort->name));
	query_bind_text(query, 2, bytes_of_text(row->lead));
	query_bind_uint(query, 3, row->open);
	query_bind_uint(query, 4, row->last_index);
	if (row->folded)
		query_bind_bytes(query, 5, BYTES(row->terms));
	query_bind_uint(query, 6, row->n);
	return query_run(query);
}

static bool
read_number(struct query *query, void *out)
{
	*(uint64_t *)out = query_uint(query, 0);
	return true;
}

/* ---- Members ----------------------------------------------------------------------------- */

enum status
circle_store_set_members(
    struct database *db, uint64_t circle_n, const struct circle_term *members, unsigned count)
{
	struct query *query;
	enum status rc =
	    database_query(db, "DELETE FROM circle_members WHERE circle_n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, circle_n);
	rc = query_run(query);
	for (unsigned i = 0; rc == STATUS_OK && i < count; i++) {
		rc = database_query(db,
		    "INSERT INTO circle_members (circle_n, party, since) VALUES (?, ?, ?)"
		    " ON CONFLICT DO NOTHING",
		    &query);
		if (rc != STATUS_OK)
			return rc;
		query_bind_uint(query, 1, circle_n);
		query_bind_text(query, 2, bytes_of_text(members[i].party.code));
		query_bind_uint(
		    query, 3, members[i].since > INT64_MAX ? INT64_MAX : members[i].since);
		rc = query_run(query);
	}
	return rc;
}

enum status
circle_store_has_member(struct database *db, uint64_t circle_n, const char *party, bool *has)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT 1 FROM circle_members WHERE circle_n = ? AND party = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, circle_n);
	query_bind_text(query, 2, bytes_of_text(party));
	return query_any(query, has);
}

enum status
circle_store_count_members(struct database *db, uint64_t circle_n, uint64_t *count)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT count(*) FROM circle_members WHERE circle_n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, circle_n);
	return query_number(query, count);
}

/* ---- Its history ------------------------------------------------------------------------- */

/* Codes are [a-z0-9-]; a space parts them. */

static void
join(const struct circle_step *step, struct buffer *out)
{
	for (unsigned i = 0; i < step->party_count; i++) {
		if (i > 0)
			buffer_append(out, bytes_of_text(" "));
		buffer_append(out, bytes_of_text(step->parties[i].code));
	}
}

static bool
part(struct bytes joined, struct circle_step *step)
{
	while (joined.len > 0) {
		size_t len = 0;
		struct circle_party *party = &step->parties[step->party_count];

		while (len < joined.len && joined.data[len] != ' ')
			len++;
		if (step->party_count == ENVELOPE_RECIPIENTS_MAX ||
		    !bytes_to_text(
			(struct bytes){joined.data, len}, party->code, sizeof(party->code)))
			return false;
		step->party_count++;
		len += len < joined.len;
		joined = (struct bytes){joined.data + len, joined.len - len};
	}
	return true;
}

enum status
circle_store_add_act(struct database *db, uint64_t event_n, const struct circle_step *step)
{
	struct buffer joined = {0};
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO circle_acts (event_n, party, parties, due_ms, about)"
	    " VALUES (?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	join(step, &joined);
	query_bind_uint(query, 1, event_n);
	query_bind_text(query, 2, bytes_of_text(step->party.code));
	query_bind_text(
	    query, 3, joined.len > 0 ? bytes_of_buffer(&joined) : bytes_of_text(""));
	query_bind_uint(query, 4, step->due_ms);
	query_bind_bytes(query, 5, BYTES(step->about));
	rc = joined.failed ? STATUS_NO_MEMORY : query_run(query);
	buffer_free(&joined);
	return rc;
}

static bool
read_act(struct query *query, void *out)
{
	struct circle_act *act = out;
	struct circle_step *step = &act->step;

	memset(act, 0, sizeof(*act));
	act->event_n = query_uint(query, 0);
	act->task_n = query_uint(query, 1);
	act->type = (enum message)query_uint(query, 3);
	act->sort = task_sort_of(act->type);
	step->index = query_is_null(query, 4) ? UINT64_MAX : query_uint(query, 4);
	step->time_ms = query_uint(query, 5);
	step->due_ms = query_uint(query, 9);
	act->own = query_uint(query, 11) != 0;
	act->applied = query_uint(query, 13);
	return act->sort != NULL && query_fixed(query, 2, step->task, sizeof(step->task)) &&
	       bytes_to_text(
		   query_bytes(query, 6), step->author.code, sizeof(step->author.code)) &&
	       bytes_to_text(
		   query_bytes(query, 7), step->party.code, sizeof(step->party.code)) &&
	       part(query_bytes(query, 8), step) &&
	       query_fixed(query, 10, act->root.byte, sizeof(act->root.byte)) &&
	       query_fixed(query, 12, act->message, sizeof(act->message)) &&
	       (query_is_null(query, 14) ||
		   query_fixed(query, 14, step->about, sizeof(step->about)));
}

enum status
circle_store_count(struct database *db, uint64_t circle_n, uint64_t *count)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT count(*) FROM events WHERE circle_n = ?1 AND circle_n > 0", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, circle_n);
	return query_number(query, count);
}

enum status
circle_store_acts(
    struct database *db, uint64_t circle_n, struct circle_act **acts, size_t *count)
{
	struct query_list list = {.size = sizeof(**acts)};
	struct query *query;
	uint64_t rows;
	enum status rc = circle_store_count(db, circle_n, &rows);

	if (rc == STATUS_OK)
		rc = database_query(db,
		    "SELECT e.n, e.task_n, t.id, e.type, e.log_index, e.time_ms,"
		    " e.author, a.party, a.parties, a.due_ms, e.root, e.own, e.message,"
		    " e.applied, a.about"
		    " FROM events e INDEXED BY events_by_circle JOIN tasks t ON t.n = e.task_n"
		    " JOIN circle_acts a ON a.event_n = e.n"
		    " WHERE e.circle_n = ?1 AND e.circle_n > 0 AND e.dead = 0"
		    " ORDER BY e.log_index IS NULL, e.log_index, e.n",
		    &query);
	if (rc != STATUS_OK)
		return rc;
	list.most = (size_t)rows;
	if ((list.rows = calloc(list.most + 1, list.size)) == NULL) {
		query_done(query);
		return STATUS_NO_MEMORY;
	}
	query_bind_uint(query, 1, circle_n);
	if ((rc = query_each(query, read_act, &list)) != STATUS_OK) {
		free(list.rows);
		return rc;
	}
	*acts = list.rows;
	*count = list.count;
	return STATUS_OK;
}

/* ---- Its tasks --------------------------------------------------------------------------- */

enum status
circle_store_task(struct database *db, uint64_t circle_n, uint64_t after, struct task_row *out)
{
	struct query *query;
	uint64_t n;
	enum status rc = database_query(db,
	    "SELECT n FROM tasks WHERE circle_n = ?1 AND circle_n > 0 AND n > ?2"
	    " ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, circle_n);
	query_bind_uint(query, 2, after);
	rc = query_first(query, read_number, &n);
	return rc == STATUS_OK ? case_store_task(db, n, out) : rc;
}

enum status
circle_store_place(struct database *db, const struct task_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE tasks SET circle_n = ?, sort = ?, side = ?, peer = ?, purpose = ?,"
	    " ground_n = ?, token = ? WHERE n = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->circle_n);
	query_bind_text(query, 2, bytes_of_text(row->sort->name));
	query_bind_uint(query, 3, row->side);
	query_bind_text(query, 4, bytes_of_text(row->peer));
	query_bind_text(query, 5, bytes_of_text(row->purpose));
	query_bind_uint(query, 6, row->ground_n);
	query_bind_bytes(query, 7, BYTES(row->token));
	query_bind_uint(query, 8, row->n);
	return query_run(query);
}
