/* protocol/wire/leaf.h: the entries of the log, as bytes that the tree commits to. */
#ifndef SAIKNE_LEAF_H
#define SAIKNE_LEAF_H

#include "protocol/wire/envelope.h"
#include "protocol/wire/evidence.h"

/* LEAF(NAME, number, form) */
#define LEAF_LIST(LEAF)                                                                        \
	LEAF(ACCEPTED, 1, "[1, time, header, [part hash ...], signature]")                     \
	LEAF(EVIDENCE, 2, "[2, time, evidence, signature]")                                    \
	LEAF(BROKER_EVIDENCE, 3, "[3, time, evidence]")                                        \
	LEAF(REFUSED, 4, "[4, time, party, code, digest of what was refused, how many]")       \
	LEAF(STATEMENT, 5, "[5, time, statement, [[role, signature] ...]]")                    \
	LEAF(ACCESS, 6, "[6, time, party, software]")                                          \
	LEAF(CLOCK, 7, "[7, time, milliseconds the clock moved, forward]")

#define LEAF_ENUM(name, number, form) LEAF_##name = (number),
enum leaf_kind { LEAF_LIST(LEAF_ENUM) };
#undef LEAF_ENUM

#define LEAF_SIGNATURES_MAX 4
#define LEAF_MAX            16384

/* Who signed a directory statement. */
enum signer { SIGNER_ROOT = 1, SIGNER_REGISTRAR = 2, SIGNER_PARTY = 3, SIGNER_NEW_KEY = 4 };

struct leaf_signature {
	enum signer signer;
	uint8_t signature[SUITE_SIGNATURE_LEN];
};

struct leaf {
	enum leaf_kind kind;
	uint64_t time_ms;
	/* ACCEPTED: the header's bytes and parsed; EVIDENCE: the evidence's; STATEMENT: its. */
	struct bytes body;
	struct envelope_header header; /* ACCEPTED */
	uint32_t part_count;
	struct digest part_hashes[ENVELOPE_RECIPIENTS_MAX];
	uint8_t header_hash[SUITE_HASH_LEN];
	uint8_t digest[SUITE_HASH_LEN]; /* ACCEPTED, EVIDENCE: recomputed; REFUSED: as logged */
	struct evidence evidence;       /* EVIDENCE, BROKER_EVIDENCE */
	struct batch_proof proof;       /* ACCEPTED, EVIDENCE */
	struct bytes party;             /* REFUSED, ACCESS */
	enum status code;               /* REFUSED */
	uint64_t count;                 /* REFUSED: how many; CLOCK: milliseconds */
	bool forward;                   /* CLOCK */
	struct bytes software;          /* ACCESS */
	uint32_t signature_count;       /* STATEMENT */
	struct leaf_signature signatures[LEAF_SIGNATURES_MAX];
};

/* The list of signatures, as leaves, STATE and statement files carry it. */
void leaf_signatures_encode(
    const struct leaf_signature *signatures, uint32_t count, struct buffer *out);
/* Returns how many; an error is sticky in IN's document. */
uint32_t leaf_signatures_decode(
    struct pack_in *in, struct leaf_signature out[static LEAF_SIGNATURES_MAX]);

const char *leaf_name(enum leaf_kind kind); /* "accepted" */
/* From the fields that the kind uses (body, proof, ...). */
void leaf_encode(const struct leaf *leaf, struct buffer *out);
/* Strict; views borrow. Signatures are not checked here. */
MUST_CHECK enum status leaf_parse(struct bytes view, struct leaf *out);
/*
 * Whether PARTY may read the leaf's body: statements everyone; messages and evidence their
 * sender and recipients; refusals the party refused; the rest only auditors and the registrar.
 */
bool leaf_concerns(const struct leaf *leaf, struct bytes party);

#endif
