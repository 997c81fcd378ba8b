/* clients/cli/cli_facts.c: one thing told on the screen: headings, and facts behind their labels. */
#include "clients/cli/cli_facts.h"

#include "clients/cli/cli_labels.h"
#include "clients/cli/cli_text.h"

#define INDENT      2
#define LABEL_WIDTH 32
#define VALUE_LEAST 26

void
cli_facts_heading(const struct cli *cli, const char *text)
{
	printf("\n%s", cli_terminal_on(&cli->terminal, CLI_BOLD));
	cli_terminal_wrap(&cli->terminal, text, 0);
	fputs(cli_terminal_off(&cli->terminal, CLI_BOLD), stdout);
}

void
cli_facts_pair(const struct cli *cli, const char *label, const char *value)
{
	unsigned used = cli_text_width(label), width = cli->terminal.width;
	bool below =
	    used > LABEL_WIDTH - 2 || (width > 0 && width < INDENT + LABEL_WIDTH + VALUE_LEAST);

	if (value[0] == '\0')
		return;
	printf("%*s", INDENT, "");
	if (below) {
		cli_terminal_wrap(&cli->terminal, label, INDENT);
		printf("%*s", 2 * INDENT, "");
		cli_terminal_wrap(&cli->terminal, value, 2 * INDENT);
		return;
	}
	cli_terminal_put(stdout, label);
	printf("%*s", (int)(LABEL_WIDTH - used), "");
	cli_terminal_wrap(&cli->terminal, value, INDENT + LABEL_WIDTH);
}

void
cli_facts_field(const struct cli *cli, const char *name, const char *label, const json_t *value)
{
	struct buffer text = {0};

	cli_labels_value(cli, name, value, &text);
	buffer_append_byte(&text, '\0');
	if (!text.failed)
		cli_facts_pair(cli, label[0] != '\0' ? label : cli_labels_field(cli, name),
		    (const char *)text.data);
	buffer_free(&text);
}
