/* services/runtime/desk/desk_socket.c: makes, shares and removes the desk's unix socket. */
#include "services/runtime/desk/desk_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/host/oplog.h"

#define BACKLOG 64

static int
new_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* The mode must hold from the first moment on, so it comes from the umask. */
static int
bind_private(int fd, const struct sockaddr_un *address)
{
	mode_t before = umask(0177);
	int rc = bind(fd, (const struct sockaddr *)address, sizeof(*address));
	int error = errno;

	umask(before);
	errno = error;
	return rc;
}

/* Whether the file at ADDRESS is a socket on which nobody listens. */
static bool
is_stale(const struct sockaddr_un *address)
{
	struct stat st;
	bool stale;
	int fd;

	if (lstat(address->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
		return false;
	if ((fd = new_socket()) < 0)
		return false;
	stale = connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 &&
	        errno == ECONNREFUSED;
	close(fd);
	return stale;
}

static enum status
bind_or_replace(int fd, const struct sockaddr_un *address)
{
	if (bind_private(fd, address) == 0)
		return STATUS_OK;
	if (errno == EADDRINUSE) {
		if (!is_stale(address)) {
			oplog(OPLOG_ERROR,
			    "desk: %s is in use: stop the other process, remove "
			    "the file if it is no socket, or configure another path",
			    address->sun_path);
			return STATUS_IN_USE;
		}
		if (unlink(address->sun_path) == 0 && bind_private(fd, address) == 0)
			return STATUS_OK;
	}
	oplog(OPLOG_ERROR, "desk: cannot make the socket %s: %s", address->sun_path,
	    strerror(errno));
	return STATUS_IO;
}

/* The lock is the process's: it ends with it, however it ends. */
static enum status
take_lock(const char *path, int *out)
{
	char name[sizeof(((struct sockaddr_un *)0)->sun_path) + sizeof(".lock")];
	int fd;

	snprintf(name, sizeof(name), "%s.lock", path);
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		oplog(OPLOG_ERROR, "desk: cannot make %s: %s", name, strerror(errno));
		return STATUS_IO;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		oplog(OPLOG_ERROR,
		    "desk: %s is in use: stop the other process or configure another path",
		    path);
		close(fd);
		return STATUS_IN_USE;
	}
	*out = fd;
	return STATUS_OK;
}

enum status
desk_socket_open(const char *path, struct desk_socket *out)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct desk_socket made = {.fd = -1, .lock = -1};
	struct stat st;
	enum status rc;

	if (path[0] == '\0' || strlen(path) >= sizeof(address.sun_path)) {
		oplog(OPLOG_ERROR, "desk: the socket's path must have 1 to %zu bytes, not %zu",
		    sizeof(address.sun_path) - 1, strlen(path));
		return STATUS_BAD_CONFIG;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	memcpy(made.path, path, strlen(path) + 1);
	if ((rc = take_lock(path, &made.lock)) != STATUS_OK)
		return rc;
	if ((made.fd = new_socket()) < 0) {
		oplog(OPLOG_ERROR, "desk: no socket: %s", strerror(errno));
		rc = STATUS_IO;
		goto fail;
	}
	if ((rc = bind_or_replace(made.fd, &address)) != STATUS_OK)
		goto fail;
	if (lstat(path, &st) != 0 || listen(made.fd, BACKLOG) != 0) {
		oplog(OPLOG_ERROR, "desk: cannot listen at %s: %s", path, strerror(errno));
		rc = STATUS_IO;
		goto fail;
	}
	made.device = st.st_dev;
	made.inode = st.st_ino;
	*out = made;
	return STATUS_OK;
fail:
	if (made.fd >= 0)
		close(made.fd);
	close(made.lock);
	return rc;
}

enum status
desk_socket_share(const struct desk_socket *socket, const char *group)
{
	const struct group *entry = getgrnam(group);

	if (entry == NULL) {
		oplog(OPLOG_ERROR, "desk: there is no unix group '%s'", group);
		return STATUS_BAD_CONFIG;
	}
	/* The group first: for a moment too few may connect, never too many. */
	if (chown(socket->path, (uid_t)-1, entry->gr_gid) != 0 ||
	    chmod(socket->path, 0660) != 0) {
		oplog(OPLOG_ERROR, "desk: cannot give %s to the group '%s': %s", socket->path,
		    group, strerror(errno));
		return STATUS_IO;
	}
	return STATUS_OK;
}

void
desk_socket_remove(struct desk_socket *socket)
{
	struct stat st;

	if (socket->path[0] == '\0')
		return;
	if (lstat(socket->path, &st) == 0 && st.st_dev == socket->device &&
	    st.st_ino == socket->inode && unlink(socket->path) != 0)
		oplog(
		    OPLOG_WARNING, "desk: cannot remove %s: %s", socket->path, strerror(errno));
	close(socket->lock);
	socket->lock = -1;
	socket->path[0] = '\0';
}
