/* services/runtime/acts/acts_people.c: who the desk's people are, and what an administrator changes. */
#include "services/runtime/acts/acts_people.h"

#include <string.h>

#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/acts/acts_people_inside.h"
#include "services/runtime/people/access.h"

/* ---- What all of them share -------------------------------------------------------------- */

enum status
acts_people_may_change(const struct actor *actor, struct refusal *refusal)
{
	/* A system never changes who may do what. */
	if (actor->role == ROLE_ADMINISTRATOR && !actor->system)
		return STATUS_OK;
	return request_refuse(
	    refusal, STATUS_NOT_ALLOWED, "", "only an administrator does this");
}

bool
acts_people_number(const char *text, uint64_t *out)
{
	uint64_t n = 0;

	if (*text == '\0' || strlen(text) > 18)
		return false;
	for (; *text >= '0' && *text <= '9'; text++)
		n = n * 10 + (uint64_t)(*text - '0');
	*out = n;
	return *text == '\0';
}

enum status
acts_people_only(const json_t *request, const char *const *known, struct refusal *refusal)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)request, name, value)
	{
		unsigned i = 0;

		while (known[i] != NULL && strcmp(known[i], name) != 0)
			i++;
		if (known[i] == NULL)
			return request_refuse(refusal, STATUS_ARGUMENT, "",
			    "the request has a member that this address does not know");
	}
	return STATUS_OK;
}

enum status
acts_people_read_role(const json_t *request, enum role *out, struct refusal *refusal)
{
	const char *name = json_string_value(json_object_get(request, "role"));
	enum role role = name != NULL ? service_role_named(name) : ROLE_COUNT;

	if (role == ROLE_NONE || role == ROLE_COUNT)
		return request_refuse(refusal, STATUS_ARGUMENT, "role",
		    "role is specialist, case_manager, supervisor, head, auditor or "
		    "administrator");
	*out = role;
	return STATUS_OK;
}

json_t *
acts_people_time(uint64_t ms)
{
	return ms == 0 ? json_null() : request_time(ms);
}

/* ---- Oneself ----------------------------------------------------------------------------- */

enum status
acts_people_self(struct service *service, const struct actor *actor,
    const struct credential *credential, json_t **answer, struct refusal *refusal)
{
	const char *by = credential == NULL                       ? "unix"
	                 : credential->kind == CREDENTIAL_SESSION ? "session"
	                                                          : "token";

	service_tick(service);
	*answer = json_pack("{s:I, s:s, s:s, s:b, s:s, s:o}", "person",
	    (json_int_t)actor->person, "user", actor->user, "role",
	    service_role_name(actor->role), "system", actor->system, "by", by, "expires",
	    acts_people_time(credential != NULL ? credential->until_ms : 0));
	return *answer != NULL ? STATUS_OK
	                       : acts_fail(refusal, STATUS_NO_MEMORY, "reading who you are");
}

enum status
acts_people_sign_out(struct service *service, const struct actor *actor,
    const struct credential *credential, json_t **answer, struct refusal *refusal)
{
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (credential == NULL || credential->kind != CREDENTIAL_SESSION)
		return request_refuse(refusal, STATUS_WRONG_STATE, "",
		    "there is no session to end: you are known by your unix user or a token");
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "signing out");
	rc = credential_end(service, credential->hash);
	if (rc == STATUS_OK)
		rc = access_record_about(service, actor, actor->person, "signed_out");
	if (rc == STATUS_OK && (*answer = json_pack("{s:b}", "ended", 1)) == NULL)
		rc = STATUS_NO_MEMORY;
	if (service_end(service, rc, "sign_out") != STATUS_OK)
		return acts_fail(refusal, rc, "signing out");
	return STATUS_OK;
}

/* ---- The list ---------------------------------------------------------------------------- */

static enum status
add_account(struct service *service, const struct person_row *row, json_t *item)
{
	struct buffer secret = {0};
	uint64_t sessions = 0, code_until = 0;
	bool enrolled;
	enum status rc = people_store_password(service->db, row->n, &secret);
	int failed;

	enrolled = secret.len > 0;
	if (rc == STATUS_OK)
		rc = people_store_code(service->db, row->n, &secret, &code_until);
	if (rc == STATUS_OK)
		rc = credential_store_sessions(service->db, row->n, &sessions);
	buffer_free(&secret);
	if (rc != STATUS_OK)
		return rc;
	failed = json_object_set_new(item, "enrolled", json_boolean(enrolled));
	failed |= json_object_set_new(item, "code_until", acts_people_time(code_until));
	failed |=
	    json_object_set_new(item, "failures", json_integer((json_int_t)row->failures));
	failed |=
	    json_object_set_new(item, "failed_since", acts_people_time(row->failed_since_ms));
	failed |= json_object_set_new(item, "locked_until",
	    acts_people_time(
		row->locked_until_ms > service->now_ms ? row->locked_until_ms : 0));
	failed |= json_object_set_new(item, "sessions", json_integer((json_int_t)sessions));
	failed |= json_object_set_new(item, "created", acts_people_time(row->created_ms));
	failed |= json_object_set_new(
	    item, "disabled", acts_people_time(row->active ? 0 : row->disabled_ms));
	return failed == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status
make_item(struct service *service, const struct person_row *row, bool whole, json_t **out)
{
	char name[64];
	json_t *item = NULL;
	enum status rc = people_name(service, row->n, name);

	if (rc != STATUS_OK)
		return rc;
	item = json_pack("{s:I, s:s, s:s, s:s, s:b}", "person", (json_int_t)row->n, "kind",
	    people_kind_name(row->kind), "name", name, "role", row->role, "active",
	    row->active);
	rc = item == NULL ? STATUS_NO_MEMORY : STATUS_OK;
	if (rc == STATUS_OK && whole)
		rc = add_account(service, row, item);
	if (rc != STATUS_OK) {
		json_decref(item);
		return rc;
	}
	*out = item;
	return STATUS_OK;
}

static enum status
collect(struct service *service, bool whole, uint64_t after, unsigned limit, json_t *items,
    uint64_t *next)
{
	struct person_row row = {.n = after};
	uint64_t last;
	json_t *item;
	enum status rc = STATUS_OK;

	*next = 0;
	for (unsigned i = 0; rc == STATUS_OK; i++) {
		last = row.n;
		rc = people_store_after(service->db, row.n, &row);
		if (rc == STATUS_OK && i == limit) {
			*next = last;
			return STATUS_OK;
		}
		if (rc == STATUS_OK)
			rc = make_item(service, &row, whole, &item);
		if (rc == STATUS_OK && json_array_append_new(items, item) != 0)
			rc = STATUS_NO_MEMORY;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
acts_people_list(struct service *service, const struct actor *actor, const char *after,
    unsigned limit, json_t **answer, struct refusal *refusal)
{
	bool whole = actor->role == ROLE_ADMINISTRATOR || actor->role == ROLE_AUDITOR;
	uint64_t from = 0, next;
	json_t *items;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (!whole && (rc = acts_may_read(actor, refusal)) != STATUS_OK)
		return rc;
	if (after != NULL && (!acts_people_number(after, &from) || from == 0))
		return request_refuse(refusal, STATUS_ARGUMENT, "after",
		    "after is the cursor of the page before");
	items = json_array();
	rc = items == NULL ? STATUS_NO_MEMORY
	                   : collect(service, whole, from, limit, items, &next);
	if (rc == STATUS_OK)
		*answer = json_pack("{s:O, s:o}", "items", items, "next",
		    next == 0 ? json_null() : json_sprintf("%llu", (unsigned long long)next));
	json_decref(items);
	if (rc == STATUS_OK && *answer == NULL)
		rc = STATUS_NO_MEMORY;
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "listing people");
}

/* ---- Changes ----------------------------------------------------------------------------- */

enum status
acts_people_add(struct service *service, const struct actor *actor, const json_t *request,
    json_t **answer, struct refusal *refusal)
{
	static const char *const known[] = {"login", "role", NULL};
	const char *login = json_string_value(json_object_get(request, "login"));
	struct accounts_code code;
	uint64_t person;
	enum role role = ROLE_NONE;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_people_may_change(actor, refusal)) != STATUS_OK ||
	    (rc = acts_people_only(request, known, refusal)) != STATUS_OK ||
	    (rc = acts_people_read_role(request, &role, refusal)) != STATUS_OK)
		return rc;
	if (login == NULL || !accounts_is_login(login))
		return request_refuse(refusal, STATUS_ARGUMENT, "login",
		    "login has 2 to 32 of a-z, 0-9, '.', '_' and '-', not digits alone");
	rc = accounts_add(service, actor, login, role, &person, &code);
	if (rc == STATUS_ID_CONFLICT)
		return request_refuse(refusal, rc, "login",
		    "this login is another person's here, now or earlier, or a unix user's "
		    "under [roles] of the configuration: choose another");
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "adding the person");
	*answer = json_pack("{s:I, s:s, s:s, s:s, s:o}", "person", (json_int_t)person, "login",
	    login, "role", service_role_name(role), "code", code.text, "code_until",
	    acts_people_time(code.until_ms));
	suite_wipe(&code, sizeof(code));
	return *answer != NULL ? STATUS_OK : acts_fail(refusal, STATUS_NO_MEMORY, "answering");
}

/* What a refused change means to the administrator. */
static enum status
refuse_change(struct refusal *refusal, enum status rc)
{
	if (rc == STATUS_NOT_FOUND)
		return request_refuse(refusal, rc, "person",
		    "there is no account of this number; unix users are changed under [roles] "
		    "of the service's configuration, systems by their tokens");
	if (rc == STATUS_WRONG_STATE)
		return request_refuse(refusal, rc, "person",
		    "this is the last active administrator with a password: make another one "
		    "first");
	return acts_fail(refusal, rc, "changing the person");
}

static enum status
change(struct service *service, const struct actor *actor, uint64_t person, const char *verb,
    const json_t *request, struct accounts_code *code, struct refusal *refusal)
{
	static const char *const with_role[] = {"role", NULL}, *const none[] = {NULL};
	bool sets_role = strcmp(verb, "role") == 0;
	enum role role = ROLE_NONE;
	enum status rc = acts_people_only(request, sets_role ? with_role : none, refusal);

	if (rc != STATUS_OK)
		return rc;
	if (sets_role) {
		if ((rc = acts_people_read_role(request, &role, refusal)) != STATUS_OK)
			return rc;
		rc = accounts_set_role(service, actor, person, role);
	} else if (strcmp(verb, "disable") == 0) {
		rc = accounts_disable(service, actor, person);
	} else if (strcmp(verb, "enable") == 0) {
		rc = accounts_enable(service, actor, person);
	} else if (strcmp(verb, "reset") == 0) {
		rc = accounts_reset(service, actor, person, code);
	} else {
		return request_refuse(refusal, STATUS_NOT_FOUND, "",
		    "there is no such address: role, disable, enable and reset are");
	}
	return rc == STATUS_OK ? rc : refuse_change(refusal, rc);
}

enum status
acts_people_change(struct service *service, const struct actor *actor, const char *person,
    const char *verb, const json_t *request, json_t **answer, struct refusal *refusal)
{
	struct accounts_code code = {0};
	struct person_row row;
	uint64_t n = 0;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_people_may_change(actor, refusal)) != STATUS_OK)
		return rc;
	if (!acts_people_number(person, &n))
		return refuse_change(refusal, STATUS_NOT_FOUND);
	if ((rc = change(service, actor, n, verb, request, &code, refusal)) != STATUS_OK)
		return rc;
	if ((rc = people_store_get(service->db, n, &row)) != STATUS_OK)
		return acts_fail(refusal, rc, "reading the person");
	*answer = json_pack(
	    "{s:I, s:s, s:b}", "person", (json_int_t)n, "role", row.role, "active", row.active);
	if (code.text[0] != '\0' && *answer != NULL) {
		(void)json_object_set_new(*answer, "code", json_string(code.text));
		(void)json_object_set_new(
		    *answer, "code_until", acts_people_time(code.until_ms));
	}
	suite_wipe(&code, sizeof(code));
	return *answer != NULL ? STATUS_OK : acts_fail(refusal, STATUS_NO_MEMORY, "answering");
}
