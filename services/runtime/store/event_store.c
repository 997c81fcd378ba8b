/* services/runtime/store/event_store.c: what happened to a task: messages and evidence about them. */
#include "services/runtime/store/event_store.h"

#include <stdlib.h>
#include <string.h>

static const char *const whats[EVENT_WHAT_COUNT] = {
#define ROW(name, text) [EVENT_##name] = text,
    EVENT_WHAT_LIST(ROW)
#undef ROW
};

const char *
event_store_what_name(enum event_what what)
{
	return what < EVENT_WHAT_COUNT ? whats[what] : "";
}

bool
event_store_is_failure(enum event_what what)
{
	return what == EVENT_UNREADABLE || what == EVENT_EXPIRED ||
	       what == EVENT_UNDELIVERABLE || what == EVENT_REFUSED || what == EVENT_TAKEN_BACK;
}

static enum event_what
what_named(struct bytes name)
{
	for (unsigned i = 0; i < EVENT_WHAT_COUNT; i++)
		if (bytes_is_text(name, whats[i]))
			return (enum event_what)i;
	return EVENT_WHAT_COUNT;
}

enum status
event_store_next(struct database *db, uint64_t *n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM events", &query);

	return rc == STATUS_OK ? query_number(query, n) : rc;
}

static enum status
count_of(struct database *db, const char *sql, uint64_t task_n, uint64_t *count)
{
	struct query *query;
	enum status rc = database_query(db, sql, &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	return query_number(query, count);
}

enum status
event_store_has_room(
    struct database *db, uint64_t task_n, bool shared, uint64_t most, bool *room)
{
	uint64_t rows;
	enum status rc =
	    count_of(db, "SELECT count(*) FROM events WHERE task_n = ?", task_n, &rows);

	/* As a rule the index alone has told. */
	if (rc == STATUS_OK && shared && rows >= most)
		rc = count_of(db,
		    "SELECT count(*) FROM events WHERE task_n = ? AND what = 'message'", task_n,
		    &rows);
	if (rc == STATUS_OK)
		*room = rows < most;
	return rc;
}

/* ---- Rows -------------------------------------------------------------------------------- */

#define EVENT_COLUMNS                                                                          \
	"n, task_n, what, type, own, message, log_index, applied, with_content, time_ms,"      \
	" status, role, dead, indexed, author, circle_n"

enum status
event_store_add(struct database *db, const struct event_row *row,
    const struct merkle_hash *root, struct bytes body)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO events (" EVENT_COLUMNS
	    ", root, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_uint(query, 2, row->task_n);
	query_bind_text(query, 3, bytes_of_text(whats[row->what]));
	query_bind_uint(query, 4, row->type);
	query_bind_uint(query, 5, row->own);
	query_bind_bytes(query, 6, BYTES(row->message));
	if (row->index != UINT64_MAX)
		query_bind_uint(query, 7, row->index);
	query_bind_uint(query, 8, row->applied > INT64_MAX ? INT64_MAX : row->applied);
	query_bind_uint(query, 9, row->with_content);
	query_bind_uint(query, 10, row->time_ms);
	query_bind_uint(query, 11, (uint64_t)row->status);
	query_bind_text(query, 12, bytes_of_text(row->role));
	query_bind_uint(query, 13, row->dead);
	query_bind_uint(query, 14, row->indexed);
	query_bind_text(query, 15, bytes_of_text(row->author));
	query_bind_uint(query, 16, row->circle_n);
	if (root != NULL)
		query_bind_bytes(query, 17, BYTES(root->byte));
	query_bind_bytes(query, 18, body);
	return query_run(query);
}

static bool
read_event(struct query *query, void *out)
{
	struct event_row found = {
	    .n = query_uint(query, 0),
	    .task_n = query_uint(query, 1),
	    .what = what_named(query_bytes(query, 2)),
	    .type = (enum message)query_uint(query, 3),
	    .own = query_uint(query, 4) != 0,
	    .index = query_is_null(query, 6) ? UINT64_MAX : query_uint(query, 6),
	    .applied = query_uint(query, 7),
	    .with_content = query_uint(query, 8) != 0,
	    .time_ms = query_uint(query, 9),
	    .status = (enum status)query_uint(query, 10),
	    .dead = query_uint(query, 12) != 0,
	    .indexed = query_uint(query, 13) != 0,
	    .circle_n = query_uint(query, 15),
	};

	if (found.what == EVENT_WHAT_COUNT ||
	    !query_fixed(query, 5, found.message, sizeof(found.message)) ||
	    !bytes_to_text(query_bytes(query, 11), found.role, sizeof(found.role)) ||
	    !bytes_to_text(query_bytes(query, 14), found.author, sizeof(found.author)))
		return false;
	*(struct event_row *)out = found;
	return true;
}

/* What has no place in the log yet stands last. */
static int
by_index(const void *left, const void *right)
{
	const struct event_row *a = left, *b = right;

	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	return a->n < b->n ? -1 : a->n > b->n;
}

/* More room for rows, which grow with what is read: counting them first would read them twice. */
static enum status
make_room(struct event_row **rows, size_t *room)
{
	const size_t wanted = *room == 0 ? 128 : 2 * *room;
	const size_t wider = wanted < EVENT_CIRCLE_MAX ? wanted : EVENT_CIRCLE_MAX;
	struct event_row *grown;

	if (*room == EVENT_CIRCLE_MAX)
		return STATUS_TOO_LARGE;
	if ((grown = realloc(*rows, wider * sizeof(**rows))) == NULL)
		return STATUS_NO_MEMORY;
	*rows = grown;
	*room = wider;
	return STATUS_OK;
}

static enum status
read_rows(struct query *query, struct event_row **rows, size_t *count)
{
	size_t room = 0;
	bool row = true, shared = false;
	enum status rc = make_room(rows, &room);

	*count = 0;
	while (rc == STATUS_OK && (rc = query_step(query, &row)) == STATUS_OK && row) {
		if (*count == room)
			rc = make_room(rows, &room);
		if (rc == STATUS_OK && !read_event(query, &(*rows)[*count]))
			rc = STATUS_DATABASE;
		if (rc == STATUS_OK)
			shared = (*rows)[(*count)++].circle_n > 0 || shared;
	}
	if (rc != STATUS_OK)
		query_done(query);
	return rc == STATUS_OK && !shared && *count > EVENT_TASK_MAX ? STATUS_TOO_LARGE : rc;
}

enum status
event_store_load(struct database *db, uint64_t task_n, struct event_row **rows, size_t *count)
{
	struct event_row *found = NULL;
	size_t known;
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT " EVENT_COLUMNS " FROM events WHERE task_n = ? ORDER BY n", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	if ((rc = read_rows(query, &found, &known)) != STATUS_OK) {
		free(found);
		return rc;
	}
	/* Here, for SQLite would write all of each row once more to sort it. */
	qsort(found, known, sizeof(*found), by_index);
	*rows = found;
	*count = known;
	return STATUS_OK;
}

enum status
event_store_get(struct database *db, uint64_t n, struct event_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " EVENT_COLUMNS " FROM events WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_first(query, read_event, out);
}

enum status
event_store_message(
    struct database *db, const uint8_t id[static SUITE_ID_LEN], bool own, struct event_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " EVENT_COLUMNS " FROM events WHERE message = ? AND what = 'message'"
	    " AND own = ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){id, SUITE_ID_LEN});
	query_bind_uint(query, 2, own);
	return query_first(query, read_event, out);
}

enum status
event_store_act(struct database *db, const uint8_t id[static SUITE_ID_LEN], const char *author,
    struct event_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " EVENT_COLUMNS " FROM events WHERE message = ? AND what = 'message'"
	    " AND circle_n > 0 AND author = ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){id, SUITE_ID_LEN});
	query_bind_text(query, 2, bytes_of_text(author));
	return query_first(query, read_event, out);
}

enum status
event_store_between(struct database *db, const uint8_t low[static SUITE_ID_LEN],
    const uint8_t high[static SUITE_ID_LEN], struct event_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " EVENT_COLUMNS " FROM events WHERE message >= ? AND message <= ?"
	    " AND what = 'message' ORDER BY message LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){low, SUITE_ID_LEN});
	query_bind_bytes(query, 2, (struct bytes){high, SUITE_ID_LEN});
	return query_first(query, read_event, out);
}

struct said {
	bool any, by_author;
};

static bool
read_said(struct query *query, void *out)
{
	*(struct said *)out = (struct said){query_uint(query, 0) > 0, query_uint(query, 1) > 0};
	return true;
}

enum status
event_store_about(struct database *db, const uint8_t id[static SUITE_ID_LEN],
    enum event_what what, const char *author, bool *known, bool *told)
{
	struct said said;
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT count(*), sum(author = ?3) FROM events"
	    " WHERE message = ?1 AND what = ?2 AND own = 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){id, SUITE_ID_LEN});
	query_bind_text(query, 2, bytes_of_text(event_store_what_name(what)));
	query_bind_text(query, 3, bytes_of_text(author));
	if ((rc = query_first(query, read_said, &said)) != STATUS_OK)
		return rc;
	*known = said.by_author;
	*told = said.any;
	return STATUS_OK;
}

enum status
event_store_awaits(struct database *db, uint64_t task_n, bool *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT 1 FROM events WHERE task_n = ? AND what = 'message' AND own = 1"
	    " AND dead = 0 AND log_index IS NULL LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	return query_any(query, out);
}

enum status
event_store_offer(struct database *db, uint64_t task_n, struct event_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " EVENT_COLUMNS " FROM events WHERE task_n = ? AND what = 'message'"
	    " ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	return query_first(query, read_event, out);
}

enum status
event_store_at(struct database *db, uint64_t log_index, struct event_row *out)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT " EVENT_COLUMNS " FROM events WHERE log_index = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, log_index);
	return query_first(query, read_event, out);
}

struct body {
	struct merkle_hash *root;
	struct buffer *bytes;
	bool there;
};

static bool
read_body(struct query *query, void *out)
{
	struct body *body = out;

	body->there = query_fixed(query, 0, body->root->byte, sizeof(body->root->byte));
	if (body->there)
		buffer_append(body->bytes, query_bytes(query, 1));
	return true;
}

enum status
event_store_body(struct database *db, uint64_t n, struct merkle_hash *root, struct buffer *out)
{
	struct body body = {.root = root, .bytes = out};
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT root, body FROM events WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	if ((rc = query_first(query, read_body, &body)) != STATUS_OK)
		return rc;
	if (!body.there)
		return STATUS_NOT_FOUND;
	return out->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

/* ---- Changes ----------------------------------------------------------------------------- */

enum status
event_store_set_index(struct database *db, uint64_t n, uint64_t log_index, uint64_t time_ms)
{
	struct query *query;
	enum status rc = database_query(
	    db, "UPDATE events SET log_index = ?, time_ms = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, log_index);
	query_bind_uint(query, 2, time_ms);
	query_bind_uint(query, 3, n);
	return query_run(query);
}

enum status
event_store_set_dead(struct database *db, uint64_t n)
{
	struct query *query;
	enum status rc = database_query(db, "UPDATE events SET dead = 1 WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_run(query);
}

enum status
event_store_reseal(struct database *db, const struct event_row *row,
    const struct merkle_hash *root, struct bytes body)
{
	struct query *query;
	enum status rc = database_query(
	    db, "UPDATE events SET message = ?, root = ?, body = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, BYTES(row->message));
	query_bind_bytes(query, 2, BYTES(root->byte));
	query_bind_bytes(query, 3, body);
	query_bind_uint(query, 4, row->n);
	return query_run(query);
}
