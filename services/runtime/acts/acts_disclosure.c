/* services/runtime/acts/acts_disclosure.c: what a family may know of a case: who got and gave which data, when, why. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/lists/lists.h"
#include "protocol/trust/profile.h"
#include "services/runtime/acts/acts_disclosure_inside.h"
#include "services/runtime/exchange/dispatch.h"
#include "services/runtime/store/disclosure_store.h"

/*
 * A statement tells of names of fields, never of what they hold. What was withheld for a
 * recorded reason (acts_withhold.c) is not in it by any word: nor the fields that stayed when
 * that message went.
 */
#define ENTRIES_MAX 5000

json_t *
acts_disclosure_party(const struct service *service, const char *code)
{
	const struct party *party = service_peer(service, code);

	return json_pack("{s:s, s:s, s:s, s:s}", "code", code, "name",
	    party != NULL ? party->name : "", "kind", party != NULL ? party->kind : "",
	    "municipality", party != NULL ? party->municipality : "");
}

static enum status
add_name(json_t *names, const struct field_info *field)
{
	json_t *one = json_pack(
	    "{s:s, s:s}", "name", field->name, "category", category_name(field->category));

	return json_array_append_new(names, one) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/* The names of what CONTENT says and ALLOWED lets through. */
static json_t *
names_of(const struct content *content, category_set allowed)
{
	json_t *names = json_array();

	for (unsigned i = 0; i < content->type->field_count; i++) {
		const struct field_info *field = content->type->fields[i].field;

		/* What the message rests on is told apart. */
		if (!content->fields[i].present || field->id == FIELD_TASK ||
		    field->id == FIELD_APPLIED || field->id == FIELD_HISTORY ||
		    field->id == FIELD_HISTORY_COUNT ||
		    (field->category == CATEGORY_ACT && grounds_sets(field)) ||
		    (allowed & CATEGORY_BIT(field->category)) == 0)
			continue;
		if (add_name(names, field) != STATUS_OK) {
			json_decref(names);
			return NULL;
		}
	}
	return names;
}

enum status
acts_disclosure_withheld(
    struct disclosure *disclosure, const uint8_t id[static SUITE_ID_LEN], bool *out)
{
	struct withhold_row row;
	enum status rc =
	    disclosure_store_last(disclosure->service->db, disclosure->file.n, id, &row);

	*out = rc == STATUS_OK && !row.ended;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
acts_disclosure_append(struct disclosure *disclosure, json_t *array, json_t *entry)
{
	if (disclosure->entries == ENTRIES_MAX) {
		json_decref(entry);
		return STATUS_TOO_LARGE;
	}
	disclosure->entries++;
	return json_array_append_new(array, entry) == 0 ? STATUS_OK : STATUS_NO_MEMORY;
}

/* ---- Entries ----------------------------------------------------------------------------- */

static json_t *
entry_of(const struct task_view *view, const struct event_row *row, json_t *names)
{
	const struct message_info *info = message_info(row->type);

	return json_pack("{s:o, s:s, s:o, s:o, s:o}", "message", request_hex(row->message),
	    "type", info != NULL ? info->name : "", "time", request_time(row->time_ms), "with",
	    acts_disclosure_party(view->disclosure->service, view->other.code), "fields",
	    names);
}

/* Takes ENTRY, which gets what it rests on, and FATE where it is ours. */
static enum status
add_entry(struct task_view *view, const struct event_row *row, const struct content *content,
    json_t *entry)
{
	struct disclosure *disclosure = view->disclosure;
	enum status rc = entry == NULL ? STATUS_NO_MEMORY : STATUS_OK;

	if (rc == STATUS_OK && row->own)
		rc = acts_disclosure_set_fate(view, row, entry);
	if (rc == STATUS_OK)
		rc = acts_disclosure_set_ground(view, row, content, entry);
	if (rc != STATUS_OK) {
		json_decref(entry);
		return rc;
	}
	return acts_disclosure_append(
	    disclosure, row->own ? disclosure->given : disclosure->received, entry);
}

static enum status
add_given(struct task_view *view, const struct event_row *row, const struct content *content)
{
	struct disclosure *disclosure = view->disclosure;
	category_set allowed = dispatch_allows(disclosure->service, view->other.code,
				   view->task.purpose, content) &
	                       acts_disclosure_covers(content);

	return add_entry(view, row, content, entry_of(view, row, names_of(content, allowed)));
}

static enum status
add_received(struct task_view *view, const struct event_row *row, const struct content *content)
{
	return add_entry(
	    view, row, content, entry_of(view, row, names_of(content, CATEGORY_ALL)));
}

/* What it said is gone; that it went, or came, is told as long as the case is known. */
static enum status
add_erased(struct task_view *view, const struct event_row *row)
{
	json_t *entry = entry_of(view, row, json_array());

	if (entry != NULL && json_object_set_new(entry, "erased", json_true()) != 0) {
		json_decref(entry);
		entry = NULL;
	}
	return add_entry(view, row, NULL, entry);
}

static enum status
add_not_shared(
    struct task_view *view, const struct event_row *row, const char *why, json_t *names)
{
	json_t *entry;

	if (json_array_size(names) == 0) {
		json_decref(names);
		return STATUS_OK;
	}
	entry = json_pack("{s:o, s:o, s:s, s:o}", "time", request_time(row->time_ms), "with",
	    acts_disclosure_party(view->disclosure->service, view->other.code), "why", why,
	    "fields", names);
	if (entry == NULL)
		return STATUS_NO_MEMORY;
	return acts_disclosure_append(view->disclosure, view->disclosure->not_shared, entry);
}

/* Of an own offer: what this recipient never gets, and what it did not get in the end. */
static enum status
add_kept(struct task_view *view, const struct event_row *offer, const struct content *content)
{
	const struct party *peer = service_peer(view->disclosure->service, view->other.code);
	category_set ever = peer != NULL ? profile_allows(view->task.purpose, peer->kind)
	                                 : CATEGORY_BIT(CATEGORY_ACT),
		     covered = acts_disclosure_covers(content);
	enum status rc =
	    add_not_shared(view, offer, "profile", names_of(content, CATEGORY_ALL & ~ever));

	if (rc == STATUS_OK)
		rc = add_not_shared(view, offer, "ground", names_of(content, ever & ~covered));
	ever &= covered;

	if (rc != STATUS_OK || offer->with_content || view->history.task.content_seen ||
	    task_is_open(view->task.sort, view->history.task.state))
		return rc;
	return add_not_shared(
	    view, offer, "not_opened", names_of(content, ever & ~CATEGORY_BIT(CATEGORY_ACT)));
}

/* The ground and purpose that entries of the task rest on, unless they say their own. */
static void
keep_ground(struct task_view *view, const struct content *content)
{
	struct bytes text;

	if (view->ground[0] == '\0' && content_text(content, FIELD_GROUND, &text) &&
	    !bytes_to_text(text, view->ground, sizeof(view->ground)))
		view->ground[0] = '\0';
	if (content_text(content, FIELD_PURPOSE, &text) &&
	    !bytes_to_text(text, view->purpose, sizeof(view->purpose)))
		view->purpose[0] = '\0';
}

/* Of what was passed on what was in it is told, unless just that is left out. */
static enum status
add_passed(struct task_view *view, const struct event_row *row, const struct content *content,
    const struct leaf *leaf, const struct content *inner)
{
	struct disclosure *disclosure = view->disclosure;
	json_t *entry;
	bool withheld;
	enum status rc = acts_disclosure_withheld(disclosure, leaf->header.id, &withheld);

	if (rc != STATUS_OK || withheld) {
		disclosure->left_out += rc == STATUS_OK;
		return rc;
	}
	entry = entry_of(view, row, names_of(inner, inner->shown));
	if (entry == NULL)
		return STATUS_NO_MEMORY;
	rc = acts_disclosure_set_passed(disclosure->service, leaf, entry);
	if (rc != STATUS_OK) {
		json_decref(entry);
		return rc;
	}
	return add_entry(view, row, content, entry);
}

/* CONTENT went to the other, or came from it. */
static enum status
add_shown(struct task_view *view, const struct event_row *row, const struct content *content)
{
	struct content inner = {0};
	struct leaf leaf;
	enum status rc = acts_disclosure_open(content, &leaf, &inner);

	if (rc == STATUS_OK) {
		rc = add_passed(view, row, content, &leaf, &inner);
	} else if (rc == STATUS_NOT_FOUND && row->own) {
		rc = add_given(view, row, content);
		if (rc == STATUS_OK && task_opens(row->type))
			rc = add_kept(view, row, content);
	} else if (rc == STATUS_NOT_FOUND) {
		rc = add_received(view, row, content);
	}
	content_free(&inner);
	return rc;
}

/* CONTENT: NULL where it was erased. */
static enum status
add_to_all(struct task_view *view, const struct event_row *row, const struct content *content)
{
	const struct disclosure_other one = view->other;
	struct disclosure_other others[ENVELOPE_RECIPIENTS_MAX] = {one};
	unsigned count = 1;
	enum status rc = STATUS_OK;

	if (view->shared)
		rc = acts_disclosure_others(view, row, others, &count);
	for (unsigned i = 0; rc == STATUS_OK && i < count; i++) {
		view->other = others[i];
		rc = content != NULL ? add_shown(view, row, content) : add_erased(view, row);
	}
	view->other = one;
	return rc;
}

static enum status
add_message(struct task_view *view, size_t at)
{
	const struct event_row *row = &view->history.rows[at];
	struct disclosure *disclosure = view->disclosure;
	struct content content = {0};
	bool withheld;
	enum status rc = acts_disclosure_withheld(disclosure, row->message, &withheld);

	/* What came and does not follow was shown to nobody. */
	if (rc != STATUS_OK || (view->history.voids[at] && !row->own))
		return rc;
	rc = case_file_content(disclosure->service, &disclosure->key, row, &content);
	if (rc == STATUS_OK)
		keep_ground(view, &content);
	if ((rc == STATUS_OK || rc == STATUS_ERASED) && withheld) {
		disclosure->left_out++;
		rc = STATUS_OK;
	} else if (rc == STATUS_OK || rc == STATUS_ERASED) {
		rc = add_to_all(view, row, rc == STATUS_OK ? &content : NULL);
	}
	content_free(&content);
	return rc;
}

/* We did not release the content of a referral; the note bears the referral's id. */
static enum status
add_decision(struct task_view *view, const struct event_row *row)
{
	bool withheld;
	enum status rc = acts_disclosure_withheld(view->disclosure, row->message, &withheld);
	json_t *entry;

	if (rc != STATUS_OK || withheld)
		return rc;
	entry = json_pack("{s:o, s:o, s:s, s:[]}", "time", request_time(row->time_ms), "with",
	    acts_disclosure_party(view->disclosure->service, view->task.peer), "why",
	    status_name(row->status), "fields");
	if (entry == NULL)
		return STATUS_NO_MEMORY;
	return acts_disclosure_append(view->disclosure, view->disclosure->not_shared, entry);
}

static bool
is_stop(const struct task_row *task)
{
	return task->sort == task_sort_of(MESSAGE_GROUND_STOP);
}

static enum status
add_messages(struct task_view *view)
{
	enum status rc = STATUS_OK;

	for (size_t i = 0; rc == STATUS_OK && i < view->history.count; i++) {
		const struct event_row *row = &view->history.rows[i];

		if (row->what == EVENT_MESSAGE)
			rc = add_message(view, i);
		else if (row->what == EVENT_WITHHELD)
			rc = add_decision(view, row);
	}
	return rc;
}

static enum status
add_task(struct disclosure *disclosure, const struct task_row *task)
{
	struct task_view view = {
	    .disclosure = disclosure, .task = *task, .shared = task->circle_n > 0};
	enum status rc = case_file_history(disclosure->service, task, &view.history);

	view.other.basis = task->basis;
	memcpy(view.other.code, task->peer, sizeof(view.other.code));
	memcpy(view.other.reference, task->reference, sizeof(view.other.reference));
	if (view.shared)
		memcpy(view.purpose, task->purpose, sizeof(task->purpose));
	if (rc == STATUS_OK)
		rc = is_stop(task) ? acts_disclosure_stop(&view) : add_messages(&view);
	case_file_history_free(&view.history);
	return rc;
}

/* Stops after all else: they are told of what is told already. */
static enum status
add_tasks(struct disclosure *disclosure, bool stops)
{
	struct task_filter filter = {.case_n = disclosure->file.n, .state = TASK_STATE_COUNT};
	struct task_row task;
	enum status rc;

	while (
	    (rc = case_store_next_of(disclosure->service->db, &filter, &task)) == STATUS_OK) {
		if (is_stop(&task) == stops && (rc = add_task(disclosure, &task)) != STATUS_OK)
			return rc;
		filter.before = task.n;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
add_all(struct disclosure *disclosure)
{
	enum status rc = add_tasks(disclosure, false);

	if (rc == STATUS_OK)
		rc = add_tasks(disclosure, true);
	if (rc == STATUS_OK)
		rc = acts_disclosure_decisions(disclosure);
	return rc == STATUS_OK ? acts_disclosure_erasures(disclosure) : rc;
}

/* ---- The statement ----------------------------------------------------------------------- */

static int
by_time(const void *left, const void *right)
{
	const json_t *const *a = left, *const *b = right;

	/* Times of one form sort as texts. */
	return strcmp(json_string_value(json_object_get(*a, "time")),
	    json_string_value(json_object_get(*b, "time")));
}

/* A new array, oldest first; ARRAY keeps its own. */
static json_t *
sorted(const json_t *array)
{
	size_t count = json_array_size(array);
	json_t **entries = calloc(count + 1, sizeof(*entries));
	json_t *out = entries != NULL ? json_array() : NULL;

	for (size_t i = 0; entries != NULL && i < count; i++)
		entries[i] = json_array_get(array, i);
	if (out != NULL)
		qsort(entries, count, sizeof(json_t *), by_time);
	for (size_t i = 0; out != NULL && i < count; i++) {
		if (json_array_append(out, entries[i]) != 0) {
			json_decref(out);
			out = NULL;
		}
	}
	free(entries);
	return out;
}

static enum status
finish(struct disclosure *disclosure, json_t **answer)
{
	struct service *service = disclosure->service;
	char number[PARTY_MAX + 32], file_number[256] = "";
	uint64_t n;
	enum status rc = case_file_number(
	    service, disclosure->file.n, &disclosure->key, file_number, sizeof(file_number));

	if (rc == STATUS_OK)
		rc = disclosure_store_issue(
		    service->db, disclosure->file.n, service->now_ms, &n);
	if (rc != STATUS_OK)
		return rc;
	snprintf(number, sizeof(number), "%s/%" PRIu64, service->config.code, n);
	*answer = json_pack("{s:s, s:o, s:o, s:s, s:o, s:i, s:o, s:o, s:o, s:o, s:o}", "number",
	    number, "issued", request_time(service->now_ms), "case",
	    request_hex(disclosure->file.id), "file_number", file_number, "institution",
	    acts_disclosure_party(service, service->config.code), "left_out",
	    (int)disclosure->left_out, "given", sorted(disclosure->given), "received",
	    sorted(disclosure->received), "not_shared", sorted(disclosure->not_shared), "stops",
	    sorted(disclosure->stops), "erasures", sorted(disclosure->erasures));
	return *answer != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* In the open transaction: what is handed out is recorded with it. */
static enum status
issue(struct disclosure *disclosure, const struct actor *actor, json_t **answer)
{
	const struct task_row whole = {.case_n = disclosure->file.n};
	enum status rc =
	    case_file_key(disclosure->service, disclosure->file.n, &disclosure->key);

	if (rc != STATUS_OK)
		return rc;
	if ((rc = add_all(disclosure)) == STATUS_OK)
		rc = acts_record(disclosure->service, actor, &whole, "disclosure");
	if (rc == STATUS_OK)
		rc = finish(disclosure, answer);
	vault_forget(&disclosure->key);
	return rc;
}

enum status
acts_disclosure(struct service *service, const struct actor *actor, const char *case_id,
    json_t **answer, struct refusal *refusal)
{
	struct disclosure disclosure = {.service = service};
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_disclose(actor, refusal)) != STATUS_OK ||
	    (rc = acts_find_case(service, actor, ACTS_TO_OPEN, case_id, &disclosure.file,
		 refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	disclosure.given = json_array();
	disclosure.received = json_array();
	disclosure.not_shared = json_array();
	disclosure.stops = json_array();
	disclosure.erasures = json_array();
	disclosure.told = json_object();
	rc = issue(&disclosure, actor, answer);
	json_decref(disclosure.given);
	json_decref(disclosure.received);
	json_decref(disclosure.not_shared);
	json_decref(disclosure.stops);
	json_decref(disclosure.erasures);
	json_decref(disclosure.told);
	if (rc == STATUS_OK) {
		service_commit(service, "read");
		return STATUS_OK;
	}
	service_rollback(service);
	json_decref(*answer);
	*answer = NULL;
	if (rc == STATUS_ERASED)
		return request_refuse(refusal, rc, "case", "the case was erased");
	return acts_fail(refusal, rc, "writing the family's statement");
}
