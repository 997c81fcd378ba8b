/* protocol/base/suite.c: the few libsodium calls of suite 1. */
#include "protocol/base/suite.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

static const uint8_t zero_nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];

enum status
suite_start(void)
{
	return sodium_init() < 0 ? STATUS_INTERNAL : STATUS_OK;
}

void *
suite_secret_new(size_t len)
{
	return sodium_malloc(len);
}

void
suite_secret_free(void *secret)
{
	sodium_free(secret);
}

void
suite_wipe(void *data, size_t len)
{
	sodium_memzero(data, len);
}

void
suite_random(void *out, size_t len)
{
	randombytes_buf(out, len);
}

void
suite_new_id(uint64_t now_ms, uint8_t out[static SUITE_ID_LEN])
{
	uint8_t be[8];

	bytes_put_u64(be, now_ms);
	memcpy(out, be + 2, 6);
	randombytes_buf(out + 6, SUITE_ID_LEN - 6);
}

static void
hash(const uint8_t *key, size_t out_len, const char *tag, const struct bytes *parts,
    size_t count, uint8_t *out)
{
	crypto_generichash_state state;

	/* These fail on sizes alone, and the sizes are constants. */
	if (crypto_generichash_init(&state, key, key == NULL ? 0 : SUITE_KEY_LEN, out_len) != 0)
		abort();
	crypto_generichash_update(&state, (const uint8_t *)tag, strlen(tag) + 1);
	for (size_t i = 0; i < count; i++)
		crypto_generichash_update(&state, parts[i].data, parts[i].len);
	crypto_generichash_final(&state, out, out_len);
	if (key != NULL)
		sodium_memzero(&state, sizeof(state));
}

void
suite_hash(const char *tag, const struct bytes *parts, size_t count,
    uint8_t out[static SUITE_HASH_LEN])
{
	hash(NULL, SUITE_HASH_LEN, tag, parts, count, out);
}

void
suite_derive(const uint8_t key[static SUITE_KEY_LEN], const char *tag,
    const struct bytes *parts, size_t count, uint8_t out[static SUITE_KEY_LEN])
{
	hash(key, SUITE_KEY_LEN, tag, parts, count, out);
}

void
suite_hash_keyed(const uint8_t key[static SUITE_KEY_LEN], const char *tag,
    const struct bytes *parts, size_t count, uint8_t out[static 64])
{
	hash(key, 64, tag, parts, count, out);
}

void
suite_sign_new(struct signing_key *out)
{
	crypto_sign_keypair(out->public, out->secret);
}

void
suite_sign_from_seed(const uint8_t seed[static 32], struct signing_key *out)
{
	crypto_sign_seed_keypair(out->public, out->secret, seed);
}

/* What is signed under a tag is short: roots and statements, not bodies. */
static bool
tagged(const char *tag, struct bytes message, struct buffer *out)
{
	buffer_append(out, (struct bytes){(const uint8_t *)tag, strlen(tag) + 1});
	buffer_append(out, message);
	return !out->failed;
}

void
suite_sign(const struct signing_key *key, const char *tag, struct bytes message,
    uint8_t out[static SUITE_SIGNATURE_LEN])
{
	struct buffer text = {0};

	/* Without memory the signature is all zeroes, which verifies nowhere. */
	memset(out, 0, SUITE_SIGNATURE_LEN);
	if (tagged(tag, message, &text))
		crypto_sign_detached(out, NULL, text.data, text.len, key->secret);
	buffer_free(&text);
}

enum status
suite_verify(const uint8_t key[static SUITE_SIGN_PUBLIC], const char *tag, struct bytes message,
    const uint8_t signature[static SUITE_SIGNATURE_LEN])
{
	struct buffer text = {0};
	enum status rc = STATUS_NO_MEMORY;

	if (tagged(tag, message, &text))
		rc = suite_verify_plain(key, bytes_of_buffer(&text), signature);
	buffer_free(&text);
	return rc;
}

void
suite_sign_plain(const struct signing_key *key, struct bytes message,
    uint8_t out[static SUITE_SIGNATURE_LEN])
{
	crypto_sign_detached(out, NULL, message.data, message.len, key->secret);
}

enum status
suite_verify_plain(const uint8_t key[static SUITE_SIGN_PUBLIC], struct bytes message,
    const uint8_t signature[static SUITE_SIGNATURE_LEN])
{
	return crypto_sign_verify_detached(signature, message.data, message.len, key) == 0
	           ? STATUS_OK
	           : STATUS_BAD_SIGNATURE;
}

void
suite_box_new(struct box_key *out)
{
	crypto_box_keypair(out->public, out->secret);
}

void
suite_box_from_secret(const uint8_t secret[static SUITE_BOX_SECRET], struct box_key *out)
{
	memmove(out->secret, secret, SUITE_BOX_SECRET);
	crypto_scalarmult_base(out->public, out->secret);
}

enum status
suite_seal_to(const uint8_t key[static SUITE_BOX_PUBLIC], struct bytes message, uint8_t *out)
{
	/* Fails for a public key of low order: somebody's key is not one. */
	return crypto_box_seal(out, message.data, message.len, key) == 0 ? STATUS_OK
	                                                                 : STATUS_UNKNOWN_EPOCH;
}

enum status
suite_seal_open(const struct box_key *key, struct bytes sealed, uint8_t *out)
{
	if (sealed.len < SUITE_SEAL_OVERHEAD)
		return STATUS_CANNOT_OPEN;
	return crypto_box_seal_open(out, sealed.data, sealed.len, key->public, key->secret) == 0
	           ? STATUS_OK
	           : STATUS_CANNOT_OPEN;
}

void
suite_encrypt_once(const uint8_t key[static SUITE_KEY_LEN], struct bytes message,
    struct bytes aad, uint8_t *out)
{
	crypto_aead_xchacha20poly1305_ietf_encrypt(
	    out, NULL, message.data, message.len, aad.data, aad.len, NULL, zero_nonce, key);
}

enum status
suite_decrypt_once(const uint8_t key[static SUITE_KEY_LEN], struct bytes sealed,
    struct bytes aad, uint8_t *out)
{
	return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.data,
		   sealed.len, aad.data, aad.len, zero_nonce, key) == 0
	           ? STATUS_OK
	           : STATUS_CANNOT_OPEN;
}

void
suite_encrypt(const uint8_t key[static SUITE_KEY_LEN], struct bytes message, struct bytes aad,
    struct buffer *out)
{
	uint8_t *at = buffer_extend(out, message.len + SUITE_BOXED_OVERHEAD);

	if (at == NULL)
		return;
	randombytes_buf(at, sizeof(zero_nonce));
	crypto_aead_xchacha20poly1305_ietf_encrypt(at + sizeof(zero_nonce), NULL, message.data,
	    message.len, aad.data, aad.len, NULL, at, key);
}

enum status
suite_decrypt(const uint8_t key[static SUITE_KEY_LEN], struct bytes sealed, struct bytes aad,
    struct buffer *out)
{
	uint8_t *at;

	if (sealed.len < SUITE_BOXED_OVERHEAD)
		return STATUS_CANNOT_OPEN;
	if ((at = buffer_extend(out, sealed.len - SUITE_BOXED_OVERHEAD)) == NULL)
		return STATUS_NO_MEMORY;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(at, NULL, NULL,
		sealed.data + sizeof(zero_nonce), sealed.len - sizeof(zero_nonce), aad.data,
		aad.len, sealed.data, key) == 0)
		return STATUS_OK;
	out->len -= sealed.len - SUITE_BOXED_OVERHEAD;
	return STATUS_CANNOT_OPEN;
}

/* ---- Streams ---------------------------------------------------------------------------- */

typedef crypto_secretstream_xchacha20poly1305_state stream_state;

_Static_assert(sizeof(stream_state) == sizeof(struct suite_stream), "a stream's state");
_Static_assert(SUITE_STREAM_HEADER == crypto_secretstream_xchacha20poly1305_HEADERBYTES, "");
_Static_assert(SUITE_STREAM_OVERHEAD == crypto_secretstream_xchacha20poly1305_ABYTES, "");

void
suite_stream_start(const uint8_t key[static SUITE_KEY_LEN],
    uint8_t header[static SUITE_STREAM_HEADER], struct suite_stream *out)
{
	stream_state state;

	crypto_secretstream_xchacha20poly1305_init_push(&state, header, key);
	memcpy(out->byte, &state, sizeof(state));
	sodium_memzero(&state, sizeof(state));
}

void
suite_stream_seal(struct suite_stream *stream, struct bytes piece, bool last, uint8_t *out)
{
	stream_state state;

	memcpy(&state, stream->byte, sizeof(state));
	crypto_secretstream_xchacha20poly1305_push(&state, out, NULL, piece.data, piece.len,
	    NULL, 0,
	    last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
		 : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
	memcpy(stream->byte, &state, sizeof(state));
	sodium_memzero(&state, sizeof(state));
}

enum status
suite_stream_resume(const uint8_t key[static SUITE_KEY_LEN],
    const uint8_t header[static SUITE_STREAM_HEADER], struct suite_stream *out)
{
	stream_state state;

	if (crypto_secretstream_xchacha20poly1305_init_pull(&state, header, key) != 0)
		return STATUS_CANNOT_OPEN;
	memcpy(out->byte, &state, sizeof(state));
	sodium_memzero(&state, sizeof(state));
	return STATUS_OK;
}

enum status
suite_stream_open(struct suite_stream *stream, struct bytes sealed, bool last, uint8_t *out)
{
	const unsigned char wanted = last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
	                                  : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
	enum status rc = STATUS_CANNOT_OPEN;
	unsigned char tag = 0;
	stream_state state;

	if (sealed.len < SUITE_STREAM_OVERHEAD)
		return rc;
	memcpy(&state, stream->byte, sizeof(state));
	if (crypto_secretstream_xchacha20poly1305_pull(
		&state, out, NULL, &tag, sealed.data, sealed.len, NULL, 0) == 0 &&
	    tag == wanted) {
		memcpy(stream->byte, &state, sizeof(state));
		rc = STATUS_OK;
	}
	sodium_memzero(&state, sizeof(state));
	return rc;
}

void
suite_sha256(const struct bytes *parts, size_t count, uint8_t out[static SUITE_HASH_LEN])
{
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	for (size_t i = 0; i < count; i++)
		crypto_hash_sha256_update(&state, parts[i].data, parts[i].len);
	crypto_hash_sha256_final(&state, out);
}

const struct suite_cost suite_cost_people = {3, 64 << 20};
const struct suite_cost suite_cost_least = {
    crypto_pwhash_argon2id_OPSLIMIT_MIN, crypto_pwhash_argon2id_MEMLIMIT_MIN};

enum status
suite_password_store(struct bytes password, const struct suite_cost *cost,
    char stored[static SUITE_PASSWORD_STORED])
{
	_Static_assert(SUITE_PASSWORD_STORED == crypto_pwhash_argon2id_STRBYTES,
	    "libsodium's length of a stored password");

	/* It fails on memory alone. */
	return crypto_pwhash_argon2id_str(stored, (const char *)password.data, password.len,
		   cost->passes, cost->memory) == 0
	           ? STATUS_OK
	           : STATUS_NO_MEMORY;
}

enum status
suite_password_check(const char stored[static SUITE_PASSWORD_STORED], struct bytes password)
{
	return crypto_pwhash_argon2id_str_verify(
		   stored, (const char *)password.data, password.len) == 0
	           ? STATUS_OK
	           : STATUS_BAD_SIGNATURE;
}

bool
suite_equal(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void
suite_base64(struct bytes view, struct buffer *out)
{
	size_t len = sodium_base64_encoded_len(view.len, sodium_base64_VARIANT_ORIGINAL);
	uint8_t *at = buffer_extend(out, len);

	if (at == NULL)
		return;
	sodium_bin2base64((char *)at, len, view.data, view.len, sodium_base64_VARIANT_ORIGINAL);
	out->len--; /* its NUL */
}

enum status
suite_from_base64(struct bytes text, struct buffer *out)
{
	size_t start = out->len, room = text.len / 4 * 3, len = 0;
	uint8_t *at;

	if (text.len % 4 != 0)
		return STATUS_MALFORMED;
	/* libsodium 1.0.18 takes every byte from 0x80 on for a digit where char is signed. */
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] >= 0x80)
			return STATUS_MALFORMED;
	if ((at = buffer_extend(out, room + 1)) == NULL)
		return STATUS_NO_MEMORY;
	out->len = start;
	if (text.len > 0 && sodium_base642bin(at, room + 1, (const char *)text.data, text.len,
				NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return STATUS_MALFORMED;
	out->len = start + len;
	return STATUS_OK;
}
