/* clients/cli/cli_complete.c: candidates from the table of commands, the lists and the desk. */
#include "clients/cli/cli_complete.h"

#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_basis.h"
#include "clients/cli/cli_consent.h"
#include "clients/cli/cli_coordinate.h"
#include "clients/cli/cli_provisions.h"
#include "clients/cli/cli_sitting.h"
#include "clients/cli/desk_client.h"
#include "protocol/lists/lists.h"
#include "protocol/wire/message.h"

#define DESK_TIMEOUT_S 1 /* a person is waiting for a key */

struct completion {
	struct cli *cli;
	const char *part; /* what the word begins with */
};

static void
offer(const struct completion *c, const char *word)
{
	if (strncmp(word, c->part, strlen(c->part)) == 0)
		puts(word);
}

/* ---- From the desk ----------------------------------------------------------------------- */

/* The last 8 digits, as the lists show them, unless the word begins otherwise. */
static void
offer_id(const struct completion *c, const char *id)
{
	size_t len = strlen(id);

	offer(c, len > 8 ? id + len - 8 : id);
	if (strlen(c->part) >= 4)
		offer(c, id);
}

/* Member NAME of each item of TARGET. */
static void
offer_items(const struct completion *c, const char *target, const char *name,
    void (*one)(const struct completion *c, const char *word))
{
	json_t *answer = NULL;
	const json_t *item;
	size_t i;

	if (desk_client_get(c->cli, target, &answer) != CLI_DONE)
		return;
	json_array_foreach(json_object_get(answer, "items"), i, item)
	{
		const char *text = cli_string(item, name);

		if (desk_client_is_name(text))
			one(c, text);
	}
	json_decref(answer);
}

/* ---- Values ------------------------------------------------------------------------------ */

static void
offer_list(const struct completion *c, const char *name)
{
	const struct list *list = list_named(name);

	for (unsigned row = 0; list != NULL && row < list_rows(list); row++) {
		const char *code = list_text(list, row, "code");

		if (code[0] != '\0')
			offer(c, code);
	}
}

/* "see: saikne lists purposes" names the list, in whatever words stand before it. */
static const char *
list_of(const struct cli_option *option, char name[static 64])
{
	static const char mark[] = "saikne lists ";
	const char *at = strstr(option->help, mark);
	const struct field_info *field =
	    option->field != NULL ? field_named(bytes_of_text(option->field)) : NULL;

	if (field != NULL && field->list[0] != '\0')
		return field->list;
	if (at == NULL)
		return "";
	snprintf(name, 64, "%s", at + sizeof(mark) - 1);
	name[strspn(name, "abcdefghijklmnopqrstuvwxyz-")] = '\0';
	return name;
}

static void
offer_value(const struct completion *c, const struct cli_option *option)
{
	char list[64];

	const char *value = option->value != NULL ? option->value : "";

	if (strcmp(value, "NAME") == 0)
		offer_items(c, "/v1/people?limit=500", "name", offer);
	else if (strcmp(value, "CASE") == 0)
		offer_items(c, "/v1/cases?limit=100", "case", offer_id);
	else if (strcmp(value, "TASK") == 0)
		offer_items(c, "/v1/tasks?box=all&limit=100", "task", offer_id);
	else if (strcmp(option->name, "to") == 0 || strcmp(option->name, "peer") == 0 ||
		 strcmp(option->name, "with") == 0 || strcmp(option->name, "party") == 0)
		offer_items(c, "/v1/directory", "code", offer);
	else if (strcmp(option->name, "basis") == 0)
		offer(c, "law"), offer(c, "consent");
	else if (option->value != NULL)
		offer_list(c, list_of(option, list));
}

static const struct cli_option *
find_option(const struct cli_option *options, const char *name)
{
	for (; options != NULL && options->name != NULL; options++) {
		if (strcmp(options->name, name) == 0)
			return options;
	}
	return NULL;
}

static void
offer_options(const struct completion *c, const struct cli_option *options)
{
	char word[80];

	for (; options != NULL && options->name != NULL; options++) {
		snprintf(word, sizeof(word), "--%s", options->name);
		offer(c, word);
	}
}

/* ---- Operands ---------------------------------------------------------------------------- */

/* What a command may be told to do, where it does several things. */
static const char *
what_at(const char *command, unsigned i)
{
	return strcmp(command, "consent") == 0      ? cli_consent_what_at(i)
	       : strcmp(command, "basis") == 0      ? cli_basis_what_at(i)
	       : strcmp(command, "conference") == 0 ? cli_sitting_what_at(i)
	       : strcmp(command, "matter") == 0     ? cli_sitting_matter_what_at(i)
	       : strcmp(command, "provisions") == 0 ? cli_provisions_what_at(i)
	       : strcmp(command, "coordinate") == 0 ? cli_coordinate_what_at(i)
	       : strcmp(command, "action") == 0     ? cli_coordinate_action_at(i)
	                                            : NULL;
}

static void
offer_operand(const struct completion *c, const struct cli_command *command, const char *before)
{
	const struct list *list;
	const char *what;

	if (strcmp(before, command->name) == 0 && what_at(command->name, 0) != NULL)
		for (unsigned i = 0; (what = what_at(command->name, i)) != NULL; i++)
			offer(c, what);
	else if (strcmp(command->name, "provisions") == 0)
		offer_list(c, "legal-bases");
	else if (strstr(command->positional, "TASK") != NULL)
		offer_items(c, "/v1/tasks?box=all&limit=100", "task", offer_id);
	else if (strstr(command->positional, "CASE") != NULL)
		offer_items(c, "/v1/cases?limit=100", "case", offer_id);
	else if (strstr(command->positional, "PERSON") != NULL)
		offer_items(c, "/v1/people?limit=500", "name", offer);
	else if (strcmp(command->name, "lists") == 0)
		for (unsigned i = 0; (list = list_at(i)) != NULL; i++)
			offer(c, list_name(list));
}

static void
offer_commands(const struct completion *c)
{
	static const char *const common[] = {"help", "--desk", "--json", "--color", "--lang"};
	const struct cli_group *group;

	for (unsigned i = 0; (group = cli_commands_group(i)) != NULL; i++) {
		for (const struct cli_command *one = group->commands; one->name != NULL; one++)
			offer(c, one->name);
	}
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		offer(c, common[i]);
}

static void
offer_in_command(
    const struct completion *c, const struct cli_command *command, const char *before)
{
	const struct cli_option *more =
	    command->more_options != NULL ? command->more_options() : NULL;
	const struct cli_option *option = NULL;

	if (strncmp(before, "--", 2) == 0 &&
	    (option = find_option(command->options, before + 2)) == NULL)
		option = find_option(more, before + 2);
	if (option != NULL && option->value != NULL) {
		offer_value(c, option);
		return;
	}
	if (c->part[0] == '-') {
		offer_options(c, command->options);
		offer_options(c, more);
		return;
	}
	offer_operand(c, command, before);
}

enum cli_exit
cli_complete_run(struct cli *cli, int count, char *const *words)
{
	struct completion c = {.cli = cli, .part = count > 0 ? words[count - 1] : ""};
	const struct cli_command *command;

	cli->quiet = true;
	cli->timeout_s = DESK_TIMEOUT_S;
	if (count <= 1) {
		offer_commands(&c);
	} else if (strcmp(words[0], "help") == 0) {
		if (count == 2)
			offer_commands(&c);
	} else if ((command = cli_commands_find(words[0])) != NULL) {
		offer_in_command(&c, command, words[count - 2]);
	}
	return CLI_DONE;
}
