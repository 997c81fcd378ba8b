/* clients/cli/cli_prompt.h: questions to a person at a terminal, a line at a time. */
#ifndef SAIKNE_CLI_PROMPT_H
#define SAIKNE_CLI_PROMPT_H

#include "clients/cli/cli.h"

/*
 * The terminal's own line editing is used and nothing is changed about it, so Ctrl-C ends the
 * program as always. The end of input (Ctrl-D) is CLI_LEFT everywhere. Every text read is
 * UTF-8 without control characters, or it is asked for again.
 */
#define CLI_PROMPT_LINE_MAX 4096 /* what a terminal gives at most, with its NUL */

/* Whether a person can be asked: both ends are a terminal and neither --json nor
 * SAIKNE_NO_FORM forbids it. */
bool cli_prompt_can_ask(const struct cli *cli);

/* A heading for what comes next, and a hint behind it ("" for none). */
void cli_prompt_head(const struct cli *cli, const char *head, const char *hint);
/* One line without its end and without spaces around it. */
MUST_CHECK enum cli_exit cli_prompt_line(
    const char *label, char out[static CLI_PROMPT_LINE_MAX]);
/* Lines until an empty one, joined by line breaks; nothing when the first one is empty. */
MUST_CHECK enum cli_exit cli_prompt_text(struct buffer *out);

struct cli_choice {
	const char *code, *label;
	const char *more; /* behind the label, or "" */
};

/*
 * Numbered choices, by number or code; many of them by a part of a word. SEVERAL: as many as
 * wanted. *OUT: a string, or with SEVERAL an array; NULL when nothing was chosen, which
 * REQUIRED does not accept.
 */
MUST_CHECK enum cli_exit cli_prompt_choose(const struct cli *cli,
    const struct cli_choice *choices, size_t count, bool several, bool required, json_t **out);

/* Whether LEFT has RIGHT in it, however the letters are written: "gim" is in "Ģimene". */
bool cli_prompt_has(const char *left, const char *right);
/* "y", "yes" and what the language has: 1; "n", "no": 0; else -1. */
int cli_prompt_yes_no(const char *text);

#endif
