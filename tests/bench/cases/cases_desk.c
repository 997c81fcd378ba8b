/* tests/bench/cases/cases_desk.c: a real service process, asked over its socket. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/cases/cases.h"

#define ANSWER_MAX (8U << 20)

static int
connect_desk(const char *folder)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%.90s/desk", folder);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

double
cases_desk_start(const char *bin, const char *folder, struct cases_desk *out)
{
	char program[300], config[300], address[128];
	double start = bench_now();

	*out = (struct cases_desk){.folder = folder, .fd = -1};
	snprintf(program, sizeof(program), "%s/saikne-school", bin);
	snprintf(config, sizeof(config), "%s/service.conf", folder);
	snprintf(address, sizeof(address), "%.100s/desk", folder);
	unlink(address);
	if ((out->service = fork()) < 0)
		bench_fail("fork");
	if (out->service == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(127);
		execl(program, program, config, (char *)NULL);
		_exit(127);
	}
	while ((out->fd = connect_desk(folder)) < 0) {
		if (bench_now() - start > 30 || waitpid(out->service, NULL, WNOHANG) != 0)
			bench_fail("the service did not start");
		usleep(1000);
	}
	cases_desk_ask(out, "GET", "/v1/fields", "", NULL);
	return bench_now() - start;
}

void
cases_desk_stop(struct cases_desk *desk)
{
	close(desk->fd);
	kill(desk->service, SIGTERM);
	waitpid(desk->service, NULL, 0);
}

/* Reads until the answer is whole; where its body begins. */
static const char *
read_answer(int fd, char *room)
{
	size_t len = 0, wanted = SIZE_MAX;
	char *body = NULL;

	while (body == NULL || len < wanted) {
		ssize_t got = read(fd, room + len, ANSWER_MAX - 1 - len);

		if (got <= 0)
			bench_fail("the desk closed the connection");
		len += (size_t)got;
		room[len] = '\0';
		if (body == NULL && (body = strstr(room, "\r\n\r\n")) != NULL) {
			const char *length = strcasestr(room, "Content-Length:");

			body += 4;
			if (length == NULL || length > body)
				bench_fail("an answer without a length");
			wanted = (size_t)(body - room) + strtoul(length + 15, NULL, 10);
		}
	}
	return body;
}

/* Of all its threads; a busy machine makes an answer wait, and leaves this as it is. */
static double
busy_of(pid_t pid)
{
	struct timespec busy;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &busy) != 0)
		bench_fail("the service's processor time");
	return (double)busy.tv_sec + (double)busy.tv_nsec / 1e9;
}

double
cases_desk_ask(struct cases_desk *desk, const char *method, const char *target,
    const char *body, size_t *items)
{
	static char room[ANSWER_MAX];
	struct buffer request = {0};
	const char *answer;
	double start, busy, taken;
	json_t *json;

	buffer_append_format(&request,
	    "%s %s HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n"
	    "%s%s%sContent-Length: %zu\r\n\r\n%s",
	    method, target, desk->session != NULL ? "Authorization: Bearer " : "",
	    desk->session != NULL ? desk->session : "", desk->session != NULL ? "\r\n" : "",
	    strlen(body), body);
	busy = busy_of(desk->service);
	start = bench_now();
	if (write(desk->fd, request.data, request.len) != (ssize_t)request.len)
		bench_fail("writing to the desk");
	answer = read_answer(desk->fd, room);
	taken = bench_now() - start;
	desk->busy = busy_of(desk->service) - busy;
	buffer_free(&request);
	if (strncmp(room, "HTTP/1.1 200", 12) != 0) {
		fprintf(stderr, "%s\n", room);
		bench_fail(target);
	}
	if (items != NULL) {
		json = json_loads(answer, 0, NULL);
		*items = json_object_get(json, "items") != NULL
		             ? json_array_size(json_object_get(json, "items"))
		             : json_object_size(json) > 0;
		json_decref(json);
	}
	return taken;
}
