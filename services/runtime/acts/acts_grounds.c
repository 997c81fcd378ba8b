/* services/runtime/acts/acts_grounds.c: records of grounds as people see them. */
#include <stdlib.h>
#include <string.h>

#include "services/runtime/acts/acts_consent_inside.h"
#include "services/runtime/acts/acts_law.h"
#include "services/runtime/exchange/custody_known.h"
#include "services/runtime/store/case_store.h"
#include "services/runtime/store/deadline_store.h"
#include "services/runtime/task/deadline.h"

/* What is shown, to whom. */
struct showing {
	struct service *service;
	const struct actor *actor;
	const struct case_row *file;
	const struct case_key *key;
	bool act; /* the person may act on the case */
};

static enum status
set_new(json_t *item, const char *name, json_t *value)
{
	return json_object_set_new(item, name, value) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/* ---- To whom it went --------------------------------------------------------------------- */

/* What was answered, as the last answer in the task of the stop says; "" when none is there. */
static enum status
read_answer(const struct showing *s, uint64_t task_n, char answer[static MESSAGE_CODE_MAX + 1])
{
	struct event_row *rows = NULL;
	struct content content = {0};
	struct bytes code;
	size_t count = 0;
	enum status rc = event_store_load(s->service->db, task_n, &rows, &count);

	answer[0] = '\0';
	for (size_t i = 0; rc == STATUS_OK && i < count; i++) {
		if (rows[i].what != EVENT_MESSAGE ||
		    rows[i].type != MESSAGE_GROUND_STOP_ANSWER || rows[i].dead)
			continue;
		rc = case_file_content(s->service, s->key, &rows[i], &content);
		if (rc == STATUS_OK && content_text(&content, FIELD_STOP_ANSWER, &code) &&
		    !bytes_to_text(code, answer, MESSAGE_CODE_MAX + 1))
			answer[0] = '\0';
		content_free(&content);
	}
	free(rows);
	return rc;
}

/* How far the stop of REF has come: what is owed, by whom, and what could not be. */
static const char *
reach_of(const struct ref_row *ref, const struct task_row *stop)
{
	if (ref->stop_index == UINT64_MAX)
		return "live";
	if (ref->stop_task_n == 0)
		return "waits";
	if (stop->state == TASK_PENDING || stop->state == TASK_TOLD)
		return "sent";
	if (stop->state == TASK_RECEIVED)
		return "received";
	return stop->state == TASK_ANSWERED ? "answered" : "not_reached";
}

/* Since when their answer is owed; the time of the stop where none is. */
static enum status
read_since(const struct showing *s, const struct task_row *stop, json_t **out)
{
	struct deadline_row rows[DEADLINE_MAX];
	unsigned count;
	enum status rc = deadline_store_of(s->service->db, stop->n, rows, &count);

	if (rc == STATUS_OK)
		*out = request_time(count > 0 ? rows[0].began_ms : stop->time_ms);
	return rc;
}

static enum status
add_shared(const struct showing *s, const struct ref_row *ref, json_t *shared)
{
	struct task_row task = {.state = TASK_NONE};
	char answer[MESSAGE_CODE_MAX + 1] = "";
	enum status rc = STATUS_OK;
	json_t *one, *since = NULL;

	if (ref->stop_task_n != 0)
		rc = case_store_task(s->service->db, ref->stop_task_n, &task);
	if (rc == STATUS_OK && ref->stop_task_n != 0)
		rc = read_answer(s, task.n, answer);
	if (rc == STATUS_OK && ref->stop_task_n != 0)
		rc = read_since(s, &task, &since);
	if (rc != STATUS_OK)
		return rc;
	one = json_pack("{s:s, s:o?, s:s, s:o, s:b, s:s, s:o, s:s, s:s}", "reach",
	    reach_of(ref, &task), "since", since, "to", ref->peer, "reference",
	    request_hex(ref->reference), "live", ref->stop_index == UINT64_MAX, "why",
	    ref->stop_reason, "task",
	    ref->stop_task_n != 0 ? request_hex(task.id) : json_string(""), "state",
	    ref->stop_task_n != 0 ? task_state_name(task.state) : "", "answer", answer);
	return json_array_append_new(shared, one) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status
list_shared(const struct showing *s, uint64_t ground_n, json_t *item)
{
	json_t *shared = json_array();
	struct ref_row ref = {0};
	enum status rc;

	while ((rc = ground_store_ref_of(s->service->db, ground_n, REF_OURS, ref.n, &ref)) ==
	       STATUS_OK)
		if ((rc = add_shared(s, &ref, shared)) != STATUS_OK)
			break;
	if (rc != STATUS_NOT_FOUND) {
		json_decref(shared);
		return rc;
	}
	return set_new(item, "shared", shared);
}

/* ---- A record ---------------------------------------------------------------------------- */

/* Which events follow now, for this person. */
static json_t *
events_that_follow(const struct showing *s, const struct ground_row *row)
{
	json_t *may = json_array();

	if (!s->act || row->origin[0] != '\0')
		return may;
	for (unsigned i = 0; i < CONSENT_EVENT_COUNT; i++) {
		enum consent_event event = (enum consent_event)i;

		if (consent_next(row->state, event) == CONSENT_NONE ||
		    !acts_consent_fits(row->basis, event) ||
		    !acts_consent_role_may(s->service, s->actor->role, event))
			continue;
		if (json_array_append_new(may, json_string(consent_event_name(event))) != 0) {
			json_decref(may);
			return NULL;
		}
	}
	return may;
}

/* A statement of custody may concern who gave it, whom it names otherwise: people check. */
static enum status
note_doubt(
    const struct showing *s, const struct ground_row *row, const json_t *body, json_t **out)
{
	struct consent_custody *custody;
	size_t count;
	bool doubt;
	enum status rc =
	    custody_known_of_record(s->service, s->key, row, body, &custody, &count, &doubt);

	free(custody);
	if (rc != STATUS_OK)
		return rc;
	*out = doubt ? json_pack("[{s:s, s:s, s:n, s:s}]", "note", "custody_check", "ground",
			   "consent", "record", "day", "")
	             : json_array();
	return *out != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* Beside a decision of our own to share stands what the family said of the same. */
static enum status
notes_of(
    const struct showing *s, const struct ground_row *row, const json_t *body, json_t **out)
{
	if (row->basis == BASIS_LAW && row->origin[0] == '\0' &&
	    row->state != CONSENT_NOT_SHARED)
		return acts_law_notes(s->service, s->file->n, row->basis, body, out);
	if (row->basis == BASIS_CONSENT)
		return note_doubt(s, row, body, out);
	*out = json_array();
	return *out != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status
show_record(const struct showing *s, const struct ground_row *row, json_t **out)
{
	json_t *item = NULL, *body = NULL, *notes = NULL;
	enum status rc = grounds_read(s->service, s->key, row, &body, NULL);

	if (rc == STATUS_OK)
		rc = notes_of(s, row, body, &notes);
	if (rc == STATUS_OK) {
		item = json_pack("{s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:o, s:O, s:o, s:o}",
		    "record", request_hex(row->id), "case", request_hex(s->file->id), "origin",
		    row->origin, "basis", row->basis == BASIS_LAW ? "law" : "consent", "state",
		    consent_state_name(row->state), "label_lv",
		    consent_state_label(row->state, "lv"), "label_en",
		    consent_state_label(row->state, "en"), "time", request_time(row->time_ms),
		    "says", body, "may", events_that_follow(s, row), "notes", notes);
		rc = item == NULL ? STATUS_NO_MEMORY : list_shared(s, row->n, item);
	}
	json_decref(body);
	if (rc == STATUS_OK)
		*out = item;
	else
		json_decref(item);
	return rc;
}

static enum status
show_event(const struct showing *s, const struct ground_event_row *row, json_t *events)
{
	const char *day, *text;
	json_t *body = NULL, *one;
	enum status rc = grounds_read_event(s->service, s->key, row->n, &body);

	if (rc != STATUS_OK && rc != STATUS_ERASED)
		return rc;
	day = json_string_value(json_object_get(body, "day"));
	text = json_string_value(json_object_get(body, "reason"));
	one = json_pack("{s:o, s:s, s:o, s:o, s:s, s:s, s:s}", "time",
	    request_time(row->time_ms), "event", consent_event_name(row->what), "index",
	    row->index != 0 ? json_integer((json_int_t)row->index) : json_null(), "by",
	    acts_person(s->service, row->person), "role", row->role, "day",
	    day != NULL ? day : "", "text", text != NULL ? text : "");
	json_decref(body);
	return json_array_append_new(events, one) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status
show_events(const struct showing *s, uint64_t ground_n, json_t *item)
{
	json_t *events = json_array();
	struct ground_event_row row = {0};
	enum status rc;

	while (
	    (rc = ground_store_event_after(s->service->db, ground_n, row.n, &row)) == STATUS_OK)
		if ((rc = show_event(s, &row, events)) != STATUS_OK)
			break;
	if (rc != STATUS_NOT_FOUND) {
		json_decref(events);
		return rc;
	}
	return set_new(item, "events", events);
}

/* ---- The looks --------------------------------------------------------------------------- */

/* In the open transaction: showing and recording that it was shown are one. */
static enum status
look(struct showing *s, const struct ground_row *only, const char *recorded, json_t **out)
{
	struct ground_row row = {0};
	struct knowing knowing;
	json_t *items = json_array(), *item = NULL;
	enum status rc = knowing_of(s->service, s->actor, s->file->n, &knowing);

	if (rc == STATUS_OK) {
		s->act = knowing.act;
		rc = access_record(s->service, s->actor, s->file->n, 0, recorded);
	}
	if (rc == STATUS_OK && only != NULL) {
		rc = show_record(s, only, &item);
		if (rc == STATUS_OK)
			rc = show_events(s, only->n, item);
	} else if (rc == STATUS_OK) {
		while ((rc = ground_store_of_case(s->service->db, s->file->n, row.n, &row)) ==
		       STATUS_OK) {
			if ((rc = show_record(s, &row, &item)) == STATUS_OK &&
			    json_array_append_new(items, item) != 0)
				rc = STATUS_NO_MEMORY;
			item = NULL;
			if (rc != STATUS_OK)
				break;
		}
		rc = rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
		if (rc == STATUS_OK && (item = json_pack("{s:O}", "items", items)) == NULL)
			rc = STATUS_NO_MEMORY;
	}
	json_decref(items);
	if (rc == STATUS_OK)
		*out = item;
	else
		json_decref(item);
	return rc;
}

static enum status
open_look(struct service *service, const struct actor *actor, const struct case_row *file,
    const struct ground_row *only, json_t **answer, struct refusal *refusal)
{
	struct case_key key;
	struct showing s = {.service = service, .actor = actor, .file = file, .key = &key};
	json_t *shown = NULL;
	enum status rc;

	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	rc = case_file_key(service, file->n, &key);
	if (rc == STATUS_OK) {
		rc = look(&s, only, only != NULL ? "ground" : "grounds", &shown);
		vault_forget(&key);
	} else if (rc == STATUS_NOT_FOUND) {
		rc = STATUS_ERASED;
	}
	if (service_end(service, rc, "read") != STATUS_OK)
		return acts_fail(refusal, rc, "reading the record");
	*answer = shown;
	return STATUS_OK;
}

enum status
acts_grounds(struct service *service, const struct actor *actor, const char *case_id,
    json_t **answer, struct refusal *refusal)
{
	struct case_row file;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = acts_find_case(service, actor, ACTS_TO_OPEN, case_id, &file, refusal)) !=
		STATUS_OK)
		return rc;
	return open_look(service, actor, &file, NULL, answer, refusal);
}

enum status
acts_grounds_one(struct service *service, const struct actor *actor, const char *record,
    json_t **answer, struct refusal *refusal)
{
	struct ground_row row;
	struct case_row file;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = acts_consent_find(
		 service, actor, ACTS_TO_OPEN, record, &row, &file, refusal)) != STATUS_OK)
		return rc;
	return open_look(service, actor, &file, &row, answer, refusal);
}
