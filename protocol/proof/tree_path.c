/* protocol/proof/tree_path.c: roots and proofs over a tree, from its complete subtrees. */
#include "protocol/proof/tree_inside.h"

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

		if ((rc = tree_complete(tree, height, bits & (bits - 1), &left)) != STATUS_OK)
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
		return tree_complete(tree, (unsigned)__builtin_ctzll(len), begin, out);
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
