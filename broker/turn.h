/* broker/turn.h: the broker's parts together, and one turn of their loop. */
#ifndef SAIKNE_TURN_H
#define SAIKNE_TURN_H

#include "broker/gate.h"
#include "broker/post.h"

struct turn {
	struct gate *gate;
	struct journal *journal;
	struct sessions *sessions;
	struct refusals *refusals;
	struct allowances *allowances;
	struct intake intake;
	struct post *post;
	uint64_t second_ms;  /* when the last duties of a second were done */
	uint64_t busy_ms;    /* when something last came in */
	uint64_t recheck_ms; /* when to cut who is out of the directory; 0: nobody */
};

/*
 * Waits for frames, takes what has come up to a batch, commits, answers, delivers: in the order
 * that journal.h states. STATUS_INTERNAL: the gate failed and the process must end.
 */
MUST_CHECK enum status turn_run(struct turn *turn, int signal_fd);
/* Before the end: logs what was counted, commits and answers. */
void turn_end(struct turn *turn);
/* For struct gate_config: a connection is gone. */
void turn_lost(void *state, const struct peer *peer);

#endif
