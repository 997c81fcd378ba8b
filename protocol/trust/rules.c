/* protocol/trust/rules.c: whether a statement follows from the directory. */
#include "protocol/trust/rules.h"

#include <string.h>

#define TOLERANCE_MS (5ULL * 60 * 1000)

static enum status
refuse(struct ruling *r, enum status rc, const char *detail)
{
	r->detail = detail;
	return rc;
}

static enum status
bad(struct ruling *r, const char *detail)
{
	return refuse(r, STATUS_BAD_STATEMENT, detail);
}

/* Whether T lies more than BY after NOW; no sum of a peer's number can overflow. */
static bool
is_beyond(uint64_t t, uint64_t now, uint64_t by)
{
	return t > now && t - now > by;
}

static bool
is_registrar(const struct ruling *r)
{
	return bytes_is_text(r->statement.party, RULES_REGISTRAR);
}

/* No key serves twice: not for two parties, not for two purposes, not again after its end. */
static enum status
check_new_key(struct ruling *r, const uint8_t key[static 32])
{
	static const uint8_t zeroes[32];

	if (memcmp(key, zeroes, sizeof(zeroes)) == 0)
		return bad(r, "zeroes are not a key");
	if (roster_find_key(&r->directory->roster, key) != NULL)
		return bad(r, "the key was used before");
	return STATUS_OK;
}

/* A signing and a transport key. */
static enum status
check_new_pair(struct ruling *r)
{
	const struct statement *s = &r->statement;
	enum status rc;

	if (memcmp(s->key, s->transport, 32) == 0)
		return bad(r, "one key has two purposes");
	if ((rc = check_new_key(r, s->key)) != STATUS_OK)
		return rc;
	return check_new_key(r, s->transport);
}

/* ---- What each kind of statement demands ------------------------------------------------ */

static enum status
check_network(struct ruling *r)
{
	const struct statement *s = &r->statement;
	struct note_key log;
	char name[NOTE_NAME_MAX + 1];

	if (r->directory->founded)
		return bad(r, "the network is founded already");
	if (memcmp(s->key, r->directory->root, sizeof(s->key)) != 0)
		return bad(r, "it names another root than the one pinned");
	if (!bytes_to_text(s->log_name, name, sizeof(name)) ||
	    note_key_make(name, s->log_key, &log) != STATUS_OK)
		return bad(r, "the log's name is not of the form of a note key's");
	if (memcmp(s->key, s->log_key, 32) == 0 || memcmp(s->key, s->transport, 32) == 0 ||
	    memcmp(s->log_key, s->transport, 32) == 0)
		return bad(r, "one key has two purposes");
	return STATUS_OK;
}

static enum status
check_registrar(struct ruling *r)
{
	const struct statement *s = &r->statement;

	if (s->not_after_ms <= s->not_before_ms ||
	    s->not_after_ms - s->not_before_ms > REGISTRAR_LIFE_MS)
		return bad(r, "a registrar serves between one moment and 90 days");
	if (is_beyond(s->not_before_ms, r->now_ms, TOLERANCE_MS))
		return bad(r, "the registrar's time begins in the future");
	if (s->not_after_ms <= r->now_ms)
		return bad(r, "the registrar's time is over already");
	/* Or one that was replaced before it was logged could still take over. */
	if (s->time_ms < r->directory->certified_ms)
		return bad(r, "the certificate is older than the present one");
	return check_new_pair(r);
}

static enum status
check_admit(struct ruling *r)
{
	if (r->member != NULL)
		return bad(r, "a party of this code was admitted before");
	/* A kind that this program's lists do not know yet is in no group, so may do nothing. */
	if (is_registrar(r) || bytes_is_text(r->statement.party_kind, RULES_REGISTRAR))
		return bad(r, "the registrar is certified, not admitted");
	return check_new_pair(r);
}

/* Times of a party's suspensions and lifts only rise, so that none can be said again. */
static enum status
check_change(struct ruling *r, bool suspended)
{
	if (is_registrar(r))
		return bad(r, "the registrar is revoked or replaced, not suspended");
	if ((r->member->party.suspended_index != 0) != suspended)
		return bad(
		    r, suspended ? "the party is not suspended" : "it is suspended already");
	if (r->statement.time_ms <= r->member->changed_ms)
		return bad(r, "it is older than the party's last suspension or lift");
	return STATUS_OK;
}

static enum status
check_suspend(struct ruling *r)
{
	return check_change(r, false);
}

static enum status
check_lift(struct ruling *r)
{
	return check_change(r, true);
}

static enum status
check_sealing_epoch(struct ruling *r)
{
	const struct statement *s = &r->statement;
	const struct roster *roster = &r->directory->roster;
	uint64_t count = roster_epoch_count(r->member, KEY_SEALING);
	const struct roster_key *last = roster_epoch(roster, r->member, KEY_SEALING, count);

	if (s->epoch != count + 1)
		return bad(r, "sealing epochs are numbered one after another");
	if (s->not_after_ms <= s->not_before_ms ||
	    s->not_after_ms - s->not_before_ms > SEALING_LIFE_MS + TOLERANCE_MS)
		return bad(r, "a sealing epoch lasts between one moment and 30 days");
	if (s->not_after_ms <= r->now_ms)
		return bad(r, "the sealing epoch's time is over already");
	if (is_beyond(s->not_before_ms, r->now_ms, SEALING_LIFE_MS))
		return bad(r, "the sealing epoch begins more than 30 days ahead");
	if (last != NULL && s->not_before_ms < last->not_before_ms)
		return bad(r, "the sealing epoch begins before the previous one");
	/* A gap is refused where it lies ahead; one that has passed cannot be helped. */
	if (last != NULL && s->not_before_ms > last->not_after_ms &&
	    is_beyond(s->not_before_ms, r->now_ms, TOLERANCE_MS))
		return bad(r, "the sealing epoch leaves a gap after the previous one");
	return check_new_key(r, s->key);
}

static enum status
check_signing_key(struct ruling *r)
{
	const struct statement *s = &r->statement;
	const struct roster_key *newest =
	    roster_newest(&r->directory->roster, r->member, KEY_SIGNING);

	if (is_registrar(r))
		return bad(r, "the registrar's keys change by a new certificate");
	if (s->epoch != roster_epoch_count(r->member, KEY_SIGNING) + 1)
		return bad(r, "signing epochs are numbered one after another");
	/* Or the key before could push out the one that replaced it. */
	if (s->signing_epoch != 0 && (newest == NULL || newest->epoch != s->signing_epoch))
		return bad(r, "only the newest signing key names its successor");
	return check_new_key(r, s->key);
}

static enum status
check_transport_key(struct ruling *r)
{
	if (is_registrar(r))
		return bad(r, "the registrar's keys change by a new certificate");
	return check_new_key(r, r->statement.key);
}

static enum status
check_revoke(struct ruling *r)
{
	const struct statement *s = &r->statement;
	const struct roster_key *key =
	    roster_epoch(&r->directory->roster, r->member, s->purpose, s->epoch);

	if (key == NULL)
		return refuse(r, STATUS_UNKNOWN_KEY, "the party has no such key");
	if (key->until != ROSTER_FOREVER)
		return bad(r, "the key is not in force any more");
	/* Or the key before would be the newest again, and could name its own successor. */
	if (s->purpose == KEY_SIGNING && s->signing_epoch != 0 && s->signing_epoch < s->epoch)
		return bad(r, "a signing key does not revoke its successor");
	if (s->since_ms > s->time_ms)
		return bad(r, "it revokes from a time after its own");
	return STATUS_OK;
}

static enum status
check_head(struct ruling *r)
{
	const struct statement *s = &r->statement;

	if (s->length != r->directory->length ||
	    memcmp(s->chain, r->directory->chain, sizeof(s->chain)) != 0)
		return bad(r, "the head is not of the present directory");
	if (s->time_ms < r->directory->head_ms)
		return bad(r, "the head is older than the last");
	return STATUS_OK;
}

/* ---- The rules -------------------------------------------------------------------------- */

#define BY(signer) (1U << SIGNER_##signer)

/* One of BY signs, and, where ALSO is one, so does the signing key that the statement brings. */
static const struct rule {
	uint32_t by;
	enum signer also;
	bool of_member; /* it is about a party that must be there */
	enum status (*check)(struct ruling *r);
} rules[] = {
    [STATEMENT_NETWORK] = {.by = BY(ROOT), .check = check_network},
    [STATEMENT_REGISTRAR] = {.by = BY(ROOT), .check = check_registrar},
    [STATEMENT_ADMIT] = {.by = BY(ROOT), .also = SIGNER_PARTY, .check = check_admit},
    [STATEMENT_SUSPEND] = {.by = BY(ROOT) | BY(REGISTRAR),
	.of_member = true,
	.check = check_suspend},
    [STATEMENT_LIFT] = {.by = BY(ROOT), .of_member = true, .check = check_lift},
    [STATEMENT_SEALING_EPOCH] = {.by = BY(PARTY),
	.of_member = true,
	.check = check_sealing_epoch},
    [STATEMENT_SIGNING_KEY] = {.by = BY(PARTY) | BY(ROOT),
	.also = SIGNER_NEW_KEY,
	.of_member = true,
	.check = check_signing_key},
    [STATEMENT_TRANSPORT_KEY] = {.by = BY(PARTY) | BY(ROOT),
	.of_member = true,
	.check = check_transport_key},
    [STATEMENT_REVOKE] = {.by = BY(PARTY) | BY(REGISTRAR) | BY(ROOT),
	.of_member = true,
	.check = check_revoke},
    [STATEMENT_HEAD] = {.by = BY(REGISTRAR), .check = check_head},
};

/* The registrar's signing key, if its certificate holds at the ruling's time. */
static enum status
registrar_key(struct ruling *r, const uint8_t **out)
{
	const struct directory *d = r->directory;
	const struct roster_member *member =
	    roster_member(&d->roster, bytes_of_text(RULES_REGISTRAR));
	const struct roster_key *key;

	if (member == NULL)
		return refuse(r, STATUS_UNKNOWN_KEY, "there is no registrar");
	if ((key = roster_newest(&d->roster, member, KEY_SIGNING)) == NULL)
		return refuse(r, STATUS_KEY_REVOKED, "the registrar's key is revoked");
	if (is_beyond(d->registrar_from_ms, r->now_ms, TOLERANCE_MS) ||
	    r->now_ms > d->registrar_to_ms)
		return refuse(r, STATUS_KEY_REVOKED, "the registrar's time is over");
	*out = key->key;
	return STATUS_OK;
}

static enum status
party_key(struct ruling *r, const uint8_t **out)
{
	const struct roster_key *key;

	/* The registrar signs as registrar, within its certificate, or not at all. */
	if (is_registrar(r))
		return refuse(r, STATUS_BAD_SIGNATURE, "the registrar is no party of its own");
	if (r->member->party.suspended_index != 0)
		return refuse(r, STATUS_SUSPENDED, "the party is suspended");
	key = roster_epoch(
	    &r->directory->roster, r->member, KEY_SIGNING, r->statement.signing_epoch);
	if (key == NULL)
		return refuse(r, STATUS_UNKNOWN_KEY, "the party has no such signing epoch");
	if (key->until != ROSTER_FOREVER)
		return refuse(
		    r, STATUS_KEY_REVOKED, "the signing key is not in force any more");
	*out = key->key;
	return STATUS_OK;
}

/* Exactly the signatures that RULE asks for: which is whose. */
static enum status
sort_signatures(struct ruling *r, const struct rule *rule,
    const struct signed_statement *signed_statement, const struct leaf_signature **by,
    const struct leaf_signature **also)
{
	const struct leaf_signature *s;

	*by = *also = NULL;
	for (uint32_t i = 0; i < signed_statement->signature_count; i++) {
		s = &signed_statement->signatures[i];
		if (s->signer == rule->also && *also == NULL)
			*also = s;
		else if (s->signer <= SIGNER_NEW_KEY && (rule->by >> s->signer & 1) != 0 &&
			 *by == NULL)
			*by = s;
		else
			return refuse(r, STATUS_BAD_SIGNATURE,
			    "it is signed by one who has no say in it, or twice");
	}
	if (*by == NULL || (rule->also != 0 && *also == NULL))
		return refuse(r, STATUS_BAD_SIGNATURE, "a signature is missing");
	return STATUS_OK;
}

static enum status
check_signatures(
    struct ruling *r, const struct rule *rule, const struct signed_statement *signed_statement)
{
	const struct leaf_signature *by, *also;
	const uint8_t *key = r->directory->root;
	enum status rc;

	if ((rc = sort_signatures(r, rule, signed_statement, &by, &also)) != STATUS_OK)
		return rc;
	if (by->signer == SIGNER_PARTY)
		rc = party_key(r, &key);
	else if (r->statement.signing_epoch != 0)
		rc = bad(r, "it names a signing epoch that did not sign it");
	else if (by->signer == SIGNER_REGISTRAR)
		rc = registrar_key(r, &key);
	if (rc != STATUS_OK)
		return rc;
	rc = statement_verify(signed_statement->view, key, by);
	if (rc == STATUS_OK && also != NULL)
		rc = statement_verify(signed_statement->view, r->statement.key, also);
	return rc == STATUS_BAD_SIGNATURE ? refuse(r, rc, "a signature does not fit") : rc;
}

enum status
rules_check(const struct directory *directory, const struct signed_statement *signed_statement,
    uint64_t now_ms, struct ruling *out)
{
	struct ruling *r = out;
	const struct rule *rule;
	enum status rc;

	*r = (struct ruling){.directory = directory, .now_ms = now_ms, .detail = ""};
	if (signed_statement->signature_count > LEAF_SIGNATURES_MAX)
		return refuse(r, STATUS_MALFORMED, "it has too many signatures");
	if ((rc = statement_parse(signed_statement->view, &r->statement)) != STATUS_OK)
		return refuse(r, rc, "it is not of the form");
	if (!bytes_is_text(r->statement.network, directory->network))
		return refuse(r, STATUS_WRONG_NETWORK, "it is of another network");
	if (is_beyond(r->statement.time_ms, now_ms, TOLERANCE_MS))
		return refuse(r, STATUS_CLOCK_SKEW, "it is of the future");
	if (!directory->founded && r->statement.kind != STATEMENT_NETWORK)
		return bad(r, "the network is not founded yet");
	rule = &rules[r->statement.kind];
	if (r->statement.party.len > 0)
		r->member = roster_member(&directory->roster, r->statement.party);
	if (rule->of_member && r->member == NULL)
		return refuse(r, STATUS_UNKNOWN_PARTY, "no such party was admitted");
	if ((rc = check_signatures(r, rule, signed_statement)) != STATUS_OK)
		return rc;
	return rule->check(r);
}
