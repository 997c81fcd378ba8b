/* protocol/trust/policy.h: default deny: type × sender kind × recipient kind × basis class. */
#ifndef SAIKNE_POLICY_H
#define SAIKNE_POLICY_H

#include "protocol/trust/directory.h"

/* Answers followed for one message, over all its recipients, to what they rest on. */
#define POLICY_REPLIES_MAX 32

/* A row permits; what no row permits is refused. Groups and bases are bit sets. */
struct policy_rule {
	enum message type;
	uint32_t senders;    /* 1 << enum group */
	uint32_t recipients; /* 1 << enum group */
	uint32_t bases;      /* 1 << enum basis */
	bool same_kind;      /* whether two of one kind may (a school to a school) */
};

const struct policy_rule *policy_at(unsigned i); /* NULL past the end */

/* STATUS_UNKNOWN_TYPE, STATUS_NOT_PERMITTED, STATUS_NO_BASIS. */
MUST_CHECK enum status policy_permits(
    uint64_t type, const struct party *sender, const struct party *recipient, enum basis basis);

/*
 * Everything about a header that the directory and the table decide, for the entry at
 * LOG_INDEX: parties known and active, signing epoch, sealing epochs and EXPIRES within them,
 * each recipient permitted, each reference cited for one of them alone
 * (STATUS_FOREIGN_REFERENCE), a stop for one (STATUS_BAD_RECIPIENTS). *RECIPIENT is the position
 * concerned, -1 for none. The signature itself, time, and what replies and references lead to are
 * intake's.
 */
MUST_CHECK enum status policy_check(const struct directory *directory,
    const struct envelope_header *header, uint64_t log_index,
    uint8_t signing_key[static SUITE_SIGN_PUBLIC], int *recipient);

#endif
