/* protocol/trust/rules_apply.c: what a statement that passed changes in the directory. */
#include "protocol/trust/rules.h"

#include <string.h>

/* The newest key so far stays good, so that what is under way arrives; the one before ends. */
static void
replace_key(struct directory *d, struct roster_member *member, const struct roster_key *key)
{
	uint64_t count = roster_epoch_count(member, key->purpose);

	roster_end_key(roster_epoch(&d->roster, member, key->purpose, count - 1), key->since);
	roster_add_key(&d->roster, member, key);
}

static struct roster_key
new_key(const uint8_t bytes[static 32], enum key_purpose purpose, uint64_t since)
{
	struct roster_key key = {.purpose = purpose, .since = since};

	memcpy(key.key, bytes, sizeof(key.key));
	return key;
}

static enum status
apply_network(struct directory *d, const struct ruling *r, uint64_t index)
{
	const struct statement *s = &r->statement;
	struct roster_key root = new_key(s->key, KEY_SIGNING, index),
			  log = new_key(s->log_key, KEY_SIGNING, index),
			  broker = new_key(s->transport, KEY_TRANSPORT, index);

	if (!bytes_to_text(s->log_name, d->log_name, sizeof(d->log_name)))
		return STATUS_INTERNAL;
	memcpy(d->log_key, s->log_key, sizeof(d->log_key));
	memcpy(d->broker, s->transport, sizeof(d->broker));
	d->founded = true;
	/* Remembered only so that no party can bring them as its own. */
	roster_add_key(&d->roster, NULL, &root);
	roster_add_key(&d->roster, NULL, &log);
	roster_add_key(&d->roster, NULL, &broker);
	return STATUS_OK;
}

static enum status
apply_registrar(struct directory *d, const struct ruling *r, uint64_t index)
{
	const struct statement *s = &r->statement;
	struct roster_member *member =
	    roster_member(&d->roster, bytes_of_text(RULES_REGISTRAR));
	struct party party = {
	    .code = RULES_REGISTRAR, .kind = RULES_REGISTRAR, .group = GROUP_REGISTRAR};
	struct roster_key signing = new_key(s->key, KEY_SIGNING, index),
			  transport = new_key(s->transport, KEY_TRANSPORT, index);

	party.admitted_index = index;
	if (member == NULL && (member = roster_admit(&d->roster, &party)) == NULL)
		return STATUS_NO_MEMORY;
	/* A new registrar replaces the former at once. */
	for (int p = KEY_SIGNING; p <= KEY_TRANSPORT; p++)
		roster_end_key(roster_epoch(&d->roster, member, (enum key_purpose)p,
				   roster_epoch_count(member, (enum key_purpose)p)),
		    index);
	roster_add_key(&d->roster, member, &signing);
	roster_add_key(&d->roster, member, &transport);
	d->registrar_from_ms = s->not_before_ms;
	d->registrar_to_ms = s->not_after_ms;
	d->certified_ms = s->time_ms;
	return STATUS_OK;
}

static enum status
apply_admit(struct directory *d, const struct ruling *r, uint64_t index)
{
	const struct statement *s = &r->statement;
	struct roster_key signing = new_key(s->key, KEY_SIGNING, index),
			  transport = new_key(s->transport, KEY_TRANSPORT, index);
	struct party party = {.admitted_index = index, .group = kind_group(s->party_kind)};
	struct roster_member *member;

	if (!bytes_to_text(s->party, party.code, sizeof(party.code)) ||
	    !bytes_to_text(s->party_kind, party.kind, sizeof(party.kind)) ||
	    !bytes_to_text(s->name, party.name, sizeof(party.name)) ||
	    !bytes_to_text(s->municipality, party.municipality, sizeof(party.municipality)))
		return STATUS_INTERNAL;
	if ((member = roster_admit(&d->roster, &party)) == NULL)
		return STATUS_NO_MEMORY;
	roster_add_key(&d->roster, member, &signing);
	roster_add_key(&d->roster, member, &transport);
	return STATUS_OK;
}

static enum status
apply_suspend(struct directory *d, const struct ruling *r, uint64_t index)
{
	(void)d; /* the member holds all of it */
	roster_suspend(r->member, index);
	r->member->changed_ms = r->statement.time_ms;
	return STATUS_OK;
}

static enum status
apply_lift(struct directory *d, const struct ruling *r, uint64_t index)
{
	(void)d; /* the member holds all of it */
	roster_lift(r->member, index);
	r->member->changed_ms = r->statement.time_ms;
	return STATUS_OK;
}

static enum status
apply_sealing_epoch(struct directory *d, const struct ruling *r, uint64_t index)
{
	struct roster_key key = new_key(r->statement.key, KEY_SEALING, index);

	/* Both live out their own time: messages were sealed to the one before. */
	key.not_before_ms = r->statement.not_before_ms;
	key.not_after_ms = r->statement.not_after_ms;
	roster_add_key(&d->roster, r->member, &key);
	return STATUS_OK;
}

static enum status
apply_signing_key(struct directory *d, const struct ruling *r, uint64_t index)
{
	struct roster_key key = new_key(r->statement.key, KEY_SIGNING, index);

	replace_key(d, r->member, &key);
	return STATUS_OK;
}

static enum status
apply_transport_key(struct directory *d, const struct ruling *r, uint64_t index)
{
	struct roster_key key = new_key(r->statement.key, KEY_TRANSPORT, index);

	replace_key(d, r->member, &key);
	return STATUS_OK;
}

static enum status
apply_revoke(struct directory *d, const struct ruling *r, uint64_t index)
{
	const struct statement *s = &r->statement;

	roster_end_key(roster_epoch(&d->roster, r->member, s->purpose, s->epoch), index);
	return STATUS_OK;
}

static enum status
apply_head(struct directory *d, const struct ruling *r, uint64_t index)
{
	(void)index; /* heads are ordered by what they sign */
	d->head_ms = r->statement.time_ms;
	return STATUS_OK;
}

static enum status (*const changes[])(
    struct directory *d, const struct ruling *r, uint64_t index) = {
    [STATEMENT_NETWORK] = apply_network,
    [STATEMENT_REGISTRAR] = apply_registrar,
    [STATEMENT_ADMIT] = apply_admit,
    [STATEMENT_SUSPEND] = apply_suspend,
    [STATEMENT_LIFT] = apply_lift,
    [STATEMENT_SEALING_EPOCH] = apply_sealing_epoch,
    [STATEMENT_SIGNING_KEY] = apply_signing_key,
    [STATEMENT_TRANSPORT_KEY] = apply_transport_key,
    [STATEMENT_REVOKE] = apply_revoke,
    [STATEMENT_HEAD] = apply_head,
};

enum status
rules_apply(struct directory *directory, const struct ruling *ruling, uint64_t log_index)
{
	enum status rc;

	if ((rc = roster_reserve(&directory->roster, ruling->member)) != STATUS_OK)
		return rc;
	if (ruling->statement.kind == STATEMENT_REGISTRAR) {
		struct roster_member *registrar =
		    roster_member(&directory->roster, bytes_of_text(RULES_REGISTRAR));

		if ((rc = roster_reserve(&directory->roster, registrar)) != STATUS_OK)
			return rc;
	}
	return changes[ruling->statement.kind](directory, ruling, log_index);
}
