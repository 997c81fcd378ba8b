/* protocol/wire/minutes.h: which minutes of which matters are signed by one act. */
#ifndef SAIKNE_MINUTES_H
#define SAIKNE_MINUTES_H

#include "protocol/proof/merkle.h"
#include "protocol/wire/content.h"
#include "protocol/wire/pack.h"

/* One element of a field of kind MINUTES: an id alone would leave their bytes to their author. */
struct minutes_entry {
	uint8_t matter[SUITE_ID_LEN]; /* its task */
	uint8_t message[SUITE_ID_LEN];
	struct merkle_hash root; /* of the message's content */
};

#define MINUTES_MAX 64 /* elements of a field */

/* By matter, ascending: the only order that they have in a field. */
void minutes_sort(struct minutes_entry *entries, unsigned count);
/* One canonical value: an array of COUNT, sorted, each matter once. */
void minutes_encode(const struct minutes_entry *entries, unsigned count, struct buffer *out);
/* Strict: 1 to LIMIT, ascending; an error is sticky in IN's document. OUT may be NULL. */
unsigned minutes_decode(struct pack_in *in, uint64_t limit, struct minutes_entry *out);
/* What VALUE is; 0: not such a value. */
MUST_CHECK unsigned minutes_read(
    struct bytes value, struct minutes_entry out[static MINUTES_MAX]);

/* Of the field MINUTES_SIGNED of CONTENT; 0: it has none. */
MUST_CHECK enum status minutes_set(
    struct content *content, const struct minutes_entry *entries, unsigned count);
MUST_CHECK unsigned minutes_of(
    const struct content *content, struct minutes_entry out[static MINUTES_MAX]);

#endif
