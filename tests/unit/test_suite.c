/* tests/unit/test_suite.c: suite 1 keeps its tags apart and opens nothing that was changed. */
#include "protocol/base/suite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key_a[32] = {1}, key_b[32] = {2};

static void
base64_goes_both_ways(void **state)
{
	/* RFC 4648, section 10. */
	static const char *const pairs[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
	    {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
	    {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "+/8="}};
	struct buffer out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		buffer_reset(&out);
		suite_base64(bytes_of_text(pairs[i][0]), &out);
		assert_true(bytes_is_text(bytes_of_buffer(&out), pairs[i][1]));
		buffer_reset(&out);
		buffer_append_text(&out, "> ");
		assert_int_equal(
		    suite_from_base64(bytes_of_text(pairs[i][1]), &out), STATUS_OK);
		assert_int_equal(out.len, 2 + strlen(pairs[i][0]));
		assert_memory_equal(out.data + 2, pairs[i][0], strlen(pairs[i][0]));
	}
	buffer_free(&out);
}

static void
base64_has_one_form_alone(void **state)
{
	static const char *const bad[] = {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8",
	    "Z===", "====", "Zm9v ", " Zm9v", "Zm\n9v", "Zm9v\n",
	    "Zg==Zg==", "-_8=", "Zm9v\x80xxx"};
	struct buffer out = {0};

	(void)state;
	buffer_append_text(&out, "kept");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    suite_from_base64(bytes_of_text(bad[i]), &out), STATUS_MALFORMED);
		assert_true(bytes_is_text(bytes_of_buffer(&out), "kept"));
	}
	buffer_free(&out);
}

static void
hashes_under_different_tags_differ(void **state)
{
	struct bytes empty = {NULL, 0}, tail = {(const uint8_t *)"g\0m", 3};
	struct bytes split[] = {{(const uint8_t *)"ab", 2}, {(const uint8_t *)"c", 1}};
	struct bytes whole = bytes_of_text("abc"), message = bytes_of_text("m");
	uint8_t a[64], b[64];

	(void)state;
	suite_hash("tag", &message, 1, a);
	suite_hash("tah", &message, 1, b);
	assert_memory_not_equal(a, b, 32);
	/* A tag's end is marked: "ta" over "g‖NUL‖m" is not "tag" over "m". */
	suite_hash("ta", &tail, 1, b);
	assert_memory_not_equal(a, b, 32);
	suite_hash("tag", &empty, 1, b);
	assert_memory_not_equal(a, b, 32);
	/* Parts are one text: whoever needs their borders puts lengths in. */
	suite_hash("tag", &whole, 1, a);
	suite_hash("tag", split, 2, b);
	assert_memory_equal(a, b, 32);
	suite_hash_keyed(key_a, "tag", &whole, 1, a);
	suite_hash_keyed(key_b, "tag", &whole, 1, b);
	assert_memory_not_equal(a, b, 64);
	/* The shorter keyed hash is no part of the longer, and none without the key. */
	suite_derive(key_a, "tag", &whole, 1, b);
	assert_memory_not_equal(a, b, 32);
	suite_hash("tag", &whole, 1, a);
	assert_memory_not_equal(a, b, 32);
	suite_derive(key_b, "tag", &whole, 1, a);
	assert_memory_not_equal(a, b, 32);
	suite_derive(key_a, "tah", &whole, 1, a);
	assert_memory_not_equal(a, b, 32);
}

static void
sha256_is_that_of_the_standard(void **state)
{
	struct bytes parts[] = {{(const uint8_t *)"a", 1}, {(const uint8_t *)"bc", 2}};
	uint8_t out[32];
	char text[65];

	(void)state;
	suite_sha256(parts, 2, out);
	bytes_to_hex(BYTES(out), text);
	/* FIPS 180-2, appendix B.1. */
	assert_string_equal(
	    text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
a_signature_holds_for_its_tag_message_and_key_alone(void **state)
{
	struct bytes message = bytes_of_text("message");
	struct signing_key key, other;
	uint8_t signature[SUITE_SIGNATURE_LEN];

	(void)state;
	suite_sign_from_seed(key_a, &key);
	suite_sign_from_seed(key_b, &other);
	suite_sign(&key, "tag", message, signature);
	assert_int_equal(suite_verify(key.public, "tag", message, signature), STATUS_OK);
	assert_int_equal(
	    suite_verify(key.public, "tah", message, signature), STATUS_BAD_SIGNATURE);
	assert_int_equal(suite_verify(key.public, "tag", bytes_of_text("messagf"), signature),
	    STATUS_BAD_SIGNATURE);
	assert_int_equal(
	    suite_verify(other.public, "tag", message, signature), STATUS_BAD_SIGNATURE);
	assert_int_equal(
	    suite_verify_plain(key.public, message, signature), STATUS_BAD_SIGNATURE);
	for (size_t i = 0; i < sizeof(signature); i++) {
		signature[i] ^= 1;
		assert_int_equal(
		    suite_verify(key.public, "tag", message, signature), STATUS_BAD_SIGNATURE);
		signature[i] ^= 1;
	}
}

static void
plain_signatures_are_those_of_rfc_8032(void **state)
{
	/* Section 7.1, test 1: the empty message. */
	static const char seed_text[] =
	    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
	static const char expected[] =
	    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
	    "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
	uint8_t seed[32], signature[SUITE_SIGNATURE_LEN];
	struct signing_key key;
	char text[129];

	(void)state;
	assert_true(bytes_from_hex(bytes_of_text(seed_text), seed, 32));
	suite_sign_from_seed(seed, &key);
	suite_sign_plain(&key, (struct bytes){NULL, 0}, signature);
	bytes_to_hex(BYTES(signature), text);
	assert_string_equal(text, expected);
}

static void
what_was_sealed_opens_for_its_recipient_alone(void **state)
{
	struct bytes message = bytes_of_text("for one reader");
	uint8_t sealed[14 + SUITE_SEAL_OVERHEAD], opened[14];
	struct box_key key, other;

	(void)state;
	suite_box_new(&key);
	suite_box_new(&other);
	assert_int_equal(suite_seal_to(key.public, message, sealed), STATUS_OK);
	assert_int_equal(suite_seal_open(&key, BYTES(sealed), opened), STATUS_OK);
	assert_memory_equal(opened, message.data, message.len);
	assert_int_equal(suite_seal_open(&other, BYTES(sealed), opened), STATUS_CANNOT_OPEN);
	for (size_t i = 0; i < sizeof(sealed); i++) {
		sealed[i] ^= 1;
		assert_int_equal(
		    suite_seal_open(&key, BYTES(sealed), opened), STATUS_CANNOT_OPEN);
		sealed[i] ^= 1;
	}
	for (size_t len = 0; len < sizeof(sealed); len++)
		assert_int_equal(suite_seal_open(&key, (struct bytes){sealed, len}, opened),
		    STATUS_CANNOT_OPEN);
}

static void
nothing_is_sealed_to_what_is_no_key(void **state)
{
	static const uint8_t low_order[32];
	uint8_t sealed[1 + SUITE_SEAL_OVERHEAD];

	(void)state;
	assert_int_equal(
	    suite_seal_to(low_order, bytes_of_text("m"), sealed), STATUS_UNKNOWN_EPOCH);
}

static void
a_box_key_is_rebuilt_from_its_secret(void **state)
{
	struct box_key key, again;

	(void)state;
	suite_box_new(&key);
	suite_box_from_secret(key.secret, &again);
	assert_memory_equal(again.public, key.public, 32);
	suite_box_from_secret(key.secret, &key);
	assert_memory_equal(again.secret, key.secret, 32);
}

static void
what_was_encrypted_once_opens_with_its_key_and_context_alone(void **state)
{
	struct bytes message = bytes_of_text("body"), aad = bytes_of_text("context");
	uint8_t sealed[4 + SUITE_AEAD_OVERHEAD], opened[4];

	(void)state;
	suite_encrypt_once(key_a, message, aad, sealed);
	assert_int_equal(suite_decrypt_once(key_a, BYTES(sealed), aad, opened), STATUS_OK);
	assert_memory_equal(opened, "body", 4);
	assert_int_equal(
	    suite_decrypt_once(key_b, BYTES(sealed), aad, opened), STATUS_CANNOT_OPEN);
	assert_int_equal(
	    suite_decrypt_once(key_a, BYTES(sealed), message, opened), STATUS_CANNOT_OPEN);
	for (size_t i = 0; i < sizeof(sealed); i++) {
		sealed[i] ^= 1;
		assert_int_equal(
		    suite_decrypt_once(key_a, BYTES(sealed), aad, opened), STATUS_CANNOT_OPEN);
		sealed[i] ^= 1;
	}
	for (size_t len = 0; len < sizeof(sealed); len++)
		assert_int_equal(
		    suite_decrypt_once(key_a, (struct bytes){sealed, len}, aad, opened),
		    STATUS_CANNOT_OPEN);
}

static void
each_encryption_under_a_long_lived_key_differs(void **state)
{
	struct bytes message = bytes_of_text("body"), aad = bytes_of_text("table‖row");
	struct buffer first = {0}, second = {0}, opened = {0};

	(void)state;
	suite_encrypt(key_a, message, aad, &first);
	suite_encrypt(key_a, message, aad, &second);
	assert_int_equal(first.len, message.len + SUITE_BOXED_OVERHEAD);
	assert_false(bytes_equal(bytes_of_buffer(&first), bytes_of_buffer(&second)));
	buffer_append_text(&opened, "> ");
	assert_int_equal(
	    suite_decrypt(key_a, bytes_of_buffer(&first), aad, &opened), STATUS_OK);
	assert_true(bytes_is_text(bytes_of_buffer(&opened), "> body"));
	/* Moved to another row, or cut, it does not open, and nothing is appended. */
	assert_int_equal(suite_decrypt(key_a, bytes_of_buffer(&first), message, &opened),
	    STATUS_CANNOT_OPEN);
	for (size_t len = 0; len < first.len; len++)
		assert_int_equal(
		    suite_decrypt(key_a, (struct bytes){first.data, len}, aad, &opened),
		    STATUS_CANNOT_OPEN);
	assert_true(bytes_is_text(bytes_of_buffer(&opened), "> body"));
	buffer_free(&first);
	buffer_free(&second);
	buffer_free(&opened);
}

static void
identifiers_sort_by_time(void **state)
{
	uint8_t early[SUITE_ID_LEN], late[SUITE_ID_LEN], again[SUITE_ID_LEN];

	(void)state;
	suite_new_id(UINT64_C(0x0123456789ab), early);
	suite_new_id(UINT64_C(0x0123456789ac), late);
	suite_new_id(UINT64_C(0x0123456789ac), again);
	assert_memory_equal(early, "\x01\x23\x45\x67\x89\xab", 6);
	assert_true(memcmp(early, late, SUITE_ID_LEN) < 0);
	assert_memory_not_equal(late, again, SUITE_ID_LEN);
}

static int
start(void **state)
{
	(void)state;
	return suite_start() == STATUS_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest suite[] = {
	    cmocka_unit_test(base64_goes_both_ways),
	    cmocka_unit_test(base64_has_one_form_alone),
	    cmocka_unit_test(hashes_under_different_tags_differ),
	    cmocka_unit_test(sha256_is_that_of_the_standard),
	    cmocka_unit_test(a_signature_holds_for_its_tag_message_and_key_alone),
	    cmocka_unit_test(plain_signatures_are_those_of_rfc_8032),
	    cmocka_unit_test(what_was_sealed_opens_for_its_recipient_alone),
	    cmocka_unit_test(nothing_is_sealed_to_what_is_no_key),
	    cmocka_unit_test(a_box_key_is_rebuilt_from_its_secret),
	    cmocka_unit_test(what_was_encrypted_once_opens_with_its_key_and_context_alone),
	    cmocka_unit_test(each_encryption_under_a_long_lived_key_differs),
	    cmocka_unit_test(identifiers_sort_by_time),
	};

	return cmocka_run_group_tests(suite, start, NULL);
}
