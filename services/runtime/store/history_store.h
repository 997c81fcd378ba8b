/* services/runtime/store/history_store.h: what members said of a circle's history, and what is passed on. */
#ifndef SAIKNE_HISTORY_STORE_H
#define SAIKNE_HISTORY_STORE_H

#include "protocol/host/database.h"
#include "protocol/wire/envelope.h"
#include "services/runtime/store/event_store.h"

/*
 * Functions that give rows return STATUS_NOT_FOUND for none; writes need an open transaction.
 * All of it is in the clear: codes of institutions, log indices, digests.
 */

/* ---- Entries and digests ----------------------------------------------------------------- */

/* The history up to INDEX, one of its entries. */
struct history_at {
	uint64_t index, count;
	uint8_t digest[SUITE_HASH_LEN];
};
/* The last that is stored up to UPTO. What an entry that came late changed is gone. */
MUST_CHECK enum status history_store_at(
    struct database *db, uint64_t circle_n, uint64_t upto, struct history_at *out);
MUST_CHECK enum status history_store_add_at(
    struct database *db, uint64_t circle_n, const struct history_at *at);

/* ---- What members said ------------------------------------------------------------------- */

struct history_claim {
	char party[PARTY_MAX + 1];
	uint64_t upto, count; /* COUNT entries up to the index UPTO; nothing said yet: 0, 0 */
	uint8_t digest[SUITE_HASH_LEN];
	uint64_t agreed; /* the last index up to which it said what we have */
	bool lacking;    /* it has, by what it said, what we may not have */
	bool planned;    /* a member: what it lacks of ours was put down */
	uint64_t aside;  /* so many more than ours, and one, were set aside; 0: none were */
};

/* The first of the circle whose party stands behind AFTER in the alphabet; "" for any. */
MUST_CHECK enum status history_store_claim_after(
    struct database *db, uint64_t circle_n, const char *after, struct history_claim *out);
MUST_CHECK enum status history_store_claim(
    struct database *db, uint64_t circle_n, const char *party, struct history_claim *out);
MUST_CHECK enum status history_store_set_claim(
    struct database *db, uint64_t circle_n, const struct history_claim *claim);
MUST_CHECK enum status history_store_drop_claim(
    struct database *db, uint64_t circle_n, const char *party);
/* Whether we lack anything of what PARTY has, in whatever circle. */
MUST_CHECK enum status history_store_lacking(struct database *db, const char *party, bool *out);

/* ---- The circle's own columns ------------------------------------------------------------ */

struct history_circle {
	uint64_t circle_n;
	uint8_t token[SUITE_ID_LEN], id[SUITE_ID_LEN];
	uint64_t agreed;  /* up to which index all members said what we have */
	bool gap;         /* we may lack something */
	uint64_t ask_ms;  /* when we ask for it next; 0: never */
	uint64_t asks;    /* how often we have, in this gap */
	uint64_t planned; /* of our acts up to this index it is known who lacks them, */
	uint64_t terms;   /* by members that this is a checksum of */
	uint64_t looked;  /* the last entry when all claims were judged */
};

MUST_CHECK enum status history_store_circle(
    struct database *db, uint64_t circle_n, struct history_circle *out);
MUST_CHECK enum status history_store_circle_of(
    struct database *db, const uint8_t token[static SUITE_ID_LEN], struct history_circle *out);
/* Stores what follows ID. */
MUST_CHECK enum status history_store_set_circle(
    struct database *db, const struct history_circle *circle);
/* The one that asks first. */
MUST_CHECK enum status history_store_asking(struct database *db, struct history_circle *out);

/* ---- Passing on -------------------------------------------------------------------------- */

#define PASSED_LIST(HOW)                                                                       \
	HOW(DUE, "due")         /* to be passed on, from TIME_MS on; STATUS: why not before */ \
	HOW(CONTENT, "content") /* it went, with what PARTY may have of it, as TASK_N */       \
	HOW(ACTS, "acts")       /* its acts went, as TASK_N */                                 \
	HOW(NEVER, "never")     /* there is nothing to pass on any more: STATUS */

#define PASSED_ENUM(name, text) PASSED_##name,
enum history_how { PASSED_LIST(PASSED_ENUM) PASSED_HOW_COUNT };
#undef PASSED_ENUM

struct history_pass {
	uint64_t event_n;
	char party[PARTY_MAX + 1];
	enum history_how how;
	enum status status;
	uint64_t time_ms;
	uint64_t task_n; /* the last by which it went; 0: none */
	uint64_t times;  /* how often it went */
};

MUST_CHECK enum status history_store_pass(
    struct database *db, uint64_t event_n, const char *party, struct history_pass *out);
MUST_CHECK enum status history_store_set_pass(
    struct database *db, const struct history_pass *row);
/* The one that went last as TASK_N. */
MUST_CHECK enum status history_store_pass_by(
    struct database *db, uint64_t task_n, struct history_pass *out);
/* The one that is due first. */
MUST_CHECK enum status history_store_due(struct database *db, struct history_pass *out);
/* One that waits beyond NOW_MS because its party, the next after AFTER, could not be reached. */
MUST_CHECK enum status history_store_unreached(
    struct database *db, uint64_t now_ms, const char *after, struct history_pass *out);
/* Those that wait so for PARTY are due at NOW_MS. */
MUST_CHECK enum status history_store_hasten(
    struct database *db, uint64_t now_ms, const char *party);

#endif
