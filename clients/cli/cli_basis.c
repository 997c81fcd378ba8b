/* clients/cli/cli_basis.c: basis: decisions to share by law, and not to share: made, ended, shown. */
#include "clients/cli/cli_basis.h"

#include <string.h>
#include <strings.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_consent.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_form.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_notes.h"
#include "clients/cli/cli_request.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

#define DIGITS_LEAST 4

static const char *const whats[] = {"decide", "not-share", "end", "list", "show"};

const char *
cli_basis_what_at(unsigned i)
{
	return i < sizeof(whats) / sizeof(whats[0]) ? whats[i] : NULL;
}

/* ---- What is asked where the flags did not say it ----------------------------------------- */

#define SCOPE                                                                                  \
	{.name = "recipients",                                                                 \
	    .kind = "codes",                                                                   \
	    .list = "institution-kinds",                                                       \
	    .label = N_("to whom"),                                                            \
	    .required = true},                                                                 \
	{                                                                                      \
		.name = "categories", .kind = "codes", .list = "categories",                   \
		.label = N_("which data"), .required = true                                    \
	}
#define FAMILY                                                                                 \
	{.name = "decided_by", .kind = "line", .label = N_("who decided (you)")},              \
	    {.name = "family_told",                                                            \
		.kind = "code",                                                                \
		.list = "family-told",                                                         \
		.label = N_("whether the family was told, or why not")},                       \
	{                                                                                      \
		.name = "family_text", .kind = "text", .label = N_("the same in words")        \
	}
#define END                                                                                    \
	{                                                                                      \
		.name = ""                                                                     \
	}

static const struct cli_form_field decide_fields[] = {{.name = "ground",
							  .kind = "code",
							  .list = "legal-bases",
							  .label = N_("legal basis"),
							  .required = true},
    {.name = "necessity",
	.kind = "text",
	.label = N_("why it is necessary to share this"),
	.required = true},
    SCOPE,
    {.name = "purposes",
	.kind = "codes",
	.list = "purposes",
	.label = N_("for what"),
	.required = true},
    FAMILY, {.name = "until", .kind = "date", .label = N_("its last day")}, END};
static const struct cli_form_field not_share_fields[] = {SCOPE,
    {.name = "text", .kind = "text", .label = N_("why it is not shared"), .required = true},
    FAMILY, END};
static const struct cli_form_field end_fields[] = {
    {.name = "text", .kind = "text", .label = N_("why it ends"), .required = true}, END};

/* ---- Which record ------------------------------------------------------------------------- */

static bool
is_law(const json_t *item)
{
	return strcmp(cli_string(item, "basis"), "law") == 0;
}

static bool
fits(const char *id, const char *text)
{
	size_t id_len = strlen(id), len = strlen(text);

	return len <= id_len &&
	       (strncasecmp(id, text, len) == 0 || strcasecmp(id + id_len - len, text) == 0);
}

/* The record of law of the case that TEXT, which may be NULL where there is one alone, names. */
static enum cli_exit
find_record(const json_t *items, const char *text, char out[static CLI_FIND_ID_MAX + 1])
{
	const json_t *item;
	unsigned found = 0;
	size_t i;

	if (text != NULL && (!desk_client_is_name(text) || strlen(text) < DIGITS_LEAST))
		return cli_fail(
		    CLI_USAGE, _("give at least %d digits of the identifier"), DIGITS_LEAST);
	json_array_foreach(items, i, item)
	{
		const char *id = cli_string(item, "record");

		if (!is_law(item) || (text != NULL && !fits(id, text)))
			continue;
		snprintf(out, CLI_FIND_ID_MAX + 1, "%s", id);
		found++;
	}
	if (found == 1)
		return CLI_DONE;
	return found == 0
	           ? cli_fail(CLI_REFUSED,
			 _("the case has no such decision; see: saikne basis list CASE"))
	           : cli_fail(CLI_USAGE,
			 _("the case has several: name one by --record (saikne basis list "
			   "CASE)"));
}

static enum cli_exit
read_records(struct cli *cli, const char *case_id, json_t **answer)
{
	char target[96];

	snprintf(target, sizeof(target), "/v1/cases/%s/grounds", case_id);
	return desk_client_get(cli, target, answer);
}

/* ---- Showing ------------------------------------------------------------------------------- */

/* Of what a case has, that which is law. */
static enum cli_exit
print_list(struct cli *cli, const json_t *items)
{
	json_t *law = json_array(), *answer;
	const json_t *item;
	enum cli_exit rc = CLI_DONE;
	bool ok = law != NULL;
	size_t i;

	json_array_foreach(items, i, item)
	{
		if (is_law(item))
			ok = ok && json_array_append(law, (json_t *)(uintptr_t)item) == 0;
	}
	answer = ok ? json_pack("{s:O}", "items", law) : NULL;
	if (answer == NULL)
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	else if (cli->json)
		cli_print_json(cli, answer);
	else if (json_array_size(law) == 0)
		puts(_("Nothing has been decided by law in this case yet."));
	else
		rc = cli_consent_show_list(cli, answer);
	json_decref(law);
	json_decref(answer);
	return rc;
}

static enum cli_exit
show(struct cli *cli, const char *record)
{
	char target[96];
	json_t *answer = NULL;
	enum cli_exit rc;

	snprintf(target, sizeof(target), "/v1/grounds/%s", record);
	if ((rc = desk_client_get(cli, target, &answer)) != CLI_DONE)
		return rc;
	if (cli->json)
		cli_print_json(cli, answer);
	else
		rc = cli_consent_show_one(cli, answer);
	json_decref(answer);
	return rc;
}

/* ---- Deciding ------------------------------------------------------------------------------ */

/* Posts REQUEST, asked for where something is missing, and says what is recorded now. */
static enum cli_exit
post(struct cli *cli, const char *target, const struct cli_form_field *fields, json_t *request)
{
	const struct cli_form_job job = {
	    .verb = "basis", .fields = fields, .target = target, .request = request};
	json_t *answer = NULL;
	enum cli_exit rc = cli_form_run(cli, &job, &answer);

	if (rc == CLI_DONE && cli->json) {
		cli_print_json(cli, answer);
	} else if (rc == CLI_DONE) {
		printf(_("Recorded: %s.\n"), cli_labels_short(cli_string(answer, "record")));
		cli_notes_print(cli, answer);
	}
	json_decref(answer);
	return rc;
}

static enum cli_exit
decide(struct cli *cli, const char *case_id, json_t *request, bool shares)
{
	char target[96];

	snprintf(target, sizeof(target), "/v1/cases/%s/grounds", case_id);
	if (json_object_set_new(
		request, "decision", json_string(shares ? "share" : "not_share")) != 0)
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	return post(cli, target, shares ? decide_fields : not_share_fields, request);
}

static enum cli_exit
end(struct cli *cli, const json_t *items, const char *record, json_t *request)
{
	const json_t *item;
	const char *event = "end";
	char target[96];
	size_t i;

	/* A decision not to share has nothing that could end: it was right, or a mistake. */
	json_array_foreach(items, i, item)
	{
		if (strcmp(cli_string(item, "record"), record) == 0 &&
		    strcmp(cli_string(item, "state"), "not_shared") == 0)
			event = "invalidate";
	}
	snprintf(target, sizeof(target), "/v1/grounds/%s/events", record);
	if (json_object_set_new(request, "event", json_string(event)) != 0)
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	return post(cli, target, end_fields, request);
}

/* What is done to a record of the case. */
static enum cli_exit
with_record(struct cli *cli, const struct cli_arguments *arguments, const char *case_id,
    const char *what, json_t *request)
{
	char record[CLI_FIND_ID_MAX + 1];
	json_t *records = NULL;
	const json_t *items;
	enum cli_exit rc = read_records(cli, case_id, &records);

	if (rc != CLI_DONE)
		return rc;
	items = json_object_get(records, "items");
	if (strcmp(what, "list") == 0)
		rc = print_list(cli, items);
	else if ((rc = find_record(items, cli_arguments_text(arguments, "record"), record)) ==
		 CLI_DONE)
		rc = strcmp(what, "show") == 0 ? show(cli, record)
		                               : end(cli, items, record, request);
	json_decref(records);
	return rc;
}

enum cli_exit
cli_basis_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *what = arguments->positional[0];
	char fault[160] = "", case_id[CLI_FIND_ID_MAX + 1];
	unsigned at = 0;
	json_t *request;
	enum cli_exit rc;

	(void)command;
	while (cli_basis_what_at(at) != NULL && strcmp(cli_basis_what_at(at), what) != 0)
		at++;
	if (cli_basis_what_at(at) == NULL)
		return cli_fail(CLI_USAGE,
		    _("WHAT is decide, not-share, end, list or show; see: saikne help basis"));
	if ((rc = cli_find_case(cli, arguments->positional[1], case_id)) != CLI_DONE)
		return rc;
	if ((request = cli_request_new(arguments, fault)) == NULL)
		return cli_fail(CLI_USAGE, "%s", fault);
	/* That it is law says the address. */
	(void)json_object_del(request, "basis"); /* it may not be there */
	if (strcmp(what, "decide") == 0 || strcmp(what, "not-share") == 0)
		rc = decide(cli, case_id, request, strcmp(what, "decide") == 0);
	else
		rc = with_record(cli, arguments, case_id, what, request);
	json_decref(request);
	return rc;
}
