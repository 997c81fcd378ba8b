/* tests/faults/fault.c: kills the process at the commit that a test names. */
#include "protocol/host/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "tests/faults/power_vfs.h"

/* The parts of SAIKNE_FAULT; N is 0 when nobody asked for one. */
static char wanted_kind[64];
static enum { BEFORE, DURING, AFTER } wanted_point;
static uint64_t wanted_n;
static uint64_t met;
static bool was_read;

/* A test that asks for a fault and gets none would pass for nothing. */
static _Noreturn void
misused(const char *name, const char *value)
{
	fprintf(stderr, "%s=%s: not understood (see protocol/host/fault.h)\n", name, value);
	abort();
}

/* The whole of TEXT as a number. */
static bool
parse(const char *text, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && errno == 0 && *end == '\0';
}

const char *
fault_vfs(void)
{
	const char *name = getenv("SAIKNE_FAULT_VFS");

	if (name == NULL || name[0] == '\0')
		return NULL;
	if (strcmp(name, "power") != 0)
		misused("SAIKNE_FAULT_VFS", name);
	return power_vfs_start();
}

static void
read_wish(void)
{
	const char *text = getenv("SAIKNE_FAULT"), *when, *n;

	if (was_read)
		return;
	was_read = true;
	if (text == NULL || text[0] == '\0')
		return;
	if ((when = strchr(text, ':')) == NULL || (n = strchr(when + 1, ':')) == NULL ||
	    (size_t)(when - text) >= sizeof(wanted_kind) || !parse(n + 1, &wanted_n) ||
	    wanted_n == 0)
		misused("SAIKNE_FAULT", text);
	memcpy(wanted_kind, text, (size_t)(when - text));
	if (strncmp(when, ":before:", 8) == 0)
		wanted_point = BEFORE;
	else if (strncmp(when, ":during:", 8) == 0 && fault_vfs() != NULL)
		wanted_point = DURING;
	else if (strncmp(when, ":after:", 7) == 0)
		wanted_point = AFTER;
	else
		misused("SAIKNE_FAULT", text);
}

/* What comes before the part that a test is about does not count. */
static bool
has_begun(void)
{
	const char *path = getenv("SAIKNE_FAULT_FROM");

	return path == NULL || path[0] == '\0' || access(path, F_OK) == 0;
}

static void
count(const char *kind)
{
	const char *path = getenv("SAIKNE_FAULT_COUNT");
	char line[256];
	int fd, len;

	if (path == NULL || path[0] == '\0')
		return;
	len = snprintf(line, sizeof(line), "%s %s\n", program_invocation_short_name, kind);
	/* One write each: programs of one test share the file. */
	if (len < 0 || (size_t)len >= sizeof(line) ||
	    (fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) < 0)
		misused("SAIKNE_FAULT_COUNT", path);
	if (write(fd, line, (size_t)len) != len)
		misused("SAIKNE_FAULT_COUNT", path);
	close(fd);
}

static void
die(void)
{
	/* What was sent too early leaves by another thread: it is given the time to do harm. */
	const struct timespec while_sending = {.tv_nsec = 20 * 1000 * 1000};
	const char *seed = getenv("SAIKNE_FAULT_SEED");
	uint64_t number;

	nanosleep(&while_sending, NULL);

	if (seed != NULL && seed[0] != '\0') {
		if (!parse(seed, &number))
			misused("SAIKNE_FAULT_SEED", seed);
		power_vfs_tear(number);
	}
	/* The signal may take a moment to arrive. */
	for (;;)
		kill(getpid(), SIGKILL);
}

/* Other threads, and other processes, get ahead of this one by chance. */
static void
dawdle(void)
{
	const char *text = getenv("SAIKNE_FAULT_DELAY");
	struct timespec pause;
	uint64_t most, chance;

	if (text == NULL || text[0] == '\0')
		return;
	if (!parse(text, &most) || most > 10000)
		misused("SAIKNE_FAULT_DELAY", text);
	if (getrandom(&chance, sizeof(chance), 0) != sizeof(chance))
		return;
	most = chance % (most * 1000 + 1);
	pause = (struct timespec){
	    .tv_sec = (time_t)(most / 1000000), .tv_nsec = (long)(most % 1000000) * 1000};
	nanosleep(&pause, NULL);
}

static bool
is_wanted(const char *kind)
{
	return wanted_n != 0 &&
	       (strcmp(wanted_kind, "*") == 0 || strcmp(wanted_kind, kind) == 0);
}

void
fault_before(const char *kind)
{
	read_wish();
	if (!has_begun())
		return;
	dawdle();
	count(kind);
	if (!is_wanted(kind) || ++met != wanted_n)
		return;
	if (wanted_point == BEFORE)
		die();
	if (wanted_point == DURING)
		power_vfs_at_sync(die);
}

void
fault_after(const char *kind)
{
	if (is_wanted(kind) && met == wanted_n && wanted_point == AFTER)
		die();
	if (has_begun())
		dawdle();
}
