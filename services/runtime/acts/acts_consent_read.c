/* services/runtime/acts/acts_consent_read.c: a person's JSON as what a record of consent says. */
#include <string.h>

#include "protocol/host/lang.h"
#include "protocol/lists/lists.h"
#include "services/runtime/acts/acts_casebook.h"
#include "services/runtime/acts/acts_consent_inside.h"

#define CODES_MAX 32

enum form { TEXT, CODE, DATE, FLAG, CODES, RECIPIENTS, CHILD, NOTICE };

static const struct word {
	const char *name;
	enum form form;
	const char *list; /* of codes */
	size_t most;      /* bytes; elements */
	bool renews;      /* may be said anew when a consent is renewed */
} words[] = {
    {"granter", TEXT, "", 120, false},
    {"granter_code", TEXT, "", 16, false},
    {"capacity", CODE, "capacities", 0, false},
    {"granted_on", DATE, "", 0, false},
    {"child", CHILD, "", 0, false},
    {"recipients", RECIPIENTS, "institution-kinds", CODES_MAX, false},
    {"categories", CODES, "categories", 16, false},
    {"purposes", CODES, "purposes", CODES_MAX, false},
    {"until", DATE, "", 0, true},
    {"childs_view", TEXT, "", 4000, true},
    {"childs_view_why", CODE, "view-reasons", 0, true},
    {"child_consent", CODE, "child-consents", 0, true},
    {"notice", NOTICE, "", 0, true},
    {"interpreter", TEXT, "", 120, true},
    {"method", CODE, "consent-methods", 0, true},
    {"joint_custody", FLAG, "", 0, false},
};

static const struct word child_words[] = {
    {"name", TEXT, "", 120, false},
    {"personal_code", TEXT, "", 16, false},
    {"birth_date", DATE, "", 0, false},
};

static const struct word notice_words[] = {
    {"code", TEXT, "", 32, false},
    {"version", TEXT, "", 8, false},
    {"language", TEXT, "", 8, false},
};

static struct bytes
text_of(const json_t *value)
{
	return (struct bytes){
	    (const uint8_t *)json_string_value(value), json_string_length(value)};
}

static const char *
said(const json_t *body, const char *name)
{
	const char *text = json_string_value(json_object_get(body, name));

	return text != NULL ? text : "";
}

static enum status
no_such_field(const char *name, struct refusal *refusal)
{
	return request_refuse(
	    refusal, STATUS_ARGUMENT, name, "there is no such field in this request");
}

/* ---- One value --------------------------------------------------------------------------- */

static enum status
check_text(const struct word *word, const json_t *value, struct refusal *refusal)
{
	if (!json_is_string(value))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, word->name, "%s is a text", word->name);
	if (json_string_length(value) > word->most || !bytes_is_utf8(text_of(value)))
		return request_refuse(refusal, STATUS_ARGUMENT, word->name,
		    "%s is too long or not of its form", word->name);
	return STATUS_OK;
}

static enum status
check_code(const struct word *word, const json_t *value, struct refusal *refusal)
{
	if (!json_is_string(value) || !list_has(word->list, text_of(value)))
		return request_refuse_code(refusal, word->name, word->list);
	return STATUS_OK;
}

static enum status
check_date(const struct word *word, const json_t *value, struct refusal *refusal)
{
	calendar_day day;

	if (!json_is_string(value) || !calendar_date(text_of(value), &day))
		return request_refuse(refusal, STATUS_ARGUMENT, word->name,
		    "%s is a date, such as 2026-11-22", word->name);
	return STATUS_OK;
}

/* A kind of institution, a group of kinds, or one institution of the directory. */
static bool
is_recipient(const struct service *service, struct bytes code)
{
	for (unsigned group = GROUP_SCHOOL; group <= GROUP_PARTNER; group++)
		if (bytes_is_text(code, group_name((enum group)group)))
			return true;
	return list_has("institution-kinds", code) ||
	       directory_party(service->directory, code) != NULL;
}

/* Acts and the ground go with any content; a consent is about the rest. */
static bool
is_one(const struct service *service, const struct word *word, struct bytes code)
{
	if (word->form == RECIPIENTS)
		return is_recipient(service, code);
	return list_has(word->list, code) &&
	       (strcmp(word->list, "categories") != 0 ||
		   (!bytes_is_text(code, "act") && !bytes_is_text(code, "ground")));
}

static enum status
check_codes(const struct service *service, const struct word *word, const json_t *value,
    struct refusal *refusal)
{
	const json_t *one;
	size_t i;

	if (!json_is_array(value) || json_array_size(value) == 0 ||
	    json_array_size(value) > word->most)
		return request_refuse(refusal, STATUS_ARGUMENT, word->name,
		    "%s is an array of 1 to %d codes of the list %s", word->name,
		    (int)word->most, word->list);
	json_array_foreach(value, i, one)
	{
		if (json_is_string(one) && is_one(service, word, text_of(one)))
			continue;
		return word->form == RECIPIENTS
		           ? request_refuse(refusal, STATUS_ARGUMENT, word->name,
				 "a recipient is a kind of institution or an institution of "
				 "the directory")
		           : request_refuse(refusal, STATUS_ARGUMENT, word->name,
				 "%s has a code that is not in the list %s (see: saikne "
				 "lists %s)",
				 word->name, word->list, word->list);
	}
	return STATUS_OK;
}

static const struct word *
find_word(const struct word *all, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	return NULL;
}

static enum status
check_members(const struct word *word, const struct word *all, size_t count,
    const json_t *value, struct refusal *refusal)
{
	const char *name;
	json_t *one;
	enum status rc;

	if (!json_is_object(value))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, word->name, "%s is an object", word->name);
	json_object_foreach((json_t *)(uintptr_t)value, name, one)
	{
		const struct word *inner = find_word(all, count, name);

		if (inner == NULL)
			return no_such_field(name, refusal);
		if (json_is_null(one))
			continue;
		rc = inner->form == DATE ? check_date(inner, one, refusal)
		                         : check_text(inner, one, refusal);
		if (rc != STATUS_OK)
			return rc;
	}
	return STATUS_OK;
}

static enum status
check_notice(const struct word *word, const json_t *value, struct refusal *refusal)
{
	const struct list *notices = list_named("consent-notices");
	enum status rc = check_members(
	    word, notice_words, sizeof(notice_words) / sizeof(notice_words[0]), value, refusal);

	if (rc != STATUS_OK)
		return rc;
	for (unsigned row = 0; row < list_rows(notices); row++)
		if (strcmp(list_text(notices, row, "notice"), said(value, "code")) == 0 &&
		    strcmp(list_text(notices, row, "version"), said(value, "version")) == 0 &&
		    strcmp(list_text(notices, row, "language"), said(value, "language")) == 0)
			return STATUS_OK;
	return request_refuse(refusal, STATUS_ARGUMENT, word->name,
	    "notice names the text that the family was told, by code, version and language "
	    "(see: saikne consent notices)");
}

static enum status
check(const struct service *service, const struct word *word, const json_t *value,
    struct refusal *refusal)
{
	switch (word->form) {
	case TEXT:
		return check_text(word, value, refusal);
	case CODE:
		return check_code(word, value, refusal);
	case DATE:
		return check_date(word, value, refusal);
	case FLAG:
		return json_is_boolean(value)
		           ? STATUS_OK
		           : request_refuse(refusal, STATUS_ARGUMENT, word->name,
				 "%s is true or false", word->name);
	case CODES:
	case RECIPIENTS:
		return check_codes(service, word, value, refusal);
	case CHILD:
		return check_members(word, child_words,
		    sizeof(child_words) / sizeof(child_words[0]), value, refusal);
	case NOTICE:
		return check_notice(word, value, refusal);
	}
	return no_such_field(word->name, refusal);
}

/* ---- All of them ------------------------------------------------------------------------- */

static bool
is_among(const char *name, const char *const *others)
{
	for (; *others != NULL; others++)
		if (strcmp(*others, name) == 0)
			return true;
	return false;
}

static bool
is_empty_text(const json_t *value)
{
	return json_is_string(value) && json_string_length(value) == 0;
}

enum status
acts_consent_take(const struct service *service, const json_t *request,
    const char *const *others, enum acts_consent_words which, json_t *body,
    struct refusal *refusal)
{
	static const char *const scope[] = {
	    "recipients", "categories", "purposes", "until", NULL};
	const char *name;
	json_t *value;
	enum status rc;

	json_object_foreach((json_t *)(uintptr_t)request, name, value)
	{
		const struct word *word =
		    find_word(words, sizeof(words) / sizeof(words[0]), name);

		if (is_among(name, others))
			continue;
		if (word == NULL || which == ACTS_CONSENT_NONE ||
		    (which == ACTS_CONSENT_RENEWAL && !word->renews) ||
		    (which == ACTS_CONSENT_SCOPE && !is_among(name, scope)))
			return no_such_field(name, refusal);
		if (json_is_null(value) || is_empty_text(value))
			continue;
		if ((rc = check(service, word, value, refusal)) != STATUS_OK)
			return rc;
		if (json_object_set(body, name, value) != 0)
			return acts_fail(refusal, STATUS_NO_MEMORY, "reading the request");
		/* What the child says takes the place of why it did not, and the reverse. */
		if (strcmp(name, "childs_view") == 0)
			(void)json_object_del(
			    body, "childs_view_why"); /* it may not be there */
		if (strcmp(name, "childs_view_why") == 0)
			(void)json_object_del(body, "childs_view"); /* nor this */
	}
	return STATUS_OK;
}

/* ---- What need not be said --------------------------------------------------------------- */

static bool
set_if_absent(json_t *object, const char *name, const char *text)
{
	if (text == NULL || text[0] == '\0' || said(object, name)[0] != '\0')
		return true;
	return json_object_set_new(object, name, json_string(text)) == 0;
}

enum status
acts_consent_complete(
    struct service *service, uint64_t case_n, const struct case_key *key, json_t *body)
{
	json_t *fields = NULL, *child = json_object_get(body, "child");
	enum status rc = acts_casebook_fields(service, case_n, key, &fields);
	bool ok = true;

	if (rc != STATUS_OK)
		return rc;
	if (child == NULL) {
		ok = json_object_set_new(body, "child", json_object()) == 0;
		child = json_object_get(body, "child");
	}
	ok = ok && set_if_absent(child, "name", said(fields, "child_name")) &&
	     set_if_absent(child, "personal_code", said(fields, "personal_code")) &&
	     set_if_absent(child, "birth_date", said(fields, "birth_date")) &&
	     set_if_absent(body, "ground", "consent");
	/* Whoever is of age gives it in the own name. */
	if (ok && strcmp(said(body, "capacity"), "child") == 0)
		ok = set_if_absent(body, "granter", said(child, "name")) &&
		     set_if_absent(body, "granter_code", said(child, "personal_code"));
	json_decref(fields);
	return ok ? STATUS_OK : STATUS_NO_MEMORY;
}

/* ---- Whether it is enough ---------------------------------------------------------------- */

static enum status
is_missing(const char *name, struct refusal *refusal)
{
	return request_refuse(refusal, STATUS_ARGUMENT, name, "%s is missing", name);
}

/* Why a consent does not count, in a sentence that says what to do. */
static enum status
refuse_lack(enum consent_lack lack, struct refusal *refusal)
{
	switch (lack) {
	case CONSENT_LACKS_CAPACITY:
		return is_missing("capacity", refusal);
	case CONSENT_LACKS_BIRTH_DATE:
		return request_refuse(refusal, STATUS_NO_CONSENT, "child",
		    "the child's age decides who consents: give the child's birth_date, which "
		    "is not after the consent");
	case CONSENT_LACKS_AGE:
		return request_refuse(refusal, STATUS_NO_CONSENT, "capacity",
		    "who is under 18 does not consent alone: a parent or guardian does, and "
		    "the child's own consent stands beside it in child_consent");
	case CONSENT_LACKS_PUPIL:
		return request_refuse(refusal, STATUS_NO_CONSENT, "capacity",
		    "who is 18 or older consents alone: ask the pupil, and record the capacity "
		    "child");
	case CONSENT_LACKS_VIEW:
		return request_refuse(refusal, STATUS_NO_CONSENT, "childs_view",
		    "the child's own view is missing: childs_view in the child's words, or why "
		    "there is none in childs_view_why");
	case CONSENT_LACKS_CHILD_CONSENT:
		return request_refuse(refusal, STATUS_NO_CONSENT, "child_consent",
		    "from the age of 14 the child's own consent is needed, too: ask the child "
		    "and say so in child_consent");
	case CONSENT_LACKS_NOTHING:
		break;
	}
	return STATUS_OK;
}

static enum status
check_scope(const json_t *body, struct refusal *refusal)
{
	static const char *const names[] = {"recipients", "categories", "purposes"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (json_array_size(json_object_get(body, names[i])) == 0)
			return is_missing(names[i], refusal);
	return STATUS_OK;
}

/* Of a consent that is given or goes on: who, told what, and that its days make sense. */
static enum status
check_given(const json_t *body, calendar_day day, struct refusal *refusal)
{
	calendar_day granted, until;

	if (said(body, "granter")[0] == '\0')
		return is_missing("granter", refusal);
	if (!json_is_object(json_object_get(body, "notice")))
		return request_refuse(refusal, STATUS_ARGUMENT, "notice",
		    "notice is missing: which text the family was told (see: saikne consent "
		    "notices)");
	if (!calendar_date(bytes_of_text(said(body, "granted_on")), &granted) || granted > day)
		return request_refuse(refusal, STATUS_ARGUMENT, "granted_on",
		    "a consent is recorded when it was given, not before");
	if (said(body, "until")[0] != '\0' &&
	    (!calendar_date(bytes_of_text(said(body, "until")), &until) || until < day))
		return request_refuse(
		    refusal, STATUS_ARGUMENT, "until", "until is the last day, and not over");
	return STATUS_OK;
}

enum status
acts_consent_judge(const json_t *body, calendar_day day, enum consent_event *event,
    const char **lacks, struct refusal *refusal)
{
	const struct consent_giving giving = {
	    .capacity = said(body, "capacity"),
	    .birth_date = said(json_object_get(body, "child"), "birth_date"),
	    .childs_view = said(body, "childs_view"),
	    .childs_view_why = said(body, "childs_view_why"),
	    .child_consent = said(body, "child_consent"),
	};
	enum consent_lack lack;
	enum status rc = check_scope(body, refusal);

	*lacks = "";
	if (rc != STATUS_OK || (*event != CONSENT_EVENT_GIVE && *event != CONSENT_EVENT_RENEW))
		return rc;
	lack = consent_rules_judge(&giving, day);
	/* Who is to consent comes first: what is missing else would be asked for in vain. */
	if (lack != CONSENT_LACKS_NOTHING && lack != CONSENT_LACKS_CHILD_CONSENT)
		return refuse_lack(lack, refusal);
	if ((rc = check_given(body, day, refusal)) != STATUS_OK)
		return rc;
	if (lack == CONSENT_LACKS_NOTHING)
		return STATUS_OK;
	/* A renewal without the child leaves the consent as it was. */
	if (*event == CONSENT_EVENT_RENEW)
		return refuse_lack(lack, refusal);
	*event = CONSENT_EVENT_DEFER;
	*lacks = "child_consent";
	return STATUS_OK;
}
