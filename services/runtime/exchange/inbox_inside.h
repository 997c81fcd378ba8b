/* services/runtime/exchange/inbox_inside.h: a message that came, for the files that handle it. */
#ifndef SAIKNE_INBOX_INSIDE_H
#define SAIKNE_INBOX_INSIDE_H

#include "services/runtime/exchange/custody.h"
#include "services/runtime/exchange/grounds.h"
#include "services/runtime/exchange/inbox.h"
#include "services/runtime/store/case_store.h"

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
};

/* Our place in its header, if it has one. */
bool inbox_position(const struct service *service, struct incoming *in);
/* What it rests on, for grounds.h. */
struct ground_cited inbox_cited(const struct incoming *in);
/*
 * Opened and held against directory, policy, task, profile and ground; IN tells what it is then.
 * BEHIND: what the task is, the messages that it waits for will tell.
 */
MUST_CHECK enum status inbox_judge(struct service *service, struct incoming *in, bool behind);

#endif
