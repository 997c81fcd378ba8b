/* services/runtime/store/people_store.h: the people at the desk: names sealed, looked up by keyed hash. */
#ifndef SAIKNE_PEOPLE_STORE_H
#define SAIKNE_PEOPLE_STORE_H

#include "protocol/base/suite.h"
#include "protocol/host/database.h"

/* How somebody comes to the desk. A row is never removed: records refer to it. */
enum person_kind {
	PERSON_UNIX,   /* a unix user that [roles] of the configuration names */
	PERSON_LOGIN,  /* an account with a password */
	PERSON_SYSTEM, /* a program with a token */
	PERSON_KIND_COUNT
};

#define PERSON_ROLE_MAX 15

struct person_row {
	uint64_t n;
	enum person_kind kind;
	char role[PERSON_ROLE_MAX + 1]; /* its name */
	bool active;
	/* Failed attempts since the last good sign-in, the first of them, and how long it locks. */
	uint64_t failures, failed_since_ms, locked_until_ms;
	uint64_t created_ms, disabled_ms; /* DISABLED_MS 0: never */
};

/* The number that the next row gets. */
MUST_CHECK enum status people_store_next(struct database *db, uint64_t *n);
/* NAME sealed, NAME_HASH for the look-up. */
MUST_CHECK enum status people_store_add(struct database *db, const struct person_row *row,
    const uint8_t name_hash[static SUITE_HASH_LEN], struct bytes name);
/* All but kind, name and creation. */
MUST_CHECK enum status people_store_set(struct database *db, const struct person_row *row);

/* STATUS_NOT_FOUND from all of these. */
MUST_CHECK enum status people_store_get(
    struct database *db, uint64_t n, struct person_row *out);
MUST_CHECK enum status people_store_find(struct database *db,
    const uint8_t name_hash[static SUITE_HASH_LEN], struct person_row *out);
/* The first after AFTER. */
MUST_CHECK enum status people_store_after(
    struct database *db, uint64_t after, struct person_row *out);
/* The sealed stored form of the password; an absent view: none. */
MUST_CHECK enum status people_store_set_password(
    struct database *db, uint64_t n, struct bytes password);
/* Appends it, nothing when there is none. */
MUST_CHECK enum status people_store_password(
    struct database *db, uint64_t n, struct buffer *out);
/* The hash of an enrolment code and until when it holds; an absent view: none. */
MUST_CHECK enum status people_store_set_code(
    struct database *db, uint64_t n, struct bytes code, uint64_t until_ms);
/* Appends the hash, nothing when there is none. */
MUST_CHECK enum status people_store_code(
    struct database *db, uint64_t n, struct buffer *out, uint64_t *until_ms);
/* How many active accounts of ROLE have a password, besides EXCEPT. */
MUST_CHECK enum status people_store_count_role(
    struct database *db, const char *role, uint64_t except, uint64_t *count);
/* Appends the sealed name. */
MUST_CHECK enum status people_store_name(struct database *db, uint64_t n, struct buffer *out);

#endif
