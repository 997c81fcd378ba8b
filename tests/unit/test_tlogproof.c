/* tests/unit/test_tlogproof.c: checkpoints, offline proofs, and a party's view of the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/proof/logview.h"
#include "protocol/proof/tlogproof.h"
#include "tests/unit/reference_merkle.h"

#define LEAVES 20
#define ORIGIN "log.example/test"

static struct signing_key secret, other_secret;
static struct note_key key, other_key;
static struct merkle_hash leaves[LEAVES];

/* What the leaf at INDEX holds. */
static struct bytes
leaf_text(size_t index)
{
	static char text[32];

	snprintf(text, sizeof(text), "leaf number %zu", index);
	return bytes_of_text(text);
}

static int
make_log(void **state)
{
	static const uint8_t seed[32] = "not a secret: test key of a log";
	static const uint8_t other_seed[32] = "not a secret: another log's key";

	(void)state;
	if (suite_start() != STATUS_OK)
		return -1;
	suite_sign_from_seed(seed, &secret);
	suite_sign_from_seed(other_seed, &other_secret);
	for (size_t i = 0; i < LEAVES; i++)
		merkle_leaf(leaf_text(i), &leaves[i]);
	if (note_key_make(ORIGIN, secret.public, &key) != STATUS_OK ||
	    note_key_make(ORIGIN, other_secret.public, &other_key) != STATUS_OK)
		return -1;
	return 0;
}

/* The checkpoint of the first SIZE leaves. */
static struct checkpoint
head(size_t size)
{
	struct checkpoint checkpoint = {.size = size};

	merkle_root(leaves, size, &checkpoint.root);
	return checkpoint;
}

static void
sign_head(const struct checkpoint *checkpoint, struct buffer *out)
{
	buffer_reset(out);
	assert_int_equal(checkpoint_sign(checkpoint, &key, &secret, out), STATUS_OK);
}

static void
sign_text(const char *text, struct buffer *out)
{
	buffer_reset(out);
	assert_int_equal(note_sign(bytes_of_text(text), &key, &secret, out), STATUS_OK);
}

/* ---- checkpoint -------------------------------------------------------------------------- */

static void
a_checkpoint_is_the_same_bytes_each_time_and_opens(void **state)
{
	static const uint64_t sizes[] = {0, 1, 9, 10, UINT64_MAX - 1, UINT64_MAX};
	struct buffer note = {0}, again = {0};
	struct checkpoint checkpoint = head(7), found;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		checkpoint.size = sizes[i];
		sign_head(&checkpoint, &note);
		sign_head(&checkpoint, &again);
		assert_true(bytes_equal(bytes_of_buffer(&note), bytes_of_buffer(&again)));
		assert_int_equal(
		    checkpoint_open(bytes_of_buffer(&note), &key, &found), STATUS_OK);
		assert_true(found.size == sizes[i]);
		assert_memory_equal(found.root.byte, checkpoint.root.byte, 32);
	}
	buffer_free(&note);
	buffer_free(&again);
}

#define ROOT "e3B0xEKY/BwUmvv0yJlvuSQnrkHkZJuTTKSVmRt4UrhV"
#define HASH "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static void
a_checkpoint_of_another_form_is_refused_though_signed(void **state)
{
	static const char *const wrong[] = {
	    "\n",
	    ORIGIN "\n",
	    ORIGIN "\n0\n",
	    ORIGIN "\n\n" HASH "\n",
	    ORIGIN "\n00\n" HASH "\n",
	    ORIGIN "\n01\n" HASH "\n",
	    ORIGIN "\n+1\n" HASH "\n",
	    ORIGIN "\n-1\n" HASH "\n",
	    ORIGIN "\n 1\n" HASH "\n",
	    ORIGIN "\n1 \n" HASH "\n",
	    ORIGIN "\n0x1\n" HASH "\n",
	    ORIGIN "\n18446744073709551616\n" HASH "\n",
	    ORIGIN "\n99999999999999999999999999\n" HASH "\n",
	    ORIGIN "\n1\n\n",
	    ORIGIN "\n1\n" ROOT "\n",
	    ORIGIN "\n1\n" HASH "AAAA\n",
	    ORIGIN "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF==\n",
	    ORIGIN
	    "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n", /* bits after the end */
	    ORIGIN "\n1\n47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=\n",
	    ORIGIN "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n",
	    ORIGIN "\n1\n" HASH "\n\n",
	    ORIGIN "\n1\n" HASH "\nextension\n\nafter an empty line\n",
	    ORIGIN "2\n1\n" HASH "\n",
	    "log.example/tes\n1\n" HASH "\n",
	    "\n1\n" HASH "\n",
	};
	struct checkpoint found = {.size = 99};
	struct buffer note = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		sign_text(wrong[i], &note);
		assert_int_equal(checkpoint_open(bytes_of_buffer(&note), &key, &found),
		    STATUS_BAD_CHECKPOINT);
		assert_int_equal(found.size, 99);
	}
	buffer_free(&note);
}

static void
extension_lines_and_other_signatures_of_a_checkpoint_are_ignored(void **state)
{
	struct checkpoint found;
	struct buffer note = {0};

	(void)state;
	sign_text(ORIGIN "\n1\n" HASH "\nextension\nanother\n", &note);
	buffer_append_text(&note, "\xe2\x80\x94 witness.example AAAAAQ0=\n");
	assert_int_equal(checkpoint_open(bytes_of_buffer(&note), &key, &found), STATUS_OK);
	assert_int_equal(found.size, 1);
	buffer_free(&note);
}

static void
a_checkpoint_of_another_key_is_refused(void **state)
{
	struct checkpoint checkpoint = head(7), found;
	struct buffer note = {0};

	(void)state;
	sign_head(&checkpoint, &note);
	assert_int_equal(
	    checkpoint_open(bytes_of_buffer(&note), &other_key, &found), STATUS_BAD_CHECKPOINT);
	note.data[note.len - 10] ^= 1;
	assert_int_equal(
	    checkpoint_open(bytes_of_buffer(&note), &key, &found), STATUS_BAD_CHECKPOINT);
	buffer_free(&note);
}

/* ---- tlogproof --------------------------------------------------------------------------- */

/* The text of the proof that leaf INDEX is among the first SIZE. */
static void
make_proof(size_t index, size_t size, struct buffer *out)
{
	struct checkpoint checkpoint = head(size);
	struct merkle_path path;
	struct buffer note = {0};

	sign_head(&checkpoint, &note);
	merkle_path_of(leaves, size, index, &path);
	buffer_reset(out);
	tlogproof_format(leaf_text(index), index, &path, bytes_of_buffer(&note), out);
	buffer_free(&note);
}

static enum status
parse_and_check(struct bytes text, struct checkpoint *found)
{
	struct tlogproof proof = {0};
	enum status rc = tlogproof_parse(text, &proof);

	if (rc == STATUS_OK)
		rc = tlogproof_check(&proof, &key, found);
	tlogproof_free(&proof);
	return rc;
}

static void
every_proof_survives_its_text_form_and_is_confirmed(void **state)
{
	struct buffer text = {0}, again = {0};

	(void)state;
	for (size_t size = 1; size <= LEAVES; size++) {
		for (size_t index = 0; index < size; index++) {
			struct tlogproof proof = {0};
			struct checkpoint found;

			make_proof(index, size, &text);
			assert_int_equal(
			    tlogproof_parse(bytes_of_buffer(&text), &proof), STATUS_OK);
			assert_int_equal(proof.index, index);
			buffer_reset(&again);
			tlogproof_format(bytes_of_buffer(&proof.leaf), proof.index, &proof.path,
			    bytes_of_buffer(&proof.note), &again);
			assert_true(
			    bytes_equal(bytes_of_buffer(&text), bytes_of_buffer(&again)));
			assert_int_equal(tlogproof_check(&proof, &key, &found), STATUS_OK);
			assert_int_equal(found.size, size);
			tlogproof_free(&proof);
		}
	}
	buffer_free(&text);
	buffer_free(&again);
}

static void
a_proof_with_any_bit_flipped_is_refused(void **state)
{
	struct checkpoint found;
	struct buffer text = {0};

	(void)state;
	make_proof(11, 13, &text);
	for (size_t bit = 0; bit < 8 * text.len; bit++) {
		text.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_not_equal(
		    parse_and_check(bytes_of_buffer(&text), &found), STATUS_OK);
		text.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t len = 0; len < text.len; len++)
		assert_int_not_equal(
		    parse_and_check((struct bytes){text.data, len}, &found), STATUS_OK);
	assert_int_equal(parse_and_check(bytes_of_buffer(&text), &found), STATUS_OK);
	buffer_free(&text);
}

static void
a_proof_names_what_is_wrong_with_it(void **state)
{
	struct tlogproof proof = {0};
	struct checkpoint found = {.size = 99};
	struct buffer text = {0};

	(void)state;
	make_proof(4, 9, &text);
	assert_int_equal(tlogproof_parse(bytes_of_buffer(&text), &proof), STATUS_OK);
	proof.index = 5;
	assert_int_equal(tlogproof_check(&proof, &key, &found), STATUS_BAD_PROOF);
	proof.index = UINT64_MAX;
	assert_int_equal(tlogproof_check(&proof, &key, &found), STATUS_BAD_PROOF);
	proof.index = 4;
	proof.path.len--;
	assert_int_equal(tlogproof_check(&proof, &key, &found), STATUS_BAD_PROOF);
	proof.path.len += 2;
	assert_int_equal(tlogproof_check(&proof, &key, &found), STATUS_BAD_PROOF);
	proof.path.len--;
	proof.leaf.data[0] ^= 1;
	assert_int_equal(tlogproof_check(&proof, &key, &found), STATUS_BAD_PROOF);
	proof.leaf.data[0] ^= 1;
	assert_int_equal(tlogproof_check(&proof, &other_key, &found), STATUS_BAD_CHECKPOINT);
	buffer_reset(&proof.leaf);
	assert_int_equal(tlogproof_check(&proof, &key, &found), STATUS_MALFORMED);
	assert_int_equal(found.size, 99);
	tlogproof_free(&proof);
	buffer_free(&text);
}

static void
a_proof_without_a_leaf_parses_and_survives(void **state)
{
	const char *text = "c2sp.org/tlog-proof@v1\nindex 0\n\nany note\n";
	struct tlogproof proof = {0};
	struct buffer again = {0};

	(void)state;
	assert_int_equal(tlogproof_parse(bytes_of_text(text), &proof), STATUS_OK);
	tlogproof_format(bytes_of_buffer(&proof.leaf), proof.index, &proof.path,
	    bytes_of_buffer(&proof.note), &again);
	assert_true(bytes_is_text(bytes_of_buffer(&again), text));
	buffer_free(&again);
	tlogproof_free(&proof);
}

#define FIRST "c2sp.org/tlog-proof@v1\n"

static void
a_proof_of_another_form_is_malformed(void **state)
{
	static const char *const wrong[] = {
	    "",
	    "\n",
	    "c2sp.org/tlog-proof@v1",
	    FIRST,
	    FIRST "\n",
	    "c2sp.org/tlog-proof@v2\nindex 0\n\nn\n",
	    "c2sp.org/tlog-proof@v1\r\nindex 0\n\nn\n",
	    " " FIRST "index 0\n\nn\n",
	    FIRST "extra YQ==\n",
	    FIRST "extra YQ==\n\nn\n",
	    FIRST "extra \nindex 0\n\nn\n",
	    FIRST "extra\nindex 0\n\nn\n",
	    FIRST "extra YQ\nindex 0\n\nn\n",
	    FIRST "extra YR==\nindex 0\n\nn\n", /* bits after the end */
	    FIRST "extra  YQ==\nindex 0\n\nn\n",
	    FIRST "extra YQ==\nextra YQ==\nindex 0\n\nn\n",
	    FIRST "index 0\nextra YQ==\n\nn\n",
	    FIRST "index\n\nn\n",
	    FIRST "index \n\nn\n",
	    FIRST "index 00\n\nn\n",
	    FIRST "index 01\n\nn\n",
	    FIRST "index -1\n\nn\n",
	    FIRST "index 18446744073709551616\n\nn\n",
	    FIRST "Index 0\n\nn\n",
	    FIRST "index 0\n",
	    FIRST "index 0\n\n",
	    FIRST "index 0\nn\n",
	    FIRST "index 0\n" HASH "\n",
	    FIRST "index 0\n" HASH "\n\n",
	    FIRST "index 0\n" HASH " \n\nn\n",
	    FIRST "index 0\nYQ==\n\nn\n",
	    FIRST "index 0\n" ROOT "\n\nn\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct tlogproof proof = {0};

		assert_int_equal(
		    tlogproof_parse(bytes_of_text(wrong[i]), &proof), STATUS_MALFORMED);
		tlogproof_free(&proof);
	}
}

static void
the_hashes_and_the_size_of_a_proof_are_bounded(void **state)
{
	struct buffer text = {0};

	(void)state;
	for (unsigned count = 64; count <= 65; count++) {
		struct tlogproof proof = {0};

		buffer_reset(&text);
		buffer_append_text(&text, FIRST "index 0\n");
		for (unsigned i = 0; i < count; i++)
			buffer_append_text(&text, HASH "\n");
		buffer_append_text(&text, "\nn\n");
		assert_int_equal(tlogproof_parse(bytes_of_buffer(&text), &proof),
		    count == 64 ? STATUS_OK : STATUS_TOO_LARGE);
		tlogproof_free(&proof);
	}
	for (unsigned over = 0; over <= 1; over++) {
		struct tlogproof proof = {0};

		buffer_reset(&text);
		buffer_append_text(&text, FIRST "index 0\n\n");
		while (text.len < TLOGPROOF_MAX + over)
			buffer_append_byte(&text, '\n');
		assert_int_equal(tlogproof_parse(bytes_of_buffer(&text), &proof),
		    over == 0 ? STATUS_OK : STATUS_TOO_LARGE);
		tlogproof_free(&proof);
	}
	buffer_free(&text);
}

/* ---- logview ----------------------------------------------------------------------------- */

static void
a_view_begins_empty_and_moves_only_by_proof(void **state)
{
	struct logview view;
	struct buffer note = {0};
	size_t size = 0;

	(void)state;
	assert_int_equal(logview_open(&key, (struct bytes){NULL, 0}, &view), STATUS_OK);
	assert_int_equal(view.trusted.size, 0);
	assert_int_equal(view.note.len, 0);
	for (size_t next = 1; next <= LEAVES; next += next < 4 ? 1 : 4) {
		struct checkpoint checkpoint = head(next);
		struct merkle_path path = {0};

		sign_head(&checkpoint, &note);
		if (size > 0) {
			assert_int_equal(logview_advance(&view, bytes_of_buffer(&note), &path),
			    STATUS_BAD_PROOF);
			assert_int_equal(view.trusted.size, size);
			reference_proof(leaves, next, size, true, &path);
		}
		assert_int_equal(
		    logview_advance(&view, bytes_of_buffer(&note), &path), STATUS_OK);
		assert_int_equal(view.trusted.size, next);
		assert_true(bytes_equal(bytes_of_buffer(&view.note), bytes_of_buffer(&note)));
		size = next;
	}
	logview_close(&view);
	buffer_free(&note);
}

static void
a_view_continues_from_its_stored_note(void **state)
{
	struct checkpoint checkpoint = head(9);
	struct logview view;
	struct buffer note = {0};

	(void)state;
	sign_head(&checkpoint, &note);
	assert_int_equal(logview_open(&key, bytes_of_buffer(&note), &view), STATUS_OK);
	assert_int_equal(view.trusted.size, 9);
	assert_memory_equal(view.trusted.root.byte, checkpoint.root.byte, 32);
	assert_true(bytes_equal(bytes_of_buffer(&view.note), bytes_of_buffer(&note)));
	logview_close(&view);
	assert_int_equal(
	    logview_open(&other_key, bytes_of_buffer(&note), &view), STATUS_BAD_CHECKPOINT);
	buffer_free(&note);
}

/* A view that trusts the first SIZE leaves. */
static void
view_at(size_t size, struct logview *view)
{
	struct checkpoint checkpoint = head(size);
	struct buffer note = {0};

	sign_head(&checkpoint, &note);
	assert_int_equal(logview_open(&key, bytes_of_buffer(&note), view), STATUS_OK);
	buffer_free(&note);
}

static void
two_faces_of_the_log_are_a_fork(void **state)
{
	struct checkpoint lie = head(9), found = {.size = 99};
	struct merkle_path path = {0};
	struct logview view;
	struct buffer note = {0};

	(void)state;
	view_at(9, &view);
	/* Another root for the trusted size, and for the empty tree. */
	lie.root.byte[0] ^= 1;
	sign_head(&lie, &note);
	assert_int_equal(
	    logview_note(&view, bytes_of_buffer(&note), &found), STATUS_FORKED_LOG);
	assert_int_equal(
	    logview_advance(&view, bytes_of_buffer(&note), &path), STATUS_FORKED_LOG);
	lie.size = 0;
	sign_head(&lie, &note);
	assert_int_equal(
	    logview_note(&view, bytes_of_buffer(&note), &found), STATUS_FORKED_LOG);
	/* A larger tree that does not extend the trusted one. */
	lie.size = 12;
	sign_head(&lie, &note);
	reference_proof(leaves, 12, 9, true, &path);
	assert_int_equal(
	    logview_advance(&view, bytes_of_buffer(&note), &path), STATUS_FORKED_LOG);
	assert_int_equal(found.size, 99);
	assert_int_equal(view.trusted.size, 9);
	logview_close(&view);
	buffer_free(&note);
}

static void
older_and_equal_checkpoints_are_checked_and_change_nothing(void **state)
{
	static const size_t sizes[] = {0, 1, 5, 9};
	struct merkle_path path = {.len = 1};
	struct checkpoint found;
	struct logview view;
	struct buffer note = {0};

	(void)state;
	view_at(9, &view);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct checkpoint checkpoint = head(sizes[i]);

		sign_head(&checkpoint, &note);
		assert_int_equal(
		    logview_note(&view, bytes_of_buffer(&note), &found), STATUS_OK);
		assert_int_equal(found.size, sizes[i]);
		assert_int_equal(
		    logview_advance(&view, bytes_of_buffer(&note), &path), STATUS_OK);
		assert_int_equal(view.trusted.size, 9);
		note.data[0] ^= 1;
		assert_int_equal(logview_advance(&view, bytes_of_buffer(&note), &path),
		    STATUS_BAD_CHECKPOINT);
	}
	logview_close(&view);
	buffer_free(&note);
}

static void
a_newer_checkpoint_is_noted_but_not_trusted(void **state)
{
	struct checkpoint checkpoint = head(12), found;
	struct logview view;
	struct buffer note = {0};

	(void)state;
	view_at(9, &view);
	sign_head(&checkpoint, &note);
	assert_int_equal(logview_note(&view, bytes_of_buffer(&note), &found), STATUS_OK);
	assert_int_equal(found.size, 12);
	assert_int_equal(view.trusted.size, 9);
	logview_close(&view);
	buffer_free(&note);
}

int
main(void)
{
	const struct CMUnitTest tlogproof[] = {
	    cmocka_unit_test(a_checkpoint_is_the_same_bytes_each_time_and_opens),
	    cmocka_unit_test(a_checkpoint_of_another_form_is_refused_though_signed),
	    cmocka_unit_test(extension_lines_and_other_signatures_of_a_checkpoint_are_ignored),
	    cmocka_unit_test(a_checkpoint_of_another_key_is_refused),
	    cmocka_unit_test(every_proof_survives_its_text_form_and_is_confirmed),
	    cmocka_unit_test(a_proof_with_any_bit_flipped_is_refused),
	    cmocka_unit_test(a_proof_names_what_is_wrong_with_it),
	    cmocka_unit_test(a_proof_without_a_leaf_parses_and_survives),
	    cmocka_unit_test(a_proof_of_another_form_is_malformed),
	    cmocka_unit_test(the_hashes_and_the_size_of_a_proof_are_bounded),
	    cmocka_unit_test(a_view_begins_empty_and_moves_only_by_proof),
	    cmocka_unit_test(a_view_continues_from_its_stored_note),
	    cmocka_unit_test(two_faces_of_the_log_are_a_fork),
	    cmocka_unit_test(older_and_equal_checkpoints_are_checked_and_change_nothing),
	    cmocka_unit_test(a_newer_checkpoint_is_noted_but_not_trusted),
	};

	return cmocka_run_group_tests(tlogproof, make_log, NULL);
}
