/* services/runtime/store/outbox_store.c: what is still to be sent: sealed messages and evidence. */
#include "services/runtime/store/outbox_store.h"

#include <string.h>

/* ---- Messages ---------------------------------------------------------------------------- */

#define OUTBOX_COLUMNS                                                                         \
	"n, event_n, id, peer, digest, state, final, retry_ms, attempts, refusal, length, "    \
	"unsent, first"

enum status
outbox_store_add(struct database *db, const struct outbox_row *row, struct bytes frame)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO outbox (event_n, id, peer, digest, state, final, retry_ms, attempts,"
	    " refusal, length, frame, n, unsent, first)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->event_n);
	query_bind_bytes(query, 2, BYTES(row->id));
	query_bind_text(query, 3, bytes_of_text(row->peer));
	query_bind_bytes(query, 4, BYTES(row->digest));
	query_bind_uint(query, 5, row->state);
	query_bind_uint(query, 6, row->final);
	query_bind_uint(query, 7, row->retry_ms);
	query_bind_uint(query, 8, row->attempts);
	query_bind_uint(query, 9, (uint64_t)row->refusal);
	query_bind_uint(query, 10, row->length);
	query_bind_bytes(query, 11, frame);
	query_bind_uint(query, 12, row->n);
	query_bind_uint(query, 13, row->unsent);
	query_bind_uint(query, 14, row->first);
	return query_run(query);
}

static bool
read_row(struct query *query, void *out)
{
	struct outbox_row found = {
	    .n = query_uint(query, 0),
	    .event_n = query_uint(query, 1),
	    .state = (enum outbox_state)query_uint(query, 5),
	    .final = query_uint(query, 6) != 0,
	    .retry_ms = query_uint(query, 7),
	    .attempts = query_uint(query, 8),
	    .refusal = (enum status)query_uint(query, 9),
	    .length = query_uint(query, 10),
	    .unsent = query_uint(query, 11) != 0,
	    .first = query_uint(query, 12) != 0,
	};

	if (!query_fixed(query, 2, found.id, sizeof(found.id)) ||
	    !query_fixed(query, 4, found.digest, sizeof(found.digest)) ||
	    !bytes_to_text(query_bytes(query, 3), found.peer, sizeof(found.peer)))
		return false;
	*(struct outbox_row *)out = found;
	return true;
}

enum status
outbox_store_find(
    struct database *db, const uint8_t id[static SUITE_ID_LEN], struct outbox_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE id = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){id, SUITE_ID_LEN});
	return query_first(query, read_row, out);
}

enum status
outbox_store_get(struct database *db, uint64_t n, struct outbox_row *out)
{
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_first(query, read_row, out);
}

enum status
outbox_store_has_task(struct database *db, uint64_t task_n, bool *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT 1 FROM events JOIN outbox ON outbox.event_n = events.n"
	    " WHERE events.task_n = ? LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, task_n);
	return query_any(query, out);
}

enum status
outbox_store_of_event(struct database *db, uint64_t event_n, struct outbox_row *out)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE event_n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, event_n);
	return query_first(query, read_row, out);
}

enum status
outbox_store_after(struct database *db, enum outbox_state state, uint64_t now_ms,
    uint64_t after, struct outbox_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE state = ?1 AND state <> 1 AND n > ?2"
	    " AND retry_ms NOT BETWEEN ?3 AND ?4 AND NOT EXISTS ("
	    " SELECT 1 FROM outbox b WHERE b.state IN (3, 4) AND b.state <> 1 AND b.n < "
	    "outbox.n AND"
	    " (SELECT task_n FROM events WHERE n = b.event_n) ="
	    " (SELECT task_n FROM events WHERE n = outbox.event_n)) AND NOT EXISTS ("
	    " SELECT 1 FROM events e JOIN outbox b ON b.state <> 1 AND b.n < outbox.n"
	    " JOIN events c ON c.n = b.event_n AND c.circle_n = e.circle_n"
	    " WHERE e.n = outbox.event_n AND e.circle_n > 0 AND (c.type IN (?5, ?6)"
	    " OR (c.task_n = e.task_n AND c.type IN (?7, ?8, ?9, ?13))"
	    " OR ((b.state = 0 OR (b.state = 2 AND b.refusal <> ?12)) AND"
	    " (c.task_n = e.task_n OR c.type = ?13 OR e.type = ?13"
	    " OR c.type BETWEEN ?5 AND ?10 OR e.type BETWEEN ?5 AND ?10"
	    " OR c.type BETWEEN ?6 AND ?11 OR e.type BETWEEN ?6 AND ?11))))"
	    " ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, state);
	query_bind_uint(query, 2, after);
	query_bind_uint(query, 3, now_ms + 1);
	query_bind_uint(query, 4, now_ms + OUTBOX_RETRY_MAX_MS);
	query_bind_uint(query, 5, MESSAGE_CASE_OPEN);
	query_bind_uint(query, 6, MESSAGE_CONFERENCE_PROPOSE);
	query_bind_uint(query, 7, MESSAGE_LEAD_OFFER);
	query_bind_uint(query, 8, MESSAGE_ACTION_ASSIGN);
	query_bind_uint(query, 9, MESSAGE_MATTER_PUT);
	query_bind_uint(query, 12, STATUS_BAD_RECIPIENTS);
	query_bind_uint(query, 13, MESSAGE_LEAD_CLAIM);
	/* From what opens a frame to the last act on it, or on its lead. */
	query_bind_uint(query, 10, MESSAGE_LEAD_REVOKE);
	query_bind_uint(query, 11, MESSAGE_CONFERENCE_SIGN);
	return query_first(query, read_row, out);
}

enum status
outbox_store_first_after(
    struct database *db, uint64_t now_ms, uint64_t after, struct outbox_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " OUTBOX_COLUMNS " FROM outbox INDEXED BY outbox_first"
	    " WHERE first = 1 AND state = 0 AND n > ? AND retry_ms NOT BETWEEN ? AND ?"
	    " ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, after);
	query_bind_uint(query, 2, now_ms + 1);
	query_bind_uint(query, 3, now_ms + OUTBOX_RETRY_MAX_MS);
	return query_first(query, read_row, out);
}

enum status
outbox_store_for(struct database *db, const char *peer, uint64_t after, struct outbox_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT " OUTBOX_COLUMNS
	    " FROM outbox WHERE n > ?1 AND state <> 1 AND (peer = ?2 OR EXISTS"
	    " (SELECT 1 FROM outbox_to WHERE outbox_n = n AND party = ?2))"
	    " ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, after);
	query_bind_text(query, 2, bytes_of_text(peer));
	return query_first(query, read_row, out);
}

enum status
outbox_store_left(struct database *db)
{
	struct query *query;
	enum status rc =
	    database_query(db, "UPDATE outbox SET unsent = 0 WHERE unsent = 1", &query);

	return rc == STATUS_OK ? query_run(query) : rc;
}

enum status
outbox_store_next_retry(struct database *db, uint64_t now_ms, uint64_t *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT min(retry_ms) FROM outbox WHERE state <> 1 AND retry_ms BETWEEN ? AND ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, now_ms + 1);
	query_bind_uint(query, 2, now_ms + OUTBOX_RETRY_MAX_MS);
	return query_number(query, out);
}

enum status
outbox_store_frame(struct database *db, uint64_t n, struct buffer *out)
{
	struct query *query;
	enum status rc = database_query(db, "SELECT frame FROM outbox WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_append(query, out);
}

enum status
outbox_store_set(struct database *db, const struct outbox_row *row)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE outbox SET state = ?, final = ?, retry_ms = ?, attempts = ?, refusal = ?,"
	    " length = ? WHERE n = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->state);
	query_bind_uint(query, 2, row->final);
	query_bind_uint(query, 3, row->retry_ms);
	query_bind_uint(query, 4, row->attempts);
	query_bind_uint(query, 5, (uint64_t)row->refusal);
	query_bind_uint(query, 6, row->length);
	query_bind_uint(query, 7, row->n);
	return query_run(query);
}

enum status
outbox_store_remove(struct database *db, uint64_t n)
{
	struct query *query;
	enum status rc = database_query(db, "DELETE FROM outbox_to WHERE outbox_n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	if ((rc = query_run(query)) != STATUS_OK)
		return rc;
	if ((rc = database_query(db, "DELETE FROM outbox WHERE n = ?", &query)) != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_run(query);
}

/* ---- Recipients -------------------------------------------------------------------------- */

enum status
outbox_store_address(struct database *db, const uint8_t id[static SUITE_ID_LEN],
    const struct outbox_to *to, unsigned count)
{
	struct query *query;
	uint64_t n;
	enum status rc = database_query(db, "SELECT n FROM outbox WHERE id = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){id, SUITE_ID_LEN});
	rc = query_number(query, &n);
	for (unsigned i = 0; rc == STATUS_OK && i < count; i++) {
		rc = database_query(db,
		    "INSERT INTO outbox_to (outbox_n, party, final) VALUES (?, ?, 0)", &query);
		if (rc != STATUS_OK)
			return rc;
		query_bind_uint(query, 1, n);
		query_bind_text(query, 2, bytes_of_text(to[i].party));
		rc = query_run(query);
	}
	return rc;
}

static bool
read_to(struct query *query, void *out)
{
	struct outbox_to *to = out;

	to->final = query_uint(query, 1) != 0;
	return bytes_to_text(query_bytes(query, 0), to->party, sizeof(to->party));
}

enum status
outbox_store_to(struct database *db, const struct outbox_row *row,
    struct outbox_to to[static ENVELOPE_RECIPIENTS_MAX], unsigned *count)
{
	struct query_list list = {
	    .rows = to, .size = sizeof(*to), .most = ENVELOPE_RECIPIENTS_MAX};
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT party, final FROM outbox_to WHERE outbox_n = ? ORDER BY party", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	if ((rc = query_each(query, read_to, &list)) != STATUS_OK)
		return rc;
	*count = (unsigned)list.count;
	if (*count > 0)
		return STATUS_OK;
	*count = 1;
	to[0].final = row->final;
	memcpy(to[0].party, row->peer, sizeof(to[0].party));
	return STATUS_OK;
}

enum status
outbox_store_goes_to(
    struct database *db, const struct outbox_row *row, const char *party, bool *out)
{
	struct query *query;
	enum status rc;

	/* The row itself names the first. */
	*out = strcmp(row->peer, party) == 0;
	if (*out)
		return STATUS_OK;
	rc = database_query(
	    db, "SELECT 1 FROM outbox_to WHERE outbox_n = ? AND party = ?", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->n);
	query_bind_text(query, 2, bytes_of_text(party));
	return query_any(query, out);
}

enum status
outbox_store_set_final(struct database *db, uint64_t n, const char *party, bool *left)
{
	struct query *query;
	enum status rc = database_query(
	    db, "UPDATE outbox_to SET final = 1 WHERE outbox_n = ? AND party = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	query_bind_text(query, 2, bytes_of_text(party));
	if ((rc = query_run(query)) != STATUS_OK)
		return rc;
	rc = database_query(
	    db, "SELECT 1 FROM outbox_to WHERE outbox_n = ? AND final = 0 LIMIT 1", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	return query_any(query, left);
}

enum status
outbox_store_count(struct database *db, enum outbox_state state, uint64_t *count)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT count(*) FROM outbox WHERE state = ? AND state <> 1", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, state);
	return query_number(query, count);
}

/* ---- Evidence ---------------------------------------------------------------------------- */

enum status
outbox_store_add_evidence(struct database *db, uint64_t message_index, enum evidence_kind kind,
    struct bytes evidence, struct bytes proof)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT INTO evidence (message_index, kind, evidence, proof, recorded, refusal)"
	    " VALUES (?, ?, ?, ?, 0, 0) ON CONFLICT DO NOTHING",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, message_index);
	query_bind_uint(query, 2, kind);
	query_bind_bytes(query, 3, evidence);
	query_bind_bytes(query, 4, proof);
	if ((rc = query_run(query)) != STATUS_OK)
		return rc;
	return database_changes(db) == 1 ? STATUS_OK : STATUS_WRONG_STATE;
}

static bool
read_evidence(struct query *query, void *out)
{
	*(struct evidence_row *)out = (struct evidence_row){
	    .n = query_uint(query, 0),
	    .message_index = query_uint(query, 1),
	    .kind = (enum evidence_kind)query_uint(query, 2),
	    .recorded = query_uint(query, 3),
	    .refusal = (enum status)query_uint(query, 4),
	};
	return true;
}

enum status
outbox_store_evidence(struct database *db, uint64_t message_index, enum evidence_kind kind,
    struct evidence_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT n, message_index, kind, recorded, refusal FROM evidence"
	    " WHERE message_index = ? AND kind = ?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, message_index);
	query_bind_uint(query, 2, kind);
	return query_first(query, read_evidence, out);
}

enum status
outbox_store_evidence_after(struct database *db, uint64_t after, struct evidence_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT n, message_index, kind, recorded, refusal FROM evidence"
	    " WHERE recorded = 0 AND refusal = 0 AND n > ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, after);
	return query_first(query, read_evidence, out);
}

enum status
outbox_store_dead_evidence_after(struct database *db, uint64_t after, struct evidence_row *out)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT n, message_index, kind, recorded, refusal FROM evidence"
	    " WHERE recorded = 0 AND refusal <> 0 AND n > ? ORDER BY n LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, after);
	return query_first(query, read_evidence, out);
}

enum status
outbox_store_replace_evidence(
    struct database *db, uint64_t n, struct bytes evidence, struct bytes proof)
{
	struct query *query;
	enum status rc = database_query(db,
	    "UPDATE evidence SET evidence = ?, proof = ?, recorded = 0, refusal = 0 WHERE n = "
	    "?",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, evidence);
	query_bind_bytes(query, 2, proof);
	query_bind_uint(query, 3, n);
	return query_run(query);
}

static bool
append_both(struct query *query, void *out)
{
	struct buffer **both = out;

	buffer_append(both[0], query_bytes(query, 0));
	buffer_append(both[1], query_bytes(query, 1));
	return true;
}

enum status
outbox_store_evidence_bytes(
    struct database *db, uint64_t n, struct buffer *evidence, struct buffer *proof)
{
	struct buffer *both[] = {evidence, proof};
	struct query *query;
	enum status rc =
	    database_query(db, "SELECT evidence, proof FROM evidence WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	if ((rc = query_first(query, append_both, both)) != STATUS_OK)
		return rc;
	return evidence->failed || proof->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status
outbox_store_set_evidence(struct database *db, const struct evidence_row *row)
{
	struct query *query;
	enum status rc = database_query(
	    db, "UPDATE evidence SET recorded = ?, refusal = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, row->recorded);
	query_bind_uint(query, 2, (uint64_t)row->refusal);
	query_bind_uint(query, 3, row->n);
	return query_run(query);
}

enum status
outbox_store_evidence_count(struct database *db, uint64_t *count)
{
	struct query *query;
	enum status rc = database_query(
	    db, "SELECT count(*) FROM evidence WHERE recorded = 0 AND refusal = 0", &query);

	return rc == STATUS_OK ? query_number(query, count) : rc;
}
