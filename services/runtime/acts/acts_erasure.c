/* services/runtime/acts/acts_erasure.c: erasing a case or a task, what was erased, and what may be by now. */
#include "services/runtime/acts/acts_filter.h"
#include "services/runtime/acts/acts_inner.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/host/oplog.h"
#include "protocol/lists/lists.h"
#include "services/runtime/exchange/erasure.h"
#include "services/runtime/exchange/retention.h"

#define DAY_MS       (24ULL * 3600 * 1000)
#define DAYS_MAX     3650 /* how far ahead a list looks */
#define MESSAGES_MAX 2000 /* opened for one page */

/* ---- Erasing ----------------------------------------------------------------------------- */

struct wanted {
	struct case_row file;
	struct task_row task; /* N 0: the whole case */
	const char *reason;
	struct erasure_count count;
	struct erasure_row row; /* as it was stored */
};

static enum status
may_erase(const struct service *service, const struct actor *actor, struct refusal *refusal)
{
	if ((service->config.descriptor->erases >> actor->role & 1) == 0)
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "supervisors and heads erase; ask one of them");
	/* What nobody can take back has a person who answers for it. */
	if (actor->system)
		return request_refuse(
		    refusal, STATUS_NOT_ALLOWED, "", "a system does not erase");
	return STATUS_OK;
}

/* Who erases sees every list, and needs to open nothing of it for that. */
static enum status
find(struct service *service, const char *case_id, const json_t *request, struct wanted *out,
    struct refusal *refusal)
{
	const json_t *task = json_object_get(request, "task");
	uint8_t id[SUITE_ID_LEN];
	enum status rc = STATUS_NOT_FOUND;

	if (request_id(case_id, id))
		rc = case_store_find(service->db, id, &out->file);
	if (rc == STATUS_NOT_FOUND)
		return request_refuse(refusal, rc, "case", "there is no such case here");
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "reading the case");
	if (task == NULL || json_is_null(task))
		return STATUS_OK;
	if (!json_is_string(task) || !request_id(json_string_value(task), id))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "task", "%s is 32 hexadecimal digits", "task");
	rc = case_store_find_task(service->db, id, &out->task);
	if (rc == STATUS_NOT_FOUND || (rc == STATUS_OK && out->task.case_n != out->file.n))
		return request_refuse(
		    refusal, STATUS_NOT_FOUND, "task", "there is no such task in this case");
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the case");
}

static enum status
read_request(const json_t *request, struct wanted *out, struct refusal *refusal)
{
	static const char *const words[] = {"reason", "task", NULL};
	const json_t *reason = json_object_get(request, "reason");
	const char *code;
	enum status rc = request_only(request, words, refusal);

	if (rc != STATUS_OK)
		return rc;
	if (reason == NULL || json_is_null(reason))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "reason", "%s is missing", "reason");
	code = json_string_value(reason);
	if (code == NULL || strlen(code) != json_string_length(reason) ||
	    !list_has("erasure-reasons", bytes_of_text(code)))
		return request_refuse_code(refusal, "reason", "erasure-reasons");
	out->reason = code;
	return STATUS_OK;
}

static enum status
refuse_erased(struct refusal *refusal, const struct wanted *wanted)
{
	return wanted->task.n == 0
	           ? request_refuse(refusal, STATUS_ERASED, "case", "the case was erased")
	           : request_refuse(
			 refusal, STATUS_ERASED, "task", "what this task said was erased");
}

/* That its time is over is no opinion. */
static enum status
check_time(struct service *service, const struct wanted *wanted, struct refusal *refusal)
{
	struct retention kept;
	char until[11];
	enum status rc;

	if (strcmp(wanted->reason, "retention") != 0)
		return STATUS_OK;
	rc = retention_of(service, wanted->file.n, &kept, NULL);
	if (rc == STATUS_ERASED)
		return refuse_erased(refusal, wanted);
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "reading the case");
	if (kept.signed_for)
		return request_refuse(refusal, STATUS_WRONG_STATE, "reason",
		    "minutes in other cases rest on signatures that lie in this file: it is "
		    "kept as long as these cases");
	if (kept.years == 0)
		return request_refuse(refusal, STATUS_WRONG_STATE, "reason",
		    "a task of this case is open: its time of keeping has not begun");
	if (calendar_day_at(service->now_ms) > kept.until)
		return STATUS_OK;
	retention_day(kept.until, until);
	return request_refuse(
	    refusal, STATUS_WRONG_STATE, "reason", "this case is kept until %s", until);
}

static enum status
check_free(struct service *service, const struct erasure *what, const struct wanted *wanted,
    struct refusal *refusal)
{
	enum erasure_hindrance hindrance;
	enum status rc = erasure_hindrance(service, what, &hindrance);

	if (rc == STATUS_ERASED)
		return refuse_erased(refusal, wanted);
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "reading the case");
	switch (hindrance) {
	case ERASURE_FREE:
		return STATUS_OK;
	case ERASURE_TASK_OPEN:
		return request_refuse(refusal, STATUS_WRONG_STATE, "task",
		    "a task is open: end it first, or take it back");
	case ERASURE_MESSAGE_WAITS:
		return request_refuse(refusal, STATUS_WRONG_STATE, "task",
		    "a message is on its way: erase once it has arrived");
	case ERASURE_CONSENT_STANDS:
		break;
	}
	return request_refuse(refusal, STATUS_WRONG_STATE, "case",
	    "others have data under a consent of this case that still holds: end it first, "
	    "so that they hear of it");
}

/* In the open transaction. */
static enum status
erase(struct service *service, const struct actor *actor, const struct erasure *what,
    struct wanted *wanted)
{
	enum status rc =
	    erasure_store_count(service->db, what->case_n, what->task_n, &wanted->count);

	if (rc == STATUS_OK)
		rc = erasure_run(service, what);
	if (rc == STATUS_OK)
		rc = access_record(service, actor, what->case_n, what->task_n, "erasure");
	return rc;
}

static json_t *
id_or_null(const struct task_row *task)
{
	return task->n == 0 ? json_null() : request_hex(task->id);
}

static enum status
answer_erased(const struct wanted *wanted, json_t **answer, struct refusal *refusal)
{
	const struct erasure_row *row = &wanted->row;

	*answer = json_pack("{s:o, s:o, s:o, s:s, s:I, s:I, s:I, s:b, s:o, s:o}", "case",
	    request_hex(wanted->file.id), "task", id_or_null(&wanted->task), "time",
	    request_time(row->time_ms), "reason", row->reason, "messages",
	    (json_int_t)wanted->count.messages, "notes", (json_int_t)wanted->count.notes,
	    "documents", (json_int_t)wanted->count.documents, "settled", row->settled,
	    "backups_until", request_time(row->time_ms + ERASURE_BACKUP_DAYS * DAY_MS),
	    "epochs_until", request_time(row->time_ms + ERASURE_EPOCH_DAYS * DAY_MS));
	return *answer != NULL ? STATUS_OK
	                       : acts_fail(refusal, STATUS_NO_MEMORY, "erasing the content");
}

enum status
acts_erase(struct service *service, const struct actor *actor, const char *case_id,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	struct wanted wanted = {.reason = ""};
	struct erasure what;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = may_erase(service, actor, refusal)) != STATUS_OK ||
	    (rc = read_request(request, &wanted, refusal)) != STATUS_OK ||
	    (rc = find(service, case_id, request, &wanted, refusal)) != STATUS_OK)
		return rc;
	what = (struct erasure){.case_n = wanted.file.n,
	    .task_n = wanted.task.n,
	    .reason = wanted.reason,
	    .person = actor->person,
	    .role = service_role_name(actor->role)};
	if ((rc = check_free(service, &what, &wanted, refusal)) != STATUS_OK ||
	    (rc = check_time(service, &wanted, refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "erasing the content");
	rc = erase(service, actor, &what, &wanted);
	if (service_end(service, rc, "act") != STATUS_OK)
		return acts_fail(refusal, rc, "erasing the content");
	/* It is erased whatever becomes of this, which is tried again until it is done. */
	if ((rc = erasure_settle(service)) != STATUS_OK)
		oplog(OPLOG_WARNING, "what was erased: %s", status_name(rc));
	rc = erasure_store_of(service->db, what.case_n, what.task_n, &wanted.row);
	return rc == STATUS_OK ? answer_erased(&wanted, answer, refusal)
	                       : acts_fail(refusal, rc, "erasing the content");
}

enum status
acts_erasure_add(struct service *service, uint64_t case_n, uint64_t task_n, json_t *item)
{
	struct erasure_row row;
	enum status rc = erasure_store_of(service->db, case_n, task_n, &row);
	json_t *said;

	if (rc != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	said = json_pack("{s:o, s:s}", "time", request_time(row.time_ms), "reason", row.reason);
	return json_object_set_new(item, "erasure", said) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/* ---- What was erased --------------------------------------------------------------------- */

static enum status
erasure_json(struct service *service, const struct erasure_row *row, json_t **out)
{
	struct task_row task = {.n = 0};
	struct case_row file;
	enum status rc = case_store_get(service->db, row->case_n, &file);

	if (rc == STATUS_OK && row->task_n != 0)
		rc = case_store_task(service->db, row->task_n, &task);
	if (rc != STATUS_OK)
		return rc;
	*out = json_pack("{s:o, s:o, s:o, s:s, s:o, s:s, s:b, s:b, s:o, s:o}", "case",
	    request_hex(file.id), "task", id_or_null(&task), "time", request_time(row->time_ms),
	    "reason", row->reason, "by", acts_person(service, row->person), "role", row->role,
	    "settled", row->settled, "late",
	    !row->settled && service->now_ms > row->time_ms + DAY_MS, "backups_until",
	    request_time(row->time_ms + ERASURE_BACKUP_DAYS * DAY_MS), "epochs_until",
	    request_time(row->time_ms + ERASURE_EPOCH_DAYS * DAY_MS));
	return *out == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status
collect_erasures(struct service *service, uint64_t before, struct acts_page *page)
{
	struct erasure_row row;
	json_t *item;
	enum status rc;

	while ((rc = erasure_store_before(service->db, before, 0, &row)) == STATUS_OK) {
		if (json_array_size(page->items) == page->limit) {
			page->more = true;
			return STATUS_OK;
		}
		if ((rc = erasure_json(service, &row, &item)) != STATUS_OK)
			return rc;
		if (json_array_append_new(page->items, item) != 0)
			return STATUS_NO_MEMORY;
		page->last = before = row.n;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
acts_erasures(struct service *service, const struct actor *actor, unsigned limit,
    const char *after, json_t **answer, struct refusal *refusal)
{
	struct acts_page page = {.limit = limit};
	uint64_t before;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (actor->role != ROLE_AUDITOR && !knowing_leads(actor->role))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "what was erased is for auditors, supervisors and heads");
	if ((rc = acts_filter_cursor(after, 'e', &before, refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	page.items = json_array();
	if ((rc = collect_erasures(service, before, &page)) == STATUS_OK)
		rc = access_record(service, actor, 0, 0, "erasures");
	if (rc == STATUS_OK)
		rc = acts_filter_page(&page, 'e', answer);
	json_decref(page.items);
	if (service_end(service, rc, "read") != STATUS_OK)
		return acts_fail(refusal, rc, "reading what was erased");
	return STATUS_OK;
}

/* ---- What may be erased by now ----------------------------------------------------------- */

static enum status
add_ending(struct service *service, uint64_t case_n, calendar_day day, unsigned *messages,
    struct acts_page *page)
{
	calendar_day today = calendar_day_at(service->now_ms);
	struct retention kept;
	struct case_row file;
	char until[11];
	enum status rc = retention_of(service, case_n, &kept, messages);

	if (rc == STATUS_OK)
		rc = case_store_get(service->db, case_n, &file);
	if (rc != STATUS_OK || kept.years == 0 || kept.until > day)
		return rc;
	retention_day(kept.until, until);
	return json_array_append_new(page->items,
		   json_pack("{s:o, s:o, s:i, s:s, s:b}", "case", request_hex(file.id), "last",
		       request_time(kept.end_ms), "years", (int)kept.years, "until", until,
		       "over", today > kept.until)) == 0
	           ? STATUS_OK
	           : STATUS_NO_MEMORY;
}

static enum status
collect_ending(
    struct service *service, uint64_t before, calendar_day day, struct acts_page *page)
{
	unsigned messages = 0;
	uint64_t n = 0;
	bool may;
	enum status rc;

	page->last = before;
	while ((rc = retention_store_before(service->db, page->last, &n)) == STATUS_OK) {
		bool full = json_array_size(page->items) == page->limit;

		page->partial = !full && (page->looked_at++ == ACTS_FILTER_ROWS_MAX ||
					     messages >= MESSAGES_MAX);
		page->more = full || page->partial;
		if (page->more)
			return STATUS_OK;
		page->last = n;
		rc = retention_may_end(service, n, day, &may);
		if (rc == STATUS_OK && may)
			rc = add_ending(service, n, day, &messages, page);
		if (rc != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
read_days(const char *text, calendar_day *out, struct refusal *refusal)
{
	unsigned days = 0;

	for (const char *c = text != NULL ? text : "0"; *c >= '0' && *c <= '9'; c++) {
		if ((days = days * 10 + (unsigned)(*c - '0')) > DAYS_MAX)
			break;
		if (c[1] == '\0') {
			*out += (calendar_day)days;
			return STATUS_OK;
		}
	}
	return request_refuse(
	    refusal, STATUS_ARGUMENT, "days", "days is a number from 0 to %d", DAYS_MAX);
}

enum status
acts_retention(struct service *service, const struct actor *actor, const char *days,
    unsigned limit, const char *after, json_t **answer, struct refusal *refusal)
{
	struct acts_page page = {.limit = limit};
	calendar_day day;
	uint64_t before;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (!knowing_leads(actor->role))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "which cases may be erased is for supervisors and heads");
	day = calendar_day_at(service->now_ms);
	if ((rc = read_days(days, &day, refusal)) != STATUS_OK ||
	    (rc = acts_filter_cursor(after, 'k', &before, refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	page.items = json_array();
	if ((rc = collect_ending(service, before, day, &page)) == STATUS_OK)
		rc = access_record(service, actor, 0, 0, "retention");
	if (rc == STATUS_OK)
		rc = acts_filter_page(&page, 'k', answer);
	json_decref(page.items);
	if (service_end(service, rc, "read") != STATUS_OK)
		return acts_fail(refusal, rc, "reading until when cases are kept");
	return STATUS_OK;
}
