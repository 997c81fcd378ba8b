/* clients/cli/cli_prompt.c: asks, reads a line, asks again when it cannot be used. */
#include "clients/cli/cli_prompt.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include "clients/cli/cli_text.h"

#define SHOWN_MAX 12 /* more choices than these are searched */
#define FOUND_MAX 20

bool
cli_prompt_can_ask(const struct cli *cli)
{
	const char *forbidden = getenv("SAIKNE_NO_FORM");

	return !cli->json && (forbidden == NULL || forbidden[0] == '\0') &&
	       cli->terminal.is_terminal && isatty(STDIN_FILENO) == 1;
}

void
cli_prompt_head(const struct cli *cli, const char *head, const char *hint)
{
	printf("\n%s", cli_terminal_on(&cli->terminal, CLI_BOLD));
	cli_terminal_put(stdout, head);
	printf("%s", cli_terminal_off(&cli->terminal, CLI_BOLD));
	if (hint[0] != '\0') {
		fputs("  ", stdout);
		cli_terminal_put(stdout, hint);
	}
	putchar('\n');
}

static void
trim(char *text)
{
	size_t len = strlen(text), skip;

	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		text[--len] = '\0';
	skip = strspn(text, " \t");
	memmove(text, text + skip, len - skip + 1);
}

static bool
is_usable(const char *text)
{
	return bytes_is_utf8(bytes_of_text(text));
}

enum cli_exit
cli_prompt_line(const char *label, char out[static CLI_PROMPT_LINE_MAX])
{
	do {
		fputs(label, stdout);
		fflush(stdout);
		if (fgets(out, CLI_PROMPT_LINE_MAX, stdin) == NULL) {
			putchar('\n');
			return cli_fail(CLI_LEFT, _("nothing was sent"));
		}
		trim(out);
		if (!is_usable(out))
			puts(_("This has characters that cannot be used; once more, please."));
	} while (!is_usable(out));
	return CLI_DONE;
}

enum cli_exit
cli_prompt_text(struct buffer *out)
{
	char line[CLI_PROMPT_LINE_MAX];
	enum cli_exit rc;

	while ((rc = cli_prompt_line("| ", line)) == CLI_DONE && line[0] != '\0') {
		if (out->len > 0)
			buffer_append_byte(out, '\n');
		buffer_append_text(out, line);
	}
	explicit_bzero(line, sizeof(line)); /* a child's data */
	if (rc == CLI_DONE && out->failed)
		rc = cli_fail(CLI_REFUSED, _("memory ran out"));
	return rc;
}

/* ---- Search ------------------------------------------------------------------------------ */

/* The plain letter of one with a Latvian mark. */
static wchar_t
plain(wchar_t letter)
{
	static const wchar_t marked[] = L"āčēģīķļņōŗšūž", bare[] = L"acegiklnorsuz";
	const wchar_t *at;

	letter = (wchar_t)towlower((wint_t)letter);
	at = letter != L'\0' ? wcschr(marked, letter) : NULL;
	return at != NULL ? bare[at - marked] : letter;
}

/* TEXT in plain small letters; false when it is no text of this locale. */
static bool
fold(const char *text, wchar_t *out, size_t room)
{
	size_t len = mbstowcs(out, text, room);

	if (len >= room)
		return false;
	for (size_t i = 0; i < len; i++)
		out[i] = plain(out[i]);
	return true;
}

bool
cli_prompt_has(const char *left, const char *right)
{
	wchar_t in[512], part[512];

	if (!fold(left, in, sizeof(in) / sizeof(in[0])) ||
	    !fold(right, part, sizeof(part) / sizeof(part[0])))
		return strstr(left, right) != NULL;
	return wcsstr(in, part) != NULL;
}

/* ---- Choosing ---------------------------------------------------------------------------- */

struct choosing {
	const struct cli *cli;
	const struct cli_choice *choices;
	size_t count;
	const struct cli_choice *shown[FOUND_MAX]; /* under the numbers from 1 */
	size_t shown_count;
	bool several;
	json_t *chosen; /* an array of codes */
};

static void
show(const struct choosing *c)
{
	for (size_t i = 0; i < c->shown_count; i++) {
		const struct cli_choice *one = c->shown[i];
		struct buffer text = {0};

		buffer_append_text(&text, one->label);
		if (one->more[0] != '\0')
			buffer_append_format(&text, " (%s)", one->more);
		buffer_append_byte(&text, '\0');
		printf("  %2zu  ", i + 1);
		if (!text.failed)
			cli_terminal_wrap(&c->cli->terminal, (const char *)text.data, 6);
		buffer_free(&text);
	}
}

/* Puts those that have PART under numbers; "" is in all. */
static void
find(struct choosing *c, const char *part)
{
	size_t others = 0;

	c->shown_count = 0;
	for (size_t i = 0; i < c->count; i++) {
		const struct cli_choice *one = &c->choices[i];

		if (part[0] != '\0' && !cli_prompt_has(one->label, part) &&
		    !cli_prompt_has(one->code, part) && !cli_prompt_has(one->more, part))
			continue;
		if (c->shown_count < FOUND_MAX)
			c->shown[c->shown_count++] = one;
		else
			others++;
	}
	if (c->shown_count == 0)
		puts(_("Nothing has that in it."));
	show(c);
	if (others > 0)
		printf(ngettext("  and %zu more: type a part of a word\n",
			   "  and %zu more: type a part of a word\n", others),
		    others);
}

/* By a number on the screen, or by its code. */
static const struct cli_choice *
pick(const struct choosing *c, const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*end == '\0' && number >= 1 && number <= c->shown_count)
		return c->shown[number - 1];
	for (size_t i = 0; i < c->count; i++) {
		if (strcmp(c->choices[i].code, text) == 0)
			return &c->choices[i];
	}
	return NULL;
}

static bool
add(struct choosing *c, const struct cli_choice *one)
{
	const json_t *code;
	size_t i;

	json_array_foreach(c->chosen, i, code)
	{
		if (strcmp(json_string_value(code), one->code) == 0)
			return true;
	}
	fputs("  + ", stdout);
	cli_terminal_put(stdout, one->label);
	putchar('\n');
	return json_array_append_new(c->chosen, json_string(one->code)) == 0;
}

/* Takes "2", "2 5", "2,5" or a code; false when a word is none, and nothing is added then. */
static bool
take(struct choosing *c, const char *line)
{
	const struct cli_choice *found[16];
	char words[CLI_PROMPT_LINE_MAX], *rest = words, *word;
	size_t count = 0;

	snprintf(words, sizeof(words), "%s", line);
	while ((word = strsep(&rest, " ,")) != NULL) {
		if (word[0] == '\0')
			continue;
		if (count == sizeof(found) / sizeof(found[0]) ||
		    (found[count] = pick(c, word)) == NULL || (!c->several && count == 1))
			return false;
		count++;
	}
	for (size_t i = 0; i < count; i++) {
		if (!add(c, found[i]))
			return false;
	}
	return count > 0;
}

static enum cli_exit
ask(struct choosing *c, bool required)
{
	bool search = c->count > SHOWN_MAX;
	char line[CLI_PROMPT_LINE_MAX];
	enum cli_exit rc;

	if (search)
		puts(_("Type a part of a word to search; Enter shows them."));
	else
		find(c, "");
	for (;;) {
		const char *label = json_array_size(c->chosen) > 0 ? _("Another, or Enter: ")
		                    : c->several                   ? _("Number (or several): ")
		                                                   : _("Number: ");

		if ((rc = cli_prompt_line(label, line)) != CLI_DONE)
			return rc;
		if (line[0] == '\0') {
			if (json_array_size(c->chosen) > 0 || (!required && !search))
				return CLI_DONE;
			if (!required && c->shown_count > 0)
				return CLI_DONE;
			find(c, "");
		} else if (take(c, line)) {
			if (!c->several)
				return CLI_DONE;
		} else if (strspn(line, "0123456789 ,") == strlen(line)) {
			puts(_("There is no such number here."));
		} else {
			find(c, line);
		}
	}
}

enum cli_exit
cli_prompt_choose(const struct cli *cli, const struct cli_choice *choices, size_t count,
    bool several, bool required, json_t **out)
{
	struct choosing c = {.cli = cli,
	    .choices = choices,
	    .count = count,
	    .several = several,
	    .chosen = json_array()};
	enum cli_exit rc = ask(&c, required);

	*out = NULL;
	if (rc == CLI_DONE && json_array_size(c.chosen) > 0)
		*out =
		    several ? json_incref(c.chosen) : json_incref(json_array_get(c.chosen, 0));
	json_decref(c.chosen);
	return rc;
}

int
cli_prompt_yes_no(const char *text)
{
	/* The first letters of yes and no in the language in force, besides English. */
	static const char *const yes[] = {"y", "yes", "j", "jā", "ja"};
	static const char *const no[] = {"n", "no", "nē", "ne"};

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (strcasecmp(text, yes[i]) == 0)
			return 1;
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		if (strcasecmp(text, no[i]) == 0)
			return 0;
	}
	return -1;
}
