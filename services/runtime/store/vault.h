/* services/runtime/store/vault.h: sealing at rest: storage key → a key for each case → sealed fields. */
#ifndef SAIKNE_VAULT_H
#define SAIKNE_VAULT_H

#include "protocol/base/suite.h"

/*
 * Personal data stands in the database only as sealed fields: XChaCha20-Poly1305 under the
 * case's own random key, bound to its place, so that nothing can be moved to another row. Case
 * keys are wrapped by the institution's storage key. Destroying a wrapped key makes all of the
 * case unreadable.
 */
struct vault;

/* Where a sealed field stands; TABLE and COLUMN are literals. */
struct vault_place {
	const char *table;
	uint64_t row;
	const char *column;
};

/* Keeps a copy of STORAGE in guarded memory. */
MUST_CHECK enum status vault_create(
    const uint8_t storage[static SUITE_KEY_LEN], struct vault **out);
void vault_free(struct vault *vault);

/* A case's key in the clear; wipe it by vault_forget(). */
struct case_key {
	uint8_t byte[SUITE_KEY_LEN];
};

/* A new random key and its wrapped form for case CASE_N, appended. */
MUST_CHECK enum status vault_new_key(
    const struct vault *vault, uint64_t case_n, struct case_key *key, struct buffer *wrapped);
/* STATUS_CANNOT_OPEN: not wrapped by this storage key for this case. */
MUST_CHECK enum status vault_key(
    const struct vault *vault, uint64_t case_n, struct bytes wrapped, struct case_key *key);
void vault_forget(struct case_key *key);

/* Appends the sealed form; an absent view (NULL data) stays absent: nothing is appended. */
MUST_CHECK enum status vault_seal(const struct case_key *key, const struct vault_place *place,
    struct bytes plain, struct buffer *out);
/* STATUS_CANNOT_OPEN: another key, another place, or changed bytes. */
MUST_CHECK enum status vault_open(const struct case_key *key, const struct vault_place *place,
    struct bytes sealed, struct buffer *out);

/* What belongs to the institution rather than a case (private halves of sealing epochs). */
MUST_CHECK enum status vault_seal_own(const struct vault *vault,
    const struct vault_place *place, struct bytes plain, struct buffer *out);
MUST_CHECK enum status vault_open_own(const struct vault *vault,
    const struct vault_place *place, struct bytes sealed, struct buffer *out);

/*
 * A name among the institution's own (WHAT: a literal, "unix" or "login"), for look-ups: keyed by
 * the storage key, so that the database alone does not tell who somebody is.
 */
void vault_own_name(const struct vault *vault, const char *what, struct bytes name,
    uint8_t out[static SUITE_HASH_LEN]);

/* A person within one case, for look-ups: keyed, so that it says nothing once the key is gone. */
void vault_person(
    const struct case_key *key, const char *user, uint8_t out[static SUITE_HASH_LEN]);

/*
 * A word for look-ups across cases (search_store.h), keyed by what the storage key gives: who
 * has the database alone can neither read a word nor try one. Each kind has a domain of its
 * own; the numbers are stored.
 */
#define VAULT_WORD_LEN 16
enum vault_word_kind {
	VAULT_FILE_NUMBER = 1,
	VAULT_LABEL = 2,
	VAULT_CODE = 3,
	VAULT_NAME = 4,
};
void vault_word(const struct vault *vault, enum vault_word_kind kind, struct bytes word,
    uint8_t out[static VAULT_WORD_LEN]);

#endif
