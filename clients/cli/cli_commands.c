/* clients/cli/cli_commands.c: the groups of commands, in the order of the help. */
#include "clients/cli/cli_commands.h"

#include <string.h>

#include "protocol/host/lang.h"

static const struct cli_group groups[] = {
    {N_("Look"), cli_commands_look},
    {N_("Refer, and go on as the sender"), cli_commands_refer},
    {N_("Answer as the recipient"), cli_commands_answer},
    {N_("Ask for information, and tell"), cli_commands_tasks},
    {N_("Several institutions together"), cli_commands_shared},
    {N_("Inside your institution"), cli_commands_inner},
    {N_("What sharing rests on"), cli_commands_grounds},
    {N_("Sittings of groups"), cli_commands_sitting},
    {N_("Prove and account for"), cli_commands_prove},
    {N_("Words to use"), cli_commands_lists},
    {N_("Who works here"), cli_commands_people},
};

const struct cli_group *
cli_commands_group(unsigned i)
{
	return i < sizeof(groups) / sizeof(groups[0]) ? &groups[i] : NULL;
}

const struct cli_command *
cli_commands_find(const char *name)
{
	const struct cli_group *group;

	for (unsigned i = 0; (group = cli_commands_group(i)) != NULL; i++) {
		for (const struct cli_command *c = group->commands; c->name != NULL; c++) {
			if (strcmp(c->name, name) == 0)
				return c;
		}
	}
	return NULL;
}
