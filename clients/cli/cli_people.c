/* clients/cli/cli_people.c: the people and the systems of a desk, and an administrator's changes. */
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_pages.h"
#include "clients/cli/cli_table.h"
#include "clients/cli/desk_client.h"

#define PEOPLE_MOST 10000

/* ---- Listing ----------------------------------------------------------------------------- */

static bool
is_true(const json_t *item, const char *name)
{
	return json_is_true(json_object_get(item, name));
}

/* How an account stands, in a few words. */
static const char *
standing(const json_t *item, char out[static 120])
{
	char until[40];

	if (strcmp(cli_string(item, "kind"), "unix") == 0)
		return _("unix user of the configuration");
	if (strcmp(cli_string(item, "kind"), "system") == 0)
		return _("another program, by its token");
	if (!is_true(item, "active"))
		return _("disabled");
	if (json_is_string(json_object_get(item, "locked_until"))) {
		cli_labels_time(json_object_get(item, "locked_until"), until);
		snprintf(out, 120, _("waits until %s (failed attempts: %d)"), until,
		    (int)json_integer_value(json_object_get(item, "failures")));
		return out;
	}
	if (json_is_string(json_object_get(item, "code_until"))) {
		cli_labels_time(json_object_get(item, "code_until"), until);
		snprintf(out, 120, _("has to choose a password until %s"), until);
		return out;
	}
	return json_object_get(item, "enrolled") == NULL || is_true(item, "enrolled")
	           ? _("active")
	           : _("has no password: saikne people reset");
}

static enum cli_exit
print_people(struct cli *cli, const json_t *items)
{
	const struct cli_column columns[] = {
	    {_("NAME"), 10, false}, {_("ROLE"), 0, false}, {_("STATE"), 12, false}};
	struct cli_table *table = cli_table_new(columns, 3);
	const json_t *item;
	char text[120];
	bool ok = table != NULL;
	size_t i;

	json_array_foreach(items, i, item)
	{
		const char *const cells[] = {
		    cli_string(item, "name"), cli_string(item, "role"), standing(item, text)};

		ok = ok &&
		     cli_table_add(table, cells, is_true(item, "active") ? CLI_PLAIN : CLI_DIM);
	}
	if (ok)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	return ok ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

static enum cli_exit
list_people(struct cli *cli)
{
	json_t *items = NULL, *answer;
	bool more;
	enum cli_exit rc = cli_pages_read(cli, "/v1/people", PEOPLE_MOST, &items, &more);

	if (rc != CLI_DONE)
		return rc;
	if (cli->json) {
		answer = json_pack("{s:O}", "items", items);
		cli_print_json(cli, answer);
		json_decref(answer);
	} else {
		rc = print_people(cli, items);
	}
	json_decref(items);
	return rc;
}

/* ---- Changing ---------------------------------------------------------------------------- */

/* The number of the account LOGIN. */
static enum cli_exit
find_account(struct cli *cli, const char *login, json_int_t *number)
{
	json_t *items = NULL;
	const json_t *item;
	bool more;
	size_t i;
	enum cli_exit rc = cli_pages_read(cli, "/v1/people", PEOPLE_MOST, &items, &more);

	if (rc != CLI_DONE)
		return rc;
	*number = 0;
	json_array_foreach(items, i, item)
	{
		if (strcmp(cli_string(item, "kind"), "login") == 0 &&
		    strcmp(cli_string(item, "name"), login) == 0)
			*number = json_integer_value(json_object_get(item, "person"));
	}
	json_decref(items);
	return *number != 0 ? CLI_DONE
	                    : cli_fail(CLI_REFUSED,
				  _("there is no account of this name; see: saikne people"));
}

static void
print_code(const json_t *answer, const char *login)
{
	char until[40];

	cli_labels_time(json_object_get(answer, "code_until"), until);
	printf(_("Code for %s, good once and until %s:\n\n  %s\n\n"
		 "Hand it over yourself; it is not shown again. With it this person chooses\n"
		 "a password: saikne password --login %s\n"),
	    login, until, cli_string(answer, "code"), login);
}

/* Posts BODY, which it takes, and shows what came. */
static enum cli_exit
change(struct cli *cli, const char *target, json_t *body, const char *login)
{
	json_t *answer = NULL;
	enum cli_exit rc;

	if (body == NULL)
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	rc = desk_client_post(cli, target, body, &answer);
	json_decref(body);
	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE && json_is_string(json_object_get(answer, "code")))
		print_code(answer, login);
	else if (rc == CLI_DONE)
		printf(is_true(answer, "active") ? _("%s is active as %s.\n")
						 : _("%s is disabled (%s).\n"),
		    login, cli_string(answer, "role"));
	json_decref(answer);
	return rc;
}

static bool
is_change(const char *what)
{
	return strcmp(what, "role") == 0 || strcmp(what, "disable") == 0 ||
	       strcmp(what, "enable") == 0 || strcmp(what, "reset") == 0;
}

enum cli_exit
cli_people_run(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *what = arguments->positional[0], *login = arguments->positional[1];
	const char *role = cli_arguments_text(arguments, "role");
	char target[80];
	json_int_t number;
	bool adds, sets_role;
	enum cli_exit rc;

	(void)command;
	if (arguments->positional_count == 0)
		return list_people(cli);
	adds = strcmp(what, "add") == 0;
	sets_role = strcmp(what, "role") == 0;
	if (!adds && !is_change(what))
		return cli_fail(CLI_USAGE,
		    _("WHAT is add, role, disable, enable or reset; see: saikne help people"));
	if (arguments->positional_count < 2)
		return cli_fail(CLI_USAGE, _("%s is missing"), "LOGIN");
	if ((adds || sets_role) != (role != NULL))
		return cli_fail(CLI_USAGE, _("--role belongs to add and role"));
	if (adds)
		return change(cli, "/v1/people",
		    json_pack("{s:s, s:s}", "login", login, "role", role), login);
	if ((rc = find_account(cli, login, &number)) != CLI_DONE)
		return rc;
	snprintf(target, sizeof(target), "/v1/people/%lld/%s", (long long)number, what);
	return change(
	    cli, target, sets_role ? json_pack("{s:s}", "role", role) : json_object(), login);
}

/* ---- Tokens ------------------------------------------------------------------------------ */

static enum cli_exit
print_tokens(struct cli *cli, const json_t *items)
{
	const struct cli_column columns[] = {{_("NO."), 0, false}, {_("NAME"), 10, false},
	    {_("ROLE"), 0, false}, {_("STATE"), 8, false}, {_("UNTIL"), 16, false},
	    {_("LAST USED"), 16, true}, {_("MADE BY"), 8, true}};
	struct cli_table *table = cli_table_new(columns, 7);
	bool ok = table != NULL;
	const json_t *item;
	size_t i;

	json_array_foreach(items, i, item)
	{
		char number[24], until[40], used[40];
		const char *state = is_true(item, "holds") ? _("holds") : _("over");

		if (json_is_string(json_object_get(item, "revoked")))
			state = _("revoked");
		snprintf(number, sizeof(number), "%lld",
		    (long long)json_integer_value(json_object_get(item, "token")));
		cli_labels_time(json_object_get(item, "expires"), until);
		cli_labels_time(json_object_get(item, "used"), used);
		const char *const cells[] = {number, cli_string(item, "name"),
		    cli_string(item, "role"), state, until, used, cli_string(item, "made_by")};

		ok = ok &&
		     cli_table_add(table, cells, is_true(item, "holds") ? CLI_PLAIN : CLI_DIM);
	}
	if (ok)
		cli_table_print(table, &cli->terminal);
	cli_table_free(table);
	return ok ? CLI_DONE : cli_fail(CLI_REFUSED, _("memory ran out"));
}

static enum cli_exit
list_tokens(struct cli *cli)
{
	json_t *answer;
	enum cli_exit rc = desk_client_get(cli, "/v1/tokens", &answer);

	if (rc != CLI_DONE)
		return rc;
	if (cli->json)
		cli_print_json(cli, answer);
	else if (json_array_size(json_object_get(answer, "items")) == 0)
		puts(_("There are no tokens."));
	else
		rc = print_tokens(cli, json_object_get(answer, "items"));
	json_decref(answer);
	return rc;
}

static enum cli_exit
make_token(struct cli *cli, const char *name, const struct cli_arguments *arguments)
{
	const char *role = cli_arguments_text(arguments, "role");
	const char *days = cli_arguments_text(arguments, "days");
	char until[40];
	json_t *body, *answer;
	enum cli_exit rc;

	if (role == NULL || days == NULL)
		return cli_fail(
		    CLI_USAGE, _("say the system's --role and for how many --days"));
	body = json_pack("{s:s, s:s, s:I}", "name", name, "role", role, "expires_days",
	    (json_int_t)strtol(days, NULL, 10));
	if (body == NULL)
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	rc = desk_client_post(cli, "/v1/tokens", body, &answer);
	json_decref(body);
	if (rc != CLI_DONE)
		return rc;
	cli_labels_time(json_object_get(answer, "expires"), until);
	if (cli->json)
		cli_print_json(cli, answer);
	else
		printf(
		    _("Token for %s, until %s:\n\n  %s\n\nIt is not shown again. That system "
		      "sends it as: Authorization: Bearer TOKEN\n"),
		    name, until, cli_string(answer, "secret"));
	json_decref(answer);
	return CLI_DONE;
}

static enum cli_exit
revoke_token(struct cli *cli, const char *number)
{
	char target[80];
	json_t *body = json_object(), *answer = NULL;
	enum cli_exit rc;

	if (!desk_client_is_name(number) ||
	    (size_t)snprintf(target, sizeof(target), "/v1/tokens/%s/revoke", number) >=
		sizeof(target)) {
		json_decref(body);
		return cli_fail(CLI_USAGE, _("NO. is a number of: saikne token"));
	}
	rc = desk_client_post(cli, target, body, &answer);
	if (rc == CLI_DONE && cli->json)
		cli_print_json(cli, answer);
	else if (rc == CLI_DONE)
		puts(_("It holds no more."));
	json_decref(body);
	json_decref(answer);
	return rc;
}

enum cli_exit
cli_people_run_token(
    struct cli *cli, const struct cli_command *command, const struct cli_arguments *arguments)
{
	const char *what = arguments->positional[0], *which = arguments->positional[1];

	(void)command;
	if (arguments->positional_count == 0 || strcmp(what, "list") == 0)
		return list_tokens(cli);
	if (strcmp(what, "add") != 0 && strcmp(what, "revoke") != 0)
		return cli_fail(
		    CLI_USAGE, _("WHAT is add, revoke or list; see: saikne help token"));
	if (arguments->positional_count < 2)
		return cli_fail(
		    CLI_USAGE, _("%s is missing"), strcmp(what, "add") == 0 ? "NAME" : "NO.");
	return strcmp(what, "add") == 0 ? make_token(cli, which, arguments)
	                                : revoke_token(cli, which);
}
