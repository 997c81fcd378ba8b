/* clients/admin/admin_files.h: folders of keys, and files that are never written over. */
#ifndef SAIKNE_ADMIN_FILES_H
#define SAIKNE_ADMIN_FILES_H

#include "clients/admin/admin.h"
#include "protocol/base/suite.h"

/* All of these say themselves what went wrong. */

/* FOLDER/NAME into OUT. */
MUST_CHECK bool admin_files_path(
    const char *folder, const char *name, char out[static ADMIN_PATH_MAX]);
bool admin_files_exist(const char *path);
/* Makes the folder, mode 0700; one that is there must be closed to others. */
MUST_CHECK bool admin_files_folder(const char *path);
/* Refuses to write over what is there. */
MUST_CHECK bool admin_files_write(const char *path, const struct buffer *content);
MUST_CHECK bool admin_files_read(const char *path, size_t max, struct buffer *out);

/* A fresh random secret in FOLDER/NAME; one that is there is kept if KEEP, else refused. */
MUST_CHECK bool admin_files_make_key(
    const char *folder, const char *name, const char *purpose, bool keep);
/* Freed by suite_secret_free(); NULL when it cannot be had. */
struct signing_key *admin_files_signing(
    const char *folder, const char *name, const char *purpose);
struct box_key *admin_files_box(const char *folder, const char *name);

/* The file `party` in a folder of keys: whose they are. */
MUST_CHECK bool admin_files_write_party(const char *folder, const char *code);
/* OUT holds PARTY_MAX + 1 bytes. */
MUST_CHECK bool admin_files_read_party(const char *folder, char *out, size_t size);

#endif
