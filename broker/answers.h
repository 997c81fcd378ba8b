/* broker/answers.h: what is to be said to peers once the batch is kept. */
#ifndef SAIKNE_ANSWERS_H
#define SAIKNE_ANSWERS_H

#include "broker/journal.h"
#include "broker/session.h"
#include "protocol/wire/frame.h"

/* Where frames leave. SEND never blocks: it ends the session of a peer that cannot take it. */
struct outlet {
	void *state;
	void (*send)(void *state, const struct peer *to, struct bytes frame);
};

#define ANSWER_TEXT_MAX 64

/* An answer to come: COMMAND says which of the other fields are used. */
struct answer {
	struct peer to;
	enum command command;
	uint32_t request;
	/* ACCEPTED, STATED: log index. RECORDED: message, kind, log index. WELCOME: the peer's log
	 * size. Pages: the two numbers asked for. */
	uint64_t number[3];
	uint8_t id[SUITE_ID_LEN]; /* ACCEPTED, REFUSED */
	/* REFUSED */
	enum status code;
	bool has_id, has_recipient;
	uint32_t recipient;
	const char *detail; /* a literal; NULL: none, or TEXT */
	char text[ANSWER_TEXT_MAX];
	struct envelope_attachment attachment; /* CHUNK_HAVE, with NUMBER[0] chunks */
};

/* Zero-initialised: none. */
struct answers {
	struct answer *at;
	size_t count, cap;
	struct buffer frame;
};

#define ANSWERS_MAX 1024 /* a batch is committed before more are collected */

/* A new one, filled with TO, COMMAND and REQUEST. */
struct answer *answers_add(
    struct answers *answers, const struct peer *to, enum command command, uint32_t request);
bool answers_are_full(const struct answers *answers);
/* After the commit: builds and sends each, and forgets them. */
void answers_send(
    struct answers *answers, struct journal *journal, const struct outlet *outlet);
void answers_free(struct answers *answers);

#endif
