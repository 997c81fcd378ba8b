/* clients/cli/cli_status.c: status and directory: how the service and its network stand. */
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_objects.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

/* What the service could not settle by itself: who, what, what to do. */
static void
print_problems(const struct cli *cli, const json_t *problems)
{
	const json_t *one;
	char time[40];
	size_t i;

	if (json_array_size(problems) > 0)
		printf("\n%s\n", _("Problems"));
	json_array_foreach(problems, i, one)
	{
		cli_labels_time(json_object_get(one, "time"), time);
		printf("  %s  ", time);
		cli_terminal_put(stdout, cli_string(one, "peer"));
		fputs("\n    ", stdout);
		cli_terminal_wrap(&cli->terminal, lang_text(cli_string(one, "meaning")), 4);
		fputs("    ", stdout);
		cli_terminal_wrap(&cli->terminal, lang_text(cli_string(one, "remedy")), 4);
	}
}

#define MINUTE_MS (60L * 1000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

static void
say_by(long ms, char *out, size_t size)
{
	unsigned long days = (unsigned long)((ms + DAY_MS / 2) / DAY_MS),
		      hours = (unsigned long)((ms + HOUR_MS / 2) / HOUR_MS),
		      minutes = (unsigned long)((ms + MINUTE_MS / 2) / MINUTE_MS);

	if (hours >= 48)
		snprintf(out, size, ngettext("by %lu day", "by %lu days", days), days);
	else if (minutes >= 120)
		snprintf(out, size, ngettext("by %lu hour", "by %lu hours", hours), hours);
	else
		snprintf(
		    out, size, ngettext("by %lu minute", "by %lu minutes", minutes), minutes);
}

/* More than five minutes: what is said then, and by when, goes by the broker's. */
static void
print_clock(const struct cli *cli, const json_t *status)
{
	long offset = (long)json_integer_value(json_object_get(status, "clock_offset_ms"));
	char by[64], line[320];

	if (!json_is_true(json_object_get(status, "connected")) ||
	    (offset <= 5 * MINUTE_MS && offset >= -5 * MINUTE_MS))
		return;
	say_by(offset < 0 ? -offset : offset, by, sizeof(by));
	snprintf(line, sizeof(line),
	    offset < 0 ? _("The clock of this service is ahead of the broker's %s; the "
			   "broker's counts. Ask whoever runs the service to set it right.")
		       : _("The clock of this service is behind the broker's %s; the "
			   "broker's counts. Ask whoever runs the service to set it right."),
	    by);
	putchar('\n');
	cli_terminal_wrap(&cli->terminal, line, 0);
}

enum cli_exit
cli_status_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	json_t *answer = NULL;
	enum cli_exit rc = desk_client_get(cli, "/v1/status", &answer);

	(void)command;
	(void)arguments;
	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	if (rc == CLI_DONE && !cli->json) {
		cli_objects_print_pairs(cli, answer, 0);
		print_clock(cli, answer);
		print_problems(cli, json_object_get(answer, "problems"));
	}
	json_decref(answer);
	return rc;
}

/* The first member that is an array: the institutions. */
static const json_t *
first_array(const json_t *answer)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)answer, name, value)
	{
		if (json_is_array(value))
			return value;
	}
	return NULL;
}

enum cli_exit
cli_status_run_directory(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	json_t *answer = NULL;
	enum cli_exit rc = desk_client_get(cli, "/v1/directory", &answer);

	(void)command;
	(void)arguments;
	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE)
		rc = cli_objects_print_table(cli, first_array(answer));
	json_decref(answer);
	return rc;
}
