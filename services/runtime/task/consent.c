/* services/runtime/task/consent.c: the states and events of a record of a ground as one table. */
#include "services/runtime/task/consent.h"

#include <string.h>

static const struct {
	const char *name, *label_lv, *label_en;
} states[CONSENT_STATE_COUNT] = {
#define ROW(state, name, lv, en) [CONSENT_##state] = {name, lv, en},
    CONSENT_STATE_LIST(ROW)
#undef ROW
};

static const struct {
	const char *name, *stop_reason;
} events[CONSENT_EVENT_COUNT] = {
#define ROW(event, name, reason) [CONSENT_EVENT_##event] = {name, reason},
    CONSENT_EVENT_LIST(ROW)
#undef ROW
};

/*
 * consent        none ──▶ requested ⇄ deferred ──▶ given ──▶ renewed
 *                            └──▶ refused ──────────▲  └─────┴──▶ objected ──▶ given
 *                given, renewed, objected ──▶ withdrawn | revoked | invalidated | expired
 *                expired ──▶ renewed
 * legal basis    none ──▶ in_force ──▶ ended | expired | invalidated
 * not to share   none ──▶ not_shared ──▶ invalidated
 *
 * Withdrawn, revoked, invalidated and ended are final: who consents anew, does so in a record
 * of its own. Time does not end what somebody objected to, or renewing it would get round the
 * objection.
 */
#define NEXT(event, state) [CONSENT_EVENT_##event] = CONSENT_##state
static const enum consent_state next[CONSENT_STATE_COUNT][CONSENT_EVENT_COUNT] = {
    [CONSENT_NONE] = {NEXT(REQUEST, REQUESTED), NEXT(DEFER, DEFERRED), NEXT(GIVE, GIVEN),
	NEXT(REFUSE, REFUSED), NEXT(DECIDE, IN_FORCE), NEXT(NOT_SHARE, NOT_SHARED)},
    [CONSENT_REQUESTED] = {NEXT(DEFER, DEFERRED), NEXT(GIVE, GIVEN), NEXT(REFUSE, REFUSED),
	NEXT(COME_OF_AGE, EXPIRED), NEXT(INVALIDATE, INVALIDATED)},
    [CONSENT_DEFERRED] = {NEXT(REQUEST, REQUESTED), NEXT(DEFER, DEFERRED), NEXT(GIVE, GIVEN),
	NEXT(REFUSE, REFUSED), NEXT(COME_OF_AGE, EXPIRED), NEXT(INVALIDATE, INVALIDATED)},
    [CONSENT_GIVEN] = {NEXT(RENEW, RENEWED), NEXT(OBJECT, OBJECTED), NEXT(WITHDRAW, WITHDRAWN),
	NEXT(REVOKE, REVOKED), NEXT(EXPIRE, EXPIRED), NEXT(COME_OF_AGE, EXPIRED),
	NEXT(INVALIDATE, INVALIDATED)},
    [CONSENT_REFUSED] = {NEXT(REQUEST, REQUESTED), NEXT(GIVE, GIVEN),
	NEXT(INVALIDATE, INVALIDATED)},
    [CONSENT_RENEWED] = {NEXT(RENEW, RENEWED), NEXT(OBJECT, OBJECTED),
	NEXT(WITHDRAW, WITHDRAWN), NEXT(REVOKE, REVOKED), NEXT(EXPIRE, EXPIRED),
	NEXT(COME_OF_AGE, EXPIRED), NEXT(INVALIDATE, INVALIDATED)},
    [CONSENT_OBJECTED] = {NEXT(RESOLVE, GIVEN), NEXT(WITHDRAW, WITHDRAWN),
	NEXT(REVOKE, REVOKED), NEXT(COME_OF_AGE, EXPIRED), NEXT(INVALIDATE, INVALIDATED)},
    [CONSENT_EXPIRED] = {NEXT(RENEW, RENEWED)},
    [CONSENT_IN_FORCE] = {NEXT(RENEW, IN_FORCE), NEXT(END, ENDED), NEXT(EXPIRE, EXPIRED),
	NEXT(INVALIDATE, INVALIDATED)},
    [CONSENT_NOT_SHARED] = {NEXT(INVALIDATE, INVALIDATED)},
};
#undef NEXT

/* ---- Names ------------------------------------------------------------------------------- */

const char *
consent_state_name(enum consent_state state)
{
	return state < CONSENT_STATE_COUNT ? states[state].name : "none";
}

const char *
consent_state_label(enum consent_state state, const char *language)
{
	if (state >= CONSENT_STATE_COUNT)
		state = CONSENT_NONE;
	return strcmp(language, "lv") == 0 ? states[state].label_lv : states[state].label_en;
}

enum consent_state
consent_state_named(struct bytes name)
{
	for (unsigned i = 0; i < CONSENT_STATE_COUNT; i++)
		if (bytes_is_text(name, states[i].name))
			return (enum consent_state)i;
	return CONSENT_STATE_COUNT;
}

const char *
consent_event_name(enum consent_event event)
{
	return event < CONSENT_EVENT_COUNT ? events[event].name : "";
}

enum consent_event
consent_event_named(struct bytes name)
{
	for (unsigned i = 0; i < CONSENT_EVENT_COUNT; i++)
		if (bytes_is_text(name, events[i].name))
			return (enum consent_event)i;
	return CONSENT_EVENT_COUNT;
}

const char *
consent_stop_reason(enum consent_event event)
{
	return event < CONSENT_EVENT_COUNT ? events[event].stop_reason : "";
}

enum consent_event
consent_stop_event(struct bytes reason)
{
	if (reason.len > 0)
		for (unsigned i = 0; i < CONSENT_EVENT_COUNT; i++)
			if (bytes_is_text(reason, events[i].stop_reason))
				return (enum consent_event)i;
	return CONSENT_EVENT_COUNT;
}

/* ---- The table read ---------------------------------------------------------------------- */

bool
consent_authorises(enum consent_state state)
{
	return state == CONSENT_GIVEN || state == CONSENT_RENEWED || state == CONSENT_IN_FORCE;
}

enum consent_state
consent_next(enum consent_state state, enum consent_event event)
{
	if (state >= CONSENT_STATE_COUNT || event >= CONSENT_EVENT_COUNT)
		return CONSENT_NONE;
	return next[state][event];
}

/* ---- The fold ---------------------------------------------------------------------------- */

bool
consent_has_custody(const char *on, const struct consent_custody *custody, size_t custody_count)
{
	const char *taken = NULL;

	/* What gave it back after the last taking did so after every other, too. */
	for (size_t i = 0; i < custody_count; i++)
		if (!custody[i].has && (taken == NULL || strcmp(custody[i].from, taken) > 0))
			taken = custody[i].from;
	if (taken == NULL)
		return true;
	/* Of two statements for one day the one that takes holds. */
	for (size_t i = 0; i < custody_count; i++)
		if (custody[i].has && strcmp(custody[i].from, taken) > 0 &&
		    strcmp(custody[i].from, on) <= 0)
			return true;
	return false;
}

/*
 * A message that rests on a record tells that it authorises, and was kept as the event that made
 * it so by what was known then. What comes to be known later may stand before it: then it is the
 * event that does so now.
 */
static enum consent_state
after_step(enum consent_state state, const struct consent_step *step)
{
	static const enum consent_event ways[] = {
	    CONSENT_EVENT_GIVE, CONSENT_EVENT_RENEW, CONSENT_EVENT_RESOLVE};
	enum consent_state after = consent_next(state, step->event);
	bool told = false;

	for (size_t i = 0; step->index != 0 && i < sizeof(ways) / sizeof(ways[0]); i++)
		told |= step->event == ways[i];
	if (after != CONSENT_NONE || !told || consent_authorises(state))
		return after;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		after = consent_next(state, ways[i]);
		if (consent_authorises(after))
			return after;
	}
	return CONSENT_NONE;
}

enum consent_state
consent_fold(const struct consent_step *steps, size_t count, const char *granted_on,
    const struct consent_custody *custody, size_t custody_count)
{
	enum consent_state state = CONSENT_NONE;

	for (size_t i = 0; i < count; i++) {
		enum consent_state after = after_step(state, &steps[i]);

		if (after != CONSENT_NONE)
			state = after;
	}
	/* What authorises nothing for another reason keeps that reason. */
	if (consent_next(state, CONSENT_EVENT_REVOKE) == CONSENT_REVOKED &&
	    !consent_has_custody(granted_on, custody, custody_count))
		state = CONSENT_REVOKED;
	return state;
}
