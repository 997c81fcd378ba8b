/* clients/cli/cli_cases.c: cases: the own cases, a line for each of their tasks. */
#include "clients/cli/cli_cases.h"

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_pages.h"
#include "clients/cli/cli_table.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

#define MOST 1000

static bool
add_task(struct cli *cli, struct cli_table *table, const json_t *item, const json_t *task)
{
	struct buffer holders = {0};
	char time[40], urgency[80];
	bool ok;

	cli_labels_brief(cli, "urgencies", cli_string(task, "urgency"), urgency);
	cli_labels_time(json_object_get(task, "time"), time);
	if (item != NULL)
		cli_labels_holders(cli, item, &holders);
	buffer_append_byte(&holders, '\0');
	const char *const cells[] = {
	    item != NULL ? cli_labels_short(cli_string(item, "case")) : "",
	    item != NULL ? cli_string(item, "file_number") : "",
	    cli_labels_short(cli_string(task, "task")),
	    cli_string(task, "peer"),
	    cli_labels_state(cli, cli_string(task, "state")),
	    time,
	    urgency,
	    holders.failed ? "" : (const char *)holders.data,
	};
	ok = cli_table_add(table, cells, CLI_PLAIN);
	buffer_free(&holders);
	return ok;
}

/* A line for each task; the case stands on the first. */
static bool
add_case(struct cli *cli, struct cli_table *table, const json_t *item)
{
	const json_t *tasks = json_object_get(item, "tasks"), *task;
	bool ok = true;
	size_t i;

	if (json_array_size(tasks) == 0)
		return add_task(cli, table, item, NULL);
	json_array_foreach(tasks, i, task) ok =
	    ok && add_task(cli, table, i == 0 ? item : NULL, task);
	return ok;
}

/* All ITEMS by ADD; each is a case, or a task. */
static enum cli_exit
print_all(struct cli *cli, const json_t *items,
    bool (*add)(struct cli *cli, struct cli_table *table, const json_t *item))
{
	const struct cli_column columns[] = {{_("CASE"), 0, false}, {_("FILE NO."), 8, false},
	    {_("TASK"), 0, false}, {_("INSTITUTION"), 12, false}, {_("STATE"), 12, false},
	    {_("TIME"), 16, true}, {_("URGENCY"), 7, true}, {_("HELD BY"), 8, true}};
	struct cli_table *table = cli_table_new(columns, sizeof(columns) / sizeof(columns[0]));
	const json_t *item;
	bool ok = true;
	size_t i;

	json_array_foreach(items, i, item) ok = ok && add(cli, table, item);
	if (ok)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	return ok ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

enum cli_exit
cli_cases_print(struct cli *cli, const json_t *items)
{
	return print_all(cli, items, add_case);
}

static bool
add_task_alone(struct cli *cli, struct cli_table *table, const json_t *task)
{
	return add_task(cli, table, NULL, task);
}

enum cli_exit
cli_cases_print_tasks(struct cli *cli, const json_t *tasks)
{
	if (json_array_size(tasks) > 0)
		return print_all(cli, tasks, add_task_alone);
	printf("  %s\n", _("none yet"));
	return CLI_DONE;
}

enum cli_exit
cli_cases_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	json_t *items = NULL;
	enum cli_exit rc;
	bool more;

	(void)command;
	(void)arguments;
	if ((rc = cli_pages_read(cli, "/v1/cases", MOST, &items, &more)) != CLI_DONE)
		return rc;
	if (cli->json) {
		cli_pages_print_json(cli, items, more);
	} else if (json_array_size(items) == 0) {
		puts(_("There are no cases yet."));
	} else {
		rc = cli_cases_print(cli, items);
		if (more)
			printf(_("The newest %d are shown.\n"), MOST);
	}
	json_decref(items);
	return rc;
}
