/* services/runtime/desk/desk_socket.h: a listening unix socket that belongs to one process. */
#ifndef SAIKNE_DESK_SOCKET_H
#define SAIKNE_DESK_SOCKET_H

#include <sys/types.h>
#include <sys/un.h>

#include "protocol/base/status.h"

/* Which socket file this process made: it removes that one and no other. */
struct desk_socket {
	int fd;   /* -1: none */
	int lock; /* -1: none */
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	dev_t device;
	ino_t inode;
};

/*
 * Binds PATH with mode 0600 and listens, non-blocking. A socket file on which nobody listens is
 * replaced; anything else there is left alone. Failures are told in the operator's log. PATH.lock
 * is held meanwhile, and stays behind: of two that start at once, each of which sees the other's
 * dead socket or new one as stale, one gets STATUS_IN_USE.
 */
MUST_CHECK enum status desk_socket_open(const char *path, struct desk_socket *out);
/* Lets the unix group GROUP connect too: mode 0660. */
MUST_CHECK enum status desk_socket_share(const struct desk_socket *socket, const char *group);
/* Removes the file if it still is the one made here. FD is closed by whoever took it. */
void desk_socket_remove(struct desk_socket *socket);

#endif
