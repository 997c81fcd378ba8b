/* tests/unit/test_envelope.c: only the addressed can read, and every message is bound (3, 4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/wire/envelope.h"
#include "protocol/wire/pack.h"
#include "tests/unit/grounded.h"

#define ok(call)   assert_int_equal((call), STATUS_OK)
#define CREATED_MS 1789000000000U
#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))

static struct signing_key signer;
static struct box_key boxes[ENVELOPE_RECIPIENTS_MAX];

static int
start(void **state)
{
	uint8_t seed[32] = {9};

	(void)state;
	if (suite_start() != STATUS_OK)
		return -1;
	suite_sign_from_seed(seed, &signer);
	for (unsigned i = 0; i < COUNT(boxes); i++) {
		seed[1] = (uint8_t)(100 + i); /* of the first byte X25519 drops bits */
		suite_box_from_secret(seed, &boxes[i]);
	}
	return 0;
}

/* From one school to a social service (by consent) and an orphans' court (by law). */
static void
make_header(struct envelope_header *out)
{
	*out = (struct envelope_header){
	    .network = bytes_of_text("test-net"),
	    .sender = bytes_of_text("school-1"),
	    .signing_epoch = 3,
	    .recipient_count = 2,
	    .recipients =
		{
		    {.party = bytes_of_text("social-service"),
			.sealing_epoch = 7,
			.basis = BASIS_CONSENT,
			.reference = "reference-consen"},
		    {.party = bytes_of_text("orphans-court"),
			.sealing_epoch = 70000,
			.basis = BASIS_LAW,
			.reference = "reference-bylaw."},
		},
	    .type = MESSAGE_REFERRAL_REVIEW_OPENED,
	    .case_token = "a-token-of-16-b.",
	    .created_ms = CREATED_MS,
	    .expires_ms = CREATED_MS + 1000,
	};
	suite_new_id(CREATED_MS, out->id);
}

static void
make_review(struct content *out)
{
	ok(content_start(MESSAGE_REFERRAL_REVIEW_OPENED, out));
	ok(content_set_id(out, FIELD_TASK, (const uint8_t *)"0123456789abcdef"));
	ok(content_set_uint(out, FIELD_APPLIED, 5));
}

static void
make_release(struct content *out)
{
	ok(content_start(MESSAGE_REFERRAL_RELEASE, out));
	ok(content_set_id(out, FIELD_TASK, (const uint8_t *)"0123456789abcdef"));
	ok(content_set_uint(out, FIELD_APPLIED, 5));
	ok(content_set_text(out, FIELD_GROUND, bytes_of_text("consent")));
	ground_content(out);
	ok(content_set_text(out, FIELD_CHILD_NAME, bytes_of_text("Anna Paraudziņa")));
	ok(content_set_text(out, FIELD_HEALTH, bytes_of_text("astma")));
	ok(content_set_text(out, FIELD_CUSTODY, bytes_of_text("tēvs")));
}

/* The social service may have health, the court custody; both the name. */
static void
make_to(struct envelope_seal_to to[2])
{
	category_set both = CATEGORY_BIT(CATEGORY_ACT) | CATEGORY_BIT(CATEGORY_IDENTITY);

	memset(to, 0, 2 * sizeof(*to));
	for (unsigned i = 0; i < 2; i++)
		memcpy(to[i].key, boxes[i].public, sizeof(to[i].key));
	to[0].allowed = both | CATEGORY_BIT(CATEGORY_HEALTH);
	to[1].allowed = both | CATEGORY_BIT(CATEGORY_CUSTODY);
	to[1].chain.count = 4;
	memset(to[1].chain.last_id, 4, SUITE_ID_LEN);
	memset(to[1].chain.chain, 5, SUITE_HASH_LEN);
}

static void
sign_frame(const struct buffer *sealed, const uint8_t digest[static SUITE_HASH_LEN],
    struct buffer *out)
{
	struct batch_proof proof;
	struct digest alone;

	memcpy(alone.byte, digest, sizeof(alone.byte));
	batch_sign(&alone, 1, &signer, &proof);
	envelope_frame(bytes_of_buffer(sealed), &proof, out);
	assert_false(out->failed);
}

/* A whole SUBMIT body of CONTENT. */
static void
make_frame(const struct content *content, struct buffer *out)
{
	struct envelope_header header;
	struct envelope_seal_to to[2];
	struct buffer sealed = {0};
	uint8_t digest[SUITE_HASH_LEN];

	make_header(&header);
	make_to(to);
	ok(envelope_seal(&header, content, to, &sealed, digest));
	sign_frame(&sealed, digest, out);
	buffer_free(&sealed);
}

static bool
text_is(const struct content *content, enum field field, const char *text)
{
	struct bytes view;

	return content_text(content, field, &view) && bytes_is_text(view, text);
}

static bool
holds(struct bytes haystack, const char *needle)
{
	return memmem(haystack.data, haystack.len, needle, strlen(needle)) != NULL;
}

static void
each_recipient_opens_its_own_fields_under_the_same_root(void **state)
{
	struct content content, opened[2];
	struct envelope_chain chain[2];
	struct buffer frame = {0};
	struct envelope env;
	struct bytes view;

	(void)state;
	make_release(&content);
	make_frame(&content, &frame);
	ok(envelope_parse(bytes_of_buffer(&frame), &env));
	ok(batch_verify(env.digest, &env.proof, signer.public, NULL));
	assert_int_equal(env.part_count, 2);
	for (uint32_t i = 0; i < 2; i++)
		ok(envelope_open(&env.header, env.header_hash, i, &env.parts[i], &boxes[i],
		    &opened[i], &chain[i]));
	assert_true(text_is(&opened[0], FIELD_CHILD_NAME, "Anna Paraudziņa"));
	assert_true(text_is(&opened[1], FIELD_CHILD_NAME, "Anna Paraudziņa"));
	assert_true(text_is(&opened[0], FIELD_HEALTH, "astma"));
	assert_false(content_text(&opened[1], FIELD_HEALTH, &view));
	assert_false(content_text(&opened[0], FIELD_CUSTODY, &view));
	assert_true(text_is(&opened[1], FIELD_CUSTODY, "tēvs"));
	for (unsigned i = 0; i < 2; i++) {
		struct merkle_hash root;

		content_root(&opened[i], &root);
		assert_memory_equal(&root, &env.header.content_root, sizeof(root));
	}
	assert_int_equal(chain[0].count, 0);
	assert_int_equal(chain[1].count, 4);
	assert_int_equal(chain[1].last_id[15], 4);
	assert_int_equal(chain[1].chain[31], 5);
	content_free(&opened[0]);
	content_free(&opened[1]);
	content_free(&content);
	buffer_free(&frame);
}

/* The plaintext of part I by the steps of the specification, not by envelope_open(). */
static void
decrypt(const struct envelope *env, uint32_t i, struct buffer *out)
{
	uint8_t stanza[ENVELOPE_STANZA_LEN], both[64], number[4];
	const struct envelope_part *part = &env->parts[i];
	const struct bytes hashed[] = {BYTES(env->header_hash), BYTES(number)};

	ok(suite_seal_open(&boxes[i], part->stanza, stanza));
	bytes_put_u32(number, i);
	suite_hash_keyed(stanza, "saikne-v1-cek", hashed, 2, both);
	assert_memory_equal(both + 32, part->commit.data, 32);
	ok(suite_decrypt_once(both, part->payload, BYTES(env->header_hash),
	    buffer_extend(out, part->payload.len - SUITE_AEAD_OVERHEAD)));
}

static void
withheld_fields_are_not_in_a_recipients_plaintext(void **state)
{
	struct buffer frame = {0}, plain[2] = {0};
	struct content content;
	struct envelope env;

	(void)state;
	make_release(&content);
	make_frame(&content, &frame);
	ok(envelope_parse(bytes_of_buffer(&frame), &env));
	for (uint32_t i = 0; i < 2; i++) {
		decrypt(&env, i, &plain[i]);
		assert_true(holds(bytes_of_buffer(&plain[i]), "Anna"));
		assert_int_equal(plain[i].len % ENVELOPE_PAD, 0);
	}
	assert_true(holds(bytes_of_buffer(&plain[0]), "astma"));
	assert_false(holds(bytes_of_buffer(&plain[0]), "tēvs"));
	assert_false(holds(bytes_of_buffer(&plain[1]), "astma"));
	assert_true(holds(bytes_of_buffer(&plain[1]), "tēvs"));
	/* And the seed of a withheld category, with which its values could be guessed, is not. */
	assert_null(memmem(plain[0].data, plain[0].len, content.seeds[CATEGORY_CUSTODY], 32));
	assert_null(memmem(plain[1].data, plain[1].len, content.seeds[CATEGORY_HEALTH], 32));
	for (uint32_t i = 0; i < 2; i++)
		assert_non_null(
		    memmem(plain[i].data, plain[i].len, content.seeds[CATEGORY_ACT], 32));
	/* Nor are salts, of whatever category. */
	for (unsigned f = 0; f < content.type->field_count; f++)
		assert_null(memmem(plain[0].data, plain[0].len, content.fields[f].salt, 32));
	/* Nothing readable outside. */
	assert_false(holds(bytes_of_buffer(&frame), "Anna"));
	assert_false(holds(bytes_of_buffer(&frame), "consent"));
	content_free(&content);
	buffer_free(&frame);
	buffer_free(&plain[0]);
	buffer_free(&plain[1]);
}

static void
only_the_addressed_key_and_place_open_a_part(void **state)
{
	struct content content, opened;
	struct envelope_chain chain;
	struct buffer frame = {0};
	struct envelope env;
	struct envelope_part mixed;
	uint8_t commit[32], other_hash[SUITE_HASH_LEN];

	(void)state;
	make_release(&content);
	make_frame(&content, &frame);
	ok(envelope_parse(bytes_of_buffer(&frame), &env));
#define REFUSED(hash, i, part, key)                                                            \
	do {                                                                                   \
		assert_int_equal(                                                              \
		    envelope_open(&env.header, hash, i, part, key, &opened, &chain),           \
		    STATUS_CANNOT_OPEN);                                                       \
		content_free(&opened);                                                         \
	} while (0)
	/* Another's key, another's place, a place that is not there. */
	REFUSED(env.header_hash, 0, &env.parts[0], &boxes[1]);
	REFUSED(env.header_hash, 1, &env.parts[0], &boxes[0]);
	REFUSED(env.header_hash, 2, &env.parts[0], &boxes[0]);
	/* Another header. */
	memcpy(other_hash, env.header_hash, sizeof(other_hash));
	other_hash[0] ^= 1;
	REFUSED(other_hash, 0, &env.parts[0], &boxes[0]);
	/* Pieces of one part in another, and a commitment to another key. */
	mixed = env.parts[0];
	mixed.payload = env.parts[1].payload;
	REFUSED(env.header_hash, 0, &mixed, &boxes[0]);
	mixed = env.parts[0];
	mixed.commit = env.parts[1].commit;
	REFUSED(env.header_hash, 0, &mixed, &boxes[0]);
	memcpy(commit, env.parts[0].commit.data, sizeof(commit));
	commit[31] ^= 0x80;
	mixed.commit = BYTES(commit);
	REFUSED(env.header_hash, 0, &mixed, &boxes[0]);
	mixed = env.parts[0];
	mixed.payload.len -= ENVELOPE_PAD;
	REFUSED(env.header_hash, 0, &mixed, &boxes[0]);
	mixed.payload.len = 3;
	REFUSED(env.header_hash, 0, &mixed, &boxes[0]);
#undef REFUSED
	content_free(&content);
	buffer_free(&frame);
}

/* Parse and signature together, as a reader does. */
static enum status
judge(struct bytes frame, struct envelope *env)
{
	enum status rc = envelope_parse(frame, env);

	return rc == STATUS_OK ? batch_verify(env->digest, &env->proof, signer.public, NULL)
	                       : rc;
}

static void
swapped_parts_change_the_digest(void **state)
{
	struct buffer frame = {0}, swapped = {0};
	struct envelope env, other;
	struct content content;

	(void)state;
	make_release(&content);
	make_frame(&content, &frame);
	ok(judge(bytes_of_buffer(&frame), &env));
	pack_array(&swapped, 3);
	pack_bin(&swapped, env.header_bytes);
	pack_array(&swapped, 2);
	envelope_part_encode(&env.parts[1], &swapped);
	envelope_part_encode(&env.parts[0], &swapped);
	batch_encode(&env.proof, &swapped);
	assert_int_equal(judge(bytes_of_buffer(&swapped), &other), STATUS_BAD_SIGNATURE);
	assert_memory_not_equal(env.digest, other.digest, SUITE_HASH_LEN);
	content_free(&content);
	buffer_free(&frame);
	buffer_free(&swapped);
}

static void
every_flipped_bit_of_a_frame_is_refused(void **state)
{
	struct buffer frame = {0};
	struct content content;
	struct envelope env, changed;
	size_t proof_at;

	(void)state;
	make_review(&content);
	make_frame(&content, &frame);
	ok(judge(bytes_of_buffer(&frame), &env));
	proof_at = (size_t)(env.parts[1].payload.data + env.parts[1].payload.len - frame.data);
	for (size_t bit = 0; bit < frame.len * 8; bit++) {
		frame.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
		if (envelope_parse(bytes_of_buffer(&frame), &changed) == STATUS_OK) {
			bool same = memcmp(changed.digest, env.digest, SUITE_HASH_LEN) == 0;

			/* The digest stands for all but the signature, which fails itself. */
			assert_int_equal(same, bit / 8 >= proof_at);
			if (same)
				assert_int_equal(judge(bytes_of_buffer(&frame), &changed),
				    STATUS_BAD_SIGNATURE);
		}
		frame.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	content_free(&content);
	buffer_free(&frame);
}

static void
every_truncation_and_addition_is_refused(void **state)
{
	struct buffer frame = {0};
	struct content content;
	struct envelope env;

	(void)state;
	make_review(&content);
	make_frame(&content, &frame);
	for (size_t len = 0; len < frame.len; len++) {
		uint8_t *exact = malloc(len == 0 ? 1 : len);

		assert_non_null(exact);
		memcpy(exact, frame.data, len);
		assert_int_equal(
		    envelope_parse((struct bytes){exact, len}, &env), STATUS_MALFORMED);
		free(exact);
	}
	buffer_append_byte(&frame, 0xc0);
	assert_int_equal(envelope_parse(bytes_of_buffer(&frame), &env), STATUS_MALFORMED);
	content_free(&content);
	buffer_free(&frame);
}

static void
the_frame_is_strict_on_every_size(void **state)
{
	static uint8_t zeroes[ENVELOPE_PAYLOAD_MAX + ENVELOPE_PAD];
	static const struct {
		size_t stanza, commit, payload;
		uint32_t parts;
		enum status rc;
	} cases[] = {
	    {ENVELOPE_STANZA_LEN, 32, 16 + 256, 2, STATUS_OK},
	    {ENVELOPE_STANZA_LEN, 32, 16 + 256, 1, STATUS_MALFORMED},
	    {ENVELOPE_STANZA_LEN, 32, 16 + 256, 3, STATUS_MALFORMED},
	    {ENVELOPE_STANZA_LEN, 32, 16 + 256, 0, STATUS_MALFORMED},
	    {ENVELOPE_STANZA_LEN, 32, 16 + 256, 17, STATUS_TOO_LARGE},
	    {ENVELOPE_STANZA_LEN - 1, 32, 16 + 256, 2, STATUS_MALFORMED},
	    {ENVELOPE_STANZA_LEN + 1, 32, 16 + 256, 2, STATUS_MALFORMED},
	    {ENVELOPE_STANZA_LEN, 31, 16 + 256, 2, STATUS_MALFORMED},
	    {ENVELOPE_STANZA_LEN, 33, 16 + 256, 2, STATUS_MALFORMED},
	    {ENVELOPE_STANZA_LEN, 32, 16, 2, STATUS_MALFORMED},
	    {ENVELOPE_STANZA_LEN, 32, 16 + 257, 2, STATUS_MALFORMED},
	    {ENVELOPE_STANZA_LEN, 32, 16 + 255, 2, STATUS_MALFORMED},
	    {ENVELOPE_STANZA_LEN, 32, 16 + 319 * 256, 2, STATUS_OK},
	    {ENVELOPE_STANZA_LEN, 32, 16 + 320 * 256, 2, STATUS_MALFORMED},
	};
	struct buffer header_bytes = {0}, frame = {0};
	const struct batch_proof proof = {.size = 1};
	struct envelope_header header;
	struct envelope env;

	(void)state;
	make_header(&header);
	envelope_header_encode(&header, &header_bytes);
	for (size_t c = 0; c < COUNT(cases); c++) {
		const struct envelope_part part = {{zeroes, cases[c].stanza},
		    {zeroes, cases[c].commit}, {zeroes, cases[c].payload}};

		buffer_reset(&frame);
		pack_array(&frame, 3);
		pack_bin(&frame, bytes_of_buffer(&header_bytes));
		pack_array(&frame, cases[c].parts);
		for (uint32_t i = 0; i < cases[c].parts; i++)
			envelope_part_encode(&part, &frame);
		batch_encode(&proof, &frame);
		assert_int_equal(envelope_parse(bytes_of_buffer(&frame), &env), cases[c].rc);
	}
	buffer_free(&header_bytes);
	buffer_free(&frame);
}

static enum status
parse_header(const struct envelope_header *header)
{
	struct buffer wire = {0}, again = {0};
	struct envelope_header back;
	enum status rc;

	envelope_header_encode(header, &wire);
	rc = envelope_header_parse(bytes_of_buffer(&wire), &back);
	if (rc == STATUS_OK) {
		envelope_header_encode(&back, &again);
		assert_true(bytes_equal(bytes_of_buffer(&wire), bytes_of_buffer(&again)));
		for (size_t len = 0; len < wire.len; len++)
			assert_int_equal(
			    envelope_header_parse((struct bytes){wire.data, len}, &back),
			    STATUS_MALFORMED);
	}
	buffer_free(&wire);
	buffer_free(&again);
	return rc;
}

static void
a_header_encodes_again_to_the_same_bytes(void **state)
{
	struct envelope_header header;

	(void)state;
	make_header(&header);
	ok(parse_header(&header));
	header.recipients[0].basis = BASIS_NONE;
	header.recipients[1].basis = BASIS_REPLY;
	header.recipients[1].reply_sender = bytes_of_text("orphans-court");
	memset(header.recipients[1].reply_id, 3, SUITE_ID_LEN);
	header.type = ENVELOPE_NUMBER_MAX;
	header.attachment_count = ENVELOPE_ATTACHMENTS_MAX;
	header.attachments[15].size = ENVELOPE_NUMBER_MAX;
	for (unsigned i = 0; i < ENVELOPE_ATTACHMENTS_MAX; i++)
		header.attachments[i].root[0] = (uint8_t)i;
	ok(parse_header(&header));
}

static void
the_largest_header_fits(void **state)
{
	static char names[ENVELOPE_RECIPIENTS_MAX][PARTY_MAX + 1];
	struct envelope_header header;

	(void)state;
	make_header(&header);
	header.recipient_count = ENVELOPE_RECIPIENTS_MAX;
	header.attachment_count = ENVELOPE_ATTACHMENTS_MAX;
	header.signing_epoch = UINT32_MAX;
	for (unsigned i = 0; i < ENVELOPE_RECIPIENTS_MAX; i++) {
		memset(names[i], 'a' + (int)i, PARTY_MAX);
		header.recipients[i] = (struct envelope_recipient){
		    .party = bytes_of_text(names[i]),
		    .sealing_epoch = UINT32_MAX,
		    .basis = BASIS_REPLY,
		    .reply_sender = bytes_of_text(names[0]),
		};
		header.attachments[i].size = ENVELOPE_NUMBER_MAX;
		header.attachments[i].root[0] = (uint8_t)i;
	}
	ok(parse_header(&header));
	header.recipient_count = ENVELOPE_RECIPIENTS_MAX;
}

static void
recipients_are_there_distinct_and_not_the_sender(void **state)
{
	struct envelope_header header;

	(void)state;
	make_header(&header);
	header.recipients[1].party = header.recipients[0].party;
	assert_int_equal(parse_header(&header), STATUS_BAD_RECIPIENTS);
	header.recipients[1].party = header.sender;
	assert_int_equal(parse_header(&header), STATUS_BAD_RECIPIENTS);
	header.recipient_count = 0;
	assert_int_equal(parse_header(&header), STATUS_BAD_RECIPIENTS);
}

static void
ids_and_times_belong_together(void **state)
{
	struct envelope_header header;

	(void)state;
	make_header(&header);
	header.expires_ms = header.created_ms;
	assert_int_equal(parse_header(&header), STATUS_MALFORMED);
	make_header(&header);
	header.created_ms--;
	assert_int_equal(parse_header(&header), STATUS_MALFORMED);
	make_header(&header);
	header.id[5] ^= 1;
	assert_int_equal(parse_header(&header), STATUS_MALFORMED);
	make_header(&header);
	header.expires_ms = ENVELOPE_TIME_MAX + 1;
	assert_int_equal(parse_header(&header), STATUS_MALFORMED);
}

static void
codes_have_their_form(void **state)
{
	static const char *const bad[] = {"", "School", "a b", "a_b", "a.b", "ā", "a\n",
	    "1234567890123456789012345678901234567890123456789"};
	struct envelope_header header;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct bytes code = bytes_of_text(bad[i]);

		assert_false(envelope_is_code(code));
		make_header(&header);
		header.network = code;
		assert_int_equal(parse_header(&header), STATUS_MALFORMED);
		make_header(&header);
		header.sender = code;
		assert_int_equal(parse_header(&header), STATUS_MALFORMED);
		make_header(&header);
		header.recipients[1].party = code;
		assert_int_equal(parse_header(&header), STATUS_MALFORMED);
		make_header(&header);
		header.recipients[1].basis = BASIS_REPLY;
		header.recipients[1].reply_sender = code;
		assert_int_equal(parse_header(&header), STATUS_MALFORMED);
	}
	assert_true(envelope_is_code(bytes_of_text(
			"school-0123456789012345678901234567890123456789-")) == true);
}

static void
another_version_or_suite_is_named_as_such(void **state)
{
	struct envelope_header header, back;
	struct buffer wire = {0};

	(void)state;
	make_header(&header);
	envelope_header_encode(&header, &wire);
	wire.data[1] = 2;
	assert_int_equal(
	    envelope_header_parse(bytes_of_buffer(&wire), &back), STATUS_BAD_VERSION);
	wire.data[1] = 1;
	wire.data[2] = 0;
	assert_int_equal(
	    envelope_header_parse(bytes_of_buffer(&wire), &back), STATUS_BAD_VERSION);
	buffer_reset(&wire);
	pack_array(&wire, 2);
	pack_uint(&wire, 300);
	pack_nil(&wire);
	assert_int_equal(
	    envelope_header_parse(bytes_of_buffer(&wire), &back), STATUS_BAD_VERSION);
	buffer_free(&wire);
}

static void
a_header_in_a_longer_form_is_not_canonical(void **state)
{
	struct envelope_header header, back;
	struct buffer wire = {0}, longer = {0};

	(void)state;
	make_header(&header);
	envelope_header_encode(&header, &wire);
	/* The version as uint 8 (cc 01) instead of 01. */
	buffer_append_byte(&longer, wire.data[0]);
	buffer_append_byte(&longer, 0xcc);
	buffer_append(&longer, (struct bytes){wire.data + 1, wire.len - 1});
	assert_int_equal(
	    envelope_header_parse(bytes_of_buffer(&longer), &back), STATUS_NOT_CANONICAL);
	buffer_free(&wire);
	buffer_free(&longer);
}

static void
the_basis_and_its_reference_belong_together(void **state)
{
	struct envelope_header header, back;
	struct buffer wire = {0};
	uint8_t *basis;

	(void)state;
	make_header(&header);
	envelope_header_encode(&header, &wire);
	/* "social-service", sealing epoch 7, basis 1, bin 16. */
	basis = memmem(wire.data, wire.len, "social-service\x07\x01\xc4\x10", 18);
	assert_non_null(basis);
	basis += 15;
	for (uint8_t value = 0; value < 6; value++) {
		*basis = value;
		assert_int_equal(envelope_header_parse(bytes_of_buffer(&wire), &back),
		    value == BASIS_CONSENT || value == BASIS_LAW ? STATUS_OK
								 : STATUS_MALFORMED);
	}
	buffer_free(&wire);
}

static void
sealing_refuses_what_a_reader_would(void **state)
{
	struct envelope_header header;
	struct envelope_seal_to to[2];
	struct buffer sealed = {0};
	struct content content;
	uint8_t digest[SUITE_HASH_LEN];

	(void)state;
	make_to(to);
	make_header(&header);
	ok(content_start(MESSAGE_REFERRAL_REVIEW_OPENED, &content));
	assert_int_equal(
	    envelope_seal(&header, &content, to, &sealed, digest), STATUS_BAD_CONTENT);
	content_free(&content);
	make_review(&content);
	header.recipients[1].party = header.sender;
	assert_int_equal(
	    envelope_seal(&header, &content, to, &sealed, digest), STATUS_BAD_RECIPIENTS);
	make_header(&header);
	header.recipient_count = ENVELOPE_RECIPIENTS_MAX + 1;
	assert_int_equal(
	    envelope_seal(&header, &content, to, &sealed, digest), STATUS_TOO_LARGE);
	/* A key of low order is no key. */
	make_header(&header);
	memset(to[1].key, 0, sizeof(to[1].key));
	assert_int_equal(
	    envelope_seal(&header, &content, to, &sealed, digest), STATUS_UNKNOWN_EPOCH);
	assert_int_equal(sealed.len, 0);
	content_free(&content);
	buffer_free(&sealed);
}

/* A part for boxes[0] with PLAIN as its padded text, else made by the rules. */
static enum status
open_plain(struct bytes plain, const struct envelope_header *header)
{
	uint8_t cek[32] = {1}, stanza_plain[88] = {1}, stanza[ENVELOPE_STANZA_LEN], both[64];
	uint8_t hash[SUITE_HASH_LEN] = {2}, number[4] = {0};
	const struct bytes hashed[] = {BYTES(hash), BYTES(number)};
	struct envelope_part part = {.stanza = BYTES(stanza)};
	uint8_t *payload = malloc(plain.len + SUITE_AEAD_OVERHEAD);
	struct envelope_chain chain;
	struct content content;
	enum status rc;

	assert_non_null(payload);
	ok(suite_seal_to(boxes[0].public, BYTES(stanza_plain), stanza));
	suite_hash_keyed(cek, "saikne-v1-cek", hashed, 2, both);
	part.commit = (struct bytes){both + 32, 32};
	suite_encrypt_once(both, plain, BYTES(hash), payload);
	part.payload = (struct bytes){payload, plain.len + SUITE_AEAD_OVERHEAD};
	rc = envelope_open(header, hash, 0, &part, &boxes[0], &content, &chain);
	content_free(&content);
	free(payload);
	return rc;
}

static void
padding_has_its_one_form(void **state)
{
	struct envelope_header header;
	struct content content;
	struct buffer plain = {0};
	size_t len;

	(void)state;
	make_header(&header);
	make_review(&content);
	content_root(&content, &header.content_root);
	content_show(&content, CATEGORY_ALL, &plain);
	len = plain.len;
	assert_in_range(len, 1, 254);
	memset(buffer_extend(&plain, 512 - len), 0, 512 - len);
	/* No mark at all, the mark a block too early, something behind it, a wrong mark. */
	assert_int_equal(
	    open_plain((struct bytes){plain.data, 256}, &header), STATUS_BAD_CONTENT);
	plain.data[len] = 0x80;
	ok(open_plain((struct bytes){plain.data, 256}, &header));
	assert_int_equal(
	    open_plain((struct bytes){plain.data, 512}, &header), STATUS_BAD_CONTENT);
	plain.data[len + 1] = 1;
	assert_int_equal(
	    open_plain((struct bytes){plain.data, 256}, &header), STATUS_BAD_CONTENT);
	plain.data[len + 1] = 0;
	plain.data[len] = 0x40;
	assert_int_equal(
	    open_plain((struct bytes){plain.data, 256}, &header), STATUS_BAD_CONTENT);
	memset(plain.data, 0, 256);
	assert_int_equal(
	    open_plain((struct bytes){plain.data, 256}, &header), STATUS_BAD_CONTENT);
	content_free(&content);
	buffer_free(&plain);
}

static void
content_under_another_root_or_type_is_bad_content(void **state)
{
	struct envelope_header header;
	struct content content;
	struct buffer plain = {0};
	size_t len;

	(void)state;
	make_header(&header);
	make_review(&content);
	content_root(&content, &header.content_root);
	content_show(&content, CATEGORY_ALL, &plain);
	len = plain.len;
	memset(buffer_extend(&plain, 256 - len), 0, 256 - len);
	plain.data[len] = 0x80;
	ok(open_plain(bytes_of_buffer(&plain), &header));
	header.content_root.byte[0] ^= 1;
	assert_int_equal(open_plain(bytes_of_buffer(&plain), &header), STATUS_BAD_CONTENT);
	header.content_root.byte[0] ^= 1;
	header.type = MESSAGE_REFERRAL_CLOSE;
	assert_int_equal(open_plain(bytes_of_buffer(&plain), &header), STATUS_BAD_CONTENT);
	header.type = 9999;
	assert_int_equal(open_plain(bytes_of_buffer(&plain), &header), STATUS_UNKNOWN_TYPE);
	content_free(&content);
	buffer_free(&plain);
}

static void
padding_hides_the_length_of_what_is_said(void **state)
{
	struct content a, b;
	struct buffer frame_a = {0}, frame_b = {0};

	(void)state;
	make_release(&a);
	make_release(&b);
	ok(content_set_text(&b, FIELD_HEALTH, bytes_of_text("a")));
	make_frame(&a, &frame_a);
	make_frame(&b, &frame_b);
	assert_int_equal(frame_a.len, frame_b.len);
	content_free(&a);
	content_free(&b);
	buffer_free(&frame_a);
	buffer_free(&frame_b);
}

static void
the_largest_content_can_be_sent(void **state)
{
	static const enum field texts[] = {FIELD_LEARNING, FIELD_BEHAVIOUR, FIELD_FAMILY,
	    FIELD_ECONOMIC, FIELD_HEALTH, FIELD_OFFENCE, FIELD_CUSTODY, FIELD_STEPS_TAKEN};
	uint8_t *text = malloc(8000);
	struct envelope_seal_to to[2];
	struct envelope_header header;
	struct buffer sealed = {0}, frame = {0};
	uint8_t digest[SUITE_HASH_LEN];
	struct envelope_chain chain;
	struct content content, opened;
	struct envelope env;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', 8000);
	make_release(&content);
	for (size_t i = 0; i < COUNT(texts); i++)
		ok(content_set_text(&content, texts[i], (struct bytes){text, 8000}));
	ok(content_set_text(&content, FIELD_CHILDS_VIEW, (struct bytes){text, 1200}));
	make_to(to);
	to[0].allowed = CATEGORY_ALL;
	make_header(&header);
	ok(envelope_seal(&header, &content, to, &sealed, digest));
	sign_frame(&sealed, digest, &frame);
	ok(judge(bytes_of_buffer(&frame), &env));
	assert_memory_equal(env.digest, digest, sizeof(digest));
	ok(envelope_open(
	    &env.header, env.header_hash, 0, &env.parts[0], &boxes[0], &opened, &chain));
	content_free(&opened);
	content_free(&content);
	buffer_free(&sealed);
	buffer_free(&frame);
	free(text);
}

static void
the_chain_counts_and_binds_each_message_in_order(void **state)
{
	struct envelope_chain ab = {0}, ba = {0};
	const uint8_t a[32] = {1}, b[32] = {2};

	(void)state;
	envelope_chain_add(&ab, a, a);
	envelope_chain_add(&ab, b, b);
	envelope_chain_add(&ba, b, b);
	envelope_chain_add(&ba, a, a);
	assert_int_equal(ab.count, 2);
	assert_memory_equal(ab.last_id, b, SUITE_ID_LEN);
	assert_memory_not_equal(ab.chain, ba.chain, SUITE_HASH_LEN);
}

int
main(void)
{
	const struct CMUnitTest envelope[] = {
	    cmocka_unit_test(each_recipient_opens_its_own_fields_under_the_same_root),
	    cmocka_unit_test(withheld_fields_are_not_in_a_recipients_plaintext),
	    cmocka_unit_test(only_the_addressed_key_and_place_open_a_part),
	    cmocka_unit_test(swapped_parts_change_the_digest),
	    cmocka_unit_test(every_flipped_bit_of_a_frame_is_refused),
	    cmocka_unit_test(every_truncation_and_addition_is_refused),
	    cmocka_unit_test(the_frame_is_strict_on_every_size),
	    cmocka_unit_test(a_header_encodes_again_to_the_same_bytes),
	    cmocka_unit_test(the_largest_header_fits),
	    cmocka_unit_test(recipients_are_there_distinct_and_not_the_sender),
	    cmocka_unit_test(ids_and_times_belong_together),
	    cmocka_unit_test(codes_have_their_form),
	    cmocka_unit_test(another_version_or_suite_is_named_as_such),
	    cmocka_unit_test(a_header_in_a_longer_form_is_not_canonical),
	    cmocka_unit_test(the_basis_and_its_reference_belong_together),
	    cmocka_unit_test(sealing_refuses_what_a_reader_would),
	    cmocka_unit_test(padding_has_its_one_form),
	    cmocka_unit_test(content_under_another_root_or_type_is_bad_content),
	    cmocka_unit_test(padding_hides_the_length_of_what_is_said),
	    cmocka_unit_test(the_largest_content_can_be_sent),
	    cmocka_unit_test(the_chain_counts_and_binds_each_message_in_order),
	};

	return cmocka_run_group_tests(envelope, start, NULL);
}
