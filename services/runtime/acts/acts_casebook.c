/* services/runtime/acts/acts_casebook.c: what a case holds of its own, as it is kept: fields, notes, labels. */
#include "services/runtime/acts/acts_casebook.h"

#include <stdlib.h>
#include <string.h>

#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/exchange/search.h"
#include "services/runtime/store/casebook_store.h"

static struct vault_place
place_of_note(uint64_t n)
{
	return (struct vault_place){"case_notes", n, "body"};
}

static struct vault_place
place_of_labels(uint64_t case_n)
{
	return (struct vault_place){"cases", case_n, "labels"};
}

/* JSON as the vault keeps it. */
static enum status
seal_json(const struct case_key *key, const struct vault_place *place, const json_t *json,
    struct buffer *out)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
	enum status rc;

	if (text == NULL)
		return STATUS_NO_MEMORY;
	rc = vault_seal(key, place, bytes_of_text(text), out);
	suite_wipe(text, strlen(text));
	free(text);
	return rc;
}

static enum status
open_json(const struct case_key *key, const struct vault_place *place, struct bytes sealed,
    json_t **out)
{
	struct buffer plain = {0};
	enum status rc = vault_open(key, place, sealed, &plain);

	if (rc == STATUS_OK && (*out = json_loadb((const char *)plain.data, plain.len,
				    JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL)) == NULL)
		rc = STATUS_DATABASE;
	buffer_free(&plain);
	return rc;
}

/* ---- Reading ----------------------------------------------------------------------------- */

/* The next note in the clear; BODY is the caller's. */
static enum status
next_note(struct service *service, uint64_t case_n, const struct case_key *key, uint64_t after,
    struct note_row *row, json_t **body)
{
	struct buffer sealed = {0};
	struct vault_place place;
	enum status rc = casebook_store_note_after(service->db, case_n, after, row, &sealed);

	if (rc == STATUS_OK) {
		place = place_of_note(row->n);
		rc = open_json(key, &place, bytes_of_buffer(&sealed), body);
	}
	buffer_free(&sealed);
	return rc;
}

enum status
acts_casebook_fields(
    struct service *service, uint64_t case_n, const struct case_key *key, json_t **out)
{
	json_t *fields = json_object(), *body, *value;
	struct note_row row = {.n = 0};
	const char *name;
	enum status rc;

	while ((rc = next_note(service, case_n, key, row.n, &row, &body)) == STATUS_OK) {
		json_object_foreach(json_object_get(body, "fields"), name, value)
		{
			if (json_is_null(value))
				json_object_del(fields, name);
			else if (json_object_set(fields, name, value) != 0)
				rc = STATUS_NO_MEMORY;
		}
		json_decref(body);
		if (rc != STATUS_OK)
			break;
	}
	if (rc != STATUS_NOT_FOUND) {
		json_decref(fields);
		return rc;
	}
	*out = fields;
	return STATUS_OK;
}

static json_t *
note_json(struct service *service, const struct note_row *row, const json_t *body)
{
	const char *text = json_string_value(json_object_get(body, "text"));
	json_t *names = json_array(), *value;
	const char *name;

	json_object_foreach(json_object_get(body, "fields"), name, value)
	{
		if (json_array_append_new(names, json_string(name)) != 0) {
			json_decref(names);
			return NULL;
		}
	}
	return json_pack("{s:I, s:o, s:o, s:s, s:s, s:o, s:o}", "note", (json_int_t)row->n,
	    "time", request_time(row->time_ms), "by", acts_person(service, row->person), "role",
	    row->role, "text", text == NULL ? "" : text, "fields", names, "corrects",
	    row->corrects == 0 ? json_null() : json_integer((json_int_t)row->corrects));
}

enum status
acts_casebook_notes(
    struct service *service, uint64_t case_n, const struct case_key *key, json_t **out)
{
	json_t *notes = json_array(), *body;
	struct note_row row = {.n = 0};
	enum status rc;

	while ((rc = next_note(service, case_n, key, row.n, &row, &body)) == STATUS_OK) {
		int failed = json_array_append_new(notes, note_json(service, &row, body));

		json_decref(body);
		if (failed) {
			rc = STATUS_NO_MEMORY;
			break;
		}
	}
	if (rc != STATUS_NOT_FOUND) {
		json_decref(notes);
		return rc;
	}
	*out = notes;
	return STATUS_OK;
}

enum status
acts_casebook_labels(
    struct service *service, uint64_t case_n, const struct case_key *key, json_t **out)
{
	const struct vault_place place = place_of_labels(case_n);
	struct buffer sealed = {0};
	enum status rc = casebook_store_labels(service->db, case_n, &sealed);

	if (rc == STATUS_OK && sealed.len == 0)
		rc = (*out = json_array()) == NULL ? STATUS_NO_MEMORY : STATUS_OK;
	else if (rc == STATUS_OK)
		rc = open_json(key, &place, bytes_of_buffer(&sealed), out);
	buffer_free(&sealed);
	return rc;
}

/* ---- Writing ----------------------------------------------------------------------------- */

/* What of the case's own fields people look for. */
static enum status
index_fields(struct service *service, uint64_t case_n, const struct case_key *key)
{
	const char *name, *code;
	json_t *fields;
	enum status rc = acts_casebook_fields(service, case_n, key, &fields);

	if (rc != STATUS_OK)
		return rc;
	name = json_string_value(json_object_get(fields, "child_name"));
	code = json_string_value(json_object_get(fields, "personal_code"));
	rc = search_index_case(service, case_n, VAULT_NAME, &name, name != NULL);
	if (rc == STATUS_OK)
		rc = search_index_case(service, case_n, VAULT_CODE, &code, code != NULL);
	json_decref(fields);
	return rc;
}

enum status
acts_casebook_add_note(struct service *service, const struct actor *actor, uint64_t case_n,
    const struct case_key *key, const struct acts_casebook_note *note)
{
	struct note_row row = {.case_n = case_n,
	    .time_ms = service->now_ms,
	    .person = actor->person,
	    .corrects = note->corrects};
	struct buffer sealed = {0};
	struct vault_place place;
	json_t *body = json_pack("{s:s, s:O}", "text", note->text, "fields", note->fields);
	enum status rc =
	    body == NULL ? STATUS_NO_MEMORY : casebook_store_next_note(service->db, &row.n);

	if (rc == STATUS_OK) {
		place = place_of_note(row.n);
		memcpy(row.role, service_role_name(actor->role),
		    strlen(service_role_name(actor->role)) + 1);
		rc = seal_json(key, &place, body, &sealed);
	}
	if (rc == STATUS_OK)
		rc = casebook_store_add_note(service->db, &row, bytes_of_buffer(&sealed));
	if (rc == STATUS_OK && json_object_size(note->fields) > 0)
		rc = index_fields(service, case_n, key);
	json_decref(body);
	buffer_free(&sealed);
	return rc;
}

enum status
acts_casebook_set_labels(
    struct service *service, uint64_t case_n, const struct case_key *key, const json_t *labels)
{
	const struct vault_place place = place_of_labels(case_n);
	const char *texts[ACTS_LABELS_MAX];
	struct buffer sealed = {0};
	size_t count = json_array_size(labels);
	enum status rc = STATUS_OK;

	for (size_t i = 0; i < count; i++)
		texts[i] = json_string_value(json_array_get(labels, i));
	if (count > 0)
		rc = seal_json(key, &place, labels, &sealed);
	if (rc == STATUS_OK)
		rc = casebook_store_set_labels(service->db, case_n, bytes_of_buffer(&sealed));
	if (rc == STATUS_OK)
		rc = search_index_case(service, case_n, VAULT_LABEL, texts, count);
	buffer_free(&sealed);
	return rc;
}
