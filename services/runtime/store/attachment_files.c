/* services/runtime/store/attachment_files.c: sealed chunks of documents, one file for each. */
#include "services/runtime/store/attachment_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/host/oplog.h"

#define NAME_LEN (2 * SUITE_ID_LEN + 1)

struct attachment_files {
	char path[PATH_MAX];
	int folder;  /* -1: not needed yet */
	bool is_new; /* an entry of the folder may not be durable */
};

static enum status
trouble(const char *doing)
{
	enum status rc = errno == ENOSPC || errno == EDQUOT ? STATUS_NO_SPACE : STATUS_IO;

	oplog(OPLOG_ERROR, "documents: cannot %s: %s", doing, strerror(errno));
	return rc;
}

enum status
attachment_files_open(const char *folder, struct attachment_files **out)
{
	struct attachment_files *files = calloc(1, sizeof(*files));

	if (files == NULL)
		return STATUS_NO_MEMORY;
	if ((size_t)snprintf(files->path, sizeof(files->path), "%s", folder) >=
	    sizeof(files->path)) {
		free(files);
		return STATUS_BAD_CONFIG;
	}
	files->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (files->folder < 0 && errno != ENOENT) {
		(void)trouble("use the folder");
		free(files);
		return STATUS_BAD_CONFIG;
	}
	*out = files;
	return STATUS_OK;
}

void
attachment_files_close(struct attachment_files *files)
{
	if (files == NULL)
		return;
	if (files->folder >= 0)
		close(files->folder);
	free(files);
}

static enum status
need_folder(struct attachment_files *files)
{
	char above[PATH_MAX + 4];
	int fd;

	if (files->folder >= 0)
		return STATUS_OK;
	snprintf(above, sizeof(above), "%s/..", files->path);
	if ((mkdir(files->path, 0700) != 0 && errno != EEXIST) ||
	    (fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return trouble("make the folder");
	if (fsync(fd) != 0)
		oplog(OPLOG_WARNING, "documents: the folder may not last");
	close(fd);
	files->folder = open(files->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return files->folder < 0 ? trouble("open the folder") : STATUS_OK;
}

static int
open_file(
    const struct attachment_files *files, const uint8_t id[static SUITE_ID_LEN], int flags)
{
	char name[NAME_LEN];

	bytes_to_hex((struct bytes){id, SUITE_ID_LEN}, name);
	return openat(files->folder, name, flags | O_CLOEXEC, 0600);
}

enum status
attachment_files_write(struct attachment_files *files, const uint8_t id[static SUITE_ID_LEN],
    uint32_t chunk, struct bytes sealed)
{
	off_t at = (off_t)chunk * ATTACHMENT_SEALED_CHUNK;
	enum status rc = need_folder(files);
	int fd;

	if (rc != STATUS_OK)
		return rc;
	if ((fd = open_file(files, id, O_WRONLY | O_CREAT)) < 0)
		return trouble("open a file");
	files->is_new = files->is_new || chunk == 0;
	while (rc == STATUS_OK && sealed.len > 0) {
		ssize_t done = pwrite(fd, sealed.data, sealed.len, at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			rc = trouble("write a chunk");
			break;
		}
		sealed.data += done;
		sealed.len -= (size_t)done;
		at += done;
	}
	/* On its way to the disk already, so that the sync has little to wait for. */
	if (rc == STATUS_OK)
		(void)sync_file_range(fd, (off_t)chunk * ATTACHMENT_SEALED_CHUNK,
		    ATTACHMENT_SEALED_CHUNK, SYNC_FILE_RANGE_WRITE);
	close(fd);
	return rc;
}

enum status
attachment_files_sync(struct attachment_files *files, const uint8_t id[static SUITE_ID_LEN])
{
	int fd = open_file(files, id, O_WRONLY);
	enum status rc = STATUS_OK;

	if (fd < 0)
		return trouble("open a file");
	if (fdatasync(fd) != 0)
		rc = trouble("make a file durable");
	close(fd);
	if (rc == STATUS_OK && files->is_new && fsync(files->folder) != 0)
		rc = trouble("make the folder durable");
	if (rc == STATUS_OK)
		files->is_new = false;
	return rc;
}

enum status
attachment_files_read(struct attachment_files *files, const uint8_t id[static SUITE_ID_LEN],
    uint32_t chunk, uint8_t *out, size_t len)
{
	off_t at = (off_t)chunk * ATTACHMENT_SEALED_CHUNK;
	int fd = files->folder < 0 ? -1 : open_file(files, id, O_RDONLY);
	enum status rc = STATUS_OK;

	if (fd < 0)
		return files->folder < 0 || errno == ENOENT ? STATUS_NOT_FOUND
		                                            : trouble("open a file");
	while (rc == STATUS_OK && len > 0) {
		ssize_t got = pread(fd, out, len, at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			rc = got == 0 ? STATUS_NOT_FOUND : trouble("read a chunk");
			break;
		}
		out += got;
		len -= (size_t)got;
		at += got;
	}
	close(fd);
	return rc;
}

bool
attachment_files_beyond(
    struct attachment_files *files, const uint8_t id[static SUITE_ID_LEN], uint32_t count)
{
	struct stat at;
	int fd = files->folder < 0 ? -1 : open_file(files, id, O_RDONLY);
	bool beyond;

	/* What cannot be looked at may hold anything. */
	if (fd < 0)
		return files->folder >= 0 && errno != ENOENT;
	beyond = fstat(fd, &at) != 0 || at.st_size > (off_t)count * ATTACHMENT_SEALED_CHUNK;
	close(fd);
	return beyond;
}

void
attachment_files_remove(struct attachment_files *files, const uint8_t id[static SUITE_ID_LEN])
{
	char name[NAME_LEN];

	if (files->folder < 0)
		return;
	bytes_to_hex((struct bytes){id, SUITE_ID_LEN}, name);
	if (unlinkat(files->folder, name, 0) != 0 && errno != ENOENT)
		oplog(OPLOG_WARNING, "documents: cannot remove a file: %s", strerror(errno));
}

void
attachment_files_sweep(struct attachment_files *files,
    bool (*is_known)(void *state, const uint8_t id[static SUITE_ID_LEN]), void *state)
{
	DIR *entries = files->folder < 0 ? NULL : opendir(files->path);
	struct dirent *entry;
	uint8_t id[SUITE_ID_LEN];

	if (entries == NULL)
		return;
	while ((entry = readdir(entries)) != NULL)
		if (bytes_from_hex(bytes_of_text(entry->d_name), id, sizeof(id)) &&
		    !is_known(state, id))
			attachment_files_remove(files, id);
	closedir(entries);
}
