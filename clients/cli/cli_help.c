/* clients/cli/cli_help.c: the usage and each command's page, laid out. */
#include "clients/cli/cli_help.h"

#include <string.h>

#include "clients/cli/cli_commands.h"
#include "clients/cli/cli_text.h"
#include "protocol/host/lang.h"

static const struct {
	int number;
	const char *meaning;
} exits[] = {
#define CLI_EXIT_ROW(name, number, meaning) {number, meaning},
    CLI_EXIT_LIST(CLI_EXIT_ROW)
#undef CLI_EXIT_ROW
};

/* The columns that the longest operand takes. */
static unsigned
operand_columns(void)
{
	unsigned most = cli_text_width(_("COMMAND"));
	const struct cli_group *group;

	for (unsigned i = 0; (group = cli_commands_group(i)) != NULL; i++) {
		for (const struct cli_command *c = group->commands; c->name != NULL; c++) {
			unsigned width = cli_text_width(lang_text(c->positional));

			most = width > most ? width : most;
		}
	}
	return most;
}

static void
print_line(FILE *out, const char *name, const char *operand, unsigned columns, const char *text)
{
	fprintf(out, "  %-14s %-*s  %s\n", name, lang_pad(operand, columns), operand, text);
}

void
cli_help_print_usage(FILE *out)
{
	const struct cli_group *group;
	unsigned columns = operand_columns();

	fputs(_("saikne: work with the cases of your institution\n\n"
		"Usage: saikne [--desk PATH] [--json] [--color WHEN] [--lang lv|en] COMMAND "
		"...\n"),
	    out);
	for (unsigned i = 0; (group = cli_commands_group(i)) != NULL; i++) {
		fprintf(out, "\n%s\n", lang_text(group->heading));
		for (const struct cli_command *c = group->commands; c->name != NULL; c++)
			print_line(out, c->name, lang_text(c->positional), columns,
			    lang_text(c->summary));
	}
	fprintf(out, "\n");
	print_line(out, "help", _("COMMAND"), columns, _("how to use it, with an example"));
	fprintf(out,
	    _("\n  --desk PATH    the service's socket (else SAIKNE_DESK, else %s)\n"
	      "  --json         print one JSON document: the service's answer, or its refusal\n"
	      "  --color WHEN   auto (on a terminal), always or never; NO_COLOR is heeded\n"
	      "  --lang         lv or en (else from LANG)\n\n"
	      "Where flags are missing and this is a terminal, they are asked for; nothing is\n"
	      "sent before you have seen it and said yes.\n"),
	    CLI_DESK_DEFAULT);
	fprintf(out, "\n%s\n", _("Exit status"));
	for (size_t i = 0; i < sizeof(exits) / sizeof(exits[0]); i++)
		fprintf(out, "  %d  %s\n", exits[i].number, lang_text(exits[i].meaning));
}

static void
print_options(const struct cli_option *options)
{
	for (; options != NULL && options->name != NULL; options++) {
		char left[80];

		snprintf(left, sizeof(left), "--%s %s", options->name,
		    options->value != NULL ? lang_text(options->value) : "");
		printf("  %-*s %s%s\n", lang_pad(left, 28), left, lang_text(options->help),
		    options->repeats && strstr(options->help, "repeat") == NULL
			? _("; repeatable")
			: "");
	}
}

void
cli_help_print(const struct cli *cli, const struct cli_command *command)
{
	printf(_("Usage: saikne %s%s%s%s\n\n"), command->name,
	    command->positional[0] != '\0' ? " " : "", lang_text(command->positional),
	    command->options != NULL ? _(" [options]") : "");
	cli_terminal_wrap(&cli->terminal, lang_text(command->help), 0);
	if (command->options != NULL) {
		putchar('\n');
		print_options(command->options);
	}
	if (command->more_options != NULL) {
		puts(
		    _("\nThe content, of which each recipient gets what its profile permits:"));
		print_options(command->more_options());
	}
	printf(_("\nExample:\n  %s\n"), command->example);
}
