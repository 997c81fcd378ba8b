/* services/runtime/people/access.c: the record of every look: no look without it. */
#include "services/runtime/people/access.h"

#include <assert.h>
#include <stdio.h>

#include "services/runtime/store/access_store.h"

enum status
access_record(struct service *service, const struct actor *actor, uint64_t case_n,
    uint64_t task_n, const char *what)
{
	struct access_row row = {.time_ms = service->now_ms,
	    .case_n = case_n,
	    .task_n = task_n,
	    .person = actor->person};

	/* Alone, the row could be there without the look, or the look without the row. */
	assert(database_in_transaction(service->db));
	snprintf(row.role, sizeof(row.role), "%s", service_role_name(actor->role));
	snprintf(row.what, sizeof(row.what), "%s", what);
	return access_store_add(service->db, &row);
}
