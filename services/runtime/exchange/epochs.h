/* services/runtime/exchange/epochs.h: our own sealing epochs: made, published, used, destroyed on time. */
#ifndef SAIKNE_EPOCHS_H
#define SAIKNE_EPOCHS_H

#include "protocol/base/suite.h"
#include "protocol/wire/frame.h"

struct service;

/*
 * An epoch lasts 30 days, and the next one begins 7 days before its end. The private half is
 * stored, sealed, before the public one is published; it is destroyed when no message sealed to
 * it can come any more. Invariant: a published epoch has its private half here until then.
 *
 * Whose clock. An epoch begins by service_time_ms(), which follows the broker and the log where
 * our own clock is off. What cannot be undone rests on no clock alone: a private half goes when
 * our clock, the broker's (they agree) and the log itself (an entry seen proven that is later)
 * all say that the end and the grace are over. A clock that jumps ahead destroys nothing early,
 * nor does a broker that lies about the time; in a log that stands still keys live on.
 */
#define EPOCHS_OPEN_MAX 32
/* After its end: messages handed to us shortly before may still come again. */
#define EPOCHS_GRACE_MS (3600ULL * 1000)
/* With nothing delivered for so long in a session, nothing is left to be delivered. */
#define EPOCHS_QUIET_MS (60ULL * 1000)

struct epochs {
	struct {
		uint64_t epoch; /* 0: free */
		struct box_key *key;
	} open[EPOCHS_OPEN_MAX];
	uint32_t request;  /* of the STATE under way until the directory has it; 0: none */
	uint64_t stating;  /* its epoch */
	uint64_t pause_ms; /* nothing new before, after a refusal */
};

/* Opens the stored private halves. */
MUST_CHECK enum status epochs_open(struct service *service);
void epochs_close(struct service *service);
/* The private half of EPOCH; NULL: never made here, or destroyed. */
const struct box_key *epochs_key(const struct service *service, uint64_t epoch);

/* Makes, publishes and destroys what is due; in a session, and at least hourly. */
MUST_CHECK enum status epochs_tend(struct service *service);
/* A session begins or ended: nothing is under way. */
void epochs_reset(struct service *service);
/* The broker's answer; false: not to a statement of ours. */
bool epochs_stated(struct service *service, const struct frame *frame);
bool epochs_refused(struct service *service, const struct frame *frame);

#endif
