/* services/runtime/desk/desk_rate.h: how many requests one source may make; no I/O. */
#ifndef SAIKNE_DESK_RATE_H
#define SAIKNE_DESK_RATE_H

#include <stdint.h>

/*
 * A client that has run wild must not leave everyone else waiting: the service is one thread.
 * A person's clients stay far below this, and so does a gateway for a whole institution.
 */
#define DESK_RATE_PER_SECOND  1000
#define DESK_RATE_BURST       2000
#define DESK_RATE_SOURCES_MAX 64

struct desk_rate {
	struct desk_rate_source {
		char name[32]; /* "": the place is free */
		uint64_t left; /* requests, in thousandths */
		uint64_t time_ms;
	} sources[DESK_RATE_SOURCES_MAX];
};

/* Takes a request of SOURCE from what it has left: 0, or after how many seconds to ask again. */
unsigned desk_rate_take(struct desk_rate *rate, const char *source, uint64_t now_ms);

#endif
