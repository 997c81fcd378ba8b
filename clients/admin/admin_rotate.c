/* clients/admin/admin_rotate.c: an institution brings a new signing or transport key. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clients/admin/admin_commands.h"
#include "clients/admin/admin_files.h"
#include "clients/admin/admin_line.h"
#include "clients/admin/admin_say.h"
#include "clients/admin/admin_session.h"
#include "protocol/host/lang.h"

/* What both rotations need: the session, whose it is, and the key that signs now. */
struct rotation {
	const char *folder;
	struct admin_session session;
	const struct party *party;
	uint64_t epoch;
	struct signing_key *signing;
};

static bool
begin(const struct admin_line *line, struct rotation *r)
{
	char name[64];

	r->folder = admin_line_value(line, "keys");
	if (!admin_session_open(admin_line_value(line, "network"), r->folder, &r->session))
		return false;
	r->party = directory_party(r->session.directory, bytes_of_text(r->session.party));
	if (r->party == NULL || r->party->group == GROUP_REGISTRAR) {
		admin_say_refusal(_("the keys of %s are renewed with saikne-admin certify"),
		    r->session.party);
		return false;
	}
	r->epoch = directory_signing_epoch(r->session.directory, r->party);
	if (r->epoch == 0) {
		admin_say_refusal(
		    _("no signing key of %s is in force; its successor needs the root"),
		    r->session.party);
		return false;
	}
	snprintf(name, sizeof(name), "signing-%" PRIu64 ".key", r->epoch);
	r->signing = admin_files_signing(r->folder, name, "signing");
	return r->signing != NULL;
}

static bool
rotate_signing(struct rotation *r)
{
	struct statement statement = {.kind = STATEMENT_SIGNING_KEY,
	    .party = bytes_of_text(r->session.party),
	    .epoch = directory_epochs(r->session.directory, r->party, KEY_SIGNING) + 1,
	    .signing_epoch = r->epoch};
	struct admin_draft draft = {0};
	struct signing_key *next;
	char name[64];
	bool ok;

	/* One that is there was made by a rotation that did not come to its end. */
	snprintf(name, sizeof(name), "signing-%" PRIu64 ".key", statement.epoch);
	if (!admin_files_make_key(r->folder, name, "signing", true) ||
	    (next = admin_files_signing(r->folder, name, "signing")) == NULL)
		return false;
	memcpy(statement.key, next->public, sizeof(statement.key));
	ok = admin_draft_make(&draft, r->session.network.id, &statement);
	if (ok) {
		admin_draft_sign(&draft, SIGNER_PARTY, r->signing);
		admin_draft_sign(&draft, SIGNER_NEW_KEY, next);
		ok = admin_session_state(&r->session, &draft.made);
	}
	if (ok)
		printf(_("%s/%s signs from now on; restart the service. The key before stays "
			 "good\n"
			 "until the next rotation; revoke it if it may be known to others.\n"),
		    r->folder, name);
	admin_draft_free(&draft);
	suite_secret_free(next);
	return ok;
}

/* transport.key becomes the new one in one step; the old one is kept beside it. */
static bool
switch_transport(const char *folder, const char *name)
{
	char now[ADMIN_PATH_MAX], old[ADMIN_PATH_MAX], next[ADMIN_PATH_MAX];

	if (!admin_files_path(folder, "transport.key", now) ||
	    !admin_files_path(folder, "transport-old.key", old) ||
	    !admin_files_path(folder, name, next))
		return false;
	if ((unlink(old) != 0 && errno != ENOENT) || link(now, old) != 0 ||
	    rename(next, now) != 0) {
		admin_say_refusal(
		    _("the new key is admitted, but %s could not be moved to %s: %s; move it "
		      "by hand"),
		    next, now, strerror(errno));
		return false;
	}
	printf(_("%s is the new one; restart the service. The key before stays good until the\n"
		 "next rotation; revoke it if it may be known to others.\n"),
	    now);
	return true;
}

static bool
rotate_transport(struct rotation *r)
{
	static const char name[] = "transport-new.key";
	struct statement statement = {.kind = STATEMENT_TRANSPORT_KEY,
	    .party = bytes_of_text(r->session.party),
	    .signing_epoch = r->epoch};
	struct admin_draft draft = {0};
	struct box_key *next;
	bool ok;

	if (!admin_files_make_key(r->folder, name, "transport", true) ||
	    (next = admin_files_box(r->folder, name)) == NULL)
		return false;
	memcpy(statement.key, next->public, sizeof(statement.key));
	suite_secret_free(next);
	/* A rotation that broke off behind its statement needs only the files moved. */
	if (directory_by_transport(r->session.directory, statement.key) == r->party)
		return switch_transport(r->folder, name);
	ok = admin_draft_make(&draft, r->session.network.id, &statement);
	if (ok) {
		admin_draft_sign(&draft, SIGNER_PARTY, r->signing);
		ok = admin_session_state(&r->session, &draft.made);
	}
	admin_draft_free(&draft);
	return ok && switch_transport(r->folder, name);
}

enum admin_exit
admin_rotate_run(const struct admin_line *line)
{
	struct rotation r = {0};
	bool signing = strcmp(line->operands[0], "signing") == 0, ok;

	if (!signing && strcmp(line->operands[0], "transport") != 0)
		return admin_say_refusal(
		    _("%s: expected signing or transport; sealing keys are made by "
		      "the service itself"),
		    line->operands[0]);
	ok = begin(line, &r) && (signing ? rotate_signing(&r) : rotate_transport(&r));
	suite_secret_free(r.signing);
	admin_session_close(&r.session);
	return ok ? ADMIN_DONE : ADMIN_REFUSED;
}
