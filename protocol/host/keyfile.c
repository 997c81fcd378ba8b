/* protocol/host/keyfile.c: secret keys in files of their own, and whole small files. */
#include "protocol/host/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/host/oplog.h"

#define MARK     "saikne-key-v1 "
#define LINE_LEN 160 /* mark, purpose, space, 64 digits, newline, NUL */

static enum status
failed(const char *path, const char *doing)
{
	enum status rc = errno == ENOSPC || errno == EDQUOT ? STATUS_NO_SPACE : STATUS_IO;

	oplog(OPLOG_ERROR, "%s: %s failed: %s", path, doing, strerror(errno));
	return rc;
}

static bool
write_all(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t done = write(fd, at, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		at += done;
		len -= (size_t)done;
	}
	return true;
}

/* Makes the name itself durable: without this a power cut may take the file away again. */
static bool
sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL ? strdup(".")
	                             : strndup(path, (size_t)(slash - path) + (slash == path));
	bool ok = false;
	int fd = -1;

	if (folder != NULL)
		fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		ok = fsync(fd) == 0;
		close(fd);
	}
	free(folder);
	return ok;
}

/* Fills FD and closes it. */
static bool
fill(int fd, struct bytes content)
{
	bool ok = write_all(fd, content.data, content.len) && fsync(fd) == 0;
	int saved = errno;

	if (close(fd) != 0 && ok)
		return false;
	errno = saved;
	return ok;
}

enum status
keyfile_create(const char *path, const char *purpose, const uint8_t secret[static 32])
{
	char *line = suite_secret_new(LINE_LEN);
	enum status rc = STATUS_OK;
	int fd = -1, len;

	if (line == NULL)
		return STATUS_NO_MEMORY;
	len = snprintf(line, LINE_LEN, MARK "%s ", purpose);
	if (len < 0 || len + 66 > LINE_LEN) {
		rc = STATUS_ARGUMENT;
		goto out;
	}
	bytes_to_hex((struct bytes){secret, 32}, line + len);
	line[len + 64] = '\n';
	if ((fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)) < 0) {
		/* A key written over is a key lost. */
		rc = failed(path, "creating the key file");
		goto out;
	}
	if (!fill(fd, (struct bytes){(const uint8_t *)line, (size_t)len + 65}) ||
	    !sync_folder(path)) {
		rc = failed(path, "writing the key file");
		unlink(path);
	}
out:
	suite_secret_free(line);
	return rc;
}

/* Reads up to SIZE bytes from the start of FD. */
static ssize_t
read_up_to(int fd, void *out, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t got = read(fd, (char *)out + len, size - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

/* Opens a key file for reading once nobody else can. */
static enum status
open_private(const char *path, int *out)
{
	struct stat about;
	/* O_NONBLOCK: a FIFO by that name must not hang the start. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &about) != 0) {
		oplog(
		    OPLOG_ERROR, "%s: the key file cannot be read: %s", path, strerror(errno));
		goto fail;
	}
	if (!S_ISREG(about.st_mode)) {
		oplog(OPLOG_ERROR, "%s: the key file is not a regular file", path);
		goto fail;
	}
	if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
		oplog(OPLOG_ERROR,
		    "%s: the key file is open to others (mode %04o); correct it with: chmod "
		    "600 %s",
		    path, (unsigned)(about.st_mode & 07777), path);
		close(fd);
		return STATUS_OPEN_KEY;
	}
	*out = fd;
	return STATUS_OK;
fail:
	if (fd >= 0)
		close(fd);
	return STATUS_NO_KEY;
}

/* Takes LINE apart: exactly mark, PURPOSE, digits, newline. */
static enum status
parse(const char *path, const char *purpose, struct bytes line, uint8_t *out)
{
	size_t mark = strlen(MARK), name = strlen(purpose);
	const char *text = (const char *)line.data;
	const char *end;

	if (line.len < mark || memcmp(text, MARK, mark) != 0)
		goto malformed;
	if ((end = memchr(text + mark, ' ', line.len - mark)) == NULL)
		goto malformed;
	if ((size_t)(end - text) != mark + name || memcmp(text + mark, purpose, name) != 0) {
		oplog(OPLOG_ERROR, "%s: this key file is for another purpose; expected '%s'",
		    path, purpose);
		return STATUS_NO_KEY;
	}
	if (line.len != mark + name + 66 || line.data[line.len - 1] != '\n' ||
	    !bytes_from_hex((struct bytes){(const uint8_t *)end + 1, 64}, out, 32))
		goto malformed;
	return STATUS_OK;
malformed:
	oplog(OPLOG_ERROR, "%s: not a key file (one line: saikne-key-v1 %s <64 digits>)", path,
	    purpose);
	return STATUS_NO_KEY;
}

enum status
keyfile_load(const char *path, const char *purpose, uint8_t out[static 32])
{
	uint8_t *line = suite_secret_new(LINE_LEN);
	enum status rc;
	ssize_t len;
	int fd = -1;

	if (line == NULL)
		return STATUS_NO_MEMORY;
	if ((rc = open_private(path, &fd)) != STATUS_OK)
		goto out;
	if ((len = read_up_to(fd, line, LINE_LEN)) < 0)
		rc = failed(path, "reading the key file");
	else
		rc = parse(path, purpose, (struct bytes){line, (size_t)len}, out);
	close(fd);
out:
	suite_secret_free(line);
	return rc;
}

enum status
keyfile_load_signing(const char *path, const char *purpose, struct signing_key **out)
{
	struct signing_key *key = suite_secret_new(sizeof(*key));
	uint8_t *seed = suite_secret_new(32);
	enum status rc = STATUS_NO_MEMORY;

	if (key != NULL && seed != NULL)
		rc = keyfile_load(path, purpose, seed);
	if (rc == STATUS_OK) {
		suite_sign_from_seed(seed, key);
		*out = key;
		key = NULL;
	}
	suite_secret_free(seed);
	suite_secret_free(key);
	return rc;
}

enum status
keyfile_load_box(const char *path, const char *purpose, struct box_key **out)
{
	struct box_key *key = suite_secret_new(sizeof(*key));
	enum status rc = STATUS_NO_MEMORY;

	if (key != NULL)
		rc = keyfile_load(path, purpose, key->secret);
	if (rc == STATUS_OK) {
		suite_box_from_secret(key->secret, key);
		*out = key;
		key = NULL;
	}
	suite_secret_free(key);
	return rc;
}

enum status
keyfile_read(const char *path, size_t max, struct buffer *out)
{
	size_t start = out->len;
	enum status rc = STATUS_OK;
	uint8_t *at;
	ssize_t len;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? STATUS_NOT_FOUND : failed(path, "opening");
	/* One byte more than allowed tells a file that is too long. */
	if ((at = buffer_extend(out, max + 1)) == NULL) {
		rc = STATUS_NO_MEMORY;
		goto out;
	}
	len = read_up_to(fd, at, max + 1);
	out->len = start;
	if (len < 0)
		rc = failed(path, "reading");
	else if ((size_t)len > max)
		rc = STATUS_TOO_LARGE;
	else
		out->len = start + (size_t)len;
out:
	close(fd);
	return rc;
}

enum status
keyfile_write(const char *path, struct bytes content, unsigned mode)
{
	char temporary[PATH_MAX];
	int fd, len = snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);

	if (len < 0 || (size_t)len >= sizeof(temporary))
		return STATUS_ARGUMENT;
	if ((fd = mkostemp(temporary, O_CLOEXEC)) < 0)
		return failed(path, "creating a temporary file beside it");
	if (fchmod(fd, (mode_t)mode) != 0) {
		close(fd);
		goto fail;
	}
	if (!fill(fd, content) || rename(temporary, path) != 0)
		goto fail;
	return sync_folder(path) ? STATUS_OK : failed(path, "fsync of its folder");
fail:
	len = errno;
	unlink(temporary);
	errno = len;
	return failed(path, "writing");
}
