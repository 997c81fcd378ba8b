/* broker/supervise.h: a parent that starts the broker again when it ended abnormally. */
#ifndef SAIKNE_SUPERVISE_H
#define SAIKNE_SUPERVISE_H

#define SUPERVISE_CONFIG 2 /* the exit code that starting again cannot mend */

/*
 * Returns twice over: in each worker with -1, to go on as the broker; in the parent, once all is
 * over, with the exit code. The worker never outlives the parent. Call it before anything that a
 * fork would share (sockets, databases, threads).
 */
int supervise_run(void);

#endif
