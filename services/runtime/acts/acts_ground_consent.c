/* services/runtime/acts/acts_ground_consent.c: a consent that is recorded with what is sent under it. */
#include "services/runtime/acts/acts_consent_inside.h"
#include "services/runtime/acts/acts_ground.h"

static bool
set_if_absent(json_t *object, const char *name, const char *text)
{
	return text == NULL || text[0] == '\0' || json_object_get(object, name) != NULL ||
	       json_object_set_new(object, name, json_string(text)) == 0;
}

/* Who the child is says the request, then the case; of which notice, the one that all have. */
static enum status
complete(struct service *service, const json_t *request, const struct acts_ground_use *use,
    json_t *body)
{
	const json_t *content = json_object_get(request, "content");
	static const char *const names[][2] = {{"name", "child_name"},
	    {"personal_code", "personal_code"}, {"birth_date", "birth_date"}};
	struct case_key key;
	json_t *child;
	enum status rc = STATUS_OK;
	bool ok = true;

	if (json_object_get(body, "child") == NULL &&
	    json_object_set_new(body, "child", json_object()) != 0)
		return STATUS_NO_MEMORY;
	child = json_object_get(body, "child");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ok = ok && set_if_absent(child, names[i][0],
			       json_string_value(json_object_get(content, names[i][1])));
	if (json_object_get(body, "purposes") == NULL)
		ok = ok &&
		     json_object_set_new(body, "purposes", json_pack("[s]", use->purpose)) == 0;
	if (json_object_get(body, "notice") == NULL)
		ok = ok && json_object_set_new(body, "notice",
			       json_pack("{s:s, s:s, s:s}", "code", "sharing", "version", "1",
				   "language", "lv")) == 0;
	if (!ok || !set_if_absent(body, "ground", "consent"))
		return STATUS_NO_MEMORY;
	if (use->case_n == 0)
		return STATUS_OK;
	if ((rc = case_file_key(service, use->case_n, &key)) == STATUS_OK) {
		rc = acts_consent_complete(service, use->case_n, &key, body);
		vault_forget(&key);
	}
	return rc;
}

/* What the consent of a family needs, it needs here, too; one that waits shares nothing. */
static enum status
judge(struct service *service, const json_t *body, struct refusal *refusal)
{
	enum consent_event event = CONSENT_EVENT_GIVE;
	const char *lacks;
	enum status rc =
	    acts_consent_judge(body, calendar_day_at(service->now_ms), &event, &lacks, refusal);

	if (rc != STATUS_OK || event == CONSENT_EVENT_GIVE)
		return rc;
	return request_refuse(refusal, STATUS_NO_CONSENT, lacks,
	    "from the age of 14 the child's own consent is needed, too: ask the child and say "
	    "so in child_consent");
}

enum status
acts_ground_consent(struct service *service, const json_t *request,
    const struct acts_ground_use *use, json_t **body, struct refusal *refusal)
{
	static const char *const none[] = {NULL};
	const json_t *given = json_object_get(request, "consent");
	json_t *read;
	enum status rc;

	if (!json_is_object(given))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "consent", "consent is an object");
	if ((read = json_object()) == NULL)
		return acts_fail(refusal, STATUS_NO_MEMORY, "reading the consent");
	rc = acts_consent_take(service, given, none, ACTS_CONSENT_ALL, read, refusal);
	if (rc == STATUS_OK && (rc = complete(service, request, use, read)) != STATUS_OK)
		acts_fail(refusal, rc, "reading the consent");
	if (rc == STATUS_OK)
		rc = judge(service, read, refusal);
	if (rc == STATUS_OK)
		*body = read;
	else
		json_decref(read);
	return rc;
}
