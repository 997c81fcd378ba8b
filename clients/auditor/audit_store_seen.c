/* clients/auditor/audit_store_seen.c: what verifying remembers: who sent what, and each last word. */
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
