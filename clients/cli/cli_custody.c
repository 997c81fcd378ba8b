/* clients/cli/cli_custody.c: custody statements on the screen. */
#include "clients/cli/cli_custody.h"

#include <string.h>

#include "clients/cli/cli_facts.h"
#include "clients/cli/cli_labels.h"
#include "protocol/base/bytes.h"
#include "protocol/host/lang.h"
#include "protocol/lists/lists.h"

/* ---- To whom it went --------------------------------------------------------------------- */

static const char *
state_of(struct cli *cli, const json_t *told)
{
	const char *how = cli_string(told, "how");

	if (strcmp(how, "knows") == 0)
		return _("has it");
	if (strcmp(how, "due") == 0)
		return _("is about to get it");
	if (strcmp(how, "unreachable") == 0)
		return _("could not be reached; it is tried again");
	return cli_labels_state(cli, cli_string(told, "state"));
}

void
cli_custody_told(struct cli *cli, const json_t *task)
{
	const json_t *told = json_object_get(task, "told"), *one;
	size_t i;

	if (json_array_size(told) == 0)
		return;
	cli_facts_heading(cli, _("To whom the statement went"));
	json_array_foreach(told, i, one)
	    cli_facts_pair(cli, cli_string(one, "to"), state_of(cli, one));
}

/* ---- What is known ----------------------------------------------------------------------- */

static void
put_words(struct buffer *line, const char *before, const char *text)
{
	if (text[0] != '\0')
		buffer_append_format(line, "%s%s", before, text);
}

static void
put_statement(const struct cli *cli, const json_t *statement)
{
	struct buffer line = {0};

	put_words(&line, "",
	    list_label("custody-events", cli_string(statement, "event"), lang_code()));
	put_words(&line, ": ", cli_string(statement, "person"));
	put_words(&line, "; ", cli_string(statement, "by"));
	put_words(&line, ", ", cli_string(statement, "number"));
	if (json_is_true(json_object_get(statement, "void")))
		put_words(&line, "; ", _("entered in error"));
	buffer_append_byte(&line, '\0');
	if (!line.failed)
		cli_facts_pair(cli, cli_string(statement, "from"), (const char *)line.data);
	buffer_free(&line);
}

void
cli_custody_known(const struct cli *cli, const json_t *file)
{
	const json_t *known = json_object_get(file, "custody"), *one;
	size_t i;

	if (json_array_size(known) == 0)
		return;
	cli_facts_heading(cli, _("Custody, as orphan's courts state it"));
	json_array_foreach(known, i, one) put_statement(cli, one);
}
