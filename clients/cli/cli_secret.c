/* clients/cli/cli_secret.c: asks for a password at the terminal, without showing it. */
#include "clients/cli/cli_secret.h"

#include <string.h>
#include <termios.h>
#include <unistd.h>

#define CTRL_C    3
#define CTRL_D    4
#define CTRL_U    21
#define BACKSPACE 8
#define DELETE    127

/* One byte; false at the end. Nothing is buffered, so that no secret stays behind. */
static bool
next(char *out)
{
	return read(STDIN_FILENO, out, 1) == 1;
}

/* Takes the last character, which may be several bytes, away. */
static size_t
shorten(const char *text, size_t len)
{
	while (len > 0 && ((unsigned char)text[--len] & 0xc0) == 0x80)
		;
	return len;
}

static enum cli_exit
read_line(bool raw, char out[static CLI_SECRET_MAX])
{
	size_t len = 0;
	char c;

	for (;;) {
		if (!next(&c)) {
			if (len == 0)
				return CLI_LEFT;
			break;
		}
		if (c == '\n' || c == '\r')
			break;
		if (raw && (c == CTRL_C || (c == CTRL_D && len == 0)))
			return CLI_LEFT;
		if (raw && (c == BACKSPACE || c == DELETE))
			len = shorten(out, len);
		else if (raw && c == CTRL_U)
			len = 0;
		else if (len < CLI_SECRET_MAX - 1)
			out[len++] = c;
		else
			return cli_fail(CLI_USAGE, _("the line is too long"));
	}
	out[len] = '\0';
	return CLI_DONE;
}

enum cli_exit
cli_secret_ask(const char *prompt, char out[static CLI_SECRET_MAX])
{
	struct termios before, quiet;
	enum cli_exit rc;

	memset(out, 0, CLI_SECRET_MAX);
	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return read_line(false, out); /* no terminal, nobody to prompt */
	quiet = before;
	/* Without signals: Ctrl-C must not leave the terminal without its echo. */
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) != 0)
		return cli_fail(CLI_REFUSED, _("the terminal cannot hide what is typed"));
	/* Only now: what was typed before would have been shown, and is thrown away. */
	fputs(prompt, stderr);
	rc = read_line(true, out);
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) != 0)
		(void)cli_fail(CLI_REFUSED, _("the terminal stays as it is; type: reset"));
	fputc('\n', stderr);
	return rc;
}

enum cli_exit
cli_secret_ask_shown(const char *prompt, char out[static CLI_SECRET_MAX])
{
	memset(out, 0, CLI_SECRET_MAX);
	if (isatty(STDIN_FILENO))
		fputs(prompt, stderr);
	return read_line(false, out);
}
