/* protocol/proof/tree.c: a growing RFC 6962 tree over stored tiles. */
#include "protocol/proof/tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/*
 * Binary level H of the tree is row H % 8 of the tiles of level H / 8. What is kept:
 *
 *   T1  A tile in memory holds its first WIDTH hashes and every complete subtree over them.
 *   T2  The window of a level holds its last tile and, behind it without a gap, at least every
 *       tile not yet stored; after a flush at most WINDOW_KEPT tiles.
 *   T3  A tile before the window is full and stored; the newest CACHE_TILES read are cached.
 *   T4  The ragged memo, when its size is not 0, is of leaves that are in the tree.
 *
 * Hence memory is bounded by a few tiles a level and by what was appended since the flush.
 */
#define TILE_ROWS   8
#define TILE_NODES  (2 * TREE_TILE_WIDTH - 1)
#define LEVELS      8 /* 256^8 leaves are more than a size can say */
#define WINDOW_KEPT 2
#define CACHE_TILES 32

struct tile {
	unsigned level;
	unsigned width;  /* hashes present in row 0 */
	unsigned stored; /* of them, as of the last flush */
	uint64_t n;
	struct merkle_hash node[TILE_NODES]; /* row 0 first, then each row above it */
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
	struct window window[LEVELS];
	struct tile *cache[CACHE_TILES]; /* most recently used first */
	struct ragged ragged;
};

/* ---- One tile ---------------------------------------------------------------------------- */

static struct merkle_hash *
tile_node(struct tile *tile, unsigned row, size_t at)
{
	const size_t twice = (size_t)2 * TREE_TILE_WIDTH;
	size_t start = twice - (twice >> row);

	return &tile->node[start + at];
}

static struct tile *
tile_new(unsigned level, uint64_t n)
{
	struct tile *tile = malloc(sizeof(*tile));

	if (tile != NULL) {
		tile->level = level;
		tile->n = n;
		tile->width = tile->stored = 0;
	}
	return tile;
}

/* Adds the next hash and the subtrees that it completes. */
static void
tile_put(struct tile *tile, const struct merkle_hash *hash)
{
	size_t at = tile->width++;

	*tile_node(tile, 0, at) = *hash;
	for (unsigned row = 0; at & 1; row++, at /= 2)
		merkle_node(tile_node(tile, row, at - 1), tile_node(tile, row, at),
		    tile_node(tile, row + 1, at / 2));
}

static enum status
tile_read(const struct tree_tiles *tiles, unsigned level, uint64_t n, unsigned width,
    struct tile **out)
{
	struct buffer hashes = {0};
	struct merkle_hash hash;
	struct tile *tile = NULL;
	enum status rc;

	if ((rc = tiles->read(tiles->state, level, n, &hashes)) != STATUS_OK) {
		rc = rc == STATUS_NOT_FOUND ? STATUS_DATABASE : rc;
		goto out;
	}
	if (hashes.failed || (tile = tile_new(level, n)) == NULL) {
		rc = STATUS_NO_MEMORY;
		goto out;
	}
	if (hashes.len != width * sizeof(hash)) {
		rc = STATUS_DATABASE;
		goto out;
	}
	for (unsigned i = 0; i < width; i++) {
		memcpy(&hash, hashes.data + i * sizeof(hash), sizeof(hash));
		tile_put(tile, &hash);
	}
	tile->stored = width;
	*out = tile;
	tile = NULL;
out:
	free(tile);
	buffer_free(&hashes);
	return rc;
}

/* ---- The right edge ---------------------------------------------------------------------- */

/* Takes TILE, in any case; NULL is one for which memory ran out. */
static enum status
window_add(struct window *window, struct tile *tile)
{
	struct tile **grown;
	size_t cap = window->cap == 0 ? 4 : 2 * window->cap;

	if (tile == NULL)
		return STATUS_NO_MEMORY;
	if (window->count == window->cap) {
		if ((grown = realloc(window->tile, cap * sizeof(struct tile *))) == NULL) {
			free(tile);
			return STATUS_NO_MEMORY;
		}
		window->tile = grown;
		window->cap = cap;
	}
	if (window->count == 0)
		window->base = tile->n;
	window->tile[window->count++] = tile;
	return STATUS_OK;
}

static void
windows_free(struct window windows[static LEVELS])
{
	for (unsigned level = 0; level < LEVELS; level++) {
		for (size_t i = 0; i < windows[level].count; i++)
			free(windows[level].tile[i]);
		free(windows[level].tile);
		windows[level] = (struct window){0};
	}
}

/* Reads the last tile of each level of a tree of SIZE leaves; on failure nothing is kept. */
static enum status
windows_read(
    const struct tree_tiles *tiles, uint64_t size, struct window windows[static LEVELS])
{
	enum status rc = STATUS_OK;

	for (unsigned level = 0; level < LEVELS && rc == STATUS_OK; level++) {
		uint64_t count = size >> (TILE_ROWS * level), last = count - 1;
		struct tile *tile;

		if (count == 0)
			break;
		rc = tile_read(tiles, level, last / TREE_TILE_WIDTH,
		    (unsigned)(last % TREE_TILE_WIDTH) + 1, &tile);
		if (rc == STATUS_OK)
			rc = window_add(&windows[level], tile);
	}
	if (rc != STATUS_OK)
		windows_free(windows);
	return rc;
}

static void
cache_put(struct tree *tree, struct tile *tile)
{
	free(tree->cache[CACHE_TILES - 1]);
	memmove(&tree->cache[1], &tree->cache[0], sizeof(tree->cache) - sizeof(tree->cache[0]));
	tree->cache[0] = tile;
}

static struct tile *
cache_get(struct tree *tree, unsigned level, uint64_t n)
{
	struct tile *tile;

	for (size_t i = 0; i < CACHE_TILES && (tile = tree->cache[i]) != NULL; i++) {
		if (tile->level != level || tile->n != n)
			continue;
		memmove(&tree->cache[1], &tree->cache[0], i * sizeof(tree->cache[0]));
		tree->cache[0] = tile;
		return tile;
	}
	return NULL;
}

static void
cache_free(struct tree *tree)
{
	for (size_t i = 0; i < CACHE_TILES; i++)
		free(tree->cache[i]);
	memset(tree->cache, 0, sizeof(tree->cache));
}

/* Everything in a window is stored: its older tiles go to the cache. */
static void
window_trim(struct tree *tree, struct window *window)
{
	size_t surplus;

	if (window->count <= WINDOW_KEPT)
		return;
	surplus = window->count - WINDOW_KEPT;
	for (size_t i = 0; i < surplus; i++)
		cache_put(tree, window->tile[i]);
	memmove(window->tile, window->tile + surplus, WINDOW_KEPT * sizeof(window->tile[0]));
	window->count = WINDOW_KEPT;
	window->base += surplus;
}

/* ---- Opening, growing, storing ----------------------------------------------------------- */

enum status
tree_open(const struct tree_tiles *tiles, uint64_t size, struct tree **out)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	enum status rc;

	if (tree == NULL)
		return STATUS_NO_MEMORY;
	tree->tiles = *tiles;
	tree->size = tree->flushed = size;
	if ((rc = windows_read(tiles, size, tree->window)) != STATUS_OK) {
		free(tree);
		return rc;
	}
	*out = tree;
	return STATUS_OK;
}

void
tree_close(struct tree *tree)
{
	if (tree == NULL)
		return;
	windows_free(tree->window);
	cache_free(tree);
	free(tree);
}

uint64_t
tree_size(const struct tree *tree)
{
	return tree->size;
}

/* Where the next hash of LEVEL goes; NULL when memory ran out. */
static struct tile *
growing_tile(struct tree *tree, unsigned level)
{
	struct window *window = &tree->window[level];
	uint64_t n = (tree->size >> (TILE_ROWS * level)) / TREE_TILE_WIDTH;

	if ((window->count == 0 || n == window->base + window->count) &&
	    window_add(window, tile_new(level, n)) != STATUS_OK)
		return NULL;
	return window->tile[n - window->base];
}

enum status
tree_append(struct tree *tree, const struct merkle_hash *leaf)
{
	struct tile *tile[LEVELS];
	unsigned levels = 0;

	if (tree->size == UINT64_MAX)
		return STATUS_TOO_LARGE;
	/* All memory first: a leaf is either in every tile it belongs to, or in none. */
	do {
		if ((tile[levels] = growing_tile(tree, levels)) == NULL)
			return STATUS_NO_MEMORY;
	} while (tile[levels++]->width == TREE_TILE_WIDTH - 1 && levels < LEVELS);

	tile_put(tile[0], leaf);
	for (unsigned level = 1; level < levels; level++)
		tile_put(tile[level], tile_node(tile[level - 1], TILE_ROWS, 0));
	tree->size++;
	return STATUS_OK;
}

enum status
tree_flush(struct tree *tree)
{
	enum status rc;

	for (unsigned level = 0; level < LEVELS; level++) {
		struct window *window = &tree->window[level];

		for (size_t i = 0; i < window->count; i++) {
			struct tile *tile = window->tile[i];
			struct bytes row = {
			    tile->node[0].byte, tile->width * sizeof(tile->node[0])};

			if (tile->width == tile->stored)
				continue;
			rc = tree->tiles.write(tree->tiles.state, level, tile->n, row);
			if (rc != STATUS_OK)
				return rc;
		}
	}
	/* Only now: of a flush that failed half-way the transaction keeps nothing. */
	for (unsigned level = 0; level < LEVELS; level++) {
		struct window *window = &tree->window[level];

		for (size_t i = 0; i < window->count; i++)
			window->tile[i]->stored = window->tile[i]->width;
		window_trim(tree, window);
	}
	tree->flushed = tree->size;
	return STATUS_OK;
}

enum status
tree_rewind(struct tree *tree)
{
	struct window stored[LEVELS] = {0};
	enum status rc;

	if ((rc = windows_read(&tree->tiles, tree->flushed, stored)) != STATUS_OK)
		return rc;
	windows_free(tree->window);
	memcpy(tree->window, stored, sizeof(stored));
	/* The cache holds full, stored tiles only (T3): they stay as they are. */
	tree->size = tree->flushed;
	tree->ragged.size = 0;
	return STATUS_OK;
}

/* ---- Roots and paths --------------------------------------------------------------------- */

static enum status
find_tile(struct tree *tree, unsigned level, uint64_t n, struct tile **out)
{
	const struct window *window = &tree->window[level];
	enum status rc;

	assert(window->count > 0 && n < window->base + window->count);
	if (n >= window->base) {
		*out = window->tile[n - window->base];
		return STATUS_OK;
	}
	if ((*out = cache_get(tree, level, n)) != NULL)
		return STATUS_OK;
	if ((rc = tile_read(&tree->tiles, level, n, TREE_TILE_WIDTH, out)) == STATUS_OK)
		cache_put(tree, *out);
	return rc;
}

/* The complete subtree of 2^HEIGHT leaves that starts at BEGIN. */
static enum status
complete(struct tree *tree, unsigned height, uint64_t begin, struct merkle_hash *out)
{
	unsigned row = height % TILE_ROWS;
	uint64_t number = begin >> height, in_row = (uint64_t)TREE_TILE_WIDTH >> row;
	struct tile *tile;
	enum status rc;

	rc = find_tile(tree, height / TILE_ROWS, number / in_row, &tile);
	if (rc == STATUS_OK)
		*out = *tile_node(tile, row, (size_t)(number % in_row));
	return rc;
}

/* Fills the memo for SIZE > 0: as many look-ups as SIZE has bits set, and hashes but one. */
static enum status
fill_ragged(struct tree *tree, uint64_t size)
{
	struct merkle_hash *range = tree->ragged.range;
	unsigned count = (unsigned)__builtin_popcountll(size);
	struct merkle_hash left;
	enum status rc;

	if (tree->ragged.size == size)
		return STATUS_OK;
	tree->ragged.size = 0;
	/* From the smallest subtree, at the right, to the largest. */
	for (uint64_t bits = size; bits != 0; bits &= bits - 1) {
		unsigned height = (unsigned)__builtin_ctzll(bits);

		if ((rc = complete(tree, height, bits & (bits - 1), &left)) != STATUS_OK)
			return rc;
		count--;
		if (bits == size)
			range[count] = left;
		else
			merkle_node(&left, &range[count + 1], &range[count]);
	}
	tree->ragged.size = size;
	return STATUS_OK;
}

/* The root over leaves BEGIN to END of a tree of SIZE that splitting it comes upon. */
static enum status
range_root(
    struct tree *tree, uint64_t begin, uint64_t end, uint64_t size, struct merkle_hash *out)
{
	uint64_t len = end - begin;
	enum status rc;

	if ((len & (len - 1)) == 0)
		return complete(tree, (unsigned)__builtin_ctzll(len), begin, out);
	/* Not complete, so it ends where the tree ends, right of subtrees that are complete. */
	if ((rc = fill_ragged(tree, size)) == STATUS_OK)
		*out = tree->ragged.range[__builtin_popcountll(begin)];
	return rc;
}

enum status
tree_root(struct tree *tree, uint64_t size, struct merkle_hash *out)
{
	if (size > tree->size)
		return STATUS_NO_SUCH_ENTRY;
	if (size == 0) {
		merkle_empty(out);
		return STATUS_OK;
	}
	return range_root(tree, 0, size, size, out);
}

/* A walk from the root of a tree of SIZE down to a part of it. */
struct walk {
	uint64_t begin, end, size;
	uint32_t len;
	struct merkle_hash down[MERKLE_PATH_MAX]; /* the siblings passed, from the top */
};

/* One step: to the left part, noting the right one, or the other way round. */
static enum status
walk_down(struct tree *tree, struct walk *walk, uint64_t toward)
{
	uint64_t middle = walk->begin + merkle_split(walk->end - walk->begin);
	struct merkle_hash *sibling = &walk->down[walk->len++];
	enum status rc;

	if (toward < middle) {
		rc = range_root(tree, middle, walk->end, walk->size, sibling);
		walk->end = middle;
	} else {
		rc = range_root(tree, walk->begin, middle, walk->size, sibling);
		walk->begin = middle;
	}
	return rc;
}

/* Paths go from the bottom to the top. */
static void
walk_path(const struct walk *walk, struct merkle_path *out)
{
	out->len = walk->len;
	for (uint32_t i = 0; i < walk->len; i++)
		out->hash[i] = walk->down[walk->len - 1 - i];
}

enum status
tree_inclusion(struct tree *tree, uint64_t index, uint64_t size, struct merkle_path *out)
{
	struct walk walk;
	enum status rc;

	if (size > tree->size || index >= size)
		return STATUS_NO_SUCH_ENTRY;
	walk.begin = 0;
	walk.end = walk.size = size;
	walk.len = 0;
	while (walk.end - walk.begin > 1)
		if ((rc = walk_down(tree, &walk, index)) != STATUS_OK)
			return rc;
	walk_path(&walk, out);
	return STATUS_OK;
}

enum status
tree_consistency(
    struct tree *tree, uint64_t old_size, uint64_t new_size, struct merkle_path *out)
{
	struct walk walk;
	enum status rc;

	if (new_size > tree->size || old_size > new_size)
		return STATUS_NO_SUCH_ENTRY;
	walk.begin = 0;
	walk.end = walk.size = new_size;
	walk.len = 0;
	/* Toward the last subtree of which the old tree's right edge is the right edge. */
	while (old_size > 0 && walk.end != old_size)
		if ((rc = walk_down(tree, &walk, old_size - 1)) != STATUS_OK)
			return rc;
	/* The old tree itself is known to who checks; a part of it is the path's first node. */
	if (walk.begin > 0 && walk.len == MERKLE_PATH_MAX)
		return STATUS_TOO_LARGE; /* beyond 2^63 leaves only */
	if (walk.begin > 0) {
		rc = range_root(tree, walk.begin, walk.end, new_size, &walk.down[walk.len++]);
		if (rc != STATUS_OK)
			return rc;
	}
	walk_path(&walk, out);
	return STATUS_OK;
}
