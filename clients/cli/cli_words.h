/* clients/cli/cli_words.h: what the desk says in English, said in the reader's language. */
#ifndef SAIKNE_CLI_WORDS_H
#define SAIKNE_CLI_WORDS_H

#include "clients/cli/cli.h"

/* Whether NAME is a status's ("id_conflict"): *MEANING and *REMEDY are its words then. */
MUST_CHECK bool cli_words_status(const char *name, const char **meaning, const char **remedy);
/* "case_manager" as people call the role. */
const char *cli_words_role(const char *name);
/* How somebody came to know a case: "handed_over". */
const char *cli_words_how(const char *name);
/* What was done, as the record of looks says it: "read", "case_new". */
const char *cli_words_what(const char *name);
/* A member of the desk's answers ("may_refer") as a person reads it; NAME when unknown. */
const char *cli_words_member(const char *name);
/* The same over a column, where a member is not the reader's own but each line's. */
const char *cli_words_column(const char *name);

/*
 * Appends to OUT the detail of a problem: its "template" put into words with "values" for
 * %s, %d and %zu in it (or %1$s and the like in a translation), else its "detail". Any template
 * is safe: nothing else in it is a directive.
 */
void cli_words_detail(struct cli *cli, const json_t *problem, struct buffer *out);

#endif
