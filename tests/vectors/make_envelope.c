/*
 * tests/vectors/make_envelope.c: prints envelope.json, one message from fixed keys step by step.
 *
 * Sealed boxes are random: without arguments the two stanzas are sealed anew; given as the two
 * hexadecimal arguments, the output is the same bytes each time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "protocol/wire/envelope.h"

#define PARTS      2
#define CREATED_MS 1789000000000U

static void
need(bool truth, const char *what)
{
	if (truth)
		return;
	fprintf(stderr, "make_envelope: %s\n", what);
	exit(1);
}

static void
put_hex(json_t *object, const char *name, struct bytes bytes)
{
	char *text = malloc(2 * bytes.len + 1);

	need(text != NULL, "memory");
	bytes_to_hex(bytes, text);
	need(json_object_set_new(object, name, json_string(text)) == 0, "memory");
	free(text);
}

static void
put_number(json_t *object, const char *name, uint64_t number)
{
	need(
	    json_object_set_new(object, name, json_integer((json_int_t)number)) == 0, "memory");
}

/* Bytes anyone can make again: FIRST, FIRST + 1, ... */
static void
count_up(uint8_t *out, size_t len, unsigned first)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(first + i);
}

static void
make_content(struct content *out)
{
	static const uint8_t task[] = "example task 001";

	need(content_start(MESSAGE_REFERRAL_DECLINE, out) == STATUS_OK, "content");
	for (unsigned c = 0; c < CATEGORY_COUNT; c++)
		count_up(out->seeds[c], CONTENT_SEED_LEN, 16 * c);
	for (unsigned i = 0; i < out->type->field_count; i++) {
		const struct field_info *field = out->type->fields[i].field;
		const uint8_t number[] = {0, (uint8_t)field->id};
		uint8_t bare[CONTENT_SEED_LEN];
		struct buffer leaf = {0};

		/* The type has no documents. */
		suite_derive(out->seeds[field->category], "saikne-v1-seed", NULL, 0, bare);
		suite_derive(bare, "saikne-v1-salt", &BYTES(number), 1, out->fields[i].salt);
		/* What setting does not touch is absent: salt ‖ number. */
		buffer_append(&leaf, BYTES(out->fields[i].salt));
		buffer_append(&leaf, BYTES(number));
		merkle_leaf(bytes_of_buffer(&leaf), &out->fields[i].leaf);
		buffer_free(&leaf);
	}
	need(content_set_id(out, FIELD_TASK, task) == STATUS_OK &&
		 content_set_uint(out, FIELD_APPLIED, 300) == STATUS_OK &&
		 content_set_text(out, FIELD_DECLINE_REASON, bytes_of_text("not_our_remit")) ==
		     STATUS_OK &&
		 content_set_text(out, FIELD_EXPLANATION,
		     bytes_of_text("Bērns mācās citā novadā.")) == STATUS_OK,
	    "fields");
}

static void
put_seeds(json_t *root, const struct content *content)
{
	json_t *list = json_array();

	for (unsigned c = 0; c < CATEGORY_COUNT; c++) {
		uint8_t bare[CONTENT_SEED_LEN];
		json_t *seed;

		if ((content->type->categories & CATEGORY_BIT(c)) == 0)
			continue;
		seed = json_object();
		suite_derive(content->seeds[c], "saikne-v1-seed", NULL, 0, bare);
		json_object_set_new(seed, "category", json_string(category_name(c)));
		put_hex(seed, "seed", BYTES(content->seeds[c]));
		put_hex(seed, "bare_seed", BYTES(bare));
		json_array_append_new(list, seed);
	}
	json_object_set_new(root, "seeds", list);
}

static void
put_fields(json_t *root, const struct content *content)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < content->type->field_count; i++) {
		const struct field_info *info = content->type->fields[i].field;
		struct bytes value = {0};
		json_t *field = json_object();

		if (!content_value(content, info->id, &value))
			value = (struct bytes){0};
		json_object_set_new(field, "name", json_string(info->name));
		put_number(field, "number", (uint64_t)info->id);
		json_object_set_new(
		    field, "category", json_string(category_name((uint64_t)info->category)));
		put_hex(field, "salt", BYTES(content->fields[i].salt));
		put_hex(field, "value", value);
		put_hex(field, "leaf", BYTES(content->fields[i].leaf.byte));
		json_array_append_new(list, field);
	}
	json_object_set_new(root, "fields", list);
}

static void
make_header(const struct content *content, struct envelope_header *out)
{
	*out = (struct envelope_header){
	    .network = bytes_of_text("example"),
	    .sender = bytes_of_text("social-service-1"),
	    .signing_epoch = 1,
	    .recipient_count = PARTS,
	    .recipients =
		{
		    {.party = bytes_of_text("school-1"),
			.sealing_epoch = 7,
			.basis = BASIS_REPLY,
			.reply_sender = bytes_of_text("school-1"),
			.reply_id = "referral-id-0001"},
		    {.party = bytes_of_text("orphans-court-1"),
			.sealing_epoch = 300,
			.basis = BASIS_LAW,
			.reference = "law-reference-01"},
		},
	    .type = (uint64_t)content->type->id,
	    .case_token = "case-token-00001",
	    .created_ms = CREATED_MS,
	    .expires_ms = CREATED_MS + 7U * 24 * 3600 * 1000,
	};
	bytes_put_u64(out->id, (uint64_t)CREATED_MS << 16);
	count_up(out->id + 6, 10, 0xa0);
	content_root(content, &out->content_root);
}

/* One part, each step recorded; the digest and the frame go on from STANZA and PAYLOAD. */
struct made_part {
	struct box_key box;
	uint8_t cek[32], both[64], stanza[ENVELOPE_STANZA_LEN];
	struct buffer shown, padded, payload;
	struct envelope_part part;
};

static void
make_stanza(struct made_part *made, const char *given, json_t *out)
{
	struct buffer plain = {0};
	struct envelope_chain chain = {0};
	uint8_t number[8], id[SUITE_ID_LEN], digest[SUITE_HASH_LEN];

	/* One message to this recipient was receipted before. */
	count_up(id, sizeof(id), 0xd0);
	count_up(digest, sizeof(digest), 0xe0);
	envelope_chain_add(&chain, id, digest);
	put_hex(out, "chain_id", BYTES(id));
	put_hex(out, "chain_digest", BYTES(digest));
	bytes_put_u64(number, chain.count);
	buffer_append(&plain, BYTES(made->cek));
	buffer_append(&plain, BYTES(number));
	buffer_append(&plain, BYTES(chain.last_id));
	buffer_append(&plain, BYTES(chain.chain));
	if (given == NULL)
		need(suite_seal_to(made->box.public, bytes_of_buffer(&plain), made->stanza) ==
			 STATUS_OK,
		    "seal");
	else
		need(bytes_from_hex(bytes_of_text(given), made->stanza, sizeof(made->stanza)),
		    "a stanza is not hexadecimal of the right length");
	put_hex(out, "stanza_plain", bytes_of_buffer(&plain));
	put_hex(out, "stanza", BYTES(made->stanza));
	buffer_free(&plain);
}

static void
make_payload(struct made_part *made, const struct content *content, category_set allowed,
    const uint8_t header_hash[static 32], json_t *out)
{
	size_t padding;
	uint8_t *at;

	content_show(content, allowed, &made->shown);
	buffer_append(&made->padded, bytes_of_buffer(&made->shown));
	padding = ENVELOPE_PAD - made->shown.len % ENVELOPE_PAD;
	need((at = buffer_extend(&made->padded, padding)) != NULL, "memory");
	memset(at, 0, padding);
	at[0] = 0x80;
	at = buffer_extend(&made->payload, made->padded.len + SUITE_AEAD_OVERHEAD);
	need(at != NULL, "memory");
	suite_encrypt_once(
	    made->both, bytes_of_buffer(&made->padded), (struct bytes){header_hash, 32}, at);
	put_hex(out, "shown", bytes_of_buffer(&made->shown));
	put_hex(out, "padded", bytes_of_buffer(&made->padded));
	put_hex(out, "payload", bytes_of_buffer(&made->payload));
}

static json_t *
make_part(uint32_t i, const struct content *content, const uint8_t header_hash[static 32],
    const char *stanza, struct made_part *made, struct digest *part_hash)
{
	category_set allowed = i == 0 ? CATEGORY_ALL : CATEGORY_BIT(CATEGORY_ACT);
	uint8_t secret[32], number[4], payload_hash[32];
	const struct bytes hashed[] = {{header_hash, 32}, BYTES(number)};
	json_t *out = json_object();

	*made = (struct made_part){.part = {.stanza = BYTES(made->stanza)}};
	count_up(secret, sizeof(secret), 0x40 + 0x40 * i);
	suite_box_from_secret(secret, &made->box);
	count_up(made->cek, sizeof(made->cek), 0x11 * (i + 1));
	bytes_put_u32(number, i);
	suite_hash_keyed(made->cek, "saikne-v1-cek", hashed, 2, made->both);
	put_hex(out, "box_secret", BYTES(made->box.secret));
	put_hex(out, "box_public", BYTES(made->box.public));
	put_hex(out, "cek", BYTES(made->cek));
	put_hex(out, "key", (struct bytes){made->both, 32});
	put_hex(out, "commit", (struct bytes){made->both + 32, 32});
	make_stanza(made, stanza, out);
	make_payload(made, content, allowed, header_hash, out);
	made->part.commit = (struct bytes){made->both + 32, 32};
	made->part.payload = bytes_of_buffer(&made->payload);
	suite_hash("saikne-v1-payload", &made->part.payload, 1, payload_hash);
	envelope_part_hash(&made->part, part_hash->byte);
	put_hex(out, "payload_hash", BYTES(payload_hash));
	put_hex(out, "part_hash", BYTES(part_hash->byte));
	return out;
}

/* Signs the digest with that of another message, so that the example has a path. */
static void
put_batch(json_t *root, const struct digest *digest, struct batch_proof *proof)
{
	struct digest both[2] = {*digest};
	struct batch_proof proofs[2];
	struct signing_key key;
	struct merkle_hash leaves[2], tree;
	uint8_t seed[32], text[4 + 32];
	json_t *batch = json_object();

	count_up(seed, sizeof(seed), 0);
	suite_sign_from_seed(seed, &key);
	memset(both[1].byte, 0x5a, sizeof(both[1].byte));
	batch_sign(both, 2, &key, proofs);
	for (unsigned i = 0; i < 2; i++)
		merkle_leaf(BYTES(both[i].byte), &leaves[i]);
	merkle_root(leaves, 2, &tree);
	bytes_put_u32(text, 2);
	memcpy(text + 4, tree.byte, 32);
	put_hex(batch, "signing_seed", BYTES(seed));
	put_hex(batch, "signing_public", BYTES(key.public));
	put_hex(batch, "other_digest", BYTES(both[1].byte));
	put_hex(batch, "root", BYTES(tree.byte));
	put_hex(batch, "signed", BYTES(text));
	put_number(batch, "index", proofs[0].index);
	put_number(batch, "size", proofs[0].size);
	put_hex(batch, "path", BYTES(proofs[0].path.hash[0].byte));
	put_hex(batch, "signature", BYTES(proofs[0].signature));
	json_object_set_new(root, "batch", batch);
	*proof = proofs[0];
}

/* The stanzas given, if any, go into the parts. */
static void
make(json_t *root, char *const *stanzas)
{
	struct buffer header_bytes = {0}, sealed = {0}, frame = {0};
	struct made_part made[PARTS];
	struct digest part_hashes[PARTS], digest;
	struct batch_proof proof;
	struct envelope_header header;
	struct content content;
	uint8_t hash[32];
	json_t *parts = json_array();

	make_content(&content);
	make_header(&content, &header);
	envelope_header_encode(&header, &header_bytes);
	envelope_header_hash(bytes_of_buffer(&header_bytes), hash);
	put_seeds(root, &content);
	put_fields(root, &content);
	put_hex(root, "content_root", BYTES(header.content_root.byte));
	put_hex(root, "header", bytes_of_buffer(&header_bytes));
	put_hex(root, "header_hash", BYTES(hash));
	pack_bin(&sealed, bytes_of_buffer(&header_bytes));
	pack_array(&sealed, PARTS);
	for (uint32_t i = 0; i < PARTS; i++) {
		json_array_append_new(
		    parts, make_part(i, &content, hash, stanzas == NULL ? NULL : stanzas[i],
			       &made[i], &part_hashes[i]));
		envelope_part_encode(&made[i].part, &sealed);
	}
	json_object_set_new(root, "parts", parts);
	envelope_digest(hash, part_hashes, PARTS, digest.byte);
	put_hex(root, "digest", BYTES(digest.byte));
	put_batch(root, &digest, &proof);
	envelope_frame(bytes_of_buffer(&sealed), &proof, &frame);
	put_hex(root, "frame", bytes_of_buffer(&frame));
	for (uint32_t i = 0; i < PARTS; i++) {
		buffer_free(&made[i].shown);
		buffer_free(&made[i].padded);
		buffer_free(&made[i].payload);
	}
	content_free(&content);
	buffer_free(&header_bytes);
	buffer_free(&sealed);
	buffer_free(&frame);
}

int
main(int argc, char **argv)
{
	json_t *root = json_object();

	if (argc != 1 && argc != 1 + PARTS) {
		fprintf(stderr, "usage: make_envelope [stanza-0 stanza-1]\n");
		return 2;
	}
	need(root != NULL && suite_start() == STATUS_OK, "start");
	make(root, argc == 1 ? NULL : argv + 1);
	need(json_dumpf(root, stdout, JSON_INDENT(2)) == 0 && putchar('\n') != EOF, "output");
	json_decref(root);
	return 0;
}
