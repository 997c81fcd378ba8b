/* clients/auditor/audit_index_store.h: what entries of the copy are searched by. */
#ifndef SAIKNE_AUDIT_INDEX_STORE_H
#define SAIKNE_AUDIT_INDEX_STORE_H

#include "protocol/host/database.h"
#include "protocol/wire/leaf.h"

/* Notes what the entry INDEX, which DB holds already, is searched by. */
MUST_CHECK enum status audit_index_store_add(
    struct database *db, uint64_t index, const struct leaf *leaf);

/*
 * Whether the entry INDEX is searched by what its leaf says, no more and no less; LEAF is NULL
 * where there is none or it cannot be read. Takes its parties from DB: every entry is checked
 * once, in order, in a transaction that is rolled back.
 */
MUST_CHECK enum status audit_index_store_check(
    struct database *db, uint64_t index, const struct leaf *leaf, bool *same);
/* After all are checked: the first entry with a party besides; STATUS_NOT_FOUND is good. */
MUST_CHECK enum status audit_index_store_left(struct database *db, uint64_t *index);

#endif
