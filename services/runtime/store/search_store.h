/* services/runtime/store/search_store.h: which cases a word stands in; only hashes are kept. */
#ifndef SAIKNE_SEARCH_STORE_H
#define SAIKNE_SEARCH_STORE_H

#include "protocol/host/database.h"
#include "services/runtime/store/vault.h"

/*
 * A word comes here as vault_word() gives it. SOURCE says what brought it into the case: the
 * number of an event, or 0 for what the case itself has. Writes need an open transaction.
 */
MUST_CHECK enum status search_store_put(struct database *db,
    const uint8_t hash[static VAULT_WORD_LEN], uint64_t case_n, enum vault_word_kind kind,
    uint64_t source);
/* Takes away what SOURCE brought of KIND. */
MUST_CHECK enum status search_store_remove(
    struct database *db, uint64_t case_n, enum vault_word_kind kind, uint64_t source);
/* Takes away all words of a case. */
MUST_CHECK enum status search_store_forget(struct database *db, uint64_t case_n);
/* The newest case below BEFORE (0: of all) that has the word; STATUS_NOT_FOUND. */
MUST_CHECK enum status search_store_before(struct database *db,
    const uint8_t hash[static VAULT_WORD_LEN], uint64_t before, uint64_t *case_n);

/* Whether the words of an event are in. */
MUST_CHECK enum status search_store_set_indexed(
    struct database *db, uint64_t event_n, bool indexed);

#endif
