/* services/runtime/acts/acts_access.c: who looked at what: for those who watch over it. */
#include "services/runtime/acts/acts_filter.h"
#include "services/runtime/acts/acts_inner.h"

#include "services/runtime/store/access_store.h"

/* Who, when, what, in which role: never what was seen. */
static enum status
row_json(struct service *service, const struct access_row *row, json_t **out)
{
	json_t *case_id = json_null(), *task_id = json_null();
	struct task_row task;
	struct case_row file;
	enum status rc = STATUS_OK;

	if (row->case_n != 0 &&
	    (rc = case_store_get(service->db, row->case_n, &file)) == STATUS_OK)
		case_id = request_hex(file.id);
	if (rc == STATUS_OK && row->task_n != 0 &&
	    (rc = case_store_task(service->db, row->task_n, &task)) == STATUS_OK)
		task_id = request_hex(task.id);
	*out = json_pack("{s:I, s:o, s:o, s:s, s:s, s:o, s:o, s:o}", "n", (json_int_t)row->n,
	    "time", request_time(row->time_ms), "who", acts_person(service, row->person),
	    "role", row->role, "what", row->what, "about",
	    row->about == 0 ? json_null() : acts_person(service, row->about), "case", case_id,
	    "task", task_id);
	if (rc != STATUS_OK) {
		json_decref(*out);
		*out = NULL;
		return rc;
	}
	return *out == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status
collect(struct service *service, struct access_filter *filter, struct acts_page *page)
{
	struct access_row row;
	json_t *item;
	enum status rc;

	while ((rc = access_store_before(service->db, filter, &row)) == STATUS_OK) {
		if (json_array_size(page->items) == page->limit) {
			page->more = true;
			return STATUS_OK;
		}
		if ((rc = row_json(service, &row, &item)) != STATUS_OK)
			return rc;
		if (json_array_append_new(page->items, item) != 0)
			return STATUS_NO_MEMORY;
		page->last = filter->before = row.n;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
read_filter(struct service *service, const struct acts_access_query *query,
    struct access_filter *out, struct refusal *refusal)
{
	uint8_t id[SUITE_ID_LEN];
	struct person_row person;
	struct case_row file;
	enum status rc;

	*out = (struct access_filter){.case_n = 0};
	if (query->case_id != NULL) {
		if (!request_id(query->case_id, id))
			return request_refuse(refusal, STATUS_ARGUMENT, "case",
			    "%s is 32 hexadecimal digits", "case");
		rc = case_store_find(service->db, id, &file);
		if (rc == STATUS_NOT_FOUND)
			return request_refuse(
			    refusal, rc, "case", "there is no such case here");
		if (rc != STATUS_OK)
			return acts_fail(refusal, rc, "reading the access log");
		out->case_n = file.n;
	}
	if (query->person != NULL) {
		rc = acts_find_numbered(service, query->person, "person", &person, refusal);
		if (rc != STATUS_OK)
			return rc;
		out->person = person.n;
	}
	return acts_filter_cursor(query->after, 'l', &out->before, refusal);
}

enum status
acts_access(struct service *service, const struct actor *actor,
    const struct acts_access_query *query, json_t **answer, struct refusal *refusal)
{
	struct acts_page page = {.limit = query->limit};
	struct access_filter filter;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (actor->role != ROLE_AUDITOR && !knowing_leads(actor->role))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "the access log is for auditors, supervisors and heads");
	if ((rc = read_filter(service, query, &filter, refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	page.items = json_array();
	if ((rc = collect(service, &filter, &page)) == STATUS_OK)
		rc = access_record(service, actor, filter.case_n, 0, "access_log");
	if (rc == STATUS_OK)
		rc = acts_filter_page(&page, 'l', answer);
	json_decref(page.items);
	if (service_end(service, rc, "read") != STATUS_OK)
		return acts_fail(refusal, rc, "reading the access log");
	return STATUS_OK;
}

/* ---- The live stream --------------------------------------------------------------------- */

bool
acts_may_hear(struct service *service, const struct actor *actor, const json_t *change)
{
	const char *id = json_string_value(json_object_get(change, "task"));
	const char *of_case = json_string_value(json_object_get(change, "case"));
	struct task_row task = {0};
	struct case_row file;
	uint8_t bytes[SUITE_ID_LEN];

	/* A change has no content: who sees every list hears every change. */
	if (acts_sees_lists(actor))
		return true;
	if (of_case != NULL && json_object_get(change, "glass") == NULL)
		return request_id(of_case, bytes) &&
		       case_store_find(service->db, bytes, &file) == STATUS_OK &&
		       acts_knows(service, actor, ACTS_TO_OPEN, file.n) == STATUS_OK;
	if (id == NULL || !request_id(id, bytes) ||
	    case_store_find_task(service->db, bytes, &task) != STATUS_OK)
		return false;
	return acts_knows(service, actor, ACTS_TO_OPEN, task.case_n) == STATUS_OK;
}
