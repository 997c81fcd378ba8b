/* clients/cli/cli_pager.c: hands a text that is longer than the screen to a pager. */
#include "clients/cli/cli_pager.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned
count_lines(struct bytes text)
{
	unsigned lines = 0;

	for (size_t i = 0; i < text.len; i++)
		lines += text.data[i] == '\n';
	return lines;
}

/* What the environment wants; "" or "cat" wants none. */
static const char *
command_of(void)
{
	const char *own = getenv("SAIKNE_PAGER"), *any = getenv("PAGER");
	const char *command = own != NULL ? own : any != NULL ? any : "less";

	return strcmp(command, "cat") == 0 ? "" : command;
}

static bool
feed(int fd, struct bytes text)
{
	while (text.len > 0) {
		ssize_t wrote = write(fd, text.data, text.len);

		if (wrote <= 0)
			return false; /* the person had seen enough */
		text.data += wrote;
		text.len -= (size_t)wrote;
	}
	return true;
}

static _Noreturn void
become(const char *command, const int ends[static 2])
{
	if (dup2(ends[0], STDIN_FILENO) < 0)
		_exit(127);
	close(ends[0]);
	close(ends[1]);
	/* -F: a short one just stands there; -R: colours; -X: it stays on the screen. */
	if (setenv("LESS", "FRX", 0) == 0 && setenv("LESSCHARSET", "utf-8", 0) == 0)
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* False when there is no such pager: nothing was shown then. */
static bool
page(const char *command, struct bytes text)
{
	void (*before)(int), (*interrupt)(int);
	int ends[2], status = 0;
	pid_t child;

	if (pipe(ends) != 0)
		return false;
	if ((child = fork()) < 0) {
		close(ends[0]);
		close(ends[1]);
		return false;
	}
	if (child == 0)
		become(command, ends);
	close(ends[0]);
	/* Ctrl-C is the pager's while it is there. */
	interrupt = signal(SIGINT, SIG_IGN);
	before = signal(SIGPIPE, SIG_IGN);
	(void)feed(ends[1], text);
	close(ends[1]);
	while (waitpid(child, &status, 0) != child)
		continue;
	(void)signal(SIGPIPE, before);
	(void)signal(SIGINT, interrupt);
	return !WIFEXITED(status) || WEXITSTATUS(status) != 127;
}

void
cli_pager_print(const struct cli_terminal *terminal, struct bytes text)
{
	const char *command = command_of();

	fflush(stdout);
	if (terminal->is_terminal && terminal->height > 0 && command[0] != '\0' &&
	    count_lines(text) >= terminal->height && page(command, text))
		return;
	fwrite(text.data, 1, text.len, stdout);
}

static struct {
	FILE *screen; /* standard output while TEXT collects; NULL: it does not */
	char *text;
	size_t len;
} held;

void
cli_pager_begin(const struct cli_terminal *terminal)
{
	FILE *collects;

	if (!terminal->is_terminal ||
	    (collects = open_memstream(&held.text, &held.len)) == NULL)
		return;
	held.screen = stdout;
	stdout = collects;
}

void
cli_pager_end(const struct cli_terminal *terminal)
{
	bool whole;

	if (held.screen == NULL)
		return;
	whole = fclose(stdout) == 0;
	stdout = held.screen;
	held.screen = NULL;
	if (whole)
		cli_pager_print(terminal, (struct bytes){(const uint8_t *)held.text, held.len});
	free(held.text);
}
