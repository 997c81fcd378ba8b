/* protocol/trust/directory.h: who is in the network with which keys: a fold over logged statements. */
#ifndef SAIKNE_DIRECTORY_H
#define SAIKNE_DIRECTORY_H

#include "protocol/trust/statement.h"

/*
 * The directory is nothing but its statements, applied in the order of the log. Everyone who
 * folds the same statements over the same pinned root has the same directory. Key validity is
 * decided by log index: a key is good for the entries after the statement that brought it and
 * before the one that revoked or suspended it. A party's signing or transport key stays good
 * beside its successor, so that what is under way arrives, and ends with the second successor;
 * whoever distrusts it revokes it. A new registrar's keys end the former's at once.
 */
struct directory;

#define DIRECTORY_HEAD_LOUD_MS (24ULL * 3600 * 1000)
#define DIRECTORY_HEAD_STOP_MS (7ULL * 24 * 3600 * 1000)

/* NETWORK and ROOT are pinned (network.conf). */
MUST_CHECK enum status directory_create(
    const char *network, const uint8_t root[static SUITE_SIGN_PUBLIC], struct directory **out);
void directory_free(struct directory *directory);

/*
 * Whether STATEMENT follows from the directory at LOG_INDEX: signatures of whom its kind
 * demands, keys in force, epochs in sequence, 30 days and overlap for sealing epochs, 90 days
 * for registrars, keys never used before for any purpose. NOW_MS bounds its time (not more than
 * 5 minutes ahead). STATUS_BAD_STATEMENT, STATUS_BAD_SIGNATURE, STATUS_UNKNOWN_PARTY, ...;
 * DETAIL gets a short English reason.
 */
MUST_CHECK enum status directory_check(const struct directory *directory,
    const struct signed_statement *statement, uint64_t now_ms, const char **detail);
/*
 * The same, then applies it. Logged statements are applied with their leaf's time as NOW_MS,
 * which never falls: STATUS_BAD_STATEMENT, as for a LOG_INDEX that does not rise.
 */
MUST_CHECK enum status directory_apply(struct directory *directory, uint64_t log_index,
    const struct signed_statement *statement, uint64_t now_ms, const char **detail);

const char *directory_network(const struct directory *directory);
/* Statements applied so far, and the chain over them that a HEAD signs. */
uint64_t directory_length(const struct directory *directory);
void directory_chain(const struct directory *directory, uint8_t out[static SUITE_HASH_LEN]);
/* When the newest head was issued; 0 before the first. Compared with DIRECTORY_HEAD_*_MS. */
uint64_t directory_head_ms(const struct directory *directory);
/* When the registrar's certificate ends; 0 before the first. */
uint64_t directory_registrar_until_ms(const struct directory *directory);

/* From the NETWORK statement. False before it. */
MUST_CHECK bool directory_broker(const struct directory *directory,
    uint8_t transport[static SUITE_BOX_PUBLIC], const char **log_name,
    uint8_t log_key[static SUITE_SIGN_PUBLIC]);

/* An institution, auditor, or the registrar (code "registrar"). Lives with the directory. */
struct party {
	char code[PARTY_MAX + 1];
	char kind[KIND_MAX + 1];
	enum group group;
	char name[STATEMENT_NAME_MAX + 1];
	char municipality[STATEMENT_NAME_MAX + 1];
	uint64_t admitted_index;
	uint64_t suspended_index; /* 0: not suspended (index 0 is the NETWORK statement) */
};

const struct party *directory_party(const struct directory *directory, struct bytes code);
const struct party *directory_at(const struct directory *directory, unsigned i); /* NULL: end */
/* Whether the party was admitted and not suspended at LOG_INDEX (suspensions since lifted count
 * for the entries between). */
bool directory_active_at(
    const struct directory *directory, const struct party *party, uint64_t log_index);

/* Who holds a transport key now, unsuspended and unrevoked; NULL: nobody. Constant-time hashing
 * is not needed: the keys are public. */
const struct party *directory_by_transport(
    const struct directory *directory, const uint8_t key[static SUITE_BOX_PUBLIC]);

/*
 * The signing key EPOCH of PARTY for an entry at LOG_INDEX: STATUS_UNKNOWN_KEY when it is none
 * or not yet, STATUS_KEY_REVOKED after its revocation or its second successor,
 * STATUS_SUSPENDED.
 */
MUST_CHECK enum status directory_signing_key(const struct directory *directory,
    const struct party *party, uint64_t epoch, uint64_t log_index,
    uint8_t out[static SUITE_SIGN_PUBLIC]);
/* How many epochs of PURPOSE there ever were: the next one's number less one. */
uint64_t directory_epochs(
    const struct directory *directory, const struct party *party, enum key_purpose purpose);
/* The newest epoch of PURPOSE that is not ended; 0: none. Transport keys are counted as well. */
uint64_t directory_epoch(
    const struct directory *directory, const struct party *party, enum key_purpose purpose);
/* Where in the log a party's key EPOCH of PURPOSE was stated; false when it never was. */
MUST_CHECK bool directory_stated(const struct directory *directory, const struct party *party,
    enum key_purpose purpose, uint64_t epoch, uint64_t *log_index);
/* The newest signing epoch in force; 0: none. */
uint64_t directory_signing_epoch(const struct directory *directory, const struct party *party);

struct sealing_epoch {
	uint64_t epoch;
	uint8_t key[SUITE_BOX_PUBLIC];
	uint64_t not_before_ms, not_after_ms;
};
/* The sealing epoch EPOCH if in force at LOG_INDEX; STATUS_UNKNOWN_EPOCH, STATUS_KEY_REVOKED. */
MUST_CHECK enum status directory_sealing_epoch(const struct directory *directory,
    const struct party *party, uint64_t epoch, uint64_t log_index, struct sealing_epoch *out);
/* The newest one usable at NOW_MS; STATUS_UNKNOWN_EPOCH when none is. */
MUST_CHECK enum status directory_sealing_now(const struct directory *directory,
    const struct party *party, uint64_t now_ms, struct sealing_epoch *out);

#endif
