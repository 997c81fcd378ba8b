/* services/runtime/store/alarm_store.h: what people were alarmed of, and whether it is settled. */
#ifndef SAIKNE_ALARM_STORE_H
#define SAIKNE_ALARM_STORE_H

#include "protocol/host/database.h"
#include "services/runtime/store/deadline_store.h"
#include "services/runtime/store/knowing_store.h"

/*
 * One for each stage that a deadline of a task reached, and for each record of a ground that ends
 * soon. Codes and instants only: nothing personal.
 */
struct alarm_row {
	uint64_t n;
	uint64_t case_n;
	uint64_t task_n, ground_n; /* one of them is 0 */
	char what[DEADLINE_WHAT_MAX];
	uint64_t due_ms;
	enum deadline_stage stage; /* never DEADLINE_RUNNING */
	bool ours;
	char reaches[48];    /* "holder;supervisor" */
	uint64_t time_ms;    /* when it was raised */
	uint64_t settled_ms; /* 0: still open */
	uint64_t seen_ms;    /* the first time that somebody said so; 0: nobody did */
	char seen_role[24];
};

/*
 * Raises the alarm of ROW's task, what, due and stage: N is given by the store. One that was
 * settled opens again, as of now; one that is open stays as it is.
 */
MUST_CHECK enum status alarm_store_raise(struct database *db, const struct alarm_row *row);
/* Settles what is open of a task's WHAT; but not what is of DUE_MS and of STAGE. */
MUST_CHECK enum status alarm_store_settle(struct database *db, uint64_t task_n,
    const char *what, uint64_t due_ms, enum deadline_stage stage, uint64_t time_ms);
/* Whether an alarm of GROUND_N and DUE_MS is open. */
MUST_CHECK enum status alarm_store_is_open(
    struct database *db, uint64_t ground_n, uint64_t due_ms, bool *any);
/* Settles what is open of a record; but not what is of DUE_MS, 0: all. */
MUST_CHECK enum status alarm_store_settle_ground(
    struct database *db, uint64_t ground_n, uint64_t due_ms, uint64_t time_ms);
MUST_CHECK enum status alarm_store_get(struct database *db, uint64_t n, struct alarm_row *out);
/* The newest below BEFORE (0: of all); with OPEN only those that are not settled. */
MUST_CHECK enum status alarm_store_before(
    struct database *db, bool open, uint64_t before, struct alarm_row *out);
/*
 * Numbers of at most LIMIT alarms of what FILTER's person knows and sees in the mailbox, below its
 * BEFORE, newest first; with OPEN only those that are not settled. *COUNT is how many.
 */
MUST_CHECK enum status alarm_store_known(struct database *db,
    const struct knowing_filter *filter, bool open, unsigned limit, uint64_t *ns,
    unsigned *count);
/* The open ones of a task, the first due first; *COUNT is how many of at most LIMIT. */
MUST_CHECK enum status alarm_store_open_of(struct database *db, uint64_t task_n, unsigned limit,
    struct alarm_row *rows, unsigned *count);
/* Whether anything of a case is alarmed, or overdue at NOW_MS, whoever owes it. */
MUST_CHECK enum status alarm_store_of_case(
    struct database *db, uint64_t case_n, uint64_t now_ms, bool *any);
/* Notes the first that saw it; a later one changes nothing. */
MUST_CHECK enum status alarm_store_seen(
    struct database *db, uint64_t n, const char *role, uint64_t time_ms);

#endif
