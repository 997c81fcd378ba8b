/* tests/bench/bench_limits.c: what this machine can do, so that figures can be ratios. */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <zmq.h>

#include "protocol/host/database.h"
#include "tests/bench/bench.h"

#define VERIFICATIONS 4000
#define COMMITS       1000
#define ROUND_TRIPS   4000

static double
verifications_per_second(void)
{
	struct signing_key key;
	uint8_t message[32] = {1}, signature[SUITE_SIGNATURE_LEN];
	struct bytes view = BYTES(message);
	double start;

	suite_sign_new(&key);
	suite_sign_plain(&key, view, signature);
	start = bench_now();
	for (unsigned i = 0; i < VERIFICATIONS; i++)
		bench_must(suite_verify_plain(key.public, view, signature), "verify");
	return VERIFICATIONS / (bench_now() - start);
}

static double
commit_seconds(const char *folder)
{
	static const char *const schema[] = {
	    "CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB) STRICT"};
	static double took[COMMITS];
	uint8_t body[3072];
	char path[256];
	struct database *db;
	struct query *query;

	snprintf(path, sizeof(path), "%s/limit.db", folder);
	bench_must(database_open(
		       &(struct database_config){
			   .path = path, .migrations = schema, .migration_count = 1},
		       &db),
	    "open the limit's database");
	suite_random(body, sizeof(body));
	for (unsigned i = 0; i < COMMITS; i++) {
		double start = bench_now();

		bench_must(database_begin(db), "begin");
		bench_must(database_query(db, "INSERT INTO t VALUES (?, ?)", &query), "insert");
		query_bind_uint(query, 1, i);
		query_bind_bytes(query, 2, BYTES(body));
		bench_must(query_run(query), "insert");
		bench_must(database_commit(db, "bench"), "commit");
		took[i] = bench_now() - start;
	}
	database_close(db);
	return bench_median(took, COMMITS);
}

/* Echoes until it is killed. */
static _Noreturn void
echo(const struct box_key *server, int tell)
{
	void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_DEALER);
	char endpoint[128] = {0};
	size_t len = sizeof(endpoint);
	int one = 1;
	zmq_msg_t message;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &one, sizeof(one));
	zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, server->secret, 32);
	if (zmq_bind(socket, "tcp://127.0.0.1:*") != 0 ||
	    zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &len) != 0 ||
	    write(tell, endpoint, sizeof(endpoint)) != sizeof(endpoint))
		bench_fail("the echo could not bind");
	for (;;) {
		zmq_msg_init(&message);
		if (zmq_msg_recv(&message, socket, 0) < 0 ||
		    zmq_msg_send(&message, socket, 0) < 0)
			_exit(1);
	}
}

static double
ask_echo(const char *endpoint, const struct box_key *server)
{
	static double took[ROUND_TRIPS];
	void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_DEALER);
	struct box_key mine;
	char body[3072] = {0};

	suite_box_new(&mine);
	zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server->public, 32);
	zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, mine.public, 32);
	zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, mine.secret, 32);
	if (zmq_connect(socket, endpoint) != 0)
		bench_fail("the echo cannot be reached");
	for (unsigned i = 0; i < ROUND_TRIPS; i++) {
		double start = bench_now();

		if (zmq_send(socket, body, sizeof(body), 0) < 0 ||
		    zmq_recv(socket, body, sizeof(body), 0) < 0)
			bench_fail("the echo ended");
		took[i] = bench_now() - start;
	}
	zmq_close(socket);
	zmq_ctx_term(context);
	return bench_median(took, ROUND_TRIPS);
}

static double
round_trip_seconds(void)
{
	struct box_key server;
	char endpoint[128];
	int told[2];
	double median;
	pid_t child;

	suite_box_new(&server);
	if (pipe(told) != 0 || (child = fork()) < 0)
		bench_fail("fork");
	if (child == 0)
		echo(&server, told[1]);
	if (read(told[0], endpoint, sizeof(endpoint)) != sizeof(endpoint))
		bench_fail("the echo did not start");
	median = ask_echo(endpoint, &server);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(told[0]);
	close(told[1]);
	return median;
}

void
bench_limits(const char *folder, struct bench_limits *out)
{
	out->verify_per_s = verifications_per_second();
	out->commit_s = commit_seconds(folder);
	out->round_trip_s = round_trip_seconds();
}
