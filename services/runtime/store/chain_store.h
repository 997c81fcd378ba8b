/* services/runtime/store/chain_store.h: the chains of messages with each peer, and what lacks in them. */
#ifndef SAIKNE_CHAIN_STORE_H
#define SAIKNE_CHAIN_STORE_H

#include "protocol/host/database.h"
#include "protocol/wire/envelope.h"

/* Messages accepted from us to a peer, and from a peer to us, each in log order. */
enum chain_direction { CHAIN_SENT = 0, CHAIN_RECEIVED = 1 };

struct chain_link {
	enum chain_direction direction;
	const char *peer;
	uint64_t index;
	uint8_t id[SUITE_ID_LEN];
	uint8_t digest[SUITE_HASH_LEN];
	/* RECEIVED: what its sender claims to have had receipts for; count 0: nothing. */
	struct envelope_chain claim;
};

/*
 * Adds a link; one that comes late makes those behind it be counted again. One that is there
 * already changes nothing.
 */
MUST_CHECK enum status chain_store_add(struct database *db, const struct chain_link *link);
/* The chain as it stands: what goes into the next message to PEER. */
MUST_CHECK enum status chain_store_head(struct database *db, enum chain_direction direction,
    const char *peer, struct envelope_chain *out);
/* The digest of a received message; STATUS_NOT_FOUND. */
MUST_CHECK enum status chain_store_digest(struct database *db, enum chain_direction direction,
    const char *peer, uint64_t index, uint8_t out[static SUITE_HASH_LEN]);
/* Whether what PEER claimed in its message at INDEX fits what was received from it. */
MUST_CHECK enum status chain_store_claim_fits(
    struct database *db, const char *peer, uint64_t index, bool *fits);
/* Whether all its claims do: walks the whole chain, for when a link came late. */
MUST_CHECK enum status chain_store_is_whole(struct database *db, const char *peer, bool *whole);

/* What an operator and the staff should see; one for each WHAT and PEER. */
struct problem {
	char what[32];
	char peer[PARTY_MAX + 1];
	enum status status;
	uint64_t index; /* of the log, 0: none */
	uint64_t time_ms;
};
MUST_CHECK enum status chain_store_problem(struct database *db, const struct problem *problem);
MUST_CHECK enum status chain_store_has_problem(
    struct database *db, const char *what, const char *peer, bool *has);
MUST_CHECK enum status chain_store_resolved(
    struct database *db, const char *what, const char *peer);
/* The OFFSET-th. */
MUST_CHECK enum status chain_store_problem_at(
    struct database *db, unsigned offset, struct problem *out);

#endif
