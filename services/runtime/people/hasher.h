/* services/runtime/people/hasher.h: passwords hashed one at a time, in a thread of their own. */
#ifndef SAIKNE_HASHER_H
#define SAIKNE_HASHER_H

#include "protocol/base/suite.h"

#define HASHER_PLACES       16 /* jobs that wait, run, or were not yet taken */
#define HASHER_PASSWORD_MAX 256

enum hasher_what {
	HASHER_CHECK, /* PASSWORD against STORED; an empty STORED takes as long and never fits */
	HASHER_MAKE,  /* a stored form of FRESH */
	HASHER_CHANGE, /* both; FRESH only where PASSWORD fits */
};

struct hasher_job {
	uint64_t id;
	enum hasher_what what;
	char stored[SUITE_PASSWORD_STORED];
	char password[HASHER_PASSWORD_MAX + 1], fresh[HASHER_PASSWORD_MAX + 1];
};

struct hasher_result {
	uint64_t id;
	enum status rc; /* STATUS_NO_MEMORY: nothing can be said */
	bool fits;
	char made[SUITE_PASSWORD_STORED];
};

/*
 * The thread gets copies and knows nothing else of the service. One job at a time, so that the
 * memory of one is all that sign-ins ever take.
 */
struct hasher;

MUST_CHECK enum status hasher_open(const struct suite_cost *cost, struct hasher **out);
/* Waits for the job that runs; the others are dropped. NULL is fine. */
void hasher_close(struct hasher *hasher);
/* Becomes readable when a result waits. */
int hasher_fd(const struct hasher *hasher);
/* Copies JOB. STATUS_RATE_LIMITED when every place is taken. Never waits. */
MUST_CHECK enum status hasher_give(struct hasher *hasher, const struct hasher_job *job);
/* The next result, in the order in which the jobs were given; false when there is none. */
MUST_CHECK bool hasher_take(struct hasher *hasher, struct hasher_result *out);

#endif
