/* services/runtime/desk/desk_gulp.h: reads more of a connection at once than libevent does. */
#ifndef SAIKNE_DESK_GULP_H
#define SAIKNE_DESK_GULP_H

#include <stdbool.h>

#include <event2/bufferevent.h>

/*
 * libevent 2.1 reads 4 KiB a turn of its loop, whatever the socket holds: a part of a document
 * would take 512 turns. From now on what lies behind them is read along, up to the watermark of
 * STREAM, a new connection's; false when memory ran out.
 */
bool desk_gulp_watch(struct bufferevent *stream);

#endif
