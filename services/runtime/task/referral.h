/* services/runtime/task/referral.h: the referral task as one table of states and events; pure. */
#ifndef SAIKNE_REFERRAL_H
#define SAIKNE_REFERRAL_H

#include "protocol/wire/content.h"
#include "protocol/wire/evidence.h"

/*
 *  PENDING ─▶ REFUSED               by the broker
 *     │
 *  OFFERED ─▶ EXPIRED, UNREADABLE   nobody took it; nobody could open it
 *     │ review_opened
 *     ▼         information_request        information
 *  UNDER_REVIEW ───────────────▶ INFO_REQUESTED ─▶ UNDER_REVIEW
 *     │ │  │ redirect                      information: not so
 *     │ │  └───────────────────▶ REDIRECT_PROPOSED ─▶ UNDER_REVIEW
 *     │ │ decline                          │ follow_up
 *     │ └──────────────────────▶ DECLINED ─┴─────────▶ CLOSED
 *     │ accept                     follow_up              ▲
 *     ▼         start             hold                    │ close
 *  ACCEPTED ───────▶ IN_PROGRESS ◀────▶ ON_HOLD           │
 *     └── outcome ───────┴── outcome ──────┴──▶ OUTCOME_REPORTED
 *
 *  any open state ── cancel ──▶ CANCEL_REQUESTED ── cancel_confirm ──▶ CANCELLED
 *  any open state, and what was declined or reported ── entered_in_error ──▶ ENTERED_IN_ERROR
 *
 * OFFERED also takes accept and decline at once when the offer carried its content (urgent,
 * immediate). HOLD leads from ACCEPTED too, ACCEPT, DECLINE and REDIRECT from INFO_REQUESTED,
 * ACCEPT and DECLINE from REDIRECT_PROPOSED. What the recipient did last by mistake (accept,
 * decline, outcome) it takes back by ENTERED_IN_ERROR of its own. A redirect moves nothing by
 * itself: the sender records `redirect` in a follow_up and refers anew.
 *
 * Crossings. The log's order is the one order, and one thing more decides: what an author had
 * applied of the other side's acts when it wrote (`applied`). An act crossed another when its
 * author had not applied that.
 *   1. An acceptance stands against a cancel that crossed it: the cancel becomes a request to
 *      stop (STOP_REQUESTED), after which the recipient confirms or reports an outcome.
 *   2. Whichever of the two the log has first: an act of the recipient that crossed a cancel,
 *      and evidence about the offer, is judged as though the cancel had come after it.
 *   3. Information that crossed an acceptance or a redirect tells, and decides nothing.
 */
#define REFERRAL_STATE_LIST(STATE)                                                             \
	STATE(NONE, "none", "nav", "none")                                                     \
	STATE(PENDING, "pending", "nosūtīšanai", "waiting to be sent")                         \
	STATE(OFFERED, "offered", "nosūtīts", "sent")                                          \
	STATE(UNDER_REVIEW, "under_review", "tiek izskatīts", "under review")                  \
	STATE(                                                                                 \
	    INFO_REQUESTED, "info_requested", "gaida informāciju", "waiting for information")  \
	STATE(REDIRECT_PROPOSED, "redirect_proposed", "ieteikta cita iestāde",                 \
	    "another institution proposed")                                                    \
	STATE(ACCEPTED, "accepted", "pieņemts", "accepted")                                    \
	STATE(IN_PROGRESS, "in_progress", "tiek īstenots", "in progress")                      \
	STATE(ON_HOLD, "on_hold", "apturēts", "on hold")                                       \
	STATE(STOP_REQUESTED, "stop_requested", "pieņemts; lūgts pārtraukt",                   \
	    "accepted; asked to stop")                                                         \
	STATE(DECLINED, "declined", "noraidīts", "declined")                                   \
	STATE(OUTCOME_REPORTED, "outcome_reported", "ziņots iznākums", "outcome reported")     \
	STATE(CLOSED, "closed", "slēgts", "closed")                                            \
	STATE(CANCEL_REQUESTED, "cancel_requested", "lūgts atsaukt", "cancellation requested") \
	STATE(CANCELLED, "cancelled", "atsaukts", "cancelled")                                 \
	STATE(ENTERED_IN_ERROR, "entered_in_error", "ievadīts kļūdas dēļ", "entered in error") \
	STATE(EXPIRED, "expired", "beidzies termiņš", "expired before it was taken")           \
	STATE(                                                                                 \
	    UNREADABLE, "unreadable", "nav nolasāms", "could not be opened by the recipient")  \
	STATE(REFUSED, "refused", "atteikts", "refused by the broker")

#define REFERRAL_STATE_ENUM(name, ...) REFERRAL_##name,
enum referral_state { REFERRAL_STATE_LIST(REFERRAL_STATE_ENUM) REFERRAL_STATE_COUNT };
#undef REFERRAL_STATE_ENUM

/* What moves it: messages of its types and evidence about its offer. */
#define REFERRAL_EVENT_LIST(EVENT)                                                             \
	EVENT(QUEUED, "queued")                                                                \
	EVENT(OFFER, "offer")                                                                  \
	EVENT(REVIEW_OPENED, "review_opened")                                                  \
	EVENT(RELEASE, "release")                                                              \
	EVENT(INFORMATION_REQUEST, "information_request")                                      \
	EVENT(INFORMATION, "information")                                                      \
	EVENT(REDIRECT, "redirect")                                                            \
	EVENT(ACCEPT, "accept")                                                                \
	EVENT(DECLINE, "decline")                                                              \
	EVENT(FOLLOW_UP, "follow_up")                                                          \
	EVENT(START, "start")                                                                  \
	EVENT(HOLD, "hold")                                                                    \
	EVENT(RESUME, "resume")                                                                \
	EVENT(OUTCOME, "outcome")                                                              \
	EVENT(CLOSE, "close")                                                                  \
	EVENT(CANCEL, "cancel")                                                                \
	EVENT(CANCEL_CONFIRM, "cancel_confirm")                                                \
	EVENT(ENTERED_IN_ERROR, "entered_in_error")                                            \
	EVENT(OFFER_EXPIRED, "offer expired")                                                  \
	EVENT(OFFER_UNREADABLE, "offer unreadable")                                            \
	EVENT(OFFER_REFUSED, "offer refused")

#define REFERRAL_EVENT_ENUM(name, text) REFERRAL_EVENT_##name,
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

/* One line of the table: EVENT of a side in BY leads from STATE to NEXT. */
struct referral_move {
	enum referral_state state;
	enum referral_event event;
	unsigned by; /* enum referral_side, or both: the broker's word about an offer */
	enum referral_state next;
	enum referral_need {
		REFERRAL_ALWAYS,
		REFERRAL_WITH_CONTENT, /* only where the recipient has the content */
		REFERRAL_UNLESS_CROSSED,
		REFERRAL_IF_CROSSED,
	} need;
	enum referral_event over; /* what it crossed, or did not */
};
const struct referral_move *referral_move_at(unsigned i); /* NULL past the end */

/* What besides state, event and side decides: bits of FACTS. */
#define REFERRAL_FACT_CONTENT 1U /* the recipient may have the content */
#define REFERRAL_FACT_CROSSED 2U /* the act crossed what its line names */

/* The next state, or REFERRAL_NONE: the event does not follow and changes nothing. */
enum referral_state referral_next(enum referral_state state, enum referral_event event,
    enum referral_side by, unsigned facts);
/* Whether the task is not over: something other than a correction can follow. */
bool referral_is_open(enum referral_state state);

/* One event of a task in the log's order, as the fold reads it. */
struct referral_step {
	uint64_t index; /* log index; UINT64_MAX while its receipt is awaited */
	enum referral_event event;
	enum referral_side by;
	uint64_t applied;  /* the other side's last act that the author had applied */
	bool with_content; /* OFFER that carried its content */
};

struct referral_task {
	enum referral_state state;
	bool content_due;  /* the sender owes a RELEASE: review opened, nothing released yet */
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
