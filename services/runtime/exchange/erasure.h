/* services/runtime/exchange/erasure.h: making content unreadable for good; the evidence stays. */
#ifndef SAIKNE_ERASURE_H
#define SAIKNE_ERASURE_H

#include "services/runtime/store/case_store.h"
#include "services/runtime/store/erasure_store.h"

struct service;

/*
 * A whole case: its key is destroyed, and with it everything sealed under it; words, documents
 * and their files go. One task of it: what its messages said goes, and all that stays is sealed
 * anew under a fresh key, so that the old pages, wherever they lie, open nothing. One message
 * that came: the same of it alone, whatever state its task is in.
 *
 * What stays: that there were a case and tasks, their states and times, with whom, and the
 * leaves and proofs: the log verifies as before. Pages in the write-ahead log are gone once
 * erasure_settle() could truncate it; a backup holds keys until it expires, after
 * ERASURE_BACKUP_DAYS at most (README says how operators keep that); what was sealed to our
 * sealing epochs opens no more once those are destroyed, at most 37 days after they began.
 */
#define ERASURE_BACKUP_DAYS 30
#define ERASURE_EPOCH_DAYS  37

struct erasure {
	uint64_t case_n;
	uint64_t task_n;  /* 0: the whole case */
	uint64_t event_n; /* 0: the whole task; else one message of it that came */
	const char *reason;
	uint64_t person; /* 0 and "": the service by itself */
	const char *role;
};

/*
 * What is in the way: a task is open; a message of ours is still to be recorded, and might have
 * to be sealed anew; a consent of the case stands under which others hold data, whom its stop
 * could not reach any more. A task that was stopped is open no longer.
 */
enum erasure_hindrance {
	ERASURE_FREE,
	ERASURE_TASK_OPEN,
	ERASURE_MESSAGE_WAITS,
	ERASURE_CONSENT_STANDS
};
/* STATUS_ERASED: nothing is left to erase. */
MUST_CHECK enum status erasure_hindrance(
    struct service *service, const struct erasure *what, enum erasure_hindrance *out);
/* The same as STATUS_OK, STATUS_WRONG_STATE or STATUS_ERASED. */
MUST_CHECK enum status erasure_may(struct service *service, const struct erasure *what);
/* In the open transaction; erasure_settle() after its commit. */
MUST_CHECK enum status erasure_run(struct service *service, const struct erasure *what);
/* Removes files and truncates the write-ahead log; again later where something is in the way. */
MUST_CHECK enum status erasure_settle(struct service *service);

#endif
