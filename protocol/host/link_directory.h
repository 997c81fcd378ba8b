/* protocol/host/link_directory.h: fetches directory statements, proves and folds them. */
#ifndef SAIKNE_LINK_DIRECTORY_H
#define SAIKNE_LINK_DIRECTORY_H

#include "protocol/host/link.h"
#include "protocol/host/link_view.h"

/*
 * A page is folded only once its checkpoint is proven to be of the trusted log, so that nobody
 * can be shown statements of another. Zero-initialised but for the first five.
 */
struct link_directory {
	const struct network *network;
	struct directory *directory;
	struct link_view *view;
	void (*statement)(void *state, uint64_t index, struct bytes leaf); /* or NULL */
	void *state;
	uint64_t announced; /* how long the broker said it is */
	bool waiting;       /* PAGE waits for its checkpoint's proof */
	uint64_t page_size; /* the log size of that checkpoint */
	struct buffer page;
	struct frame_directory_page parsed;
};

void link_directory_reset(struct link_directory *d);
void link_directory_free(struct link_directory *d);
void link_directory_announce(struct link_directory *d, uint64_t length);
bool link_directory_is_behind(const struct link_directory *d);

/*
 * A DIRECTORY_PAGE's body: folded now, or kept until its checkpoint is proven (WAITING).
 * DETAIL gets a short English reason with every failure. STATUS_BAD_CONFIG when the folded
 * directory names another broker than network.conf.
 */
MUST_CHECK enum status link_directory_page(
    struct link_directory *d, struct bytes body, const char **detail);
/* After PROVEN was found to be of the trusted log: the page that waited, if it was for that. */
MUST_CHECK enum status link_directory_resume(
    struct link_directory *d, const struct checkpoint *proven, const char **detail);
/* STATUS_BAD_CONFIG unless broker and log are those that network.conf pins. */
MUST_CHECK enum status link_directory_check(
    const struct link_directory *d, const char **detail);

#endif
