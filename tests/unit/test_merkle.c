/* tests/unit/test_merkle.c: hashes, roots, paths and their checks against RFC 6962's recursion.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/base/suite.h"
#include "tests/unit/reference_merkle.h"

#define LEAVES 131

static struct merkle_hash leaves[LEAVES];
static struct merkle_hash roots[LEAVES + 1];

static int
make_tree(void **state)
{
	(void)state;
	if (suite_start() != STATUS_OK)
		return -1;
	for (size_t i = 0; i < LEAVES; i++)
		reference_leaf(i, &leaves[i]);
	for (size_t n = 0; n <= LEAVES; n++)
		reference_root(leaves, n, &roots[n]);
	return 0;
}

static void
assert_hash(const struct merkle_hash *hash, const char *hex)
{
	char text[2 * sizeof(hash->byte) + 1];

	bytes_to_hex(BYTES(hash->byte), text);
	assert_string_equal(text, hex);
}

/* The eight leaves and roots that certificate transparency implementations share. */
static const struct {
	const char *leaf;
	const char *root;
} known[] = {
    {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
    {"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
    {"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
    {"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
    {"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
    {"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
    {"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
    {"606162636465666768696a6b6c6d6e6f",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
};

static void
the_known_trees_have_their_known_roots(void **state)
{
	struct merkle_hash leaf[8], root;

	(void)state;
	merkle_empty(&root);
	assert_hash(&root, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	for (size_t i = 0; i < 8; i++) {
		uint8_t raw[16];
		struct bytes hex = bytes_of_text(known[i].leaf);

		assert_true(bytes_from_hex(hex, raw, hex.len / 2));
		merkle_leaf((struct bytes){raw, hex.len / 2}, &leaf[i]);
		merkle_root(leaf, i + 1, &root);
		assert_hash(&root, known[i].root);
	}
}

static void
a_leaf_cannot_pass_for_a_node(void **state)
{
	struct merkle_hash node, leaf;
	uint8_t both[64];

	(void)state;
	memcpy(both, leaves[0].byte, 32);
	memcpy(both + 32, leaves[1].byte, 32);
	merkle_node(&leaves[0], &leaves[1], &node);
	merkle_leaf(BYTES(both), &leaf);
	assert_memory_not_equal(node.byte, leaf.byte, 32);
}

static void
a_tree_splits_at_the_largest_power_of_two_below_its_size(void **state)
{
	(void)state;
	for (size_t n = 2; n <= 300; n++)
		assert_int_equal(merkle_split(n), reference_split(n));
	assert_true(merkle_split(UINT64_C(1) << 63) == UINT64_C(1) << 62);
	assert_true(merkle_split(UINT64_MAX) == UINT64_C(1) << 63);
}

static void
every_root_and_path_is_that_of_the_reference(void **state)
{
	struct merkle_hash root;

	(void)state;
	for (size_t n = 0; n <= LEAVES; n++) {
		merkle_root(leaves, n, &root);
		assert_memory_equal(root.byte, roots[n].byte, 32);
		for (size_t i = 0; i < n; i++) {
			struct merkle_path path, want = {0};

			reference_path(leaves, n, i, &want);
			merkle_path_of(leaves, n, i, &path);
			assert_true(reference_same_path(&path, &want));
		}
	}
}

static void
a_whole_tree_gives_the_same_paths(void **state)
{
	(void)state;
	for (size_t n = 1; n <= LEAVES; n++) {
		size_t count = merkle_nodes(n);
		struct merkle_hash *nodes = calloc(count, sizeof(*nodes));

		assert_non_null(nodes);
		memcpy(nodes, leaves, n * sizeof(*nodes));
		merkle_nodes_fill(nodes, n);
		assert_memory_equal(nodes[count - 1].byte, roots[n].byte, 32);
		for (size_t i = 0; i < n; i++) {
			struct merkle_path path, want = {0};

			reference_path(leaves, n, i, &want);
			merkle_nodes_path(nodes, n, i, &path);
			assert_true(reference_same_path(&path, &want));
		}
		free(nodes);
	}
}

static void
every_inclusion_is_confirmed_and_only_at_its_own_place(void **state)
{
	(void)state;
	for (size_t n = 1; n <= LEAVES; n++) {
		for (size_t i = 0; i < n; i++) {
			struct merkle_path path = {0};

			reference_path(leaves, n, i, &path);
			assert_int_equal(
			    merkle_check_inclusion(&leaves[i], i, n, &path, &roots[n]),
			    STATUS_OK);
			assert_int_equal(merkle_check_inclusion(&leaves[i], i, n, &path,
					     &roots[n == 1 ? 2 : n - 1]),
			    STATUS_BAD_PROOF);
			assert_int_equal(
			    merkle_check_inclusion(&leaves[i], i + 1, n, &path, &roots[n]),
			    STATUS_BAD_PROOF);
			assert_int_equal(merkle_check_inclusion(
					     &leaves[(i + 1) % LEAVES], i, n, &path, &roots[n]),
			    STATUS_BAD_PROOF);
		}
	}
}

static void
an_inclusion_path_with_any_bit_flipped_is_refused(void **state)
{
	struct merkle_path path = {0};
	const size_t n = 13, i = 5;

	(void)state;
	reference_path(leaves, n, i, &path);
	for (size_t bit = 0; bit < path.len * 256; bit++) {
		uint8_t *byte = &path.hash[bit / 256].byte[bit / 8 % 32];

		*byte ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(merkle_check_inclusion(&leaves[i], i, n, &path, &roots[n]),
		    STATUS_BAD_PROOF);
		*byte ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(merkle_check_inclusion(&leaves[i], i, n, &path, &roots[n]), STATUS_OK);
}

/* Whatever leaves went before: each is judged as it is by itself. */
static void
a_trail_confirms_what_each_path_by_itself_does(void **state)
{
	static struct merkle_trail trail;

	(void)state;
	for (size_t n = 1; n <= LEAVES; n++) {
		for (size_t step = 0; step < 2 * n; step++) {
			const size_t i = step < n ? step : step * 37 % n;
			struct merkle_path path = {0};

			reference_path(leaves, n, i, &path);
			assert_int_equal(merkle_trail_check(&trail, &leaves[(i + 1) % LEAVES],
					     i, n, &path, &roots[n]),
			    STATUS_BAD_PROOF);
			assert_int_equal(merkle_trail_check(&trail, &leaves[i], i, n, &path,
					     &roots[n == 1 ? 2 : n - 1]),
			    STATUS_BAD_PROOF);
			assert_int_equal(
			    merkle_trail_check(&trail, &leaves[i], i + 1, n, &path, &roots[n]),
			    STATUS_BAD_PROOF);
			assert_int_equal(
			    merkle_trail_check(&trail, &leaves[i], i, n, &path, &roots[n]),
			    STATUS_OK);
		}
	}
}

static void
a_path_that_leaves_the_trail_is_refused(void **state)
{
	static struct merkle_trail trail;
	const size_t n = 29;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct merkle_path path = {0};

		reference_path(leaves, n, i, &path);
		for (size_t bit = 0; bit < path.len * 256; bit += 7) {
			uint8_t *byte = &path.hash[bit / 256].byte[bit / 8 % 32];

			*byte ^= (uint8_t)(1 << bit % 8);
			assert_int_equal(
			    merkle_trail_check(&trail, &leaves[i], i, n, &path, &roots[n]),
			    STATUS_BAD_PROOF);
			*byte ^= (uint8_t)(1 << bit % 8);
		}
		path.len--;
		assert_int_equal(merkle_trail_check(&trail, &leaves[i], i, n, &path, &roots[n]),
		    STATUS_BAD_PROOF);
		path.len++;
		assert_int_equal(
		    merkle_trail_check(&trail, &leaves[i], i, n, &path, &roots[n]), STATUS_OK);
		assert_int_equal(
		    merkle_trail_check(&trail, &leaves[i], i, n, &path, &roots[n]), STATUS_OK);
	}
}

static void
an_inclusion_path_of_another_length_is_refused(void **state)
{
	(void)state;
	for (size_t n = 1; n <= LEAVES; n++) {
		for (size_t i = 0; i < n; i++) {
			struct merkle_path path = {0};
			struct merkle_hash root;
			uint32_t len;

			reference_path(leaves, n, i, &path);
			len = path.len;
			path.hash[len] = roots[n];
			path.len = len + 1;
			assert_int_equal(merkle_root_from_path(&leaves[i], i, n, &path, &root),
			    STATUS_BAD_PROOF);
			if (len == 0)
				continue;
			path.len = len - 1;
			assert_int_equal(merkle_root_from_path(&leaves[i], i, n, &path, &root),
			    STATUS_BAD_PROOF);
		}
	}
}

static void
every_consistency_is_confirmed(void **state)
{
	(void)state;
	for (size_t n = 1; n <= LEAVES; n++) {
		for (size_t m = 1; m <= n; m++) {
			struct merkle_path path = {0};

			reference_proof(leaves, n, m, true, &path);
			assert_int_equal(
			    merkle_check_consistency(m, &roots[m], n, &roots[n], &path),
			    STATUS_OK);
		}
	}
}

static void
a_consistency_path_with_any_bit_flipped_is_a_fork(void **state)
{
	static const size_t sizes[][2] = {{3, 7}, {4, 7}, {6, 8}, {8, 131}, {77, 130}};

	(void)state;
	for (size_t pair = 0; pair < sizeof(sizes) / sizeof(sizes[0]); pair++) {
		size_t m = sizes[pair][0], n = sizes[pair][1];
		struct merkle_path path = {0};

		reference_proof(leaves, n, m, true, &path);
		assert_true(path.len > 0);
		for (size_t bit = 0; bit < path.len * 256; bit++) {
			uint8_t *byte = &path.hash[bit / 256].byte[bit / 8 % 32];

			*byte ^= (uint8_t)(1 << bit % 8);
			assert_int_equal(
			    merkle_check_consistency(m, &roots[m], n, &roots[n], &path),
			    STATUS_FORKED_LOG);
			*byte ^= (uint8_t)(1 << bit % 8);
		}
	}
}

static void
two_roots_that_contradict_each_other_are_a_fork(void **state)
{
	(void)state;
	for (size_t n = 2; n <= LEAVES; n++) {
		for (size_t m = 1; m < n; m++) {
			struct merkle_path path = {0};

			reference_proof(leaves, n, m, true, &path);
			assert_int_equal(merkle_check_consistency(
					     m, &roots[(m + 1) % LEAVES], n, &roots[n], &path),
			    STATUS_FORKED_LOG);
			assert_int_equal(
			    merkle_check_consistency(m, &roots[m], n, &roots[n - 2], &path),
			    STATUS_FORKED_LOG);
		}
	}
}

static void
a_consistency_path_of_another_length_is_refused(void **state)
{
	(void)state;
	for (size_t n = 1; n <= LEAVES; n++) {
		for (size_t m = 1; m <= n; m++) {
			struct merkle_path path = {0};
			uint32_t len;

			reference_proof(leaves, n, m, true, &path);
			len = path.len;
			path.hash[len] = roots[n];
			path.len = len + 1;
			assert_int_equal(
			    merkle_check_consistency(m, &roots[m], n, &roots[n], &path),
			    STATUS_BAD_PROOF);
			if (len == 0)
				continue;
			path.len = len - 1;
			assert_int_equal(
			    merkle_check_consistency(m, &roots[m], n, &roots[n], &path),
			    STATUS_BAD_PROOF);
		}
	}
}

static void
the_empty_tree_precedes_every_tree_and_equal_sizes_need_equal_roots(void **state)
{
	struct merkle_path path = {0};

	(void)state;
	for (size_t n = 0; n <= LEAVES; n++) {
		path.len = 0;
		assert_int_equal(
		    merkle_check_consistency(0, &roots[0], n, &roots[n], &path), STATUS_OK);
		path.len = 1;
		assert_int_equal(merkle_check_consistency(0, &roots[0], n, &roots[n], &path),
		    STATUS_BAD_PROOF);
	}
	path.len = 0;
	assert_int_equal(
	    merkle_check_consistency(5, &roots[5], 5, &roots[5], &path), STATUS_OK);
	assert_int_equal(
	    merkle_check_consistency(5, &roots[5], 5, &roots[6], &path), STATUS_FORKED_LOG);
	assert_int_equal(
	    merkle_check_consistency(6, &roots[6], 5, &roots[5], &path), STATUS_BAD_PROOF);
}

static void
hostile_sizes_indexes_and_lengths_end_in_a_refusal(void **state)
{
	static const uint64_t sizes[] = {0, 1, 2, 3, UINT64_C(1) << 32, (UINT64_C(1) << 63) - 1,
	    UINT64_C(1) << 63, (UINT64_C(1) << 63) + 1, UINT64_MAX - 1, UINT64_MAX};
	static const uint32_t lengths[] = {0, 1, 63, 64, 65, 1U << 20, UINT32_MAX};
	const size_t count = sizeof(sizes) / sizeof(sizes[0]);
	static struct merkle_trail trail;
	struct merkle_path path;
	struct merkle_hash root;

	(void)state;
	memset(&path, 0xa5, sizeof(path));
	for (size_t a = 0; a < count; a++) {
		for (size_t b = 0; b < count; b++) {
			for (size_t c = 0; c < sizeof(lengths) / sizeof(lengths[0]); c++) {
				enum status rc;

				path.len = lengths[c];
				assert_int_not_equal(merkle_check_inclusion(&leaves[0],
							 sizes[a], sizes[b], &path, &roots[9]),
				    STATUS_OK);
				rc = merkle_root_from_path(
				    &leaves[0], sizes[a], sizes[b], &path, &root);
				assert_true(rc == STATUS_OK || rc == STATUS_BAD_PROOF);
				assert_true(rc != STATUS_OK || lengths[c] <= MERKLE_PATH_MAX);
				assert_int_equal(merkle_trail_check(&trail, &leaves[0],
						     sizes[a], sizes[b], &path, &roots[9]),
				    STATUS_BAD_PROOF);
				rc = merkle_check_consistency(
				    sizes[a], &roots[1], sizes[b], &roots[2], &path);
				assert_true(
				    rc != STATUS_OK || (sizes[a] == 0 && path.len == 0));
			}
		}
	}
}

static void
the_longest_paths_are_accepted_at_their_exact_length(void **state)
{
	struct merkle_path path;
	struct merkle_hash root;

	(void)state;
	memset(&path, 0x5a, sizeof(path));
	for (path.len = 0; path.len <= MERKLE_PATH_MAX; path.len++) {
		assert_int_equal(merkle_root_from_path(&leaves[0], 0, UINT64_MAX, &path, &root),
		    path.len == 64 ? STATUS_OK : STATUS_BAD_PROOF);
		/* The last leaf of 2^64 - 1 has one sibling for each larger subtree. */
		assert_int_equal(
		    merkle_root_from_path(&leaves[0], UINT64_MAX - 1, UINT64_MAX, &path, &root),
		    path.len == 63 ? STATUS_OK : STATUS_BAD_PROOF);
		assert_int_equal(merkle_root_from_path(&leaves[0], UINT64_C(1) << 63,
				     (UINT64_C(1) << 63) + 1, &path, &root),
		    path.len == 1 ? STATUS_OK : STATUS_BAD_PROOF);
	}
}

int
main(void)
{
	const struct CMUnitTest merkle[] = {
	    cmocka_unit_test(the_known_trees_have_their_known_roots),
	    cmocka_unit_test(a_leaf_cannot_pass_for_a_node),
	    cmocka_unit_test(a_tree_splits_at_the_largest_power_of_two_below_its_size),
	    cmocka_unit_test(every_root_and_path_is_that_of_the_reference),
	    cmocka_unit_test(a_whole_tree_gives_the_same_paths),
	    cmocka_unit_test(every_inclusion_is_confirmed_and_only_at_its_own_place),
	    cmocka_unit_test(an_inclusion_path_with_any_bit_flipped_is_refused),
	    cmocka_unit_test(a_trail_confirms_what_each_path_by_itself_does),
	    cmocka_unit_test(a_path_that_leaves_the_trail_is_refused),
	    cmocka_unit_test(an_inclusion_path_of_another_length_is_refused),
	    cmocka_unit_test(every_consistency_is_confirmed),
	    cmocka_unit_test(a_consistency_path_with_any_bit_flipped_is_a_fork),
	    cmocka_unit_test(two_roots_that_contradict_each_other_are_a_fork),
	    cmocka_unit_test(a_consistency_path_of_another_length_is_refused),
	    cmocka_unit_test(
		the_empty_tree_precedes_every_tree_and_equal_sizes_need_equal_roots),
	    cmocka_unit_test(hostile_sizes_indexes_and_lengths_end_in_a_refusal),
	    cmocka_unit_test(the_longest_paths_are_accepted_at_their_exact_length),
	};

	return cmocka_run_group_tests(merkle, make_tree, NULL);
}
