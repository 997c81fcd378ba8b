/* services/runtime/exchange/copies.h: a document sealed anew for each further message that cites it. */
#ifndef SAIKNE_COPIES_H
#define SAIKNE_COPIES_H

#include "services/runtime/exchange/documents.h"
#include "services/runtime/store/outbox_store.h"

struct service;

#define COPIES_CHUNKS 4  /* sealed in one turn: others get theirs, too */
#define COPIES_SYNC   64 /* so many at most are sealed again after an end */

/*
 * One root in two messages would join them for whoever reads headers. The first message that
 * shows a document cites it as it came; any other waits as OUTBOX_SEALING until the document is
 * sealed under another key. A pass alone cites the roots of what it passes on: who takes it checks
 * them under what was signed first, and what it joins bears one case token anyway. What is sealed again after an end is the same: the same bytes from
 * the same state.
 */
struct copying {
	bool is_on;
	uint64_t outbox_n; /* the message that waits for it */
	struct attachment_row row;
	struct document_look look;
	struct document_reader from;
	struct buffer leaves;
	uint32_t kept; /* chunks that are durable */
};

void copies_reset(struct service *service);
/* The roots that FRAME cites become EVENT_N's where they are free; *STATE is what it waits for. */
MUST_CHECK enum status copies_claim(
    struct service *service, struct bytes frame, uint64_t event_n, enum outbox_state *state);
/* Puts EVENT_N's whole copies into CONTENT in place of what they were made of. */
MUST_CHECK enum status copies_put(struct service *service, const struct case_key *key,
    uint64_t event_n, struct content *content);
/* Goes on, outside of a transaction; whether anything was done. */
bool copies_run(struct service *service);

#endif
