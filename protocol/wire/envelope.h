/* protocol/wire/envelope.h: suite 1: the signed header and a sealed part for each recipient. */
#ifndef SAIKNE_ENVELOPE_H
#define SAIKNE_ENVELOPE_H

#include "protocol/wire/batch.h"
#include "protocol/wire/content.h"

#define ENVELOPE_VERSION         1
#define ENVELOPE_SUITE           1
#define ENVELOPE_RECIPIENTS_MAX  16
#define ENVELOPE_ATTACHMENTS_MAX 16
#define PARTY_MAX                48 /* bytes of an institution's code, [a-z0-9-] */
#define NETWORK_MAX              48
#define ENVELOPE_HEADER_MAX      4096
#define ENVELOPE_PAYLOAD_MAX     (80 * 1024)
#define ENVELOPE_STANZA_LEN      (32 + 8 + 16 + 32 + SUITE_SEAL_OVERHEAD)
#define ENVELOPE_PAD             256 /* payload plaintext is padded to a multiple (ISO 7816-4) */
/* Times fit the id's 48 bits; other numbers what a signed 64-bit column holds. */
#define ENVELOPE_TIME_MAX   (((uint64_t)1 << 48) - 1)
#define ENVELOPE_NUMBER_MAX ((uint64_t)INT64_MAX)

enum basis { BASIS_NONE = 0, BASIS_CONSENT = 1, BASIS_LAW = 2, BASIS_REPLY = 3, BASIS_COUNT };

struct envelope_recipient {
	struct bytes party;
	uint32_t sealing_epoch;
	enum basis basis;
	uint8_t reference[SUITE_ID_LEN]; /* consent, law: the sender's own random reference */
	struct bytes reply_sender;       /* reply: who sent the message answered ... */
	uint8_t reply_id[SUITE_ID_LEN];  /* ... and its id */
};

struct envelope_attachment {
	uint8_t root[SUITE_HASH_LEN];
	uint64_t size;
};

struct envelope_header {
	struct bytes network;
	uint8_t id[SUITE_ID_LEN]; /* 48-bit ms of CREATED, then 10 random bytes */
	struct bytes sender;
	uint32_t signing_epoch;
	uint32_t recipient_count;
	struct envelope_recipient recipients[ENVELOPE_RECIPIENTS_MAX];
	uint64_t type;
	uint8_t case_token[SUITE_ID_LEN];
	struct merkle_hash content_root;
	uint32_t attachment_count;
	struct envelope_attachment attachments[ENVELOPE_ATTACHMENTS_MAX];
	uint64_t created_ms;
	uint64_t expires_ms;
};

/* What the sender had receipts for, to this recipient, in log order, before this message. */
struct envelope_chain {
	uint64_t count;
	uint8_t last_id[SUITE_ID_LEN];
	uint8_t chain[SUITE_HASH_LEN]; /* zeroes for none */
};

/* One recipient's sealed part, as bytes of the frame. */
struct envelope_part {
	struct bytes stanza;
	struct bytes commit;
	struct bytes payload;
};

/* A parsed envelope; views borrow from the frame. */
struct envelope {
	struct bytes header_bytes;
	struct envelope_header header;
	uint8_t header_hash[SUITE_HASH_LEN]; /* H */
	uint32_t part_count;
	struct envelope_part parts[ENVELOPE_RECIPIENTS_MAX];
	struct digest part_hashes[ENVELOPE_RECIPIENTS_MAX];
	uint8_t digest[SUITE_HASH_LEN]; /* the message's identity */
	struct batch_proof proof;
};

/* Whether TEXT is the form of a party's code or a network's: [a-z0-9-], 1 to PARTY_MAX bytes.
 */
bool envelope_is_code(struct bytes text);
/* Reads one; STATUS_MALFORMED, sticky in IN's document, for what is none. */
struct bytes envelope_take_code(struct pack_in *in);

void envelope_header_encode(const struct envelope_header *header, struct buffer *out);
/*
 * Strict; also checks what the header alone can show: version and suite (STATUS_BAD_VERSION),
 * forms, recipients there, distinct and not the sender (STATUS_BAD_RECIPIENTS), no more than
 * the maxima (STATUS_TOO_LARGE), the id beginning with CREATED, EXPIRES after CREATED. Unknown
 * types pass: that refusal is the policy's. OUT is written on success only.
 */
MUST_CHECK enum status envelope_header_parse(struct bytes view, struct envelope_header *out);
void envelope_header_hash(struct bytes header, uint8_t out[static SUITE_HASH_LEN]);
void envelope_part_hash(const struct envelope_part *part, uint8_t out[static SUITE_HASH_LEN]);
/* The digest from H and the part hashes: what a log leaf allows anyone to recompute. */
void envelope_digest(const uint8_t header_hash[static SUITE_HASH_LEN],
    const struct digest *part_hashes, uint32_t count, uint8_t out[static SUITE_HASH_LEN]);

/* A part alone: [stanza, commit, payload], as SUBMIT, DELIVER and mailboxes carry it. */
void envelope_part_encode(const struct envelope_part *part, struct buffer *out);
/* Strict on sizes; views borrow; an error is sticky in IN's document. */
void envelope_part_decode(struct pack_in *in, struct envelope_part *out);

/* Whom to seal to: the key of the header's sealing epoch, and what that recipient may have. */
struct envelope_seal_to {
	uint8_t key[SUITE_BOX_PUBLIC];
	category_set allowed;
	struct envelope_chain chain;
};

/*
 * Seals CONTENT under HEADER (its content root, type and attachments are set from CONTENT) once
 * for each recipient; TO has as many elements. All recipients of one message have the same
 * documents: STATUS_OUTSIDE_PROFILE where they may not. SEALED gets, appended, the first two elements of the
 * SUBMIT body, ready for envelope_frame(); DIGEST is what the batch signs. Sealed once,
 * stored, resent as stored. What a reader would refuse is refused here, by the same rules
 * (content_check(), envelope_header_parse()).
 */
MUST_CHECK enum status envelope_seal(struct envelope_header *header,
    const struct content *content, const struct envelope_seal_to *to, struct buffer *sealed,
    uint8_t digest[static SUITE_HASH_LEN]);
/* Appends the SUBMIT body: SEALED with its signature. */
void envelope_frame(struct bytes sealed, const struct batch_proof *proof, struct buffer *out);

/* Parses a SUBMIT body and computes the hashes; the signature is not yet checked. */
MUST_CHECK enum status envelope_parse(struct bytes body, struct envelope *out);

/*
 * Opens part I with the recipient's sealing key: commit, payload, fields against the content
 * root. STATUS_CANNOT_OPEN, STATUS_BAD_CONTENT, STATUS_UNKNOWN_TYPE. CONTENT is to be freed
 * in any case; CHAIN is written on success only.
 */
MUST_CHECK enum status envelope_open(const struct envelope_header *header,
    const uint8_t header_hash[static SUITE_HASH_LEN], uint32_t i,
    const struct envelope_part *part, const struct box_key *key, struct content *content,
    struct envelope_chain *chain);

/* The next link: chain' = BLAKE2b-256(tag ‖ chain ‖ digest), one more counted. */
void envelope_chain_add(struct envelope_chain *chain, const uint8_t id[static SUITE_ID_LEN],
    const uint8_t digest[static SUITE_HASH_LEN]);

#endif
