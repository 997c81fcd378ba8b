/* protocol/wire/envelope.c: suite 1: the signed header and a sealed part for each recipient. */
#include "protocol/wire/envelope.h"

#include <string.h>

#include "protocol/wire/attachment.h"

#include "protocol/wire/pack.h"

#define COMMIT_LEN 32

/* What a stanza seals: CEK ‖ count (u64) ‖ last id ‖ chain. */
#define STANZA_COUNT (SUITE_KEY_LEN)
#define STANZA_LAST  (STANZA_COUNT + 8)
#define STANZA_CHAIN (STANZA_LAST + SUITE_ID_LEN)
#define STANZA_PLAIN (STANZA_CHAIN + SUITE_HASH_LEN)

_Static_assert(STANZA_PLAIN + SUITE_SEAL_OVERHEAD == ENVELOPE_STANZA_LEN, "stanza length");

bool
envelope_is_code(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
			return false;
	}
	return text.len >= 1 && text.len <= PARTY_MAX;
}

/* ---- Hashes -------------------------------------------------------------------------- */

void
envelope_part_hash(const struct envelope_part *part, uint8_t out[static SUITE_HASH_LEN])
{
	uint8_t payload[SUITE_HASH_LEN];
	const struct bytes parts[] = {part->stanza, part->commit, BYTES(payload)};

	suite_hash("saikne-v1-payload", &part->payload, 1, payload);
	suite_hash("saikne-v1-part", parts, 3, out);
}

void
envelope_digest(const uint8_t header_hash[static SUITE_HASH_LEN],
    const struct digest *part_hashes, uint32_t count, uint8_t out[static SUITE_HASH_LEN])
{
	uint8_t number[4];
	const struct bytes parts[] = {{header_hash, SUITE_HASH_LEN}, BYTES(number),
	    {(const uint8_t *)part_hashes, count * sizeof(*part_hashes)}};

	bytes_put_u32(number, count);
	suite_hash("saikne-v1-message", parts, 3, out);
}

void
envelope_chain_add(struct envelope_chain *chain, const uint8_t id[static SUITE_ID_LEN],
    const uint8_t digest[static SUITE_HASH_LEN])
{
	uint8_t before[SUITE_HASH_LEN];
	const struct bytes parts[] = {BYTES(before), {digest, SUITE_HASH_LEN}};

	memcpy(before, chain->chain, sizeof(before));
	suite_hash("saikne-v1-chain", parts, 2, chain->chain);
	memcpy(chain->last_id, id, SUITE_ID_LEN);
	chain->count++;
}

/* What a part's CEK gives: the payload's key, and the commitment to that key. */
struct part_keys {
	uint8_t key[SUITE_KEY_LEN];
	uint8_t commit[COMMIT_LEN];
};

/*
 * The AEAD alone would let a sender make one payload open to two contents under two keys;
 * the commitment, which the digest covers, leaves one.
 */
static void
derive(const uint8_t cek[static SUITE_KEY_LEN],
    const uint8_t header_hash[static SUITE_HASH_LEN], uint32_t i, struct part_keys *out)
{
	uint8_t number[4], both[sizeof(*out)];
	const struct bytes parts[] = {{header_hash, SUITE_HASH_LEN}, BYTES(number)};

	bytes_put_u32(number, i);
	suite_hash_keyed(cek, "saikne-v1-cek", parts, 2, both);
	memcpy(out->key, both, SUITE_KEY_LEN);
	memcpy(out->commit, both + SUITE_KEY_LEN, COMMIT_LEN);
	suite_wipe(both, sizeof(both));
}

/* ---- Sealing ------------------------------------------------------------------------- */

/* What the parts of one message have in common. */
struct sealing {
	const struct content *content;
	uint8_t header_hash[SUITE_HASH_LEN];
	struct buffer plain, payload; /* of the part at hand */
	struct digest part_hashes[ENVELOPE_RECIPIENTS_MAX];
};

static enum status
seal_stanza(const struct envelope_seal_to *to, const uint8_t cek[static SUITE_KEY_LEN],
    uint8_t out[static ENVELOPE_STANZA_LEN])
{
	uint8_t plain[STANZA_PLAIN];
	enum status rc;

	memcpy(plain, cek, SUITE_KEY_LEN);
	bytes_put_u64(plain + STANZA_COUNT, to->chain.count);
	memcpy(plain + STANZA_LAST, to->chain.last_id, SUITE_ID_LEN);
	memcpy(plain + STANZA_CHAIN, to->chain.chain, SUITE_HASH_LEN);
	rc = suite_seal_to(to->key, BYTES(plain), out);
	suite_wipe(plain, sizeof(plain));
	return rc;
}

/* Fills PAYLOAD with what TO may see, padded and encrypted. */
static enum status
seal_payload(
    struct sealing *sealing, category_set allowed, const uint8_t key[static SUITE_KEY_LEN])
{
	struct buffer *plain = &sealing->plain;
	size_t padding;
	uint8_t *at;

	buffer_reset(plain);
	buffer_reset(&sealing->payload);
	content_show(sealing->content, allowed, plain);
	padding = ENVELOPE_PAD - plain->len % ENVELOPE_PAD;
	if ((at = buffer_extend(plain, padding)) == NULL)
		return STATUS_NO_MEMORY;
	memset(at, 0, padding);
	at[0] = 0x80;
	if (plain->len + SUITE_AEAD_OVERHEAD > ENVELOPE_PAYLOAD_MAX)
		return STATUS_TOO_LARGE;
	at = buffer_extend(&sealing->payload, plain->len + SUITE_AEAD_OVERHEAD);
	if (at == NULL)
		return STATUS_NO_MEMORY;
	suite_encrypt_once(key, bytes_of_buffer(plain), BYTES(sealing->header_hash), at);
	return STATUS_OK;
}

static enum status
seal_part(struct sealing *sealing, uint32_t i, const struct envelope_seal_to *to,
    struct buffer *sealed)
{
	uint8_t cek[SUITE_KEY_LEN], stanza[ENVELOPE_STANZA_LEN];
	struct envelope_part part = {.stanza = BYTES(stanza)};
	struct part_keys keys;
	enum status rc;

	suite_random(cek, sizeof(cek));
	derive(cek, sealing->header_hash, i, &keys);
	if ((rc = seal_stanza(to, cek, stanza)) == STATUS_OK)
		rc = seal_payload(sealing, to->allowed, keys.key);
	if (rc == STATUS_OK) {
		part.commit = BYTES(keys.commit);
		part.payload = bytes_of_buffer(&sealing->payload);
		envelope_part_hash(&part, sealing->part_hashes[i].byte);
		envelope_part_encode(&part, sealed);
	}
	suite_wipe(cek, sizeof(cek));
	suite_wipe(&keys, sizeof(keys));
	return rc;
}

/* The header's bytes, held to the rules that every reader holds them to. */
static enum status
make_header(const struct envelope_header *header, struct buffer *out)
{
	struct envelope_header parsed;

	if (header->recipient_count > ENVELOPE_RECIPIENTS_MAX ||
	    header->attachment_count > ENVELOPE_ATTACHMENTS_MAX)
		return STATUS_TOO_LARGE;
	envelope_header_encode(header, out);
	if (out->failed)
		return STATUS_NO_MEMORY;
	return envelope_header_parse(bytes_of_buffer(out), &parsed);
}

/* What is listed for all must be shown to each, or it could not open what it is sent. */
static enum status
list_attachments(struct envelope_header *header, const struct content *content,
    const struct envelope_seal_to *to)
{
	struct envelope_attachment other[ENVELOPE_ATTACHMENTS_MAX];
	uint32_t count;
	enum status rc = attachment_list(
	    content, to[0].allowed, header->attachments, &header->attachment_count);

	for (uint32_t i = 1; i < header->recipient_count && rc == STATUS_OK; i++) {
		rc = attachment_list(content, to[i].allowed, other, &count);
		if (rc == STATUS_OK && count != header->attachment_count)
			rc = STATUS_OUTSIDE_PROFILE;
		for (uint32_t j = 0; rc == STATUS_OK && j < count; j++)
			if (memcmp(other[j].root, header->attachments[j].root,
				SUITE_HASH_LEN) != 0)
				rc = STATUS_OUTSIDE_PROFILE;
	}
	return rc;
}

enum status
envelope_seal(struct envelope_header *header, const struct content *content,
    const struct envelope_seal_to *to, struct buffer *sealed,
    uint8_t digest[static SUITE_HASH_LEN])
{
	struct sealing sealing = {.content = content};
	struct buffer header_bytes = {0};
	size_t start = sealed->len;
	enum status rc;

	if ((rc = content_check(content)) != STATUS_OK)
		return rc;
	header->type = (uint64_t)content->type->id;
	content_root(content, &header->content_root);
	if (header->recipient_count > 0 && header->recipient_count <= ENVELOPE_RECIPIENTS_MAX &&
	    (rc = list_attachments(header, content, to)) != STATUS_OK)
		return rc;
	if ((rc = make_header(header, &header_bytes)) != STATUS_OK)
		goto done;
	envelope_header_hash(bytes_of_buffer(&header_bytes), sealing.header_hash);
	pack_bin(sealed, bytes_of_buffer(&header_bytes));
	pack_array(sealed, header->recipient_count);
	for (uint32_t i = 0; i < header->recipient_count && rc == STATUS_OK; i++)
		rc = seal_part(&sealing, i, &to[i], sealed);
	if (rc == STATUS_OK && sealed->failed)
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK)
		envelope_digest(
		    sealing.header_hash, sealing.part_hashes, header->recipient_count, digest);
	else
		sealed->len = start;
done:
	buffer_free(&sealing.plain);
	buffer_free(&sealing.payload);
	buffer_free(&header_bytes);
	return rc;
}

void
envelope_frame(struct bytes sealed, const struct batch_proof *proof, struct buffer *out)
{
	pack_array(out, 3);
	buffer_append(out, sealed);
	batch_encode(proof, out);
}

/* ---- Parsing ------------------------------------------------------------------------- */

void
envelope_part_encode(const struct envelope_part *part, struct buffer *out)
{
	pack_array(out, 3);
	pack_bin(out, part->stanza);
	pack_bin(out, part->commit);
	pack_bin(out, part->payload);
}

static bool
is_part_sized(const struct envelope_part *part)
{
	return part->stanza.len == ENVELOPE_STANZA_LEN && part->commit.len == COMMIT_LEN &&
	       part->payload.len >= SUITE_AEAD_OVERHEAD + ENVELOPE_PAD &&
	       part->payload.len <= ENVELOPE_PAYLOAD_MAX &&
	       (part->payload.len - SUITE_AEAD_OVERHEAD) % ENVELOPE_PAD == 0;
}

void
envelope_part_decode(struct pack_in *in, struct envelope_part *out)
{
	struct pack_in part = pack_in_array(in, 3, 3);

	out->stanza = pack_in_bin(&part, ENVELOPE_STANZA_LEN, ENVELOPE_STANZA_LEN);
	out->commit = pack_in_bin(&part, COMMIT_LEN, COMMIT_LEN);
	out->payload = pack_in_bin(&part, 0, ENVELOPE_PAYLOAD_MAX);
	pack_end(&part);
	if (!is_part_sized(out))
		pack_fail(in, STATUS_MALFORMED);
}

/* The frame around the header: views of its pieces, nothing hashed yet. */
static enum status
parse_pieces(struct bytes body, struct envelope *out)
{
	struct pack_doc doc;
	struct pack_in in, parts;

	if (pack_open(body, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	out->header_bytes = pack_in_bin(&in, 1, ENVELOPE_HEADER_MAX);
	parts = pack_in_array(&in, 0, PACK_ITEMS_MAX);
	if (parts.count > ENVELOPE_RECIPIENTS_MAX)
		pack_fail(&in, STATUS_TOO_LARGE);
	while (pack_in_more(&parts))
		envelope_part_decode(&parts, &out->parts[out->part_count++]);
	batch_decode(&in, &out->proof);
	pack_end(&in);
	return pack_close(&doc);
}

enum status
envelope_parse(struct bytes body, struct envelope *out)
{
	struct envelope parsed = {0};
	enum status rc;

	if ((rc = parse_pieces(body, &parsed)) != STATUS_OK)
		return rc;
	/* Hashed as received, before anything in it is believed. */
	envelope_header_hash(parsed.header_bytes, parsed.header_hash);
	for (uint32_t i = 0; i < parsed.part_count; i++)
		envelope_part_hash(&parsed.parts[i], parsed.part_hashes[i].byte);
	envelope_digest(
	    parsed.header_hash, parsed.part_hashes, parsed.part_count, parsed.digest);
	if ((rc = envelope_header_parse(parsed.header_bytes, &parsed.header)) != STATUS_OK)
		return rc;
	if (parsed.part_count != parsed.header.recipient_count)
		return STATUS_MALFORMED;
	*out = parsed;
	return STATUS_OK;
}

/* ---- Opening ------------------------------------------------------------------------- */

/* ISO 7816-4: the last 0x80 ends the text; only zeroes follow, less than a block of them. */
static bool
unpad(struct bytes padded, struct bytes *out)
{
	size_t len = padded.len;

	while (len > 0 && padded.data[len - 1] == 0)
		len--;
	if (len == 0 || padded.data[len - 1] != 0x80 || padded.len - len >= ENVELOPE_PAD)
		return false;
	*out = (struct bytes){padded.data, len - 1};
	return true;
}

static enum status
open_stanza(const struct envelope_part *part, const struct box_key *key,
    uint8_t cek[static SUITE_KEY_LEN], struct envelope_chain *chain)
{
	uint8_t plain[STANZA_PLAIN];

	if (suite_seal_open(key, part->stanza, plain) != STATUS_OK)
		return STATUS_CANNOT_OPEN;
	memcpy(cek, plain, SUITE_KEY_LEN);
	chain->count = bytes_get_u64(plain + STANZA_COUNT);
	memcpy(chain->last_id, plain + STANZA_LAST, SUITE_ID_LEN);
	memcpy(chain->chain, plain + STANZA_CHAIN, SUITE_HASH_LEN);
	suite_wipe(plain, sizeof(plain));
	return STATUS_OK;
}

/* Decrypts and reads the payload under KEYS; the commitment is already checked. */
static enum status
open_payload(const struct envelope_header *header,
    const uint8_t header_hash[static SUITE_HASH_LEN], struct bytes payload,
    const uint8_t key[static SUITE_KEY_LEN], struct content *content)
{
	struct buffer plain = {0};
	struct bytes shown;
	uint8_t *at = buffer_extend(&plain, payload.len - SUITE_AEAD_OVERHEAD);
	enum status rc;

	if (at == NULL)
		return STATUS_NO_MEMORY;
	rc = suite_decrypt_once(key, payload, (struct bytes){header_hash, SUITE_HASH_LEN}, at);
	if (rc == STATUS_OK && !unpad(bytes_of_buffer(&plain), &shown))
		rc = STATUS_BAD_CONTENT;
	if (rc == STATUS_OK)
		rc = content_read(shown, header->type, &header->content_root, content);
	if (rc == STATUS_OK)
		rc = attachment_check_list(header, content);
	buffer_free(&plain);
	return rc;
}

enum status
envelope_open(const struct envelope_header *header,
    const uint8_t header_hash[static SUITE_HASH_LEN], uint32_t i,
    const struct envelope_part *part, const struct box_key *key, struct content *content,
    struct envelope_chain *chain)
{
	uint8_t cek[SUITE_KEY_LEN];
	struct envelope_chain told;
	struct part_keys keys;
	enum status rc;

	*content = (struct content){0};
	if (i >= header->recipient_count || !is_part_sized(part))
		return STATUS_CANNOT_OPEN;
	if ((rc = open_stanza(part, key, cek, &told)) != STATUS_OK)
		return rc;
	derive(cek, header_hash, i, &keys);
	rc = STATUS_CANNOT_OPEN;
	if (suite_equal(keys.commit, part->commit.data, COMMIT_LEN))
		rc = open_payload(header, header_hash, part->payload, keys.key, content);
	suite_wipe(cek, sizeof(cek));
	suite_wipe(&keys, sizeof(keys));
	if (rc == STATUS_OK)
		*chain = told;
	return rc;
}
