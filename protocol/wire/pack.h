/* protocol/wire/pack.h: the one canonical encoding, a strict subset of MessagePack. */
#ifndef SAIKNE_PACK_H
#define SAIKNE_PACK_H

#include "protocol/base/bytes.h"
#include "protocol/base/status.h"

/*
 * Allowed: nil, false, true, unsigned integers, str (UTF-8, no control characters but \n and
 * \t), bin and arrays; each in its shortest form. No maps, floats, negative numbers or
 * extensions. One value has exactly one encoding, so what decodes re-encodes to the same bytes.
 */
#define PACK_DEPTH_MAX 8
#define PACK_ITEMS_MAX 65536 /* of one document, arrays and their elements */

/* Writing, appended to OUT; a failure is sticky in the buffer. */
void pack_nil(struct buffer *out);
void pack_bool(struct buffer *out, bool value);
void pack_uint(struct buffer *out, uint64_t value);
void pack_text(struct buffer *out, struct bytes value);
void pack_bin(struct buffer *out, struct bytes value);
void pack_array(struct buffer *out, uint32_t count);

/* A decoded document; views in it borrow from the bytes given to pack_open(). */
struct pack_doc {
	void *zone;
	const void *root;
	enum status rc;
};

/*
 * A cursor over one array. Errors are sticky in the document: a reader takes all fields,
 * calls pack_end() for each array and checks pack_close() once; until then values may be
 * zero or empty.
 */
struct pack_in {
	struct pack_doc *doc;
	const void *items;
	uint32_t count;
	uint32_t next;
};

/*
 * Validates VIEW whole in one bounded pass before anything is allocated; the root must be an
 * array. STATUS_MALFORMED, STATUS_NOT_CANONICAL (a longer form than needed, bad UTF-8),
 * STATUS_TOO_LARGE (depth, items). pack_close() in any case.
 */
MUST_CHECK enum status pack_open(struct bytes view, struct pack_doc *doc);
/* The same for one value of any kind: the root is an array of just that value. */
MUST_CHECK enum status pack_open_value(struct bytes view, struct pack_doc *doc);
struct pack_in pack_root(struct pack_doc *doc);

/* Each takes the next element; a wrong kind or size makes the document STATUS_MALFORMED. */
uint64_t pack_in_uint(struct pack_in *in, uint64_t max);
bool pack_in_bool(struct pack_in *in);
struct bytes pack_in_bin(struct pack_in *in, size_t min, size_t max);
/* Copies exactly LEN bytes; OUT untouched on error. */
void pack_in_copy(struct pack_in *in, uint8_t *out, size_t len);
struct bytes pack_in_text(struct pack_in *in, size_t min, size_t max);
struct pack_in pack_in_array(struct pack_in *in, uint32_t min, uint32_t max);
/* Takes the next element if it is nil. */
bool pack_in_nil(struct pack_in *in);
/* Whether the next element is an array; takes nothing. */
bool pack_in_at_array(const struct pack_in *in);
/* Whether elements are left. */
bool pack_in_more(const struct pack_in *in);
/* Marks the document malformed: for rules that the reader itself checks. */
void pack_fail(struct pack_in *in, enum status rc);
/* Elements left over are an error. */
void pack_end(struct pack_in *in);
/* Releases; the document's status. */
enum status pack_close(struct pack_doc *doc);

/* Whether VIEW is exactly one canonical value (not necessarily an array). */
MUST_CHECK enum status pack_check(struct bytes view);

#endif
