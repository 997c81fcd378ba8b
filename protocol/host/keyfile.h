/* protocol/host/keyfile.h: secret keys in files of their own, mode 0600. */
#ifndef SAIKNE_KEYFILE_H
#define SAIKNE_KEYFILE_H

#include "protocol/base/suite.h"

/*
 * A key file is one line of text: "saikne-key-v1 <purpose> <64 hexadecimal digits>\n": a seed
 * (signing) or a secret (box, storage). PURPOSE: signing, transport, storage, root, registrar,
 * log. A file for one purpose is refused for another.
 */
MUST_CHECK enum status keyfile_create(
    const char *path, const char *purpose, const uint8_t secret[static 32]);
/* OUT: 32 bytes, best from suite_secret_new(). STATUS_NO_KEY, STATUS_OPEN_KEY, each logged. */
MUST_CHECK enum status keyfile_load(
    const char *path, const char *purpose, uint8_t out[static 32]);
/* The same, as the keys they are; freed by suite_secret_free(). */
MUST_CHECK enum status keyfile_load_signing(
    const char *path, const char *purpose, struct signing_key **out);
MUST_CHECK enum status keyfile_load_box(
    const char *path, const char *purpose, struct box_key **out);

/* Whole small files: at most MAX bytes are read. Appends to OUT. */
MUST_CHECK enum status keyfile_read(const char *path, size_t max, struct buffer *out);
/* Writes PATH whole or not at all (temporary file, fsync, rename, fsync of the folder). */
MUST_CHECK enum status keyfile_write(const char *path, struct bytes content, unsigned mode);

#endif
