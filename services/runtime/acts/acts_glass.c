/* services/runtime/acts/acts_glass.c: breaking the glass, and who of the superiors has seen it. */
#include "services/runtime/acts/acts_casebook.h"
#include "services/runtime/acts/acts_filter.h"
#include "services/runtime/acts/acts_inner.h"

#include <string.h>

#include "services/runtime/exchange/search.h"

#define REASON_MAX   2000
#define REASON_LEAST 10
#define REASON_WORDS (REASON_MAX + 1)

#define NUMBER_DIGITS 18

/* ---- Breaking ---------------------------------------------------------------------------- */

/* What could name no case at all is no attempt: it is refused before anything is recorded. */
static enum status
check_names(const json_t *request, struct refusal *refusal)
{
	static const char *const names[] = {"case", "task"};
	const char *text;
	uint8_t id[SUITE_ID_LEN];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		text = json_string_value(json_object_get(request, names[i]));
		if (text != NULL && !request_id(text, id))
			return request_refuse(refusal, STATUS_ARGUMENT, names[i],
			    "%s is 32 hexadecimal digits", names[i]);
	}
	return acts_casebook_text(request, "file_number", ACTS_FILE_NUMBER_MAX, &text, refusal);
}

/* By identifiers or the own file number; 0 when there is none. */
static enum status
find_case_n(
    struct service *service, const json_t *request, uint64_t *case_n, struct refusal *refusal)
{
	const char *by_case = json_string_value(json_object_get(request, "case"));
	const char *by_task = json_string_value(json_object_get(request, "task"));
	const char *by_number = json_string_value(json_object_get(request, "file_number"));
	struct task_row task = {0};
	struct case_row file = {0};
	struct search search;
	struct case_key key;
	uint8_t id[SUITE_ID_LEN];
	enum status rc = STATUS_NOT_FOUND;

	if ((by_case != NULL) + (by_task != NULL) + (by_number != NULL) != 1 ||
	    json_object_size(request) != 2)
		return request_refuse(refusal, STATUS_ARGUMENT, "case",
		    "name one of case, task and file_number, and the reason");
	*case_n = 0;
	if (by_case != NULL && request_id(by_case, id)) {
		rc = case_store_find(service->db, id, &file);
		*case_n = file.n;
	} else if (by_task != NULL && request_id(by_task, id)) {
		rc = case_store_find_task(service->db, id, &task);
		*case_n = task.case_n;
	} else if (by_number != NULL) {
		rc = search_make(service, VAULT_FILE_NUMBER, by_number, &search);
		if (rc == STATUS_OK)
			rc = search_next(service, &search, 0, case_n);
		else if (rc != STATUS_NO_MEMORY)
			rc = STATUS_NOT_FOUND;
	}
	/* An erased one is none. */
	if (rc == STATUS_OK && (rc = case_file_key(service, *case_n, &key)) == STATUS_OK)
		vault_forget(&key);
	rc = rc == STATUS_ERASED ? STATUS_NOT_FOUND : rc;
	if (rc == STATUS_NOT_FOUND)
		*case_n = 0;
	return rc == STATUS_OK || rc == STATUS_NOT_FOUND
	           ? STATUS_OK
	           : acts_fail(refusal, rc, "looking for the case");
}

static enum status
break_glass(struct service *service, const struct actor *actor, uint64_t case_n,
    const char *reason, json_t **out)
{
	struct grant_row grant = {.n = 0};
	struct case_row file;
	enum status rc = case_store_get(service->db, case_n, &file);

	if (rc == STATUS_OK)
		rc = knowing_give(
		    service, actor, case_n, actor->person, GRANT_BREAK_GLASS, reason, &grant.n);
	if (rc == STATUS_OK)
		rc = knowing_store_get(service->db, grant.n, &grant);
	if (rc == STATUS_OK)
		rc = access_record(service, actor, case_n, 0, "break_glass");
	if (rc != STATUS_OK)
		return rc;
	/* Superiors who listen hear of it at once. */
	service_note_glass(service, file.id, grant.n, "break_glass");
	*out = json_pack(
	    "{s:o, s:o}", "case", request_hex(file.id), "until", request_time(grant.until_ms));
	return *out == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status
acts_break_glass(struct service *service, const struct actor *actor, const json_t *request,
    json_t **answer, struct refusal *refusal)
{
	const char *reason;
	json_t *said = NULL;
	uint64_t case_n = 0;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = acts_casebook_text(request, "reason", REASON_MAX, &reason, refusal)) !=
		STATUS_OK)
		return rc;
	/* An emergency has a person who answers for it. */
	if (actor->system)
		return request_refuse(
		    refusal, STATUS_NOT_ALLOWED, "", "a system does not break the glass");
	if (strlen(reason) < REASON_LEAST)
		return request_refuse(refusal, STATUS_ARGUMENT, "reason",
		    "say in words why: reason has at least %d bytes", REASON_LEAST);
	if ((rc = check_names(request, refusal)) != STATUS_OK ||
	    (rc = find_case_n(service, request, &case_n, refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	/* That somebody tried is recorded, too, whether there is such a case or not. */
	if (case_n == 0)
		rc = access_record(service, actor, 0, 0, "break_glass_none");
	else
		rc = break_glass(service, actor, case_n, reason, &said);
	if (service_end(service, rc, "act") != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	if (case_n == 0)
		return request_refuse(
		    refusal, STATUS_NOT_FOUND, "case", "there is no such case here");
	*answer = said;
	return STATUS_OK;
}

/* ---- Told -------------------------------------------------------------------------------- */

static enum status
glass_json(struct service *service, const struct grant_row *grant, json_t **out)
{
	char reason[REASON_WORDS];
	struct case_row file;
	enum status rc = case_store_get(service->db, grant->case_n, &file);

	if (rc == STATUS_OK)
		rc = knowing_reason(service, grant, reason, sizeof(reason));
	if (rc != STATUS_OK)
		return rc;
	*out = json_pack("{s:I, s:o, s:o, s:o, s:o, s:b, s:s, s:o, s:o}", "n",
	    (json_int_t)grant->n, "case", request_hex(file.id), "who",
	    acts_person(service, grant->person), "since", request_time(grant->since_ms),
	    "until", request_time(grant->until_ms), "now", grant->until_ms > service->now_ms,
	    "reason", reason, "seen",
	    grant->seen_ms == 0 ? json_null() : request_time(grant->seen_ms), "seen_by",
	    acts_person(service, grant->seen_by));
	suite_wipe(reason, sizeof(reason));
	return *out == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status
collect(struct service *service, uint64_t before, struct acts_page *page)
{
	struct grant_row grant;
	json_t *item;
	enum status rc;

	while ((rc = knowing_store_glass_before(service->db, before, &grant)) == STATUS_OK) {
		if (json_array_size(page->items) == page->limit) {
			page->more = true;
			return STATUS_OK;
		}
		if ((rc = glass_json(service, &grant, &item)) != STATUS_OK)
			return rc;
		if (json_array_append_new(page->items, item) != 0)
			return STATUS_NO_MEMORY;
		page->last = before = grant.n;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
acts_glass(struct service *service, const struct actor *actor, unsigned limit,
    const char *after, json_t **answer, struct refusal *refusal)
{
	struct acts_page page = {.limit = limit};
	uint64_t before;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if (!knowing_leads(actor->role))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "who broke the glass is for supervisors and heads");
	if ((rc = acts_filter_cursor(after, 'g', &before, refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	page.items = json_array();
	if ((rc = collect(service, before, &page)) == STATUS_OK)
		rc = access_record(service, actor, 0, 0, "glass_list");
	if (rc == STATUS_OK)
		rc = acts_filter_page(&page, 'g', answer);
	json_decref(page.items);
	if (service_end(service, rc, "read") != STATUS_OK)
		return acts_fail(refusal, rc, "reading who broke the glass");
	return STATUS_OK;
}

static bool
read_number(const char *text, uint64_t *out)
{
	*out = 0;
	if (text[0] == '\0' || strlen(text) > NUMBER_DIGITS ||
	    strspn(text, "0123456789") != strlen(text))
		return false;
	for (; *text != '\0'; text++)
		*out = *out * 10 + (uint64_t)(*text - '0');
	return true;
}

enum status
acts_glass_seen(struct service *service, const struct actor *actor, const char *n,
    json_t **answer, struct refusal *refusal)
{
	struct grant_row grant;
	struct case_row file;
	uint64_t number = 0;
	json_t *said = NULL;
	enum status rc = STATUS_NOT_FOUND;

	*answer = NULL;
	service_tick(service);
	if (!knowing_leads(actor->role))
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "who broke the glass is for supervisors and heads");
	/* Somebody has to look. */
	if (actor->system)
		return request_refuse(
		    refusal, STATUS_NOT_ALLOWED, "", "a system does not see to broken glass");
	if (read_number(n, &number))
		rc = knowing_store_get(service->db, number, &grant);
	if (rc == STATUS_NOT_FOUND || (rc == STATUS_OK && grant.how != GRANT_BREAK_GLASS))
		return request_refuse(
		    refusal, STATUS_NOT_FOUND, "", "nobody broke the glass under this number");
	if (rc == STATUS_OK && grant.person == actor->person)
		return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
		    "another superior than who broke the glass has to see it");
	if (rc != STATUS_OK || (rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "storing who saw it");
	rc = knowing_store_seen(service->db, grant.n, actor->person, service->now_ms);
	if (rc == STATUS_OK)
		rc = access_record(service, actor, grant.case_n, 0, "glass_seen");
	if (rc == STATUS_OK)
		rc = case_store_get(service->db, grant.case_n, &file);
	if (rc == STATUS_OK)
		service_note_glass(service, file.id, grant.n, "glass_seen");
	if (rc == STATUS_OK)
		rc = knowing_store_get(service->db, grant.n, &grant);
	if (rc == STATUS_OK)
		rc = glass_json(service, &grant, &said);
	return acts_end(service, rc, said, answer, "storing who saw it", refusal);
}
