/* broker/gate_zap.c: who may come in: the ZAP handler (ZeroMQ RFC 27) over the directory. */
#include "broker/gate_zap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "protocol/host/oplog.h"

#define ENDPOINT "inproc://zeromq.zap.01"
#define FRAMES   7 /* version, request, domain, address, identity, mechanism, key */
/* One party's handshakes in one window: coming back takes one, a storm many. */
#define RATE_MAX       30
#define RATE_WINDOW_MS 10000
#define RATE_SLOTS     1024
#define LAST           4

struct rate {
	const struct party *party;
	uint64_t start_ms;
	unsigned count;
};

struct gate_zap {
	void *socket;
	const struct directory *directory;
	uint64_t admitted, refused;
	struct rate rates[RATE_SLOTS];
};

struct request {
	zmq_msg_t frame[FRAMES];
	unsigned count;
};

/* Of this process: read by the handler of SIGABRT. */
static char last[LAST][PARTY_MAX + 2];
static unsigned last_at;

enum status
gate_zap_open(void *context, const struct directory *directory, struct gate_zap **out)
{
	struct gate_zap *zap = calloc(1, sizeof(*zap));
	const int linger = 0;

	if (zap == NULL)
		return STATUS_NO_MEMORY;
	zap->directory = directory;
	zap->socket = zmq_socket(context, ZMQ_REP);
	if (zap->socket == NULL ||
	    zmq_setsockopt(zap->socket, ZMQ_LINGER, &linger, sizeof(linger)) != 0 ||
	    zmq_bind(zap->socket, ENDPOINT) != 0) {
		oplog(OPLOG_ERROR, "the handler of handshakes cannot be opened: %s",
		    zmq_strerror(errno));
		gate_zap_close(zap);
		return STATUS_INTERNAL;
	}
	*out = zap;
	return STATUS_OK;
}

void
gate_zap_close(struct gate_zap *zap)
{
	if (zap == NULL)
		return;
	if (zap->socket != NULL)
		zmq_close(zap->socket);
	free(zap);
}

void *
gate_zap_socket(const struct gate_zap *zap)
{
	return zap->socket;
}

uint64_t
gate_zap_admitted(const struct gate_zap *zap)
{
	return zap->admitted;
}

uint64_t
gate_zap_refused(const struct gate_zap *zap)
{
	return zap->refused;
}

void
gate_zap_tell_last(void)
{
	static const char text[] = "saikne-broker: aborted; admitted last: ";

	/* A handler can do no more about a failure than go on. */
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		return;
	for (unsigned i = 0; i < LAST; i++)
		if (write(STDERR_FILENO, last[i], strlen(last[i])) < 0)
			return;
	if (write(STDERR_FILENO, "\n", 1) < 0)
		return;
}

/* ---- One request ------------------------------------------------------------------------- */

static bool
is_text(zmq_msg_t *frame, const char *text)
{
	return bytes_is_text((struct bytes){zmq_msg_data(frame), zmq_msg_size(frame)}, text);
}

/* False when none waits; frames beyond the known ones are counted and dropped. */
static bool
receive(struct gate_zap *zap, struct request *request)
{
	zmq_msg_t surplus;
	int more = 1;

	request->count = 0;
	while (more) {
		zmq_msg_t *frame =
		    request->count < FRAMES ? &request->frame[request->count] : &surplus;

		zmq_msg_init(frame);
		if (zmq_msg_recv(frame, zap->socket, ZMQ_DONTWAIT) < 0) {
			zmq_msg_close(frame);
			return false;
		}
		more = zmq_msg_more(frame);
		if (frame == &surplus)
			zmq_msg_close(frame);
		request->count++;
	}
	return true;
}

static void
release(struct request *request)
{
	for (unsigned i = 0; i < request->count && i < FRAMES; i++)
		zmq_msg_close(&request->frame[i]);
}

static bool
is_too_often(struct gate_zap *zap, const struct party *party, uint64_t now_ms)
{
	struct rate *rate = &zap->rates[(uintptr_t)party / 64 % RATE_SLOTS];

	if (rate->party != party || now_ms - rate->start_ms >= RATE_WINDOW_MS)
		*rate = (struct rate){.party = party, .start_ms = now_ms};
	return ++rate->count > RATE_MAX;
}

/* "200" admits, "300" is to be tried again, "400" refuses. */
static const char *
judge(struct gate_zap *zap, struct request *request, uint64_t now_ms, char *user)
{
	const struct party *party;

	user[0] = '\0';
	if (request->count != FRAMES || !is_text(&request->frame[0], "1.0") ||
	    !is_text(&request->frame[2], GATE_ZAP_DOMAIN) ||
	    !is_text(&request->frame[5], "CURVE") ||
	    zmq_msg_size(&request->frame[6]) != SUITE_BOX_PUBLIC)
		return "400";
	party = directory_by_transport(zap->directory, zmq_msg_data(&request->frame[6]));
	if (party == NULL)
		return "400";
	if (is_too_often(zap, party, now_ms))
		return "300";
	bytes_to_hex((struct bytes){zmq_msg_data(&request->frame[6]), SUITE_BOX_PUBLIC}, user);
	snprintf(last[last_at++ % LAST], sizeof(last[0]), "%s ", party->code);
	return "200";
}

static bool
say(struct gate_zap *zap, const void *data, size_t len, bool more)
{
	return zmq_send(zap->socket, data, len, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)) >= 0;
}

static bool
answer(struct gate_zap *zap, struct request *request, const char *code, const char *user)
{
	const void *id = "";
	size_t id_len = 0;

	if (request->count > 1) {
		id = zmq_msg_data(&request->frame[1]);
		id_len = zmq_msg_size(&request->frame[1]);
	}
	/* Version, request, code, text, user, metadata. */
	return say(zap, "1.0", 3, true) && say(zap, id, id_len, true) &&
	       say(zap, code, 3, true) && say(zap, "", 0, true) &&
	       say(zap, user, strlen(user), true) && say(zap, "", 0, false);
}

enum status
gate_zap_run(struct gate_zap *zap, uint64_t now_ms)
{
	char user[2 * SUITE_BOX_PUBLIC + 1];
	struct request request;
	const char *code;
	bool ok = true;

	errno = 0;
	while (ok && receive(zap, &request)) {
		code = judge(zap, &request, now_ms, user);
		if (code[0] == '2')
			zap->admitted++;
		else
			zap->refused++;
		ok = answer(zap, &request, code, user);
		release(&request);
	}
	if (ok && (errno == EAGAIN || errno == EINTR))
		return STATUS_OK;
	oplog(OPLOG_ERROR, "the handler of handshakes failed: %s", zmq_strerror(errno));
	return STATUS_INTERNAL;
}
