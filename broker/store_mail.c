/* broker/store_mail.c: the SQLite store's mailboxes, messages and evidence. */
#include "broker/store_mail.h"

#include <string.h>

/*
 * Mail and leaves lie in rowid tables; a mailbox is a range of the mail table's rowids, the party's
 * number above the log index, so that reading one in log order is one walk. Ids begin with
 * time, so the message table grows at the right edge of each sender's range.
 */
#define EVIDENCE_BITS 3 /* of a kind, below 4 bits of a recipient's position */

/* ---- Parties and messages ---------------------------------------------------------------- */

enum status
store_mail_enter(struct store_sqlite *s, struct bytes party, struct mailbox **out)
{
	struct query *query;
	enum status rc;

	if ((*out = mailboxes_find(&s->mailboxes, party)) != NULL)
		return STATUS_OK;
	rc = database_query(
	    s->db, "INSERT INTO party (number, code, handed) VALUES (?, ?, 0)", &query);
	if (rc != STATUS_OK || (rc = mailboxes_add(&s->mailboxes, party, out)) != STATUS_OK)
		return rc;
	(*out)->counted = true; /* it is new, so it is empty */
	query_bind_uint(query, 1, (*out)->number);
	query_bind_text(query, 2, party);
	return query_run(query);
}

enum status
store_mail_message_put(struct store *store, struct bytes sender,
    const uint8_t id[static SUITE_ID_LEN], const struct store_message *message)
{
	struct store_sqlite *s = store_sqlite_of(store);
	struct mailbox *box;
	struct query *query;
	enum status rc;

	if ((rc = store_mail_enter(s, sender, &box)) != STATUS_OK ||
	    (rc = database_query(s->db,
		 "INSERT INTO message (sender, id, at, digest) VALUES (?, ?, ?, ?)", &query)) !=
		STATUS_OK)
		return rc;
	query_bind_uint(query, 1, box->number);
	query_bind_bytes(query, 2, (struct bytes){id, SUITE_ID_LEN});
	query_bind_uint(query, 3, message->index);
	query_bind_bytes(query, 4, BYTES(message->digest));
	return query_run(query);
}

enum status
store_mail_message_get(struct store *store, struct bytes sender,
    const uint8_t id[static SUITE_ID_LEN], struct store_message *out)
{
	struct store_sqlite *s = store_sqlite_of(store);
	struct mailbox *box = mailboxes_find(&s->mailboxes, sender);
	struct query *query;
	struct bytes digest;
	enum status rc;

	if (box == NULL)
		return STATUS_NOT_FOUND;
	rc = database_query(
	    s->db, "SELECT at, digest FROM message WHERE sender = ? AND id = ?", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, box->number);
	query_bind_bytes(query, 2, (struct bytes){id, SUITE_ID_LEN});
	if ((rc = store_rows_first(query)) != STATUS_OK)
		return rc;
	digest = query_bytes(query, 1);
	if (digest.len == sizeof(out->digest)) {
		out->index = query_uint(query, 0);
		memcpy(out->digest, digest.data, sizeof(out->digest));
	} else {
		rc = STATUS_DATABASE;
	}
	query_done(query);
	return rc;
}

/* ---- Mailboxes --------------------------------------------------------------------------- */

static uint64_t
mail_key(const struct mailbox *box, uint64_t index)
{
	return (uint64_t)box->number << STORE_INDEX_BITS | index;
}

enum status
store_mail_put(struct store *store, struct bytes party, const struct store_mail *mail)
{
	struct store_sqlite *s = store_sqlite_of(store);
	struct mailbox *box;
	struct query *query;
	enum status rc;

	if ((rc = store_mail_enter(s, party, &box)) != STATUS_OK ||
	    (rc = database_query(s->db,
		 "INSERT INTO mail (at, due, expires, part_number, part)"
		 " VALUES (?, ?, ?, ?, ?)",
		 &query)) != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, mail_key(box, mail->index));
	query_bind_uint(query, 2, mail->has_part ? mail->expires_ms : 0);
	query_bind_uint(query, 3, mail->has_part ? mail->expires_ms : 0);
	if (mail->has_part) {
		query_bind_uint(query, 4, mail->part_number);
		query_bind_bytes(query, 5, mail->part);
	}
	if ((rc = query_run(query)) == STATUS_OK && box->counted) {
		box->entries++;
		box->bytes_ += mail->has_part ? mail->part.len : 0;
	}
	return rc;
}

/* The row QUERY stands at: at, expires, part_number, part. */
static enum status
read_mail(struct store_sqlite *s, struct query *query, struct store_mail *out)
{
	const uint64_t mask = ((uint64_t)1 << STORE_INDEX_BITS) - 1;

	buffer_reset(&s->part);
	buffer_append(&s->part, query_bytes(query, 3));
	out->index = query_uint(query, 0) & mask;
	out->expires_ms = query_uint(query, 1);
	out->has_part = !query_is_null(query, 2);
	out->part_number = (uint32_t)query_uint(query, 2);
	out->part = out->has_part ? bytes_of_buffer(&s->part) : (struct bytes){NULL, 0};
	query_done(query);
	return s->part.failed ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status
mail_between(struct store_sqlite *s, struct bytes party, uint64_t from, uint64_t to,
    struct store_mail *out)
{
	struct mailbox *box = mailboxes_find(&s->mailboxes, party);
	struct query *query;
	enum status rc;

	if (box == NULL || from > to || from >> STORE_INDEX_BITS != 0)
		return STATUS_NOT_FOUND;
	if (box->counted && box->entries == 0)
		return STATUS_NOT_FOUND;
	rc = database_query(s->db,
	    "SELECT at, expires, part_number, part FROM mail WHERE at BETWEEN ? AND ?"
	    " ORDER BY at LIMIT 1",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, mail_key(box, from));
	query_bind_uint(query, 2, mail_key(box, to));
	if ((rc = store_rows_first(query)) != STATUS_OK)
		return rc;
	return read_mail(s, query, out);
}

enum status
store_mail_get(struct store *store, struct bytes party, uint64_t index, struct store_mail *out)
{
	return mail_between(store_sqlite_of(store), party, index, index, out);
}

enum status
store_mail_after(struct store *store, struct bytes party, uint64_t from, struct store_mail *out)
{
	return mail_between(
	    store_sqlite_of(store), party, from, ((uint64_t)1 << STORE_INDEX_BITS) - 1, out);
}

enum status
store_mail_remove(struct store *store, struct bytes party, uint64_t index)
{
	struct store_sqlite *s = store_sqlite_of(store);
	struct mailbox *box = mailboxes_find(&s->mailboxes, party);
	struct query *query;
	enum status rc;

	if (box == NULL)
		return STATUS_NOT_FOUND;
	rc = database_query(
	    s->db, "DELETE FROM mail WHERE at = ? RETURNING coalesce(length(part), 0)", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, mail_key(box, index));
	if ((rc = store_rows_first(query)) != STATUS_OK)
		return rc;
	if (box->counted) {
		box->entries--;
		box->bytes_ -= query_uint(query, 0);
	}
	query_done(query);
	return STATUS_OK;
}

/* Counted once by reading; then kept. */
static enum status
count(struct store_sqlite *s, struct mailbox *box)
{
	struct query *query;
	enum status rc;

	rc = database_query(s->db,
	    "SELECT count(*), coalesce(sum(length(part)), 0) FROM mail"
	    " WHERE at BETWEEN ? AND ?",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, mail_key(box, 0));
	query_bind_uint(query, 2, mail_key(box, ((uint64_t)1 << STORE_INDEX_BITS) - 1));
	if ((rc = store_rows_first(query)) != STATUS_OK)
		return rc;
	box->entries = query_uint(query, 0);
	box->bytes_ = query_uint(query, 1);
	box->counted = true;
	query_done(query);
	return STATUS_OK;
}

enum status
store_mail_count(struct store *store, struct bytes party, uint64_t *entries, uint64_t *bytes_)
{
	struct store_sqlite *s = store_sqlite_of(store);
	struct mailbox *box = mailboxes_find(&s->mailboxes, party);
	enum status rc;

	if (box != NULL && !box->counted && (rc = count(s, box)) != STATUS_OK)
		return rc;
	*entries = box == NULL ? 0 : box->entries;
	*bytes_ = box == NULL ? 0 : box->bytes_;
	return STATUS_OK;
}

enum status
store_mail_handed_put(struct store *store, struct bytes party, uint64_t index)
{
	struct store_sqlite *s = store_sqlite_of(store);
	struct mailbox *box;
	enum status rc;

	if ((rc = store_mail_enter(s, party, &box)) != STATUS_OK)
		return rc;
	if (index <= box->handed)
		return STATUS_OK;
	rc = store_rows_put_number(
	    s->db, "UPDATE party SET handed = ?2 WHERE number = ?1", box->number, index);
	if (rc == STATUS_OK)
		box->handed = index;
	return rc;
}

enum status
store_mail_handed_get(struct store *store, struct bytes party, uint64_t *index)
{
	struct mailbox *box = mailboxes_find(&store_sqlite_of(store)->mailboxes, party);

	if (box == NULL || box->handed == 0)
		return STATUS_NOT_FOUND;
	*index = box->handed;
	return STATUS_OK;
}

enum status
store_mail_due(
    struct store *store, uint64_t now_ms, char *party, bool *handed, struct store_mail *out)
{
	struct store_sqlite *s = store_sqlite_of(store);
	const struct mailbox *box;
	struct query *query;
	uint64_t number;
	enum status rc;

	rc = database_query(s->db,
	    "SELECT at, expires, part_number, NULL FROM mail WHERE due > 0 AND due < ?"
	    " ORDER BY due LIMIT 1",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, now_ms);
	if ((rc = store_rows_first(query)) != STATUS_OK)
		return rc;
	number = query_uint(query, 0) >> STORE_INDEX_BITS;
	if ((rc = read_mail(s, query, out)) != STATUS_OK)
		return rc;
	if ((box = mailboxes_at(&s->mailboxes, number)) == NULL)
		return STATUS_DATABASE;
	out->part = (struct bytes){NULL, 0};
	*handed = out->index <= box->handed;
	memcpy(party, box->code, sizeof(box->code));
	return STATUS_OK;
}

enum status
store_mail_defer(struct store *store, struct bytes party, uint64_t index, uint64_t until_ms)
{
	struct store_sqlite *s = store_sqlite_of(store);
	struct mailbox *box = mailboxes_find(&s->mailboxes, party);

	if (box == NULL)
		return STATUS_NOT_FOUND;
	return store_rows_put_number(
	    s->db, "UPDATE mail SET due = ?2 WHERE at = ?1", mail_key(box, index), until_ms);
}

/* ---- Evidence and statements ------------------------------------------------------------- */

static uint64_t
evidence_key(uint64_t message_index, uint32_t recipient, unsigned kind)
{
	return (message_index << 4 | recipient) << EVIDENCE_BITS | kind;
}

enum status
store_mail_evidence_put(struct store *store, uint64_t message_index, uint32_t recipient,
    enum evidence_kind kind, uint64_t index)
{
	return store_rows_put_number(store_sqlite_of(store)->db,
	    "INSERT INTO evidence (at, leaf) VALUES (?, ?)",
	    evidence_key(message_index, recipient, kind), index);
}

enum status
store_mail_evidence_get(struct store *store, uint64_t message_index, uint32_t recipient,
    enum evidence_kind kind, uint64_t *index)
{
	return store_rows_get_number(store_sqlite_of(store)->db,
	    "SELECT leaf FROM evidence WHERE at = ?",
	    evidence_key(message_index, recipient, kind), index);
}

enum status
store_mail_evidence_final(struct store *store, uint64_t message_index, uint32_t recipient,
    enum evidence_kind *kind, uint64_t *index)
{
	const unsigned kinds = (1U << EVIDENCE_BITS) - 1;
	struct query *query;
	bool row = true, found = false;
	enum status rc;

	rc = database_query(store_sqlite_of(store)->db,
	    "SELECT at, leaf FROM evidence WHERE at BETWEEN ? AND ?", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, evidence_key(message_index, recipient, 0));
	query_bind_uint(query, 2, evidence_key(message_index, recipient, kinds));
	while ((rc = query_step(query, &row)) == STATUS_OK && row) {
		enum evidence_kind each = (enum evidence_kind)(query_uint(query, 0) & kinds);

		if (!evidence_is_final(each))
			continue;
		*kind = each;
		*index = query_uint(query, 1);
		found = true;
	}
	return rc == STATUS_OK && !found ? STATUS_NOT_FOUND : rc;
}
