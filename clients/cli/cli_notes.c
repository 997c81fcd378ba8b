/* clients/cli/cli_notes.c: what stands beside a legal basis, in sentences. */
#include "clients/cli/cli_notes.h"

#include <string.h>

#include "clients/cli/cli_labels.h"
#include "protocol/host/lang.h"

#define SENTENCE_MAX 512

/* Desks tell days as they are kept, 2026-11-22. */
static void
put_note(const struct cli *cli, const json_t *note, char out[static SENTENCE_MAX])
{
	const char *what = cli_string(note, "note"), *day = cli_string(note, "day");
	const char *ground = cli_labels_code(cli, "legal-bases", cli_string(note, "ground"));

	out[0] = '\0';
	if (strcmp(what, "no_consent_needed") == 0)
		snprintf(out, SENTENCE_MAX,
		    _("No consent is needed for this (%s), and a refusal does not hinder it."),
		    ground);
	else if (strcmp(what, "unconfirmed") == 0)
		snprintf(out, SENTENCE_MAX,
		    _("Your institution has not confirmed this provision yet (%s); it works "
		      "all the same, and that is recorded. See: saikne provisions"),
		    ground);
	else if (strcmp(what, "custody_check") == 0)
		snprintf(out, SENTENCE_MAX, "%s",
		    _("A custody statement may concern who gave this consent: check whose "
		      "custody it names."));
	else if (strcmp(what, "refused") == 0)
		snprintf(out, SENTENCE_MAX,
		    _("The family refused consent on %s: the decision says why sharing is "
		      "necessary all the same."),
		    day);
	else if (strcmp(what, "withdrawn") == 0)
		snprintf(out, SENTENCE_MAX,
		    _("The family withdrew consent on %s: the decision says why sharing is "
		      "necessary all the same."),
		    day);
}

void
cli_notes_print(const struct cli *cli, const json_t *answer)
{
	const json_t *note;
	size_t i;

	json_array_foreach(json_object_get(answer, "notes"), i, note)
	{
		char text[SENTENCE_MAX];

		put_note(cli, note, text);
		if (text[0] == '\0')
			continue;
		fputs(cli_terminal_on(&cli->terminal, CLI_YELLOW), stdout);
		cli_terminal_wrap(&cli->terminal, text, 0);
		fputs(cli_terminal_off(&cli->terminal, CLI_YELLOW), stdout);
	}
}
