/* protocol/proof/tree.c: a growing RFC 6962 tree over stored tiles: appended, stored, read. */
#include "protocol/proof/tree_inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define TILE_ROWS   8 /* binary levels in a tile */
#define WINDOW_KEPT 2

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
windows_free(struct window windows[static TREE_LEVELS])
{
	for (unsigned level = 0; level < TREE_LEVELS; level++) {
		for (size_t i = 0; i < windows[level].count; i++)
			free(windows[level].tile[i]);
		free(windows[level].tile);
		windows[level] = (struct window){0};
	}
}

/* Reads the last tile of each level of a tree of SIZE leaves; on failure nothing is kept. */
static enum status
windows_read(
    const struct tree_tiles *tiles, uint64_t size, struct window windows[static TREE_LEVELS])
{
	enum status rc = STATUS_OK;

	for (unsigned level = 0; level < TREE_LEVELS && rc == STATUS_OK; level++) {
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
	free(tree->cache[TREE_CACHE_TILES - 1]);
	memmove(&tree->cache[1], &tree->cache[0], sizeof(tree->cache) - sizeof(tree->cache[0]));
	tree->cache[0] = tile;
}

static struct tile *
cache_get(struct tree *tree, unsigned level, uint64_t n)
{
	struct tile *tile;

	for (size_t i = 0; i < TREE_CACHE_TILES && (tile = tree->cache[i]) != NULL; i++) {
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
	for (size_t i = 0; i < TREE_CACHE_TILES; i++)
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
	struct tile *tile[TREE_LEVELS];
	unsigned levels = 0;

	if (tree->size == UINT64_MAX)
		return STATUS_TOO_LARGE;
	/* All memory first: a leaf is either in every tile it belongs to, or in none. */
	do {
		if ((tile[levels] = growing_tile(tree, levels)) == NULL)
			return STATUS_NO_MEMORY;
	} while (tile[levels++]->width == TREE_TILE_WIDTH - 1 && levels < TREE_LEVELS);

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

	for (unsigned level = 0; level < TREE_LEVELS; level++) {
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
	for (unsigned level = 0; level < TREE_LEVELS; level++) {
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
	struct window stored[TREE_LEVELS] = {0};
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

/* ---- Reading ----------------------------------------------------------------------------- */

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

enum status
tree_complete(struct tree *tree, unsigned height, uint64_t begin, struct merkle_hash *out)
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
