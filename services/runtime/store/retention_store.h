/* services/runtime/store/retention_store.h: when cases ended, and what their documents are of. */
#ifndef SAIKNE_RETENTION_STORE_H
#define SAIKNE_RETENTION_STORE_H

#include "protocol/host/database.h"
#include "protocol/wire/message.h"

/* The newest case below BEFORE (0: of all) whose key is there; STATUS_NOT_FOUND. */
MUST_CHECK enum status retention_store_before(
    struct database *db, uint64_t before, uint64_t *case_n);
/* When the last step of its tasks was, or its last note; when it began where it has neither. */
MUST_CHECK enum status retention_store_end(struct database *db, uint64_t case_n, uint64_t *ms);
/*
 * Whether it is the file of a sitting, and one of the cases that were on the agenda is there still:
 * who signed for several of them signed in this one.
 */
MUST_CHECK enum status retention_store_is_signed_for(
    struct database *db, uint64_t case_n, bool *out);
/* Adds the categories of its documents. */
MUST_CHECK enum status retention_store_documents(
    struct database *db, uint64_t case_n, category_set *categories);

#endif
