/* protocol/trust/lookup.c: a hash index over things that are kept elsewhere by number. */
#include "protocol/trust/lookup.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/base/suite.h"

#define CAP_MIN 64
#define CAP_MAX (1U << 30)

void
lookup_init(struct lookup *lookup, struct bytes (*key)(const void *state, uint32_t number),
    const void *state)
{
	*lookup = (struct lookup){.key = key, .state = state};
	suite_random(&lookup->seed, sizeof(lookup->seed));
}

void
lookup_free(struct lookup *lookup)
{
	free(lookup->slots);
	lookup->slots = NULL;
	lookup->cap = lookup->count = 0;
}

static uint64_t
hash(uint64_t seed, struct bytes key)
{
	uint64_t h = seed ^ key.len, word;

	for (size_t at = 0; at < key.len; at += 8) {
		word = 0;
		memcpy(&word, key.data + at, key.len - at < 8 ? key.len - at : 8);
		h = (h ^ word) * 0x9e3779b97f4a7c15U;
		h ^= h >> 32;
	}
	return h * 0xd6e8feb86659fd93U;
}

uint32_t
lookup_find(const struct lookup *lookup, struct bytes key)
{
	const struct lookup_slot *slot;
	uint64_t h = hash(lookup->seed, key);

	if (lookup->cap == 0)
		return 0;
	for (uint32_t i = (uint32_t)(h >> 32);; i++) {
		slot = &lookup->slots[i & (lookup->cap - 1)];
		if (slot->number == 0)
			return 0;
		if (slot->tag == (uint32_t)h &&
		    bytes_equal(lookup->key(lookup->state, slot->number), key))
			return slot->number;
	}
}

static void
put(struct lookup *lookup, uint32_t number)
{
	uint64_t h = hash(lookup->seed, lookup->key(lookup->state, number));
	uint32_t i = (uint32_t)(h >> 32);

	while (lookup->slots[i & (lookup->cap - 1)].number != 0)
		i++;
	lookup->slots[i & (lookup->cap - 1)] = (struct lookup_slot){number, (uint32_t)h};
}

enum status
lookup_reserve(struct lookup *lookup, uint32_t more)
{
	uint32_t cap = lookup->cap == 0 ? CAP_MIN : lookup->cap, old_cap = lookup->cap;
	struct lookup_slot *old = lookup->slots, *slots;

	/* Never fuller than a half, so that a search always ends, and soon. */
	while (cap < CAP_MAX && (uint64_t)2 * lookup->count + 2 * (uint64_t)more > cap)
		cap *= 2;
	if ((uint64_t)2 * lookup->count + 2 * (uint64_t)more > cap)
		return STATUS_NO_MEMORY;
	if (cap == old_cap)
		return STATUS_OK;
	if ((slots = calloc(cap, sizeof(*slots))) == NULL)
		return STATUS_NO_MEMORY;
	lookup->slots = slots;
	lookup->cap = cap;
	for (uint32_t i = 0; i < old_cap; i++)
		if (old[i].number != 0)
			put(lookup, old[i].number);
	free(old);
	return STATUS_OK;
}

void
lookup_add(struct lookup *lookup, uint32_t number)
{
	assert(lookup->cap >= 2 * (lookup->count + 1));
	put(lookup, number);
	lookup->count++;
}
