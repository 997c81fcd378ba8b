/* protocol/wire/batch.h: one Ed25519 signature over many digests, each proven alone. */
#ifndef SAIKNE_BATCH_H
#define SAIKNE_BATCH_H

#include "protocol/base/suite.h"
#include "protocol/proof/merkle.h"
#include "protocol/wire/pack.h"

#define BATCH_MAX   1024
#define BATCH_DEPTH 10

/* On the wire: array [index, size, [path: bin 32 ...], signature: bin 64]. */
struct batch_proof {
	uint32_t index;
	uint32_t size;
	struct merkle_path path;
	uint8_t signature[SUITE_SIGNATURE_LEN];
};

/*
 * Signs COUNT digests (1..BATCH_MAX) at once: Ed25519 under tag "saikne-v1-batch" over
 * size (u32) ‖ RFC 6962 root with the digests as leaves.
 */
void batch_sign(const struct digest *digests, uint32_t count, const struct signing_key *key,
    struct batch_proof *proofs);

/* Signatures lately found good: verifying a batch at depth costs one Ed25519 check a batch. */
#define BATCH_CACHE_SLOTS 256
struct batch_cache {
	uint8_t known[BATCH_CACHE_SLOTS][SUITE_HASH_LEN];
};

/* CACHE may be NULL. STATUS_BAD_SIGNATURE. */
MUST_CHECK enum status batch_verify(const uint8_t digest[static SUITE_HASH_LEN],
    const struct batch_proof *proof, const uint8_t key[static SUITE_SIGN_PUBLIC],
    struct batch_cache *cache);

void batch_encode(const struct batch_proof *proof, struct buffer *out);
/* Reads the array IN stands before. */
void batch_decode(struct pack_in *in, struct batch_proof *out);

#endif
