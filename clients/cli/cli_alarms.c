/* clients/cli/cli_alarms.c: alarms: what must not wait, and that somebody saw it. */
#include <string.h>
#include <time.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_due.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_pages.h"
#include "clients/cli/cli_table.h"
#include "clients/cli/cli_words.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"
#include "protocol/lists/lists.h"

#define ALARMS_MAX 500

static enum cli_colour
colour_of(const json_t *alarm)
{
	if (!json_is_null(json_object_get(alarm, "settled")))
		return CLI_DIM;
	return strcmp(cli_string(alarm, "stage"), "reminder") == 0 ? CLI_YELLOW : CLI_RED;
}

/* Whose it is to do something about it now; of what has not climbed, whoever has it. */
static const char *
level_of(const struct cli *cli, const json_t *alarm)
{
	const char *stage = cli_string(alarm, "stage");

	if (!list_has("escalation-levels", bytes_of_text(stage)))
		return "";
	return list_label("escalation-levels", stage, cli->language);
}

static bool
add_line(struct cli *cli, struct cli_table *table, const json_t *alarm, time_t now)
{
	bool settled = !json_is_null(json_object_get(alarm, "settled"));
	char due[CLI_DUE_WORDS] = "", seen[40] = "";

	const bool of_record = cli_string(alarm, "record")[0] != '\0';

	if (settled)
		snprintf(due, sizeof(due), "%s", _("settled"));
	else
		cli_due_item(alarm, now, due);
	cli_labels_time(json_object_get(alarm, "seen"), seen);
	const char *const cells[] = {
	    cli_string(alarm, "alarm"),
	    due,
	    of_record ? _("to be renewed, or ends")
		      : cli_due_owed(cli, cli_string(alarm, "what")),
	    level_of(cli, alarm),
	    cli_labels_short(cli_string(alarm, of_record ? "case" : "task")),
	    cli_string(alarm, "peer"),
	    of_record ? "" : cli_labels_state(cli, cli_string(alarm, "state")),
	    seen,
	    cli_words_role(cli_string(alarm, "seen_by")),
	};
	return cli_table_add(table, cells, colour_of(alarm));
}

static enum cli_exit
print_alarms(struct cli *cli, const json_t *items)
{
	const struct cli_column columns[] = {
	    {_("ALARM"), 0, false},
	    {_("DUE"), 12, false},
	    {_("OWED"), 16, false},
	    {_("CLIMBED TO"), 12, true},
	    {_("TASK OR CASE"), 0, false},
	    {_("WITH"), 12, false},
	    {_("STATE"), 12, true},
	    {_("SEEN"), 16, true},
	    {_("BY"), 8, true},
	};
	struct cli_table *table = cli_table_new(columns, sizeof(columns) / sizeof(columns[0]));
	const time_t now = time(NULL);
	bool fits = table != NULL;

	for (size_t i = 0; fits && i < json_array_size(items); i++)
		fits = add_line(cli, table, json_array_get(items, i), now);
	if (fits)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	if (fits && cli_due_own_clock(items))
		printf("\n%s\n", cli_due_own_words());
	return fits ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

enum cli_exit
cli_alarms_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	bool all = cli_arguments_has(arguments, "all"), more;
	json_t *items = NULL;
	enum cli_exit rc;

	(void)command;
	rc = cli_pages_read(
	    cli, all ? "/v1/alarms" : "/v1/alarms?open=1", ALARMS_MAX, &items, &more);
	if (rc != CLI_DONE)
		return rc;
	if (cli->json) {
		cli_pages_print_json(cli, items, more);
	} else if (json_array_size(items) == 0) {
		puts(all ? _("There have been no alarms.") : _("There are no alarms."));
	} else {
		rc = print_alarms(cli, items);
	}
	json_decref(items);
	return rc;
}

enum cli_exit
cli_alarms_run_seen(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *id = arguments->positional[0];
	json_t *request, *answer = NULL;
	char target[96];
	enum cli_exit rc;

	(void)command;
	if (!desk_client_is_name(id) || strlen(id) > 20)
		return cli_fail(
		    CLI_USAGE, _("there is no alarm of this number; see: saikne alarms"));
	snprintf(target, sizeof(target), "/v1/alarms/%s/seen", id);
	request = json_object();
	rc = desk_client_post(cli, target, request, &answer);
	json_decref(request);
	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE && cli_string(answer, "record")[0] != '\0')
		printf(_("Alarm %s: it is recorded that you saw it. In case %s something ends "
			 "soon.\n"),
		    id, cli_labels_short(cli_string(answer, "case")));
	else if (rc == CLI_DONE)
		printf(_("Alarm %s: it is recorded that you saw it. Task %s still waits.\n"),
		    id, cli_labels_short(cli_string(answer, "task")));
	json_decref(answer);
	return rc;
}
