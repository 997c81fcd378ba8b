/* protocol/proof/merkle.c: hashes, roots and paths of RFC 6962 trees, and their checks. */
#include "protocol/proof/merkle.h"

#include <string.h>

#include "protocol/base/suite.h"

static bool
same(const struct merkle_hash *a, const struct merkle_hash *b)
{
	return suite_equal(a->byte, b->byte, sizeof(a->byte));
}

void
merkle_leaf(struct bytes leaf, struct merkle_hash *out)
{
	static const uint8_t prefix[] = {0x00};
	const struct bytes parts[] = {BYTES(prefix), leaf};

	suite_sha256(parts, 2, out->byte);
}

void
merkle_node(
    const struct merkle_hash *left, const struct merkle_hash *right, struct merkle_hash *out)
{
	static const uint8_t prefix[] = {0x01};
	const struct bytes parts[] = {BYTES(prefix), BYTES(left->byte), BYTES(right->byte)};

	suite_sha256(parts, 3, out->byte);
}

void
merkle_empty(struct merkle_hash *out)
{
	suite_sha256(NULL, 0, out->byte);
}

uint64_t
merkle_split(uint64_t n)
{
	return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

void
merkle_root(const struct merkle_hash *leaves, size_t n, struct merkle_hash *out)
{
	/* The roots of the complete subtrees so far, one for each bit set in their number. */
	struct merkle_hash stack[MERKLE_PATH_MAX + 1];
	size_t depth = 0;

	if (n == 0) {
		merkle_empty(out);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		stack[depth++] = leaves[i];
		for (size_t done = i; done & 1; done >>= 1, depth--)
			merkle_node(&stack[depth - 2], &stack[depth - 1], &stack[depth - 2]);
	}
	for (; depth > 1; depth--)
		merkle_node(&stack[depth - 2], &stack[depth - 1], &stack[depth - 2]);
	*out = stack[0];
}

void
merkle_path_of(
    const struct merkle_hash *leaves, size_t n, size_t index, struct merkle_path *out)
{
	struct merkle_hash down[MERKLE_PATH_MAX];
	size_t begin = 0, end = n;
	uint32_t len = 0;

	while (index < n && end - begin > 1) {
		size_t middle = begin + (size_t)merkle_split(end - begin);

		if (index < middle) {
			merkle_root(leaves + middle, end - middle, &down[len++]);
			end = middle;
		} else {
			merkle_root(leaves + begin, middle - begin, &down[len++]);
			begin = middle;
		}
	}
	out->len = len;
	for (uint32_t i = 0; i < len; i++)
		out->hash[i] = down[len - 1 - i];
}

size_t
merkle_nodes(size_t n)
{
	size_t count = n;

	for (; n > 1; count += n)
		n = (n + 1) / 2;
	return count;
}

void
merkle_nodes_fill(struct merkle_hash *nodes, size_t n)
{
	while (n > 1) {
		struct merkle_hash *above = nodes + n;

		for (size_t i = 0; i + 1 < n; i += 2)
			merkle_node(&nodes[i], &nodes[i + 1], &above[i / 2]);
		/* A last node without a sibling rises as it is. */
		if (n % 2 == 1)
			above[n / 2] = nodes[n - 1];
		nodes = above;
		n = (n + 1) / 2;
	}
}

void
merkle_nodes_path(
    const struct merkle_hash *nodes, size_t n, size_t index, struct merkle_path *out)
{
	out->len = 0;
	while (index < n && n > 1) {
		if ((index ^ 1) < n)
			out->hash[out->len++] = nodes[index ^ 1];
		nodes += n;
		n = (n + 1) / 2;
		index /= 2;
	}
}

/* From HERE to the node above it and its SIBLING; false: there is none. */
static bool
climb(struct merkle_place *here, const struct merkle_hash *sibling)
{
	if (here->last == 0)
		return false;
	if ((here->at & 1) == 0 && here->at != here->last) {
		merkle_node(&here->node, sibling, &here->node);
	} else {
		merkle_node(sibling, &here->node, &here->node);
		/* A last node without a sibling rises until it is somebody's right. */
		for (; here->at != 0 && (here->at & 1) == 0; here->at >>= 1)
			here->last >>= 1;
	}
	here->at >>= 1;
	here->last >>= 1;
	return true;
}

enum status
merkle_root_from_path(const struct merkle_hash *leaf, uint64_t index, uint64_t size,
    const struct merkle_path *path, struct merkle_hash *out)
{
	struct merkle_place here = {.at = index, .node = *leaf};

	if (index >= size || path->len > MERKLE_PATH_MAX)
		return STATUS_BAD_PROOF;
	here.last = size - 1;
	for (uint32_t i = 0; i < path->len; i++)
		if (!climb(&here, &path->hash[i]))
			return STATUS_BAD_PROOF;
	if (here.last != 0)
		return STATUS_BAD_PROOF;
	*out = here.node;
	return STATUS_OK;
}

enum status
merkle_check_inclusion(const struct merkle_hash *leaf, uint64_t index, uint64_t size,
    const struct merkle_path *path, const struct merkle_hash *root)
{
	struct merkle_hash found;
	enum status rc;

	if ((rc = merkle_root_from_path(leaf, index, size, path, &found)) != STATUS_OK)
		return rc;
	return same(&found, root) ? STATUS_OK : STATUS_BAD_PROOF;
}

/* Whether TRAIL was HERE, too, and went on as the rest of PATH from I does: to the same root. */
static bool
meets(const struct merkle_trail *trail, uint64_t size, const struct merkle_path *path,
    uint32_t i, const struct merkle_place *here)
{
	const uint32_t left = path->len - i, known = trail->path.len;
	const struct merkle_place *place =
	    &trail->places[known - (left < known ? left : known)];

	return trail->size == size && left <= known && place->at == here->at &&
	       place->last == here->last && same(&place->node, &here->node) &&
	       memcmp(&path->hash[i], &trail->path.hash[known - left],
		   left * sizeof(path->hash[0])) == 0;
}

enum status
merkle_trail_check(struct merkle_trail *trail, const struct merkle_hash *leaf, uint64_t index,
    uint64_t size, const struct merkle_path *path, const struct merkle_hash *root)
{
	struct merkle_place way[MERKLE_PATH_MAX], here = {.at = index, .node = *leaf};
	uint32_t i, left;

	if (index >= size || path->len > MERKLE_PATH_MAX)
		return STATUS_BAD_PROOF;
	here.last = size - 1;
	for (i = 0; i < path->len && !meets(trail, size, path, i, &here); i++) {
		way[i] = here;
		if (!climb(&here, &path->hash[i]))
			return STATUS_BAD_PROOF;
	}
	left = path->len - i;
	if (left > 0)
		here = trail->places[trail->path.len];
	if (here.last != 0 || !same(&here.node, root))
		return STATUS_BAD_PROOF;
	memmove(&trail->places[i], &trail->places[trail->path.len - left],
	    left * sizeof(trail->places[0]));
	memcpy(trail->places, way, i * sizeof(way[0]));
	trail->places[path->len] = here;
	trail->path = *path;
	trail->size = size;
	return STATUS_OK;
}

/* For 0 < old_size < new_size: both roots that PATH leads to. */
static enum status
roots_from_path(uint64_t old_size, const struct merkle_hash *old_root, uint64_t new_size,
    const struct merkle_path *path, struct merkle_hash *old_found,
    struct merkle_hash *new_found)
{
	uint64_t at = old_size - 1, last = new_size - 1;
	uint32_t next = 0;

	for (; at & 1; at >>= 1)
		last >>= 1;
	/* A complete old tree is itself the first node; the path does not repeat its root. */
	if ((old_size & (old_size - 1)) == 0)
		*old_found = *old_root;
	else if (path->len > 0)
		*old_found = path->hash[next++];
	else
		return STATUS_BAD_PROOF;
	*new_found = *old_found;
	for (; next < path->len; next++, at >>= 1, last >>= 1) {
		const struct merkle_hash *node = &path->hash[next];

		if (last == 0)
			return STATUS_BAD_PROOF;
		if ((at & 1) == 0 && at != last) {
			merkle_node(new_found, node, new_found);
			continue;
		}
		merkle_node(node, old_found, old_found);
		merkle_node(node, new_found, new_found);
		for (; at != 0 && (at & 1) == 0; at >>= 1)
			last >>= 1;
	}
	return last == 0 ? STATUS_OK : STATUS_BAD_PROOF;
}

enum status
merkle_check_consistency(uint64_t old_size, const struct merkle_hash *old_root,
    uint64_t new_size, const struct merkle_hash *new_root, const struct merkle_path *path)
{
	struct merkle_hash old_found, new_found;
	enum status rc;

	if (old_size > new_size || path->len > MERKLE_PATH_MAX)
		return STATUS_BAD_PROOF;
	if (old_size == 0 || old_size == new_size) {
		if (path->len != 0)
			return STATUS_BAD_PROOF;
		if (old_size == new_size && !same(old_root, new_root))
			return STATUS_FORKED_LOG;
		return STATUS_OK;
	}
	rc = roots_from_path(old_size, old_root, new_size, path, &old_found, &new_found);
	if (rc != STATUS_OK)
		return rc;
	return same(&old_found, old_root) && same(&new_found, new_root) ? STATUS_OK
	                                                                : STATUS_FORKED_LOG;
}
