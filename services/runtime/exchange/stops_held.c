/* services/runtime/exchange/stops_held.c: what came under a ground that was stopped, and its end. */
#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/erasure.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/exchange/stops.h"
#include "services/runtime/store/citing_store.h"

/* ---- What came --------------------------------------------------------------------------- */

/* The categories of what EVENT shows; STATUS_ERASED. */
static enum status
categories_of(struct service *service, const struct task_row *under,
    const struct event_row *event, category_set *out)
{
	struct content content = {0};
	struct case_key key;
	enum status rc = case_file_key(service, under->case_n, &key);

	if (rc != STATUS_OK)
		return rc;
	rc = case_file_content(service, &key, event, &content);
	vault_forget(&key);
	*out = 0;
	for (unsigned i = 0; rc == STATUS_OK && i < content.type->field_count; i++)
		if (content.fields[i].present)
			*out |= CATEGORY_BIT(content.type->fields[i].field->category);
	*out &= ~(CATEGORY_BIT(CATEGORY_ACT) | CATEGORY_BIT(CATEGORY_GROUND));
	content_free(&content);
	return rc;
}

/* Adds what the record of CITED covers, if it goes on. */
static enum status
add_covered(struct service *service, const struct cited *cited, category_set *out)
{
	struct ground_terms terms;
	struct ground_row row;
	struct case_key key;
	struct ref_row ref;
	json_t *body = NULL;
	enum status rc =
	    ground_store_ref(service->db, REF_THEIRS, cited->by, cited->reference, &ref);

	if (rc == STATUS_OK && (ref.ground_n == 0 || ref.stop_index != UINT64_MAX))
		return STATUS_OK;
	if (rc == STATUS_OK)
		rc = ground_store_get(service->db, ref.ground_n, &row);
	if (rc == STATUS_OK && !consent_authorises(row.state))
		return STATUS_OK;
	if (rc == STATUS_OK && (rc = case_file_key(service, row.case_n, &key)) == STATUS_OK) {
		rc = grounds_read(service, &key, &row, &body, &terms);
		if (rc == STATUS_OK)
			*out |= terms.categories;
		json_decref(body);
		vault_forget(&key);
	}
	return rc == STATUS_NOT_FOUND || rc == STATUS_ERASED ? STATUS_OK : rc;
}

/*
 * Whether EVENT goes with the reference that TASK, a stop, names: unless all that it shows came
 * under others, too, that go on.
 */
static enum status
goes_with(struct service *service, const struct task_row *task, const struct task_row *under,
    const struct event_row *event, bool *out)
{
	category_set shown, covered = 0;
	struct cited cited;
	enum status rc;

	*out = true;
	for (uint64_t i = 0;
	     (rc = citing_store_each(service->db, event->n, i, &cited)) == STATUS_OK; i++)
		if ((strcmp(cited.by, task->peer) != 0 ||
			memcmp(cited.reference, task->reference, SUITE_ID_LEN) != 0) &&
		    (rc = add_covered(service, &cited, &covered)) != STATUS_OK)
			return rc;
	if (rc != STATUS_NOT_FOUND || covered == 0)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	rc = categories_of(service, under, event, &shown);
	*out = rc != STATUS_OK || (shown & ~covered) != 0;
	return rc == STATUS_ERASED ? STATUS_OK : rc;
}

enum status
stops_received(struct service *service, const struct task_row *task, uint64_t after,
    struct event_row *event, struct task_row *under)
{
	bool goes = false;
	uint64_t stop;
	enum status rc = stops_index(service, task, &stop);

	while (rc == STATUS_OK && (rc = citing_store_next(service->db, task->peer,
				       task->reference, after, &after)) == STATUS_OK) {
		if ((rc = event_store_get(service->db, after, event)) == STATUS_OK)
			rc = case_store_task(service->db, event->task_n, under);
		if (rc == STATUS_OK)
			rc = goes_with(service, task, under, event, &goes);
		if (rc != STATUS_OK || (goes && event->index < stop && under->n != task->n))
			return rc;
	}
	return rc;
}

enum status
stops_held(struct service *service, const struct task_row *task, struct stops_held *out)
{
	struct event_row event = {0};
	struct task_row under;
	category_set one;
	enum status rc;

	*out = (struct stops_held){0};
	while ((rc = stops_received(service, task, event.n, &event, &under)) == STATUS_OK) {
		rc = categories_of(service, &under, &event, &one);
		if (rc == STATUS_ERASED)
			continue;
		if (rc != STATUS_OK)
			return rc;
		if (out->messages++ == 0)
			memcpy(out->purpose, under.purpose, sizeof(out->purpose));
		out->categories |= one;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- What becomes of it ------------------------------------------------------------------ */

bool
stops_needs_ground(struct bytes answer)
{
	const struct list *answers = list_named("stop-answers");
	unsigned row;

	return answers != NULL && list_find(answers, answer, &row) &&
	       strcmp(list_text(answers, row, "ground"), "yes") == 0;
}

/* Of the mirror stays what says which record it was, and what it covered. */
static enum status
strip_mirror(struct service *service, uint64_t ground_n)
{
	static const char *const stays[] = {
	    "ground", "categories", "purposes", "until", "index"};
	struct ground_row mirror;
	struct case_key key;
	json_t *body = NULL, *left = json_object(), *value;
	enum status rc = ground_store_get(service->db, ground_n, &mirror);

	if (rc == STATUS_OK && !consent_authorises(mirror.state) &&
	    (rc = case_file_key(service, mirror.case_n, &key)) == STATUS_OK) {
		rc = grounds_read(service, &key, &mirror, &body, NULL);
		for (size_t i = 0; i < sizeof(stays) / sizeof(stays[0]); i++)
			if (rc == STATUS_OK &&
			    (value = json_object_get(body, stays[i])) != NULL &&
			    json_object_set(left, stays[i], value) != 0)
				rc = STATUS_NO_MEMORY;
		if (rc == STATUS_OK)
			rc = grounds_write(service, &key, &mirror, left);
		vault_forget(&key);
	}
	json_decref(body);
	json_decref(left);
	return rc == STATUS_NOT_FOUND || rc == STATUS_ERASED ? STATUS_OK : rc;
}

/* It may have been erased for another reason before. */
static enum status
erase(struct service *service, struct erasure *what, uint64_t case_n, uint64_t task_n,
    uint64_t event_n)
{
	enum status rc;

	what->case_n = case_n;
	what->task_n = task_n;
	what->event_n = event_n;
	rc = erasure_run(service, what);
	return rc == STATUS_ERASED ? STATUS_OK : rc;
}

/* Whether all of UNDER rests on the reference of the stop TASK. */
static bool
rests_on(const struct task_row *under, const struct task_row *task)
{
	return under->side == TASK_RECIPIENT &&
	       memcmp(under->reference, task->reference, sizeof(task->reference)) == 0;
}

/* What came in tasks that rest on something else: answers to requests of ours. */
static enum status
delete_messages(struct service *service, const struct task_row *task, struct erasure *what)
{
	struct event_row event;
	struct task_row under;
	uint64_t after = 0;
	bool goes;
	enum status rc;

	while ((rc = citing_store_next(
		    service->db, task->peer, task->reference, after, &after)) == STATUS_OK) {
		if ((rc = event_store_get(service->db, after, &event)) != STATUS_OK ||
		    (rc = case_store_task(service->db, event.task_n, &under)) != STATUS_OK ||
		    (rc = goes_with(service, task, &under, &event, &goes)) != STATUS_OK)
			break;
		if (goes && !rests_on(&under, task) &&
		    (rc = erase(service, what, under.case_n, under.n, event.n)) != STATUS_OK)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
stops_delete(
    struct service *service, const struct task_row *task, uint64_t person, const char *role)
{
	struct erasure what = {.reason = "stopped", .person = person, .role = role};
	struct task_row under;
	struct ref_row ref;
	uint64_t after = 0;
	enum status rc =
	    ground_store_ref(service->db, REF_THEIRS, task->peer, task->reference, &ref);

	/* Before the rest is sealed anew, so that the old pages open it no more. */
	if (rc == STATUS_OK && ref.ground_n != 0)
		rc = strip_mirror(service, ref.ground_n);
	while (rc == STATUS_OK && (rc = case_store_citing(service->db, task->peer,
				       task->reference, after, &under)) == STATUS_OK) {
		after = under.n;
		if (rests_on(&under, task) && under.n != task->n)
			rc = erase(service, &what, under.case_n, under.n, 0);
	}
	return rc == STATUS_NOT_FOUND ? delete_messages(service, task, &what) : rc;
}
