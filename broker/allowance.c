/* broker/allowance.c: how much each party may still ask for, refilled by time. */
#include "broker/allowance.h"

#include <stdlib.h>

#include "protocol/trust/lookup.h"

struct allowance {
	const struct party *party;
	uint64_t left, since_ms;
};

/* One for each party that ever asked: as many as the root admitted, at most. */
struct allowances {
	struct allowance **at;
	uint32_t count, cap;
	struct lookup by_code;
};

static struct bytes
code_of(const void *state, uint32_t number)
{
	const struct allowances *allowances = state;

	return bytes_of_text(allowances->at[number - 1]->party->code);
}

enum status
allowance_table(struct allowances **out)
{
	struct allowances *allowances = calloc(1, sizeof(*allowances));

	if (allowances == NULL)
		return STATUS_NO_MEMORY;
	lookup_init(&allowances->by_code, code_of, allowances);
	*out = allowances;
	return STATUS_OK;
}

void
allowance_table_free(struct allowances *allowances)
{
	if (allowances == NULL)
		return;
	for (uint32_t i = 0; i < allowances->count; i++)
		free(allowances->at[i]);
	free(allowances->at);
	lookup_free(&allowances->by_code);
	free(allowances);
}

/* NULL when memory ran out. */
static struct allowance *
find(struct allowances *allowances, const struct party *party, uint64_t now_ms)
{
	uint32_t number = lookup_find(&allowances->by_code, bytes_of_text(party->code));
	uint32_t cap = allowances->cap == 0 ? 64 : 2 * allowances->cap;
	struct allowance *one, **at;

	if (number != 0)
		return allowances->at[number - 1];
	if (allowances->count == allowances->cap) {
		if ((at = realloc(allowances->at, cap * sizeof(struct allowance *))) == NULL)
			return NULL;
		allowances->at = at;
		allowances->cap = cap;
	}
	if (lookup_reserve(&allowances->by_code, 1) != STATUS_OK ||
	    (one = malloc(sizeof(*one))) == NULL)
		return NULL;
	*one = (struct allowance){party, ALLOWANCE_SAVED, now_ms};
	allowances->at[allowances->count++] = one;
	lookup_add(&allowances->by_code, allowances->count);
	return one;
}

bool
allowance_spend(
    struct allowances *allowances, const struct party *party, uint64_t now_ms, uint64_t cost)
{
	struct allowance *one = find(allowances, party, now_ms);
	uint64_t passed;

	if (one == NULL)
		return false;
	passed = now_ms - one->since_ms;
	/* Longer than it takes to fill it: so no product overflows. */
	if (passed > 1000ULL * ALLOWANCE_SAVED / ALLOWANCE_A_SECOND)
		one->left = ALLOWANCE_SAVED;
	else
		one->left += passed * ALLOWANCE_A_SECOND / 1000;
	if (one->left > ALLOWANCE_SAVED)
		one->left = ALLOWANCE_SAVED;
	one->since_ms = now_ms;
	if (one->left < cost)
		return false;
	one->left -= cost;
	return true;
}
