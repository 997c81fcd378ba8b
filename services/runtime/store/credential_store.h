/* services/runtime/store/credential_store.h: sessions and tokens, of which only hashes are kept. */
#ifndef SAIKNE_CREDENTIAL_STORE_H
#define SAIKNE_CREDENTIAL_STORE_H

#include "protocol/base/suite.h"
#include "protocol/host/database.h"

enum credential_kind { CREDENTIAL_SESSION, CREDENTIAL_TOKEN, CREDENTIAL_KIND_COUNT };

struct credential_row {
	uint64_t n;
	enum credential_kind kind;
	uint64_t person, made_by;
	uint64_t created_ms, until_ms, used_ms; /* USED_MS 0: never */
	uint64_t ended_ms;                      /* of a token, which is kept; 0: it holds */
};

/* N is given. */
MUST_CHECK enum status credential_store_add(
    struct database *db, struct credential_row *row, const uint8_t hash[static SUITE_HASH_LEN]);
/* STATUS_NOT_FOUND. */
MUST_CHECK enum status credential_store_find(
    struct database *db, const uint8_t hash[static SUITE_HASH_LEN], struct credential_row *out);
MUST_CHECK enum status credential_store_get(
    struct database *db, uint64_t n, struct credential_row *out);
MUST_CHECK enum status credential_store_use(struct database *db, uint64_t n, uint64_t used_ms);
/* A token ends and stays in the list. */
MUST_CHECK enum status credential_store_end(struct database *db, uint64_t n, uint64_t ended_ms);
/* Sessions end and are gone: one, all of a person, all that idled or lasted too long. */
MUST_CHECK enum status credential_store_drop(struct database *db, uint64_t n);
MUST_CHECK enum status credential_store_drop_of(struct database *db, uint64_t person);
MUST_CHECK enum status credential_store_drop_old(
    struct database *db, uint64_t used_before_ms, uint64_t now_ms);
/* Leaves the MOST sessions of a person that were used last. */
MUST_CHECK enum status credential_store_drop_above(
    struct database *db, uint64_t person, unsigned most);
MUST_CHECK enum status credential_store_sessions(
    struct database *db, uint64_t person, uint64_t *count);
/* The newest token below BEFORE (0: the newest); STATUS_NOT_FOUND. */
MUST_CHECK enum status credential_store_token_before(
    struct database *db, uint64_t before, struct credential_row *out);

#endif
