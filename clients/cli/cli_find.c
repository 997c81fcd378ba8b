/* clients/cli/cli_find.c: matches digits against the ids of a listing. */
#include "clients/cli/cli_find.h"

#include <stdio.h>
#include <string.h>

#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_pages.h"
#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

#define WHOLE_LEN    32
#define DIGITS_LEAST 4
#define SEARCH_MOST  20000

static bool
fits(const char *id, const char *text)
{
	size_t id_len = strlen(id), len = strlen(text);

	return len <= id_len &&
	       (strncasecmp(id, text, len) == 0 || strcasecmp(id + id_len - len, text) == 0);
}

/* Prints the ids that fit, so that the person can go on. */
static enum cli_exit
tell_several(const json_t *items, const char *member, const char *text)
{
	const json_t *item;
	unsigned shown = 0;
	size_t i;

	(void)cli_fail(CLI_REFUSED, _("several fit; type more digits of one of them:"));
	json_array_foreach(items, i, item)
	{
		const char *id = cli_string(item, member);

		if (!fits(id, text) || shown++ == 10)
			continue;
		fputs("  ", stderr);
		cli_terminal_put(stderr, id);
		fputc('\n', stderr);
	}
	return CLI_REFUSED;
}

static enum cli_exit
find(struct cli *cli, const char *target, const char *member, const char *text,
    char out[static CLI_FIND_ID_MAX + 1])
{
	const char *found = NULL;
	json_t *items = NULL;
	const json_t *item;
	enum cli_exit rc;
	bool more;
	size_t i;

	if (!desk_client_is_name(text) || strlen(text) < DIGITS_LEAST)
		return cli_fail(
		    CLI_USAGE, _("give at least %d digits of the identifier"), DIGITS_LEAST);
	if (strlen(text) >= WHOLE_LEN) {
		snprintf(out, CLI_FIND_ID_MAX + 1, "%s", text);
		return CLI_DONE;
	}
	if ((rc = cli_pages_read(cli, target, SEARCH_MOST, &items, &more)) != CLI_DONE)
		return rc;
	json_array_foreach(items, i, item)
	{
		const char *id = cli_string(item, member);

		if (!fits(id, text) || !desk_client_is_name(id))
			continue;
		if (found != NULL && strcmp(found, id) != 0) {
			rc = tell_several(items, member, text);
			break;
		}
		found = id;
	}
	if (rc == CLI_DONE && found == NULL)
		rc = cli_fail(CLI_REFUSED, _("no identifier begins or ends with these digits"));
	if (rc == CLI_DONE)
		snprintf(out, CLI_FIND_ID_MAX + 1, "%s", found);
	json_decref(items);
	return rc;
}

enum cli_exit
cli_find_task(struct cli *cli, const char *text, char out[static CLI_FIND_ID_MAX + 1])
{
	return find(cli, "/v1/tasks?box=all", "task", text, out);
}

/* Of two that bore one name, who works here still. */
static json_int_t
number_of(const json_t *people, const char *name)
{
	const json_t *one;
	json_int_t number = 0;
	size_t i;

	json_array_foreach(people, i, one)
	{
		if (strcmp(cli_string(one, "name"), name) == 0 &&
		    (number == 0 || json_is_true(json_object_get(one, "active"))))
			number = json_integer_value(json_object_get(one, "person"));
	}
	return number;
}

enum cli_exit
cli_find_person(struct cli *cli, const char *text, char out[static CLI_FIND_ID_MAX + 1])
{
	json_t *people = NULL;
	json_int_t number;
	bool more;
	enum cli_exit rc;

	if (text[0] != '\0' && strlen(text) < CLI_FIND_ID_MAX &&
	    strspn(text, "0123456789") == strlen(text)) {
		snprintf(out, CLI_FIND_ID_MAX + 1, "%s", text);
		return CLI_DONE;
	}
	if ((rc = cli_pages_read(cli, "/v1/people", SEARCH_MOST, &people, &more)) != CLI_DONE)
		return rc;
	number = number_of(people, text);
	json_decref(people);
	snprintf(out, CLI_FIND_ID_MAX + 1, "%lld", (long long)number);
	return number != 0 ? CLI_DONE
	                   : cli_fail(CLI_REFUSED,
				 _("there is nobody of this name; see: saikne people"));
}

enum cli_exit
cli_find_case(struct cli *cli, const char *text, char out[static CLI_FIND_ID_MAX + 1])
{
	return find(cli, "/v1/cases", "case", text, out);
}
