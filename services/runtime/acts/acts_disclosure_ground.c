/* services/runtime/acts/acts_disclosure_ground.c: grounds, stops, decisions and erasures in a family's statement. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/acts/acts_disclosure_inside.h"
#include "services/runtime/store/erasure_store.h"

#define KEY_MAX (PARTY_MAX + 2 * SUITE_ID_LEN + 2)

/* ---- What the statement told of ---------------------------------------------------------- */

static void
put_key(const char *peer, const uint8_t record[static SUITE_ID_LEN], char out[static KEY_MAX])
{
	int at = snprintf(out, KEY_MAX, "%.*s/", PARTY_MAX, peer);

	for (unsigned i = 0; i < SUITE_ID_LEN; i++)
		at += snprintf(out + at, KEY_MAX - (size_t)at, "%02x", record[i]);
}

static void
put_task(uint64_t task_n, char out[static KEY_MAX])
{
	snprintf(out, KEY_MAX, "%" PRIu64, task_n);
}

static enum status
tell(struct disclosure *disclosure, const char *key)
{
	return json_object_set_new(disclosure->told, key, json_true()) == 0 ? STATUS_OK
	                                                                    : STATUS_NO_MEMORY;
}

static bool
is_told(const struct disclosure *disclosure, const char *key)
{
	return json_object_get(disclosure->told, key) != NULL;
}

/* ---- What a message rests on ------------------------------------------------------------- */

/* The record of that id in the case, whoever made it. */
static enum status
find_in_case(struct disclosure *disclosure, const uint8_t id[static SUITE_ID_LEN],
    struct ground_row *out)
{
	enum status rc;

	out->n = 0;
	while ((rc = ground_store_of_case(
		    disclosure->service->db, disclosure->file.n, out->n, out)) == STATUS_OK)
		if (memcmp(out->id, id, SUITE_ID_LEN) == 0)
			break;
	return rc;
}

/* The record that CONTENT names, else the task's; STATUS_NOT_FOUND. */
static enum status
find_record(const struct task_view *view, const struct content *content, struct ground_row *out)
{
	struct disclosure *disclosure = view->disclosure;
	struct database *db = disclosure->service->db;
	uint8_t id[SUITE_ID_LEN];
	enum status rc = STATUS_NOT_FOUND;

	if (view->shared && view->other.basis == BASIS_NONE)
		return STATUS_NOT_FOUND;
	if (content != NULL && content_id(content, FIELD_RECORD, id)) {
		rc = ground_store_find(db, id, "", out);
		if (rc == STATUS_NOT_FOUND)
			rc = ground_store_find(db, id, view->other.code, out);
		/* In a circle one cites what another told of. */
		if (rc == STATUS_NOT_FOUND && view->shared)
			rc = find_in_case(disclosure, id, out);
	}
	if (rc == STATUS_NOT_FOUND && view->task.ground_n != 0)
		rc = ground_store_get(db, view->task.ground_n, out);
	return rc == STATUS_OK && out->case_n != disclosure->file.n ? STATUS_NOT_FOUND : rc;
}

/* The legal day of the last event, which is what took a record out of force; "" if none did. */
static enum status
find_end(struct disclosure *disclosure, const struct ground_row *row, char out[static 11])
{
	struct service *service = disclosure->service;
	struct ground_event_row event = {0};
	const char *day;
	json_t *body = NULL;
	uint64_t last = 0;
	enum status rc;

	out[0] = '\0';
	if (consent_authorises(row->state))
		return STATUS_OK;
	while (
	    (rc = ground_store_event_after(service->db, row->n, event.n, &event)) == STATUS_OK)
		last = event.n;
	if (rc != STATUS_NOT_FOUND || last == 0)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	rc = grounds_read_event(service, &disclosure->key, last, &body);
	if (rc == STATUS_ERASED)
		return STATUS_OK;
	if (rc != STATUS_OK)
		return rc;
	day = json_string_value(json_object_get(body, "day"));
	if (day == NULL || !bytes_to_text(bytes_of_text(day), out, 11))
		out[0] = '\0';
	json_decref(body);
	return STATUS_OK;
}

/* As the message told it; what it did not, as the record says. */
static int
set_words(json_t *rests, const struct content *content, const json_t *body)
{
	static const struct {
		enum field field;
		const char *name;
	} words[] = {
	    {FIELD_GRANTED_ON, "granted_on"},
	    {FIELD_GRANTER, "granter"},
	    {FIELD_CAPACITY, "capacity"},
	    {FIELD_PROVISION, "provision"},
	    {FIELD_NECESSITY, "necessity"},
	    {FIELD_FAMILY_TOLD, "family_told"},
	    {FIELD_GROUND_UNTIL, "until"},
	};
	int failed = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *said = json_string_value(json_object_get(body, words[i].name));
		struct bytes text;

		if (content != NULL && content_text(content, words[i].field, &text))
			failed |= json_object_set_new(rests, words[i].name,
			    json_stringn((const char *)text.data, text.len));
		else
			failed |= json_object_set_new(
			    rests, words[i].name, json_string(said != NULL ? said : ""));
	}
	return failed;
}

static enum status
make_rests(struct task_view *view, const struct content *content, const struct ground_row *row,
    const json_t *body, json_t **out)
{
	char ended[11] = "", key[KEY_MAX];
	json_t *rests;
	enum status rc = STATUS_OK;

	if (row->n != 0) {
		put_key(view->other.code, row->id, key);
		if ((rc = find_end(view->disclosure, row, ended)) == STATUS_OK)
			rc = tell(view->disclosure, key);
	}
	if (rc != STATUS_OK)
		return rc;
	rests = json_pack("{s:o, s:s, s:s}", "record",
	    row->n != 0 ? request_hex(row->id) : json_null(), "state",
	    row->n != 0 ? consent_state_name(row->state) : "", "ended", ended);
	if (rests == NULL || set_words(rests, content, body) != 0) {
		json_decref(rests);
		return STATUS_NO_MEMORY;
	}
	*out = rests;
	return STATUS_OK;
}

static enum status
set_rests(struct task_view *view, const struct content *content, json_t *entry)
{
	struct disclosure *disclosure = view->disclosure;
	struct ground_row row = {0};
	char key[KEY_MAX];
	json_t *body = NULL, *rests = NULL;
	enum status rc = find_record(view, content, &row);

	if (rc == STATUS_OK)
		rc = grounds_read(disclosure->service, &disclosure->key, &row, &body, NULL);
	else if (rc == STATUS_NOT_FOUND)
		row = (struct ground_row){0};
	if (rc == STATUS_OK || rc == STATUS_NOT_FOUND || rc == STATUS_ERASED)
		rc = make_rests(view, content, &row, body, &rests);
	json_decref(body);
	if (rc == STATUS_OK && json_object_set_new(entry, "rests", rests) != 0)
		rc = STATUS_NO_MEMORY;
	put_task(view->task.n, key);
	return rc == STATUS_OK ? tell(disclosure, key) : rc;
}

/* The code of the ground that CONTENT tells of itself, else the offer's. */
static void
put_code(const struct task_view *view, const struct content *content, char out[static 48])
{
	struct bytes text;

	if (content == NULL || !content_text(content, FIELD_GROUND, &text) ||
	    !bytes_to_text(text, out, 48))
		snprintf(out, 48, "%s", view->ground);
}

/* In a circle nobody answers on another's ground; what is of acts alone rests on none. */
static const char *
basis_of(const struct task_view *view, const struct event_row *row,
    const struct content *content, const char *code)
{
	const bool by_sender = row->own == (view->task.side == TASK_SENDER);
	enum basis basis = view->shared ? view->other.basis : view->task.basis;
	struct bytes own;

	if (row->type == MESSAGE_HISTORY_PASS_ACTS || (view->shared && basis == BASIS_NONE))
		return "none";
	if (content != NULL && content_text(content, FIELD_GROUND, &own))
		return strcmp(code, "consent") == 0 ? "consent" : "law";
	if (!view->shared && !by_sender)
		return "reply";
	return basis == BASIS_CONSENT ? "consent" : "law";
}

enum status
acts_disclosure_set_ground(struct task_view *view, const struct event_row *row,
    const struct content *content, json_t *entry)
{
	const struct list *bases = list_named("legal-bases");
	const char *basis, *provision = "";
	char code[48];
	unsigned at;

	put_code(view, content, code);
	basis = basis_of(view, row, content, code);
	if (strcmp(basis, "none") == 0)
		code[0] = '\0';
	if (bases != NULL && list_find(bases, bytes_of_text(code), &at))
		provision = list_text(bases, at, "source");
	if (json_object_set_new(entry, "basis", json_string(basis)) != 0 ||
	    json_object_set_new(entry, "ground", json_string(code)) != 0 ||
	    json_object_set_new(entry, "provision", json_string(provision)) != 0 ||
	    json_object_set_new(entry, "purpose", json_string(view->purpose)) != 0 ||
	    json_object_set_new(entry, "reference", request_hex(view->other.reference)) != 0)
		return STATUS_NO_MEMORY;
	return set_rests(view, content, entry);
}

category_set
acts_disclosure_covers(const struct content *content)
{
	category_set covered = CATEGORY_BIT(CATEGORY_ACT) | CATEGORY_BIT(CATEGORY_GROUND);
	struct bytes code;
	unsigned count = 0;

	while (content_code_at(content, FIELD_GROUND_CATEGORIES, count, &code)) {
		enum category category;

		if (category_named(code, &category))
			covered |= CATEGORY_BIT(category);
		count++;
	}
	return count > 0 ? covered : CATEGORY_ALL;
}

/* ---- Stops ------------------------------------------------------------------------------- */

/* The answer to a stop, unless it is left out; the last one holds. */
static enum status
add_answer(struct task_view *view, json_t *entry)
{
	struct disclosure *disclosure = view->disclosure;
	enum status rc = STATUS_OK;

	for (size_t i = 0; rc == STATUS_OK && i < view->history.count; i++) {
		const struct event_row *row = &view->history.rows[i];
		struct content content = {0};
		struct bytes code;
		bool withheld;

		if (row->what != EVENT_MESSAGE || row->type != MESSAGE_GROUND_STOP_ANSWER ||
		    row->dead || view->history.voids[i])
			continue;
		rc = acts_disclosure_withheld(disclosure, row->message, &withheld);
		if (rc == STATUS_OK && withheld) {
			disclosure->left_out++;
			continue;
		}
		if (rc == STATUS_OK)
			rc = case_file_content(
			    disclosure->service, &disclosure->key, row, &content);
		if (rc == STATUS_OK && content_text(&content, FIELD_STOP_ANSWER, &code) &&
		    (json_object_set_new(entry, "answer",
			 json_stringn((const char *)code.data, code.len)) != 0 ||
			json_object_set_new(entry, "answered", request_time(row->time_ms)) !=
			    0))
			rc = STATUS_NO_MEMORY;
		rc = rc == STATUS_ERASED ? STATUS_OK : rc;
		content_free(&content);
	}
	return rc;
}

static enum status
make_stop(struct task_view *view, const struct event_row *row, const struct ref_row *ref,
    const struct ground_row *ground)
{
	struct disclosure *disclosure = view->disclosure;
	json_t *entry =
	    json_pack("{s:o, s:o, s:o, s:s, s:o, s:s, s:s, s:s, s:n, s:n, s:s, s:n}", "message",
		request_hex(row->message), "time", request_time(row->time_ms), "with",
		acts_disclosure_party(disclosure->service, view->task.peer), "basis",
		ground->basis == BASIS_LAW ? "law" : "consent", "record",
		request_hex(ground->id), "reason", ref->stop_reason, "state", "received", "why",
		"", "delivered", "read", "answer", "", "answered");
	enum status rc = entry == NULL ? STATUS_NO_MEMORY : STATUS_OK;

	if (rc == STATUS_OK && row->own)
		rc = acts_disclosure_set_fate(view, row, entry);
	if (rc == STATUS_OK)
		rc = add_answer(view, entry);
	if (rc != STATUS_OK) {
		json_decref(entry);
		return rc;
	}
	return acts_disclosure_append(disclosure, disclosure->stops, entry);
}

/* A stop of what the statement does not tell of would tell of it. */
enum status
acts_disclosure_stop(struct task_view *view)
{
	struct disclosure *disclosure = view->disclosure;
	const struct event_row *row = NULL;
	struct ground_row ground = {0};
	struct ref_row ref;
	char key[KEY_MAX];
	bool withheld;
	enum status rc = ground_store_ref(disclosure->service->db,
	    view->task.side == TASK_SENDER ? REF_OURS : REF_THEIRS, view->task.peer,
	    view->task.reference, &ref);

	for (size_t i = 0; i < view->history.count && row == NULL; i++)
		if (view->history.rows[i].what == EVENT_MESSAGE &&
		    view->history.rows[i].type == MESSAGE_GROUND_STOP)
			row = &view->history.rows[i];
	if (rc == STATUS_OK)
		rc = ground_store_get(disclosure->service->db, ref.ground_n, &ground);
	if (rc != STATUS_OK || row == NULL)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	put_key(view->task.peer, ground.id, key);
	if (!is_told(disclosure, key))
		return STATUS_OK;
	if ((rc = acts_disclosure_withheld(disclosure, row->message, &withheld)) != STATUS_OK)
		return rc;
	if (withheld) {
		disclosure->left_out++;
		return STATUS_OK;
	}
	return make_stop(view, row, &ref, &ground);
}

/* ---- Decisions not to share -------------------------------------------------------------- */

/* Who did not get it: an institution, or a kind or group of kinds by its code alone. */
static json_t *
recipient(const struct service *service, const char *code)
{
	if (service_peer(service, code) != NULL)
		return acts_disclosure_party(service, code);
	return json_pack("{s:s, s:s, s:s, s:s}", "code", code, "name", "", "kind",
	    list_has("institution-kinds", bytes_of_text(code)) ? code : "", "municipality", "");
}

static enum status
add_decision(struct disclosure *disclosure, const struct ground_row *row, const json_t *body)
{
	const char *text = json_string_value(json_object_get(body, "text"));
	json_t *categories = json_object_get(body, "categories"), *entry;
	const json_t *one;
	size_t i;
	enum status rc;

	json_array_foreach(json_object_get(body, "recipients"), i, one)
	{
		if (!json_is_string(one))
			continue;
		entry = json_pack("{s:o, s:o, s:o, s:s, s:[], s:O, s:s}", "decision",
		    request_hex(row->id), "time", request_time(row->time_ms), "with",
		    recipient(disclosure->service, json_string_value(one)), "why", "decided",
		    "fields", "categories", categories, "text", text != NULL ? text : "");
		if (entry == NULL)
			return STATUS_NO_MEMORY;
		rc = acts_disclosure_append(disclosure, disclosure->not_shared, entry);
		if (rc != STATUS_OK)
			return rc;
	}
	return STATUS_OK;
}

enum status
acts_disclosure_decisions(struct disclosure *disclosure)
{
	struct service *service = disclosure->service;
	struct ground_row row = {0};
	enum status rc;

	while ((rc = ground_store_of_case(service->db, disclosure->file.n, row.n, &row)) ==
	       STATUS_OK) {
		json_t *body = NULL;
		bool withheld;

		if (row.origin[0] != '\0' || row.state != CONSENT_NOT_SHARED)
			continue;
		rc = acts_disclosure_withheld(disclosure, row.id, &withheld);
		if (rc == STATUS_OK && withheld) {
			disclosure->left_out++;
			continue;
		}
		if (rc == STATUS_OK)
			rc = grounds_read(service, &disclosure->key, &row, &body, NULL);
		if (rc == STATUS_OK)
			rc = add_decision(disclosure, &row, body);
		json_decref(body);
		if (rc != STATUS_OK && rc != STATUS_ERASED)
			return rc;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

/* ---- Erasures ---------------------------------------------------------------------------- */

/* Of a task: only where the statement tells of it anyway. */
static enum status
add_erasure(struct disclosure *disclosure, const struct erasure_row *row)
{
	struct task_row task;
	char key[KEY_MAX];
	json_t *entry;
	enum status rc;

	put_task(row->task_n, key);
	if (!is_told(disclosure, key))
		return STATUS_OK;
	if ((rc = case_store_task(disclosure->service->db, row->task_n, &task)) != STATUS_OK)
		return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
	entry = json_pack("{s:o, s:o, s:s}", "time", request_time(row->time_ms), "with",
	    acts_disclosure_party(disclosure->service, task.peer), "reason", row->reason);
	if (entry == NULL)
		return STATUS_NO_MEMORY;
	return acts_disclosure_append(disclosure, disclosure->erasures, entry);
}

enum status
acts_disclosure_erasures(struct disclosure *disclosure)
{
	struct erasure_row row = {0};
	enum status rc;

	while ((rc = erasure_store_before(
		    disclosure->service->db, row.n, disclosure->file.n, &row)) == STATUS_OK)
		if ((rc = add_erasure(disclosure, &row)) != STATUS_OK)
			return rc;
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}
