/* protocol/proof/merkle.h: the Merkle tree of RFC 6962, section 2, with SHA-256; pure. */
#ifndef SAIKNE_MERKLE_H
#define SAIKNE_MERKLE_H

#include "protocol/base/bytes.h"
#include "protocol/base/status.h"

/* No path of a tree of up to 2^63 leaves is longer. */
#define MERKLE_PATH_MAX 64

struct merkle_hash {
	uint8_t byte[32];
};

/* A path as proofs carry it: from the leaf's sibling up to the root's child. */
struct merkle_path {
	uint32_t len;
	struct merkle_hash hash[MERKLE_PATH_MAX];
};

/* SHA-256(0x00 ‖ leaf), SHA-256(0x01 ‖ left ‖ right), SHA-256() for the empty tree. */
void merkle_leaf(struct bytes leaf, struct merkle_hash *out);
void merkle_node(
    const struct merkle_hash *left, const struct merkle_hash *right, struct merkle_hash *out);
void merkle_empty(struct merkle_hash *out);
/* Where a tree of N >= 2 leaves splits: the largest power of two below N. */
uint64_t merkle_split(uint64_t n);

/* A whole small tree in memory (batch signatures, content) over N leaf hashes. */
void merkle_root(const struct merkle_hash *leaves, size_t n, struct merkle_hash *out);
void merkle_path_of(
    const struct merkle_hash *leaves, size_t n, size_t index, struct merkle_path *out);

/*
 * The same tree with all its nodes, for many paths: merkle_nodes() places that begin with the
 * N >= 1 leaf hashes, and are filled once with what stands above them, level by level.
 */
size_t merkle_nodes(size_t n);
void merkle_nodes_fill(struct merkle_hash *nodes, size_t n);
void merkle_nodes_path(
    const struct merkle_hash *nodes, size_t n, size_t index, struct merkle_path *out);

/* RFC 9162, section 2.1.3.2: STATUS_BAD_PROOF unless PATH leads from LEAF to ROOT. */
MUST_CHECK enum status merkle_check_inclusion(const struct merkle_hash *leaf, uint64_t index,
    uint64_t size, const struct merkle_path *path, const struct merkle_hash *root);
/*
 * The same for many leaves of one tree: TRAIL, zero at first, is the way that the last one went
 * up. Another goes by itself until it comes to that way and has the same path from there, which
 * leads where it led then. A leaf that is refused leaves the trail as it was.
 */
struct merkle_place {
	uint64_t at, last; /* a node of its level, and the last one there; last 0: the root */
	struct merkle_hash node;
};
struct merkle_trail {
	uint64_t size;
	struct merkle_path path;
	struct merkle_place places[MERKLE_PATH_MAX + 1]; /* before each step, and at the end */
};
MUST_CHECK enum status merkle_trail_check(struct merkle_trail *trail,
    const struct merkle_hash *leaf, uint64_t index, uint64_t size,
    const struct merkle_path *path, const struct merkle_hash *root);
/* The root that PATH leads to: what merkle_check_inclusion() compares. */
MUST_CHECK enum status merkle_root_from_path(const struct merkle_hash *leaf, uint64_t index,
    uint64_t size, const struct merkle_path *path, struct merkle_hash *out);
/*
 * RFC 9162, section 2.1.4.2. STATUS_FORKED_LOG when PATH is well-formed but does not lead from
 * the one root to the other: they are of two logs, or whoever gave PATH hides that they are of
 * one. STATUS_BAD_PROOF when its length cannot be right.
 * Size 0 is consistent with everything by an empty path; equal sizes need equal roots.
 */
MUST_CHECK enum status merkle_check_consistency(uint64_t old_size,
    const struct merkle_hash *old_root, uint64_t new_size, const struct merkle_hash *new_root,
    const struct merkle_path *path);

#endif
