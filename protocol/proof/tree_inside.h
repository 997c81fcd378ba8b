/* protocol/proof/tree_inside.h: what tree.c and tree_path.c share, and nobody else sees. */
#ifndef SAIKNE_TREE_INSIDE_H
#define SAIKNE_TREE_INSIDE_H

#include "protocol/proof/tree.h"

/*
 * Binary level H of the tree is row H % 8 of the tiles of level H / 8. What is kept:
 *
 *   T1  A tile in memory holds its first WIDTH hashes and every complete subtree over them.
 *   T2  The window of a level holds its last tile and, behind it without a gap, at least every
 *       tile not yet stored; after a flush at most WINDOW_KEPT tiles.
 *   T3  A tile before the window is full and stored; the newest TREE_CACHE_TILES read are cached.
 *   T4  The ragged memo, when its size is not 0, is of leaves that are in the tree.
 *
 * Hence memory is bounded by a few tiles a level and by what was appended since the flush.
 */
#define TREE_TILE_NODES  (2 * TREE_TILE_WIDTH - 1)
#define TREE_LEVELS      8 /* 256^8 leaves are more than a size can say */
#define TREE_CACHE_TILES 32

struct tile {
	unsigned level;
	unsigned width;  /* hashes present in row 0 */
	unsigned stored; /* of them, as of the last flush */
	uint64_t n;
	struct merkle_hash node[TREE_TILE_NODES]; /* row 0 first, then each row above it */
};

struct window {
	struct tile **tile; /* number BASE and following */
	size_t count;
	size_t cap;
	uint64_t base;
};

/* For one size: RANGE[i] is the root of all leaves right of its I largest subtrees. */
struct ragged {
	uint64_t size;
	struct merkle_hash range[MERKLE_PATH_MAX];
};

struct tree {
	struct tree_tiles tiles;
	uint64_t size;
	uint64_t flushed;
	struct window window[TREE_LEVELS];
	struct tile *cache[TREE_CACHE_TILES]; /* most recently used first */
	struct ragged ragged;
};

/* The complete subtree of 2^HEIGHT leaves that starts at BEGIN. */
MUST_CHECK enum status tree_complete(
    struct tree *tree, unsigned height, uint64_t begin, struct merkle_hash *out);

#endif
