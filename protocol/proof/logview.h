/* protocol/proof/logview.h: what one party knows of the log: its newest proven checkpoint. */
#ifndef SAIKNE_LOGVIEW_H
#define SAIKNE_LOGVIEW_H

#include "protocol/proof/checkpoint.h"

/*
 * A view trusts one checkpoint, TRUSTED, at first the empty tree. Every checkpoint it meets is
 * checked against its signature, and becomes trusted only by a consistency proof: whoever
 * shows this party two faces of the log is caught here. The caller persists NOTE.
 */
struct logview {
	struct note_key key;
	struct checkpoint trusted;
	struct buffer note; /* the trusted checkpoint as signed; empty for the empty tree */
};

MUST_CHECK enum status logview_open(
    const struct note_key *key, struct bytes note, struct logview *out);
void logview_close(struct logview *view);

/*
 * Checks the signature and, where the size is the trusted one, the root
 * (STATUS_FORKED_LOG when it differs). OUT is the checkpoint, not yet trusted.
 */
MUST_CHECK enum status logview_note(
    const struct logview *view, struct bytes note, struct checkpoint *out);
/*
 * Makes NOTE the trusted checkpoint when PATH proves that it extends the present one.
 * A smaller one is only checked against the signature and ignored (STATUS_OK).
 */
MUST_CHECK enum status logview_advance(
    struct logview *view, struct bytes note, const struct merkle_path *path);

#endif
