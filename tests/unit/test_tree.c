/* tests/unit/test_tree.c: the growing tree over tiles in memory, against RFC 6962's recursion.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "protocol/base/suite.h"
#include "protocol/proof/tree.h"
#include "tests/unit/reference_merkle.h"

#define SMALL  131
#define LEAVES (65536 + 300)
#define TILES  300

static struct merkle_hash leaves[LEAVES];

/* A store as a database would be: a rollback returns to the last commit. */
struct store {
	struct buffer tile[2][TILES]; /* levels 0 and 1 are all that these sizes need */
	struct buffer committed[2][TILES];
	struct buffer top;
	unsigned reads, writes;
	unsigned refuse_write; /* the how many-th write fails; 0: none */
};

static struct buffer *
place(struct store *store, unsigned level, uint64_t n)
{
	if (level == 2 && n == 0)
		return &store->top;
	assert_true(level < 2 && n < TILES);
	return &store->tile[level][n];
}

static enum status
store_read(void *state, unsigned level, uint64_t n, struct buffer *out)
{
	struct store *store = state;
	struct buffer *tile = place(store, level, n);

	store->reads++;
	if (tile->len == 0)
		return STATUS_NOT_FOUND;
	buffer_append(out, bytes_of_buffer(tile));
	return STATUS_OK;
}

static enum status
store_write(void *state, unsigned level, uint64_t n, struct bytes hashes)
{
	struct store *store = state;
	struct buffer *tile = place(store, level, n);

	store->writes++;
	if (store->refuse_write > 0 && --store->refuse_write == 0)
		return STATUS_IO;
	assert_true(hashes.len % 32 == 0 && hashes.len <= 8192 && hashes.len > tile->len);
	buffer_reset(tile);
	buffer_append(tile, hashes);
	return STATUS_OK;
}

static void
copy(struct buffer *to, const struct buffer *from)
{
	buffer_reset(to);
	buffer_append(to, bytes_of_buffer(from));
}

static void
store_commit(struct store *store)
{
	for (size_t i = 0; i < 2 * TILES; i++)
		copy(&store->committed[i / TILES][i % TILES],
		    &store->tile[i / TILES][i % TILES]);
}

static void
store_rollback(struct store *store)
{
	for (size_t i = 0; i < 2 * TILES; i++)
		copy(&store->tile[i / TILES][i % TILES],
		    &store->committed[i / TILES][i % TILES]);
}

static void
store_free(struct store *store)
{
	for (size_t i = 0; i < 2 * TILES; i++) {
		buffer_free(&store->tile[i / TILES][i % TILES]);
		buffer_free(&store->committed[i / TILES][i % TILES]);
	}
	buffer_free(&store->top);
	free(store);
}

static struct store *
store_new(void)
{
	struct store *store = calloc(1, sizeof(*store));

	assert_non_null(store);
	return store;
}

static struct tree *
reopen(struct store *store, uint64_t size)
{
	const struct tree_tiles tiles = {store, store_read, store_write};
	struct tree *tree = NULL;

	assert_int_equal(tree_open(&tiles, size, &tree), STATUS_OK);
	assert_true(tree_size(tree) == size);
	return tree;
}

/* Appends up to SIZE, flushing after each BATCH; 0 flushes never. */
static void
grow(struct tree *tree, uint64_t size, uint64_t batch)
{
	while (tree_size(tree) < size) {
		assert_int_equal(tree_append(tree, &leaves[tree_size(tree)]), STATUS_OK);
		if (batch > 0 && tree_size(tree) % batch == 0)
			assert_int_equal(tree_flush(tree), STATUS_OK);
	}
}

static void
check_root(struct tree *tree, size_t size)
{
	struct merkle_hash root, want;

	reference_root(leaves, size, &want);
	assert_int_equal(tree_root(tree, size, &root), STATUS_OK);
	assert_memory_equal(root.byte, want.byte, 32);
}

static void
check_inclusion(struct tree *tree, size_t index, size_t size)
{
	struct merkle_path path, want = {0};

	reference_path(leaves, size, index, &want);
	assert_int_equal(tree_inclusion(tree, index, size, &path), STATUS_OK);
	assert_true(reference_same_path(&path, &want));
}

static void
check_consistency(struct tree *tree, size_t old_size, size_t new_size)
{
	struct merkle_path path, want = {0};

	if (old_size > 0)
		reference_proof(leaves, new_size, old_size, true, &want);
	assert_int_equal(tree_consistency(tree, old_size, new_size, &path), STATUS_OK);
	assert_true(reference_same_path(&path, &want));
}

/* Cheaper for large trees: the paths are checked as a verifier would. */
static void
check_by_verifying(struct tree *tree, uint64_t index, uint64_t old_size, uint64_t size)
{
	struct merkle_hash old_root, root;
	struct merkle_path path;

	assert_int_equal(tree_root(tree, old_size, &old_root), STATUS_OK);
	assert_int_equal(tree_root(tree, size, &root), STATUS_OK);
	assert_int_equal(tree_inclusion(tree, index, size, &path), STATUS_OK);
	assert_int_equal(
	    merkle_check_inclusion(&leaves[index], index, size, &path, &root), STATUS_OK);
	assert_int_equal(tree_consistency(tree, old_size, size, &path), STATUS_OK);
	assert_int_equal(
	    merkle_check_consistency(old_size, &old_root, size, &root, &path), STATUS_OK);
}

static int
make_leaves(void **state)
{
	(void)state;
	if (suite_start() != STATUS_OK)
		return -1;
	for (size_t i = 0; i < LEAVES; i++)
		reference_leaf(i, &leaves[i]);
	return 0;
}

static void
every_root_and_path_of_a_small_tree_is_that_of_the_reference(void **state)
{
	struct store *store = store_new();
	struct tree *tree = reopen(store, 0);

	(void)state;
	grow(tree, SMALL, 0);
	for (size_t n = 0; n <= SMALL; n++) {
		check_root(tree, n);
		for (size_t i = 0; i < n; i++)
			check_inclusion(tree, i, n);
		for (size_t m = 0; m <= n; m++)
			check_consistency(tree, m, n);
	}
	tree_close(tree);
	store_free(store);
}

static void
roots_and_paths_hold_across_the_edges_of_tiles(void **state)
{
	static const size_t sizes[] = {
	    255, 256, 257, 511, 512, 513, 767, 768, 1023, 1024, 1025};
	const size_t count = sizeof(sizes) / sizeof(sizes[0]);
	struct store *store = store_new();
	struct tree *tree = reopen(store, 0);

	(void)state;
	grow(tree, 1025, 100);
	for (size_t a = 0; a < count; a++) {
		check_root(tree, sizes[a]);
		for (size_t i = 0; i < sizes[a]; i += i % 256 < 3 || i % 256 > 252 ? 1 : 83)
			check_inclusion(tree, i, sizes[a]);
		for (size_t b = 0; b <= a; b++)
			check_consistency(tree, sizes[b], sizes[a]);
	}
	tree_close(tree);
	store_free(store);
}

static void
a_tree_of_three_levels_proves_its_leaves_old_and_new(void **state)
{
	static const size_t sizes[] = {65535, 65536, 65537, LEAVES};
	struct store *store = store_new();
	struct tree *tree = reopen(store, 0);

	(void)state;
	grow(tree, LEAVES, 1000);
	assert_int_equal(tree_flush(tree), STATUS_OK);
	assert_int_equal(store->top.len, 32);
	for (size_t again = 0; again < 2; again++) {
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			size_t n = sizes[i];

			check_root(tree, n);
			for (size_t at = 0; at < n; at += 997)
				check_by_verifying(tree, at, at + 1, n);
			check_inclusion(tree, n - 1, n);
			check_inclusion(tree, n - 257, n);
			check_consistency(tree, 65535, n);
		}
		tree_close(tree);
		tree = reopen(store, LEAVES);
	}
	tree_close(tree);
	store_free(store);
}

static void
a_tree_reopened_at_any_size_continues_as_if_never_closed(void **state)
{
	struct store *store = store_new();
	struct tree *tree = reopen(store, 0);

	(void)state;
	for (size_t n = 1; n <= 600; n++) {
		grow(tree, n, 1);
		tree_close(tree);
		tree = reopen(store, n);
		check_root(tree, n);
		check_inclusion(tree, n - 1, n);
		check_consistency(tree, n / 2, n);
	}
	tree_close(tree);
	store_free(store);
}

static void
unflushed_appends_are_proven_and_written_by_one_flush(void **state)
{
	struct store *store = store_new();
	struct tree *tree = reopen(store, 0);

	(void)state;
	grow(tree, 20000, 0);
	assert_int_equal(store->writes, 0);
	check_by_verifying(tree, 3, 700, 20000);
	assert_int_equal(store->reads, 0);
	assert_int_equal(tree_flush(tree), STATUS_OK);
	assert_int_equal(store->writes, 20000 / 256 + 1 + 1);
	check_by_verifying(tree, 3, 700, 20000);
	tree_close(tree);
	tree = reopen(store, 20000);
	check_root(tree, 20000);
	tree_close(tree);
	store_free(store);
}

static void
a_flush_writes_only_the_tiles_that_changed(void **state)
{
	struct store *store = store_new();
	struct tree *tree = reopen(store, 0);

	(void)state;
	grow(tree, 700, 0);
	assert_int_equal(tree_flush(tree), STATUS_OK);
	store->writes = 0;
	assert_int_equal(tree_flush(tree), STATUS_OK);
	assert_int_equal(store->writes, 0);
	grow(tree, 767, 1); /* tile 2 alone, each time */
	assert_int_equal(store->writes, 67);
	grow(tree, 768, 1); /* it is full: its parent too */
	assert_int_equal(store->writes, 69);
	tree_close(tree);
	store_free(store);
}

static void
proofs_near_the_right_edge_read_nothing(void **state)
{
	struct store *store = store_new();
	struct tree *tree = reopen(store, 0);
	struct merkle_path path;

	(void)state;
	for (size_t n = 1; n <= 5000; n++) {
		grow(tree, n, 7);
		for (size_t back = 1; back <= 257 && back <= n; back += 64)
			assert_int_equal(tree_inclusion(tree, n - back, n, &path), STATUS_OK);
	}
	assert_int_equal(store->reads, 0);
	tree_close(tree);
	store_free(store);
}

static void
proofs_of_the_same_old_leaves_read_their_tiles_once(void **state)
{
	struct store *store = store_new();
	struct tree *tree = reopen(store, 0);
	unsigned once;

	(void)state;
	grow(tree, 20000, 256);
	tree_close(tree);
	tree = reopen(store, store->tile[0][78].len / 32 + 78 * 256);
	store->reads = 0;
	check_by_verifying(tree, 1000, 1000, tree_size(tree));
	once = store->reads;
	assert_in_range(once, 1, 4);
	for (size_t i = 0; i < 100; i++)
		check_by_verifying(tree, 900 + i, 1000, tree_size(tree));
	assert_int_equal(store->reads, once);
	tree_close(tree);
	store_free(store);
}

static void
reading_many_old_tiles_does_not_displace_the_right_edge(void **state)
{
	struct store *store = store_new();
	struct tree *tree = reopen(store, 0);
	struct merkle_path path;
	unsigned reads;

	(void)state;
	grow(tree, 20100, 100);
	for (size_t i = 0; i < 60; i++)
		check_by_verifying(tree, i * 256, i * 256 + 1, 20100);
	reads = store->reads;
	assert_true(reads >= 40);
	for (size_t back = 1; back <= 300; back++)
		assert_int_equal(tree_inclusion(tree, 20100 - back, 20100, &path), STATUS_OK);
	assert_int_equal(store->reads, reads);
	tree_close(tree);
	store_free(store);
}

static void
a_rewind_forgets_what_was_not_flushed(void **state)
{
	static const size_t flushed[] = {0, 1, 100, 255, 256, 257, 511, 512, 700};
	static const size_t forgotten[] = {1, 2, 255, 256, 257, 600};

	(void)state;
	for (size_t a = 0; a < sizeof(flushed) / sizeof(flushed[0]); a++) {
		for (size_t b = 0; b < sizeof(forgotten) / sizeof(forgotten[0]); b++) {
			struct store *store = store_new();
			struct tree *tree = reopen(store, 0);
			struct merkle_hash root;
			size_t n = flushed[a] + forgotten[b];

			grow(tree, flushed[a], 0);
			assert_int_equal(tree_flush(tree), STATUS_OK);
			/* Other leaves than those that come after the rewind. */
			while (tree_size(tree) < n)
				assert_int_equal(
				    tree_append(tree, &leaves[LEAVES - 1]), STATUS_OK);
			assert_int_equal(tree_root(tree, n, &root), STATUS_OK);
			assert_int_equal(tree_rewind(tree), STATUS_OK);
			assert_int_equal(tree_size(tree), flushed[a]);
			assert_int_equal(tree_root(tree, n, &root), STATUS_NO_SUCH_ENTRY);
			grow(tree, n, 0);
			check_root(tree, n);
			check_inclusion(tree, n / 2, n);
			assert_int_equal(tree_flush(tree), STATUS_OK);
			tree_close(tree);
			tree = reopen(store, n);
			check_root(tree, n);
			tree_close(tree);
			store_free(store);
		}
	}
}

static void
a_flush_that_failed_half_way_is_undone_by_rollback_and_rewind(void **state)
{
	struct store *store = store_new();
	struct tree *tree = reopen(store, 0);

	(void)state;
	grow(tree, 500, 0);
	assert_int_equal(tree_flush(tree), STATUS_OK);
	store_commit(store);
	for (unsigned at = 1; at <= 3; at++) {
		grow(tree, 1000, 0);
		store->refuse_write = at;
		assert_int_equal(tree_flush(tree), STATUS_IO);
		store_rollback(store);
		assert_int_equal(tree_rewind(tree), STATUS_OK);
		assert_int_equal(tree_size(tree), 500);
	}
	grow(tree, 1000, 0);
	assert_int_equal(tree_flush(tree), STATUS_OK);
	tree_close(tree);
	tree = reopen(store, 1000);
	check_root(tree, 1000);
	tree_close(tree);
	store_free(store);
}

static void
missing_and_wrong_tiles_are_found_when_they_are_needed(void **state)
{
	struct store *store = store_new();
	const struct tree_tiles tiles = {store, store_read, store_write};
	struct tree *tree = reopen(store, 0);
	struct merkle_path path;

	(void)state;
	grow(tree, 600, 1);
	tree_close(tree);
	assert_int_equal(tree_open(&tiles, 599, &tree), STATUS_DATABASE);
	assert_int_equal(tree_open(&tiles, 601, &tree), STATUS_DATABASE);
	assert_int_equal(tree_open(&tiles, 1, &tree), STATUS_DATABASE);
	assert_int_equal(tree_open(&tiles, 768 + 1, &tree), STATUS_DATABASE);
	store->tile[0][2].len--;
	assert_int_equal(tree_open(&tiles, 600, &tree), STATUS_DATABASE);
	store->tile[0][2].len++;
	store->tile[1][0].len = 0;
	assert_int_equal(tree_open(&tiles, 600, &tree), STATUS_DATABASE);
	store->tile[1][0].len = 64;
	store->tile[0][0].len -= 32;
	tree = reopen(store, 600);
	assert_int_equal(tree_inclusion(tree, 3, 600, &path), STATUS_DATABASE);
	store->tile[0][0].len = 0;
	assert_int_equal(tree_inclusion(tree, 3, 600, &path), STATUS_DATABASE);
	assert_int_equal(tree_inclusion(tree, 599, 600, &path), STATUS_OK);
	store->tile[0][0].len = 8192;
	check_inclusion(tree, 3, 600);
	tree_close(tree);
	store_free(store);
}

static void
nothing_outside_the_tree_is_proven(void **state)
{
	struct store *store = store_new();
	struct tree *tree = reopen(store, 0);
	struct merkle_path path;
	struct merkle_hash root;

	(void)state;
	assert_int_equal(tree_inclusion(tree, 0, 0, &path), STATUS_NO_SUCH_ENTRY);
	check_root(tree, 0);
	grow(tree, 300, 0);
	assert_int_equal(tree_root(tree, 301, &root), STATUS_NO_SUCH_ENTRY);
	assert_int_equal(tree_root(tree, UINT64_MAX, &root), STATUS_NO_SUCH_ENTRY);
	assert_int_equal(tree_inclusion(tree, 300, 300, &path), STATUS_NO_SUCH_ENTRY);
	assert_int_equal(tree_inclusion(tree, 5, 5, &path), STATUS_NO_SUCH_ENTRY);
	assert_int_equal(tree_inclusion(tree, 0, 301, &path), STATUS_NO_SUCH_ENTRY);
	assert_int_equal(
	    tree_inclusion(tree, UINT64_MAX, UINT64_MAX, &path), STATUS_NO_SUCH_ENTRY);
	assert_int_equal(tree_consistency(tree, 1, 301, &path), STATUS_NO_SUCH_ENTRY);
	assert_int_equal(tree_consistency(tree, 6, 5, &path), STATUS_NO_SUCH_ENTRY);
	assert_int_equal(
	    tree_consistency(tree, UINT64_MAX, UINT64_MAX, &path), STATUS_NO_SUCH_ENTRY);
	tree_close(tree);
	store_free(store);
}

/*
 * A tree of any size all of whose leaves are leaves[0]: every complete subtree of a height is
 * the same, so that its tiles need no storing.
 */
struct uniform {
	uint64_t size;
	struct merkle_hash at_height[64];
};

static enum status
uniform_read(void *state, unsigned level, uint64_t n, struct buffer *out)
{
	const struct uniform *uniform = state;
	uint64_t count = (uniform->size >> (8 * level)) - 256 * n;

	for (uint64_t i = 0; i < 256 && i < count; i++)
		buffer_append(out, BYTES(uniform->at_height[8 * level].byte));
	return STATUS_OK;
}

static enum status
uniform_write(void *state, unsigned level, uint64_t n, struct bytes hashes)
{
	(void)state;
	(void)level;
	(void)n;
	(void)hashes;
	return STATUS_OK;
}

static void
the_largest_trees_are_proven_and_never_overrun(void **state)
{
	static const uint64_t sizes[] = {UINT64_MAX, UINT64_MAX - 1, (UINT64_C(1) << 63) + 1,
	    UINT64_C(1) << 63, (UINT64_C(1) << 63) - 1, UINT64_C(1) << 56};
	struct uniform uniform;
	const struct tree_tiles tiles = {&uniform, uniform_read, uniform_write};

	(void)state;
	uniform.at_height[0] = leaves[0];
	for (size_t h = 1; h < 64; h++)
		merkle_node(&uniform.at_height[h - 1], &uniform.at_height[h - 1],
		    &uniform.at_height[h]);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint64_t n = sizes[i];
		const uint64_t at[] = {0, 1, 2, 3, n / 2, n - 2, n - 1};
		struct merkle_path path;
		struct merkle_hash root, old_root;
		struct tree *tree;

		uniform.size = n;
		assert_int_equal(tree_open(&tiles, n, &tree), STATUS_OK);
		assert_int_equal(tree_root(tree, n, &root), STATUS_OK);
		for (size_t k = 0; k < sizeof(at) / sizeof(at[0]); k++) {
			enum status rc;
			uint32_t siblings;

			assert_int_equal(tree_inclusion(tree, at[k], n, &path), STATUS_OK);
			assert_int_equal(
			    merkle_check_inclusion(&leaves[0], at[k], n, &path, &root),
			    STATUS_OK);
			if (at[k] == 0)
				continue;
			/* The path from an odd size holds the last leaf and all its siblings. */
			assert_int_equal(tree_inclusion(tree, at[k] - 1, n, &path), STATUS_OK);
			siblings = path.len;
			rc = tree_consistency(tree, at[k], n, &path);
			if (at[k] > 1 && at[k] % 2 == 1 && siblings == MERKLE_PATH_MAX) {
				assert_int_equal(rc, STATUS_TOO_LARGE);
				continue;
			}
			assert_int_equal(rc, STATUS_OK);
			assert_int_equal(tree_root(tree, at[k], &old_root), STATUS_OK);
			assert_int_equal(
			    merkle_check_consistency(at[k], &old_root, n, &root, &path),
			    STATUS_OK);
		}
		assert_int_equal(tree_append(tree, &leaves[0]),
		    n == UINT64_MAX ? STATUS_TOO_LARGE : STATUS_OK);
		assert_int_equal(tree_flush(tree), STATUS_OK);
		tree_close(tree);
	}
}

int
main(void)
{
	const struct CMUnitTest tree[] = {
	    cmocka_unit_test(every_root_and_path_of_a_small_tree_is_that_of_the_reference),
	    cmocka_unit_test(roots_and_paths_hold_across_the_edges_of_tiles),
	    cmocka_unit_test(a_tree_of_three_levels_proves_its_leaves_old_and_new),
	    cmocka_unit_test(a_tree_reopened_at_any_size_continues_as_if_never_closed),
	    cmocka_unit_test(unflushed_appends_are_proven_and_written_by_one_flush),
	    cmocka_unit_test(a_flush_writes_only_the_tiles_that_changed),
	    cmocka_unit_test(proofs_near_the_right_edge_read_nothing),
	    cmocka_unit_test(proofs_of_the_same_old_leaves_read_their_tiles_once),
	    cmocka_unit_test(reading_many_old_tiles_does_not_displace_the_right_edge),
	    cmocka_unit_test(a_rewind_forgets_what_was_not_flushed),
	    cmocka_unit_test(a_flush_that_failed_half_way_is_undone_by_rollback_and_rewind),
	    cmocka_unit_test(missing_and_wrong_tiles_are_found_when_they_are_needed),
	    cmocka_unit_test(nothing_outside_the_tree_is_proven),
	    cmocka_unit_test(the_largest_trees_are_proven_and_never_overrun),
	};

	return cmocka_run_group_tests(tree, make_leaves, NULL);
}
