/* services/runtime/acts/acts_case.c: cases as people see them: the list, one with its file, households. */
#include "services/runtime/acts/acts_casebook.h"
#include "services/runtime/acts/acts_custody.h"
#include "services/runtime/acts/acts_inner.h"
#include "services/runtime/acts/acts_filter.h"

#include <string.h>

#include "services/runtime/store/access_store.h"
#include "services/runtime/store/casebook_store.h"

#define OPENED_MAX 50 /* of those who opened a case, the newest are shown */

/* ---- An item of the list ----------------------------------------------------------------- */

static enum status
set_new(json_t *item, const char *name, json_t *value)
{
	return json_object_set_new(item, name, value) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/* What only those see who know the case. */
static enum status
add_known(struct service *service, const struct case_row *file, json_t *item)
{
	json_t *labels = NULL;
	char number[256] = "";
	struct case_key key;
	enum status rc = case_file_key(service, file->n, &key);

	if (rc == STATUS_ERASED)
		return set_new(item, "erased", json_true()) == STATUS_OK
		           ? acts_erasure_add(service, file->n, 0, item)
		           : STATUS_NO_MEMORY;
	if (rc != STATUS_OK)
		return rc;
	rc = case_file_number(service, file->n, &key, number, sizeof(number));
	if (rc == STATUS_OK)
		rc = acts_casebook_labels(service, file->n, &key, &labels);
	vault_forget(&key);
	if (rc == STATUS_OK)
		rc = set_new(item, "labels", labels);
	if (rc == STATUS_OK)
		rc = set_new(item, "file_number", json_string(number));
	return rc;
}

enum status
acts_case_item(struct service *service, const struct actor *actor, const struct case_row *file,
    json_t **out)
{
	json_t *tasks = json_array(), *holders = acts_holders(service, file->n), *item = NULL;
	struct knowing knowing;
	enum status rc = knowing_of(service, actor, file->n, &knowing);

	if (rc == STATUS_OK && holders == NULL)
		rc = STATUS_NO_MEMORY;
	if (rc == STATUS_OK)
		rc = acts_tasks_of(service, actor, file->n, &knowing, holders, tasks);
	if (rc == STATUS_OK &&
	    (item = json_pack("{s:o, s:o, s:b, s:O, s:O}", "case", request_hex(file->id),
		 "time", request_time(file->time_ms), "may_open", knowing.open, "assigned_to",
		 holders, "tasks", tasks)) == NULL)
		rc = STATUS_NO_MEMORY;
	json_decref(tasks);
	json_decref(holders);
	if (rc == STATUS_OK && knowing.open)
		rc = add_known(service, file, item);
	if (rc != STATUS_OK) {
		json_decref(item);
		return rc;
	}
	*out = item;
	return STATUS_OK;
}

/* ---- The list ---------------------------------------------------------------------------- */

#define KNOWN_AT_ONCE 128

/* Numbers of cases that the store gave and that are not looked at yet. */
struct known_cases {
	struct knowing_filter filter;
	uint64_t n[KNOWN_AT_ONCE];
	unsigned at, count;
};

/* The next case below BEFORE (0: the newest): of all, or of those that KNOWN is about. */
static enum status
next_case(
    struct service *service, struct known_cases *known, uint64_t before, struct case_row *out)
{
	enum status rc = STATUS_OK;

	if (known == NULL)
		return case_store_before(service->db, before, out);
	if (known->at == known->count) {
		known->filter.before = before;
		known->at = 0;
		rc = knowing_store_cases(
		    service->db, &known->filter, KNOWN_AT_ONCE, known->n, &known->count);
	}
	if (rc == STATUS_OK && known->at == known->count)
		return STATUS_NOT_FOUND;
	return rc == STATUS_OK ? case_store_get(service->db, known->n[known->at++], out) : rc;
}

static enum status
collect_cases(struct service *service, const struct actor *actor,
    const struct acts_filter *filter, struct known_cases *known, struct acts_page *page)
{
	struct case_row file;
	size_t tasks = 0;
	json_t *item;
	enum status rc;

	page->last = filter->rows.before;
	while ((rc = next_case(service, known, page->last, &file)) == STATUS_OK) {
		bool fits = file.time_ms >= filter->since_ms && file.time_ms < filter->until_ms;
		bool full = fits && json_array_size(page->items) == page->limit;

		page->partial = !full && (page->looked_at++ == ACTS_FILTER_ROWS_MAX ||
					     tasks >= ACTS_FILTER_TASKS_MAX);
		page->more = full || page->partial;
		if (page->more)
			return STATUS_OK;
		page->last = file.n;
		if (!fits)
			continue;
		if ((rc = acts_case_item(service, actor, &file, &item)) != STATUS_OK)
			return rc;
		tasks += json_array_size(json_object_get(item, "tasks"));
		if (json_array_append_new(page->items, item) != 0)
			return STATUS_NO_MEMORY;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
acts_cases(struct service *service, const struct actor *actor, const struct acts_query *query,
    json_t **answer, struct refusal *refusal)
{
	struct known_cases known = {.filter = {.person = actor->person}};
	struct acts_page page = {.limit = query->limit};
	struct acts_filter filter;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	known.filter.now_ms = service->now_ms;
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK)
		return rc;
	if ((rc = acts_filter_read(query, 'c', &filter, refusal)) != STATUS_OK)
		return rc;
	if ((rc = database_look_begin(service->db)) != STATUS_OK)
		return acts_fail(refusal, rc, "reading the cases");
	page.items = json_array();
	rc = knowing_sees_mailbox(service, actor, &known.filter.mailbox);
	if (rc == STATUS_OK)
		rc = collect_cases(
		    service, actor, &filter, acts_sees_lists(actor) ? NULL : &known, &page);
	database_look_end(service->db);
	if (rc == STATUS_OK)
		rc = acts_filter_page(&page, 'c', answer);
	json_decref(page.items);
	return rc == STATUS_OK ? rc : acts_fail(refusal, rc, "reading the cases");
}

/* ---- One case ---------------------------------------------------------------------------- */

/* [{ "name", "category", "label_lv", "label_en", "value" }] */
static json_t *
field_list(const json_t *values)
{
	const struct field_info *field;
	json_t *fields = json_array(), *value;

	for (unsigned i = 0; fields != NULL && (field = field_at(i)) != NULL; i++) {
		if ((value = json_object_get(values, field->name)) == NULL)
			continue;
		if (json_array_append_new(fields,
			json_pack("{s:s, s:s, s:s, s:s, s:O}", "name", field->name, "category",
			    category_name(field->category), "label_lv", field->label_lv,
			    "label_en", field->label_en, "value", value)) != 0) {
			json_decref(fields);
			return NULL;
		}
	}
	return fields;
}

static enum status
add_own(struct service *service, const struct case_row *file, json_t *item)
{
	json_t *fields = NULL, *notes = NULL;
	struct case_key key;
	enum status rc = case_file_key(service, file->n, &key);

	if (rc != STATUS_OK)
		return rc == STATUS_ERASED ? STATUS_OK : rc;
	rc = acts_casebook_fields(service, file->n, &key, &fields);
	if (rc == STATUS_OK)
		rc = acts_casebook_notes(service, file->n, &key, &notes);
	if (rc == STATUS_OK)
		rc = acts_custody_of_case(service, file->n, &key, item);
	vault_forget(&key);
	if (rc == STATUS_OK)
		rc = set_new(item, "fields", field_list(fields));
	if (rc == STATUS_OK)
		rc = set_new(item, "notes", notes);
	json_decref(fields);
	return rc;
}

/* Who knows it, and how they came to. */
static enum status
add_knowers(struct service *service, const struct case_row *file, json_t *item)
{
	struct grant_filter filter = {.case_n = file->n};
	struct grant_row row;
	json_t *known = json_array();
	enum status rc;

	while ((rc = knowing_store_standing(service->db, &filter, &row)) == STATUS_OK) {
		filter.after = row.n;
		if (json_array_append_new(known, json_pack("{s:o, s:s, s:o, s:o}", "who",
						     acts_person(service, row.person), "how",
						     knowing_store_how_name(row.how), "since",
						     request_time(row.since_ms), "by",
						     acts_person(service, row.by))) != 0) {
			rc = STATUS_NO_MEMORY;
			break;
		}
	}
	if (rc != STATUS_NOT_FOUND) {
		json_decref(known);
		return rc;
	}
	return set_new(item, "known_to", known);
}

static enum status
add_opened(struct service *service, const struct case_row *file, json_t *item)
{
	struct access_filter filter = {.case_n = file->n};
	struct access_row row;
	json_t *opened = json_array();
	enum status rc = STATUS_NOT_FOUND;

	while (json_array_size(opened) < OPENED_MAX &&
	       (rc = access_store_before(service->db, &filter, &row)) == STATUS_OK) {
		filter.before = row.n;
		if (json_array_append_new(opened,
			json_pack("{s:o, s:o, s:s, s:s}", "time", request_time(row.time_ms),
			    "who", acts_person(service, row.person), "role", row.role, "what",
			    row.what)) != 0) {
			rc = STATUS_NO_MEMORY;
			break;
		}
	}
	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND) {
		json_decref(opened);
		return rc;
	}
	return set_new(item, "opened", opened);
}

/* Only cases that the person knows, too: of others not even that there are any. */
static enum status
add_household(struct service *service, const struct actor *actor, const struct case_row *file,
    json_t *item)
{
	json_t *others = json_array(), *one;
	struct case_row other;
	uint64_t n = 0;
	enum status rc;

	while (
	    (rc = casebook_store_household_after(service->db, file->n, n, &n)) == STATUS_OK) {
		rc = knowing_may_open(service, actor, n);
		if (rc == STATUS_NOT_FOUND)
			continue;
		if (rc == STATUS_OK)
			rc = case_store_get(service->db, n, &other);
		if (rc == STATUS_OK &&
		    ((one = json_pack("{s:o}", "case", request_hex(other.id))) == NULL ||
			json_array_append(others, one) != 0))
			rc = STATUS_NO_MEMORY;
		if (rc != STATUS_OK)
			break;
		rc = add_known(service, &other, one);
		json_decref(one);
		if (rc != STATUS_OK)
			break;
	}
	if (rc != STATUS_NOT_FOUND) {
		json_decref(others);
		return rc;
	}
	return set_new(item, "household", others);
}

/* In the open transaction: showing and recording that it was shown are one. */
static enum status
open_case(struct service *service, const struct actor *actor, const struct case_row *file,
    json_t **out)
{
	json_t *item = NULL;
	enum status rc = acts_case_item(service, actor, file, &item);

	if (rc == STATUS_OK)
		rc = add_own(service, file, item);
	if (rc == STATUS_OK)
		rc = add_knowers(service, file, item);
	if (rc == STATUS_OK)
		rc = add_opened(service, file, item);
	if (rc == STATUS_OK)
		rc = add_household(service, actor, file, item);
	if (rc == STATUS_OK)
		rc = access_record(service, actor, file->n, 0, "read");
	if (rc != STATUS_OK) {
		json_decref(item);
		return rc;
	}
	*out = item;
	return STATUS_OK;
}

enum status
acts_case(struct service *service, const struct actor *actor, const char *case_id,
    json_t **answer, struct refusal *refusal)
{
	struct case_row file;
	json_t *shown = NULL;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK)
		return rc;
	if ((rc = acts_find_case(service, actor, ACTS_TO_OPEN, case_id, &file, refusal)) !=
	    STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	rc = open_case(service, actor, &file, &shown);
	if (service_end(service, rc, "read") != STATUS_OK)
		return acts_fail(refusal, rc, "opening the case");
	*answer = shown;
	return STATUS_OK;
}

/* ---- Household --------------------------------------------------------------------------- */

static enum status
link_now(struct service *service, const struct actor *actor, const struct case_row *file,
    const struct case_row *other)
{
	enum status rc = other == NULL ? casebook_store_unlink(service->db, file->n)
	                               : casebook_store_link(service->db, file->n, other->n);

	if (rc == STATUS_OK)
		rc = access_record(service, actor, file->n, 0,
		    other == NULL ? "household_leave" : "household");
	if (rc == STATUS_OK && other != NULL)
		rc = access_record(service, actor, other->n, 0, "household");
	return rc;
}

enum status
acts_case_household(struct service *service, const struct actor *actor, const char *case_id,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	const char *with = json_string_value(json_object_get(request, "with"));
	bool leave = json_is_true(json_object_get(request, "leave"));
	struct case_row file, other;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = acts_find_case(service, actor, ACTS_TO_ACT, case_id, &file, refusal)) !=
		STATUS_OK)
		return rc;
	if (json_object_size(request) != 1 || (with == NULL && !leave))
		return request_refuse(refusal, STATUS_ARGUMENT, "with",
		    "with is the identifier of another case; or leave is true");
	if (!leave && (rc = acts_find_case(
			   service, actor, ACTS_TO_ACT, with, &other, refusal)) != STATUS_OK)
		return rc;
	if (!leave && other.n == file.n)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "with", "with names the same case");
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "linking the cases");
	rc = link_now(service, actor, &file, leave ? NULL : &other);
	return acts_end(service, rc, json_pack("{s:o}", "case", request_hex(file.id)), answer,
	    "linking the cases", refusal);
}
