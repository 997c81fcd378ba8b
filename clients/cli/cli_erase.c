/* clients/cli/cli_erase.c: erase, erase-again: asks whether it is meant, and makes content unreadable. */
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_form_fields.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_pages.h"
#include "clients/cli/cli_prompt.h"
#include "clients/cli/cli_request.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

static const struct cli_form_field reason_field = {.name = "reason",
    .kind = "code",
    .list = "erasure-reasons",
    .label = N_("why"),
    .required = true};

static enum cli_exit
ask_reason(struct cli *cli, json_t *request)
{
	json_t *reason = NULL;
	enum cli_exit rc;

	if (json_object_get(request, "reason") != NULL || !cli_prompt_can_ask(cli))
		return CLI_DONE;
	if ((rc = cli_form_fields_ask(cli, &reason_field, &reason)) != CLI_DONE)
		return rc;
	return json_object_set_new(request, "reason", reason) == 0
	           ? CLI_DONE
	           : cli_fail(CLI_REFUSED, _("memory ran out"));
}

/* Somebody has to have read this, or said --yes. */
static enum cli_exit
ask(struct cli *cli, const char *what)
{
	char line[CLI_PROMPT_LINE_MAX];
	int said = -1;
	enum cli_exit rc;

	cli_prompt_head(cli, _("This cannot be undone."), "");
	puts(what);
	while (said < 0) {
		if ((rc = cli_prompt_line(_("Erase it? y: yes, n: no  "), line)) != CLI_DONE)
			return rc;
		said = cli_prompt_yes_no(line);
	}
	return said == 1 ? CLI_DONE : CLI_LEFT;
}

static enum cli_exit
refuse_unasked(void)
{
	return cli_fail(CLI_USAGE, _("this cannot be undone: say --yes if you mean it"));
}

static enum cli_exit
ask_whether(struct cli *cli, const json_t *request)
{
	bool task = json_object_get(request, "task") != NULL;

	if (!cli_prompt_can_ask(cli))
		return refuse_unasked();
	printf("%s: %s\n", _("why"),
	    cli_labels_code(cli, "erasure-reasons", cli_string(request, "reason")));
	return ask(cli,
	    task ? _("What this task's messages and documents say will be unreadable for good.")
		 : _("What this case's messages, notes and documents say will be unreadable "
		     "for good."));
}

static void
print_erased(struct cli *cli, const json_t *answer)
{
	char until[40];

	if (cli->json) {
		cli_print_json(cli, answer);
		return;
	}
	cli_labels_time(json_object_get(answer, "backups_until"), until);
	printf(_("Erased: what %lld messages said, %lld notes, %lld documents.\n"),
	    (long long)json_integer_value(json_object_get(answer, "messages")),
	    (long long)json_integer_value(json_object_get(answer, "notes")),
	    (long long)json_integer_value(json_object_get(answer, "documents")));
	printf(_("No backup may hold its key any more by %s.\n"), until);
	if (!json_is_true(json_object_get(answer, "settled")))
		puts(_("Old pages of the database are still on the disk; the service goes on "
		       "until they are gone: saikne erasures."));
}

enum cli_exit
cli_erase_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	char id[CLI_FIND_ID_MAX + 1], task[CLI_FIND_ID_MAX + 1] = "", target[128],
							     fault[160] = "";
	const char *named = cli_arguments_text(arguments, "task");
	json_t *request, *answer = NULL;
	enum cli_exit rc = cli_find_case(cli, arguments->positional[0], id);

	(void)command;
	if (rc == CLI_DONE && named != NULL)
		rc = cli_find_task(cli, named, task);
	if (rc != CLI_DONE)
		return rc;
	if ((request = cli_request_new(arguments, fault)) == NULL)
		return cli_fail(CLI_USAGE, "%s", fault);
	if (task[0] != '\0' && json_object_set_new(request, "task", json_string(task)) != 0)
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	if (rc == CLI_DONE)
		rc = ask_reason(cli, request);
	if (rc == CLI_DONE && !cli_arguments_has(arguments, "yes"))
		rc = ask_whether(cli, request);
	snprintf(target, sizeof(target), "/v1/cases/%s/erasure", id);
	if (rc == CLI_DONE)
		rc = desk_client_post(cli, target, request, &answer);
	if (rc == CLI_DONE)
		print_erased(cli, answer);
	json_decref(request);
	json_decref(answer);
	return rc;
}

/* ---- After a restore --------------------------------------------------------------------- */

#define LIST_MAX 100000 /* erasures that one list may have */

struct again {
	json_t *known; /* what the restored service says itself */
	unsigned erased, before, not_erased;
};

static bool
is_known(const struct again *again, const json_t *item)
{
	const json_t *one;
	size_t i;

	json_array_foreach(again->known, i, one)
	{
		if (strcmp(cli_string(one, "case"), cli_string(item, "case")) == 0 &&
		    strcmp(cli_string(one, "task"), cli_string(item, "task")) == 0)
			return true;
	}
	return false;
}

static enum cli_exit
erase_item(struct cli *cli, struct again *again, const json_t *item)
{
	const char *id = cli_string(item, "case"), *task = cli_string(item, "task");
	json_t *request, *answer = NULL;
	char target[128];
	enum cli_exit rc;

	if (is_known(again, item)) {
		again->before++;
		return CLI_DONE;
	}
	request = json_pack("{s:s}", "reason", cli_string(item, "reason"));
	if (request == NULL ||
	    (task[0] != '\0' && json_object_set_new(request, "task", json_string(task)) != 0))
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	else {
		snprintf(target, sizeof(target), "/v1/cases/%s/erasure", id);
		rc = desk_client_post(cli, target, request, &answer);
		again->erased += rc == CLI_DONE;
	}
	if (rc == CLI_REFUSED) {
		fprintf(stderr, _("Not erased: case %s\n"), id);
		again->not_erased++;
		rc = CLI_DONE;
	}
	json_decref(request);
	json_decref(answer);
	return rc;
}

/* A line of the list, as `erasures --json` gives it. */
static bool
is_item(const json_t *item)
{
	const char *id = cli_string(item, "case");

	return strlen(id) == 32 && desk_client_is_name(id) &&
	       cli_string(item, "reason")[0] != '\0';
}

static enum cli_exit
erase_list(struct cli *cli, struct again *again, FILE *list)
{
	enum cli_exit rc = CLI_DONE;
	char *line = NULL;
	size_t size = 0;

	for (unsigned n = 1; rc == CLI_DONE && getline(&line, &size, list) > 0; n++) {
		json_t *item = json_loads(line, JSON_REJECT_DUPLICATES, NULL);

		rc = n > LIST_MAX || !is_item(item)
		         ? cli_fail(
			       CLI_USAGE, _("line %u is none of `saikne erasures --json`"), n)
		         : erase_item(cli, again, item);
		json_decref(item);
	}
	free(line);
	return rc;
}

enum cli_exit
cli_erase_run_again(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	struct again again = {.known = NULL};
	FILE *list = fopen(arguments->positional[0], "re");
	enum cli_exit rc = CLI_DONE;
	bool more;

	(void)command;
	if (list == NULL)
		return cli_fail(CLI_USAGE, _("%s cannot be read"), arguments->positional[0]);
	if (!cli_arguments_has(arguments, "yes"))
		rc = cli_prompt_can_ask(cli)
		         ? ask(cli, _("What the list names will be unreadable for good."))
		         : refuse_unasked();
	if (rc == CLI_DONE)
		rc = cli_pages_read(cli, "/v1/erasures", LIST_MAX, &again.known, &more);
	if (rc == CLI_DONE)
		rc = erase_list(cli, &again, list);
	fclose(list);
	if (again.known != NULL)
		printf(_("Erased again: %u; erased already: %u; not erased: %u\n"),
		    again.erased, again.before, again.not_erased);
	json_decref(again.known);
	return rc == CLI_DONE && again.not_erased > 0 ? CLI_REFUSED : rc;
}
