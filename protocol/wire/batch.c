/* protocol/wire/batch.c: one Ed25519 signature over many digests, each proven alone. */
#include "protocol/wire/batch.h"

#include <assert.h>
#include <string.h>

#define BATCH_TAG "saikne-v1-batch"

/* What is signed: size (u32) ‖ root. */
#define SIGNED_LEN (4 + SUITE_HASH_LEN)

static void
signed_bytes(uint32_t size, const struct merkle_hash *root, uint8_t out[static SIGNED_LEN])
{
	bytes_put_u32(out, size);
	memcpy(out + 4, root->byte, SUITE_HASH_LEN);
}

/*
 * The tree is built level by level in place, and each level gives every path its sibling: an
 * odd last hash moves up as it is, which is the tree of RFC 6962.
 */
static void
build(struct merkle_hash *level, uint32_t count, struct batch_proof *proofs)
{
	uint32_t width = count, beside;

	for (unsigned depth = 0; width > 1; depth++) {
		for (uint32_t i = 0; i < count; i++) {
			struct merkle_path *path = &proofs[i].path;

			if ((beside = i >> depth ^ 1) < width)
				path->hash[path->len++] = level[beside];
		}
		for (uint32_t i = 0; i < width / 2; i++)
			merkle_node(&level[2 * i], &level[2 * i + 1], &level[i]);
		if (width % 2 == 1)
			level[width / 2] = level[width - 1];
		width = width / 2 + width % 2;
	}
}

void
batch_sign(const struct digest *digests, uint32_t count, const struct signing_key *key,
    struct batch_proof *proofs)
{
	struct merkle_hash level[BATCH_MAX];
	uint8_t text[SIGNED_LEN], signature[SUITE_SIGNATURE_LEN];

	assert(count >= 1 && count <= BATCH_MAX);
	for (uint32_t i = 0; i < count; i++) {
		merkle_leaf(BYTES(digests[i].byte), &level[i]);
		proofs[i] = (struct batch_proof){.index = i, .size = count};
	}
	build(level, count, proofs);
	signed_bytes(count, &level[0], text);
	suite_sign(key, BATCH_TAG, BYTES(text), signature);
	for (uint32_t i = 0; i < count; i++)
		memcpy(proofs[i].signature, signature, sizeof(signature));
}

/* Whether index, size and the length of the path belong together. */
static bool
is_possible(const struct batch_proof *proof)
{
	uint32_t at = proof->index, width = proof->size, len = 0;

	if (proof->size < 1 || proof->size > BATCH_MAX || proof->index >= proof->size)
		return false;
	for (; width > 1; at /= 2, width = width / 2 + width % 2)
		len += (at ^ 1) < width;
	return proof->path.len == len;
}

enum status
batch_verify(const uint8_t digest[static SUITE_HASH_LEN], const struct batch_proof *proof,
    const uint8_t key[static SUITE_SIGN_PUBLIC], struct batch_cache *cache)
{
	uint8_t text[SIGNED_LEN], known[SUITE_HASH_LEN];
	struct merkle_hash leaf, root;
	struct bytes parts[] = {{key, SUITE_SIGN_PUBLIC}, BYTES(text), BYTES(proof->signature)};
	uint8_t *slot;
	enum status rc;

	if (!is_possible(proof))
		return STATUS_BAD_SIGNATURE;
	merkle_leaf((struct bytes){digest, SUITE_HASH_LEN}, &leaf);
	if (merkle_root_from_path(&leaf, proof->index, proof->size, &proof->path, &root) !=
	    STATUS_OK)
		return STATUS_BAD_SIGNATURE;
	signed_bytes(proof->size, &root, text);
	if (cache == NULL)
		return suite_verify(key, BATCH_TAG, BYTES(text), proof->signature);
	suite_hash("saikne-v1-batch-known", parts, 3, known);
	slot = cache->known[known[0] % BATCH_CACHE_SLOTS];
	if (suite_equal(slot, known, SUITE_HASH_LEN))
		return STATUS_OK;
	if ((rc = suite_verify(key, BATCH_TAG, BYTES(text), proof->signature)) == STATUS_OK)
		memcpy(slot, known, SUITE_HASH_LEN);
	return rc;
}

void
batch_encode(const struct batch_proof *proof, struct buffer *out)
{
	pack_array(out, 4);
	pack_uint(out, proof->index);
	pack_uint(out, proof->size);
	pack_array(out, proof->path.len);
	for (uint32_t i = 0; i < proof->path.len; i++)
		pack_bin(out, BYTES(proof->path.hash[i].byte));
	pack_bin(out, BYTES(proof->signature));
}

void
batch_decode(struct pack_in *in, struct batch_proof *out)
{
	struct pack_in proof = pack_in_array(in, 4, 4), path;

	*out = (struct batch_proof){0};
	out->index = (uint32_t)pack_in_uint(&proof, BATCH_MAX - 1);
	out->size = (uint32_t)pack_in_uint(&proof, BATCH_MAX);
	path = pack_in_array(&proof, 0, BATCH_DEPTH);
	while (pack_in_more(&path))
		pack_in_copy(&path, out->path.hash[out->path.len++].byte, SUITE_HASH_LEN);
	pack_in_copy(&proof, out->signature, SUITE_SIGNATURE_LEN);
	pack_end(&proof);
	if (!is_possible(out))
		pack_fail(in, STATUS_MALFORMED);
}
