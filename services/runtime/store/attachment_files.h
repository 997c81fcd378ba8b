/* services/runtime/store/attachment_files.h: sealed chunks of documents, one file for each. */
#ifndef SAIKNE_ATTACHMENT_FILES_H
#define SAIKNE_ATTACHMENT_FILES_H

#include "protocol/wire/attachment.h"

/*
 * Chunks stand one after another as they are sealed; files are named by random ids. How many
 * chunks count is the database's to say, after attachment_files_sync(). The folder is made when
 * the first document comes.
 */
struct attachment_files;

MUST_CHECK enum status attachment_files_open(const char *folder, struct attachment_files **out);
void attachment_files_close(struct attachment_files *files);

/* STATUS_NO_SPACE, STATUS_IO. */
MUST_CHECK enum status attachment_files_write(struct attachment_files *files,
    const uint8_t id[static SUITE_ID_LEN], uint32_t chunk, struct bytes sealed);
MUST_CHECK enum status attachment_files_sync(
    struct attachment_files *files, const uint8_t id[static SUITE_ID_LEN]);
/* LEN bytes of chunk number CHUNK. STATUS_NOT_FOUND when they are not there. */
MUST_CHECK enum status attachment_files_read(struct attachment_files *files,
    const uint8_t id[static SUITE_ID_LEN], uint32_t chunk, uint8_t *out, size_t len);
/* Whether there is more than COUNT chunks: written, though it may not be durable. */
bool attachment_files_beyond(
    struct attachment_files *files, const uint8_t id[static SUITE_ID_LEN], uint32_t count);
void attachment_files_remove(
    struct attachment_files *files, const uint8_t id[static SUITE_ID_LEN]);
/* Removes what IS_KNOWN does not know: left behind by an end between two steps. */
void attachment_files_sweep(struct attachment_files *files,
    bool (*is_known)(void *state, const uint8_t id[static SUITE_ID_LEN]), void *state);

#endif
