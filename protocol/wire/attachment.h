/* protocol/wire/attachment.h: documents beside a message: their chunks, root and description. */
#ifndef SAIKNE_ATTACHMENT_H
#define SAIKNE_ATTACHMENT_H

#include "protocol/wire/content.h"
#include "protocol/wire/envelope.h"
#include "protocol/wire/pack.h"

/*
 * A file is sealed for each message anew, in chunks of ATTACHMENT_CHUNK bytes and a last one of 1 up to so many,
 * each SUITE_STREAM_OVERHEAD longer when sealed. SIZE is that of all sealed chunks together and
 * gives their number and lengths. ROOT is the RFC 6962 root over the chunks' leaves, so any chunk
 * proves its place alone.
 */
#define ATTACHMENT_CHUNK        (256U * 1024)
#define ATTACHMENT_SEALED_CHUNK (ATTACHMENT_CHUNK + SUITE_STREAM_OVERHEAD)
#define ATTACHMENT_CHUNKS_MAX   4096U
#define ATTACHMENT_PATH_MAX     12 /* of a tree of so many */
#define ATTACHMENT_SIZE_MAX     ((uint64_t)ATTACHMENT_CHUNKS_MAX * ATTACHMENT_SEALED_CHUNK)
#define ATTACHMENT_NAME_MAX     160
#define ATTACHMENT_TYPE_MAX     16

/* Whether SIZE is one that chunks can have: 0 has none, and the last one holds a byte. */
bool attachment_is_size(uint64_t size);
/* Of an attachment whose size is one. */
uint32_t attachment_chunks(uint64_t size);
size_t attachment_chunk_len(uint64_t size, uint32_t chunk);
/* The file's own bytes, and the other way. */
uint64_t attachment_plain_size(uint64_t size);
uint64_t attachment_sealed_size(uint64_t plain);

/* The leaf of a sealed chunk: the RFC 6962 leaf over H256("saikne-v1-chunk", chunk). */
void attachment_leaf(struct bytes chunk, struct merkle_hash *out);
/* STATUS_BAD_CHUNK unless SEALED is chunk number CHUNK of the attachment ROOT, SIZE. */
MUST_CHECK enum status attachment_check_chunk(const struct envelope_attachment *attachment,
    uint32_t chunk, const struct merkle_path *path, struct bytes sealed);

/* The same of a chunk of LEN bytes whose leaf is known. */
MUST_CHECK enum status attachment_check_leaf(const struct envelope_attachment *attachment,
    uint32_t chunk, const struct merkle_path *path, size_t len, const struct merkle_hash *leaf);

/* One element of a field of kind FILES: what its holders need to open the file. */
struct attachment_file {
	struct envelope_attachment cited;
	uint8_t key[SUITE_KEY_LEN];
	uint8_t header[SUITE_STREAM_HEADER];
	struct bytes type; /* a code of filetype.h, as its sender saw it: never trusted */
	struct bytes name;
};

/* Whether NAME can name a file for people: one line, no separators, nothing invisible. */
bool attachment_is_name(struct bytes name);
void attachment_file_encode(const struct attachment_file *file, struct buffer *out);
/* Strict; an error is sticky in IN's document. Views borrow. */
void attachment_file_decode(struct pack_in *in, struct attachment_file *out);
/* The I-th file of FIELD; false when there is none, or the field is not shown. */
MUST_CHECK bool attachment_file_at(
    const struct content *content, enum field field, unsigned i, struct attachment_file *out);
/* The field that files of CATEGORY stand in; false for acts. */
MUST_CHECK bool attachment_field_of(enum category category, enum field *out);

/*
 * What a header must list: each file of the fields of CONTENT that are shown to one allowed
 * ALLOWED, in their order; of a content that passes on another (forwarded.h) each file of that
 * one's. STATUS_TOO_LARGE above ENVELOPE_ATTACHMENTS_MAX.
 */
MUST_CHECK enum status attachment_list(const struct content *content, category_set allowed,
    struct envelope_attachment out[static ENVELOPE_ATTACHMENTS_MAX], uint32_t *count);
/* STATUS_BAD_CONTENT unless HEADER lists exactly the files that CONTENT shows. */
MUST_CHECK enum status attachment_check_list(
    const struct envelope_header *header, const struct content *content);
/*
 * Of a message passed on: STATUS_BAD_CONTENT unless its HEADER lists the files that are shown, in
 * their order, and no others where CONTENT hides no field that could have some.
 */
MUST_CHECK enum status attachment_check_shown(
    const struct envelope_header *header, const struct content *content);
/* The place of ROOT in HEADER; its attachment_count: none. */
uint32_t attachment_place(
    const struct envelope_header *header, const uint8_t root[static SUITE_HASH_LEN]);

#endif
