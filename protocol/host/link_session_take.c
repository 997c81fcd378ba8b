/* protocol/host/link_session_take.c: what each frame of the broker does in a session. */
#include "protocol/host/clock.h"
#include "protocol/host/link_session.h"
#include "protocol/host/oplog.h"

#define SLOWER_FOR 1000 /* milliseconds */

static void
advanced(struct link *link)
{
	if (link->events.checkpoint != NULL)
		link->events.checkpoint(
		    link->events.state, bytes_of_buffer(&link->config.view->note));
}

static void
set_clock(struct link *link, uint64_t theirs)
{
	link->broker_ms = theirs;
	link->broker_at = clock_boot_ms();
}

static void
take_welcome(struct link *link, const struct frame *frame)
{
	const uint64_t had = link->config.view->trusted.size;
	struct frame_welcome welcome;
	struct checkpoint found;
	const char *detail = "WELCOME is not of its form";
	enum status rc;

	link->hello = 0;
	if ((rc = frame_read_welcome(frame->body, &welcome)) != STATUS_OK) {
		link_session_fail(link, rc, detail);
		return;
	}
	rc = link_view_welcome(&link->view, welcome.checkpoint, &welcome.consistency, &found);
	if (!bytes_is_text(welcome.network, link->config.network->id)) {
		link_session_fail(
		    link, STATUS_WRONG_NETWORK, "the broker serves another network");
	} else if (rc != STATUS_OK) {
		link_session_give_up(
		    link, rc, "the broker's checkpoint does not extend the one we know");
	} else if (found.size < had ||
		   welcome.directory_length < directory_length(link->config.directory)) {
		/* No proof of a fork, but the sign of one to come: a log only grows. */
		link_session_fail(
		    link, STATUS_BAD_PROOF, "the broker's log is shorter than it has been");
	} else if ((rc = link_directory_check(&link->directory, &detail)) != STATUS_OK) {
		link_session_give_up(link, rc, detail);
	} else {
		set_clock(link, welcome.time_ms);
		if (welcome.frame_max < link->frame_max)
			link->frame_max = (size_t)welcome.frame_max;
		link_directory_announce(&link->directory, welcome.directory_length);
		link_session_move(link, LINK_WELCOME);
		if (found.size > had)
			advanced(link);
	}
}

static void
take_directory(struct link *link, const struct frame *frame)
{
	const char *detail;
	enum status rc;

	link->fetch = 0;
	rc = link_directory_page(&link->directory, frame->body, &detail);
	if (rc != STATUS_OK)
		link_session_give_up(link, rc, detail);
}

static void
take_proof(struct link *link, const struct frame *frame)
{
	const char *detail = "a consistency proof does not fit";
	struct frame_consistency_page page;
	struct checkpoint proven;
	bool moved = false;
	enum status rc;

	link->proof = 0;
	if ((rc = frame_read_consistency_page(frame->body, &page)) == STATUS_OK)
		rc = link_view_answer(&link->view, &page, &proven, &moved);
	if (moved)
		advanced(link);
	if (rc == STATUS_OK && link->events.proven != NULL)
		link->events.proven(link->events.state, &proven);
	if (rc == STATUS_OK)
		rc = link_directory_resume(&link->directory, &proven, &detail);
	if (rc != STATUS_OK)
		link_session_give_up(link, rc, detail);
}

static void
take_news(struct link *link, const struct frame *frame)
{
	struct frame_news news;
	enum status rc;

	if ((rc = frame_read_news(frame->body, &news)) == STATUS_OK)
		rc = link_view_note(&link->view, news.checkpoint, NULL);
	if (rc == STATUS_OK)
		link_directory_announce(&link->directory, news.directory_length);
	else
		link_session_give_up(link, rc, "NEWS does not fit");
}

static void
take_pong(struct link *link, const struct frame *frame)
{
	uint64_t time_ms;

	if (frame_read_numbers(frame->body, &time_ms, 1) == STATUS_OK)
		set_clock(link, time_ms);
	else
		link_session_fail(link, STATUS_MALFORMED, "PONG is not of its form");
}

static void
take_bye(struct link *link, const struct frame *frame)
{
	(void)frame;
	link_session_fail(link, STATUS_OK, "the broker said goodbye");
}

static void
take_deliver(struct link *link, const struct frame *frame)
{
	struct frame_deliver deliver;
	struct buffer *at;

	/* Credit is given when READY, and starts at nothing in each session. */
	if (link->state != LINK_READY || link->held_count == FRAME_CREDIT_MAX) {
		link_session_fail(
		    link, STATUS_RATE_LIMITED, "the broker delivers more than was asked for");
		return;
	}
	if (!link_directory_is_behind(&link->directory)) {
		link_session_pass(link, frame);
		return;
	}
	/* Its form bounds its size, which a frame's own limit would not do well enough. */
	if (frame_read_deliver(frame->body, &deliver) != STATUS_OK) {
		link_session_fail(link, STATUS_MALFORMED, "DELIVER is not of its form");
		return;
	}
	at = &link->held[link->held_count];
	frame_start(frame->command, frame->request, at);
	buffer_append(at, frame->body);
	if (at->failed)
		link_session_fail(link, STATUS_NO_MEMORY, "memory ran out");
	else
		link->held_count++;
}

static void
take_refusal(struct link *link, const struct frame *frame)
{
	struct frame_refused refused;

	if (frame_read_refused(frame->body, &refused) != STATUS_OK ||
	    refused.code == STATUS_OK) {
		link_session_fail(link, STATUS_MALFORMED, "REFUSED is not of its form");
	} else if (refused.code == STATUS_RATE_LIMITED && link->hello == 0) {
		/* The broker bounds what it reads for one peer: asked again a little later. */
		if (frame->request == link->fetch)
			link->fetch = 0;
		else
			link->proof = 0;
		link->slower_until = clock_boot_ms() + SLOWER_FOR;
	} else if (refused.code == STATUS_NO_SUCH_ENTRY && frame->request == link->hello) {
		link_session_fail(link, refused.code,
		    "the broker's log is shorter than it has been: it was set back, or is "
		    "another");
	} else {
		link_session_fail(link, refused.code, status_meaning(refused.code));
	}
}

static uint32_t
own_hello(const struct link *link)
{
	return link->hello;
}

static uint32_t
own_fetch(const struct link *link)
{
	return link->fetch;
}

static uint32_t
own_proof(const struct link *link)
{
	return link->proof;
}

static uint32_t
own_ping(const struct link *link)
{
	return link->ping;
}

/* The link's own business: answers to what it asked for itself, and what comes unasked. */
static const struct handler {
	void (*take)(struct link *link, const struct frame *frame);
	uint32_t (*own)(const struct link *link); /* NULL: unasked */
} handlers[] = {
    [COMMAND_WELCOME] = {take_welcome, own_hello},
    [COMMAND_DIRECTORY_PAGE] = {take_directory, own_fetch},
    [COMMAND_CONSISTENCY_PAGE] = {take_proof, own_proof},
    [COMMAND_NEWS] = {take_news, NULL},
    [COMMAND_PONG] = {take_pong, own_ping},
    [COMMAND_BYE] = {take_bye, NULL},
    [COMMAND_DELIVER] = {take_deliver, NULL},
};

static const struct handler *
handler_of(const struct link *link, const struct frame *frame)
{
	const struct handler *handler;

	if ((size_t)frame->command >= sizeof(handlers) / sizeof(handlers[0]))
		return NULL;
	handler = &handlers[frame->command];
	if (handler->take == NULL)
		return NULL;
	if (handler->own != NULL &&
	    (frame->request == 0 || handler->own(link) != frame->request))
		return NULL;
	return handler;
}

static bool
is_own(const struct link *link, uint32_t request)
{
	return request != 0 &&
	       (request == link->hello || request == link->fetch || request == link->proof);
}

/*
 * Whatever was asked, the broker has no session for this connection: it would answer, be heard,
 * and deliver nothing. Only a new session helps.
 */
static bool
is_forgotten(const struct frame *frame)
{
	struct frame_refused refused;

	return frame_read_refused(frame->body, &refused) == STATUS_OK &&
	       refused.code == STATUS_HELLO_FIRST;
}

/* Before WELCOME there is that, a refusal or a farewell, and nothing before HELLO. */
static bool
speaks_early(const struct link *link, const struct frame *frame, const struct handler *handler)
{
	if (link_session_is_on(link))
		return false;
	return link->state != LINK_GREETING ||
	       (frame->command != COMMAND_REFUSED && frame->command != COMMAND_BYE &&
		   (frame->command != COMMAND_WELCOME || handler == NULL));
}

static void
dispatch(struct link *link, const struct frame *frame)
{
	const bool greeting = link->state == LINK_GREETING;
	const struct handler *handler = handler_of(link, frame);

	if (speaks_early(link, frame, handler))
		link_session_fail(link, STATUS_HELLO_FIRST, "the broker speaks before WELCOME");
	else if (frame->command == COMMAND_REFUSED &&
		 (greeting || is_own(link, frame->request) || is_forgotten(frame)))
		take_refusal(link, frame);
	else if (handler != NULL)
		handler->take(link, frame);
	else if (link->state == LINK_READY)
		link_session_pass(link, frame);
	else
		oplog(OPLOG_DEBUG, "ignored before it was asked for: %s",
		    command_name(frame->command));
}

void
link_session_take(struct link *link, struct bytes view)
{
	struct frame frame;
	enum status rc;

	link->heard_at = clock_boot_ms();
	rc = frame_parse(view, &frame);
	if (rc == STATUS_UNKNOWN_COMMAND) {
		oplog(OPLOG_WARNING, "the broker sent a command unknown here: it is newer");
		return;
	}
	if (rc != STATUS_OK) {
		link_session_fail(link, rc, "the broker sent what is no frame");
		return;
	}
	dispatch(link, &frame);
	if (link->hello == 0 && link->fetch == 0 && link->proof == 0)
		link->answer_by = 0;
	link_session_go_on(link);
}
