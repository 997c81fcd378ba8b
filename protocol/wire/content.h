/* protocol/wire/content.h: a message's fields, each salted and committed to alone. */
#ifndef SAIKNE_CONTENT_H
#define SAIKNE_CONTENT_H

#include "protocol/base/suite.h"
#include "protocol/proof/merkle.h"
#include "protocol/wire/message.h"

#define CONTENT_MAX (64 * 1024) /* bytes of all values */

#define CONTENT_SEED_LEN 32

/*
 * Every field of the type has a leaf: salt ‖ field number (u16) ‖ value (its canonical encoding,
 * empty when absent). The content root is the RFC 6962 root over them in the list's order.
 * Whoever holds the root can check any field it is shown, and learns of the others only that a
 * leaf is there.
 *
 * The salts of a category's fields are derived from its seed, 32 random bytes that are never
 * used for two contents: who may have a category may have all of its fields, and a salt tells
 * nothing of another category's. Documents take their salts from the seed itself, all other
 * fields from the bare seed, which is derived from it. So a category can be passed on without
 * its documents (forwarded.h): it is bare then, and so is whatever is shown of it.
 */
struct content {
	const struct message_info *type;
	category_set shown; /* of other categories only the leaf hashes are known */
	category_set bare;  /* of those: of documents, too; their SEEDS are bare seeds */
	uint8_t seeds[CATEGORY_COUNT][CONTENT_SEED_LEN];
	struct buffer values;
	struct {
		bool present; /* shown and not absent */
		uint8_t salt[CONTENT_SEED_LEN];
		struct merkle_hash leaf;
		size_t at, len; /* of the value, in VALUES */
	} fields[MESSAGE_FIELDS_MAX];
};

/* A new content: all fields shown and absent, with fresh seeds. Free it in any case. */
MUST_CHECK enum status content_start(enum message type, struct content *out);
void content_free(struct content *content);

/* Whether more of the I-th field of the type is known than its leaf hash. */
MUST_CHECK bool content_shows(const struct content *content, unsigned i);

/*
 * Setting a field checks it (field_check); STATUS_ARGUMENT when the type has no such field or
 * it is not shown. Views got before are void. VALUE and texts must not borrow from CONTENT.
 */
MUST_CHECK enum status content_set_text(
    struct content *content, enum field field, struct bytes text);
MUST_CHECK enum status content_set_uint(
    struct content *content, enum field field, uint64_t value);
MUST_CHECK enum status content_set_id(
    struct content *content, enum field field, const uint8_t id[static SUITE_ID_LEN]);
MUST_CHECK enum status content_set_hash(
    struct content *content, enum field field, const uint8_t hash[static SUITE_HASH_LEN]);
MUST_CHECK enum status content_set_codes(
    struct content *content, enum field field, const struct bytes *codes, size_t count);
/* VALUE is the canonical encoding itself. */
MUST_CHECK enum status content_set_value(
    struct content *content, enum field field, struct bytes value);

/* Getting: false when the field is not shown, absent or of another kind. Views borrow. */
MUST_CHECK bool content_text(
    const struct content *content, enum field field, struct bytes *out);
MUST_CHECK bool content_uint(const struct content *content, enum field field, uint64_t *out);
MUST_CHECK bool content_id(
    const struct content *content, enum field field, uint8_t out[static SUITE_ID_LEN]);
MUST_CHECK bool content_hash(
    const struct content *content, enum field field, uint8_t out[static SUITE_HASH_LEN]);
/* The I-th code of a CODES field. */
MUST_CHECK bool content_code_at(
    const struct content *content, enum field field, unsigned i, struct bytes *out);
MUST_CHECK bool content_value(
    const struct content *content, enum field field, struct bytes *out);

/* STATUS_BAD_CONTENT when a required field is shown to be absent, or, an act, not shown. */
MUST_CHECK enum status content_check(const struct content *content);
void content_root(const struct content *content, struct merkle_hash *out);

/*
 * Appends what a recipient allowed ALLOWED may see, [[seed or nil ...], [element ...]]: a seed for
 * each category that it may have, and for each field its value, nil when it is absent, or the
 * leaf hash where there is no seed for its category. No category of CONTENT is bare.
 */
void content_show(const struct content *content, category_set allowed, struct buffer *out);
/*
 * The same for a third party, [bare, [seed or nil ...], [element ...]]: BARE, a bit for each
 * category by its number, says which seeds are bare seeds; of their documents it gets leaf hashes
 * alone. They are those that are bare in CONTENT, or not in WHOLE.
 */
void content_show_passed(const struct content *content, category_set allowed,
    category_set whole, struct buffer *out);
/*
 * The other way: strict, checks every field shown, the root, and content_check().
 * STATUS_BAD_CONTENT, STATUS_UNKNOWN_TYPE. OUT owns copies; free it in any case.
 */
MUST_CHECK enum status content_read(
    struct bytes shown, uint64_t type, const struct merkle_hash *root, struct content *out);
MUST_CHECK enum status content_read_passed(
    struct bytes shown, uint64_t type, const struct merkle_hash *root, struct content *out);
/*
 * Adds to INTO what FROM shows besides; *MORE: there was something. STATUS_ARGUMENT: they are not
 * of one root; STATUS_TOO_LARGE, STATUS_NO_MEMORY. INTO is as it was then, and views are void.
 */
MUST_CHECK enum status content_join(
    const struct content *from, struct content *into, bool *more);

#endif
