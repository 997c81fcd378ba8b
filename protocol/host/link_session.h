/* protocol/host/link_session.h: the inside of a link, shared by its own files alone. */
#ifndef SAIKNE_LINK_SESSION_H
#define SAIKNE_LINK_SESSION_H

#include "protocol/host/link_directory.h"
#include "protocol/host/link_socket.h"
#include "protocol/host/link_view.h"

/*
 *          CONNECT             UP               WELCOME                 CURRENT
 *   AWAY ----------> CALLING ------> GREETING ----------> CATCHING_UP ----------> READY
 *    ^                  |               |                     |                     |
 *    '------------------+---------------+------- FAIL --------+---------------------'
 *   STOP leads from anywhere to STOPPED, and nothing leads on: a forked log, another broker.
 */
enum link_state {
	LINK_NOWHERE,
	LINK_AWAY,
	LINK_CALLING,
	LINK_GREETING,
	LINK_CATCHING_UP,
	LINK_READY,
	LINK_STOPPED,
	LINK_STATE_COUNT
};
enum link_event {
	LINK_CONNECT,
	LINK_UP,
	LINK_WELCOME,
	LINK_CURRENT,
	LINK_FAIL,
	LINK_STOP,
	LINK_EVENT_COUNT
};

struct link {
	struct link_config config;
	struct link_events events;
	struct link_socket *socket;
	struct link_view view;
	struct link_directory directory;
	enum link_state state;
	enum status stopping; /* a forked log was met in a callback; acted upon in link_run() */
	enum status why;      /* why the last session or attempt ended */
	const char *told;     /* what the operator was told last, so as not to repeat it */
	unsigned attempts;    /* since the last session that was READY for a while */
	uint64_t ready_at;
	uint64_t retry_at;     /* AWAY */
	uint64_t answer_by;    /* while an answer to the link's own requests is due; 0: none */
	uint64_t slower_until; /* the broker wants fewer questions of our own */
	uint64_t heard_at;     /* the last frame */
	uint64_t pinged_at;
	uint32_t last_request;
	uint32_t hello, fetch, proof, ping; /* the link's own requests under way; 0: none */
	size_t frame_max;
	uint64_t broker_ms, broker_at; /* the broker's time, and when it told it (boot) */
	struct buffer out;             /* the link's own frames */
	struct buffer held[FRAME_CREDIT_MAX]; /* DELIVERs that came while the directory lags */
	unsigned held_count;
	uint32_t asked; /* link_ask() waits for this; 0: nothing */
	bool answered;
	struct buffer answer;
};

/* What is not in the diagram does nothing; tests walk every pair. */
void link_session_move(struct link *link, enum link_event event);
/* In a session: HELLO was answered. */
bool link_session_is_on(const struct link *link);
/* The connection is up. */
void link_session_greet(struct link *link);
void link_session_take(struct link *link, struct bytes view);
/* Whatever of its own the link can do next: proofs, the directory, READY, held frames. */
void link_session_go_on(struct link *link);
void link_session_ping(struct link *link);
/* A frame that is not the link's own business, to whom it concerns. */
void link_session_pass(struct link *link, const struct frame *frame);
/* Ends the connection; WHY is STATUS_OK for what just happens. DETAIL: a literal. */
void link_session_fail(struct link *link, enum status why, const char *detail);
/* The same, but for good where coming back cannot help. */
void link_session_give_up(struct link *link, enum status why, const char *detail);

#endif
