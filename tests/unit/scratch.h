/* tests/unit/scratch.h: a folder for one test, files in it, and what the operator was told. */
#ifndef SAIKNE_SCRATCH_H
#define SAIKNE_SCRATCH_H

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct scratch {
	char folder[64];
	char path[128]; /* of the last scratch_path() */
	int told;       /* where standard error goes meanwhile */
	int saved;
};

/* Fixtures of cmocka: every test gets an empty folder and a silent standard error. */
static inline int
scratch_set_up(void **state)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));

	if (scratch == NULL)
		return -1;
	strcpy(scratch->folder, "/tmp/saikne-test-XXXXXX");
	if (mkdtemp(scratch->folder) == NULL)
		return -1;
	scratch->told = open("/tmp", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	scratch->saved = dup(STDERR_FILENO);
	if (scratch->told < 0 || scratch->saved < 0 || dup2(scratch->told, STDERR_FILENO) < 0)
		return -1;
	*state = scratch;
	return 0;
}

static inline int
scratch_remove(const char *path, const struct stat *about, int kind, struct FTW *at)
{
	(void)about;
	(void)kind;
	(void)at;
	return remove(path);
}

static inline int
scratch_tear_down(void **state)
{
	struct scratch *scratch = *state;

	if (dup2(scratch->saved, STDERR_FILENO) < 0)
		return -1;
	close(scratch->saved);
	close(scratch->told);
	if (nftw(scratch->folder, scratch_remove, 8, FTW_DEPTH | FTW_PHYS) != 0)
		return -1;
	free(scratch);
	return 0;
}

/* NAME in the folder; lives until the next call. */
static inline const char *
scratch_path(struct scratch *scratch, const char *name)
{
	snprintf(scratch->path, sizeof(scratch->path), "%s/%s", scratch->folder, name);
	return scratch->path;
}

static inline void
scratch_write(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
	close(fd);
}

/* All of a file, to be freed; 0 bytes when there is none. */
static inline uint8_t *
scratch_read(const char *path, size_t *len)
{
	uint8_t *data = NULL;
	size_t cap = 0;
	ssize_t got = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*len = 0;
	do {
		cap += 65536;
		data = realloc(data, cap);
		assert_non_null(data);
		got = fd < 0 ? 0 : read(fd, data + *len, cap - *len);
		assert_true(got >= 0);
		*len += (size_t)got;
	} while (got > 0);
	if (fd >= 0)
		close(fd);
	return data;
}

/* Fails the test unless the operator was told TEXT; forgets what was said. */
static inline void
scratch_told(struct scratch *scratch, const char *text)
{
	static char said[65536];
	ssize_t len = pread(scratch->told, said, sizeof(said) - 1, 0);

	assert_true(len >= 0);
	said[len] = '\0';
	if (strstr(said, text) == NULL)
		fail_msg("the operator should read \"%s\" and reads:\n%s", text, said);
	assert_int_equal(ftruncate(scratch->told, 0), 0);
	assert_int_equal(lseek(scratch->told, 0, SEEK_SET), 0);
}

#endif
