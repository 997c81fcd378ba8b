/* services/runtime/task/consent.h: a record of a ground: its states, events and fold; pure. */
#ifndef SAIKNE_CONSENT_H
#define SAIKNE_CONSENT_H

#include "protocol/base/bytes.h"
#include "protocol/wire/envelope.h"

/*
 * A record is an append-only stream of events. Consent has the states of ISO/IEC TS 27560; a
 * legal basis is decided, and ends; a decision not to share is a record, too. Only GIVEN,
 * RENEWED and IN_FORCE authorise.
 */
#define CONSENT_STATE_LIST(STATE)                                                              \
	STATE(NONE, "none", "nav", "none")                                                     \
	STATE(REQUESTED, "requested", "lūgta", "requested")                                    \
	STATE(DEFERRED, "deferred", "atlikta", "deferred")                                     \
	STATE(GIVEN, "given", "dota", "given")                                                 \
	STATE(REFUSED, "refused", "atteikta", "refused")                                       \
	STATE(RENEWED, "renewed", "pagarināta", "renewed")                                     \
	STATE(OBJECTED, "objected", "iebilsts; gaida risinājumu", "objected to, unresolved")   \
	STATE(WITHDRAWN, "withdrawn", "atsaukta", "withdrawn")                                 \
	STATE(REVOKED, "revoked", "atcelta", "revoked by an authority")                        \
	STATE(EXPIRED, "expired", "beigusies", "expired")                                      \
	STATE(INVALIDATED, "invalidated", "nav spēkā", "invalidated")                          \
	STATE(IN_FORCE, "in_force", "spēkā", "in force")                                       \
	STATE(ENDED, "ended", "zudis", "ended")                                                \
	STATE(NOT_SHARED, "not_shared", "nolemts nenodot", "decided not to share")

#define CONSENT_STATE_ENUM(name, ...) CONSENT_##name,
enum consent_state { CONSENT_STATE_LIST(CONSENT_STATE_ENUM) CONSENT_STATE_COUNT };
#undef CONSENT_STATE_ENUM

/* EVENT(NAME, name, code of lists/stop-reasons.csv that it stops references with; "": none) */
#define CONSENT_EVENT_LIST(EVENT)                                                              \
	EVENT(REQUEST, "request", "")                                                          \
	EVENT(DEFER, "defer", "")                                                              \
	EVENT(GIVE, "give", "")                                                                \
	EVENT(REFUSE, "refuse", "")                                                            \
	EVENT(RENEW, "renew", "")                                                              \
	EVENT(OBJECT, "object", "objected")                                                    \
	EVENT(RESOLVE, "resolve", "")                                                          \
	EVENT(WITHDRAW, "withdraw", "withdrawn")                                               \
	EVENT(REVOKE, "revoke", "revoked")                                                     \
	EVENT(EXPIRE, "expire", "expired")                                                     \
	EVENT(COME_OF_AGE, "come_of_age", "came_of_age")                                       \
	EVENT(INVALIDATE, "invalidate", "invalidated")                                         \
	EVENT(DECIDE, "decide", "")                                                            \
	EVENT(END, "end", "ended")                                                             \
	EVENT(NOT_SHARE, "not_share", "")

#define CONSENT_EVENT_ENUM(name, ...) CONSENT_EVENT_##name,
enum consent_event { CONSENT_EVENT_LIST(CONSENT_EVENT_ENUM) CONSENT_EVENT_COUNT };
#undef CONSENT_EVENT_ENUM

const char *consent_state_name(enum consent_state state);
const char *consent_state_label(enum consent_state state, const char *language);
enum consent_state consent_state_named(struct bytes name); /* CONSENT_STATE_COUNT: none */
const char *consent_event_name(enum consent_event event);
enum consent_event consent_event_named(struct bytes name); /* CONSENT_EVENT_COUNT: none */
/* The code of lists/stop-reasons.csv; "" when it stops nothing. */
const char *consent_stop_reason(enum consent_event event);
/* The event that a stop with this reason is at whoever is told; CONSENT_EVENT_COUNT: none. */
enum consent_event consent_stop_event(struct bytes reason);

bool consent_authorises(enum consent_state state);
/* STATE after EVENT; CONSENT_NONE: it does not follow and changes nothing. */
enum consent_state consent_next(enum consent_state state, enum consent_event event);

/* An event as the fold reads it. Own ones are in the order of their rows. */
struct consent_step {
	uint64_t index; /* of the log, where it came as a message; 0 for an own one */
	enum consent_event event;
};

/* What custody statements say of who gave consent, from a day on: days are YYYY-MM-DD. */
struct consent_custody {
	bool has; /* custody was restored, or given; false: interrupted or removed */
	char from[11];
};

/*
 * Whether who gave consent had custody when giving it ON that day and has it still: no statement
 * takes it, or one gave it back after the last taking and by that day. Of a statement that takes
 * and one that gives for the same day the first holds: whoever knows which of them came later
 * hands over that one alone.
 */
bool consent_has_custody(
    const char *on, const struct consent_custody *custody, size_t custody_count);

/*
 * The fold: STEPS in their order (own: rows; told: log index), then custody. A told GIVE, RENEW or
 * RESOLVE stands for whichever of them follows where it stands. A consent is
 * REVOKED once any statement took custody from its giver and none gave it back by GRANTED_ON:
 * whatever order statements and consent came in. CUSTODY may be in any order.
 */
enum consent_state consent_fold(const struct consent_step *steps, size_t count,
    const char *granted_on, const struct consent_custody *custody, size_t custody_count);

#endif
