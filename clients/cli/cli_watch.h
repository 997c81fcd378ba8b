/* clients/cli/cli_watch.h: listening for live changes until Ctrl-C. */
#ifndef SAIKNE_CLI_WATCH_H
#define SAIKNE_CLI_WATCH_H

#include "clients/cli/cli.h"

struct cli_watcher {
	void (*change)(void *state, const json_t *change);
	/* Several times a second; CONNECTED: the desk tells what changes. NULL: nothing. */
	void (*idle)(void *state, bool connected);
	void (*lost)(void *state, unsigned wait_s); /* it is tried again after that */
	void *state;
};

/* Connects again by itself; CLI_DONE after Ctrl-C, else why it cannot listen. */
enum cli_exit cli_watch_listen(struct cli *cli, const struct cli_watcher *watcher);

#endif
