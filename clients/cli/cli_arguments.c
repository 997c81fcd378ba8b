/* clients/cli/cli_arguments.c: matches a command line against a table of options. */
#include "clients/cli/cli_arguments.h"

#include <stdio.h>
#include <string.h>

#include "protocol/host/lang.h"

static const struct cli_option *
find_in(const struct cli_option *options, const char *name, size_t len)
{
	for (; options != NULL && options->name != NULL; options++) {
		if (strlen(options->name) == len && memcmp(options->name, name, len) == 0)
			return options;
	}
	return NULL;
}

static bool
was_given(const struct cli_arguments *arguments, const struct cli_option *option)
{
	for (unsigned i = 0; i < arguments->count; i++) {
		if (arguments->values[i].option == option)
			return true;
	}
	return false;
}

/* Adds the option NAME with the text after "=" or NEXT; *TOOK_NEXT when that was used. */
static bool
add_option(struct cli_arguments *arguments, const struct cli_option *option, const char *equals,
    const char *next, bool *took_next, char fault[static 160])
{
	const char *text = equals != NULL ? equals + 1 : NULL;

	*took_next = false;
	if (option->value == NULL && equals != NULL) {
		snprintf(fault, 160, _("--%s takes no value"), option->name);
		return false;
	}
	if (option->value != NULL && equals == NULL) {
		if (next == NULL) {
			snprintf(fault, 160, _("--%s needs a value: %s"), option->name,
			    lang_text(option->value));
			return false;
		}
		text = next;
		*took_next = true;
	}
	if (!option->repeats && was_given(arguments, option)) {
		snprintf(fault, 160, _("--%s can be given only once"), option->name);
		return false;
	}
	if (arguments->count == CLI_VALUES_MAX) {
		snprintf(fault, 160, _("too many options"));
		return false;
	}
	arguments->values[arguments->count].option = option;
	arguments->values[arguments->count].text = text;
	arguments->count++;
	return true;
}

static bool
check_positional(
    const struct cli_arguments *arguments, const char *positional, char fault[static 160])
{
	unsigned most = 0, least = 0;

	for (const char *word = positional; *word != '\0'; word += strspn(word, " ")) {
		least += *word != '[';
		most++;
		word += strcspn(word, " ");
	}
	if (arguments->positional_count < least)
		snprintf(fault, 160, _("%s is missing"), lang_text(positional));
	else if (arguments->positional_count > most)
		snprintf(fault, 160, _("there is a word too many"));
	else
		return true;
	return false;
}

bool
cli_arguments_read(int argc, char *const *argv, const struct cli_option *first,
    const struct cli_option *second, const char *positional, struct cli_arguments *out,
    char fault[static 160])
{
	bool options_over = false;

	memset(out, 0, sizeof(*out));
	for (int i = 0; i < argc; i++) {
		const struct cli_option *option;
		const char *name = argv[i] + 2, *equals;
		bool took_next;

		if (!options_over && strcmp(argv[i], "--") == 0) {
			options_over = true;
			continue;
		}
		if (options_over || argv[i][0] != '-' || argv[i][1] == '\0') {
			if (out->positional_count == CLI_POSITIONAL_MAX) {
				snprintf(fault, 160, _("there is a word too many"));
				return false;
			}
			out->positional[out->positional_count++] = argv[i];
			continue;
		}
		equals = strchr(argv[i], '=');
		if (argv[i][1] != '-' ||
		    ((option = find_in(first, name, strcspn(name, "="))) == NULL &&
			(option = find_in(second, name, strcspn(name, "="))) == NULL)) {
			/* Not the text itself: a slip may have put a name there. */
			snprintf(fault, 160, _("the option at word %d is not known"), i + 1);
			return false;
		}
		if (!add_option(out, option, equals, i + 1 < argc ? argv[i + 1] : NULL,
			&took_next, fault))
			return false;
		i += took_next;
	}
	return check_positional(out, positional, fault);
}

const char *
cli_arguments_text(const struct cli_arguments *arguments, const char *name)
{
	for (unsigned i = arguments->count; i > 0; i--) {
		if (strcmp(arguments->values[i - 1].option->name, name) == 0)
			return arguments->values[i - 1].text;
	}
	return NULL;
}

bool
cli_arguments_has(const struct cli_arguments *arguments, const char *name)
{
	for (unsigned i = 0; i < arguments->count; i++) {
		if (strcmp(arguments->values[i].option->name, name) == 0)
			return true;
	}
	return false;
}
