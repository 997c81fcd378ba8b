/* protocol/trust/directory.c: who is in the network with which keys: folding and look-ups. */
#include "protocol/trust/directory.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/trust/rules.h"

#define CHAIN_TAG "saikne-v1-directory"

enum status
directory_create(
    const char *network, const uint8_t root[static SUITE_SIGN_PUBLIC], struct directory **out)
{
	struct directory *d;

	if (!envelope_is_code(bytes_of_text(network)))
		return STATUS_ARGUMENT;
	if ((d = calloc(1, sizeof(*d))) == NULL)
		return STATUS_NO_MEMORY;
	if (!bytes_to_text(bytes_of_text(network), d->network, sizeof(d->network))) {
		free(d);
		return STATUS_ARGUMENT;
	}
	memcpy(d->root, root, sizeof(d->root));
	roster_init(&d->roster);
	*out = d;
	return STATUS_OK;
}

void
directory_free(struct directory *directory)
{
	if (directory == NULL)
		return;
	roster_free(&directory->roster);
	free(directory);
}

enum status
directory_check(const struct directory *directory, const struct signed_statement *statement,
    uint64_t now_ms, const char **detail)
{
	struct ruling ruling;
	enum status rc = rules_check(directory, statement, now_ms, &ruling);

	*detail = ruling.detail;
	return rc;
}

enum status
directory_apply(struct directory *directory, uint64_t log_index,
    const struct signed_statement *statement, uint64_t now_ms, const char **detail)
{
	struct ruling ruling;
	enum status rc;

	if (directory->length > 0 && log_index <= directory->last_index) {
		*detail = "it stands before the last one in the log";
		return STATUS_BAD_STATEMENT;
	}
	if (directory->length == 0 && log_index != 0) {
		*detail = "the log does not begin with the network's statement";
		return STATUS_BAD_STATEMENT;
	}
	/* What time it is for a statement is the log's word, so the log may not go back. */
	if (now_ms < directory->last_ms) {
		*detail = "its entry is older than the last one's";
		return STATUS_BAD_STATEMENT;
	}
	rc = rules_check(directory, statement, now_ms, &ruling);
	*detail = ruling.detail;
	if (rc != STATUS_OK)
		return rc;
	if ((rc = rules_apply(directory, &ruling, log_index)) != STATUS_OK)
		return rc;
	suite_hash(CHAIN_TAG, (struct bytes[]){BYTES(directory->chain), statement->view}, 2,
	    directory->chain);
	directory->length++;
	directory->last_index = log_index;
	directory->last_ms = now_ms;
	return STATUS_OK;
}

const char *
directory_network(const struct directory *directory)
{
	return directory->network;
}

uint64_t
directory_length(const struct directory *directory)
{
	return directory->length;
}

void
directory_chain(const struct directory *directory, uint8_t out[static SUITE_HASH_LEN])
{
	memcpy(out, directory->chain, SUITE_HASH_LEN);
}

uint64_t
directory_head_ms(const struct directory *directory)
{
	return directory->head_ms;
}

uint64_t
directory_registrar_until_ms(const struct directory *directory)
{
	return directory->registrar_to_ms;
}

bool
directory_broker(const struct directory *directory, uint8_t transport[static SUITE_BOX_PUBLIC],
    const char **log_name, uint8_t log_key[static SUITE_SIGN_PUBLIC])
{
	if (!directory->founded)
		return false;
	memcpy(transport, directory->broker, SUITE_BOX_PUBLIC);
	memcpy(log_key, directory->log_key, SUITE_SIGN_PUBLIC);
	*log_name = directory->log_name;
	return true;
}

/* ---- Parties ---------------------------------------------------------------------------- */

/* The party is its member's first field. */
static const struct roster_member *
member_of(const struct party *party)
{
	return (const struct roster_member *)party;
}

const struct party *
directory_party(const struct directory *directory, struct bytes code)
{
	const struct roster_member *member = roster_member(&directory->roster, code);

	return member == NULL ? NULL : &member->party;
}

const struct party *
directory_at(const struct directory *directory, unsigned i)
{
	return i < directory->roster.member_count ? &directory->roster.members[i]->party : NULL;
}

bool
directory_active_at(
    const struct directory *directory, const struct party *party, uint64_t log_index)
{
	(void)directory; /* a party remembers its own suspensions */
	return roster_active_at(member_of(party), log_index);
}

const struct party *
directory_by_transport(
    const struct directory *directory, const uint8_t key[static SUITE_BOX_PUBLIC])
{
	const struct roster_key *found = roster_find_key(&directory->roster, key);
	const struct party *party;

	if (found == NULL || found->purpose != KEY_TRANSPORT || found->owner == ROSTER_NOBODY ||
	    found->until != ROSTER_FOREVER)
		return NULL;
	party = &directory->roster.members[found->owner]->party;
	return party->suspended_index == 0 ? party : NULL;
}

/* ---- Keys ------------------------------------------------------------------------------- */

enum status
directory_signing_key(const struct directory *directory, const struct party *party,
    uint64_t epoch, uint64_t log_index, uint8_t out[static SUITE_SIGN_PUBLIC])
{
	const struct roster_key *key =
	    roster_epoch(&directory->roster, member_of(party), KEY_SIGNING, epoch);

	if (key == NULL || log_index <= key->since)
		return STATUS_UNKNOWN_KEY;
	if (!roster_active_at(member_of(party), log_index))
		return STATUS_SUSPENDED;
	if (log_index >= key->until)
		return STATUS_KEY_REVOKED;
	memcpy(out, key->key, SUITE_SIGN_PUBLIC);
	return STATUS_OK;
}

uint64_t
directory_epochs(
    const struct directory *directory, const struct party *party, enum key_purpose purpose)
{
	(void)directory; /* a party counts its own epochs */
	return roster_epoch_count(member_of(party), purpose);
}

uint64_t
directory_epoch(
    const struct directory *directory, const struct party *party, enum key_purpose purpose)
{
	const struct roster_key *key =
	    roster_newest(&directory->roster, member_of(party), purpose);

	return key == NULL ? 0 : key->epoch;
}

bool
directory_stated(const struct directory *directory, const struct party *party,
    enum key_purpose purpose, uint64_t epoch, uint64_t *log_index)
{
	const struct roster_key *key =
	    roster_epoch(&directory->roster, member_of(party), purpose, epoch);

	if (key != NULL)
		*log_index = key->since;
	return key != NULL;
}

uint64_t
directory_signing_epoch(const struct directory *directory, const struct party *party)
{
	return directory_epoch(directory, party, KEY_SIGNING);
}

static void
copy_epoch(const struct roster_key *key, struct sealing_epoch *out)
{
	out->epoch = key->epoch;
	memcpy(out->key, key->key, sizeof(out->key));
	out->not_before_ms = key->not_before_ms;
	out->not_after_ms = key->not_after_ms;
}

enum status
directory_sealing_epoch(const struct directory *directory, const struct party *party,
    uint64_t epoch, uint64_t log_index, struct sealing_epoch *out)
{
	const struct roster_key *key =
	    roster_epoch(&directory->roster, member_of(party), KEY_SEALING, epoch);

	if (key == NULL || log_index <= key->since)
		return STATUS_UNKNOWN_EPOCH;
	if (log_index >= key->until)
		return STATUS_KEY_REVOKED;
	copy_epoch(key, out);
	return STATUS_OK;
}

enum status
directory_sealing_now(const struct directory *directory, const struct party *party,
    uint64_t now_ms, struct sealing_epoch *out)
{
	const struct roster_member *member = member_of(party);
	const struct roster_key *key;

	for (uint64_t e = roster_epoch_count(member, KEY_SEALING); e > 0; e--) {
		key = roster_epoch(&directory->roster, member, KEY_SEALING, e);
		if (key->until == ROSTER_FOREVER && now_ms >= key->not_before_ms &&
		    now_ms < key->not_after_ms) {
			copy_epoch(key, out);
			return STATUS_OK;
		}
	}
	return STATUS_UNKNOWN_EPOCH;
}
