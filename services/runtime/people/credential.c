/* services/runtime/people/credential.c: what somebody shows at each request: a session or a token. */
#include "services/runtime/people/credential.h"

#include <stdio.h>
#include <string.h>

#define SECRET_LEN  32
#define HASH_TAG    "saikne-v1-credential"
#define USE_NOTE_MS (60ULL * 1000)
#define PREFIX_LEN  4

static const char *const prefixes[CREDENTIAL_KIND_COUNT] = {
    [CREDENTIAL_SESSION] = "ses_",
    [CREDENTIAL_TOKEN] = "tok_",
};

/* 32 random bytes need no slow hash. The prefix is of the text, not of what is hashed. */
static void
hash_secret(const uint8_t secret[static SECRET_LEN], uint8_t out[static SUITE_HASH_LEN])
{
	const struct bytes part = {secret, SECRET_LEN};

	suite_hash(HASH_TAG, &part, 1, out);
}

static bool
read_text(const char *text, enum credential_kind *kind, uint8_t hash[static SUITE_HASH_LEN])
{
	uint8_t secret[SECRET_LEN];

	for (unsigned i = 0; i < CREDENTIAL_KIND_COUNT; i++) {
		if (strncmp(text, prefixes[i], PREFIX_LEN) != 0)
			continue;
		if (!bytes_from_hex(bytes_of_text(text + PREFIX_LEN), secret, sizeof(secret)))
			return false;
		hash_secret(secret, hash);
		suite_wipe(secret, sizeof(secret));
		*kind = (enum credential_kind)i;
		return true;
	}
	return false;
}

static bool
is_alive(const struct service *service, const struct credential_row *row)
{
	if (row->ended_ms != 0 || service->now_ms >= row->until_ms)
		return false;
	return row->kind == CREDENTIAL_TOKEN ||
	       service->now_ms < row->used_ms + CREDENTIAL_IDLE_MS;
}

/* The person behind a living credential; STATUS_NOT_SIGNED_IN when there is none. */
static enum status
look_up(const struct service *service, const uint8_t hash[static SUITE_HASH_LEN],
    struct credential_row *row, struct person_row *person)
{
	enum status rc = credential_store_find(service->db, hash, row);

	if (rc == STATUS_OK && !is_alive(service, row))
		rc = STATUS_NOT_FOUND;
	if (rc == STATUS_OK)
		rc = people_store_get(service->db, row->person, person);
	if (rc == STATUS_OK && !person->active)
		rc = STATUS_NOT_FOUND;
	return rc == STATUS_NOT_FOUND ? STATUS_NOT_SIGNED_IN : rc;
}

static enum status
note_use(struct service *service, const struct credential_row *row)
{
	enum status rc;

	if (service->now_ms < row->used_ms + USE_NOTE_MS)
		return STATUS_OK;
	if ((rc = service_begin(service)) != STATUS_OK)
		return rc;
	rc = credential_store_use(service->db, row->n, service->now_ms);
	return service_end(service, rc, "session");
}

enum status
credential_of(struct service *service, const char *text, struct credential *out)
{
	struct credential found = {0};
	struct credential_row row;
	struct person_row person;
	enum credential_kind kind;
	enum status rc;

	service_tick(service);
	if (!read_text(text, &kind, found.hash))
		return STATUS_NOT_SIGNED_IN;
	if ((rc = look_up(service, found.hash, &row, &person)) != STATUS_OK)
		return rc;
	if (row.kind != kind)
		return STATUS_NOT_SIGNED_IN;
	found.kind = kind;
	found.until_ms = row.until_ms;
	found.actor.person = person.n;
	found.actor.role = service_role_named(person.role);
	found.actor.system = person.kind == PERSON_SYSTEM;
	if (found.actor.role == ROLE_NONE || found.actor.role == ROLE_COUNT)
		return STATUS_DATABASE;
	if ((rc = people_name(service, person.n, found.actor.user)) != STATUS_OK ||
	    (rc = note_use(service, &row)) != STATUS_OK)
		return rc;
	*out = found;
	return STATUS_OK;
}

bool
credential_holds(const struct service *service, const uint8_t hash[static SUITE_HASH_LEN])
{
	struct credential_row row;
	struct person_row person;

	return look_up(service, hash, &row, &person) == STATUS_OK;
}

static enum status
add(struct service *service, struct credential_row *row,
    char text[static CREDENTIAL_TEXT_MAX + 1])
{
	uint8_t secret[SECRET_LEN], hash[SUITE_HASH_LEN];
	enum status rc;

	suite_random(secret, sizeof(secret));
	hash_secret(secret, hash);
	row->created_ms = service->now_ms;
	rc = credential_store_add(service->db, row, hash);
	memcpy(text, prefixes[row->kind], PREFIX_LEN);
	bytes_to_hex(BYTES(secret), text + PREFIX_LEN);
	suite_wipe(secret, sizeof(secret));
	return rc;
}

enum status
credential_begin(struct service *service, uint64_t person,
    char text[static CREDENTIAL_TEXT_MAX + 1], uint64_t *until_ms)
{
	uint64_t now = service->now_ms;
	struct credential_row row = {.kind = CREDENTIAL_SESSION,
	    .person = person,
	    .made_by = person,
	    .used_ms = now,
	    .until_ms = now + CREDENTIAL_SESSION_MS};
	uint64_t idle = now > CREDENTIAL_IDLE_MS ? now - CREDENTIAL_IDLE_MS : 0;
	enum status rc = credential_store_drop_old(service->db, idle, now);

	if (rc == STATUS_OK)
		rc = credential_store_drop_above(
		    service->db, person, CREDENTIAL_SESSIONS_MAX - 1);
	if (rc == STATUS_OK)
		rc = add(service, &row, text);
	*until_ms = row.until_ms;
	return rc;
}

enum status
credential_make(struct service *service, uint64_t person, uint64_t made_by, uint64_t until_ms,
    char text[static CREDENTIAL_TEXT_MAX + 1], uint64_t *n)
{
	struct credential_row row = {.kind = CREDENTIAL_TOKEN,
	    .person = person,
	    .made_by = made_by,
	    .until_ms = until_ms};
	enum status rc = add(service, &row, text);

	*n = row.n;
	return rc;
}

enum status
credential_end(struct service *service, const uint8_t hash[static SUITE_HASH_LEN])
{
	struct credential_row row;
	enum status rc = credential_store_find(service->db, hash, &row);

	if (rc == STATUS_OK)
		rc = credential_store_drop(service->db, row.n);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}
