/* broker/supervise.c: a parent that starts the broker again when it ended abnormally. */
#include "broker/supervise.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "protocol/host/clock.h"
#include "protocol/host/oplog.h"

#define BACKOFF_MIN_MS 50
#define BACKOFF_MAX_MS 1000
#define STEADY_MS      10000 /* one that ran so long is started at once */

/* The parent's signals; they are blocked and waited for. */
static sigset_t
watched(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	return set;
}

/* 0 in the worker. */
static pid_t
start(const sigset_t *before)
{
	pid_t parent = getpid(), child = fork();

	if (child != 0)
		return child;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(1);
	sigprocmask(SIG_SETMASK, before, NULL);
	return 0;
}

/* Until the worker's end; its status. Signals to end go on to it. */
static int
attend(pid_t child, const sigset_t *set, bool *told_to_end)
{
	int status = 0, number;

	for (;;) {
		pid_t ended = waitpid(child, &status, WNOHANG);

		if (ended == child)
			return status;
		if (ended < 0 && errno != EINTR)
			return 0;
		number = sigwaitinfo(set, NULL);
		if (number == SIGCHLD || number < 0)
			continue;
		*told_to_end = *told_to_end || number != SIGHUP;
		if (number != SIGHUP && kill(child, number) != 0)
			oplog(OPLOG_WARNING, "the worker could not be told to end: %s",
			    strerror(errno));
	}
}

/* Waits MS; true when told to end meanwhile. */
static bool
pause_ms(const sigset_t *set, unsigned ms)
{
	const struct timespec time = {
	    .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
	int number = sigtimedwait(set, NULL, &time);

	return number == SIGTERM || number == SIGINT;
}

static void
tell(int status)
{
	if (WIFSIGNALED(status))
		oplog(OPLOG_ERROR, "the worker was ended by signal %d; starting it again",
		    WTERMSIG(status));
	else
		oplog(OPLOG_ERROR, "the worker ended with code %d; starting it again",
		    WEXITSTATUS(status));
}

int
supervise_run(void)
{
	const sigset_t set = watched();
	unsigned backoff = 0;
	bool told_to_end = false;
	sigset_t before;

	sigprocmask(SIG_BLOCK, &set, &before);
	while (!told_to_end) {
		uint64_t started = clock_boot_ms();
		pid_t child = start(&before);
		int status;

		if (child == 0)
			return -1;
		if (child < 0) {
			oplog(OPLOG_ERROR, "cannot start the worker: %s", strerror(errno));
			return 1;
		}
		status = attend(child, &set, &told_to_end);
		if (WIFEXITED(status) &&
		    (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == SUPERVISE_CONFIG))
			return WEXITSTATUS(status);
		if (told_to_end)
			return 1;
		tell(status);
		if (clock_boot_ms() - started >= STEADY_MS)
			backoff = 0;
		if (backoff > 0)
			told_to_end = pause_ms(&set, backoff);
		backoff = backoff == 0 ? BACKOFF_MIN_MS : 2 * backoff;
		if (backoff > BACKOFF_MAX_MS)
			backoff = BACKOFF_MAX_MS;
	}
	return 0;
}
