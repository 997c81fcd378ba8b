/* services/runtime/exchange/departure.h: what leaves together under one signature: messages, evidence. */
#ifndef SAIKNE_DEPARTURE_H
#define SAIKNE_DEPARTURE_H

#include "protocol/wire/evidence.h"
#include "services/runtime/store/case_store.h"

struct outbox_row;
struct service;

/* At most BATCH_MAX; one departure is one transaction's. */
struct departing;
struct departure {
	struct departing *items;
	uint32_t count, cap;
};

/* Whom a message goes to, and on what. */
struct addressee {
	char party[PARTY_MAX + 1];
	category_set allowed; /* what it may have of it */
	enum basis basis;
	uint8_t reference[SUITE_ID_LEN]; /* consent, law */
	uint8_t reply_id[SUITE_ID_LEN];  /* reply: of PARTY's message */
};

/* One message: to the task's peer, or, of what a circle shares, to several at once. */
struct letter {
	const struct task_row *task;
	const struct content *content;
	struct addressee to[ENVELOPE_RECIPIENTS_MAX];
	unsigned count;
	uint64_t life_ms; /* it expires then, or with the first key that it is sealed to */
	const struct outbox_row *place; /* whose id it keeps; NULL: it gets a new one */
	uint64_t turn; /* the row of the outbox it takes; 0: behind all others */
};

#define LETTER_LIFE_MS (30ULL * 24 * 3600 * 1000)

/* Whether it can be sealed to PARTY now; why not. */
MUST_CHECK enum status departure_reaches(struct service *service, const char *party);
/*
 * Seals it to the newest sealing epoch of each recipient: STATUS_STALE_DIRECTORY,
 * STATUS_UNKNOWN_PARTY, STATUS_SUSPENDED, STATUS_UNKNOWN_EPOCH, STATUS_UNKNOWN_KEY (ours).
 * ID gets the new message's; ITEM its place, for departure_of_event().
 */
MUST_CHECK enum status departure_letter(struct service *service, struct departure *departure,
    const struct letter *letter, uint8_t id[static SUITE_ID_LEN], uint32_t *item);
/* The event that a letter is, once its row is there. */
void departure_of_event(struct departure *departure, uint32_t item, uint64_t event_n);
/* EVIDENCE lacks only network, recipient, epoch and time. */
MUST_CHECK enum status departure_evidence(
    struct service *service, struct departure *departure, const struct evidence *evidence);
/* Whether it has evidence about the message at MESSAGE_INDEX, which no table has yet. */
bool departure_answers(const struct departure *departure, uint64_t message_index);
/* Signs all at once and stores them for sending, in the open transaction. */
MUST_CHECK enum status departure_sign(struct service *service, struct departure *departure);
void departure_free(struct departure *departure);

#endif
