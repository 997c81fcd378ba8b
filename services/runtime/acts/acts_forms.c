/* services/runtime/acts/acts_forms.c: which fields each act takes, for whoever builds a form of them. */
#include <string.h>

#include "services/runtime/acts/acts_inside.h"

static json_t *
fields_of(const struct message_info *info)
{
	json_t *fields = json_array();

	for (unsigned i = 0; i < info->field_count; i++) {
		const struct field_info *field = info->fields[i].field;
		json_t *one;

		/* The service's own, or known from the referral that it belongs to. */
		if (field->kind == FIELD_KIND_ID || field->id == FIELD_APPLIED ||
		    (field->id == FIELD_GROUND && info->id != MESSAGE_REFERRAL_OFFER))
			continue;
		one = json_pack(
		    "{s:s, s:b}", "name", field->name, "required", info->fields[i].required);
		if (json_array_append_new(fields, one) != 0) {
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
	bool ok = add(forms, "refer", MESSAGE_REFERRAL_OFFER);

	for (unsigned i = 0; ok && (verb = acts_verb_at(i)) != NULL; i++) {
		/* Nobody writes a release: the referral holds it. */
		if (verb->type != MESSAGE_REFERRAL_RELEASE)
			ok = add(forms, verb->name, verb->type);
	}
	if (ok)
		return forms;
	json_decref(forms);
	return NULL;
}
