/* tests/bench/bench_exchange.c: messages through the real broker, from and to real links. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include "protocol/host/clock.h"
#include "protocol/host/link.h"
#include "tests/bench/bench.h"

#define BATCH           64
#define ALONE           2000
#define CONTENT_BYTES   2048
#define UNDER_RECORD    4 /* messages to the recipient under one record, so of one reference */
#define RECORDS_FROM_MS 1764000000000
#define OPENED          2000
#define PHASE_S         120 /* no phase may take longer */

/* What the processes tell each other; shared memory, one writer a field. */
struct shared {
	volatile int sealed, go, go_deliver, alone_done;
	double seal_s[BENCH_PAIRS], open_s[BENCH_PAIRS];
	double send_end[BENCH_PAIRS], deliver_end[BENCH_PAIRS];
	double alone_s;
};

struct sealed_message {
	struct buffer sealed;
	uint8_t digest[SUITE_HASH_LEN];
	struct buffer frame;
};

/* A connected party, in a process of its own. */
struct peer {
	const struct bench_world *world;
	const struct bench_party *me, *other;
	struct directory *directory;
	struct logview view;
	struct link *link;
	struct sealed_message *messages;
	unsigned total, sent, acked, outstanding;
	/* recipients */
	unsigned delivered, recorded, waiting;
	struct buffer evidence[BATCH];
	struct digest digests[BATCH];
	struct buffer kept[OPENED];
	unsigned kept_count;
};

static void
wait_for(volatile int *flag, int value)
{
	for (double end = bench_now() + PHASE_S; *flag < value; usleep(1000))
		if (bench_now() > end)
			bench_fail("a phase took too long");
}

/* As services do: one for each (record, recipient), of the time it was made and random bytes. */
static void
cite(const struct peer *peer, unsigned number, uint8_t out[static SUITE_ID_LEN])
{
	uint8_t record[4], hash[SUITE_HASH_LEN];
	const struct bytes parts[] = {bytes_of_text(peer->me->code), BYTES(record)};

	bytes_put_u32(record, number / UNDER_RECORD);
	suite_hash("bench-reference", parts, 2, hash);
	suite_new_id(RECORDS_FROM_MS + number / UNDER_RECORD, out);
	memcpy(out + 6, hash, SUITE_ID_LEN - 6);
}

static void
seal_one(struct peer *peer, struct sealed_message *message, unsigned number)
{
	static uint8_t text[CONTENT_BYTES];
	uint64_t now = clock_now_ms();
	struct envelope_header header = {.network = bytes_of_text(peer->world->network.id),
	    .sender = bytes_of_text(peer->me->code),
	    .signing_epoch = 1,
	    .recipient_count = 1,
	    .created_ms = now,
	    .expires_ms = now + 3600ULL * 1000};
	struct envelope_seal_to to = {.allowed = CATEGORY_ALL};
	uint8_t task[SUITE_ID_LEN] = {(uint8_t)number};
	struct bytes concern = bytes_of_text("unexcused_absence"),
		     covered = bytes_of_text("family");
	struct content content;

	memset(text, 'a', sizeof(text));
	memcpy(to.key, peer->other->sealing.public, sizeof(to.key));
	header.recipients[0] = (struct envelope_recipient){
	    .party = bytes_of_text(peer->other->code), .sealing_epoch = 1, .basis = BASIS_LAW};
	cite(peer, number, header.recipients[0].reference);
	suite_new_id(now, header.id);
	suite_random(header.case_token, sizeof(header.case_token));
	bench_must(content_start(MESSAGE_REFERRAL_OFFER, &content), "content");
	bench_must(content_set_id(&content, FIELD_TASK, task), "task");
	bench_must(content_set_uint(&content, FIELD_APPLIED, 0), "applied");
	bench_must(
	    content_set_text(&content, FIELD_URGENCY, bytes_of_text("urgent")), "urgency");
	bench_must(
	    content_set_text(&content, FIELD_PURPOSE, bytes_of_text("safety")), "purpose");
	bench_must(content_set_codes(&content, FIELD_CONCERN, &concern, 1), "concern");
	bench_must(
	    content_set_text(&content, FIELD_MUNICIPALITY, bytes_of_text("Bench")), "place");
	bench_must(content_set_text(&content, FIELD_AGE_BAND, bytes_of_text("11-14")), "age");
	bench_must(
	    content_set_text(&content, FIELD_GROUND, bytes_of_text("public_task")), "ground");
	bench_must(content_set_id(&content, FIELD_RECORD, header.id), "record");
	bench_must(
	    content_set_codes(&content, FIELD_GROUND_CATEGORIES, &covered, 1), "covered");
	bench_must(content_set_text(&content, FIELD_FAMILY, BYTES(text)), "family");
	bench_must(
	    envelope_seal(&header, &content, &to, &message->sealed, message->digest), "seal");
	content_free(&content);
}

/* Seals and signs everything before the clock; seconds for one message. */
static double
seal_all(struct peer *peer)
{
	struct digest digests[BATCH];
	struct batch_proof proofs[BATCH];
	struct buffer body = {0};
	double start = bench_now();

	for (unsigned i = 0; i < peer->total; i += BATCH) {
		unsigned n = peer->total - i < BATCH ? peer->total - i : BATCH;

		for (unsigned j = 0; j < n; j++) {
			seal_one(peer, &peer->messages[i + j], i + j);
			memcpy(digests[j].byte, peer->messages[i + j].digest, SUITE_HASH_LEN);
		}
		batch_sign(digests, n, &peer->me->signing, proofs);
		for (unsigned j = 0; j < n; j++) {
			struct sealed_message *message = &peer->messages[i + j];

			buffer_reset(&body);
			envelope_frame(bytes_of_buffer(&message->sealed), &proofs[j], &body);
			frame_submit(bytes_of_buffer(&body), 0, &message->frame);
			buffer_free(&message->sealed);
		}
	}
	buffer_free(&body);
	return (bench_now() - start) / peer->total;
}

static void
send_more(struct peer *peer)
{
	while (peer->sent < peer->total && peer->sent - peer->acked < peer->outstanding) {
		bench_must(
		    link_send(peer->link, bytes_of_buffer(&peer->messages[peer->sent].frame)),
		    "send");
		peer->sent++;
	}
}

static void
on_receipt(void *state, const struct frame *frame)
{
	struct peer *peer = state;

	if (frame->command == COMMAND_REFUSED) {
		struct frame_refused refused = {.code = STATUS_INTERNAL};

		bench_must(frame_read_refused(frame->body, &refused), "refusal");
		bench_must(refused.code, "the broker refused a message");
	}
	if (frame->command == COMMAND_ACCEPTED)
		peer->acked++;
}

static void
connect_peer(struct peer *peer, void (*on_frame)(void *, const struct frame *))
{
	struct link_config config = {.network = &peer->world->network,
	    .transport = &peer->me->transport,
	    .software = "bench",
	    .view = &peer->view};
	struct link_events events = {.state = peer, .frame = on_frame};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(config.party, sizeof(config.party), "%s", peer->me->code);
	bench_must(directory_create(
		       peer->world->network.id, peer->world->network.root, &peer->directory),
	    "directory");
	bench_must(
	    logview_open(&peer->world->network.log, (struct bytes){NULL, 0}, &peer->view),
	    "log view");
	config.directory = peer->directory;
	bench_must(link_open(&config, &events, &peer->link), "link");
	bench_must(link_wait_ready(peer->link, 20000), "connect");
}

/* Runs the link once; sleeps only when that brought nothing. */
static void
turn(struct peer *peer)
{
	unsigned before = peer->acked + peer->delivered + peer->recorded;
	uint64_t due = link_run(peer->link), now = clock_boot_ms();
	struct pollfd fd = {.fd = link_fd(peer->link), .events = POLLIN};

	if (due > now && before == peer->acked + peer->delivered + peer->recorded)
		(void)poll(&fd, 1, due - now > 100 ? 100 : (int)(due - now));
}

static _Noreturn void
sender(struct peer *peer, struct shared *shared, unsigned number)
{
	double started;

	shared->seal_s[number] = seal_all(peer);
	connect_peer(peer, on_receipt);
	__atomic_add_fetch(&shared->sealed, 1, __ATOMIC_SEQ_CST);
	if (number == 0) {
		static double took[ALONE];

		/* Alone on the network first: one outstanding. */
		wait_for(&shared->sealed, BENCH_PAIRS);
		peer->outstanding = 1;
		for (unsigned i = 0; i < ALONE; i++) {
			started = bench_now();
			send_more(peer);
			while (peer->acked < peer->sent)
				turn(peer);
			took[i] = bench_now() - started;
		}
		shared->alone_s = bench_median(took, ALONE);
		shared->alone_done = 1;
	}
	wait_for(&shared->go, 1);
	peer->outstanding = BENCH_OUTSTANDING;
	while (peer->acked < peer->total) {
		send_more(peer);
		turn(peer);
	}
	shared->send_end[number] = bench_now();
	link_close(peer->link);
	_exit(0);
}

/* Signs what was delivered since, in one batch, and asks for as much again. */
static void
attest(struct peer *peer)
{
	struct batch_proof proofs[BATCH];
	struct buffer frame = {0};
	uint64_t credit = peer->waiting;

	if (peer->waiting == 0)
		return;
	batch_sign(peer->digests, peer->waiting, &peer->me->signing, proofs);
	for (unsigned i = 0; i < peer->waiting; i++) {
		frame_attest(
		    &(struct frame_attest){bytes_of_buffer(&peer->evidence[i]), proofs[i]}, 0,
		    &frame);
		bench_must(link_send(peer->link, bytes_of_buffer(&frame)), "attest");
	}
	peer->waiting = 0;
	frame_numbers(COMMAND_CREDIT, 0, &credit, 1, &frame);
	bench_must(link_send(peer->link, bytes_of_buffer(&frame)), "credit");
	buffer_free(&frame);
}

static void
on_delivery(void *state, const struct frame *frame)
{
	struct peer *peer = state;
	struct frame_deliver deliver;
	struct leaf leaf;
	struct evidence evidence = {.kind = EVIDENCE_DELIVERED};

	if (frame->command == COMMAND_RECORDED)
		peer->recorded++;
	if (frame->command == COMMAND_REFUSED)
		bench_fail("the broker refused evidence");
	if (frame->command != COMMAND_DELIVER)
		return;
	bench_must(frame_read_deliver(frame->body, &deliver), "delivery");
	bench_must(leaf_parse(deliver.proven.leaf, &leaf), "leaf");
	if (peer->kept_count < OPENED)
		buffer_append(&peer->kept[peer->kept_count++], frame->body);
	evidence.network = leaf.header.network;
	evidence.index = deliver.proven.index;
	evidence.sender = leaf.header.sender;
	memcpy(evidence.id, leaf.header.id, sizeof(evidence.id));
	memcpy(evidence.digest, leaf.digest, sizeof(evidence.digest));
	evidence.recipient = bytes_of_text(peer->me->code);
	evidence.signing_epoch = 1;
	evidence.time_ms = clock_now_ms();
	buffer_reset(&peer->evidence[peer->waiting]);
	evidence_encode(&evidence, &peer->evidence[peer->waiting]);
	evidence_digest(
	    bytes_of_buffer(&peer->evidence[peer->waiting]), peer->digests[peer->waiting].byte);
	peer->delivered++;
	if (++peer->waiting == BATCH)
		attest(peer);
}

/* Proof, checkpoint, signature and sealed part of what was kept; seconds for one. */
static double
open_kept(struct peer *peer)
{
	static struct batch_cache cache;
	double start = bench_now();

	for (unsigned i = 0; i < peer->kept_count; i++) {
		struct frame_deliver deliver;
		struct envelope_chain chain;
		struct checkpoint checkpoint;
		struct merkle_hash hash;
		struct content content;
		struct leaf leaf;

		bench_must(
		    frame_read_deliver(bytes_of_buffer(&peer->kept[i]), &deliver), "delivery");
		bench_must(
		    checkpoint_open(deliver.proven.checkpoint, &peer->view.key, &checkpoint),
		    "checkpoint");
		merkle_leaf(deliver.proven.leaf, &hash);
		bench_must(merkle_check_inclusion(&hash, deliver.proven.index, checkpoint.size,
			       &deliver.proven.path, &checkpoint.root),
		    "proof");
		bench_must(leaf_parse(deliver.proven.leaf, &leaf), "leaf");
		bench_must(
		    batch_verify(leaf.digest, &leaf.proof, peer->other->signing.public, &cache),
		    "signature");
		bench_must(envelope_open(&leaf.header, leaf.header_hash, deliver.part_number,
			       &deliver.part, &peer->me->sealing, &content, &chain),
		    "open");
		content_free(&content);
	}
	return (bench_now() - start) / peer->kept_count;
}

static _Noreturn void
recipient(struct peer *peer, struct shared *shared, unsigned number)
{
	uint64_t credit = FRAME_CREDIT_MAX;
	struct buffer frame = {0};

	wait_for(&shared->go_deliver, 1);
	connect_peer(peer, on_delivery);
	frame_numbers(COMMAND_CREDIT, 0, &credit, 1, &frame);
	bench_must(link_send(peer->link, bytes_of_buffer(&frame)), "credit");
	while (peer->recorded < peer->total) {
		turn(peer);
		attest(peer);
	}
	shared->deliver_end[number] = bench_now();
	shared->open_s[number] = open_kept(peer);
	link_close(peer->link);
	_exit(0);
}

static pid_t
start_peer(struct bench_world *world, unsigned number, unsigned messages, bool sends,
    struct shared *shared)
{
	struct peer *peer;
	pid_t pid = fork();

	if (pid < 0)
		bench_fail("fork");
	if (pid > 0)
		return pid;
	if ((peer = calloc(1, sizeof(*peer))) == NULL ||
	    (peer->messages = calloc(messages, sizeof(*peer->messages))) == NULL)
		bench_fail("memory");
	peer->world = world;
	peer->me = sends ? &world->senders[number] : &world->recipients[number];
	peer->other = sends ? &world->recipients[number] : &world->senders[number];
	peer->total = messages;
	if (sends)
		sender(peer, shared, number);
	recipient(peer, shared, number);
}

/* Waits for all of them; each must have ended well. */
static void
reap(const pid_t *pids)
{
	for (unsigned i = 0; i < BENCH_PAIRS; i++) {
		int status = 0;

		if (waitpid(pids[i], &status, 0) < 0 || status != 0)
			bench_fail("a sender or recipient failed");
	}
}

static double
last_of(const double *ends)
{
	double last = 0;

	for (unsigned i = 0; i < BENCH_PAIRS; i++)
		last = ends[i] > last ? ends[i] : last;
	return last;
}

static double
mean_of(const double *values)
{
	double sum = 0;

	for (unsigned i = 0; i < BENCH_PAIRS; i++)
		sum += values[i];
	return sum / BENCH_PAIRS;
}

void
bench_exchange(struct bench_world *world, unsigned messages, struct bench_exchange *out)
{
	pid_t senders[BENCH_PAIRS], recipients[BENCH_PAIRS];
	struct shared *shared = mmap(
	    NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned total = messages * BENCH_PAIRS;
	double start;

	if (shared == MAP_FAILED)
		bench_fail("memory");
	for (unsigned i = 0; i < BENCH_PAIRS; i++) {
		senders[i] = start_peer(world, i, messages, true, shared);
		recipients[i] = start_peer(world, i, messages, false, shared);
	}
	wait_for(&shared->alone_done, 1);
	start = bench_now();
	shared->go = 1;
	reap(senders);
	out->acked_per_s = (total - ALONE) / (last_of(shared->send_end) - start);
	start = bench_now();
	shared->go_deliver = 1;
	reap(recipients);
	out->delivered_per_s = total / (last_of(shared->deliver_end) - start);
	out->seal_s = mean_of(shared->seal_s);
	out->open_s = mean_of(shared->open_s);
	out->alone_s = shared->alone_s;
	munmap(shared, sizeof(*shared));
}
