/* clients/cli/cli_sitting_sign.c: conference sign: the minutes of a sitting, shown and then signed at once. */
#include "clients/cli/cli_sitting.h"

#include <string.h>

#include "clients/cli/cli_find.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_prompt.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

/* ---- Which ------------------------------------------------------------------------------- */

static bool
is_named(const json_t *ids, const char *matter)
{
	const json_t *one;
	size_t i;

	json_array_foreach(ids, i, one)
	{
		if (strcmp(json_string_value(one), matter) == 0)
			return true;
	}
	return false;
}

/* The whole ids of --matter. */
static enum cli_exit
read_named(struct cli *cli, const struct cli_arguments *arguments, json_t *ids)
{
	char id[CLI_FIND_ID_MAX + 1];
	enum cli_exit rc;

	for (unsigned i = 0; i < arguments->count; i++) {
		if (strcmp(arguments->values[i].option->name, "matter") != 0)
			continue;
		rc = cli_find_task(cli, arguments->values[i].text, id);
		if (rc != CLI_DONE)
			return rc;
		if (!is_named(ids, id) && json_array_append_new(ids, json_string(id)) != 0)
			return cli_fail(CLI_REFUSED, _("memory ran out"));
	}
	return CLI_DONE;
}

static void
print_one(struct cli *cli, const json_t *one)
{
	const json_t *minutes = json_object_get(one, "minutes");
	char time[40];

	cli_labels_time(json_object_get(minutes, "time"), time);
	printf("  %-10s %s; %s %s, %s\n", cli_labels_short(cli_string(one, "task")),
	    cli_labels_code(cli, "convening-grounds", cli_string(one, "convening")),
	    _("minutes of"), cli_string(minutes, "by"), time);
}

/*
 * Puts what is to be signed into MATTERS, with the minutes that are shown here, so that no others
 * are; what is named and has none goes as it is, and the desk says what is wrong with it.
 */
static enum cli_exit
choose(struct cli *cli, const json_t *sitting, const json_t *named, bool print, json_t *matters)
{
	const json_t *one;
	int failed = 0;
	size_t i;

	json_array_foreach(json_object_get(sitting, "agenda"), i, one)
	{
		const json_t *minutes = json_object_get(one, "minutes");
		bool taken = json_array_size(named) > 0
		                 ? is_named(named, cli_string(one, "task"))
		                 : json_is_true(json_object_get(one, "to_sign"));

		if (!taken)
			continue;
		if (print)
			print_one(cli, one);
		failed |= json_array_append_new(
		    matters, json_is_object(minutes)
				 ? json_pack("{s:s, s:s}", "matter", cli_string(one, "task"),
				       "minutes", cli_string(minutes, "message"))
				 : json_pack("{s:s}", "matter", cli_string(one, "task")));
	}
	if (failed != 0)
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	if (json_array_size(matters) < json_array_size(named))
		return cli_fail(CLI_USAGE, _("--matter is one on the agenda of this sitting"));
	return json_array_size(matters) > 0
	           ? CLI_DONE
	           : cli_fail(
			 CLI_REFUSED, _("no minutes of this sitting wait for your signature"));
}

static enum cli_exit
ask(struct cli *cli)
{
	char line[CLI_PROMPT_LINE_MAX];
	int said = -1;
	enum cli_exit rc;

	if (!cli_prompt_can_ask(cli))
		return cli_fail(
		    CLI_USAGE, _("nobody can be asked: say --yes to sign all of them"));
	while (said < 0) {
		if ((rc = cli_prompt_line(_("Sign them? y: yes, n: no  "), line)) != CLI_DONE)
			return rc;
		said = cli_prompt_yes_no(line);
	}
	return said == 1 ? CLI_DONE : CLI_LEFT;
}

/* ---- Signed ------------------------------------------------------------------------------ */

static const char *
why_label(const char *why)
{
	static const struct {
		const char *why, *label;
	} labels[] = {
	    {"no_minutes", N_("no minutes have been circulated yet")},
	    {"circulated", N_("this institution circulated them, and signed by that")},
	    {"signed", N_("signed already")},
	    {"dissented", N_("this institution dissents: sign it with --matter if it does not "
			     "any more")},
	    {"final", N_("they are final")},
	    {"dropped", N_("taken off the agenda")},
	    {"erased", N_("its case was erased here")},
	    {"unread",
		N_("only its acts were shown to us: sign it with --matter all the same")},
	};

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (strcmp(labels[i].why, why) == 0)
			return _(labels[i].label);
	return why;
}

static void
print_answer(struct cli *cli, const json_t *answer)
{
	const json_t *one;
	size_t i;

	if (cli->json) {
		cli_print_json(cli, answer);
		return;
	}
	json_array_foreach(json_object_get(answer, "signed"), i, one) printf("%s: %s\n",
	    cli_labels_short(cli_string(one, "matter")), _("the minutes are signed"));
	json_array_foreach(json_object_get(answer, "left_out"), i, one) printf("%s: %s\n",
	    cli_labels_short(cli_string(one, "matter")), why_label(cli_string(one, "why")));
	if (json_integer_value(json_object_get(answer, "hidden")) > 0)
		puts(_("and cases that you do not know"));
}

/* ---- The command ------------------------------------------------------------------------- */

/* Into REQUEST those of MATTERS that a person has seen here and said yes to. */
static enum cli_exit
fill(struct cli *cli, const char *id, const json_t *named, bool yes, json_t *request)
{
	json_t *matters = json_array(), *sitting = NULL;
	char target[128];
	enum cli_exit rc;

	snprintf(target, sizeof(target), "/v1/conferences/%s", id);
	rc = desk_client_get(cli, target, &sitting);
	if (rc == CLI_DONE)
		rc = choose(cli, sitting, named, !yes && !cli->json, matters);
	if (rc == CLI_DONE && !yes)
		rc = ask(cli);
	if (rc == CLI_DONE && json_object_set(request, "matters", matters) != 0)
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	json_decref(matters);
	json_decref(sitting);
	return rc;
}

enum cli_exit
cli_sitting_sign(
    struct cli *cli, const struct cli_arguments *arguments, const char *id, json_t *request)
{
	const bool yes = cli_arguments_has(arguments, "yes"),
		   given = json_object_get(request, "matters") != NULL;
	json_t *named = json_array(), *answer = NULL;
	char target[128];
	enum cli_exit rc = read_named(cli, arguments, named);

	/* Without being shown any, all that wait: which, the desk says. */
	if (rc == CLI_DONE && !given && (!yes || json_array_size(named) > 0))
		rc = fill(cli, id, named, yes, request);
	snprintf(target, sizeof(target), "/v1/tasks/%s/sign", id);
	if (rc == CLI_DONE)
		rc = desk_client_post(cli, target, request, &answer);
	if (rc == CLI_DONE)
		print_answer(cli, answer);
	json_decref(named);
	json_decref(answer);
	return rc;
}
