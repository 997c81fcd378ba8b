/* clients/cli/desk_client.h: HTTP to the desk over its unix socket, or on loopback TCP. */
#ifndef SAIKNE_DESK_CLIENT_H
#define SAIKNE_DESK_CLIENT_H

#include "clients/cli/cli.h"

/*
 * Each prints on standard error why it failed and what to do, and gives the exit status for it.
 * TARGET begins with "/v1/"; *OUT is owned by the caller, set on CLI_DONE only. The session goes
 * along where there is one; when the desk says that it is over, it is forgotten.
 */
MUST_CHECK enum cli_exit desk_client_get(struct cli *cli, const char *target, json_t **out);
MUST_CHECK enum cli_exit desk_client_post(
    struct cli *cli, const char *target, const json_t *body, json_t **out);
MUST_CHECK enum cli_exit desk_client_delete(struct cli *cli, const char *target, json_t **out);
/* BODY as it is. */
MUST_CHECK enum cli_exit desk_client_put(
    struct cli *cli, const char *target, struct bytes body, json_t **out);
/* Into the open file FD, as it comes; a half answer is CLI_UNREACHABLE. */
/* TOLD hears how many bytes there are, after each piece. */
MUST_CHECK enum cli_exit desk_client_download(struct cli *cli, const char *target, int fd,
    void (*told)(void *state, uint64_t done), void *state);
MUST_CHECK enum cli_exit desk_client_text(
    struct cli *cli, const char *target, struct buffer *out);

/* Whether TEXT may stand in a path: letters, digits, "-" and "_". */
bool desk_client_is_name(const char *text);
/* TEXT escaped for a query; free() it. NULL when memory ran out. */
char *desk_client_escape(const char *text);

struct desk_listener {
	void (*event)(void *state, const json_t *change);
	bool (*stopped)(void *state); /* asked several times a second */
	void *state;
};

/*
 * Reads live changes until the stream ends. *CONNECTED, from the moment on when it does: the desk
 * has answered, so trying again makes sense. CLI_DONE when the stream just ended or was stopped.
 */
MUST_CHECK enum cli_exit desk_client_events(
    struct cli *cli, const struct desk_listener *events, bool *connected);

/* Feeds bytes of an event stream; exported for its test. LINE keeps an unfinished line. */
void desk_client_feed(
    struct buffer *line, struct bytes data, const struct desk_listener *events);

#endif
