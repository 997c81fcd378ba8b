/* services/runtime/store/attachment_store.c: documents beside messages, and messages that wait for them. */
#include "services/runtime/store/attachment_store.h"

#define COLUMNS                                                                                \
	"n, id, case_n, message_index, position, category, whole, size, done, type, time_ms, " \
	"root, event_n, source"

static struct bytes
id_bytes(const uint8_t id[static SUITE_ID_LEN])
{
	return (struct bytes){id, SUITE_ID_LEN};
}

static bool
read_row(struct query *query, void *out)
{
	struct attachment_row found = {.n = query_uint(query, 0),
	    .case_n = query_uint(query, 2),
	    .message_index = query_uint(query, 3),
	    .position = (uint32_t)query_uint(query, 4),
	    .category = query_uint(query, 5),
	    .whole = query_uint(query, 6) != 0,
	    .size = query_uint(query, 7),
	    .done = (uint32_t)query_uint(query, 8),
	    .type = (uint32_t)query_uint(query, 9),
	    .time_ms = query_uint(query, 10),
	    .event_n = query_uint(query, 12),
	    .source = query_uint(query, 13)};

	if (!query_fixed(query, 1, found.id, sizeof(found.id)) ||
	    !query_fixed(query, 11, found.root, sizeof(found.root)))
		return false;
	*(struct attachment_row *)out = found;
	return true;
}

/* ---- Rows -------------------------------------------------------------------------------- */

enum status
attachment_store_next(struct database *db, uint64_t *n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT coalesce(max(n), 0) + 1 FROM attachments", &query);

	return rc == STATUS_OK ? query_number(query, n) : rc;
}

enum status
attachment_store_add(struct database *db, const struct attachment_row *row, struct bytes secret,
    struct bytes name, struct bytes look)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO attachments (n, id, case_n, message_index, position, category, whole,"
	    " size, done, type, time_ms, root, secret, name, look, event_n, source, leaves)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, x'')",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_bytes(query, 2, BYTES(row->id));
	query_bind_uint(query, 3, row->case_n);
	query_bind_uint(query, 4, row->message_index);
	query_bind_uint(query, 5, row->position);
	query_bind_uint(query, 6, row->category);
	query_bind_uint(query, 7, row->whole);
	query_bind_uint(query, 8, row->size);
	query_bind_uint(query, 9, row->done);
	query_bind_uint(query, 10, row->type);
	query_bind_uint(query, 11, row->time_ms);
	query_bind_bytes(query, 12, BYTES(row->root));
	query_bind_bytes(query, 13, secret);
	query_bind_bytes(query, 14, name);
	query_bind_bytes(query, 15, look);
	query_bind_uint(query, 16, row->event_n);
	query_bind_uint(query, 17, row->source);
	return query_run(query);
}

enum status
attachment_store_move(struct database *db, const struct attachment_row *row, struct bytes look,
    struct bytes leaves)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE attachments SET whole = ?, done = ?, type = ?, root = ?, look = ?,"
	    " leaves = coalesce(?, leaves) WHERE n = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->whole);
	query_bind_uint(query, 2, row->done);
	query_bind_uint(query, 3, row->type);
	query_bind_bytes(query, 4, BYTES(row->root));
	query_bind_bytes(query, 5, look);
	query_bind_bytes(query, 6, leaves);
	query_bind_uint(query, 7, row->n);
	return query_run(query);
}

enum status
attachment_store_claim(
    struct database *db, uint64_t n, uint64_t case_n, struct bytes secret, struct bytes name)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE attachments SET case_n = ?, secret = ?, name = ?, cited = 1 WHERE n = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_bytes(query, 2, secret);
	query_bind_bytes(query, 3, name);
	query_bind_uint(query, 4, n);
	return query_run(query);
}

enum status
attachment_store_cite(struct database *db, uint64_t n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "UPDATE attachments SET cited = 1 WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_run(query);
}

enum status
attachment_store_renew(struct database *db, uint64_t n, struct bytes secret)
{
	struct query *query;
	enum status rc =
	    database_query(db, "UPDATE attachments SET secret = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, secret);
	query_bind_uint(query, 2, n);
	return query_run(query);
}

enum status
attachment_store_remove(struct database *db, uint64_t n)
{
	struct query *query;
	enum status rc = database_query(db, "DELETE FROM attachments WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_run(query);
}

enum status
attachment_store_find(
    struct database *db, const uint8_t id[static SUITE_ID_LEN], struct attachment_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " COLUMNS " FROM attachments WHERE id = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, id_bytes(id));
	return query_first(query, read_row, out);
}

enum status
attachment_store_own(
    struct database *db, const uint8_t root[static SUITE_HASH_LEN], struct attachment_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM attachments"
	    " WHERE root = ? AND message_index = 0 AND whole = 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){root, SUITE_HASH_LEN});
	return query_first(query, read_row, out);
}

enum status
attachment_store_sealed(
    struct database *db, const uint8_t root[static SUITE_HASH_LEN], struct attachment_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM attachments WHERE root = ? AND whole = 1 AND size > 0"
	    " ORDER BY message_index LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){root, SUITE_HASH_LEN});
	return query_first(query, read_row, out);
}

enum status
attachment_store_of_message(
    struct database *db, uint64_t message_index, uint32_t position, struct attachment_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM attachments"
	    " WHERE message_index = ? AND message_index > 0 AND position = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, message_index + 1);
	query_bind_uint(query, 2, position);
	return query_first(query, read_row, out);
}

enum status
attachment_store_lacking(
    struct database *db, uint64_t message_index, struct attachment_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM attachments"
	    " WHERE message_index = ? AND message_index > 0 AND whole = 0"
	    " ORDER BY position LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, message_index + 1);
	return query_first(query, read_row, out);
}

enum status
attachment_store_bring(
    struct database *db, uint64_t n, uint64_t message_index, uint32_t position)
{
	struct query *query;
	enum status rc = database_query(
	    db, "UPDATE attachments SET message_index = ?, position = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, message_index + 1);
	query_bind_uint(query, 2, position);
	query_bind_uint(query, 3, n);
	return query_run(query);
}

enum status
attachment_store_in_case(struct database *db, uint64_t case_n,
    const uint8_t root[static SUITE_HASH_LEN], struct attachment_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM attachments WHERE root = ? AND case_n = ? AND whole = 1"
	    " ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){root, SUITE_HASH_LEN});
	query_bind_uint(query, 2, case_n);
	return query_first(query, read_row, out);
}

enum status
attachment_store_get(struct database *db, uint64_t n, struct attachment_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " COLUMNS " FROM attachments WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_first(query, read_row, out);
}

enum status
attachment_store_take(struct database *db, uint64_t n, uint64_t event_n)
{
	struct query *query;
	enum status rc =
	    database_query(db, "UPDATE attachments SET event_n = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, event_n);
	query_bind_uint(query, 2, n);
	return query_run(query);
}

enum status
attachment_store_copy(
    struct database *db, uint64_t source, uint64_t event_n, struct attachment_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM attachments"
	    " WHERE event_n = ? AND source = ? AND source > 0 AND size > 0",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, event_n);
	query_bind_uint(query, 2, source);
	return query_first(query, read_row, out);
}

enum status
attachment_store_spent(struct database *db, struct attachment_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM attachments WHERE source > 0 AND size > 0 AND NOT EXISTS"
	    " (SELECT 1 FROM outbox WHERE outbox.event_n = attachments.event_n) AND NOT EXISTS"
	    " (SELECT 1 FROM events WHERE events.n = attachments.event_n AND circle_n > 0"
	    " AND dead = 0) LIMIT 1",
	    &query);

	return rc == STATUS_OK ? query_first(query, read_row, out) : rc;
}

enum status
attachment_store_drop(struct database *db, uint64_t n)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE attachments SET size = 0, secret = x'', name = x'', look = x'',"
	    " leaves = x'' WHERE n = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_run(query);
}

enum status
attachment_store_blob(
    struct database *db, uint64_t n, enum attachment_blob which, struct buffer *out)
{
	static const char *const blobs[] = {
	    [ATTACHMENT_SECRET] = "SELECT secret FROM attachments WHERE n = ?",
	    [ATTACHMENT_NAME] = "SELECT name FROM attachments WHERE n = ?",
	    [ATTACHMENT_LOOK] = "SELECT look FROM attachments WHERE n = ?",
	    [ATTACHMENT_LEAVES] = "SELECT leaves FROM attachments WHERE n = ?",
	};
	struct query *query;
	enum status rc = database_query(db, blobs[which], &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_append(query, out);
}

struct sum {
	uint64_t size, unclaimed;
};

static bool
read_sum(struct query *query, void *out)
{
	*(struct sum *)out = (struct sum){query_uint(query, 0), query_uint(query, 1)};
	return true;
}

enum status
attachment_store_sum(struct database *db, uint64_t *size, uint64_t *unclaimed)
{
	struct sum sum;
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT coalesce(sum(size), 0), sum(cited = 0) FROM attachments", &query);

	if (rc != STATUS_OK || (rc = query_first(query, read_sum, &sum)) != STATUS_OK)
		return rc;
	*size = sum.size;
	*unclaimed = sum.unclaimed;
	return STATUS_OK;
}

enum status
attachment_store_idle(struct database *db, uint64_t before_ms, struct attachment_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " COLUMNS " FROM attachments"
	    " WHERE cited = 0 AND message_index = 0 AND time_ms < ? ORDER BY time_ms LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, before_ms);
	return query_first(query, read_row, out);
}

/* ---- Messages that wait ------------------------------------------------------------------ */

enum status
attachment_store_hold(struct database *db, const struct arriving_row *row, struct bytes deliver)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO arriving (log_index, peer, token, since_ms, deliver)"
	    " VALUES (?, ?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->index);
	query_bind_text(query, 2, bytes_of_text(row->peer));
	query_bind_bytes(query, 3, BYTES(row->token));
	query_bind_uint(query, 4, row->since_ms);
	query_bind_bytes(query, 5, deliver);
	return query_run(query);
}

static bool
read_arriving(struct query *query, void *out)
{
	struct arriving_row found = {
	    .index = query_uint(query, 0), .since_ms = query_uint(query, 3)};

	if (!bytes_to_text(query_bytes(query, 1), found.peer, sizeof(found.peer)) ||
	    !query_fixed(query, 2, found.token, sizeof(found.token)))
		return false;
	*(struct arriving_row *)out = found;
	return true;
}

enum status
attachment_store_held(struct database *db, uint64_t index, struct arriving_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT log_index, peer, token, since_ms FROM arriving WHERE log_index = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, index);
	return query_first(query, read_arriving, out);
}

enum status
attachment_store_held_after(struct database *db, uint64_t after, struct arriving_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT log_index, peer, token, since_ms FROM arriving WHERE log_index >= ?"
	    " ORDER BY log_index LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, after);
	return query_first(query, read_arriving, out);
}

enum status
attachment_store_is_behind(struct database *db, const char *peer,
    const uint8_t token[static SUITE_ID_LEN], uint64_t index, bool *behind)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT 1 FROM arriving WHERE log_index < ? AND peer = ? AND token = ? LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, index);
	query_bind_text(query, 2, bytes_of_text(peer));
	query_bind_bytes(query, 3, id_bytes(token));
	return query_any(query, behind);
}

enum status
attachment_store_deliver(struct database *db, uint64_t index, struct buffer *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT deliver FROM arriving WHERE log_index = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, index);
	return query_append(query, out);
}

enum status
attachment_store_let_go(struct database *db, uint64_t index)
{
	struct query *query;
	enum status rc = database_query(db, "DELETE FROM arriving WHERE log_index = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, index);
	return query_run(query);
}
