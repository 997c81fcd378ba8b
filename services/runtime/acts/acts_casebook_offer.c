/* services/runtime/acts/acts_casebook_offer.c: a referral from a case offers what the case has. */
#include "services/runtime/acts/acts_casebook.h"
#include "services/runtime/acts/acts_inside.h"

/* Where a field stands in a request; made when it is missing. */
static json_t *
place_of(json_t *request, const struct field_info *field)
{
	json_t *content = json_object_get(request, "content");

	if (field->category == CATEGORY_ACT || json_is_object(content))
		return field->category == CATEGORY_ACT ? request : content;
	if (content == NULL && json_object_set_new(request, "content", json_object()) == 0)
		return json_object_get(request, "content");
	return NULL;
}

/* The case's own fields stand where the request says nothing of them; null leaves one out. */
static enum status
merge(json_t *request, enum message type, const json_t *fields)
{
	const struct message_info *info = message_info(type);
	const char *name;
	json_t *value, *place;

	json_object_foreach((json_t *)(uintptr_t)fields, name, value)
	{
		const struct field_info *field = field_named(bytes_of_text(name));

		if (field == NULL || !message_has_field(info, field->id))
			continue;
		if ((place = place_of(request, field)) == NULL)
			return STATUS_ARGUMENT;
		if (json_object_get(place, name) == NULL &&
		    json_object_set(place, name, value) != 0)
			return STATUS_NO_MEMORY;
	}
	return STATUS_OK;
}

enum status
acts_casebook_offer(struct service *service, const struct actor *actor, enum message type,
    const json_t *request, struct case_row *file, json_t **out, struct refusal *refusal)
{
	const json_t *named = json_object_get(request, "case");
	const char *id = json_is_string(named) ? json_string_value(named) : "";
	json_t *fields = NULL, *merged;
	struct case_key key;
	enum status rc = acts_find_case(service, actor, ACTS_TO_ACT, id, file, refusal);

	if (rc != STATUS_OK)
		return rc;
	if (json_object_get(request, "file_number") != NULL)
		return request_refuse(refusal, STATUS_ARGUMENT, "file_number",
		    "the case has its own file number already");
	/* What corrects belongs to the case of what it corrects. */
	if (json_object_get(request, "corrects") != NULL)
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "case", "there is no such field in this request");
	rc = case_file_key(service, file->n, &key);
	if (rc == STATUS_OK) {
		rc = acts_casebook_fields(service, file->n, &key, &fields);
		vault_forget(&key);
	}
	if (rc != STATUS_OK)
		return acts_fail(refusal, rc, "reading the case");
	merged = json_deep_copy(request);
	if (merged == NULL)
		rc = STATUS_NO_MEMORY;
	else
		rc = merge(merged, type, fields);
	if (rc == STATUS_ARGUMENT)
		request_refuse(refusal, rc, "content", "content is an object");
	else if (rc != STATUS_OK)
		acts_fail(refusal, rc, "the referral");
	json_decref(fields);
	if (rc != STATUS_OK) {
		json_decref(merged);
		return rc;
	}
	*out = merged;
	return STATUS_OK;
}
