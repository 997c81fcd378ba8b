/* tests/faults/power_vfs.c: an SQLite VFS under which whatever was not synced dies with us. */
#include "tests/faults/power_vfs.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

/*
 * Writes and truncations are kept in memory, in order, for each path. Reads see them; the file
 * beneath gets them at xSync, or when a writing handle is closed. So SIGKILL is a power cut.
 * Simpler than a disk: names come and go at once (a WAL is created empty, and deleting one
 * follows a checkpoint that synced), locks and the WAL index are those of the VFS beneath, and
 * all of a process's databases live in one thread. Memory maps are not offered, for a map would
 * not see what is kept here.
 */
#define SECTOR 512

struct write {
	struct write *next;
	sqlite3_int64 at; /* of a truncation: the new size */
	int len;          /* -1: a truncation */
	uint8_t data[];
};

/* What one path holds beyond its file. */
struct content {
	struct content *next;
	char *path;
	struct write *first, **end;
	unsigned handles;
};

struct handle {
	sqlite3_file base; /* first: SQLite knows only this */
	struct content *content;
	bool writes;
	sqlite3_file *below; /* in the memory behind this struct */
};

static sqlite3_vfs *below_vfs;
static struct content *contents;
static void (*sync_hook)(void);

static sqlite3_file *
below(sqlite3_file *file)
{
	return ((struct handle *)file)->below;
}

/* ---- What is kept ------------------------------------------------------------------------ */

static struct content *
content_find(const char *path)
{
	struct content *content = contents;

	while (content != NULL && strcmp(content->path, path) != 0)
		content = content->next;
	return content;
}

static struct content *
content_open(const char *path)
{
	struct content *content = content_find(path);

	if (content == NULL) {
		if ((content = calloc(1, sizeof(*content))) == NULL)
			return NULL;
		if ((content->path = strdup(path)) == NULL) {
			free(content);
			return NULL;
		}
		content->end = &content->first;
		content->next = contents;
		contents = content;
	}
	content->handles++;
	return content;
}

static void
content_drop_first(struct content *content)
{
	struct write *first = content->first;

	content->first = first->next;
	if (content->first == NULL)
		content->end = &content->first;
	free(first);
}

static void
content_close(struct content *content)
{
	struct content **at = &contents;

	if (--content->handles > 0)
		return;
	while (content->first != NULL)
		content_drop_first(content);
	while (*at != content)
		at = &(*at)->next;
	*at = content->next;
	free(content->path);
	free(content);
}

static int
content_keep(struct content *content, sqlite3_int64 at, const void *data, int len)
{
	struct write *write = malloc(sizeof(*write) + (size_t)(len > 0 ? len : 0));

	if (write == NULL)
		return SQLITE_IOERR_NOMEM;
	*write = (struct write){.at = at, .len = len};
	if (len > 0)
		memcpy(write->data, data, (size_t)len);
	*content->end = write;
	content->end = &write->next;
	return SQLITE_OK;
}

static int
apply(sqlite3_file *file, const struct write *write, int len)
{
	return write->len < 0 ? file->pMethods->xTruncate(file, write->at)
	                      : file->pMethods->xWrite(file, write->data, len, write->at);
}

static int
flush(struct handle *handle)
{
	int code = SQLITE_OK;

	while (handle->content->first != NULL && code == SQLITE_OK)
		if ((code = apply(handle->below, handle->content->first,
			 handle->content->first->len)) == SQLITE_OK)
			content_drop_first(handle->content);
	return code;
}

/* ---- A file ------------------------------------------------------------------------------ */

static int
file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	struct handle *handle = (struct handle *)file;
	int code = handle->below->pMethods->xFileSize(handle->below, size);

	for (struct write *w = handle->content->first; code == SQLITE_OK && w; w = w->next)
		if (w->len < 0 || w->at + w->len > *size)
			*size = w->len < 0 ? w->at : w->at + w->len;
	return code;
}

/* Lays WRITE over the LEN bytes at AT that OUT holds. */
static void
overlay(const struct write *write, uint8_t *out, int len, sqlite3_int64 at)
{
	sqlite3_int64 from = write->at > at ? write->at : at;
	sqlite3_int64 to = write->len < 0 || write->at + write->len > at + len
	                       ? at + len
	                       : write->at + write->len;

	if (from >= to)
		return;
	if (write->len < 0)
		memset(out + (from - at), 0, (size_t)(to - from));
	else
		memcpy(
		    out + (from - at), write->data + (from - write->at), (size_t)(to - from));
}

static int
file_read(sqlite3_file *file, void *out, int len, sqlite3_int64 at)
{
	struct handle *handle = (struct handle *)file;
	/* A short read fills the rest with zeroes. */
	int code = handle->below->pMethods->xRead(handle->below, out, len, at);
	sqlite3_int64 size;

	if (handle->content->first == NULL ||
	    (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ))
		return code;
	for (struct write *w = handle->content->first; w != NULL; w = w->next)
		overlay(w, out, len, at);
	if ((code = file_size(file, &size)) != SQLITE_OK)
		return code;
	return at + len > size ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int
file_write(sqlite3_file *file, const void *data, int len, sqlite3_int64 at)
{
	return content_keep(((struct handle *)file)->content, at, data, len);
}

static int
file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return content_keep(((struct handle *)file)->content, size, NULL, -1);
}

static int
file_sync(sqlite3_file *file, int flags)
{
	int code;

	if (sync_hook != NULL)
		sync_hook();
	code = flush((struct handle *)file);
	return code != SQLITE_OK ? code : below(file)->pMethods->xSync(below(file), flags);
}

static int
file_close(sqlite3_file *file)
{
	struct handle *handle = (struct handle *)file;
	int code = handle->writes ? flush(handle) : SQLITE_OK;
	int closed = handle->below->pMethods->xClose(handle->below);

	content_close(handle->content);
	return code != SQLITE_OK ? code : closed;
}

static int
file_lock(sqlite3_file *file, int level)
{
	return below(file)->pMethods->xLock(below(file), level);
}

static int
file_unlock(sqlite3_file *file, int level)
{
	return below(file)->pMethods->xUnlock(below(file), level);
}

static int
file_check_lock(sqlite3_file *file, int *held)
{
	return below(file)->pMethods->xCheckReservedLock(below(file), held);
}

static int
file_control(sqlite3_file *file, int operation, void *arg)
{
	return below(file)->pMethods->xFileControl(below(file), operation, arg);
}

static int
file_sector_size(sqlite3_file *file)
{
	return below(file)->pMethods->xSectorSize(below(file));
}

static int
file_characteristics(sqlite3_file *file)
{
	return below(file)->pMethods->xDeviceCharacteristics(below(file));
}

static int
file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
	return below(file)->pMethods->xShmMap(below(file), page, size, extend, out);
}

static int
file_shm_lock(sqlite3_file *file, int at, int count, int flags)
{
	return below(file)->pMethods->xShmLock(below(file), at, count, flags);
}

static void
file_shm_barrier(sqlite3_file *file)
{
	below(file)->pMethods->xShmBarrier(below(file));
}

static int
file_shm_unmap(sqlite3_file *file, int delete)
{
	return below(file)->pMethods->xShmUnmap(below(file), delete);
}

static const sqlite3_io_methods file_methods = {
    .iVersion = 2, /* 3 would be memory maps */
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

/* ---- The VFS ----------------------------------------------------------------------------- */

static int
vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags)
{
	struct handle *handle = (struct handle *)file;
	int code;

	(void)vfs;
	/* A temporary file has no name to survive by. */
	if (path == NULL)
		return below_vfs->xOpen(below_vfs, path, file, flags, out_flags);
	*handle = (struct handle){.below = (sqlite3_file *)(handle + 1)};
	if ((handle->content = content_open(path)) == NULL)
		return SQLITE_NOMEM;
	memset(handle->below, 0, (size_t)below_vfs->szOsFile);
	code = below_vfs->xOpen(below_vfs, path, handle->below, flags, &flags);
	if (code != SQLITE_OK) {
		content_close(handle->content);
		return code;
	}
	if (out_flags != NULL)
		*out_flags = flags;
	handle->writes = (flags & SQLITE_OPEN_READWRITE) != 0;
	handle->base.pMethods = &file_methods;
	return SQLITE_OK;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_folder)
{
	struct content *content = content_find(path);

	(void)vfs;
	while (content != NULL && content->first != NULL)
		content_drop_first(content);
	return below_vfs->xDelete(below_vfs, path, sync_folder);
}

static int
vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
	const struct content *content = content_find(path);
	int code = below_vfs->xAccess(below_vfs, path, flags, out);

	(void)vfs;
	/* An empty file counts as none, and this one may be empty only beneath. */
	if (flags == SQLITE_ACCESS_EXISTS && content != NULL && content->first != NULL)
		*out = 1;
	return code;
}

const char *
power_vfs_start(void)
{
	static sqlite3_vfs power;

	if (power.zName != NULL)
		return power.zName;
	/* The rest of the methods ask only for what the copy holds too. */
	if ((below_vfs = sqlite3_vfs_find(NULL)) == NULL)
		abort();
	power = *below_vfs;
	power.zName = "power";
	power.pNext = NULL;
	power.szOsFile = (int)sizeof(struct handle) + below_vfs->szOsFile;
	power.xOpen = vfs_open;
	power.xDelete = vfs_delete;
	power.xAccess = vfs_access;
	if (sqlite3_vfs_register(&power, 0) != SQLITE_OK)
		abort();
	return power.zName;
}

void
power_vfs_at_sync(void (*hook)(void))
{
	sync_hook = hook;
}

/* ---- Torn writes ------------------------------------------------------------------------- */

/* splitmix64: the same seed tears the same way on every machine. */
static uint64_t
next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* How much of WRITE got to the disk when it ends at some sector's edge within it. */
static int
cut(const struct write *write, uint64_t *state)
{
	sqlite3_int64 first = write->at / SECTOR;
	sqlite3_int64 edges = (write->at + write->len - 1) / SECTOR - first;

	if (edges == 0)
		return write->len;
	first += 1 + (sqlite3_int64)(next_random(state) % (uint64_t)edges);
	return (int)(first * SECTOR - write->at);
}

static void
tear(const struct content *content, uint64_t *state)
{
	sqlite3_file *file = calloc(1, (size_t)below_vfs->szOsFile);
	uint64_t count = 0, kept;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MAIN_DB;
	const struct write *w;
	int len;

	for (w = content->first; w != NULL; w = w->next)
		count++;
	kept = next_random(state) % (count + 1);
	/* A handle of its own: the process dies next, so that its locks do not matter. */
	if (file == NULL ||
	    below_vfs->xOpen(below_vfs, content->path, file, flags, &flags) != SQLITE_OK)
		abort();
	for (w = content->first; w != NULL && kept > 0; w = w->next, kept--) {
		len = kept == 1 && w->len > 0 ? cut(w, state) : w->len;
		if (apply(file, w, len) != SQLITE_OK)
			abort();
	}
}

void
power_vfs_tear(uint64_t seed)
{
	for (const struct content *content = contents; content != NULL; content = content->next)
		if (content->first != NULL)
			tear(content, &seed);
}
