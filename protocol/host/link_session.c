/* protocol/host/link_session.c: how a session begins, what it asks for itself, and how it ends. */
#include "protocol/host/link_session.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/host/clock.h"
#include "protocol/host/oplog.h"

/* All in milliseconds. */
#define BACKOFF_MIN   200
#define BACKOFF_MAX   30000
#define ANSWER_WITHIN 10000
#define STEADY_AFTER  30000
/* Bytes of a note in one line of the log. */
#define NOTE_PIECE 400

/* What is not listed leads NOWHERE and is not done. */
static const enum link_state next_state[LINK_STATE_COUNT][LINK_EVENT_COUNT] = {
    [LINK_AWAY] =
	{[LINK_CONNECT] = LINK_CALLING, [LINK_FAIL] = LINK_AWAY, [LINK_STOP] = LINK_STOPPED},
    [LINK_CALLING] =
	{[LINK_UP] = LINK_GREETING, [LINK_FAIL] = LINK_AWAY, [LINK_STOP] = LINK_STOPPED},
    [LINK_GREETING] = {[LINK_WELCOME] = LINK_CATCHING_UP,
	[LINK_FAIL] = LINK_AWAY,
	[LINK_STOP] = LINK_STOPPED},
    [LINK_CATCHING_UP] =
	{[LINK_CURRENT] = LINK_READY, [LINK_FAIL] = LINK_AWAY, [LINK_STOP] = LINK_STOPPED},
    [LINK_READY] = {[LINK_FAIL] = LINK_AWAY, [LINK_STOP] = LINK_STOPPED},
};

void
link_session_move(struct link *link, enum link_event event)
{
	const enum link_state next = next_state[link->state][event];

	if (next != LINK_NOWHERE)
		link->state = next;
}

bool
link_session_is_on(const struct link *link)
{
	return link->state == LINK_CATCHING_UP || link->state == LINK_READY;
}

/* ---- Ends ----------------------------------------------------------------------------- */

static void
leave(struct link *link, enum link_event event, enum status why, const char *detail)
{
	const bool was_ready = link->state == LINK_READY;

	link_socket_disconnect(link->socket);
	link_session_move(link, event);
	link->why = why;
	link->hello = link->fetch = link->proof = link->ping = 0;
	link->answer_by = link->slower_until = 0;
	link->held_count = 0;
	if (detail != link->told)
		oplog(link->state == LINK_STOPPED ? OPLOG_ERROR : OPLOG_WARNING,
		    "the connection to the broker ended: %s%s%s%s", detail,
		    why != STATUS_OK ? "; " : "", why != STATUS_OK ? status_name(why) : "",
		    link->state == LINK_STOPPED ? "; it is not tried again" : "");
	link->told = detail;
	if ((was_ready || why != STATUS_OK) && link->events.lost != NULL)
		link->events.lost(link->events.state, why);
}

void
link_session_fail(struct link *link, enum status why, const char *detail)
{
	uint64_t delay = BACKOFF_MAX;
	uint32_t chance;

	/* Two that push each other out, or a broker that greets and drops, must not race. */
	if (link->state == LINK_READY && clock_boot_ms() - link->ready_at >= STEADY_AFTER)
		link->attempts = 0;
	leave(link, LINK_FAIL, why, detail);
	if (link->attempts < 8 && (uint64_t)BACKOFF_MIN << link->attempts < BACKOFF_MAX)
		delay = (uint64_t)BACKOFF_MIN << link->attempts;
	link->attempts++;
	/* Half to whole, so that parties cut off together do not come back together. */
	suite_random(&chance, sizeof(chance));
	link->retry_at = clock_boot_ms() + delay / 2 + chance % (delay / 2 + 1);
}

/* In pieces, as lines of the log are bounded. */
static void
log_note(const char *what, struct bytes note)
{
	char hex[2 * NOTE_PIECE + 1];
	struct bytes piece;
	size_t at;

	for (at = 0; at < note.len; at += piece.len) {
		piece = (struct bytes){note.data + at, note.len - at};
		if (piece.len > NOTE_PIECE)
			piece.len = NOTE_PIECE;
		bytes_to_hex(piece, hex);
		oplog(OPLOG_ERROR, "%s, hexadecimal from byte %zu: %s", what, at, hex);
	}
}

/* Two signed checkpoints that contradict each other are the proof: both are kept. */
static void
stop_forked(struct link *link)
{
	const struct bytes known = bytes_of_buffer(&link->config.view->note);
	const struct bytes other = bytes_of_buffer(&link->view.contradiction);

	oplog(OPLOG_ERROR,
	    "THE LOG IS FORKED: two checkpoints signed by %s contradict each "
	    "other. Keep both and tell every auditor.",
	    link->config.network->log.name);
	log_note("the checkpoint known", known);
	log_note("the checkpoint shown now", other);
	if (link->events.forked != NULL)
		link->events.forked(link->events.state, known, other);
	leave(link, LINK_STOP, STATUS_FORKED_LOG, "the log is forked");
}

/* What went wrong decides whether coming back can help. */
void
link_session_give_up(struct link *link, enum status why, const char *detail)
{
	if (why == STATUS_FORKED_LOG)
		stop_forked(link);
	else if (why == STATUS_BAD_CONFIG)
		leave(link, LINK_STOP, why, detail);
	else
		link_session_fail(link, why, detail);
}

/* ---- The link's own requests ---------------------------------------------------------- */

static bool
send_own(struct link *link)
{
	if (!link->out.failed &&
	    link_socket_send(link->socket, bytes_of_buffer(&link->out)) == STATUS_OK)
		return true;
	link_session_fail(link, STATUS_OK, "a frame could not be sent");
	return false;
}

static void
send_numbers(struct link *link, enum command command, uint32_t *request, uint64_t a, uint64_t b,
    uint32_t count)
{
	const uint64_t numbers[2] = {a, b};

	*request = link_request(link);
	frame_numbers(command, *request, numbers, count, &link->out);
	if (send_own(link))
		link->answer_by = clock_boot_ms() + ANSWER_WITHIN;
}

void
link_session_greet(struct link *link)
{
	const struct frame_hello hello = {
	    .network = bytes_of_text(link->config.network->id),
	    .party = bytes_of_text(link->config.party),
	    .software = bytes_of_text(link->config.software),
	    .directory_length = directory_length(link->config.directory),
	    .log_size = link->config.view->trusted.size,
	};

	link->hello = link_request(link);
	frame_hello(&hello, link->hello, &link->out);
	if (send_own(link))
		link->answer_by = clock_boot_ms() + ANSWER_WITHIN;
}

void
link_session_ping(struct link *link)
{
	link->pinged_at = clock_boot_ms();
	link->ping = link_request(link);
	frame_numbers(COMMAND_PING, link->ping, NULL, 0, &link->out);
	send_own(link);
}

void
link_session_pass(struct link *link, const struct frame *frame)
{
	if (link->asked != 0 && frame->request == link->asked && !link->answered) {
		/* The prefix is not kept: the command and the body are. */
		buffer_reset(&link->answer);
		buffer_append_byte(&link->answer, (uint8_t)frame->command);
		buffer_append(&link->answer, frame->body);
		link->answered = true;
	} else if (link->events.frame != NULL) {
		link->events.frame(link->events.state, frame);
	}
}

static void
release_held(struct link *link)
{
	struct frame frame;
	unsigned i;

	for (i = 0; i < link->held_count && link->stopping == STATUS_OK; i++)
		if (frame_parse(bytes_of_buffer(&link->held[i]), &frame) == STATUS_OK)
			link_session_pass(link, &frame);
	link->held_count = 0;
}

/* The link's own questions: a proof of a checkpoint, and what the directory lacks. */
static void
ask_next(struct link *link)
{
	uint32_t *fetch = &link->fetch, *proof = &link->proof;

	if (link->slower_until != 0)
		return;
	if (*proof == 0 && link_view_next(&link->view))
		send_numbers(link, COMMAND_CONSISTENCY, proof, link->view.old_size,
		    link->view.new_size, 2);
	if (link_session_is_on(link) && link_directory_is_behind(&link->directory) &&
	    *fetch == 0 && !link->directory.waiting)
		send_numbers(link, COMMAND_DIRECTORY, fetch,
		    directory_length(link->config.directory), 0, 1);
}

void
link_session_go_on(struct link *link)
{
	if (link_session_is_on(link))
		ask_next(link);
	if (!link_session_is_on(link) || link_directory_is_behind(&link->directory))
		return;
	if (link->state == LINK_CATCHING_UP) {
		link_session_move(link, LINK_CURRENT);
		link->ready_at = clock_boot_ms();
		link->told = NULL;
		link->why = STATUS_OK;
		oplog(OPLOG_INFO, "connected to the broker");
		if (link->events.ready != NULL)
			link->events.ready(link->events.state);
	}
	if (link->held_count > 0)
		release_held(link);
}
