/* services/runtime/exchange/upload.h: our documents to the broker, before the messages that cite them. */
#ifndef SAIKNE_UPLOAD_H
#define SAIKNE_UPLOAD_H

#include "protocol/wire/frame.h"
#include "services/runtime/store/attachment_store.h"

struct service;

#define UPLOAD_WINDOW 8 /* chunks unanswered at once */

/* The one document under way in this session; the broker says where to go on. */
struct upload {
	uint64_t outbox_n; /* the message that waits for it; 0: none */
	uint32_t position, attachments;
	struct envelope_attachment cited[ENVELOPE_ATTACHMENTS_MAX];
	struct attachment_row row;
	struct buffer nodes; /* of the tree over its chunks */
	struct buffer frame;
	bool known;          /* the broker said what it holds */
	uint32_t held, next; /* chunks */
	uint32_t requests[UPLOAD_WINDOW + 1];
	unsigned request_count;
	enum status refused;
};

/* A session begins or ended. */
void upload_reset(struct service *service);
/* CHUNK_HAVE, or REFUSED of what was asked here: whether it was ours. Nothing is stored yet. */
bool upload_answer(struct service *service, const struct frame *frame);
/* Goes on, outside of a transaction; whether anything was done. */
bool upload_run(struct service *service);

#endif
