/* services/runtime/store/search_store.c: which cases a word stands in; only hashes are kept. */
#include "services/runtime/store/search_store.h"

enum status
search_store_put(struct database *db, const uint8_t hash[static VAULT_WORD_LEN],
    uint64_t case_n, enum vault_word_kind kind, uint64_t source)
{
	struct query *query;
	enum status rc = database_query(db,
	    "INSERT OR IGNORE INTO words (hash, case_n, kind, source) VALUES (?, ?, ?, ?)",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){hash, VAULT_WORD_LEN});
	query_bind_uint(query, 2, case_n);
	query_bind_uint(query, 3, kind);
	query_bind_uint(query, 4, source);
	return query_run(query);
}

enum status
search_store_remove(
    struct database *db, uint64_t case_n, enum vault_word_kind kind, uint64_t source)
{
	struct query *query;
	enum status rc = database_query(
	    db, "DELETE FROM words WHERE case_n = ? AND kind = ? AND source = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	query_bind_uint(query, 2, kind);
	query_bind_uint(query, 3, source);
	return query_run(query);
}

enum status
search_store_forget(struct database *db, uint64_t case_n)
{
	struct query *query;
	enum status rc = database_query(db, "DELETE FROM words WHERE case_n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, case_n);
	return query_run(query);
}

enum status
search_store_before(struct database *db, const uint8_t hash[static VAULT_WORD_LEN],
    uint64_t before, uint64_t *case_n)
{
	struct query *query;
	enum status rc = database_query(db,
	    "SELECT case_n FROM words WHERE hash = ? AND case_n < ? ORDER BY case_n DESC"
	    " LIMIT 1",
	    &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_bytes(query, 1, (struct bytes){hash, VAULT_WORD_LEN});
	query_bind_uint(query, 2, before == 0 || before > INT64_MAX ? INT64_MAX : before);
	return query_number(query, case_n);
}

enum status
search_store_set_indexed(struct database *db, uint64_t event_n, bool indexed)
{
	struct query *query;
	enum status rc =
	    database_query(db, "UPDATE events SET indexed = ? WHERE n = ?", &query);

	if (rc != STATUS_OK)
		return rc;
	query_bind_uint(query, 1, indexed);
	query_bind_uint(query, 2, event_n);
	return query_run(query);
}
