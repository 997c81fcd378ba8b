/* protocol/trust/lookup.h: a hash index over things that are kept elsewhere by number. */
#ifndef SAIKNE_LOOKUP_H
#define SAIKNE_LOOKUP_H

#include "protocol/base/bytes.h"
#include "protocol/base/status.h"

struct lookup_slot {
	uint32_t number; /* from 1; 0: empty */
	uint32_t tag;    /* of the hash: spares a look at most of the others */
};

/* Open addressing; nothing is ever removed. KEY tells the bytes by which NUMBER is found. */
struct lookup {
	struct bytes (*key)(const void *state, uint32_t number);
	const void *state;
	uint64_t seed; /* random: what others choose as bytes cannot be made to collide */
	struct lookup_slot *slots;
	uint32_t cap, count;
};

void lookup_init(struct lookup *lookup, struct bytes (*key)(const void *state, uint32_t number),
    const void *state);
void lookup_free(struct lookup *lookup);
/* The number found by KEY; 0: none. */
uint32_t lookup_find(const struct lookup *lookup, struct bytes key);
/* Makes room for MORE numbers, so that lookup_add() cannot fail. */
MUST_CHECK enum status lookup_reserve(struct lookup *lookup, uint32_t more);
void lookup_add(struct lookup *lookup, uint32_t number);

#endif
