/* services/runtime/acts/acts_ground_consent.c: a consent as it was given, read word by word. */
#include "services/runtime/acts/acts_ground.h"

#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/task/calendar.h"

#define CODES_MAX 32

/* What each word of a consent is; one that is none of these is refused. */
enum word_kind { WORD_TEXT, WORD_DATE, WORD_CODE, WORD_BOOL, WORD_OBJECT, WORD_CODES };

struct word {
	const char *name;
	enum word_kind kind;
	size_t limit;
	const char *list; /* WORD_CODE; WORD_CODES where all stand in one */
	bool required;
	const struct word *inner;
};

static const struct word child_words[] = {
    {.name = "name", .kind = WORD_TEXT, .limit = 120},
    {.name = "personal_code", .kind = WORD_TEXT, .limit = 16},
    {.name = "birth_date", .kind = WORD_DATE},
    {.name = NULL},
};
static const struct word notice_words[] = {
    {.name = "code", .kind = WORD_TEXT, .limit = 48, .required = true},
    {.name = "version", .kind = WORD_TEXT, .limit = 48},
    {.name = "language", .kind = WORD_TEXT, .limit = 16},
    {.name = NULL},
};
static const struct word consent_words[] = {
    {.name = "granter", .kind = WORD_TEXT, .limit = 120, .required = true},
    {.name = "granter_code", .kind = WORD_TEXT, .limit = 16},
    {.name = "capacity", .kind = WORD_CODE, .list = "capacities", .required = true},
    {.name = "granted_on", .kind = WORD_DATE, .required = true},
    {.name = "recipients", .kind = WORD_CODES, .limit = CODES_MAX, .required = true},
    {.name = "categories",
	.kind = WORD_CODES,
	.limit = CATEGORY_COUNT,
	.list = "categories",
	.required = true},
    {.name = "purposes", .kind = WORD_CODES, .limit = CODES_MAX, .list = "purposes"},
    {.name = "until", .kind = WORD_DATE},
    {.name = "child", .kind = WORD_OBJECT, .inner = child_words},
    {.name = "childs_view", .kind = WORD_TEXT, .limit = 8000},
    {.name = "child_consent", .kind = WORD_TEXT, .limit = 16},
    {.name = "notice", .kind = WORD_OBJECT, .inner = notice_words},
    {.name = "interpreter", .kind = WORD_TEXT, .limit = 120},
    {.name = "method", .kind = WORD_TEXT, .limit = 48},
    {.name = "joint_custody", .kind = WORD_BOOL},
    {.name = NULL},
};

/* ---- One word ---------------------------------------------------------------------------- */

static bool
is_text(const json_t *value, size_t limit)
{
	return json_is_string(value) && json_string_length(value) > 0 &&
	       json_string_length(value) <= limit &&
	       bytes_is_utf8((struct bytes){
		   (const uint8_t *)json_string_value(value), json_string_length(value)});
}

static bool
is_code(const json_t *value, const char *list)
{
	if (!is_text(value, MESSAGE_CODE_MAX))
		return false;
	return list == NULL || list_has(list, bytes_of_text(json_string_value(value)));
}

static bool
is_codes(const json_t *value, const struct word *word)
{
	const json_t *one;
	size_t i;

	if (json_array_size(value) == 0 || json_array_size(value) > word->limit)
		return false;
	json_array_foreach(value, i, one)
	{
		if (!is_code(one, word->list))
			return false;
	}
	return true;
}

static bool
fits(const json_t *value, const struct word *word)
{
	calendar_day day;

	switch (word->kind) {
	case WORD_TEXT:
		return is_text(value, word->limit);
	case WORD_DATE:
		return is_text(value, 10) &&
		       calendar_date(bytes_of_text(json_string_value(value)), &day);
	case WORD_CODE:
		return is_code(value, word->list);
	case WORD_CODES:
		return is_codes(value, word);
	case WORD_BOOL:
		return json_is_boolean(value);
	case WORD_OBJECT:
		break;
	}
	return json_is_object(value);
}

static const struct word *
word_named(const struct word *words, const char *name)
{
	for (; words->name != NULL; words++)
		if (strcmp(words->name, name) == 0)
			return words;
	return NULL;
}

/* OBJECT's words into OUT, as WORDS say; null is as if it were absent. */
static enum status
take(const json_t *object, const struct word *words, json_t *out, struct refusal *refusal)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		const struct word *word = word_named(words, name);

		if (word == NULL)
			return request_refuse(refusal, STATUS_ARGUMENT, "consent",
			    "there is no such field in a consent");
		if (json_is_null(value))
			continue;
		if (!fits(value, word))
			return request_refuse(refusal, STATUS_ARGUMENT, word->name,
			    "%s is too long or not of its form", word->name);
		if (json_object_set(out, name, value) != 0)
			return acts_fail(refusal, STATUS_NO_MEMORY, "reading the consent");
	}
	for (; words->name != NULL; words++)
		if (words->required && json_object_get(out, words->name) == NULL)
			return request_refuse(refusal, STATUS_NO_CONSENT, words->name,
			    "%s is missing", words->name);
	return STATUS_OK;
}

/* ---- The whole --------------------------------------------------------------------------- */

static enum status
take_inner(const struct word *words, json_t *body, struct refusal *refusal)
{
	enum status rc = STATUS_OK;

	for (; rc == STATUS_OK && words->name != NULL; words++) {
		const json_t *given = json_object_get(body, words->name);
		json_t *inner;

		if (words->kind != WORD_OBJECT || given == NULL)
			continue;
		inner = json_object();
		rc = take(given, words->inner, inner, refusal);
		if (rc != STATUS_OK)
			json_decref(inner);
		else if (json_object_set_new(body, words->name, inner) != 0)
			rc = acts_fail(refusal, STATUS_NO_MEMORY, "reading the consent");
	}
	return rc;
}

/* What nobody said: the default is the careful reading. */
static int
set_defaults(json_t *body, const char *purpose)
{
	int failed = json_object_set_new(body, "ground", json_string("consent"));

	if (json_object_get(body, "purposes") == NULL && purpose != NULL)
		failed |= json_object_set_new(body, "purposes", json_pack("[s]", purpose));
	if (json_object_get(body, "child_consent") == NULL)
		failed |= json_object_set_new(body, "child_consent", json_string("not_asked"));
	if (json_object_get(body, "joint_custody") == NULL)
		failed |= json_object_set_new(body, "joint_custody", json_false());
	if (json_object_get(body, "notice") == NULL)
		failed |= json_object_set_new(body, "notice",
		    json_pack("{s:s, s:s, s:s}", "code", "sharing", "version", "1", "language",
			"lv"));
	return failed;
}

static enum status
check(struct service *service, const json_t *body, struct refusal *refusal)
{
	const char *child = json_string_value(json_object_get(body, "child_consent"));
	const char *on = json_string_value(json_object_get(body, "granted_on"));
	const char *until = json_string_value(json_object_get(body, "until"));
	struct ground_terms terms;
	char today[11];

	grounds_day(service->now_ms, today);
	if (strcmp(on, today) > 0)
		return request_refuse(refusal, STATUS_ARGUMENT, "granted_on",
		    "granted_on is the day on which it was given, today at the latest");
	if (until != NULL && strcmp(until, on) < 0)
		return request_refuse(refusal, STATUS_ARGUMENT, "until",
		    "until is the last day of it, not before granted_on");
	if (strcmp(child, "given") != 0 && strcmp(child, "refused") != 0 &&
	    strcmp(child, "not_asked") != 0)
		return request_refuse(refusal, STATUS_ARGUMENT, "child_consent",
		    "child_consent is given, refused or not_asked");
	if (json_object_get(body, "purposes") == NULL)
		return request_refuse(
		    refusal, STATUS_NO_CONSENT, "purposes", "%s is missing", "purposes");
	if (!grounds_terms(body, BASIS_CONSENT, &terms))
		return request_refuse(refusal, STATUS_ARGUMENT, "categories",
		    "categories are of personal data: act and ground go without being named");
	return STATUS_OK;
}

enum status
acts_ground_consent(struct service *service, const json_t *given, const char *purpose,
    json_t **body, struct refusal *refusal)
{
	json_t *read;
	enum status rc;

	if (!json_is_object(given))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "consent", "consent is an object");
	if ((read = json_object()) == NULL)
		return acts_fail(refusal, STATUS_NO_MEMORY, "reading the consent");
	rc = take(given, consent_words, read, refusal);
	if (rc == STATUS_OK)
		rc = take_inner(consent_words, read, refusal);
	if (rc == STATUS_OK && set_defaults(read, purpose) != 0)
		rc = acts_fail(refusal, STATUS_NO_MEMORY, "reading the consent");
	if (rc == STATUS_OK)
		rc = check(service, read, refusal);
	if (rc == STATUS_OK)
		*body = read;
	else
		json_decref(read);
	return rc;
}
