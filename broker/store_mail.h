/* broker/store_mail.h: the SQLite store's mailboxes, messages and evidence. */
#ifndef SAIKNE_STORE_MAIL_H
#define SAIKNE_STORE_MAIL_H

#include "broker/depot.h"
#include "broker/mailboxes.h"
#include "broker/store.h"
#include "broker/store_rows.h"

#define STORE_INDEX_BITS 40 /* of a log index inside a mailbox's keys */

struct store_sqlite {
	struct store store;
	struct database *db;
	uint64_t size; /* of the log, the open transaction's leaves included */
	struct mailboxes mailboxes;
	struct buffer part; /* what store_mail.part borrows */
	bool changed;       /* since the WAL was last moved while idle */
	struct depot *depot;
	struct depot_name *gone; /* files of rows that the open transaction removed */
	size_t gone_count;
};

struct store_sqlite *store_sqlite_of(struct store *store);
/* The party's mailbox; made when it has none. */
MUST_CHECK enum status store_mail_enter(
    struct store_sqlite *s, struct bytes party, struct mailbox **out);

/* The operations of the same names in store.h. */
MUST_CHECK enum status store_mail_message_put(struct store *store, struct bytes sender,
    const uint8_t id[static SUITE_ID_LEN], const struct store_message *message);
MUST_CHECK enum status store_mail_message_get(struct store *store, struct bytes sender,
    const uint8_t id[static SUITE_ID_LEN], struct store_message *out);
MUST_CHECK enum status store_mail_put(
    struct store *store, struct bytes party, const struct store_mail *mail);
MUST_CHECK enum status store_mail_get(
    struct store *store, struct bytes party, uint64_t index, struct store_mail *out);
MUST_CHECK enum status store_mail_after(
    struct store *store, struct bytes party, uint64_t from, struct store_mail *out);
MUST_CHECK enum status store_mail_remove(
    struct store *store, struct bytes party, uint64_t index);
MUST_CHECK enum status store_mail_count(
    struct store *store, struct bytes party, uint64_t *entries, uint64_t *bytes_);
MUST_CHECK enum status store_mail_handed_put(
    struct store *store, struct bytes party, uint64_t index);
MUST_CHECK enum status store_mail_handed_get(
    struct store *store, struct bytes party, uint64_t *index);
MUST_CHECK enum status store_mail_due(
    struct store *store, uint64_t now_ms, char *party, bool *handed, struct store_mail *out);
MUST_CHECK enum status store_mail_defer(
    struct store *store, struct bytes party, uint64_t index, uint64_t until_ms);
MUST_CHECK enum status store_mail_evidence_put(struct store *store, uint64_t message_index,
    uint32_t recipient, enum evidence_kind kind, uint64_t index);
MUST_CHECK enum status store_mail_evidence_get(struct store *store, uint64_t message_index,
    uint32_t recipient, enum evidence_kind kind, uint64_t *index);
MUST_CHECK enum status store_mail_evidence_final(struct store *store, uint64_t message_index,
    uint32_t recipient, enum evidence_kind *kind, uint64_t *index);

#endif
