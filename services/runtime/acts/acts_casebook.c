/* services/runtime/acts/acts_casebook.c: what a case holds of its own: fields, notes, labels. */
#include "services/runtime/acts/acts_casebook.h"

#include <stdlib.h>
#include <string.h>

#include "services/runtime/acts/acts_inner.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/exchange/search.h"
#include "services/runtime/store/casebook_store.h"

#define NOTE_TEXT_MAX 8000
#define LABEL_MAX     60
#define LABELS_MAX    16

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

/* ---- A request's parts ------------------------------------------------------------------- */

enum status
acts_casebook_text(const json_t *request, const char *field, size_t most, const char **out,
    struct refusal *refusal)
{
	const json_t *value = json_object_get(request, field);

	*out = "";
	if (value == NULL || json_is_null(value))
		return STATUS_OK;
	if (!json_is_string(value) || json_string_length(value) > most ||
	    strlen(json_string_value(value)) != json_string_length(value))
		return request_refuse(refusal, STATUS_ARGUMENT, field,
		    "%s is a text of at most %zu bytes", field, most);
	*out = json_string_value(value);
	return STATUS_OK;
}

static enum status
check_labels(const json_t *labels, struct refusal *refusal)
{
	const json_t *one;
	size_t i;

	if (labels == NULL || json_is_null(labels))
		return STATUS_OK;
	if (!json_is_array(labels) || json_array_size(labels) > LABELS_MAX)
		return request_refuse(refusal, STATUS_ARGUMENT, "labels",
		    "labels is an array of at most %d texts", LABELS_MAX);
	json_array_foreach(labels, i, one)
	{
		if (!json_is_string(one) || json_string_length(one) == 0 ||
		    json_string_length(one) > LABEL_MAX)
			return request_refuse(refusal, STATUS_ARGUMENT, "labels",
			    "a label is a text of 1 to %d bytes", LABEL_MAX);
	}
	return STATUS_OK;
}

/* Which of a request's members are the case's own fields; the rest must be in WORDS. */
static bool
is_word(const char *name, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, name) == 0)
			return true;
	return false;
}

/* Every field that a referral from the case could carry; an absent value takes one away. */
static enum status
take_fields(const json_t *object, bool personal, const char *const *words, json_t *out,
    struct refusal *refusal)
{
	struct content checked = {0};
	const char *name;
	json_t *value;
	enum status rc = content_start(MESSAGE_REFERRAL_OFFER, &checked);

	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		const struct field_info *field = field_named(bytes_of_text(name));

		if (rc != STATUS_OK)
			break;
		if (!personal && is_word(name, words))
			continue;
		if (field != NULL && (field->category != CATEGORY_ACT) != personal)
			rc = personal ? request_refuse(refusal, STATUS_ARGUMENT, name,
					    "%s stands outside \"content\"", name)
			              : request_refuse(refusal, STATUS_ARGUMENT, name,
					    "%s stands in \"content\"", name);
		else
			rc = request_set(&checked, name, value, refusal);
		if (rc == STATUS_OK && json_object_set(out, name, value) != 0)
			rc = acts_fail(refusal, STATUS_NO_MEMORY, "reading the request");
	}
	content_free(&checked);
	return rc;
}

static enum status
read_fields(
    const json_t *request, const char *const *words, json_t *out, struct refusal *refusal)
{
	const json_t *content = json_object_get(request, "content");
	enum status rc;

	if (!json_is_object(request))
		return request_refuse(refusal, STATUS_ARGUMENT, "", "the request is an object");
	if (content != NULL && !json_is_object(content))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "content", "content is an object");
	rc = take_fields(request, false, words, out, refusal);
	if (rc == STATUS_OK && content != NULL)
		rc = take_fields(content, true, words, out, refusal);
	return rc;
}

/* ---- Writing ----------------------------------------------------------------------------- */

struct note {
	const char *text;
	json_t *fields;
	uint64_t corrects;
};

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

static enum status
add_note(struct service *service, const struct actor *actor, uint64_t case_n,
    const struct case_key *key, const struct note *note)
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

static enum status
set_labels(
    struct service *service, uint64_t case_n, const struct case_key *key, const json_t *labels)
{
	const struct vault_place place = place_of_labels(case_n);
	const char *texts[LABELS_MAX];
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

/* Ends the transaction of an act on FILE: { "case" } when RC is good. */
static enum status
finish(struct service *service, const struct case_row *file, enum status rc, json_t **answer,
    const char *doing, struct refusal *refusal)
{
	json_t *said = NULL;

	if (rc == STATUS_OK &&
	    (said = json_pack("{s:o}", "case", request_hex(file->id))) == NULL)
		rc = STATUS_NO_MEMORY;
	if (rc != STATUS_OK) {
		service_rollback(service);
		return acts_fail(refusal, rc, doing);
	}
	service_commit(service, "act");
	*answer = said;
	return STATUS_OK;
}

/* In the open transaction. */
static enum status
create(struct service *service, const struct actor *actor, const char *number,
    const json_t *labels, json_t *fields, struct case_row *file)
{
	const struct note note = {"", fields, 0};
	struct case_key key;
	enum status rc = case_file_create(service, number, file, &key);

	if (rc != STATUS_OK)
		return rc;
	rc = knowing_give(service, actor, file->n, actor->person, GRANT_AUTHOR, NULL, NULL);
	if (rc == STATUS_OK)
		rc = add_note(service, actor, file->n, &key, &note);
	if (rc == STATUS_OK)
		rc = set_labels(service, file->n, &key, labels);
	if (rc == STATUS_OK)
		rc = access_record(service, actor, file->n, 0, "case_new");
	vault_forget(&key);
	return rc;
}

enum status
acts_case_new(struct service *service, const struct actor *actor, const json_t *request,
    json_t **answer, struct refusal *refusal)
{
	static const char *const words[] = {"file_number", "labels", "content", NULL};
	const json_t *labels = json_object_get(request, "labels");
	json_t *fields = json_object();
	struct case_row file;
	const char *number;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) == STATUS_OK &&
	    (rc = read_fields(request, words, fields, refusal)) == STATUS_OK &&
	    (rc = acts_casebook_text(request, "file_number", ACTS_FILE_NUMBER_MAX, &number,
		 refusal)) == STATUS_OK &&
	    (rc = check_labels(labels, refusal)) == STATUS_OK) {
		rc = service_begin(service);
		if (rc != STATUS_OK)
			acts_fail(refusal, rc, "storing the case");
		else
			rc = finish(service, &file,
			    create(service, actor, number, labels, fields, &file), answer,
			    "storing the case", refusal);
	}
	json_decref(fields);
	return rc;
}

/* Only a note of the same case, by whoever knows it, can be corrected. */
static enum status
read_corrects(struct service *service, const json_t *request, uint64_t case_n, uint64_t *out,
    struct refusal *refusal)
{
	const json_t *number = json_object_get(request, "corrects");
	struct buffer body = {0};
	struct note_row row;
	enum status rc = STATUS_NOT_FOUND;

	*out = 0;
	if (number == NULL || json_is_null(number))
		return STATUS_OK;
	if (json_integer_value(number) > 0)
		rc = casebook_store_note_after(
		    service->db, case_n, (uint64_t)json_integer_value(number) - 1, &row, &body);
	buffer_free(&body);
	if (rc == STATUS_OK && row.n == (uint64_t)json_integer_value(number)) {
		*out = row.n;
		return STATUS_OK;
	}
	if (rc != STATUS_OK && rc != STATUS_NOT_FOUND)
		return acts_fail(refusal, rc, "reading the case");
	return request_refuse(refusal, STATUS_ARGUMENT, "corrects",
	    "corrects is the number of a note of this case");
}

static enum status
write_note(struct service *service, const struct actor *actor, const struct case_row *file,
    const struct note *note)
{
	struct case_key key;
	uint64_t count;
	enum status rc = casebook_store_note_count(service->db, file->n, &count);

	if (rc == STATUS_OK && count >= ACTS_NOTES_MAX)
		rc = STATUS_TOO_LARGE;
	if (rc != STATUS_OK || (rc = case_file_key(service, file->n, &key)) != STATUS_OK)
		return rc;
	rc = add_note(service, actor, file->n, &key, note);
	if (rc == STATUS_OK)
		rc = knowing_take(service, actor, file->n);
	if (rc == STATUS_OK)
		rc = access_record(service, actor, file->n, 0, "note");
	vault_forget(&key);
	return rc;
}

enum status
acts_case_note(struct service *service, const struct actor *actor, const char *case_id,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	static const char *const words[] = {"text", "corrects", "content", NULL};
	struct note note = {.fields = json_object()};
	struct case_row file;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = acts_find_case(service, actor, ACTS_TO_ACT, case_id, &file, refusal)) !=
		STATUS_OK ||
	    (rc = read_fields(request, words, note.fields, refusal)) != STATUS_OK ||
	    (rc = acts_casebook_text(request, "text", NOTE_TEXT_MAX, &note.text, refusal)) !=
		STATUS_OK ||
	    (rc = read_corrects(service, request, file.n, &note.corrects, refusal)) !=
		STATUS_OK)
		goto out;
	if (note.text[0] == '\0' && json_object_size(note.fields) == 0) {
		rc = request_refuse(refusal, STATUS_ARGUMENT, "text", "%s is missing", "text");
		goto out;
	}
	if ((rc = service_begin(service)) != STATUS_OK)
		acts_fail(refusal, rc, "storing the note");
	else
		rc = finish(service, &file, write_note(service, actor, &file, &note), answer,
		    "storing the note", refusal);
out:
	json_decref(note.fields);
	return rc;
}

/* ---- Own number and labels --------------------------------------------------------------- */

static enum status
write_file(struct service *service, const struct actor *actor, const struct case_row *file,
    const char *number, const json_t *labels)
{
	struct case_key key;
	enum status rc = case_file_key(service, file->n, &key);

	if (rc != STATUS_OK)
		return rc;
	if (number != NULL)
		rc = case_file_set_number(service, file->n, &key, number);
	if (rc == STATUS_OK && labels != NULL)
		rc = set_labels(service, file->n, &key, labels);
	if (rc == STATUS_OK)
		rc = access_record(service, actor, file->n, 0, "label");
	vault_forget(&key);
	return rc;
}

enum status
acts_case_label(struct service *service, const struct actor *actor, const char *case_id,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	const json_t *labels = json_object_get(request, "labels"), *one;
	struct case_row file;
	const char *number, *name;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = acts_find_case(service, actor, ACTS_TO_ACT, case_id, &file, refusal)) !=
		STATUS_OK)
		return rc;
	if (!json_is_object(request))
		return request_refuse(refusal, STATUS_ARGUMENT, "", "the request is an object");
	json_object_foreach((json_t *)(uintptr_t)request, name, one)
	{
		if (strcmp(name, "labels") != 0 && strcmp(name, "file_number") != 0)
			return request_refuse(refusal, STATUS_ARGUMENT, name,
			    "there is no such field in this request");
	}
	if ((rc = acts_casebook_text(request, "file_number", ACTS_FILE_NUMBER_MAX, &number,
		 refusal)) != STATUS_OK ||
	    (rc = check_labels(labels, refusal)) != STATUS_OK)
		return rc;
	if (json_object_get(request, "file_number") == NULL)
		number = NULL;
	if ((rc = service_begin(service)) != STATUS_OK)
		return acts_fail(refusal, rc, "storing the label");
	return finish(service, &file, write_file(service, actor, &file, number, labels), answer,
	    "storing the label", refusal);
}
