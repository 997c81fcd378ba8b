/* clients/cli/cli_todo_follow.c: what waits for a person, live: drawn anew where it changed. */
#include "clients/cli/cli_todo.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_pages.h"
#include "clients/cli/cli_watch.h"
#include "protocol/host/lang.h"

#define CALM_MS 200 /* one act makes several changes */
#define CLEAR   "\033[H\033[2J\033[3J"

struct follow {
	struct cli *cli;
	unsigned most;
	json_t *items;
	bool more;
	bool connected;
	bool changed;        /* the desk said so, or begins to tell */
	uint64_t changed_ms; /* when it last said so */
	time_t minute;       /* in which it was drawn: the words count minutes */
	struct buffer drawn; /* what stands there */
};

static uint64_t
now_ms(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void
on_change(void *state, const json_t *change)
{
	struct follow *follow = state;

	(void)change;
	follow->changed = true;
	follow->changed_ms = now_ms();
}

/* A failure is told where the stream ends, too; what stands there stays until then. */
static void
read_again(struct follow *follow)
{
	json_t *items = NULL;

	if (cli_pages_read(follow->cli, "/v1/work", follow->most, &items, &follow->more) !=
	    CLI_DONE)
		return;
	json_decref(follow->items);
	follow->items = items;
}

static bool
write_all(const struct follow *follow, struct buffer *out)
{
	json_t *all;
	char *line;

	if (!follow->cli->json)
		return cli_todo_write(
		    follow->cli, follow->items, follow->more, time(NULL), out);
	all = json_pack("{sO sb}", "items", follow->items, "more", follow->more);
	line = json_dumps(
	    all, JSON_COMPACT | (follow->cli->terminal.is_terminal ? JSON_ENSURE_ASCII : 0U));
	buffer_append_format(out, "%s\n", line != NULL ? line : "{}");
	free(line);
	json_decref(all);
	return !out->failed;
}

static void
draw(struct follow *follow)
{
	const struct cli_terminal *terminal = &follow->cli->terminal;
	struct buffer out = {0};

	if (!write_all(follow, &out) ||
	    (out.len == follow->drawn.len &&
		memcmp(out.data, follow->drawn.data, out.len) == 0)) {
		buffer_free(&out);
		return;
	}
	if (terminal->is_terminal && !follow->cli->json)
		fputs(CLEAR, stdout);
	else if (follow->drawn.len > 0 && !follow->cli->json)
		putchar('\n');
	(void)fwrite(out.data, 1, out.len, stdout);
	fflush(stdout);
	buffer_free(&follow->drawn);
	follow->drawn = out;
}

/*
 * On a terminal also with each minute: the words change, and what somebody took away is told to
 * nobody who lost it. In a file that would be noise.
 */
static void
on_idle(void *state, bool connected)
{
	struct follow *follow = state;
	time_t minute = time(NULL) / 60;
	bool next = follow->cli->terminal.is_terminal && minute != follow->minute;

	/* What changed before it listened, or while it was away, is in the first reading. */
	if (connected && !follow->connected)
		follow->changed = true;
	follow->connected = connected;
	if (!connected)
		return;
	if (!next && (!follow->changed || now_ms() - follow->changed_ms < CALM_MS))
		return;
	follow->changed = false;
	follow->minute = minute;
	read_again(follow);
	if (follow->items != NULL)
		draw(follow);
}

static void
on_lost(void *state, unsigned wait_s)
{
	(void)state;
	fprintf(
	    stderr, _("The connection to the desk was lost; trying again in %u s.\n"), wait_s);
}

enum cli_exit
cli_todo_follow(struct cli *cli, unsigned most)
{
	struct follow follow = {.cli = cli, .most = most};
	const struct cli_watcher watcher = {
	    .change = on_change, .idle = on_idle, .lost = on_lost, .state = &follow};
	enum cli_exit rc;

	rc = cli_watch_listen(cli, &watcher);
	json_decref(follow.items);
	buffer_free(&follow.drawn);
	return rc;
}
