/* tests/unit/reference_merkle.h: RFC 6962, section 2, as its text recurses; slow and plain. */
#ifndef SAIKNE_TEST_REFERENCE_MERKLE_H
#define SAIKNE_TEST_REFERENCE_MERKLE_H

#include <sodium.h>
#include <string.h>

#include "protocol/proof/merkle.h"

/* The leaf that the tests put at INDEX. */
static inline void
reference_leaf(uint64_t index, struct merkle_hash *out)
{
	uint8_t entry[9] = {0x00};

	bytes_put_u64(entry + 1, index);
	crypto_hash_sha256(out->byte, entry, sizeof(entry));
}

static inline size_t
reference_split(size_t n)
{
	size_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

/* MTH(D[n]) */
static inline void
reference_root(const struct merkle_hash *leaves, size_t n, struct merkle_hash *out)
{
	uint8_t node[65] = {0x01};
	struct merkle_hash half;
	size_t k;

	if (n == 0) {
		crypto_hash_sha256(out->byte, NULL, 0);
		return;
	}
	if (n == 1) {
		*out = leaves[0];
		return;
	}
	k = reference_split(n);
	reference_root(leaves, k, &half);
	memcpy(node + 1, half.byte, 32);
	reference_root(leaves + k, n - k, &half);
	memcpy(node + 33, half.byte, 32);
	crypto_hash_sha256(out->byte, node, sizeof(node));
}

/* PATH(m, D[n]); PATH has length 0 before. */
static inline void
reference_path(const struct merkle_hash *leaves, size_t n, size_t m, struct merkle_path *path)
{
	size_t k;

	if (n <= 1)
		return;
	k = reference_split(n);
	if (m < k) {
		reference_path(leaves, k, m, path);
		reference_root(leaves + k, n - k, &path->hash[path->len++]);
	} else {
		reference_path(leaves + k, n - k, m - k, path);
		reference_root(leaves, k, &path->hash[path->len++]);
	}
}

/* SUBPROOF(m, D[n], whole); PATH has length 0 before. */
static inline void
reference_proof(
    const struct merkle_hash *leaves, size_t n, size_t m, bool whole, struct merkle_path *path)
{
	size_t k;

	if (m == n) {
		if (!whole)
			reference_root(leaves, n, &path->hash[path->len++]);
		return;
	}
	k = reference_split(n);
	if (m <= k) {
		reference_proof(leaves, k, m, whole, path);
		reference_root(leaves + k, n - k, &path->hash[path->len++]);
	} else {
		reference_proof(leaves + k, n - k, m - k, false, path);
		reference_root(leaves, k, &path->hash[path->len++]);
	}
}

static inline bool
reference_same_path(const struct merkle_path *a, const struct merkle_path *b)
{
	return a->len == b->len && memcmp(a->hash, b->hash, a->len * sizeof(a->hash[0])) == 0;
}

#endif
