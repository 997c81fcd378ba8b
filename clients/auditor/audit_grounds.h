/* clients/auditor/audit_grounds.h: whether a message could rest on what it cites, from the log before it. */
#ifndef SAIKNE_AUDIT_GROUNDS_H
#define SAIKNE_AUDIT_GROUNDS_H

#include "clients/auditor/audit_store.h"

/* A message accepted at INDEX. */
struct audit_grounds {
	struct audit_store *store;
	struct buffer *other; /* room for the messages answered */
	uint64_t index;
	const struct envelope_header *header;
	unsigned hops; /* answers followed for it so far */
};

/*
 * Judges what the message cites for its I-th recipient, and notes its reference, or that it is
 * stopped. Every accepted message in order, each recipient once, in a transaction that is
 * rolled back. *WHY: STATUS_OK,
 * STATUS_FOREIGN_REFERENCE, STATUS_STOPPED, STATUS_UNKNOWN_REPLY, STATUS_NO_BASIS. Anything but
 * STATUS_OK returned: the copy could not be read.
 */
MUST_CHECK enum status audit_grounds_check(
    struct audit_grounds *grounds, uint32_t i, enum status *why);

#endif
