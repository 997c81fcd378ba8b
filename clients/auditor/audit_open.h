/* clients/auditor/audit_open.h: opens what commands are given, and says why it cannot. */
#ifndef SAIKNE_AUDIT_OPEN_H
#define SAIKNE_AUDIT_OPEN_H

#include "clients/auditor/audit_store.h"
#include "protocol/trust/directory.h"

/* Each says on standard error what is wrong and what to do. */
MUST_CHECK bool audit_open_copy(const char *path, struct audit_store **out);
MUST_CHECK bool audit_open_network(const char *path, struct network *out);
/* Whether PATH is free: nothing is written over. */
MUST_CHECK bool audit_open_free(const char *path);
/* Writes PATH, which must be free, whole or not at all. */
MUST_CHECK bool audit_open_write(const char *path, struct bytes content);
/* Says that DOING failed because of RC. */
void audit_open_failed(const char *doing, enum status rc);

/* "2026-11-22" or "2026-11-22T08:00:00Z". */
MUST_CHECK bool audit_open_time(const char *text, uint64_t *ms);
/* Decimal digits alone. */
MUST_CHECK bool audit_open_index(const char *text, uint64_t *index);

/*
 * Every statement of the copy before index BEFORE, folded. Needs no trust: the root's
 * signatures are checked.
 */
MUST_CHECK enum status audit_open_directory(struct audit_store *store,
    const struct network *network, uint64_t before, struct directory **out);

#endif
