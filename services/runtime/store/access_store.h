/* services/runtime/store/access_store.h: who looked at what, and when: rows that only grow. */
#ifndef SAIKNE_ACCESS_STORE_H
#define SAIKNE_ACCESS_STORE_H

#include "protocol/host/database.h"

/* One look of PERSON, a row of people; CASE_N and TASK_N are 0 where it was at none (a sign-in, a search). */
struct access_row {
	uint64_t n, time_ms, case_n, task_n, person;
	uint64_t about; /* whom an act on people was about, a row of people too; 0: none */
	char role[24], what[32];
};

/* N is the store's to give. */
MUST_CHECK enum status access_store_add(struct database *db, const struct access_row *row);

/* Newest first; 0: any. */
struct access_filter {
	uint64_t case_n, person;
	uint64_t before; /* rows below this number; 0: from the newest */
};
/* The first that fits. STATUS_NOT_FOUND: none. */
MUST_CHECK enum status access_store_before(
    struct database *db, const struct access_filter *filter, struct access_row *out);

#endif
