/* tests/unit/test_vectors.c: the worked example of the specification is what the program does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "protocol/wire/envelope.h"
#include "protocol/wire/pack.h"

#define VECTOR "tests/vectors/envelope.json" /* from the root of the repository */
#define PARTS  2

#define ok(call) assert_int_equal((call), STATUS_OK)

static json_t *vector;
static struct buffer frame;
static struct envelope env;

static void
hex(const json_t *object, const char *name, struct buffer *out)
{
	const char *text = json_string_value(json_object_get(object, name));
	size_t len;

	if (text == NULL)
		fail_msg("%s has no %s", VECTOR, name);
	len = strlen(text) / 2;
	buffer_reset(out);
	if (len > 0)
		assert_true(bytes_from_hex(bytes_of_text(text), buffer_extend(out, len), len));
}

/* Exactly LEN bytes of the vector. */
static void
fixed(const json_t *object, const char *name, uint8_t *out, size_t len)
{
	struct buffer bytes = {0};

	hex(object, name, &bytes);
	assert_int_equal(bytes.len, len);
	memcpy(out, bytes.data, len);
	buffer_free(&bytes);
}

static void
equal(const json_t *object, const char *name, struct bytes bytes)
{
	struct buffer wanted = {0};

	hex(object, name, &wanted);
	if (!bytes_equal(bytes_of_buffer(&wanted), bytes))
		fail_msg("%s differs", name);
	buffer_free(&wanted);
}

static const json_t *
part_at(uint32_t i)
{
	return json_array_get(json_object_get(vector, "parts"), i);
}

static int
start(void **state)
{
	json_error_t error;

	(void)state;
	vector = json_load_file(VECTOR, JSON_REJECT_DUPLICATES, &error);
	if (vector == NULL || suite_start() != STATUS_OK)
		return -1;
	hex(vector, "frame", &frame);
	return envelope_parse(bytes_of_buffer(&frame), &env) == STATUS_OK ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	json_decref(vector);
	buffer_free(&frame);
	return 0;
}

static void
the_frame_parses_to_the_hashes_recorded(void **state)
{
	struct buffer header = {0};

	(void)state;
	equal(vector, "header", env.header_bytes);
	envelope_header_encode(&env.header, &header);
	equal(vector, "header", bytes_of_buffer(&header));
	equal(vector, "header_hash", BYTES(env.header_hash));
	equal(vector, "content_root", BYTES(env.header.content_root.byte));
	equal(vector, "digest", BYTES(env.digest));
	assert_int_equal(env.part_count, PARTS);
	for (uint32_t i = 0; i < PARTS; i++) {
		equal(part_at(i), "stanza", env.parts[i].stanza);
		equal(part_at(i), "commit", env.parts[i].commit);
		equal(part_at(i), "payload", env.parts[i].payload);
		equal(part_at(i), "part_hash", BYTES(env.part_hashes[i].byte));
	}
	buffer_free(&header);
}

static void
the_signature_is_made_and_checked_the_same(void **state)
{
	const json_t *batch = json_object_get(vector, "batch");
	struct batch_proof proofs[2];
	struct digest digests[2];
	struct signing_key key;
	uint8_t seed[32];

	(void)state;
	fixed(batch, "signing_seed", seed, sizeof(seed));
	suite_sign_from_seed(seed, &key);
	equal(batch, "signing_public", BYTES(key.public));
	ok(batch_verify(env.digest, &env.proof, key.public, NULL));
	memcpy(digests[0].byte, env.digest, sizeof(env.digest));
	fixed(batch, "other_digest", digests[1].byte, sizeof(digests[1].byte));
	batch_sign(digests, 2, &key, proofs);
	equal(batch, "signature", BYTES(proofs[0].signature));
	equal(batch, "path", BYTES(proofs[0].path.hash[0].byte));
	assert_memory_equal(&proofs[0], &env.proof, sizeof(env.proof));
}

static void
seeds_lead_to_the_salts_recorded(void **state)
{
	const json_t *seeds = json_object_get(vector, "seeds"), *seed, *field;
	uint8_t key[32], bare[32], salt[32], number[2];
	size_t s, f, salts = 0;

	(void)state;
	json_array_foreach(seeds, s, seed)
	{
		fixed(seed, "seed", key, sizeof(key));
		suite_derive(key, "saikne-v1-seed", NULL, 0, bare);
		equal(seed, "bare_seed", BYTES(bare));
		json_array_foreach(json_object_get(vector, "fields"), f, field)
		{
			if (strcmp(json_string_value(json_object_get(field, "category")),
				json_string_value(json_object_get(seed, "category"))) != 0)
				continue;
			bytes_put_u16(number,
			    (uint16_t)json_integer_value(json_object_get(field, "number")));
			suite_derive(bare, "saikne-v1-salt", &BYTES(number), 1, salt);
			equal(field, "salt", BYTES(salt));
			salts++;
		}
	}
	assert_int_equal(salts, json_array_size(json_object_get(vector, "fields")));
}

static void
fields_have_the_leaves_and_the_root_recorded(void **state)
{
	const json_t *list = json_object_get(vector, "fields"), *field;
	struct merkle_hash leaves[MESSAGE_FIELDS_MAX], root;
	struct buffer value = {0}, leaf = {0};
	size_t i;

	(void)state;
	json_array_foreach(list, i, field)
	{
		json_int_t number = json_integer_value(json_object_get(field, "number"));
		const struct field_info *info = field_info((uint64_t)number);
		uint8_t salt[32];

		assert_non_null(info);
		assert_string_equal(
		    info->name, json_string_value(json_object_get(field, "name")));
		fixed(field, "salt", salt, sizeof(salt));
		hex(field, "value", &value);
		if (value.len > 0)
			ok(field_check(info, bytes_of_buffer(&value)));
		buffer_reset(&leaf);
		buffer_append(&leaf, BYTES(salt));
		buffer_append_byte(&leaf, (uint8_t)(number >> 8));
		buffer_append_byte(&leaf, (uint8_t)number);
		buffer_append(&leaf, bytes_of_buffer(&value));
		merkle_leaf(bytes_of_buffer(&leaf), &leaves[i]);
		equal(field, "leaf", BYTES(leaves[i].byte));
	}
	merkle_root(leaves, json_array_size(list), &root);
	equal(vector, "content_root", BYTES(root.byte));
	buffer_free(&value);
	buffer_free(&leaf);
}

static void
each_part_opens_to_the_fields_recorded(void **state)
{
	const json_t *list = json_object_get(vector, "fields"), *field;
	struct envelope_chain chain, told;
	struct buffer shown = {0};
	struct content content;
	struct box_key box;
	uint8_t secret[32], id[SUITE_ID_LEN], digest[SUITE_HASH_LEN];
	size_t f;

	(void)state;
	for (uint32_t i = 0; i < PARTS; i++) {
		fixed(part_at(i), "box_secret", secret, sizeof(secret));
		suite_box_from_secret(secret, &box);
		equal(part_at(i), "box_public", BYTES(box.public));
		ok(envelope_open(
		    &env.header, env.header_hash, i, &env.parts[i], &box, &content, &told));
		buffer_reset(&shown);
		content_show(&content, CATEGORY_ALL, &shown);
		equal(part_at(i), "shown", bytes_of_buffer(&shown));
		json_array_foreach(list, f, field)
		{
			/* The second recipient may have the act alone. */
			bool act = strcmp(json_string_value(json_object_get(field, "category")),
				       "act") == 0;

			assert_int_equal(content_shows(&content, (unsigned)f), i == 0 || act);
		}
		chain = (struct envelope_chain){0};
		fixed(part_at(i), "chain_id", id, sizeof(id));
		fixed(part_at(i), "chain_digest", digest, sizeof(digest));
		envelope_chain_add(&chain, id, digest);
		assert_int_equal(told.count, chain.count);
		assert_memory_equal(told.last_id, chain.last_id, sizeof(told.last_id));
		assert_memory_equal(told.chain, chain.chain, sizeof(told.chain));
		content_free(&content);
	}
	buffer_free(&shown);
}

int
main(void)
{
	const struct CMUnitTest vectors[] = {
	    cmocka_unit_test(the_frame_parses_to_the_hashes_recorded),
	    cmocka_unit_test(the_signature_is_made_and_checked_the_same),
	    cmocka_unit_test(seeds_lead_to_the_salts_recorded),
	    cmocka_unit_test(fields_have_the_leaves_and_the_root_recorded),
	    cmocka_unit_test(each_part_opens_to_the_fields_recorded),
	};

	return cmocka_run_group_tests(vectors, start, end);
}
