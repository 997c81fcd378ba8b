/* broker/depot.h: chunks of attachments as files, one file for each attachment. */
#ifndef SAIKNE_DEPOT_H
#define SAIKNE_DEPOT_H

#include "protocol/wire/attachment.h"

/*
 * A file holds its chunks in their order, each in a place of its own size with its path before
 * it. How many of them count is not the file's to say but the database's, which is told only
 * after depot_sync(): what lies behind is written again. So no file is ever renamed, and one
 * that the database does not know is swept at the start.
 */
struct depot;

#define DEPOT_OPEN_MAX 64 /* files kept open for writing */

/* The name of a file. */
struct depot_name {
	uint64_t n;
	uint8_t root[SUITE_HASH_LEN];
};

/* FOLDER is made when the first attachment comes. STATUS_BAD_CONFIG, STATUS_NO_MEMORY. */
MUST_CHECK enum status depot_open(const char *folder, struct depot **out);
void depot_close(struct depot *depot);

/* How many chunks are written since the file was opened for writing; false: it is not. */
MUST_CHECK bool depot_written(const struct depot *depot, uint64_t n, uint32_t *written);
/*
 * Writes chunk number CHUNK, which follows what is written. STATUS_AGAIN: DEPOT_OPEN_MAX others
 * are open, and one must be closed first: depot_oldest(). STATUS_NO_SPACE, STATUS_IO.
 */
MUST_CHECK enum status depot_write(struct depot *depot, const struct depot_name *name,
    uint32_t chunk, const struct merkle_path *path, struct bytes sealed);
/* The one that was written to longest ago; false when none is open. */
MUST_CHECK bool depot_oldest(const struct depot *depot, uint64_t *n, uint32_t *written);
/* What is written is durable then, and so is the file itself. */
MUST_CHECK enum status depot_sync(struct depot *depot, uint64_t n);
/* No longer open for writing; what was not synced is forgotten. */
void depot_shut(struct depot *depot, uint64_t n);

/* SIZE is the attachment's. SEALED is appended. STATUS_NOT_FOUND, STATUS_IO. */
MUST_CHECK enum status depot_read(struct depot *depot, const struct depot_name *name,
    uint64_t size, uint32_t chunk, struct merkle_path *path, struct buffer *sealed);
void depot_remove(struct depot *depot, const struct depot_name *name);
/* Removes what IS_KNOWN does not know. */
void depot_sweep(struct depot *depot,
    bool (*is_known)(void *state, const struct depot_name *name), void *state);

#endif
