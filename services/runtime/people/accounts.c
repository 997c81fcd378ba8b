/* services/runtime/people/accounts.c: what an administrator does with people and systems. */
#include "services/runtime/people/accounts.h"

#include "protocol/host/oplog.h"
#include "services/runtime/people/access.h"

#include <stdio.h>
#include <string.h>

/* Without the letters that are taken for digits. */
static const char digits[] = "23456789abcdefghjkmnpqrstuvwxyz";

#define DIGITS      (sizeof(digits) - 1)
#define CODE_DIGITS 20 /* of almost 5 bits each */
#define CODE_TAG    "saikne-v1-enrolment-code"

/* ---- Codes ------------------------------------------------------------------------------- */

static void
hash_code(const char code[static CODE_DIGITS], uint8_t out[static SUITE_HASH_LEN])
{
	const struct bytes part = {(const uint8_t *)code, CODE_DIGITS};

	suite_hash(CODE_TAG, &part, 1, out);
}

/* The digits of a code as somebody types it. */
static bool
read_code(const char *text, char out[static CODE_DIGITS])
{
	size_t count = 0;

	for (; *text != '\0'; text++) {
		char c = *text;

		if (c == '-' || c == ' ')
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (count == CODE_DIGITS || strchr(digits, c) == NULL)
			return false;
		out[count++] = c;
	}
	return count == CODE_DIGITS;
}

static enum status
new_code(struct service *service, uint64_t person, struct accounts_code *out)
{
	uint8_t random[CODE_DIGITS], hash[SUITE_HASH_LEN];
	char code[CODE_DIGITS], *at = out->text;

	suite_random(random, sizeof(random));
	for (unsigned i = 0; i < CODE_DIGITS; i++) {
		code[i] = digits[random[i] % DIGITS];
		if (i > 0 && i % 5 == 0)
			*at++ = '-';
		*at++ = code[i];
	}
	*at = '\0';
	hash_code(code, hash);
	suite_wipe(code, sizeof(code));
	out->until_ms = service->now_ms + ACCOUNTS_CODE_MS;
	return people_store_set_code(service->db, person, BYTES(hash), out->until_ms);
}

bool
accounts_code_fits(const struct service *service, uint64_t person, const char *code)
{
	struct buffer stored = {0};
	uint8_t hash[SUITE_HASH_LEN];
	char typed[CODE_DIGITS];
	uint64_t until_ms = 0;
	bool fits = false;

	if (read_code(code, typed) &&
	    people_store_code(service->db, person, &stored, &until_ms) == STATUS_OK &&
	    stored.len == sizeof(hash) && service->now_ms < until_ms) {
		hash_code(typed, hash);
		fits = suite_equal(hash, stored.data, sizeof(hash));
	}
	suite_wipe(typed, sizeof(typed));
	buffer_free(&stored);
	return fits;
}

/* ---- Accounts ---------------------------------------------------------------------------- */

bool
accounts_is_login(const char *login)
{
	size_t len = strlen(login);

	/* Digits alone are a person's number. */
	return len >= 2 && len <= ACCOUNTS_LOGIN_MAX && strspn(login, "0123456789") < len &&
	       strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-") == len;
}

static bool
is_configured(const struct service *service, const char *name)
{
	char user[64];

	for (unsigned i = 0; i < service->config.role_count; i++) {
		service_role_user(service, i, user);
		if (strcmp(user, name) == 0)
			return true;
	}
	return false;
}

/* Cases are given to people by name: of two that bear one, the other would get them. */
static enum status
is_free(const struct service *service, enum person_kind kind, const char *name)
{
	struct person_row row;
	enum status rc = STATUS_NOT_FOUND;

	for (unsigned i = 0; rc == STATUS_NOT_FOUND && i < PERSON_KIND_COUNT; i++)
		/* A system bears its name again with its next token. */
		if (i != kind || kind != PERSON_SYSTEM)
			rc = people_find(service, (enum person_kind)i, name, &row);
	if (rc == STATUS_OK || is_configured(service, name))
		return STATUS_ID_CONFLICT;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
accounts_check_roles(const struct service *service)
{
	struct person_row row;
	char user[64];

	for (unsigned i = 0; i < service->config.role_count; i++) {
		enum status rc;

		service_role_user(service, i, user);
		rc = people_find(service, PERSON_LOGIN, user, &row);
		if (rc == STATUS_NOT_FOUND)
			rc = people_find(service, PERSON_SYSTEM, user, &row);
		if (rc == STATUS_NOT_FOUND)
			continue;
		if (rc != STATUS_OK)
			return rc;
		oplog(OPLOG_ERROR,
		    "line %u under [roles] is for a unix user whose name is an account's or a "
		    "token's here: records could not tell the two apart. Take the line out, "
		    "and "
		    "let that person sign in; or give it to a unix user of another name",
		    i + 1);
		return STATUS_BAD_CONFIG;
	}
	return STATUS_OK;
}

/* The end of each act: commits with its record, or undoes. */
static enum status
finish(struct service *service, enum status rc, const struct actor *by, const char *what,
    uint64_t about)
{
	if (rc == STATUS_OK)
		rc = access_record_about(service, by, about, what);
	return service_end(service, rc, "people");
}

enum status
accounts_add(struct service *service, const struct actor *by, const char *login, enum role role,
    uint64_t *person, struct accounts_code *code)
{
	struct person_row row = {.kind = PERSON_LOGIN, .active = true};
	enum status rc = is_free(service, PERSON_LOGIN, login);

	if (rc != STATUS_OK || (rc = service_begin(service)) != STATUS_OK)
		return rc;
	snprintf(row.role, sizeof(row.role), "%s", service_role_name(role));
	rc = people_add(service, login, &row);
	if (rc == STATUS_OK)
		rc = new_code(service, row.n, code);
	*person = row.n;
	return finish(service, rc, by, "person_added", row.n);
}

static enum status
get_account(const struct service *service, uint64_t person, struct person_row *out)
{
	enum status rc = people_store_get(service->db, person, out);

	return rc == STATUS_OK && out->kind != PERSON_LOGIN ? STATUS_NOT_FOUND : rc;
}

/* Whether somebody else could still administrate: by the configuration, or with a password. */
static enum status
others_administrate(const struct service *service, const struct person_row *row)
{
	const char *name = service_role_name(ROLE_ADMINISTRATOR);
	uint64_t others;
	enum status rc;

	if (strcmp(row->role, name) != 0 || !row->active)
		return STATUS_OK;
	for (unsigned i = 0; i < service->config.role_count; i++)
		if (service->config.roles[i].role == ROLE_ADMINISTRATOR)
			return STATUS_OK;
	rc = people_store_count_role(service->db, name, row->n, &others);
	return rc == STATUS_OK && others == 0 ? STATUS_WRONG_STATE : rc;
}

static enum status
store(struct service *service, const struct person_row *row)
{
	enum status rc = people_store_set(service->db, row);

	return rc == STATUS_OK ? credential_store_drop_of(service->db, row->n) : rc;
}

enum status
accounts_set_role(
    struct service *service, const struct actor *by, uint64_t person, enum role role)
{
	struct person_row row;
	enum status rc = get_account(service, person, &row);

	if (rc == STATUS_OK && strcmp(row.role, service_role_name(role)) == 0)
		return STATUS_OK;
	if (rc == STATUS_OK)
		rc = others_administrate(service, &row);
	if (rc != STATUS_OK || (rc = service_begin(service)) != STATUS_OK)
		return rc;
	snprintf(row.role, sizeof(row.role), "%s", service_role_name(role));
	return finish(service, store(service, &row), by, "role_changed", person);
}

enum status
accounts_disable(struct service *service, const struct actor *by, uint64_t person)
{
	struct person_row row;
	enum status rc = get_account(service, person, &row);

	if (rc == STATUS_OK && !row.active)
		return STATUS_OK;
	if (rc == STATUS_OK)
		rc = others_administrate(service, &row);
	if (rc != STATUS_OK || (rc = service_begin(service)) != STATUS_OK)
		return rc;
	row.active = false;
	row.disabled_ms = service->now_ms;
	rc = store(service, &row);
	if (rc == STATUS_OK)
		rc = people_store_set_code(service->db, person, (struct bytes){0}, 0);
	return finish(service, rc, by, "person_disabled", person);
}

enum status
accounts_enable(struct service *service, const struct actor *by, uint64_t person)
{
	struct person_row row;
	enum status rc = get_account(service, person, &row);

	if (rc != STATUS_OK || (rc = service_begin(service)) != STATUS_OK)
		return rc;
	row.active = true;
	row.locked_until_ms = 0;
	row.failures = 0;
	return finish(
	    service, people_store_set(service->db, &row), by, "person_enabled", person);
}

enum status
accounts_reset(struct service *service, const struct actor *by, uint64_t person,
    struct accounts_code *code)
{
	struct person_row row;
	enum status rc = get_account(service, person, &row);

	/* Without a password nobody administrates. */
	if (rc == STATUS_OK)
		rc = others_administrate(service, &row);
	if (rc != STATUS_OK || (rc = service_begin(service)) != STATUS_OK)
		return rc;
	row.locked_until_ms = 0;
	row.failures = 0;
	rc = store(service, &row);
	if (rc == STATUS_OK)
		rc = people_store_set_password(service->db, person, (struct bytes){0});
	if (rc == STATUS_OK)
		rc = new_code(service, person, code);
	return finish(service, rc, by, "password_reset", person);
}

/* ---- Tokens ------------------------------------------------------------------------------ */

static enum status
has_token(const struct service *service, uint64_t person)
{
	struct credential_row row = {0};
	enum status rc;

	while ((rc = credential_store_token_before(service->db, row.n, &row)) == STATUS_OK)
		if (row.person == person && row.ended_ms == 0 && row.until_ms > service->now_ms)
			return STATUS_ID_CONFLICT;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
accounts_make_token(struct service *service, const struct actor *by, const char *name,
    enum role role, uint64_t until_ms, char text[static CREDENTIAL_TEXT_MAX + 1], uint64_t *n)
{
	struct person_row row = {.kind = PERSON_SYSTEM, .active = true};
	enum status rc;

	if (role == ROLE_ADMINISTRATOR)
		return STATUS_ARGUMENT;
	if ((rc = is_free(service, PERSON_SYSTEM, name)) != STATUS_OK)
		return rc;
	rc = people_find(service, PERSON_SYSTEM, name, &row);
	if (rc == STATUS_OK)
		rc = has_token(service, row.n);
	else if (rc == STATUS_NOT_FOUND)
		rc = STATUS_OK;
	if (rc != STATUS_OK || (rc = service_begin(service)) != STATUS_OK)
		return rc;
	snprintf(row.role, sizeof(row.role), "%s", service_role_name(role));
	rc = row.n == 0 ? people_add(service, name, &row) : people_store_set(service->db, &row);
	if (rc == STATUS_OK)
		rc = credential_make(service, row.n, by->person, until_ms, text, n);
	return finish(service, rc, by, "token_made", row.n);
}

enum status
accounts_revoke_token(struct service *service, const struct actor *by, uint64_t n)
{
	struct credential_row row;
	enum status rc = credential_store_get(service->db, n, &row);

	if (rc == STATUS_OK && row.kind != CREDENTIAL_TOKEN)
		return STATUS_NOT_FOUND;
	if (rc == STATUS_OK && row.ended_ms != 0)
		return STATUS_OK;
	if (rc != STATUS_OK || (rc = service_begin(service)) != STATUS_OK)
		return rc;
	return finish(service, credential_store_end(service->db, n, service->now_ms), by,
	    "token_revoked", row.person);
}
