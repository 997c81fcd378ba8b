/* clients/admin/admin_line.c: reads a command line by its command's row, and explains the row. */
#include "clients/admin/admin_line.h"

#include <stdio.h>
#include <string.h>

#include "protocol/host/lang.h"

/* ---- Usage, from the row of the table -------------------------------------------------- */

static void
print_synopsis(const struct admin_command *command, FILE *to)
{
	fprintf(to, "saikne-admin %s", command->name);
	for (const struct admin_option *o = command->options; o->name != NULL; o++)
		fprintf(to, " %s--%s%s%s%s", o->required ? "" : "[", o->name,
		    o->value == NULL ? "" : " ", o->value == NULL ? "" : lang_text(o->value),
		    o->required ? "" : "]");
	if (command->operands != NULL)
		fprintf(to, " %s", lang_text(command->operands));
	fputc('\n', to);
}

void
admin_line_help(const struct admin_command *command)
{
	char option[64];

	printf("saikne-admin %s: %s\n\n%s ", command->name, lang_text(command->summary),
	    _("Usage:"));
	print_synopsis(command, stdout);
	printf("\n%s\n\n", lang_text(command->help));
	for (const struct admin_option *o = command->options; o->name != NULL; o++) {
		snprintf(option, sizeof(option), "--%s%s%s", o->name,
		    o->value == NULL ? "" : " ", o->value == NULL ? "" : lang_text(o->value));
		printf("  %-*s %s\n", lang_pad(option, 26), option, lang_text(o->help));
	}
	puts(_("\nExit status: 0 done, 1 refused or failed, 2 wrong usage."));
}

/* ---- The command line ------------------------------------------------------------------- */

const char *
admin_line_value(const struct admin_line *line, const char *name)
{
	const struct admin_option *options = line->command->options;

	for (size_t i = 0; options[i].name != NULL; i++)
		if (strcmp(options[i].name, name) == 0)
			return line->values[i];
	return NULL;
}

/* FORMAT takes WHICH, and is in the language in force. */
static enum admin_exit
wrong_usage(const struct admin_command *command, const char *format, const char *which)
{
	fprintf(stderr, "saikne-admin %s: ", command->name);
	fprintf(stderr, format, which);
	fprintf(stderr, "\n%s ", _("Usage:"));
	print_synopsis(command, stderr);
	return ADMIN_USAGE;
}

/* Takes the option ARG ("--name" or "--name=value"), perhaps with the argument behind it. */
static enum admin_exit
take_option(struct admin_line *line, char **arg, int left, int *used)
{
	const struct admin_option *options = line->command->options;
	const char *name = arg[0] + 2, *equals = strchr(name, '=');
	size_t len = equals == NULL ? strlen(name) : (size_t)(equals - name), i;

	for (i = 0; options[i].name != NULL; i++)
		if (strlen(options[i].name) == len && strncmp(options[i].name, name, len) == 0)
			break;
	if (options[i].name == NULL)
		return wrong_usage(line->command, _("there is no option %s"), arg[0]);
	if (line->values[i] != NULL)
		return wrong_usage(line->command, _("%s is given twice"), arg[0]);
	*used = 1;
	if (options[i].value == NULL) {
		if (equals != NULL)
			return wrong_usage(line->command, _("%s takes no value"), arg[0]);
		line->values[i] = "";
	} else if (equals != NULL) {
		line->values[i] = equals + 1;
	} else if (left < 2) {
		return wrong_usage(line->command, _("%s needs a value"), arg[0]);
	} else {
		line->values[i] = arg[1];
		*used = 2;
	}
	return ADMIN_DONE;
}

enum admin_exit
admin_line_read(struct admin_line *line, int argc, char **argv)
{
	const struct admin_command *command = line->command;
	bool options_over = false;
	enum admin_exit rc;
	int used;

	for (int i = 0; i < argc; i += used) {
		used = 1;
		if (!options_over && strcmp(argv[i], "--") == 0) {
			options_over = true;
		} else if (!options_over && strncmp(argv[i], "--", 2) == 0) {
			if ((rc = take_option(line, argv + i, argc - i, &used)) != ADMIN_DONE)
				return rc;
		} else if (line->operand_count == command->operands_max) {
			return wrong_usage(command, _("%s is too much"), argv[i]);
		} else {
			line->operands[line->operand_count++] = argv[i];
		}
	}
	for (size_t i = 0; command->options[i].name != NULL; i++)
		if (command->options[i].required && line->values[i] == NULL)
			return wrong_usage(
			    command, _("--%s is missing"), command->options[i].name);
	if (line->operand_count < command->operands_min)
		return wrong_usage(command, _("%s is missing"), lang_text(command->operands));
	return ADMIN_DONE;
}
