/* protocol/host/oplog.c: lines for the operator on standard error. */
#include "protocol/host/oplog.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_LEN 1024

static const char *program_name = "saikne";
static enum oplog_level highest = OPLOG_INFO;
static int journald;

void
oplog_start(const char *program, enum oplog_level level)
{
	program_name = program;
	highest = level;
	journald = getenv("JOURNAL_STREAM") != NULL;
}

/* A control character could forge a second line or drive a terminal. */
static void
flatten(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = ' ';
}

void
oplog(enum oplog_level level, const char *format, ...)
{
	/* One write for each line, so that lines of several processes do not mix. */
	char line[LINE_MAX_LEN];
	int saved = errno, len, more;
	va_list args;
	size_t size;

	if (level > highest)
		return;
	len = journald ? snprintf(line, sizeof(line), "<%d>%s: ", (int)level, program_name)
	               : snprintf(line, sizeof(line), "%s: ", program_name);
	if (len < 0 || (size_t)len >= sizeof(line))
		len = 0;
	errno = saved; /* for %m */
	va_start(args, format);
	more = vsnprintf(line + len, sizeof(line) - (size_t)len, format, args);
	va_end(args);
	if (more < 0)
		line[len] = '\0';
	flatten(line);
	size = strlen(line);
	if (size > sizeof(line) - 2)
		size = sizeof(line) - 2;
	line[size] = '\n';
	/* There is nowhere to report that the report failed. */
	if (write(STDERR_FILENO, line, size + 1) < 0)
		errno = saved;
	errno = saved;
}
