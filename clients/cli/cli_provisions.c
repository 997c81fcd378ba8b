/* clients/cli/cli_provisions.c: provisions: what of the law this institution rests on, and on whose advice. */
#include "clients/cli/cli_provisions.h"

#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_form.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_request.h"
#include "clients/cli/cli_table.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

#define STANDING_MAX 320

const char *
cli_provisions_what_at(unsigned i)
{
	return i == 0 ? "confirm" : i == 1 ? "undo" : NULL;
}

static const struct cli_form_field confirm_fields[] = {
    {.name = "advice", .kind = "line", .label = N_("who advised"), .required = true},
    {.name = "advised_on", .kind = "date", .label = N_("day of the advice"), .required = true},
    {.name = ""}};

static bool
is_confirmed(const json_t *item)
{
	return json_is_string(json_object_get(item, "confirmed"));
}

static void
put_standing(const json_t *item, char out[static STANDING_MAX])
{
	char time[40];

	if (is_confirmed(item)) {
		cli_labels_time(json_object_get(item, "confirmed"), time);
		snprintf(out, STANDING_MAX, _("confirmed on %s by %s; advice: %s, %s"), time,
		    cli_string(item, "by"), cli_string(item, "advice"),
		    cli_string(item, "advised_on"));
	} else if (json_is_true(json_object_get(item, "unconfirmed_works"))) {
		snprintf(out, STANDING_MAX, "%s",
		    _("not confirmed; works all the same, with a warning"));
	} else {
		snprintf(
		    out, STANDING_MAX, "%s", _("not confirmed: nothing is shared on it yet"));
	}
}

static enum cli_exit
list(struct cli *cli)
{
	const struct cli_column columns[] = {{_("PROVISION"), 0, false},
	    {_("GROUND"), 12, false}, {_("SOURCE"), 12, true}, {_("STATE"), 12, true}};
	struct cli_table *table;
	json_t *answer = NULL;
	const json_t *item;
	enum cli_exit rc = desk_client_get(cli, "/v1/provisions", &answer);
	bool ok;
	size_t i;

	if (rc != CLI_DONE)
		return rc;
	table = cli_table_new(columns, sizeof(columns) / sizeof(columns[0]));
	ok = table != NULL;
	json_array_foreach(json_object_get(answer, "items"), i, item)
	{
		char standing[STANDING_MAX];
		const char *const cells[] = {cli_string(item, "provision"),
		    cli_string(
			item, strcmp(cli->language, "lv") == 0 ? "label_lv" : "label_en"),
		    cli_string(item, "source"), standing};

		put_standing(item, standing);
		ok =
		    ok && cli_table_add(table, cells, is_confirmed(item) ? CLI_PLAIN : CLI_DIM);
	}
	if (cli->json)
		cli_print_json(cli, answer);
	else if (ok)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	json_decref(answer);
	return ok ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

static enum cli_exit
change(struct cli *cli, const struct cli_arguments *arguments, const char *code, bool undo)
{
	char fault[160] = "", target[96], standing[STANDING_MAX];
	json_t *request = cli_request_new(arguments, fault), *answer = NULL;
	const struct cli_form_job job = {.verb = "provisions",
	    .fields = confirm_fields,
	    .target = target,
	    .request = request};
	enum cli_exit rc;

	if (request == NULL)
		return cli_fail(CLI_USAGE, "%s", fault);
	snprintf(target, sizeof(target), "/v1/provisions/%.64s", code);
	if (undo && json_object_set_new(request, "undo", json_true()) != 0)
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	else
		rc = undo ? desk_client_post(cli, target, request, &answer)
		          : cli_form_run(cli, &job, &answer);
	if (rc == CLI_DONE && cli->json) {
		cli_print_json(cli, answer);
	} else if (rc == CLI_DONE) {
		put_standing(answer, standing);
		printf("%s: ", code);
		cli_terminal_put(stdout, standing);
		putchar('\n');
	}
	json_decref(request);
	json_decref(answer);
	return rc;
}

enum cli_exit
cli_provisions_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *what = arguments->positional[0], *code = arguments->positional[1];
	bool undo;

	(void)command;
	if (arguments->positional_count == 0)
		return list(cli);
	undo = strcmp(what, "undo") == 0;
	if (!undo && strcmp(what, "confirm") != 0)
		return cli_fail(
		    CLI_USAGE, _("WHAT is confirm or undo; see: saikne help provisions"));
	if (arguments->positional_count < 2 || !desk_client_is_name(code))
		return cli_fail(CLI_USAGE, _("say which provision: saikne provisions %s CODE"),
		    undo ? "undo" : "confirm");
	return change(cli, arguments, code, undo);
}
