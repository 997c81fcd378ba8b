/* services/runtime/store/attachment_store.h: documents beside messages, and messages that wait for them. */
#ifndef SAIKNE_ATTACHMENT_STORE_H
#define SAIKNE_ATTACHMENT_STORE_H

#include "protocol/host/database.h"
#include "protocol/wire/attachment.h"

/*
 * A document's chunks lie in a file (attachment_files.h); its row says how many of them count.
 * Sealed columns (vault.h): secret (key and header of its stream), name, look (how far the
 * stream and what was seen of the file have come); under the institution's key until a message
 * brings the document into a case, under the case's from then on, or from the beginning where it
 * was begun for a case.
 */
struct attachment_row {
	uint64_t n;
	uint8_t id[SUITE_ID_LEN];
	uint64_t case_n;        /* 0: in none yet */
	uint64_t message_index; /* of the message that brought it + 1; 0: our own */
	uint32_t position;      /* in that message's header */
	uint64_t category;
	bool whole;
	uint64_t size;    /* the file's; 0: of a copy that went, so its file is removed */
	uint32_t done;    /* chunks */
	uint32_t type;    /* enum filetype, once the first chunk was seen */
	uint64_t time_ms; /* when it was begun */
	uint8_t root[SUITE_HASH_LEN];
	uint64_t event_n; /* whose message alone may cite this root; 0: none does yet */
	uint64_t source;  /* of a copy: the document that it seals anew; 0: it is none */
};

enum attachment_blob {
	ATTACHMENT_SECRET,
	ATTACHMENT_NAME,
	ATTACHMENT_LOOK,
	ATTACHMENT_LEAVES, /* of the chunks done, 32 bytes each */
};

MUST_CHECK enum status attachment_store_next(struct database *db, uint64_t *n);
MUST_CHECK enum status attachment_store_add(struct database *db,
    const struct attachment_row *row, struct bytes secret, struct bytes name,
    struct bytes look);
/* whole, done, type, root, look; LEAVES where its data is not NULL. */
MUST_CHECK enum status attachment_store_move(struct database *db,
    const struct attachment_row *row, struct bytes look, struct bytes leaves);
/* case_n, and what is sealed under its key now; a message cites it. */
MUST_CHECK enum status attachment_store_claim(
    struct database *db, uint64_t n, uint64_t case_n, struct bytes secret, struct bytes name);
/* A message cites one that is in its case already. */
MUST_CHECK enum status attachment_store_cite(struct database *db, uint64_t n);
/* SECRET in place of the one before. */
MUST_CHECK enum status attachment_store_renew(
    struct database *db, uint64_t n, struct bytes secret);
MUST_CHECK enum status attachment_store_remove(struct database *db, uint64_t n);

MUST_CHECK enum status attachment_store_find(
    struct database *db, const uint8_t id[static SUITE_ID_LEN], struct attachment_row *out);
/* Our own whole one. */
MUST_CHECK enum status attachment_store_own(
    struct database *db, const uint8_t root[static SUITE_HASH_LEN], struct attachment_row *out);
/* A whole one, ours or one that came: what is sealed is the same. */
MUST_CHECK enum status attachment_store_sealed(
    struct database *db, const uint8_t root[static SUITE_HASH_LEN], struct attachment_row *out);
MUST_CHECK enum status attachment_store_of_message(
    struct database *db, uint64_t message_index, uint32_t position, struct attachment_row *out);
/* The first of the message's that is not whole. */
MUST_CHECK enum status attachment_store_lacking(
    struct database *db, uint64_t message_index, struct attachment_row *out);
/* What came with one message is another's: it becomes number POSITION of that at MESSAGE_INDEX. */
MUST_CHECK enum status attachment_store_bring(
    struct database *db, uint64_t n, uint64_t message_index, uint32_t position);
/* A whole one of the case, ours or one that came. */
MUST_CHECK enum status attachment_store_in_case(struct database *db, uint64_t case_n,
    const uint8_t root[static SUITE_HASH_LEN], struct attachment_row *out);
MUST_CHECK enum status attachment_store_get(
    struct database *db, uint64_t n, struct attachment_row *out);
/* The root of N is EVENT_N's message's from now on. */
MUST_CHECK enum status attachment_store_take(struct database *db, uint64_t n, uint64_t event_n);
/* What seals SOURCE anew for EVENT_N's message, whole or not. */
MUST_CHECK enum status attachment_store_copy(
    struct database *db, uint64_t source, uint64_t event_n, struct attachment_row *out);
/*
 * A copy whose message no longer waits to go out or to be answered for; but who joins a circle later
 * is shown what stands in it under the same roots, so copies in it stay as long as its case.
 */
MUST_CHECK enum status attachment_store_spent(struct database *db, struct attachment_row *out);
/* Of a copy only the root stays, for whoever looks for what a message brought. */
MUST_CHECK enum status attachment_store_drop(struct database *db, uint64_t n);
/* Appends. */
MUST_CHECK enum status attachment_store_blob(
    struct database *db, uint64_t n, enum attachment_blob which, struct buffer *out);
/* Bytes of all files, as they will be; how many documents no message cites yet. */
MUST_CHECK enum status attachment_store_sum(
    struct database *db, uint64_t *size, uint64_t *unclaimed);
/* Our own that were begun before BEFORE_MS and that no message cites. */
MUST_CHECK enum status attachment_store_idle(
    struct database *db, uint64_t before_ms, struct attachment_row *out);

/* A message that is delivered and waits for its documents, or behind one that does. */
struct arriving_row {
	uint64_t index; /* of its log entry */
	char peer[PARTY_MAX + 1];
	uint8_t token[SUITE_ID_LEN];
	uint64_t since_ms;
};
MUST_CHECK enum status attachment_store_hold(
    struct database *db, const struct arriving_row *row, struct bytes deliver);
MUST_CHECK enum status attachment_store_held(
    struct database *db, uint64_t index, struct arriving_row *out);
/* The first in log order behind AFTER (an index + 1; 0: of all). */
MUST_CHECK enum status attachment_store_held_after(
    struct database *db, uint64_t after, struct arriving_row *out);
/* Whether one of PEER and TOKEN before INDEX waits: what comes after it must wait, too. */
MUST_CHECK enum status attachment_store_is_behind(struct database *db, const char *peer,
    const uint8_t token[static SUITE_ID_LEN], uint64_t index, bool *behind);
/* Appends the body of its DELIVER. */
MUST_CHECK enum status attachment_store_deliver(
    struct database *db, uint64_t index, struct buffer *out);
MUST_CHECK enum status attachment_store_let_go(struct database *db, uint64_t index);

#endif
