/* protocol/trust/statement.h: what the directory is made of: signed statements in the log. */
#ifndef SAIKNE_STATEMENT_H
#define SAIKNE_STATEMENT_H

#include "protocol/trust/kind.h"
#include "protocol/wire/leaf.h"

/* STATEMENT(NAME, number, signed by, form after [number, network, time, ...]) */
#define STATEMENT_LIST(STATEMENT)                                                              \
	STATEMENT(NETWORK, 1, "root", "root key, log key name, log key, broker transport key") \
	STATEMENT(REGISTRAR, 2, "root", "signing key, transport key, not before, not after")   \
	STATEMENT(ADMIT, 3, "root and the party itself",                                       \
	    "party, kind, name, municipality, signing key, transport key")                     \
	STATEMENT(SUSPEND, 4, "registrar or root", "party, reason")                            \
	STATEMENT(LIFT, 5, "root", "party")                                                    \
	STATEMENT(SEALING_EPOCH, 6, "the party",                                               \
	    "party, epoch, key, not before, not after, signing epoch")                         \
	STATEMENT(SIGNING_KEY, 7, "the party's old key (or root) and the new key",             \
	    "party, new signing epoch, new key, signing epoch or 0 for root")                  \
	STATEMENT(TRANSPORT_KEY, 8, "the party (or root)",                                     \
	    "party, new key, signing epoch or 0 for root")                                     \
	STATEMENT(REVOKE, 9, "the party, registrar or root",                                   \
	    "party, purpose, epoch, since, reason, signing epoch or 0")                        \
	STATEMENT(HEAD, 10, "registrar", "directory length, chain")

#define STATEMENT_ENUM(name, number, ...) STATEMENT_##name = (number),
enum statement_kind { STATEMENT_LIST(STATEMENT_ENUM) };
#undef STATEMENT_ENUM

enum key_purpose { KEY_SIGNING = 1, KEY_SEALING = 2, KEY_TRANSPORT = 3 };

#define STATEMENT_MAX      2048
#define STATEMENT_NAME_MAX 160 /* bytes of an institution's name */
#define REGISTRAR_LIFE_MS  (90ULL * 24 * 3600 * 1000)
#define SEALING_LIFE_MS    (30ULL * 24 * 3600 * 1000)
#define SEALING_OVERLAP_MS (7ULL * 24 * 3600 * 1000)

/* One struct for all; each kind uses the fields its form names. */
struct statement {
	enum statement_kind kind;
	struct bytes network;
	uint64_t time_ms;
	struct bytes party;
	struct bytes party_kind, name, municipality; /* ADMIT */
	uint8_t key[32];                             /* root, signing, sealing or new key */
	uint8_t transport[32]; /* NETWORK: the broker's; REGISTRAR, ADMIT: the party's */
	struct bytes log_name; /* NETWORK */
	uint8_t log_key[32];   /* NETWORK */
	uint64_t not_before_ms, not_after_ms;
	uint64_t epoch;           /* SEALING_EPOCH, SIGNING_KEY, REVOKE */
	uint64_t signing_epoch;   /* who signed; 0: root or registrar */
	enum key_purpose purpose; /* REVOKE */
	uint64_t since_ms;        /* REVOKE */
	struct bytes reason;      /* SUSPEND, REVOKE: a short code */
	uint64_t length;          /* HEAD: statements before it */
	uint8_t chain[32];        /* HEAD: hash chain over them */
};

const char *statement_name(enum statement_kind kind); /* "admit" */
void statement_encode(const struct statement *statement, struct buffer *out);
MUST_CHECK enum status statement_parse(struct bytes view, struct statement *out);
/* Ed25519 under tag "saikne-v1-statement" over the statement's bytes. */
void statement_sign(struct bytes view, enum signer signer, const struct signing_key *key,
    struct leaf_signature *out);
MUST_CHECK enum status statement_verify(struct bytes view,
    const uint8_t key[static SUITE_SIGN_PUBLIC], const struct leaf_signature *signature);
/*
 * A request to be admitted is an ADMIT statement signed by the party alone; the root adds its
 * signature. Its fingerprint is compared by voice both ways: 8 groups of 5 digits from
 * BLAKE2b-256 of the statement, into 48 bytes.
 */
void statement_fingerprint(struct bytes view, char out[static 48]);

/* A statement with its signatures, as STATE and the log's leaf carry it; views borrow. */
struct signed_statement {
	struct bytes view;
	uint32_t signature_count;
	struct leaf_signature signatures[LEAF_SIGNATURES_MAX];
};

/*
 * Statement files (requests, genesis): a line "saikne-statements-v1", then for each statement
 * one line of base64 over the canonical [statement, [[role, signature] ...]].
 */
#define STATEMENT_FILE_MAX (1024 * 1024)
void statement_file_add(const struct signed_statement *statement, struct buffer *out);
/*
 * Reads the statement at *AT (0 first) of FILE into SCRATCH and moves *AT on.
 * STATUS_NOT_FOUND at the end.
 */
MUST_CHECK enum status statement_file_next(
    struct bytes file, size_t *at, struct buffer *scratch, struct signed_statement *out);

#endif
