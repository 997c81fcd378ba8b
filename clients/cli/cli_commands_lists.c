/* clients/cli/cli_commands_lists.c: the words and names that requests are made of. */
#include "clients/cli/cli_commands.h"
#include "protocol/host/lang.h"

const struct cli_command cli_commands_lists[] = {
    {.name = "lists",
	.positional = N_("[NAME]"),
	.run = cli_lists_run,
	.summary = N_("the lists of codes, or one of them"),
	.help = N_("Without NAME the lists are named."),
	.example = "saikne lists urgencies"},
    {.name = "fields",
	.positional = "",
	.run = cli_lists_run_fields,
	.summary = N_("the fields of messages with category and kind"),
	.help = N_("The names are those of the JSON that --from takes."),
	.example = "saikne fields"},
    {.name = NULL},
};
