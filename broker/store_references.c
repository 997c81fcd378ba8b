/* broker/store_references.c: the SQLite store's references: what messages cite as their ground. */
#include "broker/store_references.h"

#include "broker/store_mail.h"

static bool
read_class(uint64_t number, enum basis *out)
{
	if (number != BASIS_CONSENT && number != BASIS_LAW)
		return false;
	*out = (enum basis)number;
	return true;
}

enum status
store_references_get(struct store *store, const uint8_t reference[static SUITE_ID_LEN],
    struct store_reference *out)
{
	struct store_sqlite *s = store_sqlite_of(store);
	const struct mailbox *maker, *recipient;
	struct query *query;
	enum status rc;

	rc = database_query(s->db,
	    "SELECT maker, recipient, class, first, stop FROM reference WHERE reference = ?",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){reference, SUITE_ID_LEN});
	if ((rc = store_rows_first(query)) != STATUS_OK)
		return rc;
	maker = mailboxes_at(&s->mailboxes, query_uint(query, 0));
	recipient = mailboxes_at(&s->mailboxes, query_uint(query, 1));
	if (maker == NULL || recipient == NULL ||
	    !read_class(query_uint(query, 2), &out->basis)) {
		query_done(query);
		return STATUS_DATABASE;
	}
	out->maker = bytes_of_text(maker->code);
	out->recipient = bytes_of_text(recipient->code);
	out->first = query_uint(query, 3);
	out->stop = query_is_null(query, 4) ? STORE_NEVER : query_uint(query, 4);
	query_done(query);
	return STATUS_OK;
}

enum status
store_references_put(struct store *store, const uint8_t reference[static SUITE_ID_LEN],
    const struct store_reference *value)
{
	struct store_sqlite *s = store_sqlite_of(store);
	struct mailbox *maker, *recipient;
	struct query *query;
	enum status rc;

	if ((rc = store_mail_enter(s, value->maker, &maker)) != STATUS_OK ||
	    (rc = store_mail_enter(s, value->recipient, &recipient)) != STATUS_OK)
		return rc;
	rc = database_query(s->db,
	    "INSERT INTO reference (reference, maker, recipient, class, first, stop)"
	    " VALUES (?, ?, ?, ?, ?, ?)",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){reference, SUITE_ID_LEN});
	query_bind_uint(query, 2, maker->number);
	query_bind_uint(query, 3, recipient->number);
	query_bind_uint(query, 4, value->basis);
	query_bind_uint(query, 5, value->first);
	if (value->stop != STORE_NEVER)
		query_bind_uint(query, 6, value->stop);
	return query_run(query);
}

enum status
store_references_stop(
    struct store *store, const uint8_t reference[static SUITE_ID_LEN], uint64_t index)
{
	struct store_sqlite *s = store_sqlite_of(store);
	struct query *query;
	enum status rc;

	rc = database_query(s->db,
	    "UPDATE reference SET stop = ? WHERE reference = ? AND stop IS NULL", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, index);
	query_bind_bytes(query, 2, (struct bytes){reference, SUITE_ID_LEN});
	if ((rc = query_run(query)) == STATUS_OK && database_changes(s->db) != 1)
		rc = STATUS_INTERNAL;
	return rc;
}
