/* services/runtime/exchange/grounds.h: what sharing rests on: records kept, cited, checked, stopped. */
#ifndef SAIKNE_GROUNDS_H
#define SAIKNE_GROUNDS_H

#include <jansson.h>

#include "protocol/trust/directory.h"
#include "protocol/trust/ground.h"
#include "services/runtime/exchange/departure.h"
#include "services/runtime/store/ground_store.h"
#include "services/runtime/store/vault.h"
#include "services/runtime/task/calendar.h"

struct service;

/*
 * A record of a ground belongs to a case: a consent or a legal basis of our own, or the mirror of
 * one that another institution cited to us. Its body is sealed JSON:
 *
 *   both     ground (legal-bases.csv), recipients [kind, group of kinds or institution],
 *            categories [..], purposes [..], until (date, may be absent)
 *   consent  granter, granter_code, capacity (capacities.csv), granted_on (date),
 *            child {name, personal_code, birth_date}, childs_view, child_consent
 *            ("given" | "refused" | "not_asked"), notice {code, version, language},
 *            interpreter, method, joint_custody (bool)
 *   law      provision, necessity, decided_by, family_told (family-told.csv), family_text
 *
 * A mirror has what its maker's message told: of purposes the one of the task.
 *
 * Rules (numbered, for tests to cite):
 * 1. No message with content is sealed unless grounds_permit() said so at that moment; what the
 *    ground does not cover is not sealed, even where the profile would let it go.
 * 2. One reference for each (record, recipient) while it lives; a stopped one is never cited again.
 * 3. Whatever takes a record out of an authorising state stops every live reference of ours under
 *    it, in the same transaction: GROUND_STOP to each institution, which answers it.
 *    A mirror that loses its ground does the same to those whom we passed the data on to.
 * 4. A permission counts from when it is recorded (own) or its log index (told); a stop counts
 *    as soon as it is known.
 * 5. What a recipient is told of a record it keeps as a mirror, state and all; every holder's
 *    fold over the same messages ends in the same state.
 */

/*
 * An event's sealed body: { "day": the legal date, "reason": what people are shown, may be absent }.
 */

/* A record's body, read for checks. */
struct ground_terms {
	char code[MESSAGE_CODE_MAX + 1];
	category_set categories; /* what it names */
	char until[11];          /* "": no end */
	char granted_on[11];     /* consent */
	const json_t *body;      /* borrowed */
};

/* Riga's date of MS, "2026-11-22". */
void grounds_day(uint64_t ms, char out[static 11]);

/* ---- Records ----------------------------------------------------------------------------- */

/*
 * Who does it: 0 and "" for the service by itself, or another institution's message at INDEX.
 * REASON is what people are shown beside it, sealed with it; NULL: nothing to say.
 */
struct ground_cause {
	uint64_t person;
	const char *role;
	uint64_t index;  /* 0: ours */
	const char *day; /* the legal date, YYYY-MM-DD; NULL: today */
	const char *reason;
};

/*
 * A new record of ours (ORIGIN "") or a mirror with its maker's ID, with its first event.
 * BODY is checked by the caller. KEY is its case's. In the open transaction.
 */
MUST_CHECK enum status grounds_open(struct service *service, struct departure *departure,
    const struct case_key *key, struct ground_row *row, const json_t *body,
    enum consent_event event, const struct ground_cause *cause);
/*
 * EVENT happens to it: stored, folded (with custody: custody.h), and, by rule 3, told.
 * STATUS_WRONG_STATE when an own event does not follow; a told one is kept and may change nothing.
 */
MUST_CHECK enum status grounds_apply(struct service *service, struct departure *departure,
    const struct case_key *key, struct ground_row *row, enum consent_event event,
    const struct ground_cause *cause);
/* What the record says from now on; checked by the caller, before the event that says why. */
MUST_CHECK enum status grounds_write(struct service *service, const struct case_key *key,
    const struct ground_row *row, const json_t *body);
/* An event's body, to be json_decref()'d; STATUS_ERASED. */
MUST_CHECK enum status grounds_read_event(
    struct service *service, const struct case_key *key, uint64_t event_n, json_t **body);
/* Folds again, after a statement of custody or an event that arrived late; rule 3. */
MUST_CHECK enum status grounds_refold(struct service *service, struct departure *departure,
    const struct case_key *key, struct ground_row *row);
/* What BODY says, for checks; false where it is no record of class BASIS. TERMS borrows. */
MUST_CHECK bool grounds_terms(const json_t *body, enum basis basis, struct ground_terms *terms);
/* Its body, to be json_decref()'d; TERMS may be NULL and borrows from it. */
MUST_CHECK enum status grounds_read(struct service *service, const struct case_key *key,
    const struct ground_row *row, json_t **body, struct ground_terms *terms);

/* The state by all that was known before the entry INDEX of the log, without custody. */
MUST_CHECK enum status grounds_state_before(struct service *service,
    const struct ground_row *row, uint64_t index, enum consent_state *out);

/* ---- Citing ------------------------------------------------------------------------------ */

/*
 * Whether ROW authorises sending to PEER for PURPOSE today, and which categories (with ACT and
 * GROUND). STATUS_NO_CONSENT, STATUS_GROUND_EXPIRED, STATUS_NO_CUSTODY, STATUS_UNCONFIRMED,
 * STATUS_NO_NECESSITY, STATUS_OUTSIDE_GROUND (recipient or purpose).
 */
MUST_CHECK enum status grounds_permit(struct service *service, const struct case_key *key,
    const struct ground_row *row, const struct party *peer, const char *purpose,
    category_set *allowed);
/*
 * The same of a record that is not stored yet, or was read already: of class BASIS, in STATE.
 * Pure but for what is confirmed and what day it is.
 */
MUST_CHECK enum status grounds_allow(struct service *service, enum basis basis,
    enum consent_state state, const struct ground_terms *terms, const struct party *peer,
    const char *purpose, category_set *allowed);
/* Whether it is in force today at all for PURPOSE, whoever it is for. */
MUST_CHECK enum status grounds_holds(struct service *service, enum basis basis,
    enum consent_state state, const struct ground_terms *terms, const char *purpose);
/* The live reference for PEER, made when there is none. */
MUST_CHECK enum status grounds_reference(struct service *service, const struct ground_row *row,
    const char *peer, uint8_t reference[static SUITE_ID_LEN]);
/* What grounds_fill() sets, in a type that has GROUND. */
MUST_CHECK bool grounds_sets(const struct field_info *field);
/* The same of a record that was read already, or is not stored yet. */
MUST_CHECK enum status grounds_tell(
    const struct ground_row *row, const struct ground_terms *terms, struct content *content);
/* Sets the ground's fields of CONTENT from the record; none of another may be set before. */
MUST_CHECK enum status grounds_fill(struct service *service, const struct case_key *key,
    const struct ground_row *row, struct content *content);

/* ---- What comes -------------------------------------------------------------------------- */

/* A message that cites consent or law, as its recipient judges it. */
struct ground_cited {
	const char *peer;
	const struct envelope_recipient *own; /* class and reference */
	uint64_t index, time_ms;              /* of its leaf */
	const char *purpose;                  /* of its task */
	const struct content *content;
};

/*
 * STATUS_FOREIGN_REFERENCE (known to us in another class or for another record),
 * STATUS_STOPPED (its leaf is behind the stop), STATUS_NO_CUSTODY, or as ground_covers().
 */
MUST_CHECK enum status grounds_judge(struct service *service, const struct ground_cited *cited);
/* The case of the record that is cited, or of the reference where only that is known. */
MUST_CHECK enum status grounds_case_of(
    struct service *service, const struct ground_cited *cited, uint64_t *case_n);
/* What a stop for REASON is to a mirror; one that its class does not have ends it all the same. */
enum consent_event grounds_stop_event(enum basis basis, const char *reason);
/* It is applied: the reference is kept, and the record's mirror made or brought up to date. */
MUST_CHECK enum status grounds_take(struct service *service, struct departure *departure,
    const struct case_key *key, uint64_t case_n, const struct ground_cited *cited);

/* ---- By themselves ----------------------------------------------------------------------- */

/* The day from which on TERMS may authorise nothing more, and what happens then; false: never. */
MUST_CHECK bool grounds_end(
    const struct ground_terms *terms, calendar_day *day, enum consent_event *event);
/*
 * When whoever holds its case is to be reminded that ROW, one of ours, ends: first at *DAY; *DUE_MS
 * stands in the clear, so of who comes of age both are those of a month. False: it does not end.
 */
MUST_CHECK bool grounds_remind_when(const struct ground_row *row,
    const struct ground_terms *terms, calendar_day *day, uint64_t *due_ms);
/* Raises or settles the alarm that it ends soon; in the open transaction. */
MUST_CHECK enum status grounds_remind(
    struct service *service, const struct ground_row *row, const struct ground_terms *terms);
/* What has expired, or came of age, by now; a transaction for each. Whether any had. */
bool grounds_due(struct service *service);
uint64_t grounds_next_ms(struct service *service); /* UINT64_MAX: nothing waits */

#endif
