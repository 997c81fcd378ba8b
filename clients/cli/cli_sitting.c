/* clients/cli/cli_sitting.c: conference, matter: sittings of a group, and the cases on their agenda. */
#include "clients/cli/cli_sitting.h"

#include <string.h>
#include <time.h>

#include "clients/cli/cli_attach.h"
#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_due.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_form.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_notes.h"
#include "clients/cli/cli_pager.h"
#include "clients/cli/cli_pages.h"
#include "clients/cli/cli_request.h"
#include "clients/cli/cli_table.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

#define MOST 10000

static const char *const sitting_steps[] = {"convene", "will-come", "will-not-come", "delegate",
    "held", "inquorate", "call-off", "sign", NULL};
static const char *const sitting_looks[] = {"propose", "list", "show", "calendar", NULL};
static const char *const matter_steps[] = {
    "report", "drop", "decide", "minutes", "correct", "sign", "dissent", "final", NULL};
static const char *const matter_looks[] = {"put", "show", "print", NULL};

/* The I-th of both lists. */
static const char *
word_at(const char *const *first, const char *const *second, unsigned i)
{
	while (*first != NULL && i > 0) {
		first++;
		i--;
	}
	if (*first != NULL)
		return *first;
	while (*second != NULL && i > 0) {
		second++;
		i--;
	}
	return *second;
}

const char *
cli_sitting_what_at(unsigned i)
{
	return word_at(sitting_looks, sitting_steps, i);
}

const char *
cli_sitting_matter_what_at(unsigned i)
{
	return word_at(matter_looks, matter_steps, i);
}

static bool
is_one_of(const char *const *words, const char *word)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

/* ---- Steps ------------------------------------------------------------------------------- */

static enum cli_exit
step(struct cli *cli, const struct cli_arguments *arguments, const char *what, const char *id,
    json_t *request)
{
	char target[128];
	const struct cli_form_job job = {
	    .verb = what, .target = target, .request = request, .place = {"task", id}};
	json_t *answer = NULL;
	enum cli_exit rc = cli_attach_bring(cli, arguments, &job.place, request);

	snprintf(target, sizeof(target), "/v1/tasks/%s/%s", id, what);
	if (rc == CLI_DONE)
		rc = cli_form_run(cli, &job, &answer);
	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE)
		printf(_("Task %s: %s\n"), cli_labels_short(id),
		    cli_labels_state(cli, cli_string(answer, "state")));
	json_decref(answer);
	return rc;
}

static void
print_opened(struct cli *cli, const json_t *answer)
{
	if (cli->json)
		cli_print_json(cli, answer);
	else
		printf(_("Task %s: %s\n"), cli_labels_short(cli_string(answer, "task")),
		    cli_labels_state(cli, cli_string(answer, "state")));
}

/* ---- Opening ----------------------------------------------------------------------------- */

/* NAME is the whole id of the task that its few digits mean. */
static enum cli_exit
complete(struct cli *cli, json_t *request, const char *name,
    enum cli_exit (*find)(struct cli *cli, const char *text, char *out))
{
	const char *digits = json_string_value(json_object_get(request, name));
	char id[CLI_FIND_ID_MAX + 1];
	enum cli_exit rc;

	if (digits == NULL)
		return CLI_DONE;
	if ((rc = find(cli, digits, id)) != CLI_DONE)
		return rc;
	return json_object_set_new(request, name, json_string(id)) == 0
	           ? CLI_DONE
	           : cli_fail(CLI_REFUSED, _("memory ran out"));
}

/* What a sitting that follows another does not say is as it was there: nothing is asked. */
static enum cli_exit
propose(struct cli *cli, json_t *request)
{
	const struct cli_form_job job = {.verb = "conference propose",
	    .to = "with",
	    .target = "/v1/conferences",
	    .request = request};
	bool follows = json_object_get(request, "follows") != NULL;
	json_t *answer = NULL;
	enum cli_exit rc = complete(cli, request, "follows", cli_find_task);

	if (rc == CLI_DONE)
		rc = follows ? desk_client_post(cli, job.target, request, &answer)
		             : cli_form_run(cli, &job, &answer);
	if (rc == CLI_DONE)
		print_opened(cli, answer);
	json_decref(answer);
	return rc;
}

/* What is said of the child stands apart from what is said of the sitting. */
static bool
move_content(json_t *request)
{
	static const char *const names[] = {
	    "child_name", "personal_code", "birth_date", "question"};
	json_t *content = json_object_get(request, "content");

	if (content == NULL) {
		if (json_object_set_new(request, "content", json_object()) != 0)
			return false;
		content = json_object_get(request, "content");
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		json_t *value = json_object_get(request, names[i]);

		if (value != NULL && (json_object_set(content, names[i], value) != 0 ||
					 json_object_del(request, names[i]) != 0))
			return false;
	}
	return true;
}

static enum cli_exit
put(struct cli *cli, const char *frame, json_t *request)
{
	char target[128];
	const struct cli_form_job job = {
	    .verb = "matter put", .opens = true, .target = target, .request = request};
	json_t *answer = NULL;
	enum cli_exit rc = complete(cli, request, "case", cli_find_case);

	if (rc == CLI_DONE)
		rc = complete(cli, request, "about", cli_find_task);
	if (rc == CLI_DONE)
		rc = complete(cli, request, "earlier", cli_find_task);
	if (rc == CLI_DONE && !move_content(request))
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	snprintf(target, sizeof(target), "/v1/conferences/%s/matters", frame);
	if (rc == CLI_DONE)
		rc = cli_form_run(cli, &job, &answer);
	if (rc == CLI_DONE)
		print_opened(cli, answer);
	json_decref(answer);
	return rc;
}

/* ---- Looking ----------------------------------------------------------------------------- */

static enum cli_exit
print_sittings(struct cli *cli, const json_t *items)
{
	const struct cli_column columns[] = {{_("TASK"), 0, false}, {_("STATE"), 12, false},
	    {_("OTHER"), 14, false}, {_("DUE"), 0, false}, {_("TIME"), 0, true}};
	struct cli_table *table = cli_table_new(columns, 5);
	const json_t *one;
	bool ok = true;
	size_t i;

	json_array_foreach(items, i, one)
	{
		char due[CLI_DUE_WORDS], state[CLI_DUE_WORDS], began[40];
		bool open = cli_labels_is_open(cli, cli_string(one, "state"));

		cli_due_item(one, time(NULL), due);
		cli_due_state(cli, one, state);
		cli_labels_time(json_object_get(one, "time"), began);
		const char *const cells[] = {cli_labels_short(cli_string(one, "task")), state,
		    cli_string(one, "peer"), due, began};

		ok = ok && cli_table_add(table, cells, open ? CLI_PLAIN : CLI_DIM);
	}
	if (ok)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	return ok ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

static enum cli_exit
list(struct cli *cli)
{
	json_t *items = NULL;
	bool more = false;
	enum cli_exit rc =
	    cli_pages_read(cli, "/v1/tasks?box=all&sort=conference", MOST, &items, &more);

	if (rc == CLI_DONE && cli->json)
		cli_pages_print_json(cli, items, more);
	else if (rc == CLI_DONE && json_array_size(items) == 0)
		puts(_("There are no sittings."));
	else if (rc == CLI_DONE)
		rc = print_sittings(cli, items);
	json_decref(items);
	return rc;
}

static const char *
answer_label(const char *answer)
{
	if (strcmp(answer, "will_come") == 0)
		return _("will come");
	if (strcmp(answer, "will_not_come") == 0)
		return _("will not come");
	return strcmp(answer, "delegate") == 0 ? _("another sits for it") : _("no answer yet");
}

static void
print_members(const json_t *sitting)
{
	const json_t *one;
	size_t i;

	printf("\n%s\n", _("Members"));
	json_array_foreach(json_object_get(sitting, "members"), i, one)
	    printf("  %-20s %s%s%s%s\n", cli_string(one, "party"),
		answer_label(cli_string(one, "answer")),
		cli_string(one, "sub")[0] != '\0' ? ": " : "", cli_string(one, "sub"),
		json_is_true(json_object_get(one, "present")) ? _(", was there") : "");
}

static void
print_agenda(struct cli *cli, const json_t *sitting)
{
	const json_t *one, *code;
	size_t i, j;

	printf("\n%s\n", _("Agenda"));
	json_array_foreach(json_object_get(sitting, "agenda"), i, one)
	{
		printf("  %-10s %s; %s\n", cli_labels_short(cli_string(one, "task")),
		    cli_labels_state(cli, cli_string(one, "state")),
		    cli_labels_code(cli, "convening-grounds", cli_string(one, "convening")));
		if (json_array_size(
			json_object_get(json_object_get(one, "minutes"), "differs")) > 0)
			printf("             %s\n",
			    _("the minutes say otherwise than was recorded of who was there, or"
			      " when"));
		json_array_foreach(json_object_get(one, "waiting"), j, code) printf(
		    "             %s %s\n", _("not signed yet:"), json_string_value(code));
	}
	if (json_integer_value(json_object_get(sitting, "hidden")) > 0)
		printf("  %s\n", _("and cases that you do not know"));
}

static enum cli_exit
show(struct cli *cli, const char *id)
{
	char target[128];
	json_t *answer = NULL;
	enum cli_exit rc;

	snprintf(target, sizeof(target), "/v1/conferences/%s", id);
	if ((rc = desk_client_get(cli, target, &answer)) != CLI_DONE)
		return rc;
	if (cli->json) {
		cli_print_json(cli, answer);
	} else {
		printf("%s %s: %s\n%s\n%s %s, %s\n", _("Sitting"), cli_string(answer, "code"),
		    cli_labels_state(cli, cli_string(answer, "state")),
		    cli_labels_code(cli, "cooperation-groups", cli_string(answer, "group")),
		    cli_string(answer, "starts"), cli_string(answer, "at"),
		    cli_string(answer, "place"));
		printf("%s: %s; %s: %d\n", _("Chair"), cli_string(answer, "chair"), _("quorum"),
		    (int)json_integer_value(json_object_get(answer, "quorum")));
		print_members(answer);
		print_agenda(cli, answer);
	}
	json_decref(answer);
	return rc;
}

static enum cli_exit
print_text(struct cli *cli, const char *target)
{
	struct buffer text = {0};
	enum cli_exit rc = desk_client_text(cli, target, &text);

	if (rc == CLI_DONE)
		fwrite(text.data, 1, text.len, stdout);
	buffer_free(&text);
	return rc;
}

static enum cli_exit
calendar(struct cli *cli, const char *id)
{
	char target[128];

	snprintf(target, sizeof(target), "/v1/tasks/%s/calendar?language=%s", id,
	    strcmp(cli->language, "lv") == 0 ? "lv" : "en");
	return print_text(cli, target);
}

/* The categories of --without, as the address has them. */
static enum cli_exit
minutes_target(const struct cli_arguments *arguments, const char *id, char *out, size_t size)
{
	size_t len = (size_t)snprintf(out, size, "/v1/tasks/%s/minutes", id);
	bool first = true;

	for (unsigned i = 0; i < arguments->count; i++) {
		const char *code = arguments->values[i].text;

		if (strcmp(arguments->values[i].option->name, "without") != 0)
			continue;
		if (!desk_client_is_name(code) || len + strlen(code) + 16 > size)
			return cli_fail(
			    CLI_USAGE, _("--without is a code; see: saikne lists categories"));
		len += (size_t)snprintf(
		    out + len, size - len, "%s%s", first ? "?without=" : "%3B", code);
		first = false;
	}
	return CLI_DONE;
}

static enum cli_exit
print_minutes(struct cli *cli, const struct cli_arguments *arguments, const char *id)
{
	char target[512];
	struct buffer text = {0};
	json_t *answer = NULL;
	enum cli_exit rc = minutes_target(arguments, id, target, sizeof(target));

	if (rc == CLI_DONE)
		rc = desk_client_get(cli, target, &answer);
	if (rc != CLI_DONE)
		return rc;
	if (cli->json) {
		cli_print_json(cli, answer);
	} else {
		cli_sitting_minutes_write(
		    cli, answer, cli_arguments_has(arguments, "html"), &text);
		if (text.failed)
			rc = cli_fail(CLI_REFUSED, _("memory ran out"));
		else
			cli_pager_print(&cli->terminal, bytes_of_buffer(&text));
	}
	buffer_free(&text);
	json_decref(answer);
	return rc;
}

/* ---- The commands ------------------------------------------------------------------------ */

static enum cli_exit
show_matter(struct cli *cli, const struct cli_arguments *arguments)
{
	struct cli_arguments one = *arguments;

	one.positional[0] = arguments->positional[1];
	one.positional_count = 1;
	return cli_show_run(cli, cli_commands_find("show"), &one);
}

static enum cli_exit
look(struct cli *cli, const struct cli_arguments *arguments, const char *what, const char *id,
    json_t *request)
{
	if (strcmp(what, "show") == 0)
		return show(cli, id);
	if (strcmp(what, "calendar") == 0)
		return calendar(cli, id);
	if (strcmp(what, "put") == 0)
		return put(cli, id, request);
	if (strcmp(what, "print") == 0)
		return print_minutes(cli, arguments, id);
	return step(cli, arguments, what, id, request);
}

/* WHAT on the task that the second word names. */
static enum cli_exit
on_task(struct cli *cli, const struct cli_command *command,
    const struct cli_arguments *arguments, const char *what)
{
	char fault[160] = "", id[CLI_FIND_ID_MAX + 1];
	json_t *request;
	enum cli_exit rc;

	if (arguments->positional_count < 2)
		return cli_fail(CLI_USAGE, _("say which: the digits of its identifier"));
	if ((request = cli_request_new(arguments, fault)) == NULL)
		return cli_fail(CLI_USAGE, "%s", fault);
	rc = cli_find_task(cli, arguments->positional[1], id);
	if (rc == CLI_DONE && command->run == cli_sitting_run && strcmp(what, "sign") == 0)
		rc = cli_sitting_sign(cli, arguments, id, request);
	else if (rc == CLI_DONE)
		rc = look(cli, arguments, what, id, request);
	json_decref(request);
	return rc;
}

enum cli_exit
cli_sitting_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *what = arguments->positional[0];
	char fault[160] = "";
	json_t *request;
	enum cli_exit rc;

	if (!is_one_of(sitting_looks, what) && !is_one_of(sitting_steps, what))
		return cli_fail(
		    CLI_USAGE, _("there is no such WHAT; see: saikne help %s"), "conference");
	if (strcmp(what, "list") == 0)
		return list(cli);
	if (strcmp(what, "propose") != 0)
		return on_task(cli, command, arguments, what);
	if ((request = cli_request_new(arguments, fault)) == NULL)
		return cli_fail(CLI_USAGE, "%s", fault);
	rc = propose(cli, request);
	json_decref(request);
	return rc;
}

enum cli_exit
cli_sitting_run_matter(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *what = arguments->positional[0];

	if (!is_one_of(matter_looks, what) && !is_one_of(matter_steps, what))
		return cli_fail(
		    CLI_USAGE, _("there is no such WHAT; see: saikne help %s"), "matter");
	if (strcmp(what, "show") == 0 && arguments->positional_count == 2)
		return show_matter(cli, arguments);
	return on_task(cli, command, arguments, what);
}
