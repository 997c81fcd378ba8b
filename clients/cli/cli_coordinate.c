/* clients/cli/cli_coordinate.c: saikne coordinate, saikne action: a case over several institutions. */
#include "clients/cli/cli_coordinate.h"

#include <string.h>
#include <time.h>

#include "clients/cli/cli_attach.h"
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_due.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_form.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_pages.h"
#include "clients/cli/cli_prompt.h"
#include "clients/cli/cli_request.h"
#include "clients/cli/cli_table.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

#define MOST 10000

/* ---- What there is to do ----------------------------------------------------------------- */

/* A step on a task, and the message that it is. */
struct step {
	const char *name, *type;
};

static const struct step case_steps[] = {
    {"add", "case_add"},
    {"remove", "case_remove"},
    {"leave", "case_leave"},
    {"hand-over", "case_hand_over"},
    {"report", "case_report"},
    {"close", "case_close"},
    {"reopen", "case_reopen"},
    {"link", "case_link"},
    {"offer-lead", "lead_offer"},
    {"claim-lead", "lead_claim"},
    {"take-lead", "lead_accept"},
    {"reject-lead", "lead_reject"},
    {"revoke-lead", "lead_revoke"},
};

static const struct step action_steps[] = {
    {"assign", "action_assign"},
    {"accept", "action_accept"},
    {"decline", "action_decline"},
    {"start", "action_start"},
    {"done", "action_done"},
    {"verify", "action_verify"},
    {"return", "action_return"},
    {"fail", "action_fail"},
    {"withdraw", "action_withdraw"},
};

#define CASE_STEPS   (sizeof(case_steps) / sizeof(case_steps[0]))
#define ACTION_STEPS (sizeof(action_steps) / sizeof(action_steps[0]))

const char *
cli_coordinate_what_at(unsigned i)
{
	static const char *const looks[] = {"open", "list", "show"};

	return i < 3 ? looks[i] : i - 3 < CASE_STEPS ? case_steps[i - 3].name : NULL;
}

const char *
cli_coordinate_action_at(unsigned i)
{
	return i == 0 ? "list" : i - 1 < ACTION_STEPS ? action_steps[i - 1].name : NULL;
}

static const struct step *
find_step(const struct step *steps, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(steps[i].name, name) == 0)
			return &steps[i];
	return NULL;
}

/* ---- Who has what of it ------------------------------------------------------------------ */

static void
add_names(const struct cli *cli, const json_t *names, const char *member, struct buffer *out)
{
	const json_t *one;
	size_t i;

	json_array_foreach(names, i, one)
	{
		const char *name =
		    member == NULL ? json_string_value(one) : cli_string(one, member);

		buffer_append_text(out, i == 0 ? "" : ", ");
		buffer_append_text(out, cli_labels_field(cli, name));
	}
	buffer_append_byte(out, '\0');
}

/* "goes" and "stays" of each member, where anything stays. */
static void
print_members(const struct cli *cli, const json_t *answer, bool always)
{
	const json_t *member;
	size_t i;

	json_array_foreach(json_object_get(answer, "members"), i, member)
	{
		const json_t *stays = json_object_get(member, "stays");
		struct buffer goes = {0}, held = {0};

		if (!always && json_array_size(stays) == 0)
			continue;
		add_names(cli, json_object_get(member, "goes"), NULL, &goes);
		add_names(cli, stays, "field", &held);
		printf("%s ", _("To"));
		cli_terminal_put(stdout, cli_string(member, "to"));
		if (!goes.failed && goes.len > 1)
			printf("\n  %s: %s", _("goes"), (const char *)goes.data);
		if (!held.failed && held.len > 1)
			printf("\n  %s: %s", _("stays"), (const char *)held.data);
		putchar('\n');
		buffer_free(&goes);
		buffer_free(&held);
	}
}

/* ---- Steps ------------------------------------------------------------------------------- */

/* A few digits of another task that the request names are looked up. */
static enum cli_exit
find_named(struct cli *cli, json_t *request, const char *word)
{
	const char *given = json_string_value(json_object_get(request, word));
	char id[CLI_FIND_ID_MAX + 1];
	enum cli_exit rc;

	if (given == NULL)
		return CLI_DONE;
	if ((rc = cli_find_task(cli, given, id)) != CLI_DONE)
		return rc;
	return json_object_set_new(request, word, json_string(id)) == 0
	           ? CLI_DONE
	           : cli_fail(CLI_REFUSED, _("memory ran out"));
}

static void
print_step(struct cli *cli, const json_t *answer)
{
	if (cli->json) {
		cli_print_json(cli, answer);
		return;
	}
	printf(_("Task %s: %s\n"), cli_labels_short(cli_string(answer, "task")),
	    cli_labels_state(cli, cli_string(answer, "state")));
	print_members(cli, answer, false);
}

static enum cli_exit
take_step(struct cli *cli, const struct cli_arguments *arguments, const struct step *step)
{
	char fault[160] = "", id[CLI_FIND_ID_MAX + 1], target[128];
	json_t *request, *answer = NULL;
	const struct cli_form_job job = {
	    .verb = step->name, .type = step->type, .target = target, .place = {"task", id}};
	struct cli_form_job whole = job;
	enum cli_exit rc;

	if (arguments->positional_count < 2)
		return cli_fail(CLI_USAGE, _("%s is missing"), lang_text(N_("TASK")));
	if ((request = cli_request_new(arguments, fault)) == NULL)
		return cli_fail(CLI_USAGE, "%s", fault);
	whole.request = request;
	rc = cli_find_task(cli, arguments->positional[1], id);
	if (rc == CLI_DONE)
		rc = find_named(cli, request, "other");
	if (rc == CLI_DONE)
		rc = find_named(cli, request, "matter");
	if (rc == CLI_DONE)
		rc = cli_attach_bring(cli, arguments, &whole.place, request);
	if (rc == CLI_DONE) {
		snprintf(target, sizeof(target), "/v1/tasks/%s/%s", id, step->name);
		rc = cli_form_run(cli, &whole, &answer);
	}
	if (rc == CLI_DONE)
		print_step(cli, answer);
	json_decref(request);
	json_decref(answer);
	return rc;
}

/* ---- Opening ----------------------------------------------------------------------------- */

static enum cli_exit
preview(struct cli *cli, const json_t *request)
{
	json_t *answer = NULL;
	enum cli_exit rc = desk_client_post(cli, "/v1/circles?preview=1", request, &answer);

	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE)
		print_members(cli, answer, true);
	json_decref(answer);
	return rc;
}

static enum cli_exit
open_case(struct cli *cli, const struct cli_arguments *arguments)
{
	char fault[160] = "";
	json_t *request = cli_request_new(arguments, fault), *answer = NULL;
	const char *joins = json_string_value(json_object_get(request, "case"));
	const struct cli_form_job job = {.verb = "coordinate",
	    .type = "case_open",
	    .to = "with",
	    .opens = true,
	    .target = "/v1/circles",
	    .request = request,
	    .place = {joins != NULL ? "case" : NULL, joins},
	    .preview = preview,
	    .preview_only = cli_arguments_has(arguments, "preview")};
	enum cli_exit rc = CLI_DONE;

	if (request == NULL)
		return cli_fail(CLI_USAGE, "%s", fault);
	if (json_array_size(json_object_get(request, "with")) == 0 && !cli_prompt_can_ask(cli))
		rc = cli_fail(
		    CLI_USAGE, _("say with whom: --with CODE (see: saikne directory)"));
	if (rc == CLI_DONE && !job.preview_only)
		rc = cli_attach_bring(cli, arguments, &job.place, request);
	if (rc == CLI_DONE)
		rc = cli_form_run(cli, &job, &answer);
	if (rc == CLI_DONE && answer == NULL && !cli->json)
		puts(_("Nothing was sent: this was the preview."));
	else if (rc == CLI_DONE && answer != NULL && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE && answer != NULL) {
		printf(_("Case %s\n"), cli_labels_short(cli_string(answer, "case")));
		printf(_("Task %s: %s\n"), cli_labels_short(cli_string(answer, "circle")),
		    cli_labels_state(cli, cli_string(answer, "state")));
		print_members(cli, answer, false);
	}
	json_decref(request);
	json_decref(answer);
	return rc;
}

/* ---- Lists ------------------------------------------------------------------------------- */

static enum cli_exit
print_circles(struct cli *cli, const json_t *items)
{
	const struct cli_column columns[] = {{_("TASK"), 0, false}, {_("STATE"), 12, false},
	    {_("LEADS"), 14, false}, {_("MEMBERS"), 0, false}, {_("PURPOSE"), 16, true},
	    {_("FILE NUMBER"), 0, true}};
	struct cli_table *table = cli_table_new(columns, 6);
	const json_t *one;
	bool ok = true;
	size_t i;

	json_array_foreach(items, i, one)
	{
		bool open = json_is_true(json_object_get(one, "open"));
		char count[24];

		snprintf(count, sizeof(count), "%d",
		    (int)json_integer_value(json_object_get(one, "member_count")));
		const char *const cells[] = {cli_labels_short(cli_string(one, "circle")),
		    cli_labels_state(cli, cli_string(one, "state")), cli_string(one, "lead"),
		    count, cli_labels_code(cli, "purposes", cli_string(one, "purpose")),
		    cli_string(one, "file_number")};

		ok = ok && cli_table_add(table, cells, open ? CLI_PLAIN : CLI_DIM);
	}
	if (ok)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	return ok ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

/* Actions and offers: what, whose, how it stands and by when. */
static enum cli_exit
print_tasks(struct cli *cli, const json_t *items)
{
	const struct cli_column columns[] = {{_("TASK"), 0, false}, {_("SORT"), 0, false},
	    {_("STATE"), 12, false}, {_("OTHER"), 14, false}, {_("DUE"), 0, false}};
	struct cli_table *table = cli_table_new(columns, 5);
	const json_t *one;
	bool ok = true;
	size_t i;

	json_array_foreach(items, i, one)
	{
		char due[CLI_DUE_WORDS], state[CLI_DUE_WORDS];
		bool open = cli_labels_is_open(cli, cli_string(one, "state"));

		cli_due_item(one, time(NULL), due);
		cli_due_state(cli, one, state);
		const char *const cells[] = {cli_labels_short(cli_string(one, "task")),
		    strcmp(cli_string(one, "sort"), "action") == 0 ? _("action")
		    : strcmp(cli_string(one, "sort"), "transfer") == 0
			? _("transfer of the lead")
			: _("matter of a sitting"),
		    state, cli_string(one, "peer"), due};

		ok = ok && cli_table_add(table, cells, open ? CLI_PLAIN : CLI_DIM);
	}
	if (ok)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	return ok ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

static enum cli_exit
list(struct cli *cli, const char *target,
    enum cli_exit (*print)(struct cli *cli, const json_t *items))
{
	json_t *items = NULL;
	bool more = false;
	enum cli_exit rc = cli_pages_read(cli, target, MOST, &items, &more);

	if (rc == CLI_DONE && cli->json)
		cli_pages_print_json(cli, items, more);
	else if (rc == CLI_DONE && json_array_size(items) == 0)
		puts(_("Nothing is there."));
	else if (rc == CLI_DONE)
		rc = print(cli, items);
	json_decref(items);
	return rc;
}

static enum cli_exit
print_circle(struct cli *cli, const json_t *circle)
{
	const json_t *offer = json_object_get(circle, "offer"), *member;
	char since[40];
	size_t i;

	printf(_("Task %s: %s\n"), cli_labels_short(cli_string(circle, "circle")),
	    cli_labels_state(cli, cli_string(circle, "state")));
	json_array_foreach(json_object_get(circle, "members"), i, member)
	{
		cli_labels_time(json_object_get(member, "time"), since);
		printf("  ");
		cli_terminal_put(stdout, cli_string(member, "party"));
		printf(" (%s), %s",
		    cli_labels_code(cli, "institution-kinds", cli_string(member, "kind")),
		    since);
		puts(json_is_true(json_object_get(member, "lead")) ? _(": leads") : "");
	}
	if (json_is_object(offer))
		printf(json_is_true(json_object_get(offer, "claimed"))
			   ? _("%s claims the lead, and takes it after %s unless who leads "
			       "objects.\n")
			   : _("The lead is offered to %s until %s.\n"),
		    cli_string(offer, "party"), cli_string(offer, "due"));
	printf(_("History: %d entries, %s\n"),
	    (int)json_integer_value(
		json_object_get(json_object_get(circle, "history"), "count")),
	    cli_string(json_object_get(circle, "history"), "digest"));
	return json_array_size(json_object_get(circle, "tasks")) == 0
	           ? CLI_DONE
	           : print_tasks(cli, json_object_get(circle, "tasks"));
}

static enum cli_exit
show(struct cli *cli, const struct cli_arguments *arguments)
{
	char id[CLI_FIND_ID_MAX + 1], target[128];
	json_t *answer = NULL;
	enum cli_exit rc;

	if (arguments->positional_count < 2)
		return cli_fail(CLI_USAGE, _("%s is missing"), lang_text(N_("TASK")));
	if ((rc = cli_find_task(cli, arguments->positional[1], id)) != CLI_DONE)
		return rc;
	snprintf(target, sizeof(target), "/v1/circles/%s", id);
	if ((rc = desk_client_get(cli, target, &answer)) != CLI_DONE)
		return rc;
	if (cli->json)
		cli_print_json(cli, answer);
	else
		rc = print_circle(cli, answer);
	json_decref(answer);
	return rc;
}

/* ---- The commands ------------------------------------------------------------------------ */

enum cli_exit
cli_coordinate_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *what = arguments->positional[0];
	const struct step *step = find_step(case_steps, CASE_STEPS, what);

	(void)command;
	if (step != NULL)
		return take_step(cli, arguments, step);
	if (strcmp(what, "open") == 0)
		return open_case(cli, arguments);
	if (strcmp(what, "list") == 0)
		return list(cli, "/v1/circles?sort=case", print_circles);
	if (strcmp(what, "show") == 0)
		return show(cli, arguments);
	return cli_fail(CLI_USAGE,
	    _("WHAT is open, list, show, add, remove, leave, hand-over, report, close, reopen, "
	      "link, offer-lead, claim-lead, take-lead, reject-lead or revoke-lead"));
}

enum cli_exit
cli_action_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *what = arguments->positional[0];
	const struct step *step = find_step(action_steps, ACTION_STEPS, what);

	(void)command;
	if (step != NULL)
		return take_step(cli, arguments, step);
	if (strcmp(what, "list") == 0)
		return list(cli, "/v1/tasks?sort=action", print_tasks);
	return cli_fail(CLI_USAGE, _("WHAT is list, assign, accept, decline, start, done, "
				     "verify, return, fail or withdraw"));
}
