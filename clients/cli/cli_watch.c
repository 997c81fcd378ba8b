/* clients/cli/cli_watch.c: watch: live changes, a line each, until Ctrl-C. */
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_watch.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

#define WAIT_MAX_S 30

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

struct listening {
	const struct cli_watcher *watcher;
	bool connected;
};

static bool
is_stopped(void *state)
{
	const struct listening *listening = state;

	if (listening->watcher->idle != NULL && interrupted == 0)
		listening->watcher->idle(listening->watcher->state, listening->connected);
	return interrupted != 0;
}

static void
on_change(void *state, const json_t *change)
{
	const struct listening *listening = state;

	listening->watcher->change(listening->watcher->state, change);
}

/* An alarm is loud. */
static enum cli_colour
colour_of(const char *what)
{
	return strcmp(what, "alarm_overdue") == 0    ? CLI_RED
	       : strcmp(what, "alarm_climbed") == 0  ? CLI_RED
	       : strcmp(what, "break_glass") == 0    ? CLI_RED
	       : strcmp(what, "alarm_reminder") == 0 ? CLI_YELLOW
	                                             : CLI_PLAIN;
}

/* The task, or the case where the change is of that. */
static void
put_whose(const json_t *change)
{
	const char *of_case = cli_string(change, "case");

	if (of_case[0] != '\0')
		printf("%s ", _("case"));
	cli_terminal_put(stdout,
	    cli_labels_short(of_case[0] != '\0' ? of_case : cli_string(change, "task")));
}

static void
print_change(void *state, const json_t *change)
{
	struct cli *cli = state;
	const enum cli_colour colour = colour_of(cli_string(change, "what"));
	char time[40];

	if (cli->json) {
		char *line = json_dumps(change, JSON_COMPACT);

		if (line != NULL)
			cli_terminal_put(stdout, line);
		putchar('\n');
		free(line);
	} else {
		cli_labels_time(json_object_get(change, "time"), time);
		fputs(cli_terminal_on(&cli->terminal, colour), stdout);
		printf("%-16s  ", time);
		put_whose(change);
		fputs("  ", stdout);
		cli_terminal_put(stdout, cli_labels_what(cli, cli_string(change, "what")));
		if (cli_string(change, "state")[0] != '\0') {
			fputs("  → ", stdout);
			cli_terminal_put(
			    stdout, cli_labels_state(cli, cli_string(change, "state")));
		}
		fputs(cli_terminal_off(&cli->terminal, colour), stdout);
		if (colour == CLI_RED && cli->terminal.is_terminal)
			putchar('\a');
		putchar('\n');
	}
	fflush(stdout);
}

/* Not SA_RESTART: Ctrl-C must end a sleep. */
static bool
catch_interrupts(void)
{
	struct sigaction action = {.sa_handler = on_interrupt};

	return sigemptyset(&action.sa_mask) == 0 && sigaction(SIGINT, &action, NULL) == 0 &&
	       sigaction(SIGTERM, &action, NULL) == 0;
}

enum cli_exit
cli_watch_listen(struct cli *cli, const struct cli_watcher *watcher)
{
	struct listening listening = {.watcher = watcher};
	const struct desk_listener listener = {on_change, is_stopped, &listening};
	bool ever = false;
	unsigned wait_s = 1;
	enum cli_exit rc;

	if (!catch_interrupts())
		return cli_fail(CLI_REFUSED, _("signals cannot be caught"));
	while (!interrupted) {
		rc = desk_client_events(cli, &listener, &listening.connected);
		if (interrupted)
			break;
		if (rc == CLI_REFUSED || (rc != CLI_DONE && !ever && !listening.connected))
			return rc;
		ever = true;
		wait_s = listening.connected ? 1 : wait_s;
		watcher->lost(watcher->state, wait_s);
		sleep(wait_s);
		wait_s = 2 * wait_s < WAIT_MAX_S ? 2 * wait_s : WAIT_MAX_S;
	}
	return CLI_DONE;
}

static void
say_lost(void *state, unsigned wait_s)
{
	(void)state;
	fprintf(stderr,
	    _("The connection to the desk was lost; trying again in %u s. Look at the "
	      "inbox for what was missed.\n"),
	    wait_s);
}

enum cli_exit
cli_watch_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const struct cli_watcher watcher = {
	    .change = print_change, .lost = say_lost, .state = cli};

	(void)command;
	(void)arguments;
	fputs(_("Watching; Ctrl-C ends it.\n"), stderr);
	return cli_watch_listen(cli, &watcher);
}
