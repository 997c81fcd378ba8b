/* clients/cli/cli_request.c: builds requests by the list of fields, checking codes early. */
#include "clients/cli/cli_request.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/host/lang.h"
#include "protocol/lists/lists.h"
#include "protocol/wire/message.h"

#define OPTION_NAME_MAX 24
#define INPUT_MAX       (256 * 1024)

static const struct field_info *
field_of(const char *name)
{
	return field_named(bytes_of_text(name));
}

/* Whether NAME is one of the personal fields of a referral. */
static bool
is_content(const char *name)
{
	static const enum field fields[] = {
#define ROW(field, need) FIELD_##field,
	    REFERRAL_CONTENT_FIELDS(ROW)
#undef ROW
	};
	const struct field_info *info = field_of(name);

	for (size_t i = 0; info != NULL && i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (fields[i] == info->id)
			return true;
	}
	return false;
}

const struct cli_option *
cli_request_content_options(void)
{
	static struct cli_option options[MESSAGE_FIELDS_MAX + 1];
	static char names[MESSAGE_FIELDS_MAX][OPTION_NAME_MAX];
	const struct field_info *info;
	unsigned count = 0;

	if (options[0].name != NULL)
		return options;
	for (unsigned i = 0; (info = field_at(i)) != NULL; i++) {
		if (!is_content(info->name) || info->kind == FIELD_KIND_FILES ||
		    count == MESSAGE_FIELDS_MAX)
			continue;
		snprintf(names[count], OPTION_NAME_MAX, "%s", info->name);
		for (char *c = names[count]; *c != '\0'; c++)
			*c = *c == '_' ? '-' : *c;
		options[count].name = names[count];
		options[count].field = info->name;
		options[count].value = info->kind == FIELD_KIND_UINT   ? N_("NUMBER")
		                       : info->kind == FIELD_KIND_DATE ? N_("YYYY-MM-DD")
		                                                       : N_("TEXT");
		options[count].help =
		    strcmp(lang_code(), "lv") == 0 ? info->label_lv : info->label_en;
		count++;
	}
	return options;
}

/* OPTION is whose file it is, for the fault. */
static json_t *
read_input(const char *path, const char *option, char fault[static 160])
{
	bool standard = strcmp(path, "-") == 0;
	FILE *in = standard ? stdin : fopen(path, "re");
	char *text = malloc(INPUT_MAX + 1);
	json_t *json = NULL;
	json_error_t error;
	size_t len = 0;

	if (in == NULL || text == NULL) {
		snprintf(
		    fault, 160, _("cannot read the file of --%s: %s"), option, strerror(errno));
		goto done;
	}
	len = fread(text, 1, INPUT_MAX + 1, in);
	if (ferror(in) || len > INPUT_MAX) {
		snprintf(fault, 160, _("the input of --%s cannot be read or exceeds %d bytes"),
		    option, INPUT_MAX);
		goto done;
	}
	json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (json == NULL) {
		snprintf(fault, 160, _("the input of --%s is not JSON (line %d, column %d)"),
		    option, error.line, error.column);
	} else if (!json_is_object(json)) {
		snprintf(fault, 160, _("the input of --%s must be a JSON object"), option);
		json_decref(json);
		json = NULL;
	}
done:
	if (in != NULL && !standard)
		fclose(in);
	free(text);
	return json;
}

static json_t *
number(const char *text)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || value < 0)
		return NULL;
	return json_integer(value);
}

/* The JSON value of an option's text; NULL with FAULT when it cannot be one. */
static json_t *
value_of(const struct cli_option *option, const char *text, char fault[static 160])
{
	const struct field_info *info = field_of(option->field);
	bool is_number =
	    info != NULL ? info->kind == FIELD_KIND_UINT : strcmp(option->value, "NUMBER") == 0;
	json_t *value;

	/* Whether an institution is in the directory says the desk. */
	if (info != NULL && info->list[0] != '\0' &&
	    strcmp(info->list, FIELD_LIST_INSTITUTIONS) != 0 &&
	    !list_has(info->list, bytes_of_text(text))) {
		snprintf(fault, 160, _("--%s has no such code; see: saikne lists %s"),
		    option->name, info->list);
		return NULL;
	}
	value = is_number ? number(text) : json_string(text);
	if (value == NULL)
		snprintf(fault, 160,
		    is_number ? _("--%s must be a number") : _("--%s is not UTF-8 text"),
		    option->name);
	return value;
}

/* A repeated option adds to what the same line gave, not to what --from brought. */
static bool
set(json_t *object, const struct cli_option *option, json_t *value, bool first)
{
	json_t *array;

	if (!option->repeats)
		return json_object_set_new(object, option->field, value) == 0;
	if (first && json_object_set_new(object, option->field, json_array()) != 0) {
		json_decref(value);
		return false;
	}
	array = json_object_get(object, option->field);
	return json_array_append_new(array, value) == 0;
}

static bool
is_first(const struct cli_arguments *arguments, unsigned at)
{
	for (unsigned i = 0; i < at; i++) {
		if (arguments->values[i].option == arguments->values[at].option)
			return false;
	}
	return true;
}

/* Where a field belongs: the request itself, or its "content", made when missing. */
static json_t *
place_of(json_t *request, const struct cli_option *option, bool referral)
{
	json_t *content;

	if (!referral || !is_content(option->field))
		return request;
	content = json_object_get(request, "content");
	if (content == NULL && json_object_set_new(request, "content", json_object()) == 0)
		content = json_object_get(request, "content");
	return json_is_object(content) ? content : NULL;
}

/* Only a referral keeps personal fields apart; its options are those made here. */
static bool
is_content_option(const struct cli_option *option)
{
	const struct cli_option *options = cli_request_content_options();

	return option >= options && option < options + MESSAGE_FIELDS_MAX;
}

/* What --consent names, as the request's consent. */
static bool
set_consent(const struct cli_arguments *arguments, json_t *request, char fault[static 160])
{
	const char *path = cli_arguments_text(arguments, "consent");
	json_t *consent;

	if (path == NULL)
		return true;
	if ((consent = read_input(path, "consent", fault)) == NULL)
		return false;
	if (json_object_set_new(request, "consent", consent) == 0)
		return true;
	snprintf(fault, 160, _("memory ran out"));
	return false;
}

/* Consent is one ground, every other is the law's: so nobody need say it twice. */
static bool
set_basis(json_t *request, char fault[static 160])
{
	const char *ground = json_string_value(json_object_get(request, "ground"));
	bool consent = json_object_get(request, "consent") != NULL ||
	               (ground != NULL && strcmp(ground, "consent") == 0);

	if (json_object_get(request, "basis") != NULL || (!consent && ground == NULL) ||
	    json_object_set_new(request, "basis", json_string(consent ? "consent" : "law")) ==
		0)
		return true;
	snprintf(fault, 160, _("memory ran out"));
	return false;
}

json_t *
cli_request_new(const struct cli_arguments *arguments, char fault[static 160])
{
	const char *from = cli_arguments_text(arguments, "from");
	json_t *request = from != NULL ? read_input(from, "from", fault) : json_object();

	if (request == NULL)
		return NULL;
	for (unsigned i = 0; i < arguments->count; i++) {
		const struct cli_option *option = arguments->values[i].option;
		json_t *value, *place;

		if (option->field == NULL)
			continue;
		place = place_of(request, option, is_content_option(option));
		if (place == NULL) {
			snprintf(fault, 160, _("\"content\" of --from must be an object"));
			goto fail;
		}
		value = value_of(option, arguments->values[i].text, fault);
		if (value == NULL)
			goto fail;
		if (!set(place, option, value, is_first(arguments, i))) {
			snprintf(fault, 160, _("memory ran out"));
			goto fail;
		}
	}
	if (set_consent(arguments, request, fault) && set_basis(request, fault))
		return request;
fail:
	json_decref(request);
	return NULL;
}
