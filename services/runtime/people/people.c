/* services/runtime/people/people.c: who asks at the desk: unix users and accounts, one row each. */
#include "services/runtime/people/people.h"

#include <stdio.h>
#include <string.h>

static const char table[] = "people", name_column[] = "name";

const char *
people_kind_name(enum person_kind kind)
{
	static const char *const names[PERSON_KIND_COUNT] = {
	    [PERSON_UNIX] = "unix",
	    [PERSON_LOGIN] = "login",
	    [PERSON_SYSTEM] = "system",
	};

	return kind < PERSON_KIND_COUNT ? names[kind] : "";
}

static void
hash_name(const struct service *service, enum person_kind kind, const char *name,
    uint8_t out[static SUITE_HASH_LEN])
{
	vault_own_name(service->vault, people_kind_name(kind), bytes_of_text(name), out);
}

enum status
people_find(const struct service *service, enum person_kind kind, const char *name,
    struct person_row *out)
{
	uint8_t hash[SUITE_HASH_LEN];

	hash_name(service, kind, name, hash);
	return people_store_find(service->db, hash, out);
}

enum status
people_add(struct service *service, const char *name, struct person_row *row)
{
	struct vault_place place = {table, 0, name_column};
	struct buffer sealed = {0};
	uint8_t hash[SUITE_HASH_LEN];
	enum status rc = people_store_next(service->db, &row->n);

	hash_name(service, row->kind, name, hash);
	place.row = row->n;
	row->created_ms = service->now_ms;
	if (rc == STATUS_OK)
		rc = vault_seal_own(service->vault, &place, bytes_of_text(name), &sealed);
	if (rc == STATUS_OK)
		rc = people_store_add(service->db, row, hash, bytes_of_buffer(&sealed));
	buffer_free(&sealed);
	return rc;
}

/* The row as the configuration has it now. */
static enum status
bring_up(struct service *service, const char *user, struct person_row *row)
{
	enum status rc = service_begin(service);

	if (rc != STATUS_OK)
		return rc;
	rc = row->n == 0 ? people_add(service, user, row) : people_store_set(service->db, row);
	return service_end(service, rc, "person");
}

enum status
people_enter(struct service *service, const char *user, enum role role, struct actor *out)
{
	const char *name = service_role_name(role);
	struct person_row row = {.kind = PERSON_UNIX, .active = true};
	struct actor actor = {.role = role};
	enum status rc;

	if (!bytes_to_text(bytes_of_text(user), actor.user, sizeof(actor.user)))
		return STATUS_TOO_LARGE;
	rc = people_find(service, PERSON_UNIX, user, &row);
	if (rc == STATUS_NOT_FOUND)
		rc = STATUS_OK;
	if (rc == STATUS_OK && strcmp(row.role, name) != 0) {
		snprintf(row.role, sizeof(row.role), "%s", name);
		rc = bring_up(service, user, &row);
	}
	if (rc != STATUS_OK)
		return rc;
	actor.person = row.n;
	*out = actor;
	return STATUS_OK;
}

enum status
people_of_unix(struct service *service, uid_t uid, struct actor *out)
{
	struct actor actor = {0};

	service_tick(service);
	actor.role = service_role_of(service, uid, actor.user);
	if (actor.role != ROLE_NONE)
		return people_enter(service, actor.user, actor.role, out);
	*out = actor;
	return STATUS_OK;
}

enum status
people_name(const struct service *service, uint64_t n, char out[static 64])
{
	const struct vault_place place = {table, n, name_column};
	struct buffer sealed = {0}, plain = {0};
	enum status rc = people_store_name(service->db, n, &sealed);

	if (rc == STATUS_OK)
		rc = vault_open_own(service->vault, &place, bytes_of_buffer(&sealed), &plain);
	if (rc == STATUS_OK && !bytes_to_text(bytes_of_buffer(&plain), out, 64))
		rc = STATUS_DATABASE;
	buffer_free(&sealed);
	buffer_free(&plain);
	return rc;
}
