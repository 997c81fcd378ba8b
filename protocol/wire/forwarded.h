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
 * The leaf is the accepting one, with its sender's signature; SHOWN is content_show_bare(), under
 * the content root that the sender signed: the categories that the third may have, without
 * documents, the rest as hashes. So nothing can be added, changed or taken from another message;
 * it can only be left out.
 */
struct forwarded {
	struct frame_proven proven;
	struct bytes shown;
};

/* Appends the encoding: of CONTENT, bare or not, what ALLOWED may see but for documents. */
void forwarded_encode(const struct frame_proven *proven, const struct content *content,
    category_set allowed, struct buffer *out);
/* Strict; views borrow. The proof and the signature are not checked here. */
MUST_CHECK enum status forwarded_parse(struct bytes view, struct forwarded *out);
/*
 * The content under the root of LEAF, which the caller has found proven and signed.
 * STATUS_BAD_PROOF: LEAF is no message's. OUT is bare, and to be freed in any case.
 */
MUST_CHECK enum status forwarded_content(
    const struct forwarded *forwarded, const struct leaf *leaf, struct content *out);

/* The PROVEN field FIELD of CONTENT, decoded to its bytes; false: absent. */
MUST_CHECK bool forwarded_field(
    const struct content *content, enum field field, struct bytes *out);
MUST_CHECK enum status forwarded_set(
    struct content *content, enum field field, struct bytes forwarded);

#endif
