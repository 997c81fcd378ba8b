/* protocol/wire/forwarded.h: a message of someone else, passed on with what proves it; pure. */
#ifndef SAIKNE_FORWARDED_H
#define SAIKNE_FORWARDED_H

#include "protocol/wire/content.h"
#include "protocol/wire/frame.h"

/*
 * Whoever was sent a message can show it to a third: the value of a PROVEN field is canonical
 *
 *   [log index: uint, leaf: bin, [path hash: bin 32 ...], checkpoint: bin, shown: bin]
 *
 * The leaf is the accepting one, with its sender's signature; SHOWN is content_show_passed(), under
 * the content root that the sender signed: the categories that the third may have, the rest as
 * hashes. So nothing can be added, changed or taken from another message; it can only be left out.
 * Documents of a category that is not bare come beside what passes it on, under the roots that the
 * header in that leaf lists.
 */
struct forwarded {
	struct frame_proven proven;
	struct bytes shown;
};

/* Appends the encoding: of CONTENT what ALLOWED may see, with documents in WHOLE alone. */
void forwarded_encode(const struct frame_proven *proven, const struct content *content,
    category_set allowed, category_set whole, struct buffer *out);
/* Strict; views borrow. The proof and the signature are not checked here. */
MUST_CHECK enum status forwarded_parse(struct bytes view, struct forwarded *out);
/*
 * The content under the root of LEAF, which the caller has found proven and signed.
 * STATUS_BAD_PROOF: LEAF is no message's. OUT is to be freed in any case.
 */
MUST_CHECK enum status forwarded_content(
    const struct forwarded *forwarded, const struct leaf *leaf, struct content *out);

/* The PROVEN field FIELD of CONTENT, decoded to its bytes; false: absent. */
MUST_CHECK bool forwarded_field(
    const struct content *content, enum field field, struct bytes *out);
MUST_CHECK enum status forwarded_set(
    struct content *content, enum field field, struct bytes forwarded);

/* A message inside another: views borrow from that one's content, CONTENT is its own. */
struct forwarded_inner {
	struct forwarded forwarded;
	struct leaf leaf;
	struct content content;
};
/*
 * What CONTENT passes on, read under the root that its leaf tells, which nobody has proven here.
 * STATUS_NOT_FOUND: nothing that can be read. Free it in any case.
 */
MUST_CHECK enum status forwarded_open(
    const struct content *content, struct forwarded_inner *out);
void forwarded_free(struct forwarded_inner *inner);

#endif
