/* services/runtime/people/access.c: the record of every look: no look without it. */
#include "services/runtime/people/access.h"

#include <assert.h>
#include <stdio.h>

#include "services/runtime/store/access_store.h"

static enum status
record(struct service *service, const struct actor *actor, struct access_row *row,
    const char *what)
{
	/* Alone, the row could be there without the look, or the look without the row. */
	assert(database_in_transaction(service->db));
	row->time_ms = service->now_ms;
	row->person = actor->person;
	snprintf(row->role, sizeof(row->role), "%s", service_role_name(actor->role));
	snprintf(row->what, sizeof(row->what), "%s", what);
	return access_store_add(service->db, row);
}

enum status
access_record(struct service *service, const struct actor *actor, uint64_t case_n,
    uint64_t task_n, const char *what)
{
	struct access_row row = {.case_n = case_n, .task_n = task_n};

	return record(service, actor, &row, what);
}

enum status
access_record_about(
    struct service *service, const struct actor *actor, uint64_t about, const char *what)
{
	struct access_row row = {.about = about};

	return record(service, actor, &row, what);
}
