/* broker/mailboxes.h: the parties a store knows, by code and by number, with their counts. */
#ifndef SAIKNE_MAILBOXES_H
#define SAIKNE_MAILBOXES_H

#include "protocol/trust/lookup.h"
#include "protocol/wire/envelope.h"

/* Numbers begin with 1 and have no gaps. */
struct mailbox {
	char code[PARTY_MAX + 1];
	uint32_t number;
	uint64_t handed;
	bool counted; /* ENTRIES and BYTES_ are known */
	uint64_t entries, bytes_;
};

struct mailboxes {
	struct mailbox **at; /* by number - 1 */
	uint32_t count, cap;
	struct lookup by_code;
};

/* It must not move afterwards. */
void mailboxes_init(struct mailboxes *boxes);
/* Leaves none, and may be used again. */
void mailboxes_free(struct mailboxes *boxes);
/* NULL when there is none. A mailbox stays where it is. */
struct mailbox *mailboxes_find(const struct mailboxes *boxes, struct bytes code);
struct mailbox *mailboxes_at(const struct mailboxes *boxes, uint64_t number);
/* CODE must be new. STATUS_ARGUMENT when it is too long, STATUS_NO_MEMORY. */
MUST_CHECK enum status mailboxes_add(
    struct mailboxes *boxes, struct bytes code, struct mailbox **out);

#endif
