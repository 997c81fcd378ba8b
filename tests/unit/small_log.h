/* tests/unit/small_log.h: a network and its log in memory, with keys that are always the same. */
#ifndef SAIKNE_TEST_SMALL_LOG_H
#define SAIKNE_TEST_SMALL_LOG_H

#include <stdlib.h>
#include <string.h>

#include "protocol/host/network.h"
#include "protocol/proof/checkpoint.h"
#include "protocol/proof/tree.h"
#include "protocol/trust/directory.h"

#define SMALL_LOG_MAX   600
#define SMALL_LOG_EPOCH 1789000000000 /* the first leaf's time, in September 2026 */

struct small_log {
	struct signing_key root, log;
	struct box_key broker;
	struct network network;
	uint64_t now_ms; /* of the next leaf; each moves it on by a second */
	struct buffer leaves[SMALL_LOG_MAX];
	struct tree *tree;
	uint64_t count;
};

struct small_party {
	const char *code;
	struct signing_key signing;
	struct box_key transport, sealing;
};

/* A message as its leaf shows it. */
struct small_message {
	uint64_t index;
	const struct small_party *from, *to;
	uint8_t id[SUITE_ID_LEN];
	uint8_t digest[SUITE_HASH_LEN];
};

/* Keys are made from one byte each: every run has the same bytes. */
static inline void
small_log_key(uint8_t number, struct signing_key *signing)
{
	uint8_t seed[32] = {number, 1};

	suite_sign_from_seed(seed, signing);
}

static inline void
small_log_box(uint8_t number, struct box_key *box)
{
	/* Not in the first byte, of which X25519 ignores three bits. */
	uint8_t secret[32] = {0, number, 2};

	suite_box_from_secret(secret, box);
}

static inline enum status
small_log_no_tile(void *state, unsigned level, uint64_t n, struct buffer *out)
{
	(void)state;
	(void)level;
	(void)n;
	(void)out;
	return STATUS_NOT_FOUND;
}

static inline enum status
small_log_keep_no_tile(void *state, unsigned level, uint64_t n, struct bytes hashes)
{
	(void)state;
	(void)level;
	(void)n;
	(void)hashes;
	return STATUS_OK;
}

static inline void
small_log_must(enum status rc)
{
	if (rc != STATUS_OK)
		abort();
}

/* Appends a leaf's bytes as they are. */
static inline uint64_t
small_log_append(struct small_log *log, struct bytes leaf)
{
	struct merkle_hash hash;

	if (log->count == SMALL_LOG_MAX)
		abort();
	buffer_append(&log->leaves[log->count], leaf);
	merkle_leaf(leaf, &hash);
	small_log_must(tree_append(log->tree, &hash));
	return log->count++;
}

static inline uint64_t
small_log_leaf(struct small_log *log, struct leaf *leaf)
{
	struct buffer bytes = {0};
	uint64_t index;

	leaf->time_ms = log->now_ms;
	log->now_ms += 1000;
	leaf_encode(leaf, &bytes);
	index = small_log_append(log, bytes_of_buffer(&bytes));
	buffer_free(&bytes);
	return index;
}

/* KEYS[i] signs in the role ROLES[i]; NETWORK and TIME are set here. */
static inline uint64_t
small_log_state(struct small_log *log, struct statement *statement, const enum signer *roles,
    const struct signing_key *const *keys, uint32_t count)
{
	struct leaf leaf = {.kind = LEAF_STATEMENT, .signature_count = count};
	struct buffer body = {0};
	uint64_t index;

	statement->network = bytes_of_text(log->network.id);
	statement->time_ms = log->now_ms;
	statement_encode(statement, &body);
	leaf.body = bytes_of_buffer(&body);
	for (uint32_t i = 0; i < count; i++)
		statement_sign(leaf.body, roles[i], keys[i], &leaf.signatures[i]);
	index = small_log_leaf(log, &leaf);
	buffer_free(&body);
	return index;
}

/* Begins with the NETWORK statement. Free it with small_log_free(). */
static inline struct small_log *
small_log_start(void)
{
	static const struct tree_tiles tiles = {
	    .read = small_log_no_tile, .write = small_log_keep_no_tile};
	static const enum signer role = SIGNER_ROOT;
	struct small_log *log = calloc(1, sizeof(*log));
	struct statement statement = {.kind = STATEMENT_NETWORK};
	const struct signing_key *root;

	if (log == NULL)
		abort();
	root = &log->root;
	small_log_key(250, &log->root);
	small_log_key(251, &log->log);
	small_log_box(252, &log->broker);
	log->now_ms = SMALL_LOG_EPOCH;
	strcpy(log->network.id, "test");
	strcpy(log->network.broker, "tcp://127.0.0.1:1");
	memcpy(log->network.root, log->root.public, sizeof(log->network.root));
	memcpy(log->network.broker_key, log->broker.public, sizeof(log->network.broker_key));
	small_log_must(note_key_make("test/log", log->log.public, &log->network.log));
	small_log_must(tree_open(&tiles, 0, &log->tree));
	memcpy(statement.key, log->root.public, sizeof(statement.key));
	memcpy(statement.log_key, log->log.public, sizeof(statement.log_key));
	memcpy(statement.transport, log->broker.public, sizeof(statement.transport));
	statement.log_name = bytes_of_text(log->network.log.name);
	small_log_state(log, &statement, &role, &root, 1);
	return log;
}

static inline void
small_log_free(struct small_log *log)
{
	for (uint64_t i = 0; i < log->count; i++)
		buffer_free(&log->leaves[i]);
	tree_close(log->tree);
	free(log);
}

/* Admits a party whose keys come from NUMBER, with one sealing epoch of 30 days. */
static inline uint64_t
small_log_admit(struct small_log *log, struct small_party *party, uint8_t number,
    const char *code, const char *kind)
{
	static const enum signer roles[] = {SIGNER_ROOT, SIGNER_PARTY};
	const struct signing_key *keys[] = {&log->root, &party->signing};
	struct statement admit = {.kind = STATEMENT_ADMIT};
	struct statement sealing = {.kind = STATEMENT_SEALING_EPOCH, .epoch = 1};

	party->code = code;
	small_log_key(number, &party->signing);
	small_log_box(number, &party->transport);
	small_log_box((uint8_t)(number + 100), &party->sealing);
	admit.party = sealing.party = bytes_of_text(code);
	admit.party_kind = bytes_of_text(kind);
	admit.name = bytes_of_text("An institution");
	admit.municipality = bytes_of_text("Ventspils");
	memcpy(admit.key, party->signing.public, sizeof(admit.key));
	memcpy(admit.transport, party->transport.public, sizeof(admit.transport));
	small_log_state(log, &admit, roles, keys, 2);
	memcpy(sealing.key, party->sealing.public, sizeof(sealing.key));
	sealing.not_before_ms = log->now_ms;
	sealing.not_after_ms = log->now_ms + SEALING_LIFE_MS;
	sealing.signing_epoch = 1;
	return small_log_state(log, &sealing, &roles[1], &keys[1], 1);
}

/* Free NOTE. */
static inline struct buffer
small_log_note(const struct small_log *log, uint64_t size)
{
	struct checkpoint checkpoint = {.size = size};
	struct buffer note = {0};

	small_log_must(tree_root(log->tree, size, &checkpoint.root));
	small_log_must(checkpoint_sign(&checkpoint, &log->network.log, &log->log, &note));
	return note;
}

/* The header of a message: a referral offer under a law, with a fresh id. */
static inline struct envelope_header
small_log_header(
    const struct small_log *log, const struct small_party *from, const struct small_party *to)
{
	struct envelope_header header = {
	    .network = bytes_of_text(log->network.id),
	    .sender = bytes_of_text(from->code),
	    .signing_epoch = 1,
	    .recipient_count = 1,
	    .type = MESSAGE_REFERRAL_OFFER,
	    .created_ms = log->now_ms,
	    .expires_ms = log->now_ms + 3600 * 1000,
	};

	header.recipients[0].party = bytes_of_text(to->code);
	header.recipients[0].sealing_epoch = 1;
	header.recipients[0].basis = BASIS_LAW;
	/* One for each (sender, recipient), by how their codes begin. */
	memcpy(header.recipients[0].reference, from->code, 3);
	memcpy(header.recipients[0].reference + 3, to->code, 3);
	suite_new_id(log->now_ms, header.id);
	return header;
}

/* Signs by SIGNER and logs a message whose content nobody sees here. */
static inline void
small_log_accept(struct small_log *log, const struct envelope_header *header,
    const struct signing_key *signer, struct small_message *out)
{
	struct leaf leaf = {.kind = LEAF_ACCEPTED, .part_count = 1};
	struct buffer body = {0};
	struct digest digest;

	memcpy(out->id, header->id, sizeof(out->id));
	memset(leaf.part_hashes[0].byte, (int)log->count, sizeof(leaf.part_hashes[0].byte));
	envelope_header_encode(header, &body);
	leaf.body = bytes_of_buffer(&body);
	envelope_header_hash(leaf.body, leaf.header_hash);
	envelope_digest(leaf.header_hash, leaf.part_hashes, 1, digest.byte);
	memcpy(out->digest, digest.byte, sizeof(out->digest));
	batch_sign(&digest, 1, signer, &leaf.proof);
	out->index = small_log_leaf(log, &leaf);
	buffer_free(&body);
}

static inline void
small_log_message(struct small_log *log, const struct small_party *from,
    const struct small_party *to, struct small_message *out)
{
	const struct envelope_header header = small_log_header(log, from, to);

	*out = (struct small_message){.from = from, .to = to};
	small_log_accept(log, &header, &from->signing, out);
}

/* Evidence about MESSAGE, signed by SIGNER; by the broker, through the log, when NULL. */
static inline uint64_t
small_log_evidence(struct small_log *log, const struct small_message *message,
    enum evidence_kind kind, const struct small_party *signer)
{
	struct evidence evidence = {
	    .network = bytes_of_text(log->network.id),
	    .kind = kind,
	    .index = message->index,
	    .sender = bytes_of_text(message->from->code),
	    .recipient = bytes_of_text(signer != NULL ? signer->code : message->to->code),
	    .signing_epoch = signer != NULL ? 1 : 0,
	    .time_ms = log->now_ms,
	    .reason = kind == EVIDENCE_UNREADABLE      ? STATUS_CANNOT_OPEN
	              : kind == EVIDENCE_UNDELIVERABLE ? STATUS_SUSPENDED
	                                               : STATUS_OK,
	    .role = bytes_of_text(kind == EVIDENCE_READ ? "specialist" : ""),
	    .has_token = kind == EVIDENCE_READ,
	};
	struct leaf leaf = {.kind = signer != NULL ? LEAF_EVIDENCE : LEAF_BROKER_EVIDENCE};
	struct buffer body = {0};
	struct digest digest;
	uint64_t index;

	memcpy(evidence.id, message->id, sizeof(evidence.id));
	memcpy(evidence.digest, message->digest, sizeof(evidence.digest));
	evidence_encode(&evidence, &body);
	leaf.body = bytes_of_buffer(&body);
	evidence_digest(leaf.body, digest.byte);
	if (signer != NULL)
		batch_sign(&digest, 1, &signer->signing, &leaf.proof);
	index = small_log_leaf(log, &leaf);
	buffer_free(&body);
	return index;
}

#endif
