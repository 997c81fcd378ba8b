/* clients/cli/cli_consent.c: consent: what a person at the desk does with a family's consent. */
#include "clients/cli/cli_consent.h"

#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_form.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_pager.h"
#include "clients/cli/cli_prompt.h"
#include "clients/cli/cli_request.h"
#include "clients/cli/desk_client.h"
#include "protocol/lists/lists.h"

/* ---- What is asked where the flags did not say it ----------------------------------------- */

#define CODES(field, of, text, must)                                                           \
	{                                                                                      \
		.name = field, .kind = "codes", .list = of, .label = text, .required = must    \
	}
#define END                                                                                    \
	{                                                                                      \
		.name = ""                                                                     \
	}

static const struct cli_form_field scope_fields[] = {
    CODES("recipients", "institution-kinds", N_("who may get it"), true),
    CODES("categories", "categories", N_("which data"), true),
    CODES("purposes", "purposes", N_("what for"), true),
    {.name = "text", .kind = "text", .label = N_("in words")}, END};
static const struct cli_form_field give_fields[] = {
    {.name = "granter", .kind = "line", .label = N_("who consents"), .required = true},
    {.name = "granter_code", .kind = "line", .label = N_("their personal code")},
    {.name = "capacity",
	.kind = "code",
	.list = "capacities",
	.label = N_("as whom"),
	.required = true},
    CODES("recipients", "institution-kinds", N_("who may get it"), true),
    CODES("categories", "categories", N_("which data"), true),
    CODES("purposes", "purposes", N_("what for"), true),
    {.name = "until", .kind = "date", .label = N_("its last day")},
    {.name = "childs_view",
	.kind = "text",
	.label = N_("what the child says, in the child's own words"),
	.instead = "childs_view_why"},
    {.name = "childs_view_why",
	.kind = "code",
	.list = "view-reasons",
	.label = N_("why the child says nothing"),
	.required = true,
	.instead = "childs_view"},
    {.name = "child_consent",
	.kind = "code",
	.list = "child-consents",
	.label = N_("the child's own consent, needed from 14 on"),
	.required = true},
    {.name = "method",
	.kind = "code",
	.list = "consent-methods",
	.label = N_("how it was given")},
    {.name = "interpreter", .kind = "line", .label = N_("who interpreted")}, END};
static const struct cli_form_field renew_fields[] = {
    {.name = "until", .kind = "date", .label = N_("its last day"), .required = true},
    {.name = "text", .kind = "text", .label = N_("in words")}, END};
static const struct cli_form_field words_fields[] = {
    {.name = "text", .kind = "text", .label = N_("in words"), .required = true}, END};

/* Events by the words that a person types; OPENS: it may begin a record. */
static const struct what {
	const char *name;
	bool opens;
	const struct cli_form_field *fields;
} events[] = {
    {"request", true, scope_fields},
    {"give", true, give_fields},
    {"refuse", true, scope_fields},
    {"defer", true, scope_fields},
    {"renew", false, renew_fields},
    {"object", false, words_fields},
    {"resolve", false, words_fields},
    {"withdraw", false, NULL},
    {"invalidate", false, words_fields},
};

static const char *const looks[] = {"list", "show", "receipt", "notices", "due"};

const char *
cli_consent_what_at(unsigned i)
{
	const unsigned count = sizeof(events) / sizeof(events[0]);

	if (i < count)
		return events[i].name;
	return i - count < sizeof(looks) / sizeof(looks[0]) ? looks[i - count] : NULL;
}

static const struct what *
event_named(const char *name)
{
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (strcmp(events[i].name, name) == 0)
			return &events[i];
	return NULL;
}

/* ---- Which record ------------------------------------------------------------------------ */

static bool
may(const json_t *record, const char *event)
{
	const json_t *one;
	size_t i;

	if (event == NULL)
		return true;
	json_array_foreach(json_object_get(record, "may"), i, one)
	{
		if (strcmp(json_string_value(one), event) == 0)
			return true;
	}
	return false;
}

static bool
is_meant(const json_t *record, const char *digits)
{
	const char *id = cli_string(record, "record");
	size_t len = strlen(id), given = digits != NULL ? strlen(digits) : 0;

	return digits == NULL || strncasecmp(id, digits, given) == 0 ||
	       (given <= len && strcasecmp(id + len - given, digits) == 0);
}

/*
 * The case's one record that EVENT (NULL: anything) can happen to, or that --record names. None
 * leaves OUT empty where OPENS; several are told, so that the person can go on.
 */
static enum cli_exit
choose(struct cli *cli, const char *case_id, const struct cli_arguments *arguments,
    const char *event, bool opens, char out[static CLI_FIND_ID_MAX + 1])
{
	const char *digits = cli_arguments_text(arguments, "record");
	json_t *answer = NULL;
	const json_t *one;
	char target[128];
	unsigned found = 0;
	enum cli_exit rc;
	size_t i;

	out[0] = '\0';
	if (cli_arguments_has(arguments, "new"))
		return CLI_DONE;
	snprintf(target, sizeof(target), "/v1/cases/%s/grounds", case_id);
	if ((rc = desk_client_get(cli, target, &answer)) != CLI_DONE)
		return rc;
	json_array_foreach(json_object_get(answer, "items"), i, one)
	{
		if (is_meant(one, digits) && (digits != NULL || may(one, event)) &&
		    found++ == 0)
			snprintf(out, CLI_FIND_ID_MAX + 1, "%s", cli_string(one, "record"));
	}
	if (found > 1) {
		rc = cli_fail(
		    CLI_USAGE, _("the case has several such records; say --record RECORD:"));
		json_array_foreach(json_object_get(answer, "items"), i, one)
		{
			if (is_meant(one, digits) && (digits != NULL || may(one, event)))
				fprintf(stderr, "  %s  %s\n",
				    cli_labels_short(cli_string(one, "record")),
				    cli_consent_state(cli, one));
		}
	} else if (found == 0 && (!opens || digits != NULL)) {
		rc = cli_fail(CLI_REFUSED,
		    _("the case has no record to which this can happen; see: saikne consent "
		      "list"));
	}
	json_decref(answer);
	return rc;
}

/* ---- What the request says besides the fields --------------------------------------------- */

/* The newest text under CODE in the language in force: what the family is taken to have read. */
static json_t *
newest_notice(const struct cli *cli, const char *code)
{
	const struct list *list = list_named("consent-notices");
	const char *version = NULL;

	for (unsigned row = 0; row < list_rows(list); row++)
		if (strcmp(list_text(list, row, "notice"), code) == 0 &&
		    strcmp(list_text(list, row, "language"), cli->language) == 0)
			version = list_text(list, row, "version");
	return version == NULL ? NULL
	                       : json_pack("{s:s, s:s, s:s}", "code", code, "version", version,
				     "language", cli->language);
}

static enum cli_exit
set_notice(struct cli *cli, const struct cli_arguments *arguments, const struct what *what,
    json_t *request)
{
	const char *code = cli_arguments_text(arguments, "notice");
	json_t *notice;

	if (code == NULL && (strcmp(what->name, "give") != 0 || !cli_prompt_can_ask(cli) ||
				json_object_get(request, "notice") != NULL))
		return CLI_DONE;
	notice = newest_notice(cli, code != NULL ? code : "sharing");
	if (notice == NULL)
		return cli_fail(CLI_USAGE,
		    _("there is no notice of this code in this language; see: saikne consent "
		      "notices"));
	if (code == NULL)
		printf(_("The family was told the notice \"sharing\", version %s (saikne "
			 "consent notices); if not, leave and say --notice.\n"),
		    cli_string(notice, "version"));
	return json_object_set_new(request, "notice", notice) == 0
	           ? CLI_DONE
	           : cli_fail(CLI_REFUSED, _("memory ran out"));
}

static bool
has_birth_date(struct cli *cli, const char *case_id)
{
	json_t *answer = NULL;
	const json_t *one;
	char target[128];
	bool has = false;
	size_t i;

	snprintf(target, sizeof(target), "/v1/cases/%s", case_id);
	if (desk_client_get(cli, target, &answer) != CLI_DONE)
		return true; /* the desk says what is missing */
	json_array_foreach(json_object_get(answer, "fields"), i, one) has =
	    has || strcmp(cli_string(one, "name"), "birth_date") == 0;
	json_decref(answer);
	return has;
}

/* The child's age decides who consents, so it is asked for where the case does not know it. */
static enum cli_exit
set_birth_date(struct cli *cli, const struct cli_arguments *arguments, const struct what *what,
    const char *case_id, json_t *request)
{
	static const struct cli_form_field born = {
	    .name = "birth_date", .kind = "date", .required = true};
	const char *given = cli_arguments_text(arguments, "birth-date");
	struct cli_form_field field = born;
	json_t *value = given != NULL ? json_string(given) : NULL;
	json_t *child = json_object_get(request, "child");
	enum cli_exit rc = CLI_DONE;

	if (given == NULL &&
	    (strcmp(what->name, "give") != 0 || cli_string(child, "birth_date")[0] != '\0' ||
		!cli_prompt_can_ask(cli) || has_birth_date(cli, case_id)))
		return CLI_DONE;
	snprintf(field.label, sizeof(field.label), "%s", _("the child's date of birth"));
	if (given == NULL && (rc = cli_form_fields_ask(cli, &field, &value)) != CLI_DONE)
		return rc;
	if (child == NULL && json_object_set_new(request, "child", json_object()) == 0)
		child = json_object_get(request, "child");
	return json_object_set_new(child, "birth_date", value) == 0
	           ? CLI_DONE
	           : cli_fail(CLI_REFUSED, _("memory ran out"));
}

/*
 * What the record says already is said again, so that it is not asked for; the child is asked
 * anew.
 */
static enum cli_exit
take_over(struct cli *cli, const char *id, const struct what *what, json_t *request)
{
	static const char *const inner[] = {"child", "notice"};
	json_t *answer = NULL, *says;
	char target[128];
	int failed = 0;
	enum cli_exit rc;

	snprintf(target, sizeof(target), "/v1/grounds/%s", id);
	if ((rc = desk_client_get(cli, target, &answer)) != CLI_DONE)
		return rc;
	says = json_object_get(answer, "says");
	for (const struct cli_form_field *f = what->fields; f->name[0] != '\0'; f++)
		if (strcmp(f->name, "child_consent") != 0 &&
		    json_object_get(request, f->name) == NULL &&
		    json_object_get(says, f->name) != NULL)
			failed |=
			    json_object_set(request, f->name, json_object_get(says, f->name));
	for (size_t i = 0; i < sizeof(inner) / sizeof(inner[0]); i++)
		if (json_object_get(request, inner[i]) == NULL &&
		    json_object_get(says, inner[i]) != NULL)
			failed |=
			    json_object_set(request, inner[i], json_object_get(says, inner[i]));
	json_decref(answer);
	return failed == 0 ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

/* ---- Recording --------------------------------------------------------------------------- */

static void
print_recorded(const struct cli *cli, const json_t *answer)
{
	printf(_("Record %s: %s\n"), cli_labels_short(cli_string(answer, "record")),
	    cli_consent_state(cli, answer));
	if (strcmp(cli_string(answer, "lacks"), "child_consent") == 0)
		printf(_("Nothing may be shared on it yet: from 14 on the child's own consent "
			 "is needed, too. Ask the child, then: saikne consent give %s "
			 "--child-consent given\n"),
		    cli_labels_short(cli_string(answer, "case")));
}

static enum cli_exit
record(struct cli *cli, const struct what *what, const struct cli_arguments *arguments,
    const char *case_id, json_t *request)
{
	char id[CLI_FIND_ID_MAX + 1], target[128];
	struct cli_form_job job = {
	    .verb = "consent", .fields = what->fields, .target = target, .request = request};
	json_t *answer = NULL;
	enum cli_exit rc = choose(cli, case_id, arguments, what->name, what->opens, id);

	if (rc != CLI_DONE)
		return rc;
	if (json_object_set_new(request, "event", json_string(what->name)) != 0 ||
	    (cli_arguments_has(arguments, "joint-custody") &&
		json_object_set_new(request, "joint_custody", json_true()) != 0))
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	if (id[0] != '\0')
		snprintf(target, sizeof(target), "/v1/grounds/%s/events", id);
	else
		snprintf(target, sizeof(target), "/v1/cases/%s/consents", case_id);
	if (id[0] != '\0' && what->opens)
		rc = take_over(cli, id, what, request);
	if (rc == CLI_DONE && what->opens)
		rc = set_birth_date(cli, arguments, what, case_id, request);
	if (rc == CLI_DONE)
		rc = set_notice(cli, arguments, what, request);
	if (rc != CLI_DONE)
		return rc;
	rc = job.fields != NULL ? cli_form_run(cli, &job, &answer)
	                        : desk_client_post(cli, target, request, &answer);
	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE)
		print_recorded(cli, answer);
	json_decref(answer);
	return rc;
}

/* ---- Looking ----------------------------------------------------------------------------- */

static enum cli_exit
list(struct cli *cli, const char *case_id)
{
	json_t *answer = NULL;
	char target[128];
	enum cli_exit rc;

	snprintf(target, sizeof(target), "/v1/cases/%s/grounds", case_id);
	if ((rc = desk_client_get(cli, target, &answer)) != CLI_DONE)
		return rc;
	if (cli->json)
		cli_print_json(cli, answer);
	else
		rc = cli_consent_show_list(cli, answer);
	json_decref(answer);
	return rc;
}

static enum cli_exit
print_receipt(struct cli *cli, const json_t *receipt, bool html)
{
	struct buffer text = {0};
	enum cli_exit rc = CLI_DONE;

	cli_consent_receipt_write(cli, receipt, html, &text);
	if (text.failed)
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	else
		cli_pager_print(&cli->terminal, (struct bytes){text.data, text.len});
	buffer_free(&text);
	return rc;
}

static enum cli_exit
look(struct cli *cli, const struct cli_arguments *arguments, const char *case_id, bool receipt)
{
	char id[CLI_FIND_ID_MAX + 1], target[128];
	json_t *answer = NULL;
	enum cli_exit rc = choose(cli, case_id, arguments, NULL, false, id);

	if (rc != CLI_DONE)
		return rc;
	snprintf(target, sizeof(target), "/v1/grounds/%s%s", id, receipt ? "/receipt" : "");
	if ((rc = desk_client_get(cli, target, &answer)) != CLI_DONE)
		return rc;
	if (cli->json)
		cli_print_json(cli, answer);
	else if (receipt)
		rc = print_receipt(cli, answer, cli_arguments_has(arguments, "html"));
	else
		rc = cli_consent_show_one(cli, answer);
	json_decref(answer);
	return rc;
}

/* ---- The command ------------------------------------------------------------------------- */

static enum cli_exit
on_case(struct cli *cli, const char *name, const struct cli_arguments *arguments,
    const char *case_id)
{
	const struct what *what = event_named(name);
	char fault[160] = "";
	json_t *request;
	enum cli_exit rc;

	if (what == NULL)
		return strcmp(name, "list") == 0
		           ? list(cli, case_id)
		           : look(cli, arguments, case_id, strcmp(name, "receipt") == 0);
	if ((request = cli_request_new(arguments, fault)) == NULL)
		return cli_fail(CLI_USAGE, "%s", fault);
	rc = record(cli, what, arguments, case_id, request);
	json_decref(request);
	return rc;
}

enum cli_exit
cli_consent_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *name = arguments->positional[0];
	char case_id[CLI_FIND_ID_MAX + 1];
	enum cli_exit rc;

	(void)command;
	if (strcmp(name, "notices") == 0)
		return cli_consent_show_notices(cli);
	if (strcmp(name, "due") == 0)
		return cli_consent_show_due(cli, cli_arguments_text(arguments, "days"));
	if (event_named(name) == NULL && strcmp(name, "list") != 0 &&
	    strcmp(name, "show") != 0 && strcmp(name, "receipt") != 0)
		return cli_fail(CLI_USAGE,
		    _("WHAT is request, give, refuse, defer, renew, object, resolve, "
		      "withdraw, invalidate, list, show, receipt, notices or due"));
	if (arguments->positional_count < 2)
		return cli_fail(CLI_USAGE, _("%s is missing"), lang_text(N_("CASE")));
	if ((rc = cli_find_case(cli, arguments->positional[1], case_id)) != CLI_DONE)
		return rc;
	return on_case(cli, name, arguments, case_id);
}
