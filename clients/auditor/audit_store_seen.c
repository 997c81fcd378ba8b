/* clients/auditor/audit_store_seen.c: what verifying remembers: who sent what on which ground, and each last word. */
#include "clients/auditor/audit_store_inside.h"

enum status
audit_store_noted_message(struct audit_store *store, struct bytes sender,
    const uint8_t id[static SUITE_ID_LEN], uint64_t *index)
{
	struct query *query;
	enum status rc;

	rc = database_query(
	    store->db, "SELECT idx FROM seen_message WHERE sender = ?1 AND id = ?2", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, sender);
	query_bind_bytes(query, 2, (struct bytes){id, SUITE_ID_LEN});
	return query_number(query, index);
}

enum status
audit_store_note_message(struct audit_store *store, struct bytes sender,
    const uint8_t id[static SUITE_ID_LEN], uint64_t index, uint64_t *first)
{
	struct query *query;
	enum status rc;

	if ((rc = audit_store_noted_message(store, sender, id, first)) != STATUS_NOT_FOUND)
		return rc;
	rc = database_query(store->db,
	    "INSERT INTO seen_message (sender, id, idx) VALUES (?1, ?2, ?3)", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, sender);
	query_bind_bytes(query, 2, (struct bytes){id, SUITE_ID_LEN});
	query_bind_uint(query, 3, index);
	*first = index;
	return query_run(query);
}

enum status
audit_store_noted_reference(
    struct audit_store *store, const struct audit_citation *cited, bool *own, uint64_t *stop)
{
	struct query *query;
	enum status rc;
	bool row;

	rc = database_query(store->db,
	    "SELECT maker = ?2 AND recipient = ?3 AND class = ?4, stop FROM seen_reference"
	    " WHERE reference = ?1",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){cited->reference, SUITE_ID_LEN});
	query_bind_text(query, 2, cited->maker);
	query_bind_text(query, 3, cited->recipient);
	query_bind_uint(query, 4, cited->basis);
	if ((rc = query_step(query, &row)) != STATUS_OK || !row)
		return rc == STATUS_OK ? STATUS_NOT_FOUND : rc;
	*own = query_uint(query, 0) != 0;
	*stop = query_is_null(query, 1) ? AUDIT_NEVER : query_uint(query, 1);
	query_done(query);
	return STATUS_OK;
}

enum status
audit_store_note_reference(
    struct audit_store *store, const struct audit_citation *cited, uint64_t index)
{
	struct query *query;
	enum status rc;

	rc = database_query(store->db,
	    "INSERT INTO seen_reference (reference, maker, recipient, class, idx)"
	    " VALUES (?1, ?2, ?3, ?4, ?5)",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){cited->reference, SUITE_ID_LEN});
	query_bind_text(query, 2, cited->maker);
	query_bind_text(query, 3, cited->recipient);
	query_bind_uint(query, 4, cited->basis);
	query_bind_uint(query, 5, index);
	return query_run(query);
}

enum status
audit_store_note_stop(
    struct audit_store *store, const uint8_t reference[static SUITE_ID_LEN], uint64_t index)
{
	struct query *query;
	enum status rc;

	rc = database_query(
	    store->db, "UPDATE seen_reference SET stop = ?2 WHERE reference = ?1", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){reference, SUITE_ID_LEN});
	query_bind_uint(query, 2, index);
	return query_run(query);
}

enum status
audit_store_note_final(struct audit_store *store, uint64_t message, struct bytes recipient,
    uint64_t index, uint64_t *first)
{
	struct query *query;
	enum status rc;

	rc = database_query(store->db,
	    "SELECT idx FROM seen_final WHERE message = ?1 AND recipient = ?2", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, message);
	query_bind_text(query, 2, recipient);
	if ((rc = query_number(query, first)) != STATUS_NOT_FOUND)
		return rc;
	rc = database_query(store->db,
	    "INSERT INTO seen_final (message, recipient, idx) VALUES (?1, ?2, ?3)", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, message);
	query_bind_text(query, 2, recipient);
	query_bind_uint(query, 3, index);
	*first = index;
	return query_run(query);
}
