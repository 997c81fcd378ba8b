/* clients/cli/cli_form_fields.h: one field of a form: its question, its choices, its answer. */
#ifndef SAIKNE_CLI_FORM_FIELDS_H
#define SAIKNE_CLI_FORM_FIELDS_H

#include "clients/cli/cli.h"

/*
 * Of /v1/fields, with what the act says of it. Acts inside the house have fields of their own,
 * of the kinds "person", "case", "time" (an instant), "line" and "lines" as well.
 */
struct cli_form_field {
	char name[48], category[32], kind[8], list[40];
	char label[96];
	uint64_t limit; /* 0: none */
	bool required;
	bool content; /* stands below "content" */
	char instead
	    [24]; /* other members, after spaces: where one is there, this is not asked */
};

/*
 * Asks until the answer can be used, or until nothing is answered and nothing must be.
 * *OUT: the JSON value; NULL for none.
 */
MUST_CHECK enum cli_exit cli_form_fields_ask(
    struct cli *cli, const struct cli_form_field *field, json_t **out);
/* To whom: institutions, several; with REFERS those that may be referred to. */
MUST_CHECK enum cli_exit cli_form_fields_ask_to(struct cli *cli, bool refers, json_t **out);
/* Which notice, by the word for it ("incident"): of those that the desk has a form for. */
MUST_CHECK enum cli_exit cli_form_fields_ask_notice(struct cli *cli, json_t **out);

#endif
