/* services/runtime/exchange/custody_child.c: which cases of ours are about a child that a message names. */
#include "services/runtime/exchange/custody_child.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "services/runtime/exchange/case_file.h"
#include "services/runtime/exchange/custody_known.h"
#include "services/runtime/exchange/search.h"
#include "services/runtime/exchange/service.h"
#include "services/runtime/store/casebook_store.h"

static void
take_text(const struct content *content, enum field field, char *out, size_t size)
{
	struct bytes text;

	if (!content_text(content, field, &text) || !bytes_to_text(text, out, size))
		out[0] = '\0';
}

bool
custody_child_of(const struct content *content, struct custody_child *out)
{
	*out = (struct custody_child){0};
	take_text(content, FIELD_CHILD_NAME, out->name, sizeof(out->name));
	take_text(content, FIELD_PERSONAL_CODE, out->code, sizeof(out->code));
	take_text(content, FIELD_BIRTH_DATE, out->birth, sizeof(out->birth));
	return out->code[0] != '\0' || (out->name[0] != '\0' && out->birth[0] != '\0');
}

/* ---- Whom a case is about ---------------------------------------------------------------- */

/* CHILD among those that the case names. */
struct looking {
	struct service *service;
	const struct custody_child *child;
	struct case_key key;
	bool found;
};

static enum status
look_at_message(struct looking *in, const struct event_row *row)
{
	const struct message_info *type = message_info(row->type);
	struct custody_child named;
	struct content content;
	enum status rc;

	if (row->what != EVENT_MESSAGE || type == NULL ||
	    (type->categories & CATEGORY_BIT(CATEGORY_IDENTITY)) == 0)
		return STATUS_OK;
	rc = case_file_content(in->service, &in->key, row, &content);
	if (rc == STATUS_OK && custody_child_of(&content, &named))
		in->found = in->found || custody_fact_same_child(in->child, &named);
	content_free(&content);
	suite_wipe(&named, sizeof(named));
	/* What the message said may have been erased. */
	return rc == STATUS_DATABASE || rc == STATUS_NO_MEMORY ? rc : STATUS_OK;
}

static enum status
look_at_tasks(struct looking *in, uint64_t case_n)
{
	struct task_filter filter = {
	    .sides = TASK_SENDER | TASK_RECIPIENT, .state = TASK_STATE_COUNT, .case_n = case_n};
	struct task_row task;
	enum status rc = STATUS_OK;

	while (rc == STATUS_OK && !in->found &&
	       (rc = case_store_next_of(in->service->db, &filter, &task)) == STATUS_OK) {
		struct event_row *rows;
		size_t count = 0;

		filter.before = task.n;
		rc = event_store_load(in->service->db, task.n, &rows, &count);
		for (size_t i = 0; rc == STATUS_OK && !in->found && i < count; i++)
			rc = look_at_message(in, &rows[i]);
		free(rows);
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static void
take_json(const json_t *fields, const char *name, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(fields, name));

	if (text != NULL && !bytes_to_text(bytes_of_text(text), out, size))
		out[0] = '\0';
}

/* What people wrote of the child inside the house, the last word of each. */
static enum status
look_at_notes(struct looking *in, uint64_t case_n)
{
	struct custody_child named = {0};
	struct buffer sealed = {0}, plain = {0};
	struct note_row row = {.n = 0};
	enum status rc;

	while ((rc = casebook_store_note_after(
		    in->service->db, case_n, row.n, &row, &sealed)) == STATUS_OK) {
		const struct vault_place place = {"case_notes", row.n, "body"};
		json_t *body = NULL;
		const json_t *fields;

		rc = vault_open(&in->key, &place, bytes_of_buffer(&sealed), &plain);
		if (rc != STATUS_OK)
			break;
		body = json_loadb((const char *)plain.data, plain.len, 0, NULL);
		fields = json_object_get(body, "fields");
		take_json(fields, "child_name", named.name, sizeof(named.name));
		take_json(fields, "personal_code", named.code, sizeof(named.code));
		take_json(fields, "birth_date", named.birth, sizeof(named.birth));
		json_decref(body);
		buffer_reset(&sealed);
		suite_wipe(plain.data, plain.len);
		buffer_reset(&plain);
	}
	in->found = in->found || custody_fact_same_child(in->child, &named);
	suite_wipe(&named, sizeof(named));
	buffer_free(&sealed);
	buffer_free(&plain);
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

static enum status
is_about(struct service *service, uint64_t case_n, const struct custody_child *child, bool *out)
{
	struct looking in = {.service = service, .child = child};
	enum status rc = case_file_key(service, case_n, &in.key);

	*out = false;
	if (rc != STATUS_OK)
		return rc == STATUS_ERASED ? STATUS_OK : rc;
	rc = custody_known_names_child(service, &in.key, case_n, child, &in.found);
	if (rc == STATUS_OK && !in.found)
		rc = look_at_tasks(&in, case_n);
	if (rc == STATUS_OK && !in.found)
		rc = look_at_notes(&in, case_n);
	vault_forget(&in.key);
	*out = in.found;
	return rc;
}

/* ---- Finding ----------------------------------------------------------------------------- */

static bool
is_in(const struct custody_cases *cases, uint64_t n)
{
	for (unsigned i = 0; i < cases->count; i++)
		if (cases->n[i] == n)
			return true;
	return false;
}

/* KIND's word alone tells who it is (a code), or each case is to be looked into (a name). */
static enum status
collect(struct service *service, const struct custody_child *child, enum vault_word_kind kind,
    struct custody_cases *out)
{
	struct search search;
	uint64_t n = 0;
	unsigned looked = 0;
	bool about;
	enum status rc =
	    search_make(service, kind, kind == VAULT_CODE ? child->code : child->name, &search);

	if (rc != STATUS_OK)
		return rc == STATUS_ARGUMENT || rc == STATUS_TOO_LARGE || rc == STATUS_MALFORMED
		           ? STATUS_OK
		           : rc;
	while (out->count < CUSTODY_CASES_MAX && looked++ < CUSTODY_LOOK_MAX &&
	       (rc = search_next(service, &search, n, &n)) == STATUS_OK) {
		about = kind == VAULT_CODE;
		if (is_in(out, n))
			continue;
		if (!about && (rc = is_about(service, n, child, &about)) != STATUS_OK)
			return rc;
		if (about)
			out->n[out->count++] = n;
	}
	return rc == STATUS_NOT_FOUND ? STATUS_OK : rc;
}

enum status
custody_child_cases(
    struct service *service, const struct custody_child *child, struct custody_cases *out)
{
	enum status rc = STATUS_OK;

	out->count = 0;
	if (child->code[0] != '\0')
		rc = collect(service, child, VAULT_CODE, out);
	if (rc == STATUS_OK && child->name[0] != '\0' && child->birth[0] != '\0')
		rc = collect(service, child, VAULT_NAME, out);
	return rc;
}
