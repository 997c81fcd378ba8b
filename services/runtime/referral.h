/* services/runtime/referral.h: the referral task as one table of states and events; pure. */
#ifndef SAIKNE_REFERRAL_H
#define SAIKNE_REFERRAL_H

#include "protocol/wire/content.h"
#include "protocol/wire/evidence.h"

/*
 *   (pending) ──accepted by the broker──▶ OFFERED ──review_opened──▶ UNDER_REVIEW
 *       │ refused ▶ REFUSED                  │                          │      │
 *       │                       expired ▶ EXPIRED                 accept│      │decline
 *       ▼                    unreadable ▶ UNREADABLE                    ▼      ▼
 *     (sender's screen)                                             ACCEPTED  DECLINED
 *                                                                       │outcome
 *                                                     CLOSED ◀─close─ OUTCOME_REPORTED
 *
 * OFFERED also takes accept and decline at once when the offer carried its content (urgent,
 * immediate). RELEASED content comes in UNDER_REVIEW, or in ACCEPTED where it crossed the
 * acceptance, and changes nothing but what is known.
 * CLOSE follows OUTCOME_REPORTED or DECLINED, by the referring side. Issue-wide states to come
 * (hold, redirect, cancel, information) are rows added here.
 */
#define REFERRAL_STATE_LIST(STATE)                                                             \
	STATE(NONE, "none", "nav", "none")                                                     \
	STATE(PENDING, "pending", "nosūtīšanai", "waiting to be sent")                         \
	STATE(OFFERED, "offered", "nosūtīts", "sent")                                          \
	STATE(UNDER_REVIEW, "under_review", "tiek izskatīts", "under review")                  \
	STATE(ACCEPTED, "accepted", "pieņemts", "accepted")                                    \
	STATE(DECLINED, "declined", "noraidīts", "declined")                                   \
	STATE(OUTCOME_REPORTED, "outcome_reported", "ziņots iznākums", "outcome reported")     \
	STATE(CLOSED, "closed", "slēgts", "closed")                                            \
	STATE(EXPIRED, "expired", "beidzies termiņš", "expired before it was taken")           \
	STATE(                                                                                 \
	    UNREADABLE, "unreadable", "nav nolasāms", "could not be opened by the recipient")  \
	STATE(REFUSED, "refused", "atteikts", "refused by the broker")

#define REFERRAL_STATE_ENUM(name, ...) REFERRAL_##name,
enum referral_state { REFERRAL_STATE_LIST(REFERRAL_STATE_ENUM) REFERRAL_STATE_COUNT };
#undef REFERRAL_STATE_ENUM

/* What moves it: messages of its types and evidence about its offer. */
#define REFERRAL_EVENT_LIST(EVENT)                                                             \
	EVENT(QUEUED)                                                                          \
	EVENT(OFFER)                                                                           \
	EVENT(REVIEW_OPENED)                                                                   \
	EVENT(RELEASE)                                                                         \
	EVENT(ACCEPT)                                                                          \
	EVENT(DECLINE)                                                                         \
	EVENT(OUTCOME)                                                                         \
	EVENT(CLOSE) EVENT(OFFER_EXPIRED) EVENT(OFFER_UNREADABLE) EVENT(OFFER_REFUSED)

#define REFERRAL_EVENT_ENUM(name) REFERRAL_EVENT_##name,
enum referral_event { REFERRAL_EVENT_LIST(REFERRAL_EVENT_ENUM) REFERRAL_EVENT_COUNT };
#undef REFERRAL_EVENT_ENUM

/* Which side of the task an institution is on. */
enum referral_side { REFERRAL_SENDER = 1, REFERRAL_RECIPIENT = 2 };

const char *referral_state_name(enum referral_state state);
const char *referral_state_label(enum referral_state state, const char *language);
/* REFERRAL_STATE_COUNT when NAME is none. */
enum referral_state referral_state_named(struct bytes name);
const char *referral_event_name(enum referral_event event);
/* The event that a message of TYPE is; REFERRAL_EVENT_COUNT when it is none. */
enum referral_event referral_event_of(enum message type);

/* The next state, or REFERRAL_NONE: the event does not follow and changes nothing. */
enum referral_state referral_next(enum referral_state state, enum referral_event event,
    enum referral_side by, bool with_content);

/* One event of a task in the log's order, as the fold reads it. */
struct referral_step {
	uint64_t index; /* log index; UINT64_MAX while its receipt is awaited */
	enum referral_event event;
	enum referral_side by;
	uint64_t applied;  /* the author's last applied index: decides crossings */
	bool with_content; /* OFFER that carried its content */
};

struct referral_task {
	enum referral_state state;
	bool content_due; /* the sender owes a RELEASE: review opened, nothing released since */
	bool content_seen; /* the recipient may have the content */
	uint64_t last_index;
	uint64_t void_steps; /* steps that did not follow: shown, without effect */
};

/*
 * Folds STEPS (sorted by index, pending last). VOIDS, if not NULL, gets one flag a step.
 * The same steps give the same task whatever the order they arrived in.
 */
void referral_fold(
    const struct referral_step *steps, size_t count, struct referral_task *out, bool *voids);

/* Whether SIDE may do EVENT now: what the desk offers and checks. */
bool referral_may(
    const struct referral_task *task, enum referral_event event, enum referral_side side);

#endif
