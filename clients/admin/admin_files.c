/* clients/admin/admin_files.c: folders of keys, and files that are never written over. */
#include "clients/admin/admin_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/admin/admin_say.h"
#include "protocol/host/keyfile.h"
#include "protocol/host/lang.h"
#include "protocol/wire/envelope.h"

#define PARTY_FILE "party"

bool
admin_files_path(const char *folder, const char *name, char out[static ADMIN_PATH_MAX])
{
	int len = snprintf(out, ADMIN_PATH_MAX, "%s/%s", folder, name);

	if (len > 0 && len < ADMIN_PATH_MAX)
		return true;
	admin_say_refusal(_("the path %s/%s is too long"), folder, name);
	return false;
}

bool
admin_files_exist(const char *path)
{
	struct stat about;

	return lstat(path, &about) == 0;
}

bool
admin_files_folder(const char *path)
{
	struct stat about;

	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		admin_say_refusal(_("cannot make the folder %s: %s"), path, strerror(errno));
		return false;
	}
	if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode)) {
		admin_say_refusal(_("%s is not a folder"), path);
		return false;
	}
	if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
		admin_say_refusal(
		    _("the folder %s is open to others; close it first: chmod 700 %s"), path,
		    path);
		return false;
	}
	return true;
}

bool
admin_files_write(const char *path, const struct buffer *content)
{
	enum status rc;

	if (content->failed) {
		admin_say_status(path, STATUS_NO_MEMORY, "");
		return false;
	}
	if (admin_files_exist(path)) {
		admin_say_refusal(
		    _("%s is there already; move it away, or choose another name"), path);
		return false;
	}
	if ((rc = keyfile_write(path, bytes_of_buffer(content), 0644)) != STATUS_OK) {
		admin_say_status(path, rc, "");
		return false;
	}
	return true;
}

bool
admin_files_read(const char *path, size_t max, struct buffer *out)
{
	enum status rc = keyfile_read(path, max, out);

	if (rc == STATUS_OK)
		return true;
	admin_say_status(path, rc, "");
	return false;
}

bool
admin_files_make_key(const char *folder, const char *name, const char *purpose, bool keep)
{
	char path[ADMIN_PATH_MAX];
	uint8_t *secret;
	enum status rc;

	if (!admin_files_path(folder, name, path))
		return false;
	if (keep && admin_files_exist(path))
		return true;
	if ((secret = suite_secret_new(32)) == NULL) {
		admin_say_status(path, STATUS_NO_MEMORY, "");
		return false;
	}
	suite_random(secret, 32);
	rc = keyfile_create(path, purpose, secret);
	suite_secret_free(secret);
	if (rc != STATUS_OK)
		admin_say_status(path, rc, "");
	return rc == STATUS_OK;
}

struct signing_key *
admin_files_signing(const char *folder, const char *name, const char *purpose)
{
	char path[ADMIN_PATH_MAX];
	struct signing_key *key;
	enum status rc;

	if (!admin_files_path(folder, name, path))
		return NULL;
	if ((rc = keyfile_load_signing(path, purpose, &key)) == STATUS_OK)
		return key;
	admin_say_status(path, rc, "");
	return NULL;
}

struct box_key *
admin_files_box(const char *folder, const char *name)
{
	char path[ADMIN_PATH_MAX];
	struct box_key *key;
	enum status rc;

	if (!admin_files_path(folder, name, path))
		return NULL;
	if ((rc = keyfile_load_box(path, "transport", &key)) == STATUS_OK)
		return key;
	admin_say_status(path, rc, "");
	return NULL;
}

bool
admin_files_write_party(const char *folder, const char *code)
{
	char path[ADMIN_PATH_MAX], known[PARTY_MAX + 1];
	struct buffer text = {0};
	bool ok;

	if (!admin_files_path(folder, PARTY_FILE, path))
		return false;
	if (admin_files_exist(path)) {
		if (!admin_files_read_party(folder, known, sizeof(known)))
			return false;
		if (strcmp(known, code) == 0)
			return true;
		admin_say_refusal(
		    _("the keys in %s are %s's; choose another folder"), folder, known);
		return false;
	}
	buffer_append_format(&text, "%s\n", code);
	ok = admin_files_write(path, &text);
	buffer_free(&text);
	return ok;
}

bool
admin_files_read_party(const char *folder, char *out, size_t size)
{
	char path[ADMIN_PATH_MAX];
	struct buffer text = {0};
	struct bytes code;
	bool ok;

	if (!admin_files_path(folder, PARTY_FILE, path))
		return false;
	if (!admin_files_exist(path)) {
		admin_say_refusal(_("%s is no folder of keys: it lacks the file `party`, which "
				    "saikne-admin init, request and certify make"),
		    folder);
		return false;
	}
	if (!admin_files_read(path, PARTY_MAX + 1, &text)) {
		buffer_free(&text);
		return false;
	}
	code = bytes_of_buffer(&text);
	if (code.len > 0 && code.data[code.len - 1] == '\n')
		code.len--;
	ok = envelope_is_code(code) && bytes_to_text(code, out, size);
	if (!ok)
		admin_say_refusal(_("%s: expected one line with an institution's code"), path);
	buffer_free(&text);
	return ok;
}
