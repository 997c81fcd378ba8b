/* broker/store_attachments.h: the SQLite store's attachments: whose they are, who still needs them. */
#ifndef SAIKNE_STORE_ATTACHMENTS_H
#define SAIKNE_STORE_ATTACHMENTS_H

#include "broker/store_mail.h"

/* The operations of the same names in store.h. */
MUST_CHECK enum status store_attachments_get(struct store *store, struct bytes owner,
    const uint8_t root[static SUITE_HASH_LEN], struct store_attachment *out);
MUST_CHECK enum status store_attachments_put(struct store *store, struct bytes owner,
    const struct envelope_attachment *cited, uint64_t due_ms);
MUST_CHECK enum status store_attachments_sum(
    struct store *store, struct bytes owner, uint64_t *count, uint64_t *bytes_);
MUST_CHECK enum status store_attachments_chunk(struct store *store,
    struct store_attachment *attachment, const struct merkle_path *path, struct bytes sealed,
    uint64_t due_ms);
MUST_CHECK enum status store_attachments_read(struct store *store,
    const struct store_attachment *attachment, uint32_t chunk, struct merkle_path *path,
    struct buffer *sealed);
MUST_CHECK enum status store_attachments_claim(struct store *store, uint64_t message_index,
    uint32_t position, const struct store_attachment *attachment, uint32_t recipients);
MUST_CHECK enum status store_attachments_of(struct store *store, uint64_t message_index,
    uint32_t position, struct store_attachment *out);
MUST_CHECK enum status store_attachments_release(struct store *store, uint64_t message_index);
MUST_CHECK enum status store_attachments_is_due(
    struct store *store, uint64_t now_ms, bool *any);
MUST_CHECK enum status store_attachments_expire(
    struct store *store, uint64_t now_ms, bool *any);

/* Removes files that no row knows. */
void store_attachments_sweep(struct store_sqlite *s);
/* After a commit, and after what came instead of one. */
void store_attachments_committed(struct store_sqlite *s);
void store_attachments_forget(struct store_sqlite *s);

#endif
