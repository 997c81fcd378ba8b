/* clients/cli/cli_show.c: show: one task with its fields and its timeline. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_due.h"
#include "clients/cli/cli_custody.h"
#include "clients/cli/cli_facts.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_pager.h"
#include "clients/cli/cli_words.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"
#include "protocol/wire/message.h"

/* "today 17:00: to be decided" */
static void
print_due(const struct cli *cli, const json_t *task)
{
	char when[CLI_DUE_WORDS];
	struct buffer text = {0};

	cli_due_item(task, time(NULL), when);
	if (when[0] != '\0')
		buffer_append_format(
		    &text, "%s: %s", when, cli_due_owed(cli, cli_string(task, "owed")));
	buffer_append_byte(&text, '\0');
	if (!text.failed)
		cli_facts_pair(cli, _("due"), (const char *)text.data);
	buffer_free(&text);
}

/* Before anything else is read: DO NOT ALERT THE FAMILY. */
static void
print_mark(const struct cli *cli, const json_t *task)
{
	const char *mark = cli_string(task, "handling");

	if (mark[0] == '\0')
		return;
	printf("  %s!!! ", cli_terminal_on(&cli->terminal, CLI_RED));
	cli_terminal_put(stdout, cli_labels_code(cli, "handling", mark));
	printf(" !!!%s\n", cli_terminal_off(&cli->terminal, CLI_RED));
}

/* Several told of one thing: whoever takes it up answers them all. */
static void
print_told_by(struct cli *cli, const json_t *task)
{
	const json_t *told = json_object_get(task, "told_by");
	const unsigned count = (unsigned)json_array_size(told);
	struct buffer codes = {0};
	char words[1024];

	if (count < 2)
		return;
	cli_labels_value(cli, "parties", told, &codes);
	buffer_append_byte(&codes, '\0');
	snprintf(words, sizeof(words),
	    ngettext("%u institution: %s", "%u institutions: %s", count), count,
	    codes.failed ? "" : (const char *)codes.data);
	cli_facts_pair(cli, _("told by"), words);
	buffer_free(&codes);
}

static void
print_head(struct cli *cli, const json_t *task)
{
	static const char *const names[] = {"handling", "urgency", "purpose", "concern",
	    "incident", "asked", "municipality", "age_band"};
	char made[40], state[CLI_DUE_WORDS];

	cli_due_danger(task);
	cli_labels_time(json_object_get(task, "time"), made);
	printf("%s%s ", cli_terminal_on(&cli->terminal, CLI_BOLD), _("Task"));
	cli_terminal_put(stdout, cli_string(task, "task"));
	printf("%s\n", cli_terminal_off(&cli->terminal, CLI_BOLD));
	cli_due_state(cli, task, state);
	print_mark(cli, task);
	cli_facts_pair(cli, _("state"), state);
	print_due(cli, task);
	cli_facts_pair(cli, strcmp(cli_string(task, "box"), "in") == 0 ? _("from") : _("to"),
	    cli_string(task, "peer"));
	print_told_by(cli, task);
	cli_facts_pair(cli, _("case"), cli_string(task, "case"));
	cli_facts_pair(cli, _("own file number"), cli_string(task, "file_number"));
	cli_facts_pair(cli, _("time"), made);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cli_facts_field(cli, names[i], "", json_object_get(task, names[i]));
}

/* What the head already shows is not repeated under "act". */
static bool
in_head(const json_t *task, const json_t *field)
{
	return json_object_get(task, cli_string(field, "name")) != NULL;
}

static const char *
label_of(const struct cli *cli, const json_t *field)
{
	const char *label =
	    cli_string(field, strcmp(cli->language, "lv") == 0 ? "label_lv" : "label_en");

	return label[0] != '\0' ? label : cli_labels_field(cli, cli_string(field, "name"));
}

/* The act of the timeline that brought MESSAGE; NULL when it is not there. */
static const json_t *
act_of(const json_t *task, const char *message)
{
	const json_t *step;
	size_t i;

	json_array_foreach(json_object_get(task, "timeline"), i, step)
	{
		if (message_named(bytes_of_text(cli_string(step, "what"))) != NULL &&
		    strcmp(cli_string(step, "message"), message) == 0)
			return step;
	}
	return NULL;
}

/* Two answers may each have an explanation: what was said later says by whom and when. */
static void
put_origin(const struct cli *cli, const json_t *task, const json_t *field, struct buffer *out)
{
	const json_t *act = act_of(task, cli_string(field, "from"));
	const char *what = cli_string(act, "what");

	if (act == NULL || strcmp(what, "referral_offer") == 0 ||
	    strcmp(what, "referral_release") == 0)
		return;
	buffer_append_format(
	    out, " (%s, %s)", cli_labels_what(cli, what), cli_string(act, "by"));
}

/* The fields of one category under its name; nothing when it has none. */
static void
print_category(const struct cli *cli, const json_t *task, const char *category)
{
	const json_t *field;
	bool named = false;
	size_t i;

	json_array_foreach(json_object_get(task, "fields"), i, field)
	{
		struct buffer text = {0};

		if (strcmp(cli_string(field, "category"), category) != 0 ||
		    in_head(task, field))
			continue;
		if (!named)
			cli_facts_heading(cli, cli_labels_category(cli, category));
		named = true;
		cli_labels_value(
		    cli, cli_string(field, "name"), json_object_get(field, "value"), &text);
		put_origin(cli, task, field, &text);
		buffer_append_byte(&text, '\0');
		if (!text.failed)
			cli_facts_pair(cli, label_of(cli, field), (const char *)text.data);
		buffer_free(&text);
	}
}

static bool
seen_before(const json_t *fields, size_t at)
{
	const char *category = cli_string(json_array_get(fields, at), "category");

	for (size_t i = 0; i < at; i++) {
		if (strcmp(cli_string(json_array_get(fields, i), "category"), category) == 0)
			return true;
	}
	return false;
}

static const char *
withheld_heading(bool sender, bool later)
{
	if (sender)
		return later ? _("Waits here: it goes when they open it for review")
		             : _("Kept here: their profile does not let them have it");
	return later ? _("Not here yet: it comes when you open the referral for review, if the "
			 "sender wrote it")
	             : _("Not for you: your kind of institution does not get it");
}

/* The fields that the other side does not have, or we do not: WHEN they go, in one line. */
static void
print_withheld(const struct cli *cli, const json_t *task, const char *when)
{
	bool sender = strcmp(cli_string(task, "box"), "out") == 0;
	struct buffer text = {0};
	const json_t *field;
	size_t i;

	json_array_foreach(json_object_get(task, "withheld"), i, field)
	{
		if (strcmp(cli_string(field, "when"), when) != 0)
			continue;
		if (text.len > 0)
			buffer_append_text(&text, ", ");
		buffer_append_text(&text, label_of(cli, field));
	}
	buffer_append_byte(&text, '\0');
	if (text.len > 1 && !text.failed) {
		cli_facts_heading(cli, withheld_heading(sender, strcmp(when, "review") == 0));
		fputs("  ", stdout);
		cli_terminal_wrap(&cli->terminal, (const char *)text.data, 2);
	}
	buffer_free(&text);
}

static void
print_fields(const struct cli *cli, const json_t *task)
{
	const json_t *fields = json_object_get(task, "fields"), *field;
	struct buffer erased = {0};
	size_t i;

	if (json_is_true(json_object_get(task, "erased"))) {
		cli_labels_erased(cli, task, &erased);
		buffer_append_byte(&erased, '\0');
		if (!erased.failed)
			cli_facts_pair(cli, _("content"), (const char *)erased.data);
		buffer_free(&erased);
	}
	json_array_foreach(fields, i, field)
	{
		if (!seen_before(fields, i))
			print_category(cli, task, cli_string(field, "category"));
	}
	print_withheld(cli, task, "review");
	print_withheld(cli, task, "never");
}

/* Who of the recipient it was, or why it did not go well. */
static void
print_detail(const struct cli *cli, const json_t *step, bool last)
{
	const char *role = cli_string(step, "role"), *meaning, *remedy;
	struct buffer text = {0};
	bool known = cli_words_status(cli_string(step, "code"), &meaning, &remedy);

	/* The service may know better what to do than the status alone does. */
	if (known && cli_string(step, "remedy")[0] != '\0')
		remedy = lang_text(cli_string(step, "remedy"));
	buffer_append_text(&text, cli_words_role(role));
	if (known)
		buffer_append_format(
		    &text, "%s%s; %s", role[0] != '\0' ? ": " : "", meaning, remedy);
	else if (role[0] == '\0')
		buffer_append_text(&text, cli_string(step, "detail"));
	buffer_append_byte(&text, '\0');
	if (!text.failed && text.len > 1) {
		printf("  %s   ", last ? " " : "│");
		cli_terminal_wrap(&cli->terminal, (const char *)text.data, 6);
	}
	buffer_free(&text);
}

static void
print_step(const struct cli *cli, const json_t *step, bool last)
{
	const json_t *index = json_object_get(step, "index");
	bool is_void = json_is_true(json_object_get(step, "void"));
	enum cli_colour colour = is_void ? CLI_DIM : CLI_PLAIN;
	char time[40], entry[32] = "";

	cli_labels_time(json_object_get(step, "time"), time);
	if (json_is_integer(index))
		snprintf(entry, sizeof(entry), "#%lld", (long long)json_integer_value(index));
	printf("  %s%s %-16s  %-8s ", cli_terminal_on(&cli->terminal, colour),
	    is_void ? "○" : "●", time, entry);
	cli_terminal_put(stdout, cli_labels_what(cli, cli_string(step, "what")));
	if (cli_string(step, "by")[0] != '\0') {
		printf(" %s ", _("— by"));
		cli_terminal_put(stdout, cli_string(step, "by"));
	}
	if (is_void)
		printf(" %s", _("(had no effect)"));
	printf("%s\n", cli_terminal_off(&cli->terminal, colour));
	print_detail(cli, step, last);
	/* The id is what `saikne receipt` wants; evidence repeats the id of its message. */
	if (message_named(bytes_of_text(cli_string(step, "what"))) != NULL &&
	    cli_string(step, "message")[0] != '\0') {
		printf("  %s   %s%s ", last ? " " : "│",
		    cli_terminal_on(&cli->terminal, CLI_DIM), _("message"));
		cli_terminal_put(stdout, cli_string(step, "message"));
		printf("%s\n", cli_terminal_off(&cli->terminal, CLI_DIM));
	}
}

static void
print_timeline(const struct cli *cli, const json_t *task)
{
	const json_t *timeline = json_object_get(task, "timeline");
	size_t count = json_array_size(timeline);

	if (count == 0)
		return;
	cli_facts_heading(cli, _("What happened (# is the entry in the broker's log)"));
	for (size_t i = 0; i < count; i++)
		print_step(cli, json_array_get(timeline, i), i + 1 == count);
}

/* What a stop is about, each message in a line. */
static void
print_received(const struct cli *cli, const json_t *task)
{
	const json_t *one;
	char time[40], entry[32];
	size_t i;

	if (json_array_size(json_object_get(task, "received")) == 0)
		return;
	cli_facts_heading(cli, _("What came under this ground: say what becomes of it"));
	json_array_foreach(json_object_get(task, "received"), i, one)
	{
		cli_labels_time(json_object_get(one, "time"), time);
		snprintf(entry, sizeof(entry), "#%lld",
		    (long long)json_integer_value(json_object_get(one, "index")));
		printf("  %-16s  %-8s ", time, entry);
		cli_terminal_put(stdout, cli_labels_what(cli, cli_string(one, "what")));
		printf(" — %s %s%s\n", _("task"), cli_labels_short(cli_string(one, "task")),
		    json_is_true(json_object_get(one, "erased")) ? _(" (erased here)") : "");
	}
}

static void
print_actions(const struct cli *cli, const json_t *task)
{
	const json_t *action;
	size_t i;

	if (json_array_size(json_object_get(task, "actions")) == 0)
		return;
	cli_facts_heading(cli, _("What you can do"));
	json_array_foreach(json_object_get(task, "actions"), i, action)
	{
		const char *verb = json_string_value(action) ? json_string_value(action) : "";

		printf("  %s", cli_labels_command(cli_string(task, "sort"), verb));
		cli_terminal_put(stdout, verb);
		printf(" %s\n", cli_labels_short(cli_string(task, "task")));
	}
}

enum cli_exit
cli_show_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	char id[CLI_FIND_ID_MAX + 1], target[128];
	json_t *task = NULL;
	enum cli_exit rc;

	(void)command;
	if ((rc = cli_find_task(cli, arguments->positional[0], id)) != CLI_DONE)
		return rc;
	snprintf(target, sizeof(target), "/v1/tasks/%s", id);
	if ((rc = desk_client_get(cli, target, &task)) != CLI_DONE)
		return rc;
	if (cli->json) {
		cli_print_json(cli, task);
	} else {
		cli_pager_begin(&cli->terminal);
		print_head(cli, task);
		print_fields(cli, task);
		cli_custody_told(cli, task);
		print_received(cli, task);
		print_timeline(cli, task);
		print_actions(cli, task);
		cli_pager_end(&cli->terminal);
	}
	json_decref(task);
	return CLI_DONE;
}
