/* protocol/wire/evidence.h: what a recipient signs about a message: delivered, unreadable,
 * read. */
#ifndef SAIKNE_EVIDENCE_H
#define SAIKNE_EVIDENCE_H

#include "protocol/wire/envelope.h"

/* EVIDENCE(NAME, number, final): final evidence ends the broker's duty to deliver. */
#define EVIDENCE_LIST(EVIDENCE)                                                                \
	EVIDENCE(DELIVERED, 1, true)  /* recipient: opened, checked and committed */           \
	EVIDENCE(UNREADABLE, 2, true) /* recipient: REASON says why it cannot be applied */    \
	EVIDENCE(READ, 3, false)      /* recipient: a person in ROLE opened it first */        \
	EVIDENCE(EXPIRED, 4, true)    /* broker: not handed out before its time was over */    \
	EVIDENCE(                                                                              \
	    UNDELIVERABLE, 5, true) /* broker: REASON; the recipient can no longer take it */

#define EVIDENCE_ENUM(name, number, final) EVIDENCE_##name = (number),
enum evidence_kind { EVIDENCE_LIST(EVIDENCE_ENUM) };
#undef EVIDENCE_ENUM

#define EVIDENCE_ROLE_MAX 32
#define EVIDENCE_MAX      1024

/*
 * On the wire: [version, network, kind, log index of the message, sender, id, digest,
 * recipient, signer epoch, time, reason, role, staff token or nil].
 */
struct evidence {
	struct bytes network;
	enum evidence_kind kind;
	uint64_t index; /* of the accepted message's leaf */
	struct bytes sender;
	uint8_t id[SUITE_ID_LEN];
	uint8_t digest[SUITE_HASH_LEN];
	struct bytes recipient;
	uint32_t signing_epoch; /* of the recipient; 0 where the broker signs through its log */
	uint64_t time_ms;
	enum status reason; /* STATUS_OK but for UNREADABLE and UNDELIVERABLE */
	struct bytes role;  /* of READ; "" otherwise */
	bool has_token;
	uint8_t staff_token[SUITE_ID_LEN]; /* random, fresh for each case */
};

const char *evidence_name(enum evidence_kind kind); /* "delivered" */
bool evidence_is_final(enum evidence_kind kind);
void evidence_encode(const struct evidence *evidence, struct buffer *out);
MUST_CHECK enum status evidence_parse(struct bytes view, struct evidence *out);
/* What the signer's batch signs: BLAKE2b-256(tag "saikne-v1-evidence" ‖ bytes). */
void evidence_digest(struct bytes view, uint8_t out[static SUITE_HASH_LEN]);

#endif
