/* protocol/host/link.c: runs a link: frames, events and time in turn; what callers call. */
#include "protocol/host/link.h"

#include <poll.h>
#include <stdlib.h>

#include "protocol/host/clock.h"
#include "protocol/host/link_session.h"
#include "protocol/host/oplog.h"

/* All in milliseconds. */
#define CONNECT_WITHIN 20000
#define PING_AFTER     15000
#define SILENCE_MAX    45000
#define CLOSE_WITHIN   1000
#define RUN_FRAMES     512

/* ---- The run -------------------------------------------------------------------------- */

static void
connect_now(struct link *link)
{
	enum status rc;

	link_session_move(link, LINK_CONNECT);
	link_view_reset(&link->view);
	link_directory_reset(&link->directory);
	link->frame_max = FRAME_MAX;
	link->answer_by = clock_boot_ms() + CONNECT_WITHIN;
	rc = link_socket_connect(link->socket, link->config.network, link->config.transport);
	if (rc != STATUS_OK)
		link_session_give_up(link, rc, "cannot begin to connect");
}

static void
take_event(struct link *link, enum link_socket_event event)
{
	if (event == LINK_SOCKET_UP && link->state == LINK_CALLING) {
		link_session_move(link, LINK_UP);
		link->heard_at = link->pinged_at = clock_boot_ms();
		link_session_greet(link);
	} else if (event == LINK_SOCKET_REFUSED) {
		link_session_fail(
		    link, STATUS_UNKNOWN_KEY, "the broker does not admit our transport key");
	} else if (event == LINK_SOCKET_DOWN) {
		link_session_fail(link, STATUS_OK,
		    link->state == LINK_CALLING ? "the broker cannot be reached"
						: "it broke off");
	}
}

static void
watch_time(struct link *link)
{
	const uint64_t now = clock_boot_ms();

	if (link->state == LINK_AWAY) {
		if (now >= link->retry_at)
			connect_now(link);
		return;
	}
	if (link->answer_by != 0 && now >= link->answer_by) {
		link_session_fail(link, STATUS_OK, "the broker does not answer");
		return;
	}
	if (!link_session_is_on(link))
		return;
	if (now - link->heard_at >= SILENCE_MAX) {
		link_session_fail(link, STATUS_OK, "the broker fell silent");
	} else if (now - link->heard_at >= PING_AFTER && now - link->pinged_at >= PING_AFTER) {
		link_session_ping(link);
	}
}

static uint64_t
next_duty(const struct link *link)
{
	uint64_t due, ping;

	if (link->state == LINK_STOPPED)
		return UINT64_MAX;
	if (link->state == LINK_AWAY)
		return link->retry_at;
	ping =
	    (link->heard_at > link->pinged_at ? link->heard_at : link->pinged_at) + PING_AFTER;
	due = link->answer_by;
	if (link_session_is_on(link) && (due == 0 || ping < due))
		due = ping;
	if (link->slower_until != 0 && link->slower_until < due)
		due = link->slower_until;
	return due;
}

/* Whether frames may be left. */
static bool
drain(struct link *link)
{
	struct bytes view;
	enum status rc;
	unsigned i;

	for (i = 0; i < RUN_FRAMES && link->stopping == STATUS_OK; i++) {
		if ((rc = link_socket_receive(link->socket, &view)) == STATUS_AGAIN)
			return false;
		if (rc == STATUS_OK)
			link_session_take(link, view);
		else
			link_session_fail(link, rc, "the broker sent what is no frame");
	}
	return true;
}

uint64_t
link_run(struct link *link)
{
	enum link_socket_event event;
	uint64_t due;
	bool more;

	if (link->state == LINK_STOPPED)
		return UINT64_MAX;
	link_socket_woken(link->socket);
	more = drain(link);
	/* An end is taken note of after the frames that came before it. */
	while (!more && (event = link_socket_event(link->socket)) != LINK_SOCKET_NOTHING)
		take_event(link, event);
	if (link->slower_until != 0 && clock_boot_ms() >= link->slower_until)
		link->slower_until = 0;
	/* A checkpoint noted outside of a frame may wait for its proof. */
	if (link->stopping == STATUS_OK)
		link_session_go_on(link);
	if (link->stopping != STATUS_OK && link->state != LINK_STOPPED)
		link_session_give_up(link, link->stopping, "the log is forked");
	watch_time(link);
	due = next_duty(link);
	if (more || link_socket_pending(link->socket))
		due = clock_boot_ms();
	if (due != UINT64_MAX)
		link_socket_wake(link->socket, due);
	return due;
}

/* ---- For the caller ------------------------------------------------------------------- */

enum status
link_open(const struct link_config *config, const struct link_events *events, struct link **out)
{
	struct link *link;
	enum status rc;

	if ((link = calloc(1, sizeof(*link))) == NULL)
		return STATUS_NO_MEMORY;
	link->state = LINK_AWAY;
	link->config = *config;
	link->events = *events;
	link->frame_max = FRAME_MAX;
	link->view.view = config->view;
	link->directory = (struct link_directory){
	    .network = config->network,
	    .directory = config->directory,
	    .view = &link->view,
	    .statement = events->statement,
	    .state = events->state,
	};
	if ((rc = link_socket_create(&link->socket)) != STATUS_OK) {
		free(link);
		return rc;
	}
	/* Due at once, in the first link_run(). */
	link_socket_wake(link->socket, 0);
	*out = link;
	return STATUS_OK;
}

void
link_close(struct link *link)
{
	size_t i;

	if (link == NULL)
		return;
	if (link->state == LINK_READY) {
		frame_numbers(COMMAND_BYE, link_request(link), NULL, 0, &link->out);
		/* A goodbye that finds no room is missed by nobody. */
		if (link_socket_send(link->socket, bytes_of_buffer(&link->out)) != STATUS_OK)
			oplog(OPLOG_DEBUG, "left without a goodbye");
	}
	link_socket_free(link->socket, CLOSE_WITHIN);
	link_view_free(&link->view);
	link_directory_free(&link->directory);
	for (i = 0; i < FRAME_CREDIT_MAX; i++)
		buffer_free(&link->held[i]);
	buffer_free(&link->out);
	buffer_free(&link->answer);
	free(link);
}

int
link_fd(const struct link *link)
{
	return link_socket_fd(link->socket);
}

bool
link_is_ready(const struct link *link)
{
	return link->state == LINK_READY;
}

uint32_t
link_request(struct link *link)
{
	/* 0 marks what nobody asked for. */
	if (++link->last_request == 0)
		link->last_request = 1;
	return link->last_request;
}

int64_t
link_clock_offset(const struct link *link)
{
	uint64_t theirs = link->broker_ms + (clock_boot_ms() - link->broker_at);

	return link->broker_at == 0 ? 0 : (int64_t)(theirs - clock_now_ms());
}

enum status
link_send(struct link *link, struct bytes frame)
{
	enum status rc;

	if (link->state != LINK_READY)
		return STATUS_NOT_READY;
	if (frame.len > link->frame_max)
		return STATUS_TOO_LARGE;
	if ((rc = link_socket_send(link->socket, frame)) != STATUS_OK)
		return rc;
	/* The send may have taken in what ZeroMQ signals only once. */
	if (link_socket_pending(link->socket))
		link_socket_wake(link->socket, 0);
	return STATUS_OK;
}

enum status
link_note(struct link *link, struct bytes note, struct checkpoint *out)
{
	enum status rc = link_view_note(&link->view, note, out);

	/* Not from here: the caller may stand in one of our own callbacks. */
	if (rc == STATUS_FORKED_LOG)
		link->stopping = rc;
	if (rc == STATUS_FORKED_LOG || rc == STATUS_OK)
		link_socket_wake(link->socket, 0);
	return rc;
}

/*
 * Waits until the link has something to do, at most until UNTIL, and does it; false when that
 * has come. It is to have been run, and what it brought looked at: the wait is for more.
 */
static bool
wait_until(struct link *link, uint64_t until)
{
	struct pollfd fd = {.fd = link_fd(link), .events = POLLIN};
	uint64_t now = clock_boot_ms();

	if (now >= until)
		return false;
	/* An interrupted wait is only a shorter one. */
	poll(&fd, 1, until - now > 1000 ? 1000 : (int)(until - now));
	link_run(link);
	return true;
}

enum status
link_wait_ready(struct link *link, uint64_t timeout_ms)
{
	const uint64_t until = clock_boot_ms() + timeout_ms;

	if (link->state != LINK_STOPPED)
		link->why = STATUS_OK;
	link_run(link);
	/* A broker that wants it slower is waited for like one that is away. */
	while (link->state != LINK_READY &&
	       (link->why == STATUS_OK || link->why == STATUS_RATE_LIMITED))
		if (!wait_until(link, until))
			break;
	if (link->state == LINK_READY)
		return STATUS_OK;
	return link->why != STATUS_OK ? link->why : STATUS_AGAIN;
}

static enum status
take_answer(struct link *link, uint32_t request, struct frame *answer)
{
	struct frame_refused refused;
	struct bytes view = bytes_of_buffer(&link->answer);

	if (link->answer.failed)
		return STATUS_NO_MEMORY;
	answer->command = (enum command)view.data[0];
	answer->request = request;
	answer->body = (struct bytes){view.data + 1, view.len - 1};
	if (answer->command != COMMAND_REFUSED)
		return STATUS_OK;
	if (frame_read_refused(answer->body, &refused) != STATUS_OK ||
	    refused.code == STATUS_OK)
		return STATUS_MALFORMED;
	return refused.code;
}

enum status
link_ask(struct link *link, struct bytes frame, uint32_t request, uint64_t timeout_ms,
    struct frame *answer)
{
	const uint64_t until = clock_boot_ms() + timeout_ms;
	enum status rc;

	if ((rc = link_send(link, frame)) != STATUS_OK)
		return rc;
	link->asked = request;
	link->answered = false;
	link_run(link);
	while (!link->answered && link->state == LINK_READY)
		if (!wait_until(link, until))
			break;
	link->asked = 0;
	if (link->answered)
		return take_answer(link, request, answer);
	if (link->state == LINK_STOPPED)
		return link->why;
	return link->state == LINK_READY ? STATUS_AGAIN : STATUS_NOT_READY;
}
