/* broker/intake.h: one frame in; at most one entry of the log, its mail, and an answer to come. */
#ifndef SAIKNE_INTAKE_H
#define SAIKNE_INTAKE_H

#include "broker/allowance.h"
#include "broker/answers.h"
#include "broker/chunks.h"
#include "broker/refusals.h"

struct intake {
	struct journal *journal;
	struct sessions *sessions;
	struct refusals *refusals;
	struct allowances *allowances;
	struct answers answers;
	/* Limits of one mailbox. */
	uint64_t mailbox_entries, mailbox_bytes;
	/* Of one attachment, and of all that one party has here. */
	uint64_t attachment_bytes, attachments_bytes;
	/* A connection whose session was replaced; the gate ends it. */
	void (*replaced)(void *state, const struct peer *old);
	/* Bytes sent to a peer that its side has not taken yet. NULL: they are not known. */
	uint64_t (*unread)(void *state, const struct peer *peer);
	void *state;

	struct chunks chunks;
	struct batch_cache cache;
	struct buffer leaf, part;
	uint64_t accepted, recorded, refused; /* since the start, for the operator */
};

/* Why a frame is refused, besides the code; filled as far as it is known by then. */
struct refusal {
	const char *detail; /* a literal; NULL: none, or TEXT */
	char text[ANSWER_TEXT_MAX];
	bool has_id;
	uint8_t id[SUITE_ID_LEN];
	int recipient; /* -1: none concerned */
	bool has_digest;
	uint8_t digest[SUITE_HASH_LEN];
};

/* Above so much unread, a peer gets nothing that it can get later. */
#define INTAKE_UNREAD_MAX (4U * 1024 * 1024)
bool intake_reads_slowly(const struct intake *intake, const struct peer *peer);
/* Frees what intake itself holds. */
void intake_free(struct intake *intake);

/*
 * Takes one frame of PEER, whose PARTY is known and unsuspended now. What it changes is in the
 * journal's open batch and its answer in ANSWERS: neither may be seen before journal_commit().
 */
void intake_take(struct intake *intake, const struct peer *peer, struct bytes view);
/* Copies a committed leaf and parses it: STATUS_NO_SUCH_ENTRY beyond the last commit. */
MUST_CHECK enum status intake_leaf(struct intake *intake, uint64_t index, struct leaf *out);

#endif
