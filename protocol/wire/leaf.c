/* protocol/wire/leaf.c: the entries of the log, as bytes that the tree commits to. */
#include "protocol/wire/leaf.h"

#include <string.h>

#define SOFTWARE_MAX 64

struct row {
	enum leaf_kind kind;
	const char *name;
	uint32_t length; /* elements of the array */
	void (*encode)(const struct leaf *leaf, struct buffer *out);
	void (*decode)(struct pack_in *in, struct leaf *out);
};

static void
encode_accepted(const struct leaf *leaf, struct buffer *out)
{
	pack_bin(out, leaf->body);
	pack_array(out, leaf->part_count);
	for (uint32_t i = 0; i < leaf->part_count; i++)
		pack_bin(out, BYTES(leaf->part_hashes[i].byte));
	batch_encode(&leaf->proof, out);
}

static void
decode_accepted(struct pack_in *in, struct leaf *out)
{
	struct pack_in hashes;
	enum status rc;

	out->body = pack_in_bin(in, 1, ENVELOPE_HEADER_MAX);
	hashes = pack_in_array(in, 1, ENVELOPE_RECIPIENTS_MAX);
	while (pack_in_more(&hashes))
		pack_in_copy(&hashes, out->part_hashes[out->part_count++].byte, SUITE_HASH_LEN);
	pack_end(&hashes);
	batch_decode(in, &out->proof);
	if (in->doc->rc != STATUS_OK)
		return;
	if ((rc = envelope_header_parse(out->body, &out->header)) != STATUS_OK)
		pack_fail(in, rc);
	else if (out->part_count != out->header.recipient_count)
		pack_fail(in, STATUS_MALFORMED);
	envelope_header_hash(out->body, out->header_hash);
	envelope_digest(out->header_hash, out->part_hashes, out->part_count, out->digest);
}

static void
decode_evidence_body(struct pack_in *in, struct leaf *out)
{
	enum status rc;

	out->body = pack_in_bin(in, 1, EVIDENCE_MAX);
	if (in->doc->rc != STATUS_OK)
		return;
	if ((rc = evidence_parse(out->body, &out->evidence)) != STATUS_OK)
		pack_fail(in, rc);
	evidence_digest(out->body, out->digest);
}

static bool
is_brokers(enum evidence_kind kind)
{
	return kind == EVIDENCE_EXPIRED || kind == EVIDENCE_UNDELIVERABLE;
}

static void
encode_evidence(const struct leaf *leaf, struct buffer *out)
{
	pack_bin(out, leaf->body);
	batch_encode(&leaf->proof, out);
}

static void
decode_evidence(struct pack_in *in, struct leaf *out)
{
	decode_evidence_body(in, out);
	batch_decode(in, &out->proof);
	if (is_brokers(out->evidence.kind))
		pack_fail(in, STATUS_MALFORMED);
}

static void
encode_broker_evidence(const struct leaf *leaf, struct buffer *out)
{
	pack_bin(out, leaf->body);
}

static void
decode_broker_evidence(struct pack_in *in, struct leaf *out)
{
	decode_evidence_body(in, out);
	if (!is_brokers(out->evidence.kind))
		pack_fail(in, STATUS_MALFORMED);
}

static void
encode_refused(const struct leaf *leaf, struct buffer *out)
{
	pack_text(out, leaf->party);
	pack_uint(out, leaf->code);
	pack_bin(out, BYTES(leaf->digest));
	pack_uint(out, leaf->count);
}

static void
decode_refused(struct pack_in *in, struct leaf *out)
{
	out->party = envelope_take_code(in);
	if (!status_from_wire(pack_in_uint(in, UINT32_MAX), &out->code))
		pack_fail(in, STATUS_MALFORMED);
	pack_in_copy(in, out->digest, sizeof(out->digest));
	if ((out->count = pack_in_uint(in, UINT64_MAX)) == 0)
		pack_fail(in, STATUS_MALFORMED);
}

static void
encode_statement(const struct leaf *leaf, struct buffer *out)
{
	pack_bin(out, leaf->body);
	leaf_signatures_encode(leaf->signatures, leaf->signature_count, out);
}

static void
decode_statement(struct pack_in *in, struct leaf *out)
{
	out->body = pack_in_bin(in, 1, LEAF_MAX);
	out->signature_count = leaf_signatures_decode(in, out->signatures);
}

static void
encode_access(const struct leaf *leaf, struct buffer *out)
{
	pack_text(out, leaf->party);
	pack_text(out, leaf->software);
}

static void
decode_access(struct pack_in *in, struct leaf *out)
{
	out->party = envelope_take_code(in);
	out->software = pack_in_text(in, 0, SOFTWARE_MAX);
}

static void
encode_clock(const struct leaf *leaf, struct buffer *out)
{
	pack_uint(out, leaf->count);
	pack_bool(out, leaf->forward);
}

static void
decode_clock(struct pack_in *in, struct leaf *out)
{
	out->count = pack_in_uint(in, UINT64_MAX);
	out->forward = pack_in_bool(in);
}

static const struct row rows[] = {
    {LEAF_ACCEPTED, "accepted", 5, encode_accepted, decode_accepted},
    {LEAF_EVIDENCE, "evidence", 4, encode_evidence, decode_evidence},
    {LEAF_BROKER_EVIDENCE, "broker_evidence", 3, encode_broker_evidence,
	decode_broker_evidence},
    {LEAF_REFUSED, "refused", 6, encode_refused, decode_refused},
    {LEAF_STATEMENT, "statement", 4, encode_statement, decode_statement},
    {LEAF_ACCESS, "access", 4, encode_access, decode_access},
    {LEAF_CLOCK, "clock", 4, encode_clock, decode_clock},
};

static const struct row *
find(uint64_t kind)
{
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((uint64_t)rows[i].kind == kind)
			return &rows[i];
	return NULL;
}

const char *
leaf_name(enum leaf_kind kind)
{
	const struct row *row = find(kind);

	return row == NULL ? "unknown" : row->name;
}

void
leaf_signatures_encode(
    const struct leaf_signature *signatures, uint32_t count, struct buffer *out)
{
	pack_array(out, count);
	for (uint32_t i = 0; i < count; i++) {
		pack_array(out, 2);
		pack_uint(out, signatures[i].signer);
		pack_bin(out, BYTES(signatures[i].signature));
	}
}

uint32_t
leaf_signatures_decode(
    struct pack_in *in, struct leaf_signature out[static LEAF_SIGNATURES_MAX])
{
	struct pack_in list = pack_in_array(in, 1, LEAF_SIGNATURES_MAX);
	uint32_t count = 0;

	while (pack_in_more(&list)) {
		struct pack_in pair = pack_in_array(&list, 2, 2);
		uint64_t signer = pack_in_uint(&pair, SIGNER_NEW_KEY);

		if (signer < SIGNER_ROOT)
			pack_fail(in, STATUS_MALFORMED);
		out[count].signer = (enum signer)signer;
		pack_in_copy(&pair, out[count].signature, SUITE_SIGNATURE_LEN);
		pack_end(&pair);
		count++;
	}
	pack_end(&list);
	return count;
}

void
leaf_encode(const struct leaf *leaf, struct buffer *out)
{
	const struct row *row = find(leaf->kind);

	if (row == NULL) {
		out->failed = true;
		return;
	}
	pack_array(out, row->length);
	pack_uint(out, leaf->kind);
	pack_uint(out, leaf->time_ms);
	row->encode(leaf, out);
}

enum status
leaf_parse(struct bytes view, struct leaf *out)
{
	const struct row *row;
	struct pack_doc doc;
	struct pack_in in;

	if (view.len > LEAF_MAX)
		return STATUS_TOO_LARGE;
	memset(out, 0, sizeof(*out));
	if (pack_open(view, &doc) != STATUS_OK)
		return pack_close(&doc);
	in = pack_root(&doc);
	row = find(pack_in_uint(&in, 255));
	if (row == NULL || in.count != row->length) {
		pack_fail(&in, STATUS_MALFORMED);
		return pack_close(&doc);
	}
	out->kind = row->kind;
	out->time_ms = pack_in_uint(&in, ENVELOPE_TIME_MAX);
	row->decode(&in, out);
	pack_end(&in);
	return pack_close(&doc);
}

static bool
is_in_header(const struct envelope_header *header, struct bytes party)
{
	if (bytes_equal(header->sender, party))
		return true;
	for (uint32_t i = 0; i < header->recipient_count; i++)
		if (bytes_equal(header->recipients[i].party, party))
			return true;
	return false;
}

bool
leaf_concerns(const struct leaf *leaf, struct bytes party)
{
	switch (leaf->kind) {
	case LEAF_STATEMENT:
		return true;
	case LEAF_ACCEPTED:
		return is_in_header(&leaf->header, party);
	case LEAF_EVIDENCE:
	case LEAF_BROKER_EVIDENCE:
		return bytes_equal(leaf->evidence.sender, party) ||
		       bytes_equal(leaf->evidence.recipient, party);
	case LEAF_REFUSED:
	case LEAF_ACCESS:
		return bytes_equal(leaf->party, party);
	case LEAF_CLOCK:
		return false;
	}
	return false;
}
