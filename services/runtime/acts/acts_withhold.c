/* services/runtime/acts/acts_withhold.c: which messages a family is not told of, and why; or again. */
#include <string.h>

#include "protocol/host/lang.h"
#include "protocol/lists/lists.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/store/disclosure_store.h"
#include "services/runtime/store/ground_store.h"

#define TEXT_MAX 2000 /* bytes */

struct decision {
	struct case_row file;
	struct withhold_row row;
	const char *message; /* as it was named */
	const char *reason;  /* "" when it ends */
	const char *text;
};

enum status
acts_may_disclose(const struct actor *actor, struct refusal *refusal)
{
	enum status rc = acts_may_read(actor, refusal);

	if (rc != STATUS_OK || actor->role == ROLE_CASE_MANAGER ||
	    actor->role == ROLE_SUPERVISOR || actor->role == ROLE_HEAD)
		return rc;
	return request_refuse(refusal, STATUS_NOT_ALLOWED, "",
	    "case managers, supervisors and heads answer to families; ask one of them");
}

static enum status
read_text(const json_t *request, const char *name, const char **out, struct refusal *refusal)
{
	const json_t *value = json_object_get(request, name);

	if (!json_is_string(value) || json_string_length(value) == 0)
		return request_refuse(refusal, STATUS_ARGUMENT, name, "%s is missing", name);
	if (json_string_length(value) > TEXT_MAX ||
	    !bytes_is_utf8((struct bytes){
		(const uint8_t *)json_string_value(value), json_string_length(value)}))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, name, "%s is too long or not of its form", name);
	*out = json_string_value(value);
	return STATUS_OK;
}

static enum status
read_request(const json_t *request, struct decision *out, struct refusal *refusal)
{
	static const char *const words[] = {"message", "reason", "text", "undo", NULL};
	const json_t *undo = json_object_get(request, "undo");
	enum status rc;

	if ((rc = request_only(request, words, refusal)) != STATUS_OK ||
	    (rc = read_text(request, "message", &out->message, refusal)) != STATUS_OK ||
	    (rc = read_text(request, "text", &out->text, refusal)) != STATUS_OK)
		return rc;
	if (undo != NULL && !json_is_boolean(undo))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "undo", "undo is true or false");
	out->row.ended = json_is_true(undo);
	out->reason = "";
	if (out->row.ended)
		return json_object_get(request, "reason") == NULL
		           ? STATUS_OK
		           : request_refuse(refusal, STATUS_ARGUMENT, "reason",
				 "reason is not given when a message is told again");
	if ((rc = read_text(request, "reason", &out->reason, refusal)) != STATUS_OK)
		return rc;
	if (!list_has("withhold-reasons", bytes_of_text(out->reason)))
		return request_refuse_code(refusal, "reason", "withhold-reasons");
	return STATUS_OK;
}

/* A decision not to share of this case by its id, or by the first 8 digits or more of it. */
static enum status
find_decision(struct service *service, struct decision *decision)
{
	const size_t len = strlen(decision->message);
	struct ground_row row = {0};
	unsigned found = 0;
	enum status rc;

	if (len < 8 || len > 2 * SUITE_ID_LEN)
		return STATUS_NOT_FOUND;
	while ((rc = ground_store_of_case(service->db, decision->file.n, row.n, &row)) ==
	       STATUS_OK) {
		json_t *hex = request_hex(row.id);

		if (hex == NULL)
			return STATUS_NO_MEMORY;
		if (row.origin[0] == '\0' && row.state == CONSENT_NOT_SHARED &&
		    strncmp(json_string_value(hex), decision->message, len) == 0) {
			memcpy(decision->row.message, row.id, sizeof(row.id));
			found++;
		}
		json_decref(hex);
	}
	return rc == STATUS_NOT_FOUND && found == 1 ? STATUS_OK : rc;
}

/* What is left out: a message, or a decision not to share, which has an id of its own, too. */
static enum status
find_left_out(struct service *service, const struct actor *actor, struct decision *decision,
    struct refusal *refusal)
{
	struct event_row event;
	struct task_row task;
	enum status rc = find_decision(service, decision);

	if (rc == STATUS_OK)
		return rc;
	if (rc != STATUS_NOT_FOUND)
		return acts_fail(refusal, rc, "reading the case");
	rc = acts_find_message(
	    service, actor, ACTS_TO_OPEN, decision->message, &event, &task, refusal);
	if (rc != STATUS_OK)
		return rc;
	if (task.case_n != decision->file.n)
		return request_refuse(refusal, STATUS_NOT_FOUND, "message",
		    "there is no such message in this case");
	memcpy(decision->row.message, event.message, sizeof(event.message));
	return STATUS_OK;
}

static enum status
check_change(struct service *service, const struct actor *actor, struct decision *decision,
    struct refusal *refusal)
{
	struct withhold_row last;
	bool is_withheld;
	enum status rc = find_left_out(service, actor, decision, refusal);

	if (rc != STATUS_OK)
		return rc;
	rc = disclosure_store_last(service->db, decision->file.n, decision->row.message, &last);
	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
		return acts_fail(refusal, rc, "reading the case");
	is_withheld = rc == STATUS_OK && !last.ended;
	if (is_withheld == decision->row.ended)
		return STATUS_OK;
	return request_refuse(refusal, STATUS_WRONG_STATE, "message",
	    is_withheld ? N_("the message is left out already")
			: N_("the message is not left out"));
}

static enum status
seal(const struct case_key *key, uint64_t n, const char *column, const char *text,
    struct buffer *out)
{
	const struct vault_place place = {"withheld", n, column};

	/* Nothing is sealed for nothing: the column is NULL then. */
	return text[0] == '\0' ? STATUS_OK : vault_seal(key, &place, bytes_of_text(text), out);
}

/* In the open transaction. */
static enum status
store(struct service *service, const struct actor *actor, struct decision *decision)
{
	struct buffer reason = {0}, text = {0}, person = {0};
	struct withhold_row *row = &decision->row;
	const struct task_row whole = {.case_n = decision->file.n};
	struct case_key key;
	enum status rc = case_file_key(service, decision->file.n, &key);

	if (rc != STATUS_OK)
		return rc;
	row->case_n = decision->file.n;
	row->time_ms = service->now_ms;
	rc = disclosure_store_next(service->db, &row->n);
	if (rc == STATUS_OK)
		rc = seal(&key, row->n, "reason", decision->reason, &reason);
	if (rc == STATUS_OK)
		rc = seal(&key, row->n, "text", decision->text, &text);
	if (rc == STATUS_OK)
		rc = seal(&key, row->n, "person", actor->user, &person);
	if (rc == STATUS_OK)
		rc = disclosure_store_add(service->db, row, service_role_name(actor->role),
		    bytes_of_buffer(&reason), bytes_of_buffer(&text), bytes_of_buffer(&person));
	if (rc == STATUS_OK)
		rc = acts_record(service, actor, &whole, "withhold");
	buffer_free(&reason);
	buffer_free(&text);
	buffer_free(&person);
	vault_forget(&key);
	return rc;
}

enum status
acts_withhold(struct service *service, const struct actor *actor, const char *case_id,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	struct decision decision = {0};
	json_t *said;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_disclose(actor, refusal)) != STATUS_OK ||
	    (rc = acts_find_case(
		 service, actor, ACTS_TO_ACT, case_id, &decision.file, refusal)) != STATUS_OK ||
	    (rc = read_request(request, &decision, refusal)) != STATUS_OK ||
	    (rc = check_change(service, actor, &decision, refusal)) != STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "storing the decision");
	rc = store(service, actor, &decision);
	said = json_pack("{s:o, s:o, s:b}", "case", request_hex(decision.file.id), "message",
	    request_hex(decision.row.message), "withheld", !decision.row.ended);
	return acts_end(service, rc, said, answer, "storing the decision", refusal);
}

/* ---- What was decided -------------------------------------------------------------------- */

static enum status
open_column(const struct case_key *key, uint64_t n, const char *column,
    const struct buffer *sealed, json_t *item, const char *name)
{
	const struct vault_place place = {"withheld", n, column};
	struct buffer plain = {0};
	enum status rc = STATUS_OK;

	if (sealed->len > 0)
		rc = vault_open(key, &place, bytes_of_buffer(sealed), &plain);
	buffer_append_byte(&plain, '\0');
	if (rc == STATUS_OK &&
	    (plain.failed || json_object_set_new(item, name,
				 json_stringn((const char *)plain.data, plain.len - 1)) != 0))
		rc = STATUS_NO_MEMORY;
	buffer_free(&plain);
	return rc;
}

static enum status
next_item(struct service *service, const struct case_key *key, const struct case_row *file,
    uint64_t *after, json_t *items)
{
	struct buffer reason = {0}, text = {0}, person = {0};
	struct withhold_row row;
	json_t *item = NULL;
	enum status rc =
	    disclosure_store_after(service->db, file->n, *after, &row, &reason, &text, &person);

	if (rc == STATUS_OK) {
		*after = row.n;
		item = json_pack("{s:o, s:o, s:b}", "message", request_hex(row.message), "time",
		    request_time(row.time_ms), "withheld", !row.ended);
		rc = open_column(key, row.n, "reason", &reason, item, "reason");
	}
	if (rc == STATUS_OK)
		rc = open_column(key, row.n, "text", &text, item, "text");
	if (rc == STATUS_OK)
		rc = open_column(key, row.n, "person", &person, item, "by");
	if (rc == STATUS_OK && json_array_append(items, item) != 0)
		rc = STATUS_NO_MEMORY;
	json_decref(item);
	buffer_free(&reason);
	buffer_free(&text);
	buffer_free(&person);
	return rc;
}

enum status
acts_withheld(struct service *service, const struct actor *actor, const char *case_id,
    json_t **answer, struct refusal *refusal)
{
	struct task_row whole = {0};
	struct case_row file;
	struct case_key key;
	json_t *items;
	uint64_t after = 0;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_disclose(actor, refusal)) != STATUS_OK ||
	    (rc = acts_find_case(service, actor, ACTS_TO_OPEN, case_id, &file, refusal)) !=
		STATUS_OK)
		return rc;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "recording the access");
	items = json_array();
	whole.case_n = file.n;
	rc = case_file_key(service, file.n, &key);
	if (rc == STATUS_OK) {
		while ((rc = next_item(service, &key, &file, &after, items)) == STATUS_OK)
			continue;
		rc = rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
		if (rc == STATUS_OK)
			rc = acts_record(service, actor, &whole, "withheld");
		vault_forget(&key);
	}
	if (rc == STATUS_OK && (*answer = json_pack("{s:O}", "items", items)) == NULL)
		rc = STATUS_NO_MEMORY;
	json_decref(items);
	if (service_end(service, rc, "read") != STATUS_OK)
		return acts_fail(refusal, rc, "reading the case");
	return STATUS_OK;
}
