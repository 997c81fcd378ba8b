/* clients/cli/cli_form.h: a form on the terminal for what an act takes and the flags did not give. */
#ifndef SAIKNE_CLI_FORM_H
#define SAIKNE_CLI_FORM_H

#include "clients/cli/cli_attach.h"
#include "clients/cli/cli_form_fields.h"

struct cli_form_job {
	const char *verb; /* as /v1/fields names the act */
	const char *type; /* its message, where several acts bear that name; NULL: the first */
	/* Of an act inside the house its fields stand here, a nameless one ends them; else NULL. */
	const struct cli_form_field *fields;
	const char *to; /* in which word of the request it says to whom; NULL: it does not */
	bool opens; /* a task: what tells of a child stands below "content", needed or not */
	const char *target;            /* what the request is posted to */
	json_t *request;               /* gets what is answered */
	struct cli_attach_place place; /* what its documents are for */
	/* Shows what would happen, before the question; may be NULL. */
	enum cli_exit (*preview)(struct cli *cli, const json_t *request);
	bool preview_only; /* ask and show; post nothing */
};

/*
 * Posts the request. Where a person can be asked and something that must be there is missing, or
 * it is to tell of a child and says nothing yet, every field that it does not have is asked for first; then it is shown, and goes only after
 * a yes. What the desk refuses can be mended and tried again. Which fields there are the desk
 * says (GET /v1/fields), and which words (/v1/lists): nothing of that stands here.
 * CLI_LEFT: nothing was sent. *ANSWER is set on CLI_DONE only, and NULL with PREVIEW_ONLY.
 */
MUST_CHECK enum cli_exit cli_form_run(
    struct cli *cli, const struct cli_form_job *job, json_t **answer);

#endif
