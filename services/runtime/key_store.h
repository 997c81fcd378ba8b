/* services/runtime/key_store.h: what the service keeps of the directory, the log and its epochs. */
#ifndef SAIKNE_KEY_STORE_H
#define SAIKNE_KEY_STORE_H

#include "protocol/host/database.h"
#include "protocol/trust/statement.h"

/* The directory's statements as logged leaves, in log order. */
MUST_CHECK enum status key_store_add_statement(
    struct database *db, uint64_t index, struct bytes leaf);
/* The first at or behind FROM. */
MUST_CHECK enum status key_store_statement(
    struct database *db, uint64_t from, uint64_t *index, struct buffer *leaf);

/* NAME: "view", the trusted checkpoint; "fork_known", "fork_other": two that contradict. */
MUST_CHECK enum status key_store_set_note(
    struct database *db, const char *name, struct bytes note);
MUST_CHECK enum status key_store_note(
    struct database *db, const char *name, struct buffer *out);

/* Our own sealing epochs; the row goes when the private half is destroyed. */
struct epoch_row {
	uint64_t epoch;
	uint8_t public[SUITE_BOX_PUBLIC];
	uint64_t not_before_ms, not_after_ms;
};
/* SECRET: sealed. STATEMENT and SIGNATURE: what is published, resent until it stands. */
MUST_CHECK enum status key_store_add_epoch(struct database *db, const struct epoch_row *row,
    struct bytes secret, struct bytes statement, const struct leaf_signature *signature);
/* The newest; the oldest at or above FROM. */
MUST_CHECK enum status key_store_newest_epoch(struct database *db, struct epoch_row *out);
MUST_CHECK enum status key_store_epoch_from(
    struct database *db, uint64_t from, struct epoch_row *out);
/* Appends the sealed private half. */
MUST_CHECK enum status key_store_epoch_secret(
    struct database *db, uint64_t epoch, struct buffer *out);
MUST_CHECK enum status key_store_epoch_statement(struct database *db, uint64_t epoch,
    struct buffer *statement, struct leaf_signature *signature);
MUST_CHECK enum status key_store_remove_epoch(struct database *db, uint64_t epoch);

#endif
