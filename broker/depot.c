/* broker/depot.c: chunks of attachments as files, one file for each attachment. */
#include "broker/depot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/host/oplog.h"

/* A place: how long the path is, the path, then the chunk. */
#define PATH_ROOM (4 + ATTACHMENT_PATH_MAX * SUITE_HASH_LEN)
#define PLACE     ((off_t)(PATH_ROOM + ATTACHMENT_SEALED_CHUNK))
#define NAME_MAX_ 96

struct writing {
	uint64_t n; /* 0: free */
	int fd;
	uint32_t written;
	uint64_t used; /* counts up: the least is the oldest */
};

struct depot {
	char path[1200];
	int folder;  /* -1: not needed yet, or not there */
	bool is_new; /* of some file the entry in the folder may not be durable */
	uint64_t clock;
	struct writing writing[DEPOT_OPEN_MAX];
};

static enum status
trouble(const char *doing)
{
	enum status rc = errno == ENOSPC || errno == EDQUOT ? STATUS_NO_SPACE : STATUS_IO;

	oplog(OPLOG_ERROR, "attachments: cannot %s: %s", doing, strerror(errno));
	return rc;
}

enum status
depot_open(const char *folder, struct depot **out)
{
	struct depot *depot = calloc(1, sizeof(*depot));

	if (depot == NULL)
		return STATUS_NO_MEMORY;
	if ((size_t)snprintf(depot->path, sizeof(depot->path), "%s", folder) >=
	    sizeof(depot->path)) {
		free(depot);
		return STATUS_BAD_CONFIG;
	}
	depot->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (depot->folder < 0 && errno != ENOENT) {
		oplog(
		    OPLOG_ERROR, "%s: the folder cannot be used: %s", folder, strerror(errno));
		free(depot);
		return STATUS_BAD_CONFIG;
	}
	*out = depot;
	return STATUS_OK;
}

void
depot_close(struct depot *depot)
{
	if (depot == NULL)
		return;
	for (unsigned i = 0; i < DEPOT_OPEN_MAX; i++)
		if (depot->writing[i].n != 0)
			close(depot->writing[i].fd);
	if (depot->folder >= 0)
		close(depot->folder);
	free(depot);
}

static void
name_text(const struct depot_name *name, char out[static NAME_MAX_])
{
	char hex[2 * SUITE_HASH_LEN + 1];

	bytes_to_hex(BYTES(name->root), hex);
	snprintf(out, NAME_MAX_, "%" PRIu64 "-%s", name->n, hex);
}

/* ---- Writing ----------------------------------------------------------------------------- */

static const struct writing *
find(const struct depot *depot, uint64_t n)
{
	for (unsigned i = 0; i < DEPOT_OPEN_MAX; i++)
		if (depot->writing[i].n == n)
			return &depot->writing[i];
	return NULL;
}

static struct writing *
find_open(struct depot *depot, uint64_t n)
{
	for (unsigned i = 0; i < DEPOT_OPEN_MAX; i++)
		if (depot->writing[i].n == n)
			return &depot->writing[i];
	return NULL;
}

bool
depot_written(const struct depot *depot, uint64_t n, uint32_t *written)
{
	const struct writing *writing = find(depot, n);

	if (writing == NULL)
		return false;
	*written = writing->written;
	return true;
}

bool
depot_oldest(const struct depot *depot, uint64_t *n, uint32_t *written)
{
	const struct writing *oldest = NULL;

	for (unsigned i = 0; i < DEPOT_OPEN_MAX; i++) {
		const struct writing *one = &depot->writing[i];

		if (one->n != 0 && (oldest == NULL || one->used < oldest->used))
			oldest = one;
	}
	if (oldest == NULL)
		return false;
	*n = oldest->n;
	*written = oldest->written;
	return true;
}

/* Made when the first attachment comes. Its own entry above it must last, too. */
static enum status
need_folder(struct depot *depot)
{
	char above[sizeof(depot->path) + 4];
	int fd;

	if (depot->folder >= 0)
		return STATUS_OK;
	snprintf(above, sizeof(above), "%s/..", depot->path);
	if ((mkdir(depot->path, 0700) != 0 && errno != EEXIST) ||
	    (fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return trouble("make the folder");
	if (fsync(fd) != 0) {
		close(fd);
		return trouble("make the folder durable");
	}
	close(fd);
	depot->folder = open(depot->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return depot->folder < 0 ? trouble("open the folder") : STATUS_OK;
}

static enum status
start(struct depot *depot, const struct depot_name *name, uint32_t chunk, struct writing **out)
{
	struct writing *writing = find_open(depot, 0);
	char text[NAME_MAX_];

	enum status rc;

	if (writing == NULL)
		return STATUS_AGAIN;
	if ((rc = need_folder(depot)) != STATUS_OK)
		return rc;
	name_text(name, text);
	writing->fd = openat(depot->folder, text, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (writing->fd < 0)
		return trouble("open a file");
	writing->n = name->n;
	writing->written = chunk;
	depot->is_new = depot->is_new || chunk == 0;
	*out = writing;
	return STATUS_OK;
}

static enum status
write_all(int fd, struct bytes view, off_t at)
{
	while (view.len > 0) {
		ssize_t done = pwrite(fd, view.data, view.len, at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return trouble("write a chunk");
		view.data += done;
		view.len -= (size_t)done;
		at += done;
	}
	return STATUS_OK;
}

enum status
depot_write(struct depot *depot, const struct depot_name *name, uint32_t chunk,
    const struct merkle_path *path, struct bytes sealed)
{
	struct writing *writing = find_open(depot, name->n);
	uint8_t before[PATH_ROOM] = {0};
	off_t at = (off_t)chunk * PLACE;
	enum status rc;

	if (writing == NULL && (rc = start(depot, name, chunk, &writing)) != STATUS_OK)
		return rc;
	if (chunk != writing->written || path->len > ATTACHMENT_PATH_MAX)
		return STATUS_INTERNAL;
	bytes_put_u32(before, path->len);
	for (uint32_t i = 0; i < path->len; i++)
		memcpy(before + 4 + i * SUITE_HASH_LEN, path->hash[i].byte, SUITE_HASH_LEN);
	if ((rc = write_all(writing->fd, BYTES(before), at)) != STATUS_OK ||
	    (rc = write_all(writing->fd, sealed, at + PATH_ROOM)) != STATUS_OK)
		return rc;
	/* On its way to the disk already, so that depot_sync() has little to wait for. */
	(void)sync_file_range(writing->fd, at, PLACE, SYNC_FILE_RANGE_WRITE);
	writing->written++;
	writing->used = ++depot->clock;
	return STATUS_OK;
}

enum status
depot_sync(struct depot *depot, uint64_t n)
{
	const struct writing *writing = find(depot, n);

	if (writing == NULL)
		return STATUS_INTERNAL;
	if (fdatasync(writing->fd) != 0)
		return trouble("make a file durable");
	if (depot->is_new && fsync(depot->folder) != 0)
		return trouble("make the folder durable");
	depot->is_new = false;
	return STATUS_OK;
}

void
depot_shut(struct depot *depot, uint64_t n)
{
	struct writing *writing = find_open(depot, n);

	if (n == 0 || writing == NULL)
		return;
	close(writing->fd);
	*writing = (struct writing){0};
}

/* ---- Reading, removing ------------------------------------------------------------------- */

static enum status
read_all(int fd, uint8_t *out, size_t len, off_t at)
{
	while (len > 0) {
		ssize_t got = pread(fd, out, len, at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0 ? STATUS_NOT_FOUND : trouble("read a chunk");
		out += got;
		len -= (size_t)got;
		at += got;
	}
	return STATUS_OK;
}

static enum status
read_place(int fd, off_t at, struct merkle_path *path, uint8_t *sealed, size_t len)
{
	uint8_t before[PATH_ROOM];
	enum status rc = read_all(fd, before, sizeof(before), at);

	if (rc != STATUS_OK)
		return rc;
	path->len = bytes_get_u32(before);
	if (path->len > ATTACHMENT_PATH_MAX)
		return STATUS_IO;
	for (uint32_t i = 0; i < path->len; i++)
		memcpy(path->hash[i].byte, before + 4 + i * SUITE_HASH_LEN, SUITE_HASH_LEN);
	return read_all(fd, sealed, len, at + PATH_ROOM);
}

enum status
depot_read(struct depot *depot, const struct depot_name *name, uint64_t size, uint32_t chunk,
    struct merkle_path *path, struct buffer *sealed)
{
	size_t len = attachment_chunk_len(size, chunk);
	uint8_t *at = buffer_extend(sealed, len);
	char text[NAME_MAX_];
	enum status rc;
	int fd;

	if (at == NULL)
		return STATUS_NO_MEMORY;
	if (depot->folder < 0)
		return STATUS_NOT_FOUND;
	name_text(name, text);
	if ((fd = openat(depot->folder, text, O_RDONLY | O_CLOEXEC)) < 0)
		return errno == ENOENT ? STATUS_NOT_FOUND : trouble("open a file");
	rc = read_place(fd, (off_t)chunk * PLACE, path, at, len);
	close(fd);
	return rc;
}

void
depot_remove(struct depot *depot, const struct depot_name *name)
{
	char text[NAME_MAX_];

	depot_shut(depot, name->n);
	if (depot->folder < 0)
		return;
	name_text(name, text);
	/* What stays behind is swept at the next start. */
	if (unlinkat(depot->folder, text, 0) != 0 && errno != ENOENT)
		oplog(OPLOG_WARNING, "attachments: cannot remove a file: %s", strerror(errno));
}

static bool
read_name(const char *text, struct depot_name *out)
{
	const char *dash = strchr(text, '-');
	char *end;

	if (dash == NULL || text[0] < '1' || text[0] > '9')
		return false;
	errno = 0;
	out->n = strtoull(text, &end, 10);
	return errno == 0 && end == dash &&
	       bytes_from_hex(bytes_of_text(dash + 1), out->root, sizeof(out->root));
}

void
depot_sweep(struct depot *depot, bool (*is_known)(void *state, const struct depot_name *name),
    void *state)
{
	DIR *entries = depot->folder < 0 ? NULL : opendir(depot->path);
	struct dirent *entry;
	struct depot_name name;

	if (depot->folder < 0)
		return;
	if (entries == NULL) {
		oplog(OPLOG_WARNING, "attachments: the folder cannot be read: %s",
		    strerror(errno));
		return;
	}
	while ((entry = readdir(entries)) != NULL)
		if (read_name(entry->d_name, &name) && !is_known(state, &name))
			depot_remove(depot, &name);
	closedir(entries);
}
