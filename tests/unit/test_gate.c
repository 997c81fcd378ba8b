/* tests/unit/test_gate.c: what the one door lets through, and for whom it keeps how much. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <zmq.h>

#include "broker/gate.h"
#include "protocol/host/clock.h"
#include "protocol/host/oplog.h"
#include "protocol/wire/frame.h"
#include "tests/unit/small_log.h"

#define MIB (1024U * 1024)

/* A gate, and one member of the network at the other end. */
struct scene {
	struct small_log *log;
	struct small_party school;
	struct directory *directory;
	struct gate *gate;
	void *context, *dealer;
	struct peer peer; /* as the gate knows the member */
	unsigned lost;
};

static void
on_lost(void *state, const struct peer *peer)
{
	struct scene *scene = state;

	(void)peer;
	scene->lost++;
}

static void
fold(struct scene *scene)
{
	struct signed_statement statement;
	const char *detail;
	struct leaf leaf;

	for (uint64_t i = 0; i < scene->log->count; i++) {
		assert_int_equal(
		    leaf_parse(bytes_of_buffer(&scene->log->leaves[i]), &leaf), STATUS_OK);
		statement.view = leaf.body;
		statement.signature_count = leaf.signature_count;
		memcpy(statement.signatures, leaf.signatures, sizeof(statement.signatures));
		assert_int_equal(
		    directory_apply(scene->directory, i, &statement, leaf.time_ms, &detail),
		    STATUS_OK);
	}
}

/* Connects the member and waits for its first frame. */
static void
join(struct scene *scene)
{
	const int none = 0, few = 1;
	const struct box_key *own = &scene->school.transport;
	struct bytes frame;
	bool came = false;

	assert_non_null(scene->context = zmq_ctx_new());
	assert_non_null(scene->dealer = zmq_socket(scene->context, ZMQ_DEALER));
	zmq_setsockopt(scene->dealer, ZMQ_LINGER, &none, sizeof(none));
	zmq_setsockopt(scene->dealer, ZMQ_RCVHWM, &few, sizeof(few));
	zmq_setsockopt(
	    scene->dealer, ZMQ_CURVE_SERVERKEY, scene->log->broker.public, SUITE_BOX_PUBLIC);
	zmq_setsockopt(scene->dealer, ZMQ_CURVE_PUBLICKEY, own->public, SUITE_BOX_PUBLIC);
	zmq_setsockopt(scene->dealer, ZMQ_CURVE_SECRETKEY, own->secret, SUITE_BOX_SECRET);
	assert_int_equal(zmq_connect(scene->dealer, gate_endpoint(scene->gate)), 0);
	assert_int_equal(zmq_send(scene->dealer, "hello", 5, 0), 5);
	for (unsigned i = 0; i < 1000 && !came; i++) {
		assert_int_equal(gate_wait(scene->gate, -1, 10, clock_boot_ms()), STATUS_OK);
		came = gate_receive(scene->gate, &scene->peer, &frame);
	}
	assert_true(came);
	assert_true(bytes_is_text(frame, "hello"));
}

static int
set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct gate_config config = {.endpoint = "tcp://127.0.0.1:*",
	    .connections_max = 16,
	    .handshakes_max = 16,
	    .lost = on_lost,
	    .state = scene};

	*state = scene;
	oplog_start("test_gate", (enum oplog_level)0);
	if (suite_start() != STATUS_OK)
		return -1;
	scene->log = small_log_start();
	small_log_admit(scene->log, &scene->school, 1, "skola", "school");
	assert_int_equal(directory_create(scene->log->network.id, scene->log->network.root,
			     &scene->directory),
	    STATUS_OK);
	fold(scene);
	config.transport = &scene->log->broker;
	config.directory = scene->directory;
	assert_int_equal(gate_open(&config, &scene->gate), STATUS_OK);
	join(scene);
	return 0;
}

static int
tear_down(void **state)
{
	struct scene *scene = *state;

	zmq_close(scene->dealer);
	zmq_ctx_term(scene->context);
	gate_close(scene->gate);
	directory_free(scene->directory);
	small_log_free(scene->log);
	free(scene);
	return 0;
}

static void
little_is_kept_for_who_does_not_read(void **state)
{
	static uint8_t page[256 * 1024];
	struct scene *scene = *state;
	unsigned sent = 0;

	while (sent < 1000 && gate_send(scene->gate, &scene->peer, BYTES(page)))
		sent++;
	/* Its queues and the kernel's take some more. */
	assert_in_range(sent * (sizeof(page) / 1024), 24 * 1024, 48 * 1024);
	assert_true(gate_unread(scene->gate, &scene->peer) > 24 * MIB);
}

static void
who_reads_may_get_any_amount(void **state)
{
	static uint8_t page[256 * 1024], read[256 * 1024];
	struct scene *scene = *state;

	for (unsigned i = 0; i < 400; i++) {
		assert_true(gate_send(scene->gate, &scene->peer, BYTES(page)));
		assert_int_equal(zmq_recv(scene->dealer, read, sizeof(read), 0), sizeof(read));
	}
	assert_true(gate_unread(scene->gate, &scene->peer) <= 2 * MIB);
}

static void
the_largest_frame_goes_both_ways(void **state)
{
	static uint8_t bytes[FRAME_MAX], read[FRAME_MAX + 1];
	struct scene *scene = *state;
	struct bytes frame;
	bool came = false;

	assert_true(gate_send(scene->gate, &scene->peer, BYTES(bytes)));
	assert_int_equal(zmq_recv(scene->dealer, read, sizeof(read), 0), FRAME_MAX);
	assert_int_equal(zmq_send(scene->dealer, bytes, sizeof(bytes), 0), FRAME_MAX);
	for (unsigned i = 0; i < 1000 && !came; i++) {
		assert_int_equal(gate_wait(scene->gate, -1, 10, clock_boot_ms()), STATUS_OK);
		came = gate_receive(scene->gate, &scene->peer, &frame);
	}
	assert_true(came);
	assert_int_equal(frame.len, FRAME_MAX);
	assert_int_equal(scene->lost, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		little_is_kept_for_who_does_not_read, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(who_reads_may_get_any_amount, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		the_largest_frame_goes_both_ways, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
