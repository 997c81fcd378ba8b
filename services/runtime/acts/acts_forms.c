/* services/runtime/acts/acts_forms.c: which fields each act takes, for whoever builds a form of them. */
#include <stdio.h>
#include <string.h>

#include "services/runtime/acts/acts_inside.h"

/* Whether a person says the ground: of what opens a task, and of an answer. */
static bool
has_ground(enum message type)
{
	const struct task_sort *sort = task_sort_of(type);

	return sort != NULL && (task_opens(type) || task_message(sort, type)->own_ground);
}

/*
 * The ground's words that are fields, too: what is required is so by law, and where no record is
 * named; of a consent that is recorded with the request, the rest is said in `consent`.
 */
static const struct {
	enum field field;
	bool required;
} words[] = {
    {FIELD_GROUND, true},
    {FIELD_RECORD, false},
    {FIELD_NECESSITY, true},
    {FIELD_PROVISION, false},
    {FIELD_FAMILY_TOLD, false},
};

static bool
add_words(json_t *fields, bool required)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (json_array_append_new(fields,
			json_pack("{s:s, s:b}", "name", field_info(words[i].field)->name,
			    "required", required && words[i].required)) != 0)
			return false;
	return true;
}

/* Within a case over institutions all rests on the case's ground, where nothing else is said. */
static bool
needs_ground(enum message type)
{
	return task_sort_of(type)->share == TASK_OF_TWO || type == MESSAGE_CASE_OPEN ||
	       type == MESSAGE_MATTER_PUT;
}

/* Of what is kept after a stop: its code is a field, and the rest is said where no record is. */
static bool
add_words_of_kept(json_t *fields)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].field != FIELD_GROUND &&
		    json_array_append_new(
			fields, json_pack("{s:s, s:b}", "name",
				    field_info(words[i].field)->name, "required", false)) != 0)
			return false;
	return true;
}

bool
acts_forms_asks(enum message type, const struct field_info *field)
{
	/*
	 * A disagreement climbs to the next level; a case and a sitting have their members in a word
	 * of its own, and how many are needed is the group's to say.
	 */
	return !field_is_services(field) && field->id != FIELD_QUORUM &&
	       !((type == MESSAGE_CASE_OPEN || type == MESSAGE_CONFERENCE_PROPOSE) &&
		   field->id == FIELD_PARTIES) &&
	       !(type == MESSAGE_DISAGREEMENT_CLIMB && field->id == FIELD_LEVEL);
}

/*
 * What a disagreement does not say is as the task that it is about has it; a matter is as its
 * sitting, and minutes are filled from what was said before (acts_sitting_fill()); a claim of the
 * lead without a day has the first that it may have (acts_circle_fill()).
 */
bool
acts_forms_must(const struct message_info *info, unsigned i)
{
	enum field field = info->fields[i].field->id;

	if (info->id == MESSAGE_DISAGREEMENT_RAISE)
		return info->fields[i].required && field != FIELD_URGENCY &&
		       field != FIELD_PURPOSE;
	if (info->id == MESSAGE_MATTER_PUT)
		return info->fields[i].required && field != FIELD_MUNICIPALITY &&
		       field != FIELD_PURPOSE;
	if (info->id == MESSAGE_LEAD_CLAIM)
		return info->fields[i].required && field != FIELD_DUE;
	return info->fields[i].required && info->id != MESSAGE_MATTER_MINUTES;
}

static bool
add_words_of_own(json_t *fields)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (json_array_append_new(
			fields, json_pack("{s:s, s:b}", "name",
				    field_info(words[i].field)->name, "required", false)) != 0)
			return false;
	return true;
}

static json_t *
fields_of(const struct message_info *info)
{
	json_t *fields = json_array();

	for (unsigned i = 0; i < info->field_count; i++) {
		const struct field_info *field = info->fields[i].field;
		json_t *one;

		if (field->id == FIELD_GROUND && has_ground(info->id) &&
		    !(info->id == MESSAGE_DISAGREEMENT_RAISE
			    ? add_words_of_own(fields)
			    : add_words(fields, needs_ground(info->id)))) {
			json_decref(fields);
			return NULL;
		}
		/* The service's own, or known from what it belongs to, or said in another word. */
		if (!acts_forms_asks(info->id, field))
			continue;
		one = json_pack(
		    "{s:s, s:b}", "name", field->name, "required", acts_forms_must(info, i));
		if (json_array_append_new(fields, one) != 0 ||
		    (field->id == FIELD_OTHER_GROUND && !add_words_of_kept(fields))) {
			json_decref(fields);
			return NULL;
		}
	}
	return fields;
}

static bool
add(json_t *forms, const char *verb, enum message type)
{
	const struct message_info *info = message_info(type);

	return info != NULL &&
	       json_array_append_new(forms, json_pack("{s:s, s:s, s:o}", "verb", verb, "type",
						info->name, "fields", fields_of(info))) == 0;
}

json_t *
acts_forms(void)
{
	const struct acts_verb *verb;
	json_t *forms = json_array();
	const struct acts_notice *notice;
	char name[48];
	bool ok = add(forms, "refer", MESSAGE_REFERRAL_OFFER) &&
	          add(forms, "request", MESSAGE_INFORMATION_REQUEST) &&
	          add(forms, "disagree", MESSAGE_DISAGREEMENT_RAISE) &&
	          add(forms, "coordinate", MESSAGE_CASE_OPEN) &&
	          add(forms, "conference propose", MESSAGE_CONFERENCE_PROPOSE) &&
	          add(forms, "matter put", MESSAGE_MATTER_PUT);

	for (unsigned i = 0; ok && (notice = acts_notice_at(i)) != NULL; i++) {
		snprintf(name, sizeof(name), "notice %s", notice->name);
		ok = add(forms, name, notice->type);
	}

	for (unsigned i = 0; ok && (verb = acts_verb_at(i)) != NULL; i++) {
		/* Nobody writes a release: the referral holds it. Each form stands once. */
		if (verb->type != MESSAGE_REFERRAL_RELEASE &&
		    (i == 0 || verb->type != acts_verb_at(i - 1)->type))
			ok = add(forms, verb->name, verb->type);
	}
	if (ok)
		return forms;
	json_decref(forms);
	return NULL;
}
