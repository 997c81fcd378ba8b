/* tests/unit/test_link.c: a party's session, against a broker played by this test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <zmq.h>

#include "protocol/host/clock.h"
#include "protocol/host/link.h"
#include "protocol/host/link_session.h"
#include "protocol/host/oplog.h"
#include "tests/unit/small_log.h"

#define DEADLINE_MS 20000

/* A broker that answers what the link asks, and as wrongly as a test wants. */
struct broker {
	void *context, *router, *zap;
	struct small_log *log, *shown; /* SHOWN is what its answers come from */
	uint64_t size;                 /* of the log as it announces it */
	uint64_t statements;           /* how many it announces; they lead the log */
	uint64_t page;                 /* statements on a page */
	bool admits;                   /* its ZAP handler */
	bool holds_pages;              /* DIRECTORY is not answered yet */
	bool silent;                   /* nothing is answered */
	bool spoils_leaves;            /* a byte of every directory leaf is wrong */
	enum status refuses;           /* HELLO, when not OK */
	unsigned too_fast;             /* how many DIRECTORYs and CONSISTENCYs it refuses */
	unsigned hellos, refused_keys, proofs, pings;
	uint64_t hello_directory, hello_size;
	uint8_t peer[256];
	size_t peer_len;
	struct frame held; /* the DIRECTORY waiting */
	uint64_t held_from;
	struct buffer out;
};

/* What the link told its user. */
struct user {
	struct link *link;
	struct network network;
	struct directory *directory;
	struct logview view;
	struct box_key transport;
	unsigned ready, lost, forked, statements;
	enum status why;
	uint64_t checkpoint; /* the size of the last trusted one told of */
	unsigned frames;
	uint64_t delivered[512]; /* log indices */
	uint64_t length_at[512]; /* of the directory at that time */
	unsigned delivered_count;
};

static struct broker broker;
static struct user user;

/* ---- The broker -------------------------------------------------------------------------- */

static void
broker_open(void)
{
	const int yes = 1, none = 0;

	memset(&broker, 0, sizeof(broker));
	broker.log = broker.shown = small_log_start();
	broker.page = 2;
	broker.admits = true;
	assert_non_null(broker.context = zmq_ctx_new());
	assert_non_null(broker.zap = zmq_socket(broker.context, ZMQ_REP));
	assert_int_equal(zmq_setsockopt(broker.zap, ZMQ_LINGER, &none, sizeof(none)), 0);
	assert_int_equal(zmq_bind(broker.zap, "inproc://zeromq.zap.01"), 0);
	assert_non_null(broker.router = zmq_socket(broker.context, ZMQ_ROUTER));
	zmq_setsockopt(broker.router, ZMQ_LINGER, &none, sizeof(none));
	zmq_setsockopt(broker.router, ZMQ_CURVE_SERVER, &yes, sizeof(yes));
	zmq_setsockopt(broker.router, ZMQ_ZAP_DOMAIN, "saikne", 6);
	assert_int_equal(zmq_setsockopt(broker.router, ZMQ_CURVE_SECRETKEY,
			     broker.log->broker.secret, SUITE_BOX_SECRET),
	    0);
	assert_int_equal(zmq_bind(broker.router, "tcp://127.0.0.1:*"), 0);
}

static void
broker_close(void)
{
	zmq_close(broker.router);
	zmq_close(broker.zap);
	zmq_ctx_term(broker.context);
	if (broker.shown != broker.log)
		small_log_free(broker.shown);
	small_log_free(broker.log);
	buffer_free(&broker.out);
}

/* Everything in the log so far is a statement. */
static void
announce_all(void)
{
	broker.size = broker.statements = broker.log->count;
}

static void
broker_say(void)
{
	assert_false(broker.out.failed);
	zmq_send(broker.router, broker.peer, broker.peer_len, ZMQ_SNDMORE);
	zmq_send(broker.router, broker.out.data, broker.out.len, 0);
}

static void
answer_hello(const struct frame *frame)
{
	struct frame_hello hello;
	struct frame_welcome welcome = {.time_ms = clock_now_ms() + 5000,
	    .frame_max = FRAME_MAX,
	    .credit_max = FRAME_CREDIT_MAX};
	struct frame_refused refused = {.code = broker.refuses};
	struct buffer note;

	assert_int_equal(frame_read_hello(frame->body, &hello), STATUS_OK);
	broker.hellos++;
	broker.hello_directory = hello.directory_length;
	broker.hello_size = hello.log_size;
	if (broker.refuses != STATUS_OK) {
		frame_refused(&refused, frame->request, &broker.out);
		broker_say();
		return;
	}
	note = small_log_note(broker.shown, broker.size);
	welcome.network = bytes_of_text(broker.log->network.id);
	welcome.directory_length = broker.statements;
	welcome.checkpoint = bytes_of_buffer(&note);
	if (hello.log_size <= broker.size)
		assert_int_equal(tree_consistency(broker.shown->tree, hello.log_size,
				     broker.size, &welcome.consistency),
		    STATUS_OK);
	frame_welcome(&welcome, frame->request, &broker.out);
	broker_say();
	buffer_free(&note);
}

static void
answer_directory(uint32_t request, uint64_t from)
{
	struct frame_directory_page *page = calloc(1, sizeof(*page));
	struct buffer note = small_log_note(broker.shown, broker.size);
	uint64_t i;

	assert_non_null(page);
	page->from = from;
	page->length = broker.statements;
	page->checkpoint = bytes_of_buffer(&note);
	for (i = from; i < broker.statements && page->count < broker.page; i++) {
		struct frame_proven *entry = &page->entries[page->count++];

		entry->index = i;
		entry->leaf = bytes_of_buffer(&broker.shown->leaves[i]);
		if (broker.spoils_leaves)
			broker.shown->leaves[i].data[entry->leaf.len - 1] ^= 1;
		assert_int_equal(
		    tree_inclusion(broker.shown->tree, i, broker.size, &entry->path),
		    STATUS_OK);
	}
	frame_directory_page(page, request, &broker.out);
	broker_say();
	buffer_free(&note);
	free(page);
}

static void
answer_consistency(const struct frame *frame)
{
	struct frame_consistency_page page = {0};
	uint64_t sizes[2];

	assert_int_equal(frame_read_numbers(frame->body, sizes, 2), STATUS_OK);
	broker.proofs++;
	page.old_size = sizes[0];
	page.new_size = sizes[1];
	assert_int_equal(
	    tree_consistency(broker.shown->tree, sizes[0], sizes[1], &page.path), STATUS_OK);
	frame_consistency_page(&page, frame->request, &broker.out);
	broker_say();
}

static void
answer(const struct frame *frame)
{
	struct frame_refused refused = {.code = STATUS_NO_SUCH_ENTRY};
	uint64_t from, now;

	if (broker.silent)
		return;
	if (frame->command == COMMAND_HELLO) {
		answer_hello(frame);
	} else if (broker.too_fast > 0 && (frame->command == COMMAND_DIRECTORY ||
					      frame->command == COMMAND_CONSISTENCY)) {
		broker.too_fast--;
		refused.code = STATUS_RATE_LIMITED;
		frame_refused(&refused, frame->request, &broker.out);
		broker_say();
	} else if (frame->command == COMMAND_DIRECTORY) {
		assert_int_equal(frame_read_numbers(frame->body, &from, 1), STATUS_OK);
		broker.held = *frame;
		broker.held_from = from;
		if (!broker.holds_pages)
			answer_directory(frame->request, from);
	} else if (frame->command == COMMAND_CONSISTENCY) {
		answer_consistency(frame);
	} else if (frame->command == COMMAND_PING) {
		broker.pings++;
		now = clock_now_ms() + 60000;
		frame_numbers(COMMAND_PONG, frame->request, &now, 1, &broker.out);
		broker_say();
	} else if (frame->command == COMMAND_PROOF) {
		frame_refused(&refused, frame->request, &broker.out);
		broker_say();
	}
}

/* One request of RFC 27: version, id, domain, address, identity, mechanism, key. */
static bool
answer_zap(void)
{
	char parts[7][64];
	const char *code = broker.admits ? "200" : "400";

	if (zmq_recv(broker.zap, parts[0], sizeof(parts[0]), ZMQ_DONTWAIT) < 0)
		return false;
	for (int i = 1; i < 7; i++)
		assert_true(zmq_recv(broker.zap, parts[i], sizeof(parts[i]), 0) >= 0);
	broker.refused_keys += broker.admits ? 0 : 1;
	zmq_send(broker.zap, "1.0", 3, ZMQ_SNDMORE);
	zmq_send(broker.zap, parts[1], 1, ZMQ_SNDMORE);
	zmq_send(broker.zap, code, 3, ZMQ_SNDMORE);
	zmq_send(broker.zap, "", 0, ZMQ_SNDMORE);
	zmq_send(broker.zap, "someone", 7, ZMQ_SNDMORE);
	zmq_send(broker.zap, "", 0, 0);
	return true;
}

static void
broker_run(void)
{
	static uint8_t bytes[FRAME_MAX];
	struct frame frame;
	int len;

	while (answer_zap())
		continue;
	while ((len = zmq_recv(
		    broker.router, broker.peer, sizeof(broker.peer), ZMQ_DONTWAIT)) >= 0) {
		broker.peer_len = (size_t)len;
		assert_true((len = zmq_recv(broker.router, bytes, sizeof(bytes), 0)) >= 0);
		assert_int_equal(
		    frame_parse((struct bytes){bytes, (size_t)len}, &frame), STATUS_OK);
		answer(&frame);
	}
}

static void
broker_deliver(uint64_t index)
{
	struct frame_deliver deliver = {.proven.index = index};
	struct buffer note = small_log_note(broker.shown, broker.size);

	deliver.proven.leaf = bytes_of_buffer(&broker.shown->leaves[0]);
	deliver.proven.checkpoint = bytes_of_buffer(&note);
	frame_deliver(&deliver, &broker.out);
	broker_say();
	buffer_free(&note);
}

static void
broker_news(void)
{
	struct buffer note = small_log_note(broker.shown, broker.size);
	struct frame_news news = {
	    .directory_length = broker.statements, .checkpoint = bytes_of_buffer(&note)};

	frame_news(&news, &broker.out);
	broker_say();
	buffer_free(&note);
}

/* ---- The user ---------------------------------------------------------------------------- */

static void
on_ready(void *state)
{
	(void)state;
	user.ready++;
}

static void
on_lost(void *state, enum status why)
{
	(void)state;
	user.lost++;
	user.why = why;
}

static void
on_frame(void *state, const struct frame *frame)
{
	struct frame_deliver deliver;

	(void)state;
	user.frames++;
	if (frame->command != COMMAND_DELIVER)
		return;
	assert_int_equal(frame_read_deliver(frame->body, &deliver), STATUS_OK);
	user.length_at[user.delivered_count] = directory_length(user.directory);
	user.delivered[user.delivered_count++] = deliver.proven.index;
}

static void
on_statement(void *state, uint64_t index, struct bytes leaf)
{
	(void)state;
	assert_true(bytes_equal(leaf, bytes_of_buffer(&broker.log->leaves[index])));
	user.statements++;
}

static void
on_checkpoint(void *state, struct bytes note)
{
	struct checkpoint checkpoint;

	(void)state;
	assert_int_equal(
	    checkpoint_open(note, &broker.log->network.log, &checkpoint), STATUS_OK);
	user.checkpoint = checkpoint.size;
}

static void
on_forked(void *state, struct bytes known, struct bytes other)
{
	(void)state;
	assert_true(known.len > 0 && other.len > 0 && !bytes_equal(known, other));
	user.forked++;
}

static void
user_open(void)
{
	const struct link_events events = {.ready = on_ready,
	    .lost = on_lost,
	    .frame = on_frame,
	    .statement = on_statement,
	    .checkpoint = on_checkpoint,
	    .forked = on_forked};
	struct link_config config = {.network = &user.network,
	    .party = "skola",
	    .transport = &user.transport,
	    .software = "test 1",
	    .view = &user.view};
	size_t len = sizeof(user.network.broker);

	memset(&user, 0, sizeof(user));
	user.network = broker.log->network;
	assert_int_equal(
	    zmq_getsockopt(broker.router, ZMQ_LAST_ENDPOINT, user.network.broker, &len), 0);
	small_log_box(1, &user.transport);
	assert_int_equal(
	    directory_create(user.network.id, user.network.root, &user.directory), STATUS_OK);
	assert_int_equal(
	    logview_open(&user.network.log, (struct bytes){NULL, 0}, &user.view), STATUS_OK);
	config.directory = user.directory;
	assert_int_equal(link_open(&config, &events, &user.link), STATUS_OK);
}

static void
user_close(void)
{
	link_close(user.link);
	directory_free(user.directory);
	logview_close(&user.view);
}

/* Turns both sides until CONDITION; the link is run only when its descriptor asks for it. */
#define TURN_UNTIL(condition)                                                                  \
	do {                                                                                   \
		const uint64_t until = clock_boot_ms() + DEADLINE_MS;                          \
		while (!(condition)) {                                                         \
			assert_true(clock_boot_ms() < until);                                  \
			turn();                                                                \
		}                                                                              \
	} while (0)

static void
turn(void)
{
	struct pollfd fd = {.fd = link_fd(user.link), .events = POLLIN};

	broker_run();
	if (poll(&fd, 1, 1) > 0)
		link_run(user.link);
}

static int
before(void **state)
{
	(void)state;
	/* What the link tells its operator is not what is tested. */
	oplog_start(
	    "test_link", getenv("TEST_LOG") != NULL ? OPLOG_DEBUG : (enum oplog_level)0);
	if (suite_start() != STATUS_OK)
		return -1;
	broker_open();
	return 0;
}

static int
after(void **state)
{
	(void)state;
	user_close();
	broker_close();
	return 0;
}

static void
admit_three(void)
{
	struct small_party party;

	small_log_admit(broker.log, &party, 1, "skola", "school");
	small_log_admit(broker.log, &party, 2, "dienests", "social_service");
	small_log_admit(broker.log, &party, 3, "policija", "municipal_police");
}

/* ---- The tests --------------------------------------------------------------------------- */

static void
a_party_greets_folds_the_directory_and_is_ready(void **state)
{
	(void)state;
	admit_three();
	announce_all();
	user_open();
	assert_int_equal(link_send(user.link, bytes_of_text("x")), STATUS_NOT_READY);
	TURN_UNTIL(user.ready == 1);
	assert_true(link_is_ready(user.link));
	assert_int_equal(directory_length(user.directory), 7);
	assert_int_equal(user.statements, 7);
	assert_non_null(directory_party(user.directory, bytes_of_text("policija")));
	assert_int_equal(user.view.trusted.size, 7);
	assert_int_equal(user.checkpoint, 7);
	assert_true(link_clock_offset(user.link) > 2000);
	assert_int_equal(user.lost, 0);
}

static void
deliveries_wait_until_the_directory_has_caught_up(void **state)
{
	struct small_party party;

	(void)state;
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	broker.holds_pages = true;
	small_log_admit(broker.log, &party, 1, "skola", "school");
	announce_all();
	broker_deliver(100);
	broker_news();
	broker_deliver(101);
	broker_deliver(102);
	broker.held.request = 0;
	TURN_UNTIL(broker.held.request != 0 && user.delivered_count > 0);
	turn();
	assert_int_equal(user.delivered_count, 1);
	assert_true(link_is_ready(user.link));
	broker.holds_pages = false;
	answer_directory(broker.held.request, broker.held_from);
	TURN_UNTIL(user.delivered_count == 3);
	assert_int_equal(user.delivered[0], 100);
	assert_int_equal(user.delivered[1], 101);
	assert_int_equal(user.delivered[2], 102);
	assert_int_equal(user.length_at[0], 1);
	assert_int_equal(user.length_at[1], 3);
	assert_int_equal(user.length_at[2], 3);
	assert_int_equal(user.view.trusted.size, 3);
}

static void
more_deliveries_than_credit_end_the_session(void **state)
{
	struct small_party party;

	(void)state;
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	broker.holds_pages = true;
	small_log_admit(broker.log, &party, 1, "skola", "school");
	announce_all();
	broker_news();
	for (int i = 0; i <= FRAME_CREDIT_MAX; i++)
		broker_deliver((uint64_t)i);
	TURN_UNTIL(user.lost == 1);
	assert_int_equal(user.why, STATUS_RATE_LIMITED);
	assert_int_equal(user.delivered_count, 0);
}

static void
it_comes_back_and_says_what_it_knows(void **state)
{
	(void)state;
	admit_three();
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	frame_numbers(COMMAND_BYE, 0, NULL, 0, &broker.out);
	broker_say();
	TURN_UNTIL(user.ready == 2);
	assert_int_equal(user.lost, 1);
	assert_int_equal(user.why, STATUS_OK);
	assert_int_equal(broker.hellos, 2);
	assert_int_equal(broker.hello_directory, 7);
	assert_int_equal(broker.hello_size, 7);
	assert_int_equal(user.statements, 7);
}

static void
it_comes_back_after_the_broker_was_gone(void **state)
{
	char endpoint[256];
	size_t len = sizeof(endpoint);

	(void)state;
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	assert_int_equal(zmq_getsockopt(broker.router, ZMQ_LAST_ENDPOINT, endpoint, &len), 0);
	assert_int_equal(zmq_unbind(broker.router, endpoint), 0);
	zmq_disconnect(broker.router, endpoint);
	frame_numbers(COMMAND_BYE, 0, NULL, 0, &broker.out);
	broker_say();
	/* Long enough to be refused at least once. */
	TURN_UNTIL(user.link->attempts >= 2);
	assert_false(link_is_ready(user.link));
	TURN_UNTIL(zmq_bind(broker.router, endpoint) == 0);
	TURN_UNTIL(user.ready == 2);
}

static void
a_key_not_admitted_is_told_and_tried_again(void **state)
{
	(void)state;
	announce_all();
	broker.admits = false;
	user_open();
	TURN_UNTIL(user.lost == 2);
	assert_int_equal(user.why, STATUS_UNKNOWN_KEY);
	assert_true(broker.refused_keys >= 2);
	broker.admits = true;
	TURN_UNTIL(user.ready == 1);
}

static void
a_refused_hello_is_told_and_tried_again(void **state)
{
	(void)state;
	announce_all();
	broker.refuses = STATUS_SUSPENDED;
	user_open();
	TURN_UNTIL(user.lost == 1);
	assert_int_equal(user.why, STATUS_SUSPENDED);
	broker.refuses = STATUS_OK;
	TURN_UNTIL(user.ready == 1);
}

/* Else it would answer PING for ever, be heard, and deliver nothing. */
static void
a_broker_that_has_forgotten_the_session_gets_a_new_one(void **state)
{
	const struct frame_refused refused = {.code = STATUS_HELLO_FIRST};

	(void)state;
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	/* About a frame that is not the link's own. */
	frame_refused(&refused, user.link->last_request + 1000, &broker.out);
	broker_say();
	TURN_UNTIL(user.lost == 1);
	assert_int_equal(user.why, STATUS_HELLO_FIRST);
	TURN_UNTIL(user.ready == 2);
	assert_int_equal(broker.hellos, 2);
}

static void
a_statement_that_is_not_in_the_log_is_not_folded(void **state)
{
	(void)state;
	admit_three();
	announce_all();
	broker.spoils_leaves = true;
	user_open();
	TURN_UNTIL(user.lost == 1);
	assert_int_equal(user.why, STATUS_BAD_PROOF);
	assert_int_equal(directory_length(user.directory), 0);
	assert_false(link_is_ready(user.link));
}

static void
another_broker_than_network_conf_names_stops_it(void **state)
{
	(void)state;
	announce_all();
	user_open();
	/* The log's key must stay, or no checkpoint would be believed at all. */
	user.network.log.name[0] = 'x';
	TURN_UNTIL(user.lost == 1);
	assert_int_equal(user.why, STATUS_BAD_CONFIG);
	assert_int_equal(user.ready, 0);
	assert_true(link_run(user.link) == UINT64_MAX);
}

static void
a_forked_log_stops_it_for_good(void **state)
{
	struct small_party party;

	(void)state;
	admit_three();
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	/* Another log of the same key, as long as the first and longer. */
	broker.shown = small_log_start();
	for (uint8_t i = 0; i < 4; i++)
		small_log_admit(broker.shown, &party, (uint8_t)(10 + i), "cita", "school");
	broker.size = broker.statements = broker.shown->count;
	frame_numbers(COMMAND_BYE, 0, NULL, 0, &broker.out);
	broker_say();
	TURN_UNTIL(user.forked == 1);
	assert_int_equal(user.why, STATUS_FORKED_LOG);
	assert_true(link_run(user.link) == UINT64_MAX);
	assert_int_equal(user.view.trusted.size, 7);
	assert_int_equal(link_wait_ready(user.link, 1), STATUS_FORKED_LOG);
}

static void
a_log_that_became_shorter_is_not_followed(void **state)
{
	(void)state;
	admit_three();
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	broker.size = 5;
	broker.statements = 5;
	frame_numbers(COMMAND_BYE, 0, NULL, 0, &broker.out);
	broker_say();
	TURN_UNTIL(user.lost == 2);
	assert_int_equal(user.why, STATUS_BAD_PROOF);
	assert_int_equal(user.view.trusted.size, 7);
}

static void
a_larger_checkpoint_is_proven_and_trusted(void **state)
{
	struct checkpoint checkpoint;
	struct buffer note;

	(void)state;
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	admit_three();
	note = small_log_note(broker.log, 5);
	assert_int_equal(link_note(user.link, bytes_of_buffer(&note), &checkpoint), STATUS_OK);
	assert_int_equal(checkpoint.size, 5);
	assert_int_equal(user.view.trusted.size, 1);
	TURN_UNTIL(user.checkpoint == 5);
	assert_int_equal(user.view.trusted.size, 5);
	buffer_free(&note);
	/* An older one is only proven to lie on the same log. */
	note = small_log_note(broker.log, 3);
	assert_int_equal(link_note(user.link, bytes_of_buffer(&note), &checkpoint), STATUS_OK);
	TURN_UNTIL(broker.proofs == 2);
	turn();
	assert_int_equal(user.view.trusted.size, 5);
	assert_int_equal(user.lost, 0);
	buffer_free(&note);
}

static void
a_broker_that_wants_it_slower_is_asked_again_later(void **state)
{
	struct checkpoint checkpoint;
	struct buffer note;

	(void)state;
	announce_all();
	broker.too_fast = 1;
	user_open();
	TURN_UNTIL(user.ready == 1);
	assert_int_equal(broker.too_fast, 0);
	admit_three();
	broker.too_fast = 1;
	note = small_log_note(broker.log, 5);
	assert_int_equal(link_note(user.link, bytes_of_buffer(&note), &checkpoint), STATUS_OK);
	TURN_UNTIL(user.checkpoint == 5);
	assert_int_equal(broker.too_fast, 0);
	assert_int_equal(user.lost, 0);
	buffer_free(&note);
}

static void
two_faces_of_the_log_are_caught_in_a_note(void **state)
{
	struct small_log *other = small_log_start();
	struct checkpoint checkpoint;
	struct small_party party;
	struct buffer note;

	(void)state;
	admit_three();
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	small_log_admit(other, &party, 20, "cita", "school");
	note = small_log_note(other, 3);
	/* Of another size: only the proof shows it. */
	assert_int_equal(link_note(user.link, bytes_of_buffer(&note), &checkpoint), STATUS_OK);
	TURN_UNTIL(user.forked == 1);
	assert_int_equal(user.why, STATUS_FORKED_LOG);
	buffer_free(&note);
	small_log_free(other);
}

/* Time is not waited for: the link is told that it heard the last frame long ago. */
static void
an_idle_session_is_kept_alive_by_pings(void **state)
{
	(void)state;
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	user.link->heard_at -= 16000;
	user.link->pinged_at -= 16000;
	link_run(user.link);
	TURN_UNTIL(broker.pings == 1 && link_clock_offset(user.link) > 30000);
	assert_int_equal(user.lost, 0);
	assert_int_equal(user.frames, 0);
}

static void
a_silent_broker_is_left_and_called_again(void **state)
{
	(void)state;
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	broker.silent = true;
	user.link->heard_at -= 46000;
	link_run(user.link);
	assert_int_equal(user.lost, 1);
	assert_int_equal(user.why, STATUS_OK);
	/* The next HELLO is not answered either. */
	TURN_UNTIL(user.link->state == LINK_GREETING);
	assert_true(user.link->answer_by > clock_boot_ms());
	user.link->answer_by = clock_boot_ms();
	link_run(user.link);
	assert_int_equal(user.link->state, LINK_AWAY);
	broker.silent = false;
	TURN_UNTIL(user.ready == 2);
}

/* Outside of link_run(), so it has to be told that there is something new to wait for. */
static void
end_session(void)
{
	link_session_fail(user.link, STATUS_OK, "the test ends it");
	link_run(user.link);
}

/* Notes SIZE of LOG as if a frame had brought it. */
static void
note_of(const struct small_log *log, uint64_t size)
{
	struct checkpoint checkpoint;
	struct buffer note = small_log_note(log, size);

	assert_int_equal(link_note(user.link, bytes_of_buffer(&note), &checkpoint), STATUS_OK);
	buffer_free(&note);
}

static void
another_face_does_not_hide_behind_a_newer_checkpoint(void **state)
{
	struct small_log *other = small_log_start();
	struct small_party party;

	(void)state;
	admit_three();
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	small_log_admit(other, &party, 20, "cita", "school");
	/* Smaller than the trusted one, and two honest ones close behind. */
	note_of(other, 3);
	note_of(broker.log, 5);
	note_of(broker.log, 6);
	TURN_UNTIL(user.forked == 1);
	assert_int_equal(user.why, STATUS_FORKED_LOG);
	small_log_free(other);
}

static void
another_face_does_not_hide_behind_a_larger_log(void **state)
{
	struct small_log *other = small_log_start();
	struct small_party party;

	(void)state;
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	admit_three();
	small_log_admit(other, &party, 20, "cita", "school");
	note_of(other, 3);
	note_of(broker.log, 7);
	TURN_UNTIL(user.forked == 1);
	small_log_free(other);
}

static void
another_face_does_not_hide_behind_the_end_of_a_session(void **state)
{
	struct small_log *other = small_log_start();
	struct small_party party;

	(void)state;
	admit_three();
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	small_log_admit(other, &party, 20, "cita", "school");
	note_of(other, 3);
	end_session();
	TURN_UNTIL(user.forked == 1);
	assert_int_equal(broker.hellos, 2);
	small_log_free(other);
}

static void
more_checkpoints_than_there_is_room_for_leave_the_link_working(void **state)
{
	(void)state;
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	while (broker.log->count < SMALL_LOG_MAX)
		small_log_append(broker.log, bytes_of_text("an entry"));
	for (uint64_t size = 2; size <= SMALL_LOG_MAX; size++)
		note_of(broker.log, size);
	assert_int_equal(user.link->view.count, LINK_VIEW_WAITING);
	TURN_UNTIL(user.link->view.count == 0);
	assert_int_equal(broker.proofs, LINK_VIEW_WAITING);
	assert_int_equal(user.lost, 0);
	assert_true(user.view.trusted.size > 1);
}

static void
nothing_reaches_the_user_before_it_is_ready(void **state)
{
	(void)state;
	admit_three();
	announce_all();
	user_open();
	/* As a broker that speaks as soon as it is connected to. */
	link_session_move(user.link, LINK_CONNECT);
	frame_numbers(COMMAND_STATED, 5, (uint64_t[]){1}, 1, &broker.out);
	link_session_take(user.link, bytes_of_buffer(&broker.out));
	assert_int_equal(user.why, STATUS_HELLO_FIRST);
	broker.holds_pages = true;
	TURN_UNTIL(broker.held.request != 0);
	frame_numbers(COMMAND_STATED, 5, (uint64_t[]){1}, 1, &broker.out);
	broker_say();
	broker_deliver(1);
	TURN_UNTIL(user.lost == 2);
	assert_int_equal(user.why, STATUS_RATE_LIMITED);
	assert_int_equal(user.frames, 0);
	assert_int_equal(user.ready, 0);
}

static void
what_is_held_back_is_a_delivery_by_its_form(void **state)
{
	struct small_party party;
	static uint8_t zeroes[FRAME_MAX - 100];

	(void)state;
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	broker.holds_pages = true;
	small_log_admit(broker.log, &party, 1, "skola", "school");
	announce_all();
	broker_news();
	frame_start(COMMAND_DELIVER, 0, &broker.out);
	pack_array(&broker.out, 1);
	pack_bin(&broker.out, BYTES(zeroes));
	broker_say();
	TURN_UNTIL(user.lost == 1);
	assert_int_equal(user.why, STATUS_MALFORMED);
}

static void
the_largest_frame_there_is_comes_through(void **state)
{
	static uint8_t zeroes[FRAME_MAX - FRAME_PREFIX_LEN - 6];

	(void)state;
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	frame_start(COMMAND_ACCEPTED, 0, &broker.out);
	pack_array(&broker.out, 1);
	pack_bin(&broker.out, BYTES(zeroes));
	assert_int_equal(broker.out.len, FRAME_MAX);
	broker_say();
	TURN_UNTIL(user.frames == 1);
	assert_int_equal(user.lost, 0);
}

static void
sessions_that_end_at_once_come_back_ever_later(void **state)
{
	(void)state;
	announce_all();
	user_open();
	for (unsigned i = 1; i <= 3; i++) {
		TURN_UNTIL(user.ready == i);
		end_session();
		assert_int_equal(user.link->attempts, i);
	}
	TURN_UNTIL(user.ready == 4);
	user.link->ready_at -= 30000;
	end_session();
	assert_int_equal(user.link->attempts, 1);
}

static void
link_ask_returns_the_answer_or_the_refusal(void **state)
{
	const uint64_t numbers[2] = {9, 9};
	struct frame frame;
	uint32_t request;
	struct frame_refused refused;
	struct buffer out = {0};

	(void)state;
	announce_all();
	user_open();
	TURN_UNTIL(user.ready == 1);
	/* The answers are there before it waits: this thread is the broker too. */
	request = user.link->last_request + 1;
	refused = (struct frame_refused){.code = STATUS_NO_SUCH_ENTRY};
	frame_refused(&refused, request, &broker.out);
	broker_say();
	assert_int_equal(link_request(user.link), request);
	frame_numbers(COMMAND_PROOF, request, numbers, 2, &out);
	assert_int_equal(
	    link_ask(user.link, bytes_of_buffer(&out), request, DEADLINE_MS, &frame),
	    STATUS_NO_SUCH_ENTRY);
	assert_int_equal(frame.command, COMMAND_REFUSED);
	assert_int_equal(user.frames, 0);
	frame_numbers(COMMAND_PING, link_request(user.link), NULL, 0, &out);
	assert_int_equal(
	    link_ask(user.link, bytes_of_buffer(&out), user.link->last_request, 1, &frame),
	    STATUS_AGAIN);
	buffer_free(&out);
}

static void
the_states_follow_the_diagram_and_nothing_else(void **state)
{
	/* [from][CONNECT, UP, WELCOME, CURRENT, FAIL, STOP]; NOWHERE: stays. */
	static const enum link_state expected[LINK_STATE_COUNT][LINK_EVENT_COUNT] = {
	    [LINK_AWAY] = {LINK_CALLING, 0, 0, 0, LINK_AWAY, LINK_STOPPED},
	    [LINK_CALLING] = {0, LINK_GREETING, 0, 0, LINK_AWAY, LINK_STOPPED},
	    [LINK_GREETING] = {0, 0, LINK_CATCHING_UP, 0, LINK_AWAY, LINK_STOPPED},
	    [LINK_CATCHING_UP] = {0, 0, 0, LINK_READY, LINK_AWAY, LINK_STOPPED},
	    [LINK_READY] = {0, 0, 0, 0, LINK_AWAY, LINK_STOPPED},
	    [LINK_STOPPED] = {0},
	};
	struct link *link = calloc(1, sizeof(*link));

	(void)state;
	assert_non_null(link);
	for (int from = LINK_AWAY; from < LINK_STATE_COUNT; from++)
		for (int event = 0; event < LINK_EVENT_COUNT; event++) {
			enum link_state to = expected[from][event];

			link->state = (enum link_state)from;
			link_session_move(link, (enum link_event)event);
			assert_int_equal(
			    link->state, to == LINK_NOWHERE ? (enum link_state)from : to);
		}
	free(link);
}

#define SESSION(name) cmocka_unit_test_setup_teardown(name, before, after)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SESSION(a_party_greets_folds_the_directory_and_is_ready),
	    SESSION(deliveries_wait_until_the_directory_has_caught_up),
	    SESSION(more_deliveries_than_credit_end_the_session),
	    SESSION(it_comes_back_and_says_what_it_knows),
	    SESSION(it_comes_back_after_the_broker_was_gone),
	    SESSION(a_key_not_admitted_is_told_and_tried_again),
	    SESSION(a_refused_hello_is_told_and_tried_again),
	    SESSION(a_broker_that_has_forgotten_the_session_gets_a_new_one),
	    SESSION(a_statement_that_is_not_in_the_log_is_not_folded),
	    SESSION(another_broker_than_network_conf_names_stops_it),
	    SESSION(a_forked_log_stops_it_for_good),
	    SESSION(a_log_that_became_shorter_is_not_followed),
	    SESSION(a_larger_checkpoint_is_proven_and_trusted),
	    SESSION(a_broker_that_wants_it_slower_is_asked_again_later),
	    SESSION(two_faces_of_the_log_are_caught_in_a_note),
	    SESSION(an_idle_session_is_kept_alive_by_pings),
	    SESSION(a_silent_broker_is_left_and_called_again),
	    SESSION(another_face_does_not_hide_behind_a_newer_checkpoint),
	    SESSION(another_face_does_not_hide_behind_a_larger_log),
	    SESSION(another_face_does_not_hide_behind_the_end_of_a_session),
	    SESSION(more_checkpoints_than_there_is_room_for_leave_the_link_working),
	    SESSION(nothing_reaches_the_user_before_it_is_ready),
	    SESSION(what_is_held_back_is_a_delivery_by_its_form),
	    SESSION(the_largest_frame_there_is_comes_through),
	    SESSION(sessions_that_end_at_once_come_back_ever_later),
	    SESSION(link_ask_returns_the_answer_or_the_refusal),
	    cmocka_unit_test(the_states_follow_the_diagram_and_nothing_else),
	};

	return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
