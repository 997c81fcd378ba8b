/* services/runtime/desk/desk_rate.c: a bucket of requests for each source, filled by time. */
#include "services/runtime/desk/desk_rate.h"

#include <stdio.h>
#include <string.h>

#define WHOLE 1000 /* thousandths of one request */

/* Where there is no place the source that has been quiet longest makes room: its bucket is full. */
static struct desk_rate_source *
source_of(struct desk_rate *rate, const char *name, uint64_t now_ms)
{
	struct desk_rate_source *oldest = &rate->sources[0];

	for (size_t i = 0; i < DESK_RATE_SOURCES_MAX; i++) {
		struct desk_rate_source *one = &rate->sources[i];

		if (strcmp(one->name, name) == 0)
			return one;
		if (oldest->name[0] != '\0' &&
		    (one->name[0] == '\0' || one->time_ms < oldest->time_ms))
			oldest = one;
	}
	snprintf(oldest->name, sizeof(oldest->name), "%s", name);
	oldest->left = (uint64_t)DESK_RATE_BURST * WHOLE;
	oldest->time_ms = now_ms;
	return oldest;
}

unsigned
desk_rate_take(struct desk_rate *rate, const char *source, uint64_t now_ms)
{
	const uint64_t most = (uint64_t)DESK_RATE_BURST * WHOLE;
	struct desk_rate_source *from = source_of(rate, source, now_ms);
	uint64_t passed = now_ms > from->time_ms ? now_ms - from->time_ms : 0;

	/* In a millisecond come as many thousandths of a request as requests in a second. */
	from->left = passed >= most / DESK_RATE_PER_SECOND
	                 ? most
	                 : from->left + passed * DESK_RATE_PER_SECOND;
	if (from->left > most)
		from->left = most;
	from->time_ms = now_ms;
	if (from->left < WHOLE)
		return 1;
	from->left -= WHOLE;
	return 0;
}
