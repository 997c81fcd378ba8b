/* tests/bench/bench_files.c: a large document from one desk to another, through real processes. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protocol/host/keyfile.h"
#include "protocol/wire/attachment.h"
#include "tests/bench/bench.h"

#define SIZE       (200UL << 20)
#define PART       (2UL << 20)
#define ANSWER_MAX (1UL << 20)
#define PATIENCE_S 300

struct bench_service {
	const char *code, *program;
	char home[240];
	pid_t pid;
	int desk;
	unsigned long before_kib;
};

static char room[ANSWER_MAX];

/* ---- Starting ---------------------------------------------------------------------------- */

static void
write_keys(const struct bench_service *service, struct bench_party *party)
{
	uint8_t seed[32], storage[32];
	char path[300];

	suite_random(seed, sizeof(seed));
	suite_random(storage, sizeof(storage));
	suite_sign_from_seed(seed, &party->signing);
	snprintf(path, sizeof(path), "%s/signing-1.key", service->home);
	bench_must(keyfile_create(path, "signing", seed), path);
	snprintf(path, sizeof(path), "%s/storage.key", service->home);
	bench_must(keyfile_create(path, "storage", storage), path);
	snprintf(path, sizeof(path), "%s/transport.key", service->home);
	bench_must(keyfile_create(path, "transport", party->transport.secret), path);
}

static void
make_service(
    const struct bench_world *world, struct bench_service *service, struct bench_party *party)
{
	struct buffer text = {0};
	char path[300];

	service->code = party->code;
	service->desk = -1;
	snprintf(service->home, sizeof(service->home), "%s/%.20s", world->folder, party->code);
	if (mkdir(service->home, 0700) != 0)
		bench_fail(service->home);
	write_keys(service, party);
	buffer_append_format(&text,
	    "[service]\ncode = %s\nkeys = %s\nnetwork = %s/network.conf\n"
	    "database = %s/service.db\ndesk = %s/desk\n[roles]\nuid:%lu = case_manager\n",
	    party->code, service->home, world->folder, service->home, service->home,
	    (unsigned long)getuid());
	snprintf(path, sizeof(path), "%s/service.conf", service->home);
	bench_must(keyfile_write(path, bytes_of_buffer(&text), 0600), path);
	buffer_free(&text);
}

static void
connect_desk(struct bench_service *service)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "%.90s/desk", service->home);
	for (double end = bench_now() + 30; bench_now() < end; usleep(5000)) {
		service->desk = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (connect(service->desk, (struct sockaddr *)&address, sizeof(address)) == 0)
			return;
		close(service->desk);
	}
	bench_fail("a service did not start");
}

static void
start_service(const struct bench_world *world, struct bench_service *service)
{
	char program[300], config[300];

	snprintf(program, sizeof(program), "%s/%s", world->bin, service->program);
	snprintf(config, sizeof(config), "%s/service.conf", service->home);
	if ((service->pid = fork()) < 0)
		bench_fail("fork");
	if (service->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (freopen("/dev/null", "w", stderr) == NULL ||
		    freopen("/dev/null", "w", stdout) == NULL)
			_exit(127);
		execl(program, program, config, (char *)NULL);
		_exit(127);
	}
	connect_desk(service);
}

/* ---- Asking ------------------------------------------------------------------------------ */

static void
put_all(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t done = write(fd, at, len);

		if (done <= 0)
			bench_fail("writing to the desk");
		at += done;
		len -= (size_t)done;
	}
}

/* The answer's head and what came with it are in the room; the length of its body. */
static size_t
take_head(int fd, char **body, size_t *len)
{
	const char *length;

	*len = 0;
	do {
		ssize_t got = read(fd, room + *len, ANSWER_MAX - 1 - *len);

		if (got <= 0)
			bench_fail("the desk closed the connection");
		*len += (size_t)got;
		room[*len] = '\0';
	} while ((*body = strstr(room, "\r\n\r\n")) == NULL);
	*body += 4;
	if ((length = strcasestr(room, "Content-Length:")) == NULL || length > *body)
		bench_fail("an answer without a length");
	return strtoul(length + 15, NULL, 10);
}

/* The body of the answer; NULL unless it is a success. */
static const char *
ask(const struct bench_service *service, const char *method, const char *target,
    struct bytes sent)
{
	char head[300], *body;
	size_t len, wanted;
	int size = snprintf(head, sizeof(head),
	    "%s %s HTTP/1.1\r\nHost: desk\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
	    method, target,
	    strcmp(method, "PUT") == 0 ? "application/octet-stream" : "application/json",
	    sent.len);

	put_all(service->desk, head, (size_t)size);
	put_all(service->desk, sent.data, sent.len);
	wanted = take_head(service->desk, &body, &len);
	while (len < (size_t)(body - room) + wanted) {
		ssize_t got = read(service->desk, room + len, ANSWER_MAX - 1 - len);

		if (got <= 0)
			bench_fail("the desk closed the connection");
		len += (size_t)got;
	}
	room[len] = '\0';
	return room[9] == '2' ? body : NULL;
}

static void
keep_id(const char *answer, const char *name, char out[static 33])
{
	char key[40];
	const char *at;

	snprintf(key, sizeof(key), "\"%s\":\"", name);
	if (answer == NULL || (at = strstr(answer, key)) == NULL)
		bench_fail("the desk refused");
	snprintf(out, 33, "%.32s", at + strlen(key));
}

static bool
refer(const struct bench_service *from, const char *to, const char *document, char task[33])
{
	struct buffer text = {0};
	const char *answer;

	buffer_append_format(&text,
	    "{\"to\": [\"%s\"], \"urgency\": \"immediate\", \"purpose\": \"return_to_school\","
	    " \"concern\": [\"unexcused_absence\"], \"municipality\": \"Ventspils\","
	    " \"age_band\": \"11-14\", \"ground\": \"duty_to_report\", \"basis\": \"law\","
	    " \"necessity\": \"Likums liek ziņot.\","
	    " \"attachments\": [%s%s%s], \"content\": {\"child_name\": \"Izdomāts Bērns\","
	    " \"steps_taken\": \"Runāts.\"}}",
	    to, document != NULL ? "\"" : "", document != NULL ? document : "",
	    document != NULL ? "\"" : "");
	answer = ask(from, "POST", "/v1/referrals", bytes_of_buffer(&text));
	buffer_free(&text);
	if (answer != NULL)
		keep_id(answer, "task", task);
	return answer != NULL;
}

static void
wait_task(const struct bench_service *at, const char *task)
{
	for (double end = bench_now() + PATIENCE_S; bench_now() < end; usleep(5000)) {
		const char *answer = ask(at, "GET", "/v1/tasks?box=in", bytes_of_text(""));

		if (answer != NULL && strstr(answer, task) != NULL)
			return;
	}
	bench_fail("a task did not arrive");
}

/* ---- Measuring --------------------------------------------------------------------------- */

/* One core, the same chunks, nothing else. */
static double
seal_seconds(uint8_t *data)
{
	static uint8_t sealed[ATTACHMENT_SEALED_CHUNK];
	uint8_t key[SUITE_KEY_LEN], header[SUITE_STREAM_HEADER];
	struct suite_stream stream;
	double start;

	suite_random(key, sizeof(key));
	suite_stream_start(key, header, &stream);
	start = bench_now();
	for (size_t at = 0; at < SIZE; at += ATTACHMENT_CHUNK)
		suite_stream_seal(&stream, (struct bytes){data + at % PART, ATTACHMENT_CHUNK},
		    at + ATTACHMENT_CHUNK == SIZE, sealed);
	return bench_now() - start;
}

static void
bring(const struct bench_service *at, uint8_t *part, char document[33])
{
	char target[120], begin[120];

	snprintf(begin, sizeof(begin),
	    "{\"name\": \"a.pdf\", \"category\": \"attendance\", \"size\": %lu}", SIZE);
	keep_id(
	    ask(at, "POST", "/v1/attachments", bytes_of_text(begin)), "attachment", document);
	for (size_t offset = 0; offset < SIZE; offset += PART) {
		snprintf(
		    target, sizeof(target), "/v1/attachments/%s?offset=%zu", document, offset);
		if (ask(at, "PUT", target, (struct bytes){part, PART}) == NULL)
			bench_fail("a part was refused");
	}
}

/* Every part was the same, so every byte is known. */
static void
download(const struct bench_service *at, const char *document, const uint8_t *part)
{
	char head[200], *body;
	size_t len, size, done = 0;
	ssize_t got;
	int n = snprintf(head, sizeof(head),
	    "GET /v1/attachments/%s HTTP/1.1\r\nHost: desk\r\n\r\n", document);

	put_all(at->desk, head, (size_t)n);
	size = take_head(at->desk, &body, &len);
	len -= (size_t)(body - room);
	while (size == SIZE) {
		for (size_t i = 0; i < len;) {
			size_t place = (done + i) % PART;
			size_t count = len - i < PART - place ? len - i : PART - place;

			if (memcmp(body + i, part + place, count) != 0)
				bench_fail("other bytes came than were sent");
			i += count;
		}
		done += len;
		if (done == SIZE)
			return;
		body = room;
		got = read(at->desk, body, ANSWER_MAX);
		if (got <= 0)
			break;
		len = (size_t)got;
	}
	bench_fail("a document came cut off");
}

static double
grown_mib(pid_t pid, unsigned long before_kib)
{
	unsigned long most = bench_memory_kib(pid, "VmHWM:");

	return most > before_kib ? (double)(most - before_kib) / 1024 : 0;
}

static void
measure(const struct bench_world *world, struct bench_service *school,
    struct bench_service *social, struct bench_files *out)
{
	static uint8_t part[PART] = "%PDF-1.7\n";
	const pid_t pids[] = {school->pid, world->broker, social->pid};
	unsigned long broker;
	double start, brought, arrived;
	char document[33], task[33], target[60];

	suite_random(part + 9, PART - 9);
	broker = bench_memory_kib(world->broker, "VmRSS:");
	school->before_kib = bench_memory_kib(school->pid, "VmRSS:");
	social->before_kib = bench_memory_kib(social->pid, "VmRSS:");
	for (unsigned i = 0; i < 3; i++)
		out->cpu_s[i] = bench_cpu_s(pids[i]);
	out->seal_s = seal_seconds(part);
	start = bench_now();
	bring(school, part, document);
	brought = bench_now();
	if (!refer(school, social->code, document, task))
		bench_fail("a referral was refused");
	wait_task(social, task);
	arrived = bench_now();
	snprintf(target, sizeof(target), "/v1/tasks/%s", task);
	keep_id(ask(social, "GET", target, bytes_of_text("")), "attachment", document);
	download(social, document, part);
	out->whole_s = bench_now() - start;
	for (unsigned i = 0; i < 3; i++)
		out->cpu_s[i] = bench_cpu_s(pids[i]) - out->cpu_s[i];
	out->bring_s = brought - start;
	out->carry_s = arrived - brought;
	out->open_s = start + out->whole_s - arrived;
	out->grown_mib[0] = grown_mib(school->pid, school->before_kib);
	out->grown_mib[1] = grown_mib(world->broker, broker);
	out->grown_mib[2] = grown_mib(social->pid, social->before_kib);
}

void
bench_files(struct bench_world *world, struct bench_files *out)
{
	struct bench_service school = {.program = "saikne-school"},
			     social = {.program = "saikne-social-service"};
	char task[33];
	double end;

	make_service(world, &school, &world->senders[0]);
	make_service(world, &social, &world->recipients[0]);
	world->own_epochs = true;
	bench_world_enrol(world);
	start_service(world, &school);
	start_service(world, &social);
	/* Until both are connected and can be sealed to. */
	for (end = bench_now() + 60; !refer(&school, social.code, NULL, task); usleep(50000))
		if (bench_now() > end)
			bench_fail("the services do not connect");
	wait_task(&social, task);
	measure(world, &school, &social, out);
	kill(school.pid, SIGTERM);
	kill(social.pid, SIGTERM);
	waitpid(school.pid, NULL, 0);
	waitpid(social.pid, NULL, 0);
}
