/* tests/unit/test_batch.c: one signature stands for many digests, and each proves itself alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/wire/batch.h"

static struct signing_key key, other_key;
static struct digest digests[BATCH_MAX];
static struct batch_proof proofs[BATCH_MAX];

static int
start(void **state)
{
	uint8_t seed[32] = {1};

	(void)state;
	if (suite_start() != STATUS_OK)
		return -1;
	suite_sign_from_seed(seed, &key);
	seed[0] = 2;
	suite_sign_from_seed(seed, &other_key);
	for (uint32_t i = 0; i < BATCH_MAX; i++) {
		uint8_t number[4];
		struct bytes part = BYTES(number);

		bytes_put_u32(number, i);
		suite_hash("test", &part, 1, digests[i].byte);
	}
	return 0;
}

static enum status
verify(uint32_t digest, const struct batch_proof *proof)
{
	return batch_verify(digests[digest].byte, proof, key.public, NULL);
}

static void
each_of_a_batch_of_any_size_verifies_alone(void **state)
{
	static const uint32_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 17};

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		batch_sign(digests, sizes[s], &key, proofs);
		for (uint32_t i = 0; i < sizes[s]; i++)
			assert_int_equal(verify(i, &proofs[i]), STATUS_OK);
	}
	batch_sign(digests, 1, &key, proofs);
	assert_int_equal(proofs[0].path.len, 0);
}

static void
a_large_batch_has_the_tree_of_rfc_6962(void **state)
{
	static const uint32_t sizes[] = {1000, BATCH_MAX};
	struct merkle_hash *leaves = calloc(BATCH_MAX, sizeof(*leaves)), root, from_path;
	struct merkle_path path;
	struct batch_cache cache = {0};

	(void)state;
	assert_non_null(leaves);
	for (uint32_t i = 0; i < BATCH_MAX; i++)
		merkle_leaf(BYTES(digests[i].byte), &leaves[i]);
	for (size_t s = 0; s < 2; s++) {
		batch_sign(digests, sizes[s], &key, proofs);
		merkle_root(leaves, sizes[s], &root);
		for (uint32_t i = 0; i < sizes[s]; i++) {
			assert_int_equal(
			    batch_verify(digests[i].byte, &proofs[i], key.public, &cache),
			    STATUS_OK);
			assert_int_equal(merkle_root_from_path(&leaves[i], i, sizes[s],
					     &proofs[i].path, &from_path),
			    STATUS_OK);
			assert_memory_equal(&from_path, &root, sizeof(root));
		}
		merkle_path_of(leaves, sizes[s], 321, &path);
		assert_int_equal(path.len, proofs[321].path.len);
		assert_memory_equal(path.hash, proofs[321].path.hash, path.len * 32);
	}
	free(leaves);
}

static void
a_proof_serves_no_other_digest_place_size_or_key(void **state)
{
	struct batch_proof proof;

	(void)state;
	batch_sign(digests, 5, &key, proofs);
	for (uint32_t i = 0; i < 5; i++)
		for (uint32_t j = 0; j < 5; j++) {
			proof = proofs[i];
			assert_int_equal(
			    verify(j, &proof), i == j ? STATUS_OK : STATUS_BAD_SIGNATURE);
			proof.index = j;
			assert_int_equal(
			    verify(i, &proof), i == j ? STATUS_OK : STATUS_BAD_SIGNATURE);
		}
	for (uint32_t size = 0; size < 12; size++) {
		proof = proofs[4];
		proof.size = size;
		assert_int_equal(
		    verify(4, &proof), size == 5 ? STATUS_OK : STATUS_BAD_SIGNATURE);
	}
	assert_int_equal(batch_verify(digests[0].byte, &proofs[0], other_key.public, NULL),
	    STATUS_BAD_SIGNATURE);
}

static void
the_path_has_exactly_the_length_its_place_needs(void **state)
{
	struct batch_proof proof;

	(void)state;
	batch_sign(digests, 5, &key, proofs);
	for (uint32_t i = 0; i < 5; i++)
		for (uint32_t len = 0; len <= 11; len++) {
			proof = proofs[i];
			proof.path.len = len;
			assert_int_equal(verify(i, &proof),
			    len == proofs[i].path.len ? STATUS_OK : STATUS_BAD_SIGNATURE);
		}
	proof = proofs[0];
	proof.index = proof.size = UINT32_MAX;
	assert_int_equal(verify(0, &proof), STATUS_BAD_SIGNATURE);
	proof.size = BATCH_MAX + 1;
	proof.index = BATCH_MAX;
	assert_int_equal(verify(0, &proof), STATUS_BAD_SIGNATURE);
}

static void
every_changed_bit_of_path_and_signature_is_caught(void **state)
{
	struct batch_cache cache = {0};
	struct batch_proof proof;

	(void)state;
	batch_sign(digests, 3, &key, proofs);
	assert_int_equal(
	    batch_verify(digests[0].byte, &proofs[0], key.public, &cache), STATUS_OK);
	for (size_t bit = 0; bit < 2 * 256; bit++) {
		proof = proofs[0];
		proof.path.hash[bit / 256].byte[bit / 8 % 32] ^= (uint8_t)(1U << bit % 8);
		assert_int_equal(batch_verify(digests[0].byte, &proof, key.public, &cache),
		    STATUS_BAD_SIGNATURE);
	}
	for (size_t bit = 0; bit < 512; bit++) {
		proof = proofs[0];
		proof.signature[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_int_equal(batch_verify(digests[0].byte, &proof, key.public, &cache),
		    STATUS_BAD_SIGNATURE);
	}
}

static void
the_cache_remembers_good_signatures_only(void **state)
{
	static const struct batch_cache empty;
	struct batch_cache cache = {0};

	(void)state;
	batch_sign(digests, 3, &key, proofs);
	proofs[1].signature[0] ^= 1;
	assert_int_equal(batch_verify(digests[1].byte, &proofs[1], key.public, &cache),
	    STATUS_BAD_SIGNATURE);
	assert_memory_equal(&cache, &empty, sizeof(cache));
	assert_int_equal(
	    batch_verify(digests[0].byte, &proofs[0], key.public, &cache), STATUS_OK);
	assert_memory_not_equal(&cache, &empty, sizeof(cache));
	/* A sibling is known by the same entry; the same under another key is not. */
	assert_int_equal(
	    batch_verify(digests[2].byte, &proofs[2], key.public, &cache), STATUS_OK);
	assert_int_equal(batch_verify(digests[2].byte, &proofs[2], other_key.public, &cache),
	    STATUS_BAD_SIGNATURE);
}

static void
a_remembered_signature_is_not_checked_again(void **state)
{
	struct batch_cache cache = {0};
	uint8_t text[4 + 32], known[32];
	struct merkle_hash leaf;
	struct bytes parts[3];

	(void)state;
	batch_sign(digests, 1, &key, proofs);
	memset(proofs[0].signature, 7, sizeof(proofs[0].signature));
	merkle_leaf(BYTES(digests[0].byte), &leaf);
	bytes_put_u32(text, 1);
	memcpy(text + 4, leaf.byte, 32);
	parts[0] = BYTES(key.public);
	parts[1] = BYTES(text);
	parts[2] = BYTES(proofs[0].signature);
	suite_hash("saikne-v1-batch-known", parts, 3, known);
	memcpy(cache.known[known[0]], known, 32);
	assert_int_equal(
	    batch_verify(digests[0].byte, &proofs[0], key.public, &cache), STATUS_OK);
}

static enum status
decode(struct bytes view, struct batch_proof *out)
{
	struct pack_doc doc;
	struct pack_in in;

	if (pack_open_value(view, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	batch_decode(&in, out);
	pack_end(&in);
	return pack_close(&doc);
}

static void
encoded_proofs_decode_to_the_same(void **state)
{
	(void)state;
	batch_sign(digests, 1000, &key, proofs);
	for (uint32_t i = 0; i < 1000; i += 37) {
		struct buffer wire = {0};
		struct batch_proof back;

		batch_encode(&proofs[i], &wire);
		assert_int_equal(decode(bytes_of_buffer(&wire), &back), STATUS_OK);
		assert_memory_equal(&back, &proofs[i], sizeof(back));
		for (size_t len = 0; len < wire.len; len++)
			assert_int_not_equal(
			    decode((struct bytes){wire.data, len}, &back), STATUS_OK);
		buffer_free(&wire);
	}
}

static void
impossible_proofs_are_malformed_on_the_wire(void **state)
{
	(void)state;
	batch_sign(digests, 5, &key, proofs);
	for (unsigned wrong = 0; wrong < 5; wrong++) {
		struct batch_proof proof = proofs[1], back;
		struct buffer wire = {0};

		if (wrong == 0)
			proof.index = 5;
		else if (wrong == 1)
			proof.size = BATCH_MAX + 1;
		else if (wrong == 2)
			proof.size = proof.index = 0;
		else if (wrong == 3)
			proof.path.len = 11;
		else
			proof.path.len--;
		batch_encode(&proof, &wire);
		assert_int_equal(decode(bytes_of_buffer(&wire), &back), STATUS_MALFORMED);
		buffer_free(&wire);
	}
}

int
main(void)
{
	const struct CMUnitTest batch[] = {
	    cmocka_unit_test(each_of_a_batch_of_any_size_verifies_alone),
	    cmocka_unit_test(a_large_batch_has_the_tree_of_rfc_6962),
	    cmocka_unit_test(a_proof_serves_no_other_digest_place_size_or_key),
	    cmocka_unit_test(the_path_has_exactly_the_length_its_place_needs),
	    cmocka_unit_test(every_changed_bit_of_path_and_signature_is_caught),
	    cmocka_unit_test(the_cache_remembers_good_signatures_only),
	    cmocka_unit_test(a_remembered_signature_is_not_checked_again),
	    cmocka_unit_test(encoded_proofs_decode_to_the_same),
	    cmocka_unit_test(impossible_proofs_are_malformed_on_the_wire),
	};

	return cmocka_run_group_tests(batch, start, NULL);
}
