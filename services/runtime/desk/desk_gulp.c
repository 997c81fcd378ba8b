/* services/runtime/desk/desk_gulp.c: reads more of a connection at once than libevent does. */
#include "services/runtime/desk/desk_gulp.h"

#include <sys/uio.h>

#include <event2/buffer.h>
#include <event2/event.h>

#define READ_OWN 4096              /* what libevent reads at once */
#define READ_MAX (64 * 1024 - 256) /* with its own head one block of memory */

/* So many bytes of ROOM are filled; how many of its pieces that takes. */
static int
fill(struct evbuffer_iovec *room, int count, size_t len)
{
	int used = 0;

	for (; used < count && len > 0; used++) {
		if (room[used].iov_len > len)
			room[used].iov_len = len;
		len -= room[used].iov_len;
	}
	return used;
}

/* Inside of libevent's own read. Where this one finds an end or an error, the next tells it. */
static void
on_input(struct evbuffer *in, const struct evbuffer_cb_info *info, void *arg)
{
	struct evbuffer_iovec room[2];
	size_t most = 0;
	ssize_t got;
	int count;

	/* Less than it could have taken: there is no more. */
	if (info->n_added != READ_OWN ||
	    bufferevent_getwatermark(arg, EV_READ, NULL, &most) != 0 ||
	    evbuffer_get_length(in) + READ_MAX > most)
		return;
	if ((count = evbuffer_reserve_space(in, READ_MAX, room, 2)) <= 0)
		return;
	got = readv(bufferevent_getfd(arg), room, count);
	if (got > 0)
		(void)evbuffer_commit_space(in, room, fill(room, count, (size_t)got));
}

bool
desk_gulp_watch(struct bufferevent *stream)
{
	return evbuffer_add_cb(bufferevent_get_input(stream), on_input, stream) != NULL;
}
