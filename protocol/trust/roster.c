/* protocol/trust/roster.c: parties and every key there ever was, with the entries these hold for. */
#include "protocol/trust/roster.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Numbers in a lookup are positions + 1. */
static struct bytes
code_of(const void *state, uint32_t number)
{
	const struct roster *roster = state;

	return bytes_of_text(roster->members[number - 1]->party.code);
}

static struct bytes
bytes_of_key(const void *state, uint32_t number)
{
	const struct roster *roster = state;

	return BYTES(roster->keys[number - 1].key);
}

void
roster_init(struct roster *roster)
{
	*roster = (struct roster){0};
	lookup_init(&roster->by_code, code_of, roster);
	lookup_init(&roster->by_key, bytes_of_key, roster);
}

static void
free_member(struct roster_member *member)
{
	for (int purpose = 0; purpose <= KEY_TRANSPORT; purpose++)
		free(member->epochs[purpose].keys);
	free(member->suspensions);
	free(member);
}

void
roster_free(struct roster *roster)
{
	for (uint32_t i = 0; i < roster->member_count; i++)
		free_member(roster->members[i]);
	free(roster->members);
	free(roster->keys);
	lookup_free(&roster->by_code);
	lookup_free(&roster->by_key);
	*roster = (struct roster){0};
}

struct roster_member *
roster_member(const struct roster *roster, struct bytes code)
{
	uint32_t number = lookup_find(&roster->by_code, code);

	return number == 0 ? NULL : roster->members[number - 1];
}

const struct roster_key *
roster_find_key(const struct roster *roster, const uint8_t key[static 32])
{
	uint32_t number = lookup_find(&roster->by_key, (struct bytes){key, 32});

	return number == 0 ? NULL : &roster->keys[number - 1];
}

struct roster_key *
roster_epoch(const struct roster *roster, const struct roster_member *member,
    enum key_purpose purpose, uint64_t epoch)
{
	const struct roster_epochs *epochs = &member->epochs[purpose];

	if (epoch < 1 || epoch > epochs->count)
		return NULL;
	return &roster->keys[epochs->keys[epoch - 1]];
}

uint64_t
roster_epoch_count(const struct roster_member *member, enum key_purpose purpose)
{
	return member->epochs[purpose].count;
}

const struct roster_key *
roster_newest(
    const struct roster *roster, const struct roster_member *member, enum key_purpose purpose)
{
	const struct roster_key *key;

	for (uint64_t epoch = roster_epoch_count(member, purpose); epoch > 0; epoch--) {
		key = roster_epoch(roster, member, purpose, epoch);
		if (key->until == ROSTER_FOREVER)
			return key;
	}
	return NULL;
}

bool
roster_active_at(const struct roster_member *member, uint64_t log_index)
{
	if (log_index <= member->party.admitted_index)
		return false;
	for (uint32_t i = member->suspension_count; i > 0; i--) {
		const struct roster_suspension *s = &member->suspensions[i - 1];

		if (log_index >= s->to)
			break;
		if (log_index > s->from)
			return false;
	}
	return true;
}

/* ARRAY with room for NEED elements of SIZE; NULL (ARRAY as it was) when memory ran out. */
static void *
with_room(void *array, uint32_t *cap, uint32_t need, size_t size)
{
	uint32_t grown = *cap == 0 ? 4 : *cap;
	void *moved;

	if (array != NULL && need <= *cap)
		return array;
	while (grown < need) {
		if (grown > UINT32_MAX / 2)
			return NULL;
		grown *= 2;
	}
	if ((moved = reallocarray(array, grown, size)) != NULL)
		*cap = grown;
	return moved;
}

static enum status
reserve_in_member(struct roster_member *member)
{
	struct roster_epochs *epochs;
	void *moved;

	for (int purpose = KEY_SIGNING; purpose <= KEY_TRANSPORT; purpose++) {
		epochs = &member->epochs[purpose];
		moved = with_room(
		    epochs->keys, &epochs->cap, epochs->count + 1, sizeof(*epochs->keys));
		if (moved == NULL)
			return STATUS_NO_MEMORY;
		epochs->keys = moved;
	}
	moved = with_room(member->suspensions, &member->suspension_cap,
	    member->suspension_count + 1, sizeof(*member->suspensions));
	if (moved == NULL)
		return STATUS_NO_MEMORY;
	member->suspensions = moved;
	return STATUS_OK;
}

enum status
roster_reserve(struct roster *roster, struct roster_member *member)
{
	enum status rc;
	void *moved;

	moved = with_room(roster->members, &roster->member_cap, roster->member_count + 1,
	    sizeof(struct roster_member *));
	if (moved == NULL)
		return STATUS_NO_MEMORY;
	roster->members = moved;
	moved = with_room(roster->keys, &roster->key_cap, roster->key_count + ROSTER_RESERVE,
	    sizeof(*roster->keys));
	if (moved == NULL)
		return STATUS_NO_MEMORY;
	roster->keys = moved;
	if ((rc = lookup_reserve(&roster->by_code, 1)) != STATUS_OK)
		return rc;
	if ((rc = lookup_reserve(&roster->by_key, ROSTER_RESERVE)) != STATUS_OK)
		return rc;
	return member == NULL ? STATUS_OK : reserve_in_member(member);
}

struct roster_member *
roster_admit(struct roster *roster, const struct party *party)
{
	struct roster_member *member = calloc(1, sizeof(*member));

	assert(roster->member_count < roster->member_cap);
	if (member == NULL)
		return NULL;
	member->party = *party;
	member->position = roster->member_count;
	if (reserve_in_member(member) != STATUS_OK) {
		free_member(member);
		return NULL;
	}
	roster->members[roster->member_count++] = member;
	lookup_add(&roster->by_code, roster->member_count);
	return member;
}

void
roster_add_key(
    struct roster *roster, struct roster_member *member, const struct roster_key *key)
{
	struct roster_key *added = &roster->keys[roster->key_count];
	struct roster_epochs *epochs;

	assert(roster->key_count < roster->key_cap);
	*added = *key;
	added->owner = ROSTER_NOBODY;
	added->until = ROSTER_FOREVER;
	if (member != NULL) {
		epochs = &member->epochs[key->purpose];
		assert(epochs->count < epochs->cap);
		epochs->keys[epochs->count++] = roster->key_count;
		added->owner = member->position;
		added->epoch = epochs->count;
	}
	roster->key_count++;
	lookup_add(&roster->by_key, roster->key_count);
}

void
roster_end_key(struct roster_key *key, uint64_t log_index)
{
	if (key != NULL && log_index < key->until)
		key->until = log_index;
}

void
roster_suspend(struct roster_member *member, uint64_t log_index)
{
	assert(member->suspension_count < member->suspension_cap);
	member->suspensions[member->suspension_count++] =
	    (struct roster_suspension){log_index, ROSTER_FOREVER};
	member->party.suspended_index = log_index;
}

void
roster_lift(struct roster_member *member, uint64_t log_index)
{
	assert(member->suspension_count > 0);
	member->suspensions[member->suspension_count - 1].to = log_index;
	member->party.suspended_index = 0;
}
