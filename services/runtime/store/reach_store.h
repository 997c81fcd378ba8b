/* services/runtime/store/reach_store.h: how far the last word on a task has come. */
#ifndef SAIKNE_REACH_STORE_H
#define SAIKNE_REACH_STORE_H

#include "protocol/host/database.h"

/* Four things that people must not take for one another; acceptance is a state of its own. */
#define REACH_LIST(REACH)                                                                      \
	REACH(QUEUED, "queued")     /* written here; not in the broker's log */                \
	REACH(SENT, "sent")         /* in the broker's log */                                  \
	REACH(RECEIVED, "received") /* the institution's service has it */                     \
	REACH(READ, "read")         /* a person of the institution has opened it */

#define REACH_ENUM(name, text) REACH_##name,
enum reach { REACH_LIST(REACH_ENUM) REACH_COUNT };
#undef REACH_ENUM

const char *reach_store_name(enum reach reach);

MUST_CHECK enum status reach_store_set(struct database *db, uint64_t task_n, enum reach reach);
MUST_CHECK enum status reach_store_get(struct database *db, uint64_t task_n, enum reach *out);

#endif
