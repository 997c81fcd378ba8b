/* broker/refusals.c: every refusal of a known party is logged; above a rate, counted in one entry. */
#include "broker/refusals.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/trust/lookup.h"

struct window {
	const struct party *party;
	uint64_t start_ms;
	uint32_t logged;
	/* Not logged yet: how many, and the last of them. */
	uint64_t more;
	enum status code;
	uint8_t digest[SUITE_HASH_LEN];
};

/* One window for each party that was ever refused: as many as the root admitted, at most. */
struct refusals {
	struct window **at;
	uint32_t count, cap;
	struct lookup by_code;
	uint32_t counting; /* windows with MORE */
};

static struct bytes
code_of(const void *state, uint32_t number)
{
	const struct refusals *refusals = state;

	return bytes_of_text(refusals->at[number - 1]->party->code);
}

enum status
refusals_create(struct refusals **out)
{
	struct refusals *refusals = calloc(1, sizeof(*refusals));

	if (refusals == NULL)
		return STATUS_NO_MEMORY;
	lookup_init(&refusals->by_code, code_of, refusals);
	*out = refusals;
	return STATUS_OK;
}

void
refusals_free(struct refusals *refusals)
{
	if (refusals == NULL)
		return;
	for (uint32_t i = 0; i < refusals->count; i++)
		free(refusals->at[i]);
	free(refusals->at);
	lookup_free(&refusals->by_code);
	free(refusals);
}

/* NULL when memory ran out. */
static struct window *
window_of(struct refusals *refusals, const struct party *party)
{
	uint32_t number = lookup_find(&refusals->by_code, bytes_of_text(party->code));
	uint32_t cap = refusals->cap == 0 ? 64 : 2 * refusals->cap;
	struct window *window, **at;

	if (number != 0)
		return refusals->at[number - 1];
	if (refusals->count == refusals->cap) {
		if ((at = realloc(refusals->at, cap * sizeof(struct window *))) == NULL)
			return NULL;
		refusals->at = at;
		refusals->cap = cap;
	}
	if (lookup_reserve(&refusals->by_code, 1) != STATUS_OK ||
	    (window = calloc(1, sizeof(*window))) == NULL)
		return NULL;
	window->party = party;
	refusals->at[refusals->count++] = window;
	lookup_add(&refusals->by_code, refusals->count);
	return window;
}

static bool
may_log(struct journal *journal)
{
	return journal_accepts(journal) != STATUS_CLOCK_STOPPED &&
	       journal_room(journal) != JOURNAL_SPENT;
}

static void
append(struct journal *journal, const struct party *party, enum status code,
    const uint8_t digest[static SUITE_HASH_LEN], uint64_t count)
{
	struct leaf leaf = {.kind = LEAF_REFUSED,
	    .party = bytes_of_text(party->code),
	    .code = code,
	    .count = count};

	memcpy(leaf.digest, digest, sizeof(leaf.digest));
	journal_append(journal, &leaf);
}

static void
close_window(struct refusals *refusals, struct journal *journal, struct window *window)
{
	if (window->more == 0)
		return;
	append(journal, window->party, window->code, window->digest, window->more);
	window->more = 0;
	refusals->counting--;
}

void
refusals_note(struct refusals *refusals, struct journal *journal, const struct party *party,
    enum status code, const uint8_t digest[static SUITE_HASH_LEN])
{
	struct window *window = window_of(refusals, party);
	uint64_t now = journal_boot(journal);

	if (!may_log(journal))
		return;
	if (window == NULL) {
		append(journal, party, code, digest, 1);
		return;
	}
	if (window->logged == 0 || now - window->start_ms >= REFUSALS_WINDOW_MS) {
		close_window(refusals, journal, window);
		window->start_ms = now;
		window->logged = 0;
	}
	if (window->logged < REFUSALS_A_WINDOW) {
		window->logged++;
		append(journal, party, code, digest, 1);
		return;
	}
	if (window->more++ == 0)
		refusals->counting++;
	window->code = code;
	memcpy(window->digest, digest, sizeof(window->digest));
}

void
refusals_turn(struct refusals *refusals, struct journal *journal, bool all)
{
	uint64_t now = journal_boot(journal);

	if (refusals->counting == 0 || !may_log(journal))
		return;
	for (uint32_t i = 0; i < refusals->count; i++)
		if (all || now - refusals->at[i]->start_ms >= REFUSALS_WINDOW_MS)
			close_window(refusals, journal, refusals->at[i]);
}
