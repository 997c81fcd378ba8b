/* services/runtime/acts/acts_custody.c: custody statements as people see them. */
#include "services/runtime/acts/acts_custody.h"

#include <string.h>

#include "services/runtime/acts/request.h"
#include "services/runtime/exchange/custody.h"
#include "services/runtime/exchange/custody_known.h"
#include "services/runtime/exchange/service.h"

/* ---- To whom it went --------------------------------------------------------------------- */

static enum status
add_told(struct service *service, const struct custody_told_row *row, json_t *told)
{
	struct task_row task;
	json_t *one = json_pack("{s:s, s:s, s:o, s:s?}", "to", row->peer, "how",
	    custody_store_told_name(row->how), "time", request_time(row->time_ms), "why",
	    row->status != STATUS_OK ? status_name(row->status) : NULL);
	enum status rc = row->task_n == 0 ? STATUS_NOT_FOUND
	                                  : case_store_task(service->db, row->task_n, &task);

	if (rc == STATUS_OK && (json_object_set_new(one, "task", request_hex(task.id)) != 0 ||
				   json_object_set_new(one, "state",
				       json_string(task_state_name(task.state))) != 0))
		rc = STATUS_NO_MEMORY;
	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND) {
		json_decref(one);
		return rc;
	}
	return json_array_append_new(told, one) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/* The statement that TASK brought here or took away; its own, or the one it passed on. */
static enum status
find_statement(struct service *service, const struct task_row *task, struct custody_row *out)
{
	struct event_row event;
	enum status rc = strcmp(task->purpose, CUSTODY_PURPOSE) != 0
	                     ? STATUS_NOT_FOUND
	                     : event_store_offer(service->db, task->n, &event);

	return rc == STATUS_OK ? custody_store_of_event(service->db, event.n, 0, out) : rc;
}

enum status
acts_custody_told(struct service *service, const struct task_row *task, json_t *item)
{
	struct custody_told_row row = {0};
	struct custody_row of;
	json_t *told;
	enum status rc = find_statement(service, task, &of);

	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	told = json_array();
	while ((rc = custody_store_told_of(service->db, of.copy, row.n, &row)) == STATUS_OK)
		if ((rc = add_told(service, &row, told)) != STATUS_OK)
			break;
	if (rc != STATUS_NOT_FOUND) {
		json_decref(told);
		return rc;
	}
	return json_object_set_new(item, "told", told) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/* ---- What is known in a case ------------------------------------------------------------- */

static enum status
add_statement(struct service *service, const struct case_key *key,
    const struct custody_row *row, json_t *known)
{
	json_t *body = NULL;
	int failed;
	enum status rc = custody_known_read(service, key, row, &body);

	if (rc != STATUS_OK)
		return rc;
	/* Which tasks it stands in is what the program goes by. */
	json_object_del(body, "task");
	json_object_del(body, "corrects");
	failed = json_object_set_new(body, "by", json_string(row->origin)) != 0 ||
	         json_object_set_new(body, "via", json_string(row->via)) != 0 ||
	         json_object_set_new(body, "time", request_time(row->time_ms)) != 0 ||
	         json_object_set_new(body, "void", json_boolean(row->void_)) != 0 ||
	         json_array_append(known, body) != 0;
	json_decref(body);
	return failed ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status
acts_custody_of_case(
    struct service *service, uint64_t case_n, const struct case_key *key, json_t *item)
{
	struct custody_row row = {0};
	json_t *known = json_array();
	enum status rc;

	while ((rc = custody_store_of_case(service->db, case_n, row.n, &row)) == STATUS_OK)
		if ((rc = add_statement(service, key, &row, known)) != STATUS_OK)
			break;
	if (rc != STATUS_NOT_FOUND) {
		json_decref(known);
		return rc;
	}
	return json_object_set_new(item, "custody", known) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}
