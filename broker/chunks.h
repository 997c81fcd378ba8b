/* broker/chunks.h: attachments come in and go out, chunk by chunk, beside the mail. */
#ifndef SAIKNE_CHUNKS_H
#define SAIKNE_CHUNKS_H

#include "broker/answers.h"

struct intake;
struct refusal;

#define CHUNKS_TURN_MAX  8    /* handed out in one turn: mail waits no longer for them */
#define CHUNKS_OWNED_MAX 4096 /* attachments of one party, however small */
#define CHUNKS_DAY_MS    (24ULL * 3600 * 1000)

/* Zero-initialised. */
struct chunks {
	uint32_t turn; /* whose turn it is among the sessions */
	bool behind, slow;
	struct buffer sealed, frame;
};
void chunks_free(struct chunks *chunks);

/* CHUNK: the sender's next; answered by how many are held then. */
MUST_CHECK enum status chunks_take(
    struct intake *in, const struct peer *peer, const struct frame *frame, struct refusal *why);
/* CHUNK_HAVE: only of the asker's own, so that nobody learns what others send. */
MUST_CHECK enum status chunks_have(
    struct intake *in, const struct peer *peer, const struct frame *frame);
/* CHUNK_GET: answered by chunks_send(), a few in each turn. */
MUST_CHECK enum status chunks_get(
    struct intake *in, struct session *session, const struct frame *frame);

/* STATUS_CHUNKS_MISSING: WHY says of which, and how many. */
MUST_CHECK enum status chunks_check(
    struct intake *in, const struct envelope_header *header, struct refusal *why);
/* The message is at INDEX in the open batch: its attachments stay until its last evidence. */
void chunks_claim(struct intake *in, const struct envelope_header *header, uint64_t index);

/* Once a second: what nobody cited within a day goes. */
void chunks_expire(struct intake *in);
/* After the commit: what sessions asked for, in turns. */
void chunks_send(struct intake *in, const struct outlet *outlet);
/* How long the next turn may wait for frames. */
int chunks_wait_ms(const struct intake *in, int wait_ms);

#endif
