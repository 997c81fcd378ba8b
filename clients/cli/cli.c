/* clients/cli/cli.c: what every command does with messages and answers. */
#include "clients/cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>

#include "clients/cli/cli_text.h"

enum cli_exit
cli_fail(enum cli_exit rc, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("saikne: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return rc;
}

void
cli_print_json(const struct cli *cli, const json_t *json)
{
	char *text = json_dumps(json, JSON_INDENT(2));
	struct buffer clean = {0};

	if (text != NULL && cli->terminal.is_terminal) {
		cli_text_clean(text, true, &clean);
		fwrite(clean.data, 1, clean.len, stdout);
	} else if (text != NULL) {
		fputs(text, stdout);
	}
	putchar('\n');
	buffer_free(&clean);
	free(text);
}

const char *
cli_string(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}
