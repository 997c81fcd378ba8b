/* broker/store_attachments.c: the SQLite store's attachments: whose they are, who still needs them. */
#include "broker/store_attachments.h"

#include <stdlib.h>
#include <string.h>

#define SYNC_CHUNKS 64 /* so many chunks at most are sent again after a crash */

/* ---- Rows -------------------------------------------------------------------------------- */

#define COLUMNS "n, root, size, held, uses"

static enum status
read_one(struct store_sqlite *s, struct query *query, struct store_attachment *out)
{
	struct store_attachment found = {0};
	struct bytes root;
	enum status rc;

	if ((rc = store_rows_first(query)) != STATUS_OK)
		return rc;
	found.n = query_uint(query, 0);
	root = query_bytes(query, 1);
	found.cited.size = query_uint(query, 2);
	found.held = (uint32_t)query_uint(query, 3);
	found.uses = (uint32_t)query_uint(query, 4);
	if (root.len == sizeof(found.cited.root))
		memcpy(found.cited.root, root.data, sizeof(found.cited.root));
	else
		rc = STATUS_DATABASE;
	query_done(query);
	if (rc != STATUS_OK)
		return rc;
	if (!depot_written(s->depot, found.n, &found.written))
		found.written = found.held;
	*out = found;
	return STATUS_OK;
}

enum status
store_attachments_get(struct store *store, struct bytes owner,
    const uint8_t root[static SUITE_HASH_LEN], struct store_attachment *out)
{
	struct store_sqlite *s = store_sqlite_of(store);
	const struct mailbox *box = mailboxes_find(&s->mailboxes, owner);
	struct query *query;
	enum status rc;

	if (box == NULL)
		return STATUS_NOT_FOUND;
	rc = database_query(
	    s->db, "SELECT " COLUMNS " FROM attachment WHERE owner = ? AND root = ?", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, box->number);
	query_bind_bytes(query, 2, (struct bytes){root, SUITE_HASH_LEN});
	return read_one(s, query, out);
}

enum status
store_attachments_put(struct store *store, struct bytes owner,
    const struct envelope_attachment *cited, uint64_t due_ms)
{
	struct store_sqlite *s = store_sqlite_of(store);
	struct mailbox *box;
	struct query *query;
	enum status rc;

	if ((rc = store_mail_enter(s, owner, &box)) != STATUS_OK ||
	    (rc = database_query(s->db,
		 "INSERT INTO attachment (owner, root, size, held, uses, due)"
		 " VALUES (?, ?, ?, 0, 0, ?)",
		 &query)) != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, box->number);
	query_bind_bytes(query, 2, BYTES(cited->root));
	query_bind_uint(query, 3, cited->size);
	query_bind_uint(query, 4, due_ms);
	return query_run(query);
}

enum status
store_attachments_sum(
    struct store *store, struct bytes owner, uint64_t *count, uint64_t *bytes_)
{
	struct store_sqlite *s = store_sqlite_of(store);
	const struct mailbox *box = mailboxes_find(&s->mailboxes, owner);
	struct query *query;
	enum status rc;

	*count = *bytes_ = 0;
	if (box == NULL)
		return STATUS_OK;
	rc = database_query(s->db,
	    "SELECT count(*), coalesce(sum(size), 0) FROM attachment WHERE owner = ?", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, box->number);
	if ((rc = store_rows_first(query)) != STATUS_OK)
		return rc;
	*count = query_uint(query, 0);
	*bytes_ = query_uint(query, 1);
	query_done(query);
	return STATUS_OK;
}

static enum status
set_held(struct store_sqlite *s, uint64_t n, uint32_t held, uint64_t due_ms)
{
	struct query *query;
	enum status rc;

	/* A claimed one is due no more. */
	rc = database_query(s->db,
	    "UPDATE attachment SET held = ?2, due = iif(uses > 0, 0, max(due, ?3))"
	    " WHERE n = ?1",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, n);
	query_bind_uint(query, 2, held);
	query_bind_uint(query, 3, due_ms);
	return query_run(query);
}

/* ---- Chunks ------------------------------------------------------------------------------ */

static struct depot_name
name_of(const struct store_attachment *attachment)
{
	struct depot_name name = {.n = attachment->n};

	memcpy(name.root, attachment->cited.root, sizeof(name.root));
	return name;
}

/* One of those open for writing makes room: what came of it so far is kept. */
static enum status
make_room(struct store_sqlite *s)
{
	uint32_t written;
	uint64_t n;
	enum status rc;

	if (!depot_oldest(s->depot, &n, &written))
		return STATUS_INTERNAL;
	if ((rc = depot_sync(s->depot, n)) != STATUS_OK ||
	    (rc = set_held(s, n, written, 0)) != STATUS_OK)
		return rc;
	depot_shut(s->depot, n);
	return STATUS_OK;
}

enum status
store_attachments_chunk(struct store *store, struct store_attachment *attachment,
    const struct merkle_path *path, struct bytes sealed, uint64_t due_ms)
{
	struct store_sqlite *s = store_sqlite_of(store);
	const struct depot_name name = name_of(attachment);
	uint32_t count = attachment_chunks(attachment->cited.size);
	enum status rc;

	rc = depot_write(s->depot, &name, attachment->written, path, sealed);
	if (rc == STATUS_AGAIN && (rc = make_room(s)) == STATUS_OK)
		rc = depot_write(s->depot, &name, attachment->written, path, sealed);
	if (rc != STATUS_OK)
		return rc;
	attachment->written++;
	if (attachment->written < count && attachment->written - attachment->held < SYNC_CHUNKS)
		return STATUS_OK;
	if ((rc = depot_sync(s->depot, name.n)) != STATUS_OK)
		return rc;
	attachment->held = attachment->written;
	if (attachment->held == count)
		depot_shut(s->depot, name.n);
	return set_held(s, name.n, attachment->held, due_ms);
}

enum status
store_attachments_read(struct store *store, const struct store_attachment *attachment,
    uint32_t chunk, struct merkle_path *path, struct buffer *sealed)
{
	const struct depot_name name = name_of(attachment);

	if (chunk >= attachment->held)
		return STATUS_NOT_FOUND;
	return depot_read(
	    store_sqlite_of(store)->depot, &name, attachment->cited.size, chunk, path, sealed);
}

/* ---- Claims ------------------------------------------------------------------------------ */

enum status
store_attachments_claim(struct store *store, uint64_t message_index, uint32_t position,
    const struct store_attachment *attachment, uint32_t recipients)
{
	struct store_sqlite *s = store_sqlite_of(store);
	struct query *query;
	enum status rc;

	rc = database_query(
	    s->db, "INSERT INTO claim (at, position, attachment) VALUES (?, ?, ?)", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, message_index);
	query_bind_uint(query, 2, position);
	query_bind_uint(query, 3, attachment->n);
	if ((rc = query_run(query)) != STATUS_OK)
		return rc;
	return store_rows_put_number(s->db,
	    "UPDATE attachment SET uses = uses + ?2, due = 0 WHERE n = ?1", attachment->n,
	    recipients);
}

enum status
store_attachments_of(struct store *store, uint64_t message_index, uint32_t position,
    struct store_attachment *out)
{
	struct store_sqlite *s = store_sqlite_of(store);
	struct query *query;
	enum status rc;

	rc = database_query(s->db,
	    "SELECT " COLUMNS " FROM attachment WHERE n ="
	    " (SELECT attachment FROM claim WHERE at = ? AND position = ?)",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, message_index);
	query_bind_uint(query, 2, position);
	return read_one(s, query, out);
}

/* ---- Ends -------------------------------------------------------------------------------- */

/* The file goes once the commit has said that nobody needs it. */
static enum status
remove_row(struct store_sqlite *s, const struct store_attachment *attachment)
{
	struct depot_name *grown = realloc(s->gone, (s->gone_count + 1) * sizeof(*grown));
	struct query *query;
	enum status rc;

	if (grown == NULL)
		return STATUS_NO_MEMORY;
	s->gone = grown;
	s->gone[s->gone_count++] = name_of(attachment);
	if ((rc = database_query(s->db, "DELETE FROM claim WHERE attachment = ?", &query)) !=
	    STATUS_OK)
		return rc;
	query_bind_uint(query, 1, attachment->n);
	if ((rc = query_run(query)) != STATUS_OK ||
	    (rc = database_query(s->db, "DELETE FROM attachment WHERE n = ?", &query)) !=
		STATUS_OK)
		return rc;
	query_bind_uint(query, 1, attachment->n);
	return query_run(query);
}

enum status
store_attachments_release(struct store *store, uint64_t message_index)
{
	struct store_sqlite *s = store_sqlite_of(store);
	struct store_attachment one;
	struct query *query;
	enum status rc;

	/* A message has few; those without any cost one look into an index. */
	for (uint32_t i = 0; i < ENVELOPE_ATTACHMENTS_MAX; i++) {
		rc = store_attachments_of(store, message_index, i, &one);
		if (rc == STATUS_NOT_FOUND && i == 0)
			return STATUS_OK;
		if (rc == STATUS_NOT_FOUND)
			continue;
		if (rc == STATUS_OK && one.uses <= 1)
			rc = remove_row(s, &one);
		else if (rc == STATUS_OK &&
			 (rc = database_query(s->db,
			      "UPDATE attachment SET uses = uses - 1 WHERE n = ?", &query)) ==
			     STATUS_OK) {
			query_bind_uint(query, 1, one.n);
			rc = query_run(query);
		}
		if (rc != STATUS_OK)
			return rc;
	}
	return STATUS_OK;
}

enum status
store_attachments_is_due(struct store *store, uint64_t now_ms, bool *any)
{
	struct query *query;
	enum status rc;

	rc = database_query(store_sqlite_of(store)->db,
	    "SELECT 1 FROM attachment WHERE due > 0 AND due < ? LIMIT 1", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, now_ms);
	if ((rc = store_rows_first(query)) == STATUS_OK)
		query_done(query);
	*any = rc == STATUS_OK;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
store_attachments_expire(struct store *store, uint64_t now_ms, bool *any)
{
	struct store_sqlite *s = store_sqlite_of(store);
	struct store_attachment one;
	struct query *query;
	enum status rc;

	*any = false;
	rc = database_query(s->db,
	    "SELECT " COLUMNS " FROM attachment WHERE due > 0 AND due < ? LIMIT 1", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, now_ms);
	if ((rc = read_one(s, query, &one)) == STATUS_NOT_FOUND)
		return STATUS_OK;
	*any = rc == STATUS_OK;
	return rc == STATUS_OK ? remove_row(s, &one) : rc;
}

void
store_attachments_committed(struct store_sqlite *s)
{
	for (size_t i = 0; i < s->gone_count; i++)
		depot_remove(s->depot, &s->gone[i]);
	store_attachments_forget(s);
}

void
store_attachments_forget(struct store_sqlite *s)
{
	free(s->gone);
	s->gone = NULL;
	s->gone_count = 0;
}

static bool
is_known(void *state, const struct depot_name *name)
{
	struct store_sqlite *s = state;
	struct query *query;
	enum status rc;

	rc = database_query(s->db, "SELECT 1 FROM attachment WHERE n = ? AND root = ?", &query);
	if (rc != STATUS_OK)
		return true;
	query_bind_uint(query, 1, name->n);
	query_bind_bytes(query, 2, BYTES(name->root));
	if ((rc = store_rows_first(query)) == STATUS_OK)
		query_done(query);
	/* In doubt it stays. */
	return rc != STATUS_NOT_FOUND;
}

void
store_attachments_sweep(struct store_sqlite *s)
{
	depot_sweep(s->depot, is_known, s);
}
