/* protocol/proof/tlogproof.h: offline-verifiable inclusion proofs (C2SP tlog-proof, v1). */
#ifndef SAIKNE_TLOGPROOF_H
#define SAIKNE_TLOGPROOF_H

#include "protocol/proof/checkpoint.h"

#define TLOGPROOF_MAX 65536 /* bytes of the text */

struct tlogproof {
	/* The leaf itself, in `extra`; owned by the proof after tlogproof_parse(). */
	struct buffer leaf;
	uint64_t index;
	struct merkle_path path;
	struct buffer note; /* the checkpoint, as signed */
};

/* Appends the text form. */
void tlogproof_format(struct bytes leaf, uint64_t index, const struct merkle_path *path,
    struct bytes note, struct buffer *out);
/* Strict. OUT is zero-initialised by the caller; free it in any case. */
MUST_CHECK enum status tlogproof_parse(struct bytes text, struct tlogproof *out);
void tlogproof_free(struct tlogproof *proof);

/*
 * The whole check, offline: the note is signed by KEY and the leaf in `extra` stands at the
 * index. STATUS_BAD_CHECKPOINT, STATUS_BAD_PROOF, STATUS_MALFORMED (no leaf in `extra`).
 */
MUST_CHECK enum status tlogproof_check(
    const struct tlogproof *proof, const struct note_key *key, struct checkpoint *out);

#endif
