/* protocol/base/suite.h: the few libsodium calls of suite 1, with sizes and tags in one place. */
#ifndef SAIKNE_SUITE_H
#define SAIKNE_SUITE_H

#include "protocol/base/bytes.h"
#include "protocol/base/status.h"

#define SUITE_HASH_LEN      32 /* BLAKE2b-256 and SHA-256 */
#define SUITE_KEY_LEN       32
#define SUITE_SIGN_PUBLIC   32 /* Ed25519, RFC 8032 */
#define SUITE_SIGN_SECRET   64
#define SUITE_SIGNATURE_LEN 64
#define SUITE_BOX_PUBLIC    32 /* X25519 */
#define SUITE_BOX_SECRET    32
#define SUITE_SEAL_OVERHEAD 48 /* crypto_box_seal */
#define SUITE_AEAD_OVERHEAD 16 /* XChaCha20-Poly1305, IETF */
#define SUITE_ID_LEN        16

/* A hash as an element: ISO C converts pointers to these, but not pointers to arrays. */
struct digest {
	uint8_t byte[SUITE_HASH_LEN];
};

/* A key for signing. Keep it in memory from suite_secret_new(). */
struct signing_key {
	uint8_t public[SUITE_SIGN_PUBLIC];
	uint8_t secret[SUITE_SIGN_SECRET];
};

/* An X25519 key pair: for sealing, or for CURVE transport. */
struct box_key {
	uint8_t public[SUITE_BOX_PUBLIC];
	uint8_t secret[SUITE_BOX_SECRET];
};

/* Once in each process, first. */
MUST_CHECK enum status suite_start(void);

/* Memory for secrets (sodium_malloc: guarded, locked); NULL when there is none. */
void *suite_secret_new(size_t len);
/* Wipes and releases; NULL is fine. */
void suite_secret_free(void *secret);
void suite_wipe(void *data, size_t len);

void suite_random(void *out, size_t len);
/*
 * A new identifier that sorts by time: 48-bit big-endian NOW_MS, then 10 random bytes.
 */
void suite_new_id(uint64_t now_ms, uint8_t out[static SUITE_ID_LEN]);

/*
 * BLAKE2b-256 over a domain tag and the parts. TAG goes in with its final NUL, so that no
 * tag is a prefix of another.
 */
void suite_hash(const char *tag, const struct bytes *parts, size_t count,
    uint8_t out[static SUITE_HASH_LEN]);
/* BLAKE2b-256 keyed by KEY over the same form: what shows nothing of KEY, nor of another TAG. */
void suite_derive(const uint8_t key[static SUITE_KEY_LEN], const char *tag,
    const struct bytes *parts, size_t count, uint8_t out[static SUITE_KEY_LEN]);
/* BLAKE2b-512 keyed by KEY over the same form. */
void suite_hash_keyed(const uint8_t key[static SUITE_KEY_LEN], const char *tag,
    const struct bytes *parts, size_t count, uint8_t out[static 64]);

void suite_sign_new(struct signing_key *out);
/* The key whose RFC 8032 seed is SEED: for fixed test keys and key files. */
void suite_sign_from_seed(const uint8_t seed[static 32], struct signing_key *out);
/* Ed25519 over tag ‖ NUL ‖ message. */
void suite_sign(const struct signing_key *key, const char *tag, struct bytes message,
    uint8_t out[static SUITE_SIGNATURE_LEN]);
MUST_CHECK enum status suite_verify(const uint8_t key[static SUITE_SIGN_PUBLIC],
    const char *tag, struct bytes message, const uint8_t signature[static SUITE_SIGNATURE_LEN]);
/* Ed25519 over the message alone: only for formats of others (C2SP notes). */
void suite_sign_plain(const struct signing_key *key, struct bytes message,
    uint8_t out[static SUITE_SIGNATURE_LEN]);
MUST_CHECK enum status suite_verify_plain(const uint8_t key[static SUITE_SIGN_PUBLIC],
    struct bytes message, const uint8_t signature[static SUITE_SIGNATURE_LEN]);

void suite_box_new(struct box_key *out);
void suite_box_from_secret(const uint8_t secret[static SUITE_BOX_SECRET], struct box_key *out);
/* crypto_box_seal; OUT holds message.len + SUITE_SEAL_OVERHEAD. */
MUST_CHECK enum status suite_seal_to(
    const uint8_t key[static SUITE_BOX_PUBLIC], struct bytes message, uint8_t *out);
/* OUT holds sealed.len - SUITE_SEAL_OVERHEAD; STATUS_CANNOT_OPEN leaves it unspecified. */
MUST_CHECK enum status suite_seal_open(
    const struct box_key *key, struct bytes sealed, uint8_t *out);

/*
 * XChaCha20-Poly1305 under a key used for this one message (nonce of zeroes).
 * OUT holds message.len + SUITE_AEAD_OVERHEAD.
 */
void suite_encrypt_once(const uint8_t key[static SUITE_KEY_LEN], struct bytes message,
    struct bytes aad, uint8_t *out);
MUST_CHECK enum status suite_decrypt_once(const uint8_t key[static SUITE_KEY_LEN],
    struct bytes sealed, struct bytes aad, uint8_t *out);
/*
 * XChaCha20-Poly1305 under a long-lived key: a random nonce of 24 bytes goes first.
 * Appends to OUT.
 */
#define SUITE_BOXED_OVERHEAD (24 + SUITE_AEAD_OVERHEAD)
void suite_encrypt(const uint8_t key[static SUITE_KEY_LEN], struct bytes message,
    struct bytes aad, struct buffer *out);
MUST_CHECK enum status suite_decrypt(const uint8_t key[static SUITE_KEY_LEN],
    struct bytes sealed, struct bytes aad, struct buffer *out);

/*
 * A file as a sequence of pieces (crypto_secretstream_xchacha20poly1305): each piece is bound to
 * its place and the last one is marked. A struct suite_stream can be stored between two pieces,
 * and is as secret as the key.
 */
#define SUITE_STREAM_HEADER   24
#define SUITE_STREAM_OVERHEAD 17
struct suite_stream {
	uint8_t byte[52];
};
void suite_stream_start(const uint8_t key[static SUITE_KEY_LEN],
    uint8_t header[static SUITE_STREAM_HEADER], struct suite_stream *out);
/* OUT holds piece.len + SUITE_STREAM_OVERHEAD. */
void suite_stream_seal(
    struct suite_stream *stream, struct bytes piece, bool last, uint8_t *out);
MUST_CHECK enum status suite_stream_resume(const uint8_t key[static SUITE_KEY_LEN],
    const uint8_t header[static SUITE_STREAM_HEADER], struct suite_stream *out);
/*
 * OUT holds sealed.len - SUITE_STREAM_OVERHEAD. STATUS_CANNOT_OPEN: not the piece that comes
 * next, or it is not the last where LAST says so; STREAM is then as it was.
 */
MUST_CHECK enum status suite_stream_open(
    struct suite_stream *stream, struct bytes sealed, bool last, uint8_t *out);

/* SHA-256 of the parts in turn (RFC 6962 trees, C2SP key ids). */
void suite_sha256(const struct bytes *parts, size_t count, uint8_t out[static SUITE_HASH_LEN]);

/*
 * Argon2id of a person's password. It takes MEMORY bytes and some tenths of a second: never in a
 * thread that others wait for. STORED is a text that names its own cost.
 */
#define SUITE_PASSWORD_STORED 128
struct suite_cost {
	uint64_t passes;
	size_t memory;
};
extern const struct suite_cost suite_cost_people; /* 64 MiB, 3 passes */
extern const struct suite_cost suite_cost_least;  /* the least there is: for tests alone */
MUST_CHECK enum status suite_password_store(struct bytes password,
    const struct suite_cost *cost, char stored[static SUITE_PASSWORD_STORED]);
/* STATUS_BAD_SIGNATURE when it is another password. */
MUST_CHECK enum status suite_password_check(
    const char stored[static SUITE_PASSWORD_STORED], struct bytes password);

/* Constant-time equality. */
bool suite_equal(const void *a, const void *b, size_t len);

/* Standard base64 with padding (RFC 4648, section 4), appended. */
void suite_base64(struct bytes view, struct buffer *out);
/* Strict: canonical padding and nothing else; appends to OUT. */
MUST_CHECK enum status suite_from_base64(struct bytes text, struct buffer *out);

#endif
