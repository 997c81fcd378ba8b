/* services/runtime/store/key_store.h: what the service keeps of the directory, the log and its epochs. */
#ifndef SAIKNE_KEY_STORE_H
#define SAIKNE_KEY_STORE_H

#include "protocol/host/database.h"
#include "protocol/proof/checkpoint.h"
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

/*
 * Checkpoints under which something was applied and which are not proven yet to lie on the
 * trusted log, by size and root: of one size there are two only where the log is forked. Above
 * the limit chance decides which gives way, so that nobody can choose it.
 */
#define KEY_STORE_UNPROVEN_MAX 1024
MUST_CHECK enum status key_store_add_unproven(struct database *db,
    const struct checkpoint *checkpoint, struct bytes note, uint64_t time_ms);
MUST_CHECK enum status key_store_remove_unproven(
    struct database *db, const struct checkpoint *checkpoint);
/* The first behind AFTER (NULL: the first of all); appends its note. STATUS_NOT_FOUND. */
MUST_CHECK enum status key_store_unproven_after(struct database *db,
    const struct checkpoint *after, struct checkpoint *out, struct buffer *note);
/* How many, and since when the oldest waits. */
MUST_CHECK enum status key_store_unproven(
    struct database *db, uint64_t *count, uint64_t *oldest_ms);

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
