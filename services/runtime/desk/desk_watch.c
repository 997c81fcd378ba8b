/* services/runtime/desk/desk_watch.c: remembers since when each connection has been waited for. */
#include "services/runtime/desk/desk_watch.h"

#include <stddef.h>

/* The place of this connection, a new one when it has none; NULL when all are taken. */
static struct desk_watched *
place_of(struct desk_watch *watch, int fd, uint64_t socket, uint64_t now_ms)
{
	struct desk_watched *place = NULL;

	for (size_t i = 0; i < DESK_WATCH_MAX; i++) {
		struct desk_watched *one = &watch->at[i];

		if (one->used && one->fd == fd && one->socket == socket)
			return one;
		/* Two connections never share a descriptor: the older one has gone. */
		if ((!one->used && place == NULL) || (one->used && one->fd == fd))
			place = one;
	}
	if (place != NULL)
		*place = (struct desk_watched){
		    .used = true, .fd = fd, .socket = socket, .since_ms = now_ms};
	return place;
}

void
desk_watch_begin(struct desk_watch *watch)
{
	for (size_t i = 0; i < DESK_WATCH_MAX; i++)
		watch->at[i].seen = false;
}

bool
desk_watch_is_overdue(struct desk_watch *watch, int fd, uint64_t socket, uint64_t now_ms)
{
	struct desk_watched *place = place_of(watch, fd, socket, now_ms);

	/* There are more places than connections let in. */
	if (place == NULL)
		return false;
	place->seen = true;
	return !place->keeps && now_ms > place->since_ms &&
	       now_ms - place->since_ms > DESK_WATCH_PATIENCE_MS;
}

void
desk_watch_end(struct desk_watch *watch)
{
	for (size_t i = 0; i < DESK_WATCH_MAX; i++)
		watch->at[i].used &= watch->at[i].seen;
}

void
desk_watch_served(
    struct desk_watch *watch, int fd, uint64_t socket, uint64_t now_ms, bool keeps)
{
	struct desk_watched *place = place_of(watch, fd, socket, now_ms);

	if (place == NULL)
		return;
	place->since_ms = now_ms;
	place->keeps = keeps;
}
