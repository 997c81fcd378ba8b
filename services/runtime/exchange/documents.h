/* services/runtime/exchange/documents.h: one document's keys and chunks, sealed and opened. */
#ifndef SAIKNE_DOCUMENTS_H
#define SAIKNE_DOCUMENTS_H

#include "protocol/wire/filetype.h"
#include "services/runtime/store/attachment_files.h"
#include "services/runtime/store/attachment_store.h"
#include "services/runtime/store/vault.h"

struct service;

/* A document's secret, and how far it has come: kept sealed, wiped after use. */
struct document_secret {
	uint8_t key[SUITE_KEY_LEN];
	uint8_t header[SUITE_STREAM_HEADER];
};
struct document_look {
	struct suite_stream stream;
	struct filetype_look seen;
	struct suite_stream from; /* of a copy: where its source is read */
};

#define DOCUMENTS_IDLE_MS (24ULL * 3600 * 1000) /* kept for so long when nothing cites it */

/* The files beside the service's database; sweeps them. */
MUST_CHECK enum status documents_open(struct service *service);
void documents_close(struct service *service);

/*
 * A new row with NAME, in the open transaction. KEY, here and below, is what it is sealed under:
 * the key of the case that it was begun for; NULL: the institution's.
 */
MUST_CHECK enum status documents_add(struct service *service, struct attachment_row *row,
    const struct case_key *key, const struct document_secret *secret, struct bytes name,
    const struct document_look *look);
/* Stores how far ROW has come; LEAVES may be absent. */
MUST_CHECK enum status documents_move(struct service *service, const struct attachment_row *row,
    const struct case_key *key, const struct document_look *look, struct bytes leaves);
/* From the institution's key to the case's, in the open transaction. */
MUST_CHECK enum status documents_claim(struct service *service, struct attachment_row *row,
    uint64_t case_n, const struct case_key *key);
/* KEY is the case's; NULL where ROW is in none. */
MUST_CHECK enum status documents_secret(struct service *service,
    const struct attachment_row *row, const struct case_key *key, struct document_secret *out);
MUST_CHECK enum status documents_name(struct service *service, const struct attachment_row *row,
    const struct case_key *key, struct buffer *out);
MUST_CHECK enum status documents_look(struct service *service, const struct attachment_row *row,
    const struct case_key *key, struct document_look *out);

/* Removes what nobody cited within a day, and copies that went ("attachment"). */
MUST_CHECK enum status documents_tend(struct service *service);

/* LEN bytes that came; TAKE gives so many of them, in their order. */
struct document_part {
	size_t len;
	void *state;
	MUST_CHECK bool (*take)(void *state, uint8_t *out, size_t len);
};

/*
 * The next part of our own document ROW, at OFFSET, which must be where it ends now
 * (STATUS_WRONG_STATE): whole chunks are sealed, written, made durable and stored
 * ("attachment"), what is left over is to be given again; ROW moves on. STATUS_FILE_TYPE,
 * STATUS_ARGUMENT: nothing could be taken of so little, or it is more than was told.
 */
MUST_CHECK enum status documents_append(struct service *service, struct attachment_row *row,
    const struct case_key *key, uint64_t offset, struct document_part part);
/* Seals and writes the next chunk of ROW, which moves on; its leaf goes to LEAVES. */
MUST_CHECK enum status documents_seal(struct service *service, struct attachment_row *row,
    struct document_look *look, struct bytes piece, struct buffer *leaves);
/* How far ROW has come becomes durable, and its root known when it is whole ("attachment"). */
MUST_CHECK enum status documents_keep(struct service *service, struct attachment_row *row,
    const struct case_key *key, const struct document_look *look, const struct buffer *leaves);
/* How many of the file's bytes ROW has. */
uint64_t documents_offset(const struct attachment_row *row);

/* A whole document, read from its beginning. */
struct document_reader {
	struct attachment_row row;
	struct suite_stream stream;
	uint32_t chunk;
};
MUST_CHECK enum status documents_read_start(struct service *service,
    const struct attachment_row *row, const struct case_key *key, struct document_reader *out);
/* Appends the next piece; nothing at the end. STATUS_BAD_ATTACHMENT. */
MUST_CHECK enum status documents_read(
    struct service *service, struct document_reader *reader, struct buffer *out);

#endif
