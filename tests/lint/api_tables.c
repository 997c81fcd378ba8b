/* tests/lint/api_tables.c: prints, as JSON, what openapi.json takes from the program's own lists. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/lists/lists.h"
#include "services/runtime/acts/acts_inside.h"
#include "services/runtime/desk/desk_answer.h"
#include "services/runtime/desk/desk_routes.h"
#include "services/runtime/task/notice.h"
#include "services/runtime/exchange/service.h"

/*
 * { "routes": [{ "method", "path", "query": [] }], "schemas": { "list.states": {...}, ... } }
 * A schema of a dotted name is the program's; in openapi.json such are written by `make spec`.
 */

static void
must(bool condition)
{
	if (!condition) {
		fprintf(stderr, "api_tables: memory ran out\n");
		exit(1);
	}
}

static void
set(json_t *object, const char *name, json_t *value)
{
	must(json_object_set_new(object, name, value) == 0);
}

static void
add(json_t *array, const char *text)
{
	must(json_array_append_new(array, json_string(text)) == 0);
}

static void
set_list(json_t *schemas, const char *name, json_t *codes)
{
	char full[80];

	snprintf(full, sizeof(full), "list.%s", name);
	set(schemas, full, json_pack("{s:s, s:o}", "type", "string", "enum", codes));
}

static json_t *
reference(const char *room, const char *name)
{
	char whole[128];

	snprintf(whole, sizeof(whole), "#/components/schemas/%s.%s", room, name);
	return json_pack("{s:s}", "$ref", whole);
}

/* ---- Lists ------------------------------------------------------------------------------- */

static void
csv_lists(json_t *schemas)
{
	const struct list *list;

	for (unsigned i = 0; (list = list_at(i)) != NULL; i++) {
		json_t *codes = json_array();

		for (unsigned row = 0; row < list_rows(list); row++)
			if (list_text(list, row, "code")[0] != '\0')
				add(codes, list_text(list, row, "code"));
		if (json_array_size(codes) > 0)
			set_list(schemas, list_name(list), codes);
		else
			json_decref(codes);
	}
}

/* What a step of a timeline may be, besides a message's type. */
static void
add_steps(json_t *steps)
{
	for (unsigned i = 0; i < EVENT_WHAT_COUNT; i++)
		if (i != EVENT_MESSAGE)
			add(steps, event_store_what_name((enum event_what)i));
	add(steps, "queued");
	add(steps, "sent");
}

/* Sorts of task may share a verb: its body has the fields of each. */
static bool
is_first(unsigned at)
{
	for (unsigned i = 0; i < at; i++)
		if (strcmp(acts_verb_at(i)->name, acts_verb_at(at)->name) == 0)
			return false;
	return true;
}

static void
program_lists(json_t *schemas)
{
	json_t *states = json_array(), *roles = json_array(), *verbs = json_array(),
	       *steps = json_array(), *fields = json_array(), *problems = json_array(),
	       *sorts = json_array(), *kinds = json_array(), *bases = json_array();
	const struct task_sort *sort;
	const struct message_info *message;
	const struct field_info *field;
	const struct acts_verb *verb;
	enum status status;

	for (unsigned i = 0; (sort = task_sort_at(i)) != NULL; i++)
		add(sorts, sort->name);
	for (unsigned i = TASK_NONE + 1; i < TASK_STATE_COUNT; i++)
		add(states, task_state_name((enum task_state)i));
	for (unsigned i = ROLE_NONE + 1; i < ROLE_COUNT; i++)
		add(roles, service_role_name((enum role)i));
	for (unsigned i = 0; (verb = acts_verb_at(i)) != NULL; i++)
		if (is_first(i))
			add(verbs, verb->name);
	for (unsigned i = 0; (message = message_at(i)) != NULL; i++)
		add(steps, message->name);
	for (unsigned i = 0; (field = field_at(i)) != NULL; i++)
		add(fields, field->name);
	for (unsigned i = 0; status_at(i, &status); i++) {
		char type[64];

		snprintf(type, sizeof(type), "urn:saikne:%s", status_name(status));
		if (status != STATUS_OK)
			add(problems, type);
	}
	for (unsigned i = 0; field_kind_name(i) != NULL; i++)
		add(kinds, field_kind_name(i));
	add_steps(steps);
	set_list(schemas, "field-kinds", kinds);
	add(bases, "consent");
	add(bases, "law");
	set_list(schemas, "bases", bases);
	set_list(schemas, "sorts", sorts);
	set_list(schemas, "states", states);
	set_list(schemas, "steps", steps);
	/* `roles` is the list of message fields, of which administrators and auditors are not. */
	set_list(schemas, "staff-roles", roles);
	set_list(schemas, "verbs", verbs);
	set_list(schemas, "fields", fields);
	set_list(schemas, "problems", problems);
}

static int
ascending(const void *left, const void *right)
{
	return *(const int *)left - *(const int *)right;
}

/* The HTTP codes of refusals: the statuses' own, and those that only the desk has. */
static void
http_codes(json_t *schemas)
{
	int codes[256] = {405, 415, 417, 501};
	json_t *all = json_array();
	enum status status;
	size_t count = 4;

	for (unsigned i = 0; status_at(i, &status) && count < 256; i++)
		if (status != STATUS_OK)
			codes[count++] = desk_answer_code(status);
	qsort(codes, count, sizeof(codes[0]), ascending);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || codes[i] != codes[i - 1])
			must(json_array_append_new(all, json_integer(codes[i])) == 0);
	set(schemas, "list.http-codes",
	    json_pack("{s:s, s:o}", "type", "integer", "enum", all));
}

/* ---- Fields ------------------------------------------------------------------------------ */

/* One code of FIELD; of an institution only its form is described. */
static json_t *
code_schema(const struct field_info *field)
{
	if (strcmp(field->list, FIELD_LIST_INSTITUTIONS) != 0)
		return reference("list", field->list);
	return json_pack("{s:s, s:s, s:i}", "type", "string", "pattern", "^[a-z0-9-]+$",
	    "maxLength", PARTY_MAX);
}

static json_t *
field_schema(const struct field_info *field)
{
	switch (field->kind) {
	case FIELD_KIND_CODE:
		return code_schema(field);
	case FIELD_KIND_CODES:
		return json_pack("{s:s, s:o, s:i, s:I}", "type", "array", "items",
		    code_schema(field), "minItems", 1, "maxItems", (json_int_t)field->limit);
	case FIELD_KIND_UINT:
		return json_pack("{s:s, s:i, s:I}", "type", "integer", "minimum", 0, "maximum",
		    (json_int_t)field->limit);
	case FIELD_KIND_DATE:
		return json_pack("{s:s, s:s}", "type", "string", "format", "date");
	case FIELD_KIND_TEXT:
		return json_pack("{s:s, s:i, s:I}", "type", "string", "minLength", 1,
		    "maxLength", (json_int_t)field->limit);
	case FIELD_KIND_FILES:
	case FIELD_KIND_HASH:
	case FIELD_KIND_PROVEN:
	case FIELD_KIND_MINUTES:
	case FIELD_KIND_ID:
		break;
	}
	return NULL;
}

/* What the service sets by itself is no field of a request. */
static bool
is_for_people(const struct field_info *field)
{
	return !field_is_services(field) && field->kind != FIELD_KIND_FILES;
}

static void
all_fields(json_t *schemas)
{
	const struct field_info *field;
	char name[80];

	for (unsigned i = 0; (field = field_at(i)) != NULL; i++) {
		json_t *schema;

		if (!is_for_people(field))
			continue;
		schema = field_schema(field);
		set(schema, "title", json_string(field->label_en));
		set(schema, "x-title-lv", json_string(field->label_lv));
		set(schema, "x-category", json_string(category_name(field->category)));
		snprintf(name, sizeof(name), "field.%s", field->name);
		set(schemas, name, schema);
	}
}

/* ---- Bodies ------------------------------------------------------------------------------ */

enum part { PART_ALL, PART_OUTSIDE, PART_CONTENT };

static json_t *
ref_to_id(void)
{
	return json_pack("{s:s}", "$ref", "#/components/schemas/Id");
}

/* Words of its own by which MESSAGE names another task or message. */
static void
others_named(const struct message_info *message, json_t *properties, json_t *required)
{
	if (message->id == MESSAGE_CASE_LINK)
		set(properties, "other", ref_to_id());
	if (message->id == MESSAGE_ACTION_ASSIGN)
		set(properties, "matter", ref_to_id());
	if (message_has_field(message, FIELD_MISTAKEN)) {
		set(properties, "message", json_pack("{s:s}", "type", "string"));
		add(required, "message");
	}
	/* Of which minutes it is said is known. */
	if (message_has_field(message, FIELD_MINUTES_OF))
		set(properties, "minutes", ref_to_id());
	if (message->id == MESSAGE_CONFERENCE_SIGN)
		set(properties, "matters",
		    json_pack("{s:s, s:i, s:i, s:{s:s, s:{s:o, s:o}, s:[s], s:b}}", "type",
			"array", "minItems", 1, "maxItems", MINUTES_MAX, "items", "type",
			"object", "properties", "matter", ref_to_id(), "minutes", ref_to_id(),
			"required", "matter", "additionalProperties", 0));
}

/* The fields of a message of TYPE that a person gives. */
static json_t *
body(enum message type, enum part part)
{
	const struct message_info *message = message_info(type);
	json_t *properties = json_object(), *required = json_array(),
	       *whole = json_pack("{s:s}", "type", "object");
	bool grounded;

	for (unsigned i = 0; i < message->field_count; i++) {
		const struct field_info *field = message->fields[i].field;
		bool personal = field->category != CATEGORY_ACT;

		if (field->kind == FIELD_KIND_FILES && part == PART_ALL)
			set(properties, "attachments",
			    json_pack("{s:s}", "$ref", "#/components/schemas/Attachments"));
		if (!is_for_people(field) || !acts_forms_asks(type, field) ||
		    (part == PART_OUTSIDE && personal) || (part == PART_CONTENT && !personal))
			continue;
		set(properties, field->name, reference("field", field->name));
		/* A notice has a purpose of its own; whom a case is opened with has a word of its own. */
		if (type == MESSAGE_CASE_OPEN && field->id == FIELD_PARTIES) {
			must(json_object_del(properties, field->name) == 0);
			continue;
		}
		if (acts_forms_must(message, i) &&
		    !(field->id == FIELD_PURPOSE && notice_purpose(type) != NULL))
			add(required, field->name);
	}
	if (type == MESSAGE_REFERRAL_INFORMATION || type == MESSAGE_INFORMATION_ANSWER ||
	    type == MESSAGE_CASE_REPORT)
		set(properties, "content", reference("referral", "content"));
	if (part == PART_ALL)
		others_named(message, properties, required);
	if (type == MESSAGE_CASE_LINK)
		add(required, "other");
	/* What minutes say of the child is known, too. */
	if (part == PART_ALL && type == MESSAGE_MATTER_MINUTES)
		set(properties, "content", body(type, PART_CONTENT));
	/* An answer rests on a ground of its own, in words that others share; so may what is kept. */
	grounded = type == MESSAGE_INFORMATION_ANSWER || type == MESSAGE_GROUND_STOP_ANSWER ||
	           (part == PART_ALL && task_sort_of(type)->share != TASK_OF_TWO &&
		       message_has_field(message, FIELD_RECORD));
	if (grounded)
		set(whole, "allOf",
		    json_pack("[{s:s}]", "$ref", "#/components/schemas/GroundWords"));
	set(whole, "properties", properties);
	if (json_array_size(required) > 0)
		set(whole, "required", required);
	else
		json_decref(required);
	/* The fields outside are a part of a larger object, which says the same of the whole. */
	if (part != PART_OUTSIDE)
		set(whole, grounded ? "unevaluatedProperties" : "additionalProperties",
		    json_false());
	return whole;
}

static bool
is_among(const json_t *texts, const char *text)
{
	const json_t *one;
	size_t i;

	json_array_foreach(texts, i, one)
	{
		if (strcmp(json_string_value(one), text) == 0)
			return true;
	}
	return false;
}

/* WHOLE takes what OTHER does, too; what both require is required. */
static void
merge(json_t *whole, json_t *other)
{
	json_t *required = json_object_get(whole, "required"), *all;
	size_t i = 0;

	must(json_object_update(json_object_get(whole, "properties"),
		 json_object_get(other, "properties")) == 0);
	while (i < json_array_size(required))
		if (is_among(json_object_get(other, "required"),
			json_string_value(json_array_get(required, i))))
			i++;
		else
			must(json_array_remove(required, i) == 0);
	if (json_array_size(required) == 0)
		(void)json_object_del(whole, "required");
	if ((all = json_object_get(other, "allOf")) != NULL) {
		must(json_object_set(whole, "allOf", all) == 0);
		(void)json_object_del(whole, "additionalProperties");
		set(whole, "unevaluatedProperties", json_false());
	}
	json_decref(other);
}

/* What the verb of row AT takes, on whatever sort of task. */
static json_t *
step_body(unsigned at)
{
	const struct acts_verb *first = acts_verb_at(at), *verb;
	json_t *whole = body(first->type, PART_ALL);

	for (unsigned i = at + 1; (verb = acts_verb_at(i)) != NULL; i++)
		if (strcmp(verb->name, first->name) == 0 && verb->type != first->type)
			merge(whole, body(verb->type, PART_ALL));
	return whole;
}

static void
bodies(json_t *schemas)
{
	const struct acts_notice *notice;
	const struct acts_verb *verb;
	char name[80];

	set(schemas, "referral.outside", body(MESSAGE_REFERRAL_OFFER, PART_OUTSIDE));
	set(schemas, "referral.content", body(MESSAGE_REFERRAL_OFFER, PART_CONTENT));
	set(schemas, "request.outside", body(MESSAGE_INFORMATION_REQUEST, PART_OUTSIDE));
	set(schemas, "request.content", body(MESSAGE_INFORMATION_REQUEST, PART_CONTENT));
	set(schemas, "circle.outside", body(MESSAGE_CASE_OPEN, PART_OUTSIDE));
	set(schemas, "circle.content", body(MESSAGE_CASE_OPEN, PART_CONTENT));
	for (unsigned i = 0; (notice = acts_notice_at(i)) != NULL; i++) {
		snprintf(name, sizeof(name), "%s-notice.outside", notice->name);
		set(schemas, name, body(notice->type, PART_OUTSIDE));
		snprintf(name, sizeof(name), "%s-notice.content", notice->name);
		set(schemas, name, body(notice->type, PART_CONTENT));
	}
	for (unsigned i = 0; (verb = acts_verb_at(i)) != NULL; i++) {
		/* Nobody writes a release: the referral holds it. */
		if (verb->type == MESSAGE_REFERRAL_RELEASE || !is_first(i))
			continue;
		snprintf(name, sizeof(name), "step.%s", verb->name);
		set(schemas, name, step_body(i));
	}
}

/* ---- Routes ------------------------------------------------------------------------------ */

static void
add_route(json_t *routes, const struct desk_route *route, const char *path)
{
	json_t *query = json_array();

	for (size_t i = 0; route->query[i] != NULL; i++)
		add(query, route->query[i]);
	must(json_array_append_new(routes, json_pack("{s:s, s:s, s:o}", "method",
					       route->method == EVHTTP_REQ_GET      ? "get"
					       : route->method == EVHTTP_REQ_DELETE ? "delete"
					       : route->method == EVHTTP_REQ_PUT    ? "put"
										    : "post",
					       "path", path, "query", query)) == 0);
}

static json_t *
all_routes(void)
{
	static const char steps[] = "/v1/tasks/{}/{}";
	const struct desk_route *route;
	const struct acts_verb *verb;
	json_t *routes = json_array();
	char path[80];

	for (unsigned i = 0; (route = desk_routes_at(i)) != NULL; i++) {
		if (strcmp(route->path, steps) != 0) {
			add_route(routes, route, route->path);
			continue;
		}
		/* One route for all steps; each is described by itself. */
		for (unsigned v = 0; (verb = acts_verb_at(v)) != NULL; v++) {
			if (!is_first(v))
				continue;
			snprintf(path, sizeof(path), "/v1/tasks/{}/%s", verb->name);
			add_route(routes, route, path);
		}
	}
	return routes;
}

int
main(void)
{
	json_t *schemas = json_object(), *whole;

	if (suite_start() != STATUS_OK || lists_start() != STATUS_OK)
		return 1;
	program_lists(schemas);
	http_codes(schemas);
	csv_lists(schemas);
	all_fields(schemas);
	bodies(schemas);
	whole = json_pack("{s:o, s:o}", "routes", all_routes(), "schemas", schemas);
	must(whole != NULL && json_dumpf(whole, stdout, JSON_COMPACT) == 0);
	json_decref(whole);
	return 0;
}
