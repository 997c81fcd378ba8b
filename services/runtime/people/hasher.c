/* services/runtime/people/hasher.c: passwords hashed one at a time, in a thread of their own. */
#include "services/runtime/people/hasher.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "protocol/host/oplog.h"

/*
 * A ring: [taken, done) are results, done is the job that runs or runs next, [done, given) wait.
 * The three only grow. All of it is under LOCK but what the thread works on: its own copy.
 */
struct hasher {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	bool started, ending;
	int fd; /* an eventfd */
	struct suite_cost cost;
	uint64_t taken, done, given;
	struct hasher_job jobs[HASHER_PLACES];
	struct hasher_result results[HASHER_PLACES];
	struct hasher_job at_work; /* the thread's */
};

static void
check(const struct hasher_job *job, const struct suite_cost *cost, struct hasher_result *out)
{
	char discarded[SUITE_PASSWORD_STORED];
	struct bytes password = bytes_of_text(job->password);

	if (job->stored[0] != '\0')
		out->fits = suite_password_check(job->stored, password) == STATUS_OK;
	else
		out->rc = suite_password_store(password, cost, discarded);
}

static void
work(const struct hasher_job *job, const struct suite_cost *cost, struct hasher_result *out)
{
	if (job->what != HASHER_MAKE)
		check(job, cost, out);
	if (job->what == HASHER_MAKE || (job->what == HASHER_CHANGE && out->fits))
		out->rc = suite_password_store(bytes_of_text(job->fresh), cost, out->made);
}

static void *
run(void *state)
{
	struct hasher *hasher = state;
	struct hasher_result result;
	const uint64_t one = 1;

	pthread_mutex_lock(&hasher->lock);
	for (;;) {
		while (!hasher->ending && hasher->done == hasher->given)
			pthread_cond_wait(&hasher->more, &hasher->lock);
		if (hasher->ending)
			break;
		hasher->at_work = hasher->jobs[hasher->done % HASHER_PLACES];
		suite_wipe(
		    &hasher->jobs[hasher->done % HASHER_PLACES], sizeof(hasher->jobs[0]));
		pthread_mutex_unlock(&hasher->lock);
		result = (struct hasher_result){.id = hasher->at_work.id};
		work(&hasher->at_work, &hasher->cost, &result);
		suite_wipe(&hasher->at_work, sizeof(hasher->at_work));
		pthread_mutex_lock(&hasher->lock);
		hasher->results[hasher->done++ % HASHER_PLACES] = result;
		if (write(hasher->fd, &one, sizeof(one)) != sizeof(one))
			oplog(OPLOG_ERROR, "a sign-in cannot be answered: %s", strerror(errno));
	}
	pthread_mutex_unlock(&hasher->lock);
	return NULL;
}

/* Signals are for the thread that has the loop. */
static int
start(struct hasher *hasher)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
		return -1;
	rc = pthread_create(&hasher->thread, NULL, run, hasher);
	if (pthread_sigmask(SIG_SETMASK, &before, NULL) != 0)
		oplog(OPLOG_WARNING, "signals stay blocked");
	return rc;
}

enum status
hasher_open(const struct suite_cost *cost, struct hasher **out)
{
	struct hasher *hasher = suite_secret_new(sizeof(*hasher));

	if (hasher == NULL)
		return STATUS_NO_MEMORY;
	memset(hasher, 0, sizeof(*hasher));
	hasher->cost = *cost;
	hasher->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (hasher->fd < 0 || pthread_mutex_init(&hasher->lock, NULL) != 0) {
		if (hasher->fd >= 0)
			close(hasher->fd);
		suite_secret_free(hasher);
		return STATUS_IO;
	}
	hasher->started = pthread_cond_init(&hasher->more, NULL) == 0 && start(hasher) == 0;
	if (!hasher->started) {
		hasher_close(hasher);
		return STATUS_IO;
	}
	*out = hasher;
	return STATUS_OK;
}

void
hasher_close(struct hasher *hasher)
{
	if (hasher == NULL)
		return;
	if (hasher->started) {
		pthread_mutex_lock(&hasher->lock);
		hasher->ending = true;
		pthread_cond_signal(&hasher->more);
		pthread_mutex_unlock(&hasher->lock);
		pthread_join(hasher->thread, NULL);
		pthread_cond_destroy(&hasher->more);
	}
	pthread_mutex_destroy(&hasher->lock);
	close(hasher->fd);
	suite_secret_free(hasher);
}

int
hasher_fd(const struct hasher *hasher)
{
	return hasher->fd;
}

enum status
hasher_give(struct hasher *hasher, const struct hasher_job *job)
{
	enum status rc = STATUS_RATE_LIMITED;

	pthread_mutex_lock(&hasher->lock);
	if (hasher->given - hasher->taken < HASHER_PLACES) {
		hasher->jobs[hasher->given++ % HASHER_PLACES] = *job;
		pthread_cond_signal(&hasher->more);
		rc = STATUS_OK;
	}
	pthread_mutex_unlock(&hasher->lock);
	return rc;
}

bool
hasher_take(struct hasher *hasher, struct hasher_result *out)
{
	uint64_t count;
	bool any;

	pthread_mutex_lock(&hasher->lock);
	any = hasher->taken < hasher->done;
	if (any) {
		*out = hasher->results[hasher->taken % HASHER_PLACES];
		suite_wipe(&hasher->results[hasher->taken++ % HASHER_PLACES],
		    sizeof(hasher->results[0]));
	}
	/* Nothing is left to be told. */
	if (hasher->taken == hasher->done && read(hasher->fd, &count, sizeof(count)) < 0 &&
	    errno != EAGAIN)
		oplog(OPLOG_WARNING, "eventfd: %s", strerror(errno));
	pthread_mutex_unlock(&hasher->lock);
	return any;
}
