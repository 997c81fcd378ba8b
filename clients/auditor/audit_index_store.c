/* clients/auditor/audit_index_store.c: what entries of the copy are searched by. */
#include "clients/auditor/audit_index_store.h"

#include "protocol/trust/statement.h"

/* ---- What a leaf says -------------------------------------------------------------------- */

/* Whom an entry concerns, each once. */
struct parties {
	struct statement statement; /* what is listed may lie in it */
	struct bytes party[ENVELOPE_RECIPIENTS_MAX + 1];
	uint32_t count;
};

static void
list(struct parties *parties, struct bytes party)
{
	for (uint32_t i = 0; i < parties->count; i++)
		if (bytes_equal(parties->party[i], party))
			return;
	parties->party[parties->count++] = party;
}

static void
list_all(const struct leaf *leaf, struct parties *out)
{
	out->count = 0;
	if (leaf->kind == LEAF_ACCEPTED) {
		list(out, leaf->header.sender);
		for (uint32_t i = 0; i < leaf->header.recipient_count; i++)
			list(out, leaf->header.recipients[i].party);
	} else if (leaf->kind == LEAF_EVIDENCE || leaf->kind == LEAF_BROKER_EVIDENCE) {
		list(out, leaf->evidence.sender);
		list(out, leaf->evidence.recipient);
	} else if (leaf->kind == LEAF_STATEMENT) {
		if (statement_parse(leaf->body, &out->statement) == STATUS_OK &&
		    out->statement.party.len > 0)
			list(out, out->statement.party);
	} else if (leaf->party.len > 0) {
		list(out, leaf->party);
	}
}

/* A log may hold any number; one beyond what SQLite holds is found by nobody. */
static void
bind_number(struct query *query, int at, uint64_t number)
{
	if (number <= INT64_MAX)
		query_bind_uint(query, at, number);
}

/* ?1 to ?7 of both statements below; what a leaf does not have stays NULL. */
static void
bind_columns(struct query *query, uint64_t index, const struct leaf *leaf)
{
	query_bind_uint(query, 1, index);
	if (leaf == NULL)
		return;
	bind_number(query, 2, leaf->time_ms);
	query_bind_uint(query, 3, leaf->kind);
	if (leaf->kind == LEAF_ACCEPTED) {
		bind_number(query, 4, leaf->header.type);
		query_bind_bytes(query, 5, BYTES(leaf->header.id));
		query_bind_bytes(query, 6, BYTES(leaf->header.case_token));
	} else if (leaf->kind == LEAF_EVIDENCE || leaf->kind == LEAF_BROKER_EVIDENCE) {
		query_bind_bytes(query, 5, BYTES(leaf->evidence.id));
		bind_number(query, 7, leaf->evidence.index);
	}
}

/* Evidence is found under the case of its message, which comes before it. */
#define CASE_TOKEN                                                                             \
	"coalesce(?6, (SELECT m.case_token FROM entry m WHERE m.idx = ?7 AND m.idx < ?1))"

/* ---- Noting it --------------------------------------------------------------------------- */

static enum status
add_party(struct database *db, struct bytes party, uint64_t index)
{
	struct query *query;
	enum status rc;

	rc = database_query(db,
	    "INSERT INTO entry_party (party, idx) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, party);
	query_bind_uint(query, 2, index);
	return query_run(query);
}

enum status
audit_index_store_add(struct database *db, uint64_t index, const struct leaf *leaf)
{
	struct parties parties;
	struct query *query;
	enum status rc;

	rc = database_query(db,
	    "UPDATE entry SET time = ?2, kind = ?3, type = ?4, id = ?5,"
	    " case_token = " CASE_TOKEN " WHERE idx = ?1",
	    &query);
	if (rc != STATUS_OK)
		return rc;
	bind_columns(query, index, leaf);
	rc = query_run(query);
	list_all(leaf, &parties);
	for (uint32_t i = 0; i < parties.count && rc == STATUS_OK; i++)
		rc = add_party(db, parties.party[i], index);
	return rc;
}

/* ---- Checking it ------------------------------------------------------------------------- */

static enum status
take_party(struct database *db, struct bytes party, uint64_t index, bool *same)
{
	struct query *query;
	enum status rc;

	rc =
	    database_query(db, "DELETE FROM entry_party WHERE party = ?1 AND idx = ?2", &query);
	if (rc != STATUS_OK)
		return rc;
	query_bind_text(query, 1, party);
	query_bind_uint(query, 2, index);
	if ((rc = query_run(query)) == STATUS_OK && database_changes(db) != 1)
		*same = false;
	return rc;
}

enum status
audit_index_store_check(
    struct database *db, uint64_t index, const struct leaf *leaf, bool *same)
{
	struct parties parties;
	struct query *query;
	enum status rc;

	rc = database_query(db,
	    "SELECT 1 FROM entry e WHERE e.idx = ?1 AND e.time IS ?2 AND e.kind IS ?3"
	    " AND e.type IS ?4 AND e.id IS ?5 AND e.case_token IS " CASE_TOKEN,
	    &query);
	if (rc != STATUS_OK)
		return rc;
	bind_columns(query, index, leaf);
	if ((rc = query_any(query, same)) != STATUS_OK || leaf == NULL)
		return rc;
	list_all(leaf, &parties);
	for (uint32_t i = 0; i < parties.count && rc == STATUS_OK; i++)
		rc = take_party(db, parties.party[i], index, same);
	return rc;
}

enum status
audit_index_store_left(struct database *db, uint64_t *index)
{
	struct query *query;
	enum status rc;

	rc = database_query(db, "SELECT idx FROM entry_party ORDER BY idx LIMIT 1", &query);
	return rc == STATUS_OK ? query_number(query, index) : rc;
}
