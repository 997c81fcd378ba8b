/* broker/session.h: who is connected: connections that said HELLO, by routing id and by party. */
#ifndef SAIKNE_SESSION_H
#define SAIKNE_SESSION_H

#include "protocol/trust/directory.h"

#define SESSION_ROUTING_MAX 32

/*
 * Where a frame came from. PARTY is what the connection's transport key says, looked up for
 * this very frame; a routing id is chosen by the peer and proves nothing.
 */
struct peer {
	uint8_t routing[SESSION_ROUTING_MAX];
	uint8_t routing_len;
	const struct party *party;
	uint8_t key[SUITE_BOX_PUBLIC];
	/* Its TCP connection: the SERIAL-th that had this descriptor. */
	int fd;
	uint32_t serial;
};

#define SESSION_GETS_MAX 16

/* A chunk asked for and not sent yet. */
struct session_get {
	uint64_t index;
	uint32_t position, chunk, request;
};

struct session {
	struct peer peer;
	bool waiting; /* mail may lie in the mailbox, and there is credit for it */
	uint32_t credit;
	uint64_t cursor; /* the next index to hand out */
	uint64_t handed; /* as stored, but for UNMARKED */
	bool unmarked;   /* HANDED is still to be stored, before the parts leave */
	/* What was handed out before MARK_INDEX has been out since MARK_MS, or longer. */
	uint64_t mark_index, mark_ms;
	struct session_get gets[SESSION_GETS_MAX]; /* from GET_FIRST on, in a circle */
	uint32_t get_first, get_count;
	uint32_t position; /* in the table's list */
	struct session *next_routing, *next_party;
};

struct sessions;

MUST_CHECK enum status session_table(struct sessions **out);
void session_table_free(struct sessions *sessions);

/* NULL when that connection has none, or when another party's key has come to its routing id. */
struct session *session_find(const struct sessions *sessions, const struct peer *peer);
struct session *session_of(const struct sessions *sessions, struct bytes party);
/*
 * A new session. A former one of the party, or of this routing id, ends; OLD tells where, and
 * OLD->routing_len is 0 when there was none.
 */
MUST_CHECK enum status session_open(
    struct sessions *sessions, const struct peer *peer, struct session **out, struct peer *old);
void session_close(struct sessions *sessions, struct session *session);
/* The I-th of all, in no order; NULL past the end. Closing moves the last one to its place. */
struct session *session_at(const struct sessions *sessions, uint32_t i);
uint32_t session_count(const struct sessions *sessions);
/* There is mail for PARTY, or credit to send it. */
void session_wake(struct sessions *sessions, struct bytes party);

#endif
