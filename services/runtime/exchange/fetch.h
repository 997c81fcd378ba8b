/* services/runtime/exchange/fetch.h: documents of messages that came: held, fetched, then applied. */
#ifndef SAIKNE_FETCH_H
#define SAIKNE_FETCH_H

#include "protocol/wire/frame.h"
#include "services/runtime/exchange/documents.h"

struct service;

#define FETCH_WINDOW 8                     /* chunks asked for at once */
#define FETCH_SYNC   64                    /* so many at most are asked for again */
#define FETCH_MAX_MS (24ULL * 3600 * 1000) /* for all of a message's documents */

/* The one document under way in this session. */
struct fetch {
	bool is_on;
	uint64_t index; /* of the message's entry */
	struct attachment_row row;
	struct envelope_attachment cited;
	struct document_look look;
	uint32_t asked, got; /* chunks; got: written, though not durable */
	uint32_t most;       /* so many may be asked for before others had their turn */
	uint32_t requests[FETCH_WINDOW];
	unsigned request_count;
	enum status verdict; /* what its sender is told */
	uint64_t pause_ms;
	struct buffer plain;
	struct buffer leaves; /* of the chunks got: who leads a circle may pass on what came */
};

void fetch_reset(struct service *service);
/* CHUNK, or REFUSED of what was asked here: whether it was ours. Nothing is stored yet. */
bool fetch_answer(struct service *service, const struct frame *frame);
/* Goes on, outside of a transaction; whether anything was done. */
bool fetch_run(struct service *service);
/* When a pause ends; 0: none. */
uint64_t fetch_next_ms(const struct service *service);

/* STATUS_ATTACHMENT_TOO_LARGE, STATUS_ATTACHMENTS_FULL: what CONTENT brings is not taken here. */
MUST_CHECK enum status fetch_room(struct service *service, const struct content *content);
/*
 * A row for each document of CONTENT, the message's at INDEX, in the open transaction; of one that
 * passes on another, for each that is not here yet.
 */
MUST_CHECK enum status fetch_expect(
    struct service *service, uint64_t index, const struct content *content);

/* Documents of the message at INDEX, of HEADER, that the one at CAME_WITH brought: it, or a pass. */
struct fetch_brought {
	uint64_t index, came_with;
	const struct envelope_header *header;
};
/*
 * They come into a case, in the open transaction, and are that message's whoever brought them. Rows
 * that stay with what passed them on are those that were here before, and go with it.
 */
MUST_CHECK enum status fetch_claim(struct service *service, const struct fetch_brought *brought,
    uint64_t case_n, const struct case_key *key);

#endif
