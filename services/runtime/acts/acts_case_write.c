/* services/runtime/acts/acts_case_write.c: a person writes into a case: a new one, a note, labels. */
#include "services/runtime/acts/acts_casebook.h"

#include <string.h>

#include "services/runtime/acts/acts_inner.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/store/casebook_store.h"

#define NOTE_TEXT_MAX 8000
#define LABEL_MAX     60

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
	if (!json_is_array(labels) || json_array_size(labels) > ACTS_LABELS_MAX)
		return request_refuse(refusal, STATUS_ARGUMENT, "labels",
		    "labels is an array of at most %d texts", ACTS_LABELS_MAX);
	json_array_foreach(labels, i, one)
	{
		if (!json_is_string(one) || json_string_length(one) == 0 ||
		    json_string_length(one) > LABEL_MAX)
			return request_refuse(refusal, STATUS_ARGUMENT, "labels",
			    "a label is a text of 1 to %d bytes", LABEL_MAX);
	}
	return STATUS_OK;
}

/* Every field that a referral from the case could carry. */
static enum status
read_fields(
    const json_t *request, const char *const *words, json_t *out, struct refusal *refusal)
{
	struct content checked = {0};
	enum status rc = request_is_object(request, refusal);

	if (rc != STATUS_OK)
		return rc;
	if ((rc = content_start(MESSAGE_REFERRAL_OFFER, &checked)) != STATUS_OK)
		return acts_fail(refusal, rc, "making the message");
	rc = request_fill(&checked, request, words, out, refusal);
	content_free(&checked);
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

/* ---- The acts ---------------------------------------------------------------------------- */

/* Ends the transaction of an act on FILE: { "case" } when RC is good. */
static enum status
finish(struct service *service, const struct case_row *file, enum status rc, json_t **answer,
    const char *doing, struct refusal *refusal)
{
	json_t *said =
	    rc == STATUS_OK ? json_pack("{s:o}", "case", request_hex(file->id)) : NULL;

	return acts_end(service, rc, said, answer, doing, refusal);
}

/* In the open transaction. */
static enum status
create(struct service *service, const struct actor *actor, const char *number,
    const json_t *labels, json_t *fields, struct case_row *file)
{
	const struct acts_casebook_note note = {"", fields, 0};
	struct case_key key;
	enum status rc = case_file_create(service, number, file, &key);

	if (rc != STATUS_OK)
		return rc;
	rc = knowing_give(service, actor, file->n, actor->person, GRANT_AUTHOR, NULL, NULL);
	if (rc == STATUS_OK && json_object_size(fields) > 0)
		rc = acts_casebook_add_note(service, actor, file->n, &key, &note);
	if (rc == STATUS_OK)
		rc = acts_casebook_set_labels(service, file->n, &key, labels);
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

static enum status
write_note(struct service *service, const struct actor *actor, const struct case_row *file,
    const struct acts_casebook_note *note)
{
	struct case_key key;
	uint64_t count;
	enum status rc = casebook_store_note_count(service->db, file->n, &count);

	if (rc == STATUS_OK && count >= ACTS_NOTES_MAX)
		rc = STATUS_TOO_LARGE;
	if (rc != STATUS_OK || (rc = case_file_key(service, file->n, &key)) != STATUS_OK)
		return rc;
	rc = acts_casebook_add_note(service, actor, file->n, &key, note);
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
	struct acts_casebook_note note = {.fields = json_object()};
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
		rc = acts_casebook_set_labels(service, file->n, &key, labels);
	if (rc == STATUS_OK)
		rc = access_record(service, actor, file->n, 0, "label");
	vault_forget(&key);
	return rc;
}

enum status
acts_case_label(struct service *service, const struct actor *actor, const char *case_id,
    const json_t *request, json_t **answer, struct refusal *refusal)
{
	static const char *const words[] = {"file_number", "labels", NULL};
	const json_t *labels = json_object_get(request, "labels");
	struct case_row file;
	const char *number;
	enum status rc;

	*answer = NULL;
	service_tick(service);
	if ((rc = acts_may_read(actor, refusal)) != STATUS_OK ||
	    (rc = acts_find_case(service, actor, ACTS_TO_ACT, case_id, &file, refusal)) !=
		STATUS_OK)
		return rc;
	if ((rc = request_only(request, words, refusal)) != STATUS_OK ||
	    (rc = acts_casebook_text(request, "file_number", ACTS_FILE_NUMBER_MAX, &number,
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
