/* tests/bench/bench_world.c: a network with keys of its own, and the real broker process. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protocol/host/clock.h"
#include "protocol/host/keyfile.h"
#include "protocol/host/link.h"
#include "tests/bench/bench.h"

#define NETWORK_ID "bench"
#define DAY_MS     (24ULL * 3600 * 1000)

static int
free_port(void)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		bench_fail("no free port");
	close(fd);
	return ntohs(address.sin_port);
}

static void
write_key(const char *folder, const char *name, const char *purpose, const uint8_t *secret)
{
	char path[600];

	snprintf(path, sizeof(path), "%.400s/%.30s.key", folder, name);
	bench_must(keyfile_create(path, purpose, secret), path);
}

static void
write_file(const char *folder, const char *name, struct bytes content, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", folder, name);
	bench_must(keyfile_write(path, content, 0600), path);
}

/* Encodes and signs; the caller frees BYTES. */
static void
say(const struct statement *statement, const enum signer *roles,
    const struct signing_key *const *keys, unsigned count, struct buffer *bytes,
    struct signed_statement *out)
{
	statement_encode(statement, bytes);
	*out =
	    (struct signed_statement){.view = bytes_of_buffer(bytes), .signature_count = count};
	for (unsigned i = 0; i < count; i++)
		statement_sign(out->view, roles[i], keys[i], &out->signatures[i]);
}

static struct signing_key root;

static void
write_genesis(struct bench_world *world, const struct signing_key *log_key)
{
	struct statement network = {.kind = STATEMENT_NETWORK,
	    .network = bytes_of_text(NETWORK_ID),
	    .time_ms = clock_now_ms(),
	    .log_name = bytes_of_text(world->network.log.name)};
	struct statement registrar = {.kind = STATEMENT_REGISTRAR,
	    .network = network.network,
	    .time_ms = network.time_ms,
	    .not_before_ms = network.time_ms,
	    .not_after_ms = network.time_ms + 80 * DAY_MS};
	const struct statement *both[] = {&network, &registrar};
	const struct signing_key *keys[] = {&root};
	enum signer roles[] = {SIGNER_ROOT};
	struct buffer file = {0};
	char path[600];

	memcpy(network.key, root.public, 32);
	memcpy(network.log_key, log_key->public, 32);
	memcpy(network.transport, world->network.broker_key, 32);
	memcpy(registrar.key, world->registrar.signing.public, 32);
	memcpy(registrar.transport, world->registrar.transport.public, 32);
	for (unsigned i = 0; i < 2; i++) {
		struct signed_statement made;
		struct buffer bytes = {0};

		say(both[i], roles, keys, 1, &bytes, &made);
		statement_file_add(&made, &file);
		buffer_free(&bytes);
	}
	write_file(world->folder, "genesis", bytes_of_buffer(&file), path, sizeof(path));
	buffer_free(&file);
}

static void
make_party(struct bench_party *party, const char *code)
{
	snprintf(party->code, sizeof(party->code), "%s", code);
	suite_sign_new(&party->signing);
	suite_box_new(&party->transport);
	suite_box_new(&party->sealing);
}

void
bench_world_make(const char *folder, const char *bin, struct bench_world *out)
{
	struct box_key transport;
	uint8_t seed[32], root_seed[32];
	struct signing_key log_key;
	struct buffer text = {0};
	char path[600], code[32];

	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		bench_fail(folder);
	snprintf(out->folder, sizeof(out->folder), "%s", folder);
	out->bin = bin;
	suite_random(seed, sizeof(seed));
	suite_random(root_seed, sizeof(root_seed));
	suite_sign_from_seed(seed, &log_key);
	suite_sign_from_seed(root_seed, &root);
	suite_box_new(&transport);
	snprintf(out->network.id, sizeof(out->network.id), NETWORK_ID);
	memcpy(out->network.root, root.public, 32);
	memcpy(out->network.broker_key, transport.public, 32);
	snprintf(out->network.broker, sizeof(out->network.broker), "tcp://127.0.0.1:%d",
	    free_port());
	bench_must(note_key_make("bench/log", log_key.public, &out->network.log), "log key");
	make_party(&out->registrar, "registrar");
	for (unsigned i = 0; i < BENCH_PAIRS; i++) {
		snprintf(code, sizeof(code), "school-%u", i);
		make_party(&out->senders[i], code);
		snprintf(code, sizeof(code), "service-%u", i);
		make_party(&out->recipients[i], code);
	}
	snprintf(path, sizeof(path), "%s/keys", folder);
	if (mkdir(path, 0700) != 0)
		bench_fail(path);
	write_key(path, "transport", "transport", transport.secret);
	write_key(path, "log", "log", seed);
	snprintf(path, sizeof(path), "%s/data", folder);
	if (mkdir(path, 0700) != 0)
		bench_fail(path);
	network_format(&out->network, &text);
	write_file(folder, "network.conf", bytes_of_buffer(&text), path, sizeof(path));
	buffer_reset(&text);
	buffer_append_format(&text,
	    "[broker]\nnetwork = %s/network.conf\nlisten = %s\nkeys = %s/keys\ndata = %s/data\n"
	    "genesis = %s/genesis\n",
	    folder, out->network.broker, folder, folder, folder);
	write_file(
	    folder, "broker.conf", bytes_of_buffer(&text), out->config, sizeof(out->config));
	buffer_free(&text);
	write_genesis(out, &log_key);
}

double
bench_world_start(struct bench_world *world)
{
	char program[300], said[256];
	double start = bench_now();
	ssize_t len;
	int out[2];

	snprintf(program, sizeof(program), "%s/saikne-broker", world->bin);
	if (pipe(out) != 0 || (world->broker = fork()) < 0)
		bench_fail("fork");
	if (world->broker == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		execl(program, program, world->config, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	do {
		if ((len = read(out[0], said, sizeof(said) - 1)) <= 0)
			bench_fail("the broker did not start");
		said[len] = '\0';
	} while (strstr(said, "ready") == NULL);
	close(out[0]);
	return bench_now() - start;
}

void
bench_world_stop(struct bench_world *world)
{
	kill(world->broker, SIGTERM);
	waitpid(world->broker, NULL, 0);
}

static void
publish(struct link *link, const struct signed_statement *statement)
{
	struct frame_state state = {
	    .statement = statement->view, .signature_count = statement->signature_count};
	uint32_t request = link_request(link);
	struct buffer frame = {0};
	struct frame answer;

	memcpy(state.signatures, statement->signatures, sizeof(state.signatures));
	frame_state(&state, request, &frame);
	bench_must(link_ask(link, bytes_of_buffer(&frame), request, 10000, &answer), "publish");
	buffer_free(&frame);
}

static void
enrol(struct link *link, struct bench_party *party, const char *kind, bool own_epochs)
{
	const struct signing_key *admitted_by[] = {&root, &party->signing};
	const struct signing_key *own[] = {&party->signing};
	enum signer admit_roles[] = {SIGNER_ROOT, SIGNER_PARTY}, own_role[] = {SIGNER_PARTY};
	uint64_t now = clock_now_ms();
	struct statement admit = {.kind = STATEMENT_ADMIT,
	    .network = bytes_of_text(NETWORK_ID),
	    .time_ms = now,
	    .party = bytes_of_text(party->code),
	    .party_kind = bytes_of_text(kind),
	    .name = bytes_of_text(party->code),
	    .municipality = bytes_of_text("Bench")};
	struct statement epoch = {.kind = STATEMENT_SEALING_EPOCH,
	    .network = admit.network,
	    .time_ms = now,
	    .party = admit.party,
	    .epoch = 1,
	    .signing_epoch = 1,
	    .not_before_ms = now,
	    .not_after_ms = now + SEALING_LIFE_MS};
	struct signed_statement made;
	struct buffer bytes = {0};

	memcpy(admit.key, party->signing.public, 32);
	memcpy(admit.transport, party->transport.public, 32);
	memcpy(epoch.key, party->sealing.public, 32);
	party->sealing_end_ms = epoch.not_after_ms;
	say(&admit, admit_roles, admitted_by, 2, &bytes, &made);
	publish(link, &made);
	buffer_reset(&bytes);
	if (!own_epochs) {
		say(&epoch, own_role, own, 1, &bytes, &made);
		publish(link, &made);
	}
	buffer_free(&bytes);
}

static void
publish_head(struct link *link, struct bench_world *world, const struct directory *directory)
{
	const struct signing_key *keys[] = {&world->registrar.signing};
	enum signer roles[] = {SIGNER_REGISTRAR};
	struct statement head = {.kind = STATEMENT_HEAD,
	    .network = bytes_of_text(NETWORK_ID),
	    .time_ms = clock_now_ms(),
	    .length = directory_length(directory)};
	struct signed_statement made;
	struct buffer bytes = {0};

	directory_chain(directory, head.chain);
	say(&head, roles, keys, 1, &bytes, &made);
	publish(link, &made);
	buffer_free(&bytes);
}

void
bench_world_enrol(struct bench_world *world)
{
	struct directory *directory;
	struct logview view = {0};
	struct link *link;
	struct link_config config = {.network = &world->network,
	    .party = "registrar",
	    .transport = &world->registrar.transport,
	    .software = "bench",
	    .view = &view};

	bench_must(directory_create(NETWORK_ID, world->network.root, &directory), "directory");
	bench_must(
	    logview_open(&world->network.log, (struct bytes){NULL, 0}, &view), "log view");
	config.directory = directory;
	bench_must(link_open(&config, &(struct link_events){0}, &link), "link");
	bench_must(link_wait_ready(link, 10000), "connect as the registrar");
	publish_head(link, world, directory);
	for (unsigned i = 0; i < BENCH_PAIRS; i++) {
		enrol(link, &world->senders[i], "school", world->own_epochs);
		enrol(link, &world->recipients[i], "social_service", world->own_epochs);
	}
	link_close(link);
	logview_close(&view);
	directory_free(directory);
}
