/* clients/cli/cli_session.c: the session of this desk, kept between commands in a file of one's own. */
#include "clients/cli/cli_session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/base/suite.h"

#define DESK_TAG "saikne-v1-desk-session"

/* Desks are told apart by where they are, which needs not be readable in a folder. */
static void
desk_name(const struct cli *cli, char out[static 17])
{
	char whole[PATH_MAX];
	const char *path = realpath(cli->desk_path, whole);
	struct bytes part = bytes_of_text(path != NULL ? path : cli->desk_path);
	uint8_t hash[SUITE_HASH_LEN];

	suite_hash(DESK_TAG, &part, 1, hash);
	bytes_to_hex((struct bytes){hash, 8}, out);
}

/* Makes each folder of PATH that is missing, for this user alone. */
static bool
make_folders(char *path)
{
	for (char *at = strchr(path + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
		*at = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return false;
		*at = '/';
	}
	return true;
}

static bool
file_path(const struct cli *cli, bool make, char out[static PATH_MAX])
{
	const char *run = getenv("XDG_RUNTIME_DIR"), *home = getenv("HOME");
	char name[17];
	int len;

	desk_name(cli, name);
	if (run != NULL && run[0] == '/')
		len = snprintf(out, PATH_MAX, "%s/saikne/session-%s", run, name);
	else if (home != NULL && home[0] == '/')
		len = snprintf(out, PATH_MAX, "%s/.local/state/saikne/session-%s", home, name);
	else
		return false;
	return len > 0 && len < PATH_MAX && (!make || make_folders(out));
}

bool
cli_session_load(struct cli *cli)
{
	char path[PATH_MAX], text[sizeof(cli->session)] = "";
	struct stat st;
	ssize_t got = -1;
	int fd;

	cli->session[0] = '\0';
	if (!file_path(cli, false, path) ||
	    (fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) < 0)
		return true;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	    (st.st_mode & 077) == 0)
		got = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (got < 0) {
		(void)cli_fail(CLI_REFUSED,
		    _("the file of your session is not yours alone: %s; remove it and sign in "
		      "again"),
		    path);
		return false;
	}
	text[got] = '\0';
	text[strcspn(text, "\n")] = '\0';
	/* It goes into a header: nothing but the letters that a session has. */
	if (strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz_") == strlen(text))
		memcpy(cli->session, text, sizeof(text));
	explicit_bzero(text, sizeof(text));
	return true;
}

enum cli_exit
cli_session_keep(struct cli *cli, const char *token)
{
	char path[PATH_MAX], fresh[PATH_MAX];
	size_t len = strlen(token);
	bool ok = false;
	int fd;

	if (len >= sizeof(cli->session) || !file_path(cli, true, path) ||
	    (size_t)snprintf(fresh, sizeof(fresh), "%s.new", path) >= sizeof(fresh))
		return cli_fail(CLI_REFUSED,
		    _("there is no place to keep the session: set XDG_RUNTIME_DIR or HOME"));
	if (unlink(fresh) == 0 || errno == ENOENT) {
		fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		ok = fd >= 0 && write(fd, token, len) == (ssize_t)len;
		if (fd >= 0)
			ok = close(fd) == 0 && ok && rename(fresh, path) == 0;
	}
	if (!ok)
		return cli_fail(CLI_REFUSED, _("the session cannot be kept in %s: %s"), path,
		    strerror(errno));
	memcpy(cli->session, token, len + 1);
	return CLI_DONE;
}

void
cli_session_forget(struct cli *cli)
{
	char path[PATH_MAX];

	explicit_bzero(cli->session, sizeof(cli->session));
	if (file_path(cli, false, path) && unlink(path) != 0 && errno != ENOENT)
		(void)cli_fail(
		    CLI_REFUSED, _("%s cannot be removed: %s"), path, strerror(errno));
}
