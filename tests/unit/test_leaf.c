/* tests/unit/test_leaf.c: the log's entries and evidence: one form each, nothing else passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/wire/leaf.h"

#define TEXT(s) bytes_of_text(s)

static struct evidence
some_evidence(enum evidence_kind kind)
{
	struct evidence evidence = {
	    .network = TEXT("test-net"),
	    .kind = kind,
	    .index = 41,
	    .sender = TEXT("school-a"),
	    .recipient = TEXT("service-b"),
	    .signing_epoch = 2,
	    .time_ms = 1764000000000,
	    .reason = STATUS_OK,
	};

	memset(evidence.id, 7, sizeof(evidence.id));
	memset(evidence.digest, 9, sizeof(evidence.digest));
	if (kind == EVIDENCE_UNREADABLE || kind == EVIDENCE_UNDELIVERABLE)
		evidence.reason = STATUS_CANNOT_OPEN;
	if (kind == EVIDENCE_READ) {
		evidence.role = TEXT("specialist");
		evidence.has_token = true;
		memset(evidence.staff_token, 3, sizeof(evidence.staff_token));
	}
	return evidence;
}

static struct envelope_header
some_header(void)
{
	struct envelope_header header = {
	    .network = TEXT("test-net"),
	    .sender = TEXT("school-a"),
	    .signing_epoch = 1,
	    .recipient_count = 2,
	    .type = MESSAGE_REFERRAL_OFFER,
	    .created_ms = 1764000000000,
	    .expires_ms = 1764000000000 + 86400000,
	};

	suite_new_id(header.created_ms, header.id);
	header.recipients[0] = (struct envelope_recipient){
	    .party = TEXT("service-b"), .sealing_epoch = 1, .basis = BASIS_LAW};
	header.recipients[1] = (struct envelope_recipient){
	    .party = TEXT("police-c"), .sealing_epoch = 4, .basis = BASIS_CONSENT};
	return header;
}

/* One leaf of each kind, in buffers that the caller frees. */
static struct leaf
some_leaf(enum leaf_kind kind, struct buffer *body)
{
	struct leaf leaf = {.kind = kind, .time_ms = 1764000000123};
	struct envelope_header header = some_header();
	struct evidence evidence = some_evidence(
	    kind == LEAF_BROKER_EVIDENCE ? EVIDENCE_EXPIRED : EVIDENCE_UNREADABLE);

	buffer_reset(body);
	leaf.proof.size = 1;
	switch (kind) {
	case LEAF_ACCEPTED:
		envelope_header_encode(&header, body);
		leaf.part_count = 2;
		memset(leaf.part_hashes[1].byte, 5, SUITE_HASH_LEN);
		break;
	case LEAF_EVIDENCE:
	case LEAF_BROKER_EVIDENCE:
		evidence_encode(&evidence, body);
		break;
	case LEAF_REFUSED:
		leaf.party = TEXT("school-a");
		leaf.code = STATUS_ID_CONFLICT;
		leaf.count = 3;
		break;
	case LEAF_STATEMENT:
		buffer_append_text(body, "statement bytes");
		leaf.signature_count = 2;
		leaf.signatures[0].signer = SIGNER_ROOT;
		leaf.signatures[1].signer = SIGNER_PARTY;
		break;
	case LEAF_ACCESS:
		leaf.party = TEXT("auditor-1");
		leaf.software = TEXT("saikne-audit 0.1");
		break;
	case LEAF_CLOCK:
		leaf.count = 7200000;
		leaf.forward = true;
		break;
	}
	leaf.body = bytes_of_buffer(body);
	return leaf;
}

static const enum leaf_kind kinds[] = {LEAF_ACCEPTED, LEAF_EVIDENCE, LEAF_BROKER_EVIDENCE,
    LEAF_REFUSED, LEAF_STATEMENT, LEAF_ACCESS, LEAF_CLOCK};

static void
every_kind_survives_encoding_byte_for_byte(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct buffer body = {0}, first = {0}, second = {0};
		struct leaf leaf = some_leaf(kinds[i], &body), parsed;

		leaf_encode(&leaf, &first);
		assert_false(first.failed);
		assert_int_equal(leaf_parse(bytes_of_buffer(&first), &parsed), STATUS_OK);
		assert_int_equal(parsed.kind, kinds[i]);
		assert_int_equal(parsed.time_ms, leaf.time_ms);
		leaf_encode(&parsed, &second);
		assert_true(bytes_equal(bytes_of_buffer(&first), bytes_of_buffer(&second)));
		buffer_free(&body);
		buffer_free(&first);
		buffer_free(&second);
	}
}

static void
a_leaf_cut_anywhere_or_with_more_behind_is_refused(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct buffer body = {0}, whole = {0};
		struct leaf leaf = some_leaf(kinds[i], &body), parsed;

		leaf_encode(&leaf, &whole);
		for (size_t len = 0; len < whole.len; len++)
			assert_int_not_equal(
			    leaf_parse((struct bytes){whole.data, len}, &parsed), STATUS_OK);
		buffer_append_byte(&whole, 0xc0);
		assert_int_not_equal(leaf_parse(bytes_of_buffer(&whole), &parsed), STATUS_OK);
		buffer_free(&body);
		buffer_free(&whole);
	}
}

/* Whether LEAF, of the kind and changed as the test will, is still read. */
static enum status
read_back(const struct leaf *leaf)
{
	struct buffer bytes = {0};
	struct leaf parsed;
	enum status rc;

	leaf_encode(leaf, &bytes);
	rc = leaf_parse(bytes_of_buffer(&bytes), &parsed);
	buffer_free(&bytes);
	return rc;
}

static void
times_fit_48_bits(void **state)
{
	struct evidence evidence = some_evidence(EVIDENCE_EXPIRED);
	struct buffer body = {0};
	struct leaf leaf;

	(void)state;
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		leaf = some_leaf(kinds[i], &body);
		leaf.time_ms = ENVELOPE_TIME_MAX;
		assert_int_equal(read_back(&leaf), STATUS_OK);
		leaf.time_ms++;
		assert_int_equal(read_back(&leaf), STATUS_MALFORMED);
	}
	leaf = some_leaf(LEAF_BROKER_EVIDENCE, &body);
	evidence.time_ms = ENVELOPE_TIME_MAX + 1;
	buffer_reset(&body);
	evidence_encode(&evidence, &body);
	leaf.body = bytes_of_buffer(&body);
	assert_int_equal(read_back(&leaf), STATUS_MALFORMED);
	buffer_free(&body);
}

static void
parties_and_networks_are_codes(void **state)
{
	struct evidence evidence;
	struct bytes *const codes[] = {
	    &evidence.network, &evidence.sender, &evidence.recipient};
	struct buffer body = {0};
	struct leaf leaf;

	(void)state;
	leaf = some_leaf(LEAF_REFUSED, &body);
	leaf.party = TEXT("School A");
	assert_int_equal(read_back(&leaf), STATUS_MALFORMED);
	leaf = some_leaf(LEAF_ACCESS, &body);
	leaf.party = TEXT("auditor_1");
	assert_int_equal(read_back(&leaf), STATUS_MALFORMED);
	for (unsigned i = 0; i < 3; i++) {
		leaf = some_leaf(LEAF_BROKER_EVIDENCE, &body);
		evidence = some_evidence(EVIDENCE_EXPIRED);
		*codes[i] = TEXT("A\nb");
		buffer_reset(&body);
		evidence_encode(&evidence, &body);
		leaf.body = bytes_of_buffer(&body);
		assert_int_equal(read_back(&leaf), STATUS_MALFORMED);
	}
	buffer_free(&body);
}

static void
only_the_parties_of_an_entry_may_read_it(void **state)
{
	struct buffer body = {0}, bytes = {0};
	struct leaf leaf, parsed;

	(void)state;
	leaf = some_leaf(LEAF_ACCEPTED, &body);
	leaf_encode(&leaf, &bytes);
	assert_int_equal(leaf_parse(bytes_of_buffer(&bytes), &parsed), STATUS_OK);
	assert_true(leaf_concerns(&parsed, TEXT("school-a")));
	assert_true(leaf_concerns(&parsed, TEXT("police-c")));
	assert_false(leaf_concerns(&parsed, TEXT("police")));
	assert_false(leaf_concerns(&parsed, TEXT("school-z")));
	leaf = some_leaf(LEAF_CLOCK, &body);
	assert_false(leaf_concerns(&leaf, TEXT("school-a")));
	leaf = some_leaf(LEAF_STATEMENT, &body);
	assert_true(leaf_concerns(&leaf, TEXT("school-z")));
	leaf = some_leaf(LEAF_REFUSED, &body);
	assert_true(leaf_concerns(&leaf, TEXT("school-a")));
	assert_false(leaf_concerns(&leaf, TEXT("service-b")));
	buffer_free(&body);
	buffer_free(&bytes);
}

static void
the_digest_of_an_accepted_leaf_binds_header_and_parts(void **state)
{
	struct buffer body = {0}, bytes = {0};
	struct leaf leaf, parsed, other;

	(void)state;
	leaf = some_leaf(LEAF_ACCEPTED, &body);
	leaf_encode(&leaf, &bytes);
	assert_int_equal(leaf_parse(bytes_of_buffer(&bytes), &parsed), STATUS_OK);
	leaf.part_hashes[0].byte[31] ^= 1;
	buffer_reset(&bytes);
	leaf_encode(&leaf, &bytes);
	assert_int_equal(leaf_parse(bytes_of_buffer(&bytes), &other), STATUS_OK);
	assert_memory_not_equal(parsed.digest, other.digest, SUITE_HASH_LEN);
	buffer_free(&body);
	buffer_free(&bytes);
}

static void
the_broker_cannot_say_what_only_a_recipient_can(void **state)
{
	struct buffer body = {0}, bytes = {0};
	struct evidence delivered = some_evidence(EVIDENCE_DELIVERED);
	struct leaf leaf = {.kind = LEAF_BROKER_EVIDENCE}, parsed;

	(void)state;
	evidence_encode(&delivered, &body);
	leaf.body = bytes_of_buffer(&body);
	leaf_encode(&leaf, &bytes);
	assert_int_equal(leaf_parse(bytes_of_buffer(&bytes), &parsed), STATUS_MALFORMED);
	buffer_free(&body);
	buffer_free(&bytes);
}

static void
evidence_carries_only_what_its_kind_has(void **state)
{
	static const enum evidence_kind all[] = {EVIDENCE_DELIVERED, EVIDENCE_UNREADABLE,
	    EVIDENCE_READ, EVIDENCE_EXPIRED, EVIDENCE_UNDELIVERABLE};

	(void)state;
	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct buffer bytes = {0};
		struct evidence good = some_evidence(all[i]), bad = good, parsed;

		evidence_encode(&good, &bytes);
		assert_int_equal(evidence_parse(bytes_of_buffer(&bytes), &parsed), STATUS_OK);
		assert_int_equal(parsed.kind, all[i]);
		bad.has_token = !bad.has_token;
		buffer_reset(&bytes);
		evidence_encode(&bad, &bytes);
		assert_int_equal(
		    evidence_parse(bytes_of_buffer(&bytes), &parsed), STATUS_MALFORMED);
		bad = good;
		bad.reason = bad.reason == STATUS_OK ? STATUS_EXPIRED : STATUS_OK;
		buffer_reset(&bytes);
		evidence_encode(&bad, &bytes);
		assert_int_equal(
		    evidence_parse(bytes_of_buffer(&bytes), &parsed), STATUS_MALFORMED);
		buffer_free(&bytes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_kind_survives_encoding_byte_for_byte),
	    cmocka_unit_test(a_leaf_cut_anywhere_or_with_more_behind_is_refused),
	    cmocka_unit_test(times_fit_48_bits),
	    cmocka_unit_test(parties_and_networks_are_codes),
	    cmocka_unit_test(only_the_parties_of_an_entry_may_read_it),
	    cmocka_unit_test(the_digest_of_an_accepted_leaf_binds_header_and_parts),
	    cmocka_unit_test(the_broker_cannot_say_what_only_a_recipient_can),
	    cmocka_unit_test(evidence_carries_only_what_its_kind_has),
	};

	if (suite_start() != STATUS_OK)
		return 1;
	return cmocka_run_group_tests_name("leaf", tests, NULL, NULL);
}
