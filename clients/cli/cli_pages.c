/* clients/cli/cli_pages.c: follows the cursor of a listing. */
#include "clients/cli/cli_pages.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cli/desk_client.h"
#include "protocol/host/lang.h"

#define PAGE_MAX 500

/* One page from AFTER ("": the first); CURSOR gets the next one, "" at the end. */
static enum cli_exit
read_page(struct cli *cli, const char *target, unsigned limit, json_t *items, char *cursor,
    size_t cursor_size)
{
	char *after = desk_client_escape(cursor);
	char url[768];
	json_t *page = NULL;
	const char *next;
	enum cli_exit rc;

	if (after == NULL)
		return cli_fail(CLI_REFUSED, _("memory ran out"));
	snprintf(url, sizeof(url), "%s%climit=%u%s%s", target,
	    strchr(target, '?') != NULL ? '&' : '?', limit, after[0] != '\0' ? "&after=" : "",
	    after);
	free(after);
	if ((rc = desk_client_get(cli, url, &page)) != CLI_DONE)
		return rc;
	next = cli_string(page, "next");
	if (json_array_extend(items, json_object_get(page, "items")) != 0 ||
	    (size_t)snprintf(cursor, cursor_size, "%s", next) >= cursor_size)
		rc = cli_fail(CLI_REFUSED, _("the desk's answer is not understood"));
	json_decref(page);
	return rc;
}

enum cli_exit
cli_pages_go_on(struct cli *cli, const char *target, unsigned most,
    char cursor[static CLI_PAGES_CURSOR], json_t **items)
{
	json_t *all = json_array();
	char before[CLI_PAGES_CURSOR];
	enum cli_exit rc;

	do {
		size_t have = json_array_size(all);
		size_t want = most - have < PAGE_MAX ? most - have : PAGE_MAX;

		memcpy(before, cursor, sizeof(before));
		if ((rc = read_page(cli, target, (unsigned)want, all, cursor,
			 CLI_PAGES_CURSOR)) != CLI_DONE) {
			json_decref(all);
			return rc;
		}
		/* A cursor that stands still would never end. */
		if (strcmp(before, cursor) == 0)
			cursor[0] = '\0';
	} while (cursor[0] != '\0' && json_array_size(all) < most);
	*items = all;
	return CLI_DONE;
}

enum cli_exit
cli_pages_read(struct cli *cli, const char *target, unsigned most, json_t **items, bool *more)
{
	char cursor[CLI_PAGES_CURSOR] = "";
	enum cli_exit rc = cli_pages_go_on(cli, target, most, cursor, items);

	if (rc == CLI_DONE)
		*more = cursor[0] != '\0';
	return rc;
}

void
cli_pages_print_json(struct cli *cli, json_t *items, bool more)
{
	json_t *answer = json_pack("{sO sb}", "items", items, "more", more);

	cli_print_json(cli, answer);
	json_decref(answer);
}
