/* services/runtime/desk/desk_page.h: what evhttp refuses by itself is told as a problem, too. */
#ifndef SAIKNE_DESK_PAGE_H
#define SAIKNE_DESK_PAGE_H

#include <stdbool.h>

#include <event2/bufferevent.h>

/*
 * evhttp 2.1 answers what is no HTTP (400), too large (413) or of an unknown method (501) with
 * an HTML page before it asks us. From now on such a page becomes problem+json on its way out
 * of STREAM, a new connection's; false when memory ran out. Nothing of ours is ever text/html.
 */
bool desk_page_watch(struct bufferevent *stream);

#endif
