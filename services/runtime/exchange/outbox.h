/* services/runtime/exchange/outbox.h: what was committed goes out, until the broker says it is logged. */
#ifndef SAIKNE_OUTBOX_H
#define SAIKNE_OUTBOX_H

#include "protocol/wire/frame.h"
#include "services/runtime/store/event_store.h"

struct service;

#define OUTBOX_WINDOW 256 /* unanswered at once, of messages and of evidence */

/* What is under way in this session: the request, and the stored row it carries. */
struct outstanding {
	uint32_t request;
	uint64_t row;
};

struct window {
	struct outstanding at[OUTBOX_WINDOW];
	unsigned count;
};

struct outbox {
	struct window messages, evidence;
	uint64_t evidence_pause_ms; /* no evidence before this time: the broker refused some */
	unsigned evidence_refusals;
	uint64_t before;   /* events up to this number were there when the session began */
	bool told_leaving; /* what waited is marked as perhaps gone (outbox_row.unsent) */
	bool anew;         /* something goes out without one of its recipients, at once */
};

/* A session begins or ended: nothing is under way; all that is stored goes out again. */
void outbox_reset(struct service *service);
/* Sends what may be sent, in the order it was written; whether anything was. */
bool outbox_pump(struct service *service);
/* When the next refused thing may be tried; 0: nothing waits. */
uint64_t outbox_next_ms(struct service *service);

/*
 * Answers of the broker, in the open transaction. A status other than OK is the database's:
 * the transaction is to be rolled back.
 */
MUST_CHECK enum status outbox_accepted(struct service *service, const struct frame *frame);
MUST_CHECK enum status outbox_refused(struct service *service, const struct frame *frame);
/* As though ROW had been refused with CODE. */
struct outbox_row;
MUST_CHECK enum status outbox_refuse(
    struct service *service, struct outbox_row *row, enum status code);
/* It goes out no more, and its task tells that, as WHAT (REFUSED, TAKEN_BACK) with CODE. */
MUST_CHECK enum status outbox_end(struct service *service, const struct outbox_row *row,
    enum event_what what, enum status code);
/*
 * The same for PARTY alone, where ROW goes to others as well: it is sealed anew without PARTY, to
 * which it may be passed on.
 */
MUST_CHECK enum status outbox_drop(struct service *service, struct outbox_row *row,
    const char *party, enum event_what what, enum status code);
/*
 * Takes back what waits for PEER and cites REFERENCE, if it surely never left: STATUS_STOPPED is
 * recorded as the cause. What may be on its way is left to the log's order. In the open
 * transaction.
 */
MUST_CHECK enum status outbox_take_back(
    struct service *service, const char *peer, const uint8_t reference[static SUITE_ID_LEN]);
MUST_CHECK enum status outbox_recorded(struct service *service, const struct frame *frame);

/*
 * Signs anew the evidence that was refused because its signing key is not in force any more,
 * where we have a newer one, or because our clock ran ahead: the same word of ours, under the
 * key of today ("evidence").
 */
MUST_CHECK enum status outbox_sign_again(struct service *service);
/* Seals anew what was refused for its keys, where the directory now offers others ("act"). */
MUST_CHECK enum status outbox_seal_again(struct service *service);

#endif
