/* services/runtime/store/ground_store.h: records of grounds, their events, and references. */
#ifndef SAIKNE_GROUND_STORE_H
#define SAIKNE_GROUND_STORE_H

#include "protocol/host/database.h"
#include "protocol/wire/envelope.h"
#include "services/runtime/task/consent.h"

/*
 * Functions that give rows return STATUS_NOT_FOUND for none; writes need an open transaction.
 * What a record says (who, of whom, why) is sealed under its case's key: "grounds"/n/"body",
 * "ground_events"/n/"body" (vault.h).
 */
struct ground_row {
	uint64_t n, case_n;
	uint8_t id[SUITE_ID_LEN];   /* the record's, known to all its holders */
	char origin[PARTY_MAX + 1]; /* "": ours; else the institution that told us of it */
	enum basis basis;
	uint64_t time_ms;
	enum consent_state state;
	bool stopped; /* it authorises nothing, and that was told to all who have references */
	uint64_t check_ms; /* when it is to be looked at again; UINT64_MAX: never */
};

struct ground_event_row {
	uint64_t n, ground_n;
	enum consent_event what;
	uint64_t index; /* of the log; 0: our own */
	uint64_t time_ms;
	uint64_t
	    person; /* number in people; 0: the service by itself, or another institution */
	char role[32];
};

enum ref_direction { REF_OURS = 0, REF_THEIRS = 1 };

struct ref_row {
	uint64_t n;
	enum ref_direction direction;
	char peer[PARTY_MAX + 1]; /* whom we made it for; who made it */
	uint8_t reference[SUITE_ID_LEN];
	enum basis basis;
	uint64_t ground_n; /* 0: not known yet (a stop came before what it stops) */
	uint64_t
	    stop_index; /* UINT64_MAX: not stopped; 0: stopped, not in the log yet (ours) */
	char stop_reason[33]; /* a code of lists/stop-reasons.csv; "" */
	uint64_t stop_task_n; /* the task that asks for the answer; 0: none */
};

MUST_CHECK enum status ground_store_next(struct database *db, uint64_t *n);
MUST_CHECK enum status ground_store_add(
    struct database *db, const struct ground_row *row, struct bytes body);
MUST_CHECK enum status ground_store_get(
    struct database *db, uint64_t n, struct ground_row *out);
MUST_CHECK enum status ground_store_find(struct database *db,
    const uint8_t id[static SUITE_ID_LEN], const char *origin, struct ground_row *out);
/* Our own record with this ID or, where there is none, a mirror of it. */
MUST_CHECK enum status ground_store_any(
    struct database *db, const uint8_t id[static SUITE_ID_LEN], struct ground_row *out);
/* Of those to be looked at by BY_MS the one that comes after AFTER's check_ms and n. */
MUST_CHECK enum status ground_store_ending(struct database *db, uint64_t by_ms,
    const struct ground_row *after, struct ground_row *out);
/* The first of CASE_N with a number above AFTER. */
MUST_CHECK enum status ground_store_of_case(
    struct database *db, uint64_t case_n, uint64_t after, struct ground_row *out);
/* The one to be looked at first, if by NOW_MS. */
MUST_CHECK enum status ground_store_due(
    struct database *db, uint64_t now_ms, struct ground_row *out);
/* When the next is to be looked at; UINT64_MAX: none. */
MUST_CHECK enum status ground_store_next_check(struct database *db, uint64_t *ms);
/* Whether the same record, as another institution told us of it, or our own, authorises nothing. */
MUST_CHECK enum status ground_store_stopped_elsewhere(
    struct database *db, const struct ground_row *row, bool *out);
/* Stores state, stopped, check_ms. */
MUST_CHECK enum status ground_store_set(struct database *db, const struct ground_row *row);
/* It belongs to ROW's case from now on, under whose key its body is still to be written. */
MUST_CHECK enum status ground_store_move(struct database *db, const struct ground_row *row);
MUST_CHECK enum status ground_store_body(struct database *db, uint64_t n, struct buffer *out);
MUST_CHECK enum status ground_store_set_body(
    struct database *db, uint64_t n, struct bytes body);

MUST_CHECK enum status ground_store_next_event(struct database *db, uint64_t *n);
MUST_CHECK enum status ground_store_add_event(
    struct database *db, const struct ground_event_row *row, struct bytes body);
/* The first of GROUND_N after the event numbered AFTER, in the order they were stored. */
MUST_CHECK enum status ground_store_event_after(
    struct database *db, uint64_t ground_n, uint64_t after, struct ground_event_row *out);
MUST_CHECK enum status ground_store_event_body(
    struct database *db, uint64_t n, struct buffer *out);

MUST_CHECK enum status ground_store_add_ref(struct database *db, struct ref_row *row);
MUST_CHECK enum status ground_store_ref(struct database *db, enum ref_direction direction,
    const char *peer, const uint8_t reference[static SUITE_ID_LEN], struct ref_row *out);
/* Ours under GROUND_N for PEER that is not stopped. */
MUST_CHECK enum status ground_store_live_ref(
    struct database *db, uint64_t ground_n, const char *peer, struct ref_row *out);
/* The first of GROUND_N in DIRECTION with a number above AFTER. */
MUST_CHECK enum status ground_store_ref_of(struct database *db, uint64_t ground_n,
    enum ref_direction direction, uint64_t after, struct ref_row *out);
/* The first of ours above AFTER that is stopped, and whom it was made for is not told yet. */
MUST_CHECK enum status ground_store_untold(
    struct database *db, uint64_t after, struct ref_row *out);
/* Stores ground_n, stop_index, stop_reason, stop_task_n. */
MUST_CHECK enum status ground_store_set_ref(struct database *db, const struct ref_row *row);

#endif
