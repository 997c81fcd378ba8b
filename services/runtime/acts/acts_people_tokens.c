/* services/runtime/acts/acts_people_tokens.c: tokens by which other programs of the house come in. */
#include <string.h>

#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/acts/acts_people_inside.h"

#define TOKENS_MAX   500
#define NAME_MAX_LEN 60
#define DAY_MS       (24ULL * 3600 * 1000)

static json_t *
token_item(struct service *service, const struct credential_row *row)
{
	struct person_row person;
	char name[64], by[64];

	if (people_store_get(service->db, row->person, &person) != STATUS_OK ||
	    people_name(service, row->person, name) != STATUS_OK ||
	    people_name(service, row->made_by, by) != STATUS_OK)
		return NULL;
	return json_pack("{s:I, s:I, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:b}", "token",
	    (json_int_t)row->n, "person", (json_int_t)row->person, "name", name, "role",
	    person.role, "made_by", by, "created", acts_people_time(row->created_ms), "expires",
	    acts_people_time(row->until_ms), "used", acts_people_time(row->used_ms), "revoked",
	    acts_people_time(row->ended_ms), "holds",
	    row->ended_ms == 0 && row->until_ms > service->now_ms);
}

enum status
acts_people_tokens(struct service *service, const struct actor *actor, json_t **answer,
    struct refusal *refusal)
{
	struct credential_row row = {0};
	json_t *items;
	enum status rc = STATUS_OK;

	*answer = NULL;
	service_tick(service);
	if (actor->role != ROLE_AUDITOR &&
	    (rc = acts_people_may_change(actor, refusal)) != STATUS_OK)
		return rc;
	items = json_array();
	for (unsigned i = 0; i < TOKENS_MAX && rc == STATUS_OK; i++) {
		rc = credential_store_token_before(service->db, row.n, &row);
		if (rc == STATUS_OK &&
		    json_array_append_new(items, token_item(service, &row)) != 0)
			rc = STATUS_NO_MEMORY;
	}
	if (rc == STATUS_NOT_FOUND)
		rc = STATUS_OK;
	if (rc == STATUS_OK && (*answer = json_pack("{s:O}", "items", items)) == NULL)
		rc = STATUS_NO_MEMORY;
	json_decref(items);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "listing tokens");
}

static enum status
read_name(const json_t *request, const char **out, struct refusal *refusal)
{
	const char *name = json_string_value(json_object_get(request, "name"));

	if (name == NULL || !bytes_is_utf8(bytes_of_text(name)) ||
	    strpbrk(name, "\n\t") != NULL || strlen(name) > NAME_MAX_LEN || strlen(name) < 2)
		return request_refuse(refusal, STATUS_ARGUMENT, "name",
		    "name says which system this is, in 2 to 60 bytes");
	*out = name;
	return STATUS_OK;
}

static enum status
read_days(const json_t *request, uint64_t *out, struct refusal *refusal)
{
	const json_t *days = json_object_get(request, "expires_days");

	if (!json_is_integer(days) || json_integer_value(days) < 1 ||
	    json_integer_value(days) > CREDENTIAL_DAYS_MAX)
		return request_refuse(refusal, STATUS_ARGUMENT, "expires_days",
		    "expires_days is a number from 1 to 365");
	*out = (uint64_t)json_integer_value(days);
	return STATUS_OK;
}

enum status
acts_people_make_token(struct service *service, const struct actor *actor,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	static const char *const known[] = {"name", "role", "expires_days", NULL};
	char secret[CREDENTIAL_TEXT_MAX + 1] = "";
	uint64_t days = 0, n = 0, until_ms;
	const char *name = NULL;
	enum role role = ROLE_NONE;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_people_may_change(actor, refusal)) != STATUS_OK ||
	    (rc = acts_people_only(request, known, refusal)) != STATUS_OK ||
	    (rc = read_name(request, &name, refusal)) != STATUS_OK ||
	    (rc = acts_people_read_role(request, &role, refusal)) != STATUS_OK ||
	    (rc = read_days(request, &days, refusal)) != STATUS_OK)
		return rc;
	if (role == ROLE_ADMINISTRATOR)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "role", "a system is never an administrator");
	until_ms = service->now_ms + days * DAY_MS;
	rc = accounts_make_token(service, actor, name, role, until_ms, secret, &n);
	if (rc == STATUS_ID_CONFLICT)
		return request_refuse(refusal, rc, "name",
		    "this system has a token that holds, or a person bears the name: revoke "
		    "it first, or take another");
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "making the token");
	*answer = json_pack("{s:I, s:s, s:s, s:s, s:o}", "token", (json_int_t)n, "name", name,
	    "role", service_role_name(role), "secret", secret, "expires",
	    acts_people_time(until_ms));
	suite_wipe(secret, sizeof(secret));
	return *answer != NULL ? STATUS_OK : acts_fail(refusal, STATUS_NO_MEMORY, "answering");
}

enum status
acts_people_revoke_token(struct service *service, const struct actor *actor, const char *token,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	static const char *const known[] = {NULL};
	uint64_t n = 0;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_people_may_change(actor, refusal)) != STATUS_OK ||
	    (rc = acts_people_only(request, known, refusal)) != STATUS_OK)
		return rc;
	rc = acts_people_number(token, &n) ? accounts_revoke_token(service, actor, n)
	                                   : STATUS_NOT_FOUND;
	if (rc == STATUS_NOT_FOUND)
		return request_refuse(refusal, rc, "token", "there is no such token");
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "revoking the token");
	*answer = json_pack("{s:I, s:b}", "token", (json_int_t)n, "holds", 0);
	return *answer != NULL ? STATUS_OK : acts_fail(refusal, STATUS_NO_MEMORY, "answering");
}
