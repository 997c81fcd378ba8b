/* protocol/proof/checkpoint.h: signed tree heads (C2SP tlog-checkpoint). */
#ifndef SAIKNE_CHECKPOINT_H
#define SAIKNE_CHECKPOINT_H

#include "protocol/proof/merkle.h"
#include "protocol/proof/note.h"

struct checkpoint {
	uint64_t size;
	struct merkle_hash root;
};

/* Appends the note; its origin is the key's name. Deterministic: no time, no randomness. */
MUST_CHECK enum status checkpoint_sign(const struct checkpoint *checkpoint,
    const struct note_key *key, const struct signing_key *secret, struct buffer *out);
/*
 * STATUS_BAD_CHECKPOINT when it is not signed by KEY, its origin is not KEY's name, or it is
 * not of the form; extension lines are ignored.
 */
MUST_CHECK enum status checkpoint_open(
    struct bytes note, const struct note_key *key, struct checkpoint *out);

#endif
