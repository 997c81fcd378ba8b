/* services/runtime/acts/request.c: a person's JSON as a message's fields, and fields as JSON. */
#include "services/runtime/acts/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "protocol/host/clock.h"
#include "protocol/lists/lists.h"
#include "protocol/wire/attachment.h"

#define CODES_MAX 16

/* What stands in DETAIL's places; false when there is a directive that nobody could fill in. */
static bool
keep_values(struct refusal *refusal, const char *detail, va_list args)
{
	size_t size = sizeof(refusal->values[0]);

	for (const char *c = strchr(detail, '%'); c != NULL; c = strchr(c, '%')) {
		char *out = refusal->values[refusal->value_count];

		if (refusal->value_count == REFUSAL_VALUES_MAX)
			return false;
		if (c[1] == 's')
			snprintf(out, size, "%s", va_arg(args, const char *));
		else if (c[1] == 'd')
			snprintf(out, size, "%d", va_arg(args, int));
		else if (c[1] == 'z' && c[2] == 'u')
			snprintf(out, size, "%zu", va_arg(args, size_t));
		else
			return false;
		refusal->value_count++;
		c += 2;
	}
	return true;
}

enum status
request_refuse(
    struct refusal *refusal, enum status status, const char *field, const char *detail, ...)
{
	va_list args;

	*refusal = (struct refusal){.status = status};
	snprintf(refusal->field, sizeof(refusal->field), "%s", field);
	va_start(args, detail);
	vsnprintf(refusal->detail, sizeof(refusal->detail), detail, args);
	va_end(args);
	va_start(args, detail);
	if (keep_values(refusal, detail, args))
		refusal->template = detail;
	va_end(args);
	return status;
}

enum status
request_refuse_code(struct refusal *refusal, const char *name, const char *list)
{
	return request_refuse(refusal, STATUS_ARGUMENT, name,
	    "%s is not a code of the list %s (see: saikne lists %s)", name, list, list);
}

/* ---- From JSON --------------------------------------------------------------------------- */

static struct bytes
text_of(const json_t *value)
{
	return (struct bytes){
	    (const uint8_t *)json_string_value(value), json_string_length(value)};
}

/* Whether an institution is in the directory is asked where it is addressed. */
static bool
is_known(const struct field_info *field, struct bytes code)
{
	return strcmp(field->list, FIELD_LIST_INSTITUTIONS) == 0 || list_has(field->list, code);
}

static enum status
set_codes(struct content *content, const struct field_info *field, const json_t *value,
    struct refusal *refusal)
{
	struct bytes codes[CODES_MAX];
	const json_t *one;
	size_t i, count = json_array_size(value);

	if (!json_is_array(value))
		return request_refuse(refusal, STATUS_ARGUMENT, field->name,
		    "%s is an array of codes of the list %s", field->name, field->list);
	if (count == 0)
		return STATUS_OK;
	if (count > CODES_MAX || count > field->limit)
		return request_refuse(refusal, STATUS_ARGUMENT, field->name,
		    "%s has too many codes", field->name);
	json_array_foreach(value, i, one)
	{
		if (!json_is_string(one) || !is_known(field, text_of(one)))
			return request_refuse(refusal, STATUS_ARGUMENT, field->name,
			    "%s has a code that is not in the list %s (see: saikne lists %s)",
			    field->name, field->list, field->list);
		codes[i] = text_of(one);
	}
	return content_set_codes(content, field->id, codes, count);
}

static enum status
set_text(struct content *content, const struct field_info *field, const json_t *value,
    struct refusal *refusal)
{
	if (!json_is_string(value))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, field->name, "%s is a text", field->name);
	if (json_string_length(value) == 0)
		return STATUS_OK;
	if (field->kind == FIELD_KIND_CODE && !is_known(field, text_of(value)))
		return request_refuse_code(refusal, field->name, field->list);
	return content_set_text(content, field->id, text_of(value));
}

static enum status
set_any(struct content *content, const struct field_info *field, const json_t *value,
    struct refusal *refusal)
{
	switch (field->kind) {
	case FIELD_KIND_CODES:
		return set_codes(content, field, value, refusal);
	case FIELD_KIND_UINT:
		if (!json_is_integer(value) || json_integer_value(value) < 0)
			return request_refuse(refusal, STATUS_ARGUMENT, field->name,
			    "%s is a whole number", field->name);
		return content_set_uint(
		    content, field->id, (uint64_t)json_integer_value(value));
	case FIELD_KIND_CODE:
	case FIELD_KIND_DATE:
	case FIELD_KIND_TEXT:
		return set_text(content, field, value, refusal);
	case FIELD_KIND_FILES:
		return request_refuse(refusal, STATUS_ARGUMENT, field->name,
		    "documents are named by their numbers, in attachments");
	case FIELD_KIND_ID:
	case FIELD_KIND_HASH:
	case FIELD_KIND_PROVEN:
	case FIELD_KIND_MINUTES:
		break; /* the service's own */
	}
	return request_refuse(
	    refusal, STATUS_ARGUMENT, field->name, "%s is not for people", field->name);
}

static enum status
no_such_field(const char *name, struct refusal *refusal)
{
	return request_refuse(
	    refusal, STATUS_ARGUMENT, name, "there is no such field in this request");
}

enum status
request_is_object(const json_t *request, struct refusal *refusal)
{
	return json_is_object(request)
	           ? STATUS_OK
	           : request_refuse(refusal, STATUS_ARGUMENT, "", "the request is an object");
}

static bool
is_among(const char *name, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, name) == 0)
			return true;
	return false;
}

enum status
request_only(const json_t *request, const char *const *words, struct refusal *refusal)
{
	const char *name;
	json_t *value;
	enum status rc;

	if ((rc = request_is_object(request, refusal)) != STATUS_OK)
		return rc;
	json_object_foreach((json_t *)(uintptr_t)request, name, value)
	{
		if (!is_among(name, words))
			return no_such_field(name, refusal);
	}
	return STATUS_OK;
}

enum status
request_set(
    struct content *content, const char *name, const json_t *value, struct refusal *refusal)
{
	const struct field_info *field = field_named(bytes_of_text(name));
	enum status rc;

	if (field == NULL || !message_has_field(content->type, field->id) ||
	    field_is_services(field))
		return no_such_field(name, refusal);
	if (json_is_null(value))
		return STATUS_OK;
	refusal->status = STATUS_OK;
	rc = set_any(content, field, value, refusal);
	if (rc == STATUS_OK || refusal->status != STATUS_OK)
		return rc;
	if (rc == STATUS_NO_MEMORY)
		return request_refuse(refusal, rc, name, "memory ran out");
	if (field->kind == FIELD_KIND_DATE)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, name, "%s is a date, such as 2026-11-22", name);
	return request_refuse(
	    refusal, STATUS_ARGUMENT, name, "%s is too long or not of its form", name);
}

/* The members of OBJECT; OTHERS, NULL or ended by NULL, are not fields. */
static enum status
fill_from(struct content *content, const json_t *object, const char *const *others,
    json_t *taken, struct refusal *refusal)
{
	const bool personal = others == NULL;
	const char *name;
	json_t *value;
	enum status rc;

	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		const struct field_info *field = field_named(bytes_of_text(name));

		if (!personal && is_among(name, others))
			continue;
		if (field != NULL && (field->category != CATEGORY_ACT) != personal)
			return personal ? request_refuse(refusal, STATUS_ARGUMENT, name,
					      "%s stands outside \"content\"", name)
			                : request_refuse(refusal, STATUS_ARGUMENT, name,
					      "%s stands in \"content\"", name);
		if ((rc = request_set(content, name, value, refusal)) != STATUS_OK)
			return rc;
		if (taken != NULL && json_object_set(taken, name, value) != 0)
			return request_refuse(
			    refusal, STATUS_NO_MEMORY, name, "memory ran out");
	}
	return STATUS_OK;
}

enum status
request_fill(struct content *content, const json_t *request, const char *const *others,
    json_t *taken, struct refusal *refusal)
{
	const json_t *personal = json_object_get(request, "content");
	enum status rc;

	if (personal != NULL && !json_is_object(personal))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "content", "content is an object");
	rc = fill_from(content, request, others, taken, refusal);
	return rc == STATUS_OK ? fill_from(content, personal, NULL, taken, refusal) : rc;
}

enum status
request_is_whole(const struct content *content, struct refusal *refusal)
{
	for (unsigned i = 0; i < content->type->field_count; i++) {
		const struct field_info *field = content->type->fields[i].field;

		if (content->type->fields[i].required && !content->fields[i].present &&
		    !field_is_services(field))
			return request_refuse(refusal, STATUS_ARGUMENT, field->name,
			    "%s is missing", field->name);
	}
	return STATUS_OK;
}

bool
request_id(const char *text, uint8_t out[static SUITE_ID_LEN])
{
	return bytes_from_hex(bytes_of_text(text), out, SUITE_ID_LEN);
}

/* ---- To JSON ----------------------------------------------------------------------------- */

static json_t *
text_value(struct bytes text)
{
	return json_stringn((const char *)text.data, text.len);
}

static json_t *
codes_value(const struct content *content, enum field field)
{
	json_t *codes = json_array();
	struct bytes code;

	for (unsigned i = 0; content_code_at(content, field, i, &code); i++)
		if (json_array_append_new(codes, text_value(code)) != 0) {
			json_decref(codes);
			return NULL;
		}
	return codes;
}

/* Their names: the rest stands in the task's "attachments". */
static json_t *
files_value(const struct content *content, enum field field)
{
	json_t *files = json_array();
	struct attachment_file file;

	for (unsigned i = 0; attachment_file_at(content, field, i, &file); i++) {
		suite_wipe(file.key, sizeof(file.key));
		if (json_array_append_new(files, text_value(file.name)) != 0) {
			json_decref(files);
			return NULL;
		}
	}
	return files;
}

json_t *
request_value(const struct content *content, unsigned i)
{
	const struct field_info *field = content->type->fields[i].field;
	char digits[2 * SUITE_HASH_LEN + 1];
	uint8_t id[SUITE_ID_LEN], hash[SUITE_HASH_LEN];
	struct bytes text;
	uint64_t number;

	if (!content->fields[i].present)
		return NULL;
	switch (field->kind) {
	case FIELD_KIND_CODES:
		return codes_value(content, field->id);
	case FIELD_KIND_UINT:
		if (content_uint(content, field->id, &number))
			return json_integer((json_int_t)number);
		break;
	case FIELD_KIND_CODE:
	case FIELD_KIND_DATE:
	case FIELD_KIND_TEXT:
		if (content_text(content, field->id, &text))
			return text_value(text);
		break;
	case FIELD_KIND_FILES:
		return files_value(content, field->id);
	case FIELD_KIND_ID:
		if (content_id(content, field->id, id))
			return request_hex(id);
		break;
	case FIELD_KIND_HASH:
		if (content_hash(content, field->id, hash)) {
			bytes_to_hex((struct bytes){hash, sizeof(hash)}, digits);
			return json_string(digits);
		}
		break;
	case FIELD_KIND_PROVEN:
	case FIELD_KIND_MINUTES:
		break; /* shown by what it proves, and where it signs */
	}
	return NULL;
}

json_t *
request_hex(const uint8_t id[static SUITE_ID_LEN])
{
	char text[2 * SUITE_ID_LEN + 1];

	bytes_to_hex((struct bytes){id, SUITE_ID_LEN}, text);
	return json_string(text);
}

json_t *
request_time(uint64_t ms)
{
	char text[21];

	clock_format(ms, text);
	return json_string(text);
}
