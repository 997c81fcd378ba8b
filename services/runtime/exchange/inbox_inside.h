/* services/runtime/exchange/inbox_inside.h: a message that came, for the files that handle it. */
#ifndef SAIKNE_INBOX_INSIDE_H
#define SAIKNE_INBOX_INSIDE_H

#include "services/runtime/exchange/custody.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/inbox.h"
#include "services/runtime/store/case_store.h"
#include "services/runtime/store/circle_store.h"

/* A message on its way through the checks. */
struct incoming {
	const struct frame_deliver *deliver;
	const struct leaf *leaf;
	const struct envelope_recipient *own; /* our place in its header */
	uint32_t position;
	char peer[PARTY_MAX + 1];
	bool from_sender; /* who may send it signed it */
	bool opened;
	bool writing; /* from here on only the database can be in the way */
	struct content content;
	struct custody_statement statement; /* where it is one, or passes one on */
	struct envelope_chain claim;
	bool not_permitted; /* it bears a mark that is not its sender's to set */
	bool is_new;        /* it opens a task; else TASK is the one it belongs to */
	uint8_t task_id[SUITE_ID_LEN];
	struct task_row task;
	struct circle_row circle; /* of what a circle shares; n 0: not known here before */
	bool is_moved;            /* its sort or purpose may be others now than those stored */
	enum inbox_opener {       /* what opens TASK, as far as known */
		INBOX_UNOPENED,
		INBOX_OPENED,        /* something that stands before it in the log */
		INBOX_OPENED_BEHIND, /* something behind it, which came earlier */
	} opener;
	bool is_known; /* TASK is: its opening may have been missed, or came before */
	/* Told by what passes it on, where nothing else does; and what it passes on (history.h). */
	char purpose[MESSAGE_CODE_MAX + 1];
	struct history_passed *passed;
	const struct frame_deliver
	    *via; /* of what is passed on: what brings it and its documents */
};

/* Our place in its header, if it has one. */
bool inbox_position(const struct service *service, struct incoming *in);
/* Its documents come into CASE_N, in the open transaction (fetch.h). */
MUST_CHECK enum status inbox_claim(struct service *service, const struct incoming *in,
    uint64_t case_n, const struct case_key *key);
/* What it rests on, for grounds.h. */
struct ground_cited inbox_cited(const struct incoming *in);
/*
 * Opened and held against directory, policy, task, profile and ground; IN tells what it is then.
 * BEHIND: what the task is, the messages that it waits for will tell.
 */
MUST_CHECK enum status inbox_judge(struct service *service, struct incoming *in, bool behind);
/*
 * The same of a content that was opened otherwise: IN has deliver.proven, leaf, own, peer and
 * content. Its sender's signature and its proof are the caller's to check.
 */
MUST_CHECK enum status inbox_judge_content(struct service *service, struct incoming *in);
/* What was judged is stored, and all that follows from it; in the open transaction. */
MUST_CHECK enum status inbox_apply(
    struct service *service, struct departure *departure, struct incoming *in);
/*
 * The case that what opens a task of IN's belongs to: that of its ground or its child, or a new
 * one. Forget KEY afterwards.
 */
MUST_CHECK enum status inbox_case(
    struct service *service, const struct incoming *in, uint64_t *case_n, struct case_key *key);

/* ---- Acts of a circle (inbox_circle.c) --------------------------------------------------- */

/* The circle and the task that IN names, and whether its author may say it there. */
MUST_CHECK enum status inbox_circle_find(struct service *service, struct incoming *in);
/*
 * STATUS_ERASED: what it belongs to was erased here. Asked before anything is written, for its author
 * is told so; what is of no circle is STATUS_OK.
 */
MUST_CHECK enum status inbox_circle_kept(struct service *service, const struct incoming *in);
/* They are there from here on, and IN's task is of that circle; KEY is its case's. */
MUST_CHECK enum status inbox_circle_open(
    struct service *service, struct incoming *in, struct case_key *key);
/* What opened the task is kept: its purpose is that of all that lacked it, its record the task's. */
MUST_CHECK enum status inbox_circle_opened(struct service *service, struct incoming *in);

#endif
