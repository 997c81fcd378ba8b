/* clients/cli/cli_history.c: history: what institutions share, who agrees with it, two digests compared. */
#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_find.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_pages.h"
#include "clients/cli/cli_table.h"
#include "clients/cli/desk_client.h"
#include "protocol/base/suite.h"
#include "protocol/host/lang.h"

#define DIGITS  (2 * SUITE_HASH_LEN)
#define GROUP   8 /* digits read in one breath */
#define ENTRIES 10000

#define ASKED_ENOUGH 3 /* times, before anything may be set aside */

/* ---- Digests ----------------------------------------------------------------------------- */

static void
print_digest(const char *name, const char *digest)
{
	printf("%-*s", 12, name);
	for (size_t i = 0; i < strlen(digest); i += GROUP)
		printf(" %.*s", GROUP, digest + i);
	printf("\n");
}

/* A mark under each group that differs: nobody has to read 64 digits. */
static void
print_difference(const char *ours, const char *theirs)
{
	printf("%-*s", 12, "");
	for (size_t i = 0; i < DIGITS; i += GROUP)
		printf(
		    " %s", memcmp(ours + i, theirs + i, GROUP) == 0 ? "        " : "^^^^^^^^");
	printf("\n");
}

/* As somebody read it out: with spaces, in capitals. False: that is no digest. */
static bool
read_digest(const char *text, char out[static DIGITS + 1])
{
	size_t count = 0;

	for (; *text != '\0'; text++) {
		char c = *text >= 'A' && *text <= 'F' ? (char)(*text - 'A' + 'a') : *text;

		if (c == ' ' || c == '-')
			continue;
		if (strchr("0123456789abcdef", c) == NULL || count == DIGITS)
			return false;
		out[count++] = c;
	}
	out[count] = '\0';
	return count == DIGITS;
}

static void
print_comparison(const struct cli *cli, const json_t *answer, const char *theirs)
{
	const json_t *with = json_object_get(answer, "with");
	const char *ours = cli_string(answer, "digest");
	const bool same = strcmp(ours, theirs) == 0;
	const enum cli_colour colour = same ? CLI_GREEN : CLI_RED;

	print_digest(_("here"), ours);
	print_digest(_("there"), theirs);
	if (!same && strlen(ours) == DIGITS)
		print_difference(ours, theirs);
	fputs(cli_terminal_on(&cli->terminal, colour), stdout);
	if (same)
		printf("%s\n", _("The same: both have the same history."));
	else if (json_is_true(json_object_get(with, "known")))
		printf(_("The same up to entry %lld (%lld of %lld): what follows is missing "
			 "there.\n"),
		    (long long)json_integer_value(json_object_get(with, "index")),
		    (long long)json_integer_value(json_object_get(with, "count")),
		    (long long)json_integer_value(json_object_get(answer, "count")));
	else
		printf("%s\n",
		    _("Different: one of the two has entries that the other lacks. They are "
		      "asked for by themselves once both have said something."));
	fputs(cli_terminal_off(&cli->terminal, colour), stdout);
}

/* ---- Who agrees, and what there is ------------------------------------------------------- */

static const char *
state_words(const char *state)
{
	static const struct {
		const char *name, *words;
	} states[] = {
	    {"agrees", N_("agrees")},
	    {"has_less", N_("lacks entries, and asks for them")},
	    {"has_more", N_("has what may be missing here")},
	    {"set_aside", N_("says that it has more; that was set aside here")},
	    {"silent", N_("has said nothing yet")},
	};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(states[i].name, state) == 0)
			return _(states[i].words);
	return state;
}

static bool
add_member(struct cli_table *table, const json_t *member)
{
	const char *state = cli_string(member, "state");
	char upto[24];

	snprintf(upto, sizeof(upto), "%lld",
	    (long long)json_integer_value(json_object_get(member, "agreed")));
	const char *const cells[] = {cli_string(member, "party"), state_words(state), upto};

	return cli_table_add(
	    table, cells, strcmp(state, "has_more") == 0 ? CLI_RED : CLI_PLAIN);
}

static bool
add_entry(const struct cli *cli, struct cli_table *table, const json_t *entry)
{
	char index[24], time[40], digest[GROUP + 1];

	snprintf(index, sizeof(index), "%lld",
	    (long long)json_integer_value(json_object_get(entry, "index")));
	snprintf(digest, sizeof(digest), "%.*s", GROUP, cli_string(entry, "digest"));
	cli_labels_time(json_object_get(entry, "time"), time);
	const char *const cells[] = {index, time, cli_string(entry, "author"),
	    cli_labels_what(cli, cli_string(entry, "type")),
	    json_is_true(json_object_get(entry, "void")) ? _("without effect") : "",
	    cli_labels_short(cli_string(entry, "message")), digest};

	return cli_table_add(table, cells, CLI_PLAIN);
}

static enum cli_exit
print_members(const struct cli *cli, const json_t *members)
{
	const struct cli_column columns[] = {{_("INSTITUTION"), 12, false},
	    {_("ITS HISTORY"), 0, false}, {_("AGREES UP TO"), 0, false}};
	struct cli_table *table = cli_table_new(columns, 3);
	bool fits = table != NULL;

	for (size_t i = 0; fits && i < json_array_size(members); i++)
		fits = add_member(table, json_array_get(members, i));
	if (fits)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	return fits ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

static enum cli_exit
print_entries(const struct cli *cli, const json_t *entries)
{
	const struct cli_column columns[] = {{_("ENTRY"), 0, false}, {_("TIME"), 10, true},
	    {_("BY"), 10, false}, {_("WHAT"), 12, false}, {" ", 0, true},
	    {_("MESSAGE"), 0, true}, {_("DIGEST"), 0, false}};
	struct cli_table *table = cli_table_new(columns, sizeof(columns) / sizeof(columns[0]));
	bool fits = table != NULL;

	for (size_t i = 0; fits && i < json_array_size(entries); i++)
		fits = add_entry(cli, table, json_array_get(entries, i));
	if (fits)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	return fits ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

static enum cli_exit
print_all(struct cli *cli, const char *id, const json_t *answer)
{
	json_t *entries = NULL;
	char target[96];
	bool more;
	enum cli_exit rc;

	snprintf(target, sizeof(target), "/v1/circles/%s/history", id);
	if ((rc = cli_pages_read(cli, target, ENTRIES, &entries, &more)) != CLI_DONE)
		return rc;
	rc = print_entries(cli, entries);
	json_decref(entries);
	printf("\n");
	if (rc == CLI_DONE)
		rc = print_members(cli, json_object_get(answer, "members"));
	printf("\n%s %lld\n", _("Entries:"),
	    (long long)json_integer_value(json_object_get(answer, "count")));
	print_digest(_("Digest:"), cli_string(answer, "digest"));
	if (json_is_true(json_object_get(answer, "gap")))
		printf("%s%s%s\n", cli_terminal_on(&cli->terminal, CLI_RED),
		    _("Entries may be missing here; they are asked for by themselves."),
		    cli_terminal_off(&cli->terminal, CLI_RED));
	if (json_integer_value(json_object_get(answer, "asked")) >= ASKED_ENOUGH)
		printf("%s\n", _("What nobody brings is settled with --set-aside."));
	return rc;
}

static enum cli_exit
set_aside(struct cli *cli, const char *id, const char *party, json_t **answer)
{
	json_t *body = json_pack("{s:s}", "party", party);
	char target[96];
	enum cli_exit rc;

	if (body == NULL)
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	snprintf(target, sizeof(target), "/v1/circles/%s/set-aside", id);
	rc = desk_client_post(cli, target, body, answer);
	json_decref(body);
	return rc;
}

enum cli_exit
cli_history_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *with = cli_arguments_text(arguments, "with");
	const char *aside = cli_arguments_text(arguments, "set-aside");
	char id[CLI_FIND_ID_MAX + 1], digest[DIGITS + 1], target[192];
	json_t *answer = NULL;
	enum cli_exit rc;

	(void)command;
	if (with != NULL && !read_digest(with, digest))
		return cli_fail(CLI_USAGE, _("a digest has %d hexadecimal digits"), DIGITS);
	if (with != NULL && aside != NULL)
		return cli_fail(CLI_USAGE, _("give --with or --set-aside, not both"));
	if ((rc = cli_find_task(cli, arguments->positional[0], id)) != CLI_DONE)
		return rc;
	snprintf(target, sizeof(target), "/v1/circles/%s/history%s%s", id,
	    with != NULL ? "?with=" : "", with != NULL ? digest : "");
	rc = aside != NULL ? set_aside(cli, id, aside, &answer)
	                   : desk_client_get(cli, target, &answer);
	if (rc != CLI_DONE)
		return rc;
	if (cli->json)
		cli_print_json(cli, answer);
	else if (with != NULL)
		print_comparison(cli, answer, digest);
	else
		rc = print_all(cli, id, answer);
	json_decref(answer);
	return rc;
}
