/* tests/unit/test_statement.c: statements have one form, sign as they stand, and travel in files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/trust/statement.h"
#include "protocol/wire/pack.h"

static struct signing_key key, other_key;

static int
start(void **state)
{
	uint8_t seed[32] = {7};

	(void)state;
	if (suite_start() != STATUS_OK)
		return -1;
	suite_sign_from_seed(seed, &key);
	seed[0] = 8;
	suite_sign_from_seed(seed, &other_key);
	return 0;
}

/* One of each kind; every field that a kind uses is set, and different from the others. */
static struct statement
example(enum statement_kind kind)
{
	struct statement s = {.kind = kind,
	    .network = bytes_of_text("test-net"),
	    .time_ms = 1700000000000,
	    .party = bytes_of_text("skola-7"),
	    .party_kind = bytes_of_text("school"),
	    .name = bytes_of_text("7. vidusskola"),
	    .municipality = bytes_of_text("Ventspils"),
	    .log_name = bytes_of_text("saikne.example/log"),
	    .not_before_ms = 1700000000001,
	    .not_after_ms = 1700000000002,
	    .epoch = 3,
	    .signing_epoch = 4,
	    .purpose = KEY_SEALING,
	    .since_ms = 1600000000000,
	    .reason = bytes_of_text("key_lost"),
	    .length = 9};

	memset(s.key, 1, sizeof(s.key));
	memset(s.transport, 2, sizeof(s.transport));
	memset(s.log_key, 3, sizeof(s.log_key));
	memset(s.chain, 4, sizeof(s.chain));
	return s;
}

static void
encode(const struct statement *s, struct buffer *out)
{
	buffer_reset(out);
	statement_encode(s, out);
	assert_false(out->failed);
}

static void
every_kind_reads_back_and_encodes_to_the_same_bytes(void **state)
{
	struct buffer bytes = {0}, again = {0};
	struct statement s, read;

	(void)state;
	for (int kind = STATEMENT_NETWORK; kind <= STATEMENT_HEAD; kind++) {
		s = example((enum statement_kind)kind);
		encode(&s, &bytes);
		assert_int_equal(statement_parse(bytes_of_buffer(&bytes), &read), STATUS_OK);
		assert_int_equal(read.kind, kind);
		encode(&read, &again);
		assert_true(bytes_equal(bytes_of_buffer(&bytes), bytes_of_buffer(&again)));
	}
	buffer_free(&bytes);
	buffer_free(&again);
}

static void
fields_stand_in_the_order_that_the_list_names(void **state)
{
	struct buffer bytes = {0};
	struct statement s = example(STATEMENT_REVOKE);
	struct pack_doc doc;
	struct pack_in in;

	(void)state;
	encode(&s, &bytes);
	assert_int_equal(pack_open(bytes_of_buffer(&bytes), &doc), STATUS_OK);
	in = pack_root(&doc);
	assert_int_equal(pack_in_uint(&in, 10), 9);
	assert_true(bytes_is_text(pack_in_text(&in, 1, 48), "test-net"));
	assert_int_equal(pack_in_uint(&in, UINT64_MAX), s.time_ms);
	assert_true(bytes_is_text(pack_in_text(&in, 1, 48), "skola-7"));
	assert_int_equal(pack_in_uint(&in, 3), KEY_SEALING);
	assert_int_equal(pack_in_uint(&in, 10), 3);
	assert_int_equal(pack_in_uint(&in, UINT64_MAX), s.since_ms);
	assert_true(bytes_is_text(pack_in_text(&in, 1, 48), "key_lost"));
	assert_int_equal(pack_in_uint(&in, 10), 4);
	pack_end(&in);
	assert_int_equal(pack_close(&doc), STATUS_OK);
	buffer_free(&bytes);
}

static void
a_cut_or_changed_statement_is_refused_or_is_another_one(void **state)
{
	struct buffer bytes = {0}, again = {0};
	struct statement s, read;

	(void)state;
	for (int kind = STATEMENT_NETWORK; kind <= STATEMENT_HEAD; kind++) {
		s = example((enum statement_kind)kind);
		encode(&s, &bytes);
		for (size_t len = 0; len < bytes.len; len++)
			assert_int_not_equal(
			    statement_parse((struct bytes){bytes.data, len}, &read), STATUS_OK);
		for (size_t bit = 0; bit < 8 * bytes.len; bit++) {
			bytes.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
			if (statement_parse(bytes_of_buffer(&bytes), &read) == STATUS_OK) {
				encode(&read, &again);
				assert_true(bytes_equal(
				    bytes_of_buffer(&bytes), bytes_of_buffer(&again)));
			}
			bytes.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
		}
		buffer_append_byte(&bytes, 0);
		assert_int_not_equal(
		    statement_parse(bytes_of_buffer(&bytes), &read), STATUS_OK);
	}
	buffer_free(&bytes);
	buffer_free(&again);
}

static enum status
parse_of(const struct statement *s)
{
	struct buffer bytes = {0};
	struct statement read;
	enum status rc;

	encode(s, &bytes);
	rc = statement_parse(bytes_of_buffer(&bytes), &read);
	buffer_free(&bytes);
	return rc;
}

static void
texts_of_another_form_are_refused(void **state)
{
	static const char *const names[] = {"", "two\nlines", "a\ttab",
	    "right\xe2\x80\xaeleft", /* U+202E turns the writing around */
	    "zero\xe2\x80\x8bwidth", "\xe2\x81\xa6isolate", "\xef\xbb\xbfmark",
	    "two\xe2\x80\xa8lines", "two\xe2\x80\xa9parts", "\xd8\x9cmark"};
	static const char *const codes[] = {"", "Skola", "skola 7", "skola_7", "\xc4\x81"};
	static const char *const words[] = {"", "Lost", "key lost", "a.b"};
	struct statement s;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		s = example(STATEMENT_ADMIT);
		s.name = bytes_of_text(names[i]);
		assert_int_equal(parse_of(&s), STATUS_MALFORMED);
	}
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		s = example(STATEMENT_LIFT);
		s.party = bytes_of_text(codes[i]);
		assert_int_equal(parse_of(&s), STATUS_MALFORMED);
		s = example(STATEMENT_LIFT);
		s.network = bytes_of_text(codes[i]);
		assert_int_equal(parse_of(&s), STATUS_MALFORMED);
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		s = example(STATEMENT_SUSPEND);
		s.reason = bytes_of_text(words[i]);
		assert_int_equal(parse_of(&s), STATUS_MALFORMED);
	}
	s = example(STATEMENT_ADMIT);
	s.name = bytes_of_text("\xc4\x80rpus \xe2\x80\x9e\x62\xe2\x80\x9c"); /* „b“ stays */
	s.municipality = bytes_of_text("");
	assert_int_equal(parse_of(&s), STATUS_OK);
}

static void
numbers_out_of_range_are_refused(void **state)
{
	struct statement s = example(STATEMENT_SEALING_EPOCH);

	(void)state;
	s.not_after_ms = ENVELOPE_TIME_MAX;
	assert_int_equal(parse_of(&s), STATUS_OK);
	s.not_after_ms++;
	assert_int_equal(parse_of(&s), STATUS_MALFORMED);
	s = example(STATEMENT_LIFT);
	s.time_ms = ENVELOPE_TIME_MAX + 1;
	assert_int_equal(parse_of(&s), STATUS_MALFORMED);
	s = example(STATEMENT_SEALING_EPOCH);
	s.epoch = UINT32_MAX;
	assert_int_equal(parse_of(&s), STATUS_OK);
	s.epoch++;
	assert_int_equal(parse_of(&s), STATUS_MALFORMED);
	s = example(STATEMENT_REVOKE);
	s.purpose = (enum key_purpose)0;
	assert_int_equal(parse_of(&s), STATUS_MALFORMED);
	s.purpose = (enum key_purpose)4;
	assert_int_equal(parse_of(&s), STATUS_MALFORMED);
}

static void
unknown_kinds_and_oversized_statements_are_refused(void **state)
{
	static const uint8_t zero[] = {0x93, 0x00, 0xa1, 'n', 0x01};
	static const uint8_t eleven[] = {0x93, 0x0b, 0xa1, 'n', 0x01};
	static uint8_t large[STATEMENT_MAX + 1];
	struct statement read;

	(void)state;
	assert_int_equal(statement_parse(BYTES(zero), &read), STATUS_MALFORMED);
	assert_int_equal(statement_parse(BYTES(eleven), &read), STATUS_MALFORMED);
	assert_int_equal(statement_parse(BYTES(large), &read), STATUS_TOO_LARGE);
}

static void
names_are_those_of_the_list_in_small_letters(void **state)
{
	(void)state;
	assert_string_equal(statement_name(STATEMENT_NETWORK), "network");
	assert_string_equal(statement_name(STATEMENT_SEALING_EPOCH), "sealing_epoch");
	assert_string_equal(statement_name(STATEMENT_HEAD), "head");
	assert_string_equal(statement_name((enum statement_kind)11), "unknown");
}

static void
a_signature_fits_one_statement_and_one_key(void **state)
{
	static const uint8_t text[] = "a statement", other[] = "b statement";
	struct leaf_signature signature;

	(void)state;
	statement_sign(BYTES(text), SIGNER_PARTY, &key, &signature);
	assert_int_equal(signature.signer, SIGNER_PARTY);
	assert_int_equal(statement_verify(BYTES(text), key.public, &signature), STATUS_OK);
	assert_int_equal(
	    statement_verify(BYTES(other), key.public, &signature), STATUS_BAD_SIGNATURE);
	assert_int_equal(
	    statement_verify(BYTES(text), other_key.public, &signature), STATUS_BAD_SIGNATURE);
	/* What was signed for another purpose does not count here. */
	suite_sign(&key, "saikne-v1-batch", BYTES(text), signature.signature);
	assert_int_equal(
	    statement_verify(BYTES(text), key.public, &signature), STATUS_BAD_SIGNATURE);
}

static void
a_fingerprint_is_eight_groups_of_five_digits(void **state)
{
	static const uint8_t text[] = {1, 2, 3}, other[] = {1, 2, 4};
	char a[48], b[48];

	(void)state;
	statement_fingerprint(BYTES(text), a);
	statement_fingerprint(BYTES(other), b);
	assert_int_equal(strlen(a), 47);
	for (size_t i = 0; i < 47; i++)
		assert_true(i % 6 == 5 ? a[i] == ' ' : a[i] >= '0' && a[i] <= '9');
	assert_string_not_equal(a, b);
}

/* ---- Files ------------------------------------------------------------------------------ */

static void
add(const struct statement *s, uint32_t signatures, struct buffer *file)
{
	struct signed_statement one = {.signature_count = signatures};
	struct buffer bytes = {0};

	encode(s, &bytes);
	one.view = bytes_of_buffer(&bytes);
	for (uint32_t i = 0; i < signatures; i++)
		statement_sign(
		    one.view, i == 0 ? SIGNER_ROOT : SIGNER_PARTY, &key, &one.signatures[i]);
	statement_file_add(&one, file);
	buffer_free(&bytes);
}

static void
a_file_gives_its_statements_back_in_order(void **state)
{
	struct buffer file = {0}, scratch = {0};
	struct statement s = example(STATEMENT_NETWORK), read;
	struct signed_statement one;
	size_t at = 0;

	(void)state;
	add(&s, 1, &file);
	s = example(STATEMENT_ADMIT);
	add(&s, 2, &file);
	assert_memory_equal(file.data, "saikne-statements-v1\n", 21);
	assert_int_equal(
	    statement_file_next(bytes_of_buffer(&file), &at, &scratch, &one), STATUS_OK);
	assert_int_equal(statement_parse(one.view, &read), STATUS_OK);
	assert_int_equal(read.kind, STATEMENT_NETWORK);
	assert_int_equal(one.signature_count, 1);
	assert_int_equal(
	    statement_file_next(bytes_of_buffer(&file), &at, &scratch, &one), STATUS_OK);
	assert_int_equal(statement_parse(one.view, &read), STATUS_OK);
	assert_int_equal(read.kind, STATEMENT_ADMIT);
	assert_int_equal(one.signature_count, 2);
	assert_int_equal(one.signatures[1].signer, SIGNER_PARTY);
	assert_int_equal(statement_verify(one.view, key.public, &one.signatures[1]), STATUS_OK);
	assert_int_equal(
	    statement_file_next(bytes_of_buffer(&file), &at, &scratch, &one), STATUS_NOT_FOUND);
	buffer_free(&file);
	buffer_free(&scratch);
}

static enum status
first_of(const char *text)
{
	struct buffer scratch = {0};
	struct signed_statement one;
	size_t at = 0;
	enum status rc = statement_file_next(bytes_of_text(text), &at, &scratch, &one);

	assert_true(rc == STATUS_OK || at == 0);
	buffer_free(&scratch);
	return rc;
}

static void
a_file_of_another_form_is_refused(void **state)
{
	struct buffer file = {0}, scratch = {0};
	struct statement s = example(STATEMENT_LIFT);
	struct signed_statement one;
	size_t at;

	(void)state;
	assert_int_equal(first_of(""), STATUS_MALFORMED);
	assert_int_equal(first_of("saikne-statements-v2\n"), STATUS_MALFORMED);
	assert_int_equal(first_of("saikne-statements-v1\n"), STATUS_NOT_FOUND);
	assert_int_equal(first_of("saikne-statements-v1\n\n"), STATUS_MALFORMED);
	assert_int_equal(first_of("saikne-statements-v1\nAAAA"), STATUS_MALFORMED);
	assert_int_equal(first_of("saikne-statements-v1\n!!!!\n"), STATUS_MALFORMED);
	assert_int_equal(first_of("saikne-statements-v1\nkpA=\n"), STATUS_MALFORMED);
	/* Without its last line break the file may have been cut. */
	add(&s, 1, &file);
	for (size_t len = 22; len < file.len; len++) {
		at = 0;
		assert_int_equal(
		    statement_file_next((struct bytes){file.data, len}, &at, &scratch, &one),
		    STATUS_MALFORMED);
	}
	buffer_free(&file);
	buffer_free(&scratch);
}

static void
signatures_are_counted_and_of_a_known_role(void **state)
{
	struct buffer line = {0}, file = {0}, scratch = {0};
	uint8_t signature[64] = {0};
	struct signed_statement one;
	size_t at;

	(void)state;
	for (uint64_t role = 0; role <= 5; role++) {
		for (uint32_t count = 0; count <= LEAF_SIGNATURES_MAX + 1; count++) {
			buffer_reset(&line);
			pack_array(&line, 2);
			pack_bin(&line, (struct bytes){signature, 10});
			pack_array(&line, count);
			for (uint32_t i = 0; i < count; i++) {
				pack_array(&line, 2);
				pack_uint(&line, role);
				pack_bin(&line, BYTES(signature));
			}
			buffer_reset(&file);
			buffer_append_text(&file, "saikne-statements-v1\n");
			suite_base64(bytes_of_buffer(&line), &file);
			buffer_append_byte(&file, '\n');
			at = 0;
			assert_int_equal(
			    statement_file_next(bytes_of_buffer(&file), &at, &scratch, &one),
			    role >= 1 && role <= 4 && count >= 1 && count <= LEAF_SIGNATURES_MAX
				? STATUS_OK
				: STATUS_MALFORMED);
		}
	}
	buffer_free(&line);
	buffer_free(&file);
	buffer_free(&scratch);
}

int
main(void)
{
	const struct CMUnitTest statement[] = {
	    cmocka_unit_test(every_kind_reads_back_and_encodes_to_the_same_bytes),
	    cmocka_unit_test(fields_stand_in_the_order_that_the_list_names),
	    cmocka_unit_test(a_cut_or_changed_statement_is_refused_or_is_another_one),
	    cmocka_unit_test(texts_of_another_form_are_refused),
	    cmocka_unit_test(numbers_out_of_range_are_refused),
	    cmocka_unit_test(unknown_kinds_and_oversized_statements_are_refused),
	    cmocka_unit_test(names_are_those_of_the_list_in_small_letters),
	    cmocka_unit_test(a_signature_fits_one_statement_and_one_key),
	    cmocka_unit_test(a_fingerprint_is_eight_groups_of_five_digits),
	    cmocka_unit_test(a_file_gives_its_statements_back_in_order),
	    cmocka_unit_test(a_file_of_another_form_is_refused),
	    cmocka_unit_test(signatures_are_counted_and_of_a_known_role),
	};

	return cmocka_run_group_tests(statement, start, NULL);
}
