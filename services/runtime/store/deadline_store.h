/* services/runtime/store/deadline_store.h: deadlines that run, by the instant something is to happen. */
#ifndef SAIKNE_DEADLINE_STORE_H
#define SAIKNE_DEADLINE_STORE_H

#include "protocol/base/suite.h"
#include "protocol/host/database.h"
#include "services/runtime/task/deadline.h"

struct deadline_row {
	uint64_t task_n;
	char what[DEADLINE_WHAT_MAX];
	uint64_t began_ms, due_ms;
	uint64_t reminder_ms; /* 0: none */
	bool ours;            /* we owe what is owed */
	uint64_t climbs_ms[DEADLINE_LEVELS];
	enum deadline_stage stage;
	/* The last stage that was reached while the broker's clock could be asked. */
	enum deadline_stage sure;
};

/* When ROW comes to STAGE; 0: never. */
uint64_t deadline_store_instant(const struct deadline_row *row, enum deadline_stage stage);

/* All of one task, the next to end first; *COUNT is how many were put into ROWS. */
MUST_CHECK enum status deadline_store_of(struct database *db, uint64_t task_n,
    struct deadline_row rows[static DEADLINE_MAX], unsigned *count);
/* Whether WHAT runs on the task whose id is TASK. */
MUST_CHECK enum status deadline_store_runs(
    struct database *db, const uint8_t task[static SUITE_ID_LEN], const char *what, bool *out);
/* Adds or replaces the row of its task and WHAT; HAD, if not NULL, stands there already. */
MUST_CHECK enum status deadline_store_put(
    struct database *db, const struct deadline_row *row, const struct deadline_row *had);
MUST_CHECK enum status deadline_store_remove(
    struct database *db, uint64_t task_n, const char *what);
/* The first whose next stage is due at NOW_MS; STATUS_NOT_FOUND. */
MUST_CHECK enum status deadline_store_next(
    struct database *db, uint64_t now_ms, struct deadline_row *out);
/* One whose stage was reached by our own clock alone; STATUS_NOT_FOUND. */
MUST_CHECK enum status deadline_store_unsure(struct database *db, struct deadline_row *out);
/* When the next stage of any is due; 0: never. */
MUST_CHECK enum status deadline_store_next_ms(struct database *db, uint64_t *out);
/* The newest task below BEFORE of which something ends at BY_MS at the latest. */
MUST_CHECK enum status deadline_store_task_by(
    struct database *db, uint64_t by_ms, uint64_t before, uint64_t *task_n);

#endif
