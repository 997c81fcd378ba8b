/* protocol/proof/tree.h: a growing RFC 6962 tree over stored tiles (layout of C2SP tlog-tiles).
 */
#ifndef SAIKNE_TREE_H
#define SAIKNE_TREE_H

#include "protocol/proof/merkle.h"

/* A tile holds up to 256 hashes of one level: level L, position N covers the hashes of the
 * complete subtrees of 256^L leaves, number 256 N and following. */
#define TREE_TILE_WIDTH 256

/* Where tiles live. The tree itself does no I/O. */
struct tree_tiles {
	void *state;
	/* Appends the tile's hashes (a multiple of 32 bytes) to OUT; STATUS_NOT_FOUND if none.
	 */
	enum status (*read)(void *state, unsigned level, uint64_t n, struct buffer *out);
	/* Stores the tile, replacing a shorter one. */
	enum status (*write)(void *state, unsigned level, uint64_t n, struct bytes hashes);
};

struct tree;

/*
 * Opens a tree of SIZE leaves; reads only its right edge (a few tiles). The cost of an append
 * and memory do not grow with SIZE (but for log SIZE). STATUS_DATABASE when tiles are missing.
 */
MUST_CHECK enum status tree_open(
    const struct tree_tiles *tiles, uint64_t size, struct tree **out);
void tree_close(struct tree *tree);

uint64_t tree_size(const struct tree *tree);
/* In memory only, amortised O(1) hashes. */
MUST_CHECK enum status tree_append(struct tree *tree, const struct merkle_hash *leaf);
/* Writes the tiles changed since the last flush; call inside the transaction of the leaves. */
MUST_CHECK enum status tree_flush(struct tree *tree);
/*
 * Forgets appends since the last flush that succeeded, when their transaction was rolled back.
 * A rollback that undid such a flush as well needs tree_close() and tree_open().
 */
MUST_CHECK enum status tree_rewind(struct tree *tree);

/*
 * Over any size up to the present one, unflushed appends included. Paths near the right edge
 * cost O(log n) look-ups of hashes kept in memory; the others read tiles, of which the latest
 * few are cached. STATUS_NO_SUCH_ENTRY outside the tree.
 */
MUST_CHECK enum status tree_root(struct tree *tree, uint64_t size, struct merkle_hash *out);
MUST_CHECK enum status tree_inclusion(
    struct tree *tree, uint64_t index, uint64_t size, struct merkle_path *out);
MUST_CHECK enum status tree_consistency(
    struct tree *tree, uint64_t old_size, uint64_t new_size, struct merkle_path *out);

#endif
