/* services/runtime/exchange/retention.h: until when a case is kept. */
#ifndef SAIKNE_RETENTION_H
#define SAIKNE_RETENTION_H

#include "services/runtime/store/retention_store.h"
#include "services/runtime/task/calendar.h"

struct service;

/*
 * protocol/lists/retention.csv says for how many years what is of a category is kept, from the
 * last step or note of its case. A case is kept as long as the longest of what it holds: fields
 * of messages, documents, records of grounds, its own fields; notes in words have a row of their
 * own, because nobody can say what they are about.
 */
struct retention {
	uint64_t end_ms; /* of the last step or note */
	unsigned years;  /* 0: it is kept whatever day it is, for a task of it is open, or: */
	bool signed_for; /* minutes in other cases rest on signatures that lie in it */
	calendar_day until; /* the last day on which it is kept */
};

/* STATUS_ERASED; MESSAGES, if not NULL, grows by how many were opened for it. */
MUST_CHECK enum status retention_of(
    struct service *service, uint64_t case_n, struct retention *out, unsigned *messages);
/*
 * Whether CASE_N may have to be kept no longer than DAY: what the database tells without opening
 * anything, so that a list passes by what is far from its end.
 */
MUST_CHECK enum status retention_may_end(
    struct service *service, uint64_t case_n, calendar_day day, bool *out);
/* "2036-11-22" */
void retention_day(calendar_day day, char out[static 11]);

#endif
